"""灵活就业缴存协议: the list, one agreement with its debits and history, signing, and everything an agreement may go through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hpf.access import queries as access
from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.states import AgreementState, Frequency
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.policy.rules import MissingParameter
from hpf.treasury import queries as treasury
from hpf.web.counter.flexible_forms import CardFields, ExitForm, FrequencyForm, PauseForm, ResumeForm, TermsForm, accepted
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell

PLACES = {
    "BASE_BELOW_FLOOR": "base", "BASE_ABOVE_CAP": "base", "BASE_NOT_POSITIVE": "base", "RATE_BELOW_MINIMUM": "rate", "RATE_ABOVE_MAXIMUM": "rate",
    "CARD_MISSING": "card", "FIRST_MONTH_EARLY": "first_month", "RESUME_MONTH_PAST": "from_month", "MONTH_REMITTED": "from_month", "REASON_MISSING": "reason",
}  # fmt: skip
STATES = [("", "全部"), *((state.value, state.label) for state in AgreementState)]
DUE = [("", "全部"), ("now", "本月及以前应扣"), ("later", "下月起")]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: the agreement with its person and the account's present terms."""

    agreement: contributions.AgreementView
    member: accounts.MemberAccountView
    name: str
    next_on: date | None

    @property
    def debit(self) -> Money:
        return self.member.month_total * self.agreement.frequency.months

    @property
    def note(self) -> str:
        if self.agreement.state is not AgreementState.ACTIVE:
            return self.agreement.state_reason
        if self.member.state != "NORMAL":
            return "账户已封存，不扣款"
        return f"连续失败{self.agreement.failures}次" if self.agreement.failures else ""


@require_GET
@needs("page.counter")
def agreements(request: HttpRequest) -> HttpResponse:
    """缴存协议 by state and by when they are debited next. Filtered and paged in the database."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    day = contributions.debit_day_of_month(centre, on)
    state, due, text = (request.GET.get(name, "").strip() for name in ("state", "due", "text"))
    if state not in dict(STATES) or due not in dict(DUE):
        raise Http404
    wanted: dict[str, Any] = {"state": state or None, "due_by": Month.of(on) if due == "now" else None}
    wanted |= {"due_after": Month.of(on) if due == "later" else None}
    if text:
        wanted |= {"number": text} if text.isdigit() else {"member_account_ids": _accounts_named(centre, text)}

    def fetch(limit: int, offset: int) -> tuple[list[Row], int]:
        found, total = contributions.agreements_page(centre, **wanted, limit=limit, offset=offset)
        members = accounts.member_accounts(centre, [view.member_account_id for view in found])
        people = parties.persons([member.person_id for member in members.values()])
        return [
            Row(view, member := members[view.member_account_id], people[member.person_id].name, contributions.next_debit(view, day, on))
            for view in found
        ], total

    columns = [
        Column("name", "姓名", lead=True, link=lambda r: reverse("web:agreement", args=[r.agreement.agreement_no])),
        Column("agreement_no", "协议号", "code", value=lambda r: r.agreement.agreement_no),
        Column("account_no", "个人账号", "code", value=lambda r: r.agreement.account_no),
        Column("frequency", "频次", value=lambda r: r.agreement.frequency.label),
        Column("month_total", "月缴存额", "money", value=lambda r: r.member.month_total),
        Column("debit", "每次扣款", "money"),
        Column("next_month", "下次扣款年月", "month", value=lambda r: None if r.agreement.state == "EXITED" else r.agreement.next_month),
        Column("next_on", "下次扣款日", "date"),
        Column("state", "状态", "state", value=lambda r: r.agreement.state, family="agreement"),
        Column("note", "说明"),
    ]
    filters = [Filter("state", "状态", STATES), Filter("due", "下次扣款", DUE), Filter("text", "姓名、账号或协议号")]
    looked_at(request, subject="查看灵活就业协议清单")
    listed = table(
        request, None, columns, title="缴存协议", filters=filters, fetch=fetch, export=f"灵活就业协议_{on}", empty="没有符合条件的协议。"
    )
    links = (
        [("开户签约", reverse("web:agreement_open"), "user-plus")] if "contributions.sign_agreement" in actor(request).permissions else []
    )
    return list_page(
        request, "hpf/list.html", listed, heading="灵活就业缴存协议", lead="自愿缴存，单位和个人两部分由本人承担", links=links, business_on=on,
        note="" if day else "本中心没有公布每月扣款日，清单只列下次扣款年月，扣款以会计发起的批次为准。",
    )  # fmt: skip


def _accounts_named(centre: int, text: str) -> list[int]:
    return [found.account.member_account_id for found in accounts.search(centre, text[:60], limit=200)]


def found_agreement(request: HttpRequest, agreement_no: str) -> contributions.AgreementView:
    view = contributions.agreement(centre_id(request), agreement_no)
    if view is None:
        raise Http404
    return view


@require_GET
@needs("page.counter")
def agreement(request: HttpRequest, agreement_no: str) -> HttpResponse:
    """One agreement: terms, next debit, debits with the bank's answers, history, and what may be done."""
    view = found_agreement(request, agreement_no)
    return show(request, view, {})


