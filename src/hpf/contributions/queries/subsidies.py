"""补贴查询: programmes with their own money, grants, and what each person received. Public money, never added to what people pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hpf.accounts import queries as accounts
from hpf.contributions.models import SubsidyProgram
from hpf.contributions.rules.subsidy import GrantFacts, GrantLine
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class ProgramView:
    """`balance` is what is still there to be granted; funded = granted - recovered + balance."""

    program_no: str
    name: str
    document_no: str
    opened_on: date
    balance: Money
    granted: Money
    recovered: Money
    ledger_account_id: int

    @property
    def funded(self) -> Money:
        return self.balance + self.granted - self.recovered


@dataclass(frozen=True, slots=True)
class GrantView:
    """One grant: a batch of lines. `remittance_no` is its number."""

    remittance_no: str
    program_no: str
    program_name: str
    document_no: str
    granted_on: date
    month: Month
    members: int
    total: Money
    recovered: Money
    maker: str
    checker: str


@dataclass(frozen=True, slots=True)
class GrantLineView:
    row_no: int
    member_account_id: int
    account_no: str
    month: Month
    amount: Money
    recovered: Money

    @property
    def left(self) -> Money:
        return self.amount - self.recovered


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """One grant to a person, or one recovery with a minus."""

    remittance_no: str
    program_name: str
    document_no: str
    month: Month
    booked_on: date
    amount: Money
    reason: str

    @property
    def is_recovery(self) -> bool:
        return self.amount < ZERO


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def subsidy_programs(centre_id: int) -> list[ProgramView]:
    """Every subsidy program of the centre with the money it still has. Three queries."""
    rows = list(SubsidyProgram.objects.filter(centre_id=centre_id).order_by("id"))
    balances = ledger.balances([row.ledger_account_id for row in rows])
    granted = _granted(centre_id)
    return [
        ProgramView(
            row.program_no, row.name, row.document_no, row.opened_on, balances[row.ledger_account_id].balance,
            *granted.get(row.id, (ZERO, ZERO)), row.ledger_account_id,
        )
        for row in rows
    ]  # fmt: skip


def subsidy_program(centre_id: int, program_no: str) -> ProgramView | None:
    return next((view for view in subsidy_programs(centre_id) if view.program_no == program_no), None)


_GRANT = """SELECT r.remittance_no, p.program_no, p.name, p.document_no, g.granted_on, r.month, r.line_count, g.total_fen,
        COALESCE((SELECT -sum(c.subsidy_fen) FROM contributions_remittance c WHERE c.corrects_id = r.id), 0)::bigint, r.maker, r.booked_by
    FROM contributions_grant g JOIN contributions_subsidyprogram p ON p.id = g.program_id
    JOIN contributions_remittance r ON r.id = g.remittance_id WHERE g.centre_id = %s"""


def grants(centre_id: int, program_no: str, *, limit: int = 50, offset: int = 0) -> tuple[list[GrantView], int]:
    """A page of a programme's grants and the number of all, newest first. Two queries."""
    rows = _rows(f"{_GRANT} AND p.program_no = %s ORDER BY g.id DESC LIMIT %s OFFSET %s", [centre_id, program_no, limit, offset])
    counted = _rows(
        "SELECT count(*) FROM contributions_grant g JOIN contributions_subsidyprogram p ON p.id = g.program_id"
        " WHERE g.centre_id = %s AND p.program_no = %s",
        [centre_id, program_no],
    )
    return [_grant(row) for row in rows], int(counted[0][0])


def grant(centre_id: int, remittance_no: str) -> GrantView | None:
    rows = _rows(f"{_GRANT} AND r.remittance_no = %s", [centre_id, remittance_no])
    return _grant(rows[0]) if rows else None


_LEFT = """LEFT JOIN LATERAL (SELECT -sum(k.subsidy_fen) AS fen FROM contributions_line k JOIN contributions_remittance c ON c.id = k.remittance_id
    WHERE c.corrects_id = r.id AND k.member_account_id = l.member_account_id AND k.month = l.month) k ON true"""


