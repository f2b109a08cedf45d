"""付后退汇而账户已销: the money with its interest lies beside the ended account until it has reached its owner."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hpf.kernel.money import ZERO, Money


@pytest.fixture
def told():
    from hpf.treasury.rules.payments import Told

    return Told


def paid_and_ended(lanzhou: Any, name: str, told: Any) -> tuple[str, str]:
    account, _ = lanzhou.tenant(name, born="19620105", pension_drawing=True, retired_on="2026-08-05", retirement_kind="NORMAL")
    lanzhou.pay(account, "50000.00", lanzhou.on, value_on=date(2026, 7, 31))
    number = lanzhou.withdrawn(account, name, "RETIREMENT").application_no
    lanzhou.bank_says(number, told.DONE)
    assert lanzhou.view(account).state == "WITHDRAWN_OUT"
    return account, number


def test_it_is_paid_again_from_where_it_lies(lanzhou, told):
    account, number = paid_and_ended(lanzhou, "高退汇", told)
    first = lanzhou.case(number)
    lanzhou.comes_back(first.payment_no)
    case = lanzhou.case(number)
    assert (case.state, case.paid_on, case.interest) == ("FAILED", None, Money.yuan("114.58"))
    assert "账户已销户" in case.outcome and "53,714.58元" in case.outcome
    assert lanzhou.money(account).balance == ZERO
    taken_back = lanzhou.give("withdraw_application", lanzhou.maker, application_no=number)
    assert [reason.code for reason in taken_back.reasons] == ["MONEY_HAS_LEFT"]
    wrong = lanzhou.give("change_payee", application_no=number, payee=lanzhou.payee("别人", "6222029999888877771"))
    assert [reason.code for reason in wrong.reasons] == ["PAYEE_NAME_DIFFERS"]
    lanzhou.give("change_payee", application_no=number, payee=lanzhou.payee("高退汇", "6222029999888877771"))
    lanzhou.give("pay", application_no=number, business_on=lanzhou.on)
    lanzhou.bank_says(number, told.FAILED)
    case = lanzhou.case(number)
    assert (case.state, case.interest) == ("FAILED", Money.yuan("114.58")), "failed again, and still beside the account"
    lanzhou.give("change_payee", application_no=number, payee=lanzhou.payee("高退汇", "6222028888777766661"))
    lanzhou.give("pay", application_no=number, business_on=lanzhou.on)
    lanzhou.bank_says(number, told.DONE)
    case = lanzhou.case(number)
    assert (case.state, case.paid_on, case.paid_out, case.flagged) == ("PAID", lanzhou.on, Money.yuan("53714.58"), "")
    assert len({first.payment_no, case.payment_no}) == 2


def test_even_what_was_paid_again_may_come_back_once_more(lanzhou, told):
    account, number = paid_and_ended(lanzhou, "高再退", told)
    for card in ("6222029999888877771", "6222028888777766661"):
        lanzhou.comes_back(lanzhou.case(number).payment_no)
        assert lanzhou.case(number).state == "FAILED"
        lanzhou.give("change_payee", application_no=number, payee=lanzhou.payee("高再退", card))
        lanzhou.give("pay", application_no=number, business_on=lanzhou.on)
        lanzhou.bank_says(number, told.DONE)
    assert lanzhou.case(number).state == "PAID"
    assert lanzhou.money(account).balance == ZERO
