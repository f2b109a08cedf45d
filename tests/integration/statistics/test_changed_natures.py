"""单位性质变更: what was counted stays as it was; from the day of the change the unit and its people count anew."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.support.days import Centre, at
from tests.support.people import fresh, resident_id

AUGUST, SEPTEMBER, MIDDLE = date(2026, 8, 31), date(2026, 9, 30), date(2026, 9, 15)
OLD, NEW = "PUBLIC_INSTITUTION", "STATE_ENTERPRISE"


def facts(period=None):
    """Every fact of the centre, in order."""
    from django.db import connection

    from hpf.db.scope import centre_scope

    with centre_scope(12), connection.cursor() as cursor:
        cursor.execute(
            "SELECT period, measure, period_on, dimension, value, amount, to_date FROM statistics_fact"
            " WHERE period = COALESCE(%s, period) ORDER BY 1, 2, 3, 4, 5",
            [period],
        )
        return cursor.fetchall()


@pytest.fixture(scope="module")
def longnan(database):
    """A hospital with three people, a list for August and one for September, and some prepaid money, becomes an enterprise."""
    from hpf.accounts.services import seal, transfer_inside
    from hpf.parties.services import EmployerChange, change_employer

    centre = Centre(12, "621202", date(2026, 8, 3))
    centre.open_centre(date(2026, 8, 3))
    centre.hospital = centre.unit("陇南市医院后勤中心", rate="12", first_month="2026-08", nature=OLD)
    centre.works = centre.unit("陇南机械厂有限公司", rate="8", first_month="2026-08", nature="PRIVATE_ENTERPRISE")
    people = [centre.member(centre.hospital, name, resident_id(70 + n), "5000.00") for n, name in enumerate(("张三", "李四", "王五"))]
    centre.remit(centre.hospital, "2026-08", date(2026, 8, 3), pays="3700.00")
    centre.live_to(MIDDLE)
    centre.august = facts()
    given = {"by": centre.by, "centre_id": 12, "at": at(MIDDLE)}
    employer_id = centre_unit(centre).employer_id
    changed = change_employer(**given, employer_id=employer_id, change=EmployerChange(nature=NEW), reason="改制", on=MIDDLE, key=fresh())
    assert changed.is_approved, changed.reasons
    assert seal(**given, account_no=people[0], reason="LEFT", left_on=MIDDLE, on=MIDDLE, key=fresh()).is_approved
    moved = transfer_inside(
        **given, account_no=people[1], to_employer_account_no=centre.works, base=Money.yuan("5000.00"), from_month=Month(2026, 9), on=MIDDLE,
        key=fresh(),
    )  # fmt: skip
    assert moved.is_approved, moved.reasons
    centre.live_to(date(2026, 9, 22))
    centre.remit(centre.hospital, "2026-09", date(2026, 9, 22))
    centre.live_to(date(2026, 10, 8))
    return centre


def centre_unit(centre):
    from hpf.accounts import queries

    with centre.scope():
        return queries.employer_account(12, centre.hospital)


def by_value(code, period, on):
    from hpf.statistics.queries import by_value as figures

    return figures([12], code, period, on)


def test_what_was_counted_before_the_change_stays(longnan):
    assert [fact for fact in facts() if fact in longnan.august and fact[0] != "YEAR"] == [
        fact for fact in longnan.august if fact[0] != "YEAR"
    ]
    assert by_value("0301007201", "MONTH", AUGUST) == {OLD: 360000}
    assert by_value("0301000201", "MONTH", AUGUST) == {OLD: 1}


def test_stocks_move_to_the_new_type_on_its_day_and_flows_stay_where_they_flowed(longnan):
    before, after = date(2026, 9, 14), MIDDLE
    assert by_value("0301008101", "DAY", before) == {OLD: 360000}
    assert by_value("0301008101", "DAY", after) == {NEW: 240000, "PRIVATE_ENTERPRISE": 120000}
    assert by_value("0301005301", "DAY", before) == {OLD: 3}
    assert by_value("0301005301", "DAY", after) == {NEW: 1, "PRIVATE_ENTERPRISE": 1}
    assert by_value("0301005401", "DAY", after) == {NEW: 1}
    assert by_value("0301008102", "DAY", before) == {OLD: 10000}
    assert by_value("0301008102", "DAY", after) == {NEW: 10000}
    assert by_value("0301007201", "YEAR", SEPTEMBER) == {OLD: 360000, NEW: 120000}


def test_the_month_counts_the_type_that_was_valid_in_it(longnan):
    assert by_value("0301000201", "MONTH", SEPTEMBER) == {NEW: 1}
    assert by_value("0301003201", "MONTH", SEPTEMBER) == {NEW: 1}


def test_rebuilt_from_nothing_it_is_the_same(longnan):
    from hpf.statistics.services import rebuild

    counted = facts()
    rebuild(12)
    assert facts() == counted


def test_a_change_dated_back_is_counted_on_its_own_day(longnan):
    from hpf.parties.services import EmployerChange, change_employer
    from hpf.statistics.services import rebuild

    today = longnan.business_day()
    changed = change_employer(
        by=longnan.by, centre_id=12, at=at(today), employer_id=centre_unit(longnan).employer_id, change=EmployerChange(nature="OTHER"),
        reason="补登", on=date(2026, 9, 28), key=fresh(),
    )  # fmt: skip
    assert changed.is_approved
    assert longnan.close(today).closed
    assert by_value("0301008101", "DAY", date(2026, 9, 27))[NEW] == 360000
    assert by_value("0301008101", "DAY", date(2026, 9, 28))["OTHER"] == 360000
    days = facts("DAY")
    rebuild(12)
    assert facts("DAY") == days
