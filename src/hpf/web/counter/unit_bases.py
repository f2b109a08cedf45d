"""年度基数调整 at the counter, for a unit that brings its file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.accounts import queries as accounts
from hpf.contributions import queries as contributions
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.counter.unit import unit_of
from hpf.web.employer.base_files import Side, decide_page, original_file, proposal_page, proposals_table, template_file, upload_page
from hpf.web.listing import list_page
from hpf.web.page import centre_id, looked_at, needs


def _side(request: HttpRequest, account: accounts.EmployerAccountView) -> Side:
    return Side(
        account,
        parties.employer(centre_id(request), account.employer_id).name,
        reverse("web:unit_bases", args=[account.account_no]),
        lambda number: reverse("web:counter_base_change", args=[number]),
        lambda account_no: reverse("web:counter_person", args=[account_no]),
    )


def _found(request: HttpRequest, base_change_no: str) -> tuple[Side, contributions.BaseChangeView]:
    found = contributions.base_change(centre_id(request), base_change_no)
    if found is None:
        raise Http404
    return _side(request, accounts.employer_account_by_id(centre_id(request), found.employer_account_id)), found


@require_GET
@needs("page.counter")
def proposals(request: HttpRequest, account_no: str) -> HttpResponse:
    side = _side(request, unit_of(request, account_no))
    listed = proposals_table(request, side)
    links = [("代为上传基数调整表", "new/", "file-upload")] if _may(request) else []
    links.append(("返回单位", "../", "arrow-left"))
    return list_page(
        request,
        "hpf/list.html",
        listed,
        heading="年度基数调整",
        lead=side.name,
        links=links,
        business_on=ledger.business_day(centre_id(request)),
    )


@require_http_methods(["GET", "POST"])
@needs("page.counter")
@needs("contributions.adjust_bases")
def upload(request: HttpRequest, account_no: str) -> HttpResponse:
    return upload_page(request, _side(request, unit_of(request, account_no)), ledger.business_day(centre_id(request)))


@require_GET
@needs("page.counter")
@needs("contributions.adjust_bases")
def template(request: HttpRequest, account_no: str) -> HttpResponse:
    return template_file(request, _side(request, unit_of(request, account_no)))


@require_GET
@needs("page.counter")
def proposal(request: HttpRequest, base_change_no: str) -> HttpResponse:
    side, found = _found(request, base_change_no)
    looked_at(request, employer_id=side.account.employer_id, subject=f"查看基数调整{base_change_no}")
    return proposal_page(request, side, found, ledger.business_day(centre_id(request)))


@require_GET
@needs("page.counter")
@needs("contributions.adjust_bases")
def original(request: HttpRequest, base_change_no: str) -> HttpResponse:
    side, found = _found(request, base_change_no)
    return original_file(request, side, found)


@require_POST
@needs("page.counter")
@needs("contributions.adjust_bases")
def decide(request: HttpRequest, base_change_no: str, what: str) -> HttpResponse:
    side, found = _found(request, base_change_no)
    return decide_page(request, side, found, what)


def _may(request: HttpRequest) -> bool:
    return "contributions.adjust_bases" in request.visit.actor.permissions  # type: ignore[attr-defined]
