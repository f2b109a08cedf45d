"""还款计划: level instalment and level principal, in whole fen.

A monthly rate is never written down: interest of a month is balance times yearly rate over twelve, multiplied first and
divided last. Dividing the rate first puts one fen wrong in about every hundred thousandth row.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from hpf.kernel.decision import cites
from hpf.kernel.money import Money, round_half_up
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate

SHORT_TERM_MONTHS = 60
"""A contract of up to this many months is 五年以下（含五年）."""


class RepaymentMethod(StrEnum):
    LEVEL_INSTALMENT = "LEVEL_INSTALMENT"
    LEVEL_PRINCIPAL = "LEVEL_PRINCIPAL"


class RateClass(StrEnum):
    SHORT = "SHORT"
    LONG = "LONG"


@dataclass(frozen=True, slots=True)
class Instalment:
    no: int
    principal: Money
    interest: Money
    balance: Money
    due_on: date | None = None

    @property
    def payment(self) -> Money:
        return self.principal + self.interest


@cites("人民银行利率公告/贷款")
def rate_class(contract_months: int) -> RateClass:
    """Fixed by the term of the contract, not by what is left of it. 60 months is still the short class."""
    return RateClass.SHORT if contract_months <= SHORT_TERM_MONTHS else RateClass.LONG


def schedule(
    principal: Money,
    rate: Rate,
    months: int,
    method: RepaymentMethod,
    first_due: date | None = None,
    due_day: int | None = None,
) -> list[Instalment]:
    """Every instalment of a loan; the last takes what is left, so the principal adds up to the loan.

    Facts    `due_day` is the contract's day (of `first_due` unless given); in a shorter month it is the last day
    Refuses  a loan of nothing, a term of no months (ValueError)
    Example  600,000.00 at 2.85 % over 360 months, LEVEL_INSTALMENT  ->  2,481.34 a month, last 2,483.84
    """
    if principal.fen <= 0 or months < 1:
        raise ValueError("a loan needs an amount and a term")
    regular = level_instalment(principal, rate, months) if method is RepaymentMethod.LEVEL_INSTALMENT else None
    part = principal.share(1, months)
    rows: list[Instalment] = []
    balance = principal
    for no in range(1, months + 1):
        interest = month_interest(balance, rate)
        paid = part if regular is None else regular - interest
        if no == months or paid > balance:
            paid = balance
        balance -= paid
        due_on = due_date(first_due, no - 1, due_day) if first_due else None
        rows.append(Instalment(no, paid, interest, balance, due_on))
    return rows


def level_instalment(principal: Money, rate: Rate, months: int) -> Money:
    """月还款额: P·i·(1+i)^n / ((1+i)^n − 1), i a twelfth of the yearly rate. Whole numbers throughout, one rounding."""
    numerator, denominator = rate.ratio
    if numerator == 0:
        return principal.share(1, months)
    step = denominator * 12
    grown = (step + numerator) ** months
    one = step**months
    return Money(round_half_up(principal.fen * numerator * grown, step * (grown - one)))


def month_interest(balance: Money, rate: Rate) -> Money:
    """Interest of a full month: a twelfth of the yearly rate on the balance."""
    numerator, denominator = rate.ratio
    return balance.share(numerator, denominator * 12)


def day_interest(balance: Money, stretches: list[tuple[int, Rate]]) -> Money:
    """Interest over stretches of actual days, each at its own rate over 360, rounded once."""
    exact = sum((Fraction(rate.percent) * days for days, rate in stretches), Fraction(0)) * balance.fen / 36000
    return Money(round_half_up(exact.numerator, exact.denominator))


def due_date(first_due: date, months_later: int, due_day: int | None = None) -> date:
    """The contract's day in a later month; 29, 30 and 31 become the last day where the month is shorter."""
    month = Month.of(first_due) + months_later
    return date(month.year, month.month, min(due_day or first_due.day, monthrange(month.year, month.month)[1]))


def total_interest(rows: list[Instalment]) -> Money:
    return Money.total(row.interest for row in rows)


class RepricingConvention(StrEnum):
    """How the instalment is counted in which the rate changes. Four contracts give four amounts."""

    OLD_RATE = "OLD_RATE"
    NEW_RATE = "NEW_RATE"
    ACTUAL_360 = "ACTUAL_360"
    THIRTY_360 = "THIRTY_360"


def repriced_interest(
    balance: Money, old: Rate, new: Rate, last_due: date, due_on: date, changed_on: date, convention: RepricingConvention
) -> Money:
    """Interest of the instalment whose month takes in the day of the new rate.

    Segmented conventions count the old rate from the last due day up to the change and the new rate from then to the
    due day, in actual days or in months of thirty days.
    """
    match convention:
        case RepricingConvention.OLD_RATE:
            return month_interest(balance, old)
        case RepricingConvention.NEW_RATE:
            return month_interest(balance, new)
        case RepricingConvention.ACTUAL_360:
            return day_interest(balance, [((changed_on - last_due).days, old), ((due_on - changed_on).days, new)])
    before = _thirty_days(last_due, changed_on)
    return day_interest(balance, [(before, old), (_thirty_days(last_due, due_on) - before, new)])


def _thirty_days(since: date, until: date) -> int:
    whole = (until.year - since.year) * 360 + (until.month - since.month) * 30
    return whole + min(until.day, 30) - min(since.day, 30)


def months_to_repay(balance: Money, rate: Rate, instalment: Money) -> int:
    """How many months a loan takes when the instalment stays: the last, smaller one counts.

    Refuses  an instalment that does not cover the first month's interest (ValueError)
    """
    if instalment <= month_interest(balance, rate):
        raise ValueError("the instalment does not cover the interest")
    months = 0
    while balance.fen > 0:
        balance -= instalment - month_interest(balance, rate)
        months += 1
    return months
