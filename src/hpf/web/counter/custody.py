"""集中封存: the centre's own account that keeps the accounts of units that have ended, and its opening."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hpf.accounts import queries as accounts
from hpf.accounts import services
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.parties.services import NewEmployer, register_employer
from hpf.web.beside import say_beside
from hpf.web.employer.forms import Styled
from hpf.web.listing import Column, list_page, table
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell

PLACES = {"NAME_MISSING": "name", "NAME_WRONG": "name"}
ZERO_RATE = Rate.of("0")


class CustodyAccountForm(Styled):
    """开立集中封存专户."""

    name = forms.CharField(label="专户名称", max_length=100)
    district = forms.ChoiceField(label="区县（管理部）")

    def __init__(self, *args: Any, districts: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["district"].choices = districts  # type: ignore[attr-defined]


@require_GET
@needs("page.counter")
def custody(request: HttpRequest) -> HttpResponse:
    """The centre's custody accounts with the people in them; a centre without one opens it here."""
    return _shown(request)


@require_POST
@needs("accounts.open_employer_account")
def custody_open(request: HttpRequest) -> HttpResponse:
    """开立集中封存专户: registered as a unit of the centre's own, paying nothing. One is enough for a centre."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    if accounts.employer_accounts(centre, kinds=("CUSTODY",)).rows:
        return redirect("web:custody")
    form = _form(centre, request.POST)
    if form.is_valid():
        key, said = form_key(request), form.cleaned_data
        new = NewEmployer(said["name"], "", said["district"], established_on=on, payday=1, internal=True)
        registered = register_employer(by=actor(request), centre_id=centre, employer=new, on=on, key=f"{key}:register")
        if registered.value is None:
            say_beside(form, registered.reasons, PLACES)
        else:
            opened = services.open_employer_account(
                by=actor(request), centre_id=centre, employer_id=registered.value.employer_id, employer_rate=ZERO_RATE, member_rate=ZERO_RATE,
                first_month=Month.of(on), kind="CUSTODY", on=on, at=now(), key=f"{key}:open",
            )  # fmt: skip
            if tell(request, opened, "集中封存专户已开立。"):
                return redirect("web:custody")
    return _shown(request, form)


def _shown(request: HttpRequest, form: CustodyAccountForm | None = None) -> HttpResponse:
    centre = centre_id(request)
    held = accounts.employer_accounts(centre, kinds=("CUSTODY",)).rows
    names = parties.employers_by_id(centre, [each.employer_id for each in held])
    counts = accounts.member_counts(centre, [each.employer_account_id for each in held])
    columns = [
        Column(
            "name",
            "专户",
            value=lambda a: names[a.employer_id].name,
            lead=True,
            link=lambda a: reverse("web:unit_people", args=[a.account_no]),
        ),
        Column("account_no", "单位账号", "code"),
        Column("opened_on", "开户日期", "date"),
        Column("people", "托管账户", "count", value=lambda a: counts[a.employer_account_id].normal + counts[a.employer_account_id].sealed),
        Column("state", "状态", "state", family="unit"),
    ]
    listed = table(request, held, columns, title="集中封存专户")
    if isinstance(listed, HttpResponse) or not held:
        return page(
            request,
            "hpf/counter/custody_open.html",
            form=form or _form(centre, None),
            business_on=ledger.business_day(centre),
            heading="集中封存",
        )
    note = (
        "单位撤销、解散、破产时，职工账户从单位页“单位销户、转入集中封存”转入；职工有新单位的，从个人页办理内部转移转出。托管期间照常计息。"
    )
    lead = "单位已终止或无单位缴存的账户，由中心集中托管"
    return list_page(request, "hpf/list.html", listed, heading="集中封存", lead=lead, note=note, business_on=ledger.business_day(centre))


def _form(centre: int, given: Any) -> CustodyAccountForm:
    districts = [(b.district, f"{b.district_name}（{b.name}）") for b in parties.branches(centre)]
    return CustodyAccountForm(given, districts=districts, initial={"name": f"{parties.centre(centre).name}集中封存专户"})
