"""A person's picture at the counter: at a glance, and all of it where it is asked for."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hpf.access import queries as access
from hpf.accounts import queries as accounts
from hpf.accounts import services
from hpf.contributions import queries as contributions
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.parties.services import NewPerson
from hpf.web.counter.forms import OpenPersonForm
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, later, looked_at, needs, now, page, tell
from hpf.web.states import state_of


def member_of(request: HttpRequest, account_no: str) -> accounts.MemberAccountView:
    try:
        return accounts.member_account(centre_id(request), account_no)
    except accounts.NoSuchAccount:
        raise Http404 from None


ROWS_SHOWN = 12
"""A year of months; the rest is a click away, with filters and as a file."""


@require_GET
@needs("page.counter")
def person(request: HttpRequest, account_no: str) -> HttpResponse:
    """One member as far as the desk needs at a glance; looking leaves a mark. Forms and what lies further back come when they are opened."""
    centre = centre_id(request)
    member = member_of(request, account_no)
    on = ledger.business_day(centre)
    unit = accounts.employer_account_by_id(centre, member.employer_account_id)
    looked_at(request, person_id=member.person_id, subject=f"查看个人账户{account_no}")
    subsidies = contributions.subsidies_received(centre, member.member_account_id, limit=6)
    return page(
        request, "hpf/counter/person.html", member=member, person=parties.person(member.person_id), unit=unit, business_on=on,
        employer=parties.employer(centre, unit.employer_id), money=ledger.balance(member.ledger_account_id),
        others=[a for a in accounts.accounts_of_person(centre, member.person_id) if a.account_no != member.account_no],
        paid=contributions.contribution_history(centre, member.member_account_id, limit=ROWS_SHOWN),
        entries=ledger.history(member.ledger_account_id, FIRST_DAY, on + timedelta(days=1), limit=ROWS_SHOWN),
        agreements=contributions.agreements(centre, member_account_id=member.member_account_id, limit=3) if member.kind == "FLEXIBLE" else [],
        subsidies=subsidies, subsidy=contributions.subsidy_total(centre, member.member_account_id) if subsidies else None,
        flags=parties.flags("PERSON", [member.person_id], on).get(member.person_id, []),
    )  # fmt: skip


FIRST_DAY = date(1990, 1, 1)
"""Before any account of a housing fund."""


@require_GET
@needs("page.counter")
def person_past(request: HttpRequest, account_no: str) -> HttpResponse:
    """What became of the account: its bases and its events, for the page of the member or as a page of its own."""
    centre, member = centre_id(request), member_of(request, account_no)
    events = accounts.member_events(centre, [member.member_account_id], limit=30)
    looked_at(request, person_id=member.person_id, subject=f"查看账户变更记录{account_no}")
    return later(
        request, "hpf/parts/account_past.html", heading="账户变更记录", lead=f"个人账号 {account_no}", back="../",
        bases=accounts.base_history(centre, member.member_account_id), events=events, names=access.names(e.recorded_by for e in events),
    )  # fmt: skip


@require_GET
@needs("page.counter")
def person_entries(request: HttpRequest, account_no: str) -> HttpResponse:
    """分户账: every entry of the account, filtered and as a file."""
    member = member_of(request, account_no)
    until = ledger.business_day(member.centre_id) + timedelta(days=1)
    looked_at(request, person_id=member.person_id, subject=f"查看分户账{account_no}")
    entries = ledger.history(member.ledger_account_id, FIRST_DAY, until, limit=ENTRIES_MAX)
    kinds = sorted({entry.kind for entry in entries})
    listed = table(
        request, entries,
        [
            Column("business_on", "记账日", "date", lead=True), Column("kind", "业务", "state", family="journal"), Column("summary", "摘要", sort=False),
            Column("amount", "发生额", "signed"), Column("balance_after", "余额", "money", sort=False), Column("source_no", "来源单据", "code"),
        ],
        filters=[
            Filter("kind", "业务", [("", "全部"), *((kind, state_of(kind, "")[0]) for kind in kinds)], lambda row, value: row.kind == value, "choice"),
            Filter("year", "年份", [("", "全部"), *((str(y), f"{y}年") for y in sorted({e.business_on.year for e in entries}, reverse=True))],
                   lambda row, value: str(row.business_on.year) == value, "choice"),
        ],
        empty="还没有分录。", export=f"分户账_{account_no}", person_id=member.person_id,
    )  # fmt: skip
    return list_page(
        request, "hpf/list.html", listed, heading="分户账", lead=f"个人账号 {account_no}", links=[("返回个人", "../", "arrow-left")]
    )


ENTRIES_MAX = 5000
"""Forty years of months hold a tenth of it."""


@require_GET
@needs("page.counter")
def person_paid(request: HttpRequest, account_no: str) -> HttpResponse:
    """缴存记录: every booked month, filtered and as a file."""
    member = member_of(request, account_no)
    looked_at(request, person_id=member.person_id, subject=f"查看缴存记录{account_no}")
    rows = contributions.contribution_history(member.centre_id, member.member_account_id, limit=ENTRIES_MAX)
    listed = table(
        request, rows,
        [
            Column("month", "年月", "month", lead=True), Column("kind", "种类", value=lambda row: row.kind.label),
            Column("base", "缴存基数", "money"), Column("employer", "单位", "money", total=True), Column("member", "个人", "money", total=True),
            Column("subsidy", "补贴", "money", total=True), Column("booked_on", "记账日", "date"),
            Column("remittance_no", "清册号", "code", link=lambda row: reverse("web:counter_list", args=[row.remittance_no])),
        ],
        filters=[Filter("year", "年份", [("", "全部"), *((str(y), f"{y}年") for y in sorted({r.month.year for r in rows}, reverse=True))],
                        lambda row, value: str(row.month.year) == value, "choice")],
        empty="还没有记账的缴存。", export=f"缴存记录_{account_no}", person_id=member.person_id,
    )  # fmt: skip
    return list_page(
        request, "hpf/list.html", listed, heading="缴存记录", lead=f"个人账号 {account_no}", links=[("返回个人", "../", "arrow-left")]
    )


@require_http_methods(["GET", "POST"])
@needs("page.counter")
@needs("accounts.open_member_account")
def person_new(request: HttpRequest) -> HttpResponse:
    """个人开户: the person is looked for first; one person, one account."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    form = OpenPersonForm(request.POST or None, initial={"hired_on": on, "employer_account_no": request.GET.get("unit", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        person = NewPerson(said["name"], said["id_kind"], said["id_number"], said["phone"], said["born_on"], said["sex"] or None)
        member = services.NewMember(person=person, base=said["base"], hired_on=said["hired_on"], first_job=said["first_job"])
        try:
            decision = services.open_member_account(
                by=actor(request), centre_id=centre, employer_account_no=said["employer_account_no"], member=member, on=on, at=now(), key=form_key(request),
            )  # fmt: skip
            if tell(request, decision, f"{said['name']}已开户。") and decision.value:
                return redirect("web:counter_person", account_no=decision.value.account_no)
        except accounts.NoSuchAccount as missing:
            form.add_error("employer_account_no", f"{missing}，请核对单位账号后重新提交。")
    return page(
        request,
        "hpf/form.html",
        form=form,
        heading="个人开户",
        submit="开户",
        business_on=on,
        explain="系统先按证件号码在本中心和全省登记中查找，已有账户的不再开立，转去转移或启封。",
    )
