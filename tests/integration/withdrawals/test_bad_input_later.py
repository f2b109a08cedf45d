"""What turns bad while a case waits: answers grow old, a consent is taken back, departments disagree, an agreement ends, two clerks meet.

Each gets a clear reason; nothing is lost and nothing paid twice.
"""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from hpf.kernel.money import ZERO, Money
from tests.support.agreements import Bank, instalments, months, paid_out, run, signed, stop_all, take_back, talk
from tests.support.withdrawals import moment

MARKET = (("rental_kind", "MARKET"),)
MONTH = Money.yuan("1200.00")


@pytest.fixture
def told():
    from hpf.treasury.rules.payments import Told

    return Told


def gathered(centre, name, **facts):
    """An application with its answers, not decided yet; (account, application)."""
    account, _ = centre.tenant(name, **facts)
    number = centre.applied(account, name, said=MARKET, asked=MONTH)
    centre.give("gather_facts", application_no=number, exchange=centre.exchange)
    return account, number


def test_departments_that_contradict_each_other_go_to_a_person_and_a_clerks_finding_settles_it(lanzhou):
    account, reference = lanzhou.tenant("池矛盾", marital_state="MARRIED")
    lanzhou.departments.facts(reference, marital_state="MARRIED", spouse_ref=None)
    before = lanzhou.totals()
    moved = lanzhou.withdrawn(account, "池矛盾", said=MARKET, asked=MONTH)
    number = moved.application_no
    assert (moved.state, lanzhou.reasons(number)) == ("REFERRED", ["FACTS_CONTRADICT"])
    words = lanzhou.words(number)
    assert "婚姻状况为已婚" in words and "两者矛盾" in words and "请" in words
    assert lanzhou.totals() == before
    found = (("marital_state", "DIVORCED"), ("spouse_ref", None))
    given = {"application_no": number, "opinion": "BY_RULE", "reason": "已核对原件", "found": found, "source": "离婚证第2号"}
    assert lanzhou.give("review", lanzhou.maker, **given).value.state == "REVIEWED"
    assert lanzhou.give("pass_review", lanzhou.checker, application_no=number).value.state == "APPROVED"
    assert [lanzhou.seen("replay", each.decision_id).differences for each in lanzhou.seen("decisions", number)] == [(), ()]


def test_an_answer_that_grew_old_while_the_case_waited_is_asked_for_again(lanzhou, departments):
    account, number = gathered(lanzhou, "殷过期")
    before = lanzhou.money(account).balance
    later = moment(lanzhou.on + timedelta(days=20))
    decided = lanzhou.give("decide_application", application_no=number, at=later)
    assert decided.value.state == "REFERRED"
    words = lanzhou.words(number)
    assert set(lanzhou.reasons(number)) == {"FACT_UNKNOWN"} and "已过期，须重新查询" in words
    assert lanzhou.money(account).balance == before
    asked = sum(departments.counts().values())
    again = lanzhou.proceed(number, at=later + timedelta(minutes=5))
    assert again.state == "IN_SETTLEMENT", lanzhou.words(number)
    assert sum(departments.counts().values()) > asked
    assert paid_out(lanzhou, account, before) == MONTH
    assert [lanzhou.seen("replay", each.decision_id).differences for each in lanzhou.seen("decisions", number)] == [(), ()]


def test_a_consent_taken_back_after_the_answers_came_stops_the_decision(lanzhou):
    account, number = gathered(lanzhou, "罗收回")
    before = lanzhou.money(account).balance
    consent_no = lanzhou.case(number).consent_no
    take_back(lanzhou, consent_no)
    decided = lanzhou.give("decide_application", application_no=number)
    assert decided.value.state == "REFERRED"
    assert f"授权{consent_no}已于{lanzhou.on}撤回，撤回后不再据以审批" in lanzhou.words(number)
    assert lanzhou.proceed(number, at=moment(lanzhou.on, 15)).state == "REFERRED", "nothing is asked on it either"
    assert lanzhou.money(account).balance == before
    assert lanzhou.give("withdraw_application", application_no=number).value.state == "WITHDRAWN"


def test_a_consent_taken_back_after_the_decision_leaves_the_payment_as_it_was_decided(lanzhou, told):
    account, number = gathered(lanzhou, "毛已定")
    before = lanzhou.money(account).balance
    assert lanzhou.give("decide_application", application_no=number).value.state == "APPROVED"
    take_back(lanzhou, lanzhou.case(number).consent_no)
    assert lanzhou.give("pay", application_no=number, business_on=lanzhou.on).value.state == "IN_SETTLEMENT"
    lanzhou.bank_says(number, told.DONE)
    assert paid_out(lanzhou, account, before) == MONTH


