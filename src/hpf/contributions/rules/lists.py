"""清册: a file of lines read into lines, and every cell that cannot be read named by row and column.

Headings are recognised by their usual names, in any order, under any title rows. Rows are numbered as the person who
sent the file sees them. Nothing is guessed: an amount finer than a fen, a formula, a merged heading is a defect.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hpf.contributions.rules.cells import Wrong, fen_of, month_of, number_of, rate_of, text_of
from hpf.contributions.rules.delimited import read_delimited
from hpf.contributions.rules.workbook import (
    Cells,
    FileRefused,
    MergedRange,
    ReadingLimits,
    Sheet,
    is_workbook,
    read_workbook,
)
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.parties.rules import IdKind, mask_id

WHOLE_LIST: Final = 0
"""Row number of a defect that concerns the whole list."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong. `message` says what and by which rule, `remedy` what to do now. Numbers of documents are masked."""

    row: int
    column: str
    value: str
    code: str
    message: str
    remedy: str
    law: str = ""

    @property
    def text(self) -> str:
        return f"{self.message}。{self.remedy}" if self.remedy else self.message


@dataclass(frozen=True, slots=True)
class ListLine:
    """One row as read. None and "" mean the file did not say."""

    row: int
    account_no: str = ""
    name: str = ""
    id_kind: str = ""
    id_number: str = ""
    base_fen: int | None = None
    employer_rate: Rate | None = None
    member_rate: Rate | None = None
    employer_fen: int | None = None
    member_fen: int | None = None
    total_fen: int | None = None
    month: Month | None = None
    reason: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredTotal:
    """The row 合计 of the file, to be compared with the lines."""

    row: int
    employer_fen: int | None
    member_fen: int | None
    total_fen: int | None


@dataclass(frozen=True, slots=True)
class ReadList:
    """`columns` maps our field names to the headings as written. A refused file has no lines and one defect in row 0
    or at the cell in question."""

    lines: tuple[ListLine, ...]
    defects: tuple[Defect, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    totals: tuple[DeclaredTotal, ...] = ()

    @property
    def rows_unreadable(self) -> frozenset[int]:
        return frozenset(defect.row for defect in self.defects)

    def heading(self, name: str) -> str:
        return self.columns.get(name, USUAL_HEADINGS.get(name, ""))


HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "account_no": (
        "个人账号",
        "个人帐号",
        "个人账户",
        "公积金账号",
        "个人公积金账号",
        "住房公积金账号",
        "职工账号",
        "职工公积金账号",
        "个人编号",
    ),
    "name": ("姓名", "职工姓名", "缴存人姓名", "缴存人", "员工姓名"),
    "id_kind": ("证件类型", "证件种类", "证件名称"),
    "id_number": ("证件号码", "证件号", "身份证号", "身份证号码", "居民身份证号码", "公民身份号码", "身份证", "身份证件号码"),
    "base": ("缴存基数", "月缴存基数", "个人缴存基数", "工资基数", "缴存工资基数", "基数"),
    "employer_rate": ("单位比例", "单位缴存比例", "单位缴交比例"),
    "member_rate": ("个人比例", "个人缴存比例", "职工缴存比例", "个人缴交比例"),
    "both_rates": ("缴存比例", "比例"),
    "employer_amount": ("单位月缴存额", "单位缴存额", "单位月缴额", "单位部分", "单位应缴额", "单位金额", "单位补缴额"),
    "member_amount": ("个人月缴存额", "个人缴存额", "个人月缴额", "个人部分", "个人应缴额", "职工月缴存额", "个人金额", "个人补缴额"),
    "total_amount": (
        "月缴存额合计",
        "合计",
        "月缴存额",
        "缴存额合计",
        "缴存总额",
        "月缴额",
        "月缴额合计",
        "缴存额",
        "补缴额合计",
        "补缴额",
    ),
    "month": ("补缴月份", "补缴年月", "汇补缴年月", "汇缴年月", "汇缴月份", "缴存年月", "缴存月份", "所属年月"),
    "reason": ("补缴原因", "原因", "缴存原因"),
    "remark": ("备注", "说明"),
}
USUAL_HEADINGS: Final = {name: headings[0] for name, headings in HEADINGS.items()}
_FIELD_OF: Final = {heading: name for name, headings in HEADINGS.items() for heading in headings}
_NUMBERING: Final = frozenset({"序号", "编号", "NO", "NO.", "行号"})
_TOTAL_WORDS: Final = frozenset({"合计", "总计", "小计", "共计", "合计:", "总计:"})
_ID_KINDS: Final[dict[str, str]] = {
    "": "",
    "身份证": IdKind.RESIDENT_ID,
    "居民身份证": IdKind.RESIDENT_ID,
    "01": IdKind.RESIDENT_ID,
    "港澳台居民居住证": IdKind.HMT_PERMIT,
    "港澳居民居住证": IdKind.HMT_PERMIT,
    "台湾居民居住证": IdKind.HMT_PERMIT,
    "外国人永久居留身份证": IdKind.FOREIGN_PR_CARD,
    "永居证": IdKind.FOREIGN_PR_CARD,
    "04": IdKind.FOREIGN_PR_CARD,
    "外国人永久居留证": IdKind.FOREIGN_PR_CARD_OLD,
    "护照": IdKind.PASSPORT,
    "03": IdKind.PASSPORT,
}
_MESSAGES: Final[dict[Wrong, tuple[str, str]]] = {
    Wrong.NOT_AN_AMOUNT: ("“{value}”不是金额", "请填写以元为单位的数字，例如2310.00"),
    Wrong.FINER_THAN_A_FEN: ("金额{value}精确到分以下，金额只到分", "请四舍五入到分后填写"),
    Wrong.NEGATIVE: ("金额{value}为负数，清册不收负数", "多缴请办理错缴退款，不在清册中冲减"),
    Wrong.NOT_A_RATE: ("“{value}”不是缴存比例", "请填写百分数，例如5或5%"),
    Wrong.NOT_A_MONTH: ("“{value}”不是年月", "请按2026-08的样式填写"),
    Wrong.FORMULA: ("单元格内容以等号开头，是公式，清册只收确定的数值", "请改为数值后重新上传"),
    Wrong.DIGITS_LOST: ("号码按数字保存，第15位以后已被表格软件抹去", "请把整列设为文本格式后重新填写号码"),
}


