"""拆解: the program's reading of the 2024 plan against a reader's own list of what it asks for."""

from datetime import date

import pytest

from hpf.workplan.rules.deadlines import DeadlineKind
from hpf.workplan.rules.demands import Demand, read_demand, read_demands, read_plan
from tests.unit.workplan.plan_2024 import LISTED, document, names

NAMES = names()
READ = read_plan(document(), year=2024, centres=NAMES)
PILOTS = (1, 2, 6, 8, 11, 12)
ABOVE_THE_LINE = (1, 5, 7, 10, 12, 16)


def asked(anchor: str, words: str) -> Demand:
    """The one demand in that clause whose text holds the words."""
    (found,) = [d for each in READ if each.anchor == anchor for d in each.demands if d.asks and words in d.text]
    return found


def ask(sentence: str, year: int = 2024) -> tuple[Demand, ...]:
    return read_demands(sentence, year=year, clause="一", centres=NAMES)


def test_every_demand_of_the_readers_list_is_found_in_its_clause() -> None:
    assert len(LISTED) == len(set(LISTED)) == 126
    missing = [(anchor, words) for anchor, words in LISTED if not any(
        each.anchor == anchor and any(d.asks and words in d.text for d in each.demands) for each in READ
    )]  # fmt: skip
    assert missing == []


def test_every_sentence_is_a_demand_or_says_why_it_is_none() -> None:
    assert [each.text for each in READ if not each.is_covered] == []
    assert [(each.anchor, each.no, each.demands[0].why_none) for each in READ if not each.demands[0].asks] == [
        ("通知", 1, "主送单位，不是任务"),
        ("通知", 2, "印发说明，具体任务见所附要点"),
        ("通知", 5, "附件目录，不是任务"),
        ("总", 1, "指导思想和总体要求，具体任务见以下各条"),
        ("版记", 1, "发文标识，不是任务"),
        ("版记", 2, "落款和印发日期，不是任务"),
    ]


def test_no_sentence_that_asks_is_missing_from_the_readers_list() -> None:
    unlisted = [each.text for each in READ if each.demands[0].asks and not any(
        anchor == each.anchor and words in each.text for anchor, words in LISTED
    )]  # fmt: skip
    assert unlisted == []


def test_titles_are_the_sentences_own_words_and_short() -> None:
    for each in READ:
        for demand in each.demands:
            assert 2 <= len(demand.title) <= 30, demand.title
            assert demand.title.rstrip("…") in each.text or "〔" in each.text, demand.title
    assert asked("八(三)", "自评报告").title == "形成客观全面的自评报告并于3月底前报省住建厅"
    assert asked("六(三)", "加大降逾").title == "加大降逾工作力度，推动个贷逾期率持续下降"
    assert asked("五(二)", "完成试点").title == "制定实施方案并于9月底前完成试点"
    assert asked("二(一)", "85号").title.startswith("落实应急管理部等十三部门《关于")


@pytest.mark.parametrize(("anchor", "words", "day"), [
    ("四(三)", "永久居留", date(2024, 3, 31)),
    ("四(三)", "亮码可办", date(2024, 6, 30)),
    ("五(二)", "完成试点", date(2024, 9, 30)),
    ("八(三)", "自评报告", date(2024, 3, 31)),
])  # fmt: skip
def test_the_four_dates(anchor: str, words: str, day: date) -> None:
    (rule,) = asked(anchor, words).deadlines
    assert (rule.kind, rule.on) == (DeadlineKind.FIXED, day)


def test_a_sentence_with_two_times_is_two_demands() -> None:
    before, after = next(each for each in READ if each.anchor == "七" and each.no == 3).demands
    (first,), (second,) = before.deadlines, after.deadlines
    assert (first.kind, first.event, first.days, first.workdays, first.before) == (DeadlineKind.RELATIVE, "审议", 10, True, True)
    assert (second.kind, second.event, second.days, second.workdays, second.before) == (DeadlineKind.RELATIVE, "审议通过", 3, True, False)
    assert (first.text, second.text) == ("审议前10个工作日", "审议通过后3个工作日内")
    assert "备案内容包括政策草案" in before.text and before.bodies == ("省住建厅",)


def test_what_recurs() -> None:
    monthly = asked("十(一)", "每月")
    assert [rule.kind for rule in monthly.deadlines] == [DeadlineKind.MONTHLY]
    assert monthly.quota == "不少于1篇"
    assert asked("十(一)", "典型经验").deadlines == ()
    (regular,) = asked("六(一)", "定期监测").deadlines
    assert (regular.kind, regular.assumed) == (DeadlineKind.QUARTERLY, "原文为“定期”，没有写多久一次，暂按每季度")
    for anchor, words in (("八(二)", "年度报告披露"), ("八(二)", "年鉴"), ("三(一)", "本年度归集"), ("七", "年度工作计划")):
        assert [rule.kind for rule in asked(anchor, words).deadlines] == [DeadlineKind.YEARLY], words
    assert asked("三(一)", "每月缴存额").deadlines == (), "a member's monthly contribution is no deadline"
    assert asked("五(二)", "个人年度账单").deadlines == ()
    assert [rule.on for rule in asked("四(三)", "2024年度").deadlines] == [date(2024, 12, 31)]


