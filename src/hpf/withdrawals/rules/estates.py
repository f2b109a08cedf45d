"""死亡提取: heirs and legatees. 条例 第二十四条；没有继承人和受遗赠人的，余额转入增值收益.

Order of checks: the death, the proof of inheritance or the simplified way for a small balance, the heirs and their shares, the
applicant among them. Who has no heirs at all is referred: a person moves the balance to the surplus.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from hpf.accounts.rules.states import MemberState
from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money

from .case import Case
from .entitlement import Share
from .facts_of_life import HEIR_PROOFS, Heir


def holder_has_died(case: Case) -> None:
    died_on = case.know("died_on", date)
    if died_on is None or died_on > case.on:
        when = f"死亡日期{died_on}晚于申请日{case.on}" if died_on else "公安机关没有账户所有人的死亡登记"
        message = f"{when}，不能按死亡提取，请先办理死亡登记，被宣告死亡的请提供判决书"
        case.refuse(Reason("DEATH_NOT_ON_RECORD", message, case.art24))


@cites("条例/24@2019", "条例/24@2026", "省中心提取政策/小额继承")
def inheritance_is_proved(case: Case) -> None:
    """公证、裁判; the heirs' own joint declaration where the centre takes it; below a small balance the next of kin's commitment."""
    proof = case.must("heir_proof", str)
    if proof in ("NOTARY", "COURT"):
        return
    if proof == "AGREEMENT" and case.is_set("withdrawal.heirs_by_agreement"):
        return
    key = "withdrawal.small_estate_limit"
    small = case.money(key) if case.knows(key) else None
    if (
        small is not None
        and case.applicant.balance <= small
        and case.applicant.account_state is MemberState.SEALED
        and case.flag("is_close_kin")
    ):
        return
    way = f"，已封存且余额不超过{small.text}元的近亲属可以承诺办理，本账户不符合" if small is not None else ""
    message = f"继承证明为“{HEIR_PROOFS.get(proof, proof)}”，不能支付给继承人{way}，请提供继承公证或者生效裁判后申请"
    case.refuse(Reason("HEIR_PROOF_MISSING", message, case.art24))


@cites("条例/24@2019", "条例/24@2026")
def shares_are_whole(case: Case) -> None:
    heirs = case.must("heirs", tuple)
    if not heirs:
        message = "没有继承人和受遗赠人，余额依照条例转入增值收益，已转人工办理，请等待书面处理结果"
        case.refer(Reason("NO_HEIRS", message, case.art24))
        return
    if any(heir.numerator <= 0 or heir.denominator <= 0 for heir in heirs) or _sum(heirs) != 1:
        total = _sum(heir for heir in heirs if heir.denominator > 0)
        message = f"{len(heirs)}名继承人的份额合计为{total}，应为1，请按公证书或者裁判文书更正份额"
        case.refuse(Reason("HEIR_SHARES_WRONG", message, case.art24))


def _sum(heirs: Iterable[Heir]) -> Fraction:
    return sum((Fraction(heir.numerator, heir.denominator) for heir in heirs), Fraction(0))


def applicant_is_heir(case: Case) -> None:
    heirs = case.must("heirs", tuple)
    if heirs and case.must("applicant_ref", str) not in {heir.person for heir in heirs}:
        message = "申请人不在继承人、受遗赠人之内，不能申请，请由继承人、受遗赠人申请，或者提供委托手续由其代办"
        case.refuse(Reason("NOT_AN_HEIR", message, case.art24))


def heirs_are_paid(case: Case) -> None:
    case.outcome["heirs"] = case.must("heirs", tuple)


def share_out(total: Money, heirs: Iterable[Heir]) -> tuple[Share, ...]:
    """Divide to the fen: each part rounded down, the fen left over go one by one to the heirs in their order. Sums to the total.

    Example  100.00 by thirds  ->  33.34, 33.33, 33.33
    """
    ordered = tuple(heirs)
    if not ordered:
        return ()
    parts = [total.fen * heir.numerator // heir.denominator for heir in ordered]
    for place in range(total.fen - sum(parts)):
        parts[place % len(parts)] += 1
    return tuple(Share(heir.person, Money(fen)) for heir, fen in zip(ordered, parts, strict=True))


CHECKS = (holder_has_died, inheritance_is_proved, shares_are_whole, applicant_is_heir)
LIMITS = (heirs_are_paid,)