def read_list(filename: str, content: bytes, limits: ReadingLimits | None = None) -> ReadList:
    """Read a list as XLSX or CSV, told apart by content and not by name.

    Refuses  as a defect of the whole list: empty, too large, password, macros, formulas, old xls, damaged, compressed
             beyond reason, more rows than a list may have, merged or missing or double headings, several lists
    """
    limits = limits or ReadingLimits()
    try:
        if len(content) > limits.file_bytes:
            size, most = len(content) / 1048576, limits.file_bytes // 1048576
            raise FileRefused("FILE_TOO_LARGE", f"文件{size:.1f}兆字节，超过{most}兆字节上限", "请分成几个文件上传")
        if not content.strip():
            raise FileRefused("FILE_EMPTY", "文件是空的", "请检查后重新上传清册")
        if is_workbook(content):
            sheet, at, columns = _choose(read_workbook(content, limits), limits)
        else:
            sheet = Sheet(filename, read_delimited(content, limits), ())
            at, columns = _find_heading(sheet, limits) or (-1, {})
            if at < 0:
                raise _no_heading(sheet)
        return _read_lines(sheet.cells, at, columns)
    except FileRefused as refused:
        return ReadList((), (Defect(refused.row, refused.column, filename, refused.code, refused.message, refused.remedy),))


def _choose(sheets: list[Sheet], limits: ReadingLimits) -> tuple[Sheet, int, dict[str, int]]:
    """The one sheet that has a list. Two lists in one file are refused: nobody knows which one is meant."""
    if not sheets:
        raise FileRefused("FILE_EMPTY", "文件中没有任何内容", "请检查后重新上传清册")
    found = [(sheet, *place) for sheet in sheets if (place := _find_heading(sheet, limits))]
    if len(found) > 1:
        names = "、".join(f"“{sheet.name}”" for sheet, _, _ in found)
        raise FileRefused("SHEETS_SEVERAL", f"文件中有{len(found)}个工作表是清册：{names}", "请只保留要提交的一个工作表")
    if not found:
        raise _no_heading(sheets[0])
    sheet, at, columns = found[0]
    _refuse_merged(sheet, at)
    return sheet, at, columns


