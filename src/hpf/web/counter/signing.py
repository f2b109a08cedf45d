"""灵活就业签约: opening an account with its agreement, or an agreement for an account that is open; the amounts are shown first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.states import Frequency
from hpf.kernel.decision import Reason
from hpf.kernel.money import Money, NotAnAmount
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.parties.services import NewPerson
from hpf.policy.rules import MissingParameter
from hpf.treasury import queries as treasury
from hpf.web.counter.flexible import PLACES, already_signed
from hpf.web.counter.flexible_forms import OpenAgreementForm, SignForm, accepted, at_fields
from hpf.web.counter.person import member_of
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell

PERSON_PLACES = {
    "ID_WRONG": "id_number", "NAME_MISSING": "name", "NAME_PLACEHOLDER": "name", "NAME_LENGTH": "name", "NAME_CHARACTERS": "name", "PHONE_WRONG": "phone",
    "ID_OF_ANOTHER_NAME": "name", "OPENED_ALREADY": "id_number", "SEALED_HERE": "id_number", "ACCOUNT_AT_ANOTHER_EMPLOYER": "id_number",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be debited: the limits always, the amounts when base and rate can be read."""

    terms: contributions.FlexibleTerms
    base: Money | None
    rate: Rate | None
    frequency: Frequency
    reasons: tuple[Reason, ...]

    @property
    def month_amount(self) -> Money | None:
        return self.terms.amount(self.base, self.rate) if self.base is not None and self.rate is not None else None

    @property
    def debit(self) -> Money | None:
        return self.month_amount * self.frequency.months if self.month_amount is not None else None

    @property
    def last_month(self) -> Month:
        return self.terms.month + (self.frequency.months - 1)


def preview_of(centre: int, district: str, said: dict[str, Any], month: Month) -> Preview | None:
    """From what stands in the fields; a field that cannot be read yet is left out. None where the centre has no such limits."""
    base, rate = _read(Money.yuan, said.get("base")), _read(Rate.of, said.get("rate"))
    frequency = Frequency(said["frequency"]) if said.get("frequency") in list(Frequency) else Frequency.MONTHLY
    asked = _read(Month.parse, said.get("first_month")) or month
    try:
        terms = contributions.flexible_terms(centre, district, asked)
    except MissingParameter:
        return None
    reasons = terms.reasons(base, rate) if base is not None and rate is not None else []
    return Preview(terms, base, rate, frequency, tuple(reasons))


def _read(parse: Any, value: Any) -> Any:
    text = str(value or "").replace(",", "").replace("，", "").rstrip("%％").strip()
    try:
        return parse(text) if text else None
    except (NotAnAmount, ValueError):
        return None


def pools_of(centre: int) -> dict[str, accounts.EmployerAccountView]:
    """归集专户 of the centre that take new people, by number."""
    found = accounts.employer_accounts(centre, kinds=("FLEXIBLE",), states=("OPENED", "NORMAL"), limit=100)
    return {view.account_no: view for view in found.rows}


@require_GET
@needs("contributions.sign_agreement")
def agreement_preview(request: HttpRequest) -> HttpResponse:
    """试算: a part of the page, asked for again whenever a figure changes. Holds nothing that is about a person."""
    centre = centre_id(request)
    said = request.GET.dict()
    pools = pools_of(centre)
    pool = pools.get(said.get("pool", "")) or next(iter(pools.values()), None)
    if pool is None:
        raise Http404
    shown = preview_of(centre, pool.district, said, Month.of(ledger.business_day(centre)))
    return render(request, "hpf/counter/agreement_preview.html", {"preview": shown})


