"""缴存清册: upload, watch, read the defects, correct, confirm, pay."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.accounts import queries as accounts
from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.states import KIND_LABELS, STATE_LABELS, RemittanceKind, RemittanceState
from hpf.kernel.money import ZERO, Money
from hpf.ledger import queries as ledger
from hpf.treasury import queries as treasury
from hpf.web.employer.forms import ListForm
from hpf.web.employer.unit import Unit, own_list, own_unit
from hpf.web.listing import Column, Filter, Table, export_file, list_page, table
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell

STEPS = ["提交清册", "核对差错", "单位确认", "缴款到账", "记入个人账户"]
STEP_OF = {"RECEIVED": 1, "CHECKED": 2, "CONFIRMED": 3, "PAID": 4, "BOOKED": 5}


@require_http_methods(["GET", "POST"])
@needs("page.employer")
def upload(request: HttpRequest) -> HttpResponse:
    """提交缴存清册: a file, kept as it comes and read by the worker; or the roster of the month."""
    unit = own_unit(request)
    replaces = request.GET.get("replaces", "")
    initial = {"month": str(unit.account.next_month), "kind": RemittanceKind.REGULAR.value}
    if replaces:
        _, old = own_list(request, replaces)
        initial = {"month": str(old.month), "kind": old.kind.value}
    form = ListForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said, file = form.cleaned_data, form.cleaned_data["file"]
        submitted = services.submit_list(
            by=actor(request), centre_id=centre_id(request), employer_account_no=unit.account_no, month=said["month"],
            kind=RemittanceKind(said["kind"]), filename=file.name, content=file.read(), key=form_key(request), at=now(),
            replaces=replaces or None,
        )  # fmt: skip
        return redirect("web:work", job_id=submitted.job_id)
    return page(request, "hpf/employer/upload.html", form=form, unit=unit, replaces=replaces, business_on=unit.on)


@require_POST
@needs("page.employer")
def prepare(request: HttpRequest) -> HttpResponse:
    """按在册职工编制: the roster as it stands, without a file."""
    unit = own_unit(request)
    decision = services.prepare_list(
        by=actor(request),
        centre_id=centre_id(request),
        employer_account_no=unit.account_no,
        month=unit.account.next_month,
        key=form_key(request),
        at=now(),
    )
    if tell(request, decision, "已按在册职工编制，请核对后确认。") and decision.value:
        return redirect("web:list", remittance_no=decision.value.remittance_no)
    return redirect("web:list_new")


@require_GET
@needs("page.employer")
def template(request: HttpRequest) -> HttpResponse:
    """下载样表: the unit's people with their bases and amounts, ready to send back."""
    unit = own_unit(request)
    lines = accounts.roster(centre_id(request), unit.account.employer_account_id, unit.account.next_month, states=("NORMAL",))
    looked_at(request, kind="EXPORT", employer_id=unit.employer.employer_id, subject=f"下载清册样表 {len(lines)}行")
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("缴存清册")
    head, text, amount = (
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"num_format": "@"}),
        book.add_format({"num_format": "0.00"}),
    )
    for at, label in enumerate(("个人账号", "姓名", "缴存基数", "单位月缴存额", "个人月缴存额", "合计")):
        sheet.write_string(0, at, label, head)
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line.account_no, text)
        sheet.write_string(row, 1, line.name)
        for at, money in enumerate((line.base, line.employer_month, line.member_month, line.employer_month + line.member_month), 2):
            sheet.write_number(row, at, float(str(money)), amount)
    sheet.set_column(0, 5, 16)
    sheet.freeze_panes(1, 0)
    book.close()
    response = HttpResponse(file.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = (
        f"attachment; filename=\"list_{unit.account.next_month}.xlsx\"; filename*=UTF-8''%E7%BC%B4%E5%AD%98%E6%B8%85%E5%86%8C_{unit.account.next_month}.xlsx"
    )
    return response


def list_columns(address: str) -> list[Column]:
    return [
        Column("remittance_no", "清册号", "code", lead=True, link=lambda r: address.format(r.remittance_no)),
        Column("month", "年月", "month"),
        Column("kind", "种类", value=lambda r: KIND_LABELS[r.kind]),
        Column("state", "状态", "state", family="remittance"),
        Column("line_count", "人数", "count"),
        Column("defect_count", "差错", "count"),
        Column("total", "金额", "money"),
        Column("booked_on", "记账日", "date"),
        Column("received_at", "提交时间", "moment"),
    ]


def list_filters() -> list[Filter]:
    return [
        Filter("state", "状态", [("", "全部"), *((s.value, label) for s, label in STATE_LABELS.items())], keep=lambda r, v: r.state == v),
        Filter("kind", "种类", [("", "全部"), *((k.value, label) for k, label in KIND_LABELS.items())], keep=lambda r, v: r.kind == v),
    ]


@require_GET
@needs("page.employer")
def lists(request: HttpRequest) -> HttpResponse:
    """清册与缴款: every list of the unit."""
    unit = own_unit(request)
    rows = contributions.remittances(centre_id(request), employer_account_id=unit.account.employer_account_id, limit=600)
    listed = table(
        request,
        rows,
        list_columns("{}/"),
        title="清册",
        filters=list_filters(),
        export="缴存清册清单",
        employer_id=unit.employer.employer_id,
        empty="还没有提交过清册。",
    )
    return list_page(
        request,
        "hpf/list.html",
        listed,
        heading="清册与缴款",
        lead=unit.employer.name,
        links=[("提交缴存清册", "new/", "file-upload")],
        business_on=unit.on,
    )


@require_GET
@needs("page.employer")
def detail(request: HttpRequest, remittance_no: str) -> HttpResponse:
    """One list: totals that must agree, defects by row, what to do now."""
    unit, found = own_list(request, remittance_no)
    return show_list(request, unit, found, "hpf/employer/list.html")


def show_list(
    request: HttpRequest, unit: Unit | None, found: contributions.RemittanceView, template_name: str, **more: Any
) -> HttpResponse:
    """The list with the page of lines or defects that was asked for, or the defects as a file."""
    centre = centre_id(request)
    lines_table = _lines_table(request, centre, found)
    if isinstance(lines_table, HttpResponse):
        return lines_table
    defects = contributions.defects(centre, found.remittance_no, limit=5000) if found.defect_count else []
    if request.GET.get("defects") in ("xlsx", "csv"):
        looked_at(request, kind="EXPORT", employer_id=found.employer_id, subject=f"清册{found.remittance_no}差错 {len(defects)}条")
        return export_file(request.GET["defects"], f"差错_{found.remittance_no}", _DEFECT_COLUMNS, defects)
    prepaid = _prepaid(found)
    bank = treasury.main_account(centre) if found.state == RemittanceState.CONFIRMED and found.expected else None
    done = STEP_OF.get(found.state, 0)
    steps = [(label, "done" if at < done else "now" if at == done else "") for at, label in enumerate(STEPS)]
    return page(
        request, template_name, unit=unit, found=found, lines=lines_table, defects=defects[:500], bank=bank, prepaid=prepaid,
        steps=steps if done else [], kind=KIND_LABELS[found.kind], names=access.names([found.maker, found.confirmed_by]), business_on=unit.on if unit else None, **more,
    )  # fmt: skip


def _lines_table(request: HttpRequest, centre: int, found: contributions.RemittanceView) -> Table | HttpResponse:
    def fetch(limit: int, offset: int) -> tuple[list[Any], int]:
        rows = contributions.lines(centre, found.remittance_no, after=offset, limit=limit)
        names = accounts.holders(centre, [row.member_account_id for row in rows])
        return [(row, names[row.member_account_id]) for row in rows], found.line_count

    columns = [
        Column("row_no", "行", "code", value=lambda r: r[0].row_no),
        Column("account_no", "个人账号", "code", value=lambda r: r[0].account_no),
        Column("name", "姓名", value=lambda r: r[1], lead=True),
        Column("month", "年月", "month", value=lambda r: r[0].month),
        Column("base", "缴存基数", "money", value=lambda r: r[0].base),
        Column("employer", "单位", "money", value=lambda r: r[0].employer),
        Column("member", "个人", "money", value=lambda r: r[0].member),
        Column("total", "合计", "money", value=lambda r: r[0].total),
    ]
    return table(
        request,
        None,
        columns,
        slug="lines",
        title="清册明细",
        fetch=fetch,
        export=f"清册_{found.remittance_no}",
        size=50,
        employer_id=found.employer_id,
        empty="没有可记账的行。",
    )


_DEFECT_COLUMNS = [
    Column("row_no", "行", "count"),
    Column("column", "列"),
    Column("value", "内容"),
    Column("message", "问题"),
    Column("remedy", "更正办法"),
    Column("law", "依据", value=lambda d: "、".join(d.law)),
]


@require_POST
@needs("page.employer")
def confirm(request: HttpRequest, remittance_no: str) -> HttpResponse:
    """确认: from here the list is the unit's word."""
    own_list(request, remittance_no)
    decision = services.confirm(
        by=actor(request),
        centre_id=centre_id(request),
        remittance_no=remittance_no,
        key=form_key(request),
        at=now(),
        use_prepaid=bool(request.POST.get("use_prepaid")),
    )
    tell(request, decision, "清册已确认，请按缴款通知付款；到账后当日记入个人账户。")
    return redirect("web:list", remittance_no=remittance_no)


@require_POST
@needs("page.employer")
def cancel(request: HttpRequest, remittance_no: str) -> HttpResponse:
    own_list(request, remittance_no)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, "撤销须写明原因，请填写后再提交。")
    else:
        tell(
            request,
            services.cancel(
                by=actor(request), centre_id=centre_id(request), remittance_no=remittance_no, reason=reason, key=form_key(request), at=now()
            ),
            "清册已撤销。",
        )
    return redirect("web:list", remittance_no=remittance_no)


def _prepaid(found: contributions.RemittanceView) -> Money:
    if found.state != RemittanceState.CHECKED or found.employer_account_id is None:
        return ZERO
    account = accounts.employer_account_by_id(found.centre_id, found.employer_account_id)
    return ledger.balance(account.prepaid_ledger_id).available if account.prepaid_ledger_id else ZERO
