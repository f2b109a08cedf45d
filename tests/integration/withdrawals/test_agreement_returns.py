"""退汇: one line of a batch that the bank has paid comes back days later, and concerns nobody else and no other month twice."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import ZERO, Money
from tests.integration.withdrawals.test_agreements import close
from tests.integration.withdrawals.test_pages import desk, text_of
from tests.support.agreements import Bank, instalments, months, paid_out, run, signed, stop_all, talk

__all__ = ["desk"]
EIGHT_HUNDRED = Money.yuan("800.00")
WRONG, RIGHT = "6222021001117770001", "6222021001117770002"


@pytest.fixture(autouse=True)
def nobody_else(database):
    """What earlier tests signed has ended."""
    stop_all()


@pytest.fixture
def told():
    from hpf.treasury.rules.payments import Told

    return Told


def test_one_line_comes_back_and_the_next_runs_neither_skip_nor_double(lanzhou, desk, told):
    centre, bank = lanzhou, Bank()
    names = ("卢一号", "卢退汇", "卢三号")
    accounts = {name: centre.tenant(name, base="9000.00")[0] for name in names}
    before = {name: centre.money(account).balance for name, account in accounts.items()}
    numbers = {
        name: signed(centre, account, name, amount=EIGHT_HUNDRED, payee=centre.payee(name, WRONG if name == "卢退汇" else RIGHT))
        for name, account in accounts.items()
    }
    assert run(centre).paid == 3
    talk(centre, bank)
    assert [months(centre, number) for number in numbers.values()] == [[("2026-09", "PAID")]] * 3
    hers = instalments(centre, numbers["卢退汇"])[0].application_no
    centre.next_day(date(2026, 9, 28))
    centre.comes_back(centre.case(hers).payment_no)
    case = centre.case(hers)
    assert (case.state, case.paid_on) == ("FAILED", None)
    assert "已付后被退汇" in case.outcome and "800.00元已退回个人账户" in case.outcome
    assert {name: before[name] - centre.money(accounts[name]).balance for name in names} == {
        "卢一号": EIGHT_HUNDRED, "卢退汇": ZERO, "卢三号": EIGHT_HUNDRED,
    }  # fmt: skip
    assert centre.settle() == [], "told once"
    # the member reads it, the counter too; the run of the day does not pay the month again
    member = desk.login("卢退汇", "MEMBER", accounts["卢退汇"])
    page = text_of(member.get(f"/me/monthly/{numbers['卢退汇']}/"))
    assert "付款未成" in page and "已付后被退汇" in page
    assert "已付后被退汇" in text_of(desk.login("柜员退", "COUNTER_CLERK").get(f"/counter/monthly/{numbers['卢退汇']}/"))
    assert run(centre).due == 0
    # October: hers waits and says for what, the others are paid
    centre.next_day(date(2026, 10, 15))
    done = run(centre)
    assert (done.due, done.paid, done.waiting) == (3, 2, 1)
    waiting = instalments(centre, numbers["卢退汇"])[1]
    assert hers in waiting.reason and "更正收款账户" in waiting.reason
    assert run(centre).paid == 0
    # another card: September is paid again, October is made up, both to the new card
    assert centre.give("change_payee", application_no=hers, payee=centre.payee("卢退汇", RIGHT)).value is not None
    assert "以后各期也付到该账户" in centre.seen("events", hers)[-1].note
    assert centre.give("pay", application_no=hers, business_on=centre.on).value.state == "IN_SETTLEMENT"
    assert run(centre).paid == 0, "October waits until September is with the bank no more"
    centre.bank_says(hers, told.DONE)
    centre.next_day(date(2026, 10, 16))
    assert run(centre).paid == 1
    talk(centre, bank)
    assert {line.account for line in list(bank.batches.values())[-1]} == {RIGHT}
    assert months(centre, numbers["卢退汇"]) == [("2026-09", "PAID"), ("2026-10", "PAID")]
    assert {name: paid_out(centre, accounts[name], before[name]) for name in names} == dict.fromkeys(names, EIGHT_HUNDRED * 2)
    assert run(centre).due == 0
    assert centre.seen("agreement", numbers["卢退汇"]).payee_tail == RIGHT[-4:]


def test_taken_back_after_it_came_back_the_month_stays_with_the_member_and_the_next_is_paid(lanzhou):
    centre, bank = lanzhou, Bank()
    account = centre.tenant("鲍撤回", base="9000.00")[0]
    before = centre.money(account).balance
    number = signed(centre, account, "鲍撤回", amount=EIGHT_HUNDRED, day=1)
    assert run(centre).paid == 1
    talk(centre, bank)
    first = instalments(centre, number)[0].application_no
    centre.comes_back(centre.case(first).payment_no)
    assert centre.give("withdraw_application", application_no=first).value.state == "WITHDRAWN"
    assert run(centre).due == 0, "that month is decided"
    centre.next_day(date(2026, 11, 2))
    assert run(centre).paid == 1
    assert paid_out(centre, account, before) == EIGHT_HUNDRED


def test_come_back_after_the_account_ended_it_lies_beside_it_and_waits_for_another_card(lanzhou, desk, told):
    centre, bank = lanzhou, Bank()
    account = centre.tenant("史销户", base="9000.00")[0]
    number = signed(centre, account, "史销户", amount=EIGHT_HUNDRED, day=1)
    assert run(centre).paid == 1
    talk(centre, bank)
    hers = instalments(centre, number)[0].application_no
    close(centre, account)
    centre.next_day(date(2026, 12, 1))
    centre.comes_back(centre.case(hers).payment_no)
    case = centre.case(hers)
    assert case.state == "FAILED" and "账户已销户，800.00元留在应付款项" in case.outcome
    assert centre.money(account).balance == ZERO
    assert "留在应付款项" in text_of(desk.login("柜员史", "COUNTER_CLERK").get(f"/counter/withdrawals/{hers}/"))
    taken_back = centre.give("withdraw_application", application_no=hers)
    assert [reason.code for reason in taken_back.reasons] == ["MONEY_HAS_LEFT"]
    assert run(centre).paid == 0
    centre.give("change_payee", application_no=hers, payee=centre.payee("史销户", RIGHT))
    assert centre.give("pay", application_no=hers, business_on=centre.on).value.state == "IN_SETTLEMENT"
    centre.bank_says(hers, told.DONE)
    assert centre.case(hers).state == "PAID"
    centre.next_day(date(2026, 12, 2))
    assert run(centre).refused == 1
    agreement = centre.seen("agreement", number)
    assert agreement.state == "ENDED" and "没有可以提取的余额" in agreement.ended_reason
