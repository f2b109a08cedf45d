"""缴存补贴: programmes with their own money, grants and recoveries. A maker prepares, a checker lets it happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.access.services import submit
from hpf.accounts import queries as accounts
from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.subsidy import GrantLine, check_grant, check_recovery
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.policy import queries as policy
from hpf.treasury import queries as treasury
from hpf.web.counter.actions import ACTIONS
from hpf.web.counter.flexible_forms import FundForm, GrantForm, ProgramForm, RecoverForm, accepted, at_fields
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell

GRANT, RECOVER = "contributions.grant_subsidy", "contributions.recover_subsidy"
PLACES = {
    "MEMBER_ACCOUNT_NOT_FOUND": "account_no", "MEMBER_NOT_NORMAL": "account_no", "SUBSIDY_NOT_POSITIVE": "amount", "SUBSIDY_TWICE": "month",
    "SUBSIDY_MONEY_SHORT": "amount", "SUBSIDY_MORE_THAN_LEFT": "amount", "SUBSIDY_MONEY_GONE": "amount", "REASON_MISSING": "document_no",
    "NO_SUCH_RECEIPT": "receipt_no", "RECEIPT_NOT_FOUND": "receipt_no", "RECEIPT_USED": "receipt_no", "RECEIPT_USED_UP": "receipt_no",
    "RECEIPT_OF_ANOTHER": "receipt_no",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who a grant would go to: what the clerk should see before it is sent to a checker. `suggested` is the published share."""

    member: accounts.MemberAccountView
    name: str
    id_masked: str
    suggested: Money | None
    share: str
    months: int
    months_max: int | None
    received: Money


def program_of(request: HttpRequest, program_no: str) -> contributions.ProgramView:
    found = contributions.subsidy_program(centre_id(request), program_no)
    if found is None:
        raise Http404
    return found


