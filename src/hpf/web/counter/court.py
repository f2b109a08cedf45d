"""司法查控: the court desk. Only who holds the post comes here, and every look is written down.

The marks name the paper and not the person: the person reads in her own list who looked at her data, and of a court's
question she is not told (ADR 0013).
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.freezes import queries as freezes
from hpf.freezes import services
from hpf.freezes.rules.orders import Action, OrderState, Payee
from hpf.ledger import queries as ledger
from hpf.web.beside import say_beside
from hpf.web.counter.court_forms import PLACES, CourtPayeeForm, PaperForm, prefilled
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell

ENDING_SOON = timedelta(days=30)
PURPOSE = "办理司法查控"


@require_GET
@never_cache
@needs("page.court")
def court(request: HttpRequest) -> HttpResponse:
    """Papers with their state; what waits, what is late, what ends soon, what money did not arrive."""
    centre, state = centre_id(request), request.GET.get("state", "")
    if state and state not in OrderState.__members__:
        raise Http404
    on = ledger.business_day(centre)

    def fetch(limit: int, offset: int) -> tuple[list[freezes.OrderLine], int]:
        return freezes.orders(centre, state, limit=limit, offset=offset)

    columns = [
        Column("order_no", "文书号", "code", lead=True, link=lambda o: reverse("web:court_order", args=[o.order_no])),
        Column("action", "事项", value=lambda o: o.action.label),
        Column("court_name", "法院"),
        Column("case_no", "案号"),
        Column("person_name", "被执行人"),
        Column("state", "状态", "state", family="court_order"),
        Column("result", "结果", value=lambda o: o.result.label if o.state is OrderState.ANSWERED else "—"),
        Column("received_at", "收文时刻", "moment"),
        Column("due_at", "答复时限", "moment"),
    ]
    filters = [Filter("state", "状态", [("", "全部"), *((s.value, s.label) for s in OrderState)])]
    listed = table(request, None, columns, title="查控文书", filters=filters, fetch=fetch, empty="没有查控文书。")
    looked_at(request, subject="查控文书清单", purpose=PURPOSE)
    return list_page(
        request, "hpf/counter/court.html", listed, heading="司法查控", business_on=on,
        waiting=freezes.orders(centre, OrderState.ENTERED, limit=1)[1], late=freezes.late(centre, now()),
        ending=freezes.ending(centre, on + ENDING_SOON, limit=20), unpaid=freezes.deductions_open(centre),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@needs("page.court")
@needs("freezes.enter")
def court_new(request: HttpRequest) -> HttpResponse:
    """录入: a paper from the counter, or a later one about the freeze named by `?freeze=`. Another officer checks it."""
    centre = centre_id(request)
    form = PaperForm(request.POST or None, request.FILES or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        entered = services.enter_order(
            by=actor(request), centre_id=centre, paper=form.paper(), documents=form.documents(), key=form_key(request), at=now()
        )
        if entered.value is not None:
            messages.success(request, f"查控文书{entered.value.order_no}已录入，待另一名查控人员复核后办理。")
            return redirect("web:court_order", order_no=entered.value.order_no)
        say_beside(form, entered.reasons, PLACES)
    return page(
        request, "hpf/form.html", form=form, heading="录入查控文书", lead="司法查控", submit="提交复核", back=reverse("web:court"),
        explain="核对裁定书、协助执行通知书和两名执行人员的工作证、执行公务证，缺一不办。录入后由另一名查控人员复核，复核通过时才办理并排定先后。",
    )  # fmt: skip


def _initial(request: HttpRequest) -> dict[str, object]:
    freeze_no, action = request.GET.get("freeze", ""), request.GET.get("action", "")
    found = freezes.freeze(centre_id(request), freeze_no) if freeze_no else None
    if found is None:
        return {}
    looked_at(request, subject=f"司法冻结 {freeze_no}", purpose=PURPOSE)
    order = freezes.order(centre_id(request), found.order_no)
    assert order is not None
    chosen = {"action": action} if action in Action.__members__ else {}
    return {**prefilled(order.paper, freeze_no, found.account_no), **chosen}


@require_GET
@never_cache
@needs("page.court")
def court_order(request: HttpRequest, order_no: str) -> HttpResponse:
    """One paper: what it says, what it came to, the queue of the account as it stands now, and everything that happened."""
    centre, found = centre_id(request), _found(request, order_no)
    answer = found.answer
    account_no = answer.account_no if answer else ""
    queue = freezes.queue_of(centre, account_no) if account_no else []
    own = {view.freeze_no for view in queue if view.order_no == order_no} | ({answer.freeze_no} if answer and answer.freeze_no else set())
    happened = freezes.events(centre, sorted(own)) if own else []
    looked_at(request, subject=f"查控文书 {order_no}", purpose=PURPOSE)
    done = found.deduction
    return page(
        request, "hpf/counter/court_order.html", found=found, answer=answer, queue=queue, own=own, happened=happened,
        names=_names([found.maker, found.checker or "", *(event.by for event in happened)]),
        is_maker=found.maker == actor(request).user_id, payee=CourtPayeeForm(prefix="payee"),
        corrected_by_me=done is not None and done.state == "CORRECTED" and done.maker == actor(request).user_id,
        late=found.state is OrderState.ENTERED and found.due_at < now(),
    )  # fmt: skip


@require_GET
@never_cache
@needs("page.court")
def court_document(request: HttpRequest, order_no: str, document_id: int) -> HttpResponse:
    """An attachment, as it was scanned."""
    found = freezes.document(centre_id(request), order_no, document_id)
    if found is None:
        raise Http404
    looked_at(request, subject=f"查控文书 {order_no} 附件 {document_id}", purpose=PURPOSE)
    filename, content = found
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response


@require_POST
@needs("page.court")
@needs("freezes.check")
def court_decide(request: HttpRequest, order_no: str, what: str) -> HttpResponse:
    """复核: 通过 serves the paper now; 退回 says why nothing was done."""
    common = {"by": actor(request), "centre_id": centre_id(request), "order_no": order_no, "key": form_key(request), "at": now()}
    match what:
        case "pass":
            tell(request, services.pass_order(**common), "已复核并办理，结果见答复。")  # type: ignore[arg-type]
        case "return":
            tell(request, services.return_order(opinion=request.POST.get("opinion", ""), **common), "已退回录入人。")  # type: ignore[arg-type]
        case _:
            raise Http404
    return redirect("web:court_order", order_no=order_no)


@require_POST
@needs("page.court")
def court_payment(request: HttpRequest, order_no: str, what: str) -> HttpResponse:
    """付款未成: one officer enters the corrected account, another passes it; the money has been lying aside."""
    found = _found(request, order_no)
    if found.deduction is None:
        raise Http404
    common = {
        "by": actor(request), "centre_id": centre_id(request), "deduction_no": found.deduction.deduction_no, "key": form_key(request), "at": now(),
    }  # fmt: skip
    match what:
        case "correct":
            form = CourtPayeeForm(request.POST, prefix="payee")
            if not form.is_valid():
                messages.error(request, "请填写执行款专户的户名和账号。")
            else:
                said = form.cleaned_data
                done = services.correct_payee(payee=Payee(said["name"], said["account"], said["bank"]), **common)  # type: ignore[arg-type]
                tell(request, done, "收款账户已更正，待另一名查控人员复核后付款。")
        case "repay":
            tell(request, services.repay(**common), "已复核，付款指令已生成。")  # type: ignore[arg-type]
        case _:
            raise Http404
    return redirect("web:court_order", order_no=order_no)


def _names(by: list[str]) -> dict[str, str]:
    """Who did it; what a court's machine sent reads as the courts' platform."""
    return access.names(by) | {each: "法院平台" for each in by if each.startswith("client:")}


def _found(request: HttpRequest, order_no: str) -> freezes.OrderView:
    found = freezes.order(centre_id(request), order_no)
    if found is None:
        raise Http404
    return found
