"""统一社会信用代码."""

import pytest
from stdnum.cn import uscc

from hpf.parties.rules import check_uscc


@pytest.mark.parametrize("code", ["12330600762502904B", "91350100M000100Y43", "11620000013896000N"])
def test_a_right_code(code):
    check = check_uscc(code)
    assert (check.kind, check.valid, check.outdated) == ("USCC", True, False)
    assert uscc.calc_check_digit(code[:17]) == code[17]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91350100M000100Y44", "末位校验码应为3，填写的是4"),
        ("91350100M000100Y4", "应为18位，填写的是17位"),
        ("9135O100M000100Y43", "不使用字符“O”（第5位）"),
        ("91A50100M000100Y43", "第3至8位A50100应为"),
        ("  ", "为空"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(code, reason):
    check = check_uscc(code)
    assert not check.valid
    assert reason in check.reason


def test_the_old_code_is_recognised_and_flagged():
    check = check_uscc("D2143569-X")
    assert (check.kind, check.normalised, check.valid, check.outdated) == ("ORG_CODE", "D2143569X", True, True)
    assert "请单位提供18位统一社会信用代码" in check.reason
    assert not check_uscc("D21435691").valid


def test_a_code_typed_in_full_width_and_small_letters():
    assert check_uscc("９１３５０１００ｍ０００１００ｙ４３").normalised == "91350100M000100Y43"
