"""Contradictions, stale answers, consents taken back, months used twice, wrong names, a bank that ponders, two clerks at once.

Each gets a clear reason; nothing is lost and nothing paid twice.
"""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from hpf.kernel.money import ZERO, Money
from tests.support.people import resident_id

MARKET = (("rental_kind", "MARKET"),)
MONTH = Money.yuan("1200.00")


@pytest.fixture
def told():
    from hpf.treasury.rules.payments import Told

    return Told


def months(*texts: str) -> tuple[tuple[str, object], ...]:
    return (*MARKET, ("asked_months", list(texts)))


def test_the_members_word_against_the_registers_goes_to_a_person(lanzhou):
    account, _ = lanzhou.tenant("赵矛盾", rental_filed=True, rental_kind="PUBLIC", rent_month_fen=80000)
    before = lanzhou.money(account).balance
    moved = lanzhou.withdrawn(account, "赵矛盾", said=MARKET)
    assert moved.state == "REFERRED"
    assert "FACTS_CONTRADICT" in lanzhou.reasons(moved.application_no)
    words = lanzhou.words(moved.application_no)
    assert "PUBLIC" in words or "公租房" in words
    assert "本人陈述" in words
    assert lanzhou.money(account).balance == before


def test_a_silent_department_is_no_answer_and_no_guess(lanzhou, departments):
    account, _ = lanzhou.tenant("钱无声")
    departments.set_faults(silent={"probability": 1.0, "departments": ["TITLES"]})
    moved = lanzhou.withdrawn(account, "钱无声", said=MARKET)
    assert moved.state == "REFERRED"
    assert lanzhou.reasons(moved.application_no) == ["FACT_UNKNOWN"]
    assert "不动产登记" in lanzhou.words(moved.application_no)
    case = lanzhou.case(moved.application_no)
    assert case.due_on == date(2026, 9, 30), "three working days: the 25th is the Mid-Autumn festival, then the week ends"
    departments.no_faults()
    from tests.support.withdrawals import moment

    again = lanzhou.proceed(moved.application_no, at=moment(lanzhou.on, 11))
    assert again.state == "IN_SETTLEMENT", lanzhou.words(moved.application_no)


def test_an_answer_out_of_date_is_not_decided_by(lanzhou):
    from hpf.withdrawals.rules import examine
    from hpf.withdrawals.rules.grounds import Ground
    from hpf.withdrawals.services import filing

    account, _ = lanzhou.tenant("孙过期")
    moved = lanzhou.withdrawn(account, "孙过期", said=MARKET, asked=MONTH)
    from hpf.policy import queries as policy
    from hpf.withdrawals import models

    with lanzhou.scope():
        row = models.Application.objects.get(application_no=moved.application_no)
        case = filing.filed(row)
        later = lanzhou.on + timedelta(days=40)
        finding = examine(Ground.RENT, case.applicant, case.facts, policy.book(1, later), later, case.asked)
    assert "ANSWER_EXPIRED" in [reason.code for reason in finding.decision.reasons]


def test_a_consent_taken_back_before_the_questions_stops_them(lanzhou):
    from hpf.sharing.services import withdraw_consent

    account, _ = lanzhou.tenant("李收回")
    number = lanzhou.applied(account, "李收回", said=MARKET)
    answer = withdraw_consent(by=lanzhou.by, centre_id=1, consent_no=lanzhou.case(number).consent_no, at=lanzhou.at, key="withdraw-consent")
    assert answer.value is not None
    moved = lanzhou.proceed(number)
    assert moved.state == "REFERRED"
    assert "撤回" in lanzhou.words(number)


def test_the_same_month_is_paid_once(lanzhou, told):
    account, _ = lanzhou.tenant("周一次")
    first = lanzhou.withdrawn(account, "周一次", said=months("2026-09"), asked=MONTH)
    lanzhou.bank_says(first.application_no, told.DONE)
    left = lanzhou.money(account).balance
    second = lanzhou.withdrawn(account, "周一次", said=months("2026-09"), asked=MONTH)
    assert second.state == "REFUSED"
    assert lanzhou.reasons(second.application_no) == ["RENT_MONTH_USED"]
    assert lanzhou.money(account).balance == left
    third = lanzhou.withdrawn(account, "周一次", said=months("2026-08"), asked=MONTH)
    assert third.state == "IN_SETTLEMENT", lanzhou.words(third.application_no)


def test_one_application_of_a_ground_at_a_time(lanzhou):
    account, _ = lanzhou.tenant("吴连申")
    lanzhou.applied(account, "吴连申", said=MARKET)
    again = lanzhou.apply(account, "吴连申", said=MARKET)
    assert [reason.code for reason in again.reasons] == ["WITHDRAWAL_RUNNING"]


