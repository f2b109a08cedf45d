"""分解与分派: a centre makes measures of a task, gives it to a section and a person, and its director confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.workplan.models import Assignment, Measure, SectionMember
from hpf.workplan.rules.states import BreakdownState, EventKind, MeasureState
from hpf.workplan.services.record import (
    change,
    ended,
    is_director,
    locked_assignment,
    may_work_on,
    not_of_centre,
    said,
    sections_of,
    stale,
    tell,
)


@dataclass(frozen=True, slots=True)
class AssignmentChanged:
    assignment_id: int
    state: BreakdownState
    version: int


@dataclass(frozen=True, slots=True)
class MeasureChanged:
    measure_id: int
    assignment_id: int
    state: MeasureState
    version: int


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a section."""

    person_id: str
    person_name: str
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One line of a break-down of many."""

    assignment_id: int
    version: int
    measure_text: str
    section: str
    person_id: str = ""
    person_name: str = ""


@dataclass(frozen=True, slots=True)
class SectionSeated:
    section: str
    members: int


@command("workplan.break_down")
def break_down(
    *,
    by: Actor,
    centre_id: int,
    assignment_id: int,
    version: int,
    measure_text: str,
    section: str,
    at: datetime,
    key: str,
    person_id: str = "",
    person_name: str = "",
) -> Decision[AssignmentChanged]:
    """分解: measure, section and person of a task in this centre. What the director had confirmed has to be confirmed again.

    Refuses  NOT_OF_CENTRE, PLAN_ENDED, CHANGED_MEANWHILE, MEASURE_TEXT_MISSING, SECTION_MISSING, SECTION_OF_OTHERS
    """  # fmt: skip
    reasons = said(measure_text, "MEASURE_TEXT_MISSING", "具体措施") + said(section, "SECTION_MISSING", "责任科室")
    if reasons:
        return Decision.refused(reasons)
    return _give(
        by, centre_id, assignment_id, version, at, EventKind.BROKEN_DOWN, measure_text=measure_text.strip(), section=section.strip(),
        person_id=person_id, person_name=person_name, state=BreakdownState.BROKEN_DOWN,
    )  # fmt: skip


@command("workplan.break_down")
def break_down_many(
    *, by: Actor, centre_id: int, lines: tuple[Breakdown, ...], at: datetime, key: str
) -> Decision[tuple[AssignmentChanged, ...]]:
    """分解 many at once, each as `break_down` does it. The first line that is refused undoes all."""
    done: list[AssignmentChanged] = []
    with transaction.atomic():
        for line in lines:
            reasons = said(line.measure_text, "MEASURE_TEXT_MISSING", "具体措施") + said(line.section, "SECTION_MISSING", "责任科室")
            one: Decision[AssignmentChanged] = Decision.refused(reasons) if reasons else _give(
                by, centre_id, line.assignment_id, line.version, at, EventKind.BROKEN_DOWN, measure_text=line.measure_text.strip(),
                section=line.section.strip(), person_id=line.person_id, person_name=line.person_name, state=BreakdownState.BROKEN_DOWN,
            )  # fmt: skip
            if one.value is None:
                transaction.set_rollback(True)
                return Decision.refused(one.reasons)
            done.append(one.value)
    return Decision.approved(tuple(done))


@command("workplan.break_down")
def assign(
    *,
    by: Actor,
    centre_id: int,
    assignment_id: int,
    version: int,
    section: str,
    at: datetime,
    key: str,
    person_id: str = "",
    person_name: str = "",
) -> Decision[AssignmentChanged]:
    """分派: another section or person; the measure stays."""
    reasons = said(section, "SECTION_MISSING", "责任科室")
    if reasons:
        return Decision.refused(reasons)
    return _give(
        by, centre_id, assignment_id, version, at, EventKind.ASSIGNED, section=section.strip(), person_id=person_id, person_name=person_name
    )


@command("workplan.confirm")
def confirm_breakdown(
    *, by: Actor, centre_id: int, assignment_ids: tuple[int, ...], at: datetime, key: str
) -> Decision[tuple[AssignmentChanged, ...]]:
    """主任确认分解, for one or many. Refuses all when one is not broken down, or is another centre's."""
    rows = [locked_assignment(centre_id, each) for each in sorted(set(assignment_ids))]
    found = [row for row in rows if row is not None]
    if len(found) != len(rows) or not rows:
        return not_of_centre(centre_id, by, at, "所选责任事项")
    over = ended(found[0].plan)
    if over:
        return Decision.refused(over)
    waiting = [row.task.title for row in found if row.state == BreakdownState.NEW]
    if waiting:
        message = f"有{len(waiting)}项尚未分解（{'、'.join(waiting[:3])}），不能确认，请先由责任科室填写措施、科室和责任人。"
        return Decision.refused([Reason("NOT_BROKEN_DOWN", message)])
    done = []
    for row in found:
        before, after = change(row, state=BreakdownState.CONFIRMED, confirmed_by=by.name, confirmed_at=at)
        _tell(row, EventKind.CONFIRMED, by, at, before, after)
        done.append(AssignmentChanged(row.id, BreakdownState.CONFIRMED, row.version))
    return Decision.approved(tuple(done))


