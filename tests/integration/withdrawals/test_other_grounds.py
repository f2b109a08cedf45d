"""The other grounds through the same path: closing with interest and end of the account, a home bought, a ban that travels."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import ZERO, Money


@pytest.fixture
def told():
    from hpf.treasury.rules.payments import Told

    return Told


def retired(lanzhou, name):
    account, reference = lanzhou.tenant(name, born="19620105", pension_drawing=True, retired_on="2026-08-05", retirement_kind="NORMAL")
    lanzhou.pay(account, "50000.00", lanzhou.on, value_on=date(2026, 7, 31))
    return account, reference


def test_who_has_retired_gets_everything_with_interest_and_the_account_ends(lanzhou, told):
    account, _ = retired(lanzhou, "高退休")
    before = lanzhou.money(account)
    moved = lanzhou.withdrawn(account, "高退休", "RETIREMENT")
    assert moved.state == "IN_SETTLEMENT", lanzhou.words(moved.application_no)
    case = lanzhou.case(moved.application_no)
    assert case.closes and case.granted == before.balance
    assert case.interest == Money.yuan("114.58"), "50,000.00 at 1.50 % for the 55 days from 31 July to 23 September"
    assert lanzhou.money(account).balance == ZERO
    lanzhou.bank_says(moved.application_no, told.DONE)
    view = lanzhou.view(account)
    assert (lanzhou.case(moved.application_no).state, view.state, view.closed_on) == ("PAID", "WITHDRAWN_OUT", lanzhou.on)
    again = lanzhou.apply(account, "高退休", "RETIREMENT")
    assert [reason.code for reason in again.reasons] == ["WITHDRAWAL_ACCOUNT_GONE"]


def test_the_bank_fails_and_the_account_goes_on_as_if_nothing_had_been(lanzhou, told):
    account, _ = retired(lanzhou, "郭退票")
    before = lanzhou.money(account)
    number = lanzhou.withdrawn(account, "郭退票", "RETIREMENT").application_no
    lanzhou.bank_says(number, told.FAILED)
    after = lanzhou.money(account)
    assert (after.balance, after.day_products, after.month_products) == (before.balance, before.day_products, before.month_products)
    case = lanzhou.case(number)
    assert (case.state, case.interest) == ("FAILED", None)
    assert lanzhou.view(account).state == "NORMAL"
    lanzhou.give("change_payee", application_no=number, payee=lanzhou.payee("郭退票", "6222029999888877771"))
    lanzhou.give("pay", application_no=number, business_on=lanzhou.on)
    lanzhou.bank_says(number, told.DONE)
    assert lanzhou.view(account).state == "WITHDRAWN_OUT"
    assert lanzhou.money(account).balance == ZERO


def test_who_has_not_retired_is_refused_by_the_pension_office(lanzhou):
    account, _ = lanzhou.tenant("马未退", born="19900307", pension_drawing=False, retired_on=None, retirement_kind=None)
    moved = lanzhou.withdrawn(account, "马未退", "RETIREMENT")
    assert moved.state == "REFUSED", lanzhou.words(moved.application_no)


def test_a_home_bought_pays_its_buyer_and_never_a_stranger_with_the_same_house(lanzhou, told):
    deal = {
        "contract_no": "WQ2026000888", "house_no": "620102009000123456", "contract_signed_on": "2026-08-20", "price_fen": 90_000_000,
        "down_payment_fen": 30_000_000, "is_presale": False, "deal_state": "SIGNED", "title_no": None, "titled_on": None, "place_linked": True,
        "marriage_changes_year": 0, "house_trades_year": 0, "loan_no": None,
    }  # fmt: skip
    account, reference = lanzhou.tenant("罗购房", born="19880101", **deal)
    lanzhou.departments.facts(reference, buyers=reference)
    moved = lanzhou.withdrawn(account, "罗购房", "PURCHASE", asked=Money.yuan("3000.00"))
    assert moved.state == "IN_SETTLEMENT", lanzhou.words(moved.application_no)
    lanzhou.bank_says(moved.application_no, told.DONE)
    other, stranger = lanzhou.tenant("梁冒用", born="19880202", **deal)
    lanzhou.departments.facts(stranger, buyers=stranger)
    second = lanzhou.withdrawn(other, "梁冒用", "PURCHASE", asked=Money.yuan("3000.00"))
    assert (second.state, lanzhou.reasons(second.application_no)) == ("REFERRED", ["RISK_SAME_HOUSE"])
    assert lanzhou.money(other).available == Money.yuan("3600.00")


def test_a_ban_of_another_centre_counts_here(lanzhou):
    account, _ = lanzhou.tenant("宋外罚", fraud_banned_until="2028-05-01")
    moved = lanzhou.withdrawn(account, "宋外罚", said=(("rental_kind", "MARKET"),))
    assert moved.state == "REFUSED"
    assert "BANNED_ELSEWHERE" in lanzhou.reasons(moved.application_no)


def test_slow_departments_are_waited_for_and_decide(lanzhou, departments):
    """Six departments at 100 ms each; how long that takes is the bench's row `withdrawal.apply`."""
    from hpf.treasury.rules.payments import Told

    account, _ = lanzhou.tenant("唐快速")
    departments.delay(100)
    number = lanzhou.applied(account, "唐快速", said=(("rental_kind", "MARKET"), ("asked_months", ["2026-09"])), asked=Money.yuan("100.00"))
    assert lanzhou.proceed(number).state == "IN_SETTLEMENT", lanzhou.words(number)
    lanzhou.bank_says(number, Told.DONE)
    departments.delay(0)


def test_the_employers_proof_is_said_with_the_application_and_no_fact_of_the_ground(lanzhou):
    account, _ = lanzhou.tenant("严证明")
    number = lanzhou.applied(account, "严证明", said=(("employer_proof", True), ("rental_kind", "MARKET")), asked=Money.yuan("100.00"))
    assert lanzhou.proceed(number).state == "IN_SETTLEMENT", lanzhou.words(number)
