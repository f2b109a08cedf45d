"""提取申请的状态: where an application stands and what may happen to it next. Refused and withdrawn are ends."""

from __future__ import annotations

from enum import StrEnum

from hpf.kernel.decision import Reason


class State(StrEnum):
    ACCEPTED = "ACCEPTED"
    REFERRED = "REFERRED"
    REVIEWED = "REVIEWED"
    APPROVED = "APPROVED"
    IN_SETTLEMENT = "IN_SETTLEMENT"
    PAID = "PAID"
    FAILED = "FAILED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    CLAWED_BACK = "CLAWED_BACK"

    @property
    def text(self) -> str:
        return STATE_LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether the application is still on its way to a payment."""
        return self in OPEN

    @property
    def before_settlement(self) -> bool:
        """Whether the applicant may still take it back: nothing has gone to the bank."""
        return self in BEFORE_SETTLEMENT


STATE_LABELS = {
    State.ACCEPTED: "已受理，核查中",
    State.REFERRED: "转人工审核",
    State.REVIEWED: "待复核",
    State.APPROVED: "已准予，待付款",
    State.IN_SETTLEMENT: "付款中",
    State.PAID: "已到账",
    State.FAILED: "付款未成",
    State.REFUSED: "不予提取",
    State.WITHDRAWN: "已撤回",
    State.CLAWED_BACK: "已追回",
}
BEFORE_SETTLEMENT = frozenset({State.ACCEPTED, State.REFERRED, State.REVIEWED, State.APPROVED, State.FAILED})
OPEN = BEFORE_SETTLEMENT | {State.IN_SETTLEMENT}
COUNTS = (State.APPROVED, State.IN_SETTLEMENT, State.PAID, State.FAILED)
"""States in which an application counts as a withdrawal of its household and holds its evidence."""


class HeirState(StrEnum):
    """Where one heir's own payment stands."""

    WAITING = "WAITING"
    ORDERED = "ORDERED"
    PAID = "PAID"
    FAILED = "FAILED"

    @property
    def text(self) -> str:
        return HEIR_LABELS[self]


HEIR_LABELS = {HeirState.WAITING: "待付款", HeirState.ORDERED: "付款中", HeirState.PAID: "已到账", HeirState.FAILED: "付款未成"}


class ClaimState(StrEnum):
    """Where a claim for a down payment stands. A refusal to pay back does not end it."""

    DEMANDED = "DEMANDED"
    REFUSED = "REFUSED"
    RETURNED = "RETURNED"
    STOPPED = "STOPPED"

    @property
    def text(self) -> str:
        return CLAIM_LABELS[self]

    @property
    def is_open(self) -> bool:
        return self in (ClaimState.DEMANDED, ClaimState.REFUSED)


CLAIM_LABELS = {
    ClaimState.DEMANDED: "已通知退回",
    ClaimState.REFUSED: "拒不退回",
    ClaimState.RETURNED: "已退回",
    ClaimState.STOPPED: "停止追回",
}


class DecisionKind(StrEnum):
    AUTOMATIC = "AUTOMATIC"
    REVIEW = "REVIEW"
    OVERRIDE = "OVERRIDE"
    BEFORE_PAYMENT = "BEFORE_PAYMENT"

    @property
    def text(self) -> str:
        return {"AUTOMATIC": "自动审批", "REVIEW": "人工审核", "OVERRIDE": "人工改定", "BEFORE_PAYMENT": "付款前核对"}[self]


def wrong_state(application_no: str, now: str, action: str, who: str = "") -> Reason:
    """Two people deciding the same case: the second is told what the first did."""
    by = f"（{who}办理）" if who else ""
    return Reason("WITHDRAWAL_WRONG_STATE", f"提取申请{application_no}现为“{State(now).text}”{by}，不能{action}，请刷新后按现状办理")


def check_payee_name(member_name: str, payee_name: str) -> list[Reason]:
    """户名一致: the account paid belongs to the applicant, to the letter. Nothing is sent otherwise."""
    if payee_name.strip() == member_name:
        return []
    message = f"收款户名“{payee_name.strip()}”与申请人姓名“{member_name}”不一致，提取款只能转入本人账户，请更正收款账户"
    return [Reason("PAYEE_NAME_DIFFERS", message, ("条例/25",))]


def check_payee_account(account_no: str) -> list[Reason]:
    digits = account_no.replace(" ", "")
    if digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 32:
        return []
    return [Reason("PAYEE_ACCOUNT_WRONG", "收款账号应为8至32位数字，请核对银行卡号后重新填写", ("条例/25",))]