def grant_lines(centre_id: int, remittance_no: str, *, limit: int = 50, offset: int = 0) -> list[GrantLineView]:
    """Lines of a grant in their order, each with what was recovered of it. One query."""
    rows = _rows(
        f"""SELECT l.row_no, l.member_account_id, l.account_no, l.month, l.subsidy_fen, COALESCE(k.fen, 0)::bigint
            FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id {_LEFT}
            WHERE l.centre_id = %s AND r.remittance_no = %s AND r.kind = 'SUBSIDY' ORDER BY l.row_no LIMIT %s OFFSET %s""",
        [centre_id, remittance_no, limit, offset],
    )
    return [
        GrantLineView(no, account, number, Month.from_index(month), Money(fen), Money(back))
        for no, account, number, month, fen, back in rows
    ]


_RECEIVED = """FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
    JOIN contributions_grant g ON g.remittance_id = COALESCE(r.corrects_id, r.id) JOIN contributions_subsidyprogram p ON p.id = g.program_id
    WHERE l.centre_id = %s AND l.member_account_id = %s AND r.booked_on IS NOT NULL AND l.subsidy_fen <> 0"""


def subsidies_received(centre_id: int, member_account_id: int, *, limit: int = 50, offset: int = 0) -> list[ReceivedView]:
    """What a person received and what was recovered, newest first. One query."""
    rows = _rows(
        f"""SELECT r.remittance_no, p.name, p.document_no, l.month, r.booked_on, l.subsidy_fen, CASE WHEN l.subsidy_fen < 0 THEN r.reason ELSE '' END
            {_RECEIVED} ORDER BY l.id DESC LIMIT %s OFFSET %s""",
        [centre_id, member_account_id, limit, offset],
    )
    return [ReceivedView(no, name, paper, Month.from_index(month), on, Money(fen), why) for no, name, paper, month, on, fen, why in rows]


def subsidy_total(centre_id: int, member_account_id: int) -> tuple[Money, int]:
    """All that a person received net of recoveries, and for how many months. One query."""
    rows = _rows(
        f"SELECT COALESCE(sum(fen), 0)::bigint, count(*) FROM (SELECT sum(l.subsidy_fen) AS fen {_RECEIVED} GROUP BY p.id, l.month) m WHERE fen > 0",
        [centre_id, member_account_id],
    )
    return Money(rows[0][0]), int(rows[0][1])


def grant_facts(centre_id: int, program_no: str, ledger_account_id: int, lines: Sequence[GrantLine]) -> GrantFacts:
    """What must be known before these lines may be granted. Three queries.

    A month that was recovered whole may be granted again.
    """
    numbers = list(dict.fromkeys(line.account_no for line in lines))
    members = accounts.member_accounts_by_no(centre_id, numbers)
    rows = _rows(
        """SELECT l.account_no, l.month FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
           JOIN contributions_grant g ON g.remittance_id = COALESCE(r.corrects_id, r.id) JOIN contributions_subsidyprogram p ON p.id = g.program_id
           WHERE l.centre_id = %s AND p.program_no = %s AND l.member_account_id = ANY(%s) GROUP BY 1, 2 HAVING sum(l.subsidy_fen) > 0""",
        [centre_id, program_no, [member.member_account_id for member in members.values()]],
    )
    granted = frozenset((account_no, Month.from_index(month)) for account_no, month in rows)
    is_open = {account_no: member.is_open for account_no, member in members.items()}
    return GrantFacts(program_no, ledger.balance(ledger_account_id).available, is_open, granted)


def _granted(centre_id: int) -> dict[int, tuple[Money, Money]]:
    """Granted and recovered by programme. One query."""
    rows = _rows(
        """SELECT g.program_id, sum(g.total_fen)::bigint, COALESCE(sum(c.fen), 0)::bigint FROM contributions_grant g
           LEFT JOIN (SELECT corrects_id, -sum(subsidy_fen) AS fen FROM contributions_remittance
                      WHERE centre_id = %s AND corrects_id IS NOT NULL GROUP BY 1) c ON c.corrects_id = g.remittance_id
           WHERE g.centre_id = %s GROUP BY 1""",
        [centre_id, centre_id],
    )
    return {program_id: (Money(fen), Money(back)) for program_id, fen, back in rows}


def _grant(row: tuple[Any, ...]) -> GrantView:
    number, program_no, name, paper, on, month, members, fen, back, maker, checker = row
    return GrantView(
        number,
        program_no,
        name,
        paper,
        on,
        Month.from_index(month),
        members,
        Money(fen),
        Money(back),
        maker,
        "" if checker == maker else checker,
    )
