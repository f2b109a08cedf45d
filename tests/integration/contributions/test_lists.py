"""清册: what is kept, what is checked, what is written; nothing moves before confirmation and money."""

from __future__ import annotations

import pytest

from hpf.db.command import KeyConflict
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.support.contributions import JULY, codes
from tests.support.lists import delimited
from tests.support.people import AT, fresh


@pytest.fixture(scope="module")
def school(lanzhou):
    return lanzhou.unit_with_people("兰州市第一中学")


def test_a_right_list_is_checked_with_its_sums_and_its_original_kept(lanzhou, school):
    unit, people = school
    content = lanzhou.file(people)
    before = lanzhou.totals()
    received = lanzhou.send(unit, content).value
    assert (received.state, received.line_count, received.defect_count) == ("CHECKED", 3, 0)
    assert (received.employer, received.member, received.total) == (Money.yuan("2160.00"), Money.yuan("2160.00"), Money.yuan("4320.00"))
    kept = lanzhou.ask_for("original", received.original_id)
    assert (kept.content, kept.filename, kept.kind) == (content, "清册.csv", "REMITTANCE_LIST")
    lines = lanzhou.ask_for("lines", received.remittance_no)
    assert [(line.account_no, line.month, line.total) for line in lines] == [
        (people[0], JULY, Money.yuan("1200.00")),
        (people[1], JULY, Money.yuan("1440.00")),
        (people[2], JULY, Money.yuan("1680.00")),
    ]
    assert lanzhou.totals() == before


def test_the_same_file_sent_twice_with_one_key_is_one_list(lanzhou, school):
    unit, people = school
    content, key = lanzhou.file(people), fresh("upload")
    first = lanzhou.send(unit, content, key=key)
    again = lanzhou.send(unit, content, key=key)
    assert first == again
    assert len(lanzhou.ask_for("remittances", month=JULY, limit=1000)) == len(
        {r.remittance_no for r in lanzhou.ask_for("remittances", limit=1000)}
    )


def test_one_key_for_two_files_is_refused(lanzhou, school):
    unit, people = school
    key = fresh("upload")
    lanzhou.send(unit, lanzhou.file(people), key=key)
    with pytest.raises(KeyConflict, match="已用于内容不同的请求"):
        lanzhou.send(unit, lanzhou.file(people[:2]), key=key)


def test_an_unreadable_file_is_kept_and_says_what_is_wrong(lanzhou, school):
    unit, _ = school
    received = lanzhou.send(unit, b"PK\x03\x04 not a workbook").value
    assert (received.state, received.line_count) == ("RECEIVED", 0)
    (defect,) = lanzhou.ask_for("defects", received.remittance_no)
    assert defect.row_no == 0 and "重新" in defect.remedy
    assert lanzhou.ask_for("original", received.original_id).content == b"PK\x03\x04 not a workbook"


def test_a_corrected_file_replaces_the_former_which_is_kept(lanzhou, school):
    unit, people = school
    wrong = lanzhou.send(unit, lanzhou.file(people, {2: {"单位月缴存额": "721.00"}})).value
    assert wrong.state == "RECEIVED"
    right = lanzhou.send(unit, lanzhou.file(people)).value
    assert (right.state, right.replaces_no) == ("CHECKED", wrong.remittance_no)
    former = lanzhou.remittance(wrong.remittance_no)
    assert (former.state, former.defect_count) == ("REPLACED", 1)
    assert len(lanzhou.ask_for("defects", wrong.remittance_no)) == 1
    assert codes(lanzhou.call("confirm", remittance_no=wrong.remittance_no)) == ["REMITTANCE_WRONG_STATE"]