def test_the_same_month_in_two_centres_is_refused_in_the_second(lanzhou, tianshui):
    number = resident_id(1, "19990308")
    account, _ = lanzhou.tenant("郑两地", number=number)
    other, _ = tianshui.tenant("郑两地", number=number)
    first = lanzhou.withdrawn(account, "郑两地", said=months("2026-09"), asked=MONTH)
    assert first.state == "IN_SETTLEMENT", lanzhou.words(first.application_no)
    second = tianshui.withdrawn(other, "郑两地", said=months("2026-09"), asked=MONTH)
    assert second.state == "REFUSED", tianshui.words(second.application_no)
    assert "RENT_MONTH_USED" in tianshui.reasons(second.application_no)
    assert "在其他中心" in tianshui.words(second.application_no)


def test_both_spouses_for_one_month_where_the_centre_counts_them_together(tianshui):
    husband, his = tianshui.tenant("冯丈夫", born="19920105", marital_state="MARRIED")
    wife, hers = tianshui.tenant("冯妻子", born="19930506", marital_state="MARRIED")
    tianshui.departments.marry(his, hers)
    tianshui.departments.facts(his, marital_state="MARRIED", spouse_ref=hers)
    tianshui.departments.facts(hers, marital_state="MARRIED", spouse_ref=his)
    consents = {ref: _consent_of(tianshui, ref) for ref in (his, hers)}
    first = tianshui.withdrawn(husband, "冯丈夫", said=months("2026-09"), asked=MONTH, spouse_consent_no=consents[hers])
    assert first.state == "IN_SETTLEMENT", tianshui.words(first.application_no)
    before = tianshui.money(wife).balance
    second = tianshui.withdrawn(wife, "冯妻子", said=months("2026-09"), asked=MONTH, spouse_consent_no=consents[his])
    assert second.state == "REFUSED", tianshui.words(second.application_no)
    assert "RENT_MONTH_USED_BY_SPOUSE" in tianshui.reasons(second.application_no)
    assert tianshui.money(wife).balance == before


def _consent_of(centre, reference):
    from hpf.sharing.services import give_consent
    from hpf.withdrawals.queries.facts import PURPOSE

    given = give_consent(
        by=centre.maker, centre_id=centre.centre_id, person_ref=reference, scope=("TITLES.homes_of_person_in_place",), purpose=PURPOSE,
        ends_at=centre.at + timedelta(days=30), at=centre.at, key=f"consent:{reference}",
    )  # fmt: skip
    assert given.value is not None, given.reasons
    return given.value.consent_no


def test_two_centres_at_the_same_moment_and_the_index_decides(lanzhou, tianshui):
    """Both have decided to approve before either has written: the unique index lets one of them through."""
    from django.db import connections

    number = resident_id(2, "19990404")
    account, _ = lanzhou.tenant("陈同时", number=number)
    other, _ = tianshui.tenant("陈同时", number=number)
    cases = [(lanzhou, lanzhou.applied(account, "陈同时", said=months("2026-08"), asked=MONTH))]
    cases.append((tianshui, tianshui.applied(other, "陈同时", said=months("2026-08"), asked=MONTH)))
    for centre, case in cases:
        centre.give("gather_facts", application_no=case, exchange=centre.exchange)
    together, outcomes = threading.Barrier(2), []

    def decide(centre, case):
        try:
            together.wait()
            outcomes.append(centre.give("decide_application", application_no=case).value.state)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=decide, args=each) for each in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["APPROVED", "REFUSED"]


def test_a_payee_whose_name_differs_by_one_character_is_never_sent(lanzhou):
    account, _ = lanzhou.tenant("欧阳晓娟")
    before = lanzhou.totals()
    answer = lanzhou.apply(account, "欧阳晓娟", said=MARKET, payee=lanzhou.payee("欧阳晓绢"))
    (reason,) = answer.reasons
    assert reason.code == "PAYEE_NAME_DIFFERS"
    assert "欧阳晓绢" in reason.message and "欧阳晓娟" in reason.message
    assert lanzhou.totals() == before


