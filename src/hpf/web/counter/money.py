"""暂收款 付款 退款: money that waits for its owner, and money on its way out."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access.services import submit
from hpf.contributions import queries as contributions
from hpf.contributions import services as contribution_services
from hpf.contributions.services import Payee, RefundedLine
from hpf.ledger import queries as ledger
from hpf.treasury import queries as treasury
from hpf.treasury import services as treasury_services
from hpf.web.counter.actions import ACTIONS
from hpf.web.counter.forms import AssignForm, PayeeForm, PrepayForm, ReasonForm, RefundForm
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell


@require_GET
@needs("page.suspense")
def suspense(request: HttpRequest) -> HttpResponse:
    """暂收款 (219) with age; older than three days is marked."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    columns = [
        Column(
            "receipt_no",
            "收款编号",
            "code",
            value=lambda s: s.receipt.receipt_no,
            lead=True,
            link=lambda s: reverse("web:receipt", args=[s.receipt.receipt_no]),
        ),
        Column("bank_on", "到账日", "date", value=lambda s: s.receipt.bank_on),
        Column("age_days", "账龄（日）", "count"),
        Column("payer_name", "付款户名", value=lambda s: s.receipt.payer_name),
        Column("summary", "附言", value=lambda s: s.receipt.summary),
        Column("amount", "到账金额", "money", value=lambda s: s.receipt.amount),
        Column("remaining", "未用金额", "money", value=lambda s: s.receipt.remaining, total=True),
        Column("state", "状态", "state", value=lambda s: s.receipt.state, family="receipt"),
        Column("explanation", "原因", value=lambda s: s.receipt.explanation, sort=False),
        Column("alert", "提示", value=lambda s: "超过3日" if s.alert else ""),
    ]
    filters = [
        Filter("age", "账龄", [("", "全部"), ("old", "超过3日")]),
        Filter("text", "户名或附言"),
    ]
    old, text = request.GET.get("age") == "old", request.GET.get("text", "").strip()
    totals = treasury.suspense_totals(centre, on, old=old, text=text)

    def fetch(limit: int, offset: int) -> tuple[list[treasury.SuspenseView], int]:
        return treasury.suspense(centre, on, old=old, text=text, limit=limit, offset=offset), totals.count

    listed = table(
        request,
        None,
        columns,
        title="暂收款",
        filters=filters,
        fetch=fetch,
        export=f"暂收款_{on}",
        empty="没有待认领的款项。",
    )
    return list_page(
        request,
        "hpf/list.html",
        listed,
        heading="暂收款",
        business_on=on,
        lead=f"已到账、尚未找到业务的款项，记在其他应付款（219）；共{totals.count:,}笔，未用{totals.money.text}元",
    )


@require_GET
@needs("page.suspense")
def receipt(request: HttpRequest, receipt_no: str) -> HttpResponse:
    """One receipt and what may be done with it."""
    centre = centre_id(request)
    found = treasury.receipt(centre, receipt_no)
    if found is None:
        raise Http404
    candidates = contributions.remittances(centre, state="CONFIRMED", expected=found.remaining, limit=20) if found.remaining else []
    return page(
        request, "hpf/counter/receipt.html", found=found, candidates=candidates, business_on=ledger.business_day(centre),
        assign=AssignForm(prefix="assign"), prepay=PrepayForm(prefix="prepay"), refund=ReasonForm(prefix="refund"),
    )  # fmt: skip


@require_POST
@needs("page.suspense")
def receipt_use(request: HttpRequest, receipt_no: str, what: str) -> HttpResponse:
    """认领, 转预缴; a refund goes to a checker."""
    centre = centre_id(request)
    found = treasury.receipt(centre, receipt_no)
    if found is None:
        raise Http404
    by, key, on = actor(request), form_key(request), ledger.business_day(centre)
    forms = {"assign": AssignForm, "prepay": PrepayForm, "refund": ReasonForm}
    if what not in forms:
        raise Http404
    form = forms[what](request.POST, prefix=what)
    if not form.is_valid():
        messages.error(request, "请填写完整后再提交。")
        return redirect("web:receipt", receipt_no=receipt_no)
    said = form.cleaned_data
    match what:
        case "assign":
            tell(
                request,
                treasury_services.assign_receipt(
                    by=by, centre_id=centre, receipt_no=receipt_no, reference=said["reference"].strip(), key=key
                ),
                "已认领，日终时记账。",
            )
        case "prepay":
            decision = contribution_services.prepay(
                by=by,
                centre_id=centre,
                employer_account_no=said["employer_account_no"].strip(),
                receipt_no=receipt_no,
                business_on=on,
                key=key,
                at=now(),
            )
            tell(request, decision, "已转为单位预缴。")
        case "refund":
            shown = [["收款编号", receipt_no], ["付款户名", found.payer_name], ["退回金额", found.remaining.text], ["原因", said["reason"]]]
            done = submit(
                by=by, centre_id=centre, action="treasury.refund_receipt", title=ACTIONS["treasury.refund_receipt"].title, subject=found.payer_name,
                content={"receipt_no": receipt_no, "reason": said["reason"]}, shown=shown, at=now(), key=key,
            )  # fmt: skip
            messages.success(request, f"已提交复核，业务编号{done.submission_no}。")
    return redirect("web:receipt", receipt_no=receipt_no)


