"""扣款批次: what would be debited now, batches on their way to the bank, and what the bank answered line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hpf.accounts import queries as accounts
from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.states import CollectionState
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.counter.flexible_forms import OrderForm, accepted
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, tell

STATES = [("", "全部"), *((state.value, state.label) for state in CollectionState)]
PLACES = {"NOTHING_TO_COLLECT": "month"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a batch with its person's name."""

    line: contributions.CollectionLineView
    name: str


@require_GET
@needs("page.counter")
def debits(request: HttpRequest) -> HttpResponse:
    """扣款批次, newest first, and what a new batch would debit."""
    return show_debits(request, None)


def show_debits(request: HttpRequest, form: OrderForm | None) -> HttpResponse:
    centre = centre_id(request)
    on = ledger.business_day(centre)
    state = request.GET.get("state", "")
    if state not in dict(STATES):
        raise Http404

    def fetch(limit: int, offset: int) -> tuple[list[contributions.CollectionView], int]:
        return contributions.collections_page(centre, state=state or None, limit=limit, offset=offset)

    columns = [
        Column("collection_no", "扣款批次号", "code", lead=True, link=lambda c: reverse("web:debit", args=[c.collection_no])),
        Column("month", "扣款年月", "month"),
        Column("ordered_on", "发起日", "date"),
        Column("line_count", "笔数", "count"),
        Column("total", "金额", "money"),
        Column("state", "状态", "state", family="debit"),
        Column("remittance_no", "入账清册", "code", link=_list_of),
    ]
    filters = [Filter("state", "状态", STATES)]
    listed = table(
        request, None, columns, title="扣款批次", filters=filters, fetch=fetch, export=f"扣款批次_{on}", empty="还没有扣款批次。"
    )
    return list_page(
        request, "hpf/counter/debits.html", listed, business_on=on, due=contributions.due(centre, Month.of(on)),
        debit_day=contributions.debit_day_of_month(centre, on), form=form or OrderForm(prefix="order", initial={"month": str(Month.of(on))}),
    )  # fmt: skip


def _list_of(view: contributions.CollectionView) -> str | None:
    return reverse("web:counter_list", args=[view.remittance_no]) if view.remittance_no else None


@require_POST
@needs("contributions.collect")
def debits_order(request: HttpRequest) -> HttpResponse:
    """发起扣款: one batch of everything that is due by a month that has begun."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    form = OrderForm(request.POST, prefix="order")
    if form.is_valid() and form.cleaned_data["month"] > Month.of(on):
        form.add_error("month", f"{form.cleaned_data['month'].text}尚未开始，不能提前扣款，请填{Month.of(on).text}或以前的月份。")
    if not form.is_valid():
        return show_debits(request, form)
    decision = services.collect(
        by=actor(request), centre_id=centre, month=form.cleaned_data["month"], business_on=on, key=form_key(request), at=now()
    )
    if not accepted(form, decision, PLACES) or decision.value is None:
        return show_debits(request, form)
    tell(request, decision, f"已发起扣款{decision.value.lines}笔，共{decision.value.total.text}元，等待银行返回结果，不要重复发起。")
    return redirect("web:debit", collection_no=decision.value.collection_no)


@require_GET
@needs("page.counter")
def debit(request: HttpRequest, collection_no: str) -> HttpResponse:
    """One batch: its sums, and each line with the bank's answer."""
    centre = centre_id(request)
    found = contributions.collection(centre, collection_no)
    state = request.GET.get("state", "")
    if found is None or state not in dict(STATES):
        raise Http404

    def fetch(limit: int, offset: int) -> tuple[list[Row], int]:
        lines, total = contributions.collection_lines_page(centre, collection_no, state=state or None, limit=limit, offset=offset)
        members = accounts.member_accounts_by_no(centre, [line.account_no for line in lines])
        people = parties.persons([member.person_id for member in members.values()])
        return [Row(line, people[members[line.account_no].person_id].name) for line in lines], total

    columns = [
        Column("line_no", "行", "count", value=lambda r: r.line.line_no),
        Column("name", "姓名", lead=True, link=lambda r: reverse("web:agreement", args=[r.line.agreement_no])),
        Column("account_no", "个人账号", "code", value=lambda r: r.line.account_no),
        Column("first_month", "起始年月", "month", value=lambda r: r.line.first_month),
        Column("months", "月数", "count", value=lambda r: r.line.months),
        Column("amount", "扣款额", "money", value=lambda r: r.line.amount),
        Column("state", "状态", "state", value=lambda r: r.line.state, family="debit"),
        Column("failure", "失败原因", value=lambda r: r.line.failure),
    ]
    filters = [Filter("state", "状态", STATES)]
    looked_at(request, subject=f"查看扣款批次{collection_no}")
    listed = table(request, None, columns, title="扣款明细", filters=filters, fetch=fetch, export=f"扣款明细_{collection_no}", size=50)
    return list_page(
        request, "hpf/counter/debit.html", listed, found=found, business_on=ledger.business_day(centre),
        sums=contributions.collection_sums(centre, collection_no), bank=contributions.bank_word(centre, collection_no),
    )  # fmt: skip


@require_POST
@needs("contributions.settle_collection")
def debit_settle(request: HttpRequest, collection_no: str) -> HttpResponse:
    """扣款结果入账 without waiting for the day's close, once the bank has said its last word."""
    centre = centre_id(request)
    if contributions.collection(centre, collection_no) is None:
        raise Http404
    decision = services.settle_collection(
        by=actor(request), centre_id=centre, collection_no=collection_no, business_on=ledger.business_day(centre), key=form_key(request), at=now()
    )  # fmt: skip
    settled: Any = decision.value
    if tell(request, decision, "扣款结果已入账。") and settled:
        messages.info(
            request,
            f"成功{settled.booked}笔，共{settled.total.text}元；失败{settled.failed}笔，{len(settled.paused)}份协议因连续失败暂停。",
        )
    return redirect("web:debit", collection_no=collection_no)
