"""约定提取, at the counter: every agreement, one with its months, signing and ending for a member who came."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.accounts import queries as accounts
from hpf.kernel.actor import Actor
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.counter.flexible_forms import accepted, at_fields
from hpf.web.law import law_in_force
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.member.monthly import LAW
from hpf.web.monthly_consents import consents_of
from hpf.web.monthly_forms import PLACES, EndForm, MonthlyForm
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell
from hpf.withdrawals import queries, services
from hpf.withdrawals.rules import MONTHLY, Ground
from hpf.withdrawals.rules.instalments import AGREEMENT_LABELS

STATES = [("", "全部"), *((state.value, label) for state, label in AGREEMENT_LABELS.items())]


class Row:
    """One agreement in the list."""

    def __init__(self, view: queries.AgreementView, name: str, on: date) -> None:
        self.agreement_no, self.name, self.ground, self.state = view.agreement_no, name, view.ground.text, view.state
        self.months, self.day = f"{view.first}至{view.last}", f"{view.day}日"
        self.amount, self.signed_on, self.next_on = view.amount, view.signed_on, view.next_due(on)


@require_GET
@needs("page.counter")
def monthly(request: HttpRequest) -> HttpResponse:
    """约定提取: newest first."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    state, ground = request.GET.get("state", "SIGNED"), request.GET.get("ground", "")
    if state not in dict(STATES) or (ground and ground not in {each.value for each in MONTHLY}):
        raise Http404

    def fetch(limit: int, offset: int) -> tuple[list[Any], int]:
        views, count = queries.agreements_page(centre, state=state, ground=ground, limit=limit, offset=offset)
        names = parties.persons([view.person_id for view in views])
        return [Row(view, names[view.person_id].name, on) for view in views], count

    columns = [
        Column("agreement_no", "约定提取号", "code", lead=True, link=lambda row: reverse("web:monthly_one", args=[row.agreement_no])),
        Column("name", "约定人"),
        Column("ground", "情形", "short"),
        Column("months", "约定月份", "short"),
        Column("day", "付款日", "short"),
        Column("amount", "每期金额", "money"),
        Column("next_on", "下一期", "date"),
        Column("state", "状态", "state", family="agreed"),
        Column("signed_on", "签订日", "date"),
    ]
    filters = [
        Filter("state", "状态", STATES, value="SIGNED"),
        Filter("ground", "情形", [("", "全部"), *((each.value, each.text) for each in sorted(MONTHLY))]),
    ]
    listed = table(
        request, None, columns, title="约定提取", filters=filters, fetch=fetch, export="约定提取", empty="没有符合条件的约定提取。"
    )
    return list_page(
        request, "hpf/list.html", listed, heading="约定提取", lead="每个会计日早上自动审批、记账、付款；每期按规则重新决定",
        note="从个人账户页的“受理提取”为当面申请的缴存人签订。公积金贷款的按月对冲不在此办理，只办商业性住房贷款。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("page.counter")
@needs("withdrawals.sign_agreement")
def monthly_new(request: HttpRequest, account_no: str, ground: str) -> HttpResponse:
    """柜面签订: for a member who came with her document; everything after is as on the phone."""
    centre = centre_id(request)
    if ground not in {each.value for each in MONTHLY}:
        raise Http404
    try:
        account = accounts.member_account(centre, account_no)
    except accounts.NoSuchAccount as missing:
        raise Http404 from missing
    person, on, chosen = parties.person(account.person_id), ledger.business_day(centre), Ground(ground)
    form = MonthlyForm(request.POST if request.method == "POST" else None, ground=chosen, on=on, registered=person.bank_card_masked)
    if request.method == "POST" and form.is_valid():
        key = form_key(request)
        card = form.cleaned_data.get("card") or parties.full_identity(person.person_id).bank_card
        decision = services.sign_agreement(
            by=actor(request), centre_id=centre, account_no=account_no, ground=ground, payee=services.Payment(person.name, card), first=form.first,
            last=form.last, day=int(form.cleaned_data["day"]), amount=form.cleaned_data["amount"], said=form.said,
            consents=form.cleaned_data["consent"], spouse_consent_no=form.cleaned_data.get("spouse_consent", ""), on=on, at=now(), key=key,
        )  # fmt: skip
        if accepted(form, decision, PLACES) and decision.value is not None:
            number = decision.value.agreement_no
            looked = services.take_up(
                by=Actor.system(centre, "自动审批"), centre_id=centre, agreement_no=number, on=on, at=now(), key=f"{key}:look"
            )
            if looked.is_approved:
                tell(request, looked, "约定提取已签订。")
                return redirect("web:monthly_one", agreement_no=number)
            at_fields(form, looked.reasons, PLACES)
    looked_at(request, person_id=person.person_id, subject="签订约定提取", purpose="办理提取")
    return page(request, "hpf/counter/monthly_new.html", form=form, ground=chosen, person=person, account=account)


@require_GET
@needs("page.counter")
def monthly_one(request: HttpRequest, agreement_no: str) -> HttpResponse:
    """一份约定: who, what was agreed, every month with its application or its reason."""
    centre = centre_id(request)
    view = queries.agreement(centre, agreement_no)
    if view is None:
        raise Http404
    on, person = ledger.business_day(centre), parties.person(view.person_id)
    looked_at(request, person_id=view.person_id, subject=f"查看约定提取{agreement_no}", purpose="办理提取")
    return page(
        request, "hpf/counter/monthly_one.html", view=view, person=person, on=on, instalments=queries.instalments(centre, agreement_no),
        next_on=view.next_due(on), soon=view.ends_soon(on), form=EndForm(), law=law_in_force(LAW, view.signed_on),
        consents=consents_of(centre, view, now()),
    )  # fmt: skip


@require_POST
@needs("page.counter")
@needs("withdrawals.end_agreement")
def monthly_end(request: HttpRequest, agreement_no: str) -> HttpResponse:
    """终止, for a member who came."""
    centre = centre_id(request)
    if queries.agreement(centre, agreement_no) is None:
        raise Http404
    done = services.end_agreement(
        by=actor(request), centre_id=centre, agreement_no=agreement_no, reason=request.POST.get("reason", "")[:100], on=ledger.business_day(centre),
        at=now(), key=form_key(request),
    )  # fmt: skip
    tell(request, done, "约定提取已终止，不再付款。")
    return redirect("web:monthly_one", agreement_no=agreement_no)
