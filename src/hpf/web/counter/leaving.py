"""单位销户、集中封存: what still stands against it, one by one with where to settle it; then to a checker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hpf.access import queries as access
from hpf.access.services import submit
from hpf.accounts import queries as accounts
from hpf.accounts.rules.states import CLOSE_REASONS
from hpf.contributions import queries as contributions
from hpf.contributions import services as contribution_services
from hpf.contributions.services import Payee
from hpf.kernel.money import ZERO, Money
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.beside import say_beside
from hpf.web.counter.actions import ACTIONS
from hpf.web.counter.unit import unit_of
from hpf.web.employer.forms import MoneyInput, Styled
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell

CLOSE, CUSTODY = "accounts.close_employer_account", "accounts.into_custody"
NAMED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that must be settled first: what, by which figures, and where."""

    title: str
    text: str
    links: tuple[tuple[str, str], ...] = ()


class CloseUnitForm(Styled):
    """单位销户."""

    reason = forms.ChoiceField(label="销户原因", choices=lambda: [("", "请选择"), *CLOSE_REASONS.items()])
    arrears_decision_no = forms.CharField(
        label="欠缴处理决定文号", max_length=80, required=False, help_text="依法不能补缴的欠缴，写法院裁定或处理决定的文号"
    )

    def __init__(self, *args: Any, owed: Money, **named: Any) -> None:
        super().__init__(*args, **named)
        self.owed = owed
        if not owed:
            del self.fields["arrears_decision_no"]

    def clean_arrears_decision_no(self) -> str:
        number = str(self.cleaned_data["arrears_decision_no"]).strip()
        if not number:
            raise forms.ValidationError(f"单位欠缴{self.owed.text}元，请先补缴；依法不能补缴的，请填写处理决定文号。")
        return number


class CustodyForm(Styled):
    """转入集中封存: whose accounts."""

    custody_account_no = forms.ChoiceField(label="集中封存专户")
    scope = forms.ChoiceField(
        label="转入范围", choices=[("SEALED", "全部封存账户"), ("ALL", "全部账户，正常账户同时封存"), ("NAMED", "只转下列个人账号")]
    )
    account_nos = forms.CharField(
        label="个人账号", required=False, max_length=20_000, help_text="只转部分账户时填写，每行一个或用逗号隔开",
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control num"}),
    )  # fmt: skip
    account_nos.width = "col-12"  # type: ignore[attr-defined]

    def __init__(self, *args: Any, custodies: list[tuple[str, str]], members: list[accounts.MemberAccountView], **named: Any) -> None:
        super().__init__(*args, **named)
        self.members = {member.account_no: member for member in members}
        self.fields["custody_account_no"].choices = custodies  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        match said.get("scope"):
            case "NAMED":
                text = said.get("account_nos", "").replace("，", ",").replace("、", ",").replace("\n", ",")
                named = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
                strangers = [number for number in named if number not in self.members]
                if not named:
                    self.add_error("account_nos", "请填写要转入的个人账号，或改选转入范围。")
                elif strangers:
                    shown = "、".join(strangers[:5])
                    self.add_error("account_nos", f"{len(strangers)}个账号不是本单位未销户的个人账户（{shown}），请对照名册更正。")
                said["chosen"] = [self.members[number] for number in named if number in self.members]
            case "SEALED":
                said["chosen"] = [member for member in self.members.values() if member.state == "SEALED"]
                if not said["chosen"]:
                    self.add_error("scope", "本单位没有封存账户，请先办理封存，或改选转入范围。")
            case "ALL":
                said["chosen"] = list(self.members.values())
        return said


class PrepaidRefundForm(Styled):
    """预缴退款."""

    amount = MoneyInput(label="退款金额（元）")
    payee_name = forms.CharField(label="收款户名", max_length=100, help_text="应为单位的对公账户")
    payee_account = forms.CharField(label="收款账号", max_length=40)
    payee_bank = forms.CharField(label="收款银行代码", max_length=20)
    reason = forms.CharField(label="退款原因", max_length=200)


