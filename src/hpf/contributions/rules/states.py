"""种类与状态: the words in which a list, an agreement, a deferral, a refund and an urging case say where they are."""

from __future__ import annotations

from enum import StrEnum


class RemittanceKind(StrEnum):
    """What a list is for. The first four are sent in by employers, the others are written by the centre's own work."""

    REGULAR = "REGULAR"
    BACK_FULL = "BACK_FULL"
    BACK_DIFFERENCE = "BACK_DIFFERENCE"
    BACK_FREE = "BACK_FREE"
    FLEXIBLE = "FLEXIBLE"
    SUBSIDY = "SUBSIDY"
    CORRECTION = "CORRECTION"

    @property
    def is_back_payment(self) -> bool:
        return self in BACK_PAYMENTS

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


BACK_PAYMENTS = frozenset({RemittanceKind.BACK_FULL, RemittanceKind.BACK_DIFFERENCE, RemittanceKind.BACK_FREE})
SENT_BY_EMPLOYERS = BACK_PAYMENTS | {RemittanceKind.REGULAR}

KIND_LABELS = {
    RemittanceKind.REGULAR: "汇缴",
    RemittanceKind.BACK_FULL: "全额补缴",
    RemittanceKind.BACK_DIFFERENCE: "差额补缴",
    RemittanceKind.BACK_FREE: "不定额补缴",
    RemittanceKind.FLEXIBLE: "灵活就业缴存",
    RemittanceKind.SUBSIDY: "缴存补贴",
    RemittanceKind.CORRECTION: "错账调整",
}


class RemittanceState(StrEnum):
    """RECEIVED has defects and waits for a corrected file; CHECKED waits for the employer; CONFIRMED waits for money."""

    RECEIVED = "RECEIVED"
    CHECKED = "CHECKED"
    CONFIRMED = "CONFIRMED"
    PAID = "PAID"
    BOOKED = "BOOKED"
    CANCELLED = "CANCELLED"
    REPLACED = "REPLACED"
    REVERSED = "REVERSED"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS = {
    RemittanceState.RECEIVED: "有差错待更正",
    RemittanceState.CHECKED: "已核对待确认",
    RemittanceState.CONFIRMED: "已确认待到账",
    RemittanceState.PAID: "已到账待记账",
    RemittanceState.BOOKED: "已记账",
    RemittanceState.CANCELLED: "已撤销",
    RemittanceState.REPLACED: "已被更正清册取代",
    RemittanceState.REVERSED: "已冲正",
}


class OriginalKind(StrEnum):
    REMITTANCE_LIST = "REMITTANCE_LIST"
    BASE_LIST = "BASE_LIST"
    RESOLUTION = "RESOLUTION"
    EVIDENCE = "EVIDENCE"


class BaseChangeState(StrEnum):
    """PROPOSED waits for the unit to confirm; CONFIRMED is in force in every account."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    REPLACED = "REPLACED"
    CANCELLED = "CANCELLED"

    @property
    def label(self) -> str:
        return {"PROPOSED": "待确认", "CONFIRMED": "已执行", "REPLACED": "已被更正取代", "CANCELLED": "已撤销"}[self]


class DeferralKind(StrEnum):
    DEFERRAL = "DEFERRAL"
    REDUCTION = "REDUCTION"

    @property
    def label(self) -> str:
        return {"DEFERRAL": "缓缴", "REDUCTION": "降低缴存比例"}[self]


class DeferralState(StrEnum):
    APPLIED = "APPLIED"
    REVIEWED = "REVIEWED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    ENDED = "ENDED"
    REPAID = "REPAID"

    @property
    def label(self) -> str:
        return DEFERRAL_STATE_LABELS[self]


DEFERRAL_STATE_LABELS = {
    DeferralState.APPLIED: "已申请待中心审核",
    DeferralState.REVIEWED: "中心已审核待批准",
    DeferralState.APPROVED: "已批准执行中",
    DeferralState.REFUSED: "未获批准",
    DeferralState.ENDED: "已恢复缴存待补缴",
    DeferralState.REPAID: "已补缴结清",
}


class Frequency(StrEnum):
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    YEARLY = "YEARLY"

    @property
    def months(self) -> int:
        return {"MONTHLY": 1, "QUARTERLY": 3, "YEARLY": 12}[self]

    @property
    def label(self) -> str:
        return {"MONTHLY": "按月", "QUARTERLY": "按季", "YEARLY": "按年"}[self]


class AgreementState(StrEnum):
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    EXITED = "EXITED"

    @property
    def label(self) -> str:
        return {"ACTIVE": "缴存中", "PAUSED": "已暂停", "EXITED": "已退出"}[self]


class CollectionState(StrEnum):
    ORDERED = "ORDERED"
    BOOKED = "BOOKED"
    FAILED = "FAILED"

    @property
    def label(self) -> str:
        return {"ORDERED": "扣款中", "BOOKED": "已记账", "FAILED": "扣款失败"}[self]


class RefundKind(StrEnum):
    MISPAYMENT = "MISPAYMENT"
    PREPAID = "PREPAID"

    @property
    def label(self) -> str:
        return {"MISPAYMENT": "错缴退款", "PREPAID": "预缴退款"}[self]


class RefundState(StrEnum):
    """FAILED: the payment came to nothing; the money waits on the refund's own account to be paid again, or to be KEPT as prepaid."""

    APPLIED = "APPLIED"
    ORDERED = "ORDERED"
    PAID = "PAID"
    FAILED = "FAILED"
    KEPT = "KEPT"
    REFUSED = "REFUSED"

    @property
    def label(self) -> str:
        return REFUND_STATE_LABELS[self]


REFUND_STATE_LABELS = {
    RefundState.APPLIED: "待复核",
    RefundState.ORDERED: "已复核付款中",
    RefundState.PAID: "已退款",
    RefundState.FAILED: "付款未成待重新办理",
    RefundState.KEPT: "已转入单位预缴",
    RefundState.REFUSED: "未通过",
}


class UrgingStepKind(StrEnum):
    CALL = "CALL"
    NOTICE = "NOTICE"
    ORDER = "ORDER"
    FINE = "FINE"
    COURT = "COURT"

    @property
    def label(self) -> str:
        return {
            "CALL": "电话催缴",
            "NOTICE": "书面催缴通知",
            "ORDER": "责令限期缴存",
            "FINE": "提请行政处罚",
            "COURT": "申请法院强制执行",
        }[self]


class UrgingState(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"

    @property
    def label(self) -> str:
        return {"OPEN": "催缴中", "CLOSED": "已办结"}[self]
