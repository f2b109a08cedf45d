"""欠缴 催缴 缓缴."""

from dataclasses import replace
from datetime import date

import pytest

from hpf.contributions.rules.arrears import (
    UrgingEvidence,
    arrears,
    check_urging_step,
    due_on,
    is_lapse_watched,
    next_urging_step,
)
from hpf.contributions.rules.deferral import Application, DeferralPolicy, Standing, decide, months_to_pay_back
from hpf.contributions.rules.list_check import check_list
from hpf.contributions.rules.postings import postings_for_remittance
from hpf.contributions.rules.states import DeferralKind, UrgingStepKind
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.ledger.rules import Leg, difference
from tests.unit.contributions.roster import LI, ZHANG, line, listed, terms

STARTED = Month(2020, 1)


def test_a_month_is_due_some_days_after_payday():
    assert due_on(Month(2026, 7), 10, 5) == date(2026, 7, 15)
    assert due_on(Month(2026, 2), 31, 5) == date(2026, 3, 5)


@pytest.mark.parametrize(("on", "months"), [(date(2026, 7, 15), [6]), (date(2026, 7, 16), [6, 7]), (date(2026, 6, 15), [])])
def test_a_month_is_owed_from_the_day_after_its_last_day(on, months):
    owed = arrears(STARTED, Month(2026, 5), 10, 5, on)
    assert [each.month for each in owed] == [Month(2026, month) for month in months]
    assert all(each.days == (on - each.due_on).days for each in owed)


def test_deferred_months_are_not_owed_but_those_after_them_are():
    owed = arrears(STARTED, Month(2026, 3), 10, 5, date(2026, 7, 20), excused={Month(2026, 4), Month(2026, 6)})
    assert [each.month for each in owed] == [Month(2026, 5), Month(2026, 7)]


def test_a_unit_that_never_paid_owes_from_its_first_month():
    assert [each.month for each in arrears(Month(2026, 6), None, 10, 5, date(2026, 7, 20))] == [Month(2026, 6), Month(2026, 7)]


@pytest.mark.parametrize(("on", "watched"), [(date(2026, 6, 30), False), (date(2026, 7, 1), False), (date(2026, 8, 1), True)])
def test_who_has_not_paid_for_three_whole_months_is_watched(on, watched):
    assert is_lapse_watched(Month(2026, 4), STARTED, on, 3) is watched


CALLED = UrgingEvidence(UrgingStepKind.CALL, date(2026, 8, 1))
NOTICED = UrgingEvidence(UrgingStepKind.NOTICE, date(2026, 8, 10), delivered_on=date(2026, 8, 12))
ORDERED = UrgingEvidence(UrgingStepKind.ORDER, date(2026, 9, 1), delivered_on=date(2026, 9, 2), deadline=date(2026, 9, 17))


def test_the_ladder_is_climbed_step_by_step():
    steps = [next_urging_step(taken).kinds for taken in ([], [CALLED], [CALLED, NOTICED], [CALLED, NOTICED, ORDERED])]
    assert steps == [(UrgingStepKind.CALL,), (UrgingStepKind.NOTICE,), (UrgingStepKind.ORDER,), (UrgingStepKind.COURT,)]


def test_a_notice_that_was_not_delivered_does_not_count():
    undelivered = replace(NOTICED, delivered_on=None)
    assert next_urging_step([CALLED, undelivered]).kinds == (UrgingStepKind.NOTICE,)
    (reason,) = check_urging_step(UrgingStepKind.ORDER, [CALLED, undelivered], date(2026, 9, 1))
    assert reason.code == "URGING_STEP_SKIPPED"


def test_the_court_comes_after_the_deadline_of_the_order():
    taken = [CALLED, NOTICED, ORDERED]
    (reason,) = check_urging_step(UrgingStepKind.COURT, taken, date(2026, 9, 17))
    assert reason.code == "URGING_DEADLINE_RUNNING"
    assert check_urging_step(UrgingStepKind.COURT, taken, date(2026, 9, 18)) == []


def test_a_unit_that_never_registered_is_fined_instead():
    assert next_urging_step([CALLED, NOTICED, ORDERED], is_registered=False).kinds == (UrgingStepKind.FINE,)


def test_an_earlier_step_may_be_repeated():
    assert check_urging_step(UrgingStepKind.CALL, [CALLED, NOTICED], date(2026, 9, 1)) == []


# --- 缓缴 降比 ---

