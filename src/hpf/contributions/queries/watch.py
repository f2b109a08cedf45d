"""欠缴断缴监测: which units owe which months on a day, and whom nobody has paid for. Found, ordered and paged by the database.

A month is overdue by the unit's payday, so the last overdue month is worked out once for each of the 31 paydays by the
rule and handed to the statement; the statement compares months and knows no calendar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from hpf.contributions.queries.urgings import UrgingView, open_urgings
from hpf.contributions.rules import arrears as rules
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.policy import queries as policy

SHOULD_PAY: Final = ("OPENED", "NORMAL", "DEFERRED")
PAYDAYS: Final = range(1, 32)


@dataclass(frozen=True, slots=True)
class ArrearsView:
    """A unit in arrears on a day. `owed` counts each month at what the unit remitted last, or at its roster when it never did.

    `since` is the last day on time of the oldest month, `days` how long ago that was; `months_unpaid` are whole months
    without a payment, and `lapsed` says that they are as many as the centre watches (断缴).
    """

    employer_account_id: int
    employer_account_no: str
    employer_id: int
    employer_name: str
    months: tuple[Month, ...]
    since: date
    days: int
    owed: Money
    months_unpaid: int
    lapsed: bool
    case: UrgingView | None

    @property
    def urging_no(self) -> str | None:
        return self.case.urging_no if self.case else None


@dataclass(frozen=True, slots=True)
class ArrearsCounts:
    """How many units owe, how many of them are lapsed, have no case yet, or have a deadline that has run out."""

    units: int
    lapsed: int
    without_case: int
    past_deadline: int


@dataclass(frozen=True, slots=True)
class ArrearsPage:
    """`total` units are shown on all pages together; `counts` are of the whole watch, whatever is shown."""

    rows: tuple[ArrearsView, ...]
    total: int
    counts: ArrearsCounts


@dataclass(frozen=True, slots=True)
class LapsedView:
    """断缴: an open account that should contribute and has not for `months` whole months."""

    member_account_id: int
    account_no: str
    person_id: int
    employer_account_id: int
    last_month: Month
    months: int


@dataclass(frozen=True, slots=True)
class LapsedPage:
    rows: tuple[LapsedView, ...]
    total: int


_OWING = """WITH owing AS MATERIALIZED (
    SELECT a.id, a.account_no, a.employer_id, e.name, e.payday, o.since, due.last_month, o.left_over,
           greatest(0, %(month)s - a.since) AS unpaid
    FROM (SELECT *, COALESCE(paid_through + 1, first_month) AS since FROM accounts_employeraccount) a
    JOIN parties_employer e ON e.centre_id = a.centre_id AND e.id = a.employer_id
    JOIN unnest(%(paydays)s::int[], %(last_months)s::int[]) AS due(payday, last_month) ON due.payday = e.payday
    LEFT JOIN (
        SELECT DISTINCT employer_account_id FROM contributions_deferral
        WHERE centre_id = %(centre)s AND kind = 'DEFERRAL' AND state IN ('APPROVED', 'ENDED', 'REPAID')
    ) deferring ON deferring.employer_account_id = a.id
    CROSS JOIN LATERAL (
        -- Few units have ever deferred; only their months are looked up one by one.
        SELECT CASE WHEN deferring.employer_account_id IS NOT NULL THEN
                (SELECT array_agg(m ORDER BY m) FROM generate_series(a.since, due.last_month) m
                 WHERE NOT EXISTS (
                     SELECT FROM contributions_deferral d
                     WHERE d.centre_id = a.centre_id AND d.employer_account_id = a.id AND d.kind = 'DEFERRAL'
                       AND d.state IN ('APPROVED', 'ENDED', 'REPAID')
                       AND m >= d.since_month AND m < least(d.until_month, COALESCE(d.restored_month, d.until_month))))
            END
    ) l(left_over)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN deferring.employer_account_id IS NULL THEN a.since ELSE l.left_over[1] END AS since, l.left_over
    ) o
    WHERE a.centre_id = %(centre)s AND a.kind = 'REGULAR' AND a.state = ANY(%(states)s) AND a.first_month <= %(last)s
      AND (a.paid_through IS NULL OR a.paid_through < %(last)s) AND o.since <= due.last_month
), urged AS (
    SELECT u.employer_account_id, u.urging_no,
           (SELECT max(s.answer_by) FROM contributions_urgingstep s WHERE s.centre_id = u.centre_id AND s.urging_id = u.id) AS answer_by
    FROM contributions_urging u WHERE u.centre_id = %(centre)s AND u.state = 'OPEN'
)"""
SHOWN: Final[Mapping[str, str]] = {
    "": "TRUE",
    "lapsed": "unpaid >= %(watch)s",
    "new": "urging_no IS NULL",
    "late": "answer_by < %(on)s",
    "running": "answer_by >= %(on)s",
    "open": "urging_no IS NOT NULL",
}
"""What a watch may be narrowed to: lapsed units, those without a case, with a deadline over or running, with a case."""


def arrears(centre_id: int, on: date, *, limit: int = 100, offset: int = 0) -> list[ArrearsView]:
    """欠缴单位 on a day: payday and the days of grace have passed and the month is not booked. Longest first.

    Deferred months are not owed. The number of queries does not grow with the number of units.
    """
    return list(arrears_page(centre_id, on, limit=limit, offset=offset).rows)


def arrears_page(centre_id: int, on: date, *, shown: str = "", text: str = "", limit: int = 25, offset: int = 0) -> ArrearsPage:
    """One page of the watch, longest first, with how many units there are: four queries whatever the number of units.

    `shown` is one of `SHOWN`; `text` is part of a name or the beginning of an account number.
    """
    given = _terms(centre_id, on) | {"text": text, "limit": limit, "offset": offset}
    found = _rows(
        f"""{_OWING}, watched AS MATERIALIZED (
                SELECT w.*, u.urging_no, u.answer_by FROM owing w LEFT JOIN urged u ON u.employer_account_id = w.id)
            SELECT c.*, p.total, p.id, p.account_no, p.employer_id, p.name, p.payday,
                   COALESCE(p.left_over, ARRAY(SELECT generate_series(p.since, p.last_month))), p.unpaid
            FROM (SELECT count(*), count(*) FILTER (WHERE {SHOWN["lapsed"]}), count(*) FILTER (WHERE {SHOWN["new"]}),
                         count(*) FILTER (WHERE {SHOWN["late"]}) FROM watched) c
            LEFT JOIN (SELECT *, count(*) OVER () AS total FROM watched
                       WHERE {SHOWN[shown]} AND (%(text)s = '' OR position(%(text)s IN name) > 0 OR starts_with(account_no, %(text)s))
                       ORDER BY since, payday, account_no LIMIT %(limit)s OFFSET %(offset)s) p ON true
            ORDER BY p.since, p.payday, p.account_no""",
        given,
    )
    counts, total = ArrearsCounts(*found[0][:4]), found[0][4] or 0
    found = [row[5:] for row in found if row[5] is not None]
    ids = [row[0] for row in found]
    amounts, cases = month_amounts(centre_id, ids), open_urgings(centre_id, ids)
    views = []
    for account_id, account_no, employer_id, name, payday, indexes, unpaid in found:
        months = tuple(Month.from_index(index) for index in indexes)
        since = rules.due_on(months[0], payday, given["grace"])
        views.append(ArrearsView(
            account_id, account_no, employer_id, name, months, since, (on - since).days, amounts[account_id] * len(months),
            unpaid, unpaid >= given["watch"], cases.get(account_id),
        ))  # fmt: skip
    return ArrearsPage(tuple(views), total, counts)


def lapsed(centre_id: int, on: date, *, limit: int = 100, offset: int = 0) -> list[LapsedView]:
    """断缴监测: open accounts that have contributed and then nothing for the watched number of whole months."""
    return list(lapsed_page(centre_id, on, limit=limit, offset=offset).rows)


def lapsed_page(centre_id: int, on: date, *, limit: int = 25, offset: int = 0) -> LapsedPage:
    """One page of the people nobody has paid for, longest first, and how many there are.

    Of those whom the turn of the month found (`services.watch_lapses`): who has been paid for since, was sealed or has
    left is no longer among them. One query.
    """
    found = _rows(
        """SELECT p.id, p.account_no, p.person_id, p.employer_account_id, p.last_month, p.total
           FROM (SELECT m.id, m.account_no, m.person_id, m.employer_account_id, w.last_month, count(*) OVER () AS total
                 FROM contributions_lapse w
                 JOIN contributions_lapsewatch t ON t.centre_id = w.centre_id
                 JOIN accounts_memberaccount m ON m.centre_id = w.centre_id AND m.id = w.member_account_id AND m.state = 'NORMAL'
                 WHERE w.centre_id = %(centre)s AND NOT EXISTS (
                     SELECT FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
                     WHERE l.centre_id = w.centre_id AND l.member_account_id = w.member_account_id AND l.month >= t.before
                       AND r.booked_on <= %(on)s AND r.kind IN ('REGULAR', 'BACK_FULL', 'FLEXIBLE'))
                 ORDER BY w.last_month, m.id LIMIT %(limit)s OFFSET %(offset)s) p
           ORDER BY p.last_month, p.id""",
        {"centre": centre_id, "on": on, "limit": limit, "offset": offset},
    )
    rows = []
    for member_account_id, account_no, person_id, employer_account_id, index, _ in found:
        last = Month.from_index(index)
        rows.append(LapsedView(member_account_id, account_no, person_id, employer_account_id, last, rules.months_unpaid(last, last, on)))
    return LapsedPage(tuple(rows), found[0][-1] if found else 0)


def lapses_watched_on(centre_id: int) -> date | None:
    """The business day at whose close the list was made; None before the first."""
    found = _rows("SELECT watched_on FROM contributions_lapsewatch WHERE centre_id = %(centre)s", {"centre": centre_id})
    return found[0][0] if found else None


def month_amounts(centre_id: int, employer_account_ids: Sequence[int]) -> dict[int, Money]:
    """One month of each unit: what it remitted last; when it never did, what its roster says, or the people it once had. One query."""
    rows = _rows(
        f"SELECT each.id, {_MONTH} FROM unnest(%(ids)s::bigint[]) AS each(id)", {"centre": centre_id, "ids": list(employer_account_ids)}
    )
    return {row[0]: Money(row[1]) for row in rows}


def month_amount(centre_id: int, employer_account_id: int) -> Money:
    """The same for one unit."""
    return Money(_rows(f"SELECT {_MONTH} FROM (SELECT %(id)s::bigint) AS each(id)", {"centre": centre_id, "id": employer_account_id})[0][0])


_MONTH = """COALESCE(
    (SELECT r.employer_fen + r.member_fen FROM contributions_remittance r
     WHERE r.centre_id = %(centre)s AND r.employer_account_id = each.id AND r.kind = 'REGULAR' AND r.state = 'BOOKED'
     ORDER BY r.month DESC LIMIT 1),
    (SELECT sum(m.employer_month_fen + m.member_month_fen) FROM accounts_memberaccount m
     WHERE m.centre_id = %(centre)s AND m.employer_account_id = each.id AND m.state = 'NORMAL'),
    (SELECT sum(m.employer_month_fen + m.member_month_fen) FROM accounts_memberaccount m
     WHERE m.centre_id = %(centre)s AND m.id IN (
         SELECT e.member_account_id FROM accounts_event e WHERE e.employer_account_id = each.id)), 0)::bigint"""


def _terms(centre_id: int, on: date) -> dict[str, Any]:
    book = policy.book(centre_id, on)
    grace = book.whole("contribution.payday_grace_days")
    last_months = [rules.last_overdue_month(payday, grace, on).index for payday in PAYDAYS]
    return {
        "centre": centre_id, "on": on, "month": Month.of(on).index, "paydays": list(PAYDAYS), "last_months": last_months,
        "last": max(last_months), "states": list(SHOULD_PAY), "grace": grace, "watch": book.whole("contribution.lapse_watch_months"),
    }  # fmt: skip


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
