"""本人的缴存协议和补贴: the next debit, what the bank said to earlier ones, pause, resume and exit; public money shown apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.states import AgreementState
from hpf.kernel.period import Month
from hpf.web.counter.flexible import PLACES, acts_on
from hpf.web.counter.flexible_forms import ExitForm, PauseForm, ResumeForm, accepted
from hpf.web.law import law_in_force
from hpf.web.member.views import Mine, mine
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell

LAW = ("条例/49@2026",)


def own_agreement(request: HttpRequest, own: Mine) -> contributions.AgreementView | None:
    """The agreement in force of the chosen account, or the last one that was left."""
    found = contributions.agreements(centre_id(request), member_account_id=own.account.member_account_id)
    return next((view for view in found if view.state != AgreementState.EXITED), found[0] if found else None)


@require_GET
@needs("page.member")
def agreement(request: HttpRequest) -> HttpResponse:
    """我的缴存协议."""
    own = mine(request)
    looked_at(request, person_id=own.account.person_id, subject="本人查询缴存协议")
    return show(request, own, own_agreement(request, own), {})


def show(request: HttpRequest, own: Mine, view: contributions.AgreementView | None, bound: Mapping[str, forms.Form]) -> HttpResponse:
    centre = centre_id(request)
    if view is None:
        return page(request, "hpf/member/agreement.html", own=own, view=None, law=law_in_force(LAW, own.on))
    day = contributions.debit_day_of_month(centre, own.on)
    debits, count = contributions.agreement_debits(centre, view.agreement_no, limit=24)
    busy = bool(debits) and debits[0].state == "ORDERED"
    blank: dict[str, forms.Form] = {
        "pause": PauseForm(prefix="pause"),
        "resume": ResumeForm(prefix="resume", initial={"from_month": str(max(view.next_month, Month.of(own.on)))}),
        "exit": ExitForm(prefix="exit"),
    }
    return page(
        request, "hpf/member/agreement.html", own=own, view=view, debits=debits, debit_count=count, debit_day=day, law=law_in_force(LAW, own.on),
        next_on=contributions.next_debit(view, day, own.on), debit=own.account.month_total * view.frequency.months,
        busy=busy, acts=acts_on(view, busy, actor(request)), forms={**blank, **bound}, opened=next(iter(bound), ""),
    )  # fmt: skip


@require_POST
@needs("page.member")
def agreement_change(request: HttpRequest, what: str) -> HttpResponse:
    """暂停, 恢复, 退出 of one's own agreement; nobody's else can be named."""
    own = mine(request)
    view = own_agreement(request, own)
    kinds: dict[str, type[forms.Form]] = {"pause": PauseForm, "resume": ResumeForm, "exit": ExitForm}
    if view is None or what not in kinds:
        raise Http404
    form = kinds[what](request.POST, prefix=what)
    if not form.is_valid():
        return show(request, own, view, {what: form})
    said = form.cleaned_data
    common: dict[str, Any] = {
        "by": actor(request), "centre_id": centre_id(request), "agreement_no": view.agreement_no, "on": own.on, "at": now(), "key": form_key(request),
    }  # fmt: skip
    match what:
        case "pause":
            decision, done = services.pause_agreement(reason=said["reason"], **common), "已暂停，不再扣款，恢复后不补扣。"
        case "resume":
            decision, done = services.resume_agreement(from_month=said["from_month"], **common), "已恢复扣款。"
        case _:
            decision, done = services.exit_agreement(reason=said["reason"], **common), "已退出协议，账户和余额保留，照常计息。"
    if not accepted(form, decision, PLACES):
        return show(request, own, view, {what: form})
    tell(request, decision, done)
    return redirect(f"{reverse('web:member_agreement')}?account={own.account.account_no}")


@require_GET
@needs("page.member")
def subsidies(request: HttpRequest) -> HttpResponse:
    """我的缴存补贴: every grant and recovery, apart from what was paid by oneself or the employer."""
    own = mine(request)
    centre, account = centre_id(request), own.account.member_account_id
    looked_at(request, person_id=own.account.person_id, subject="本人查询缴存补贴")
    total, months = contributions.subsidy_total(centre, account)
    return page(
        request, "hpf/member/subsidies.html", own=own, rows=contributions.subsidies_received(centre, account, limit=120), total=total, months=months,
        law=law_in_force(LAW, own.on),
    )  # fmt: skip
