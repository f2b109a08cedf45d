"""Which task a line of a centre's own ledger means: clearly one, or none with the nearest named."""

import pytest

from hpf.workplan.rules.ledger_file import Fault, LedgerLine
from hpf.workplan.rules.ledger_match import KnownTask, TaskFinder, anchor_of

TASKS = (
    KnownTask(11, 1, "开展岗位大练兵、技能大比武活动", "开展岗位大练兵、技能大比武活动，引导全行业重技能、强队伍、树形象。", "一"),
    KnownTask(12, 2, "扩大制度覆盖范围", "参照本地社保参保情况，摸清应缴尽缴底数，推进行政事业单位、国有企业等全员建缴。", "二(一)"),
    KnownTask(13, 3, "纳入《劳动合同示范文本》", "将缴存住房公积金列入市（州）级《劳动合同示范文本》。", "二(一)"),
    KnownTask(14, 4, "完成数据治理试点", "兰州、武威等中心先行先试，制定实施方案并于9月底前完成试点。", "五(二)"),
    KnownTask(15, 5, "制定数据治理实施方案", "成立工作专班、制定实施方案、指定专人负责，开展数据治理专项行动。", "五(二)"),
    KnownTask(16, 6, "健全舆情监测机制", "建立健全网络舆情监测、研判、回应、处置机制。", "十(二)"),
)


def line(task: str = "", *, no: int | None = None, anchor: str = "") -> LedgerLine:
    return LedgerLine(5, no, anchor, task, "成立专班", "", "", None, "", "", "")


@pytest.mark.parametrize(
    ("task", "wanted"),
    [
        ("扩大制度覆盖范围", 2),
        ("（一）扩大制度覆盖范围", 2),
        ("1.扩大 制度覆盖范围。", 2),
        ("将缴存住房公积金列入市(州)级《劳动合同示范文本》", 3),
        ("开展岗位大练兵、技能大比武", 1),
        ("建立网络舆情监测、研判、回应和处置机制", 6),
        ("参照社保参保情况，摸清应缴底数，推进行政事业单位和国有企业全员建缴", 2),
    ],
)
def test_a_line_finds_its_task_by_its_words(task: str, wanted: int) -> None:
    found = TaskFinder(TASKS).find(line(task))
    assert isinstance(found, KnownTask) and found.task_no == wanted


def test_a_number_decides_when_the_words_fit_or_are_missing() -> None:
    finder = TaskFinder(TASKS)
    assert finder.find(line(no=4)) == TASKS[3]
    assert finder.find(line("数据治理试点", no=4)) == TASKS[3]


def test_a_clause_narrows_and_alone_is_enough_when_it_has_one_task() -> None:
    finder = TaskFinder(TASKS)
    assert finder.find(line(anchor="十、（二）")) == TASKS[5]
    assert finder.find(line("制定方案，成立工作专班开展数据治理", anchor="五（二）")) == TASKS[4]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (line("食堂改造"), "TASK_UNKNOWN"),
        (line("数据治理"), "TASK_UNCLEAR"),
        (line(anchor="五(二)"), "TASK_UNCLEAR"),
        (line(anchor="三(九)"), "CLAUSE_UNKNOWN"),
        (line(no=99), "TASK_NO_UNKNOWN"),
        (line("健全舆情监测机制", no=2), "TASK_NO_OTHER"),
    ],
)
def test_what_is_not_clearly_one_task_is_refused(asked: LedgerLine, code: str) -> None:
    found = TaskFinder(TASKS).find(asked)
    assert isinstance(found, Fault) and (found.row, found.code) == (5, code)
    assert "请" in found.remedy


def test_the_nearest_tasks_are_named() -> None:
    found = TaskFinder(TASKS).find(line("舆情工作和信访工作"))
    assert isinstance(found, Fault) and "任务6“健全舆情监测机制”" in found.rule


@pytest.mark.parametrize(
    ("written", "anchor"),
    [
        ("五、（二）", "五(二)"),
        ("五(二)", "五(二)"),
        ("第五部分（二）", "五(二)"),
        ("5.2", "五(二)"),
        ("七", "七"),
        ("7", "七"),
        ("通知", "通知"),
        ("", ""),
    ],
)
def test_a_clause_is_known_however_it_is_numbered(written: str, anchor: str) -> None:
    assert anchor_of(written) == anchor
