"""A task in one centre: broken down into measures, given to people, proved with files, reported, decided, with its whole history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.kernel.decision import Decision, Reason
from hpf.statistics import queries as statistics
from hpf.web.beside import say_beside
from hpf.web.page import actor, form_key, looked_at, now, tell, tell_reasons
from hpf.web.workplan.acts import ACTS, Given
from hpf.web.workplan.answers import file_answer
from hpf.web.workplan.conflict import Conflict, conflict_of
from hpf.web.workplan.forms import BreakDownForm, EventForm, StepForm
from hpf.web.workplan.lines import course, measure, past, rows
from hpf.web.workplan.offers import Offer, opened, seen_version
from hpf.web.workplan.past import SHOWN
from hpf.web.workplan.scene import (
    Line,
    acting_in,
    allowed,
    back_to,
    centres,
    in_centre,
    is_province,
    lit,
    may,
    opens,
    own_centre,
    show,
    today,
    whole,
)
from hpf.workplan import services
from hpf.workplan.queries import agenda, history, plans, tasks
from hpf.workplan.queries.measures import measure_named
from hpf.workplan.rules.deadlines import DeadlineKind
from hpf.workplan.rules.states import FINAL, BreakdownState, MeasureState, OccurrenceState, PlanState

_S = OccurrenceState
FIRST = {_S.OPEN: "evidence", _S.RETURNED: "evidence", _S.REPORTED: "accept"}
"""Which act's form stands open, for those who have it: what most likely comes next."""
AFTER_THE_END = ("accept", "comment")
"""What is still done in a plan that has ended."""
BREAKDOWN_PLACES = {"MEASURE_TEXT_MISSING": "measure_text", "SECTION_MISSING": "section", "SECTION_OF_OTHERS": "section"}
NOTHING_CHOSEN = Reason("NOTHING_CHOSEN", "没有勾选任何事项，未作办理，请勾选后重新提交。")
STEP_PLACES = {"MEASURE_TEXT_MISSING": "title", "DATES_CROSSED": "due_on"}


@dataclass(slots=True)
class Sent:
    """A form that came back refused: shown again as it was filled in."""

    what: str = ""
    form: forms.Form | None = None
    conflict: Conflict | None = None


@require_GET
@opens
def assignment(request: HttpRequest, task_id: int, centre: int) -> HttpResponse:
    """The task in a centre; `?o=` chooses one of its dates, without it the one that needs work first."""
    return _shown(request, centre, task_id, whole(request.GET.get("o")), Sent())


def _shown(request: HttpRequest, centre: int, task_id: int, occurrence_id: int | None, sent: Sent) -> HttpResponse:
    with in_centre(request, centre):
        return _page(request, centre, task_id, occurrence_id, sent)


def _page(request: HttpRequest, centre: int, task_id: int, occurrence_id: int | None, sent: Sent) -> HttpResponse:
    on = today(request)
    task = tasks.task(task_id)
    found = next(iter(tasks.assignments(on, centre_id=centre, task_id=task_id, limit=1)), None) if task else None
    if task is None or found is None:
        raise Http404
    plan = plans.plan(task.plan_id)
    warn = {task.plan_id: plan.warn_days if plan else 10}
    wanted = tasks.Wanted(assignment_id=found.assignment_id, states=tuple(_S))
    lines = lit(tasks.occurrence_lines(wanted, on, centre_id=centre, limit=400), on, warn)
    chosen = _chosen(lines, occurrence_id)
    seats = agenda.sections(centre)
    measures = tasks.centre_measures(found.assignment_id, centre_id=centre)
    events, total = history.history(centre_id=centre, assignment_id=found.assignment_id, limit=SHOWN)
    names = centres()
    runs = plan is not None and plan.state is PlanState.ACTIVE
    edits = runs and may(request, "workplan.break_down") and task.state != "WITHDRAWN"
    by_event = any(rule.get("kind") == DeadlineKind.RELATIVE for rule in task.deadlines)
    offers = _breakdown_offers(found, seats, sent, by_event) if edits else {}
    state = chosen.o.state if chosen else None
    may_step = runs and may(request, "workplan.done")
    return show(
        request, "assignment", task=task, assignment=found, centre=centre, centre_name=names[centre],
        chosen=chosen, lines=lines, course=course(lines, chosen.o.occurrence_id if chosen else None), measures=measures, steps=rows(measures, partial(measure, centre_id=centre, may_move=may_step), "没有再分解的措施"), past=past(events, names if is_province(request) else None), more=total - len(events), on=on, conflict=sent.conflict,
        sections=[seat.section for seat in seats], breakdown=offers.get("breakdown"), step=offers.get("step"), trigger=offers.get("trigger"), can_step=may_step, runs=runs, plan_title=plan.title if plan else "",
        can_confirm=runs and may(request, "workplan.confirm") and found.state == BreakdownState.BROKEN_DOWN,
        track=_track(chosen) if chosen else [], goal=found.target, drill=_drill(task.measure_code, centre),
        evidence=history.evidence(chosen.o.occurrence_id, centre_id=centre) if chosen else [],
        moves=history.deadline_moves(chosen.o.occurrence_id, centre_id=centre) if chosen and chosen.o.moves else [],
        can_withdraw=runs and may(request, "workplan.evidence") and state not in FINAL and state != _S.REPORTED,
        can_report=runs and may(request, "workplan.report") and state == _S.DONE_BY_SECTION,
        acts=_offers(request, chosen, measures, sent, runs) if chosen else [],
    )  # fmt: skip


