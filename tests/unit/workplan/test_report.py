"""The report's words from given facts: every figure counted, nothing said about nothing, and the sheet of paper in three forms."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hpf.workplan.rules.report import (
    Facts,
    Item,
    Measured,
    Moved,
    Passage,
    PlannedMeasure,
    Report,
    Returned,
    Table,
    summary,
    tallies,
    why_late,
)
from hpf.workplan.rules.report_text import compose
from hpf.workplan.rules.states import OccurrenceState as State

UNTIL = date(2024, 3, 31)
TASK = Item(
    1,
    6,
    "武威",
    1,
    "按期报送自评报告",
    "八(三)",
    "八",
    "增强统计分析质效",
    "2024-03-31",
    date(2024, 2, 1),
    UNTIL,
    State.OPEN,
    "稽核科",
    "张丽",
)
ACCEPTED = replace(
    TASK, occurrence_id=2, task_no=2, state=State.ACCEPTED, reported_on=date(2024, 3, 20), decided_on=date(2024, 3, 25), words="自评92分"
)
LATE = replace(TASK, occurrence_id=3, task_no=3, title="每月投稿", period="2024-02", due_on=date(2024, 2, 29))
RETURNED = replace(LATE, occurrence_id=4, task_no=4, title="完成改造", period="2024-03-15", state=State.RETURNED, due_on=date(2024, 3, 15),
                   returned_on=date(2024, 3, 12), opinion="缺验收单")  # fmt: skip
NEXT = replace(TASK, occurrence_id=5, task_no=5, title="制定方案", period="2024-04", due_on=date(2024, 4, 30))
OVERDUE = replace(TASK, occurrence_id=6, task_no=6, title="个贷逾期率持续下降", state=State.REPORTED, reported_on=date(2024, 3, 1),
                  due_on=date(2024, 3, 10), met=False, value=Decimal("0.350000"), operator="<=", target=Decimal("0.200000"))  # fmt: skip


def facts(*items: Item, centre_id: int | None = 6, **given: object) -> Facts:
    plain = Facts(
        "2024年全省住房公积金工作要点", "甘建金〔2024〕26号", "甘肃省住房和城乡建设厅", 2024, "2024年3月", "本月", "4月", date(2024, 3, 1), UNTIL,
        date(2024, 4, 30), date(2024, 4, 2), "王建国", centre_id, "武威市住房公积金管理中心" if centre_id else "", 10, items,
        centres=((6, "武威"),) if centre_id else ((1, "兰州"), (6, "武威")),
    )  # fmt: skip
    return replace(plain, **given)


def headings(report: Report) -> list[str]:
    return [passage.heading for passage in report.passages]


def passage(report: Report, words: str) -> Passage:
    return next(each for each in report.passages if words in each.heading)


def rows(report: Report, words: str) -> tuple[tuple[str, ...], ...]:
    found = passage(report, words).table
    assert found is not None
    return found.rows


def test_what_is_due_is_told_apart_without_remainder() -> None:
    told = summary((TASK, ACCEPTED, LATE, RETURNED, NEXT, OVERDUE), UNTIL, date(2024, 4, 30), 10)
    assert (told.tasks, told.occurrences, told.due, told.due_next) == (6, 6, 5, 1)
    assert told.on_time + told.reported_late + told.unreported + told.due_today + told.met_alone == told.due
    assert (told.on_time, told.unreported, told.due_today, told.unmet, told.late, told.accepted, told.returned) == (2, 2, 1, 1, 3, 1, 1)


def test_a_centre_reports_to_the_province_in_the_form_of_an_official_paper() -> None:
    report = compose(facts(TASK, ACCEPTED, LATE))
    assert report.title == "武威市住房公积金管理中心\n关于2024年3月工作要点落实情况的报告"
    assert report.addressee == "甘肃省住房和城乡建设厅："
    assert "《2024年全省住房公积金工作要点》（甘建金〔2024〕26号）" in report.opening
    assert report.closing == "特此报告。"
    assert (report.signature.unit, report.signature.head) == ("武威市住房公积金管理中心", "主任（签字）")
    assert (report.signature.made_by, report.signature.signed_on) == ("王建国", "2024年4月2日")
    assert passage(report, "总体情况").paragraphs == (
        "我中心承担工作要点任务3项，按期限分为3个期次。截至2024年3月31日，到期和提前上报的共3个，"
        "其中按时上报1个，逾期未上报1个，当日到期尚未上报1个；按时率33.33%。省厅已认可1个。",
    )


def test_the_parts_add_up_to_the_whole() -> None:
    other = replace(LATE, part="五", part_heading="加快数字化发展")
    *parts, whole = rows(compose(facts(TASK, ACCEPTED, other, RETURNED, NEXT)), "总体情况")
    assert whole[0] == "合计"
    assert [row[0] for row in parts] == ["八、增强统计分析质效", "五、加快数字化发展"]
    for column in range(1, 10):
        assert sum(int(row[column]) for row in parts) == int(whole[column])


def test_what_is_late_comes_with_days_and_reason() -> None:
    report = compose(facts(LATE, RETURNED, OVERDUE))
    assert [(row[1], row[3], row[5]) for row in rows(report, "逾期事项")] == [
        ("3. 每月投稿（2月）", "31", "中心未说明原因"),
        ("6. 个贷逾期率持续下降", "21", "测量值0.35，不高于0.2的目标未达到"),
        ("4. 完成改造", "16", "3月12日被退回：缺验收单"),
    ]
    assert why_late(replace(LATE, words="建设方推迟交付")) == "建设方推迟交付"
    assert why_late(replace(OVERDUE, value=None)) == "尚无测量值"


def test_returns_moves_and_measured_tasks_each_have_their_table() -> None:
    report = compose(
        facts(
            RETURNED, NEXT, OVERDUE,
            returned=(Returned(4, date(2024, 3, 12), "缺验收单"),),
            moved=(Moved(5, date(2024, 3, 20), date(2024, 3, 29), date(2024, 4, 30), "系统升级推迟", "张处"),),
            measured=(Measured(6, "武威", 6, "个贷逾期率持续下降", "<=", Decimal("0.2"), Decimal("0.35"), Decimal("0.41"), "平台计算", "‰"),),
        )
    )  # fmt: skip
    assert rows(report, "退回事项") == (("1", "4. 完成改造", "3月12日", "缺验收单", "已退回"),)
    assert rows(report, "期限调整") == (("1", "5. 制定方案（4月）", "3月29日", "4月30日", "系统升级推迟", "张处\n3月20日"),)
    assert rows(report, "目标任务") == (("1", "6. 个贷逾期率持续下降", "不高于0.2‰", "0.35‰", "0.15‰", "下降0.06‰", "平台计算"),)


def test_measures_answer_what_presses_and_a_late_task_without_one_is_named() -> None:
    measure = PlannedMeasure(6, 5, "召开协调会", "办公室", "李明", date(2024, 4, 12), "OPEN")
    report = compose(facts(LATE, NEXT, measures=(measure,)))
    told = passage(report, "下一步措施")
    assert rows(report, "下一步措施") == (("1", "制定方案", "召开协调会", "办公室\n李明", "4月12日"),)
    assert told.paragraphs[1] == "尚未明确措施的逾期任务1项：每月投稿。"


def test_nothing_is_said_about_nothing() -> None:
    assert headings(compose(facts(NEXT))) == ["一、总体情况", "二、4月到期事项"]
    assert headings(compose(facts())) == ["一、总体情况"]
    (text,) = passage(compose(facts(NEXT)), "总体情况").paragraphs
    assert text == "我中心承担工作要点任务1项，按期限分为1个期次。4月到期1个。"


def test_the_province_ranks_and_says_its_rule() -> None:
    lanzhou = replace(ACCEPTED, occurrence_id=12, centre_id=1, centre="兰州")
    report = compose(facts(lanzhou, LATE, replace(LATE, occurrence_id=13, centre_id=1, centre="兰州"), centre_id=None))
    assert report.title == "关于2024年3月全省住房公积金工作要点\n落实情况的通报"
    assert report.closing == "特此通报。"
    assert "2个中心逾期未完成2个，最长逾期31天：兰州、武威各1个。" in passage(report, "逾期事项").paragraphs[0]
    assert rows(report, "逾期事项")[0][4] == "兰州、武威"
    assert [row[:3] for row in rows(report, "排名")] == [("1", "兰州", "50.00"), ("2", "武威", "0.00")]
    assert "按时率占50%" in passage(report, "排名").paragraphs[0]


def test_the_ranking_counts_what_was_due_or_reported_before() -> None:
    early = replace(NEXT, state=State.REPORTED, reported_on=date(2024, 3, 20))
    (tally,) = tallies((ACCEPTED, early, LATE, NEXT), UNTIL, ((6, "武威"),))
    assert (tally.due, tally.on_time, tally.accepted, tally.measured) == (3, 2, 1, 0)


def test_a_centres_table_is_whole_and_the_provinces_says_what_the_attachment_has() -> None:
    many = tuple(replace(LATE, occurrence_id=at, task_no=at) for at in range(1, 181))
    own = compose(facts(*many))
    assert (len(rows(own, "逾期事项")), own.attachment) == (180, "")
    province = compose(facts(*many, centre_id=None))
    told = passage(province, "逾期事项")
    assert (len(rows(province, "逾期事项")), told.left_out) == (60, 120)
    assert told.paragraphs[1] == "共180行，下表列前60行，其余120行见附件。"
    assert province.attachment == "全省2024年3月工作要点台账"
    from hpf.workplan.gateways.report_md import to_markdown
    from hpf.workplan.gateways.report_pdf import report_html

    assert "附件：全省2024年3月工作要点台账" in report_html(province) and "附件：全省" in to_markdown(province).decode()
    assert "附件：" not in report_html(own)


def test_the_province_tells_a_task_once_and_a_centres_returns_together() -> None:
    again = replace(LATE, occurrence_id=7, period="2024-01", due_on=date(2024, 1, 31))
    returns = tuple(Returned(4, date(2024, 3, at), "缺验收单" if at < 12 else "缺清单") for at in (10, 11, 12))
    moves = tuple(Moved(5 + at, date(2024, 3, 20), date(2024, 3, 29), date(2024, 4, 30), "系统升级推迟", "张处") for at in (0, 50))
    report = compose(
        facts(LATE, again, RETURNED, NEXT, replace(NEXT, occurrence_id=55, centre_id=1, centre="兰州"), centre_id=None, returned=returns,
              moved=moves, measured=tuple(
                  Measured(6, name, 6, "个贷逾期率持续下降", "<=", Decimal("0.2"), Decimal(value), None, "平台计算", "‰")
                  for name, value in (("武威", "0.35"), ("兰州", "0.1"))
              ) + tuple(Measured(at, name, 6, "个贷逾期率持续下降", "<=", Decimal("0.2"), None, None, "尚未填报", "‰")
                        for at, name in enumerate(("天水", "张掖", "庆阳", "陇南"), 7))),
    )  # fmt: skip
    assert next(row[1:5] for row in rows(report, "逾期事项")) == ("3. 每月投稿", "1月31日\n等2期", "60", "武威")
    assert rows(report, "逾期事项")[0][5] == "中心未说明原因"
    assert rows(report, "退回事项") == (("武威", "3", "1", "缺验收单（2次）；缺清单"),)
    assert [row[1] for row in rows(report, "期限调整")] == ["武威、兰州：5. 制定方案（4月）"]
    assert "调整期限2次" in passage(report, "期限调整").paragraphs[0]
    assert [row[1] for row in rows(report, "目标任务")] == [
        "武威：6. 个贷逾期率持续下降",
        "天水、张掖、庆阳等4个中心：6. 个贷逾期率持续下降",
    ]
    assert "达到目标1项次，未达到1项次，尚无数值4项次。下表列未达到目标和尚无数值的。" in passage(report, "目标任务").paragraphs[0]


def test_a_row_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Table(("一", "二"), (50, 50), (("只有一格",),))


@pytest.fixture(scope="module")
def report() -> Report:
    hostile = replace(LATE, words="<script>alert(1)</script>|一\n二")
    return compose(facts(TASK, ACCEPTED, hostile, RETURNED, NEXT, OVERDUE, returned=(Returned(4, date(2024, 3, 12), "缺验收单"),)))


def test_the_word_file_is_an_official_paper(report: Report) -> None:
    import docx
    from docx.oxml.ns import qn

    from hpf.workplan.gateways.report_docx import to_docx

    document = docx.Document(io.BytesIO(to_docx(report)))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm), round(section.top_margin.mm)) == (210, 297, 37)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == report.title.split("\n")
    assert "特此报告。" in texts and "主任（签字）：＿＿＿＿＿＿＿＿" in texts
    assert next(table.rows[0].cells[0].text for table in document.tables) == "部分"
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables)
    assert "PAGE" in section.footer._element.xml
    heading = next(paragraph for paragraph in document.paragraphs if paragraph.text == "一、总体情况")
    assert heading.style.name == "Heading 1"
    assert heading.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"


def test_the_pdf_is_a4_with_every_section(report: Report) -> None:
    import pypdf

    from hpf.workplan.gateways.report_pdf import to_pdf

    reader = pypdf.PdfReader(io.BytesIO(to_pdf(report)))
    assert [round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]
    text = "".join(page.extract_text() for page in reader.pages)
    assert all(each.heading in text for each in report.passages)
    assert "单位公章" in text and "主任（签字）" in text and "— 1 —" in text


def test_what_people_typed_stays_text(report: Report) -> None:
    from hpf.workplan.gateways.report_md import to_markdown
    from hpf.workplan.gateways.report_pdf import report_html

    assert "<script>" not in report_html(report)
    text = to_markdown(report).decode()
    assert "<script>" not in text.replace("\\<script", "")
    assert "\\|一<br>二" in text


def test_what_people_typed_stays_text_in_the_cells_of_word(report: Report) -> None:
    import docx

    from hpf.workplan.gateways.report_docx import to_docx

    typed = ("</w:t><b>&amp;\"'", "一\r\n二", "]]>", "&#65;")
    (table,) = docx.Document(
        io.BytesIO(to_docx(replace(report, passages=(Passage("一、表", 1, (), Table(("甲", "乙", "丙", "丁"), (1, 1, 1, 1), (typed,))),))))
    ).tables
    assert [cell.text for cell in table.rows[1].cells] == ["</w:t><b>&amp;\"'", "一\r\n二", "]]>", "&#65;"]


def test_a_reason_counts_centres_and_not_their_dates() -> None:
    """Two late months of eight centres are eight centres."""
    late = [replace(LATE, occurrence_id=at * 2 + n, centre_id=at, centre=f"中心{at}", period=f"2024-0{n}", due_on=date(2024, n, 28))
            for at in range(1, 9) for n in (1, 2)]  # fmt: skip
    late[0] = replace(late[0], words="系统升级。")
    told = rows(compose(facts(*late, centre_id=None)), "逾期事项")[0][5]
    assert told == "中心1：系统升级；其余7个中心：中心未说明原因"