BAD = {
    "差一分": ({1: {"单位月缴存额": "600.01"}}, 2, "AMOUNT_WRONG", "单位月缴存额应为600.00元（基数5,000.00元×12.00%，四舍五入到元），填写600.01元，相差0.01元"),
    "基数不符": ({2: {"缴存基数": "6000.01"}}, 3, "BASE_NOT_REGISTERED", "缴存基数填写6,000.01元，登记的是6,000.00元"),
    "比例不符": ({3: {"单位比例": "5"}}, 4, "RATE_NOT_REGISTERED", "单位缴存比例填写5.00%，单位登记的是12.00%"),
    "陌生人": ({1: {"个人账号": "010000009999"}}, 2, "PERSON_STRANGER", "此人（010000009999）不是本单位在册的缴存人"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_wrong_row_is_named_with_row_column_value_and_nothing_moves(lanzhou, school, what):
    unit, people = school
    spoil, row, code, message = BAD[what]
    before = lanzhou.totals()
    received = lanzhou.send(unit, lanzhou.file(people, spoil)).value
    assert received.state == "RECEIVED"
    defects = {(each.row_no, each.code): each.message for each in lanzhou.ask_for("defects", received.remittance_no)}
    assert defects[row, code] == message
    refused = lanzhou.call("confirm", remittance_no=received.remittance_no)
    assert codes(refused) == ["LIST_HAS_DEFECTS"] and "请按差错清单更正后重新上传" in refused.reasons[0].message
    assert lanzhou.totals() == before


def test_a_person_listed_twice_is_accepted_on_neither_row(lanzhou, school):
    unit, people = school
    received = lanzhou.send(unit, lanzhou.file([*people, people[0]])).value
    (defect,) = lanzhou.ask_for("defects", received.remittance_no)
    assert (defect.row_no, defect.code) == (5, "PERSON_TWICE")
    assert defect.message == f"第2行和第5行是同一人：张三（{people[0]}），同一人同一月只能有一行"
    assert received.line_count == 2


def test_sealed_people_are_refused_by_name(lanzhou):
    from hpf.accounts.services import seal

    unit, people = lanzhou.unit_with_people("兰州市第三中学")
    content = lanzhou.file(people)
    sealed = seal(by=lanzhou.by, centre_id=1, account_no=people[0], reason="LEFT", left_on=lanzhou.on, on=lanzhou.on, at=AT, key=fresh())
    assert sealed.value is not None, sealed.reasons
    received = lanzhou.send(unit, content).value
    found = {(each.row_no, each.code) for each in lanzhou.ask_for("defects", received.remittance_no)}
    assert found == {(2, "PERSON_SEALED")}


@pytest.mark.parametrize(
    ("month", "code", "words"),
    [
        (Month(2026, 8), "MONTH_GAP", "中间缺1个月"),
        (Month(2026, 9), "MONTH_IN_FUTURE", "2026年9月尚未到来"),
    ],
)
def test_a_list_for_the_wrong_month_is_refused(lanzhou, school, month, code, words):
    unit, people = school
    received = lanzhou.send(unit, lanzhou.file(people), month=month).value
    found = {each.code: each.message for each in lanzhou.ask_for("defects", received.remittance_no) if each.row_no == 0}
    assert words in found[code]


def test_a_list_for_a_month_before_the_unit_began_is_refused(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州市第五中学", first_month="2026-08")
    received = lanzhou.send(unit, lanzhou.file(people)).value
    found = {each.code: each.message for each in lanzhou.ask_for("defects", received.remittance_no) if each.row_no == 0}
    assert found["MONTH_BEFORE_FIRST"] == "单位自2026年8月起缴存，2026年7月不在缴存范围"


def test_a_page_prepares_the_list_of_the_whole_roster(lanzhou, school):
    unit, _people = school
    prepared = lanzhou.call("prepare_list", employer_account_no=unit, month=JULY).value
    assert (prepared.state, prepared.line_count, prepared.total) == ("CHECKED", 3, Money.yuan("4320.00"))
    assert lanzhou.remittance(prepared.remittance_no).source == "ROSTER"


def test_defects_come_in_pages(lanzhou, school):
    unit, _people = school
    rows = [[f"01000000{n:04d}", "某人", "", "5000", "12", "12", "600", "600", "1200"] for n in range(250)]
    received = lanzhou.send(unit, delimited(rows)).value
    first = lanzhou.ask_for("defects", received.remittance_no, limit=100)
    second = lanzhou.ask_for("defects", received.remittance_no, after=100, limit=100)
    assert len(first) == len(second) == 100
    assert {each.defect_id for each in first}.isdisjoint(each.defect_id for each in second)
    assert received.defect_count == 253


def test_the_number_of_queries_does_not_grow_with_the_list(lanzhou, queries):
    counted = []
    for people in (2, 20):
        unit, accounts = lanzhou.unit_with_people(f"兰州{people}人公司", people)
        content = lanzhou.file(accounts)
        queries.clear()
        received = lanzhou.send(unit, content).value
        assert received.state == "CHECKED"
        counted.append(len(queries))
    assert counted[0] == counted[1]
