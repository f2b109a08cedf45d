"""计息: what a balance earns, bucket by bucket, and how it is explained."""

from datetime import date
from fractions import Fraction

import pytest

from hpf.accounts.rules.interest import (
    UNIFIED_ON,
    Entry,
    Method,
    Rates,
    Running,
    amount_interest,
    explain,
    interest,
    month_of_year,
)
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.kernel.rate import Rate

YEAR = InterestYear(2023)
ONE_YEAR = Rates(Rate.of("1.5"), Rate.of("1.5"))


def unified(_: date) -> Rates:
    return ONE_YEAR


def opening(yuan: str, year: InterestYear = YEAR) -> Entry:
    fen = Money.yuan(yuan).fen
    return Entry(year.first_day, fen, fen)


def paid(day: str, yuan: str) -> Entry:
    return Entry(date.fromisoformat(day), Money.yuan(yuan).fen)


def test_the_day_of_30_june_itself_earns():
    on_the_last_day = interest(Method.DAY_PRODUCT_360, YEAR, opening("0.00"), [paid("2024-06-30", "36000.00")], unified)
    assert on_the_last_day.interest == Money.yuan("1.50")


def test_the_day_money_comes_in_earns_and_the_day_it_leaves_does_not():
    for left, expected in (("2024-03-02", "1.50"), ("2024-03-03", "3.00")):
        moves = [paid("2024-03-01", "36000.00"), paid(left, "-36000.00")]
        assert interest(Method.DAY_PRODUCT_360, YEAR, opening("0.00"), moves, unified).interest == Money.yuan(expected)


def test_an_account_closed_on_the_first_day_earns_nothing():
    found = interest(Method.DAY_PRODUCT_360, YEAR, opening("10000.00"), [], unified, close_on=YEAR.first_day)
    assert found.closing == Money.yuan("10000.00")


def test_an_entry_of_another_year_is_refused():
    with pytest.raises(ValueError, match="2024-07-01 is not before 2024-07-01"):
        interest(Method.DAY_PRODUCT_360, YEAR, opening("0.00"), [paid("2024-07-01", "1.00")], unified)


def test_before_unification_the_rate_of_settlement_day_holds_for_the_whole_year():
    year = InterestYear(2014)
    known = {date(2015, 6, 30): Rates(Rate.of("1.6"), Rate.of("0.35"))}
    found = interest(Method.DAY_PRODUCT_360, year, opening("36000.00", year), [], known.__getitem__)
    assert found.interest == Money.yuan("584.00")


def test_an_account_closed_in_2015_before_unification_has_one_segment():
    year = InterestYear(2015)
    close_on = date(2016, 2, 20)
    known = {close_on: Rates(Rate.of("1.1"), Rate.of("0.35"))}
    found = interest(Method.DAY_PRODUCT_360, year, opening("36000.00", year), [], known.__getitem__, close_on)
    assert [segment.until for segment, _ in found.products] == [close_on]
    assert found.interest == Money.yuan("257.40")


def test_the_month_method_of_2015_splits_into_eight_and_four_months():
    year = InterestYear(2015)

    def rates(on: date) -> Rates:
        return ONE_YEAR if on >= UNIFIED_ON else Rates(Rate.of("1.1"), Rate.of("0.35"))

    found = interest(Method.MONTH_WEIGHTS, year, opening("12000.00", year), [], rates)
    assert [products.carried for _, products in found.products] == [8 * 1200000, 4 * 1200000]
    assert found.interest == Money.yuan("148.00")


def test_months_of_the_interest_year_are_counted_from_july():
    days = (date(2023, 7, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 6, 30), date(2023, 5, 1))
    assert [month_of_year(YEAR, day) for day in days] == [1, 6, 7, 12, 0]


def test_nothing_is_rounded_before_the_end():
    assert amount_interest(Method.DAY_PRODUCT_360, 11999, Rate.of("1.5")) == Money(0)
    assert amount_interest(Method.DAY_PRODUCT_360, 12000, Rate.of("1.5")) == Money(1)


def test_the_explanation_adds_up_to_the_interest_exactly():
    moves = [paid("2023-07-10", "2000.00"), paid("2024-03-15", "-5000.00"), paid("2024-03-15", "100.00")]
    rows = explain(YEAR, opening("10000.00"), moves, unified)
    assert [(row.since, row.days, row.balance.text) for row in rows] == [
        (date(2023, 7, 1), 9, "10,000.00"),
        (date(2023, 7, 10), 249, "12,000.00"),
        (date(2024, 3, 15), 108, "7,100.00"),
    ]
    whole = interest(Method.DAY_PRODUCT_360, YEAR, opening("10000.00"), moves, unified)
    assert sum(row.product for row in rows) == whole.product_total
    assert sum((row.interest_exact for row in rows), Fraction(0)) == Fraction(whole.product_total * 15, 360_000)


def test_a_payment_found_late_earns_from_its_value_date():
    on_time = Running.opening(YEAR, 1_000_000).posted(paid("2023-08-10", "500.00")).posted(paid("2023-09-10", "300.00"))
    late = Running.opening(YEAR, 1_000_000).posted(paid("2023-09-10", "300.00")).posted(paid("2023-08-10", "500.00"))
    assert late == on_time


def test_a_value_date_before_the_year_earns_this_year_from_its_first_day():
    assert Running.opening(YEAR, 0).posted(paid("2023-05-10", "100.00")).day_products == 10000 * 366
