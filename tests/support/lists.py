"""清册 as employers make them: builders of XLSX and CSV files for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

HEADINGS = ["个人账号", "姓名", "证件号码", "缴存基数", "单位比例", "个人比例", "单位月缴存额", "个人月缴存额", "月缴存额合计"]


def xlsx(rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS, decorate: Callable[[Any, Any], None] | None = None) -> bytes:
    """One sheet: a heading and rows. `decorate(workbook, sheet)` may spoil it."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("清册")
    for number, row in enumerate([headings, *rows]):
        sheet.write_row(number, 0, row)
    if decorate:
        decorate(book, sheet)
    book.close()
    return file.getvalue()


def delimited(
    rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8-sig", delimiter: str = ","
) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([headings, *rows])
    return text.getvalue().encode(encoding)
