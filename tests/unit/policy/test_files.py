"""The files of law/: what they say on known days, and what a mistake in them is called."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from hpf.kernel.money import Money
from hpf.kernel.rate import Rate
from hpf.policy.rules import Confidence, LawFileError, LawFiles, MissingParameter

DEMO_FIRST, DEMO_LAST = date(2025, 7, 1), date(2026, 11, 30)
NEEDED = [
    "contribution.base_cap",
    "contribution.rate_min",
    "contribution.rate_max",
    "contribution.rounding_unit_fen",
    "contribution.flexible_rate_min",
    "contribution.flexible_rate_max",
    "contribution.payday_grace_days",
    "contribution.back_payment_earliest",
    "contribution.deferral_months_max",
    "contribution.deferral_decision_workdays",
    "contribution.deferral_apply_before_months",
    "contribution.employer_registration_days",
    "contribution.account_setup_days",
    "contribution.hire_registration_days",
    "contribution.leave_registration_days",
    "contribution.lapse_watch_months",
    "contribution.employer_reopen_wait_months",
    "interest.method",
    "interest.rate_carried",
    "interest.rate_current",
    "interest.day_basis",
    "withdrawal.bucket_order",
    "recheck.days",
    "loan.rate.first.short",
    "loan.rate.first.long",
    "loan.rate.second.short",
    "loan.rate.second.long",
]


@pytest.fixture(scope="module")
def law() -> LawFiles:
    return LawFiles.read(Path("law"))


@pytest.fixture(scope="module")
def demo() -> LawFiles:
    return LawFiles.read(Path("law"), Path("demo/law"))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of law/ to make one mistake in."""
    shutil.copytree("law", tmp_path / "law")
    return tmp_path / "law"


def test_lanzhou_and_the_provincial_centre_from_july_2026(law: LawFiles) -> None:
    for centre in ("lanzhou", "provincial"):
        book = law.book(centre, date(2026, 7, 1))
        assert book.money("contribution.base_cap") == Money.yuan("30090.75")
        assert book.money("contribution.base_floor", "620102") == Money.yuan("2200.00")
        assert book.money("contribution.base_floor", "620121") == Money.yuan("2130.00")
        assert book.parameter("contribution.base_cap").confidence is Confidence.SECONDARY
    with pytest.raises(MissingParameter):
        law.book("lanzhou", date(2026, 6, 30)).money("contribution.base_cap")


def test_the_city_and_the_provincial_centre_differ(law: LawFiles) -> None:
    on = date(2026, 8, 1)
    assert law.book("provincial", on).money("withdrawal.rent_limit_year_multi_child") == Money.yuan("60000.00")
    assert not law.book("lanzhou", on).knows("withdrawal.rent_limit_year_multi_child")


def test_what_is_not_known_of_a_centre_is_not_invented(law: LawFiles) -> None:
    for centre in law.centres:
        if centre.code not in ("lanzhou", "provincial"):
            with pytest.raises(MissingParameter):
                law.book(centre.id, date(2026, 8, 1)).money("contribution.base_cap")
    assert {each.confidence for each in law.parameters} <= set(Confidence) - {Confidence.DEMO}


def test_the_regulation_changes_on_20_september_2026(law: LawFiles) -> None:
    before, after = law.book("lanzhou", date(2026, 9, 19)), law.book("lanzhou", date(2026, 9, 20))
    assert (before.text("regulation.edition"), after.text("regulation.edition")) == ("2019", "2026")
    assert (before.whole("timer.loan_decision_days"), after.whole("timer.loan_decision_days")) == (15, 10)
    assert (before.flag("urging.required"), after.flag("urging.required")) == (False, True)
    assert after.money("penalty.no_registration_max") == Money.yuan("300000.00")
    assert before.parameter("recheck.days").citation == "条例/36@2019"
    assert after.parameter("recheck.days").citation == "条例/37@2026"


@pytest.mark.parametrize(
    ("on", "current", "carried"),
    [
        ("2007-12-21", "0.72", "3.33"),
        ("2008-12-23", "0.36", "1.71"),
        ("2011-07-07", "0.50", "3.1"),
        ("2015-06-30", "0.35", "1.6"),
        ("2016-02-20", "0.35", "1.1"),
        ("2016-02-21", "1.50", "1.50"),
        ("2026-06-30", "1.50", "1.50"),
    ],
)
def test_deposit_rates(law: LawFiles, on: str, current: str, carried: str) -> None:
    book = law.book("baiyin", date.fromisoformat(on))
    assert book.rate("interest.rate_current") == Rate.of(current)
    assert book.rate("interest.rate_carried") == Rate.of(carried)


@pytest.mark.parametrize(
    ("on", "short", "long"),
    [("2008-12-23", "3.33", "3.87"), ("2015-08-26", "2.75", "3.25"), ("2022-10-01", "2.6", "3.1"),
     ("2024-05-17", "2.6", "3.1"), ("2024-05-18", "2.35", "2.85"), ("2025-05-08", "2.1", "2.6")],
)  # fmt: skip
def test_loan_rates_of_the_first_home(law: LawFiles, on: str, short: str, long: str) -> None:
    book = law.book("lanzhou", date.fromisoformat(on))
    assert (book.rate("loan.rate.first.short"), book.rate("loan.rate.first.long")) == (Rate.of(short), Rate.of(long))


