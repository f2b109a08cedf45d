"""提取审核: cases with their legal clock, one case with its facts beside the doubt, and the opinions of two people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.accounts import queries as accounts
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision
from hpf.kernel.money import Money
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.counter.flexible_forms import Asking, accepted
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell
from hpf.web.withdrawal_case import shown
from hpf.web.withdrawal_forms import PLACES, ApplyForm, YuanInput, field_of_sheet
from hpf.withdrawals import queries, services
from hpf.withdrawals.rules import GROUNDS, FactSheet, Ground, sheets
from hpf.withdrawals.rules.catalogue import RULES
from hpf.withdrawals.rules.facts_of_housing import DEAL_STATES
from hpf.withdrawals.rules.states import STATE_LABELS, State

TO_DO = {"TODO": (State.REFERRED, State.REVIEWED), "OPEN": tuple(state for state in State if state.is_open), "": tuple(State)}
SHOWN = [("TODO", "待人工办理"), ("OPEN", "办理中"), ("", "全部"), *((state.value, label) for state, label in STATE_LABELS.items())]
OPINIONS = [("BY_RULE", "按核实的事实由规则决定"), ("APPROVED", "准予提取"), ("REFUSED", "不予提取")]
AT_FIELDS = {
    "REASON_MISSING": "reason", "FINDING_WITHOUT_SOURCE": "source", "REVIEW_AMOUNT_MISSING": "amount", "OPINION_UNKNOWN": "opinion",
}  # fmt: skip


class ReviewForm(Asking):
    """审核意见: what was found out, on which paper, and what follows from it."""

    opinion = forms.ChoiceField(label="意见", choices=OPINIONS, widget=forms.Select(attrs={"class": "form-select"}))
    amount = YuanInput(label="准予金额（元）", required=False, help_text="只在意见为“准予提取”时填写。")
    source = forms.CharField(label="核实所凭材料", max_length=60, required=False, help_text="填写了下面的事实时必填，写明材料名称和编号。")
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}))

    def __init__(self, *args: Any, ground: Ground, doubted: tuple[str, ...], **named: Any) -> None:
        super().__init__(*args, **named)
        self.asked = [sheet for sheet in sheets(RULES[ground].facts) if sheet.name in doubted and sheet.kind is not tuple]
        for sheet in self.asked:
            field = field_of_sheet(sheet)
            field.required = False
            field.label = f"核实：{field.label}"
            field.widget.attrs.setdefault("class", "form-select" if isinstance(field, forms.ChoiceField) else "form-control")
            self.fields[f"fact_{sheet.name}"] = field

    @property
    def found(self) -> tuple[tuple[str, Any], ...]:
        """The facts the clerk filled in, as an application's file writes them."""
        return tuple((sheet.name, _plain(sheet, value)) for sheet in self.asked if (value := self._given(sheet)) not in (None, ""))

    def _given(self, sheet: FactSheet) -> Any:
        return self.cleaned_data.get(f"fact_{sheet.name}")


def _plain(sheet: FactSheet, value: Any) -> Any:
    if sheet.kind is bool:
        return value == "是"
    return str(value) if isinstance(value, Money) else value.isoformat() if isinstance(value, date) else value