def _find_heading(sheet: Sheet, limits: ReadingLimits) -> tuple[int, dict[str, int]] | None:
    """The first row that names a person (account or document number) and at least one thing more."""
    for at, row in enumerate(sheet.cells[: limits.heading_rows]):
        columns: dict[str, int] = {}
        for position, cell in enumerate(row):
            name = _FIELD_OF.get(_heading(cell))
            if name in columns:
                _refuse_merged(sheet, at)
                raise FileRefused(
                    "HEADING_TWICE",
                    f"第{at + 1}行表头中“{text_of(cell)}”与“{text_of(row[columns[name]])}”是同一项，不知以哪一列为准",
                    "请删除其中一列",
                    at + 1,
                )
            if name:
                columns[name] = position
        if len(columns) >= 2 and ("account_no" in columns or "id_number" in columns):
            return at, columns
    return None


def _heading(cell: object) -> str:
    """A heading without blanks, marks of duty and units: " *缴存基数（元）" is 缴存基数."""
    if not isinstance(cell, str):
        return ""
    text = "".join(unicodedata.normalize("NFKC", cell).split()).strip("*＊:")
    return text.split("(")[0] if "(" in text[1:] else text


def _no_heading(sheet: Sheet) -> FileRefused:
    if sheet.merged:
        return _merged(sheet.merged[0])
    if all(not text_of(cell) for row in sheet.cells for cell in row):
        return FileRefused("FILE_EMPTY", "文件中没有任何内容", "请检查后重新上传清册")
    return FileRefused(
        "HEADING_MISSING",
        "找不到表头：清册须有“个人账号”或“证件号码”，并有姓名、缴存基数、月缴存额等列",
        "请下载模板，按模板的表头填写后重新上传",
    )


def _refuse_merged(sheet: Sheet, at: int) -> None:
    """Titles above the heading may be merged; in the heading or the lines a merged cell hides which value is whose."""
    for merged in sheet.merged:
        if merged[1][0] >= at and merged[0] != merged[1]:
            raise _merged(merged)


def _merged(merged: MergedRange) -> FileRefused:
    (top, left), (bottom, right) = merged
    cells = f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
    return FileRefused(
        "HEADING_MERGED",
        f"单元格{cells}是合并单元格，表头和数据行不能合并，无法判断数值属于哪一列哪一行",
        "请取消合并，每列一个表头，每人一行",
        top + 1,
        _letters(left),
    )


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class _Row:
    """One row while it is read: takes cells by field name and collects what is wrong with them."""

    __slots__ = ("cells", "columns", "defects", "headings", "row")

    def __init__(self, columns: dict[str, int], headings: Mapping[str, str], defects: list[Defect]) -> None:
        self.columns, self.headings, self.defects = columns, headings, defects
        self.cells: list[object] = []
        self.row = 0

    def cell(self, name: str) -> object:
        position = self.columns.get(name)
        return self.cells[position] if position is not None and position < len(self.cells) else None

    def names_somebody(self) -> bool:
        return self.cell("account_no") not in ("", None) or self.cell("id_number") not in ("", None)

    def wrong(self, name: str, wrong: Wrong, value: object) -> None:
        shown = text_of(value)
        if name == "id_number":
            shown = mask_id(shown)
        message, remedy = _MESSAGES[wrong]
        message = message.format(value=shown[:40])
        self.defects.append(Defect(self.row, self.headings[name], shown[:80], wrong.value, message, remedy))

    def fen(self, name: str) -> int | None:
        value = self.cell(name)
        read = fen_of(value)
        if isinstance(read, Wrong):
            self.wrong(name, read, value)
            return None
        return read

    def rate(self, name: str) -> Rate | None:
        value = self.cell(name)
        read = rate_of(value)
        if isinstance(read, Wrong):
            self.wrong(name, read, value)
            return None
        return read

    def number(self, name: str) -> str:
        value = self.cell(name)
        read = number_of(value)
        if isinstance(read, Wrong):
            self.wrong(name, read, value)
            return ""
        return read

    def text(self, name: str) -> str:
        value = text_of(self.cell(name))
        if value.startswith(("=", "＝")):
            self.wrong(name, Wrong.FORMULA, value)
            return ""
        return value


