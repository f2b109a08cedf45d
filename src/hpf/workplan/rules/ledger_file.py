"""台账文件: the spreadsheets in which centres keep their ledgers today, read into lines.

Headings are found by name, wherever the table begins; merged cells are filled down; every cell that cannot be used is
named with its row, column, value, the rule it breaks and what to do. Pure: cells come in, lines and faults go out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hpf.workplan.rules.free_dates import NotADate, read_due
from hpf.workplan.rules.wording import one_line

Cells = Sequence[Sequence[object]]
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
HEADING_ROWS = 20
LONGEST_CELL = 2000

HEADINGS: dict[str, tuple[str, ...]] = {
    "task_no": ("任务号", "任务编号", "要点任务号"),
    "line": ("序号", "编号", "号"),
    "anchor": ("条款", "条号", "要点条款", "所属条款"),
    "part": ("所属部分", "部分", "类别", "工作类别", "要点部分"),
    "centre": ("中心", "责任中心", "所属中心", "填报中心"),
    "period": ("期次",),
    "task": (
        "任务", "工作任务", "重点任务", "任务名称", "工作要点", "要点任务", "任务内容", "主要任务", "工作内容", "重点工作", "目标任务", "任务要求",
        "工作事项", "事项",
    ),
    "measure": ("措施", "具体措施", "工作措施", "推进措施", "落实措施", "主要措施", "工作举措", "具体举措", "举措"),
    "section": ("责任科室", "责任部门", "牵头科室", "牵头部门", "责任处室", "承办科室", "主办科室", "责任单位", "科室"),
    "person": ("责任人", "具体责任人", "承办人", "联系人", "经办人", "负责人", "责任人员"),
    "due": ("完成时限", "完成时间", "完成期限", "时限", "期限", "时间节点", "时限要求", "计划完成时间", "截止时间"),
    "progress": (
        "进展情况", "工作进展", "进展", "完成情况", "落实情况", "推进情况", "工作进展情况", "目前进展", "落实进展", "最新进展", "任务进展",
    ),
    "evidence": ("佐证", "佐证材料", "印证材料", "支撑材料", "证明材料", "成果", "工作成果", "佐证资料"),
}  # fmt: skip
NAMES = {
    "task_no": "任务号", "line": "序号", "anchor": "条款", "part": "部分", "centre": "中心", "period": "期次", "task": "任务", "measure": "措施", "section": "责任科室",
    "person": "责任人", "due": "完成时限", "progress": "进展情况", "evidence": "佐证",
}  # fmt: skip
_FIELD = {heading: field for field, headings in HEADINGS.items() for heading in headings}
_TELLING = ("task_no", "anchor", "part", "task")


class LedgerFileRefused(Exception):
    """The sheet as a whole is no ledger; nothing of it was used."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell, or one row when `column` is empty, that cannot be used. Rows are numbered as in the file, from 1."""

    row: int
    column: str
    value: str
    code: str
    rule: str
    remedy: str

    @property
    def text(self) -> str:
        place = f"第{self.row}行" + (f"“{self.column}”栏" if self.column else "")
        value = f"“{self.value}”：" if self.value else "："
        return f"{place}{value}{self.rule}，{self.remedy}"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One row of the ledger as it was read. `due_on` is None where the file gives none, or only repeats (每月)."""

    row: int
    task_no: int | None
    anchor: str
    task: str
    measure: str
    section: str
    person: str
    due_on: date | None
    due_text: str
    progress: str
    evidence: str
    centre: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """What was read: lines, faults, which heading stood for which field, and headings that mean nothing here."""

    lines: tuple[LedgerLine, ...]
    faults: tuple[Fault, ...]
    columns: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]


def read_ledger(cells: Cells, merged: Merged, *, year: int) -> LedgerSheet:
    """Lines of one sheet. Raises LedgerFileRefused when no row is a row of headings."""
    clean = lru_cache(maxsize=65_536)(one_line)
    rows: list[list[object]] = [[clean(value) if isinstance(value, str) else value for value in row] for row in cells]
    _fill(rows, merged)
    bottom, fields = _headings(rows)
    lines: list[LedgerLine] = []
    faults: list[Fault] = []
    before: dict[str, object] = {}
    for at in range(bottom + 1, len(rows)):
        row = {field: rows[at][column] for field, (column, _) in fields.items() if column < len(rows[at])}
        if not any(_shown(value) for field, value in row.items() if field != "line") or _is_footer(row) or _repeats_heading(row, fields):
            continue
        if not any(_shown(row.get(field)) for field in _TELLING if field != "part"):
            row |= {field: before[field] for field in _TELLING if field in before}
        before = {field: row[field] for field in _TELLING if _shown(row.get(field))}
        line, wrong = _line(at + 1, row, {field: name for field, (_, name) in fields.items()}, year)
        faults += wrong
        if line is not None:
            lines.append(line)
    if not lines and not faults:
        raise LedgerFileRefused("LEDGER_EMPTY", f"表头在第{bottom + 1}行，其下没有任何任务，未导入任何内容，请核对是否选对了文件。")
    known = {column for column, _ in fields.values()}
    unknown = [_text(value) for column, value in enumerate(rows[bottom]) if column not in known and _shown(value)]
    return LedgerSheet(tuple(lines), tuple(faults), tuple((name, NAMES[field]) for field, (_, name) in fields.items()), tuple(unknown))


# ------------------------------------------------------------------ the table


def _fill(rows: list[list[object]], merged: Merged) -> None:
    """A merged cell stands for every cell it covers. A title across the whole sheet is left alone."""
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            for column in range(left, min(right, len(rows[row]) - 1) + 1):
                rows[row][column] = value


def _headings(rows: list[list[object]]) -> tuple[int, dict[str, tuple[int, str]]]:
    """The last row of the heading, and field -> (column, heading). Headings may take two rows."""
    best: tuple[int, int, dict[str, tuple[int, str]]] = (0, 0, {})
    for at in range(min(HEADING_ROWS, len(rows))):
        single = _fields([_text(value) for value in rows[at]])
        if len(single) > best[0]:
            best = (len(single), at, single)
        if at + 1 < min(HEADING_ROWS, len(rows)):
            below = rows[at + 1]
            both = [
                _text(below[column]) if column < len(below) and _field(_text(below[column])) else _text(value)
                for column, value in enumerate(rows[at])
            ]
            double = _fields(both)
            if single and len(double) > best[0]:
                best = (len(double), at + 1, double)
    count, bottom, fields = best
    if count < 2 or not ({"task", "task_no"} & fields.keys()):
        seen = "、".join(_text(value) for value in next((row for row in rows if sum(map(_shown, row)) > 1), []) if _shown(value))[:60]
        wanted = "任务（或工作任务、重点任务、任务号）"
        raise LedgerFileRefused(
            "LEDGER_NO_HEADINGS",
            f"前{HEADING_ROWS}行里没有找到台账的表头（读到的是：{seen or '空白'}），不知道哪一栏是任务，请在表头写明{wanted}、措施、责任科室等栏名。",
        )
    return bottom, fields


def _fields(headings: Sequence[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for column, heading in enumerate(headings):
        field = _field(heading)
        if field and field not in found:
            found[field] = (column, heading)
    return found


def _field(heading: str) -> str | None:
    bare = re.sub(r"（[^）]*）|[\s：:*＊/、.]", "", heading)
    if bare in _FIELD:
        return _FIELD[bare]
    if len(bare) > 12:
        return None
    found = {field for name, field in _FIELD.items() if len(name) >= 3 and name in bare}
    return found.pop() if len(found) == 1 else None


def _is_footer(row: dict[str, object]) -> bool:
    """合计, 注：, 填表人： are no tasks."""
    texts = [_text(value) for value in row.values() if _shown(value)]
    return bool(texts) and bool(re.match(r"合计|小计|总计|备注：|注：|说明：|填表人|填报人|审核人|制表", texts[0])) and len(set(texts)) <= 2


def _repeats_heading(row: dict[str, object], fields: dict[str, tuple[int, str]]) -> bool:
    """A heading printed again on the next page; or a line with one text merged across it, such as the name of a part."""
    texts = {field: _text(value) for field, value in row.items() if _shown(value)}
    if len(texts) > 1 and all(_field(text) == field for field, text in texts.items()):
        return True
    return len(texts) > 2 and len(set(texts.values())) == 1


# ------------------------------------------------------------------ one row


def _line(row: int, values: dict[str, object], names: dict[str, str], year: int) -> tuple[LedgerLine | None, list[Fault]]:
    faults: list[Fault] = []
    text = {field: _text(values.get(field)) for field in HEADINGS}
    for field, value in text.items():
        if len(value) > LONGEST_CELL:
            rule = f"有{len(value)}个字，超过一格{LONGEST_CELL}字的上限"
            faults.append(Fault(row, names[field], value[:20] + "…", "CELL_TOO_LONG", rule, "请精简或拆成几条措施"))
        if re.fullmatch(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)", value):
            faults.append(Fault(row, names[field], value, "CELL_IN_ERROR", "是表格软件的计算错误，不是内容", "请改为实际文字或清空此格"))
    number = None
    if text["task_no"]:
        if re.fullmatch(r"[0-9]{1,4}", text["task_no"]) and int(text["task_no"]):
            number = int(text["task_no"])
        else:
            rule, remedy = "任务号须是要点台账里的任务号，为正整数", "请照要点台账填写任务号，不知道的留空"
            faults.append(Fault(row, names["task_no"], text["task_no"], "TASK_NO_WRONG", rule, remedy))
    elif not text["task"] and not text["anchor"]:
        faults.append(Fault(row, names.get("task", ""), "", "TASK_MISSING", "没有写明任务，不知道本行属于哪一项", "请填写任务或任务号"))
    due_on, due_text = None, text["due"]
    if "due" in names and due_text:
        try:
            due = read_due(values["due"], year=year)
            due_on, due_text = due.on, due.text
        except NotADate as wrong:
            faults.append(Fault(row, names["due"], text["due"], wrong.code, wrong.rule, wrong.remedy))
    if faults:
        return None, faults
    if not any(text[field] for field in ("measure", "section", "person", "progress")):
        rule = "措施、责任科室、责任人、进展情况都是空的，没有可以导入的内容"
        return None, [Fault(row, "", text["task"][:30], "ROW_EMPTY", rule, "请至少填写一项，或删除本行")]
    return LedgerLine(
        row, number, text["anchor"], text["task"], text["measure"], text["section"], text["person"], due_on, due_text, text["progress"],
        text["evidence"], text["centre"], text["period"],
    ), []  # fmt: skip


def _shown(value: object) -> bool:
    return value is not None and _text(value) != ""


def _text(value: object) -> str:
    """A cell as one line; text is clean already, whole numbers come without a decimal point."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
