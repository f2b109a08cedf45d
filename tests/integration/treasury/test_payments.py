"""付款: sent once, asked for until the bank is sure, never paid twice. The bank is a real process."""

from __future__ import annotations

import itertools
import threading
from datetime import date, timedelta
from typing import Any

import pytest

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money

from .conftest import FUND_NO, KEY, wall_clock
from .setting import Treasury, fresh_key, open_fund

CENTRE = 5
DAY = date(2026, 8, 3)
CARD = "6228480000000054321"
_numbers = itertools.count(1)


class Paying(Treasury):
    """A centre with money, and somebody whose money is taken out by a withdrawal."""

    def ask(self, yuan: str, name: str = "张三", card: str = CARD) -> str:
        from django.db import transaction

        from hpf.ledger.rules import Draft, Leg
        from hpf.treasury.services import order_payment

        no = f"TQ{next(_numbers):06d}"
        with self.scope(), transaction.atomic():
            draft = Draft(self.centre_id, "WITHDRAWAL", "J3", self.day, self.day, "WITHDRAWAL", no, "部分提取", "wang")
            legs = [Leg(self.source(), Money.yuan(yuan).fen)]
            return order_payment(draft, legs, payee_account=card, payee_name=name, summary="提取", key=fresh_key("order")).payment_no

    def source(self) -> int:
        from hpf.ledger.services import open_account

        return open_account(self.centre_id, 21901, "EMPLOYER_ACCOUNT", 77, self.day)

    def left(self) -> Money:
        from django.db import transaction

        from hpf.ledger.queries import balance

        with self.scope(), transaction.atomic():
            return balance(self.source()).balance

    def send(self, line: Any, *, hours: int = 2) -> Any:
        from hpf.treasury.services import send_payments

        return send_payments(
            by=self.by, centre_id=self.centre_id, bank=line, business_on=self.day, at=wall_clock() + timedelta(hours=hours)
        )

    def ask_bank(self, line: Any) -> Any:
        from hpf.treasury.services import poll_payments

        return poll_payments(by=self.by, centre_id=self.centre_id, bank=line, business_on=self.day)

    def poll(self, line: Any) -> Any:
        from hpf.treasury.services import poll

        return poll(by=self.by, centre_id=self.centre_id, bank=line, business_on=self.day)

    def reconcile(self) -> Any:
        from hpf.treasury.services import reconcile

        return reconcile(by=self.by, centre_id=self.centre_id, on=self.day, key=fresh_key("reconcile"))

    def payment(self, no: str) -> Any:
        from hpf.treasury import queries

        with self.scope():
            return queries.payment(self.centre_id, no)

    def next_day(self, day: date) -> Paying:
        from django.db import transaction

        from hpf.ledger.services import close_day, open_day

        with self.scope(), transaction.atomic():
            close_day(self.centre_id, self.day, "system:日终")
            open_day(self.centre_id, day)
        return Paying(self.centre_id, self.bank_account_id, self.by, day)

    def pays_in(self, bank: Any, line: Any, yuan: str) -> None:
        """An employer's money comes in and becomes prepaid money of 张三's employer."""
        from django.db import transaction

        from hpf.ledger.rules import Draft, Leg
        from hpf.ledger.services import post
        from hpf.treasury.services import use_receipt

        bank.control.set_account("E1", "天水第一中学", 10**12)
        bank.control.pay("E1", FUND_NO, Money.yuan(yuan).fen, "预缴")
        no = self.poll(line).receipt_nos[0]
        with self.scope(), transaction.atomic():
            use = use_receipt(self.centre_id, no, by_kind="PREPAYMENT", by_no="YJ1").value
            draft = Draft(self.centre_id, "PREPAYMENT", "J2", self.day, self.day, "PREPAYMENT", "YJ1", "预缴", "wang")
            post(draft, [Leg(use.ledger_account_id, use.remaining.fen), Leg(self.source(), -use.remaining.fen)], fresh_key("prepay"))


