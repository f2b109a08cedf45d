"""测量目标: measured tasks by centre and month, with target, gap and forecast; figures entered by one person and signed by another."""

from __future__ import annotations

from html import escape
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from hpf.kernel.period import Month
from hpf.web.beside import say_beside
from hpf.web.page import form_key, now, tell
from hpf.web.templatetags import workplan as shown_as
from hpf.web.workplan.forms import ReadingForm, WordsForm
from hpf.web.workplan.lines import aims, figures
from hpf.web.workplan.scene import acting_in, allowed, centres, chosen_plan, is_province, may, opens, own_centre, reader, show, today
from hpf.workplan import services
from hpf.workplan.queries import history, targets, tasks
from hpf.workplan.rules.states import OccurrenceState

PLACES = {
    "VALUE_WRONG": "value",
    "MONTH_NOT_OVER": "month",
    "READING_COMPUTED": "value",
    "NOT_MEASURED": "value",
    "EVIDENCE_MISSING": "evidence",
}


@require_GET
@opens
def measured(request: HttpRequest) -> HttpResponse:
    """The plan's measured tasks: each centre's newest figure beside its target."""
    plan, every = chosen_plan(request)
    on, names = today(request), centres()
    by_task: dict[int, list[tasks.AssignmentView]] = {}
    if plan is not None:
        for found in tasks.assignments(on, centre_id=reader(request), plan_id=plan.plan_id, with_target=True, limit=10_000):
            by_task.setdefault(found.task_id, []).append(found)
    figures = targets.latest_figures(plan.plan_id, on, centre_id=reader(request)) if plan is not None else {}
    province = is_province(request)
    rows = [
        (held[0], SafeString("".join(_measured(a, names[a.centre_id] if province else "", figures.get(a.assignment_id)) for a in held)))
        for held in by_task.values()
    ]
    return show(request, "measured", plan=plan, plans=[(p.plan_id, p.title) for p in every], rows=rows, on=on, province=province)


def _measured(a: tasks.AssignmentView, name: str, f: targets.LatestFigure | None) -> str:
    """One centre's newest figure beside its target: a line of some hundreds, each of which would take a template ten times as long."""
    shown = '<span class="quiet">没有数值</span>'
    if f is not None and f.value is not None and f.month is not None:
        shown = f'<b>{shown_as.figure(f.value)}</b>{escape(f.unit)}<small class="quiet">（{f.month.month}月）</small>'
    goal = f"目标{escape(shown_as.operator(f.operator))} " if f is not None else "目标 "
    return (
        f'<li><span class="light light-{a.colour}" role="img" aria-label="{a.colour.label}灯">{shown_as.sign(a.colour)}</span>'
        f'<span>{escape(name)}{"　" if name else ""}{shown}　<small class="quiet">{goal}{shown_as.figure(a.target)}</small></span></li>'
    )


@require_GET
@opens
def target(request: HttpRequest, task_id: int) -> HttpResponse:
    """One measured task: target, monthly values, gap and forecast of each centre; the figures that wait for a signature."""
    return _shown(request, task_id)


def _shown(request: HttpRequest, task_id: int, form: forms.Form | None = None) -> HttpResponse:
    on, centre = today(request), reader(request)
    found, board = tasks.task(task_id), targets.target_board(task_id, on, centre_id=centre)
    if found is None or board is None:
        raise Http404
    names = centres()
    months = sorted({month for line in board.lines for month, _ in line.months})[-12:]
    rows = [(names[line.centre_id], line, [dict(line.months).get(month) for month in months]) for line in board.lines]
    chart = {
        "kind": "line", "unit": board.measure.unit if board.measure else "", "description": f"{found.title}逐月数值", "labels": [m.text for m in months],
        "series": [{"name": name, "data": [None if v is None else str(v) for v in values]} for name, _, values in rows if any(v is not None for v in values)],
    }  # fmt: skip
    own = board.lines[0] if centre is not None and len(board.lines) == 1 else None
    files = _files(own.assignment_id, centre) if own and centre else []
    if form is None and own and board.entered and may(request, "workplan.enter_reading"):
        form = ReadingForm(prefix="reading", files=files, initial={"month": str(Month.of(on) + -1)})
    return show(
        request, "target", task=found, board=board, months=months, rows=aims(rows, task_id), chart=chart if months else None, form=form, files=files, own=own,
        waiting=[each for each in board.readings if each.waits], centre_names=names, centre=centre, may_sign=may(request, "workplan.sign_reading"),
        refusal=WordsForm(prefix="refuse", label="退回原因"), readings=figures(board.readings[::-1][:60], names),
    )  # fmt: skip


def _files(assignment_id: int, centre: int) -> list[tuple[int, str]]:
    """The files of an assignment that may stand behind a figure, newest first."""
    wanted = tasks.Wanted(assignment_id=assignment_id, states=tuple(OccurrenceState))
    found = [
        e for o in tasks.occurrence_page(wanted, Month(2000, 1).first_day, centre_id=centre, limit=24).lines if o.evidence
        for e in history.evidence(o.occurrence_id, centre_id=centre) if e.withdrawn_at is None
    ]  # fmt: skip
    return [(e.evidence_id, e.filename) for e in sorted(found, key=lambda e: -e.evidence_id)]


@require_POST
@opens
def enter(request: HttpRequest, task_id: int) -> HttpResponse:
    """填报 one month's figure; it counts once another person has signed it."""
    allowed(request, "workplan.enter_reading")
    centre, on = reader(request), today(request)
    board = targets.target_board(task_id, on, centre_id=centre) if centre is not None else None
    if centre is None or board is None or len(board.lines) != 1:
        raise Http404
    assignment_id = board.lines[0].assignment_id
    form = ReadingForm(request.POST, prefix="reading", files=_files(assignment_id, centre))
    if form.is_valid():
        said = form.cleaned_data
        decision = services.enter_reading(
            by=acting_in(request, centre), centre_id=centre, assignment_id=assignment_id, month=said["month"], value=f"{said['value']:f}",
            evidence_id=said["evidence"], on=on, note=said["note"], at=now(), key=form_key(request),
        )  # fmt: skip
        if decision.is_approved:
            tell(request, decision, "数值已填报，待另一人签认后生效。")
            return redirect("web:workplan_target", task_id=task_id)
        say_beside(form, decision.reasons, PLACES)
    return _shown(request, task_id, form)


@require_POST
@opens
def sign(request: HttpRequest, centre: int, reading_id: int) -> HttpResponse:
    """签认, by somebody else than who entered it; or back with a reason."""
    own_centre(request, centre)
    allowed(request, "workplan.sign_reading")
    approve = request.POST.get("what") == "sign"
    decision: Any = services.sign_reading(
        by=acting_in(request, centre), centre_id=centre, reading_id=reading_id, on=today(request), approve=approve,
        reason=request.POST.get("refuse-text", "")[:500], at=now(), key=form_key(request) + ("s" if approve else "r"),
    )  # fmt: skip
    tell(request, decision, "数值已签认，达标状态随即更新。" if approve else "数值已退回重填。")
    task_id = request.POST.get("task", "")
    return redirect(
        reverse("web:workplan_target", args=[int(task_id)])
        if task_id.isascii() and task_id.isdigit() and len(task_id) < 19
        else reverse("web:workplan_targets")
    )
