"""要点文件: load a document, read it beside its tasks, say which sentences ask nothing, make next year's plan."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hpf.kernel.decision import Decision
from hpf.web.beside import say_beside
from hpf.web.page import form_key, needs, now, tell
from hpf.web.workplan.answers import file_answer
from hpf.web.workplan.conflict import conflict_of
from hpf.web.workplan.forms import DaysForm, DocumentForm, NextPlanForm, NoTaskForm, WordsForm
from hpf.web.workplan.scene import PROVINCE, acting_in, may, opens, show, today, whole
from hpf.workplan import services
from hpf.workplan.queries import plans as reads
from hpf.workplan.queries.plans import PlanView, SentenceView
from hpf.workplan.rules.editions import ChangeKind
from hpf.workplan.services.ending import close_plan


def plan_of(plan_id: int) -> PlanView:
    found = reads.plan(plan_id)
    if found is None:
        raise Http404
    return found


@require_GET
@opens
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan, newest first."""
    return show(request, "plans", plans=reads.plans(), may_load=may(request, "workplan.load"), may_set=may(request, "workplan.tasks"))


@require_http_methods(["GET", "POST"])
@needs("workplan.load")
def load(request: HttpRequest) -> HttpResponse:
    """载入要点: within two seconds, so it is done while the page waits."""
    form = DocumentForm(request.POST or None, request.FILES or None, initial={"year": today(request).year})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        decision = services.load_plan(
            by=acting_in(request, PROVINCE), centre_id=PROVINCE, filename=file.name, content=file.read(), year=form.cleaned_data["year"],
            at=now(), key=form_key(request),
        )  # fmt: skip
        if decision.is_approved and (loaded := decision.value):
            done = f"已载入“{loaded.title}”第{loaded.edition_no}版：{loaded.clauses}条、{loaded.sentences}句，新建{loaded.tasks}项任务，"
            done += f"沿用{loaded.kept}项、与前一版{loaded.differences}处不同，" if loaded.kept else ""
            tell(request, decision, done + (f"{loaded.uncovered}句尚未覆盖。" if loaded.uncovered else "没有未覆盖的句子。"))
            return redirect("web:workplan_document", plan_id=loaded.plan_id)
        say_beside(
            form, decision.reasons, {"PLAN_YEAR_WRONG": "year"} | {r.code: "file" for r in decision.reasons if r.code != "PLAN_YEAR_WRONG"}
        )
    return show(request, "form", form=form, heading="载入要点", submit="载入", back=reverse("web:workplan_plans"))


@require_http_methods(["GET", "POST"])
@needs("workplan.load")
def next_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """由本年要点生成下一年要点: what is still open, with its dates moved."""
    plan = plan_of(plan_id)
    form = NextPlanForm(request.POST or None, initial={"year": plan.year + 1})
    if request.method == "POST" and form.is_valid():
        decision = services.next_plan(
            by=acting_in(request, PROVINCE), centre_id=PROVINCE, from_plan_id=plan_id, year=form.cleaned_data["year"], at=now(),
            key=form_key(request),
        )  # fmt: skip
        if decision.is_approved and (made := decision.value):
            tell(request, decision, f"已生成“{made.title}”，结转{made.tasks}项任务。")
            return redirect(reverse("web:workplan_wall") + f"?plan={made.plan_id}")
        say_beside(form, decision.reasons, {"PLAN_YEAR_WRONG": "year", "PLAN_MADE_BEFORE": "year"})
    explain = "没有认可的任务结转到新要点，已填写的措施、科室和责任人一并带入，到期日按年度顺延；原要点保持不变。"
    return show(
        request,
        "form",
        form=form,
        heading="生成下一年要点",
        lead=plan.title,
        explain=explain,
        submit="生成",
        back=reverse("web:workplan_plans"),
    )


