"""Whole months: what was there before the year earns all twelve, however late it was written down."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.accounts.rules.interest import Entry, Running, month_of_year
from hpf.kernel.period import InterestYear

YEAR = InterestYear(2025)


@pytest.mark.parametrize(
    ("day", "month"),
    [(date(2025, 6, 30), 0), (date(2024, 1, 1), 0), (date(2025, 7, 1), 1), (date(2025, 7, 31), 1), (date(2026, 6, 30), 12)],
)
def test_july_is_the_first_month_and_a_day_before_the_year_is_none(day: date, month: int) -> None:
    assert month_of_year(YEAR, day) == month


def test_an_entry_dated_before_the_year_counts_like_opening_balance() -> None:
    late = Running.opening(YEAR, 0).posted(Entry(date(2025, 6, 30), 10_000))
    assert (
        (late.month_products, late.day_products)
        == (120_000, 10_000 * 365)
        == (Running.opening(YEAR, 10_000).month_products, Running.opening(YEAR, 10_000).day_products)
    )
