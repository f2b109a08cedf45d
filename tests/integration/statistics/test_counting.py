"""统计: counted once by the day, counted again from nothing, and open to the rows behind every figure."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.support.days import Centre, at
from tests.support.people import fresh, resident_id

MONDAY, TUESDAY, WEDNESDAY, MONTH_END = date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 5), date(2026, 8, 31)


@pytest.fixture(scope="module")
def dingxi(database):
    """A month: two units of different nature, a transfer between them, a seal, and money that nobody claims."""
    from hpf.accounts.services import seal, transfer_inside

    centre = Centre(11, "621102", MONDAY)
    centre.open_centre(MONDAY)
    centre.school = centre.unit("定西市第一中学", rate="12", first_month="2026-08", nature="PUBLIC_INSTITUTION")
    centre.works = centre.unit("定西高强度螺钉有限公司", rate="8", first_month="2026-08", nature="PRIVATE_ENTERPRISE")
    centre.zhang = centre.member(centre.school, "张三", resident_id(51), "5000.00")
    centre.li = centre.member(centre.school, "李四", resident_id(52), "6000.00")
    centre.wang = centre.member(centre.works, "王五", resident_id(53), "4000.00")
    centre.list_no = centre.remit(centre.school, "2026-08", MONDAY)
    centre.arrive("77.00", MONDAY)
    assert centre.close(MONDAY).closed
    moved = transfer_inside(
        by=centre.by, centre_id=11, account_no=centre.li, to_employer_account_no=centre.works, base=Money.yuan("6000.00"),
        from_month=Month.parse("2026-09"), on=TUESDAY, at=at(TUESDAY), key=fresh(),
    )  # fmt: skip
    assert moved.is_approved, moved.reasons
    assert centre.close(TUESDAY).closed
    sealed = seal(
        by=centre.by, centre_id=11, account_no=centre.zhang, reason="LEFT", left_on=TUESDAY, on=WEDNESDAY, at=at(WEDNESDAY), key=fresh()
    )
    assert sealed.is_approved, sealed.reasons
    centre.live_to(date(2026, 9, 1))
    return centre


def shown(period, on, *codes):
    from hpf.statistics.queries import figures

    return {figure.indicator.name: figure.text for figure in figures([11], period, on, codes)}


def test_the_days_figures_are_of_that_day(dingxi):
    assert shown("DAY", MONDAY, "0301000501", "0301003601", "0301007201", "0301008101", "0301008102", "0301005301") == {
        "新增单位数": "2", "新增人数": "3", "实归集额": "2,640.00", "归集余额": "2,640.00", "暂存款余额": "77.00", "正常总人数": "3",
    }  # fmt: skip
    assert shown("DAY", WEDNESDAY, "0301000501", "0301007201", "0301010101", "0301005301", "0301005401") == {
        "新增单位数": "0", "实归集额": "0.00", "历史累计归集额": "2,640.00", "正常总人数": "2", "封存总人数": "1",
    }  # fmt: skip


def test_the_months_distinct_figures_count_a_unit_and_a_person_once(dingxi):
    assert shown("MONTH", MONTH_END, "0301000201", "0301000301", "0301003101", "0301003201", "0301003501", "0301007101", "0301000101") == {
        "实缴单位数": "1", "未缴单位数": "1", "应缴人数": "2", "实缴人数": "2", "未缴人数": "1", "应归集额": "2,080.00", "暂存款笔数": "1",
    }  # fmt: skip


def test_money_follows_a_member_to_the_new_unit(dingxi):
    from hpf.statistics.queries import by_value

    assert by_value([11], "0301008101", "DAY", MONDAY) == {"PUBLIC_INSTITUTION": 264000}
    assert by_value([11], "0301008101", "DAY", TUESDAY) == {"PRIVATE_ENTERPRISE": 144000, "PUBLIC_INSTITUTION": 120000}
    assert by_value([11], "0301005301", "DAY", TUESDAY) == {"PRIVATE_ENTERPRISE": 2, "PUBLIC_INSTITUTION": 1}


def test_an_indicator_without_a_source_says_what_it_waits_for(dingxi):
    assert shown("MONTH", MONTH_END, "0301004101", "0301020201") == {
        "外部转入人数": "0", "住房公积金覆盖率": "待社会保险信息共享",
    }  # fmt: skip


def test_sixteen_centres_are_one_query(dingxi):
    from django.db import connections

    from hpf.statistics.queries import dashboard

    sent = []
    with connections["observer"].execute_wrapper(lambda execute, *call: (sent.append(call[0]), execute(*call))[1]):
        centres = dashboard(MONTH_END)
    assert (len(centres), len(sent)) == (16, 1)
    one = next(centre for centre in centres if centre.centre_id == 11)
    assert (one.short_name, one.units, one.persons, one.persons_sealed, one.balance.text, one.contributed_month.text, one.suspense.text) == (
        "定西", 2, 3, 1, "2,640.00", "2,640.00", "77.00",
    )  # fmt: skip
    assert (one.business_on, one.counted_on, one.red_step) == (date(2026, 9, 1), MONTH_END, None)


def test_a_figure_opens_the_rows_behind_it(dingxi):
    from hpf.statistics.queries import DrillSum, can_drill, drill, drill_sum

    (row,) = drill(11, "0301007201", "MONTH", MONTH_END)
    assert (row.kind, row.number, row.on, Money(row.amount).text) == ("REMITTANCE", dingxi.list_no, MONDAY, "2,640.00")
    assert drill_sum(11, "0301007201", "MONTH", MONTH_END) == DrillSum(1, 264000, False)
    assert drill_sum(11, "0301003601", "DAY", MONDAY) == DrillSum(3, 3, True)
    assert len(drill(11, "0301003601", "DAY", MONDAY, limit=2, offset=2)) == 1
    assert [event.detail for event in drill(11, "0301003601", "DAY", MONDAY)] == ["OPENED"] * 3
    assert can_drill("0301008101")
    assert not can_drill("0301004101")


def test_a_series_shows_flows_by_day_and_stocks_as_they_stood(dingxi):
    from hpf.statistics.queries import series

    assert [(p.period_on, p.value) for p in series([11], "0301007201", "DAY", MONDAY, WEDNESDAY)] == [(MONDAY, 264000)]
    assert [(p.period_on, p.value) for p in series([11], "0301005401", "DAY", MONDAY, WEDNESDAY)] == [(WEDNESDAY, 1)]
    assert [(p.period_on, p.value) for p in series([11], "0301005101", "MONTH", MONDAY, MONTH_END)] == [(MONTH_END, 3)]


def facts(centre):
    from django.db import connection

    with centre.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT period, period_on, measure, value, amount, to_date FROM statistics_fact ORDER BY 1, 2, 3, 4")
        return cursor.fetchall()


def test_counted_from_nothing_it_is_the_same(dingxi):
    from hpf.statistics.services import rebuild

    before = facts(dingxi)
    rebuild(11)
    assert facts(dingxi) == before


def test_the_observer_sees_published_views_and_nothing_else(dingxi):
    from django.db import DatabaseError, connections

    for sql in ("SELECT 1 FROM statistics_fact", "SELECT 1 FROM ledger_leg", "DELETE FROM statistics_fact_v1"):
        with pytest.raises(DatabaseError, match="permission denied"), connections["observer"].cursor() as cursor:
            cursor.execute(sql)
