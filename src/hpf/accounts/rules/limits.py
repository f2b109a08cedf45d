"""缴存基数上下限、缴存比例幅度: what a base and a rate may be."""

from __future__ import annotations

from dataclasses import dataclass

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money
from hpf.kernel.rate import Rate


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


@cites("条例/18", "建金〔2018〕45号/3")
def check_rates(employer_rate: Rate, member_rate: Rate, lowest: Rate, highest: Rate, *, equal: bool = False) -> list[Reason]:
    """Both sides within the band; equal where the centre says so. A rate above the band is stored only if old."""
    reasons = []
    for code, label, rate in (("EMPLOYER_RATE", "单位", employer_rate), ("MEMBER_RATE", "个人", member_rate)):
        if rate < lowest:
            reasons.append(Reason(
                f"{code}_BELOW_MINIMUM", f"{label}缴存比例{rate.text}低于下限{lowest.text}，请更正后重新提交；确有困难的申请降低比例", ("条例/18",)
            ))  # fmt: skip
        if rate > highest:
            reasons.append(Reason(
                f"{code}_ABOVE_MAXIMUM", f"{label}缴存比例{rate.text}高于上限{highest.text}，请更正后重新提交", ("建金〔2018〕45号/3",)
            ))  # fmt: skip
    if equal and employer_rate != member_rate and not reasons:
        reasons.append(Reason(
            "RATES_DIFFER", f"本中心要求单位和个人比例一致，现为{employer_rate.text}和{member_rate.text}，请更正", ("条例/18",)
        ))  # fmt: skip
    return reasons


@cites("条例/49")
def check_flexible_rate(rate: Rate, lowest: Rate, highest: Rate) -> list[Reason]:
    """灵活就业: one person carries both halves as one rate."""
    if lowest <= rate <= highest:
        return []
    return [Reason(
        "FLEXIBLE_RATE_OUTSIDE", f"灵活就业缴存比例{rate.text}不在{lowest.text}至{highest.text}之间，请更正", ("条例/49",)
    )]  # fmt: skip
