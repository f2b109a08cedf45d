"""提取监管: what the province sees of withdrawals, to the fen, and who may set a rent plan."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.actor import Actor
from hpf.kernel.money import ZERO, Money
from tests.support.people import fresh
from tests.support.withdrawals import ON, moment

YEAR_PLAN = Money.yuan("100000.00")
PERSONAL = {
    "person_id",
    "person_ref",
    "name",
    "payee_name",
    "payee_account",
    "said",
    "words",
    "input",
    "account_no",
    "applied_by",
    "reviewer",
}


def office(permission: str = "withdrawals.set_rent_plan") -> Actor:
    return Actor("9001", "省厅张处", frozenset({0}), frozenset({permission}), "SUPERVISOR_WEB")


def director(centre_id: int = 1) -> Actor:
    return Actor(f"{centre_id}01", "某主任", frozenset({centre_id}), frozenset({"withdrawals.set_rent_plan"}), "COUNTER")


def planned(by: Actor, centre_id: int, of_centre: int, plan: Money = YEAR_PLAN, year: int = 2026, **given):
    from hpf.withdrawals.services.rent_plan import set_rent_plan

    given = {"reason": "兰公积金管委会〔2026〕1号", "on": ON, "at": moment(ON), "key": fresh("plan")} | given
    return set_rent_plan(by=by, centre_id=centre_id, of_centre=of_centre, year=year, plan=plan, **given)


@pytest.fixture(scope="module")
def year(lanzhou, tianshui):
    """Lanzhou: two tenants paid, a home owner refused, one tenant whose case a person decided; Tianshui: one tenant paid."""
    from hpf.treasury.rules.payments import Told

    lanzhou.departments.no_faults()
    for name, amount, hour in (("陈晓", "1200.00", 9), ("何敏", "800.00", 8)):
        account, _ = lanzhou.tenant(name)
        number = lanzhou.applied(account, name, said=(("rental_kind", "MARKET"),), asked=Money.yuan(amount), at=moment(ON, hour))
        moved = lanzhou.proceed(number)
        lanzhou.bank_says(moved.application_no, Told.DONE)
    owner, _ = lanzhou.tenant("王有房", homes_in_place=1)
    lanzhou.refused = lanzhou.withdrawn(owner, "王有房", said=(("rental_kind", "MARKET"),)).application_no
    objecting, _ = lanzhou.tenant("周异议", homes_in_place=1)
    lanzhou.decided = lanzhou.withdrawn(objecting, "周异议", said=(("rental_kind", "MARKET"),)).application_no
    clerk, checker = (Actor(f"c{n}", f"审核{n}", frozenset({1}), frozenset({"*"})) for n in (1, 2))
    said = lanzhou.give("review", clerk, application_no=lanzhou.decided, opinion="REFUSED", reason="异议不成立，住房登记属实")
    assert said.is_approved, said.reasons
    assert lanzhou.give("pass_review", checker, application_no=lanzhou.decided).is_approved
    account, _ = tianshui.tenant("马租客")
    moved = tianshui.withdrawn(account, "马租客", said=(("rental_kind", "MARKET"),), asked=Money.yuan("500.00"))
    assert moved.state == "IN_SETTLEMENT", tianshui.words(moved.application_no)
    tianshui.bank_says(moved.application_no, Told.DONE)
    return lanzhou


def standing(centre_id, on=ON):
    from hpf.withdrawals.queries.supervision import standings

    return next(each for each in standings(on) if each.centre_id == centre_id)


def test_money_decisions_and_growth_of_a_centre_to_the_fen(year):
    lanzhou, tianshui, province = standing(1), standing(5), standing(None)
    assert (lanzhou.rent, lanzhou.payments, lanzhou.paid) == (Money.yuan("2000.00"), 2, Money.yuan("2000.00"))
    assert (lanzhou.decided, lanzhou.automatic, lanzhou.refused) == (4, 3, 2)
    assert (tianshui.rent, tianshui.decided, tianshui.automatic, tianshui.refused) == (Money.yuan("500.00"), 1, 1, 0)
    assert (province.rent, province.payments, province.decided, province.automatic) == (Money.yuan("2500.00"), 3, 5, 4)
    assert (lanzhou.rent_before, lanzhou.rent_last_year) == (ZERO, ZERO)


def test_next_year_the_same_money_is_last_years_and_counts_in_growth_from_its_day_on(year):
    the_day_before, the_day, later = standing(1, date(2027, 9, 23)), standing(1, date(2027, 9, 24)), standing(1, date(2027, 12, 31))
    assert (the_day_before.rent, the_day_before.rent_before, the_day_before.rent_last_year) == (ZERO, ZERO, Money.yuan("2000.00"))
    assert (the_day.rent_before, later.rent_before) == (Money.yuan("2000.00"), Money.yuan("2000.00"))
    assert (later.payments, later.decided, later.median_seconds) == (0, 0, None)


def test_grounds_refusals_by_article_and_days(year):
    from hpf.withdrawals.queries.supervision import RentDay, grounds, refusals, rent_days

    (rent,) = grounds(ON, 1)
    assert (rent.ground, rent.payments, rent.persons, rent.principal, rent.interest) == ("RENT", 2, 2, Money.yuan("2000.00"), ZERO)
    assert [each.principal for each in grounds(ON)] == [Money.yuan("2500.00")]
    refused = {each.law: each.applications for each in refusals(ON, 1)}
    assert refused["条例/24@2026"] == 1, refused
    assert rent_days(ON, 1) == [RentDay(ON, 2, Money.yuan("2000.00"), Money.yuan("2000.00"))]
    assert (rent_days(date(2026, 9, 23)), refusals(ON, 5)) == ([], [])


def test_the_rows_behind_each_figure_add_up_to_it_and_name_nobody(year):
    from dataclasses import fields

    from hpf.withdrawals.queries.supervision import CaseRow, cases

    rows, total = cases(1, ON, way="PAID", ground="RENT")
    assert (total, Money.total(row.granted for row in rows)) == (2, Money.yuan("2000.00"))
    assert [cases(1, ON, way=way)[1] for way in ("", "AUTOMATIC", "PERSON", "REFUSED", "WAITING")] == [4, 3, 1, 2, 0]
    ((one,), count) = cases(1, ON, law="条例/24@2026")
    assert (one.application_no, one.outcome, one.by_person, count) == (year.refused, "REFUSED", False, 1)
    assert [row.application_no for row in cases(1, ON, limit=1, offset=3)[0]] == [min(row.application_no for row in cases(1, ON)[0])]
    assert not PERSONAL & {field.name for field in fields(CaseRow)}


def test_no_view_of_withdrawals_gives_out_a_person(year):
    from django.db import connections

    with connections["observer"].cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_name LIKE 'withdrawals%%'")
        seen = cursor.fetchall()
    assert {table for table, _ in seen} == {
        f"withdrawals_{name}_v1" for name in ("application", "decision", "reason", "payment", "rentplan")
    }  # fmt: skip
    assert not PERSONAL & {column for _, column in seen}


def test_half_of_the_payments_took_no_longer_than_the_median(year):
    """One hour and two hours in Lanzhou, at once in Tianshui; of an even number the lower one."""
    assert [standing(centre_id).median_seconds for centre_id in (1, 5, None, 16)] == [3600, 0, 3600, None]


def test_the_province_and_the_director_set_plans_and_the_last_one_counts(year):
    assert planned(director(), 1, 1).value.version == 1
    assert (standing(1).plan, standing(None).plan) == (YEAR_PLAN, YEAR_PLAN)
    assert planned(office(), 0, 1, Money.yuan("120000.00")).value.version == 2
    assert planned(office(), 0, 5, Money.yuan("50000.00")).value.version == 1
    province = standing(None)
    assert (standing(1).plan, province.plan, province.planned) == (Money.yuan("120000.00"), Money.yuan("170000.00"), 2)
    assert (province.rent_planned, standing(16).plan) == (Money.yuan("2500.00"), None)


def test_what_a_plan_must_be_and_that_nothing_is_kept_of_a_wrong_one(year):
    from hpf.withdrawals.queries.supervision import rent_plans

    before = rent_plans([2026, 2030])
    for wrong, code in (
        ({"plan": ZERO}, "RENT_PLAN_NOT_POSITIVE"),
        ({"year": 2030}, "RENT_PLAN_YEAR"),
        ({"reason": "  "}, "RENT_PLAN_REASON_MISSING"),
        ({"of_centre": 5}, "RENT_PLAN_OTHER_CENTRE"),
    ):
        given = {"of_centre": 1} | wrong
        refused = planned(director(), 1, given.pop("of_centre"), given.pop("plan", Money.yuan("9.00")), given.pop("year", 2026), **given)
        assert [reason.code for reason in refused.reasons] == [code]
    same = planned(office(), 0, 1, Money.yuan("120000.00"))
    assert [reason.code for reason in same.reasons] == ["RENT_PLAN_UNCHANGED"]
    assert rent_plans([2026, 2030]) == before


def test_nobody_else_sets_a_plan_and_nobody_changes_one(year):
    from django.db import DatabaseError, connection, transaction

    from hpf.db.command import NotPermitted
    from hpf.db.scope import centre_scope

    for by, centre_id in ((director(5), 1), (director(5), 0), (office("workplan.load"), 0)):
        with pytest.raises(NotPermitted):
            planned(by, centre_id, 1, Money.yuan("1.00"))
    with centre_scope(5), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT centre_id FROM withdrawals_rentplan")
        assert cursor.fetchall() == [(5,)]
    for statement in ("UPDATE withdrawals_rentplan SET plan_fen = 1", "DELETE FROM withdrawals_rentplan"):
        with pytest.raises(DatabaseError), transaction.atomic(), centre_scope(1), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_plan_of_a_day_is_its_share_of_the_year():
    from hpf.withdrawals.queries.supervision import plan_by_now

    assert plan_by_now(Money.yuan("365.00"), date(2026, 1, 1)) == Money.yuan("1.00")
    assert plan_by_now(Money.yuan("366.00"), date(2028, 2, 29)) == Money.yuan("60.00")
    assert plan_by_now(Money.yuan("100.00"), date(2026, 12, 31)) == Money.yuan("100.00")
    assert plan_by_now(Money.yuan("100.00"), date(2026, 6, 30)) == Money.yuan("49.58")
