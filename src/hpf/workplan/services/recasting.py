"""改任务的范围和期限: centres join and leave a task that is under way, and its dates follow another rule; always with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections

from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.parties import queries as parties
from hpf.workplan.models import DeadlineMove, Occurrence, Task
from hpf.workplan.rules.deadlines import DeadlineKind, DeadlineRule, rule_from_json
from hpf.workplan.rules.states import FINAL, MOVES, EventKind, MeasureKind, Move, OccurrenceState, TaskScope, TaskState
from hpf.workplan.services.handing_out import CENTRES, Handed, deadline_text, hand_out, insert_occurrences, periods_of
from hpf.workplan.services.record import PROVINCE, change, ended, locked_task, said, stale, tell, tell_of

WORKED_ON = (OccurrenceState.OPEN, OccurrenceState.DONE_BY_SECTION, OccurrenceState.RETURNED)


@dataclass(frozen=True, slots=True)
class Recast:
    """What became of the task's occurrences in all centres."""

    task_id: int
    version: int
    added: int
    withdrawn: int
    moved: int


@command("workplan.tasks")
def set_centres(
    *, by: Actor, centre_id: int, task_id: int, version: int, centre_ids: tuple[int, ...], reason: str, at: datetime, key: str
) -> Decision[Recast]:
    """调整责任中心 (centre 0): the centres that have the task from now on; empty means all sixteen.

    Writes   who joins gets every date of the task; of who leaves, what is not accepted is withdrawn and stays readable
    Refuses  NO_SUCH_TASK, CHANGED_MEANWHILE, REASON_MISSING, PLAN_ENDED, TASK_WITHDRAWN, TASK_CENTRE_UNKNOWN, CENTRES_SAME,
             CENTRE_DONE (all accepted there), CENTRE_LEFT_BEFORE (a task of its own is needed)
    """
    task, reasons = _checked(task_id, version, reason, "调整责任中心的原因")
    if task is None:
        return Decision.refused(reasons)
    names = {each.centre_id: each.short_name for each in parties.centres()}
    wanted = set(centre_ids) or set(CENTRES)
    unknown = sorted(wanted - set(CENTRES))
    if unknown:
        reasons.append(Reason("TASK_CENTRE_UNKNOWN", f"没有编号为{'、'.join(map(str, unknown))}的中心，请重新选择责任中心。"))
    standing = _standing(task)
    have = {centre for centre, (live, _) in standing.items() if live}
    leaving, joining = have - wanted, wanted - have
    if not leaving and not joining:
        reasons.append(Reason("CENTRES_SAME", f"“{task.title}”现有责任中心就是所选的{len(have)}家，未作调整，请增减后重新提交。"))
    done = [names[centre] for centre in sorted(leaving) if not standing[centre][1]]
    if done:
        reasons.append(Reason("CENTRE_DONE", f"{'、'.join(done)}的“{task.title}”已全部认可，不能撤销，请保留。"))
    again = [names[centre] for centre in sorted(joining & standing.keys())]
    if again:
        message = f"{'、'.join(again)}的“{task.title}”此前已撤销，撤销的期次不能恢复，请另建任务交办。"
        reasons.append(Reason("CENTRE_LEFT_BEFORE", message))
    if reasons:
        return Decision.refused(reasons)
    withdrawn = 0
    for centre in sorted(leaving):
        with centre_scope(centre):
            for row in Occurrence.objects.select_for_update().filter(task=task, centre_id=centre).exclude(state__in=FINAL):
                withdrawn += _withdraw(row, by, at, reason)
    given = hand_out(task.plan, [task], [Handed(task.id, centre) for centre in sorted(joining)])
    change(task, scope=TaskScope.ALL if wanted == set(CENTRES) else TaskScope.NAMED)
    if task.version == version:
        _raise_version(task)
    tell(
        EventKind.CENTRES_CHANGED, centre_id=PROVINCE, plan_id=task.plan_id, task_id=task.id, by=by, at=at, text=reason.strip(),
        before={"责任中心": [names[each] for each in sorted(have)]}, after={"责任中心": [names[each] for each in sorted(wanted)]},
    )  # fmt: skip
    return Decision.approved(Recast(task.id, task.version, given.occurrences, withdrawn, 0))


