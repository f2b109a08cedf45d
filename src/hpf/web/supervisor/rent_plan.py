"""租房提取计划: the year's amount by centre, set by the province's planner for any centre or by a director for his own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hpf.parties import queries as parties
from hpf.web.beside import say_beside
from hpf.web.employer.forms import MoneyInput, Styled
from hpf.web.listing import Column, list_page, table
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell
from hpf.withdrawals.queries.supervision import rent_plans
from hpf.withdrawals.services.rent_plan import PROVINCE, set_rent_plan

PLACES = {
    "RENT_PLAN_OTHER_CENTRE": "of_centre", "RENT_PLAN_YEAR": "year", "RENT_PLAN_NOT_POSITIVE": "plan", "RENT_PLAN_UNCHANGED": "plan",
    "RENT_PLAN_REASON_MISSING": "reason",
}  # fmt: skip


class PlanForm(Styled):
    """A plan: whose, of which year, how much, on what it rests."""

    of_centre = forms.TypedChoiceField(label="中心", coerce=int)
    year = forms.IntegerField(label="计划年度", min_value=2000, max_value=2200)
    plan = MoneyInput(label="全年租房提取计划（元）")
    reason = forms.CharField(label="计划依据", max_length=200, help_text="批准计划的文件，或者调整的理由")

    def __init__(self, *args: Any, centre: int, **named: Any) -> None:
        super().__init__(*args, **named)
        shown = [each for each in parties.centres() if centre in (PROVINCE, each.centre_id)]
        self.fields["of_centre"].choices = [(each.centre_id, each.name) for each in shown]  # type: ignore[attr-defined]


@require_GET
@needs("withdrawals.set_rent_plan")
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of last year, this year and the next: all for the province, a centre's own for its director."""
    year, centre = now().year, centre_id(request)
    found = rent_plans([year - 1, year, year + 1], None if centre == PROVINCE else centre)
    columns = [
        Column("centre_name", "中心", lead=True),
        Column("year", "年度", "short"),
        Column("plan", "全年计划", "money"),
        Column("by_province", "设定", "short", value=lambda p: "省厅" if p.by_province else "本中心"),
        Column("version", "第几次设定", "count"),
        Column("reason", "依据", sort=False),
    ]
    listed = table(request, found, columns, title="租房提取计划", size=50, export="租房提取计划", empty="还没有设定租房提取计划。")
    return list_page(
        request, "hpf/list.html", listed, heading="租房提取计划", lead="租房提取单列计划；同一年度以最后一次设定为准",
        links=[("设定或调整计划", reverse("web:rent_plan_new"), "target")],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("withdrawals.set_rent_plan")
def plan_new(request: HttpRequest) -> HttpResponse:
    """设定或调整."""
    form = PlanForm(request.POST or None, centre=centre_id(request), initial={"year": now().year})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        answer = set_rent_plan(
            by=actor(request), centre_id=centre_id(request), of_centre=said["of_centre"], year=said["year"], plan=said["plan"],
            reason=said["reason"], on=now().date(), at=now(), key=form_key(request),
        )  # fmt: skip
        if answer.value is not None:
            tell(request, answer, f"已设定{answer.value.year}年租房提取计划{answer.value.plan.text}元。")
            return redirect("web:rent_plans")
        say_beside(form, answer.reasons, PLACES)
    return page(
        request, "hpf/form.html", form=form, heading="设定租房提取计划", submit="设定", back=reverse("web:rent_plans"),
        explain="租房提取须单列计划。以前的设定保留，以最后一次为准。",
    )  # fmt: skip