@pytest.fixture
def centre(own_database: str, bank: Any, line: Any) -> Paying:
    by = Actor("liu", "刘会计", frozenset({CENTRE}), frozenset({"*"}))
    paying = Paying(CENTRE, open_fund(CENTRE, DAY, by), by, DAY)
    bank.control.set_card(CARD, "张三", 0)
    paying.pays_in(bank, line, "10000.00")
    return paying


def test_a_payment_is_set_aside_then_paid_and_agrees_with_the_bank(centre: Paying, bank: Any, line: Any) -> None:
    no = centre.ask("1234.50")
    assert centre.left() == Money.yuan("8765.50")
    assert centre.send(line).done == 1
    assert centre.payment(no).state == "DONE" and bank.control.balance_fen(CARD) == 123450
    assert centre.subjects()[10101] == Money.yuan("8765.50")
    centre.poll(line)
    assert centre.reconcile().agrees


@pytest.mark.parametrize("fault", ["cut_after", "cut_middle", "bad_signature", "slow"])
def test_an_answer_that_never_came_is_asked_for_and_never_paid_twice(centre: Paying, bank: Any, line: Any, fault: str) -> None:
    if fault == "slow":
        line.http.timeout = 0.5
    bank.control.faults(**{fault: {"next": 1, "codes": ["BDC101"], "seconds": 1}})
    no = centre.ask("100.00")
    assert centre.send(line).open == 1
    assert centre.payment(no).state == "SENT"
    assert centre.send(line).asked == 0
    line.http.timeout = 5
    assert centre.ask_bank(line).done == 1
    assert centre.ask_bank(line).asked == 0
    assert bank.control.balance_fen(CARD) == 10000 and centre.payment(no).state == "DONE"


def test_an_instruction_that_never_arrived_fails_only_on_the_banks_next_day(centre: Paying, bank: Any, line: Any) -> None:
    bank.control.faults(cut_before={"next": 1, "codes": ["BDC101"]})
    no = centre.ask("100.00")
    centre.send(line)
    assert centre.ask_bank(line).open == 1 and centre.left() == Money.yuan("9900.00")
    bank.control.advance_to(DAY + timedelta(days=1))
    tomorrow = centre.next_day(DAY + timedelta(days=1))
    assert tomorrow.ask_bank(line).failed == 1
    assert tomorrow.payment(no).state == "FAILED" and tomorrow.left() == Money.yuan("10000.00")
    assert bank.control.balance_fen(CARD) == 0


def test_a_wrong_name_fails_and_the_money_is_back(centre: Paying, bank: Any, line: Any) -> None:
    before = centre.subjects()
    no = centre.ask("100.00", name="张山")
    assert centre.send(line).failed == 1
    failed = centre.payment(no)
    assert failed.state == "FAILED" and "户名张山与账号尾号4321不符" in failed.explanation
    assert centre.left() == Money.yuan("10000.00") and centre.moved(before) == {}


@pytest.mark.parametrize(("outcome", "state", "left"), [("DONE", "DONE", "9900.00"), ("FAILED", "FAILED", "10000.00")])
def test_a_payment_in_process_stays_reserved_until_the_bank_is_sure(
    centre: Paying, bank: Any, line: Any, outcome: str, state: str, left: str
) -> None:
    bank.control.faults(processing={"next": 1, "days": 1, "outcome": outcome})
    no = centre.ask("100.00")
    centre.send(line)
    assert centre.payment(no).state == "PROCESSING" and centre.left() == Money.yuan("9900.00")
    assert centre.ask_bank(line).open == 1
    bank.control.advance_to(DAY + timedelta(days=1))
    tomorrow = centre.next_day(DAY + timedelta(days=1))
    tomorrow.ask_bank(line)
    assert tomorrow.payment(no).state == state and tomorrow.left() == Money.yuan(left)
    tomorrow.poll(line)
    assert tomorrow.reconcile().agrees


