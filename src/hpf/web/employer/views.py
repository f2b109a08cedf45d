"""The unit's home, its people, arrears, deferrals, prepaid money and history."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.states import DEFERRAL_STATE_LABELS, DeferralKind, OriginalKind
from hpf.kernel.money import ZERO
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.parties.services import NewPerson
from hpf.treasury import queries as treasury
from hpf.web.employer.demands import demand_of
from hpf.web.employer.forms import BaseForm, DeferralForm, PersonForm, SealForm, UnsealForm
from hpf.web.employer.unit import own_person, own_unit
from hpf.web.list_rows import list_rows
from hpf.web.listing import Column, list_page, table
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell
from hpf.web.roster import roster_table


@require_GET
@needs("page.employer")
def home(request: HttpRequest) -> HttpResponse:
    """What there is to do for the unit now."""
    unit, centre = own_unit(request), centre_id(request)
    account = unit.account
    recent = contributions.remittances(centre, employer_account_id=account.employer_account_id, limit=6)
    counts = accounts.member_count(centre, account.employer_account_id)
    owed = tuple(each.month for each in contributions.overdue_months_of(account, unit.employer.payday, unit.on))
    prepaid = ledger.balance(account.prepaid_ledger_id).available if account.prepaid_ledger_id else ZERO
    demand = demand_of(contributions.urgings(centre, employer_account_id=account.employer_account_id, limit=5), unit.on)
    alarms = contributions.deferral_alarms(centre, unit.on, employer_account_id=account.employer_account_id)
    return page(
        request,
        "hpf/employer/home.html",
        unit=unit,
        recent=list_rows(recent, "list"),
        counts=counts,
        owed=owed,
        prepaid=prepaid,
        alarms=alarms,
        demand=demand,
        business_on=unit.on,
    )


@require_GET
@needs("page.employer")
def people(request: HttpRequest) -> HttpResponse:
    """职工名册."""
    unit = own_unit(request)
    listed = roster_table(request, unit.account, lambda r: f"{r.account_no}/")
    return list_page(
        request,
        "hpf/list.html",
        listed,
        heading="职工名册",
        lead=unit.employer.name,
        links=[("新增职工", "new/", "user-plus")],
        business_on=unit.on,
    )


@require_http_methods(["GET", "POST"])
@needs("page.employer")
def people_open(request: HttpRequest) -> HttpResponse:
    """新增职工: one person's account, checked against one person one account."""
    unit = own_unit(request)
    form = PersonForm(request.POST or None, initial={"hired_on": unit.on})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        person = NewPerson(said["name"], said["id_kind"], said["id_number"], said["phone"], said["born_on"], said["sex"] or None)
        member = account_services.NewMember(person=person, base=said["base"], hired_on=said["hired_on"], first_job=said["first_job"])
        decision = account_services.open_member_account(
            by=actor(request),
            centre_id=centre_id(request),
            employer_account_no=unit.account_no,
            member=member,
            on=unit.on,
            at=now(),
            key=form_key(request),
        )
        if tell(request, decision, f"{said['name']}已开户。") and decision.value:
            return redirect("web:person", account_no=decision.value.account_no)
    return page(
        request, "hpf/form.html", form=form, heading="新增职工", lead=unit.employer.name, submit="开户", back="../", business_on=unit.on
    )


@require_GET
@needs("page.employer")
def person(request: HttpRequest, account_no: str) -> HttpResponse:
    """One member of the unit: what the employer may see and change."""
    unit, member = own_person(request, account_no)
    events = accounts.member_events(centre_id(request), [member.member_account_id], limit=20)
    return page(
        request, "hpf/employer/person.html", unit=unit, member=member, person=parties.person(member.person_id), business_on=unit.on,
        seal=SealForm(prefix="seal", initial={"left_on": unit.on}), unseal=UnsealForm(prefix="unseal", initial={"base": str(member.base), "from_month": str(unit.account.next_month)}),
        base=BaseForm(prefix="base", initial={"base": str(member.base), "from_month": str(unit.account.next_month)}),
        bases=accounts.base_history(centre_id(request), member.member_account_id),
        events=events, names=access.names(e.recorded_by for e in events),
    )  # fmt: skip


