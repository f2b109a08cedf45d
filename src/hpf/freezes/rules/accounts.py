"""查控对象: which account an order is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hpf.kernel.decision import Decision, Reason, cites


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """An account of the person asked for."""

    account_no: str
    is_open: bool
    state_label: str
    closed_on: str = ""


@cites("查控规程/一人多户")
def choose(person_known: bool, held: Sequence[HeldAccount], account_no: str) -> Decision[HeldAccount]:
    """The one account an order works on, or why there is none; never one that was only guessed.

    Facts    the person's accounts in this centre; `account_no` when the paper names one
    Refuses  PERSON_NOT_FOUND, NO_ACCOUNT_HERE, ACCOUNT_NOT_THEIRS, ALREADY_CLOSED, SEVERAL_ACCOUNTS
    """
    law = "民事诉讼法/协助义务"
    if not person_known:
        return _no(Reason("PERSON_NOT_FOUND", "本中心没有此姓名和证件号码的缴存人，未办理，请核对姓名、证件种类和号码", law))
    if not held:
        return _no(Reason("NO_ACCOUNT_HERE", "此人在本中心没有住房公积金账户，未办理，请向其缴存地中心查询", law))
    if account_no:
        named = next((account for account in held if account.account_no == account_no), None)
        if named is None:
            return _no(Reason("ACCOUNT_NOT_THEIRS", f"账号{account_no}不在此人名下，未办理，请核对账号", law))
        if not named.is_open:
            return _no(_closed(named))
        return Decision.approved(named)
    opened = [account for account in held if account.is_open]
    if not opened:
        return _no(_closed(held[0]))
    if len(opened) > 1:
        listed = "、".join(f"{account.account_no}（{account.state_label}）" for account in opened)
        message = f"此人名下有{len(opened)}个未销户账户：{listed}，未办理，请写明账号，每个账户一份文书"
        return _no(Reason("SEVERAL_ACCOUNTS", message, "查控规程/一人多户"))
    return Decision.approved(opened[0])


def _closed(account: HeldAccount) -> Reason:
    message = f"账户{account.account_no}已于{account.closed_on}销户（{account.state_label}），没有资金可供执行，未办理"
    return Reason("ALREADY_CLOSED", message, "民事诉讼法/协助义务")


def _no(reason: Reason) -> Decision[HeldAccount]:
    return Decision.refused([reason])
