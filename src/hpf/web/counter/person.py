"""A person's whole picture at the counter, and what may be done with the account."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.access.services import submit
from hpf.accounts import queries as accounts
from hpf.accounts import services
from hpf.contributions import queries as contributions
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.parties.services import PURPOSES, NewPerson, unmask
from hpf.web.counter.actions import ACTIONS
from hpf.web.counter.forms import CloseForm, MergeForm, OpenPersonForm, TransferForm, UnmaskForm
from hpf.web.employer.forms import BaseForm, SealForm, UnsealForm
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell


def member_of(request: HttpRequest, account_no: str) -> accounts.MemberAccountView:
    try:
        return accounts.member_account(centre_id(request), account_no)
    except accounts.NoSuchAccount:
        raise Http404 from None


@require_GET
@needs("page.counter")
def person(request: HttpRequest, account_no: str) -> HttpResponse:
    """Everything about one member; looking leaves a mark."""
    centre = centre_id(request)
    member = member_of(request, account_no)
    on = ledger.business_day(centre)
    unit = accounts.employer_account_by_id(centre, member.employer_account_id)
    looked_at(request, person_id=member.person_id, subject=f"查看个人账户{account_no}")
    next_month = str(unit.next_month)
    events = accounts.member_events(centre, [member.member_account_id], limit=30)
    return page(
        request, "hpf/counter/person.html", member=member, person=parties.person(member.person_id), unit=unit, business_on=on,
        employer=parties.employer(centre, unit.employer_id), money=ledger.balance(member.ledger_account_id),
        others=[a for a in accounts.accounts_of_person(centre, member.person_id) if a.account_no != member.account_no],
        paid=contributions.contribution_history(centre, member.member_account_id, limit=24),
        entries=ledger.history(member.ledger_account_id, date(1990, 1, 1), on + timedelta(days=1), limit=30),
        bases=accounts.base_history(centre, member.member_account_id), events=events, names=access.names(e.recorded_by for e in events),
        agreements=contributions.agreements(centre, member_account_id=member.member_account_id, limit=3) if member.kind == "FLEXIBLE" else [],
        subsidy=contributions.subsidy_total(centre, member.member_account_id),
        subsidies=contributions.subsidies_received(centre, member.member_account_id, limit=6),
        flags=parties.flags("PERSON", [member.person_id], on).get(member.person_id, []),
        forms={
            "base": BaseForm(prefix="base", initial={"base": str(member.base), "from_month": next_month}),
            "seal": SealForm(prefix="seal", initial={"left_on": on}),
            "unseal": UnsealForm(prefix="unseal", initial={"base": str(member.base), "from_month": next_month}),
            "transfer": TransferForm(prefix="transfer", initial={"base": str(member.base)}),
            "merge": MergeForm(prefix="merge"),
            "close": CloseForm(prefix="close"),
            "unmask": UnmaskForm(prefix="unmask"),
        },
    )  # fmt: skip


@require_POST
@needs("page.counter")
def person_unmask(request: HttpRequest, account_no: str) -> HttpResponse:
    """查看明文: for a purpose, once, with a mark; the data is in this answer and nowhere else."""
    member = member_of(request, account_no)
    form = UnmaskForm(request.POST, prefix="unmask")
    if not form.is_valid():
        messages.error(request, "查看明文须选择用途。")
        return redirect("web:counter_person", account_no=account_no)
    purpose, note = form.cleaned_data["purpose"], form.cleaned_data["note"]
    decision = unmask(
        by=actor(request), centre_id=centre_id(request), person_id=member.person_id, purpose=purpose, note=note, key=form_key(request)
    )
    if decision.value is None:
        tell(request, decision, "")
        return redirect("web:counter_person", account_no=account_no)
    looked_at(
        request, person_id=member.person_id, kind="UNMASK", subject=f"查看明文{account_no}", purpose=f"{PURPOSES[purpose]} {note}".strip()
    )
    return page(request, "hpf/counter/unmasked.html", member=member, full=decision.value, purpose=PURPOSES[purpose])


_DIRECT = {"base": BaseForm, "seal": SealForm, "unseal": UnsealForm}
_CHECKED = {"transfer": TransferForm, "merge": MergeForm, "close": CloseForm}


@require_POST
@needs("page.counter")
def person_change(request: HttpRequest, account_no: str, what: str) -> HttpResponse:
    """基数变更, 封存, 启封 at once; 转移, 并户, 销户 go to a checker."""
    member = member_of(request, account_no)
    kind = (_DIRECT | _CHECKED).get(what)
    if kind is None:
        raise Http404
    form = kind(request.POST, prefix=what)
    if not form.is_valid():
        for field, errors in form.errors.items():
            messages.error(request, f"{form.fields[field].label}：{'；'.join(errors)}")
        return redirect("web:counter_person", account_no=account_no)
    said, centre = form.cleaned_data, centre_id(request)
    if what in _CHECKED:
        try:
            return _submit(request, member, what, said)
        except accounts.NoSuchAccount as missing:
            messages.error(request, f"{missing}，请核对账号后重新提交。")
            return redirect("web:counter_person", account_no=account_no)
    common = {
        "by": actor(request),
        "centre_id": centre,
        "account_no": account_no,
        "on": ledger.business_day(centre),
        "at": now(),
        "key": form_key(request),
    }
    match what:
        case "base":
            tell(request, services.change_base(base=said["base"], from_month=said["from_month"], **common), "缴存基数已变更。")
        case "seal":
            tell(request, services.seal(reason=said["reason"], left_on=said["left_on"], **common), "已封存。")
        case "unseal":
            tell(request, services.unseal(base=said["base"], from_month=said["from_month"], **common), "已启封。")
    return redirect("web:counter_person", account_no=account_no)


def _submit(request: HttpRequest, member: accounts.MemberAccountView, what: str, said: dict[str, object]) -> HttpResponse:
    """Raises NoSuchAccount when the other account is not of this centre: a checker would be asked in vain."""
    holder = parties.person(member.person_id)
    match what:
        case "transfer":
            accounts.employer_account(member.centre_id, str(said["to_employer_account_no"]))
            action = "accounts.transfer_inside"
            content = {"account_no": member.account_no, **{name: str(value) for name, value in said.items()}}
            shown = [
                ["个人账号", member.account_no],
                ["转入单位账号", str(said["to_employer_account_no"])],
                ["缴存基数", str(said["base"])],
                ["起缴年月", str(said["from_month"])],
            ]
        case "merge":
            accounts.member_account(member.centre_id, str(said["other"]))
            action = "accounts.merge"
            content = {"account_nos": [member.account_no, str(said["other"])], "evidence": str(said["evidence"])}
            shown = [["个人账号", member.account_no], ["另一账号", str(said["other"])], ["依据", str(said["evidence"]) or "无"]]
        case _:
            action = "accounts.close"
            content = {"account_no": member.account_no, "final_state": said["final_state"], "reason": said["reason"]}
            shown = [
                ["个人账号", member.account_no],
                ["种类", dict(CloseForm.base_fields["final_state"].choices)[said["final_state"]]],
                ["原因", str(said["reason"])],
            ]  # type: ignore[attr-defined]
    done = submit(
        by=actor(request), centre_id=centre_id(request), action=action, title=ACTIONS[action].title, subject=holder.name, content=content, shown=shown,
        person_id=member.person_id, at=now(), key=form_key(request),
    )  # fmt: skip
    messages.success(request, f"已提交复核，业务编号{done.submission_no}。")
    return redirect("web:counter_person", account_no=member.account_no)


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
