"""金额 四舍五入: exact whatever the size, one rounding rule."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from hpf.contributions.rules.cells import fen_of
from hpf.kernel.money import Money, round_half_up

fens = st.integers(-(10**17), 10**17)
divisors = st.integers(-(10**9), 10**9).filter(bool)


@given(fens, divisors)
@settings(max_examples=200)
def test_rounding_is_the_nearest_whole_and_a_half_goes_away_from_zero(numerator, denominator):
    exact = Fraction(numerator, denominator)
    rounded = round_half_up(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**4))
@settings(max_examples=200)
def test_rounding_agrees_with_decimal(numerator, denominator):
    doubled = Decimal(numerator * 2) / Decimal(denominator * 2)
    if (numerator * 10**8) % denominator == 0:
        assert round_half_up(numerator, denominator) == int(doubled.quantize(Decimal(1), ROUND_HALF_UP))


@given(fens)
@settings(max_examples=200)
def test_what_is_written_is_read_back(fen):
    assert Money.yuan(str(Money(fen))) == Money(fen)


@given(st.lists(fens, max_size=30))
def test_sums_do_not_depend_on_order(amounts):
    assert Money.total(map(Money, amounts)) == Money.total(map(Money, reversed(amounts)))


@given(st.integers(0, 10**12))
@settings(max_examples=300)
def test_a_spreadsheet_number_is_read_to_the_fen_however_it_is_stored(fen):
    yuan = Money(fen)
    assert fen_of(fen / 100) == fen
    assert fen_of(str(yuan)) == fen
    assert fen_of(f"{yuan.text}元") == fen
    assert fen_of("".join(chr(ord(c) + 0xFEE0) for c in str(yuan))) == fen
