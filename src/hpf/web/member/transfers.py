"""本人的异地转入: apply from a phone, see how far it is, take it back while that is possible."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from hpf.transfers import queries, services
from hpf.transfers.rules.states import Direction, State
from hpf.web.counter.flexible_forms import accepted
from hpf.web.law import law_in_force
from hpf.web.member.views import Mine, mine
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell
from hpf.web.transfer_forms import PLACES, ApplyForm

LAW = ("条例/31@2026",)
MAY_CANCEL = (State.APPLIED, State.APPROVED)


@require_http_methods(["GET", "POST"])
@needs("page.member")
def transfers(request: HttpRequest) -> HttpResponse:
    """异地转入: the form and every letter of the chosen account."""
    own = mine(request)
    centre = centre_id(request)
    centres = queries.directory(centre, own.on)
    form = ApplyForm(request.POST if request.method == "POST" else None, centres=centres)
    if request.method == "POST" and form.is_valid():
        decision = services.apply_in(
            by=actor(request), centre_id=centre, account_no=own.account.account_no, other_org_code=form.cleaned_data["org_code"],
            other_org_name=form.other_name, other_account=form.cleaned_data["other_account"], business_on=own.on, at=now(), key=form_key(request),
        )  # fmt: skip
        if accepted(form, decision, PLACES):
            tell(request, decision, "申请已提交，中心复核后向转出地中心发出联系函。")
            return redirect(_address(own))
    looked_at(request, person_id=own.account.person_id, subject="本人查询异地转移")
    letters = queries.letters_of_account(centre, own.account.account_no)
    shown = [(letter, queries.steps(centre, letter.transfer_no), _may_cancel(letter)) for letter in letters]
    return page(request, "hpf/member/transfers.html", own=own, form=form, letters=shown, law=law_in_force(LAW, own.on))


@require_POST
@needs("page.member")
def transfer_cancel(request: HttpRequest, transfer_no: str) -> HttpResponse:
    """撤销 of one's own letter; another person's number is not found."""
    own = mine(request)
    centre = centre_id(request)
    letter = queries.letter(centre, transfer_no)
    known = letter is not None and letter.account_no == own.account.account_no and letter.direction is Direction.IN
    decision = services.cancel_in(
        by=actor(request), centre_id=centre, transfer_no=transfer_no if known else "", words="本人撤销", business_on=own.on, at=now(),
        key=form_key(request),
    )  # fmt: skip
    tell(request, decision, "已撤回。" if decision.value and decision.value.state is State.WITHDRAWN else "已请求撤销，等待平台答复。")
    return redirect(_address(own))


def _may_cancel(letter: queries.LetterView) -> bool:
    return letter.direction is Direction.IN and letter.state in MAY_CANCEL and not letter.cancelling


def _address(own: Mine) -> str:
    return f"{reverse('web:member_transfers')}?account={own.account.account_no}"
