"""种类与状态: the words of the work plan, and one table of the moves that an occurrence may make."""

from __future__ import annotations

from enum import StrEnum

from hpf.kernel.decision import Reason


class OccurrenceState(StrEnum):
    """期次状态. A measured occurrence takes the same way, but whether its target is met is computed and never typed."""

    OPEN = "OPEN"
    DONE_BY_SECTION = "DONE_BY_SECTION"
    REPORTED = "REPORTED"
    RETURNED = "RETURNED"
    ACCEPTED = "ACCEPTED"
    WITHDRAWN = "WITHDRAWN"

    @property
    def label(self) -> str:
        return {
            "OPEN": "推进中", "DONE_BY_SECTION": "科室办结", "REPORTED": "已上报", "RETURNED": "已退回", "ACCEPTED": "已认可",
            "WITHDRAWN": "已撤销",
        }[self]  # fmt: skip


class Move(StrEnum):
    """What is done to an occurrence."""

    FINISH = "FINISH"
    REOPEN = "REOPEN"
    REPORT = "REPORT"
    ACCEPT = "ACCEPT"
    RETURN = "RETURN"
    WITHDRAW = "WITHDRAW"

    @property
    def label(self) -> str:
        return {
            "FINISH": "科室办结", "REOPEN": "退回科室", "REPORT": "上报", "ACCEPT": "认可", "RETURN": "退回", "WITHDRAW": "撤销",
        }[self]  # fmt: skip


_S = OccurrenceState
MOVES: dict[Move, tuple[frozenset[OccurrenceState], OccurrenceState]] = {
    Move.FINISH: (frozenset({_S.OPEN, _S.RETURNED}), _S.DONE_BY_SECTION),
    Move.REOPEN: (frozenset({_S.DONE_BY_SECTION}), _S.OPEN),
    Move.REPORT: (frozenset({_S.DONE_BY_SECTION}), _S.REPORTED),
    Move.ACCEPT: (frozenset({_S.REPORTED}), _S.ACCEPTED),
    Move.RETURN: (frozenset({_S.REPORTED}), _S.RETURNED),
    Move.WITHDRAW: (frozenset({_S.OPEN, _S.DONE_BY_SECTION, _S.RETURNED, _S.REPORTED}), _S.WITHDRAWN),
}
"""Every move: from which states, to which. ACCEPTED is the end of the way; there is no move out of it."""

FINAL = frozenset({_S.ACCEPTED, _S.WITHDRAWN})


def check_move(state: OccurrenceState, move: Move, what: str) -> Reason | None:
    """Why `move` cannot be made now; None when it can. `what` names the task in the message."""
    allowed, _ = MOVES[move]
    if state in allowed:
        return None
    wanted = "、".join(each.label for each in OccurrenceState if each in allowed)
    return Reason(
        "OCCURRENCE_WRONG_STATE",
        f"“{what}”现为{state.label}，{move.label}须在{wanted}时办理，请刷新页面查看最新状态。",
        facts=(("state", state.value), ("move", move.value)),
    )


class PlanState(StrEnum):
    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"

    @property
    def label(self) -> str:
        return {"ACTIVE": "执行中", "CLOSED": "已结束"}[self]


class TaskState(StrEnum):
    ACTIVE = "ACTIVE"
    WITHDRAWN = "WITHDRAWN"

    @property
    def label(self) -> str:
        return {"ACTIVE": "执行中", "WITHDRAWN": "已撤销"}[self]


class TaskOrigin(StrEnum):
    DOCUMENT = "DOCUMENT"
    MANUAL = "MANUAL"
    CARRIED = "CARRIED"

    @property
    def label(self) -> str:
        return {"DOCUMENT": "文件拆解", "MANUAL": "人工建立", "CARRIED": "上年结转"}[self]


class TaskScope(StrEnum):
    ALL = "ALL"
    NAMED = "NAMED"

    @property
    def label(self) -> str:
        return {"ALL": "全省各中心", "NAMED": "点名中心"}[self]


class Verdict(StrEnum):
    """结论 on one sentence of the document."""

    DEMAND = "DEMAND"
    NO_TASK = "NO_TASK"
    UNCOVERED = "UNCOVERED"

    @property
    def label(self) -> str:
        return {"DEMAND": "有任务", "NO_TASK": "不设任务", "UNCOVERED": "未覆盖"}[self]


class BreakdownState(StrEnum):
    """分解状态 of an assignment: a section fills it in, the director confirms."""

    NEW = "NEW"
    BROKEN_DOWN = "BROKEN_DOWN"
    CONFIRMED = "CONFIRMED"

    @property
    def label(self) -> str:
        return {"NEW": "待分解", "BROKEN_DOWN": "已分解待确认", "CONFIRMED": "已确认"}[self]


class MeasureState(StrEnum):
    OPEN = "OPEN"
    DONE = "DONE"
    DROPPED = "DROPPED"

    @property
    def label(self) -> str:
        return {"OPEN": "进行中", "DONE": "已完成", "DROPPED": "已取消"}[self]


