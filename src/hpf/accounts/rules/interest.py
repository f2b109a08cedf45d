"""结息 积数: what a balance earns in an interest year (1 July to 30 June), whole and day by day.

Two methods, a dated choice of the centre. DAY_PRODUCT_360: balance times real days, at a year of 360 days.
MONTH_WEIGHTS: whole months, at a year of twelve. Either way nothing is rounded before the last step, once, to the fen.
Products (积数) only add: an entry brings its amount times the days from its value date to the end of the year, so an
entry found late brings its own product and disturbs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from hpf.kernel.decision import cites
from hpf.kernel.money import Money, round_half_up
from hpf.kernel.period import InterestYear, Month
from hpf.kernel.rate import Rate

UNIFIED_ON = date(2016, 2, 21)
"""From this day both buckets bear the one-year rate (银发〔2016〕43号): the one year that is computed in two parts."""


class Method(StrEnum):
    DAY_PRODUCT_360 = "DAY_PRODUCT_360"
    MONTH_WEIGHTS = "MONTH_WEIGHTS"

    @property
    def periods_a_year(self) -> int:
        """Days, or months, to which the yearly rate belongs."""
        return 360 if self is Method.DAY_PRODUCT_360 else 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement: `fen` of which `carried_fen` in the bucket 上年结转, the rest in 当年归集. Plus is paid in."""

    value_on: date
    fen: int
    carried_fen: int = 0


@dataclass(frozen=True, slots=True)
class Rates:
    """The two yearly rates of one day."""

    carried: Rate
    current: Rate


@dataclass(frozen=True, slots=True)
class Segment:
    """Days `[since, until)` that bear one pair of rates."""

    since: date
    until: date
    rates: Rates


@dataclass(frozen=True, slots=True)
class Products:
    """Products of the two buckets, in fen-days or fen-months."""

    carried: int = 0
    current: int = 0

    @property
    def total(self) -> int:
        return self.carried + self.current


@dataclass(frozen=True, slots=True)
class Interest:
    """The answer: interest to the fen, the balance it stands on, and the products of each segment."""

    balance: Money
    interest: Money
    products: tuple[tuple[Segment, Products], ...]

    @property
    def closing(self) -> Money:
        return self.balance + self.interest

    @property
    def product_total(self) -> int:
        return sum(products.total for _, products in self.products)


@cites("条例/21", "银发〔2016〕43号/1", "人民银行计息规则/积数计息")
def interest(
    method: Method,
    year: InterestYear,
    opening: Entry,
    entries: Iterable[Entry],
    rates_on: Callable[[date], Rates],
    close_on: date | None = None,
) -> Interest:
    """Interest of one account for one interest year, or up to a closing day.

    The day money comes in earns, the day it leaves does not (算头不算尾); 30 June itself earns. With `close_on` the
    whole balance leaves on that day and the rates of that day hold.

    Facts    opening is the balance on 1 July; an entry dated before the year counts from 1 July
    Refuses  an entry after the last day (ValueError): it belongs to another year
    Example  10,000.00 through 2023-07-01..2024-06-30 at 1.5 %  ->  366 days, 152.50
    """
    end = close_on or year.next_first_day
    moved = list(entries)
    for entry in moved:
        if entry.value_on >= end and not (close_on and entry.value_on == close_on):
            raise ValueError(f"{entry.value_on} is not before {end}")
    parts = segments(year, end, rates_on)
    products = tuple((part, _products(method, year, opening, moved, part, end)) for part in parts)
    balance = opening.fen + sum(entry.fen for entry in moved)
    return Interest(Money(balance), amount(method, products), products)


def amount(method: Method, products: Iterable[tuple[Segment, Products]]) -> Money:
    """Every product times its rate, added exactly, rounded once."""
    unrounded = exact(method, products)
    return Money(round_half_up(unrounded.numerator, unrounded.denominator))


def exact(method: Method, products: Iterable[tuple[Segment, Products]]) -> Fraction:
    """In fen, before the rounding."""
    percent = Fraction(0)
    for segment, part in products:
        percent += part.carried * Fraction(segment.rates.carried.percent)
        percent += part.current * Fraction(segment.rates.current.percent)
    return percent / (100 * method.periods_a_year)


def amount_interest(method: Method, product: int, rate: Rate) -> Money:
    """Interest of one product at one rate: the form of every year since 2016-07-01."""
    numerator, denominator = rate.ratio
    return Money(round_half_up(product * numerator, denominator * method.periods_a_year))


@cites("银发〔2016〕43号/1", "人民银行计息规则/活期与整存整取")
def segments(year: InterestYear, end: date, rates_on: Callable[[date], Rates]) -> tuple[Segment, ...]:
    """The year up to `end` as one segment at the rates of its settlement (30 June, or the closing day).

    Only the year from 2015-07-01 has two: before 2016-02-21 at the rates of 2016-02-20, from then on unified.
    """
    settled_on = min(end, year.last_day)
    if year.first_day < UNIFIED_ON < end:
        before = date.fromordinal(UNIFIED_ON.toordinal() - 1)
        return (
            Segment(year.first_day, UNIFIED_ON, rates_on(before)),
            Segment(UNIFIED_ON, end, rates_on(settled_on)),
        )
    return (Segment(year.first_day, end, rates_on(settled_on)),)