def test_the_second_home_is_a_value_of_its_own_and_not_a_multiple(law: LawFiles) -> None:
    book = law.book("lanzhou", date(2025, 5, 8))
    assert (book.rate("loan.rate.second.short"), book.rate("loan.rate.second.long")) == (Rate.of("2.525"), Rate.of("3.075"))


def test_the_demo_has_every_value_on_every_day_for_every_centre_and_district(demo: LawFiles) -> None:
    changes = {each.since for each in demo.parameters} | {each.until for each in demo.parameters if each.until}
    days = {DEMO_FIRST, DEMO_LAST} | {day for day in changes if DEMO_FIRST <= day <= DEMO_LAST}
    missing = []
    for day in sorted(days | {day - timedelta(1) for day in days - {DEMO_FIRST}}):
        for centre in demo.centres:
            book = demo.book(centre.id, day)
            missing += [(day, centre.code, key) for key in NEEDED if not book.knows(key)]
            missing += [(day, centre.code, d.code) for d in centre.districts if not book.knows("contribution.base_floor", d.code)]
    assert missing == []


def test_demo_values_are_labelled_and_never_cover_law(demo: LawFiles) -> None:
    pack = [each for each in demo.parameters if each.pack != "law"]
    assert {(each.pack, each.confidence, each.citation) for each in pack} == {("demo", Confidence.DEMO, "演示值")}
    assert demo.book("lanzhou", date(2026, 7, 1)).parameter("contribution.base_cap").pack == "law"


def test_what_a_centre_has_still_to_enact_is_listed_by_name(law: LawFiles, demo: LawFiles) -> None:
    on = date(2026, 8, 1)
    assert ("contribution.base_cap", "缴存基数上限") in law.book("dingxi", on).unset()
    assert "contribution.base_cap" not in dict(law.book("lanzhou", on).unset())
    assert dict(law.book("lanzhou", on).unset())["withdrawal.agreement_months_max"] == "约定提取的最长期限"
    assert "withdrawal.agreement_months_max" not in dict(demo.book("lanzhou", on).unset())


def test_one_key_has_one_name_and_one_unit(broken: Path) -> None:
    names = broken / "params" / "各中心制定.yaml"
    names.write_text(names.read_text(encoding="utf-8").replace("withdrawal.heirs_by_agreement", "contribution.rate_min"), encoding="utf-8")
    with pytest.raises(LawFileError, match=r"contribution\.rate_min: 名称或计量单位与另一处"):
        LawFiles.read(broken)


def test_sixteen_centres_with_their_districts(law: LawFiles) -> None:
    assert [centre.id for centre in law.centres] == list(range(1, 17))
    assert [centre.code for centre in law.centres if centre.gb2260 is None] == ["kuangqu", "provincial"]
    assert {centre.mohurd_org_code for centre in law.centres} == {None}
    for centre in law.centres[:14]:
        assert all(district.code.startswith(str(centre.gb2260)[:4]) for district in centre.districts)
    assert sum(len(centre.districts) for centre in law.centres[:14]) == 88


def test_the_chart_is_a_tree_and_journals_use_its_leaves(law: LawFiles) -> None:
    known = {subject.code: subject for subject in law.chart}
    assert len(known) == len(law.chart) == 58
    for subject in law.chart:
        if subject.parent is not None:
            assert (known[subject.parent].normal_side, known[subject.parent].category) == (subject.normal_side, subject.category)
    assert [journal.code for journal in law.journals] == [f"J{number}" for number in range(1, 32)]
    parents = {subject.parent for subject in law.chart}
    used = {code for journal in law.journals for _, debit, credit in journal.movements for code in (*debit, *credit)}
    assert used <= known.keys()
    assert not used & parents


def test_exchange_codes_lead_to_one_name_each(law: LawFiles) -> None:
    for name, table in law.codes["公共"]["tables"].items():
        ours = [code for code, _ in table["codes"].values()] + list(table.get("local", {}))
        assert len(ours) == len(set(ours)), name
        assert set(table.get("local", {}).values()) <= {*table["codes"], ""}, name


def _replace(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('value: "5", citation: 条例/18,', "value: 5.10, citation: 条例/18,", "须加引号"),
        ('value: "5", citation: 条例/18,', "value: 5, citation: 条例/18,", "须加引号"),
        ('value: "5", citation: 条例/18,', 'value: "5%", citation: 条例/18,', "不是PERCENT的值"),
        ('value: "5", citation: 条例/18,', 'value: "5",', "缺少“citation”"),
        ("scope: 全国, since: 1999-04-03, value", "scope: 全球, since: 1999-04-03, value", "不认识的适用范围“全球”"),
        ("until: 2018-04-28", "until: 2018-05-28", "自2018-04-28起有两个值"),
        ("until: 2018-04-28", "until: 2004-04-28", "有效期不正确"),
    ],
)
def test_a_mistake_in_a_value_is_named(broken: Path, old: str, new: str, said: str) -> None:
    _replace(broken, "params/缴存.yaml", old, new)
    with pytest.raises(LawFileError, match=said):
        LawFiles.read(broken)


def test_an_article_written_twice_is_named(broken: Path) -> None:
    _replace(broken, "sources/条例.yaml", 'article: "2",', 'article: "1",')
    with pytest.raises(LawFileError, match="条例: 条文重复"):
        LawFiles.read(broken)


def test_the_digest_follows_the_bytes(broken: Path, law: LawFiles) -> None:
    assert LawFiles.read(broken).digest == law.digest
    _replace(broken, "params/缴存.yaml", "# 缴存：", "# 缴存: ")
    assert LawFiles.read(broken).digest != law.digest
