"""A list on a page: filter, sort, page by page, export; the same for every list."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from html import escape as html_escape
from operator import attrgetter
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.web.page import actor, looked_at, page
from hpf.web.templatetags import fund

PAGE_SIZE = 25
EXPORT_ROWS_MAX = 200_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value comes from and how it reads. `sort` allows sorting by it."""

    name: str
    label: str
    kind: str = "text"
    value: Callable[[Any], Any] | None = None
    link: Callable[[Any], str | None] | None = None
    sort: bool = True
    family: str = ""
    lead: bool = False
    total: bool = False

    def of(self, row: Any) -> Any:
        return self.value(row) if self.value else getattr(row, self.name)

    def writer(self) -> Callable[[Any], str]:
        """Writes the column's cell of a row as HTML. A list has hundreds of them; a template takes ten times as long for each."""
        begin, of, link = _cell(self.css, self.label), self.value or attrgetter(self.name), self.link
        shown = partial(_state, family=self.family) if self.kind == "state" else _WRITTEN.get(self.kind, _text)
        if link is None:
            return lambda row: f"{begin}{shown(of(row))}</td>"

        def linked(row: Any) -> str:
            address = link(row)
            return f'{begin}<a href="{html_escape(address)}">{shown(of(row))}</a></td>' if address else f"{begin}{shown(of(row))}</td>"

        return linked

    @property
    def css(self) -> str:
        if self.kind in ("money", "signed", "count", "rate", "figure"):
            return "num"
        if self.kind in ("date", "moment", "month"):
            return "date"
        return {"code": "code", "bare": "bare", "short": "text-nowrap", "state": "text-nowrap"}.get(self.kind, "") + (
            " lead-cell" if self.lead else ""
        )


def _text(value: Any) -> str:
    if value is None or value == "":
        return "—"
    return html_escape(value) if type(value) is str else conditional_escape(value)


@lru_cache(maxsize=512)
def _state(code: str | None, family: str) -> str:
    return fund.state(code, family)


