"""提取的安排: who of the province withdraws for what on which day, chosen from its people as the departments know them.

So many of each published kind as a hundred people of the nation's report would be, each asking for the mean of the kind; a
ground that a hundred people would not show has one. The same seed and key give the same people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from demo.life.withdrawal_people import (
    Fit,
    Somebody,
    Town,
    anybody,
    borrower,
    borrower_since_2019,
    builder,
    buyer,
    deceased,
    disabled,
    emigrant,
    far_from_pension,
    ill,
    left,
    monthly_borrower,
    monthly_tenant,
    not_poor,
    owner,
    pensioner,
    poor,
    single,
    subscriber,
    tenant,
    with_invoice,
    with_lift,
    without_fund_loan,
)  # fmt: skip
from demo.province.published_withdrawals import KINDS, shares
from hpf.kernel.period import Month

HEADS = 100
DAYS = (13, 14, 15, 16, 17)
"""Withdrawals come about the middle of a month, when the bank is spoken to anyway."""

NOT_PAID = frozenset({"REFUSED", "UNPROVED", "SILENT", "FAILED"})
"""Stories at whose end the money is where it was."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One withdrawal. `asked_fen` None asks for everything; `story` is what becomes of it."""

    centre_id: int
    row: int
    unit: int
    ref: str
    ground: str
    on: date
    asked_fen: int | None
    fit: Fit
    story: str = "PAID"


@dataclass(frozen=True, slots=True)
class Search:
    """One ground's part of the plan: how many, from which month on, who fits, how she gets there."""

    ground: str
    count: int
    since: Month
    until: Month
    fits: Callable[[Town, Somebody, date, int], Fit | None]
    story: str = "PAID"
    takes_all: bool = False
    second_choice: Callable[[Town, Somebody, date, int], Fit | None] | None = None


@cache
def plan(seed: int, scale: float, key: bytes) -> dict[int, tuple[Wanted, ...]]:
    """Every withdrawal of the story by centre, in the order of the days. The key is the departments': references hang on it."""
    town = Town.of(seed, scale, key)
    found: list[Wanted] = []
    for search in searches():
        found += _search(town, search, later_than=len(found))
    centres = sorted({wanted.centre_id for wanted in found})
    return {centre: tuple(sorted((w for w in found if w.centre_id == centre), key=lambda w: (w.on, w.row))) for centre in centres}


def _search(town: Town, search: Search, later_than: int) -> Iterator[Wanted]:
    """People for one ground, a day for each, spread over its months."""
    months = list(search.since.through(search.until))
    mean = shares()[next(kind for kind, grounds in KINDS.items() if search.ground in grounds)].mean_fen
    for number in range(search.count):
        month = months[number * len(months) // search.count]
        day = date(month.year, month.month, 28 if search.takes_all else DAYS[(number + later_than) % len(DAYS)])
        fitting = _who(town, search, day, mean)
        if fitting is None:
            raise LookupError(f"nobody in the demo's province fits {search.ground} ({search.story}, {search.fits.__name__}) on {day}")
        one, fit = fitting
        town.taken |= {one.ref, town.registry.spouse(one.ref) or one.ref}
        if search.takes_all:
            town.ended.append(one.about(day))
        most = min(mean, one.about(day) * 9 // 10, fit.most_fen if fit.most_fen is not None else mean) // 100_00 * 100_00
        yield Wanted(
            one.centre_id,
            one.member.row,
            one.unit.index,
            one.ref,
            search.ground,
            day,
            None if search.takes_all else most,
            fit,
            search.story,
        )


def _who(town: Town, search: Search, day: date, mean: int) -> tuple[Somebody, Fit] | None:
    """The next in line who has enough and fits; who takes all, the one whose account brings their mean nearest to the kind's."""
    free = [one for one in town.people if one.ref not in town.taken and (search.takes_all or one.about(day) >= mean * 3 // 4)]
    if search.takes_all:
        due = mean * (len(town.ended) + 1) - sum(town.ended)
        free.sort(key=lambda one: abs(one.about(day) - due))
    for fits in (search.fits, search.second_choice):
        found = next(((one, fit) for one in free if fits and (fit := fits(town, one, day, mean)) is not None), None)
        if found is not None:
            return found
    return None


@cache
def searches() -> tuple[Search, ...]:
    """The plan's parts; those hard to find first."""
    begin, end = Month(2025, 10), Month(2026, 11)
    heads = {kind: max(1, round(HEADS * share.people_ppm / 10**6)) for kind, share in shares().items()}
    return (
        Search("ILLNESS", 1, Month(2026, 5), end, ill, "REVIEWED"),
        Search("HARDSHIP", 1, Month(2026, 2), end, poor),
        Search("DISABILITY", 1, Month(2026, 4), Month(2026, 4), disabled, takes_all=True),
        Search("EMIGRATION", 1, Month(2026, 8), Month(2026, 8), emigrant, takes_all=True),
        Search("LEAVING", 3, Month(2026, 3), Month(2026, 10), left, takes_all=True),
        Search("RETIREMENT", heads["ENDING"] - 6, Month(2025, 10), Month(2026, 10), pensioner, takes_all=True),
        Search("DEATH", 1, Month(2026, 6), Month(2026, 6), deceased, "ESTATE", takes_all=True),
        Search("DOWN_PAYMENT", 1, Month(2026, 3), Month(2026, 3), subscriber, "SIGNED"),
        Search("DOWN_PAYMENT", 1, Month(2026, 8), Month(2026, 8), subscriber, "FAILED"),
        Search("LIFT", 1, Month(2026, 6), end, with_lift),
        Search("DECORATION", 1, Month(2026, 10), end, with_invoice("DECORATION")),
        Search("PROPERTY_FEE", 1, Month(2026, 11), end, with_invoice("PROPERTY_FEE")),
        Search("OTHER_HOUSING", 1, Month(2026, 5), end, without_fund_loan),
        Search("BUILD", 1, Month(2026, 4), end, builder),
        Search("OVERHAUL", 1, Month(2026, 7), end, builder),
        Search("RENT", 1, Month(2026, 8), Month(2026, 8), monthly_tenant, "AGREED"),
        Search("LOAN_REPAYMENT", 1, Month(2026, 1), Month(2026, 1), monthly_borrower, "AGREED"),
        Search("RENT", heads["RENT"] - 3, Month(2026, 1), end, tenant),
        Search("LOAN_REPAYMENT", 1, Month(2026, 9), end, borrower, "BOUNCED"),
        Search("LOAN_REPAYMENT", heads["REPAYING"] - 2, begin, end, borrower, second_choice=borrower_since_2019),
        Search("RENT", 1, Month(2026, 10), end, single, "CLEARED"),
        Search("PURCHASE", heads["BUYING"] - 3, begin, end, buyer),
        Search("RENT", 1, Month(2026, 6), Month(2026, 6), owner, "OVERRULED"),
        Search("HARDSHIP", 1, Month(2026, 6), Month(2026, 6), not_poor, "REFUSED"),
        Search("RENT", 3, Month(2026, 2), end, owner, "REFUSED"),
        Search("LEAVING", 1, Month(2025, 11), Month(2025, 11), left, "REFUSED"),
        Search("RETIREMENT", 1, Month(2026, 3), end, far_from_pension, "REFUSED"),
        Search("DECORATION", 1, Month(2026, 3), end, anybody, "REFUSED"),
        Search("PURCHASE", 1, Month(2026, 2), end, buyer, "UNPROVED"),
        Search("RENT", 1, Month(2026, 11), end, tenant, "SILENT"),
    )
