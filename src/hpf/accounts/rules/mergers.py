"""合户: how the money of one account moves to another so that interest comes out as if it had always been there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear


@dataclass(frozen=True, slots=True)
class Movement:
    """Money on one value date: what one account gives and the other takes. `carried` is the 上年结转 part."""

    value_on: date
    amount: Money
    carried: Money


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """The two accounts before the merger: `kept` is the older, `ended` the newer."""

    kept_state: str
    ended_state: str
    same_account: bool
    same_person: bool
    evidence: str
    ended_held: Money
    interest_years: tuple[int | None, int | None]


def check_merge(facts: MergeFacts) -> list[Reason]:
    """A merger needs two open accounts of one person in one interest year, with nothing held on the one that ends.

    What is held, and why, is not said: the counter has no part in it.
    """
    reasons = []
    if facts.same_account:
        reasons.append(Reason("ONE_ACCOUNT", "两个账号相同，不需要合户"))
    for state, label in ((facts.kept_state, "保留"), (facts.ended_state, "并入")):
        if state not in ("NORMAL", "SEALED"):
            reasons.append(Reason("ACCOUNT_CLOSED", f"{label}账户已销户，不能合户"))
    if not facts.same_person and not facts.evidence.strip():
        reasons.append(Reason(
            "SAME_PERSON_UNPROVEN", "两个账户的证件不同，须登记证明系同一人的材料（新旧证件对应关系等）后合户", ("条例/13",)
        ))  # fmt: skip
    if facts.ended_held:
        reasons.append(Reason(
            "MERGER_BALANCE_SHORT", "并入账户可用余额不足以全部并入，暂不能合户，请报业务主管核实后再办理"
        ))  # fmt: skip
    if facts.interest_years[0] != facts.interest_years[1]:
        reasons.append(Reason("INTEREST_YEARS_DIFFER", "两个账户所处结息年度不同，请待年度结息完成后合户", ("条例/21",)))
    return reasons


@cites("条例/13", "条例/21")
def movements(balance: Money, carried: Money, year: int, entries: Iterable[tuple[date, Money, Money]]) -> list[Movement]:
    """The ended account's year, value date by value date: what was there on 1 July, and every change since.

    Interest is a sum of amount × time from the value date, so moving each amount with its own value date moves the
    interest to come exactly, by either method; and the two buckets move with it.

    Facts    entries are (value date, amount, carried part) posted since 1 July of the interest year
    Example  9,000 on 1 July and 1,000 on 10 October: two movements, 9,000 valued before 1 July and 1,000 on 10 October
    """
    first_day = InterestYear(year).first_day
    by_day: dict[date, tuple[int, int]] = {}
    for value_on, amount, part in entries:
        if value_on >= first_day:
            before = by_day.get(value_on, (0, 0))
            by_day[value_on] = (before[0] + amount.fen, before[1] + part.fen)
    opening = (
        balance.fen - sum(amount for amount, _ in by_day.values()),
        carried.fen - sum(part for _, part in by_day.values()),
    )
    moves = [(first_day - timedelta(days=1), *opening), *((day, *parts) for day, parts in sorted(by_day.items()))]
    return [Movement(day, Money(amount), Money(part)) for day, amount, part in moves if amount or part]
