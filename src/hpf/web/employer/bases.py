"""年度基数调整 by the unit itself: upload, look, correct, confirm."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.contributions import queries as contributions
from hpf.web.employer.base_files import Side, decide_page, original_file, proposal_page, proposals_table, template_file, upload_page
from hpf.web.employer.unit import Unit, own_unit
from hpf.web.listing import list_page
from hpf.web.page import centre_id, needs


def _own(request: HttpRequest) -> tuple[Unit, Side]:
    unit = own_unit(request)
    side = Side(
        unit.account,
        unit.employer.name,
        reverse("web:bases"),
        lambda number: reverse("web:base_change", args=[number]),
        lambda account_no: reverse("web:person", args=[account_no]),
    )
    return unit, side


def _found(request: HttpRequest, base_change_no: str) -> tuple[Unit, Side, contributions.BaseChangeView]:
    """A file of the operator's unit; another unit's is not found."""
    unit, side = _own(request)
    found = contributions.base_change(centre_id(request), base_change_no)
    if found is None or found.employer_account_id != unit.account.employer_account_id:
        raise Http404
    return unit, side, found


@require_GET
@needs("page.employer")
def proposals(request: HttpRequest) -> HttpResponse:
    unit, side = _own(request)
    listed = proposals_table(request, side)
    links = [("上传基数调整表", "new/", "file-upload")]
    return list_page(request, "hpf/list.html", listed, heading="年度基数调整", lead=side.name, links=links, business_on=unit.on)


@require_http_methods(["GET", "POST"])
@needs("page.employer")
def upload(request: HttpRequest) -> HttpResponse:
    unit, side = _own(request)
    return upload_page(request, side, unit.on)


@require_GET
@needs("page.employer")
def template(request: HttpRequest) -> HttpResponse:
    return template_file(request, _own(request)[1])


@require_GET
@needs("page.employer")
def proposal(request: HttpRequest, base_change_no: str) -> HttpResponse:
    unit, side, found = _found(request, base_change_no)
    return proposal_page(request, side, found, unit.on)


@require_GET
@needs("page.employer")
def original(request: HttpRequest, base_change_no: str) -> HttpResponse:
    _, side, found = _found(request, base_change_no)
    return original_file(request, side, found)


@require_POST
@needs("page.employer")
def decide(request: HttpRequest, base_change_no: str, what: str) -> HttpResponse:
    _, side, found = _found(request, base_change_no)
    return decide_page(request, side, found, what)
