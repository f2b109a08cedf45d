"""月缴存额: two halves, each rounded on its own."""

from hpf.kernel.decision import cites
from hpf.kernel.money import Money
from hpf.kernel.rate import Rate


@cites("条例/16")
def monthly_amounts(base: Money, employer_rate: Rate, member_rate: Rate, rounding_unit_fen: int) -> tuple[Money, Money]:
    """The unit's half and the member's half of one month.

    Each half is rounded to the centre's unit, half up; rounding the sum instead loses one yuan on many bases.

    Facts    base is already inside the limits of the month
    Example  base 1,910.00, 5 % each, unit 100 fen  ->  96.00 and 96.00 (exact halves are 95.50)
    """
    return (
        base.share(*employer_rate.ratio, rounding_unit_fen),
        base.share(*member_rate.ratio, rounding_unit_fen),
    )