def test_the_bank_ponders_a_day_and_then_fails(lanzhou, told):
    account, _ = lanzhou.tenant("许等待")
    before = lanzhou.money(account)
    moved = lanzhou.withdrawn(account, "许等待", said=MARKET, asked=MONTH)
    number = moved.application_no
    assert lanzhou.bank_says(number, told.PROCESSING) == []
    assert lanzhou.case(number).state == "IN_SETTLEMENT"
    taken_back = lanzhou.give("withdraw_application", application_no=number)
    assert [reason.code for reason in taken_back.reasons] == ["WITHDRAWAL_WRONG_STATE"]
    assert lanzhou.money(account).balance == before.balance - MONTH
    lanzhou.bank_says(number, told.FAILED)
    case = lanzhou.case(number)
    assert case.state == "FAILED" and "户名不符" in case.outcome
    after = lanzhou.money(account)
    assert (after.balance, after.available, after.day_products) == (before.balance, before.available, before.day_products)
    wrong = lanzhou.give("change_payee", application_no=number, payee=lanzhou.payee("许等侍"))
    assert [reason.code for reason in wrong.reasons] == ["PAYEE_NAME_DIFFERS"]
    lanzhou.give("change_payee", application_no=number, payee=lanzhou.payee("许等待", "6222029999888877776"))
    lanzhou.give("pay", application_no=number, business_on=lanzhou.on)
    lanzhou.bank_says(number, told.DONE)
    assert lanzhou.case(number).state == "PAID"
    assert lanzhou.money(account).balance == before.balance - MONTH, "paid once"


def test_two_clerks_decide_the_same_case_and_the_second_is_told(lanzhou, departments):
    account, _ = lanzhou.tenant("何双人")
    departments.set_faults(silent={"probability": 1.0, "departments": ["TITLES"]})
    number = lanzhou.withdrawn(account, "何双人", said=MARKET).application_no
    departments.no_faults()
    found = (("homes_in_place", 0),)
    opinion = {
        "application_no": number,
        "opinion": "BY_RULE",
        "reason": "已到登记窗口查询",
        "found": found,
        "source": "不动产查询结果第17号",
    }
    first = lanzhou.give("review", lanzhou.maker, **opinion)
    assert first.value.state == "REVIEWED", first.reasons
    second = lanzhou.give("review", lanzhou.somebody("刘后到"), **opinion)
    (reason,) = second.reasons
    assert reason.code == "WITHDRAWAL_WRONG_STATE" and "张柜员" in reason.message
    same = lanzhou.give("pass_review", lanzhou.maker, application_no=number)
    assert [reason.code for reason in same.reasons] == ["SAME_PERSON"]
    passed = lanzhou.give("pass_review", lanzhou.checker, application_no=number)
    assert passed.value.state == "APPROVED", lanzhou.words(number)
    late = lanzhou.give("pass_review", lanzhou.director, application_no=number)
    assert late.reasons[0].code == "WITHDRAWAL_WRONG_STATE" and "李复核" in late.reasons[0].message
    assert lanzhou.seen("decisions", number)[0].kind == "REVIEW"


def test_an_override_needs_a_reason_and_a_second_person(lanzhou, told):
    account, _ = lanzhou.tenant("吕改定", homes_in_place=1)
    number = lanzhou.withdrawn(account, "吕改定", said=MARKET).application_no
    assert lanzhou.case(number).state == "REFUSED"
    nothing = lanzhou.give("review", lanzhou.maker, application_no=number, opinion="APPROVED", reason=" ", amount=MONTH)
    assert [reason.code for reason in nothing.reasons] == ["REASON_MISSING"]
    lanzhou.give("review", lanzhou.maker, application_no=number, opinion="APPROVED", reason="登记的房屋已被征收", amount=MONTH)
    passed = lanzhou.give("pass_review", lanzhou.checker, application_no=number)
    assert (passed.value.state, passed.value.amount) == ("APPROVED", MONTH)
    decision = lanzhou.seen("decisions", number)[0]
    assert (decision.kind, decision.rule_outcome, decision.outcome) == ("OVERRIDE", "REFUSED", "APPROVED")
    assert (decision.reviewer_name, decision.decided_by_name) == ("张柜员", "李复核")
    lanzhou.give("pay", application_no=number, business_on=lanzhou.on)
    lanzhou.bank_says(number, told.DONE)
    assert lanzhou.case(number).state == "PAID"


def test_a_ban_between_decision_and_payment_stops_the_payment(lanzhou):
    account, _ = lanzhou.tenant("施受限")
    number = lanzhou.applied(account, "施受限", said=MARKET, asked=MONTH)
    lanzhou.give("gather_facts", application_no=number, exchange=lanzhou.exchange)
    assert lanzhou.give("decide_application", application_no=number).value.state == "APPROVED"
    lanzhou.ban(account)
    before = lanzhou.money(account).balance
    paid = lanzhou.give("pay", application_no=number, business_on=lanzhou.on)
    assert paid.value.state == "REFUSED"
    assert lanzhou.reasons(number) == ["WITHDRAWAL_BANNED_NOW"]
    assert lanzhou.money(account).balance == before
    again = lanzhou.withdrawn(account, "施受限", said=MARKET, asked=MONTH)
    assert "BANNED" in lanzhou.reasons(again.application_no)


