"""转出: two persons, interest to the day, money to the other city, the account ended when that city has settled; and what goes wrong."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.support.days import at
from tests.support.people import fresh, resident_id
from tests.support.transfers import XIAN_ACCOUNT, XIAN_NAME

ZHANG = resident_id(11)
WORTH = "10,050.00"
"""10,000.00 from 1 July's value date for 120 days to 28 October: 10,000.00 x 120 x 1.50 % / 360."""


@pytest.fixture
def zhang(tianshui):
    """张三 left 天水's school, her account is sealed with 10,000.00 on it."""
    unit = tianshui.unit("天水市第一中学", rate="12", first_month="2026-07")
    account = tianshui.member(unit, "张三", ZHANG)
    # the bank must hold what the books hold, so that it can pay
    tianshui.bank.control.pay("62000001", "27010000000005", 10_000_00, "缴款", "天水市第一中学")
    tianshui.exchange()
    suspense_to(tianshui, account)
    tianshui.seal(account)
    return account


def suspense_to(tianshui, account):
    from hpf.ledger.rules import Leg
    from hpf.treasury import queries as treasury

    with tianshui.scope():
        (waiting,) = treasury.suspense(5, tianshui.day)
        own, came = tianshui.view(account).ledger_account_id, waiting.receipt.ledger_account_id
    tianshui.journal("REMITTANCE", "J2", tianshui.day, [Leg(came, 10_000_00), Leg(own, -10_000_00)])


def later(tianshui, days=120):
    tianshui.next_day(days)


def test_from_the_letter_to_the_end_of_the_account(tianshui, zhang):
    later(tianshui)
    transfer_no = tianshui.asked_from_xian("张三", ZHANG, zhang)
    letter = tianshui.letter(transfer_no)
    assert (letter.state.code, letter.other_org_name) == ("02", XIAN_NAME)
    months = tuple(Month(2026, month) for month in range(2, 9))
    assert tianshui.propose(transfer_no, months=months).value is not None
    assert [r.code for r in tianshui.check(transfer_no, by=tianshui.maker).reasons] == ["SAME_PERSON"]
    gone = tianshui.check(transfer_no).value
    letter = tianshui.letter(transfer_no)
    assert (letter.state.code, letter.principal.text, letter.interest.text, letter.amount.text) == ("08", "10,000.00", "50.00", WORTH)
    assert (letter.six_months, str(letter.paid_through), letter.loans, letter.fraud) == (True, "2026-08", 0, False)
    assert (tianshui.money(zhang).balance.text, tianshui.view(zhang).state) == ("0.00", "SEALED")
    before = tianshui.at_xian()
    tianshui.bank.control.pay("62000001", "27010000000005", 100_00, "缴款", "天水市第一中学")
    tianshui.live(3)
    assert (tianshui.at_xian() - before).text == WORTH
    letter = tianshui.letter(transfer_no)
    assert (letter.state.code, letter.payment_no, letter.payment_state, letter.trouble) == ("00", gone.payment_no, "DONE", "")
    account = tianshui.view(zhang)
    assert (account.state, account.closed_on is not None) == ("TRANSFERRED_OUT", True)
    assert tianshui.reconcile().differences == ()
    with tianshui.scope():
        from hpf.parties import queries as parties

        assert parties.elsewhere(1, "RESIDENT_ID", ZHANG) == []


@pytest.fixture
def asked(tianshui, zhang):
    later(tianshui)
    return tianshui.asked_from_xian("张三", ZHANG, zhang)


def test_who_has_not_sealed_stays_and_the_other_city_is_told_why(tianshui, zhang, asked):
    from hpf.accounts.services import unseal

    again = unseal(
        by=tianshui.by, centre_id=5, account_no=zhang, base=Money.yuan("5000.00"), from_month=Month(2026, 12), on=tianshui.day,
        at=at(tianshui.day), key=fresh(),
    )  # fmt: skip
    assert again.is_approved, again.reasons
    assert [r.code for r in tianshui.propose(asked).reasons] == ["NOT_SEALED"]
    assert tianshui.propose(asked, "REFUSED").is_approved
    assert tianshui.check(asked).value.state == "REFUSED"
    tianshui.exchange()
    assert tianshui.national.control.state_of(tianshui.letter(asked).letter_no) == "13"
    assert tianshui.money(zhang).balance.text == "10,000.00"