def test_a_payment_that_comes_back_days_later_returns_to_its_source(centre: Paying, bank: Any, line: Any) -> None:
    bank.control.faults(return_later={"next": 1, "days": 1})
    no = centre.ask("100.00")
    assert centre.send(line).done == 1
    bank.control.advance_to(DAY + timedelta(days=1))
    tomorrow = centre.next_day(DAY + timedelta(days=1))
    assert tomorrow.poll(line).returned_payment_nos == (no,)
    assert tomorrow.poll(line).returned_payment_nos == tomorrow.poll(line).returned_payment_nos == ()
    assert tomorrow.payment(no).state == "RETURNED" and tomorrow.left() == Money.yuan("10000.00")
    assert tomorrow.reconcile().agrees


def test_a_return_told_before_the_result_is_booked_once_the_result_is_known(centre: Paying, bank: Any, line: Any) -> None:
    bank.control.faults(return_later={"next": 1, "days": 1}, cut_after={"next": 1, "codes": ["BDC101"]})
    no = centre.ask("100.00")
    assert centre.send(line).open == 1
    bank.control.advance_to(DAY + timedelta(days=1))
    tomorrow = centre.next_day(DAY + timedelta(days=1))
    assert tomorrow.poll(line).returned_payment_nos == tomorrow.poll(line).returned_payment_nos == ()
    assert tomorrow.ask_bank(line).done == 1
    assert tomorrow.poll(line).returned_payment_nos == (no,)
    assert tomorrow.left() == Money.yuan("10000.00") and tomorrow.reconcile().agrees


def test_a_bank_that_lies_about_a_payment_is_found_by_the_line(centre: Paying, bank: Any, line: Any) -> None:
    bank.control.faults(lie_done={"next": 1})
    no = centre.ask("100.00")
    assert centre.send(line).done == 1
    centre.poll(line)
    found = centre.reconcile()
    (account,) = found.accounts
    assert not found.agrees and account.unexplained == Money(0)
    assert account.bank == Money.yuan("10000.00") and account.book == Money.yuan("9900.00")
    (words,) = account.differences
    assert words.startswith("账上已付、银行未付") and "100.00元" in words and no in words


def test_a_bank_that_is_not_there_leaves_the_payment_ready_and_it_is_tried_later(
    centre: Paying, bank: Any, line: Any, tmp_path: Any
) -> None:
    from demo.bank.control import start

    no = centre.ask("100.00")
    bank.kill()
    assert centre.send(line).open == 1
    assert centre.payment(no).state == "READY" and centre.left() == Money.yuan("9900.00")
    assert centre.send(line).asked == 0
    again = start(str(tmp_path / "bank.sqlite"), key=KEY)
    try:
        line.url = again.url
        assert centre.send(line, hours=4).done == 1
        assert again.control.balance_fen(CARD) == 10000
    finally:
        again.kill()


def test_an_accepted_payment_survives_the_kill_of_the_bank(centre: Paying, bank: Any, line: Any, tmp_path: Any) -> None:
    from demo.bank.control import start

    no = centre.ask("100.00")
    centre.send(line)
    bank.kill()
    again = start(str(tmp_path / "bank.sqlite"), key=KEY)
    try:
        line.url = again.url
        assert again.control.balance_fen(CARD) == 10000
        centre.poll(line)
        assert centre.reconcile().agrees and centre.payment(no).state == "DONE"
    finally:
        again.kill()


def test_two_workers_at_once_send_once(centre: Paying, bank: Any, line: Any) -> None:
    from django.db import connections

    for _ in range(6):
        centre.ask("10.00")

    def work() -> None:
        try:
            centre.send(line)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    centre.send(line)
    assert bank.control.balance_fen(CARD) == 6000
    assert len([e for e in bank.control.entries(FUND_NO) if e["kind"] == "OUT"]) == 6


