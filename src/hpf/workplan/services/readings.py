"""测量: the platform's figures decide measured tasks; where it has none yet, one person enters and another signs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from hpf.access.rules import check_checker
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.period import Month
from hpf.workplan.models import Assignment, Evidence, Occurrence, Reading
from hpf.workplan.queries.measures import is_met, measure_named, values
from hpf.workplan.rules.states import FINAL, EventKind, MeasureKind, PlanState, ReadingSource
from hpf.workplan.services.record import LOCAL, ended, locked_assignment, may_work_on, not_of_centre, said, tell, tell_of


@dataclass(frozen=True, slots=True)
class ReadingKept:
    reading_id: int
    assignment_id: int
    month: Month
    value: Decimal
    signed: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """How many assignments have a figure, how many have none yet, and how many occurrences turned."""

    assignments: int
    without: int
    turned: int


@command("workplan.enter_reading")
def enter_reading(
    *,
    by: Actor,
    centre_id: int,
    assignment_id: int,
    month: Month,
    value: str,
    evidence_id: int,
    on: date,
    at: datetime,
    key: str,
    note: str = "",
) -> Decision[ReadingKept]:
    """填报数值 of a month, with evidence. It counts once another person has signed; the same month again replaces it openly.

    Refuses  PLAN_ENDED, READING_COMPUTED (the platform knows), NOT_MEASURED, VALUE_WRONG, MONTH_NOT_OVER, PROOF_MISSING, NOT_YOUR_TASK
    """
    assignment = locked_assignment(centre_id, assignment_id)
    if assignment is None:
        return not_of_centre(centre_id, by, at, f"责任事项{assignment_id}")
    reasons = ended(assignment.plan) + _may_enter(assignment, month, on) + may_work_on(by, assignment)
    number = _number(value)
    if number is None:
        reasons.append(Reason("VALUE_WRONG", f"“{value}”不是不小于零的数，请填写数字，例如0.2。"))
    if not Evidence.objects.filter(id=evidence_id, occurrence__assignment=assignment, withdrawn_at=None).exists():
        reasons.append(Reason("PROOF_MISSING", "没有附上这项任务的佐证材料，不能填报，请先上传数值的依据并选择它。"))
    if reasons or number is None:
        return Decision.refused(reasons)
    Reading.objects.filter(assignment=assignment, month=month, source=ReadingSource.ENTERED, is_superseded=False).update(is_superseded=True)
    reading = Reading.objects.create(
        centre_id=centre_id, assignment=assignment, month=month, value=number, source=ReadingSource.ENTERED, taken_on=on, note=note.strip(),
        evidence_id=evidence_id, entered_by=by.user_id, entered_by_name=by.name, entered_at=at,
    )  # fmt: skip
    _tell(assignment, EventKind.READING_ENTERED, by, at, f"{month.text}：{number.normalize():f}")
    return Decision.approved(ReadingKept(reading.id, assignment.id, month, number, False))


@command("workplan.sign_reading")
def sign_reading(
    *, by: Actor, centre_id: int, reading_id: int, on: date, at: datetime, key: str, approve: bool = True, reason: str = ""
) -> Decision[ReadingKept]:
    """签认 an entered figure, by somebody else than who entered it; or send it back with a reason."""
    reading = Reading.objects.filter(centre_id=centre_id, id=reading_id).first()
    assignment = locked_assignment(centre_id, reading.assignment_id) if reading else None
    if reading is None or assignment is None:
        return not_of_centre(centre_id, by, at, f"数值{reading_id}")
    reading.refresh_from_db()
    reasons = (
        ended(assignment.plan)
        + list(check_checker(reading.entered_by, by.user_id))
        + ([] if approve else said(reason, "REASON_MISSING", "退回填报的原因"))
    )
    if reading.source != ReadingSource.ENTERED or reading.signed_by or reading.is_superseded or reading.refused_reason:
        message = f"{reading.month.text}的这个数值已签认、已退回或已被取代，无须再签，请刷新页面查看最新数值。"
        reasons.append(Reason("READING_SETTLED", message))
    if reasons:
        return Decision.refused(reasons)
    if approve:
        reading.signed_by, reading.signed_by_name, reading.signed_at = by.user_id, by.name, at
        reading.save(update_fields=["signed_by", "signed_by_name", "signed_at"])
        _tell(assignment, EventKind.READING_SIGNED, by, at, f"{reading.month.text}：{reading.value.normalize():f}")
        _settle(centre_id, [assignment], on, by, at)
    else:
        reading.refused_reason, reading.is_superseded = reason.strip(), True
        reading.save(update_fields=["refused_reason", "is_superseded"])
        _tell(assignment, EventKind.READING_REFUSED, by, at, f"{reading.month.text}：{reason.strip()}")
    return Decision.approved(ReadingKept(reading.id, assignment.id, reading.month, reading.value, approve))


@command("workplan.measure")
def measure_all(*, by: Actor, centre_id: int, on: date, at: datetime, key: str) -> Measured:
    """测量 every measured task of the centre's running plans on a day. Again on the same day it writes only what has changed since."""
    assignments = list(
        Assignment.objects.select_for_update(of=("self",)).select_related("task").filter(centre_id=centre_id, plan__state=PlanState.ACTIVE)
        .exclude(task__measure_kind=MeasureKind.EVIDENCE)
        .filter(id__in=Occurrence.objects.filter(centre_id=centre_id, is_measured=True, starts_on__lte=on).exclude(state__in=FINAL).values("assignment_id"))
        .order_by("id")
    )  # fmt: skip
    return _settle(centre_id, assignments, on, by, at)


