"""开户、重开户、首月: the days of the law and the routes of one person, one account."""

from datetime import date
from pathlib import Path

import pytest

from hpf.accounts.rules.bases import check_base_month, check_window
from hpf.accounts.rules.limits import BaseLimits, RateBand, check_flexible_rate, check_rates, effective_base
from hpf.accounts.rules.openings import (
    HeldAccount,
    OpeningFacts,
    check_reopening,
    decide_opening,
    first_month_due,
    late_hire,
    late_registration,
)
from hpf.accounts.rules.states import check_employer_closing, check_employer_move, check_seal, check_unseal
from hpf.kernel.decision import Outcome
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.policy.rules import LawFiles


def codes(reasons):
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("held", "others", "confirmed", "elsewhere", "outcome", "code"),
    [
        (None, (), False, (), Outcome.APPROVED, []),
        (None, (), False, ("天水",), Outcome.APPROVED, ["ACCOUNT_ELSEWHERE"]),
        (None, ("011000000017",), False, ("天水",), Outcome.REFERRED, ["SAME_PERSON_SUSPECTED"]),
        (None, ("011000000017",), True, (), Outcome.APPROVED, []),
        (HeldAccount("1", "NORMAL", "甲厂", True), (), True, (), Outcome.REFUSED, ["OPENED_ALREADY"]),
        (HeldAccount("1", "SEALED", "甲厂", True), (), True, (), Outcome.REFUSED, ["SEALED_HERE"]),
        (HeldAccount("1", "SEALED", "甲厂", False), ("2",), True, (), Outcome.REFUSED, ["ACCOUNT_AT_ANOTHER_EMPLOYER"]),
    ],
)
def test_one_person_one_account(held, others, confirmed, elsewhere, outcome, code):
    decision = decide_opening(OpeningFacts(held, others, confirmed, elsewhere))
    assert (decision.outcome, codes(decision.reasons)) == (outcome, code)


def test_the_thirtieth_and_the_twentieth_day_are_in_time_and_the_next_is_not():
    assert late_registration(date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 20), 30, 20) == []
    assert codes(late_registration(date(2026, 7, 1), date(2026, 8, 1), date(2026, 8, 22), 30, 20)) == ["REGISTERED_LATE", "OPENED_LATE"]
    assert late_hire(date(2026, 7, 1), date(2026, 7, 31), 30) == []
    assert codes(late_hire(date(2026, 7, 1), date(2026, 8, 1), 30)) == ["HIRE_REPORTED_LATE"]


def test_a_first_job_pays_from_the_second_month_and_a_change_of_job_from_the_first():
    assert first_month_due(date(2026, 8, 31), first_job=True, waiting_months=1) == Month(2026, 9)
    assert first_month_due(date(2026, 8, 31), first_job=False, waiting_months=1) == Month(2026, 8)


def test_a_unit_waits_a_full_year_where_the_centre_says_so():
    assert codes(check_reopening(date(2026, 8, 3), date(2027, 8, 2), 12)) == ["REOPENED_TOO_SOON"]
    assert check_reopening(date(2026, 8, 3), date(2027, 8, 3), 12) == []
    assert check_reopening(date(2026, 8, 3), date(2026, 8, 4), 0) == []


FIVE, TWELVE = Rate.of("5"), Rate.of("12")
BAND = RateBand(FIVE, TWELVE, "条例/18", "建金〔2018〕45号/3")
LAW = LawFiles.read(Path(__file__).parents[3] / "law")


@pytest.mark.parametrize(
    ("employer", "member", "code"),
    [
        ("5", "12", []),
        ("4.99", "5", ["RATE_BELOW_MINIMUM"]),
        ("12.01", "4", ["RATE_ABOVE_MAXIMUM", "RATE_BELOW_MINIMUM"]),
    ],
)
def test_rates_stay_in_the_band(employer, member, code):
    assert codes(check_rates(Rate.of(employer), Rate.of(member), BAND)) == code