def hold(tianshui, account, fen=1):
    from django.db import transaction

    from hpf.ledger.services import place_hold

    with tianshui.scope(), transaction.atomic():
        return place_hold(tianshui.view(account).ledger_account_id, fen, "GUARANTEE", fresh("hold"))


def test_what_is_held_stays_and_nobody_learns_why(tianshui, zhang, asked):
    hold(tianshui, zhang)
    refused = tianshui.propose(asked)
    assert [r.code for r in refused.reasons] == ["LEAVING_TO_BE_CHECKED"]
    said = refused.reasons[0].message
    assert "冻结" not in said and "法院" not in said and "元" not in said
    assert tianshui.propose(asked, "REFUSED").is_approved
    tianshui.check(asked)
    letter = tianshui.letter(asked)
    assert (letter.state.code, letter.words) == ("13", said)


def test_held_between_proposal_and_check_nothing_leaves(tianshui, zhang, asked):
    assert tianshui.propose(asked).is_approved
    hold(tianshui, zhang)
    assert [r.code for r in tianshui.check(asked).reasons] == ["LEAVING_TO_BE_CHECKED"]
    letter = tianshui.letter(asked)
    assert (letter.state.code, letter.payment_no, tianshui.money(zhang).balance.text) == ("02", "", "10,000.00")


def test_a_name_with_one_wrong_character_is_negotiated_and_corrected(tianshui, zhang):
    later(tianshui)
    transfer_no = tianshui.asked_from_xian("张山", ZHANG, zhang)
    assert [r.code for r in tianshui.propose(transfer_no).reasons] == ["LETTER_NAME_SLIP"]
    assert tianshui.propose(transfer_no, "NEGOTIATING").is_approved
    assert tianshui.check(transfer_no).value.state == "NEGOTIATING"
    tianshui.exchange()
    assert tianshui.national.control.state_of(tianshui.letter(transfer_no).letter_no) == "06"
    assert tianshui.propose(transfer_no, "REFUSED", "姓名与证件不符").is_approved
    assert tianshui.check(transfer_no).value.state == "REFUSED"


def test_another_name_or_document_finds_nobody(tianshui, zhang):
    later(tianshui)
    other = tianshui.asked_from_xian("李四", ZHANG, zhang)
    stranger = tianshui.asked_from_xian("张三", resident_id(99), zhang)
    assert [[r.code for r in tianshui.propose(no).reasons] for no in (other, stranger)] == [["ACCOUNT_NOT_FOUND"]] * 2


def test_the_same_letter_delivered_twice_is_one_letter(tianshui, zhang):
    tianshui.national.control.faults(duplicate={"next": 1})
    later(tianshui)
    tianshui.asked_from_xian("张三", ZHANG, zhang)
    assert len(tianshui.letters(direction="OUT")) == 1


def test_a_second_city_cannot_have_the_same_account(tianshui, zhang, asked):
    second = tianshui.asked_from_xian("张三", ZHANG, zhang)
    assert tianshui.propose(asked).is_approved
    assert [r.code for r in tianshui.propose(second).reasons] == ["ALREADY_LEAVING"]


@pytest.fixture
def funded(tianshui):
    tianshui.bank.control.pay("62000001", "27010000000005", 100_00, "缴款", "天水市第一中学")


def test_processing_for_a_day_and_then_failed_the_account_goes_on_and_may_leave_again(tianshui, zhang, asked, funded):
    tianshui.bank.control.faults(processing={"next": 1, "days": 1, "outcome": "FAILED", "codes": ["BDC101"]})
    assert tianshui.let_go(asked).is_approved
    tianshui.exchange()
    letter = tianshui.letter(asked)
    assert (letter.payment_state, tianshui.money(zhang).balance.text) == ("ORDERED", "0.00")
    assert [r.code for r in tianshui.propose(asked).reasons] == ["MONEY_UNDER_WAY"]
    tianshui.live(4)
    letter = tianshui.letter(asked)
    assert letter.payment_state == "FAILED"
    assert letter.trouble.startswith("付款未成：收款行退回，未入账，10,050.00元已退回个人账户")
    money = tianshui.money(zhang)
    assert (money.balance.text, tianshui.view(zhang).state) == ("10,000.00", "SEALED")
    assert tianshui.counted() == {}, "gone and come back: nothing has left"
    first = letter.payment_no
    assert tianshui.let_go(asked).is_approved
    letter = tianshui.letter(asked)
    assert letter.payment_no != first
    assert letter.interest.text == f"{50 + 5 * (tianshui.day - date(2026, 12, 1)).days / 12:.2f}", "four days more"
    tianshui.live(4)
    assert tianshui.letter(asked).state.code == "00"
    assert tianshui.view(zhang).state == "TRANSFERRED_OUT"
    assert tianshui.counted() == {
        "transfers_out": 1, "transferred_out": 1_005_167, "transferred_principal": 1_000_000, "transferred_interest": 5_167,
    }  # fmt: skip


