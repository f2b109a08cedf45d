"""A centre whose days are lived and closed: money arrives at its bank account, goes to members, and the books are closed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from hpf.kernel.money import Money
from tests.support.people import Fund, fresh


def at(day: date) -> datetime:
    """The instant at which a test says something happened on a day."""
    return datetime.combine(day, time(9, 0), UTC)


class Centre(Fund):
    """A fund with a bank account of its own, so that books, cash book and members can be proved equal."""

    def open_centre(self, day: date) -> None:
        from hpf.treasury.services import open_bank_account

        self.open_day(day)
        opened = open_bank_account(
            by=self.by, centre_id=self.centre_id, account_no=f"2701{self.centre_id:010d}", name="测试中心住房公积金专户",
            bank_code="105100000017", bank_name="中国建设银行", subject=10101, on=day, key=fresh("bank"),
        )  # fmt: skip
        assert opened.value is not None, opened.reasons
        self.bank_account_id = opened.value.bank_account_id

    def arrive(self, yuan: str, on: date, value_on: date | None = None, summary: str = "转账") -> int:
        """Money from somebody comes to the bank account; gives the receipt's suspense account."""
        from hpf.treasury import queries
        from hpf.treasury.rules.movements import Movement
        from hpf.treasury.services import record_movements

        movement = Movement(
            bank_reference=fresh("流水"), amount=Money.yuan(yuan), bank_on=value_on or on, counter_name="某单位", summary=summary
        )
        recorded = record_movements(
            by=self.by,
            centre_id=self.centre_id,
            bank_account_id=self.bank_account_id,
            entries=(movement,),
            business_on=on,
            key=fresh("record"),
        )
        with self.scope():
            return queries.receipt(self.centre_id, recorded.receipt_nos[0]).ledger_account_id

    def pay_in(self, account_no: str, yuan: str, on: date, value_on: date | None = None) -> int:
        """A member's contribution: through the bank and suspense onto the account."""
        return self.pay_in_all({account_no: yuan}, on, value_on)

    def pay_in_all(self, amounts: dict[str, str], on: date, value_on: date | None = None) -> int:
        from hpf.ledger.rules import Leg

        total = Money.total(Money.yuan(yuan) for yuan in amounts.values())
        suspense = self.arrive(str(total), on, value_on)
        legs = [Leg(self.view(number).ledger_account_id, -Money.yuan(yuan).fen) for number, yuan in amounts.items()]
        return self.journal("REMITTANCE", "J2", on, [Leg(suspense, total.fen), *legs], value_on)

    def remit(self, unit_no: str, month: str, on: date, *, pays: str | None = None) -> str:
        """A unit sends its list for a month, confirms it and pays; gives the list's number. The close books it."""
        from hpf.contributions.services import confirm, prepare_list
        from hpf.kernel.period import Month

        prepared = prepare_list(
            by=self.by, centre_id=self.centre_id, employer_account_no=unit_no, month=Month.parse(month), key=fresh("list"), at=at(on)
        )
        assert prepared.value is not None, prepared.reasons
        confirmed = confirm(
            by=self.by, centre_id=self.centre_id, remittance_no=prepared.value.remittance_no, key=fresh("confirm"), at=at(on)
        )
        assert confirmed.value is not None, confirmed.reasons
        self.arrive(pays or str(confirmed.value.total), on, summary=prepared.value.remittance_no)
        return prepared.value.remittance_no

    def withdraw(self, account_no: str, yuan: str, on: date) -> int:
        """A withdrawal set aside for payment."""
        from django.db import transaction

        from hpf.ledger.rules import Leg
        from hpf.ledger.services import open_account

        amount = Money.yuan(yuan).fen
        with self.scope(), transaction.atomic():
            payable = open_account(self.centre_id, 21904, "PAYMENT", 9_000_000 + int(fresh("n").rsplit("-")[-1]), on)
        return self.journal("WITHDRAWAL", "J3", on, [Leg(self.view(account_no).ledger_account_id, amount), Leg(payable, -amount)])

    def pay_closing_interest(self, account_no: str, on: date) -> Any:
        """销户结息 of a member's account, as the business that ends it would call it."""
        from django.db import transaction

        from hpf.accounts.services import pay_closing_interest

        with self.scope(), transaction.atomic():
            return pay_closing_interest(
                by=self.by, centre_id=self.centre_id, ledger_account_id=self.view(account_no).ledger_account_id, business_on=on, key=fresh()
            )

    def journal(self, kind: str, template: str, on: date, legs: list[Any], value_on: date | None = None) -> int:
        from django.db import transaction

        from hpf.ledger.rules import Draft
        from hpf.ledger.services import post

        draft = Draft(self.centre_id, kind, template, on, value_on or on, "TEST", fresh("no"), "测试记账", "测试柜员")
        with self.scope(), transaction.atomic():
            return post(draft, legs, fresh("journal"))

    def close(self, day: date, **more: Any) -> Any:
        """The whole close of a day by the platform's own story."""
        from hpf.closing.services.day import close_day
        from hpf.kernel.actor import Actor

        return close_day(centre_id=self.centre_id, business_on=day, by=Actor.system(self.centre_id, "日终"), at=at(day), **more)

    def business_day(self) -> date:
        from hpf.ledger import queries

        with self.scope():
            return queries.business_day(self.centre_id)

    def live_to(self, day: date) -> None:
        """Close day after day until `day` is open."""
        while (today := self.business_day()) < day:
            closed = self.close(today)
            assert closed.closed, closed.message
