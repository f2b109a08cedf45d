"""缴存基数上下限、缴存比例幅度: what a base and a rate may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money
from hpf.kernel.rate import Rate
from hpf.policy.rules import PolicyBook


@dataclass(frozen=True, slots=True)
class BaseLimits:
    """The published limits of one district in one month; entered from the document, never computed."""

    floor: Money
    cap: Money


@cites("条例/16", "建金〔2018〕45号/2")
def effective_base(declared: Money, limits: BaseLimits) -> Money:
    """The declared base, raised to the floor or lowered to the cap. The declared one is kept beside it."""
    return min(max(declared, limits.floor), limits.cap)


def notes_on_base(declared: Money, limits: BaseLimits) -> list[Reason]:
    """Says when a base was raised or lowered; never refuses."""
    if declared < limits.floor:
        return [Reason("BASE_RAISED_TO_FLOOR", f"申报基数{declared.text}元低于下限{limits.floor.text}元，按下限核定", ("条例/16",))]
    if declared > limits.cap:
        return [Reason("BASE_LOWERED_TO_CAP", f"申报基数{declared.text}元高于上限{limits.cap.text}元，按上限核定", ("建金〔2018〕45号/2",))]
    return []


def check_base(declared: Money) -> list[Reason]:
    if declared.fen <= 0:
        return [Reason("BASE_NOT_POSITIVE", f"缴存基数{declared.text}元应大于0，请按上一年度月平均工资填写", ("条例/16",))]
    return []


@dataclass(frozen=True, slots=True)
class RateBand:
    """What a rate may be in one centre and month, both ends included, and the document behind each end."""

    lowest: Rate
    highest: Rate
    lowest_law: str
    highest_law: str
    sides_equal: bool = False
    sides_equal_law: str = ""

    @classmethod
    def of(cls, book: PolicyBook) -> Self:
        """The band of either side of an employed person."""
        lowest, highest, equal = (f"contribution.{key}" for key in ("rate_min", "rate_max", "sides_equal_required"))
        return cls(
            book.rate(lowest),
            book.rate(highest),
            book.parameter(lowest).citation,
            book.parameter(highest).citation,
            book.knows(equal) and book.flag(equal),
            book.parameter(equal).citation if book.knows(equal) else "",
        )

    @classmethod
    def flexible(cls, book: PolicyBook) -> Self:
        """The band of the one rate of a person who bears both halves. Raises MissingParameter where none is enacted."""
        lowest, highest = "contribution.flexible_rate_min", "contribution.flexible_rate_max"
        return cls(book.rate(lowest), book.rate(highest), book.parameter(lowest).citation, book.parameter(highest).citation)


@cites("条例/18", "建金〔2018〕45号/3")
def check_rates(employer_rate: Rate, member_rate: Rate, band: RateBand) -> list[Reason]:
    """Both sides within the band; both ends are allowed. A rate above it is stored only if old.

    Where the centre asks for one rate of both sides, differing sides are a reason of their own. `facts` name the side.
    """
    reasons = [*_check_rate("单位", employer_rate, band), *_check_rate("个人", member_rate, band)]
    if not reasons and band.sides_equal and employer_rate != member_rate:
        message = f"本中心要求单位与个人缴存比例一致，现为{employer_rate.text}和{member_rate.text}，请统一后重新提交"
        reasons.append(Reason("RATES_DIFFER", message, (band.sides_equal_law,)))
    return reasons


@cites("条例/49@2026")
def check_flexible_rate(rate: Rate, band: RateBand) -> list[Reason]:
    """灵活就业: one person carries both halves as one rate."""
    return _check_rate("灵活就业", rate, band)


def _check_rate(side: str, rate: Rate, band: RateBand) -> list[Reason]:
    facts = (("side", side), ("rate", str(rate)))
    if rate < band.lowest:
        message = f"{side}缴存比例{rate.text}低于下限{band.lowest.text}，请更正后重新提交"
        return [Reason("RATE_BELOW_MINIMUM", message, (band.lowest_law,), facts)]
    if rate > band.highest:
        message = f"{side}缴存比例{rate.text}高于上限{band.highest.text}，请更正后重新提交"
        return [Reason("RATE_ABOVE_MAXIMUM", message, (band.highest_law,), facts)]
    return []
