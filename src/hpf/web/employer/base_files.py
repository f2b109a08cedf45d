"""年度基数调整表: what the pages of the unit and of the counter show alike: the form, the template, the preview, the files."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from hpf.access import queries as access
from hpf.accounts import queries as accounts
from hpf.accounts.rules.bases import next_adjustment_month
from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.states import BaseChangeState
from hpf.contributions.rules.workbook import ReadingLimits
from hpf.kernel.period import Month
from hpf.parties import queries as parties
from hpf.policy import queries as policy
from hpf.policy.rules import MissingParameter
from hpf.web.beside import say_beside
from hpf.web.employer.forms import MonthInput, Styled
from hpf.web.listing import Column, Filter, Table, export_file, table
from hpf.web.page import actor, centre_id, form_key, looked_at, now, page, tell

STEPS = ["上传文件", "核对差错", "确认执行"]
PLACES = {"OUTSIDE_WINDOW": "from_month", "MONTH_REMITTED": "from_month"}
SHOWN = [("", "全部"), ("limited", "按上下限核定"), ("lower", "基数降低")]
DEFECT_COLUMNS = [
    Column("row_no", "行", "count"),
    Column("column", "列"),
    Column("value", "内容"),
    Column("message", "问题"),
    Column("remedy", "更正办法"),
    Column("law", "依据", value=lambda d: "、".join(d.law)),
]


class BaseFileForm(Styled):
    """年度基数调整表: the first month and the file."""

    from_month = MonthInput(label="执行年月", help_text="新基数执行的第一个月，尚未汇缴")
    file = forms.FileField(
        label="基数调整表",
        help_text=f"表格文件（.xlsx）或文本文件（.csv），{ReadingLimits().text}",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.txt", "class": "form-control"}),
    )
    file.width = "col-12"  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Side:
    """Whose pages they are: templates and addresses of the unit's own, or of the counter's."""

    account: accounts.EmployerAccountView
    name: str
    list_address: str
    address: Callable[[str], str]
    person_address: Callable[[str], str]


def first_month(account: accounts.EmployerAccountView) -> Month:
    """The month an adjustment would begin with now."""
    months = policy.book(account.centre_id, account.next_month.first_day).text("contribution.base_adjustment_months")
    return next_adjustment_month(account.next_month, months)


def upload_page(request: HttpRequest, side: Side, on: Any) -> HttpResponse:
    """The form; a file is kept at once and read by the worker. A month that cannot be is said beside its field."""
    account, month = side.account, first_month(side.account)
    form = BaseFileForm(request.POST or None, request.FILES or None, initial={"from_month": str(month)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        decision = services.submit_bases(
            by=actor(request), centre_id=centre_id(request), employer_account_no=account.account_no, from_month=said["from_month"],
            filename=said["file"].name, content=said["file"].read(), key=form_key(request), at=now(),
        )  # fmt: skip
        if decision.value is not None:
            return redirect("web:work", job_id=decision.value.job_id)
        say_beside(form, decision.reasons, PLACES)
    return page(
        request, "hpf/employer/bases_new.html", form=form, side=side, month=month, limits=_limits(account, month), business_on=on,
        heading="上传基数调整表", early=month > account.next_month,
    )  # fmt: skip


def template_file(request: HttpRequest, side: Side) -> HttpResponse:
    """下载样表: the unit's people with the base they have; the new base is left to be filled in."""
    account, month = side.account, first_month(side.account)
    lines = accounts.roster(centre_id(request), account.employer_account_id, month, states=("NORMAL",))
    looked_at(request, kind="EXPORT", employer_id=account.employer_id, subject=f"下载基数调整样表 {len(lines)}行")
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("基数调整")
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    amount, blank = book.add_format({"num_format": "0.00"}), book.add_format({"num_format": "0.00", "bg_color": "#FFF8E5", "border": 1})
    for at, label in enumerate(("个人账号", "姓名", "原缴存基数", "缴存基数")):
        sheet.write_string(0, at, label, head)
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line.account_no, text)
        sheet.write_string(row, 1, line.name)
        sheet.write_number(row, 2, float(str(line.base)), amount)
        sheet.write_blank(row, 3, None, blank)
    sheet.set_column(0, 3, 16)
    sheet.freeze_panes(1, 0)
    book.close()
    response = HttpResponse(file.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f"attachment; filename=\"bases.xlsx\"; filename*=UTF-8''{quote(f'基数调整样表_{month}.xlsx')}"
    return response


def proposals_table(request: HttpRequest, side: Side) -> Table | HttpResponse:
    """Every file of bases of the unit and what became of it."""

    def fetch(limit: int, offset: int) -> tuple[list[contributions.BaseChangeView], int]:
        return contributions.base_changes(centre_id(request), side.account.employer_account_id, limit=limit, offset=offset)

    columns = [
        Column("base_change_no", "基数调整号", "code", lead=True, link=lambda b: side.address(b.base_change_no)),
        Column("since_month", "执行年月", "month"),
        Column("state", "状态", "state", family="bases"),
        Column("line_count", "人数", "count"),
        Column("defects", "差错", "count", value=lambda b: len(b.defects)),
        Column("received_at", "上传时间", "moment"),
        Column("confirmed_at", "确认时间", "moment"),
    ]
    return table(
        request,
        None,
        columns,
        title="基数调整表",
        fetch=fetch,
        export=f"基数调整_{side.account.account_no}",
        empty="还没有上传过基数调整表。",
    )


def proposal_page(request: HttpRequest, side: Side, found: contributions.BaseChangeView, on: Any) -> HttpResponse:
    """The preview: what each person has and would have, the month before and after, every defect, and what to do now."""
    centre = centre_id(request)
    if request.GET.get("defects") in ("xlsx", "csv"):
        looked_at(
            request,
            kind="EXPORT",
            employer_id=side.account.employer_id,
            subject=f"基数调整{found.base_change_no}差错 {len(found.defects)}条",
        )
        return export_file(request.GET["defects"], f"差错_{found.base_change_no}", DEFECT_COLUMNS, found.defects)
    lines = _lines_table(request, side, found)
    if isinstance(lines, HttpResponse):
        return lines
    sums = contributions.base_change_sums(centre, found.base_change_no)
    normal = accounts.member_counts(centre, [found.employer_account_id])[found.employer_account_id].normal
    done = {BaseChangeState.PROPOSED: 1 if found.defects else 2, BaseChangeState.CONFIRMED: 3}.get(found.state, 0)
    steps = [(label, "done" if at < done else "now" if at == done else "") for at, label in enumerate(STEPS)]
    return page(
        request, "hpf/employer/bases.html", side=side, found=found, sums=sums, lines=lines, defects=found.defects[:500], business_on=on,
        steps=steps if done else [], unlisted=max(0, normal - sums.lines), limits=_limits(side.account, found.since_month),
        original=contributions.original_notes(centre, [found.original_id]).get(found.original_id),
        names=access.names([found.maker, found.confirmed_by]), heading=f"{found.since_month.text}起基数调整",
    )  # fmt: skip


def decide_page(request: HttpRequest, side: Side, found: contributions.BaseChangeView, what: str) -> HttpResponse:
    """确认执行, 撤销."""
    given = {
        "by": actor(request),
        "centre_id": centre_id(request),
        "base_change_no": found.base_change_no,
        "key": form_key(request),
        "at": now(),
    }
    match what:
        case "confirm":
            decision = services.confirm_bases(**given)
            changed = decision.value.changed if decision.value else 0
            tell(request, decision, f"已为{changed}人执行新基数，自{found.since_month.text}汇缴起按新的月缴存额缴存。")
        case "cancel":
            tell(request, services.cancel_bases(**given), "已撤销，各账户基数未变。")
        case _:
            raise Http404
    return redirect(side.address(found.base_change_no))


def original_file(request: HttpRequest, side: Side, found: contributions.BaseChangeView) -> HttpResponse:
    """The file as it came, byte for byte."""
    original = contributions.original(centre_id(request), found.original_id)
    if original is None:
        raise Http404
    looked_at(request, kind="EXPORT", employer_id=side.account.employer_id, subject=f"下载基数调整表原件{found.base_change_no}")
    response = HttpResponse(original.content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(original.filename)}"
    return response


def _lines_table(request: HttpRequest, side: Side, found: contributions.BaseChangeView) -> Table | HttpResponse:
    centre, shown = centre_id(request), request.GET.get("show", "")
    if shown not in dict(SHOWN):
        raise Http404

    def fetch(limit: int, offset: int) -> tuple[list[tuple[contributions.BaseChangeLineView, str]], int]:
        rows, total = contributions.base_change_lines(centre, found.base_change_no, shown=shown, limit=limit, offset=offset)
        members = accounts.member_accounts(centre, [row.member_account_id for row in rows])
        people = parties.persons(list({member.person_id for member in members.values()}))
        return [(row, people[members[row.member_account_id].person_id].name) for row in rows], total

    columns = [
        Column("row_no", "行", "code", value=lambda r: r[0].row_no),
        Column("name", "姓名", "short", value=lambda r: r[1], lead=True, link=lambda r: side.person_address(r[0].account_no)),
        Column("account_no", "个人账号", "code", value=lambda r: r[0].account_no),
        Column("former", "原基数", "money", value=lambda r: r[0].former_base),
        Column("declared", "申报基数", "money", value=lambda r: r[0].declared),
        Column("base", "核定基数", "money", value=lambda r: r[0].base),
        Column("employer_month", "单位月缴", "money", value=lambda r: r[0].employer_month),
        Column("member_month", "个人月缴", "money", value=lambda r: r[0].member_month),
        Column("difference", "月缴增减", "signed", value=lambda r: r[0].difference),
        Column("limit_note", "说明", value=lambda r: r[0].limit_note),
    ]
    return table(
        request, None, columns, slug="lines", title="调整明细", filters=[Filter("show", "范围", SHOWN)], fetch=fetch, size=50,
        export=f"基数调整_{found.base_change_no}", employer_id=side.account.employer_id, empty="没有符合条件的行。",
    )  # fmt: skip


def _limits(account: accounts.EmployerAccountView, month: Month) -> Any:
    """(下限, 上限) of the month, or nothing where the centre has not published them yet."""
    book = policy.book(account.centre_id, month.first_day)
    try:
        return book.money("contribution.base_floor", account.district), book.money("contribution.base_cap")
    except MissingParameter:
        return None