@require_GET
@needs("page.counter")
def subsidies(request: HttpRequest) -> HttpResponse:
    """补贴项目 with what came in, was granted, was recovered, and is left."""
    centre = centre_id(request)
    whom = request.GET.get("account_no", "").strip()[:20] if "queue.make" in actor(request).permissions else ""

    def onward(program: contributions.ProgramView) -> str:
        if not whom:
            return reverse("web:subsidy", args=[program.program_no])
        return f"{reverse('web:subsidy_grant_new', args=[program.program_no])}?{urlencode({'account_no': whom})}"

    columns = [
        Column("name", "补贴项目", lead=True, link=onward),
        Column("document_no", "依据文号"),
        Column("opened_on", "设立日期", "date"),
        Column("funded", "到账", "money", total=True),
        Column("granted", "已发放", "money", total=True),
        Column("recovered", "已收回", "money", total=True),
        Column("balance", "结余", "money", total=True),
    ]
    listed = table(
        request, contributions.subsidy_programs(centre), columns, title="补贴项目", export="补贴项目",
        filters=[Filter("text", "名称或文号", keep=lambda p, v: v in p.name or v in p.document_no)], empty="还没有补贴项目。",
    )  # fmt: skip
    may_open = "contributions.open_subsidy_program" in actor(request).permissions
    return list_page(
        request, "hpf/list.html", listed, heading="缴存补贴", lead=f"请选择从哪个项目发放给个人账号 {whom}" if whom else "财政资金单独核算，不计入个人缴存额", business_on=ledger.business_day(centre),
        links=[("设立项目", reverse("web:subsidy_new"), "plus")] if may_open else [],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("contributions.open_subsidy_program")
def subsidy_new(request: HttpRequest) -> HttpResponse:
    """设立补贴项目 on the strength of a document."""
    form = ProgramForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, centre = form.cleaned_data, centre_id(request)
        decision = services.open_subsidy_program(
            by=actor(request), centre_id=centre, name=said["name"].strip(), document_no=said["document_no"].strip(),
            business_on=ledger.business_day(centre), key=form_key(request), at=now(),
        )  # fmt: skip
        if accepted(form, decision, PLACES) and decision.value:
            tell(request, decision, "补贴项目已设立，待财政资金到账后由会计划入。")
            return redirect("web:subsidy", program_no=decision.value.program_no)
    return page(
        request, "hpf/form.html", form=form, heading="设立补贴项目", submit="设立", back=reverse("web:subsidies"),
        explain="每个项目有自己的资金账户；设立人不办理发放。",
    )  # fmt: skip


@require_GET
@needs("page.counter")
def subsidy(request: HttpRequest, program_no: str) -> HttpResponse:
    """One programme: its money, its grants, and what may be done."""
    return show(request, program_of(request, program_no), None)


def show(request: HttpRequest, program: contributions.ProgramView, fund: FundForm | None) -> HttpResponse:
    centre = centre_id(request)
    on = ledger.business_day(centre)

    def fetch(limit: int, offset: int) -> tuple[list[contributions.GrantView], int]:
        return contributions.grants(centre, program.program_no, limit=limit, offset=offset)

    columns = [
        Column("remittance_no", "发放编号", "code", lead=True, link=lambda g: reverse("web:subsidy_grant", args=[program.program_no, g.remittance_no])),
        Column("granted_on", "发放日", "date"),
        Column("month", "所属年月", "month"),
        Column("members", "人数", "count"),
        Column("total", "发放金额", "money"),
        Column("recovered", "已收回", "money"),
    ]  # fmt: skip
    listed = table(request, None, columns, title="发放记录", fetch=fetch, export=f"补贴发放_{program.program_no}", empty="还没有发放。")
    receipts = (
        [s.receipt for s in treasury.suspense(centre, on, states=["SUSPENSE"], limit=12)]
        if "contributions.fund_subsidy" in actor(request).permissions
        else []
    )
    return list_page(
        request, "hpf/counter/subsidy.html", listed, program=program, business_on=on, fund=fund or FundForm(prefix="fund"), receipts=receipts,
        refused=fund is not None, money=ledger.history(program.ledger_account_id, program.opened_on, on + timedelta(days=1), limit=20),
    )  # fmt: skip


@require_POST
@needs("contributions.fund_subsidy")
def subsidy_fund(request: HttpRequest, program_no: str) -> HttpResponse:
    """补贴资金到账: a whole receipt becomes the programme's money."""
    program, centre = program_of(request, program_no), centre_id(request)
    form = FundForm(request.POST, prefix="fund")
    if not form.is_valid():
        return show(request, program, form)
    decision = services.fund_subsidy(
        by=actor(request), centre_id=centre, program_no=program_no, receipt_no=form.cleaned_data["receipt_no"].strip().upper(),
        business_on=ledger.business_day(centre), key=form_key(request), at=now(),
    )  # fmt: skip
    if not accepted(form, decision, dict.fromkeys((reason.code for reason in decision.reasons), "receipt_no")) or decision.value is None:
        return show(request, program, form)
    tell(request, decision, f"已划入{decision.value.amount.text}元，项目结余{decision.value.balance.text}元。")
    return redirect("web:subsidy", program_no=program_no)


@require_http_methods(["GET", "POST"])
@needs("queue.make")
def subsidy_grant_new(request: HttpRequest, program_no: str) -> HttpResponse:
    """补贴发放 to one person: everything that can be known now is checked now; a checker lets it happen."""
    program, centre = program_of(request, program_no), centre_id(request)
    on = ledger.business_day(centre)
    asked = request.GET.get("account_no", "").strip()
    candidate = _candidate(request, request.POST.get("account_no", "").strip() or asked)
    given = {"account_no": asked, "month": str(Month.of(on))}
    if candidate and candidate.suggested:
        given["amount"] = str(candidate.suggested)
    form = GrantForm(request.POST or None, initial=given)
    if asked and candidate is None and not form.is_bound:
        messages.warning(request, f"本中心没有个人账户{asked}，请核对后填写。")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        line = GrantLine(said["account_no"].strip(), said["month"], said["amount"])
        reasons = check_grant([line], contributions.grant_facts(centre, program_no, program.ledger_account_id, [line]))
        if not reasons and candidate:
            return _submit_grant(request, program, candidate, line)
        at_fields(form, reasons, PLACES)
    return page(
        request, "hpf/counter/subsidy_grant.html", form=form, program=program, candidate=candidate, business_on=on,
        back=reverse("web:subsidy", args=[program_no]),
    )  # fmt: skip


def _candidate(request: HttpRequest, account_no: str) -> Candidate | None:
    centre = centre_id(request)
    try:
        member = accounts.member_account(centre, account_no)
    except accounts.NoSuchAccount:
        return None
    holder = parties.person(member.person_id)
    looked_at(request, person_id=member.person_id, subject=f"补贴发放查看账户{account_no}")
    book = policy.book(centre, ledger.business_day(centre))
    share, months_max = "contribution.flexible_subsidy_rate", "contribution.flexible_subsidy_months_max"
    rate = book.rate(share) if book.knows(share) and member.kind == "FLEXIBLE" else None
    received, months = contributions.subsidy_total(centre, member.member_account_id)
    return Candidate(
        member, holder.name, holder.id_masked, member.month_total.share(*rate.ratio) if rate else None, rate.text if rate else "", months,
        book.whole(months_max) if book.knows(months_max) else None, received,
    )  # fmt: skip


def _submit_grant(request: HttpRequest, program: contributions.ProgramView, candidate: Candidate, line: GrantLine) -> HttpResponse:
    content = {
        "program_no": program.program_no, "lines": [{"account_no": line.account_no, "month": str(line.month), "amount": str(line.amount)}],
    }  # fmt: skip
    shown = [
        ["补贴项目", program.name], ["依据文号", program.document_no], ["姓名", candidate.name], ["证件号码", candidate.id_masked], ["个人账号", line.account_no],
        ["所属年月", line.month.text], ["补贴金额", f"{line.amount.text}元"], ["项目结余", f"{program.balance.text}元"], ["此前已领", f"{candidate.received.text}元，{candidate.months}个月"],
    ]  # fmt: skip
    done = submit(
        by=actor(request), centre_id=centre_id(request), action=GRANT, title=ACTIONS[GRANT].title, subject=candidate.name, content=content, shown=shown,
        person_id=candidate.member.person_id, at=now(), key=form_key(request),
    )  # fmt: skip
    messages.success(request, f"已提交复核，业务编号{done.submission_no}。复核通过后记入个人账户。")
    return redirect("web:subsidy", program_no=program.program_no)


def grant_of(request: HttpRequest, program_no: str, remittance_no: str) -> contributions.GrantView:
    found = contributions.grant(centre_id(request), remittance_no)
    if found is None or found.program_no != program_no:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a grant with its person's name."""

    line: contributions.GrantLineView
    name: str


@require_GET
@needs("page.counter")
def subsidy_grant(request: HttpRequest, program_no: str, remittance_no: str) -> HttpResponse:
    """One grant: who received how much for which month, and what was recovered."""
    centre, found = centre_id(request), grant_of(request, program_no, remittance_no)
    may_recover = "queue.make" in actor(request).permissions

    def fetch(limit: int, offset: int) -> tuple[list[Row], int]:
        lines = contributions.grant_lines(centre, remittance_no, limit=limit, offset=offset)
        members = accounts.member_accounts(centre, [line.member_account_id for line in lines])
        people = parties.persons([member.person_id for member in members.values()])
        return [Row(line, people[members[line.member_account_id].person_id].name) for line in lines], found.members

    def recover(row: Row) -> str | None:
        address = reverse("web:subsidy_recover", args=[program_no, remittance_no, row.line.account_no, str(row.line.month)])
        return address if may_recover and row.line.left else None

    columns = [
        Column("name", "姓名", lead=True, link=lambda r: reverse("web:counter_person", args=[r.line.account_no])),
        Column("account_no", "个人账号", "code", value=lambda r: r.line.account_no),
        Column("month", "所属年月", "month", value=lambda r: r.line.month),
        Column("amount", "补贴金额", "money", value=lambda r: r.line.amount),
        Column("recovered", "已收回", "money", value=lambda r: r.line.recovered),
        Column("left", "净额", "money", value=lambda r: r.line.left),
        Column("recover", "办理", "bare", value=lambda r: "收回" if recover(r) else "—", link=recover),
    ]
    looked_at(request, subject=f"查看补贴发放{remittance_no}")
    listed = table(request, None, columns, title="发放明细", fetch=fetch, export=f"补贴发放明细_{remittance_no}", size=50)
    return list_page(
        request, "hpf/counter/subsidy_granted.html", listed, found=found, names=access.names([found.maker, found.checker]),
        business_on=ledger.business_day(centre),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("queue.make")
def subsidy_recover(request: HttpRequest, program_no: str, remittance_no: str, account_no: str, month: str) -> HttpResponse:
    """补贴收回 of one person and month, prepared here, done by a checker."""
    centre, found = centre_id(request), grant_of(request, program_no, remittance_no)
    line = next(
        (each for each in contributions.grant_lines(centre, remittance_no, limit=found.members) if (each.account_no, str(each.month)) == (account_no, month)),
        None,
    )  # fmt: skip
    if line is None:
        raise Http404
    member = accounts.member_account(centre, account_no)
    holder = parties.person(member.person_id)
    form = RecoverForm(request.POST or None, initial={"amount": str(line.left)})
    if request.method == "POST" and form.is_valid() and not _reasons_against(form, line, member):
        said = form.cleaned_data
        content = {
            "remittance_no": remittance_no,
            "account_no": account_no,
            "month": month,
            "amount": str(said["amount"]),
            "reason": said["reason"],
        }
        shown = [
            ["补贴项目", found.program_name], ["发放编号", remittance_no], ["姓名", holder.name], ["个人账号", account_no], ["所属年月", line.month.text],
            ["发放金额", f"{line.amount.text}元"], ["收回金额", f"{said['amount'].text}元"], ["收回原因", said["reason"]],
        ]  # fmt: skip
        done = submit(
            by=actor(request), centre_id=centre, action=RECOVER, title=ACTIONS[RECOVER].title, subject=holder.name, content=content, shown=shown,
            person_id=member.person_id, at=now(), key=form_key(request),
        )  # fmt: skip
        messages.success(request, f"已提交复核，业务编号{done.submission_no}。")
        return redirect("web:subsidy_grant", program_no=program_no, remittance_no=remittance_no)
    return page(
        request, "hpf/form.html", form=form, heading="收回补贴", submit="提交复核", lead=f"{holder.name} {account_no} · {line.month.text}",
        explain=f"本笔发放{line.amount.text}元，已收回{line.recovered.text}元，尚余{line.left.text}元。复核通过后从个人账户退回补贴项目，起息日与发放时相同。",
        back=reverse("web:subsidy_grant", args=[program_no, remittance_no]), business_on=ledger.business_day(centre),
    )  # fmt: skip


def _reasons_against(form: forms.Form, line: contributions.GrantLineView, member: accounts.MemberAccountView) -> list[Any]:
    wanted = GrantLine(line.account_no, line.month, form.cleaned_data["amount"])
    reasons = check_recovery(wanted, line.left, ledger.balance(member.ledger_account_id).available)
    at_fields(form, reasons, PLACES)
    return reasons
