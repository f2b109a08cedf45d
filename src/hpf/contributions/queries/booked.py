"""已记账的缴存: what is booked for whom and which month. Corrections count with their sign, so a sum is the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hpf.contributions.rules.states import RemittanceKind
from hpf.kernel.money import Money
from hpf.kernel.period import Month


@dataclass(frozen=True, slots=True)
class BookedMonth:
    """One person's month, over all lists and corrections."""

    month: Month
    base: Money
    employer: Money
    member: Money
    subsidy: Money

    @property
    def total(self) -> Money:
        return self.employer + self.member + self.subsidy


@dataclass(frozen=True, slots=True)
class ContributionView:
    """One booked line in a person's history. Subsidy is shown apart: it is public money, not wages."""

    remittance_no: str
    kind: RemittanceKind
    employer_account_no: str
    month: Month
    booked_on: date
    base: Money
    employer: Money
    member: Money
    subsidy: Money
    journal_id: int


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


_BOOKED = """FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
             WHERE r.booked_on IS NOT NULL AND l.centre_id = %s AND l.member_account_id = %s"""


def booked_for(centre_id: int, member_account_id: int, month: Month) -> BookedMonth:
    """What is booked for this person and month; zeros when nothing is."""
    row = _rows(
        f"""SELECT COALESCE(max(l.base_fen), 0), COALESCE(sum(l.employer_fen), 0)::bigint, COALESCE(sum(l.member_fen), 0)::bigint,
                   COALESCE(sum(l.subsidy_fen), 0)::bigint {_BOOKED} AND l.month = %s""",
        [centre_id, member_account_id, month.index],
    )[0]
    return BookedMonth(month, *(Money(fen) for fen in row))


def months_paid(centre_id: int, member_account_id: int, on: date) -> tuple[Month, ...]:
    """Months for which the employer's or the member's own money was booked by the end of `on`, oldest first.

    A month that a correction took back to nothing is not paid. A free back payment (不定额) and a subsidy make no month.
    """
    rows = _rows(
        f"""SELECT l.month {_BOOKED} AND r.booked_on <= %s AND r.kind NOT IN ('BACK_FREE', 'SUBSIDY')
            GROUP BY l.month HAVING sum(l.employer_fen + l.member_fen) > 0 ORDER BY l.month""",
        [centre_id, member_account_id, on],
    )
    return tuple(Month.from_index(row[0]) for row in rows)


def months_paid_by(centre_id: int, member_account_ids: Sequence[int], on: date) -> dict[int, tuple[Month, ...]]:
    """The same as `months_paid` for many accounts; one query. An account without a paid month is not in the answer."""
    rows = _rows(
        """SELECT member_account_id, array_agg(month ORDER BY month) FROM (
               SELECT l.member_account_id, l.month FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
               WHERE r.booked_on IS NOT NULL AND l.centre_id = %s AND l.member_account_id = ANY(%s) AND r.booked_on <= %s
                 AND r.kind NOT IN ('BACK_FREE', 'SUBSIDY')
               GROUP BY 1, 2 HAVING sum(l.employer_fen + l.member_fen) > 0) paid
           GROUP BY 1""",
        [centre_id, list(member_account_ids), on],
    )
    return {account: tuple(Month.from_index(month) for month in months) for account, months in rows}


def last_month_paid(centre_id: int, member_account_ids: Sequence[int]) -> dict[int, Month]:
    """The last month booked for each of these accounts; one query."""
    rows = _rows(
        """SELECT l.member_account_id, max(l.month) FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
           WHERE r.booked_on IS NOT NULL AND r.kind IN ('REGULAR', 'BACK_FULL', 'FLEXIBLE')
             AND l.centre_id = %s AND l.member_account_id = ANY(%s) GROUP BY 1""",
        [centre_id, list(member_account_ids)],
    )
    return {account: Month.from_index(month) for account, month in rows}


def contribution_history(centre_id: int, member_account_id: int, *, limit: int = 50, offset: int = 0) -> list[ContributionView]:
    """Booked lines of one person, newest first."""
    rows = _rows(
        f"""SELECT r.remittance_no, r.kind, r.employer_account_no, l.month, r.booked_on, l.base_fen, l.employer_fen, l.member_fen,
                   l.subsidy_fen, r.journal_id {_BOOKED} ORDER BY r.booked_on DESC, l.id DESC LIMIT %s OFFSET %s""",
        [centre_id, member_account_id, limit, offset],
    )
    return [
        ContributionView(
            row[0], RemittanceKind(row[1]), row[2], Month.from_index(row[3]), row[4],
            Money(row[5]), Money(row[6]), Money(row[7]), Money(row[8]), row[9],
        )
        for row in rows
    ]  # fmt: skip
