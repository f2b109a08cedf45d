"""首付款追回: the money of a deal that did not come about is the member's again, as if it had never left its bucket."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from hpf.kernel.money import Money

HOUSES = iter(range(100, 999))
LATER = date(2026, 11, 30)


@pytest.fixture
def told():
    from hpf.treasury.rules.payments import Told

    return Told


@pytest.fixture(scope="module")
def lanzhou(database: str, departments: Any) -> Any:
    """A Lanzhou of this module's own: its day moves on."""
    from tests.support.withdrawals import Payer

    centre = Payer(1, departments)
    centre.begin()
    return centre


def subscribed(lanzhou: Any, name: str, told: Any, **facts: Any) -> tuple[str, str, str]:
    """A down payment of 3,000.00 paid for a flat that is not yet signed for: (account, reference, application)."""
    house = f"620102009000{next(HOUSES):06d}"
    deal = {
        "contract_no": f"RG{house[-6:]}", "house_no": house, "contract_signed_on": None, "price_fen": 90_000_000, "down_payment_fen": 20_000_000,
        "is_presale": True, "deal_state": "SUBSCRIBED", "supervised_account": f"1048{house[-8:]}", "supervised_name": f"兰州某置业公司{house[-3:]}",
        "supervised_bank": "104821000019", "place_linked": True, "marriage_changes_year": 0, "house_trades_year": 0,
    } | facts  # fmt: skip
    account, reference = lanzhou.tenant(name, born="19900101", **deal)
    lanzhou.departments.facts(reference, buyers=reference)
    lanzhou.pay(account, "5000.00", lanzhou.on, value_on=date(2026, 9, 1), carried="2000.00")
    moved = lanzhou.withdrawn(account, name, "DOWN_PAYMENT", asked=Money.yuan("3000.00"), said=(("contract_no", deal["contract_no"]),))
    assert moved.state == "IN_SETTLEMENT", lanzhou.words(moved.application_no)
    lanzhou.bank_says(moved.application_no, told.DONE)
    return account, reference, moved.application_no


def checked(lanzhou: Any, number: str) -> Any:
    return lanzhou.give("check_deal", application_no=number, business_on=lanzhou.on, exchange=lanzhou.exchange)


def demand(lanzhou: Any, number: str) -> Any:
    return lanzhou.give("demand_back", lanzhou.maker, application_no=number, business_on=lanzhou.on)


def codes(answer: Any) -> list[str]:
    return [reason.code for reason in answer.reasons]


def test_a_failed_deal_comes_back_to_its_bucket_and_counts_no_more(lanzhou, told):
    account, reference, number = subscribed(lanzhou, "方首付", told)
    before = lanzhou.money(account)
    assert before.balance == Money.yuan("5600.00") and before.carried == Money.yuan("0.00"), "what was carried over went first"
    assert codes(demand(lanzhou, number)) == ["DEAL_NOT_CHECKED"]
    assert checked(lanzhou, number).value is not None
    assert codes(demand(lanzhou, number)) == ["CLAIM_NOT_DUE"], "subscribed, and its day has not come"
    lanzhou.departments.facts(reference, deal_state="FAILED")
    checked(lanzhou, number)
    claim = demand(lanzhou, number).value
    assert (claim.amount, claim.state, claim.due_on) == (Money.yuan("3000.00"), "DEMANDED", lanzhou.on)
    assert codes(demand(lanzhou, number)) == ["CLAIM_RUNNING"]
    lanzhou.pay_in("1000.00", summary=f"退首付款 {claim.claim_no}")
    lanzhou.settle()
    assert lanzhou.money(account).balance == before.balance, "a part of it waits for the rest"
    lanzhou.pay_in("2000.00", summary=f"退首付款 {claim.claim_no}")
    lanzhou.settle()
    after = lanzhou.money(account)
    assert (after.balance, after.carried) == (Money.yuan("8600.00"), Money.yuan("2000.00"))
    assert lanzhou.case(number).state == "CLAWED_BACK"
    assert lanzhou.seen("claim", claim.claim_no).state == "RETURNED"
    lanzhou.settle()
    assert lanzhou.money(account).balance == Money.yuan("8600.00")
    lanzhou.departments.facts(reference, deal_state="SUBSCRIBED")
    contract = f"RG{lanzhou.case(number).said['contract_no'][2:]}"
    again = lanzhou.withdrawn(account, "方首付", "DOWN_PAYMENT", asked=Money.yuan("3000.00"), said=(("contract_no", contract),))
    assert again.state == "IN_SETTLEMENT", "the same house may be paid for again: " + lanzhou.words(again.application_no)


def test_what_came_back_is_taken_off_the_days_withdrawals(lanzhou, told):
    from tests.integration.withdrawals.test_ground_statistics import count, facts

    def principal() -> int:
        count(lanzhou.on)
        rows = [
            row for row in facts() if row[0] == "DAY" and row[1] == lanzhou.on and (row[2], row[4]) == ("ground_principal", "DOWN_PAYMENT")
        ]
        return sum(row[5] for row in rows)

    before = principal()
    _, reference, number = subscribed(lanzhou, "方统计", told)
    assert principal() == before + 3_000_00
    lanzhou.departments.facts(reference, deal_state="FAILED")
    checked(lanzhou, number)
    lanzhou.pay_in("3000.00", summary=demand(lanzhou, number).value.claim_no)
    lanzhou.settle()
    assert (lanzhou.case(number).state, principal()) == ("CLAWED_BACK", before)


