"""期限: a date moves with a reason and stays visible; a duty that hangs on an event gets its date when the event is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.policy import queries as policy
from hpf.workplan.models import Assignment, DeadlineMove, Occurrence
from hpf.workplan.rules.deadlines import DeadlineKind, DeadlineRule, Due, due_after_event, occurrences, rule_from_json
from hpf.workplan.rules.states import FINAL, EventKind, OccurrenceState
from hpf.workplan.services.handing_out import insert_occurrences
from hpf.workplan.services.record import (
    change,
    ended,
    is_director,
    locked_assignment,
    locked_occurrence,
    not_of_centre,
    said,
    stale,
    tell,
    tell_of,
)


@dataclass(frozen=True, slots=True)
class DeadlineMoved:
    occurrence_id: int
    due_on: date
    first_due_on: date
    version: int


@dataclass(frozen=True, slots=True)
class Triggered:
    """The dates that an event has set, in order."""

    assignment_id: int
    due_on: tuple[date, ...]


@command("workplan.move_deadline")
def move_deadline(
    *, by: Actor, centre_id: int, occurrence_id: int, version: int, to_on: date, reason: str, at: datetime, key: str
) -> Decision[DeadlineMoved]:
    """调整期限, by the province in the centre's scope. The first date, every move and its reason stay.

    Refuses  NOT_OF_CENTRE, PLAN_ENDED, CHANGED_MEANWHILE, REASON_MISSING, DEADLINE_SAME, DEADLINE_SEALED, DATES_CROSSED
    """
    occurrence = locked_occurrence(centre_id, occurrence_id)
    if occurrence is None:
        return not_of_centre(centre_id, by, at, f"期次{occurrence_id}")
    what = f"{occurrence.task.title}（{occurrence.period}）"
    old = stale(occurrence, version, what)
    reasons = ended(occurrence.plan) + ([old] if old else []) + said(reason, "REASON_MISSING", "调整期限的原因")
    if OccurrenceState(occurrence.state) in FINAL:
        message = f"“{what}”{OccurrenceState(occurrence.state).label}，期限不能再调整；有疑问请用批注。"
        reasons.append(Reason("DEADLINE_SEALED", message))
    if to_on == occurrence.due_on:
        reasons.append(Reason("DEADLINE_SAME", f"新期限与现期限同为{to_on}，未作调整，请填写不同的日期。"))
    if to_on < occurrence.starts_on:
        reasons.append(Reason("DATES_CROSSED", f"新期限{to_on}早于起始日期{occurrence.starts_on}，请更正后重新提交。"))
    if reasons:
        return Decision.refused(reasons)
    before = occurrence.due_on
    calendar = policy.workdays().going_on()
    last = to_on if calendar.is_workday(to_on) else calendar.add_workdays(to_on, -1)
    change(occurrence, due_on=to_on, last_workday_on=last)
    DeadlineMove.objects.create(
        centre_id=centre_id, occurrence=occurrence, from_on=before, to_on=to_on, reason=reason.strip(), moved_by=by.name, moved_at=at
    )
    tell_of(occurrence, EventKind.DEADLINE_MOVED, by, at, reason.strip(), due_on=(before, to_on))
    return Decision.approved(DeadlineMoved(occurrence.id, to_on, occurrence.first_due_on, occurrence.version))


@command("workplan.break_down")
def record_event(
    *, by: Actor, centre_id: int, assignment_id: int, event_on: date, what: str, at: datetime, key: str
) -> Decision[Triggered]:
    """登记触发事项: 审议 on this day, so the report is due ten working days before it.

    Writes   one occurrence for each rule of the task that hangs on an event; the same day twice gives the same ones; the
             line at the year's end, which stood for an event that had not happened, is withdrawn
    """
    assignment = locked_assignment(centre_id, assignment_id)
    if assignment is None:
        return not_of_centre(centre_id, by, at, f"责任事项{assignment_id}")
    rules = [rule for stored in assignment.task.deadlines if (rule := rule_from_json(stored)).kind is DeadlineKind.RELATIVE]
    reasons = ended(assignment.plan) + said(what, "TRIGGER_MISSING", "触发事项")
    if not rules:
        message = f"“{assignment.task.title}”的期限不随事件而定，无须登记触发事项，请按期限栏所列日期办理。"
        reasons.append(Reason("NOT_BY_EVENT", message))
    if not is_director(by) and assignment.person_id != by.user_id and not assignment.section:
        reasons.append(Reason("SECTION_MISSING", f"“{assignment.task.title}”尚未分派科室，请先分解后再登记触发事项。"))
    if reasons:
        return Decision.refused(reasons)
    calendar = policy.workdays().going_on()
    dues = [(rule, due_after_event(rule, event_on, calendar)) for rule in rules]
    insert_occurrences([
        {
            "centre_id": centre_id, "plan_id": assignment.plan_id, "task_id": assignment.task_id, "assignment_id": assignment.id,
            "period": due.period if len(dues) == 1 else f"{due.period}{rule.event}{'前' if rule.before else '后'}",
            "starts_on": min(assignment.starts_on, due.due_on).isoformat(), "due_on": due.due_on.isoformat(),
            "last_workday_on": due.last_workday_on.isoformat(), "note": f"{what.strip()}：{due.note}", "is_measured": False,
        }
        for rule, due in dues
    ])  # fmt: skip
    days = tuple(sorted(due.due_on for _, due in dues))
    _instead_of_the_placeholder(assignment, days, what.strip(), by, at)
    tell(
        EventKind.TRIGGERED, centre_id=centre_id, plan_id=assignment.plan_id, task_id=assignment.task_id, assignment_id=assignment.id, by=by,
        at=at, text=what.strip(), after={"event_on": event_on, "due_on": list(days)},
    )  # fmt: skip
    return Decision.approved(Triggered(assignment.id, days))


def _instead_of_the_placeholder(assignment: Assignment, days: tuple[date, ...], what: str, by: Actor, at: datetime) -> None:
    """Withdraw the line that only waited for the event. One that another rule of the task also asks for stays."""
    rules = [rule_from_json(stored) for stored in assignment.task.deadlines]
    year = assignment.plan.year
    if any(rule.kind is not DeadlineKind.RELATIVE and due.due_on == date(year, 12, 31) for rule in rules for due in _dues(rule, year)):
        return
    for waiting in Occurrence.objects.select_for_update().filter(assignment=assignment, period=str(year)).exclude(state__in=FINAL):
        before, after = change(waiting, state=OccurrenceState.WITHDRAWN, is_asked=False)
        told = f"{what}，期限已定为{'、'.join(map(str, days))}，年末的备注期次不再需要"
        tell_of(waiting, EventKind.PERIOD_WITHDRAWN, by, at, told, state=(before["state"], after["state"]))


def _dues(rule: DeadlineRule, year: int) -> tuple[Due, ...]:
    return occurrences(rule, year, policy.workdays().going_on())