def test_named_centres_and_no_others() -> None:
    assert asked("五(二)", "完成试点").centres == PILOTS
    assert asked("六(三)", "加大降逾").centres == ABOVE_THE_LINE
    assert {demand.centres for each in READ for demand in each.demands} == {None, PILOTS, ABOVE_THE_LINE}
    assert ask("兰州要加大力度。")[0].centres == (1,)
    assert ask("支持兰州新区和庆阳石油城建设。")[0].centres is None
    assert ask("临夏、甘南住房公积金管理中心要完成整改。")[0].centres == (13, 14)


def test_documents_cited_and_bodies_named() -> None:
    (cited,) = asked("二(一)", "消防").cites
    assert (cited.title, cited.number) == ("关于全面推进地方政府专职消防队伍建设发展的意见", "应急〔2023〕85号")
    numbers = {cited.number for each in READ for demand in each.demands for cited in demand.cites}
    assert numbers == {"", "应急〔2023〕85号", "甘高法发〔2022〕3号", "国发〔2024〕3号", "建金〔2022〕82号"}
    assert asked("十(一)", "甘肃日报").cites == (), "a newspaper is no document"
    assert asked("五(三)", "公安").bodies == ("公安", "民政", "不动产", "房产", "银行", "担保")
    assert asked("十(二)", "网信").bodies == ("宣传", "网信")
    assert asked("五(五)", "人民银行").bodies == ("人民银行",)
    assert asked("四(二)", "甘高法发").bodies == ("省住建厅", "省高级人民法院")
    assert asked("十(四)", "热线运维").bodies == ("热线运维单位", "公积金中心")


def test_what_is_allowed_is_told_from_what_is_asked() -> None:
    assert [each.demands[0].text for each in READ if each.demands[0].optional] == [
        "各地可结合实际，支持提取住房公积金用于支付新建商品住房首付款。",
        "有条件的公积金中心可引进第三方数据治理机构，辅助开展数据质量提升工作。",
        "有条件的地区可引进第三方机构开展复评。",
    ]


def test_parts_at_a_semicolon_are_demands_of_their_own() -> None:
    assert [demand.title for demand in ask("建立台账；每季度末报送进展；2024年11月15日前完成验收。")] == [
        "建立台账", "每季度末报送进展", "2024年11月15日前完成验收",
    ]  # fmt: skip
    assert len(ask("落实《建立台账；报送进展》要求。")) == 1


def test_one_demand_with_all_its_times_for_a_task_made_by_hand() -> None:
    whole = read_demand("6月底前完成清理；12月底前完成验收。", year=2025, clause="一")
    assert [rule.on for rule in whole.deadlines] == [date(2025, 6, 30), date(2025, 12, 31)]


def test_a_sentence_that_cannot_be_told_is_uncovered_and_not_silently_passed_over() -> None:
    (demand,) = ask("住房公积金是职工的长期住房储金。")
    assert (demand.asks, demand.why_none) == (False, "")


@pytest.mark.parametrize(("words", "text"), [
    ("于 3 月底前报送", "2024年3月31日前"),
    ("2025年2月底前完成", "2025年2月28日前"),
    ("12月15日前报送", "2024年12月15日前"),
    ("次年1月10日前报送", "2025年1月10日前"),
    ("6月中旬完成", "2024年6月20日前"),
    ("上半年完成", "2024年6月30日前"),
    ("三季度末前完成", "2024年9月30日前"),
    ("6月前完成", "2024年5月31日前"),
    ("年底前完成", "2024年12月31日前"),
    ("每月5日前报送", "每月5日前"),
    ("每季度报送进展", "每季度"),
    ("每季度结束后10个工作日内报送", "每季度末后10个工作日内"),
    ("每年4月底前披露年度报告", "每年4月30日前"),
    ("自印发之日起30日内制定方案", "印发后30日内"),
    ("收到申请后十个工作日内办结", "收到申请后10个工作日内"),
    ("每月开展一次，持续到9月底", "每月，至2024年9月30日"),
    ("按月报送数据", "每月"),
    ("2月30日前完成", ""),
    ("及时、尽快、不定期开展", ""),
])  # fmt: skip
def test_times_as_they_are_written(words: str, text: str) -> None:
    assert "".join(rule.text for rule in read_demand(f"{words}整改。", year=2024).deadlines) == text


def test_the_end_of_what_recurs_is_no_second_demand() -> None:
    (demand,) = ask("每月开展一次清收，持续到9月底。")
    assert [rule.text for rule in demand.deadlines] == ["每月，至2024年9月30日"]


def test_half_a_year_is_two_dates() -> None:
    assert [rule.on for rule in read_demand("每半年开展一次检查。", year=2024).deadlines] == [date(2024, 6, 30), date(2024, 12, 31)]
