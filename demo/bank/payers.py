"""付款人: what the demo's employers and people do at this bank, outside the settlement interface."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from demo.bank.book import Book
from demo.bank.faults import Faults

PUBLIC_ENTRY, FEE_ENTRY = "PAY", "FEE"


class NoSuchAccount(ValueError):
    """The account is not kept at this bank."""


class Payers:
    def __init__(self, book: Book, faults: Faults) -> None:
        self.book, self.faults = book, faults

    def pay(self, from_account: str, to_account: str, amount_fen: int, summary: str = "", from_name: str = "") -> list[str]:
        """Money from a payer to any account here. A payer from another bank needs only a name. Gives the references."""
        subject = f"{from_account}:{to_account}:{amount_fen}:{summary}:{self.book.business_on}"
        if short := self.faults.strikes("short_money", subject):
            amount_fen -= int(short.get("fen", 1))
        if long := self.faults.strikes("long_money", subject):
            amount_fen += int(long.get("fen", 1))
        times = 2 if self.faults.strikes("double_money", subject) else 1
        with self.book.transaction():
            return [self._pay(from_account, to_account, amount_fen, summary, from_name, PUBLIC_ENTRY) for _ in range(times)]

    def _pay(self, payer_no: str, payee_no: str, fen: int, summary: str, payer_name: str, kind: str) -> str:
        payee, payer = self.book.account(payee_no), self.book.account(payer_no)
        if payee is None:
            raise NoSuchAccount(f"本行没有账户{payee_no}")
        if payer is not None:
            self.book.enter(payer_no, -fen, counter_no=payee_no, counter_name=payee["name"], summary=summary, kind=kind)
        name = payer["name"] if payer is not None else payer_name
        ref = self.book.enter(payee_no, fen, counter_no=payer_no, counter_name=name, summary=summary, kind=kind)
        self.announce(payee, ref)
        return ref

    def stranger(self, to_account: str, amount_fen: int) -> str:
        """Money from somebody nobody has heard of, without a word."""
        with self.book.transaction():
            return self._pay("6217000000009999999", to_account, amount_fen, "", "过路财神商贸有限公司", PUBLIC_ENTRY)

    def fee(self, account_no: str, amount_fen: int, summary: str) -> str:
        """The bank takes its fee without asking."""
        with self.book.transaction():
            return self.book.enter(account_no, -amount_fen, counter_no="", counter_name="本行", summary=summary, kind=FEE_ENTRY)

    def announce(self, account: Any, ref: str) -> None:
        """Queue the pushed notices (SBDC100) of money that came into a fund account."""
        if account["kind"] != "FUND" or self.faults.strikes("lost_notice", ref):
            return
        late = self.faults.strikes("late_notice", ref)
        due = self.book.business_on + timedelta(days=int(late.get("days", 1)) if late else 0)
        entry_id = self.book.last_entry(account["no"])
        for _ in range(2 if self.faults.strikes("duplicate_notice", ref) else 1):
            self.book.write("INSERT INTO notice (unit, entry_id, not_before) VALUES (?, ?, ?)", account["unit"], entry_id, due.isoformat())
