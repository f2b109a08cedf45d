"""任务 of the province: made from a sentence or by hand, changed, measured, withdrawn; how all centres stand with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hpf.web.beside import say_beside
from hpf.web.page import centre_id, form_key, needs, now, tell
from hpf.web.workplan import lines
from hpf.web.workplan.conflict import Conflict, conflict_of
from hpf.web.workplan.forms import RECURRING, CentresForm, ChangeTaskForm, DeadlinesForm, MeasuredForm, TaskForm, WordsForm
from hpf.web.workplan.offers import Offer, opened, seen_version
from hpf.web.workplan.past import SHOWN
from hpf.web.workplan.plans import plan_of, sentence_of
from hpf.web.workplan.scene import PROVINCE, acting_in, allowed, centres, is_province, may, opens, show, today, whole
from hpf.workplan import services
from hpf.workplan.queries import history, measures, targets
from hpf.workplan.queries import tasks as reads
from hpf.workplan.rules.deadlines import DeadlineKind, DeadlineRule, rule_from_json
from hpf.workplan.rules.states import PlanState, TaskState

PLACES = {"TASK_TITLE_MISSING": "title", "TASK_CENTRE_UNKNOWN": "centres"}
MEASURED_PLACES = {"MEASURE_UNKNOWN": "code", "OPERATOR_UNKNOWN": "operator", "TARGET_WRONG": "target"}


CENTRES_PLACES = dict.fromkeys(("CENTRES_SAME", "CENTRE_DONE", "CENTRE_LEFT_BEFORE", "TASK_CENTRE_UNKNOWN"), "centres") | {
    "REASON_MISSING": "reason"
}
DEADLINES_PLACES = {"DEADLINES_SAME": "kind", "DEADLINE_BY_EVENT": "kind", "REASON_MISSING": "reason"}
RECAST = ("centres", "deadlines")
"""Acts that make, withdraw and move occurrences, and tell how many."""
DONE = {
    "comment": "批注已写入历史。", "change": "任务已修改。", "centres": "责任中心已调整。", "deadlines": "期限已调整。", "measured": "已改由平台测量。",
    "withdraw": "任务已撤销。",
}  # fmt: skip


@require_GET
@opens
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """The task in all centres. A centre's staff are shown their own centre's page of it."""
    if not is_province(request):
        return redirect("web:workplan_assignment", task_id=task_id, centre=centre_id(request))
    return _shown(request, task_id)


def _shown(
    request: HttpRequest, task_id: int, what: str = "", form: forms.Form | None = None, conflict: Conflict | None = None
) -> HttpResponse:
    on, found = today(request), reads.task(task_id)
    if found is None:
        raise Http404
    events, total = history.history(centre_id=None, task_id=task_id, limit=SHOWN)
    names, assigned = centres(), reads.assignments(on, centre_id=None, task_id=task_id, limit=100)
    board = targets.target_board(task_id, on, centre_id=None) if found.measure_code else None
    plan = plan_of(found.plan_id)
    return show(
        request, "task", task=found, plan=plan, centre_names=names, past=lines.past(events, names), more=total - len(events), on=on,
        assignments=assigned, held=lines.held(assigned, names), board=board, conflict=conflict,
        acts=_offers(request, found, plan.state is PlanState.ACTIVE, what, form),
    )  # fmt: skip


ACTS = {
    "comment": ("批注", "批注"), "change": ("修改任务", "保存"), "centres": ("调整责任中心", "保存"), "deadlines": ("调整期限", "保存"),
    "measured": ("由平台测量", "保存"), "withdraw": ("撤销任务", "撤销任务"),
}  # fmt: skip
"""What is done to a task: title and button. All but the comment want the permission to make tasks and a plan that runs."""


def _offers(request: HttpRequest, found: reads.TaskView, runs: bool, what: str, form: forms.Form | None) -> list[Offer]:
    """What the visitor may do to a task. The form that was sent back stands open, the others come when they are opened."""
    if found.state is not TaskState.ACTIVE:
        return []
    offered = ["comment"] if may(request, "workplan.comment") else []
    if runs and may(request, "workplan.tasks"):
        by_event = any(rule.get("kind") == DeadlineKind.RELATIVE for rule in found.deadlines)
        offered += [code for code in ACTS if code != "comment" and not (code == "deadlines" and by_event)]
    return [_offer(found, code, found.version, form if code == what else None) for code in offered]


def _offer(found: reads.TaskView, what: str, version: int, form: forms.Form | None) -> Offer:
    address = reverse("web:workplan_task_act", args=[found.task_id, what])
    return Offer(what, *ACTS[what], address, version, form, danger=what == "withdraw")


def _form(found: reads.TaskView, what: str, data: Any = None) -> forms.Form:
    """The form of an act: empty of answers with what holds now, or with what was sent."""
    if what == "change":
        return ChangeTaskForm(data, prefix=what, initial={"title": found.title, "demand": found.demand, "quota": found.quota})
    if what == "centres":
        joined = [] if data else [a.centre_id for a in _assigned(found) if a.occurrences]
        return CentresForm(data, prefix=what, centres=list(centres().items()), initial={"centres": joined})
    if what == "deadlines":
        return DeadlinesForm(data, prefix=what, initial=_dates_of(found))
    if what == "measured":
        return _measured_form(found, {"code": found.measure_code, "operator": found.operator, "target": _plain(found.target)}, data)
    if what == "comment":
        return WordsForm(data, prefix=what, label="批注内容", hint="各中心都能看到")
    return WordsForm(data, prefix=what, label="撤销原因", hint="已认可的保留，其余期次一并撤销")


def _assigned(found: reads.TaskView) -> list[reads.AssignmentView]:
    return reads.assignments(date.min, centre_id=None, task_id=found.task_id, limit=20)


def _measured_form(found: reads.TaskView, initial: dict[str, Any] | None = None, data: Any = None) -> MeasuredForm:
    codes = [(m.code, f"{m.name}（{m.unit}）" + (f"，待{m.waits_for}，暂由中心填报" if m.waits_for else "")) for m in measures.measures()]
    own = [(a.centre_id, centres()[a.centre_id]) for a in _assigned(found)] if found.scope == "NAMED" else []
    return MeasuredForm(data, prefix="measured", codes=codes, centres=own, initial=initial)


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


@require_http_methods(["GET", "POST"])
@opens
def task_act(request: HttpRequest, task_id: int, what: str) -> HttpResponse:
    """Comment on a task, change its words, its centres or its dates, let the platform measure it, or withdraw it; with GET, the form."""
    if what not in DONE:
        raise Http404
    allowed(request, "workplan.comment" if what == "comment" else "workplan.tasks")
    found = reads.task(task_id)
    if found is None or not is_province(request):
        raise Http404
    if request.method == "GET":
        offer = _offer(found, what, seen_version(request, found.version), _form(found, what))
        return opened(request, offer, lead=f"{found.task_no}号任务　{found.title}", back=reverse("web:workplan_task", args=[task_id]))
    form = _form(found, what, request.POST)
    conflict = None
    if form.is_valid():
        said = form.cleaned_data
        by: dict[str, Any] = {
            "by": acting_in(request, PROVINCE),
            "centre_id": PROVINCE,
            "task_id": task_id,
            "at": now(),
            "key": form_key(request),
        }
        seen = {"version": whole(request.POST.get("version")) or 0}
        decision: Any
        if what == "comment":
            decision = services.comment(text=said["text"], **by)
        elif what == "change":
            decision = services.change_task(**said, **seen, **by)
        elif what == "centres":
            decision = services.set_centres(centre_ids=tuple(said["centres"]), reason=said["reason"], **seen, **by)
        elif what == "deadlines":
            rule = _rule(said["kind"], said["on"], plan_of(found.plan_id).year, by_day=said["by_day"] or 0, until=said["until"])
            decision = services.set_deadlines(deadlines=(rule,), reason=said["reason"], **seen, **by)
        elif isinstance(form, MeasuredForm):
            own = tuple(services.CentreTarget(centre, text) for centre, text in form.own_targets)
            target = _plain(said["target"])
            decision = services.add_measured(measure_code=said["code"], operator=said["operator"], target=target, targets=own, **seen, **by)
        else:
            decision = services.withdraw_task(reason=said["text"], **seen, **by)
        if decision.is_approved:
            recast = decision.value
            counted = f"新增{recast.added}个期次，撤销{recast.withdrawn}个，改期{recast.moved}个。" if what in RECAST else ""
            tell(request, decision, DONE[what] + counted)
            return redirect("web:workplan_task", task_id=task_id)
        conflict = conflict_of(decision, [("任务名称", found.title), ("任务要求", found.demand), ("数量要求", found.quota)], form)
        places = {"measured": MEASURED_PLACES, "change": PLACES, "centres": CENTRES_PLACES, "deadlines": DEADLINES_PLACES}.get(
            what, {"COMMENT_MISSING": "text", "REASON_MISSING": "text"}
        )
        say_beside(form, [r for r in decision.reasons if r.code != "CHANGED_MEANWHILE"], places)
    return _shown(request, task_id, what, form, conflict)


@require_http_methods(["GET", "POST"])
@needs("workplan.tasks")
def task_new(request: HttpRequest, plan_id: int, sentence_id: int | None = None) -> HttpResponse:
    """建立任务, from a sentence of the document or by hand."""
    plan = plan_of(plan_id)
    anchor, quote = "", ""
    if sentence_id is not None:
        anchor, sentence = sentence_of(plan_id, sentence_id)
        quote = sentence.text
    first = {"title": quote[:30].rstrip("，。、；"), "demand": quote, "kind": DeadlineKind.YEAR_END.value}
    form = TaskForm(request.POST or None, centres=list(centres().items()), initial=first)
    back = reverse("web:workplan_document", args=[plan_id]) + (f"#s{sentence_id}" if sentence_id else "")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        decision = services.create_task(
            by=acting_in(request, PROVINCE), centre_id=PROVINCE, plan_id=plan_id, title=said["title"], demand=said["demand"],
            sentence_ids=(sentence_id,) if sentence_id else (), deadlines=(_rule(said["kind"], said["on"], plan.year),),
            centre_ids=tuple(said["centres"]), quota=said["quota"], at=now(), key=form_key(request),
        )  # fmt: skip
        if decision.is_approved and (made := decision.value):
            tell(request, decision, f"已建立{made.task_no}号任务，交办{made.assignments}家中心、{made.occurrences}个期次。")
            return redirect("web:workplan_task", task_id=made.task_id)
        say_beside(form, decision.reasons, PLACES)
    return show(request, "form", form=form, heading="建立任务", lead=f"{plan.title}　{anchor}", quote=quote, submit="建立任务", back=back)


def _rule(kind: str, on: date | None, year: int, *, by_day: int = 0, until: date | None = None) -> DeadlineRule:
    chosen = DeadlineKind(kind)
    if chosen is DeadlineKind.YEAR_END:
        return DeadlineRule(chosen, on=date(year, 12, 31))
    dated = chosen in (DeadlineKind.FIXED, DeadlineKind.YEARLY)
    often = chosen in (DeadlineKind.MONTHLY, DeadlineKind.QUARTERLY)
    return DeadlineRule(chosen, on=on if dated else None, by_day=by_day if often else 0, until=until if chosen in RECURRING else None)


def _dates_of(found: reads.TaskView) -> dict[str, Any]:
    """The task's first rule as the form shows it."""
    rule = next((rule_from_json(dict(stored)) for stored in found.deadlines), None)
    return {} if rule is None else {"kind": rule.kind.value, "on": rule.on, "by_day": rule.by_day or None, "until": rule.until}
