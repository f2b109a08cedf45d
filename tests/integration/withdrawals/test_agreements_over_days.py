"""约定提取 over days and months: silence and who is asked again, days missed, the last month, a bank that fails."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.support.agreements import Bank, instalments, months, paid_out, run, signed, stop_all, talk

EIGHT_HUNDRED = Money.yuan("800.00")


@pytest.fixture(autouse=True)
def nobody_else(database):
    """What earlier tests signed has ended."""
    stop_all()


def test_a_missed_day_is_caught_up_and_the_agreement_expires_on_its_day(lanzhou):
    centre, bank = lanzhou, Bank()
    account, _ = centre.tenant("平到期")
    before = centre.money(account).balance
    number = signed(centre, account, "平到期", amount=Money.yuan("300.00"), months=2)
    assert run(centre).paid == 1
    talk(centre, bank)
    centre.next_day(date(2026, 10, 9))
    assert run(centre).due == 0 and centre.seen("agreement", number).ends_soon(centre.on)
    centre.next_day(date(2026, 10, 20))
    done = run(centre)
    assert (done.paid, done.expired) == (1, 1)
    talk(centre, bank)
    agreement = centre.seen("agreement", number)
    assert (agreement.state, agreement.ended_on) == ("EXPIRED", date(2026, 10, 20))
    assert months(centre, number) == [("2026-09", "PAID"), ("2026-10", "PAID")]
    assert paid_out(centre, account, before) == Money.yuan("600.00")
    again = signed(centre, account, "平到期", first=Month(2026, 11))
    assert again != number
    assert [centre.seen("replay", decision).differences for decision in centre.seen("decision_ids")] == [(), ()]


def test_who_cannot_be_asked_about_waits_and_is_paid_another_day(lanzhou):
    centre = lanzhou
    account, _ = centre.tenant("顾沉默")
    number = signed(centre, account, "顾沉默", amount=EIGHT_HUNDRED, first=Month(2026, 11))
    forget_answers(centre)
    centre.next_day(date(2026, 11, 16))
    centre.departments.set_faults(silent={"probability": 1.0, "departments": ["TITLES"]})
    before = centre.money(account).balance
    done = run(centre)
    assert (done.waiting, done.paid) == (1, 0)
    (instalment,) = instalments(centre, number)
    assert instalment.state == "WAITING" and "住房套数" in instalment.reason and instalment.application_no == ""
    assert centre.money(account).balance == before
    centre.departments.no_faults()
    centre.next_day(date(2026, 11, 17))
    rested(centre)
    assert run(centre).paid == 1
    assert months(centre, number) == [("2026-11", "IN_SETTLEMENT")]


def test_what_no_day_of_the_month_could_tell_is_left_to_a_person(lanzhou):
    centre = lanzhou
    account, _ = centre.tenant("孟到底")
    number = signed(centre, account, "孟到底", amount=EIGHT_HUNDRED, first=Month(2026, 11))
    forget_answers(centre)
    centre.next_day(date(2026, 12, 2))
    centre.departments.set_faults(silent={"probability": 1.0, "departments": ["TITLES"]})
    assert run(centre).referred == 1
    (instalment,) = instalments(centre, number)
    assert (str(instalment.month), instalment.application_state) == ("2026-11", "REFERRED")
    assert "FACT_UNKNOWN" in centre.reasons(instalment.application_no)


def test_what_the_bank_cannot_pay_comes_back_and_the_next_month_waits_for_another_card(lanzhou):
    centre, bank = lanzhou, Bank()
    wrong, right = centre.tenant("姚错卡", months=4)[0], centre.tenant("邵对卡", months=4)[0]
    before = centre.money(wrong).balance
    first = Month.of(centre.on)
    numbers = [
        signed(centre, wrong, "姚错卡", amount=EIGHT_HUNDRED, day=1, first=first, payee=centre.payee("姚错卡", "6222021001119998887")),
        signed(centre, right, "邵对卡", amount=EIGHT_HUNDRED, day=1, first=first),
    ]
    bank.refuses["6222021001119998887"] = "户名不符"
    assert run(centre).paid == 2
    talk(centre, bank)
    assert [months(centre, number)[0][1] for number in numbers] == ["FAILED", "PAID"]
    assert centre.money(wrong).balance == before
    (instalment,) = instalments(centre, numbers[0])
    assert "户名不符" in instalment.outcome and "已退回个人账户" in instalment.outcome
    centre.next_day(date(2027, 1, 4))
    done = run(centre)
    assert (done.paid, done.waiting) == (1, 1)
    assert "付款未成" in instalments(centre, numbers[0])[1].reason
    case = instalment.application_no
    centre.give("change_payee", centre.maker, application_no=case, payee=centre.payee("姚错卡"))
    paid = centre.give("pay", application_no=case, business_on=centre.on)
    assert paid.value.state == "IN_SETTLEMENT", centre.words(case)
    from hpf.treasury.rules.payments import Told

    centre.bank_says(case, Told.DONE)
    centre.next_day(date(2027, 1, 5))
    assert run(centre).paid == 1
    assert paid_out(centre, wrong, before) == Money.yuan("1600.00")


def test_a_bank_that_is_busy_for_a_day_and_then_never_took_it_gives_everything_back(lanzhou):
    centre, bank = lanzhou, Bank()
    account = centre.tenant("汪没收", months=4)[0]
    before = centre.money(account).balance
    number = signed(centre, account, "汪没收", amount=EIGHT_HUNDRED, day=1)
    assert run(centre).paid == 1
    bank.busy = True
    talk(centre, bank)
    assert months(centre, number)[0][1] == "IN_SETTLEMENT"
    centre.next_day(date(2027, 1, 6))
    assert run(centre).paid == 0
    bank.fails = True
    talk(centre, bank)
    assert months(centre, number)[0][1] == "FAILED"
    assert centre.money(account).balance == before
    talk(centre, bank)
    assert centre.money(account).balance == before


def forget_answers(centre):
    """What departments said is too old to be used from the next month on."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE sharing_answer DISABLE TRIGGER USER")
        cursor.execute("UPDATE sharing_answer SET good_until = %s", [centre.on])
        cursor.execute("ALTER TABLE sharing_answer ENABLE TRIGGER USER")


def rested(centre):
    """The line to a department that was silent is tried again the next day."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE sharing_line SET failures = 0, rests_until = NULL")
