"""台账表格: the ledger written as XLSX, and the ledgers of centres read from XLSX without trusting the file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import xlsxwriter

from hpf.contributions.rules.workbook import FileRefused, ReadingLimits, read_workbook
from hpf.workplan.rules.ledger_file import LedgerFileRefused, LedgerSheet, read_ledger
from hpf.workplan.rules.ledger_row import LedgerRow
from hpf.workplan.rules.lights import MEANINGS, Colour
from hpf.workplan.rules.report import anchor_text

LIMITS: Final = ReadingLimits(rows=20_000)
_FILLS = {
    Colour.RED: ("#C8102E", "#FFFFFF"),
    Colour.YELLOW: ("#FFD24D", "#000000"),
    Colour.GREEN: ("#1E8449", "#FFFFFF"),
    Colour.GREY: ("#D9D9D9", "#000000"),
}
_COLUMNS: tuple[tuple[str, int], ...] = (
    ("任务号", 7), ("条款", 9), ("部分", 18), ("任务", 30), ("任务要求", 46), ("期限", 14), ("中心", 9), ("期次", 9), ("具体措施", 36),
    ("责任科室", 14), ("责任人", 10), ("完成时限", 12), ("原期限", 12), ("状态", 10), ("灯", 6), ("逾期天数", 9), ("进展情况", 36), ("上报日", 12),
    ("认可日", 12), ("退回次数", 9), ("省厅意见", 30), ("测量值", 10), ("佐证份数", 9),
)  # fmt: skip
_LIGHT = next(at for at, (name, _) in enumerate(_COLUMNS) if name == "灯")
HEADINGS: Final = tuple(name for name, _ in _COLUMNS)


def ledger_workbook(rows: Iterable[LedgerRow], *, title: str, on: date) -> bytes:
    """The ledger with a title, frozen headings, a filter on every column, and lights as words and colours."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("工作要点台账")
    plain = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
    formats = {
        "title": book.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}),
        "head": book.add_format(plain | {"bold": True, "align": "center", "bg_color": "#E3E8EE"}),
        "text": book.add_format(plain),
        "middle": book.add_format(plain | {"align": "center"}),
        "date": book.add_format(plain | {"align": "center", "num_format": "yyyy-mm-dd"}),
    }
    lights = {
        colour: book.add_format(plain | {"align": "center", "bold": True, "bg_color": back, "font_color": fore})
        for colour, (back, fore) in _FILLS.items()
    }
    sheet.merge_range(0, 0, 0, len(_COLUMNS) - 1, f"{title}（{on.year}年{on.month}月{on.day}日）", formats["title"])
    sheet.set_row(0, 30)
    for at, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(1, at, name, formats["head"])
    last = 1
    for last, row in enumerate(rows, 2):
        for at, value in enumerate(_cells(row)):
            _write(sheet, last, at, value, lights[row.colour] if at == _LIGHT else None, formats)
    sheet.freeze_panes(2, 4)
    sheet.autofilter(1, 0, last, len(_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_footer("&C第&P页，共&N页")
    _legend(book.add_worksheet("说明"), lights, formats)
    book.close()
    return file.getvalue()


def _cells(row: LedgerRow) -> tuple[object, ...]:
    return (
        row.task_no, anchor_text(row.anchor), row.part, row.title, row.demand, row.deadline_text, row.centre, row.period, row.measure_text,
        row.section, row.person, row.due_on, row.first_due_on, row.state, row.colour.label, row.late_days or "", row.words, row.reported_on,
        row.decided_on, row.returns or "", row.opinion, row.value, row.evidence,
    )  # fmt: skip


def _write(sheet: Any, line: int, at: int, value: object, light: Any, formats: dict[str, Any]) -> None:
    if isinstance(value, date):
        sheet.write_datetime(line, at, value, formats["date"])
    elif isinstance(value, int):
        sheet.write_number(line, at, value, formats["middle"])
    else:
        sheet.write_string(line, at, "" if value is None else str(value), light or formats["text"])


def _legend(sheet: Any, lights: dict[Colour, Any], formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 60)
    for line, (colour, text) in enumerate(MEANINGS):
        sheet.write_string(line, 0, colour.label, lights[colour])
        sheet.write_string(line, 1, text, formats["text"])


# ------------------------------------------------------------------ reading in


def read_ledger_file(filename: str, content: bytes, *, year: int) -> LedgerSheet:
    """The first visible sheet that is a ledger. Raises LedgerFileRefused, in Chinese, when the file has none.

    A cell with a formula counts with the value that was saved in it.
    """
    if not content:
        raise LedgerFileRefused("LEDGER_FILE_EMPTY", f"“{filename}”是空文件，未导入任何内容，请重新选择文件。")
    if len(content) > LIMITS.file_bytes:
        raise LedgerFileRefused(
            "LEDGER_FILE_TOO_LARGE", f"“{filename}”超过{LIMITS.file_bytes // 1048576}兆字节，未导入任何内容，请去掉图片后另存。"
        )
    if not filename.lower().endswith(".xlsx"):
        raise LedgerFileRefused("LEDGER_FILE_KIND_UNKNOWN", f"“{filename}”不是xlsx表格，未导入任何内容，请用表格软件另存为xlsx后导入。")
    try:
        sheets = read_workbook(content, replace(LIMITS, formulas=True))
    except FileRefused as refused:
        raise LedgerFileRefused(refused.code, f"“{filename}”：{refused.message}，未导入任何内容，{refused.remedy}。") from None
    return _first(filename, [(sheet.cells, sheet.merged) for sheet in sheets], year)


def _first(filename: str, sheets: Sequence[tuple[Any, Any]], year: int) -> LedgerSheet:
    told: LedgerFileRefused | None = None
    for cells, merged in sheets:
        try:
            return read_ledger(cells, merged, year=year)
        except LedgerFileRefused as refused:
            told = told or refused
    raise told or LedgerFileRefused("LEDGER_FILE_EMPTY", f"“{filename}”里没有任何内容，未导入，请核对是否选对了文件。")
