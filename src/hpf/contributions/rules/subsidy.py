"""补贴发放与收回: whom public money may be granted to, and how much of it may be taken back. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hpf.contributions.rules import refusals
from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month


@dataclass(frozen=True, slots=True)
class GrantLine:
    account_no: str
    month: Month
    amount: Money


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """`is_open` says of each known account whether it is open; `granted` who has which month of the programme already."""

    program_no: str
    available: Money
    is_open: Mapping[str, bool]
    granted: Collection[tuple[str, Month]]


@cites("条例/49@2026")
def check_grant(lines: Sequence[GrantLine], facts: GrantFacts) -> list[Reason]:
    """Known open accounts, amounts above zero, one grant for a person and a month, money enough; all lines or none."""
    unknown = dict.fromkeys(line.account_no for line in lines if line.account_no not in facts.is_open)
    reasons = [refusals.no_such_member(account_no) for account_no in unknown]
    reasons += [refusals.member_not_normal(account_no, "已销户") for account_no, is_open in facts.is_open.items() if not is_open]
    if not lines or any(line.amount <= ZERO for line in lines):
        reasons.append(Reason("SUBSIDY_NOT_POSITIVE", "补贴每一行的金额都应大于0.00元，请更正后重新提交"))
    seen: set[tuple[str, Month]] = set()
    for line in lines:
        if (line.account_no, line.month) in facts.granted or (line.account_no, line.month) in seen:
            reasons.append(Reason("SUBSIDY_TWICE", f"{line.account_no}{line.month.text}已有本项目补贴，同人同月不得重复发放，请删除此行"))
        seen.add((line.account_no, line.month))
    total = Money.total(line.amount for line in lines)
    if total > facts.available:
        short = (total - facts.available).text
        message = f"本次发放{total.text}元，补贴项目{facts.program_no}可用{facts.available.text}元，短缺{short}元，请待资金到账后发放"
        reasons.append(Reason("SUBSIDY_MONEY_SHORT", message))
    return reasons


def check_recovery(line: GrantLine, left: Money, available: Money) -> list[Reason]:
    """Not more than is left of the grant, and only what the person still has free. Does not say what else is on the account."""
    if line.amount <= ZERO or line.amount > left:
        message = (
            f"{line.account_no}{line.month.text}这笔补贴尚未收回的有{left.text}元，要求收回{line.amount.text}元，"
            "请填大于0.00元且不超过未收回的金额"
        )
        return [Reason("SUBSIDY_MORE_THAN_LEFT", message)]
    if available < line.amount:
        message = f"账户{line.account_no}可用余额不足，不能收回{line.amount.text}元，请核减金额，或与本人约定退回后再办理"
        return [Reason("SUBSIDY_MONEY_GONE", message)]
    return []
