"""A code of an answer means one thing, its articles exist, and the handbook lists it as the code says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hpf.policy.rules import LawFiles
from tools import messages
from tools.messages import BLANK, Message

PROJECT = Path(__file__).resolve().parents[2]

SAME_EVERYWHERE = {
    "AMOUNT_WRONG": "金额与应有的不符",
    "ARREARS_LEFT": "单位尚有欠缴",
    "DOUBLED_IN_LIST": "名单中同一人出现两次",
    "LIST_HAS_DEFECTS": "清册有差错",
    "MAKER_IS_CHECKER": "经办人与复核人是同一人",
    "NOT_AN_AMOUNT": "不是金额",
    "NO_LINES": "名单中没有人员",
    "NO_SUCH_ACCOUNT": "本中心没有这个账户",
    "PURPOSE_MISSING": "没有写明查看个人信息的用途",
    "RATE_BELOW_MINIMUM": "缴存比例低于下限",
    "REASON_MISSING": "没有写明原因",
    "SAME_PERSON": "经办与复核是同一人",
}
"""Codes that several modules use, and the one thing that each means in all of them."""


@pytest.fixture(scope="module")
def found() -> tuple[Message, ...]:
    return messages.everything()


def test_a_code_means_one_thing(found: tuple[Message, ...]) -> None:
    assert messages.two_meanings(found, SAME_EVERYWHERE) == []


def test_every_article_that_a_message_names_is_in_law_sources(found: tuple[Message, ...]) -> None:
    known = LawFiles.read(PROJECT / "law").citations()
    assert [f"{where}: {law}" for where, law in messages.laws_of(found) if law not in known] == []


def test_the_handbook_lists_every_message(found: tuple[Message, ...]) -> None:
    assert len({message.code for message in found}) > 150
    assert messages.DOCUMENT.read_text(encoding="utf-8") == messages.document(found), "run: python -m tools.messages"


def test_every_message_can_be_read_by_people(found: tuple[Message, ...]) -> None:
    for message in found:
        words = message.text.replace(BLANK, "")
        assert not any(left in words for left in ("{", "}", "None", "TODO")), message


CODE = """
LAW = "条例/19"

def check(month, line):
    if month > 12:
        code, message = "MONTH_WRONG", f"月份{month}不在1至12之间，请更正"
        return [Reason(code, message, ("条例/16", LAW))]
    return _defect(line, "LINE_WRONG", f"第{line}行有误")

def _defect(line, code, message):
    return Defect(line, "", "", code, message, "请更正", LAW)

def state(now):
    if now == "A":
        message = "甲状态不能办理，请核对"
    else:
        message = "乙状态不能办理，请核对"
    return Reason("STATE_WRONG", message)
"""


def test_messages_are_found_through_names_functions_and_branches() -> None:
    read = messages.read([("src/hpf/accounts/rules.py", CODE)])
    assert [(each.code, each.text, each.remedy, each.law) for each in read] == [
        ("LINE_WRONG", f"第{BLANK}行有误", "请更正", "条例/19"),
        ("MONTH_WRONG", f"月份{BLANK}不在1至12之间，请更正", "", "条例/16、条例/19"),
        ("STATE_WRONG", "乙状态不能办理，请核对", "", ""),
        ("STATE_WRONG", "甲状态不能办理，请核对", "", ""),
    ]


def test_the_checks_can_fail() -> None:
    here, there = (f"src/hpf/{module}/rules.py" for module in ("accounts", "treasury"))
    read = messages.read([(here, 'Reason("LATE", "超过期限，请说明", "条例/999")'), (there, 'Reason("LATE", "款项晚到，请核对")')])
    assert messages.two_meanings(read, ()) == ["LATE: accounts, treasury"]
    assert list(messages.laws_of(read)) == [(f"{here}:1", "条例/999")]
    assert messages.document(read) != messages.document(read[:1])