def _read_lines(cells: Cells, at: int, columns: dict[str, int]) -> ReadList:
    headings = {name: text_of(cells[at][position]) for name, position in columns.items()}
    known = set(columns.values())
    ignored = tuple(
        text
        for position, cell in enumerate(cells[at])
        if position not in known and (text := text_of(cell)) and _heading(cell).upper() not in _NUMBERING
    )
    defects: list[Defect] = []
    lines: list[ListLine] = []
    totals: list[DeclaredTotal] = []
    row = _Row(columns, headings, defects)
    positions = tuple(columns.values())
    for number, content in enumerate(cells[at + 1 :], at + 2):
        row.cells, row.row = content, number
        if all(position >= len(content) or content[position] in ("", None) for position in positions):
            continue
        if _is_total(content):
            totals.append(DeclaredTotal(number, row.fen("employer_amount"), row.fen("member_amount"), row.fen("total_amount")))
        elif row.names_somebody() or not _is_note(row):
            lines.append(_read_line(row))
    if not lines and not defects:
        defects.append(Defect(WHOLE_LIST, "", "", "NO_LINES", "表头下面没有任何人员", "请填写人员后重新上传"))
    return ReadList(tuple(lines), tuple(defects), headings, ignored, tuple(totals))


def _is_total(content: list[object]) -> bool:
    first = next((cell for cell in content if cell not in ("", None)), None)
    return isinstance(first, str) and "".join(unicodedata.normalize("NFKC", first).split()) in _TOTAL_WORDS


def _is_note(row: _Row) -> bool:
    """A blank row in disguise, or a line like "制表人：" under the list: no number of a person, no amount."""
    for name in ("account_no", "id_number", "base", "employer_amount", "member_amount", "total_amount"):
        if text_of(row.cell(name)):
            text = unicodedata.normalize("NFKC", text_of(row.cell(name)))
            if not (":" in text and len(text) > 2):
                return False
    name = unicodedata.normalize("NFKC", text_of(row.cell("name")))
    return not name or ":" in name


def _read_line(row: _Row) -> ListLine:
    both = row.rate("both_rates") if "both_rates" in row.columns else None
    month = month_of(row.cell("month")) if "month" in row.columns else None
    if isinstance(month, Wrong):
        row.wrong("month", month, row.cell("month"))
        month = None
    account_no = row.number("account_no")
    if len(account_no) == 11 and account_no.isdigit():
        account_no = "0" + account_no
    line = ListLine(
        row=row.row,
        account_no=account_no,
        name=row.text("name"),
        id_kind=_id_kind(row),
        id_number=row.number("id_number"),
        base_fen=row.fen("base"),
        employer_rate=row.rate("employer_rate") or both,
        member_rate=row.rate("member_rate") or both,
        employer_fen=row.fen("employer_amount"),
        member_fen=row.fen("member_amount"),
        total_fen=row.fen("total_amount"),
        month=month,
        reason=row.text("reason"),
        remark=row.text("remark"),
    )
    if not line.account_no and not line.id_number and not any(each.row == row.row for each in row.defects[-3:]):
        column = row.headings.get("account_no") or row.headings["id_number"]
        row.defects.append(
            Defect(row.row, column, line.name, "IDENTITY_MISSING", "没有个人账号，也没有证件号码，无法确定是谁", "请填写个人账号或证件号码")
        )
    return line


def _id_kind(row: _Row) -> str:
    text = row.text("id_kind")
    if text not in _ID_KINDS:
        text = "".join(unicodedata.normalize("NFKC", text).split()).split("(")[0]
    if text in _ID_KINDS:
        return _ID_KINDS[text]
    if text in IdKind.__members__:
        return text
    row.defects.append(
        Defect(
            row.row,
            row.headings["id_kind"],
            text,
            "ID_KIND_UNKNOWN",
            f"不认识证件类型“{text}”",
            "请填写居民身份证、港澳台居民居住证、外国人永久居留身份证或护照",
        )
    )
    return ""
