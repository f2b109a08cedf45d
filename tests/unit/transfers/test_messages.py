"""转移报文: what we say is read back the same; what cannot be read says why; names one apart."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.transfers.gateways.messages import Telling, fields_of, item_of, letter_said, told_of
from hpf.transfers.rules.information import Information, NameMatch, compare_names
from hpf.transfers.rules.letters import NotALetterNumber, read_letter_number
from hpf.transfers.rules.states import MOVES, PLATFORM_CODES, State, UnknownState, state_of
from hpf.treasury.gateways.wire import NotAMessage

SAID = Information(
    "张三", "RESIDENT_ID", "620102199003070018", "051000000010", Money(1_000_000), Money(5_000), Money(1_005_000), date(2015, 7, 1), Month(2026, 7),
    True, 2, False, True,
)  # fmt: skip
TOLD = Telling(
    "62", "6101002608030001", State.INFORMED, "张三", "RESIDENT_ID", "620102199003070018", "610100", "西安", "629005", "天水", "0298812345",
    "051000000010", "西安住房公积金管理中心", "61010000000001", "105", "审核通过", SAID,
)  # fmt: skip


def test_what_is_told_is_read_back_the_same():
    assert told_of(fields_of(TOLD), "62") == TOLD


def test_the_interface_names_its_fields_as_it_does():
    fields = fields_of(TOLD)
    wanted = {
        "TranAmt": "10050.00",
        "OrAcctAmt": "10000.00",
        "Yinter": "50.00",
        "SixMconFlag": "1",
        "LoanNum": "2",
        "LoanEndFlag": "0",
        "FrLoanFlag": "1",
    }
    assert {name: fields[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"ConStat": "99"}, "99"),
        ({"TranAmt": "一万"}, "一万"),
        ({"OpenDate": "20151301"}, "month"),
        ({"IdType": "77"}, "77"),
        ({"ConNum": None}, "ConNum"),
    ],
)
def test_what_cannot_be_read_is_kept_with_its_reason(broken, why):
    fields = {name: value for name, value in {**fields_of(TOLD), **broken, "ItemNo": "M1"}.items() if value is not None}
    item = item_of(fields)
    assert item.told is None and "要素不全或不合规" in item.problem and why in item.problem
    with pytest.raises(NotAMessage):
        item_of({**fields, "ItemNo": ""})


def test_a_register_with_a_state_we_do_not_know_is_no_register():
    assert letter_said({"ConNum": "1", "ConStat": "00"}).state is State.DONE
    with pytest.raises(NotAMessage):
        letter_said({"ConNum": "1", "ConStat": "07"})
    with pytest.raises(UnknownState):
        state_of("07")


@pytest.mark.parametrize(
    ("ours", "theirs", "match"),
    [
        ("张三", "张三", NameMatch.SAME), ("张三", "张 三", NameMatch.SAME), ("张三", "张山", NameMatch.ONE_CHARACTER),
        ("欧阳建国", "欧阳国", NameMatch.ONE_CHARACTER), ("欧阳国", "欧阳建国", NameMatch.ONE_CHARACTER), ("张三", "李四", NameMatch.DIFFERENT),
        ("张三", "三张", NameMatch.DIFFERENT), ("张三", "", NameMatch.DIFFERENT), ("张三", "张三丰收", NameMatch.DIFFERENT),
    ],
)  # fmt: skip
def test_names_one_character_apart(ours, theirs, match):
    assert compare_names(ours, theirs) is match


@pytest.mark.parametrize("text", ["629005260803001", "62900526080300011", "6290052613030001", "6290052608030000", "62900A2608030001", ""])
def test_what_no_centre_can_have_issued_is_no_letter_number(text):
    with pytest.raises(NotALetterNumber):
        read_letter_number(text)


def test_a_letter_number_is_read_back():
    read = read_letter_number("6290052608030012")
    assert (read.org_code, read.on, read.sequence, read.text) == ("629005", date(2026, 8, 3), 12, "6290052608030012")


def test_nothing_leads_out_of_an_end_and_every_state_can_be_reached():
    assert [(now, then) for now, then in MOVES if now.is_final] == []
    assert {then for _, then in MOVES} == set(State) - {State.APPLIED}
    assert sorted(PLATFORM_CODES.values()) == ["00", "01", "02", "05", "06", "08", "13", "20", "40"]
    assert [then for now, then in MOVES if then is State.CANCELLED and now is not State.APPROVED] == []
