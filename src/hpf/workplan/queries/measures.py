"""平台测量: what the platform itself can say about a task, each by one statement over published views of other modules.

A measure gives (centre, value) on a day for many centres at once. One without a figure yet says what it waits for; until
then a person enters it with evidence and another signs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db import connections

from hpf.kernel.period import Month
from hpf.workplan.rules.states import MeasureKind


@dataclass(frozen=True, slots=True)
class PlatformMeasure:
    """测量口径. `direction` is the usual sense of its target; `indicator` opens to the rows behind the figure;
    `waits_for` names what will feed it: until a value exists it may be entered by hand."""

    code: str
    name: str
    unit: str
    kind: MeasureKind
    direction: str
    definition: str
    sql: str
    indicator: str = ""
    waits_for: str = ""

    @property
    def may_be_entered(self) -> bool:
        return bool(self.waits_for)


_MOVED = """SELECT c.centre_id, coalesce(sum(f.amount), 0){divided} FROM (
        SELECT centre_id, max(counted_on) AS counted_on FROM statistics_counted_v1
        WHERE centre_id = ANY(%(centres)s) AND counted_on <= %(on)s GROUP BY centre_id) c
    LEFT JOIN statistics_fact_v1 f ON f.centre_id = c.centre_id AND f.period = 'DAY' AND f.measure = '{measure}'
        AND f.period_on BETWEEN %(since)s AND %(on)s
    WHERE c.counted_on >= %(month_end)s GROUP BY c.centre_id"""
_MONTHLY = """SELECT c.centre_id, coalesce(sum(f.amount), 0) FROM (
        SELECT centre_id, max(counted_on) AS counted_on FROM statistics_counted_v1
        WHERE centre_id = ANY(%(centres)s) AND counted_on <= %(on)s GROUP BY centre_id) c
    LEFT JOIN statistics_fact_v1 f ON f.centre_id = c.centre_id AND f.period = 'MONTH' AND f.measure = '{measure}' AND f.period_on = %(month_end)s
    WHERE c.counted_on >= %(month_end)s GROUP BY c.centre_id"""
_COUNTED = """SELECT c.centre_id, count({counted}) FROM parties_centre_v1 c
    LEFT JOIN {table} ON x.centre_id = c.centre_id AND {condition} WHERE c.centre_id = ANY(%(centres)s) GROUP BY c.centre_id"""


def _year(measure: str, divided: str = "") -> str:
    return _MOVED.format(measure=measure, divided=divided)


def _stock(measure: str) -> str:
    return _MOVED.format(measure=measure, divided="").replace("%(since)s", "'0001-01-01'")


def _count(table: str, condition: str, counted: str = "x.centre_id") -> str:
    return _COUNTED.format(table=f"{table} x", condition=condition, counted=counted)


_I, _C, _K = MeasureKind.INDICATOR, MeasureKind.COUNT, MeasureKind.CHECK
MEASURES: Final = (
    PlatformMeasure(
        "contributed_year", "本年实归集额", "元", _I, ">=", "本年1月1日至测量日的实归集额", _year("contributed", " / 100.0"), "0301007201"
    ),
    PlatformMeasure("persons_opened_year", "本年新增人数", "人", _I, ">=", "本年新开立个人账户的人数", _year("persons_opened"), "0301003601"),
    PlatformMeasure("units_opened_year", "本年新增单位数", "户", _I, ">=", "本年新开户的单位数", _year("units_opened"), "0301000501"),
    PlatformMeasure("persons_existing", "实存人数", "人", _I, ">=", "测量日未销户的个人账户数", _stock("persons_existing"), "0301005101"),
    PlatformMeasure("units_existing", "实存单位数", "户", _I, ">=", "测量日未销户的单位数", _stock("units_existing"), "0301000401"),
    PlatformMeasure("persons_paid_month", "上月实缴人数", "人", _I, ">=", "测量日前最近一个整月的实缴人数", _MONTHLY.format(measure="persons_paid"), "0301003201"),
    PlatformMeasure("units_unpaid_month", "上月未缴单位数", "户", _I, "<=", "测量日前最近一个整月应缴未缴的单位数", _MONTHLY.format(measure="units_unpaid"), "0301000301"),
    PlatformMeasure("suspense_items", "暂收款笔数", "笔", _I, "<=", "测量日仍有余额的暂收款笔数", _stock("suspense_items"), "0301000101"),
    PlatformMeasure(
        "flexible_agreements", "灵活就业缴存协议数", "份", _C, ">=", "测量日有效的灵活就业缴存协议",
        _count("contributions_agreement_v1", "x.signed_on <= %(on)s AND (x.exited_on IS NULL OR x.exited_on > %(on)s)"),
    ),
    PlatformMeasure(
        "deferrals_in_force", "缓缴降比单位数", "户", _C, ">=", "测量日执行中的缓缴和降低缴存比例",
        _count("contributions_deferral_v1", "x.state = 'APPROVED' AND (x.ended_on IS NULL OR x.ended_on > %(on)s)"),
    ),
    PlatformMeasure(
        "red_steps_year", "日终不相符步骤数", "个", _K, "<=", "本年日终至今仍不相符的步骤，三账平衡、银行对账在内",
        _count("closing_step_v1", "x.state = 'RED' AND x.business_on BETWEEN %(since)s AND %(on)s"),
    ),
    PlatformMeasure(
        "payments_failed", "付款失败笔数", "笔", _K, "<=", "本年下达而付款失败的笔数",
        _count("treasury_payment_v1", "x.state = 'FAILED' AND x.ordered_on BETWEEN %(since)s AND %(on)s"),
    ),
    PlatformMeasure(
        "overdue_rate", "个人贷款逾期率", "‰", _I, "<=", "月末逾期贷款本金÷个人住房贷款余额，千分比",
        """SELECT centre_id, sum(amount) FILTER (WHERE measure = 'loans_overdue') * 1000.0
                  / nullif(sum(amount) FILTER (WHERE measure = 'loans_balance'), 0)
           FROM statistics_fact_v1 WHERE centre_id = ANY(%(centres)s) AND period = 'MONTH' AND period_on = %(month_end)s
             AND measure IN ('loans_overdue', 'loans_balance') GROUP BY centre_id""",
        waits_for="贷款业务",
    ),
)  # fmt: skip
_BY_CODE: Final = {each.code: each for each in MEASURES}


def measures() -> tuple[PlatformMeasure, ...]:
    """Every measure there is, in order."""
    return MEASURES


def measure_named(code: str) -> PlatformMeasure | None:
    return _BY_CODE.get(code)


def values(code: str, centre_ids: Iterable[int], on: date) -> dict[int, Decimal]:
    """The measure on a day for each centre that has a figure; one statement, as the observer."""
    month_end = _last_month_end(on)
    given = {"centres": list(centre_ids), "on": on, "since": date(on.year, 1, 1), "month_end": month_end}
    with connections["observer"].cursor() as cursor:
        cursor.execute(_BY_CODE[code].sql, given)
        return {centre: Decimal(value).quantize(Decimal("0.000001")) for centre, value in cursor.fetchall() if value is not None}


def is_met(value: Decimal | None, operator: str, target: Decimal | None) -> bool:
    """Whether a figure reaches its target. Without a figure, or without a target, it does not."""
    if value is None or target is None:
        return False
    return {"<=": value <= target, ">=": value >= target, "=": value == target}[operator]


def _last_month_end(on: date) -> date:
    """The last day of the last whole month up to and including `on`."""
    tomorrow = on + timedelta(days=1)
    return Month.of(tomorrow).first_day - timedelta(days=1)
