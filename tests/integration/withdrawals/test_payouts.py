"""退回与继承: what waits for another account and where it lies; estates and their heirs; only for the counter; as many queries for many."""

from __future__ import annotations

import pytest

from hpf.kernel.money import Money
from tests.integration.withdrawals.test_estates import accepted, dead
from tests.integration.withdrawals.test_pages import desk, text_of

__all__ = ["desk"]
ADDRESS = "/counter/withdrawals/payouts/"
HUNDRED = Money.yuan("100.00")


@pytest.fixture
def told():
    from hpf.treasury.rules.payments import Told

    return Told


def failed(centre, name, told):
    account, _ = centre.tenant(name)
    number = centre.withdrawn(account, name, said=(("rental_kind", "MARKET"),), asked=HUNDRED).application_no
    centre.bank_says(number, told.FAILED)
    return number


def test_what_the_bank_could_not_pay_waits_in_the_list_until_it_is_paid(lanzhou, desk, told):
    clerk = desk.login("柜员列", "COUNTER_CLERK")
    assert "没有等待更正收款账户的退回款项" in text_of(clerk.get(ADDRESS))
    number = failed(lanzhou, "屈退回", told)
    shown = text_of(clerk.get(ADDRESS))
    assert number in shown and "屈退回" in shown and "户名不符" in shown and "个人账户" in shown
    assert "等待更正收款账户1件，100.00元" in shown
    lanzhou.give("change_payee", application_no=number, payee=lanzhou.payee("屈退回", "6222029999888877771"))
    lanzhou.give("pay", application_no=number, business_on=lanzhou.on)
    assert number not in text_of(clerk.get(ADDRESS))


def test_an_estate_is_listed_with_its_heirs_and_the_one_who_was_not_paid(lanzhou, desk, told):
    clerk = desk.login("柜员承", "COUNTER_CLERK")
    number = accepted(lanzhou, dead(lanzhou, "屈身故"))
    assert lanzhou.proceed(number).state == "IN_SETTLEMENT", lanzhou.words(number)
    first, second, third = lanzhou.seen("heirs", number)
    lanzhou.bank_says(number, told.DONE, payment_no=first.payment_no)
    lanzhou.bank_says(number, told.FAILED, payment_no=second.payment_no)
    shown = text_of(clerk.get(ADDRESS))
    assert number in shown and "应付款项" in shown and second.amount.text in shown and "1/3" in shown
    (row,) = [each for each in lanzhou.seen("payouts")[0] if each.application_no == number]
    assert (row.amount, row.heirs, row.heirs_paid, row.corrected) == (second.amount, 3, 1, False)
    assert lanzhou.seen("waiting_payouts") == (1, second.amount)
    given = {"application_no": number, "place": 2, "name": second.name, "account": "6222029999888877772", "reason": "换卡"}
    assert lanzhou.give("correct_heir", lanzhou.maker, **given).value is not None
    assert "更正待复核" in text_of(clerk.get(ADDRESS))
    estates = text_of(clerk.get(f"{ADDRESS}?state=ESTATES"))
    assert number in estates and "本息合计" in estates
    lanzhou.give("pass_heir", lanzhou.checker, application_no=number, place=2, agrees=True)
    lanzhou.give("pay_heirs", application_no=number, business_on=lanzhou.on)
    for place in (2, 3):
        lanzhou.bank_says(number, told.DONE, payment_no=lanzhou.seen("heirs", number)[place - 1].payment_no)
    assert lanzhou.case(number).state == "PAID"
    assert number not in text_of(clerk.get(ADDRESS)) + text_of(clerk.get(f"{ADDRESS}?state=ESTATES"))
    assert number in text_of(clerk.get(f"{ADDRESS}?state=ALL_ESTATES"))
    assert third.amount is not None


def test_only_who_has_the_counter_sees_the_page_and_its_entry_in_the_menu(lanzhou, desk):
    clerk, officer = desk.login("柜员权", "COUNTER_CLERK"), desk.login("查控权", "COURT_OFFICER")
    member = desk.login("屈本人", "MEMBER", lanzhou.tenant("屈本人")[0])
    assert "退回与继承" in text_of(clerk.get("/counter/"))
    assert officer.get(ADDRESS).status_code == member.get(ADDRESS).status_code == 403
    assert "退回与继承" not in officer.get("/counter/court/").content.decode() + member.get("/me/").content.decode()
    assert clerk.get(f"{ADDRESS}?state=X").status_code == 404


def test_as_many_queries_for_many_as_for_few(lanzhou, desk, told, queries):
    clerk = desk.login("柜员数", "COUNTER_CLERK")
    counted = []
    for size in (1, 3):
        for _ in range(size):
            failed(lanzhou, "屈计数", told)
        clerk.get(ADDRESS)
        queries.clear()
        assert clerk.get(ADDRESS).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
