"""身份证件: every published and constructed number, and one visible fault each."""

from datetime import date

import pytest
from stdnum.cn import ric

from hpf.parties.rules import IdKind, Sex, check_identity, may_be_one_person, recognise_identity
from hpf.parties.rules.identity import check_digit

ZHANG_SAN = "620102199003070018"


@pytest.mark.parametrize(
    ("kind", "number", "born_on", "sex"),
    [
        ("RESIDENT_ID", "321083197812162119", date(1978, 12, 16), Sex.MALE),
        ("RESIDENT_ID", "110101199003070011", date(1990, 3, 7), Sex.MALE),
        ("RESIDENT_ID", ZHANG_SAN, date(1990, 3, 7), Sex.MALE),
        ("RESIDENT_ID", "622923198512311281", date(1985, 12, 31), Sex.FEMALE),
        ("HMT_PERMIT", "830000199003070019", date(1990, 3, 7), Sex.MALE),
        ("FOREIGN_PR_CARD", "932682198501010017", date(1985, 1, 1), Sex.MALE),
        ("FOREIGN_PR_CARD", "96284019850101001X", date(1985, 1, 1), Sex.MALE),
        ("FOREIGN_PR_CARD_OLD", "USA620085010101", None, None),
        ("PASSPORT", "E12345678", None, None),
    ],
)
def test_a_right_number_tells_its_birth_date_and_sex(kind, number, born_on, sex):
    check = check_identity(kind, number)
    assert (check.valid, check.reason, check.normalised) == (True, "", number)
    assert (check.born_on, check.sex) == (born_on, sex)
    assert recognise_identity(number).kind == kind


@pytest.mark.parametrize(
    ("kind", "number", "reason"),
    [
        ("RESIDENT_ID", "620102199003070019", "末位校验码应为8，填写的是9"),
        ("RESIDENT_ID", "990102199003070018", "以9开头的18位号码是外国人永久居留身份证"),
        ("RESIDENT_ID", "190102199003070018", "前两位19不是省级地区代码"),
        ("RESIDENT_ID", "620102199002300018", "第7至14位19900230不是有效的出生日期"),
        ("RESIDENT_ID", "62010219900307001", "应为18位（或15位旧号码），填写的是17位"),
        ("RESIDENT_ID", "6201021990O3070018", "第11位是“O”"),
        ("RESIDENT_ID", "830000199003070019", "请把证件类型改为“港澳台居民居住证”"),
        ("RESIDENT_ID", "", "号码为空"),
        ("RESIDENT_ID", "²²²²²²²²²²²²²²²²²²", "第7至14位22222222不是有效的出生日期"),
        ("RESIDENT_ID", "٦٢٠١٠٢١٩٩٠٠٣٠٧٠٠١٨", "第1位是"),
        ("HMT_PERMIT", ZHANG_SAN, "以810000、820000或830000开头，此号码以620102开头"),
        ("FOREIGN_PR_CARD", "911124198108030028", "末位校验码应为4，填写的是8"),
        ("FOREIGN_PR_CARD", "USA620085010101", "请把证件类型改为“外国人永久居留证（旧版）”"),
        ("FOREIGN_PR_CARD", ZHANG_SAN, "号码以9开头，此号码以6开头"),
        ("FOREIGN_PR_CARD", "962156198501010010", "第4至6位156不是外国国籍代码"),
        ("FOREIGN_PR_CARD_OLD", "US6200850101012", "应为3位大写字母加12位数字"),
        ("PASSPORT", "ABCDEFG", "至少有一位数字"),
        ("DRIVING_LICENCE", "1", "不认识证件类型"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(kind, number, reason):
    check = check_identity(kind, number)
    assert not check.valid
    assert reason in check.reason


def test_a_birth_date_after_the_day_is_refused():
    unborn = "62010220300101001"
    unborn += check_digit(unborn)
    assert check_identity("RESIDENT_ID", unborn).valid
    assert "出生日期2030-01-01不合理" in check_identity("RESIDENT_ID", unborn, date(2026, 10, 1)).reason


def test_fifteen_digits_become_eighteen_and_the_old_form_is_kept():
    check = check_identity("RESIDENT_ID", "620102900307001")
    assert (check.normalised, check.original, check.born_on) == (ZHANG_SAN, "620102900307001", date(1990, 3, 7))


@pytest.mark.parametrize("typed", [" 620102 19900307 0018 ", "６２０１０２１９９００３０７００１８", "620102199003070018\u200b"])
def test_full_width_digits_and_blanks_are_the_same_number(typed):
    assert check_identity("RESIDENT_ID", typed).normalised == ZHANG_SAN


def test_a_small_or_full_width_x_is_an_x():
    assert check_identity("FOREIGN_PR_CARD", "96284019850101001ｘ").normalised == "96284019850101001X"


def test_the_check_digit_agrees_with_an_independent_implementation():
    for sequence in range(0, 1000, 7):
        body = f"62292319851231{sequence:03d}"
        assert check_digit(body) == ric.calc_check_digit(body + "0")


def test_the_two_cards_of_a_foreigner_may_be_one_person_and_two_resident_numbers_never():
    assert may_be_one_person(IdKind.FOREIGN_PR_CARD, IdKind.FOREIGN_PR_CARD_OLD)
    assert may_be_one_person(IdKind.HMT_PERMIT, IdKind.PASSPORT)
    assert not may_be_one_person(IdKind.RESIDENT_ID, IdKind.RESIDENT_ID)
    assert not may_be_one_person(IdKind.RESIDENT_ID, IdKind.FOREIGN_PR_CARD)
