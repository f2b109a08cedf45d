"""缓缴降比审批: the centre reviews, another person approves."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hpf.accounts import queries as accounts
from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.states import DEFERRAL_STATE_LABELS
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell


@require_GET
@needs("page.counter")
def deferrals(request: HttpRequest) -> HttpResponse:
    centre = centre_id(request)
    rows = contributions.deferrals(centre, limit=1000)
    names = parties.employers_by_id(centre, [r.employer_id for r in rows])
    columns = [
        Column("deferral_no", "申请号", "code", lead=True, link=lambda d: reverse("web:deferral_decide", args=[d.deferral_no])),
        Column("employer", "单位", value=lambda d: names[d.employer_id].name),
        Column("kind", "事项", value=lambda d: d.kind.label),
        Column("since_month", "起始", "month"),
        Column("until_month", "恢复", "month"),
        Column("state", "状态", "state", family="deferral"),
        Column("due_on", "答复期限", "date"),
    ]
    filters = [
        Filter(
            "state",
            "状态",
            [("", "全部"), *((s.value, label) for s, label in DEFERRAL_STATE_LABELS.items())],
            keep=lambda d, v: d.state == v,
        )
    ]
    listed = table(request, rows, columns, title="缓缴降比", filters=filters, export="缓缴降比", empty="没有申请。")
    return list_page(request, "hpf/list.html", listed, heading="缓缴降比审批", lead="《住房公积金管理条例》第二十条：中心审核，管委会批准")


@require_GET
@needs("page.counter")
def deferral(request: HttpRequest, deferral_no: str) -> HttpResponse:
    centre = centre_id(request)
    found = contributions.deferral(centre, deferral_no)
    if found is None:
        raise Http404
    return page(
        request, "hpf/counter/deferral.html", found=found, employer=parties.employer(centre, found.employer_id),
        account=accounts.employer_account_by_id(centre, found.employer_account_id), owed=contributions.deferred_owed(centre, deferral_no),
        original=contributions.original(centre, found.resolution_id),
    )  # fmt: skip


@require_GET
@needs("page.counter")
def resolution(request: HttpRequest, deferral_no: str) -> HttpResponse:
    """决议原件, as it came; always as a download, never shown as a page of ours."""
    centre = centre_id(request)
    found = contributions.deferral(centre, deferral_no)
    original = contributions.original(centre, found.resolution_id) if found else None
    if original is None:
        raise Http404
    response = HttpResponse(original.content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="resolution-{deferral_no}"'
    return response


@require_POST
@needs("page.counter")
def decide(request: HttpRequest, deferral_no: str, what: str) -> HttpResponse:
    """审核, 批准, 不予批准, 恢复缴存."""
    centre = centre_id(request)
    opinion, number = request.POST.get("opinion", "").strip(), request.POST.get("decision_no", "").strip()
    common = {"by": actor(request), "centre_id": centre, "deferral_no": deferral_no, "key": form_key(request), "at": now()}
    on = ledger.business_day(centre)
    match what:
        case "review":
            tell(request, services.review_deferral(opinion=opinion, **common), "已审核，待批准。")
        case "approve":
            tell(request, services.approve_deferral(opinion=opinion, decision_no=number, business_on=on, **common), "已批准。")
        case "refuse":
            tell(request, services.refuse_deferral(opinion=opinion, decision_no=number, **common), "已不予批准。")
        case "end":
            tell(request, services.end_deferral(business_on=on, **common), "已恢复缴存。")
        case _:
            raise Http404
    return redirect("web:deferral_decide", deferral_no=deferral_no)
