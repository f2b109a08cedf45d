"""State codes as people read them: one label and one tone for each code, wherever it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hpf.contributions.rules.states import DEFERRAL_STATE_LABELS, REFUND_STATE_LABELS, STATE_LABELS
from hpf.withdrawals.rules.instalments import AGREEMENT_LABELS, INSTALMENT_LABELS
from hpf.withdrawals.rules.states import CLAIM_LABELS, HEIR_LABELS
from hpf.withdrawals.rules.states import STATE_LABELS as WITHDRAWAL_LABELS

GOOD, WAIT, BAD, INFO, NONE = "good", "wait", "bad", "info", "none"

STATES: dict[str, tuple[str, str]] = {
    # accounts
    "NORMAL": ("正常", GOOD),
    "OPENED": ("已开户", INFO),
    "DEFERRED": ("缓缴", WAIT),
    "SEALED": ("封存", NONE),
    "CLOSED": ("已销户", NONE),
    "MERGED": ("已并户", NONE),
    "TRANSFERRED_OUT": ("已转出", NONE),
    "WITHDRAWN_OUT": ("已销户", NONE),
    # kinds of lists
    "REGULAR": ("汇缴", INFO),
    "BACK_FULL": ("全额补缴", INFO),
    "BACK_DIFFERENCE": ("差额补缴", INFO),
    "BACK_FREE": ("不定额补缴", INFO),
    # treasury
    "READY": ("待发送", WAIT),
    "SENT": ("已发送", WAIT),
    "PROCESSING": ("银行处理中", WAIT),
    "DONE": ("成功", GOOD),
    "FAILED": ("失败", BAD),
    "RUNNING": ("进行中", WAIT),
    "STOPPED": ("已停止", NONE),
    "OPEN": ("待匹配", WAIT),
    "WAITING": ("待处理", WAIT),
    "MATCHED": ("已匹配", INFO),
    "APPLIED": ("已使用", GOOD),
    "REFUNDED": ("已退回", NONE),
    # deferral, queue
    "APPROVED": ("已通过", GOOD),
    "REFUSED": ("未通过", BAD),
    "RETURNED": ("已退回", BAD),
    "ENDED": ("已结束", NONE),
    "REFERRED": ("转人工", WAIT),
    "ACTIVE": ("有效", GOOD),
    "PAUSED": ("暂停", WAIT),
    "EXITED": ("已退出", NONE),
    # accounts' kinds
    "FLEXIBLE": ("灵活就业", INFO),
    "CUSTODY": ("托管", INFO),
    # journal kinds
    "REMITTANCE": ("汇缴", INFO),
    "BACK_PAYMENT": ("补缴", INFO),
    "PREPAYMENT": ("预缴", INFO),
    "RECEIPT": ("收款", INFO),
    "REFUND": ("退缴", INFO),
    "INTERNAL_TRANSFER": ("内部转移", INFO),
    "MERGE": ("并户", INFO),
    "INTEREST_ACCRUAL": ("计提利息", INFO),
    "INTEREST_SETTLEMENT": ("年度结息", INFO),
    "INTEREST_CLOSING": ("销户结息", INFO),
    "SUBSIDY": ("缴存补贴", INFO),
    "TRANSFER_IN": ("异地转入", INFO),
    "TRANSFER_OUT": ("异地转出", INFO),
    "WITHDRAWAL": ("提取", INFO),
    "PAYMENT": ("付款", INFO),
    "REVERSAL": ("冲正", WAIT),
    "ADJUSTMENT": ("调账", WAIT),
    "OPENING": ("期初", INFO),
    # channels
    "COUNTER": ("柜面", INFO),
    "EMPLOYER_WEB": ("单位网厅", INFO),
    "MEMBER_WEB": ("个人网厅", INFO),
    "SUPERVISOR_WEB": ("监管", INFO),
    "API": ("接口", INFO),
    "SYSTEM": ("系统", INFO),
    # audit
    "SIGN_IN": ("登录", GOOD),
    "SIGN_IN_REFUSED": ("登录失败", BAD),
    "SIGN_OUT": ("退出", NONE),
    "VIEW": ("查看", INFO),
    "UNMASK": ("查看明文", WAIT),
    "EXPORT": ("导出", WAIT),
    "PASSWORD": ("修改密码", INFO),
    "APPOINT": ("任用", INFO),
    "ASK": ("发起作业", INFO),
    # confidence of a parameter
    "VERIFIED": ("已核原文", GOOD),
    "SECONDARY": ("转引", INFO),
    "RECALLED": ("待核", WAIT),
    "DESIGNED": ("本平台设计", INFO),
    "DEMO": ("演示值", WAIT),
}


def _toned(labels: Mapping[Any, str], tones: dict[str, str]) -> dict[str, tuple[str, str]]:
    return {str(code): (label, tones.get(str(code), NONE)) for code, label in labels.items()}


FAMILIES: dict[str, dict[str, tuple[str, str]]] = {
    "audit": {"REFUSED": ("越权被拒", BAD)},
    "account": {"REGULAR": ("单位缴存", INFO), "REFUNDED": ("已退", NONE)},
    "withdrawal": _toned(
        WITHDRAWAL_LABELS,
        {
            "ACCEPTED": INFO,
            "REFERRED": WAIT,
            "REVIEWED": WAIT,
            "APPROVED": INFO,
            "IN_SETTLEMENT": INFO,
            "PAID": GOOD,
            "FAILED": BAD,
            "REFUSED": BAD,
            "WITHDRAWN": NONE,
            "CLAWED_BACK": NONE,
        },
    ),
    "heir": _toned(HEIR_LABELS, {"WAITING": WAIT, "ORDERED": INFO, "PAID": GOOD, "FAILED": BAD}),
    "claim": _toned(CLAIM_LABELS, {"DEMANDED": WAIT, "REFUSED": BAD, "RETURNED": GOOD, "STOPPED": NONE}),
    "agreed": _toned(AGREEMENT_LABELS, {"SIGNED": GOOD, "ENDED": NONE, "EXPIRED": NONE}),
    "instalment": _toned(INSTALMENT_LABELS, {"WAITING": WAIT, "DECIDED": INFO}),
    "queue": {"WAITING": ("待复核", WAIT)},
    "remittance": _toned(STATE_LABELS, {"RECEIVED": BAD, "CHECKED": INFO, "CONFIRMED": WAIT, "PAID": INFO, "BOOKED": GOOD}),
    "deferral": _toned(DEFERRAL_STATE_LABELS, {"APPLIED": WAIT, "REVIEWED": WAIT, "APPROVED": GOOD, "REFUSED": BAD, "ENDED": WAIT}),
    "refund": _toned(REFUND_STATE_LABELS, {"APPLIED": WAIT, "ORDERED": INFO, "PAID": GOOD, "FAILED": BAD, "REFUSED": BAD}),
    "receipt": {
        "SUSPENSE": ("待认领", WAIT),
        "SHORT": ("少缴，待补足", WAIT),
        "LONG": ("多缴，待处理", WAIT),
        "MATCHED": ("已认领", INFO),
        "USED": ("已使用", GOOD),
        "REFUNDED": ("已退回", NONE),
        "REFUNDING": ("退回中", WAIT),
    },
    "agreement": {"ACTIVE": ("缴存中", GOOD), "PAUSED": ("已暂停", WAIT), "EXITED": ("已退出", NONE)},
    "debit": {"ORDERED": ("扣款中", WAIT), "BOOKED": ("已入账", GOOD), "FAILED": ("扣款失败", BAD)},
    "payment": {"ORDERED": ("付款中", WAIT), "RETURNED": ("已退汇", BAD)},
    "step": {"DONE": ("完成", GOOD), "RED": ("不符", BAD)},
    "urging": {"OPEN": ("催缴中", WAIT), "CLOSED": ("已办结", GOOD)},
    "bases": {
        "PROPOSED": ("待确认", WAIT),
        "CONFIRMED": ("已执行", GOOD),
        "REPLACED": ("已被更正取代", NONE),
        "CANCELLED": ("已撤销", NONE),
    },
    "day": {"OPEN": ("未结账", WAIT), "CLOSED": ("已结账", GOOD)},
    "transfer": {
        "APPLIED": ("待复核", WAIT),
        "REJECTED": ("申请未通过", BAD),
        "WITHDRAWN": ("已撤回", NONE),
        "APPROVED": ("联系函已发出", INFO),
        "RECEIVED": ("联系函已接收", INFO),
        "CANCELLED": ("已撤销", NONE),
        "NEGOTIATING": ("协商中", WAIT),
        "INFORMED": ("账户信息已通过", INFO),
        "REFUSED": ("转出审核不通过", BAD),
        "NEGOTIATED": ("协商办结", NONE),
        "FAILED": ("失败办结", BAD),
        "DONE": ("正常办结", GOOD),
    },
    "dispatch": {"PROCESSING": ("平台处理中", WAIT), "DONE": ("已受理", GOOD), "FAILED": ("未受理", BAD)},
    "court_order": {"ENTERED": ("待复核", WAIT), "RETURNED": ("已退回", NONE), "ANSWERED": ("已办结", GOOD)},
    "court_payment": {"ORDERED": ("付款中", WAIT), "DONE": ("已付法院", GOOD), "FAILED": ("付款未成", BAD), "CORRECTED": ("待复核", WAIT)},
    "unit": {"OPENED": ("开户", INFO), "SEALED": ("封存", NONE)},
}


def state_of(code: str, family: str = "") -> tuple[str, str]:
    """Label and tone of a code; a code nobody has named shows as 其他, never as English."""
    found = FAMILIES.get(family, {}).get(code) or STATES.get(code)
    if found:
        return found
    return (code, NONE) if not code.isascii() else ("其他", NONE)
