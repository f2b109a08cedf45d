"""提取, on a phone: what I may withdraw, apply, watch the money, take it back, give another card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.parties import queries as parties
from hpf.sharing import services as sharing
from hpf.sharing.rules import CATALOGUE
from hpf.web.counter.flexible_forms import accepted
from hpf.web.member.views import Mine, mine
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell
from hpf.web.withdrawal_case import ShownReason, shown, shown_reasons
from hpf.web.withdrawal_forms import PLACES, ApplyForm
from hpf.withdrawals import queries, services
from hpf.withdrawals.queries.facts import PURPOSE, services_of
from hpf.withdrawals.rules import GROUNDS, Answer, Ground, Option
from hpf.withdrawals.rules.states import State

ICONS = {
    Ground.RENT: "key", Ground.PURCHASE: "home", Ground.DOWN_PAYMENT: "home-dollar", Ground.BUILD: "hammer", Ground.OVERHAUL: "tools",
    Ground.LOAN_REPAYMENT: "building-bank", Ground.DECORATION: "paint", Ground.PROPERTY_FEE: "receipt", Ground.LIFT: "elevator",
    Ground.OTHER_HOUSING: "home-check", Ground.RETIREMENT: "beach", Ground.DISABILITY: "wheelchair", Ground.EMIGRATION: "plane-departure",
    Ground.LEAVING: "door-exit", Ground.ILLNESS: "heart", Ground.HARDSHIP: "lifebuoy",
}  # fmt: skip
NOT_HERE = frozenset({Ground.DEATH})
"""Applied for by somebody else than the account's holder: at the counter. Nothing of it is seen or done under the holder's name."""


ABOUT_SPOUSE = ("TITLES.homes_of_person_in_place", "HR.employment", "CIVIL.children")
"""What is asked about the spouse of an applicant."""


OFTEN = frozenset({Ground.RENT, Ground.PURCHASE, Ground.LOAN_REPAYMENT})
IN_NEED = frozenset({Ground.ILLNESS, Ground.HARDSHIP})
CLOSING = frozenset(ground for ground, sheet in GROUNDS.items() if sheet.closes) - NOT_HERE
GROUPS = (
    ("常用", OFTEN),
    ("首付、建房、装修、物业等", frozenset(Ground) - OFTEN - IN_NEED - CLOSING - NOT_HERE),
    ("退休、离职、出境定居", CLOSING),
    ("大病和生活困难", IN_NEED),
)
"""How the list is folded: the first group stands open, the others are a line each."""


BAN_CODES = ("BANNED", "BAN_ON_CLOSING")


@dataclass(frozen=True, slots=True)
class Line:
    """One ground in the list. `reason` is what stands against it first, `more` how many reasons stand behind that one."""

    ground: Ground
    icon: str
    address: str
    answer: Answer
    amount: Money | None
    reason: ShownReason | None
    more: int

    @property
    def text(self) -> str:
        return self.ground.text


@dataclass(frozen=True, slots=True)
class Group:
    """Grounds of a kind that may be asked for."""

    label: str
    lines: list[Line]


@require_GET
@needs("page.member")
def withdrawals(request: HttpRequest) -> HttpResponse:
    """我能提取什么: what may be asked for, folded by kind; what stands against the rest; what is under way and what was."""
    own = mine(request)
    looked_at(request, person_id=own.account.person_id, subject="本人查询提取")
    every = queries.applications_of_person(centre_id(request), own.account.person_id)
    options = (
        queries.what_may_be_withdrawn(centre_id(request), own.account, own.on, money=own.money, applications=every)
        if own.account.is_open
        else ()
    )
    home = f"{reverse('web:member_withdrawals')}new/"
    lines = [_line(option, f"{home}{option.ground}/?account={own.account.account_no}") for option in options]
    can = [line for line in lines if line.answer is not Answer.CANNOT]
    groups = [Group(label, found) for label, grounds in GROUPS if (found := [line for line in can if line.ground in grounds])]
    applications = [a for a in every if a.ground not in NOT_HERE]
    banned = any(reason.code in BAN_CODES for option in options for reason in option.reasons)
    return page(
        request, "hpf/member/withdrawals.html", own=own, running=[a for a in applications if a.state.is_open],
        past=[a for a in applications if not a.state.is_open], groups=groups,
        cannot=[line for line in lines if line.answer is Answer.CANNOT], bans=queries.bans(own.account.person_id, own.on) if banned else (),
    )  # fmt: skip


def _line(option: Option, address: str) -> Line:
    first = shown_reasons(option.reasons[:1])
    amount = option.amount or (option.finding.provisional.amount if option.finding.provisional else None)
    return Line(
        option.ground, ICONS[option.ground], address, option.answer, amount, first[0] if first else None, max(0, len(option.reasons) - 1)
    )


@require_http_methods(["GET", "POST"])
@needs("page.member")
def withdrawal_new(request: HttpRequest, ground: str) -> HttpResponse:
    """申请一种提取: said, consented, sent; then facts, decision and payment follow at once."""
    own = mine(request)
    if ground not in GROUNDS or Ground(ground) in NOT_HERE or not own.account.is_open:
        raise Http404
    chosen, person = Ground(ground), parties.person(own.account.person_id)
    form = ApplyForm(request.POST if request.method == "POST" else None, ground=chosen, on=own.on, registered=person.bank_card_masked)
    if request.method == "POST" and form.is_valid():
        centre, key = centre_id(request), form_key(request)
        card = form.cleaned_data.get("card") or parties.full_identity(person.person_id).bank_card
        decision = services.apply(
            by=actor(request), centre_id=centre, account_no=own.account.account_no, ground=ground, payee=services.Payment(person.name, card),
            asked=form.cleaned_data["amount"], said=form.said, consents=form.cleaned_data["consent"],
            spouse_consent_no=form.cleaned_data.get("spouse_consent", ""), on=own.on, at=now(), key=key,
        )  # fmt: skip
        if accepted(form, decision, PLACES) and decision.value is not None:
            number = decision.value.application_no
            services.proceed(
                by=Actor.system(centre, "自动审批"), centre_id=centre, application_no=number, business_on=own.on, at=now(), key=f"{key}:go"
            )
            return redirect(_address(own, number))
    asked = [CATALOGUE[name].source for name in services_of(chosen) if not CATALOGUE[name].by_law]
    by_law = [CATALOGUE[name].source for name in services_of(chosen) if CATALOGUE[name].by_law]
    return page(
        request, "hpf/member/withdrawal_new.html", own=own, form=form, ground=chosen, icon=ICONS[chosen], asked=asked, by_law=by_law,
        person=person, closes=GROUNDS[chosen].closes, days=services.consent_days(chosen, centre_id(request), own.on),
    )  # fmt: skip


@require_GET
@needs("page.member")
def withdrawal(request: HttpRequest, application_no: str) -> HttpResponse:
    """一件提取: where it stands, why, on which facts, and what can be done now."""
    own = mine(request)
    found = shown(centre_id(request), application_no, own.on)
    if found is None or found.case.person_id != own.account.person_id or found.case.ground in NOT_HERE:
        raise Http404
    looked_at(request, person_id=own.account.person_id, subject=f"本人查询提取申请{application_no}")
    return page(request, "hpf/member/withdrawal.html", own=own, found=found, case=found.case)


@require_POST
@needs("page.member")
def withdrawal_act(request: HttpRequest, application_no: str, what: str) -> HttpResponse:
    """撤回, 换卡重付, 重新核查 of one's own application; nobody else's can be named."""
    own, centre, key = mine(request), centre_id(request), form_key(request)
    case = queries.application(centre, application_no)
    if case is None or case.person_id != own.account.person_id or case.ground in NOT_HERE:
        raise Http404
    system = Actor.system(centre, "自动审批")
    if what == "take_back":
        done = services.withdraw_application(by=actor(request), centre_id=centre, application_no=application_no, at=now(), key=key)
        tell(request, done, "申请已撤回。")
    elif what == "card" and case.state is State.FAILED:
        name = parties.person(own.account.person_id).name
        payee = services.Payment(name, request.POST.get("card", ""))
        done = services.change_payee(by=actor(request), centre_id=centre, application_no=application_no, payee=payee, at=now(), key=key)
        if tell(request, done, "已换卡，重新付款。"):
            services.pay_once_more(
                by=system, centre_id=centre, application_no=application_no, business_on=own.on, at=now(), key=f"{key}:pay"
            )
    elif what == "again" and case.state in (State.ACCEPTED, State.REFERRED):
        services.proceed(by=system, centre_id=centre, application_no=application_no, business_on=own.on, at=now(), key=f"{key}:go")
    else:
        raise Http404
    return redirect(_address(own, application_no))


@require_POST
@needs("page.member")
def withdrawal_for_spouse(request: HttpRequest) -> HttpResponse:
    """为配偶授权: my consent to what the rules ask about me when my spouse withdraws; the number goes to the spouse."""
    own, at = mine(request), now()
    done = sharing.give_consent(
        by=actor(request), centre_id=centre_id(request), person_id=own.account.person_id, scope=ABOUT_SPOUSE, purpose=PURPOSE,
        ends_at=at + timedelta(days=services.CONSENT_DAYS), at=at, key=form_key(request),
    )  # fmt: skip
    tell(request, done, f"已授权，编号{done.value.consent_no}，请告诉配偶在申请时填写，三十天内有效。" if done.value else "")
    return redirect(f"{reverse('web:member_withdrawals')}?account={own.account.account_no}")


def _address(own: Mine, application_no: str) -> str:
    return f"{reverse('web:member_withdrawal', args=[application_no])}?account={own.account.account_no}"
