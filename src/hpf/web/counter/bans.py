"""限制提取: what is in force against a person; a new ban or its end is prepared here and passed by a checker."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hpf.access.services import submit
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.counter.actions import ACTIONS
from hpf.web.counter.flexible_forms import Asking
from hpf.web.counter.person import member_of
from hpf.web.employer.forms import DayInput
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page
from hpf.withdrawals import queries
from hpf.withdrawals.rules import BanKind

BAN, LIFT = "withdrawals.ban_person", "withdrawals.lift_ban"
OURS = [(kind.value, kind.text) for kind in (BanKind.FRAUD_WITHDRAWAL, BanKind.FRAUD_LOAN)]


class BanForm(Asking):
    """The decision on which somebody is banned."""

    kind = forms.ChoiceField(label="认定事项", choices=[("", "请选择"), *OURS], help_text="骗提三年、骗贷五年，自决定之日起算。")
    decision_no = forms.CharField(label="决定书文号", max_length=60)
    decided_on = DayInput(label="决定日期")


class LiftForm(Asking):
    """When a ban ends, and by which paper."""

    flag_id = forms.TypedChoiceField(label="限制提取", coerce=int)
    ends_on = DayInput(label="自何日起不再限制", help_text="解除的填今日；其他中心告知期限的填期限届满的次日。")
    reason = forms.CharField(label="依据的文书", max_length=200, help_text="写明名称和文号。")

    def __init__(self, *args: Any, running: list[parties.FlagView], **named: Any) -> None:
        super().__init__(*args, **named)
        choices = [(mark.flag_id, f"{BanKind(mark.kind).text}　{mark.source_no}") for mark in running]
        self.fields["flag_id"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@needs("page.counter")
def bans(request: HttpRequest, account_no: str) -> HttpResponse:
    """限制提取 of one person."""
    member, centre = member_of(request, account_no), centre_id(request)
    on, person = ledger.business_day(centre), parties.person(member.person_id)
    kinds = {kind.value for kind in BanKind}
    marks = [mark for mark in parties.flags("PERSON", [person.person_id], on).get(person.person_id, []) if mark.kind in kinds]
    sent = request.POST if request.method == "POST" and "queue.make" in actor(request).permissions else None
    what = sent.get("what") if sent is not None else ""
    ban_form, lift_form = (
        BanForm(sent if what == "ban" else None, prefix="ban"),
        LiftForm(sent if what == "lift" else None, prefix="lift", running=marks),
    )
    chosen: BanForm | LiftForm | None = {"ban": ban_form, "lift": lift_form}.get(what or "")
    if chosen is not None and chosen.is_valid():
        said = {name: str(value) for name, value in chosen.cleaned_data.items()}
        action = BAN if what == "ban" else LIFT
        texts = {**said, "kind": dict(OURS).get(said.get("kind", ""), "")}
        if what == "lift":
            texts["flag_id"] = dict(lift_form.fields["flag_id"].choices)[chosen.cleaned_data["flag_id"]]  # type: ignore[attr-defined]
        shown = [["个人账号", account_no], *([str(field.label), texts[name]] for name, field in chosen.fields.items())]
        done = submit(
            by=actor(request), centre_id=centre, action=action, title=ACTIONS[action].title, subject=person.name, shown=shown,
            content={"person_id": person.person_id, **said}, person_id=person.person_id, at=now(), key=form_key(request),
        )  # fmt: skip
        messages.success(request, f"已提交复核，业务编号{done.submission_no}。")
        return redirect("web:bans", account_no=account_no)
    looked_at(request, person_id=person.person_id, subject="查看限制提取", purpose="办理提取")
    return page(
        request, "hpf/counter/bans.html", person=person, member=member, running=queries.bans(person.person_id, on), ban_form=ban_form, lift_form=lift_form, on=on, opened=what,
    )  # fmt: skip