POLICY = DeferralPolicy(12, "兰住金〔2024〕4号/缓缴", 1, "兰住金〔2024〕4号/缓缴", True, "兰住金〔2024〕4号/缓缴", Rate.of("5"), "条例/18")
UNIT = Standing(Rate.of("12"), Rate.of("12"), Month(2026, 7))
REDUCE = Application(DeferralKind.REDUCTION, Month(2026, 8), Month(2027, 8), "职代会〔2026〕3号", True, Rate.of("5"), Rate.of("5"))
DEFER = Application(DeferralKind.DEFERRAL, Month(2026, 8), Month(2027, 8), "职代会〔2026〕3号", True)
TODAY = date(2026, 7, 20)


def codes(asked, standing=UNIT, policy=POLICY, on=TODAY):
    return [reason.code for reason in decide(asked, standing, policy, on).reasons]


def test_a_unit_in_difficulty_may_lower_its_rates_to_the_minimum():
    assert decide(REDUCE, UNIT, POLICY, TODAY).value == REDUCE


@pytest.mark.parametrize(
    ("different", "expected"),
    [
        ({"resolution_no": " "}, ["RESOLUTION_MISSING"]),
        ({"has_hardship_evidence": False}, ["HARDSHIP_EVIDENCE_MISSING"]),
        ({"until": Month(2027, 9)}, ["TERM_TOO_LONG"]),
        ({"until": Month(2026, 8)}, ["TERM_EMPTY"]),
        ({"since": Month(2026, 7), "until": Month(2027, 1)}, ["TERM_ALREADY_PAID"]),
        ({"employer_rate": Rate.of("4.99")}, ["RATE_BELOW_MINIMUM"]),
        ({"employer_rate": Rate.of("12"), "member_rate": Rate.of("12")}, ["RATE_NOT_LOWERED"]),
        ({"member_rate": Rate.of("12.5")}, ["RATE_NOT_LOWERED"]),
    ],
)
def test_what_could_never_be_approved_is_refused_at_once(different, expected):
    assert codes(replace(REDUCE, **different)) == expected


def test_where_the_centre_says_so_rates_are_lowered_first():
    assert codes(DEFER) == ["REDUCTION_FIRST"]
    assert codes(DEFER, replace(UNIT, is_reduced=True)) == []
    assert codes(DEFER, replace(UNIT, employer_rate=Rate.of("5"), member_rate=Rate.of("5"))) == []
    assert codes(DEFER, policy=replace(POLICY, needs_reduction_first=False)) == []


@pytest.mark.parametrize(("on", "expected"), [(date(2027, 6, 30), []), (date(2027, 7, 1), ["RENEWAL_TOO_LATE"])])
def test_a_renewal_is_asked_for_a_month_before_the_end(on, expected):
    renewal = replace(DEFER, since=Month(2027, 8), until=Month(2028, 8), renews_until=Month(2027, 8))
    assert codes(renewal, replace(UNIT, is_reduced=True), on=on) == expected


def test_a_renewal_leaves_no_gap_and_terms_do_not_overlap():
    reduced = replace(UNIT, is_reduced=True, running=((Month(2026, 8), Month(2027, 8)),))
    assert codes(replace(DEFER, since=Month(2027, 9), until=Month(2028, 3), renews_until=Month(2027, 8)), reduced) == ["RENEWAL_GAP"]
    assert codes(replace(DEFER, since=Month(2027, 7), until=Month(2028, 3)), reduced) == ["TERM_OVERLAPS"]


def test_deferred_months_are_paid_back_when_the_term_ends():
    months = months_to_pay_back(Month(2026, 8), Month(2027, 8), Month(2026, 11), {Month(2026, 9)})
    assert months == [Month(2026, 8), Month(2026, 10)]
    assert months_to_pay_back(Month(2026, 8), Month(2027, 8), Month(2026, 8), set()) == []


# --- 分录 ---


def accepted():
    return check_list(listed(line(2, ZHANG), line(3, LI)), [ZHANG, LI], terms()).accepted


def test_the_receipt_goes_to_every_member():
    legs = postings_for_remittance(accepted(), 500, None)
    assert legs == [Leg(500, 46400), Leg(9001, -23200, 0), Leg(9002, -23200, 0)]
    assert difference(legs) == Money(0)


def test_prepaid_money_fills_up_and_what_is_left_over_is_prepaid():
    short = postings_for_remittance(accepted(), 500, 600, from_prepaid=Money(400))
    assert short[:2] == [Leg(500, 46000), Leg(600, 400)]
    long = postings_for_remittance(accepted(), 500, 600, overpaid=Money(1))
    assert long[:2] == [Leg(500, 46401), Leg(600, -1)]
    assert (difference(short), difference(long)) == (Money(0), Money(0))


def test_money_needs_an_account_it_comes_from():
    with pytest.raises(ValueError, match="no receipt account is named"):
        postings_for_remittance(accepted(), None, 600)
