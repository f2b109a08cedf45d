"""A unit's whole picture at the counter, its lists, and what may be done with its account."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.access.services import submit
from hpf.accounts import queries as accounts
from hpf.accounts import services
from hpf.contributions import queries as contributions
from hpf.contributions import services as contribution_services
from hpf.contributions.rules.states import RemittanceKind
from hpf.kernel.money import ZERO
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.parties.services import NewEmployer, register_employer
from hpf.web.counter.actions import ACTIONS
from hpf.web.counter.forms import EmployerForm, RatesForm, ReasonForm
from hpf.web.employer.forms import ListForm, Styled
from hpf.web.employer.lists import list_columns, list_filters, show_list
from hpf.web.list_rows import list_rows
from hpf.web.listing import list_page, table
from hpf.web.page import actor, centre_id, form_key, later, looked_at, needs, now, page, tell
from hpf.web.roster import roster_table

NATURES = [
    ("001", "国家机关"), ("010", "事业单位"), ("002", "国有企业"), ("003", "城镇集体企业"), ("004", "外商投资企业"), ("005", "其他城镇企业"),
    ("006", "民办非企业单位"), ("011", "社会团体"), ("009", "个体工商户"), ("007", "其他"),
]  # fmt: skip


def unit_of(request: HttpRequest, account_no: str) -> accounts.EmployerAccountView:
    try:
        return accounts.employer_account(centre_id(request), account_no)
    except accounts.NoSuchAccount:
        raise Http404 from None


@require_GET
@needs("page.counter")
def unit(request: HttpRequest, account_no: str) -> HttpResponse:
    """Everything about one unit."""
    centre, account = centre_id(request), unit_of(request, account_no)
    on = ledger.business_day(centre)
    looked_at(request, employer_id=account.employer_id, subject=f"查看单位账户{account_no}")
    prepaid = ledger.balance(account.prepaid_ledger_id).available if account.prepaid_ledger_id else ZERO
    employer = parties.employer(centre, account.employer_id)
    return page(
        request, "hpf/counter/unit.html", account=account, employer=employer, business_on=on, prepaid=prepaid,
        counts=accounts.member_count(centre, account.employer_account_id),
        owed=tuple(each.month for each in contributions.overdue_months_of(account, employer.payday, on)),
        cases=contributions.urgings(centre, employer_account_id=account.employer_account_id),
        recent=list_rows(contributions.remittances(centre, employer_account_id=account.employer_account_id, limit=12), "counter_list", booked=True),
        deferrals=contributions.deferrals(centre, employer_account_id=account.employer_account_id, limit=5),
    )  # fmt: skip


@require_GET
@needs("page.counter")
def unit_past(request: HttpRequest, account_no: str) -> HttpResponse:
    """账户事项 of the unit's own account, for its page or as a page of its own."""
    account = unit_of(request, account_no)
    events = accounts.employer_events(account.centre_id, account.employer_account_id, limit=30)
    looked_at(request, employer_id=account.employer_id, subject=f"查看单位账户事项{account_no}")
    return later(
        request, "hpf/parts/account_past.html", heading="账户事项", lead=f"单位账号 {account_no}", back="../",
        events=events, names=access.names(e.recorded_by for e in events),
    )  # fmt: skip


@require_GET
@needs("page.counter")
def unit_people(request: HttpRequest, account_no: str) -> HttpResponse:
    """The unit's roster, a link to each person."""
    account = unit_of(request, account_no)
    looked_at(request, employer_id=account.employer_id, subject=f"查看单位职工名册{account_no}")
    listed = roster_table(request, account, lambda r: reverse("web:counter_person", args=[r.account_no]))
    return list_page(
        request, "hpf/list.html", listed, heading="职工名册", lead=f"单位账号 {account_no}", links=[("返回单位", "../", "arrow-left")]
    )


@require_GET
@needs("page.counter")
def unit_lists(request: HttpRequest, account_no: str) -> HttpResponse:
    account = unit_of(request, account_no)
    rows = contributions.remittances(centre_id(request), employer_account_id=account.employer_account_id, limit=600)
    listed = table(
        request,
        rows,
        list_columns("/counter/lists/{}/"),
        title="清册",
        filters=list_filters(),
        export=f"清册_{account_no}",
        employer_id=account.employer_id,
    )
    return list_page(
        request,
        "hpf/list.html",
        listed,
        heading="清册",
        lead=f"单位账号 {account_no}",
        links=[("代为提交清册", "new/", "file-upload")] * ("contributions.receive_list" in actor(request).permissions)
        + [("返回单位", "../", "arrow-left")],
    )


