"""月缴存额: two halves, each rounded on its own."""

from functools import lru_cache

from hpf.kernel.decision import cites
from hpf.kernel.money import Money, round_half_up
from hpf.kernel.rate import Rate


@cites("条例/16")
def monthly_amounts(base: Money, employer_rate: Rate, member_rate: Rate, rounding_unit_fen: int) -> tuple[Money, Money]:
    """The unit's half and the member's half of one month.

    Each half is rounded to the centre's unit, half up; rounding the sum instead loses one yuan on many bases.

    Facts    base is already inside the limits of the month
    Example  base 1,910.00, 5 % each, unit 100 fen  ->  96.00 and 96.00 (exact halves are 95.50)
    """
    return (
        Money(half_fen(base.fen, employer_rate, rounding_unit_fen)),
        Money(half_fen(base.fen, member_rate, rounding_unit_fen)),
    )


def half_fen(base_fen: int, rate: Rate, unit_fen: int) -> int:
    """One half in fen, base × rate rounded half up to the unit: the formula of `monthly_amounts` for lists of ten thousand lines."""
    numerator, denominator = _ratio(rate, unit_fen)
    return round_half_up(base_fen * numerator, denominator) * unit_fen


@lru_cache(maxsize=1024)
def _ratio(rate: Rate, unit_fen: int) -> tuple[int, int]:
    """A rate as a fraction of whole units; many people have few rates."""
    numerator, denominator = rate.ratio
    return numerator, denominator * unit_fen