@require_GET
@needs("page.suspense")
def payments(request: HttpRequest) -> HttpResponse:
    """付款 of the last three months, and where each one is."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    rows = treasury.payments(centre, since=on - timedelta(days=92), until=on + timedelta(days=1), limit=2000)
    columns = [
        Column("payment_no", "付款编号", "code", lead=True),
        Column("ordered_on", "指令日", "date"),
        Column("source_no", "业务编号", "code"),
        Column("amount", "金额", "money", total=True),
        Column("state", "状态", "state", family="payment"),
        Column("explanation", "银行答复"),
        Column("settled_on", "办结日", "date"),
    ]
    filters = [
        Filter(
            "state",
            "状态",
            [("", "全部"), ("READY", "待发送"), ("SENT", "已发送"), ("PROCESSING", "银行处理中"), ("DONE", "成功"), ("FAILED", "失败")],
            keep=lambda p, v: p.state == v,
        )
    ]
    listed = table(request, rows, columns, title="付款", filters=filters, export=f"付款_{on}", empty="近三个月没有付款。")
    return list_page(request, "hpf/list.html", listed, heading="付款", business_on=on)


@require_GET
@needs("page.counter")
def refunds(request: HttpRequest) -> HttpResponse:
    """退款 asked for and decided."""
    rows = contributions.refunds(centre_id(request), limit=500)
    columns = [
        Column("refund_no", "退款号", "code", lead=True, link=lambda r: reverse("web:refund", args=[r.refund_no])),
        Column("kind", "种类", value=lambda r: r.kind.label),
        Column("employer_account_no", "单位账号", "code"),
        Column("total", "金额", "money"),
        Column("reason", "原因"),
        Column("applied_on", "申请日", "date"),
        Column("state", "状态", "state", family="refund"),
    ]
    filters = [
        Filter(
            "state",
            "状态",
            [("", "全部"), ("APPLIED", "待复核"), ("ORDERED", "付款中"), ("FAILED", "付款未成"), ("REFUSED", "未通过")],
            keep=lambda r, v: r.state == v,
        )
    ]
    listed = table(request, rows, columns, title="退款", filters=filters, export="退款", empty="没有退款申请。")
    return list_page(request, "hpf/list.html", listed, heading="错缴退款")


@require_http_methods(["GET", "POST"])
@needs("page.counter")
@needs("contributions.refund")
def refund_new(request: HttpRequest, remittance_no: str) -> HttpResponse:
    """错缴退款申请 against a booked list; another person decides."""
    centre = centre_id(request)
    found = contributions.remittance(centre, remittance_no)
    if found is None:
        raise Http404
    form = RefundForm(request.POST or None, initial={"month": str(found.month)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        decision = contribution_services.refund_mispayment(
            by=actor(request), centre_id=centre, remittance_no=remittance_no, lines=(RefundedLine(said["account_no"], said["month"], said["employer"], said["member"]),),
            reason=said["reason"], payee=Payee(said["payee_name"], said["payee_account"], said["payee_bank"]), business_on=ledger.business_day(centre),
            key=form_key(request), at=now(),
        )  # fmt: skip
        if tell(request, decision, "退款申请已提交复核。") and decision.value:
            return redirect("web:refund", refund_no=decision.value.refund_no)
    return page(
        request,
        "hpf/form.html",
        form=form,
        heading="错缴退款申请",
        lead=f"清册 {remittance_no}",
        submit="提交复核",
        back=reverse("web:counter_list", args=[remittance_no]),
    )


@require_GET
@needs("page.counter")
def refund(request: HttpRequest, refund_no: str) -> HttpResponse:
    found = contributions.refund(centre_id(request), refund_no)
    if found is None:
        raise Http404
    lines = contributions.refund_lines(centre_id(request), refund_no)
    return page(request, "hpf/counter/refund.html", found=found, lines=lines, payee=PayeeForm(prefix="payee"))


@require_POST
@needs("page.counter")
def refund_decide(request: HttpRequest, refund_no: str, what: str) -> HttpResponse:
    """复核通过, 不予通过; money that came back is paid again to the right account or becomes prepaid."""
    centre = centre_id(request)
    common = {"by": actor(request), "centre_id": centre, "refund_no": refund_no, "key": form_key(request), "at": now()}
    opinion = request.POST.get("opinion", "").strip()
    match what:
        case "approve":
            approved = contribution_services.approve_refund(business_on=ledger.business_day(centre), opinion=opinion, **common)
            tell(request, approved, "已复核，付款指令已生成。")
        case "refuse":
            tell(request, contribution_services.refuse_refund(opinion=opinion, **common), "已不予通过。")
        case "again":
            form = PayeeForm(request.POST, prefix="payee")
            if form.is_valid():
                payee = Payee(form.cleaned_data["name"], form.cleaned_data["account"], form.cleaned_data["bank"])
                tell(request, contribution_services.resubmit_refund(payee=payee, **common), "已重新提交复核。")
            else:
                messages.error(request, "请填写收款户名、收款账号和收款银行代码")
        case "keep":
            kept = contribution_services.keep_refund(business_on=ledger.business_day(centre), **common)
            tell(request, kept, "已转入单位预缴。")
        case _:
            raise Http404
    return redirect("web:refund", refund_no=refund_no)
