"""清册: what employers send in each month, as a workbook, as text, or by a page."""

from __future__ import annotations

import csv
import io

import xlsxwriter

from hpf.accounts.queries import RosterLine

HEADINGS = ("序号", "个人账号", "姓名", "缴存基数", "单位月缴存额", "个人月缴存额", "月缴存额合计")


def as_workbook(lines: list[RosterLine], title: str) -> bytes:
    """XLSX with a title above the headings and a total below, as people send them."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("汇缴清册")
    money = book.add_format({"num_format": "#,##0.00"})
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, title)
    sheet.write_row(1, 0, HEADINGS)
    for row, line in enumerate(lines, 2):
        sheet.write_row(row, 0, [row - 1, line.account_no, line.name])
        for column, amount in enumerate((line.base, line.employer_month, line.member_month, line.employer_month + line.member_month), 3):
            sheet.write_number(row, column, amount.fen / 100, money)
    book.close()
    return held.getvalue()


def as_text(lines: list[RosterLine]) -> bytes:
    """CSV with the same headings."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(HEADINGS)
    for row, line in enumerate(lines, 1):
        total = line.employer_month + line.member_month
        writer.writerow([row, line.account_no, line.name, str(line.base), str(line.employer_month), str(line.member_month), str(total)])
    return ("\ufeff" + held.getvalue()).encode()