def _chosen(lines: list[Line], occurrence_id: int | None) -> Line | None:
    """The wished one; else the first that is not settled; else the last."""
    if occurrence_id is not None:
        found = next((line for line in lines if line.o.occurrence_id == occurrence_id), None)
        if found is None:
            raise Http404
        return found
    return next((line for line in lines if line.o.state not in FINAL), lines[-1] if lines else None)


BREAKDOWN = {"breakdown": ("修改分解", "保存分解"), "step": ("增加措施", "增加"), "trigger": ("登记触发事项", "登记")}
"""Acts on a task's assignment: title and button."""


def _breakdown_offers(found: tasks.AssignmentView, seats: list[agenda.SectionView], sent: Sent, by_event: bool) -> dict[str, Offer]:
    """The form that was sent back, and that of a task nobody has broken down yet, stand open; the others come when they are opened."""
    offers = {}
    for what in BREAKDOWN:
        form = sent.form if sent.what == what else None
        if form is None and what == "breakdown" and found.state is BreakdownState.NEW:
            form = _breakdown_form(what, found, seats)
        if what != "trigger" or by_event:
            offers[what] = _breakdown_offer(what, found, found.version, form)
    return offers


def _breakdown_offer(what: str, found: tasks.AssignmentView, version: int, form: forms.Form | None) -> Offer:
    title, button = BREAKDOWN[what]
    new = what == "breakdown" and found.state is BreakdownState.NEW
    address = reverse("web:workplan_assignment_act", args=[found.centre_id, found.assignment_id, what])
    return Offer(what, "分解任务" if new else title, button, address, version, form)


def _breakdown_form(what: str, found: tasks.AssignmentView, seats: list[agenda.SectionView], data: Any = None) -> forms.Form:
    if what == "trigger":
        return EventForm(data, prefix=what)
    if what == "step":
        return StepForm(data, people=people_of(seats), prefix=what, initial={"section": found.section})
    given = {"measure_text": found.measure_text, "section": found.section, "person": found.person_id}
    return BreakDownForm(data, people=people_of(seats), prefix=what, initial=given)


def people_of(seats: list[agenda.SectionView]) -> list[tuple[str, str]]:
    """Everybody who sits in a section, once, with the section's name."""
    return list({person: (person, f"{name}（{seat.section}）") for seat in seats for person, name, _ in seat.members}.values())


def _offers(request: HttpRequest, chosen: Line, measures: list[tasks.MeasureView], sent: Sent, runs: bool) -> list[Offer]:
    """What the visitor may do with an occurrence. The most likely next act stands open, the others come when they are opened."""
    o, offered = chosen.o, []
    first = sent.what or ("answer" if o.is_asked else FIRST.get(o.state, ""))
    for what, act in ACTS.items():
        if (runs or what in AFTER_THE_END) and o.state in act.states and may(request, act.permission) and (what != "answer" or o.is_asked):
            form = sent.form if sent.what == what else None
            if form is None and what == first:
                form = act.form(prefix=what, measures=_named(measures))
            offered.append(_offer(what, o, o.version, form))
    return offered


def _offer(what: str, o: tasks.OccurrenceView, version: int, form: forms.Form | None) -> Offer:
    act = ACTS[what]
    address = reverse("web:workplan_act", args=[o.centre_id, o.occurrence_id, what])
    return Offer(what, act.title, act.button, address, version, form, act.danger)


def _named(measures: list[tasks.MeasureView]) -> list[tuple[int, str]]:
    return [(m.measure_id, m.title) for m in measures]


def _opened(
    request: HttpRequest, offer: Offer, found: tasks.AssignmentView | tasks.OccurrenceView, sections: Iterable[str] = ()
) -> HttpResponse:
    back = reverse("web:workplan_assignment", args=[found.task_id, found.centre_id])
    return opened(request, offer, lead=f"{found.task_no}号任务　{found.title}", back=back, sections=sections)