@require_POST
@needs("page.employer")
def person_change(request: HttpRequest, account_no: str, what: str) -> HttpResponse:
    """封存, 启封, 基数变更."""
    unit, _ = own_person(request, account_no)
    common = {
        "by": actor(request),
        "centre_id": centre_id(request),
        "account_no": account_no,
        "on": unit.on,
        "at": now(),
        "key": form_key(request),
    }
    forms = {"seal": SealForm, "unseal": UnsealForm, "base": BaseForm}
    if what not in forms:
        raise Http404
    form = forms[what](request.POST, prefix=what)
    if not form.is_valid():
        for field, errors in form.errors.items():
            messages.error(request, f"{form.fields[field].label}：{'；'.join(errors)}")
        return redirect("web:person", account_no=account_no)
    said = form.cleaned_data
    match what:
        case "seal":
            tell(request, account_services.seal(reason=said["reason"], left_on=said["left_on"], **common), "已封存。")
        case "unseal":
            tell(request, account_services.unseal(base=said["base"], from_month=said["from_month"], **common), "已启封。")
        case "base":
            tell(request, account_services.change_base(base=said["base"], from_month=said["from_month"], **common), "缴存基数已变更。")
    return redirect("web:person", account_no=account_no)


@require_http_methods(["GET", "POST"])
@needs("page.employer")
def deferral(request: HttpRequest) -> HttpResponse:
    """缓缴降比申请 and what became of earlier ones."""
    unit, centre = own_unit(request), centre_id(request)
    form = DeferralForm(request.POST or None, request.FILES or None, initial={"since": str(unit.account.next_month)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        key, at = form_key(request), now()
        kept = services.keep_original(
            by=actor(request),
            centre_id=centre,
            kind=OriginalKind.RESOLUTION,
            filename=said["resolution"].name,
            content=said["resolution"].read(),
            key=f"{key}:file",
            at=at,
        )
        decision = services.apply_deferral(
            by=actor(request), centre_id=centre, employer_account_no=unit.account_no, kind=DeferralKind(said["kind"]), since_month=said["since"],
            until_month=said["until"], employer_rate=said["employer_rate"], member_rate=said["member_rate"], reason=said["reason"],
            resolution_no=said["resolution_no"], resolution_id=kept.original_id, business_on=unit.on, at=at, key=key,
        )  # fmt: skip
        if tell(request, decision, "申请已提交，中心将在规定工作日内答复。"):
            return redirect("web:deferral")
    rows = contributions.deferrals(centre, employer_account_id=unit.account.employer_account_id)
    return page(request, "hpf/employer/deferral.html", unit=unit, form=form, rows=rows, states=DEFERRAL_STATE_LABELS, business_on=unit.on)


@require_GET
@needs("page.employer")
def prepay(request: HttpRequest) -> HttpResponse:
    """预缴: what lies ready for later months, and how to add to it."""
    unit, centre = own_unit(request), centre_id(request)
    ledger_id = unit.account.prepaid_ledger_id
    money = ledger.balance(ledger_id) if ledger_id else None
    entries = ledger.history(ledger_id, date(1990, 1, 1), unit.on + timedelta(days=1), limit=100) if ledger_id else []
    return page(
        request,
        "hpf/employer/prepay.html",
        unit=unit,
        money=money,
        entries=entries,
        bank=treasury.main_account(centre),
        business_on=unit.on,
    )


@require_GET
@needs("page.employer")
def history(request: HttpRequest) -> HttpResponse:
    """办理记录: what happened to the unit's account."""
    unit = own_unit(request)
    rows = accounts.employer_events(centre_id(request), unit.account.employer_account_id, limit=500)
    names = access.names(e.recorded_by for e in rows)
    columns = [
        Column("business_on", "会计日", "date", lead=True),
        Column("label", "事项"),
        Column("facts", "内容", value=lambda e: "，".join(f"{k}{v}" for k, v in e.facts.items()), sort=False),
        Column("recorded_by", "经办人", value=lambda e: names[e.recorded_by]),
        Column("recorded_at", "登记时刻", "moment"),
    ]
    listed = table(
        request,
        rows,
        columns,
        title="办理记录",
        export=f"办理记录_{unit.account_no}",
        employer_id=unit.employer.employer_id,
        empty="还没有办理记录。",
    )
    return list_page(request, "hpf/list.html", listed, heading="办理记录", lead=unit.employer.name, business_on=unit.on)
