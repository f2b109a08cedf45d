"""首付款追回: paid down payments whose deal is not final; asked about again, demanded back, the letter to print."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.law import law_in_force
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell
from hpf.withdrawals import queries, services
from hpf.withdrawals.rules.explaining import cited_text
from hpf.withdrawals.rules.facts_of_housing import DEAL_STATES

SHOWN = [("OPEN", "交易未办结"), ("OVERDUE", "已过网签期限"), ("", "全部含已追回")]


@require_GET
@needs("page.counter")
def deals(request: HttpRequest) -> HttpResponse:
    """首付款追回: the earliest day first."""
    centre = centre_id(request)
    on, which = ledger.business_day(centre), request.GET.get("state", "OPEN")
    if which not in dict(SHOWN):
        raise Http404

    def fetch(limit: int, offset: int) -> tuple[list[Any], int]:
        found, count = queries.deals(centre, on, which, limit=limit, offset=offset)
        names = parties.persons([each.person_id for each in found])
        return [(each, names[each.person_id].name) for each in found], count

    columns = [
        Column("application_no", "申请号", "code", lead=True, value=lambda r: r[0].application_no, link=lambda r: reverse("web:withdrawal", args=[r[0].application_no])),
        Column("name", "缴存人", value=lambda r: r[1]),
        Column("amount", "已付首付款", "money", value=lambda r: r[0].amount),
        Column("payee", "监管账户户名", value=lambda r: r[0].payee_name),
        Column("paid_on", "到账日", "date", value=lambda r: r[0].paid_on),
        Column("sign_by", "网签期限", "short", value=lambda r: _term(r[0], on)),
        Column("deal", "交易状态", "short", value=lambda r: DEAL_STATES.get(r[0].deal_state, "未核查")),
        Column("claim", "追回", "short", value=lambda r: r[0].claim.state.text if r[0].claim else "—"),
    ]  # fmt: skip
    filters = [Filter("state", "范围", SHOWN, value="OPEN")]
    listed = table(
        request, None, columns, title="首付款追回", filters=filters, fetch=fetch, export="首付款追回", empty="没有须核查的首付款。"
    )
    return list_page(
        request,
        "hpf/list.html",
        listed,
        heading="首付款追回",
        lead="每日自动核查已过网签期限的交易；未成或者逾期未网签的，通知退回个人账户",
    )


def _term(deal: queries.DealView, on: Any) -> str:
    if deal.sign_by is None:
        return "—"
    left = (deal.sign_by - on).days
    return f"{deal.sign_by}，{f'超{-left}天' if left < 0 else f'余{left}天'}"


@require_POST
@needs("withdrawals.claim")
def deal_act(request: HttpRequest, application_no: str, what: str) -> HttpResponse:
    """核查交易, 登记交易, 通知退回, 登记拒不退回."""
    centre = centre_id(request)
    on, found = ledger.business_day(centre), queries.deal(centre, application_no)
    if found is None:
        raise Http404
    common: dict[str, Any] = {"by": actor(request), "centre_id": centre, "at": now(), "key": form_key(request)}
    said = request.POST
    match what:
        case "check":
            tell(request, services.check_deal(application_no=application_no, business_on=on, **common), "已核查交易状态。")
        case "record":
            state, source = said.get("deal_state", "")[:20], said.get("source", "")[:80]
            done = services.record_deal(application_no=application_no, deal_state=state, source=source, on=on, **common)
            tell(request, done, "已登记交易状态。")
        case "demand":
            demanded = services.demand_back(application_no=application_no, business_on=on, **common)
            if tell(request, demanded, "已通知退回，请打印通知书送达。") and demanded.value is not None:
                return redirect("web:claim", claim_no=demanded.value.claim_no)
        case "refuse" if found.claim is not None:
            tell(request, services.note_refusal(claim_no=found.claim.claim_no, words=said.get("words", "")[:300], **common), "已登记。")
        case _:
            raise Http404
    return redirect("web:withdrawal", application_no=application_no)


@require_GET
@needs("page.counter")
def claim(request: HttpRequest, claim_no: str) -> HttpResponse:
    """退回通知书: amount, article, day and the number under which to pay."""
    centre = centre_id(request)
    found = queries.claim(centre, claim_no)
    case = queries.application(centre, found.application_no) if found else None
    if found is None or case is None:
        raise Http404
    person = parties.person(case.person_id)
    looked_at(request, person_id=person.person_id, subject=f"查看首付款追回{claim_no}", purpose="办理提取")
    return page(
        request, "hpf/counter/claim.html", claim=found, case=case, person=person, law=law_in_force(found.law, found.demanded_on),
        centre=parties.centre(centre), cited=[cited_text(law) for law in found.law],
    )  # fmt: skip