def show(request: HttpRequest, view: contributions.AgreementView, bound: Mapping[str, forms.Form]) -> HttpResponse:
    """The agreement's page; `bound` is the form that was refused, shown open with what is wrong in it."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    member = accounts.member_account_by_id(centre, view.member_account_id)
    unit = accounts.employer_account_by_id(centre, member.employer_account_id)
    holder = parties.person(member.person_id)
    looked_at(request, person_id=member.person_id, subject=f"查看缴存协议{view.agreement_no}")
    day = contributions.debit_day_of_month(centre, on)
    events = [
        event for event in accounts.member_events(centre, [member.member_account_id], limit=200)
        if event.facts.get("协议号") == view.agreement_no or event.kind in ("RATES", "BASE")
    ]  # fmt: skip
    debits, count = contributions.agreement_debits(centre, view.agreement_no, limit=36)
    busy = bool(debits) and debits[0].state == "ORDERED"
    month = str(max(view.next_month, Month.of(on)))
    blank: dict[str, forms.Form] = {
        "terms": TermsForm(prefix="terms", initial={"base": str(member.base), "rate": str(member.member_rate), "from_month": month}),
        "frequency": FrequencyForm(prefix="frequency", initial={"frequency": view.frequency.value}),
        "card": CardFields(prefix="card", banks=treasury.banks(centre)),
        "pause": PauseForm(prefix="pause"),
        "resume": ResumeForm(prefix="resume", initial={"from_month": month}),
        "exit": ExitForm(prefix="exit"),
    }
    return page(
        request, "hpf/counter/agreement.html", view=view, member=member, person=holder, business_on=on, events=events, debits=debits, debit_count=count,
        names=access.names(e.recorded_by for e in events), forms={**blank, **bound}, opened=next(iter(bound), ""), debit_day=day,
        next_on=contributions.next_debit(view, day, on), debit=member.month_total * view.frequency.months,
        terms=_terms(centre, unit.district, Month.of(on)), busy=busy, acts=acts_on(view, busy, actor(request)),
        received=contributions.subsidy_total(centre, member.member_account_id),
    )  # fmt: skip


def acts_on(view: contributions.AgreementView, busy: bool, by: Actor) -> list[str]:
    """What may be done with an agreement as it stands, by this person; nothing else is offered."""
    if view.state is AgreementState.EXITED:
        return []
    acts = [("terms", "accounts.change_base")]
    if not busy:
        acts += [("frequency", "contributions.change_agreement"), ("card", "contributions.change_agreement")]
        acts += [("pause", "contributions.pause_agreement")] if view.state is AgreementState.ACTIVE else []
        acts += [("resume", "contributions.resume_agreement")] if view.state is AgreementState.PAUSED else []
        acts += [("exit", "contributions.exit_agreement")]
    return [what for what, permission in acts if permission in by.permissions]


def _terms(centre: int, district: str, month: Month) -> contributions.FlexibleTerms | None:
    try:
        return contributions.flexible_terms(centre, district, month)
    except MissingParameter:
        return None


@require_POST
@needs("page.counter")
def agreement_change(request: HttpRequest, agreement_no: str, what: str) -> HttpResponse:
    """变更标准、频次、扣款卡，暂停，恢复，退出."""
    view, centre = found_agreement(request, agreement_no), centre_id(request)
    form = _form(request, what)
    if not form.is_valid():
        return show(request, view, {what: form})
    said, on = form.cleaned_data, ledger.business_day(centre)
    common: dict[str, Any] = {"by": actor(request), "centre_id": centre, "on": on, "at": now(), "key": form_key(request)}
    of_agreement = {"agreement_no": agreement_no, **common}
    match what:
        case "terms":
            decision: Any = account_services.change_flexible_terms(
                account_no=view.account_no, base=said["base"], rate=said["rate"], from_month=said["from_month"], **common
            )
            done = "缴存标准已变更，从下一次扣款起按新标准扣收。"
        case "frequency":
            decision, done = services.change_agreement(frequency=Frequency(said["frequency"]), **of_agreement), "缴存频次已变更。"
        case "card":
            member = accounts.member_account_by_id(centre, view.member_account_id)
            payer = parties.person(member.person_id).name
            decision = services.change_agreement(payer_name=payer, card=said["card"], bank_code=said["bank_code"], **of_agreement)
            done = "扣款卡已变更，失败次数重新计算。"
        case "pause":
            decision, done = services.pause_agreement(reason=said["reason"], **of_agreement), "协议已暂停，不再扣款，恢复后不补扣。"
        case "resume":
            decision, done = services.resume_agreement(from_month=said["from_month"], **of_agreement), "协议已恢复。"
        case _:
            decision = services.exit_agreement(reason=said["reason"], **of_agreement)
            done = "协议已退出，账户和余额保留。以后不再缴存的，请到个人页办理封存。"
    if not accepted(form, decision, PLACES):
        return show(request, view, {what: form})
    tell(request, decision, done)
    return redirect("web:agreement", agreement_no=agreement_no)


def _form(request: HttpRequest, what: str) -> forms.Form:
    match what:
        case "terms":
            return TermsForm(request.POST, prefix=what)
        case "frequency":
            return FrequencyForm(request.POST, prefix=what)
        case "card":
            return CardFields(request.POST, prefix=what, banks=treasury.banks(centre_id(request)))
        case "pause":
            return PauseForm(request.POST, prefix=what)
        case "resume":
            return ResumeForm(request.POST, prefix=what)
        case "exit":
            return ExitForm(request.POST, prefix=what)
    raise Http404


def already_signed(request: HttpRequest, member: accounts.MemberAccountView) -> HttpResponse | None:
    """To the agreement that a person has, instead of a second one."""
    held = [
        view for view in contributions.agreements(centre_id(request), member_account_id=member.member_account_id) if view.state != AgreementState.EXITED
    ]  # fmt: skip
    if not held:
        return None
    messages.info(request, "此人已有未退出的缴存协议，一人只签一份，可在此变更。")
    return redirect("web:agreement", agreement_no=held[0].agreement_no)