def _products(method: Method, year: InterestYear, opening: Entry, entries: Sequence[Entry], part: Segment, end: date) -> Products:
    carried = current = 0
    for position, entry in enumerate((opening, *entries)):
        if method is Method.DAY_PRODUCT_360:
            weight = max(0, (part.until - max(entry.value_on, part.since)).days)
        else:
            weight = _months_from(year, entry, is_opening=position == 0, part=part, end=end)
        carried += entry.carried_fen * weight
        current += (entry.fen - entry.carried_fen) * weight
    return Products(carried, current)


def _months_from(year: InterestYear, entry: Entry, *, is_opening: bool, part: Segment, end: date) -> int:
    """Months that an entry earns inside one segment. A segment takes in whole months; the month it ends in is its own
    unless the year ends there, so the two parts of 2015 are 8 and 4 months."""
    starts = 0 if is_opening else month_of_year(year, entry.value_on)
    first = 0 if part.since == year.first_day else month_of_year(year, part.since)
    last = 12 if part.until == year.next_first_day else month_of_year(year, part.until)
    return max(0, last - max(starts, first))


def month_of_year(year: InterestYear, day: date) -> int:
    """k: July is the first month of the interest year, June the twelfth; a day before the year is 0 and earns all twelve."""
    return min(12, max(0, Month.of(day) - Month.of(year.first_day) + 1))


# --- the running form: what the ledger keeps on each account -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Running:
    """Balance and products of one account in its running interest year, as kept by `ledger`.

    Both products are projections to the end of the year: what they would be if nothing moved any more.
    """

    year: InterestYear
    balance_fen: int
    day_products: int
    month_products: int

    @classmethod
    def opening(cls, year: InterestYear, fen: int) -> Running:
        return cls(year, fen, fen * year.days, fen * 12)

    def posted(self, entry: Entry) -> Running:
        """With one more entry, in any order. A value date before the year earns this year from its first day."""
        days = (self.year.next_first_day - max(entry.value_on, self.year.first_day)).days
        return Running(
            self.year,
            self.balance_fen + entry.fen,
            self.day_products + entry.fen * days,
            self.month_products + entry.fen * (12 - month_of_year(self.year, entry.value_on)),
        )

    def product(self, method: Method, close_on: date | None = None) -> int:
        """The product of the whole year, or of the days (months) before an account is closed."""
        if method is Method.DAY_PRODUCT_360:
            left = (self.year.next_first_day - close_on).days if close_on else 0
            return self.day_products - self.balance_fen * left
        left = 12 - month_of_year(self.year, close_on) if close_on else 0
        return self.month_products - self.balance_fen * left

    def interest(self, method: Method, rate: Rate, close_on: date | None = None) -> Money:
        return amount_interest(method, self.product(method, close_on), rate)


@cites("财会字〔1999〕33号/利息支出")
def amount_accrued(centre: Running, method: Method, rate: Rate, through: date) -> Money:
    """应计利息: what a centre owes its members for the interest year through `through`, estimated over all accounts.

    Facts    centre holds the sums of all members' balances and products
    Why      the sum of products is rounded once, so the estimate differs from the sum of the members' rounded interest
             by fractions of a fen an account; 30 June books that difference
    """
    end = through + timedelta(days=1) if method is Method.DAY_PRODUCT_360 else through
    return amount_interest(method, centre.product(method, end), rate)


# --- explained day by day ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch on which the balance did not change: days `[since, until)`, and what it brings."""

    since: date
    until: date
    days: int
    balance: Money
    product: int
    rates: Rates
    interest_exact: Fraction
    """In fen, before any rounding. Rows add up to the interest before its one rounding."""


@cites("条例/21")
def explain(
    year: InterestYear,
    opening: Entry,
    entries: Iterable[Entry],
    rates_on: Callable[[date], Rates],
    end: date | None = None,
) -> list[Row]:
    """逐段积数: how the interest of DAY_PRODUCT_360 comes about, stretch by stretch, for the member to check.

    `end` is the first day that does not earn: the closing day, or the day after the one asked for.
    """
    end = end or year.next_first_day
    moves: dict[date, tuple[int, int]] = {}
    for entry in (opening, *entries):
        day = max(entry.value_on, year.first_day)
        if day < end:
            fen, carried_fen = moves.get(day, (0, 0))
            moves[day] = (fen + entry.fen, carried_fen + entry.carried_fen)
    parts = segments(year, end, rates_on)
    cuts = sorted({*moves, end, *(part.since for part in parts)})
    rows: list[Row] = []
    fen = carried_fen = 0
    for since, until in pairwise(cuts):
        moved, moved_carried = moves.get(since, (0, 0))
        fen, carried_fen = fen + moved, carried_fen + moved_carried
        if fen == 0 and carried_fen == 0:
            continue
        rates = next(part.rates for part in parts if part.since <= since < part.until)
        days = (until - since).days
        percent = carried_fen * Fraction(rates.carried.percent) + (fen - carried_fen) * Fraction(rates.current.percent)
        rows.append(Row(since, until, days, Money(fen), fen * days, rates, percent * days / 36000))
    return rows