def test_a_deal_that_becomes_final_stops_the_claim_and_money_that_came_waits_to_go_back(lanzhou, told):
    account, reference, number = subscribed(lanzhou, "方网签", told)
    lanzhou.departments.facts(reference, deal_state="FAILED")
    checked(lanzhou, number)
    claim = demand(lanzhou, number).value
    receipt = lanzhou.pay_in("3000.00", summary=claim.claim_no)
    lanzhou.departments.facts(reference, deal_state="SIGNED")
    checked(lanzhou, number)
    lanzhou.settle()
    assert lanzhou.money(account).balance == Money.yuan("5600.00")
    assert (lanzhou.case(number).state, lanzhou.seen("claim", claim.claim_no).state) == ("PAID", "STOPPED")
    from hpf.treasury import queries

    with lanzhou.scope():
        assert queries.receipt(1, receipt).state == "SUSPENSE"
    assert codes(demand(lanzhou, number)) == ["DEAL_IS_FINAL"]


def test_signing_and_demanding_at_the_same_moment_leave_no_claim_on_a_final_deal(lanzhou, told):
    from django.db import connections

    for _ in range(3):
        _, reference, number = subscribed(lanzhou, "方同时", told)
        lanzhou.departments.facts(reference, deal_state="FAILED")
        checked(lanzhou, number)

        def sign(number: str = number) -> Any:
            try:
                return lanzhou.give(
                    "record_deal", lanzhou.checker, application_no=number, deal_state="SIGNED", source="网签合同第1号", on=lanzhou.on
                )
            finally:
                connections.close_all()

        def ask(number: str = number) -> Any:
            try:
                return demand(lanzhou, number)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as both:
            signed, asked = both.submit(sign), both.submit(ask)
            assert signed.result().value is not None
            answer = asked.result()
        claims = [each.claim for each in lanzhou.seen("deals", lanzhou.on, "")[0] if each.application_no == number and each.claim]
        assert codes(answer) == ["DEAL_IS_FINAL"] if answer.value is None else [each.state for each in claims] == ["STOPPED"]


def test_refusing_to_pay_back_marks_the_case_and_the_claim_stays_open(lanzhou, told):
    account, reference, number = subscribed(lanzhou, "方拒退", told)
    lanzhou.departments.facts(reference, deal_state="FAILED")
    checked(lanzhou, number)
    claim = demand(lanzhou, number).value
    assert codes(lanzhou.give("note_refusal", lanzhou.maker, claim_no=claim.claim_no, words=" ")) == ["REASON_MISSING"]
    refused = lanzhou.give("note_refusal", lanzhou.maker, claim_no=claim.claim_no, words="开发企业书面拒绝")
    assert refused.value.state == "REFUSED"
    assert "限制提取" in lanzhou.case(number).flagged
    lanzhou.pay_in("3000.00", summary=claim.claim_no)
    lanzhou.settle()
    assert (lanzhou.case(number).state, lanzhou.case(number).flagged) == ("CLAWED_BACK", "")
    assert lanzhou.money(account).balance == Money.yuan("8600.00")


def test_a_silent_department_is_no_answer_and_a_paper_may_speak_for_it(lanzhou, told, departments):
    _, _, number = subscribed(lanzhou, "方沉默", told)
    departments.set_faults(silent={"probability": 1.0, "departments": ["HOUSING"]})
    assert codes(checked(lanzhou, number)) == ["DEAL_NOT_TOLD"]
    departments.no_faults()
    assert codes(demand(lanzhou, number)) == ["DEAL_NOT_CHECKED"]
    said = {"application_no": number, "deal_state": "FAILED", "on": lanzhou.on}
    assert codes(lanzhou.give("record_deal", lanzhou.maker, source="", **said)) == ["FINDING_WITHOUT_SOURCE"]
    assert lanzhou.give("record_deal", lanzhou.maker, source="解除认购协议第7号", **said).value is not None
    assert demand(lanzhou, number).value is not None


def test_every_morning_asks_again_about_deals_whose_day_has_passed(lanzhou, told):
    """Last: the day moves on by two months."""
    from hpf.withdrawals.services import check_deals

    _, _, number = subscribed(lanzhou, "方逾期", told)
    _, other, signed = subscribed(lanzhou, "方按期", told)
    lanzhou.departments.facts(other, deal_state="SIGNED")
    by_day = {each.application_no: each.sign_by for each in lanzhou.seen("deals", lanzhou.on)[0]}
    assert by_day[number] == date(2026, 11, 23), "sixty days"
    ask = {"by": lanzhou.auto, "centre_id": 1, "business_on": LATER, "at": lanzhou.at, "exchange": lanzhou.exchange}
    told_now = {each.application_no for each in check_deals(**ask)}
    assert {number, signed} <= told_now
    assert check_deals(**ask) == [], "once a day"
    left = {each.application_no: each.deal_state for each in lanzhou.seen("deals", LATER, "OVERDUE")[0]}
    assert left[number] == "SUBSCRIBED" and signed not in left
    claim = lanzhou.give("demand_back", lanzhou.maker, application_no=number, business_on=LATER).value
    assert (claim.amount, claim.due_on) == (Money.yuan("3000.00"), date(2026, 11, 23))
