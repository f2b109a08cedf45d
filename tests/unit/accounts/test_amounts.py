"""月缴存额: the published figures of 天水 and 兰州."""

import pytest

from hpf.accounts.rules.amounts import monthly_amounts
from hpf.kernel.money import Money
from hpf.kernel.rate import Rate


@pytest.mark.parametrize(
    ("base", "rate", "side"),
    [
        ("17124.00", "12", "2055.00"),
        ("1910.00", "5", "96.00"),
        ("1850.00", "5", "93.00"),
        ("1470.00", "5", "74.00"),
        ("30090.75", "12", "3611.00"),
        ("2200.00", "5", "110.00"),
        ("2130.00", "5", "107.00"),
        ("2310.00", "5", "116.00"),
    ],
)
def test_each_half_is_rounded_to_whole_yuan_on_its_own(base, rate, side):
    halves = monthly_amounts(Money.yuan(base), Rate.of(rate), Rate.of(rate), 100)
    assert halves == (Money.yuan(side), Money.yuan(side))


def test_the_two_sides_may_pay_at_different_rates():
    assert monthly_amounts(Money.yuan("5000.01"), Rate.of("12"), Rate.of("5.5"), 1) == (
        Money.yuan("600.00"),
        Money.yuan("275.00"),
    )