def _track(chosen: Line) -> list[tuple[str, str]]:
    """推进中 → 科室办结 → 已上报 → 已认可; what came back stands at the beginning again."""
    way = [_S.OPEN, _S.DONE_BY_SECTION, _S.REPORTED, _S.ACCEPTED]
    state = chosen.o.state
    if state is _S.WITHDRAWN:
        return [(state.label, "now")]
    at = way.index(_S.OPEN if state is _S.RETURNED else state)
    labels = [_S.RETURNED.label if state is _S.RETURNED else way[0].label, *(step.label for step in way[1:])]
    return [(label, "now" if n == at and state is not _S.ACCEPTED else "done" if n <= at else "") for n, label in enumerate(labels)]


def _drill(code: str, centre: int) -> str:
    """Where the rows behind a measured figure are, for those who may open it."""
    measure = measure_named(code) if code else None
    if measure is None or not measure.indicator or not statistics.can_drill(measure.indicator):
        return ""
    return reverse("web:drill", args=[centre, measure.indicator])


@require_http_methods(["GET", "POST"])
@opens
def act(request: HttpRequest, centre: int, occurrence_id: int, what: str) -> HttpResponse:
    """One act on one occurrence, done on what its visitor saw; asked with GET, its form."""
    own_centre(request, centre)
    if what not in ACTS:
        raise Http404
    chosen = ACTS[what]
    allowed(request, chosen.permission)
    on = today(request)
    found = tasks.occurrence(occurrence_id, on, centre_id=centre)
    if found is None:
        raise Http404
    measures = _named(tasks.centre_measures(found.assignment_id, centre_id=centre))
    if request.method == "GET":
        return _opened(
            request, _offer(what, found, seen_version(request, found.version), chosen.form(prefix=what, measures=measures)), found
        )
    form = chosen.form(request.POST, request.FILES, prefix=what, measures=measures)
    sent = Sent(what, form)
    if form.is_valid():
        seen = whole(request.POST.get("version")) or 0
        decision = chosen.run(Given(acting_in(request, centre), centre, occurrence_id, seen, on, form_key(request), now()), form)
        if decision.is_approved:
            tell(request, decision, chosen.done)
            return redirect(reverse("web:workplan_assignment", args=[found.task_id, centre]) + f"?o={occurrence_id}#occurrence")
        now_is = [("状态", found.state.label), ("完成情况", found.words), ("意见", found.opinion), ("到期日", str(found.due_on))]
        sent.conflict = conflict_of(decision, now_is, form)
        others = tuple(reason for reason in decision.reasons if reason.code != "CHANGED_MEANWHILE")
        if found.state not in chosen.states:
            tell_reasons(request, others)
        else:
            say_beside(form, others, chosen.places)
    return _shown(request, centre, found.task_id, occurrence_id, sent)


@require_http_methods(["GET", "POST"])
@opens
def assignment_act(request: HttpRequest, centre: int, assignment_id: int, what: str) -> HttpResponse:
    """Break down, confirm, add a measure, or tell of the event that a date hangs on; asked with GET, the form of it."""
    own_centre(request, centre)
    found = tasks.assignment(assignment_id, today(request), centre_id=centre)
    if found is None or what not in (*BREAKDOWN, "confirm") or (what == "confirm" and request.method == "GET"):
        raise Http404
    allowed(request, "workplan.confirm" if what == "confirm" else "workplan.break_down")
    here = reverse("web:workplan_assignment", args=[found.task_id, centre])
    by: dict[str, Any] = {"by": acting_in(request, centre), "centre_id": centre, "at": now(), "key": form_key(request)}
    if what == "confirm":
        tell(request, services.confirm_breakdown(assignment_ids=(assignment_id,), **by), "分解已确认。")
        return redirect(here)
    seats = agenda.sections(centre)
    if request.method == "GET":
        offer = _breakdown_offer(what, found, seen_version(request, found.version), _breakdown_form(what, found, seats))
        return _opened(request, offer, found, [seat.section for seat in seats])
    form = _breakdown_form(what, found, seats, request.POST)
    sent = Sent(what, form)
    if form.is_valid():
        decision = _given(what, form, found.assignment_id, whole(request.POST.get("version")) or 0, by)
        if tell_or_keep(
            request, decision, {"breakdown": "分解已保存。", "step": "措施已增加。", "trigger": "期限已按事项日期生成。"}[what]
        ):
            return redirect(here)
        now_is = [("具体措施", found.measure_text), ("责任科室", found.section), ("责任人", found.person_name)]
        sent.conflict = conflict_of(decision, now_is, form)
        places = {"breakdown": BREAKDOWN_PLACES, "step": STEP_PLACES, "trigger": {"TRIGGER_MISSING": "what"}}[what]
        say_beside(form, [r for r in decision.reasons if r.code != "CHANGED_MEANWHILE"], places)
    return _shown(request, centre, found.task_id, None, sent)


