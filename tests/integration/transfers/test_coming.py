"""转入: letter, answer, money, credit; and what goes wrong on the way."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.people import fresh, resident_id
from tests.support.transfers import OURS, XIAN, XIAN_NAME

ZHANG = resident_id(11)


@pytest.fixture
def zhang(tianshui):
    """张三 works in 天水 now; 西安 has 25,380.56 of hers."""
    unit = tianshui.unit("天水市第一中学", rate="12", first_month="2026-08")
    account = tianshui.member(unit, "张三", ZHANG)
    tianshui.national.control.member(XIAN, "张三", ZHANG, 25_273_67, 106_89, opened="20150701", through="202607")
    return account


def states(tianshui, transfer_no):
    from hpf.transfers import queries

    with tianshui.scope():
        return [step.state.code for step in queries.steps(5, transfer_no)]


def test_from_the_application_to_the_credit(tianshui, zhang):
    from hpf.ledger import queries as ledger
    from hpf.transfers import queries

    transfer_no = tianshui.applied(zhang)
    letter = tianshui.letter(transfer_no)
    assert letter.letter_no == f"{OURS}2608030001"
    tianshui.live(5)
    letter = tianshui.letter(transfer_no)
    assert (letter.state.code, letter.amount.text, letter.trouble) == ("00", "25,380.56", "")
    assert states(tianshui, transfer_no) == ["", "01", "02", "08", "00"]
    money = tianshui.money(zhang)
    assert (money.balance.text, money.carried.text) == ("25,380.56", "0.00")
    with tianshui.scope():
        (entry,) = ledger.history(money.account_id, date(2026, 8, 1), date(2026, 9, 1))
        (carried,) = queries.carried_histories(5, [letter.person_id])[letter.person_id]
    assert (entry.kind, entry.value_on) == ("TRANSFER_IN", letter.value_on)
    assert (carried.org_name, str(carried.paid_through), carried.six_months, carried.loans, carried.fraud) == (
        XIAN_NAME,
        "2026-07",
        True,
        0,
        False,
    )
    assert tianshui.national.control.state_of(letter.letter_no) == "00"
    assert tianshui.reconcile().differences == ()


def test_only_another_person_may_review_and_a_refusal_needs_its_words(tianshui, zhang):
    transfer_no = tianshui.apply(zhang).value.transfer_no
    assert [r.code for r in tianshui.review(transfer_no, by=tianshui.maker).reasons] == ["SAME_PERSON"]
    assert [r.code for r in tianshui.review(transfer_no, agree=False).reasons] == ["REASON_MISSING"]
    assert tianshui.review(transfer_no, agree=False, words="本人已撤回").value.state == "REJECTED"
    assert tianshui.letter(transfer_no).letter_no == ""


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"other_org_code": OURS}, "SAME_CENTRE"),
        ({"other_org_code": "6101"}, "OTHER_CENTRE_WRONG"),
        ({"other_org_name": " "}, "OTHER_CENTRE_WRONG"),
    ],
)
def test_an_application_that_names_no_other_centre_is_refused(tianshui, zhang, given, code):
    assert [r.code for r in tianshui.apply(zhang, **given).reasons] == [code]
    assert tianshui.letters() == []


def test_a_second_letter_to_the_same_city_waits_for_the_first(tianshui, zhang):
    first = tianshui.applied(zhang)
    again = tianshui.apply(zhang)
    assert [r.code for r in again.reasons] == ["TRANSFER_UNDER_WAY"]
    assert first in again.reasons[0].message


def test_cancelled_in_time_it_ends_and_nothing_comes(tianshui, zhang):
    transfer_no = tianshui.applied(zhang)
    tianshui.exchange()
    assert tianshui.cancel(transfer_no).value.state == "APPROVED"
    assert [r.code for r in tianshui.cancel(transfer_no).reasons] == ["CANCELLING"]
    tianshui.exchange()
    assert tianshui.letter(transfer_no).state.code == "05"
    tianshui.live(4)
    assert tianshui.money(zhang).balance.text == "0.00"
    assert tianshui.reconcile().differences == ()


def test_cancelled_too_late_the_platform_decides(tianshui, zhang):
    """The other city confirmed, we have not read it yet: the cancellation is refused there and the letter goes on."""
    transfer_no = tianshui.applied(zhang)
    tianshui.exchange()
    tianshui.next_day()
    assert tianshui.cancel(transfer_no).is_approved
    tianshui.exchange()
    letter = tianshui.letter(transfer_no)
    assert (letter.state.code, letter.cancelling) == ("02", False)
    assert [r.code for r in tianshui.cancel(transfer_no).reasons] == ["TOO_LATE_TO_CANCEL"]
    tianshui.live(4)
    assert tianshui.letter(transfer_no).state.code == "00"


@pytest.mark.parametrize("fault", ["wrong_name", "wrong_amount"])
def test_wrong_information_is_negotiated_and_then_taken(tianshui, zhang, fault):
    tianshui.national.control.faults(**{fault: {"next": 1}})
    transfer_no = tianshui.applied(zhang)
    tianshui.live(2)
    letter = tianshui.letter(transfer_no)
    assert letter.state.code == "06"
    assert ("相差一字" if fault == "wrong_name" else "相差0.01元") in letter.words
    assert tianshui.money(zhang).balance.text == "0.00"
    tianshui.live(4)
    assert tianshui.letter(transfer_no).state.code == "00"
    assert tianshui.money(zhang).balance.text == "25,380.56"


def test_short_money_stays_in_suspense_and_says_so(tianshui, zhang):
    tianshui.national.control.faults(short_pay={"next": 1, "fen": 100})
    transfer_no = tianshui.applied(zhang)
    tianshui.live(5)
    letter = tianshui.letter(transfer_no)
    assert (letter.state.code, letter.trouble) == ("08", "应到25,380.56元，实到25,379.56元，25,379.56元留在暂收，请与转出地中心核对")
    assert tianshui.money(zhang).balance.text == "0.00"


def test_an_account_closed_meanwhile_leaves_the_money_where_it_is_found_again(tianshui, zhang):
    from hpf.accounts.services import close
    from tests.support.days import at

    transfer_no = tianshui.applied(zhang)
    tianshui.live(2)
    assert close(
        by=tianshui.by,
        centre_id=5,
        account_no=zhang,
        final_state="WITHDRAWN_OUT",
        reason="出境",
        on=tianshui.day,
        at=at(tianshui.day),
        key=fresh(),
    ).is_approved
    tianshui.live(2)
    letter = tianshui.letter(transfer_no)
    assert letter.state.code == "08"
    assert "不能办理转入入账" in letter.trouble


def test_refused_over_there_it_ends_here(tianshui, zhang):
    tianshui.national.control.faults(refuses={"next": 1})
    transfer_no = tianshui.applied(zhang)
    tianshui.live(3)
    letter = tianshui.letter(transfer_no)
    assert (letter.state.code, letter.words) == ("13", "审核不通过")


def test_a_record_of_dishonesty_comes_with_the_account(tianshui, zhang):
    from hpf.parties import queries as parties

    tianshui.national.control.member(XIAN, "张三", ZHANG, 100_00, 0, fraud=True, loans=1, ended=False)
    transfer_no = tianshui.applied(zhang)
    tianshui.live(5)
    letter = tianshui.letter(transfer_no)
    assert (letter.state.code, letter.fraud, letter.loans, letter.loans_ended) == ("00", True, 1, False)
    with tianshui.scope():
        (flag,) = parties.flags("PERSON", [letter.person_id], tianshui.day)[letter.person_id]
    assert (flag.kind, flag.source_no) == ("FRAUD_ELSEWHERE", letter.letter_no)