def test_money_bound_between_decision_and_payment_is_not_paid_and_no_cause_is_named(lanzhou):
    from django.db import transaction

    from hpf.ledger.services import place_freeze

    account, _ = lanzhou.tenant("张有令")
    number = lanzhou.applied(account, "张有令", said=MARKET, asked=MONTH)
    lanzhou.give("gather_facts", application_no=number, exchange=lanzhou.exchange)
    lanzhou.give("decide_application", application_no=number)
    with lanzhou.scope(), transaction.atomic():
        place_freeze(lanzhou.view(account).ledger_account_id, None, "法院文书")
    before = lanzhou.money(account).balance
    paid = lanzhou.give("pay", application_no=number, business_on=lanzhou.on)
    assert paid.value.state == "REFUSED"
    assert "冻结" not in lanzhou.words(number) and "可用余额不足" in lanzhou.words(number)
    assert lanzhou.money(account).balance == before


def test_taken_back_the_evidence_is_free_again(lanzhou):
    account, _ = lanzhou.tenant("孔撤回")
    number = lanzhou.applied(account, "孔撤回", said=months("2026-09"), asked=MONTH)
    lanzhou.give("gather_facts", application_no=number, exchange=lanzhou.exchange)
    lanzhou.give("decide_application", application_no=number)
    assert lanzhou.give("withdraw_application", application_no=number).value.state == "WITHDRAWN"
    again = lanzhou.withdrawn(account, "孔撤回", said=months("2026-09"), asked=MONTH)
    assert again.state == "IN_SETTLEMENT", lanzhou.words(again.application_no)
    assert lanzhou.money(account).held == ZERO


def test_whom_our_own_books_refuse_nobody_is_asked_about(lanzhou, departments):
    account, _ = lanzhou.tenant("曹一月", months=1)
    before = sum(departments.counts().values())
    moved = lanzhou.withdrawn(account, "曹一月", said=MARKET)
    assert moved.state == "REFUSED"
    assert lanzhou.reasons(moved.application_no) == ["RENT_MONTHS_SHORT"]
    assert sum(departments.counts().values()) == before


def test_a_death_reported_after_the_payment_is_marked_and_not_silently_reversed(lanzhou, told):
    account, _ = lanzhou.tenant("尤已故")
    paid = lanzhou.withdrawn(account, "尤已故", said=MARKET, asked=MONTH)
    lanzhou.bank_says(paid.application_no, told.DONE)
    waiting = lanzhou.applied(account, "尤已故", said=months("2026-08"), asked=MONTH)
    before = lanzhou.totals()
    person = lanzhou.view(account).person_id
    nothing = lanzhou.give("note_death", lanzhou.maker, person_id=person, died_on=lanzhou.on, source=" ")
    assert [reason.code for reason in nothing.reasons] == ["FINDING_WITHOUT_SOURCE"]
    noted = lanzhou.give("note_death", lanzhou.maker, person_id=person, died_on=lanzhou.on, source="死亡医学证明第7号")
    assert (noted.value.stopped, noted.value.flagged) == ((waiting,), (paid.application_no,))
    case = lanzhou.case(paid.application_no)
    assert case.state == "PAID" and "死亡医学证明第7号" in case.flagged
    assert lanzhou.case(waiting).state == "WITHDRAWN"
    assert lanzhou.totals() == before


def test_every_decision_made_here_comes_out_the_same_when_made_again(lanzhou, tianshui, capsys):
    from hpf.jobs.cli import main

    assert main(["replay", "--all"]) == 0
    import json

    told = json.loads(capsys.readouterr().out)
    assert told["replayed"] >= 15 and told["different"] == 0


def test_a_decision_that_was_tampered_with_shows_when_made_again(lanzhou, capsys):
    import json

    from hpf.jobs.cli import main
    from hpf.withdrawals import models

    with lanzhou.scope():
        real = models.Decision.objects.filter(rule_outcome="APPROVED").order_by("-id").first()
        data = json.loads(real.input)
        data["facts"]["homes_in_place"]["value"] = 2
        real.id, real.input = None, json.dumps(data)
        real.save(force_insert=True)
    assert main(["replay", "--all"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["different"] == 1 and "结论：原准予，现不予" in told["decisions"][0]["differences"]