@require_http_methods(["GET", "POST"])
@needs("page.counter")
@needs("contributions.receive_list")
def unit_list_new(request: HttpRequest, account_no: str) -> HttpResponse:
    """A list brought to the counter."""
    account = unit_of(request, account_no)
    form = ListForm(request.POST or None, request.FILES or None, initial={"month": str(account.next_month), "kind": "REGULAR"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        submitted = contribution_services.submit_list(
            by=actor(request), centre_id=centre_id(request), employer_account_no=account_no, month=said["month"], kind=RemittanceKind(said["kind"]),
            filename=said["file"].name, content=said["file"].read(), key=form_key(request), at=now(), replaces=request.GET.get("replaces") or None,
        )  # fmt: skip
        return redirect("web:work", job_id=submitted.job_id)
    return page(request, "hpf/form.html", form=form, heading="代为提交清册", lead=f"单位账号 {account_no}", submit="上传并核对", back="../")


@require_GET
@needs("page.counter")
def list_detail(request: HttpRequest, remittance_no: str) -> HttpResponse:
    """One list as the counter sees it."""
    found = contributions.remittance(centre_id(request), remittance_no)
    if found is None:
        raise Http404
    return show_list(
        request, None, found, "hpf/counter/list.html", reverse_form=ReasonForm(prefix="reverse"),
        upload_address=reverse("web:unit_list_new", args=[found.employer_account_no]) if found.employer_account_no else "",
    )  # fmt: skip


@require_POST
@needs("page.counter")
def list_change(request: HttpRequest, remittance_no: str, what: str) -> HttpResponse:
    """受理, 撤销; 冲正 goes to a checker."""
    centre = centre_id(request)
    common = {"by": actor(request), "centre_id": centre, "remittance_no": remittance_no, "at": now(), "key": form_key(request)}
    found = contributions.remittance(centre, remittance_no)
    if found is None:
        raise Http404
    form = ReasonForm(request.POST, prefix="reverse")
    if what in ("cancel", "reverse") and not form.is_valid():
        messages.error(request, "须写明原因，请填写后再提交。")
        return redirect("web:counter_list", remittance_no=remittance_no)
    match what:
        case "accept":
            tell(request, contribution_services.accept(**common), "已受理。")
        case "confirm":
            tell(request, contribution_services.confirm(**common), "已代单位确认。")
        case "cancel":
            tell(request, contribution_services.cancel(reason=form.cleaned_data["reason"], **common), "清册已撤销。")
        case "reverse":
            content = {"remittance_no": remittance_no, "reason": form.cleaned_data["reason"]}
            shown = [["清册号", remittance_no], ["金额", found.total.text], ["人数", str(found.line_count)], ["原因", content["reason"]]]
            done = submit(
                by=actor(request), centre_id=centre, action="contributions.reverse_booking", title=ACTIONS["contributions.reverse_booking"].title,
                subject=f"清册{remittance_no}", content=content, shown=shown, employer_id=found.employer_id, at=now(), key=form_key(request),
            )  # fmt: skip
            messages.success(request, f"已提交复核，业务编号{done.submission_no}。")
        case _:
            raise Http404
    return redirect("web:counter_list", remittance_no=remittance_no)


CHANGES: dict[str, tuple[str, str, type[Styled]]] = {
    "rates": ("缴存比例变更", "accounts.change_rates", RatesForm),
    "seal": ("单位封存", "accounts.seal_employer_account", ReasonForm),
    "unseal": ("单位启封", "accounts.unseal_employer_account", Styled),
}
"""Title, command and form of what may be prepared with a unit's account."""


@require_http_methods(["GET", "POST"])
@needs("page.counter")
@needs("queue.make")
def unit_change(request: HttpRequest, account_no: str, what: str) -> HttpResponse:
    """比例变更, 封存, 启封: prepared here, done by a checker. The form comes when it is opened, and stays with what was typed when it is refused."""
    account = unit_of(request, account_no)
    if what not in CHANGES:
        raise Http404
    title, action, kind = CHANGES[what]
    form = kind(request.POST if request.method == "POST" else None, prefix=what, initial={"from_month": str(account.next_month)})
    if not form.is_valid():
        return later(
            request, "hpf/parts/act_form.html", heading=title, lead=f"单位账号 {account_no}", back="../", form=form, submit="提交复核"
        )
    name = parties.employer(centre_id(request), account.employer_id).name
    content: dict[str, str] = {"employer_account_no": account_no}
    shown = [["单位", name], ["单位账号", account_no]]
    if form.fields:
        content |= {field: str(value) for field, value in form.cleaned_data.items()}
        shown += [[str(form.fields[field].label), str(value) or "无"] for field, value in form.cleaned_data.items()]
    done = submit(
        by=actor(request), centre_id=centre_id(request), action=action, title=ACTIONS[action].title, subject=name, content=content, shown=shown,
        employer_id=account.employer_id, at=now(), key=form_key(request),
    )  # fmt: skip
    messages.success(request, f"已提交复核，业务编号{done.submission_no}。")
    return redirect("web:unit", account_no=account_no)


@require_http_methods(["GET", "POST"])
@needs("page.counter")
@needs("parties.register_employer")
def employer_new(request: HttpRequest) -> HttpResponse:
    """单位登记并开户: two commands, each safe to send again."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    districts = [(b.district, f"{b.district_name}（{b.name}）") for b in parties.branches(centre)]
    form = EmployerForm(request.POST or None, districts=districts, natures=NATURES, initial={"first_month": f"{on:%Y-%m}"})
    if request.method == "POST" and form.is_valid():
        said, key = form.cleaned_data, form_key(request)
        fields = (
            "name",
            "uscc",
            "district",
            "established_on",
            "payday",
            "nature",
            "legal_name",
            "address",
            "operator_name",
            "operator_id",
            "operator_phone",
        )
        registered = register_employer(
            by=actor(request), centre_id=centre, employer=NewEmployer(**{f: said[f] for f in fields}), on=on, key=f"{key}:register"
        )
        if tell(request, registered, "单位已登记。") and registered.value:
            opened = services.open_employer_account(
                by=actor(request), centre_id=centre, employer_id=registered.value.employer_id, employer_rate=said["employer_rate"],
                member_rate=said["member_rate"], first_month=said["first_month"], on=on, at=now(), key=f"{key}:open",
            )  # fmt: skip
            if tell(request, opened, "单位账户已开立。") and opened.value:
                return redirect("web:unit", account_no=opened.value.account_no)
    return page(
        request,
        "hpf/form.html",
        form=form,
        heading="单位登记",
        submit="登记并开户",
        business_on=on,
        explain="新设立单位应自设立之日起30日内登记，登记后20日内为职工开户。",
    )
