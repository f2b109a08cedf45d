"""金额 利率 年月 年度 决定."""

from datetime import date
from decimal import Decimal

import pytest

from hpf.kernel.decision import Decision, Outcome, Reason, cites
from hpf.kernel.money import Money, NotAnAmount, round_half_up
from hpf.kernel.period import InterestYear, Month, Period
from hpf.kernel.rate import Rate


@pytest.mark.parametrize("text", ["1.005", "1,000", "１", "1e3", "", "--1", "1.", ".5", " 1", "+1"])
def test_what_is_not_yuan_to_the_fen_is_no_amount(text):
    with pytest.raises(NotAnAmount):
        Money.yuan(text)


@pytest.mark.parametrize("value", [1.0, Decimal(1), True, "1"])
def test_an_amount_is_whole_fen_and_nothing_else(value):
    with pytest.raises(NotAnAmount):
        Money(value)


def test_amounts_are_written_for_files_and_for_people():
    assert [str(Money(-5)), Money(-123456789).text, str(Money.yuan("-0.05") + Money(5))] == ["-0.05", "-1,234,567.89", "0.00"]


@pytest.mark.parametrize(("n", "d", "expected"), [(5, 10, 1), (-5, 10, -1), (4, 10, 0), (-14, 10, -1), (5, -10, -1), (15, 10, 2)])
def test_a_half_goes_away_from_zero(n, d, expected):
    assert round_half_up(n, d) == expected


def test_a_share_is_rounded_once_to_its_unit():
    assert Money.yuan("1910.00").share(5, 100, unit_fen=100) == Money.yuan("96.00")


def test_rates_are_exact_and_equal_however_written():
    assert Rate.of("5") == Rate.of("5.00")
    assert [Rate.of("2.850").ratio, Rate.of("1.5").ppm10, str(Rate.of("10.0")), Rate.of("5").text] == [
        (57, 2000),
        15_000_000,
        "10",
        "5.00%",
    ]


@pytest.mark.parametrize("text", ["5%", "-1", "1.12345678", "", "1000"])
def test_what_is_not_a_per_cent_is_no_rate(text):
    with pytest.raises(ValueError, match="not a rate"):
        Rate.of(text)


def test_months_count():
    assert Month(2026, 11) + 3 == Month(2027, 2)
    assert Month(2027, 2) - Month(2026, 11) == 3
    assert [str(each) for each in Month(2026, 12).through(Month(2027, 2))] == ["2026-12", "2027-01", "2027-02"]
    assert Month.from_index(Month(1999, 4).index) == Month(1999, 4)


@pytest.mark.parametrize("text", ["2026-13", "2026-0", "26-01", "2026/01"])
def test_what_is_not_a_month_is_refused(text):
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)


def test_the_interest_year_runs_from_july_to_june():
    assert [InterestYear.of(date(2024, 6, 30)).year, InterestYear.of(date(2024, 7, 1)).year] == [2023, 2024]
    assert [InterestYear(2023).days, InterestYear(2022).days] == [366, 365]


def test_a_period_has_its_first_day_and_not_its_last():
    period = Period(date(2026, 1, 1), date(2026, 2, 1))
    assert [date(2026, 1, 1) in period, date(2026, 1, 31) in period, date(2026, 2, 1) in period] == [True, True, False]
    with pytest.raises(ValueError, match="empty period"):
        Period(date(2026, 1, 1), date(2026, 1, 1))


def test_a_no_needs_its_reason():
    with pytest.raises(ValueError, match="needs its reason"):
        Decision.refused([])
    refused = Decision.refused([Reason("RATE_BELOW_MINIMUM", "比例低于下限", "条例/18")])
    assert (refused.outcome, refused.value, refused.reasons[0].law) == (Outcome.REFUSED, None, ("条例/18",))


def test_a_function_says_which_article_it_carries_out():
    @cites("条例/18")
    def rule() -> None: ...

    assert rule.__law__ == ("条例/18",)
