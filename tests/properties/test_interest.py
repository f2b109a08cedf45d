"""积数 kept entry by entry are those of the whole history, whatever the order in which entries were found."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hpf.accounts.rules.interest import Entry, Method, Rates, Running, explain, interest
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.kernel.rate import Rate

RATE = Rate.of("1.5")
years = st.integers(2016, 2040).map(InterestYear)


@st.composite
def histories(draw):
    year = draw(years)
    days = st.integers(0, year.days - 1).map(lambda offset: year.first_day + timedelta(days=offset))
    entries = draw(st.lists(st.builds(Entry, days, st.integers(-(10**9), 10**9)), max_size=20))
    return year, draw(st.integers(0, 10**11)), entries


def both(_: date) -> Rates:
    return Rates(RATE, RATE)


@given(histories(), st.randoms(use_true_random=False), st.sampled_from(Method))
@settings(max_examples=150, deadline=None)
def test_incremental_equals_from_scratch_in_any_order(history, order, method):
    year, balance, entries = history
    whole = interest(method, year, Entry(year.first_day, balance, balance), entries, both)
    shuffled = list(entries)
    order.shuffle(shuffled)
    running = Running.opening(year, balance)
    for entry in shuffled:
        running = running.posted(entry)
    assert running.product(method) == whole.product_total
    assert running.interest(method, RATE) == whole.interest
    assert running.balance_fen == whole.balance.fen


@given(histories(), st.data(), st.sampled_from(Method))
@settings(max_examples=100, deadline=None)
def test_closing_takes_only_what_is_still_to_come_from_the_projection(history, data, method):
    year, balance, entries = history
    close_on = year.first_day + timedelta(days=data.draw(st.integers(0, year.days - 1)))
    before = [entry for entry in entries if entry.value_on < close_on]
    whole = interest(method, year, Entry(year.first_day, balance, balance), before, both, close_on)
    running = Running.opening(year, balance)
    for entry in before:
        running = running.posted(entry)
    assert running.product(method, close_on) == whole.product_total


@given(histories())
@settings(max_examples=100, deadline=None)
def test_the_rows_of_the_explanation_add_up(history):
    year, balance, entries = history
    first = Entry(year.first_day, balance, balance)
    rows = explain(year, first, entries, both)
    whole = interest(Method.DAY_PRODUCT_360, year, first, entries, both)
    assert sum(row.product for row in rows) == whole.product_total
    assert Money(round(sum(row.interest_exact for row in rows) * 2)).fen in range(2 * whole.interest.fen - 1, 2 * whole.interest.fen + 2)


@given(histories())
@settings(max_examples=60, deadline=None)
def test_a_day_by_day_sum_of_balances_is_the_product(history):
    year, balance, entries = history
    total = 0
    for offset in range(year.days):
        day = year.first_day + timedelta(days=offset)
        total += balance + sum(entry.fen for entry in entries if entry.value_on <= day)
    assert interest(Method.DAY_PRODUCT_360, year, Entry(year.first_day, balance), entries, both).product_total == total