def _settle(centre_id: int, assignments: list[Assignment], on: date, by: Actor, at: datetime) -> Measured:
    occurrences: dict[int, list[Occurrence]] = defaultdict(list)
    for each in (
        Occurrence.objects.select_for_update(of=("self",)).select_related("task")
        .filter(centre_id=centre_id, assignment__in=assignments, is_measured=True, starts_on__lte=on).exclude(state__in=FINAL).order_by("due_on")
    ):  # fmt: skip
        occurrences[each.assignment_id].append(each)
    known: dict[tuple[str, date], Decimal | None] = {}
    turned = without = 0
    for assignment in assignments:
        value = _value(centre_id, assignment, on, known)
        without += value is None
        for occurrence in occurrences[assignment.id]:
            if occurrence.due_on < on and occurrence.is_met and occurrence.measured_on and occurrence.measured_on >= occurrence.due_on:
                continue
            first_look = occurrence.due_on < on and (occurrence.measured_on is None or occurrence.measured_on < occurrence.due_on)
            day = occurrence.due_on if first_look else on
            figure = _value(centre_id, assignment, day, known)
            if first_look and not is_met(figure, *_target(assignment)):
                day, figure = on, value
            turned += _turn(occurrence, assignment, figure, day, by, at)
    return Measured(len(assignments), without, turned)


def _turn(occurrence: Occurrence, assignment: Assignment, value: Decimal | None, day: date, by: Actor, at: datetime) -> bool:
    met = None if value is None else is_met(value, *_target(assignment))
    before = occurrence.is_met
    if (value, day) == (occurrence.value, occurrence.measured_on) and met == before:
        return False
    Occurrence.objects.filter(id=occurrence.id).update(value=value, is_met=met, measured_on=day)
    if met != before:
        tell_of(occurrence, EventKind.MEASURED, by, at, "达标" if met else "未达标", value=(occurrence.value, value), is_met=(before, met))
    return met != before


def _value(centre_id: int, assignment: Assignment, on: date, known: dict[tuple[str, date], Decimal | None]) -> Decimal | None:
    """The platform's figure, which is kept as the month's reading; else the latest one that was entered and signed."""
    code = assignment.task.measure_code
    if (code, on) not in known:
        known[code, on] = values(code, [centre_id], on).get(centre_id)
    value = known[code, on]
    if value is not None:
        _keep(assignment, Month.of(on), value, on)
        return value
    measure = measure_named(code)
    if measure is None or not measure.may_be_entered:
        return None
    return (
        Reading.objects.filter(assignment=assignment, source=ReadingSource.ENTERED, is_superseded=False, month__lte=Month.of(on))
        .exclude(signed_by="").order_by("-month").values_list("value", flat=True).first()
    )  # fmt: skip


def _keep(assignment: Assignment, month: Month, value: Decimal, on: date) -> None:
    current = Reading.objects.filter(assignment=assignment, month=month, source=ReadingSource.COMPUTED, is_superseded=False)
    kept = current.first()
    if kept is not None and (kept.value == value or kept.taken_on > on):
        return
    current.update(is_superseded=True)
    Reading.objects.create(
        centre_id=assignment.centre_id, assignment=assignment, month=month, value=value, source=ReadingSource.COMPUTED, taken_on=on,
        entered_by="platform", entered_by_name="平台", entered_at=datetime.combine(on, datetime.min.time(), tzinfo=LOCAL),
    )  # fmt: skip


def _target(assignment: Assignment) -> tuple[str, Decimal | None]:
    return assignment.task.operator, assignment.target if assignment.target is not None else assignment.task.target


def _may_enter(assignment: Assignment, month: Month, on: date) -> list[Reason]:
    task = assignment.task
    measure = measure_named(task.measure_code)
    if measure is None:
        return [Reason("NOT_MEASURED", f"“{task.title}”以佐证材料说明完成情况，不填报数值，请上传佐证。")]
    reasons = []
    computed = Reading.objects.filter(assignment=assignment, month=month, source=ReadingSource.COMPUTED, is_superseded=False).exists()
    if not measure.may_be_entered or computed:
        reasons.append(Reason("READING_COMPUTED", f"“{measure.name}”由平台计算，不能填报；数值有疑问的请核对其背后的业务明细。"))
    if month > Month.of(on):
        reasons.append(Reason("MONTH_NOT_OVER", f"{month.text}尚未到来，不能填报，请核对年月。"))
    return reasons


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number < 10**13 else None


def _tell(row: Assignment, kind: EventKind, by: Actor, at: datetime, text: str) -> None:
    tell(kind, centre_id=row.centre_id, plan_id=row.plan_id, task_id=row.task_id, assignment_id=row.id, by=by, at=at, text=text)