def test_a_refund_needs_two_people_and_goes_back_to_the_payer(centre: Paying, bank: Any, line: Any) -> None:
    from hpf.treasury.services import refund_receipt

    bank.control.set_account("E9", "走错门有限公司", 100000)
    bank.control.pay("E9", FUND_NO, 12345, "")
    no = centre.poll(line).receipt_nos[0]
    said = {"by": centre.by, "centre_id": CENTRE, "receipt_no": no, "reason": "误汇", "business_on": DAY}
    refused = refund_receipt(**said, maker="liu", key=fresh_key("refund"))
    assert refused.reasons[0].code == "SAME_PERSON" and centre.receipt(no).remaining == Money(12345)
    assert refund_receipt(**said, maker="wang", key=fresh_key("refund")).is_approved
    assert centre.receipt(no).state == "REFUNDED"
    centre.send(line)
    assert bank.control.balance_fen("E9") == 100000
    twice = refund_receipt(**said, maker="wang", key=fresh_key("refund"))
    assert twice.reasons[0].code == "NOTHING_LEFT" and "没有可退金额" in twice.reasons[0].message


def test_a_refund_that_fails_leaves_the_money_in_suspense(centre: Paying, bank: Any, line: Any) -> None:
    from hpf.treasury.services import refund_receipt

    bank.control.set_account("E9", "走错门有限公司", 100000)
    bank.control.pay("E9", FUND_NO, 12345, "")
    no = centre.poll(line).receipt_nos[0]
    bank.control.faults(wrong_name={"next": 1})
    refund_receipt(by=centre.by, centre_id=CENTRE, receipt_no=no, reason="误汇", maker="wang", business_on=DAY, key=fresh_key("refund"))
    assert centre.send(line).failed == 1
    assert (centre.receipt(no).state, centre.receipt(no).remaining) == ("SUSPENSE", Money(12345))


def test_a_fee_taken_by_the_bank_is_a_difference_until_booked(centre: Paying, bank: Any, line: Any) -> None:
    from hpf.treasury.services import record_fee

    ref = bank.control.fee(FUND_NO, 500, "归集手续费")
    centre.poll(line)
    (account,) = centre.reconcile().accounts
    assert account.differences[0].startswith("银行已付、账上未付") and not account.agrees
    said = {"by": centre.by, "centre_id": CENTRE, "bank_account_id": centre.bank_account_id, "kind": "COLLECTION", "business_on": DAY}
    assert record_fee(**said, bank_reference="X", maker="wang", key=fresh_key("fee")).reasons[0].code == "NO_SUCH_LINE"
    assert record_fee(**said, bank_reference=ref, maker="wang", key=fresh_key("fee")).is_approved
    assert record_fee(**said, bank_reference=ref, maker="wang", key=fresh_key("fee")).reasons[0].code == "ALREADY_BOOKED"
    assert centre.reconcile().agrees and centre.subjects()[41102] == Money.yuan("5.00")


def test_a_bank_that_changes_an_amount_is_found_and_nothing_is_booked_again(centre: Paying, line: Any) -> None:
    from hpf.treasury.rules.movements import Movement

    said = Movement("R77", DAY, Money.yuan("50.00"), "", "天水第二中学", "")
    centre.record(said, source="NOTICE")
    before = centre.subjects()
    centre.record(Movement("R77", DAY, Money.yuan("60.00"), "", "天水第二中学", ""), closing=Money.yuan("10060.00"), closing_on=DAY)
    (account,) = centre.reconcile().accounts
    assert centre.moved(before) == {} and not account.agrees
    assert account.differences == ("流水R77：银行60.00元，账上50.00元，差10.00元，请向银行查证",)


def test_without_a_statement_the_day_does_not_agree(centre: Paying, line: Any) -> None:
    tomorrow = centre.next_day(DAY + timedelta(days=1))
    (account,) = tomorrow.reconcile().accounts
    assert not account.agrees and "请先取对账单" in account.differences[0]
