"""死亡提取: heirs come to the counter; what the bank could not pay to one of them is corrected by two people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from hpf.accounts import queries as accounts
from hpf.kernel.actor import Actor
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.counter.flexible_forms import Asking, CardInput, accepted
from hpf.web.employer.forms import ID_KINDS, DayInput
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell
from hpf.withdrawals import queries, services
from hpf.withdrawals.rules.facts_of_life import HEIR_PROOFS
from hpf.withdrawals.rules.states import State
from hpf.withdrawals.services.inheriting import HEIRS_MOST

PLACES = {"HEIR_PROOF_UNKNOWN": "proof", "APPLICANT_UNKNOWN": "applicant", "WITHDRAWAL_RUNNING": ""}


class EstateForm(Asking):
    """The death and its proof; who of the heirs has come."""

    died_on = DayInput(label="死亡日期")
    proof = forms.ChoiceField(label="继承证明", choices=[("", "请选择"), *HEIR_PROOFS.items()])
    nobody = forms.BooleanField(label="没有继承人和受遗赠人", required=False)
    applicant = forms.TypedChoiceField(label="到场申请人", coerce=int, empty_value=0, required=False, help_text="没有继承人的不选。")
    consent = forms.BooleanField(label="到场申请人当面同意就本次提取查询户籍关系", required=False)

    def __init__(self, *args: Any, rows: int, **named: Any) -> None:
        super().__init__(*args, **named)
        choices = [("", "请选择"), *((str(place), f"第{place}名") for place in range(1, rows + 1))]
        self.fields["applicant"].choices = choices  # type: ignore[attr-defined]


class HeirForm(Asking):
    """One heir as the paper names her. The money goes to an account in this very name."""

    name = forms.CharField(label="姓名", max_length=50)
    id_kind = forms.ChoiceField(label="证件类型", choices=ID_KINDS)
    id_number = forms.CharField(label="证件号码", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    numerator = forms.IntegerField(label="份额分子", min_value=1, max_value=10_000, help_text="三分之一填 1 和 3。")
    denominator = forms.IntegerField(label="份额分母", min_value=1, max_value=10_000)
    card = CardInput(label="本人银行卡号")


@require_http_methods(["GET", "POST"])
@needs("withdrawals.apply_for_estate")
def estate_new(request: HttpRequest, account_no: str) -> HttpResponse:
    """受理死亡提取: as many heirs as the paper names; “再加一名” keeps what has been typed."""
    centre = centre_id(request)
    try:
        account = accounts.member_account(centre, account_no)
    except accounts.NoSuchAccount as missing:
        raise Http404 from missing
    on, person = ledger.business_day(centre), parties.person(account.person_id)
    sent = request.POST if request.method == "POST" else None
    rows = _rows(request)
    more = sent is not None and "more" in sent
    if more:
        rows = min(rows + 1, HEIRS_MOST)
        form: EstateForm = EstateForm(initial={name: sent.get(name) for name in EstateForm.base_fields}, rows=rows)  # type: ignore[union-attr]
        heirs = [
            HeirForm(initial={name: sent.get(f"h{n}-{name}") for name in HeirForm.base_fields}, prefix=f"h{n}") for n in range(1, rows + 1)
        ]  # type: ignore[union-attr]
    else:
        form = EstateForm(sent, rows=rows)
        heirs = [HeirForm(sent, prefix=f"h{n}") for n in range(1, rows + 1)]
    if sent is not None and not more and form.is_valid():
        nobody, well = form.cleaned_data["nobody"], [heir.is_valid() for heir in heirs]
        if nobody or all(well):
            number = _apply(request, account, form, [] if nobody else heirs)
            if number:
                return redirect("web:withdrawal", application_no=number)
    looked_at(request, person_id=person.person_id, subject="受理死亡提取", purpose="办理提取")
    return page(
        request, "hpf/counter/estate_new.html", form=form, heirs=heirs, rows=rows, person=person, account=account, full=rows >= HEIRS_MOST,
        on=on,
    )  # fmt: skip


def _rows(request: HttpRequest) -> int:
    text = request.POST.get("rows", "1")
    return min(max(int(text), 1), HEIRS_MOST) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _apply(request: HttpRequest, account: accounts.MemberAccountView, form: EstateForm, heirs: list[HeirForm]) -> str:
    """The application's number when it was taken in and sent on its way; else the reasons stand in the form."""
    centre, on, key, said = centre_id(request), ledger.business_day(centre_id(request)), form_key(request), form.cleaned_data
    given = tuple(
        services.HeirGiven(
            name=each["name"], id_kind=each["id_kind"], id_number=each["id_number"], account=each["card"], numerator=each["numerator"],
            denominator=each["denominator"],
        )
        for each in (heir.cleaned_data for heir in heirs)
    )  # fmt: skip
    decision = services.apply_for_estate(
        by=actor(request), centre_id=centre, account_no=account.account_no, died_on=said["died_on"], proof=said["proof"], heirs=given,
        applicant=said["applicant"] or 0, consents=said["consent"], on=on, at=now(), key=key,
    )  # fmt: skip
    if not accepted(form, decision, PLACES) or decision.value is None:
        return ""
    number = decision.value.application_no
    services.proceed(
        by=Actor.system(centre, "自动审批"), centre_id=centre, application_no=number, business_on=on, at=now(), key=f"{key}:go"
    )
    return number


@require_POST
@needs("page.counter")
def heir_act(request: HttpRequest, application_no: str, place: int, what: str) -> HttpResponse:
    """更正 by one, 通过 or 退回 by another; passed, it is paid at once."""
    centre, key = centre_id(request), form_key(request)
    common: dict[str, Any] = {
        "by": actor(request),
        "centre_id": centre,
        "application_no": application_no,
        "place": place,
        "at": now(),
        "key": key,
    }
    if what == "correct":
        said = {name: request.POST.get(name, "")[:60] for name in ("name", "account")}
        tell(request, services.correct_heir(reason=request.POST.get("reason", "")[:200], **said, **common), "更正已提出，由另一人复核。")
    elif what in ("pass", "return"):
        passed = services.pass_heir(agrees=what == "pass", **common)
        if tell(request, passed, "更正已复核，重新付款。" if what == "pass" else "已退回经办人。") and what == "pass":
            services.pay_heirs(
                by=Actor.system(centre, "自动审批"), centre_id=centre, application_no=application_no, business_on=ledger.business_day(centre),
                at=now(), key=f"{key}:pay",
            )  # fmt: skip
    else:
        raise Http404
    return redirect("web:withdrawal", application_no=application_no)


@require_POST
@needs("page.counter")
@needs("withdrawals.apply")
def payee(request: HttpRequest, application_no: str) -> HttpResponse:
    """换卡重付 at the counter: the bank could not pay, or sent back what it had paid, be the account ended or not."""
    centre, key = centre_id(request), form_key(request)
    case = queries.application(centre, application_no)
    if case is None:
        raise Http404
    given = services.Payment(parties.person(case.person_id).name, request.POST.get("card", "")[:40])
    done = services.change_payee(by=actor(request), centre_id=centre, application_no=application_no, payee=given, at=now(), key=key)
    if tell(request, done, "收款账户已更正，重新付款。") and done.value is not None and done.value.state is State.APPROVED:
        services.pay_once_more(
            by=Actor.system(centre, "自动审批"), centre_id=centre, application_no=application_no, business_on=ledger.business_day(centre), at=now(),
            key=f"{key}:pay",
        )  # fmt: skip
    return redirect("web:withdrawal", application_no=application_no)
