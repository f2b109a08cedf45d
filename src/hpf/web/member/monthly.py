"""约定提取, on a phone: sign, see what became of each month and why, end."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.kernel.actor import Actor
from hpf.parties import queries as parties
from hpf.sharing import services as sharing
from hpf.sharing.rules import CATALOGUE
from hpf.web.counter.flexible_forms import accepted, at_fields
from hpf.web.law import law_in_force
from hpf.web.member.views import Mine, mine
from hpf.web.member.withdrawals import ABOUT_SPOUSE
from hpf.web.monthly_consents import consents_of
from hpf.web.monthly_forms import PLACES, MonthlyForm
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell
from hpf.withdrawals import queries, services
from hpf.withdrawals.queries.facts import PURPOSE, services_of
from hpf.withdrawals.rules import MONTHLY, Ground

LAW = ("甘建金〔2024〕26号/三（一）", "条例/24@2026")
SPOUSE_DAYS = 366
"""A consent for the spouse's agreement: the longest there is, so that it lasts through twelve months."""


@require_GET
@needs("page.member")
def monthly(request: HttpRequest) -> HttpResponse:
    """我的约定提取: what runs, what was, what can be signed."""
    own = mine(request)
    looked_at(request, person_id=own.account.person_id, subject="本人查询约定提取")
    agreements = queries.agreements_of_person(centre_id(request), own.account.person_id)
    running = {each.ground for each in agreements if each.is_running}
    offered = [ground for ground in sorted(MONTHLY, reverse=True) if ground not in running] if own.account.is_open else []
    return page(
        request, "hpf/member/monthly.html", own=own, running=[(each, each.next_due(own.on), each.ends_soon(own.on)) for each in agreements if each.is_running],
        past=[each for each in agreements if not each.is_running], offered=offered, law=law_in_force(LAW, own.on),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("page.member")
def monthly_new(request: HttpRequest, ground: str) -> HttpResponse:
    """签订: said, consented, signed; the departments are asked at once, and a known no ends it here."""
    own = mine(request)
    if ground not in {each.value for each in MONTHLY} or not own.account.is_open:
        raise Http404
    chosen, person = Ground(ground), parties.person(own.account.person_id)
    form = MonthlyForm(request.POST if request.method == "POST" else None, ground=chosen, on=own.on, registered=person.bank_card_masked)
    if request.method == "POST" and form.is_valid():
        centre, key = centre_id(request), form_key(request)
        card = form.cleaned_data.get("card") or parties.full_identity(person.person_id).bank_card
        decision = services.sign_agreement(
            by=actor(request), centre_id=centre, account_no=own.account.account_no, ground=ground, payee=services.Payment(person.name, card),
            first=form.first, last=form.last, day=int(form.cleaned_data["day"]), amount=form.cleaned_data["amount"], said=form.said,
            consents=form.cleaned_data["consent"], spouse_consent_no=form.cleaned_data.get("spouse_consent", ""), on=own.on, at=now(), key=key,
        )  # fmt: skip
        if accepted(form, decision, PLACES) and decision.value is not None:
            number = decision.value.agreement_no
            looked = services.take_up(
                by=Actor.system(centre, "自动审批"), centre_id=centre, agreement_no=number, on=own.on, at=now(), key=f"{key}:look"
            )
            if looked.is_approved:
                tell(request, looked, "约定提取已签订。")
                return redirect(_address(own, number))
            at_fields(form, looked.reasons, PLACES)
    asked = [CATALOGUE[name].source for name in services_of(chosen) if not CATALOGUE[name].by_law]
    by_law = [CATALOGUE[name].source for name in services_of(chosen) if CATALOGUE[name].by_law]
    return page(request, "hpf/member/monthly_new.html", own=own, form=form, ground=chosen, asked=asked, by_law=by_law, person=person)


@require_GET
@needs("page.member")
def monthly_one(request: HttpRequest, agreement_no: str) -> HttpResponse:
    """一份约定: its months with where each stands and why."""
    own, view = _own(request, agreement_no)
    looked_at(request, person_id=own.account.person_id, subject=f"本人查询约定提取{agreement_no}")
    return page(
        request, "hpf/member/monthly_one.html", own=own, view=view, instalments=queries.instalments(centre_id(request), agreement_no),
        next_on=view.next_due(own.on), soon=view.ends_soon(own.on), law=law_in_force(LAW, view.signed_on),
        consents=consents_of(centre_id(request), view, now()),
    )  # fmt: skip


@require_POST
@needs("page.member")
def monthly_end(request: HttpRequest, agreement_no: str) -> HttpResponse:
    """终止 one's own agreement; nobody else's can be named."""
    own, _ = _own(request, agreement_no)
    done = services.end_agreement(
        by=actor(request), centre_id=centre_id(request), agreement_no=agreement_no, reason=request.POST.get("reason", "")[:100], on=own.on, at=now(),
        key=form_key(request),
    )  # fmt: skip
    tell(request, done, "约定提取已终止，不再付款。")
    return redirect(_address(own, agreement_no))


@require_POST
@needs("page.member")
def monthly_for_spouse(request: HttpRequest) -> HttpResponse:
    """为配偶的约定提取授权: my consent, for a year, to what is asked about me every month; the number goes to the spouse."""
    own, at = mine(request), now()
    done = sharing.give_consent(
        by=actor(request), centre_id=centre_id(request), person_id=own.account.person_id, scope=ABOUT_SPOUSE, purpose=PURPOSE,
        ends_at=at + timedelta(days=SPOUSE_DAYS), at=at, key=form_key(request),
    )  # fmt: skip
    tell(request, done, f"已授权，编号{done.value.consent_no}，请告诉配偶在签订时填写，一年内有效。" if done.value else "")
    return redirect(f"{reverse('web:member_monthly')}?account={own.account.account_no}")


def _own(request: HttpRequest, agreement_no: str) -> tuple[Mine, queries.AgreementView]:
    own = mine(request)
    view = queries.agreement(centre_id(request), agreement_no)
    if view is None or view.person_id != own.account.person_id:
        raise Http404
    return own, view


def _address(own: Mine, agreement_no: str) -> str:
    return f"{reverse('web:member_monthly_one', args=[agreement_no])}?account={own.account.account_no}"