@require_http_methods(["GET", "POST"])
@needs("page.counter")
def leaving(request: HttpRequest, account_no: str) -> HttpResponse:
    """单位销户: the obstacles one by one; when none is left, the form, which goes to a checker."""
    account, on = unit_of(request, account_no), ledger.business_day(centre_id(request))
    employer = parties.employer(centre_id(request), account.employer_id)
    facts = contributions.closing_facts_of(account, employer.payday, on)
    owed = facts.owed + facts.deferred_owed
    form = CloseUnitForm(request.POST or None, owed=owed)
    if request.method == "POST" and not _may(request, "queue.make"):
        raise PermissionDenied
    if request.method == "POST" and _waiting(request, account).get(CLOSE):
        messages.warning(request, "本单位的销户已经提交复核，请等待复核，不必重复提交。")
        return redirect("web:leaving", account_no=account_no)
    if request.method == "POST" and form.is_valid():
        left = _obstacles(request, account, facts, _people(request, account))
        if left:
            form.add_error(None, f"还有{len(left)}项没有办结：{'、'.join(each.title for each in left)}。请逐项办结后再提交。")
        else:
            return _submit_close(request, account, form, owed)
    return _leaving_page(request, account, employer, facts, on, close=form)


@require_http_methods(["GET", "POST"])
@needs("queue.make")
def into_custody(request: HttpRequest, account_no: str) -> HttpResponse:
    """转入集中封存, prepared for a checker."""
    account, on, centre = unit_of(request, account_no), ledger.business_day(centre_id(request)), centre_id(request)
    if request.method == "GET":
        return redirect("web:leaving", account_no=account_no)
    if _waiting(request, account).get(CUSTODY):
        messages.warning(request, "本单位转入集中封存已经提交复核，请等待复核，不必重复提交。")
        return redirect("web:leaving", account_no=account_no)
    form = _custody_form(centre, account, request.POST)
    if not form.is_valid():
        employer = parties.employer(centre, account.employer_id)
        return _leaving_page(request, account, employer, contributions.closing_facts_of(account, employer.payday, on), on, custody=form)
    chosen: list[accounts.MemberAccountView] = form.cleaned_data["chosen"]
    numbers, into = [member.account_no for member in chosen], form.cleaned_data["custody_account_no"]
    money = ledger.balances([member.ledger_account_id for member in chosen])
    name = parties.employer(centre, account.employer_id).name
    shown = [
        ["单位", name], ["单位账号", account.account_no], ["集中封存专户", into], ["转入账户", f"{len(chosen)}个"],
        ["其中正常", f"{sum(member.state == 'NORMAL' for member in chosen)}个，同时封存"],
        ["账户余额合计", f"{Money.total(view.balance for view in money.values()).text}元"],
        ["个人账号", "、".join(numbers[:NAMED_SHOWN]) + (f"等{len(numbers)}个" if len(numbers) > NAMED_SHOWN else "")],
    ]  # fmt: skip
    done = submit(
        by=actor(request), centre_id=centre, action=CUSTODY, title=ACTIONS[CUSTODY].title, subject=name, shown=shown,
        content={"custody_account_no": into, "account_nos": numbers}, employer_id=account.employer_id, at=now(), key=form_key(request),
    )  # fmt: skip
    messages.success(request, f"已提交复核，业务编号{done.submission_no}。")
    return redirect("web:leaving", account_no=account_no)


@require_http_methods(["GET", "POST"])
@needs("contributions.refund")
def prepaid(request: HttpRequest, account_no: str) -> HttpResponse:
    """预缴退款申请: money that lies prepaid goes back to the unit; another person decides."""
    centre, account = centre_id(request), unit_of(request, account_no)
    available = ledger.balance(account.prepaid_ledger_id).available if account.prepaid_ledger_id else ZERO
    unit = parties.employer(centre, account.employer_id)
    form = PrepaidRefundForm(request.POST or None, initial={"amount": str(available), "payee_name": unit.name})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        decision = contribution_services.refund_prepaid(
            by=actor(request), centre_id=centre, employer_account_no=account.account_no, amount=said["amount"], reason=said["reason"],
            payee=Payee(said["payee_name"], said["payee_account"], said["payee_bank"]), business_on=ledger.business_day(centre),
            key=form_key(request), at=now(),
        )  # fmt: skip
        if decision.is_approved and decision.value:
            tell(request, decision, "预缴退款申请已提交复核。")
            return redirect("web:refund", refund_no=decision.value.refund_no)
        say_beside(form, decision.reasons, {"BALANCE_TOO_SMALL": "amount"})
    return page(
        request, "hpf/form.html", form=form, heading="预缴退款申请", lead=f"{unit.name} · 预缴余额 {available.text} 元", submit="提交复核",
        back=reverse("web:leaving", args=[account_no]), business_on=ledger.business_day(centre),
    )  # fmt: skip


