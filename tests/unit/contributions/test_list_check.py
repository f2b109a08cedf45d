"""清册核对: one thing wrong at a time, and what it is told."""

import random
from dataclasses import replace
from datetime import date

import pytest

from hpf.contributions.rules.list_check import check_list
from hpf.contributions.rules.lists import DeclaredTotal, ReadList
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from tests.unit.contributions.roster import AUGUST, COLUMNS, LI, WANG, ZHANG, blind, document, line, listed, person, terms

ROSTER = [ZHANG, LI]


def check(*lines, roster=ROSTER, read=None, **different):
    return check_list(read or listed(*lines), roster, terms(**different))


def the_defect(checked):
    (defect,) = checked.defects
    return defect


def test_a_correct_list_is_accepted_to_the_fen():
    checked = check(line(2, ZHANG), line(3, LI))
    assert checked.is_clean
    assert [(each.row, each.ledger_account_id, each.employer_fen, each.member_fen, each.month) for each in checked.accepted] == [
        (2, 9001, 11600, 11600, AUGUST),
        (3, 9002, 11600, 11600, AUGUST),
    ]
    assert (checked.employer, checked.member, checked.total) == (Money(23200), Money(23200), Money(46400))


def test_a_list_of_numbers_alone_is_enough():
    bare = line(2, ZHANG, name="", base_fen=None, employer_rate=None, member_rate=None, employer_fen=None, member_fen=None, total_fen=None)
    assert check(bare, roster=[ZHANG]).total == Money.yuan("232.00")


def test_people_may_be_named_by_their_document_alone():
    assert check(line(2, ZHANG, account_no="", id_number=document(1)), roster=[ZHANG]).is_clean
    unknown = check(line(2, ZHANG, account_no="", id_number="620102199003070018"), line(3, ZHANG), roster=[ZHANG])
    assert (the_defect(unknown).code, the_defect(unknown).value) == ("PERSON_STRANGER", "620***********0018")
    mistyped = check(line(2, ZHANG, account_no="", id_number="620102199003070017"), line(3, ZHANG), roster=[ZHANG])
    assert the_defect(mistyped).message == "居民身份证末位校验码应为8，填写的是7，请核对是否有一位写错"


def test_an_amount_off_by_a_fen():
    checked = check(line(2, ZHANG, employer_fen=11601), line(3, LI))
    defect = the_defect(checked)
    assert (defect.row, defect.column, defect.value, defect.code) == (2, "单位月缴存额", "116.01", "AMOUNT_WRONG")
    assert defect.text == "单位月缴存额应为116.00元（基数2,310.00元×5.00%，四舍五入到元），填写116.01元，相差0.01元。请改为116.00"
    assert [each.row for each in checked.accepted] == [3]


def test_a_sum_of_two_halves_that_does_not_add_up():
    defect = the_defect(check(line(2, ZHANG, total_fen=23100), line(3, LI)))
    assert (defect.column, defect.code) == ("月缴存额合计", "AMOUNT_WRONG")
    assert "（单位116.00元加个人116.00元）" in defect.message


def test_a_stranger():
    defect = the_defect(check(line(2, ZHANG), line(3, LI), line(4, WANG)))
    assert (defect.row, defect.code, defect.message) == (4, "PERSON_STRANGER", "王五（011000000003）不是本单位在册的缴存人")


def test_a_wrong_account_number_of_somebody_known_is_told_the_right_one():
    mistyped = line(2, ZHANG, account_no="011000000009", id_number=document(1))
    checked = check(mistyped, line(3, LI))
    assert checked.defects[-1].remedy == f"请把个人账号改为{ZHANG.account_no}"


def test_a_person_twice_names_both_rows_and_takes_neither():
    checked = check(line(2, ZHANG), line(3, LI), line(9, ZHANG))
    defect = the_defect(checked)
    assert (defect.row, defect.code) == (9, "PERSON_TWICE")
    assert defect.message == "第2行和第9行是同一人：张三（011000000001），同一人同一月只能有一行"
    assert [each.row for each in checked.accepted] == [3]


@pytest.mark.parametrize(
    ("state", "code", "word"),
    [
        ("SEALED", "PERSON_SEALED", "启封"),
        ("MERGED", "PERSON_CLOSED", "合并"),
        ("TRANSFERRED_OUT", "PERSON_CLOSED", "转出"),
        ("WITHDRAWN_OUT", "PERSON_CLOSED", "提取销户"),
    ],
)
def test_an_account_that_is_not_normal(state, code, word):
    defect = the_defect(check(line(2, ZHANG), line(3, LI), roster=[ZHANG, replace(LI, state=state)]))
    assert (defect.row, defect.code) == (3, code)
    assert word in defect.text


def test_sealed_people_may_be_left_out():
    assert check(line(2, ZHANG), roster=[ZHANG, replace(LI, state="SEALED")]).is_clean


def test_a_normal_member_may_not_be_left_out():
    defect = the_defect(check(line(2, ZHANG)))
    assert (defect.row, defect.value, defect.code) == (0, LI.account_no, "PERSON_MISSING")


def test_another_name():
    defect = the_defect(check(line(2, ZHANG, name="张山"), line(3, LI)))
    assert (defect.row, defect.column, defect.value, defect.code) == (2, "姓名", "张山", "NAME_MISMATCH")


def test_blanks_and_dots_in_a_name_are_no_difference():
    ma = replace(LI, name="马·阿丹")
    assert check(line(2, ZHANG, name="张　三"), line(3, ma, name="马•阿丹"), roster=[ZHANG, ma]).is_clean


