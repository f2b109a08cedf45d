"""账户状态: which change is allowed from which state, and for which named reasons."""

from __future__ import annotations

from enum import StrEnum

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money


class EmployerState(StrEnum):
    OPENED = "OPENED"
    NORMAL = "NORMAL"
    DEFERRED = "DEFERRED"
    SEALED = "SEALED"
    CLOSED = "CLOSED"

    @property
    def text(self) -> str:
        return {"OPENED": "开户", "NORMAL": "正常", "DEFERRED": "缓缴", "SEALED": "封存", "CLOSED": "销户"}[self]


class MemberState(StrEnum):
    NORMAL = "NORMAL"
    SEALED = "SEALED"
    MERGED = "MERGED"
    TRANSFERRED_OUT = "TRANSFERRED_OUT"
    WITHDRAWN_OUT = "WITHDRAWN_OUT"

    @property
    def text(self) -> str:
        return {
            "NORMAL": "正常", "SEALED": "封存", "MERGED": "合并销户", "TRANSFERRED_OUT": "外部转出销户", "WITHDRAWN_OUT": "提取销户",
        }[self]  # fmt: skip

    @property
    def is_open(self) -> bool:
        return self in (MemberState.NORMAL, MemberState.SEALED)


SEAL_REASONS = {
    "LEFT": "终止劳动关系",
    "RETIRED": "离休退休",
    "UNPAID_LEAVE": "停薪留职",
    "SICK_LEAVE": "长期病假",
    "MILITARY": "应征入伍",
    "CUSTODY": "转入集中封存",
    "EMPLOYER_ENDED": "单位撤销、解散或破产",
    "AGREEMENT_ENDED": "灵活就业协议终止",
    "OTHER": "其他",
}
CLOSE_REASONS = {"MERGER": "合并", "SPLIT": "分立", "REVOKED": "撤销", "DISSOLVED": "解散", "BANKRUPT": "破产", "OTHER": "其他"}

_EMPLOYER_MOVES = {
    ("OPENED", "NORMAL"), ("NORMAL", "DEFERRED"), ("DEFERRED", "NORMAL"), ("NORMAL", "SEALED"), ("SEALED", "NORMAL"),
    ("OPENED", "CLOSED"), ("NORMAL", "CLOSED"), ("DEFERRED", "CLOSED"), ("SEALED", "CLOSED"),
}  # fmt: skip


def check_employer_move(now: str, wanted: str) -> list[Reason]:
    """开户 → 正常 ⇄ 缓缴, 正常 ⇄ 封存, and from any of them → 销户."""
    if (now, wanted) in _EMPLOYER_MOVES:
        return []
    return [Reason(
        "STATE_NOT_ALLOWED", f"单位账户现为“{EmployerState(now).text}”，不能转为“{EmployerState(wanted).text}”，请先核对账户状态"
    )]  # fmt: skip


@cites("条例/15")
def check_seal(state: str, reason: str) -> list[Reason]:
    if reason not in SEAL_REASONS:
        return [Reason("SEAL_REASON_MISSING", f"封存须选择原因（{'、'.join(SEAL_REASONS.values())}），请选择", ("条例/15",))]
    return _must_be(state, MemberState.NORMAL, "封存")


@cites("条例/15")
def check_unseal(state: str) -> list[Reason]:
    return _must_be(state, MemberState.SEALED, "启封")


def check_open(state: str, action: str) -> list[Reason]:
    if MemberState(state).is_open:
        return []
    return [Reason("ACCOUNT_CLOSED", f"个人账户已{MemberState(state).text}，不能办理{action}")]


def _must_be(state: str, wanted: MemberState, action: str) -> list[Reason]:
    if state == wanted:
        return []
    return [Reason(
        "STATE_NOT_ALLOWED", f"个人账户现为“{MemberState(state).text}”，只有“{wanted.text}”账户可以{action}，请核对"
    )]  # fmt: skip


@cites("条例/14", "建金管〔2005〕5号/合并分立破产")
def check_employer_closing(
    state: str, reason: str, members_open: int, prepaid: Money, arrears: Money, arrears_decision_no: str
) -> list[Reason]:
    """销户: no member left on it, nothing prepaid, nothing owed (or a written decision about what is owed)."""
    reasons = check_employer_move(state, EmployerState.CLOSED)
    if reason not in CLOSE_REASONS:
        reasons.append(Reason("CLOSE_REASON_MISSING", f"销户须选择原因（{'、'.join(CLOSE_REASONS.values())}），请选择", ("条例/14",)))
    if members_open:
        reasons.append(Reason(
            "MEMBERS_LEFT", f"单位名下还有{members_open}个未转出的个人账户，请先办理转移或转入集中封存", ("条例/14",)
        ))  # fmt: skip
    if prepaid:
        reasons.append(Reason("PREPAID_LEFT", f"单位预缴余额{prepaid.text}元，请先办理退缴", ("财会字〔2000〕12号/暂收",)))
    if arrears and not arrears_decision_no:
        reasons.append(Reason(
            "ARREARS_LEFT", f"单位欠缴{arrears.text}元，应先补缴；依法不能补缴的请登记处理决定文号", ("建金管〔2005〕5号/合并分立破产",)
        ))  # fmt: skip
    return reasons
