"""清册查询: lists, their lines, their defects, the files they came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet

from hpf.contributions.models import Defect, Line, Original, Remittance
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
    return next(iter(_views(Remittance.objects.filter(centre_id=centre_id, remittance_no=remittance_no))), None)


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
    wanted = Q(centre_id=centre_id)
    if employer_account_id is not None:
        wanted &= Q(employer_account_id=employer_account_id)
    if state is not None:
        wanted &= Q(state=str(state))
    if kind is not None:
        wanted &= Q(kind=str(kind))
    if month is not None:
        wanted &= Q(month=month)
    if before is not None:
        wanted &= Q(id__lt=Remittance.objects.filter(centre_id=centre_id, remittance_no=before).values("id")[:1])
    rows = Remittance.objects.filter(wanted)
    if expected is not None:
        due = F("employer_fen") + F("member_fen") + F("subsidy_fen") - F("prepaid_planned_fen")
        rows = rows.annotate(due_fen=ExpressionWrapper(due, output_field=BigIntegerField())).filter(due_fen=expected.fen)
    return _views(rows.order_by("-id")[:limit])


def confirmed_unbooked(centre_id: int, employer_account_id: int) -> list[RemittanceView]:
    """Regular lists that wait for their money, oldest month first."""
    rows = Remittance.objects.filter(
        centre_id=centre_id,
        employer_account_id=employer_account_id,
        kind=RemittanceKind.REGULAR,
        state__in=[RemittanceState.CONFIRMED, RemittanceState.PAID],
    )
    return _views(rows.order_by("month"))


def open_lists(centre_id: int, employer_account_id: int) -> tuple[str, ...]:
    """The numbers of a unit's lists that are neither booked nor given up, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT remittance_no FROM contributions_remittance WHERE centre_id = %s AND employer_account_id = %s"
            " AND state IN ('RECEIVED', 'CHECKED', 'CONFIRMED', 'PAID') ORDER BY id",
            [centre_id, employer_account_id],
        )
        return tuple(number for (number,) in cursor.fetchall())


def lines(centre_id: int, remittance_no: str, *, after: int = 0, limit: int = 100) -> list[LineView]:
    """Lines of a list in the order of their rows; `after` is the last position shown (0 for the first page)."""
    rows = Line.objects.filter(centre_id=centre_id, remittance_id=_id_of(centre_id, remittance_no)).order_by("row_no", "id")
    columns = ("row_no", "member_account_id", "account_no", "month", "base_fen", "employer_fen", "member_fen", "subsidy_fen")
    return [LineView(*row) for row in rows.values_list(*columns)[after : after + limit]]


def defects(centre_id: int, remittance_no: str, *, after: int = 0, limit: int = 100) -> list[DefectView]:
    """Defects of a list in the order of rows; `after` is how many were shown before."""
    rows = Defect.objects.filter(centre_id=centre_id, remittance_id=_id_of(centre_id, remittance_no)).order_by("row_no", "id")
    return [
        DefectView(
            row.id, row.row_no, row.column_name, row.value_text, row.code, row.message, row.remedy, tuple(filter(None, row.law.split(" ")))
        )
        for row in rows[after : after + limit]
    ]


def _id_of(centre_id: int, remittance_no: str) -> QuerySet[Remittance, Any]:
    """As one value and not as a join: a page of ten thousand lines is then read in the order of its index."""
    return Remittance.objects.filter(centre_id=centre_id, remittance_no=remittance_no).values("id")[:1]


def original(centre_id: int, original_id: int) -> OriginalView | None:
    """The file as it came, with its bytes."""
    row = Original.objects.filter(centre_id=centre_id, id=original_id).first()
    if row is None:
        return None
    return OriginalView(row.id, row.kind, row.filename, bytes(row.content), row.sha256, row.size_bytes, row.received_by, row.received_at)


_COLUMNS = (
    "remittance_no", "centre_id", "employer_id", "employer_account_id", "employer_account_no", "kind", "month", "state", "line_count",
    "defect_count", "employer_fen", "member_fen", "subsidy_fen", "reason", "source", "original_id", "replaces__remittance_no",
    "prepaid_planned_fen", "waiting_code", "waiting_message", "receipt_no", "prepaid_used_fen", "overpaid_fen", "journal_id", "booked_on",
    "maker", "received_at", "confirmed_by", "confirmed_at", "accepted_by", "cancelled_reason",
)  # fmt: skip
"""In the order of a RemittanceView."""


def _views(rows: QuerySet[Remittance, Any]) -> list[RemittanceView]:
    return [
        RemittanceView(*row[:5], RemittanceKind(row[5]), row[6], RemittanceState(row[7]), *row[8:]) for row in rows.values_list(*_COLUMNS)
    ]
