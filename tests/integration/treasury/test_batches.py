"""批量付款: many payments in one instruction to a real bank; each line has its own fate, the bank's account is debited once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hpf.kernel.actor import Actor
from hpf.kernel.money import ZERO, Money

from .conftest import wall_clock
from .setting import fresh_key, open_fund
from .test_payments import Paying

CENTRE = 5
DAY = date(2026, 8, 3)


class PayingMany(Paying):
    """A centre with money on several accounts, each to pay one person."""

    def account(self, owner: int) -> int:
        from hpf.ledger.services import open_account

        return open_account(CENTRE, 21901, "EMPLOYER_ACCOUNT", owner, self.day)

    def share_out(self, yuan: str, *owners: int) -> None:
        from django.db import transaction

        from hpf.ledger.rules import Draft, Leg
        from hpf.ledger.services import post

        fen = Money.yuan(yuan).fen
        with self.scope(), transaction.atomic():
            draft = Draft(CENTRE, "INTERNAL_TRANSFER", "J2", self.day, self.day, "TEST", "1", "分出", "wang")
            post(draft, [Leg(self.source(), fen * len(owners)), *(Leg(self.account(owner), -fen) for owner in owners)], fresh_key("share"))

    def order(self, *wanted: tuple[int, str, str, str]) -> Any:
        """(owner, yuan, card, name) each."""
        from django.db import transaction

        from hpf.treasury.services import ToPay, order_payments, take_payment_nos

        with self.scope(), transaction.atomic():
            payments = [
                ToPay(number, f"TQ{owner}", self.account(owner), Money.yuan(yuan), card, name, "", f"提取 TQ{owner}", "wang")
                for number, (owner, yuan, card, name) in zip(take_payment_nos(CENTRE, len(wanted)), wanted, strict=True)
            ]
            return order_payments(
                centre_id=CENTRE, kind="WITHDRAWAL", template="J3", source_kind="WITHDRAWAL", business_on=self.day, checker=None,
                payments=payments, summary="约定提取", key=fresh_key("many"),
            )  # fmt: skip

    def left_on(self, owner: int) -> Money:
        from django.db import transaction

        from hpf.ledger.queries import balance

        with self.scope(), transaction.atomic():
            return balance(self.account(owner)).balance

    def talk(self, line: Any) -> Any:
        from hpf.treasury.services import poll_payment_batches, send_payment_batches

        send_payment_batches(by=self.by, centre_id=CENTRE, bank=line, business_on=self.day, at=wall_clock() + timedelta(hours=2))
        return poll_payment_batches(by=self.by, centre_id=CENTRE, bank=line, business_on=self.day)

    def states(self, *owners: int) -> list[str]:
        from hpf.treasury import queries

        with self.scope():
            found = queries.payments_of(CENTRE, "WITHDRAWAL", [f"TQ{owner}" for owner in owners])
        return [found[f"TQ{owner}"][0].state for owner in owners]


@pytest.fixture
def centre(own_database: str, bank: Any, line: Any) -> PayingMany:
    by = Actor("liu", "刘会计", frozenset({CENTRE}), frozenset({"*"}))
    bank.control.set_card("C1", "李四", 0)
    bank.control.set_card("C2", "王五", 0)
    found = PayingMany(CENTRE, open_fund(CENTRE, DAY, by), by, DAY)
    found.pays_in(bank, line, "3000.00")
    found.share_out("900.00", 1, 2, 3)
    return found


def test_each_line_ends_by_itself_and_the_books_agree_with_the_bank(centre: PayingMany, bank: Any, line: Any) -> None:
    ordered = centre.order((1, "800.00", "C1", "李四"), (2, "700.00", "C2", "王六"), (3, "1000.00", "C2", "王五"))
    assert ordered.refusals == {"TQ3": "INSUFFICIENT_BALANCE"} and centre.states(1, 2) == ["READY", "READY"]
    assert [centre.left_on(owner) for owner in (1, 2, 3)] == [Money.yuan("100.00"), Money.yuan("200.00"), Money.yuan("900.00")]
    assert centre.talk(line).done == 1
    assert centre.states(1, 2) == ["DONE", "FAILED"]
    assert bank.control.balance_fen("C1") == 80_000 and bank.control.balance_fen("C2") == 0
    assert [centre.left_on(owner) for owner in (1, 2, 3)] == [Money.yuan("100.00"), Money.yuan("900.00"), Money.yuan("900.00")]
    centre.poll(line)
    (reconciled,) = centre.reconcile().accounts
    assert reconciled.agrees, reconciled


def test_asked_again_nothing_is_paid_twice(centre: PayingMany, bank: Any, line: Any) -> None:
    centre.order((1, "800.00", "C1", "李四"))
    bank.control.faults(cut_after={"next": 1, "codes": ["BDC103"]})
    centre.talk(line)
    for _ in range(3):
        centre.talk(line)
    assert centre.states(1) == ["DONE"]
    assert bank.control.balance_fen("C1") == 80_000
    assert centre.left_on(1) == Money.yuan("100.00") and centre.left_on(2) - Money.yuan("900.00") == ZERO
