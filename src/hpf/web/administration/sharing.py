"""数据共享管理: how the departments have been answering, and which outsiders may learn what, until when, how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.sharing import queries as sharing
from hpf.sharing import services
from hpf.sharing.rules import OFFERS
from hpf.web.beside import say_beside
from hpf.web.employer.forms import DayInput, Styled
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell

HEALTH_DAYS = 7
CASE_KINDS = [("LOAN", "贷款"), ("TRANSFER", "异地转移接续"), ("SERVICE", "政务服务")]
GROUNDS = [("", "每次须有缴存人授权"), ("条例/31@2026", "条例第三十一条：全国互认、转移接续")]
PLACES = {
    "CLIENT_UNKNOWN": "client_no", "GRANT_FIELDS_WRONG": "fields_offered", "GRANT_PURPOSE_MISSING": "purpose", "GRANT_TERM_WRONG": "until",
    "GRANT_QUOTA_WRONG": "calls_per_day",
}  # fmt: skip


class Ticks(forms.CheckboxSelectMultiple):
    """One box for each item; the class belongs to the boxes and not to what holds them."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": ""})

    def create_option(self, *args: Any, **named: Any) -> dict[str, Any]:
        option = super().create_option(*args, **named)
        option["attrs"]["class"] = "form-check-input me-2"
        return option


class GrantForm(Styled):
    """供数许可: one client, its fields, one purpose and kind of case, a term and a quota."""

    client_no = forms.ChoiceField(label="查询方", help_text="已登记的机器客户")
    purpose = forms.CharField(label="用途", max_length=60, help_text="与查询方报来的用途逐字相同，如：审查住房贷款")
    case_kind = forms.ChoiceField(label="业务种类", choices=CASE_KINDS)
    by_law = forms.ChoiceField(label="凭据", choices=GROUNDS, required=False)
    since = DayInput(label="起始日期")
    until = DayInput(label="终止日期", help_text="不含当日，最长三年")
    calls_per_day = forms.IntegerField(label="每日查询次数", min_value=1, max_value=100_000)
    fields_offered = forms.MultipleChoiceField(
        label="可以查询的项目",
        choices=list(OFFERS.items()),
        widget=Ticks,
        help_text="只勾选用途所必需的",
    )

    def __init__(self, *args: object, centre: int, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.fields["client_no"].choices = list(access.clients(centre).items())  # type: ignore[attr-defined]


@require_GET
@needs("sharing.grant")
def overview(request: HttpRequest) -> HttpResponse:
    """数据共享: departments first, then the grants with what was looked at today."""
    today = now().date()
    return page(
        request, "hpf/administration/sharing.html", health=sharing.health(centre_id(request), now() - timedelta(days=HEALTH_DAYS)), days=HEALTH_DAYS,
        grants=sharing.grant_lines(centre_id(request), today), at=now(),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("sharing.grant")
def grant_new(request: HttpRequest) -> HttpResponse:
    """新增供数许可."""
    today = now().date()
    form = GrantForm(
        request.POST or None,
        centre=centre_id(request),
        initial={"since": today, "until": today + timedelta(days=365), "calls_per_day": 200},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = services.make_grant(
            by=actor(request), centre_id=centre_id(request), client_no=said["client_no"], fields=tuple(said["fields_offered"]),
            purposes=(said["purpose"],), case_kinds=(said["case_kind"],), since=said["since"], until=said["until"],
            calls_per_day=said["calls_per_day"], by_law=said["by_law"], at=now(), key=form_key(request),
        )  # fmt: skip
        if tell(request, done, "已许可，即刻生效。") if done.is_approved else False:
            return redirect("web:sharing")
        say_beside(form, done.reasons, PLACES)
    return page(request, "hpf/form.html", form=form, heading="新增供数许可", submit="许可", back=reverse("web:sharing"))


@require_POST
@needs("sharing.grant")
def grant_end(request: HttpRequest, grant_no: str) -> HttpResponse:
    """终止许可, from today on."""
    done = services.end_grant(by=actor(request), centre_id=centre_id(request), grant_no=grant_no, on=now().date(), key=form_key(request))
    tell(request, done, "许可已终止，不再供数。")
    return redirect("web:sharing")
