"""姓名 手机 银行卡 脱敏 拼音 编号."""

import pytest

from hpf.parties.rules import (
    Series,
    check_bank_card,
    check_name,
    check_phone,
    is_number,
    mask_card,
    mask_id,
    mask_name,
    mask_phone,
    normalised_name,
    number_of,
    pinyin_initials,
    pinyin_key,
)


@pytest.mark.parametrize("name", ["张三", "欧阳修", "阿卜杜拉•买买提", "John Smith", "Müller", "㛃䶮", "𠮷野家"])
def test_a_name_people_have(name):
    assert check_name(name) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "NAME_MISSING"),
        ("　 ", "NAME_MISSING"),
        ("测试", "NAME_PLACEHOLDER"),
        ("张", "NAME_LENGTH"),
        ("张3", "NAME_CHARACTERS"),
        ("张*", "NAME_CHARACTERS"),
        ("=1+1", "NAME_CHARACTERS"),
    ],
)
def test_a_name_nobody_has(name, code):
    assert [reason.code for reason in check_name(name)] == [code]


def test_one_form_of_a_name():
    assert normalised_name(" 张　三 ") == "张三"
    assert normalised_name("阿依古丽・买买提") == normalised_name("阿依古丽.买买提") == "阿依古丽·买买提"
    assert normalised_name("John   Smith") == "John Smith"


def test_phones_and_cards():
    assert check_phone("１３９0931 0018") == []
    assert check_phone("") == []
    assert [r.code for r in check_phone("12345678901")] == ["PHONE_WRONG"]
    assert check_bank_card("4111111111111111") == []
    assert [r.code for r in check_bank_card("4111111111111112")] == ["CARD_CHECK_DIGIT"]
    assert [r.code for r in check_bank_card("6222")] == ["CARD_WRONG"]


def test_masks_show_enough_to_recognise_and_no_more():
    assert mask_id("620102199003070018") == "620***********0018"
    assert mask_id("E12345678") == "E******78"
    assert mask_id("AB1") == "***"
    assert mask_phone("13909310018") == "139****0018"
    assert mask_card("6222021234567890123") == "****0123"
    assert [mask_name(n) for n in ("张三", "张三丰", "阿依古丽", "Smith")] == ["张*", "张*丰", "阿**丽", "S****"]


def test_names_sort_as_they_are_read():
    assert pinyin_key("张三") == "zhang san"
    assert pinyin_key("单雄信") == "shan xiong xin"
    assert pinyin_key("尉迟恭") == "yuchi gong"
    assert pinyin_key("吕后") == "lv hou"
    assert pinyin_key("John Smith") == "john smith"
    assert pinyin_key("阿依古丽·买买提") == "a yi gu li mai mai ti"
    assert pinyin_initials("shan xiong xin") == "sxx"


def test_a_number_shows_its_centre_and_series_and_notices_a_wrong_digit():
    number = number_of(1, Series.MEMBER_ACCOUNT, 42)
    assert number[:11] == "01100000042"
    assert is_number(number, Series.MEMBER_ACCOUNT)
    assert not is_number(number, Series.EMPLOYER_ACCOUNT)
    wrong = [number[:place] + digit + number[place + 1 :] for place in range(12) for digit in "0123456789" if digit != number[place]]
    assert not any(is_number(text) for text in wrong)


def test_a_number_does_not_overflow():
    with pytest.raises(ValueError, match="no number"):
        number_of(1, Series.EMPLOYER, 100_000_000)