def test_the_message_of_a_low_rate_says_what_why_and_what_now():
    (reason,) = check_rates(Rate.of("4.99"), FIVE, RateBand.of(LAW.book("lanzhou", date(2026, 8, 1))))
    assert (reason.code, reason.message) == ("RATE_BELOW_MINIMUM", "单位缴存比例4.99%低于下限5.00%，请更正后重新提交")
    assert (reason.law, reason.facts) == (("条例/18",), (("side", "单位"), ("rate", "4.99")))


def test_a_centre_may_ask_for_one_rate_of_both_sides():
    tianshui = RateBand.of(LAW.book("tianshui", date(2021, 8, 1)))
    assert codes(check_rates(FIVE, TWELVE, tianshui)) == ["RATES_DIFFER"]
    assert check_rates(FIVE, FIVE, tianshui) == []


def test_a_flexible_rate_has_its_own_band():
    tianshui = RateBand.flexible(LAW.book("tianshui", date(2022, 1, 1)))
    assert check_flexible_rate(Rate.of("24"), tianshui) == []
    (reason,) = check_flexible_rate(Rate.of("24.01"), tianshui)
    assert (reason.code, reason.message) == ("RATE_ABOVE_MAXIMUM", "灵活就业缴存比例24.01%高于上限24.00%，请更正后重新提交")


def test_a_base_is_clamped_to_the_published_limits():
    limits = BaseLimits(Money.yuan("2200.00"), Money.yuan("30090.75"))
    assert [effective_base(Money.yuan(base), limits).text for base in ("2199.99", "2200.00", "30090.76")] == [
        "2,200.00",
        "2,200.00",
        "30,090.75",
    ]


def test_the_yearly_window_is_the_centres_own():
    assert check_window(Month(2026, 1), "1,7") == []
    assert codes(check_window(Month(2026, 1), "7")) == ["OUTSIDE_WINDOW"]
    assert codes(check_base_month("NORMAL", Month(2026, 7), Month(2026, 7))) == ["MONTH_REMITTED"]
    assert check_base_month("SEALED", Month(2026, 8), Month(2026, 7)) == []
    assert codes(check_base_month("MERGED", Month(2026, 8), None)) == ["ACCOUNT_CLOSED"]


def test_states_move_only_along_their_lines():
    allowed = {("OPENED", "NORMAL"), ("NORMAL", "DEFERRED"), ("DEFERRED", "NORMAL"), ("NORMAL", "SEALED"), ("SEALED", "NORMAL")}
    states = ("OPENED", "NORMAL", "DEFERRED", "SEALED", "CLOSED")
    for now in states:
        for wanted in states:
            free = (now, wanted) in allowed or (wanted == "CLOSED" and now != "CLOSED")
            assert (check_employer_move(now, wanted) == []) == free
    assert check_seal("NORMAL", "LEFT") == []
    assert codes(check_seal("SEALED", "LEFT")) == ["STATE_NOT_ALLOWED"]
    assert check_unseal("SEALED") == []
    assert codes(check_unseal("NORMAL")) == ["STATE_NOT_ALLOWED"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, []),
        ({"members_open": 1}, ["MEMBERS_LEFT"]),
        ({"prepaid": Money(1)}, ["PREPAID_LEFT"]),
        ({"arrears": Money(1)}, ["ARREARS_LEFT"]),
        ({"arrears": Money(1), "arrears_decision_no": "兰公积金处〔2026〕3号"}, []),
        ({"reason": "因为"}, ["CLOSE_REASON_MISSING"]),
        ({"state": "CLOSED"}, ["STATE_NOT_ALLOWED"]),
    ],
)
def test_a_unit_closes_only_with_nothing_left(given, code):
    facts = {"state": "NORMAL", "reason": "REVOKED", "members_open": 0, "prepaid": ZERO, "arrears": ZERO, "arrears_decision_no": ""}
    assert codes(check_employer_closing(**{**facts, **given})) == code
