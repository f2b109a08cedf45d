"""统计的动作: count a day, a month, or everything from nothing. Reads as the observer, writes its own facts only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction

from hpf.db.command import step
from hpf.db.scope import centre_scope
from hpf.kernel.period import Month
from hpf.policy import queries as policy

_FOLDER = Path(__file__).resolve().parent
_MOVEMENTS = (_FOLDER / "movements.sql").read_text(encoding="utf-8")
_GROUNDS = (_FOLDER / "grounds.sql").read_text(encoding="utf-8")
_PERIODS = (_FOLDER / "periods.sql").read_text(encoding="utf-8")

NATURE = "ECONOMIC_TYPE"
GROUND = "WITHDRAWAL_GROUND"
_BEGINNING = date(1, 1, 1)


@step
def build_day(centre_id: int, on: date) -> int:
    """统计日: the day's movements of every additive measure. Returns the number of facts.

    An event that was entered late, for a day counted before, has that day counted again: what is kept is always what
    counting everything from nothing would give. A unit that changes its type takes its stocks along on that day; what flowed
    before stays where it was counted.
    Writes   the day's facts, replacing earlier ones; through which account event and which change of types they go
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT COALESCE(max(event_id), 0), COALESCE(max(nature_id), 0), max(counted_on) FILTER (WHERE counted_on < %s)
               FROM statistics_counted WHERE centre_id = %s""",
            [on, centre_id],
        )
        seen, seen_natures, last = cursor.fetchone()
    with connections["observer"].cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(max(event_id), %s), min(business_on) FROM accounts_event_v1 WHERE centre_id = %s AND event_id > %s",
            [seen, centre_id, seen],
        )
        newest, late = cursor.fetchone()
        cursor.execute(
            """SELECT COALESCE(max(change_id), %s), min(until) FROM parties_employer_nature_v1
               WHERE centre_id = %s AND until < DATE '9999-12-31' AND change_id > %s""",
            [seen_natures, centre_id, seen_natures],
        )
        newest_nature, changed = cursor.fetchone()
        late = min((day for day in (late, changed) if day is not None), default=None)
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM ledger_day_v1 WHERE centre_id = %s AND business_on > %s AND business_on <= %s AND (debit_fen <> 0 OR credit_fen <> 0))",
            [centre_id, last or _BEGINNING, on],
        )
        quiet = newest == seen and newest_nature == seen_natures and not cursor.fetchone()[0]
    since = _BEGINNING if last is None else min(last + timedelta(days=1), late or on)
    facts = [] if quiet and last is not None else _movements(centre_id, since, on)
    _replace(centre_id, "DAY", since, on, facts)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO statistics_counted (centre_id, counted_on, event_id, nature_id, facts)
               VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT ON CONSTRAINT statistics_counted_once
               DO UPDATE SET event_id = excluded.event_id, nature_id = excluded.nature_id, facts = excluded.facts""",
            [centre_id, on, newest, newest_nature, len(facts)],
        )
    return len(facts)


@step
def build_month(centre_id: int, on: date) -> int:
    """统计月: at a month end, what does not add up from days (units, people counted once), and the month's and total sums.

    Writes   the month's and the running year's facts, replacing earlier ones. Returns their number.
    """
    month, month_first, year_end = Month.of(on), on.replace(day=1), date(on.year, 12, 31)
    book = policy.book(centre_id, on)
    cap = book.money("contribution.base_cap").fen if book.knows("contribution.base_cap") else 0
    with connections["observer"].cursor() as cursor:
        cursor.execute(
            _PERIODS,
            {"centre": centre_id, "month_first": month_first, "year_first": date(on.year, 1, 1), "until": on,
             "month": month.index, "low": -(-cap // 3), "high": cap},
        )  # fmt: skip
        counted = cursor.fetchall()
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"centre": centre_id, "month_first": month_first, "until": on})
        totals = cursor.fetchall()
    monthly = [(measure, on, dimension, value, amount, None) for period, measure, dimension, value, amount in counted if period == "MONTH"]
    monthly += [(measure, on, dimension, value, amount, to_date) for measure, dimension, value, amount, to_date in totals]
    yearly = [
        (measure, year_end, dimension, value, amount, None) for period, measure, dimension, value, amount in counted if period == "YEAR"
    ]
    _replace(centre_id, "MONTH", on, on, monthly)
    _replace(centre_id, "YEAR", year_end, year_end, yearly)
    return len(monthly) + len(yearly)


_TOTALS = """
    SELECT measure, dimension, value, COALESCE(sum(amount) FILTER (WHERE period_on >= %(month_first)s), 0)::bigint, sum(amount)::bigint
    FROM statistics_fact
    WHERE centre_id = %(centre)s AND period = 'DAY' AND period_on <= %(until)s
    GROUP BY measure, dimension, value HAVING sum(amount) <> 0 OR COALESCE(sum(amount) FILTER (WHERE period_on >= %(month_first)s), 0) <> 0"""


def rebuild(centre_id: int) -> int:
    """从零重算: throw all facts of a centre away and count everything again, in one transaction. Returns their number.

    The days are counted together by the same statement that counts one day; a test holds the two results equal.
    """
    with connections["observer"].cursor() as cursor:
        cursor.execute(
            "SELECT business_on FROM ledger_business_day_v1 WHERE centre_id = %s AND state = 'CLOSED' ORDER BY business_on", [centre_id]
        )
        days = [row[0] for row in cursor.fetchall()]
    total = 0
    with transaction.atomic(), centre_scope(centre_id):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM statistics_fact WHERE centre_id = %s", [centre_id])
            cursor.execute("DELETE FROM statistics_counted WHERE centre_id = %s", [centre_id])
        if days:
            total += build_day(centre_id, days[-1])
        for day in days:
            if (day + timedelta(days=1)).day == 1:
                total += build_month(centre_id, day)
    return total


def _movements(centre_id: int, since: date, until: date) -> list[tuple[Any, ...]]:
    rate_max = policy.book(centre_id, until).rate("contribution.rate_max")
    with connections["observer"].cursor() as cursor:
        cursor.execute(_MOVEMENTS, {"centre": centre_id, "since": since, "until": until, "rate_max": rate_max.percent})
        moved = [(measure, day, NATURE, nature, amount, None) for measure, day, nature, amount in cursor.fetchall()]
        cursor.execute(_GROUNDS, {"centre": centre_id, "since": since, "until": until})
        return moved + [(measure, day, GROUND, ground, amount, None) for measure, day, ground, amount in cursor.fetchall()]


def _replace(centre_id: int, period: str, since: date, until: date, facts: Sequence[tuple[Any, ...]]) -> None:
    """Replace the facts of a period on [since, until] by these, in two statements however many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM statistics_fact WHERE centre_id = %s AND period = %s AND period_on BETWEEN %s AND %s",
            [centre_id, period, since, until],
        )
        if facts:
            cursor.execute(
                """INSERT INTO statistics_fact (centre_id, period, measure, period_on, dimension, value, amount, to_date)
                   SELECT %s, %s, u.* FROM unnest(%s::text[], %s::date[], %s::text[], %s::text[], %s::bigint[], %s::bigint[]) AS u""",
                [centre_id, period, *(list(column) for column in zip(*facts, strict=True))],
            )
