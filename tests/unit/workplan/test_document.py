"""条款与锚点: the same outline whatever the brackets, the breaks and the file."""

import re
from collections import Counter
from datetime import date

from hpf.workplan.rules.document import Block, PlanDocument, outline
from tests.unit.workplan.plan_2024 import ANCHORS, FILE, document


def lines(text: str) -> PlanDocument:
    return outline([Block(line) for line in text.splitlines()])


def shape(plan: PlanDocument) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(clause.anchor, clause.heading, clause.sentences) for clause in plan.clauses]


def test_the_plan_of_2024_has_all_its_clauses() -> None:
    plan = document()
    assert (plan.title, plan.number, plan.issuer, plan.issued_on) == (
        "2024年全省住房公积金工作要点", "甘建金〔2024〕26号", "甘肃省住房和城乡建设厅", date(2024, 2, 1),
    )  # fmt: skip
    assert [clause.anchor for clause in plan.clauses] == ANCHORS
    assert "".join(clause.anchor for clause in plan.clauses if clause.level == 1) == "一二三四五六七八九十"
    assert plan.clause("通知").heading == "甘肃省住房和城乡建设厅关于印发《2024年全省住房公积金工作要点》的通知"
    assert plan.clause("十(四)").heading == "提升12329服务水平"
    assert plan.clause("八(三)").heading == "积极开展体检评估工作"
    assert len(plan.sentences) == 101


def test_what_pages_cut_in_mid_sentence_and_mid_word_is_whole_again() -> None:
    told = {sentence for _, _, sentence in document().sentences}
    for whole in (
        "以点带面不断提高文明单位创建质量和服务水平",
        "将协同业务功能嵌入中心核心系统",
        "推动业务流程再造",
        "可靠、完整、可用、有效，确保电子档案",
        "落实“三重一大”决策制度。",
        "常态化开展扫黑除恶专项斗争",
        "引进、用好信息技术人才。",
        "及时向缴存人及社会各界回应热点问题。",
        "形成客观全面的自评报告并于3月底前报省住建厅。",
        "向2023年度住房公积金年鉴投稿。",
        "采购工作，确保热线平稳运行、业务有序办理；",
    ):
        assert any(whole in sentence for sentence in told), whole


def test_numbering_nests_four_levels_deep_with_brackets_of_either_width() -> None:
    plan = lines(
        "一、数字化\n(一) 数据质量。摸清底数。\n1.开展自查。\n2．整改问题。\n（1）历史数据限期整改。\n（2）新增数据当日核对。\n"
        "（二）数据共享。扩大范围。\n二、风险\n(一)逾期。压降逾期率至0.2‰以下。"
    )
    assert shape(plan) == [
        ("一", "数字化", ()),
        ("一(一)", "数据质量", ("摸清底数。",)),
        ("一(一)1", "开展自查", ("开展自查。",)),
        ("一(一)2", "整改问题", ()),
        ("一(一)2(1)", "历史数据限期整改", ("历史数据限期整改。",)),
        ("一(一)2(2)", "新增数据当日核对", ("新增数据当日核对。",)),
        ("一(二)", "数据共享", ("扩大范围。",)),
        ("二", "风险", ()),
        ("二(一)", "逾期", ("压降逾期率至0.2‰以下。",)),
    ]


def test_page_marks_blank_lines_and_rules_leave_no_trace() -> None:
    clean = lines("一、宣传\n（一）阵地。及时更换标识，统一使用形象标识。")
    broken = lines("一、宣传\n\n（一）阵地。及时更换标\n— 3 —\n\n---\n- 4 -\n第 5 页 共 12 页\n识，统一使用形象标识。\n***\n— 6 —")
    assert shape(broken) == shape(clean)


def test_heading_levels_of_the_file_do_not_count_the_numbering_does() -> None:
    told = [
        Block("### 一、归集", 3),
        Block("（一）扩面。摸清底数。"),
        Block("## 二、提取", 2),
        Block("#### （一）租房", 4),
        Block("加大力度。"),
    ]
    assert shape(outline(told)) == [
        ("一", "归集", ()),
        ("一(一)", "扩面", ("摸清底数。",)),
        ("二", "提取", ()),
        ("二(一)", "租房", ("加大力度。",)),
    ]