def test_another_document_is_masked():
    defect = the_defect(check(line(2, ZHANG, id_number="620102199003070018"), line(3, LI)))
    assert (defect.code, defect.value) == ("ID_MISMATCH", "620***********0018")
    assert "19900307" not in defect.text


@pytest.mark.parametrize(
    ("different", "code", "column"),
    [
        ({"base_fen": 219999}, "BASE_BELOW_FLOOR", "缴存基数"),
        ({"base_fen": 3009076}, "BASE_ABOVE_CAP", "缴存基数"),
        ({"base_fen": 240000}, "BASE_NOT_REGISTERED", "缴存基数"),
        ({"employer_rate": Rate.of("4.99")}, "RATE_BELOW_MINIMUM", "单位比例"),
        ({"member_rate": Rate.of("12.01")}, "RATE_ABOVE_MAXIMUM", "个人比例"),
        ({"member_rate": Rate.of("6")}, "RATE_NOT_REGISTERED", "个人比例"),
    ],
)
def test_bases_and_rates_are_those_registered_and_within_limits(different, code, column):
    defect = the_defect(check(line(2, ZHANG, **different), line(3, LI)))
    assert (defect.row, defect.column, defect.code) == (2, column, code)


def test_a_registered_base_that_fell_under_a_new_floor_is_a_defect_too():
    low = replace(ZHANG, base_fen=210000)
    bare = line(2, low, base_fen=None, employer_fen=None, member_fen=None, total_fen=None)
    assert the_defect(check(bare, roster=[low])).code == "BASE_BELOW_FLOOR"


def test_a_unit_with_an_old_rate_above_the_band_goes_on_paying_it():
    fifteen = Rate.of("15")
    old = replace(ZHANG, employer_rate=fifteen, member_rate=fifteen)
    right = line(2, old, employer_fen=34700, member_fen=34700, total_fen=69400)
    assert check(right, roster=[old]).is_clean


@pytest.mark.parametrize(
    ("month", "code"),
    [(Month(2026, 7), "MONTH_ALREADY_REMITTED"), (Month(2026, 9), "MONTH_IN_FUTURE"), (Month(2019, 12), "MONTH_BEFORE_FIRST")],
)
def test_a_wrong_month(month, code):
    defect = the_defect(check(line(2, ZHANG), line(3, LI), month=month))
    assert (defect.row, defect.column, defect.code) == (0, "汇缴年月", code)


def test_a_gap_names_the_month_to_begin_with():
    defect = the_defect(check(line(2, ZHANG), line(3, LI), paid_through=Month(2026, 5)))
    assert defect.text == "下一个应汇缴月为2026年6月，清册为2026年8月，中间缺2个月。汇缴应逐月连续，请先汇缴2026年6月"


def test_deferred_months_are_no_gap():
    deferred = frozenset({Month(2026, 6), Month(2026, 7)})
    assert check(line(2, ZHANG), line(3, LI), paid_through=Month(2026, 5), deferred=deferred).is_clean
    assert (
        the_defect(check(line(2, ZHANG), line(3, LI), month=Month(2026, 7), paid_through=Month(2026, 5), deferred=deferred)).code
        == "MONTH_NOT_DUE"
    )


def test_the_first_month_of_a_unit():
    assert check(line(2, ZHANG), line(3, LI), paid_through=None, earliest=AUGUST).is_clean
    assert the_defect(check(line(2, ZHANG), line(3, LI), paid_through=None, earliest=Month(2026, 7))).code == "MONTH_GAP"


def test_a_total_row_that_does_not_add_up():
    read = listed(line(2, ZHANG), line(3, LI), totals=(DeclaredTotal(4, 23200, 23200, 46401),))
    defect = the_defect(check(read=read))
    assert (defect.row, defect.code) == (4, "TOTAL_WRONG")
    assert "合计行“月缴存额合计”为464.01元，各行相加为464.00元" in defect.message


def test_a_row_that_could_not_be_read_is_not_accepted():
    unreadable = replace(the_defect(check(line(2, ZHANG))), row=3)
    read = ReadList((line(2, ZHANG), line(3, LI)), (unreadable,), COLUMNS)
    assert [each.row for each in check(read=read).accepted] == [2]


def test_ten_thousand_lines_with_twelve_planted_defects():
    """Every rule on every line, one digest and one look-up a line, and each planted defect found at its row."""
    people = [person(number, f"张{number}") for number in range(10_000)]
    lines = [line(row, entry, id_number=document(row - 2)) for row, entry in enumerate(people, 2)]
    planted = {
        100: {"employer_fen": 11601},
        200: {"member_fen": 11599},
        300: {"total_fen": 23201},
        400: {"base_fen": 200000},
        500: {"base_fen": 4000000},
        600: {"base_fen": 240000},
        700: {"employer_rate": Rate.of("13")},
        800: {"member_rate": Rate.of("4")},
        900: {"member_rate": Rate.of("8")},
        1000: {"name": "错名"},
        1100: {"id_number": "620102199003070018"},
    }
    for row, different in planted.items():
        lines[row - 2] = replace(lines[row - 2], **different)
    lines.append(replace(lines[0], row=10_002))
    asked = []

    def counted(kind, number):
        asked.append(number)
        return blind(kind, number)

    random.Random(7).shuffle(people)
    checked = check_list(listed(*lines), people, terms(blind=counted, on=date(2026, 8, 31)))
    assert [defect.row for defect in checked.defects] == [*planted, 10_002]
    assert len(checked.accepted) == 10_000 - 11 - 1
    assert len(asked) == 10_001
