"""清册查询: lists, their lines, their defects, the files they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hpf.contributions.models import Original
from hpf.contributions.rules.states import RemittanceKind, RemittanceState
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.treasury import queries as treasury


@dataclass(frozen=True, slots=True)
class RemittanceView:
    """A list. `waiting_*` say why its money could not be booked the last time it was tried."""

    remittance_no: str
    centre_id: int
    employer_id: int | None
    employer_account_id: int | None
    employer_account_no: str
    kind: RemittanceKind
    month: Month
    state: RemittanceState
    line_count: int
    defect_count: int
    employer: Money
    member: Money
    subsidy: Money
    reason: str
    source: str
    original_id: int | None
    replaces_no: str | None
    prepaid_planned: Money
    waiting_code: str
    waiting_message: str
    receipt_no: str
    prepaid_used: Money
    overpaid: Money
    journal_id: int | None
    booked_on: date | None
    maker: str
    received_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    accepted_by: str
    cancelled_reason: str

    @property
    def total(self) -> Money:
        return self.employer + self.member + self.subsidy

    @property
    def expected(self) -> Money:
        """What must still come in from the bank."""
        return self.total - self.prepaid_planned


@dataclass(frozen=True, slots=True)
class LineView:
    row_no: int
    member_account_id: int
    account_no: str
    month: Month
    base: Money
    employer: Money
    member: Money
    subsidy: Money

    @property
    def total(self) -> Money:
        return self.employer + self.member + self.subsidy


@dataclass(frozen=True, slots=True)
class DefectView:
    """One defect: row 0 is the whole file. `defect_id` pages on."""

    defect_id: int
    row_no: int
    column: str
    value: str
    code: str
    message: str
    remedy: str
    law: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OriginalView:
    original_id: int
    kind: str
    filename: str
    content: bytes
    sha256: str
    size_bytes: int
    received_by: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class RemittanceProgress:
    """How far a list is: its steps with the moment each was done, and how much of its money has arrived."""

    remittance_no: str
    state: RemittanceState
    steps: tuple[tuple[str, datetime | date | None], ...]
    expected: Money
    arrived: Money

    @property
    def missing(self) -> Money:
        return max(self.expected - self.arrived, ZERO)


def progress(centre_id: int, remittance_no: str) -> RemittanceProgress | None:
    """收到 → 确认 → 到账 → 记账 of one list, or None."""
    view = remittance(centre_id, remittance_no)
    if view is None:
        return None
    receipts = treasury.receipts_of(centre_id, [remittance_no]).get(remittance_no, ())
    arrived = Money.total(receipt.amount for receipt in receipts)
    if view.state == RemittanceState.BOOKED:
        arrived = max(arrived, view.expected)
    came_on = max((receipt.business_on for receipt in receipts), default=view.booked_on)
    steps = (
        ("收到清册", view.received_at),
        ("单位确认", view.confirmed_at),
        ("款项到账", came_on if arrived >= view.expected else None),
        ("记入个人账户", view.booked_on),
    )
    return RemittanceProgress(remittance_no, view.state, steps, view.expected, arrived)


def remittance(centre_id: int, remittance_no: str) -> RemittanceView | None:
    """One list of this centre, or None."""
    return next(iter(_views("r.centre_id = %s AND r.remittance_no = %s", [centre_id, remittance_no])), None)


def remittances(
    centre_id: int,
    *,
    employer_account_id: int | None = None,
    state: RemittanceState | str | None = None,
    kind: RemittanceKind | str | None = None,
    month: Month | None = None,
    expected: Money | None = None,
    before: str | None = None,
    limit: int = 20,
) -> list[RemittanceView]:
    """Newest first; `before` is the last number of the page before, `expected` what is still to come in from the bank. One query."""
    where, values = "r.centre_id = %s", list[Any]([centre_id])
    for condition, value in (
        ("r.employer_account_id = %s", employer_account_id),
        ("r.state = %s", state and str(state)),
        ("r.kind = %s", kind and str(kind)),
        ("r.month = %s", month and month.index),
        ("r.employer_fen + r.member_fen + r.subsidy_fen - r.prepaid_planned_fen = %s", None if expected is None else expected.fen),
    ):
        if value is not None:
            where, values = f"{where} AND {condition}", [*values, value]
    if before is not None:
        where, values = f"{where} AND r.id < {_ID}", [*values, centre_id, before]
    return _views(f"{where} ORDER BY r.id DESC LIMIT {int(limit)}", values)


def confirmed_unbooked(centre_id: int, employer_account_id: int) -> list[RemittanceView]:
    """Regular lists that wait for their money, oldest month first."""
    return _views(
        "r.centre_id = %s AND r.employer_account_id = %s AND r.kind = 'REGULAR' AND r.state IN ('CONFIRMED', 'PAID') ORDER BY r.month",
        [centre_id, employer_account_id],
    )


def lines(centre_id: int, remittance_no: str, *, after: int = 0, limit: int = 100) -> list[LineView]:
    """Lines of a list in the order of their rows; `after` is the last position shown (0 for the first page)."""
    rows = _rows(
        "SELECT row_no, member_account_id, account_no, month, base_fen, employer_fen, member_fen, subsidy_fen FROM contributions_line"
        f" WHERE remittance_id = {_ID} ORDER BY row_no, id LIMIT {int(limit)} OFFSET {int(after)}",
        [centre_id, remittance_no],
    )
    return [LineView(*row[:3], Month.from_index(row[3]), *map(Money, row[4:])) for row in rows]


def defects(centre_id: int, remittance_no: str, *, after: int = 0, limit: int = 100) -> list[DefectView]:
    """Defects of a list in the order of rows; `after` is how many were shown before."""
    rows = _rows(
        "SELECT id, row_no, column_name, value_text, code, message, remedy, law FROM contributions_defect"
        f" WHERE remittance_id = {_ID} ORDER BY row_no, id LIMIT {int(limit)} OFFSET {int(after)}",
        [centre_id, remittance_no],
    )
    return [DefectView(*row[:-1], tuple(filter(None, row[-1].split(" ")))) for row in rows]


_ID = "(SELECT id FROM contributions_remittance WHERE centre_id = %s AND remittance_no = %s)"
"""A list by its number, as one value and not as a join: a page of ten thousand lines is then read in the order of its index."""


def original(centre_id: int, original_id: int) -> OriginalView | None:
    """The file as it came, with its bytes."""
    row = Original.objects.filter(centre_id=centre_id, id=original_id).first()
    if row is None:
        return None
    return OriginalView(row.id, row.kind, row.filename, bytes(row.content), row.sha256, row.size_bytes, row.received_by, row.received_at)


_SELECT = """SELECT r.remittance_no, r.centre_id, r.employer_id, r.employer_account_id, r.employer_account_no, r.kind, r.month, r.state,
    r.line_count, r.defect_count, r.employer_fen, r.member_fen, r.subsidy_fen, r.reason, r.source, r.original_id, old.remittance_no,
    r.prepaid_planned_fen, r.waiting_code, r.waiting_message, r.receipt_no, r.prepaid_used_fen, r.overpaid_fen, r.journal_id, r.booked_on,
    r.maker, r.received_at, r.confirmed_by, r.confirmed_at, r.accepted_by, r.cancelled_reason
    FROM contributions_remittance r LEFT JOIN contributions_remittance old ON old.id = r.replaces_id WHERE """
"""In the order of a RemittanceView. Said straight: building this sentence anew costs more than answering it."""


def _views(where: str, values: Sequence[Any]) -> list[RemittanceView]:
    return [
        RemittanceView(
            *row[:5], RemittanceKind(row[5]), Month.from_index(row[6]), RemittanceState(row[7]), *row[8:10], *map(Money, row[10:13]), *row[13:17],
            Money(row[17]), *row[18:21], Money(row[21]), Money(row[22]), *row[23:],
        )
        for row in _rows(_SELECT + where, values)
    ]  # fmt: skip


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
