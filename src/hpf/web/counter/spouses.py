"""配偶授权 at the counter: a spouse who has come with her document allows what the rules ask about her; she needs no account here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from hpf.accounts import queries as accounts
from hpf.parties import queries as parties
from hpf.parties.rules import check_identity
from hpf.sharing import queries as sharing
from hpf.sharing import services
from hpf.web.counter.flexible_forms import Asking, accepted
from hpf.web.employer.forms import ID_KINDS
from hpf.web.member.monthly import SPOUSE_DAYS
from hpf.web.member.withdrawals import ABOUT_SPOUSE
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell
from hpf.withdrawals import queries
from hpf.withdrawals.queries.facts import PURPOSE
from hpf.withdrawals.services import CONSENT_DAYS

TERMS = [(str(SPOUSE_DAYS), "约定提取，一年"), (str(CONSENT_DAYS), f"一次提取，{CONSENT_DAYS}天")]


class SpouseForm(Asking):
    """Who allows, and for how long."""

    id_kind = forms.ChoiceField(label="配偶证件类型", choices=ID_KINDS)
    id_number = forms.CharField(label="配偶证件号码", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    days = forms.ChoiceField(label="期限", choices=TERMS, help_text="可以随时撤回；撤回后约定提取终止。")
    agrees = forms.BooleanField(label="已核对配偶本人和证件，配偶当面同意查询其在当地的住房、就业和子女情况")

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["agrees"].error_messages["required"] = "须由配偶本人到场同意，请勾选。"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("id_number"):
            found = check_identity(given["id_kind"], given["id_number"])
            if not found.valid:
                self.add_error("id_number", f"{found.reason}。")
            given["id_number"] = found.normalised
        return given


@require_http_methods(["GET", "POST"])
@needs("page.counter")
@needs("sharing.consent")
def spouse_consent(request: HttpRequest, account_no: str) -> HttpResponse:
    """登记配偶授权 for the withdrawals of one account's holder; the number is told at once and typed in with the application."""
    centre = centre_id(request)
    try:
        account = accounts.member_account(centre, account_no)
    except accounts.NoSuchAccount as missing:
        raise Http404 from missing
    person = parties.person(account.person_id)
    form = SpouseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said, at = form.cleaned_data, now()
        here = parties.find_person(centre, said["id_kind"], said["id_number"])
        decision = services.give_consent(
            by=actor(request), centre_id=centre, person_id=here.person_id if here else None,
            person_ref="" if here else sharing.reference_for(said["id_kind"], said["id_number"]), scope=ABOUT_SPOUSE, purpose=PURPOSE,
            ends_at=at + timedelta(days=int(said["days"])), at=at, key=form_key(request),
        )  # fmt: skip
        if accepted(form, decision, {}) and decision.value is not None:
            tell(request, decision, f"配偶授权已登记，编号{decision.value.consent_no}，请在受理或者签订时填写。")
            return redirect("web:withdrawal_menu", account_no=account_no)
    looked_at(request, person_id=person.person_id, subject="登记配偶授权", purpose="办理提取")
    return page(request, "hpf/counter/spouse_consent.html", form=form, person=person, account=account)


@require_POST
@needs("page.counter")
@needs("sharing.consent")
def consent_back(request: HttpRequest, agreement_no: str) -> HttpResponse:
    """撤回授权 on which an agreement rests, for the member or the spouse who came with her document; only these two can be named."""
    centre, consent_no = centre_id(request), request.POST.get("consent_no", "")
    view = queries.agreement(centre, agreement_no)
    if view is None or not consent_no or consent_no not in (view.consent_no, view.spouse_consent_no):
        raise Http404
    done = services.withdraw_consent(by=actor(request), centre_id=centre, consent_no=consent_no, at=now(), key=form_key(request))
    tell(request, done, f"授权{consent_no}已撤回，下一期不再核查，约定提取随之终止。")
    return redirect("web:monthly_one", agreement_no=agreement_no)
