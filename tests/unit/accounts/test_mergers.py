"""合户: money moves with its value dates, so interest does too."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hpf.accounts.rules.mergers import MergeFacts, check_merge, movements
from hpf.kernel.money import Money

FIRST, NEXT = date(2025, 7, 1), date(2026, 7, 1)


def day_products(pairs):
    return sum(fen * (NEXT - max(day, FIRST)).days for day, fen in pairs)


def month_products(pairs):
    return sum(fen * (12 if day < FIRST else 12 - ((day.year - 2025) * 12 + day.month - 6)) for day, fen in pairs)


def test_what_was_there_on_1_july_and_every_change_since():
    entries = [
        (date(2025, 10, 10), Money.yuan("1000.00"), Money(0)),
        (date(2025, 10, 10), Money.yuan("-200.00"), Money.yuan("-200.00")),
    ]
    moves = movements(Money.yuan("9800.00"), Money.yuan("8800.00"), 2025, entries)
    assert [(move.value_on, move.amount.text, move.carried.text) for move in moves] == [
        (date(2025, 6, 30), "9,000.00", "9,000.00"),
        (date(2025, 10, 10), "800.00", "-200.00"),
    ]


def test_an_entry_valued_before_the_year_counts_as_there_on_1_july():
    moves = movements(Money(500), Money(0), 2025, [(date(2025, 5, 1), Money(500), Money(0))])
    assert [(move.value_on, move.amount) for move in moves] == [(date(2025, 6, 30), Money(500))]


def test_an_empty_account_moves_nothing():
    assert movements(Money(0), Money(0), 2025, []) == []


ENTRIES = st.lists(st.tuples(st.integers(-60, 364), st.integers(-10_000, 10_000), st.integers(-10_000, 10_000)), max_size=12)


@given(st.integers(0, 10**9), st.integers(0, 10**9), ENTRIES)
@settings(max_examples=60, deadline=None)
def test_balance_buckets_and_both_products_are_moved_exactly(opening, carried, days):
    entries = [(FIRST + timedelta(days=day), Money(fen), Money(part)) for day, fen, part in days]
    balance = Money(opening + sum(fen for _, fen, _ in days))
    bucket = Money(carried + sum(part for _, _, part in days))
    moves = movements(balance, bucket, 2025, entries)
    history = [(FIRST - timedelta(days=1), opening), *((day, amount.fen) for day, amount, _ in entries)]
    moved = [(move.value_on, move.amount.fen) for move in moves]
    assert Money.total(move.amount for move in moves) == balance
    assert Money.total(move.carried for move in moves) == bucket
    assert day_products(moved) == day_products(history)
    assert month_products(moved) == month_products(history)
    assert len({move.value_on for move in moves}) == len(moves)


def test_a_merger_is_refused_for_every_reason_at_once():
    facts = MergeFacts("NORMAL", "MERGED", True, False, " ", Money(1), (2025, 2026))
    assert [reason.code for reason in check_merge(facts)] == [
        "ONE_ACCOUNT",
        "ACCOUNT_CLOSED",
        "SAME_PERSON_UNPROVEN",
        "MERGER_BALANCE_SHORT",
        "INTEREST_YEARS_DIFFER",
    ]
