"""退回与继承: what the bank could not pay or sent back and waits for another account; estates and how far each one's heirs are paid."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from hpf.parties import queries as parties
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import centre_id, needs
from hpf.withdrawals import queries

SHOWN = [("RETURNED", "退回待付款"), ("ESTATES", "继承办理中"), ("ALL_ESTATES", "全部继承")]


@require_GET
@needs("page.counter")
def payouts(request: HttpRequest) -> HttpResponse:
    """退回与继承: the longest waiting first."""
    centre, which = centre_id(request), request.GET.get("state", "RETURNED")
    if which not in dict(SHOWN):
        raise Http404

    def fetch(limit: int, offset: int) -> tuple[list[Any], int]:
        found, count = queries.payouts(centre, which, limit=limit, offset=offset)
        names = parties.persons([each.person_id for each in found])
        return [(each, names[each.person_id].name) for each in found], count

    columns = [
        Column("application_no", "申请号", "code", lead=True, value=lambda r: r[0].application_no, link=lambda r: reverse("web:withdrawal", args=[r[0].application_no])),
        Column("name", "账户所有人", value=lambda r: r[1]),
        Column("ground", "情形", "short", value=lambda r: r[0].ground.text),
        Column("amount", "待付金额" if which == "RETURNED" else "本息合计", "money", value=lambda r: r[0].amount),
        Column("state", "状态", "state", family="withdrawal", value=lambda r: r[0].state),
        Column("place", "款项在", "short", value=lambda r: _place(r[0])),
        Column("heirs", "继承人到账", "short", value=lambda r: f"{r[0].heirs_paid}/{r[0].heirs}" if r[0].heirs else "—"),
        Column("since", "自", "date", value=lambda r: localtime(r[0].since).date() if r[0].since else None),
        Column("outcome", "原因", value=lambda r: _why(r[0])),
    ]  # fmt: skip
    count, amount = queries.waiting_payouts(centre)
    note = f"等待更正收款账户{count}件，{amount.text}元。" if count else "没有等待更正收款账户的退回款项。"
    listed = table(
        request, None, columns, title="退回与继承", filters=[Filter("state", "范围", SHOWN, value="RETURNED")], fetch=fetch, export="退回与继承",
        empty="没有符合条件的提取。",
    )  # fmt: skip
    return list_page(
        request, "hpf/list.html", listed, heading="退回与继承", note=note,
        lead="银行付不出或者付后退汇的，更正收款账户后重新付款；继承人的更正由另一人复核",
    )  # fmt: skip


def _place(row: queries.Payout) -> str:
    if row.state != "FAILED":
        return "—"
    return "应付款项" if row.beside or row.heirs else "个人账户"


def _why(row: queries.Payout) -> str:
    return f"{'更正待复核；' if row.corrected else ''}{row.outcome}"