class MeasureKind(StrEnum):
    """佐证方式: files, or a figure of the platform itself."""

    EVIDENCE = "EVIDENCE"
    INDICATOR = "INDICATOR"
    COUNT = "COUNT"
    CHECK = "CHECK"

    @property
    def label(self) -> str:
        return {"EVIDENCE": "佐证材料", "INDICATOR": "平台指标", "COUNT": "平台计数", "CHECK": "平台核对"}[self]

    @property
    def is_measured(self) -> bool:
        return self is not MeasureKind.EVIDENCE


class ReadingSource(StrEnum):
    COMPUTED = "COMPUTED"
    ENTERED = "ENTERED"

    @property
    def label(self) -> str:
        return {"COMPUTED": "平台计算", "ENTERED": "人工填报"}[self]


class NoticeKind(StrEnum):
    BEFORE = "BEFORE"
    DUE = "DUE"
    LATE = "LATE"
    DIRECTOR = "DIRECTOR"
    PROVINCE = "PROVINCE"

    @property
    def label(self) -> str:
        return {"BEFORE": "临期提醒", "DUE": "到期提醒", "LATE": "逾期提醒", "DIRECTOR": "逾期报主任", "PROVINCE": "逾期报省厅"}[self]


class EventKind(StrEnum):
    """What the history tells."""

    PLAN_LOADED = "PLAN_LOADED"
    EDITION_LOADED = "EDITION_LOADED"
    PLAN_MADE = "PLAN_MADE"
    PLAN_SET = "PLAN_SET"
    PLAN_CLOSED = "PLAN_CLOSED"
    TASK_CREATED = "TASK_CREATED"
    TASK_CHANGED = "TASK_CHANGED"
    TASK_WITHDRAWN = "TASK_WITHDRAWN"
    CENTRES_CHANGED = "CENTRES_CHANGED"
    DEADLINES_CHANGED = "DEADLINES_CHANGED"
    PERIOD_WITHDRAWN = "PERIOD_WITHDRAWN"
    NO_TASK = "NO_TASK"
    MEASURED_BY = "MEASURED_BY"
    BROKEN_DOWN = "BROKEN_DOWN"
    ASSIGNED = "ASSIGNED"
    CONFIRMED = "CONFIRMED"
    MEASURE_ADDED = "MEASURE_ADDED"
    MEASURE_CHANGED = "MEASURE_CHANGED"
    EVIDENCE_ADDED = "EVIDENCE_ADDED"
    EVIDENCE_WITHDRAWN = "EVIDENCE_WITHDRAWN"
    FINISHED = "FINISHED"
    REOPENED = "REOPENED"
    REPORTED = "REPORTED"
    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"
    ASKED = "ASKED"
    ANSWERED = "ANSWERED"
    COMMENTED = "COMMENTED"
    DEADLINE_MOVED = "DEADLINE_MOVED"
    TRIGGERED = "TRIGGERED"
    READING_ENTERED = "READING_ENTERED"
    READING_SIGNED = "READING_SIGNED"
    READING_REFUSED = "READING_REFUSED"
    MEASURED = "MEASURED"
    ESCALATED = "ESCALATED"
    SECTION_SEATED = "SECTION_SEATED"
    IMPORTED = "IMPORTED"

    @property
    def label(self) -> str:
        return EVENT_LABELS[self]


EVENT_LABELS = {
    EventKind.PLAN_LOADED: "要点载入",
    EventKind.EDITION_LOADED: "新版本载入",
    EventKind.PLAN_MADE: "由上年要点生成",
    EventKind.PLAN_SET: "提醒天数调整",
    EventKind.PLAN_CLOSED: "要点结束",
    EventKind.TASK_CREATED: "建立任务",
    EventKind.TASK_CHANGED: "修改任务",
    EventKind.TASK_WITHDRAWN: "撤销任务",
    EventKind.CENTRES_CHANGED: "调整责任中心",
    EventKind.DEADLINES_CHANGED: "调整期限规则",
    EventKind.PERIOD_WITHDRAWN: "撤销期次",
    EventKind.NO_TASK: "标注不设任务",
    EventKind.MEASURED_BY: "改由平台测量",
    EventKind.BROKEN_DOWN: "分解",
    EventKind.ASSIGNED: "分派",
    EventKind.CONFIRMED: "主任确认分解",
    EventKind.MEASURE_ADDED: "增加措施",
    EventKind.MEASURE_CHANGED: "修改措施",
    EventKind.EVIDENCE_ADDED: "上传佐证",
    EventKind.EVIDENCE_WITHDRAWN: "撤回佐证",
    EventKind.FINISHED: "科室办结",
    EventKind.REOPENED: "退回科室",
    EventKind.REPORTED: "上报省厅",
    EventKind.ACCEPTED: "省厅认可",
    EventKind.RETURNED: "省厅退回",
    EventKind.ASKED: "省厅询问",
    EventKind.ANSWERED: "中心答复",
    EventKind.COMMENTED: "批注",
    EventKind.DEADLINE_MOVED: "调整期限",
    EventKind.TRIGGERED: "登记触发事项",
    EventKind.READING_ENTERED: "填报数值",
    EventKind.READING_SIGNED: "签认数值",
    EventKind.READING_REFUSED: "数值退回重填",
    EventKind.MEASURED: "平台测量",
    EventKind.ESCALATED: "逾期上报",
    EventKind.SECTION_SEATED: "科室人员调整",
    EventKind.IMPORTED: "导入台账",
}