def test_a_sentence_cut_before_a_number_is_no_new_clause() -> None:
    plan = lines("一、依据\n（一）执行。按照《条例》第\n十、十一条和第\n（三）项规定办理。\n（二）检查。定期检查。")
    assert shape(plan)[1:] == [("一(一)", "执行", ("按照《条例》第十、十一条和第（三）项规定办理。",)), ("一(二)", "检查", ("定期检查。",))]


def test_a_number_given_twice_loses_nothing() -> None:
    plan = lines("一、归集\n（一）扩面。摸清底数。\n（一）催缴。依法催缴。\n二、提取\n支持提取。")
    assert [clause.anchor for clause in plan.clauses] == ["一", "一(一)", "一(一)-2", "二"]


def test_a_plan_without_a_notice_and_a_text_without_any_number() -> None:
    plan = lines("2026年全省住房公积金\n工作要点\n为做好今年工作，制定本要点。\n一、归集\n扩大覆盖面。")
    assert (plan.title, shape(plan)) == (
        "2026年全省住房公积金工作要点",
        [("总", "2026年全省住房公积金工作要点", ("为做好今年工作，制定本要点。",)), ("一", "归集", ("扩大覆盖面。",))],
    )
    assert shape(lines("请各中心于6月底前\n报送总结。谢谢。")) == [("总", "", ("请各中心于6月底前报送总结。", "谢谢。"))]
    assert shape(lines("")) == []


def test_a_heading_with_nothing_below_it_is_its_own_sentence() -> None:
    assert shape(lines("一、归集\n扩大覆盖面。\n二、完成交办的其他任务"))[1] == ("二", "完成交办的其他任务", ("完成交办的其他任务",))


def test_a_signed_notice_keeps_address_attachment_and_signature_apart() -> None:
    plan = lines(
        "甘建金〔2026〕3号\n甘肃省住房和城乡建设厅关于印发\n《2026年工作要点》的通知\n各市（州）住房公积金管理中心：\n请认真贯彻执行。\n"
        "附件：2026年工作要点\n甘肃省住房和城乡建设厅\n2026年1月20日\n附件\n2026年工作要点\n一、归集\n扩大覆盖面。\n抄送：各市（州）人民政府。"
    )
    assert (plan.number, plan.issuer, plan.issued_on) == ("甘建金〔2026〕3号", "甘肃省住房和城乡建设厅", date(2026, 1, 20))
    assert plan.clause("通知").sentences == (
        "各市（州）住房公积金管理中心：", "请认真贯彻执行。", "附件：2026年工作要点", "甘肃省住房和城乡建设厅2026年1月20日",
    )  # fmt: skip
    assert plan.clause("版记").sentences == ("抄送：各市（州）人民政府。",)


def test_a_stop_inside_a_title_or_a_bracket_ends_nothing() -> None:
    plan = lines("一、学习\n学习《学法。用法。》（含附录。）精神。做到“人人会。”抓好落实！")
    assert plan.clause("一").sentences == ("学习《学法。用法。》（含附录。）精神。", "做到“人人会。”", "抓好落实！")


def test_a_plan_without_chinese_numerals_at_the_top_still_has_its_clauses() -> None:
    assert [clause.anchor for clause in lines("工作安排\n（一）归集。扩大覆盖面。\n1.摸清底数。\n（二）提取。支持租房。").clauses] == [
        "(一)",
        "(一)1",
        "(二)",
    ]
    assert [clause.anchor for clause in lines("工作安排\n1.扩大覆盖面。\n2.支持租房。").clauses] == ["1", "2"]


def test_no_word_of_the_document_is_lost_or_doubled() -> None:
    plan = document()
    told = [plan.issuer, plan.number, plan.title]
    for clause in plan.clauses:
        told += [clause.heading if clause.anchor not in ("总", "版记") else "", *clause.sentences]
    numbers = [clause.anchor for clause in plan.clauses if clause.level]
    told += [anchor if clause_level == 1 else anchor[1:] for anchor, clause_level in ((n, 1 if "(" not in n else 2) for n in numbers)]
    words = re.compile(r"[\u4e00-\u9fff0-9]")
    read = Counter(words.findall("".join(told))) + Counter("文件附件")
    assert read == Counter(words.findall(FILE.read_text(encoding="utf-8")))


def test_a_document_of_many_lines_without_a_full_stop_is_read_in_time() -> None:
    (clause,) = lines("请各中心报送\n" * 20_000).clauses
    assert len(clause.sentences[0]) == 120_000