def _leaving_page(
    request: HttpRequest,
    account: accounts.EmployerAccountView,
    employer: parties.EmployerView,
    facts: contributions.ClosingFacts,
    on: date,
    *,
    close: CloseUnitForm | None = None,
    custody: CustodyForm | None = None,
) -> HttpResponse:
    centre, owed, waiting = centre_id(request), facts.owed + facts.deferred_owed, _waiting(request, account)
    counts = _people(request, account)
    if custody is None and (counts.normal or counts.sealed) and CUSTODY not in waiting and _may(request, "queue.make"):
        custody = _custody_form(centre, account, None)
    looked_at(request, employer_id=account.employer_id, subject=f"查看单位销户条件{account.account_no}")
    return page(
        request, "hpf/counter/leaving.html", account=account, employer=employer, business_on=on,
        counts=counts, owed=owed, facts=facts, obstacles=_obstacles(request, account, facts, counts), waiting_close=waiting.get(CLOSE), waiting_custody=waiting.get(CUSTODY),
        close=close or CloseUnitForm(owed=owed), custody=custody, custody_ready=custody is not None and bool(custody.fields["custody_account_no"].choices),
        case=contributions.open_urgings(centre, [account.employer_account_id]).get(account.employer_account_id) if facts.months_owed else None,
        reason_label=CLOSE_REASONS.get(account.close_reason, account.close_reason),
    )  # fmt: skip


def _people(request: HttpRequest, account: accounts.EmployerAccountView) -> accounts.MemberCounts:
    return accounts.member_count(centre_id(request), account.employer_account_id)


def _obstacles(
    request: HttpRequest, account: accounts.EmployerAccountView, facts: contributions.ClosingFacts, counts: accounts.MemberCounts
) -> list[Obstacle]:
    """Lists and refunds under way, people still there, money still there. What is owed is not among them: the form asks for its decision."""
    number, found = account.account_no, []
    if facts.open_lists:
        links = tuple((f"清册{each}", reverse("web:counter_list", args=[each])) for each in facts.open_lists[:10])
        found.append(Obstacle("清册未办结", f"{len(facts.open_lists)}张清册没有记账，请缴清或撤销", links))
    if facts.open_refunds:
        links = tuple((f"退款{each}", reverse("web:refund", args=[each])) for each in facts.open_refunds[:10])
        found.append(Obstacle("退款未办结", f"{len(facts.open_refunds)}笔退款没有到达单位账户，请办结", links))
    if counts.normal + counts.sealed:
        text = f"名下还有正常账户{counts.normal}个、封存账户{counts.sealed}个，请转移到新单位或转入集中封存"
        found.append(Obstacle("职工未转出", text, (("职工名册", reverse("web:unit_people", args=[number])),)))
    if facts.prepaid:
        links = (("预缴退款", reverse("web:leaving_prepaid", args=[number])),) if _may(request, "contributions.refund") else ()
        found.append(Obstacle("预缴有余额", f"预缴余额{facts.prepaid.text}元，请退回单位或用于抵付汇缴", links))
    return found


def _submit_close(request: HttpRequest, account: accounts.EmployerAccountView, form: CloseUnitForm, owed: Money) -> HttpResponse:
    centre, said = centre_id(request), form.cleaned_data
    name = parties.employer(centre, account.employer_id).name
    decision_no = said.get("arrears_decision_no", "")
    shown = [["单位", name], ["单位账号", account.account_no], ["销户原因", CLOSE_REASONS[said["reason"]]], ["欠缴", f"{owed.text}元"]]
    shown += [["处理决定文号", decision_no]] if decision_no else []
    done = submit(
        by=actor(request), centre_id=centre, action=CLOSE, title=ACTIONS[CLOSE].title, subject=name, shown=shown,
        content={"employer_account_no": account.account_no, "reason": said["reason"], "arrears_decision_no": decision_no},
        employer_id=account.employer_id, at=now(), key=form_key(request),
    )  # fmt: skip
    messages.success(request, f"已提交复核，业务编号{done.submission_no}。")
    return redirect("web:leaving", account_no=account.account_no)


def _custody_form(centre: int, account: accounts.EmployerAccountView, given: Any) -> CustodyForm:
    custodies = [(number, f"{name} {number}") for number, name in accounts.custody_accounts(centre)]
    members = accounts.open_member_accounts(centre, account.employer_account_id) if given is not None else []
    return CustodyForm(given, prefix="custody", custodies=custodies, members=members)


def _waiting(request: HttpRequest, account: accounts.EmployerAccountView) -> dict[str, access.SubmissionView]:
    return access.waiting_submissions(centre_id(request), account.employer_id, [CLOSE, CUSTODY])


def _may(request: HttpRequest, permission: str) -> bool:
    return permission in actor(request).permissions
