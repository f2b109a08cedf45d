"""分录: what a journal is before it is posted. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hpf.kernel.decision import cites
from hpf.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of a journal. `fen` is signed: debit positive, credit negative.

    `carried_fen` is the part of `fen` that belongs to 上年结转, with the same sign. None lets the ledger decide under
    its lock: a credit is 当年归集, a debit takes the bucket that the centre's order names first, and what is dated before
    the running interest year is 上年结转.
    `value_on` overrides the journal's value date for this leg (a merge carries the old dates over).
    """

    account_id: int
    fen: int
    carried_fen: int | None = None
    value_on: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A journal's head: what happened, on which accounting day, from which value date, on which paper, by whom."""

    centre_id: int
    kind: str
    template: str
    business_on: date
    value_on: date
    source_kind: str
    source_no: str
    summary: str
    maker: str
    checker: str | None = None
    reverses_id: int | None = None
    correction: str = "NORMAL"


@cites("财会字〔1999〕33号/记账方法")
def difference(legs: Iterable[Leg]) -> Money:
    """Debits less credits; a journal may be posted only when this is zero (有借必有贷，借贷必相等)."""
    return Money(sum(leg.fen for leg in legs))


def reversed_legs(legs: Iterable[Leg]) -> list[Leg]:
    """The same legs on the other side, with their own value dates and buckets, so that interest is as if nothing was posted."""
    return [Leg(leg.account_id, -leg.fen, None if leg.carried_fen is None else -leg.carried_fen, leg.value_on) for leg in legs]


def kept_by(free: Money, ordered: Iterable[Money | None]) -> tuple[Money, ...]:
    """What each freeze order keeps, in the order of arrival, of the `free` money of an account (its balance less its holds).

    The first takes what it names, the next what is left, and so on (轮候). None names the whole account. The ledger's SQL
    is the twin of this definition, held equal by a property test.
    """
    left, kept = max(ZERO, free), []
    for amount in ordered:
        kept.append(left if amount is None else min(left, amount))
        left -= kept[-1]
    return tuple(kept)
