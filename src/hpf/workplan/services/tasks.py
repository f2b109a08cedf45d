"""任务: the province makes, changes and withdraws tasks, says which sentences ask nothing, and what the platform measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.workplan.models import Assignment, Occurrence, Plan, Sentence, Task, TaskSource
from hpf.workplan.queries.measures import measure_named
from hpf.workplan.rules.deadlines import DeadlineRule, whole_year
from hpf.workplan.rules.states import FINAL, MOVES, EventKind, MeasureKind, Move, TaskOrigin, TaskScope, TaskState, Verdict
from hpf.workplan.services.handing_out import CENTRES, Handed, deadline_text, hand_out
from hpf.workplan.services.plans import part_of
from hpf.workplan.services.record import PROVINCE, change, ended, locked_task, said, stale, tell, tell_of

OPERATORS = {"<=": "不高于", ">=": "不低于", "=": "等于"}


@dataclass(frozen=True, slots=True)
class TaskMade:
    task_id: int
    task_no: int
    assignments: int
    occurrences: int


@dataclass(frozen=True, slots=True)
class TaskChanged:
    task_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Marked:
    sentence_id: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CentreTarget:
    """A centre's own target; the province's holds where there is none. Decimal text, as it was typed."""

    centre_id: int
    target: str


@command("workplan.tasks")
def create_task(
    *,
    by: Actor,
    centre_id: int,
    plan_id: int,
    title: str,
    demand: str,
    at: datetime,
    key: str,
    sentence_ids: tuple[int, ...] = (),
    deadlines: tuple[DeadlineRule, ...] = (),
    centre_ids: tuple[int, ...] = (),
    quota: str = "",
    starts_on: date | None = None,
    measure_code: str = "",
    operator: str = "",
    target: str = "",
    targets: tuple[CentreTarget, ...] = (),
) -> Decision[TaskMade]:
    """建立任务 from sentences of the document (of last year's, where the plan was made from it) or by hand; no `centre_ids` means all sixteen, no `deadlines` the year's end.

    Refuses  NO_SUCH_PLAN, PLAN_ENDED, TASK_TITLE_MISSING, TASK_CENTRE_UNKNOWN, SENTENCE_OF_OTHERS, and what `add_measured` refuses
    """  # fmt: skip
    plan = Plan.objects.select_for_update().filter(id=plan_id).first()
    if plan is None:
        return Decision.refused([Reason("NO_SUCH_PLAN", f"没有编号为{plan_id}的要点，未建立任务，请刷新页面后重新选择。")])
    reasons = ended(plan) + said(title, "TASK_TITLE_MISSING", "任务名称") + _unknown(centre_ids)
    sentences = list(
        Sentence.objects.filter(id__in=sentence_ids, clause__edition__plan_id__in=(plan.id, plan.from_plan_id or plan.id))
        .select_related("clause")
        .order_by("id")
    )
    if len(sentences) != len(set(sentence_ids)):
        reasons.append(Reason("SENTENCE_OF_OTHERS", "所选原文不全属于这份要点，未建立任务，请刷新页面后重新选择。"))
    kind, wrong = _measured(measure_code, operator, target, targets)
    if reasons + wrong:
        return Decision.refused(reasons + wrong)
    last = Task.objects.filter(plan=plan).order_by("-task_no").values_list("task_no", flat=True).first() or 0
    rules = deadlines or (whole_year(plan.year),)
    clause = sentences[0].clause if sentences else None
    part = part_of(clause.anchor) if clause else ""
    heading = Task.objects.filter(plan=plan, part=part).values_list("part_heading", flat=True).first() or ""
    task = Task.objects.create(
        plan=plan, task_no=last + 1, title=title.strip(), demand=demand.strip() or title.strip(), anchor=clause.anchor if clause else "",
        part=part, part_heading=heading, scope=TaskScope.NAMED if centre_ids else TaskScope.ALL, origin=TaskOrigin.MANUAL,
        starts_on=starts_on or plan.issued_on or date(plan.year, 1, 1), deadlines=[rule.as_json() for rule in rules],
        deadline_text=deadline_text(rules), quota=quota, measure_kind=kind, measure_code=measure_code, operator=operator,
        target=Decimal(target) if target else None, created_by=by.name, created_at=at,
    )  # fmt: skip
    TaskSource.objects.bulk_create([TaskSource(task=task, sentence=sentence) for sentence in sentences])
    Sentence.objects.filter(id__in=sentence_ids).update(verdict=Verdict.DEMAND, no_task_reason="", decided_by=by.name, decided_at=at)
    own = {each.centre_id: each.target for each in targets}
    given = hand_out(plan, [task], [Handed(task.id, centre, target=own.get(centre)) for centre in sorted(centre_ids) or CENTRES])
    tell(EventKind.TASK_CREATED, centre_id=PROVINCE, plan_id=plan.id, task_id=task.id, by=by, at=at, text=task.title)
    return Decision.approved(TaskMade(task.id, task.task_no, given.assignments, given.occurrences))


@command("workplan.tasks")
def change_task(
    *,
    by: Actor,
    centre_id: int,
    task_id: int,
    version: int,
    at: datetime,
    key: str,
    title: str | None = None,
    demand: str | None = None,
    quota: str | None = None,
) -> Decision[TaskChanged]:
    """修改任务's words. Its centres change by `set_centres`, its dates by `set_deadlines` or `move_deadline`."""
    task = locked_task(task_id)
    if task is None:
        return Decision.refused([_no_such_task(task_id)])
    old = stale(task, version, task.title)
    reasons = ended(task.plan) + ([old] if old else []) + (said(title, "TASK_TITLE_MISSING", "任务名称") if title is not None else [])
    if reasons:
        return Decision.refused(reasons)
    given = {"title": title, "demand": demand, "quota": quota}
    before, after = change(task, **{name: value.strip() for name, value in given.items() if value is not None})
    if after:
        tell(EventKind.TASK_CHANGED, centre_id=PROVINCE, plan_id=task.plan_id, task_id=task.id, by=by, at=at, before=before, after=after)
    return Decision.approved(TaskChanged(task.id, task.version))


@command("workplan.tasks")
def withdraw_task(*, by: Actor, centre_id: int, task_id: int, version: int, reason: str, at: datetime, key: str) -> Decision[TaskChanged]:
    """撤销任务 everywhere. What was accepted stays accepted; the rest is withdrawn and stays readable."""
    task = locked_task(task_id)
    if task is None:
        return Decision.refused([_no_such_task(task_id)])
    old = stale(task, version, task.title)
    reasons = ended(task.plan) + ([old] if old else []) + said(reason, "REASON_MISSING", "撤销原因")
    if task.state == TaskState.WITHDRAWN:
        reasons.append(Reason("TASK_WITHDRAWN", f"“{task.title}”已撤销，无须再次撤销。"))
    if reasons:
        return Decision.refused(reasons)
    for centre in CENTRES:
        with centre_scope(centre):
            open_ones = Occurrence.objects.select_for_update(of=("self",)).filter(task=task, centre_id=centre).exclude(state__in=FINAL)
            for occurrence in open_ones:
                before, after = change(occurrence, state=MOVES[Move.WITHDRAW][1], is_asked=False)
                tell_of(occurrence, EventKind.TASK_WITHDRAWN, by, at, reason.strip(), state=(before["state"], after["state"]))
    change(task, state=TaskState.WITHDRAWN)
    tell(EventKind.TASK_WITHDRAWN, centre_id=PROVINCE, plan_id=task.plan_id, task_id=task.id, by=by, at=at, text=reason.strip())
    return Decision.approved(TaskChanged(task.id, task.version))


@command("workplan.tasks")
def mark_no_task(*, by: Actor, centre_id: int, sentence_id: int, reason: str, at: datetime, key: str) -> Decision[Marked]:
    """标注不设任务, because …. Refused while the sentence has a task that is not withdrawn."""
    sentence = Sentence.objects.select_for_update(of=("self",)).select_related("clause__edition__plan").filter(id=sentence_id).first()
    if sentence is None:
        return Decision.refused([Reason("NO_SUCH_SENTENCE", f"没有编号为{sentence_id}的原文，未作标注，请刷新页面后重新选择。")])
    reasons = ended(sentence.clause.edition.plan) + said(reason, "REASON_MISSING", "不设任务的原因")
    task = (
        Task.objects.filter(id__in=TaskSource.objects.filter(sentence=sentence).values("task_id"), state=TaskState.ACTIVE)
        .order_by("id")
        .first()
    )
    if task is not None:
        reasons.append(Reason("SENTENCE_HAS_TASK", f"这句话已有任务“{task.title}”（{task.task_no}号），不能标为不设任务，请先撤销该任务。"))
    if reasons:
        return Decision.refused(reasons)
    before, after = change(sentence, verdict=Verdict.NO_TASK, no_task_reason=reason.strip(), decided_by=by.name, decided_at=at)
    plan_id = sentence.clause.edition.plan_id
    tell(EventKind.NO_TASK, centre_id=PROVINCE, plan_id=plan_id, by=by, at=at, text=sentence.text[:60], before=before, after=after)
    return Decision.approved(Marked(sentence.id, Verdict.NO_TASK))


@command("workplan.tasks")
def add_measured(
    *,
    by: Actor,
    centre_id: int,
    task_id: int,
    version: int,
    measure_code: str,
    operator: str,
    target: str,
    at: datetime,
    key: str,
    targets: tuple[CentreTarget, ...] = (),
) -> Decision[TaskChanged]:
    """改由平台测量: the task's state in every centre is computed from now on, with a target for all and some centres' own.

    Refuses  MEASURE_UNKNOWN, OPERATOR_UNKNOWN, TARGET_WRONG, CHANGED_MEANWHILE
    """  # fmt: skip
    task = locked_task(task_id)
    if task is None:
        return Decision.refused([_no_such_task(task_id)])
    old = stale(task, version, task.title)
    kind, wrong = _measured(measure_code, operator, target, targets)
    reasons = ended(task.plan) + ([old] if old else []) + wrong
    if not measure_code:
        reasons.append(Reason("MEASURE_UNKNOWN", "没有选择测量口径，未作修改，请选择后重新提交。"))
    if reasons:
        return Decision.refused(reasons)
    before, after = change(
        task, measure_kind=kind, measure_code=measure_code, operator=operator, target=Decimal(target) if target else None
    )
    own = {each.centre_id: Decimal(each.target) for each in targets}
    for centre in CENTRES:
        with centre_scope(centre):
            Occurrence.objects.filter(task=task, centre_id=centre).exclude(state__in=FINAL).update(is_measured=True)
            if centre in own:
                Assignment.objects.filter(task=task, centre_id=centre).update(target=own[centre])
    after |= {f"中心{number}目标": value for number, value in own.items()}
    tell(EventKind.MEASURED_BY, centre_id=PROVINCE, plan_id=task.plan_id, task_id=task.id, by=by, at=at, before=before, after=after)
    return Decision.approved(TaskChanged(task.id, task.version))


def _measured(code: str, operator: str, target: str, targets: Iterable[CentreTarget]) -> tuple[MeasureKind, list[Reason]]:
    if not code:
        return MeasureKind.EVIDENCE, []
    reasons = []
    measure = measure_named(code)
    if measure is None:
        reasons.append(Reason("MEASURE_UNKNOWN", f"没有“{code}”这个测量口径，请从口径清单中选择。"))
    if operator not in OPERATORS:
        reasons.append(Reason("OPERATOR_UNKNOWN", f"目标方向“{operator}”不可识别，请在不高于、不低于、等于中选择。"))
    for text in [*([target] if target else []), *(each.target for each in targets)]:
        if not _is_number(text):
            reasons.append(Reason("TARGET_WRONG", f"目标值“{text}”不是数，请填写数字，例如0.2。"))
    if not target and not list(targets):
        reasons.append(Reason("TARGET_WRONG", "没有填写目标值，无法判断是否达标，请填写后重新提交。"))
    return measure.kind if measure else MeasureKind.INDICATOR, reasons


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _unknown(centre_ids: tuple[int, ...]) -> list[Reason]:
    wrong = sorted(set(centre_ids) - set(CENTRES))
    return [Reason("TASK_CENTRE_UNKNOWN", f"没有编号为{'、'.join(map(str, wrong))}的中心，请重新选择责任中心。")] if wrong else []


def _no_such_task(task_id: int) -> Reason:
    return Reason("NO_SUCH_TASK", f"没有编号为{task_id}的任务，未作修改，请刷新页面后重新选择。")