@command("workplan.tasks")
def set_deadlines(
    *, by: Actor, centre_id: int, task_id: int, version: int, deadlines: tuple[DeadlineRule, ...], reason: str, at: datetime, key: str
) -> Decision[Recast]:
    """调整期限规则 (centre 0) in every centre that has the task. What is reported or accepted stays as it is.

    Writes   a period that stays moves to its new date (the first date stays visible); a period that goes is withdrawn;
             a new one is added
    Refuses  NO_SUCH_TASK, CHANGED_MEANWHILE, REASON_MISSING, PLAN_ENDED, TASK_WITHDRAWN, DEADLINES_SAME, DEADLINE_BY_EVENT
    """
    task, reasons = _checked(task_id, version, reason, "调整期限的原因")
    if task is None:
        return Decision.refused(reasons)
    old = [rule_from_json(stored) for stored in task.deadlines]
    if any(rule.kind is DeadlineKind.RELATIVE for rule in (*old, *deadlines)):
        message = f"“{task.title}”的期限随事件而定，不能改成日期，请登记事项日期；个别期次须改期的，请在期次上调整期限。"
        reasons.append(Reason("DEADLINE_BY_EVENT", message))
    text = deadline_text(deadlines)
    if [rule.as_json() for rule in deadlines] == task.deadlines or not deadlines:
        reasons.append(Reason("DEADLINES_SAME", f"“{task.title}”现在的期限就是“{task.deadline_text}”，未作调整，请选择不同的期限。"))
    if reasons:
        return Decision.refused(reasons)
    before, after = change(task, deadlines=[rule.as_json() for rule in deadlines], deadline_text=text)
    wanted = {str(row["period"]): row for row in periods_of(task.plan, task)}
    counted = [0, 0, 0]
    for centre in sorted(centre for centre, (live, _) in _standing(task).items() if live):
        with centre_scope(centre):
            for at_place, number in enumerate(_follow(task, centre, wanted, by, at, reason.strip())):
                counted[at_place] += number
    tell(
        EventKind.DEADLINES_CHANGED, centre_id=PROVINCE, plan_id=task.plan_id, task_id=task.id, by=by, at=at, text=reason.strip(),
        before={"期限": before.get("deadline_text", "")}, after={"期限": after.get("deadline_text", text)},
    )  # fmt: skip
    return Decision.approved(Recast(task.id, task.version, *counted))


def _follow(task: Task, centre: int, wanted: dict[str, dict[str, Any]], by: Actor, at: datetime, reason: str) -> tuple[int, int, int]:
    """One centre's occurrences after the new rule: how many came, went and moved."""
    rows = {row.period: row for row in Occurrence.objects.select_for_update().filter(task=task, centre_id=centre).order_by("id")}
    assignment_id = next(iter(rows.values())).assignment_id
    withdrawn = moved = 0
    fresh: list[dict[str, Any]] = []
    for period, row in rows.items():
        if period not in wanted and row.state in WORKED_ON:
            withdrawn += _withdraw(row, by, at, reason)
    for period, new in wanted.items():
        row, due_on = rows.get(period), date.fromisoformat(new["due_on"])
        if row is None:
            fresh.append(new)
        elif row.state == OccurrenceState.WITHDRAWN:
            fresh += [] if new["due_on"] in rows else [new | {"period": new["due_on"]}]
        elif row.state in WORKED_ON and row.due_on != due_on:
            moved += _move(row, due_on, new, by, at, reason)
    insert_occurrences([
        each | {
            "centre_id": centre, "plan_id": task.plan_id, "task_id": task.id, "assignment_id": assignment_id,
            "is_measured": MeasureKind(task.measure_kind).is_measured,
        }
        for each in fresh
    ])  # fmt: skip
    return len(fresh), withdrawn, moved


def _withdraw(row: Occurrence, by: Actor, at: datetime, reason: str) -> int:
    before, _ = change(row, state=MOVES[Move.WITHDRAW][1], is_asked=False)
    tell_of(row, EventKind.PERIOD_WITHDRAWN, by, at, reason.strip(), state=(before["state"], row.state))
    return 1


def _move(row: Occurrence, due_on: date, new: dict[str, Any], by: Actor, at: datetime, reason: str) -> int:
    before = row.due_on
    change(row, due_on=due_on, last_workday_on=date.fromisoformat(new["last_workday_on"]), note=new["note"])
    DeadlineMove.objects.create(
        centre_id=row.centre_id, occurrence=row, from_on=before, to_on=due_on, reason=reason, moved_by=by.name, moved_at=at
    )
    tell_of(row, EventKind.DEADLINE_MOVED, by, at, reason, due_on=(before, due_on))
    return 1


def _checked(task_id: int, version: int, reason: str, what: str) -> tuple[Task | None, list[Reason]]:
    task = locked_task(task_id)
    if task is None:
        return None, [Reason("NO_SUCH_TASK", f"没有编号为{task_id}的任务，未作修改，请刷新页面后重新选择。")]
    old = stale(task, version, task.title)
    reasons = ([old] if old else []) + said(reason, "REASON_MISSING", what) + ended(task.plan)
    if task.state == TaskState.WITHDRAWN:
        reasons.append(Reason("TASK_WITHDRAWN", f"“{task.title}”已撤销，不再调整，需要的请另建任务。"))
    return task, reasons


def _standing(task: Task) -> dict[int, tuple[int, int]]:
    """Of each centre that ever had the task: how many occurrences stand, and how many of them are not accepted. As the observer,
    under the lock of the task."""
    with connections["observer"].cursor() as cursor:
        cursor.execute(
            """SELECT a.centre_id, count(o.id) FILTER (WHERE o.state <> 'WITHDRAWN'), count(o.id) FILTER (WHERE o.state NOT IN ('WITHDRAWN', 'ACCEPTED'))
               FROM workplan_assignment_v1 a LEFT JOIN workplan_occurrence_v1 o ON o.assignment_id = a.id WHERE a.task_id = %s GROUP BY a.centre_id""",
            [task.id],
        )
        return {centre: (live, left) for centre, live, left in cursor.fetchall()}


def _raise_version(task: Task) -> None:
    """The scope's word may stay while its centres change: whoever looked before looked at something else."""
    task.version += 1
    task.save(update_fields=["version"])
