"""The ledgers that centres keep today: headings by any name, merged cells, titles above and signatures below, and every bad cell named."""

from datetime import date

import pytest

from hpf.workplan.rules.ledger_file import HEADINGS, NAMES, LedgerFileRefused, LedgerSheet, read_ledger

HEAD = ["序号", "重点任务", "具体措施", "责任科室", "责任人", "完成时限", "进展情况", "佐证材料"]


def sheet(*rows: list[object], merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()) -> LedgerSheet:
    return read_ledger([list(row) for row in rows], merged, year=2024)


def test_a_plain_ledger_is_read_row_by_row() -> None:
    read = sheet(HEAD, [1.0, "开展自评", "成立专班", "稽核科", "张丽", "3月底前", "已完成初稿", "自评报告"])
    (line,) = read.lines
    assert (line.row, line.task, line.measure, line.section, line.person) == (2, "开展自评", "成立专班", "稽核科", "张丽")
    assert (line.due_on, line.progress, line.evidence) == (date(2024, 3, 31), "已完成初稿", "自评报告")
    assert read.faults == ()
    assert read.columns[1] == ("重点任务", "任务")


@pytest.mark.parametrize("field", ["task", "measure", "section", "person", "due", "progress", "evidence"])
def test_every_usual_name_of_a_heading_is_known(field: str) -> None:
    for name in HEADINGS[field]:
        heads = [
            "任务" if field != "task" else name,
            "措施" if field != "measure" else name,
            *([] if field in ("task", "measure") else [name]),
        ]
        read = sheet(heads, ["开展自评", "成立专班", *(["3月底"] if len(heads) == 3 else [])])
        assert (name, NAMES[field]) in read.columns, name


def test_a_title_stands_above_and_signatures_below() -> None:
    read = sheet(
        ["2024年工作要点台账", None, None],
        ["填报单位：武威中心", None, None],
        ["工作任务", "措施", "责任部门"],
        ["开展自评", "成立专班", "稽核科"],
        ["填表人：张丽", None, None],
        merged=(((0, 0), (0, 2)),),
    )
    assert [line.row for line in read.lines] == [4]


def test_headings_in_two_rows_are_one_heading() -> None:
    read = sheet(
        ["序号", "任务", "责任分工", None, "完成时限"],
        [None, None, "责任科室", "责任人", None],
        [1, "开展自评", "稽核科", "张丽", "全年"],
        merged=(((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((0, 4), (1, 4))),
    )
    (line,) = read.lines
    assert (line.section, line.person, line.due_on) == ("稽核科", "张丽", date(2024, 12, 31))


def test_merged_cells_hold_for_every_row_they_cover() -> None:
    read = sheet(HEAD[:4], [1, "开展自评", "成立专班", "稽核科"], [None, None, "逐项核对", None], [None, None, "形成报告", "办公室"], merged=(((1, 1), (3, 1)), ((1, 3), (2, 3))))  # fmt: skip
    assert [(line.task, line.measure, line.section) for line in read.lines] == [
        ("开展自评", "成立专班", "稽核科"),
        ("开展自评", "逐项核对", "稽核科"),
        ("开展自评", "形成报告", "办公室"),
    ]


def test_an_empty_task_below_a_task_is_the_same_task() -> None:
    read = sheet(HEAD[:3], [1, "开展自评", "成立专班"], [2, None, "逐项核对"])
    assert [line.task for line in read.lines] == ["开展自评", "开展自评"]


def test_a_heading_printed_again_and_a_part_across_the_sheet_are_no_tasks() -> None:
    part = "一、持续深化服务提升三年行动"
    read = sheet(HEAD[:4], [part, None, None, None], [1, "开展自评", "成立专班", "稽核科"], HEAD[:4], [2, "宣传政策", "每月投稿", "办公室"], merged=(((1, 0), (1, 3)),))  # fmt: skip
    assert [line.task for line in read.lines] == ["开展自评", "宣传政策"]
    assert read.faults == ()


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (["1", "开展自评", "成立专班", "稽核科", "", "尽快", "", ""], "完成时限", "DATE_UNREADABLE"),
        (["1", "开展自评", "成立专班", "稽核科", "", "2月30日", "", ""], "完成时限", "DATE_IMPOSSIBLE"),
        (["1", "开展自评", "成立专班", "稽核科", "", "2019年底", "", ""], "完成时限", "DATE_OTHER_YEAR"),
        (["1", "开展自评", "#REF!", "稽核科", "", "", "", ""], "具体措施", "CELL_IN_ERROR"),
        (["1", "开展自评", "长" * 2001, "稽核科", "", "", "", ""], "具体措施", "CELL_TOO_LONG"),
        (["1", "开展自评", "", "", "", "3月底", "", ""], "", "ROW_EMPTY"),
        (["1", "", "成立专班", "稽核科", "", "", "", ""], "重点任务", "TASK_MISSING"),
    ],
)
def test_a_bad_cell_is_named_with_row_column_value_rule_and_remedy(row: list[object], column: str, code: str) -> None:
    read = sheet(HEAD, row)
    (fault,) = read.faults
    assert (fault.row, fault.column, fault.code) == (2, column, code)
    assert fault.rule and fault.remedy.startswith("请")
    assert read.lines == ()


def test_a_task_number_is_a_number() -> None:
    read = sheet(["任务号", "措施"], ["甲3", "成立专班"], ["12", "成立专班"])
    assert [(fault.row, fault.code) for fault in read.faults] == [(2, "TASK_NO_WRONG")]
    assert [line.task_no for line in read.lines] == [12]


@pytest.mark.parametrize(
    ("rows", "code"), [([["甲", "乙"], ["丙", "丁"]], "LEDGER_NO_HEADINGS"), ([HEAD], "LEDGER_EMPTY"), ([], "LEDGER_NO_HEADINGS")]
)
def test_a_sheet_that_is_no_ledger_is_refused(rows: list[list[object]], code: str) -> None:
    with pytest.raises(LedgerFileRefused) as refused:
        sheet(*rows)
    assert refused.value.code == code
    assert "请" in refused.value.message


def test_a_column_that_means_nothing_here_is_told() -> None:
    assert sheet(["任务", "措施", "牵头领导"], ["开展自评", "成立专班", "王主任"]).unknown == ("牵头领导",)
