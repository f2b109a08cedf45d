"""统计的读数: indicators by centre, series, and the rows behind a figure. Everything through the observer's eyes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.statistics.rules import ADDITIVE, Indicator, Ratio, Scope, ratio_of, read_indicators


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value for one centre and period. Money in fen; `ratio` for ratios; None when nothing feeds it yet."""

    indicator: Indicator
    centre_id: int
    period_on: date
    value: int | None
    ratio: Ratio | None = None

    @property
    def text(self) -> str:
        """For people: yuan with separators, counts, per cent, or what the indicator waits for."""
        if self.ratio is not None:
            return self.ratio.text or "无基数"
        if self.value is None:
            return f"待{self.indicator.waits_for}" if self.indicator.waits_for else "未统计"
        return Money(self.value).text if self.indicator.is_money else f"{self.value:,}"


@dataclass(frozen=True, slots=True)
class CentreGlance:
    """One centre on the supervisor's dashboard: where its books stand and the figures one looks at first."""

    centre_id: int
    code: str
    short_name: str
    business_on: date | None
    counted_on: date | None
    red_step: str | None
    units: int
    persons: int
    persons_sealed: int
    balance: Money
    contributed_today: Money
    contributed_month: Money
    contributed_year: Money
    contributed_to_date: Money
    suspense: Money
    suspense_items: int


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series."""

    period_on: date
    value: int


@dataclass(frozen=True, slots=True)
class DrillRow:
    """A business row behind a figure: what it is, its number, its day, and what it adds."""

    kind: str
    number: str
    on: date
    detail: str
    amount: int
    journal_id: int | None


@cache
def indicators() -> tuple[Indicator, ...]:
    """The indicators in the law's order."""
    return read_indicators(Path(settings.PROJECT) / "law" / "indicators.yaml")


@cache
def _by_code() -> dict[str, Indicator]:
    return {indicator.code: indicator for indicator in indicators()}


def indicator(code: str) -> Indicator:
    """One indicator by its code. Raises KeyError."""
    return _by_code()[code]