_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "money": fund.money, "signed": fund.signed, "month": fund.month, "date": fund.day, "moment": fund.moment, "count": fund.count, "rate": fund.rate,
}  # fmt: skip
"""How a value of a kind reads; none of these has anything in it that would have to be escaped."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: a choice, a text or a day. `keep(row, value)` says whether a row stays."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]] = ()
    keep: Callable[[Any, str], bool] | None = None
    kind: str = "search"
    value: str = ""


@lru_cache(maxsize=2048)
def _cell(css: str, label: str) -> str:
    """How the cells of a column begin."""
    return f'<td class="{css}" data-label="{html_escape(label)}">'


@dataclass(slots=True)
class Table:
    """What parts/table.html shows; head, rows and foot are written already."""

    slug: str
    title: str
    head: SafeString
    rows: list[str]
    foot: SafeString
    filters: list[Filter]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    empty: str
    can_export: bool
    kept: list[tuple[str, str]] = field(default_factory=list)

    @property
    def body(self) -> SafeString:
        """The rows as HTML."""
        return SafeString("".join(self.rows))


def table(
    request: HttpRequest,
    rows: Iterable[Any] | None,
    columns: Sequence[Column],
    *,
    slug: str = "list",
    title: str = "",
    filters: Sequence[Filter] = (),
    fetch: Callable[[int, int], tuple[Sequence[Any], int]] | None = None,
    sorts: Collection[str] = (),
    totals: Callable[[], Mapping[str, Any]] | None = None,
    order: str = "",
    empty: str = "没有符合条件的记录。",
    export: str = "",
    size: int = PAGE_SIZE,
    person_id: int | None = None,
    employer_id: int | None = None,
) -> Table | HttpResponse:
    """A table from rows in hand, or from `fetch(limit, offset)` that filters and sorts in the database.

    With `fetch`, `sorts` names the columns it can sort by, as `sort_asked` reads them, and `totals` answers after it what the
    whole filtered list sums to, by column.
    With `?export=` it is the whole filtered list as a file instead, for those who may export; that is in the audit log.
    """
    asked = request.GET
    chosen = [Filter(f.name, f.label, f.choices, f.keep, f.kind, asked.get(f.name, f.value)) for f in filters]
    sort, number = asked.get("sort", order), _whole(asked.get("page"), 1)
    may_export = bool(export) and "data.export" in actor(request).permissions
    exporting = asked.get("export", "") if may_export else ""
    if rows is not None:
        kept = [row for row in rows if all(f.keep is None or not f.value or f.keep(row, f.value) for f in chosen)]
        by = next((c for c in columns if c.sort and c.name == sort.lstrip("-")), None)
        if by is not None:
            kept.sort(key=lambda row: _orderable(by.of(row)), reverse=sort.startswith("-"))
        total = len(kept)
        window: Sequence[Any] = kept if exporting else kept[(number - 1) * size : number * size]
    else:
        assert fetch is not None
        window, total = fetch(EXPORT_ROWS_MAX, 0) if exporting else fetch(size, (number - 1) * size)
        kept = list(window)
    if exporting in ("xlsx", "csv"):
        looked_at(request, kind="EXPORT", subject=f"{export} {total}行", person_id=person_id, employer_id=employer_id)
        return export_file(exporting, export, columns, window)
    pages = max(1, -(-total // size))
    return Table(
        slug=slug,
        title=title,
        head=SafeString("".join([_head(request, c, sort, rows is not None or c.name in sorts) for c in columns])),
        rows=_rows(columns, window),
        foot=_foot(columns, totals() if totals else _sums(columns, kept)) if total and (totals or rows is not None) else SafeString(),
        filters=chosen,
        total=total,
        page=number,
        pages=pages,
        previous=_address(request, page=number - 1) if number > 1 else None,
        next=_address(request, page=number + 1) if number < pages else None,
        empty=empty,
        can_export=may_export,
        kept=[(n, v) for n, v in asked.items() if n not in {f.name for f in chosen} | {"page", "export"}],
    )


def export_file(kind: str, name: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponse:
    """The rows as XLSX or CSV. Text that a spreadsheet would run as a formula is kept as text."""
    columns = [c for c in columns if c.kind != "bare"]
    if kind == "csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([c.label for c in columns])
        writer.writerows([[_harmless(_plain(c, c.of(row))) for c in columns] for row in rows])
        return _attachment(("\ufeff" + text.getvalue()).encode(), f"{name}.csv", "text/csv; charset=utf-8")
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "constant_memory": False})
    sheet = book.add_worksheet("清单")
    bold, amount = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0.00"})
    widths = [len(c.label) * 2 + 2 for c in columns]
    for at, c in enumerate(columns):
        sheet.write_string(0, at, c.label, bold)
    for line, row in enumerate(rows, 1):
        for at, c in enumerate(columns):
            value = c.of(row)
            if isinstance(value, Money):
                # A spreadsheet holds binary fractions; the cell is written from the exact text of the amount.
                sheet.write_number(line, at, float(str(value)), amount)
            elif isinstance(value, int) and not isinstance(value, bool):
                sheet.write_number(line, at, value)
            else:
                sheet.write_string(line, at, _plain(c, value))
            widths[at] = min(40, max(widths[at], len(_plain(c, value)) + 2))
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(1, 0)
    book.close()
    return _attachment(file.getvalue(), f"{name}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def _attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _plain(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (Money, Month, Rate)):
        return str(value)
    if column.kind == "state":
        return fund.state_text(value, column.family)
    if isinstance(value, (date, datetime)):
        return fund.moment(value) if isinstance(value, datetime) else fund.day(value)
    return str(value)


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t", "\r") or (text[:1] == "-" and not text[1:2].isdigit()) else text


def _orderable(value: Any) -> tuple[int, Any]:
    return (1, 0) if value is None else (0, value)


def _rows(columns: Sequence[Column], window: Iterable[Any]) -> list[str]:
    writers = [column.writer() for column in columns]
    return [f"<tr>{''.join([write(row) for write in writers])}</tr>" for row in window]


def _head(request: HttpRequest, column: Column, sort: str, sortable: bool) -> str:
    """The head of a column; where the list can be sorted by it, the way there or back."""
    begin, label = f'<th scope="col" class="{column.css}"', html_escape(column.label)
    if not (sortable and column.sort and column.kind != "bare"):
        return f"{begin}>{label}</th>"
    mine, down = sort.lstrip("-") == column.name, sort.startswith("-")
    address = html_escape(_address(request, sort=f"-{column.name}" if mine and not down else column.name, page=None))
    if not mine:
        return f'{begin}><a href="{address}">{label}</a></th>'
    return (
        f'{begin} aria-sort="{"descending" if down else "ascending"}">'
        f'<a href="{address}">{label}{fund.icon("chevron-down" if down else "chevron-up")}</a></th>'
    )


def _sums(columns: Sequence[Column], rows: Sequence[Any]) -> Mapping[str, Any]:
    return {
        c.name: Money.total(c.of(row) for row in rows) if c.kind == "money" else sum(c.of(row) for row in rows) for c in columns if c.total
    }


def _foot(columns: Sequence[Column], sums: Mapping[str, Any]) -> SafeString:
    if not sums:
        return SafeString()
    cells = [
        f"{_cell(c.css, c.label)}{sums[c.name].text if c.kind == 'money' else f'{sums[c.name]:,}'}</td>"
        if c.total
        else f"{_cell(c.css, '')}{'' if at else '合计'}</td>"
        for at, c in enumerate(columns)
    ]
    return SafeString(f"<tfoot><tr>{''.join(cells)}</tr></tfoot>")


def sort_asked(request: HttpRequest, sorts: Collection[str]) -> str:
    """The column a reader wants a fetched list sorted by, with a minus for downwards; empty when it cannot be."""
    sort = request.GET.get("sort", "")
    return sort if sort.lstrip("-") in sorts else ""


def _address(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    query.pop("export", None)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _whole(text: str | None, default: int) -> int:
    return max(1, int(text)) if text and text.isdigit() and len(text) < 7 else default


def list_page(request: HttpRequest, template: str, listed: Table | HttpResponse, **context: Any) -> HttpResponse:
    """The page with its table, or the exported file."""
    return listed if isinstance(listed, HttpResponse) else page(request, template, table=listed, **context)
