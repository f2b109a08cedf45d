"""还款计划: rate class, due days and the odd ends."""

from datetime import date

import pytest

from hpf.kernel.money import Money
from hpf.kernel.rate import Rate
from hpf.loans.rules.schedule import (
    RateClass,
    RepaymentMethod,
    day_interest,
    due_date,
    level_instalment,
    months_to_repay,
    rate_class,
    schedule,
)

LOAN = Money.yuan("600000.00")


@pytest.mark.parametrize(("months", "expected"), [(59, RateClass.SHORT), (60, RateClass.SHORT), (61, RateClass.LONG)])
def test_sixty_months_still_count_as_five_years(months, expected):
    assert rate_class(months) is expected


def test_a_due_day_of_31_becomes_the_last_day_of_a_shorter_month():
    days = [due_date(date(2023, 12, 31), later) for later in range(4)]
    assert days == [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]


def test_the_contract_day_comes_back_after_a_first_due_day_in_february():
    assert due_date(date(2025, 2, 28), 1, due_day=30) == date(2025, 3, 30)


def test_a_loan_without_interest_is_repaid_in_equal_parts():
    rows = schedule(Money.yuan("100.00"), Rate.of("0"), 3, RepaymentMethod.LEVEL_INSTALMENT)
    assert [str(row.payment) for row in rows] == ["33.33", "33.33", "33.34"]


def test_a_loan_of_one_month_is_repaid_at_once():
    (only,) = schedule(LOAN, Rate.of("2.60"), 1, RepaymentMethod.LEVEL_PRINCIPAL)
    assert (str(only.payment), str(only.balance)) == ("601300.00", "0.00")


@pytest.mark.parametrize(("principal", "months"), [("0.00", 12), ("1000.00", 0)])
def test_nothing_to_repay_is_no_loan(principal, months):
    with pytest.raises(ValueError, match="a loan needs an amount and a term"):
        schedule(Money.yuan(principal), Rate.of("2.60"), months, RepaymentMethod.LEVEL_INSTALMENT)


def test_a_monthly_rate_rounded_first_would_be_a_fen_off():
    exact = level_instalment(Money.yuan("857142.00"), Rate.of("2.85"), 360)
    assert exact == Money.yuan("3544.77")


def test_interest_by_days_rounds_once_over_both_stretches():
    assert day_interest(Money.yuan("100.00"), [(1, Rate.of("1.8")), (1, Rate.of("1.8"))]) == Money.yuan("0.01")


def test_an_instalment_that_does_not_cover_the_interest_never_ends():
    with pytest.raises(ValueError, match="does not cover the interest"):
        months_to_repay(LOAN, Rate.of("2.60"), Money.yuan("1300.00"))
    assert months_to_repay(LOAN, Rate.of("2.60"), Money.yuan("601300.00")) == 1