@pytest.mark.parametrize("round_", range(3))
def test_two_clerks_at_the_same_moment_and_one_of_them_is_told(lanzhou, departments, round_):
    from django.db import connections

    account, _ = lanzhou.tenant("禹双人")
    departments.set_faults(silent={"probability": 1.0, "departments": ["TITLES"]})
    number = lanzhou.withdrawn(account, "禹双人", said=MARKET, asked=MONTH).application_no
    departments.no_faults()
    before = lanzhou.money(account).balance
    opinions = [
        (lanzhou.maker, {"opinion": "APPROVED", "reason": "无住房证明第3号", "amount": MONTH}),
        (lanzhou.somebody("刘同时"), {"opinion": "REFUSED", "reason": "有住房"}),
    ]
    together, answers = threading.Barrier(2), {}

    def decide(by, given):
        try:
            together.wait()
            answers[by.name] = lanzhou.give("review", by, application_no=number, **given)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=decide, args=each) for each in opinions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [name for name, answer in answers.items() if answer.value is not None]
    late = [answer.reasons for answer in answers.values() if answer.value is None]
    assert len(done) == 1 and len(late) == 1
    assert late[0][0].code == "WITHDRAWAL_WRONG_STATE" and done[0] in late[0][0].message
    assert lanzhou.case(number).state == "REVIEWED" and lanzhou.money(account).balance == before


def test_an_agreement_that_expires_while_its_last_month_is_with_the_bank_loses_nothing(lanzhou, told):
    stop_all()
    bank = Bank()
    account, _ = lanzhou.tenant("祁到期")
    before = lanzhou.money(account).balance
    number = signed(lanzhou, account, "祁到期", amount=MONTH, months=1)
    done = run(lanzhou)
    assert (done.paid, done.expired) == (1, 1)
    assert lanzhou.seen("agreement", number).state == "EXPIRED"
    bank.busy = True
    talk(lanzhou, bank)
    lanzhou.next_day(date(2026, 9, 28))
    assert run(lanzhou).due == 0 and months(lanzhou, number) == [("2026-09", "IN_SETTLEMENT")]
    bank.busy, bank.refuses["6222021001112223334"] = False, "户名不符"
    talk(lanzhou, bank)
    (last,) = instalments(lanzhou, number)
    assert last.application_state == "FAILED" and "户名不符" in last.outcome
    assert paid_out(lanzhou, account, before) == ZERO
    assert run(lanzhou).due == 0
    lanzhou.give("change_payee", application_no=last.application_no, payee=lanzhou.payee("祁到期", "6222029999888877772"))
    lanzhou.give("pay", application_no=last.application_no, business_on=lanzhou.on)
    lanzhou.bank_says(last.application_no, told.DONE)
    assert months(lanzhou, number) == [("2026-09", "PAID")] and paid_out(lanzhou, account, before) == MONTH
    assert lanzhou.seen("agreement", number).payee_tail == "3334", "what has ended is not changed any more"


def test_a_death_reported_after_a_batch_has_paid_marks_the_month_and_ends_the_agreement(lanzhou):
    stop_all()
    bank = Bank()
    accounts = {name: lanzhou.tenant(name)[0] for name in ("郝已故", "郝在世")}
    numbers = {name: signed(lanzhou, account, name, amount=MONTH, day=1) for name, account in accounts.items()}
    assert run(lanzhou).paid == 2
    talk(lanzhou, bank)
    before = lanzhou.totals()
    person = lanzhou.view(accounts["郝已故"]).person_id
    paid = instalments(lanzhou, numbers["郝已故"])[0].application_no
    noted = lanzhou.give("note_death", lanzhou.checker, person_id=person, died_on=date(2026, 9, 20), source="死亡医学证明第9号")
    assert noted.value.flagged == (paid,)
    case = lanzhou.case(paid)
    assert case.state == "PAID" and "死亡医学证明第9号" in case.flagged
    assert lanzhou.totals() == before, "what was paid is not silently reversed"
    lanzhou.next_day(date(2026, 10, 9))
    done = run(lanzhou)
    assert (done.due, done.paid) == (1, 1)
    assert "死亡医学证明第9号" in lanzhou.seen("agreement", numbers["郝已故"]).ended_reason
    assert months(lanzhou, numbers["郝已故"]) == [("2026-09", "PAID")]
