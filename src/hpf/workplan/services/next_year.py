"""下年要点: a new plan from what is still open in the last one, with its dates moved and the way back to the old task."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import connections

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.workplan.models import Plan, Task, TaskSource
from hpf.workplan.rules.deadlines import DeadlineRule, in_year, rule_from_json
from hpf.workplan.rules.states import EventKind, TaskOrigin, TaskScope, TaskState
from hpf.workplan.services.handing_out import CENTRES, Handed, deadline_text, hand_out
from hpf.workplan.services.plans import PlanLoaded
from hpf.workplan.services.record import PROVINCE, tell

_OPEN = """SELECT a.task_id, a.centre_id, a.measure_text, a.section, a.person_id, a.person_name, a.target::text
    FROM workplan_assignment_v1 a WHERE a.plan_id = %s AND EXISTS (
        SELECT FROM workplan_occurrence_v1 o WHERE o.assignment_id = a.id AND o.state NOT IN ('ACCEPTED', 'WITHDRAWN'))
    ORDER BY a.task_id, a.centre_id"""


Carried = dict[int, list[tuple[Any, ...]]]
"""Of each task the centres where it is open, with what each of them has said of it."""


@command("workplan.load")
def next_plan(
    *, by: Actor, centre_id: int, from_plan_id: int, year: int, at: datetime, key: str, title: str = "", number: str = ""
) -> Decision[PlanLoaded]:
    """由上年要点生成. A task goes on in those centres where something of it is not accepted; measures and sections come along.

    Reads    every centre's occurrences as the observer
    Refuses  NO_SUCH_PLAN, PLAN_YEAR_WRONG (not later), PLAN_MADE_BEFORE, NOTHING_OPEN
    """
    old = Plan.objects.select_for_update().filter(id=from_plan_id).first()
    if old is None:
        return Decision.refused([Reason("NO_SUCH_PLAN", f"没有编号为{from_plan_id}的要点，未生成，请刷新页面后重新选择。")])
    title = title.strip() or _title(old, year)
    reasons = []
    if year <= old.year:
        reasons.append(Reason("PLAN_YEAR_WRONG", f"新要点年度{year}不晚于上年要点的{old.year}年，请更正年度后重新提交。"))
    made = Plan.objects.filter(from_plan=old, year=year).first() or Plan.objects.filter(year=year, title=title).first()
    if made is not None:
        reasons.append(Reason("PLAN_MADE_BEFORE", f"{year}年要点“{made.title}”已经建立，未重复生成，请直接打开该要点。"))
    if reasons:
        return Decision.refused(reasons)
    carried = _open_in(old)
    tasks = list(Task.objects.filter(id__in=carried, state=TaskState.ACTIVE).select_related("plan").order_by("task_no"))
    if not tasks:
        return Decision.refused([Reason("NOTHING_OPEN", f"“{old.title}”没有未完成的任务，无可结转，请直接载入{year}年要点文件。")])
    plan = Plan.objects.create(
        year=year, title=title, number=number, issuer=old.issuer, from_plan=old, warn_days=old.warn_days, director_days=old.director_days,
        province_days=old.province_days, loaded_by=by.name, loaded_at=at,
    )  # fmt: skip
    fresh = Task.objects.bulk_create([_moved(plan, task, number, carried, by, at) for number, task in enumerate(tasks, 1)])
    _keep_sources(tasks, fresh)
    given = hand_out(plan, fresh, [
        Handed(new.id, *rest) for task, new in zip(tasks, fresh, strict=True) for rest in carried[task.id]
    ])  # fmt: skip
    tell(
        EventKind.PLAN_MADE, centre_id=PROVINCE, plan_id=plan.id, by=by, at=at, text=f"由“{old.title}”结转{len(fresh)}项任务",
        after={"from_plan_id": old.id, "tasks": len(fresh)},
    )  # fmt: skip
    return Decision.approved(PlanLoaded(plan.id, None, 0, title, 0, 0, len(fresh), given.assignments, given.occurrences, 0, 0))


def _open_in(plan: Plan) -> Carried:
    found: Carried = defaultdict(list)
    with connections["observer"].cursor() as cursor:
        cursor.execute(_OPEN, [plan.id])
        for task_id, *rest in cursor.fetchall():
            found[task_id].append(tuple(rest))
    return found


def _moved(plan: Plan, task: Task, number: int, carried: Carried, by: Actor, at: datetime) -> Task:
    rules = [in_year(rule_from_json(stored), plan.year, from_year=task.plan.year) for stored in task.deadlines]
    rules = [_reworded(rule, task.plan.year) for rule in rules]
    copied = (
        "title",
        "demand",
        "anchor",
        "part",
        "part_heading",
        "quota",
        "cites",
        "bodies",
        "measure_kind",
        "measure_code",
        "operator",
        "target",
    )
    return Task(
        plan=plan, task_no=number, scope=TaskScope.ALL if len(carried[task.id]) == len(CENTRES) else TaskScope.NAMED,
        origin=TaskOrigin.CARRIED, starts_on=date(plan.year, 1, 1), deadlines=[rule.as_json() for rule in rules],
        deadline_text=deadline_text(rules), carried_from=task, created_by=by.name, created_at=at,
        **{name: getattr(task, name) for name in copied},
    )  # fmt: skip


def _reworded(rule: DeadlineRule, old_year: int) -> DeadlineRule:
    """The old document's words name the old year; the moved rule speaks for itself."""
    return replace(rule, words="") if str(old_year) in rule.words else rule


def _keep_sources(tasks: list[Task], fresh: list[Task]) -> None:
    renewed = {task.id: new.id for task, new in zip(tasks, fresh, strict=True)}
    TaskSource.objects.bulk_create(
        TaskSource(task_id=renewed[each.task_id], sentence_id=each.sentence_id) for each in TaskSource.objects.filter(task__in=tasks)
    )


def _title(old: Plan, year: int) -> str:
    return old.title.replace(str(old.year), str(year)) if str(old.year) in old.title else f"{year}年{old.title}"