def _rows(sql: str, values: Sequence[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    with connections["observer"].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


_GLANCE = """
    WITH day AS (SELECT centre_id, max(counted_on) AS counted_on FROM statistics_counted_v1 WHERE counted_on <= %(on)s GROUP BY centre_id),
    total AS (
        SELECT f.centre_id, f.measure, sum(f.amount)::bigint AS to_date,
               COALESCE(sum(f.amount) FILTER (WHERE f.period_on > %(year_before)s), 0)::bigint AS year,
               COALESCE(sum(f.amount) FILTER (WHERE f.period_on > %(month_before)s), 0)::bigint AS month,
               COALESCE(sum(f.amount) FILTER (WHERE f.period_on = d.counted_on), 0)::bigint AS today
        FROM statistics_fact_v1 f JOIN day d ON d.centre_id = f.centre_id
        WHERE f.period = 'DAY' AND f.period_on <= %(on)s AND f.measure = ANY(%(measures)s) GROUP BY f.centre_id, f.measure)
    SELECT c.centre_id, c.code, c.short_name,
           (SELECT max(b.business_on) FROM ledger_business_day_v1 b WHERE b.centre_id = c.centre_id AND b.state = 'OPEN'), d.counted_on,
           (SELECT s.step FROM closing_step_v1 s WHERE s.centre_id = c.centre_id AND s.state = 'RED' ORDER BY s.business_on DESC LIMIT 1),
           t.measure, t.to_date, t.year, t.month, t.today
    FROM parties_centre_v1 c LEFT JOIN day d ON d.centre_id = c.centre_id LEFT JOIN total t ON t.centre_id = c.centre_id ORDER BY c.centre_id"""
_GLANCED = ["units_existing", "persons_existing", "persons_sealed", "balance", "contributed", "suspense", "suspense_items"]


def dashboard(on: date) -> list[CentreGlance]:
    """Every centre at the end of `on`, or of the last day counted before. One query however many centres."""
    values = {"on": on, "year_before": date(on.year - 1, 12, 31), "month_before": date.fromordinal(on.replace(day=1).toordinal() - 1)}
    heads: dict[int, tuple[Any, ...]] = {}
    sums: dict[int, dict[str, tuple[int, int, int, int]]] = defaultdict(dict)
    for row in _rows(_GLANCE, {**values, "measures": _GLANCED}):
        heads[row[0]] = row[:6]
        if row[6] is not None:
            sums[row[0]][row[6]] = row[7:]
    return [_glance(head, sums[centre_id]) for centre_id, head in heads.items()]


def _glance(head: tuple[Any, ...], sums: dict[str, tuple[int, int, int, int]]) -> CentreGlance:
    def total(measure: str) -> int:
        return sums.get(measure, (0, 0, 0, 0))[0]

    contributed = sums.get("contributed", (0, 0, 0, 0))
    return CentreGlance(
        *head, total("units_existing"), total("persons_existing"), total("persons_sealed"), Money(total("balance")),
        Money(contributed[3]), Money(contributed[2]), Money(contributed[1]), Money(contributed[0]),
        Money(total("suspense")), total("suspense_items"),
    )  # fmt: skip


def figures(centre_ids: Iterable[int], period: str, on: date, codes: Sequence[str] | None = None) -> list[Figure]:
    """Indicators of a DAY, MONTH or YEAR that ends on `on`, for each centre. Two queries however many centres and codes.

    A month's distinct figures exist from its last day on; the year's are those of its last counted month end.
    """
    wanted = [i for i in indicators() if codes is None or i.code in codes]
    centres = list(centre_ids)
    since = {"DAY": on, "MONTH": on.replace(day=1), "YEAR": date(on.year, 1, 1)}[period]
    moved = _additive(centres, since, on)
    counted = _counted(centres, period, on)
    return [_figure(i, centre, on, moved.get(centre, {}), counted.get(centre, {})) for centre in centres for i in wanted]


def _additive(centres: list[int], since: date, on: date) -> dict[int, dict[str, tuple[int, int, int]]]:
    rows = _rows(
        """SELECT centre_id, measure, COALESCE(sum(amount) FILTER (WHERE period_on >= %(since)s), 0)::bigint, sum(amount)::bigint,
                  COALESCE(sum(amount) FILTER (WHERE period_on BETWEEN %(last_since)s AND %(last_until)s), 0)::bigint
           FROM statistics_fact_v1 WHERE centre_id = ANY(%(centres)s) AND period = 'DAY' AND period_on <= %(on)s GROUP BY 1, 2""",
        {"centres": centres, "since": since, "on": on, "last_since": date(on.year - 1, 1, 1), "last_until": date(on.year - 1, 12, 31)},
    )
    found: dict[int, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for centre, measure, amount, to_date, last_year in rows:
        found[centre][measure] = (amount, to_date, last_year)
    return found


def _counted(centres: list[int], period: str, on: date) -> dict[int, dict[str, int]]:
    period_on = date(on.year, 12, 31) if period == "YEAR" else on
    rows = _rows(
        """SELECT centre_id, measure, sum(amount)::bigint FROM statistics_fact_v1
           WHERE centre_id = ANY(%s) AND period = %s AND period_on = %s AND to_date IS NULL GROUP BY 1, 2
           UNION ALL
           SELECT centre_id, 'year:' || measure, sum(amount)::bigint FROM statistics_fact_v1
           WHERE centre_id = ANY(%s) AND period = 'MONTH' AND period_on BETWEEN %s AND %s AND measure = 'amount_due' GROUP BY 1, 2""",
        [centres, period, period_on, centres, date(on.year, 1, 1), on],
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for centre, measure, amount in rows:
        found[centre][measure] = amount
    return found


def _figure(i: Indicator, centre: int, on: date, moved: dict[str, tuple[int, int, int]], counted: dict[str, int]) -> Figure:
    if i.measure is None:
        return Figure(i, centre, on, None)
    if i.scope is Scope.RATIO:
        contributed, withdrawn = moved.get("contributed", (0, 0, 0)), moved.get("withdrawn", (0, 0, 0))
        named = {
            "contributed": contributed[0], "contributed_to_date": contributed[1], "contributed_last_year": contributed[2],
            "withdrawn": withdrawn[0], "withdrawn_to_date": withdrawn[1], "amount_due": counted.get("year:amount_due", 0),
        }  # fmt: skip
        return Figure(i, centre, on, None, ratio_of(i.code, named))
    if i.scope in ADDITIVE:
        amounts = moved.get(i.measure, (0, 0, 0))
        return Figure(i, centre, on, amounts[0] if i.scope is Scope.FLOW else amounts[1])
    return Figure(i, centre, on, counted.get(i.measure, 0))


def by_value(centre_ids: Iterable[int], code: str, period: str, on: date) -> dict[str, int]:
    """An indicator by the values of its dimension (economic type, income level), summed over centres."""
    wanted = indicator(code)
    since = {"DAY": on, "MONTH": on.replace(day=1), "YEAR": date(on.year, 1, 1)}[period]
    if wanted.scope in ADDITIVE:
        first = since if wanted.scope is Scope.FLOW else date(1, 1, 1)
        condition, values = "period = 'DAY' AND period_on BETWEEN %s AND %s", [first, on]
    else:
        condition, values = "period = %s AND period_on = %s", [period, date(on.year, 12, 31) if period == "YEAR" else on]
    rows = _rows(
        f"""SELECT value, sum(amount)::bigint FROM statistics_fact_v1
            WHERE centre_id = ANY(%s) AND measure = %s AND {condition} GROUP BY value HAVING sum(amount) <> 0 ORDER BY 2 DESC, 1""",
        [list(centre_ids), wanted.measure, *values],
    )
    return dict(rows)


def series(centre_ids: Iterable[int], code: str, period: str, since: date, until: date) -> list[Point]:
    """An additive or monthly indicator over time, summed over centres: by DAY or by MONTH, period ends in [since, until]."""
    wanted = indicator(code)
    centres = list(centre_ids)
    if wanted.scope not in ADDITIVE:
        rows = _rows(
            """SELECT period_on, sum(amount)::bigint FROM statistics_fact_v1 WHERE centre_id = ANY(%s) AND measure = %s AND period = %s
               AND period_on BETWEEN %s AND %s GROUP BY 1 ORDER BY 1""",
            [centres, wanted.measure, "MONTH" if period == "DAY" else period, since, until],
        )
        return [Point(*row) for row in rows]
    ends_on = "(date_trunc('month', period_on) + INTERVAL '1 month - 1 day')::date" if period == "MONTH" else "period_on"
    rows = _rows(
        f"""WITH moved AS (
                SELECT CASE WHEN period_on < %s THEN NULL ELSE {ends_on} END AS ends_on, sum(amount)::bigint AS amount
                FROM statistics_fact_v1 WHERE centre_id = ANY(%s) AND measure = %s AND period = 'DAY' AND period_on <= %s GROUP BY 1)
            SELECT ends_on, amount, sum(amount) OVER (ORDER BY ends_on NULLS FIRST)::bigint FROM moved ORDER BY ends_on NULLS FIRST""",
        [since, centres, wanted.measure, until],
    )
    return [Point(row[0], row[1] if wanted.scope is Scope.FLOW else row[2]) for row in rows if row[0] is not None]


_BOOKED_DRILL = """SELECT 'REMITTANCE', r.remittance_no, r.booked_on, r.kind || ' ' || r.line_count, (r.employer_fen + r.member_fen)::bigint, r.journal_id
    FROM contributions_remittance_v1 r WHERE r.centre_id = %s AND r.booked_on BETWEEN %s AND %s AND {condition}
    ORDER BY r.booked_on, r.remittance_no LIMIT %s OFFSET %s"""
_LEG_DRILL = """SELECT 'JOURNAL', l.journal_id::text, l.business_on, l.kind || ' ' || l.source_no, -sum(l.fen)::bigint, l.journal_id
    FROM ledger_leg_v1 l WHERE l.centre_id = %s AND l.business_on BETWEEN %s AND %s AND {condition}
    GROUP BY l.journal_id, l.business_on, l.kind, l.source_no ORDER BY l.journal_id LIMIT %s OFFSET %s"""
_EVENT_DRILL = """SELECT 'EVENT', e.event_id::text, e.business_on, e.kind, 1::bigint, NULL::bigint
    FROM accounts_event_v1 e WHERE e.centre_id = %s AND e.business_on BETWEEN %s AND %s AND {condition} ORDER BY e.event_id LIMIT %s OFFSET %s"""
_DRILLS = {
    "contributed": _BOOKED_DRILL.format(condition="r.kind <> 'SUBSIDY'"),
    "back_paid": _BOOKED_DRILL.format(condition="r.kind LIKE 'BACK%%'"),
    "person_months": _BOOKED_DRILL.format(condition="r.kind IN ('REGULAR', 'FLEXIBLE')"),
    "units_paid": _BOOKED_DRILL.format(condition="r.kind IN ('REGULAR', 'FLEXIBLE')"),
    "persons_paid": _BOOKED_DRILL.format(condition="r.kind IN ('REGULAR', 'FLEXIBLE')"),
    "balance": _LEG_DRILL.format(condition="l.subject = 201"),
    "suspense": _LEG_DRILL.format(condition="l.subject IN (21901, 21904)"),
    "interest_credited": _LEG_DRILL.format(condition="l.subject = 201 AND l.kind IN ('INTEREST_SETTLEMENT', 'INTEREST_CLOSING')"),
    "withdrawn": _LEG_DRILL.format(condition="l.subject = 201 AND l.kind = 'WITHDRAWAL'"),
    "units_opened": _EVENT_DRILL.format(condition="e.kind = 'EMPLOYER_OPENED'"),
    "units_closed": _EVENT_DRILL.format(condition="e.kind = 'EMPLOYER_CLOSED'"),
    "persons_opened": _EVENT_DRILL.format(condition="e.kind = 'OPENED'"),
    "persons_sealings": _EVENT_DRILL.format(condition="e.kind IN ('SEALED', 'INTO_CUSTODY')"),
    "persons_closed": _EVENT_DRILL.format(condition="e.kind IN ('CLOSED', 'MERGED_INTO')"),
}


def can_drill(code: str) -> bool:
    """Whether the rows behind an indicator can be opened."""
    return indicator(code).measure in _DRILLS


def drill(centre_id: int, code: str, period: str, on: date, limit: int = 100, offset: int = 0) -> list[DrillRow]:
    """下钻: the business rows behind a figure, in order. Stocks and totals to date show the rows of the period that moved them."""
    sql = _DRILLS.get(indicator(code).measure or "")
    return [DrillRow(*row) for row in _rows(sql, _drilled(centre_id, period, on, limit, offset))] if sql else []


@dataclass(frozen=True, slots=True)
class DrillSum:
    """All rows behind a figure together. `counts`: they are events and not money."""

    rows: int
    amount: int
    counts: bool


def drill_sum(centre_id: int, code: str, period: str, on: date) -> DrillSum:
    """How many rows are behind a figure and what they add up to, in one query."""
    sql = _DRILLS.get(indicator(code).measure or "")
    if sql is None:
        return DrillSum(0, 0, False)
    counted = f"""SELECT count(*), COALESCE(sum(amount), 0)::bigint, COALESCE(bool_and(kind = 'EVENT'), false)
                  FROM ({sql}) AS d(kind, number, happened_on, detail, amount, journal_id)"""
    return DrillSum(*_rows(counted, _drilled(centre_id, period, on, None, 0))[0])


def _drilled(centre_id: int, period: str, on: date, limit: int | None, offset: int) -> list[Any]:
    since = {"DAY": on, "MONTH": Month.of(on).first_day, "YEAR": date(on.year, 1, 1)}[period]
    return [centre_id, since, on, limit, offset]