@command("workplan.break_down")
def add_measure(
    *,
    by: Actor,
    centre_id: int,
    assignment_id: int,
    title: str,
    at: datetime,
    key: str,
    section: str = "",
    person_id: str = "",
    person_name: str = "",
    starts_on: date | None = None,
    due_on: date | None = None,
) -> Decision[MeasureChanged]:
    """增加措施: a further step of the centre's own, with its own section, person and dates."""
    assignment = locked_assignment(centre_id, assignment_id)
    if assignment is None:
        return not_of_centre(centre_id, by, at, f"责任事项{assignment_id}")
    reasons = said(title, "MEASURE_TEXT_MISSING", "措施") + _dates(starts_on, due_on) + may_work_on(by, assignment) + ended(assignment.plan)
    if reasons:
        return Decision.refused(reasons)
    measure = Measure.objects.create(
        centre_id=centre_id, assignment=assignment, title=title.strip(), section=section or assignment.section, person_id=person_id,
        person_name=person_name, starts_on=starts_on, due_on=due_on, created_by=by.name, created_at=at,
    )  # fmt: skip
    _tell(assignment, EventKind.MEASURE_ADDED, by, at, {}, {"title": measure.title, "due_on": due_on}, measure.title)
    return Decision.approved(MeasureChanged(measure.id, assignment.id, MeasureState.OPEN, measure.version))


@command("workplan.done")
def change_measure(
    *,
    by: Actor,
    centre_id: int,
    measure_id: int,
    version: int,
    at: datetime,
    key: str,
    title: str | None = None,
    section: str | None = None,
    person_id: str | None = None,
    person_name: str | None = None,
    starts_on: date | None = None,
    due_on: date | None = None,
    state: MeasureState | None = None,
) -> Decision[MeasureChanged]:
    """修改措施: what is given changes, the rest stays; `state` says it is done or dropped."""
    measure = Measure.objects.select_for_update(of=("self",)).filter(centre_id=centre_id, id=measure_id).first()
    if measure is None:
        return not_of_centre(centre_id, by, at, f"措施{measure_id}")
    assignment = Assignment.objects.select_related("task", "plan").get(id=measure.assignment_id)
    old = stale(measure, version, measure.title)
    reasons = [old] if old else []
    reasons += _dates(starts_on or measure.starts_on, due_on or measure.due_on) + may_work_on(by, assignment) + ended(assignment.plan)
    if reasons:
        return Decision.refused(reasons)
    given = {
        "title": title, "section": section, "person_id": person_id, "person_name": person_name, "starts_on": starts_on, "due_on": due_on,
        "state": state,
    }  # fmt: skip
    before, after = change(measure, **{name: value for name, value in given.items() if value is not None})
    _tell(assignment, EventKind.MEASURE_CHANGED, by, at, before, after, measure.title)
    return Decision.approved(MeasureChanged(measure.id, assignment.id, MeasureState(measure.state), measure.version))


@command("workplan.sections")
def seat_section(
    *, by: Actor, centre_id: int, section: str, members: tuple[Member, ...], at: datetime, key: str
) -> Decision[SectionSeated]:
    """科室人员: who belongs to a section now; who is left out leaves it."""
    if not section.strip():
        return Decision.refused([Reason("SECTION_MISSING", "没有写明科室名称，无法登记，请填写后重新提交。")])
    SectionMember.objects.filter(centre_id=centre_id, section=section.strip()).delete()
    SectionMember.objects.bulk_create(
        [
            SectionMember(
                centre_id=centre_id, section=section.strip(), person_id=each.person_id, person_name=each.person_name, is_head=each.is_head
            )
            for each in members
        ]
    )
    return Decision.approved(SectionSeated(section.strip(), len(members)))


def _give(
    by: Actor, centre_id: int, assignment_id: int, version: int, at: datetime, kind: EventKind, **given: object
) -> Decision[AssignmentChanged]:
    assignment = locked_assignment(centre_id, assignment_id)
    if assignment is None:
        return not_of_centre(centre_id, by, at, f"责任事项{assignment_id}")
    old = stale(assignment, version, assignment.task.title)
    reasons = ([old] if old else []) + ended(assignment.plan)
    if not is_director(by):
        mine = sections_of(centre_id, by)
        for section in {assignment.section or str(given["section"]), str(given["section"])} - mine:
            message = f"“{section}”不是您负责的科室，只能分解和分派本科室的事项，请由该科室负责人或主任办理。"
            reasons.append(Reason("SECTION_OF_OTHERS", message))
    if reasons:
        return Decision.refused(reasons)
    before, after = change(assignment, **given)
    if after and kind is EventKind.ASSIGNED and assignment.state == BreakdownState.CONFIRMED and "section" in after:
        change(assignment, state=BreakdownState.BROKEN_DOWN)
    if after:
        _tell(assignment, kind, by, at, before, after)
    return Decision.approved(AssignmentChanged(assignment.id, BreakdownState(assignment.state), assignment.version))


def _dates(starts_on: date | None, due_on: date | None) -> list[Reason]:
    if starts_on and due_on and starts_on > due_on:
        return [Reason("DATES_CROSSED", f"起始日期{starts_on}晚于到期日{due_on}，请更正后重新提交。")]
    return []


def _tell(
    row: Assignment, kind: EventKind, by: Actor, at: datetime, before: dict[str, object], after: dict[str, object], text: str = ""
) -> None:
    tell(
        kind, centre_id=row.centre_id, plan_id=row.plan_id, task_id=row.task_id, assignment_id=row.id, by=by, at=at, text=text,
        before=before, after=after,
    )  # fmt: skip