def test_a_wrong_payee_name_fails_and_the_other_city_is_asked(tianshui, zhang, funded):
    later(tianshui)
    transfer_no = tianshui.asked_from_xian("张三", ZHANG, zhang, payee_name="西安住房公积金中心")
    assert tianshui.let_go(transfer_no).is_approved
    tianshui.live(1)
    letter = tianshui.letter(transfer_no)
    assert letter.payment_state == "FAILED" and "收款户名" not in letter.words and "已退回个人账户" in letter.trouble
    assert tianshui.money(zhang).balance.text == "10,000.00"
    assert tianshui.propose(transfer_no, "NEGOTIATING", "请核对收款户名").is_approved
    assert tianshui.check(transfer_no).value.state == "NEGOTIATING"


def test_paid_and_the_platform_silent_the_account_waits_sealed_and_stands_out(tianshui, zhang, asked, funded):
    tianshui.national.control.faults(never_settles={"probability": 1})
    assert tianshui.let_go(asked).is_approved
    tianshui.live(2)
    later(tianshui, 20)
    tianshui.exchange()
    letter = tianshui.letter(asked)
    assert (letter.state.code, letter.payment_state, letter.is_old(tianshui.day)) == ("08", "DONE", True)
    assert tianshui.view(zhang).state == "SEALED"


def test_the_bank_paid_once_whatever_the_platform_said(tianshui, zhang, asked, funded):
    """The answer to our 08 is cut: the platform is asked, not told again; the money goes once."""
    tianshui.national.control.faults(cut_after={"next": 1, "codes": ["903"]})
    assert tianshui.let_go(asked).is_approved
    before = tianshui.at_xian()
    tianshui.live(3)
    assert (tianshui.at_xian() - before).text == WORTH
    assert tianshui.letter(asked).state.code == "00"
    assert len([e for e in tianshui.bank.control.entries(XIAN_ACCOUNT) if tianshui.letter(asked).letter_no in e["summary"]]) == 1


def test_a_freeze_and_a_transfer_at_once_one_of_them_wins(tianshui, zhang, asked, funded):
    """Two connections: the hold is placed first and not committed; the transfer waits for the row and is refused neutrally."""
    import threading

    from django.db import connections

    assert tianshui.propose(asked).is_approved
    placed, go = threading.Event(), threading.Event()

    def freeze():
        from django.db import transaction

        from hpf.ledger.services import place_hold

        try:
            with tianshui.scope(), transaction.atomic():
                place_hold(tianshui.view(zhang).ledger_account_id, 5_000_00, "FREEZE", "冻1")
                placed.set()
                go.wait(10)
        finally:
            connections.close_all()

    court = threading.Thread(target=freeze)
    court.start()
    assert placed.wait(10)
    threading.Timer(0.5, go.set).start()
    answer = tianshui.check(asked)
    court.join()
    assert [r.code for r in answer.reasons] == ["LEAVING_TO_BE_CHECKED"]
    assert (tianshui.money(zhang).balance.text, tianshui.letter(asked).payment_no) == ("10,000.00", "")