@require_http_methods(["GET", "POST"])
@needs("contributions.sign_agreement")
def agreement_open(request: HttpRequest) -> HttpResponse:
    """灵活就业开户并签约: two commands, each safe to send again; the limits are checked before either."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    pools = pools_of(centre)
    if not pools:
        return page(request, "hpf/counter/agreement_sign.html", form=None, business_on=on, heading="灵活就业开户签约")
    units = parties.employers_by_id(centre, [view.employer_id for view in pools.values()])
    month = Month.of(on)
    form = OpenAgreementForm(
        request.POST or None, banks=treasury.banks(centre), pools=[(no, units[view.employer_id].name) for no, view in pools.items()],
        initial={"first_month": str(month), "frequency": "MONTHLY"},
    )  # fmt: skip
    if request.method == "POST" and _within_limits(form, centre, pools):
        answer = _open_and_sign(request, form)
        if answer is not None:
            return answer
    pool = pools.get(str(form.data.get("pool", ""))) or next(iter(pools.values()))
    return page(
        request, "hpf/counter/agreement_sign.html", form=form, business_on=on, heading="灵活就业开户签约", submit="开户并签约",
        preview=preview_of(centre, pool.district, form.data.dict() if form.is_bound else dict(form.initial), month),
        explain="先按证件号码在本中心和全省登记中查找，已有账户的不再开立。扣款卡须为本人名下，户名按证件姓名核对。",
    )  # fmt: skip


def _within_limits(form: OpenAgreementForm, centre: int, pools: Mapping[str, accounts.EmployerAccountView]) -> bool:
    """Whether the form may go on. Base and rate are held against the limits even when other fields are wrong: one look shows all."""
    valid, said = form.is_valid(), form.cleaned_data
    if not {"pool", "base", "rate", "first_month"} <= said.keys():
        return False
    terms = contributions.flexible_terms(centre, pools[said["pool"]].district, said["first_month"])
    at_fields(form, terms.reasons(said["base"], said["rate"]), PLACES)
    return valid and form.is_valid()


def _open_and_sign(request: HttpRequest, form: OpenAgreementForm) -> HttpResponse | None:
    said, centre, key, at = form.cleaned_data, centre_id(request), form_key(request), now()
    on = ledger.business_day(centre)
    if said["first_month"] < Month.of(on):
        form.add_error("first_month", f"首次扣款年月不能早于本月，请填{Month.of(on).text}或以后的月份。")
        return None
    person = NewPerson(said["name"], said["id_kind"], said["id_number"], said["phone"], said["born_on"], said["sex"] or None)
    new = account_services.NewMember(person=person, base=said["base"], hired_on=on, first_month=said["first_month"], rate=said["rate"])
    opened = account_services.open_member_account(
        by=actor(request), centre_id=centre, employer_account_no=said["pool"], member=new, on=on, at=at, key=f"{key}:open"
    )
    if not accepted(form, opened, PLACES | PERSON_PLACES) or opened.value is None:
        return None
    signed = _sign(request, opened.value.account_no, said, f"{key}:sign")
    if signed.value is None:
        tell(request, signed, "")
        return redirect("web:agreement_sign", account_no=opened.value.account_no)
    tell(request, opened, f"{said['name']}已开户。")
    tell(request, signed, f"缴存协议已签订，每次扣款{signed.value.debit.text}元，{signed.value.next_month.text}起。")
    return redirect("web:agreement", agreement_no=signed.value.agreement_no)


def _sign(request: HttpRequest, account_no: str, said: dict[str, Any], key: str) -> Any:
    centre = centre_id(request)
    member = accounts.member_account(centre, account_no)
    return services.sign_agreement(
        by=actor(request), centre_id=centre, account_no=account_no, frequency=Frequency(said["frequency"]),
        payer_name=parties.person(member.person_id).name, card=said["card"], bank_code=said["bank_code"], first_month=said["first_month"],
        signed_on=ledger.business_day(centre), key=key, at=now(),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("contributions.sign_agreement")
def agreement_sign(request: HttpRequest, account_no: str) -> HttpResponse:
    """签订缴存协议 for an open flexible account; base and rate are the account's."""
    centre, member = centre_id(request), member_of(request, account_no)
    if (signed := already_signed(request, member)) is not None and request.method == "GET":
        return signed
    on = ledger.business_day(centre)
    unit = accounts.employer_account_by_id(centre, member.employer_account_id)
    month = max(member.first_month, Month.of(on))
    form = SignForm(request.POST or None, banks=treasury.banks(centre), initial={"first_month": str(month), "frequency": "MONTHLY"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if said["first_month"] < Month.of(on):
            form.add_error("first_month", f"首次扣款年月不能早于本月，请填{Month.of(on).text}或以后的月份。")
        else:
            decision = _sign(request, account_no, said, form_key(request))
            if accepted(form, decision, PLACES) and decision.value:
                tell(request, decision, f"缴存协议已签订，每次扣款{decision.value.debit.text}元，{decision.value.next_month.text}起。")
                return redirect("web:agreement", agreement_no=decision.value.agreement_no)
    given = form.data.dict() if form.is_bound else dict(form.initial)
    return page(
        request, "hpf/counter/agreement_sign.html", form=form, business_on=on, heading="签订缴存协议", submit="签约", member=member,
        person=parties.person(member.person_id), back=reverse("web:counter_person", args=[account_no]),
        preview=preview_of(centre, unit.district, {**given, "base": str(member.base), "rate": str(member.member_rate)}, month),
        explain="基数和比例按账户登记的执行，需要调整的签约后在协议页变更缴存标准。扣款卡须为本人名下。",
    )  # fmt: skip
