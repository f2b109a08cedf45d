"""历史与并发: every change leaves an event; whoever changes what somebody else has just changed is told who, when and what."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Model

from hpf.access.services import record as audit
from hpf.kernel.actor import EVERY_PERMISSION, Actor
from hpf.kernel.codec import to_plain
from hpf.kernel.decision import Decision, Reason
from hpf.workplan.models import Assignment, Event, Measure, Occurrence, Plan, SectionMember, Task
from hpf.workplan.rules.states import EventKind, PlanState

M = TypeVar("M", bound=Model)
LOCAL = ZoneInfo("Asia/Shanghai")
PROVINCE = 0


def tell(
    kind: EventKind, *, centre_id: int, plan_id: int, by: Actor, at: datetime, task_id: int | None = None,
    assignment_id: int | None = None, occurrence_id: int | None = None, text: str = "",
    before: dict[str, Any] | None = None, after: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """One line of the history. In centre 0 for the province's own; no RETURNING, so the province can tell a centre too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workplan_event (centre_id, plan_id, task_id, assignment_id, occurrence_id, kind, at, by_id, by_name, text, before, after)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [centre_id, plan_id, task_id, assignment_id, occurrence_id, kind.value, at, by.user_id, by.name, text,
             json.dumps(to_plain(before or {}), ensure_ascii=False), json.dumps(to_plain(after or {}), ensure_ascii=False)],
        )  # fmt: skip


def tell_of(occurrence: Occurrence, kind: EventKind, by: Actor, at: datetime, text: str = "", **changed: Any) -> None:
    """A line about one occurrence. `changed` gives (before, after) by name."""
    tell(
        kind, centre_id=occurrence.centre_id, plan_id=occurrence.plan_id, task_id=occurrence.task_id, assignment_id=occurrence.assignment_id,
        occurrence_id=occurrence.id, by=by, at=at, text=text, before={k: v[0] for k, v in changed.items()},
        after={k: v[1] for k, v in changed.items()},
    )  # fmt: skip


def change(row: M, **given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what differs, raise the row's version and save; gives (before, after) of what changed."""
    before = {name: getattr(row, name) for name, value in given.items() if getattr(row, name) != value}
    after = {name: given[name] for name in before}
    if after:
        for name, value in after.items():
            setattr(row, name, value)
        row.version += 1  # type: ignore[attr-defined]
        row.save(update_fields=[*after, "version"])
    return before, after


def stale(row: Assignment | Occurrence | Task | Measure, version: int, what: str) -> Reason | None:
    """Why a change made on an old look at the row must not go in: who has changed it since, when, and what was done."""
    if row.version == version:
        return None
    named: dict[str, Any] = {
        Task: {"task_id": row.id, "centre_id": PROVINCE},
        Assignment: {"assignment_id": row.id, "occurrence_id": None},
        Occurrence: {"occurrence_id": row.id},
        Measure: {"assignment_id": getattr(row, "assignment_id", None), "occurrence_id": None},
    }[type(row)]
    last = Event.objects.filter(**named).order_by("-id").first()
    who = f"已由{last.by_name}于{spoken(last.at)}修改（{EventKind(last.kind).label}）" if last else "已被他人修改"
    return Reason(
        "CHANGED_MEANWHILE",
        f"“{what}”{who}，您所见的是修改前的内容；本次未保存，请刷新后在最新内容上重新填写。",
        facts=(("seen", str(version)), ("now", str(row.version))),
    )


def spoken(at: datetime) -> str:
    local = at.astimezone(LOCAL)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def locked_occurrence(centre_id: int, occurrence_id: int) -> Occurrence | None:
    return Occurrence.objects.select_for_update(of=("self",)).select_related("task", "assignment", "plan").filter(
        centre_id=centre_id, id=occurrence_id
    ).first()  # fmt: skip


def locked_assignment(centre_id: int, assignment_id: int) -> Assignment | None:
    return Assignment.objects.select_for_update(of=("self",)).select_related("task", "plan").filter(
        centre_id=centre_id, id=assignment_id
    ).first()  # fmt: skip


def locked_task(task_id: int) -> Task | None:
    return Task.objects.select_for_update(of=("self",)).select_related("plan").filter(id=task_id).first()


def not_of_centre(centre_id: int, by: Actor, at: datetime, what: str) -> Decision[Any]:
    """The row is another centre's, or nobody's: refused in the same words, and the attempt is kept in the audit log."""
    audit(centre_id, kind="REFUSED", at=at, by=by, subject=f"{what}不属于本中心", purpose="工作要点台账")
    return Decision.refused([Reason("NOT_OF_CENTRE", f"{what}不属于本中心或不存在，只能办理本中心的责任事项；本次操作已记入审计日志。")])


def said(text: str, code: str, what: str) -> list[Reason]:
    """A refusal when nothing was written."""
    return [] if text.strip() else [Reason(code, f"没有写明{what}，无法留痕，请填写后重新提交。")]


def ended(plan: Plan) -> list[Reason]:
    """Why nothing is worked on in a plan that has ended. What was reported before may still be accepted, and commented on."""
    if plan.state != PlanState.CLOSED:
        return []
    message = f"“{plan.title}”已结束，其中的事项不再办理；没有完成的请在下一年要点中办理，需要说明的请用批注。"
    return [Reason("PLAN_ENDED", message)]


def is_director(by: Actor) -> bool:
    return bool(by.permissions & {"workplan.confirm", "workplan.decide", EVERY_PERMISSION})


def may_work_on(by: Actor, assignment: Assignment) -> list[Reason]:
    """Director and province everywhere in the centre; a section's head in his section; anybody else on what is his."""
    if is_director(by) or assignment.person_id == by.user_id:
        return []
    if Measure.objects.filter(centre_id=assignment.centre_id, assignment=assignment, person_id=by.user_id).exists():
        return []
    if "workplan.break_down" in by.permissions and assignment.section in sections_of(assignment.centre_id, by):
        return []
    holder = f"{assignment.section or '尚未分派'}{assignment.person_name and '、' + assignment.person_name}"
    return [
        Reason("NOT_YOUR_TASK", f"“{assignment.task.title}”的责任科室和责任人是{holder}，不是您本人或您的科室，请由其办理或请主任改派。")
    ]


def sections_of(centre_id: int, by: Actor) -> set[str]:
    """The sections that this person heads."""
    return set(SectionMember.objects.filter(centre_id=centre_id, person_id=by.user_id, is_head=True).values_list("section", flat=True))
