"""What may be done with a person's account at the desk: each form comes when it is opened, and stays with what was typed when it is refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hpf.access.services import submit
from hpf.accounts import queries as accounts
from hpf.accounts import services
from hpf.kernel.decision import Decision
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.parties.services import PURPOSES, unmask
from hpf.policy.rules import MissingParameter
from hpf.web.beside import say_beside
from hpf.web.counter.actions import ACTIONS
from hpf.web.counter.forms import CloseForm, MergeForm, TransferForm, UnmaskForm
from hpf.web.counter.person import member_of
from hpf.web.employer.forms import BaseForm, SealForm, Styled, UnsealForm
from hpf.web.page import actor, centre_id, form_key, later, looked_at, needs, now, page, tell

_DIRECT: dict[str, tuple[str, type[Styled], str]] = {
    "base": ("基数变更", BaseForm, "accounts.change_base"),
    "seal": ("封存", SealForm, "accounts.seal"),
    "unseal": ("启封", UnsealForm, "accounts.unseal"),
}
_CHECKED: dict[str, tuple[str, type[Styled], str]] = {
    "transfer": ("内部转移", TransferForm, "queue.make"),
    "merge": ("并户", MergeForm, "queue.make"),
    "close": ("销户", CloseForm, "queue.make"),
}
_DONE = {"base": "缴存基数已变更。", "seal": "已封存。", "unseal": "已启封。"}
_OTHER_ACCOUNT = {"transfer": "to_employer_account_no", "merge": "other"}


@require_http_methods(["GET", "POST"])
@needs("page.counter")
def person_unmask(request: HttpRequest, account_no: str) -> HttpResponse:
    """查看明文: for a purpose, once, with a mark; the data is in this answer and nowhere else."""
    member = member_of(request, account_no)
    form = UnmaskForm(request.POST or None, prefix="unmask")
    if "data.unmask" not in actor(request).permissions:
        raise PermissionDenied
    if request.method == "GET":
        return _form(request, member, "查看明文", form, "查看并记录")
    if not form.is_valid():
        return _form(request, member, "查看明文", form, "查看并记录")
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


@require_http_methods(["GET", "POST"])
@needs("page.counter")
def person_change(request: HttpRequest, account_no: str, what: str) -> HttpResponse:
    """基数变更, 封存, 启封 at once; 转移, 并户, 销户 go to a checker."""
    member = member_of(request, account_no)
    if what not in _DIRECT | _CHECKED:
        raise Http404
    title, kind, permission = (_DIRECT | _CHECKED)[what]
    if permission not in actor(request).permissions:
        raise PermissionDenied
    if request.method == "GET":
        return _form(request, member, title, kind(prefix=what, initial=_initial(member, what)), _button(what))
    form = kind(request.POST, prefix=what)
    if form.is_valid():
        if what in _CHECKED:
            try:
                return _submit(request, member, what, form.cleaned_data)
            except accounts.NoSuchAccount as missing:
                form.add_error(_OTHER_ACCOUNT.get(what), f"{missing}，请核对账号后重新提交。")
        else:
            try:
                decision = _change(request, member, what, form.cleaned_data)
            except MissingParameter as missing:
                form.add_error("from_month" if "from_month" in form.fields else None, f"{missing}，请核对年月后重新提交。")
                return _form(request, member, title, form, _button(what))
            if decision.is_approved:
                tell(request, decision, _DONE[what])
                return redirect("web:counter_person", account_no=account_no)
            say_beside(form, decision.reasons, {})
    return _form(request, member, title, form, _button(what))


def _form(request: HttpRequest, member: accounts.MemberAccountView, title: str, form: Styled, button: str) -> HttpResponse:
    return later(
        request, "hpf/parts/act_form.html", heading=title, lead=f"个人账号 {member.account_no}", back="../", form=form, submit=button,
    )  # fmt: skip


def _button(what: str) -> str:
    return "提交复核" if what in _CHECKED else "提交"


def _initial(member: accounts.MemberAccountView, what: str) -> dict[str, Any]:
    """What the form shows before anything is typed."""
    if what == "seal":
        return {"left_on": ledger.business_day(member.centre_id)}
    if what in ("base", "unseal"):
        unit = accounts.employer_account_by_id(member.centre_id, member.employer_account_id)
        return {"base": str(member.base), "from_month": str(unit.next_month)}
    return {"base": str(member.base)} if what == "transfer" else {}


def _change(request: HttpRequest, member: accounts.MemberAccountView, what: str, said: dict[str, Any]) -> Decision[Any]:
    common: dict[str, Any] = {
        "by": actor(request), "centre_id": member.centre_id, "account_no": member.account_no, "on": ledger.business_day(member.centre_id),
        "at": now(), "key": form_key(request),
    }  # fmt: skip
    match what:
        case "base":
            return services.change_base(base=said["base"], from_month=said["from_month"], **common)
        case "seal":
            return services.seal(reason=said["reason"], left_on=said["left_on"], **common)
        case _:
            return services.unseal(base=said["base"], from_month=said["from_month"], **common)


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
