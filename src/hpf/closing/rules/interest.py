"""结息 跨年更正: whether a settlement may be posted, and what a late correction missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hpf.accounts.rules.interest import Entry, Method, Rates, interest
from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import InterestYear


class DifferenceCase:
    """计提差额的三种情形, as the field's transaction codes name them."""

    EQUAL = "9113"
    DIFFERENT = "9114"
    NOT_ACCRUED = "9115"


@cites("财会字〔1999〕33号/年度结息")
def difference_case(interest: Money, accrued: Money) -> str:
    """Which of the three a settlement is: accrued exactly, accrued more or less, or nothing accrued before."""
    if accrued == interest:
        return DifferenceCase.EQUAL
    return DifferenceCase.NOT_ACCRUED if not accrued else DifferenceCase.DIFFERENT


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """What the staging of a settlement says next to what the ledger says."""

    year: int
    accounts: int
    accounts_in_ledger: int
    digest: str
    digest_in_ledger: str
    interest: Money
    planned: Money
    unposted: int
    unpaid_closed: int


@cites("财会字〔1999〕33号/年度结息")
def check_settlement(facts: SettlementFacts) -> list[Reason]:
    """Whether a calculated settlement may be posted. Every account once, sealed ones too; the sum is the voucher."""
    law = ("财会字〔1999〕33号/年度结息",)
    reasons = []
    if facts.accounts != facts.accounts_in_ledger or facts.digest != facts.digest_in_ledger:
        reasons.append(Reason(
            "ACCOUNTS_DIFFER",
            f"结息清单{facts.accounts}户，应结{facts.accounts_in_ledger}户，名单摘要"
            f"{'相同' if facts.digest == facts.digest_in_ledger else '不同'}；请重新计算后再入账",
            law,
        ))  # fmt: skip
    if facts.interest != facts.planned:
        reasons.append(Reason(
            "INTEREST_DIFFERS",
            f"结息清单合计{facts.interest.text}元，按总账积数复算{facts.planned.text}元，"
            f"相差{(facts.interest - facts.planned).text}元；请重新计算后再入账",
            law,
        ))  # fmt: skip
    if facts.unposted:
        reasons.append(Reason(
            "UNPOSTED_MONEY",
            f"有{facts.unposted}笔已到账并已匹配清册的缴存款尚未记入个人账户，起息日在结息年度内；请先记账再结息",
            law,
        ))  # fmt: skip
    if facts.unpaid_closed:
        reasons.append(Reason(
            "CLOSED_WITHOUT_INTEREST",
            f"有{facts.unpaid_closed}户在本年度销户而未付销户利息；请先补付再结息",
            law,
        ))  # fmt: skip
    return reasons


@cites("条例/21")
def interest_missed(fen: int, value_on: date, until_year: int, method: Method, rates_on: Callable[[date], Rates]) -> Money:
    """跨年更正利息: what an entry would have earned in interest years that are settled and frozen.

    A correction posted after 30 June with an earlier value date brings its product only into the running year; the
    years before are frozen. Each frozen year's interest is capitalised on its 30 June, as it would have been. In its first
    year the entry is 当年归集, afterwards it and its interest are 上年结转.

    Facts    fen is signed, plus for the member; until_year is the running interest year, which is not counted
    Policy   rates_on gives the rates that the settlement of a year used
    Example  100,000 fen, value date 2024-07-01, running year 2026, 1.5 %  ->  1,521 + 1,544 fen
    """
    year = InterestYear.of(value_on)
    if year.year >= until_year:
        return ZERO
    earned = interest(method, year, Entry(year.first_day, 0), [Entry(value_on, fen)], rates_on).interest
    for later in range(year.year + 1, until_year):
        opening = Entry(InterestYear(later).first_day, fen + earned.fen, fen + earned.fen)
        earned = earned + interest(method, InterestYear(later), opening, [], rates_on).interest
    return earned