@require_http_methods(["GET", "POST"])
@needs("workplan.tasks")
def days(request: HttpRequest, plan_id: int) -> HttpResponse:
    """提醒与督办的天数."""
    plan = plan_of(plan_id)
    first = {"warn_days": plan.warn_days, "director_days": plan.director_days, "province_days": plan.province_days}
    form, conflict = DaysForm(request.POST or None, initial=first), None
    if request.method == "POST" and form.is_valid():
        decision = services.set_plan(
            by=acting_in(request, PROVINCE), centre_id=PROVINCE, plan_id=plan_id, version=whole(request.POST.get("version")) or 0,
            **form.cleaned_data, at=now(), key=form_key(request),
        )  # fmt: skip
        if decision.is_approved:
            tell(request, decision, "提醒天数已保存。")
            return redirect("web:workplan_plans")
        conflict = conflict_of(decision, [(str(form.fields[name].label), str(value)) for name, value in first.items()], form)
        say_beside(form, [r for r in decision.reasons if r.code != "CHANGED_MEANWHILE"], {"PLAN_DAYS_WRONG": "warn_days"})
    return show(
        request, "form", form=form, heading="提醒天数", lead=plan.title, version=plan.version, conflict=conflict, submit="保存",
        back=reverse("web:workplan_plans"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("workplan.load")
def end(request: HttpRequest, plan_id: int) -> HttpResponse:
    """结束要点, with the reason; what is open in it stays as it is."""
    plan = plan_of(plan_id)
    form, conflict = WordsForm(request.POST or None, label="结束原因"), None
    if request.method == "POST" and form.is_valid():
        decision = close_plan(
            by=acting_in(request, PROVINCE), centre_id=PROVINCE, plan_id=plan_id, version=whole(request.POST.get("version")) or 0,
            reason=form.cleaned_data["text"], at=now(), key=form_key(request),
        )  # fmt: skip
        if decision.is_approved:
            tell(request, decision, "要点已结束。")
            return redirect("web:workplan_plans")
        conflict = conflict_of(decision, [("状态", plan.state.label)], form)
        say_beside(
            form, [r for r in decision.reasons if r.code != "CHANGED_MEANWHILE"], dict.fromkeys(("REASON_MISSING", "PLAN_ENDED"), "text")
        )
    explain = "结束后不再提醒和测量；未完成的事项保持原样，仍可由它生成下一年要点。"
    return show(
        request, "form", form=form, heading="结束要点", lead=plan.title, explain=explain, version=plan.version, conflict=conflict, submit="结束要点",
        back=reverse("web:workplan_plans"),
    )  # fmt: skip


@require_GET
@opens
def differences(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What the newest edition changed, sentence by sentence."""
    plan, editions = plan_of(plan_id), reads.editions(plan_id)
    if not editions:
        raise Http404
    rows = [
        (ChangeKind(d["kind"]).label, _from_to(d.get("old_anchor", ""), d.get("new_anchor", "")), d.get("old", ""), d.get("new", ""))
        for d in editions[0].differences
    ]
    return show(request, "differences", plan=plan, edition=editions[0], rows=rows)


def _from_to(old: str, new: str) -> str:
    return f"{old} → {new}" if old and new and old != new else new or old


@require_GET
@opens
def original(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The newest edition as it came, byte for byte."""
    editions = reads.editions(plan_id)
    kept = reads.edition_file(editions[0].edition_id) if editions else None
    if kept is None:
        raise Http404
    return file_answer(*kept)


def sentence_of(plan_id: int, sentence_id: int) -> tuple[str, SentenceView]:
    """A sentence of the newest edition with its clause's anchor."""
    found = reads.sentence(plan_id, sentence_id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@needs("workplan.tasks")
def no_task(request: HttpRequest, plan_id: int, sentence_id: int) -> HttpResponse:
    """不设任务, because …."""
    plan = plan_of(plan_id)
    anchor, sentence = sentence_of(plan_id, sentence_id)
    form = NoTaskForm(request.POST or None, initial={"reason": sentence.no_task_reason})
    if request.method == "POST" and form.is_valid():
        decision: Decision[Any] = services.mark_no_task(
            by=acting_in(request, PROVINCE), centre_id=PROVINCE, sentence_id=sentence_id, reason=form.cleaned_data["reason"], at=now(),
            key=form_key(request),
        )  # fmt: skip
        if decision.is_approved:
            tell(request, decision, "已标为不设任务。")
            return redirect(reverse("web:workplan_document", args=[plan_id]) + f"#s{sentence_id}")
        say_beside(form, decision.reasons, {"REASON_MISSING": "reason"})
    back = reverse("web:workplan_document", args=[plan_id]) + f"#s{sentence_id}"
    return show(
        request, "form", form=form, heading="不设任务", lead=f"{plan.title}　{anchor}", quote=sentence.text, submit="保存", back=back
    )
