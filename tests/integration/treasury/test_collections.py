"""批量代收: flexible workers' cards are debited in one batch; some lines fail; the rest is one receipt."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money

from .conftest import wall_clock
from .setting import Treasury, fresh_key, open_fund

CENTRE = 5
DAY = date(2026, 8, 3)


class Collecting(Treasury):
    def order(self, no: str, *payers: tuple[str, str, str]) -> str:
        from django.db import transaction

        from hpf.treasury.services import LineToCollect, order_collection

        lines = [LineToCollect(i, f"M{i}", card, name, Money.yuan(yuan)) for i, (card, name, yuan) in enumerate(payers, 1)]
        with self.scope(), transaction.atomic():
            return order_collection(CENTRE, source_kind="AGREEMENT", source_no=no, lines=lines, summary="灵活就业缴存", on=self.day)

    def send(self, line: Any) -> Any:
        from hpf.treasury.services import send_collections

        return send_collections(by=self.by, centre_id=CENTRE, bank=line, business_on=self.day, at=wall_clock() + timedelta(hours=2))

    def ask_bank(self, line: Any) -> Any:
        from hpf.treasury.services import poll_collections

        return poll_collections(by=self.by, centre_id=CENTRE, bank=line, business_on=self.day)

    def poll(self, line: Any) -> Any:
        from hpf.treasury.services import poll

        return poll(by=self.by, centre_id=CENTRE, bank=line, business_on=self.day)

    def fate(self, no: str) -> Any:
        from hpf.treasury import queries

        with self.scope():
            return queries.collection(CENTRE, "AGREEMENT", no)


@pytest.fixture
def centre(own_database: str, bank: Any) -> Collecting:
    by = Actor("liu", "刘会计", frozenset({CENTRE}), frozenset({"*"}))
    bank.control.set_card("C1", "李四", 100000)
    bank.control.set_card("C2", "王五", 10)
    bank.control.set_card("C3", "赵六", 100000)
    return Collecting(CENTRE, open_fund(CENTRE, DAY, by), by, DAY)


PAYERS = (("C1", "李四", "300.00"), ("C2", "王五", "200.00"), ("C3", "赵七", "100.00"))


def test_lines_fail_one_by_one_and_the_rest_is_one_receipt(centre: Collecting, bank: Any, line: Any) -> None:
    centre.order("XY1", *PAYERS)
    centre.send(line)
    assert centre.ask_bank(line).done == 1
    fate = centre.fate("XY1")
    assert [(n.source_no, n.state, n.explanation) for n in fate.lines] == [
        ("M1", "DONE", ""),
        ("M2", "FAILED", "余额不足"),
        ("M3", "FAILED", "户名不符"),
    ]
    receipt = centre.receipt(fate.receipt_no)
    assert (receipt.state, receipt.remaining) == ("MATCHED", Money.yuan("300.00"))
    assert centre.poll(line).receipt_nos == ()
    from hpf.treasury.services import reconcile

    assert reconcile(by=centre.by, centre_id=CENTRE, on=DAY, key=fresh_key("reconcile")).agrees


def test_the_statement_may_come_before_the_result(centre: Collecting, bank: Any, line: Any) -> None:
    centre.order("XY2", *PAYERS)
    centre.send(line)
    (no,) = centre.poll(line).receipt_nos
    centre.match()
    centre.ask_bank(line)
    assert centre.fate("XY2").receipt_no == no and centre.receipt(no).state == "MATCHED"


def test_a_cut_connection_does_not_debit_anybody_twice(centre: Collecting, bank: Any, line: Any) -> None:
    bank.control.faults(cut_after={"next": 1, "codes": ["BDC104"]})
    centre.order("XY3", *PAYERS)
    assert centre.send(line).open == 1
    assert centre.send(line).asked == 0
    centre.ask_bank(line)
    assert bank.control.balance_fen("C1") == 70000 and centre.fate("XY3").state == "DONE"


def test_a_batch_in_process_waits(centre: Collecting, bank: Any, line: Any) -> None:
    bank.control.faults(processing={"next": 1, "days": 1, "codes": ["BDC104"]})
    centre.order("XY4", *PAYERS)
    centre.send(line)
    assert centre.ask_bank(line).open == 1 and centre.fate("XY4").receipt_no is None
    bank.control.advance_to(DAY + timedelta(days=1))
    assert centre.ask_bank(line).done == 1
