"""The day's calendar, accrual, what a settlement must show, and what a year leaves: without a database."""

from __future__ import annotations

from datetime import date

from hpf.accounts.rules.interest import Method, Rates, Running, amount_accrued
from hpf.closing.rules.balance import BalanceCheck, Place, red
from hpf.closing.rules.calendar import next_business_day
from hpf.closing.rules.interest import SettlementFacts, check_settlement, difference_case, interest_missed
from hpf.closing.rules.year import YearResult, distribution, postings_expense, postings_income, postings_result, postings_sweep
from hpf.kernel.decision import Reason
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.kernel.rate import Rate

RATE = Rate.of("1.50")


class NoWeekends:
    def is_workday(self, day: date) -> bool:
        return day.weekday() < 5


def yuan(text: str) -> Money:
    return Money.yuan(text)


def test_the_next_business_day_is_a_working_day_or_a_month_end():
    assert next_business_day(date(2026, 8, 7), NoWeekends()) == date(2026, 8, 10)
    assert next_business_day(date(2026, 5, 29), NoWeekends()) == date(2026, 5, 31)
    assert next_business_day(date(2026, 8, 7), NoWeekends(), every_day=True) == date(2026, 8, 8)


def test_a_month_accrues_what_its_days_have_earned():
    centre = Running.opening(InterestYear(2025), 1_000_000)
    assert amount_accrued(centre, Method.DAY_PRODUCT_360, RATE, date(2025, 7, 31)) == yuan("12.92")
    assert amount_accrued(centre, Method.DAY_PRODUCT_360, RATE, date(2026, 6, 30)) == yuan("152.08")


def test_a_month_accrues_whole_months_by_the_other_method():
    centre = Running.opening(InterestYear(2025), 1_000_000)
    assert amount_accrued(centre, Method.MONTH_WEIGHTS, RATE, date(2025, 7, 31)) == yuan("12.50")
    assert amount_accrued(centre, Method.MONTH_WEIGHTS, RATE, date(2026, 6, 30)) == yuan("150.00")


def test_the_three_cases_of_the_accrual_difference():
    assert difference_case(yuan("12300.00"), yuan("12300.00")) == "9113"
    assert difference_case(yuan("12300.00"), yuan("12000.00")) == "9114"
    assert difference_case(yuan("12300.00"), yuan("0.00")) == "9115"


def facts(**changed) -> SettlementFacts:
    whole = {
        "year": 2025, "accounts": 3, "accounts_in_ledger": 3, "digest": "a", "digest_in_ledger": "a", "interest": yuan("10.00"),
        "planned": yuan("10.00"), "unposted": 0, "unpaid_closed": 0,
    }  # fmt: skip
    return SettlementFacts(**{**whole, **changed})


def test_a_settlement_may_be_posted_when_everything_agrees():
    assert check_settlement(facts()) == []


def test_each_thing_that_does_not_agree_is_a_reason_of_its_own():
    codes = [
        [reason.code for reason in check_settlement(facts(**changed))]
        for changed in ({"accounts": 2}, {"digest": "b"}, {"interest": yuan("10.01")}, {"unposted": 1}, {"unpaid_closed": 1})
    ]
    assert codes == [["ACCOUNTS_DIFFER"], ["ACCOUNTS_DIFFER"], ["INTEREST_DIFFERS"], ["UNPOSTED_MONEY"], ["CLOSED_WITHOUT_INTEREST"]]


def test_a_correction_brings_the_interest_of_each_frozen_year_capitalised():
    missed = interest_missed(100_000, date(2024, 7, 1), 2026, Method.DAY_PRODUCT_360, lambda day: Rates(RATE, RATE))
    # 365 days of 1,000.00 are 15.21; 365 days of 1,015.21 are 15.44
    assert missed == yuan("30.65")
    assert interest_missed(-100_000, date(2024, 7, 1), 2026, Method.DAY_PRODUCT_360, lambda day: Rates(RATE, RATE)) == -yuan("30.65")
    assert interest_missed(100_000, date(2026, 7, 1), 2026, Method.DAY_PRODUCT_360, lambda day: Rates(RATE, RATE)) == Money(0)


def test_a_red_check_says_how_much_and_where():
    check = BalanceCheck("BAL-1", "个人账户余额合计与住房公积金科目（201）", yuan("2000.01"), yuan("2000.00"),
                         (Place("MEMBER_ACCOUNT", "0801", yuan("1200.01"), yuan("1200.00")),))  # fmt: skip
    assert check.text == (
        "BAL-1 个人账户余额合计与住房公积金科目（201）：2,000.01元与2,000.00元，相差0.01元，差在：个人账户0801：1,200.01元与1,200.00元，相差0.01元。"
        "本日不得结账，请查明并以冲正或调账分录更正后再次日终"
    )
    assert red([check, BalanceCheck("BAL-6", "", yuan("1.00"), yuan("1.00"))]) == (check,)


WORKED = YearResult(
    income=((40101, yuan("6000.00")), (40102, yuan("20.00")), (4010301, yuan("14000.00")), (4010501, yuan("50.00"))),
    expense=((41101, yuan("12300.00")), (41103, yuan("700.00"))),
)


def test_the_worked_year_leaves_its_surplus_and_its_sweep():
    assert (WORKED.total_income, WORKED.total_expense, WORKED.surplus, WORKED.sweep) == (
        yuan("20070.00"), yuan("13000.00"), yuan("7070.00"), yuan("7050.00"),
    )  # fmt: skip


def test_every_posting_of_the_year_end_sums_to_zero():
    plan = distribution(WORKED.surplus, Rate.of("60"), yuan("2000.00"))
    for legs in (postings_income(WORKED), postings_expense(WORKED), postings_result(WORKED.surplus), postings_sweep(WORKED.sweep), plan.entries,
                 plan.closing_entries):  # fmt: skip
        assert Money.total(amount for _, amount in legs) == Money(0)


def test_the_surplus_is_divided_in_the_legal_order():
    plan = distribution(WORKED.surplus, Rate.of("60"), yuan("2000.00"))
    assert (plan.risk_reserve, plan.management_fee, plan.housing_supplement) == (yuan("4242.00"), yuan("2000.00"), yuan("828.00"))


def test_a_loss_and_a_fee_too_large_are_refused():
    loss = distribution(yuan("-1.00"), Rate.of("60"), yuan("0.00"))
    fee = distribution(yuan("7070.00"), Rate.of("60"), yuan("2828.01"))
    assert isinstance(loss, Reason)
    assert isinstance(fee, Reason)
    assert (loss.code, fee.code) == ("NO_SURPLUS", "FEE_ABOVE_REST")
    assert "2,828.01元，大于提取风险准备后的余额2,828.00元" in fee.message