def test_returned_after_it_was_paid_the_account_has_its_money_again(tianshui, zhang, asked, funded):
    tianshui.national.control.faults(never_settles={"probability": 1})
    tianshui.bank.control.faults(return_later={"next": 1, "days": 2, "codes": ["BDC101"]})
    assert tianshui.let_go(asked).is_approved
    tianshui.exchange()
    tianshui.exchange()
    assert tianshui.letter(asked).payment_state == "DONE"
    tianshui.live(3)
    letter = tianshui.letter(asked)
    assert (letter.payment_state, letter.trouble[:6]) == ("RETURNED", "付款后被退汇")
    assert (tianshui.money(zhang).balance.text, tianshui.view(zhang).state) == ("10,000.00", "SEALED")
    assert tianshui.propose(asked).is_approved, "it may be let go anew"


def test_returned_after_the_account_was_ended_the_money_waits_and_the_statement_goes_on(tianshui, zhang, asked, funded):
    from hpf.ledger import queries as ledger
    from hpf.treasury import queries as treasury

    tianshui.bank.control.faults(return_later={"next": 1, "days": 4, "codes": ["BDC101"]})
    payment_no = tianshui.let_go(asked).value.payment_no
    tianshui.live(3)
    assert (tianshui.letter(asked).state.code, tianshui.view(zhang).state) == ("00", "TRANSFERRED_OUT")
    tianshui.live(3)
    letter = tianshui.letter(asked)
    assert (letter.payment_state, letter.state.code) == ("RETURNED", "00")
    assert letter.trouble.startswith("付款后被退汇，个人账户已销户，10,050.00元留在付款单")
    with tianshui.scope():
        payment = treasury.payment(5, payment_no)
        assert "原账户已销户，款项留在付款单" in payment.explanation
        assert ledger.balance(payment.ledger_account_id).balance.text == WORTH
    assert tianshui.money(zhang).balance.text == "0.00"


def test_cancelled_over_there_while_our_confirmation_was_on_its_way(tianshui, zhang):
    from hpf.transfers.services import read_mail

    later(tianshui)
    letter_no = tianshui.national.control.write("610100", "629005", name="张三", id_number=ZHANG, account_no=zhang)
    read_mail(by=tianshui.by, centre_id=5, platform=tianshui.platform, business_on=tianshui.day, at=at(tianshui.day))
    tianshui.national.control.tell("610100", letter_no, "05", "本人撤销")
    tianshui.exchange()
    (letter,) = tianshui.letters(direction="OUT")
    assert (letter.state.code, letter.words, letter.trouble) == ("05", "本人撤销", "")
    assert [r.code for r in tianshui.propose(letter.transfer_no).reasons] == ["LETTER_ENDED"]
    assert tianshui.reconcile().differences == ()


def test_between_two_centres_of_ours_both_books_agree(tianshui, lanzhou, zhang, funded):
    """天水 gives, 兰州 takes: the same person, the same letter, two row-level walls, one platform and one bank between them."""
    unit = lanzhou.unit("兰州市第一中学", rate="12", first_month="2026-08")
    account = lanzhou.member(unit, "张三", ZHANG)

    def both(days):
        tianshui.next_day(days)
        lanzhou.close_day(lanzhou.day)
        lanzhou.open_day(tianshui.day)

    both(120)
    coming = lanzhou.apply(
        account, other_org_code="629005", other_org_name="天水市住房公积金管理中心", other_account=zhang
    ).value.transfer_no
    assert lanzhou.review(coming).is_approved
    lanzhou.exchange()
    tianshui.exchange()
    (leaving,) = tianshui.letters(direction="OUT")
    assert leaving.letter_no == lanzhou.letter(coming).letter_no == "6290012612010001"
    assert tianshui.let_go(leaving.transfer_no).is_approved
    for _ in range(3):
        for centre in (tianshui, lanzhou):
            centre.exchange()
        both(1)
    lanzhou.exchange()
    tianshui.exchange()
    came, gone = lanzhou.letter(coming), tianshui.letter(leaving.transfer_no)
    assert (came.state.code, gone.state.code, came.trouble, gone.trouble) == ("00", "00", "", "")
    assert came.amount.text == gone.amount.text == lanzhou.money(account).balance.text == WORTH
    assert (came.six_months, came.opened_on) == (gone.six_months, gone.opened_on)
    assert tianshui.view(zhang).state == "TRANSFERRED_OUT"
    assert tianshui.reconcile().differences == lanzhou.reconcile().differences == ()
    assert lanzhou.counted() == {"transfers_in": 1, "transferred_in": 1_005_000}