@require_GET
@needs("page.counter")
def withdrawals(request: HttpRequest) -> HttpResponse:
    """提取审核: the nearest legal deadline first."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    state, ground = request.GET.get("state", "TODO"), request.GET.get("ground", "")
    if state not in dict(SHOWN) or (ground and ground not in GROUNDS):
        raise Http404
    states = TO_DO.get(state) or (State(state),)

    def fetch(limit: int, offset: int) -> tuple[list[Any], int]:
        cases, count = queries.work_list(centre, states, ground=ground, limit=limit, offset=offset)
        names = parties.persons([case.person_id for case in cases])
        return [Row(case, names[case.person_id].name, on) for case in cases], count

    columns = [
        Column("application_no", "申请号", "code", lead=True, link=lambda row: reverse("web:withdrawal", args=[row.application_no])),
        Column("name", "申请人"),
        Column("ground", "情形", "short"),
        Column("amount", "金额", "money"),
        Column("state", "状态", "state", family="withdrawal"),
        Column("due", "法定期限", "short"),
        Column("accepted_on", "受理日", "date"),
        Column("who", "经手", "short"),
    ]
    filters = [
        Filter("state", "状态", SHOWN, value="TODO"),
        Filter("ground", "情形", [("", "全部"), *((each.value, each.text) for each in Ground)]),
    ]
    listed = table(
        request, None, columns, title="提取审核", filters=filters, fetch=fetch, export="提取审核", empty="没有等待人工办理的提取。"
    )
    every, late = queries.waiting(centre, on)
    note = f"等待人工办理{every}件" + (f"，其中超过法定期限{late}件。" if late else "，没有超过法定期限的。")
    return list_page(
        request, "hpf/list.html", listed, heading="提取审核", lead="事实齐全的由系统自动审批；有疑点的由一人审核、另一人复核", note=note
    )


class Row:
    """One case in the list."""

    def __init__(self, case: queries.ApplicationView, name: str, on: date) -> None:
        left = case.days_left(on)
        self.application_no, self.name, self.ground, self.state = case.application_no, name, case.ground.text, case.state
        self.amount, self.accepted_on = case.granted or case.asked, case.accepted_on
        self.due = f"{case.due_on}{'' if not case.state.is_open else f'，超{-left}天' if left < 0 else f'，余{left}天'}"
        self.who = case.reviewer_name or case.decided_by_name


@require_GET
@needs("page.counter")
def withdrawal(request: HttpRequest, application_no: str) -> HttpResponse:
    """一件提取: the doubt, the facts with source and age, every decision, and what may be done now."""
    return _show(request, application_no, None)


def _show(request: HttpRequest, application_no: str, form: ReviewForm | None) -> HttpResponse:
    centre = centre_id(request)
    on = ledger.business_day(centre)
    found = shown(centre, application_no, on)
    if found is None:
        raise Http404
    person = parties.person(found.case.person_id)
    looked_at(request, person_id=person.person_id, subject=f"查看提取申请{application_no}", purpose="办理提取")
    if form is None and found.case.state in (State.REFERRED, State.REFUSED):
        form = ReviewForm(ground=found.case.ground, doubted=_doubted(found.latest))
    ground = found.case.ground
    return page(
        request, "hpf/counter/withdrawal.html", found=found, case=found.case, person=person, form=form, on=on,
        heirs=queries.heirs(centre, application_no) if ground is Ground.DEATH else [], me=actor(request).user_id,
        deal=queries.deal(centre, application_no) if ground is Ground.DOWN_PAYMENT else None, deal_states=DEAL_STATES,
        left=found.case.days_left(on), mine=found.case.reviewer == actor(request).user_id,
    )  # fmt: skip


def _doubted(latest: queries.DecisionView | None) -> tuple[str, ...]:
    """Facts that a clerk may clear up: those in doubt; after a refusal all that the rule read."""
    if latest is None:
        return ()
    words = "".join(reason.message for reason in latest.reasons)
    in_doubt = tuple(fact.name for fact in latest.facts if f"“{fact.label}”" in words)
    return in_doubt if latest.outcome == "REFERRED" else tuple(fact.name for fact in latest.facts)


@require_POST
@needs("withdrawals.review")
def review(request: HttpRequest, application_no: str) -> HttpResponse:
    """提出审核意见."""
    centre = centre_id(request)
    case = queries.application(centre, application_no)
    if case is None:
        raise Http404
    decisions = queries.decisions(centre, application_no)
    form = ReviewForm(request.POST, ground=case.ground, doubted=_doubted(decisions[0] if decisions else None))
    if form.is_valid():
        given = form.cleaned_data
        decision = services.review(
            by=actor(request), centre_id=centre, application_no=application_no, opinion=given["opinion"], reason=given["reason"],
            amount=given["amount"], found=form.found, source=given["source"], at=now(), key=form_key(request),
        )  # fmt: skip
        if accepted(form, decision, AT_FIELDS):
            tell(request, decision, "审核意见已提出，由另一人复核。")
            return redirect("web:withdrawal", application_no=application_no)
    return _show(request, application_no, form)


@require_POST
@needs("withdrawals.pass_review")
def check(request: HttpRequest, application_no: str, what: str) -> HttpResponse:
    """复核: 通过 (and pay what is approved) or 退回."""
    centre, key = centre_id(request), form_key(request)
    common: dict[str, Any] = {"by": actor(request), "centre_id": centre, "application_no": application_no, "at": now(), "key": key}
    if what == "return":
        tell(request, services.return_review(reason=request.POST.get("reason", ""), **common), "已退回审核人。")
    elif what == "pass":
        decision = services.pass_review(**common)
        if tell(request, decision, "已复核。") and decision.value is not None and decision.value.state is State.APPROVED:
            _pay(centre, application_no, key)
    else:
        raise Http404
    return redirect("web:withdrawal", application_no=application_no)


def _pay(centre: int, application_no: str, key: str) -> Decision[services.Moved]:
    return services.pay_once_more(
        by=Actor.system(centre, "自动审批"), centre_id=centre, application_no=application_no, business_on=ledger.business_day(centre), at=now(),
        key=f"{key}:pay",
    )  # fmt: skip


@require_POST
@needs("withdrawals.decide")
def again(request: HttpRequest, application_no: str) -> HttpResponse:
    """重新核查: ask the departments anew for what they did not answer."""
    centre = centre_id(request)
    decision = services.proceed(
        by=Actor.system(centre, "自动审批"), centre_id=centre, application_no=application_no, business_on=ledger.business_day(centre), at=now(),
        key=f"{form_key(request)}:go",
    )  # fmt: skip
    tell(request, decision, "已重新核查。")
    return redirect("web:withdrawal", application_no=application_no)


@require_http_methods(["GET", "POST"])
@needs("page.counter")
@needs("withdrawals.apply")
def withdrawal_new(request: HttpRequest, account_no: str, ground: str) -> HttpResponse:
    """柜面受理: for a member who came with her document; everything after is as on the phone."""
    centre = centre_id(request)
    if ground not in GROUNDS or ground == Ground.DEATH:
        raise Http404
    try:
        account = accounts.member_account(centre, account_no)
    except accounts.NoSuchAccount as missing:
        raise Http404 from missing
    person, on, chosen = parties.person(account.person_id), ledger.business_day(centre), Ground(ground)
    form = ApplyForm(request.POST if request.method == "POST" else None, ground=chosen, on=on, registered=person.bank_card_masked)
    if request.method == "POST" and form.is_valid():
        key = form_key(request)
        card = form.cleaned_data.get("card") or parties.full_identity(person.person_id).bank_card
        decision = services.apply(
            by=actor(request), centre_id=centre, account_no=account_no, ground=ground, payee=services.Payment(person.name, card),
            asked=form.cleaned_data["amount"], said=form.said, consents=form.cleaned_data["consent"],
            spouse_consent_no=form.cleaned_data.get("spouse_consent", ""), on=on, at=now(), key=key,
        )  # fmt: skip
        if accepted(form, decision, PLACES) and decision.value is not None:
            number = decision.value.application_no
            services.proceed(
                by=Actor.system(centre, "自动审批"), centre_id=centre, application_no=number, business_on=on, at=now(), key=f"{key}:go"
            )
            return redirect("web:withdrawal", application_no=number)
    looked_at(request, person_id=person.person_id, subject="受理提取", purpose="办理提取")
    return page(request, "hpf/counter/withdrawal_new.html", form=form, ground=chosen, person=person, account=account)


@require_GET
@needs("page.counter")
@needs("withdrawals.apply")
def withdrawal_menu(request: HttpRequest, account_no: str) -> HttpResponse:
    """柜面受理: which grounds this member has today."""
    centre = centre_id(request)
    try:
        account = accounts.member_account(centre, account_no)
    except accounts.NoSuchAccount as missing:
        raise Http404 from missing
    looked_at(request, person_id=account.person_id, subject="查询可提取情形", purpose="办理提取")
    return _menu(request, account, None)


def _menu(request: HttpRequest, account: accounts.MemberAccountView, form: DeathForm | None) -> HttpResponse:
    centre = centre_id(request)
    on = ledger.business_day(centre)
    past = queries.applications_of_person(centre, account.person_id, limit=20)
    options = queries.what_may_be_withdrawn(centre, account, on, applications=past) if account.is_open else ()
    return page(
        request, "hpf/counter/withdrawal_menu.html", account=account, person=parties.person(account.person_id), options=options, on=on,
        past=past, form=form or DeathForm(), opened=form is not None,
    )  # fmt: skip


class DeathForm(Asking):
    """登记死亡: the day and the paper."""

    died_on = forms.DateField(
        label="死亡日期",
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
        error_messages={"invalid": "请填写有效的日期。"},
    )
    source = forms.CharField(label="依据的材料", max_length=60, help_text="写明材料名称和编号。")


@require_POST
@needs("withdrawals.review")
def withdrawal_death(request: HttpRequest, account_no: str) -> HttpResponse:
    """登记死亡: applications on their way stop, what was paid since is marked."""
    centre = centre_id(request)
    try:
        account = accounts.member_account(centre, account_no)
    except accounts.NoSuchAccount as missing:
        raise Http404 from missing
    form = DeathForm(request.POST)
    if not form.is_valid():
        return _menu(request, account, form)
    done = services.note_death(
        by=actor(request), centre_id=centre, person_id=account.person_id, died_on=form.cleaned_data["died_on"], source=form.cleaned_data["source"],
        at=now(), key=form_key(request),
    )  # fmt: skip
    said = f"已登记：停止申请{len(done.value.stopped)}件，标注待核查{len(done.value.flagged)}件。" if done.value else ""
    tell(request, done, said)
    return redirect("web:withdrawal_menu", account_no=account_no)