def _given(what: str, form: forms.Form, assignment_id: int, version: int, by: dict[str, Any]) -> Decision[Any]:
    said = form.cleaned_data
    if isinstance(form, BreakDownForm):
        return services.break_down(assignment_id=assignment_id, version=version, measure_text=said["measure_text"], **form.who, **by)
    if isinstance(form, StepForm):
        return services.add_measure(
            assignment_id=assignment_id, title=said["title"], starts_on=said["starts_on"], due_on=said["due_on"], **form.who, **by
        )
    return services.record_event(assignment_id=assignment_id, event_on=said["event_on"], what=said["what"], **by)


def tell_or_keep(request: HttpRequest, decision: Decision[Any], done: str) -> bool:
    """Say that it is done; a refusal is said beside its field by whoever asked."""
    return decision.is_approved and tell(request, decision, done)


@require_POST
@opens
def measure_act(request: HttpRequest, centre: int, measure_id: int) -> HttpResponse:
    """A measure is done, dropped or taken up again. One form holds the buttons of all; the address names measure and version."""
    own_centre(request, centre)
    allowed(request, "workplan.done")
    state = request.POST.get("state", "")
    if state not in MeasureState._value2member_map_:
        raise Http404
    decision = services.change_measure(
        by=acting_in(request, centre), centre_id=centre, measure_id=measure_id, version=whole(request.GET.get("version")) or 0,
        state=MeasureState(state), at=now(), key=f"{form_key(request)}-m{measure_id}{state}",
    )  # fmt: skip
    tell(request, decision, f"措施{MeasureState(state).label}。")
    return back_to(request, reverse("web:workplan_week"))


@require_GET
@opens
def evidence(request: HttpRequest, centre: int, evidence_id: int) -> HttpResponse:
    """佐证原件, byte for byte as it was kept; always a download, and every download leaves a mark."""
    kept = history.evidence_file(evidence_id, own_centre(request, centre))
    if kept is None:
        raise Http404
    looked_at(request, kind="EXPORT", subject=f"下载工作台账佐证{evidence_id} {kept[0]}")
    return file_answer(kept[0], kept[2])


@require_POST
@opens
def evidence_withdraw(request: HttpRequest, centre: int, evidence_id: int) -> HttpResponse:
    """撤回佐证, with the reason; the file stays readable."""
    own_centre(request, centre)
    allowed(request, "workplan.evidence")
    decision = services.withdraw_evidence(
        by=acting_in(request, centre), centre_id=centre, evidence_id=evidence_id, reason=request.POST.get("reason", "")[:300], at=now(),
        key=form_key(request),
    )  # fmt: skip
    tell(request, decision, "佐证已撤回，原件和原因保留。")
    return back_to(request, reverse("web:workplan_week"))


@require_POST
@opens
def report(request: HttpRequest) -> HttpResponse:
    """上报省厅: one or many with one button, evidence attached. A director reports for his own centre only."""
    allowed(request, "workplan.report")
    by = actor(request)
    centre = next(iter(by.centre_ids))
    numbers = tuple(sorted({number for text in request.POST.getlist("occurrence") if (number := whole(text)) is not None}))
    if not numbers:
        tell(request, Decision.refused([NOTHING_CHOSEN]), "")
        return back_to(request, reverse("web:workplan_week"))
    decision = services.report(by=by, centre_id=centre, occurrence_ids=numbers, on=today(request), at=now(), key=form_key(request))
    done = decision.value
    tell(request, decision, f"已上报{len(done.occurrences)}项。" if done else "")
    return back_to(request, reverse("web:workplan_week"))


@require_POST
@opens
def confirm(request: HttpRequest) -> HttpResponse:
    """确认分解, for many at once."""
    allowed(request, "workplan.confirm")
    by = actor(request)
    centre = next(iter(by.centre_ids))
    numbers = tuple(sorted({number for text in request.POST.getlist("assignment") if (number := whole(text)) is not None}))
    if not numbers:
        tell(request, Decision.refused([NOTHING_CHOSEN]), "")
        return back_to(request, reverse("web:workplan_week"))
    decision = services.confirm_breakdown(by=by, centre_id=centre, assignment_ids=numbers, at=now(), key=form_key(request))
    tell(request, decision, f"已确认{len(numbers)}项分解。")
    return back_to(request, reverse("web:workplan_week"))
