"""Bookkeeping as text: `2025-09-01  事由  借方 <- 贷方  金额`. Names are ledger accounts made on first use.

Personal accounts (subject 201) are named like people; 银行存款, 暂收, 利息支出 … stand for one account of their subject.
"""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta

from django.db import transaction

from hpf.db.scope import centre_scope
from hpf.kernel.money import Money
from hpf.ledger import queries, services
from hpf.ledger.rules import Draft, Leg

SUBJECTS = {"银行存款": 10101, "暂收": 21904, "应付提取": 21904, "单位预缴": 21901, "应付利息": 21101, "利息支出": 41101, "利息收入": 40101}
LINE = re.compile(
    r"\s*(?P<day>\d{4}-\d\d-\d\d)(?:/(?P<value>\d{4}-\d\d-\d\d))?\s+(?P<why>\S+)\s+(?P<debit>\S+) <- (?P<credit>\S+)\s+(?P<amount>[\d,.]+)\s*"
)
_owners = itertools.count(9_000_000)
_keys = itertools.count(1)


class Books:
    """A centre's ledger for a test. Opens business days as the lines name them."""

    def __init__(self, centre_id: int = 1, opened_on: date = date(2025, 7, 1)) -> None:
        self.centre_id, self.accounts, self.opened_on = centre_id, dict[str, int](), opened_on

    def account(self, name: str) -> int:
        if name not in self.accounts:
            kind = {"银行存款": "BANK_ACCOUNT", "暂收": "RECEIPT", "应付提取": "PAYMENT"}.get(
                name, "CENTRE" if name in SUBJECTS else "MEMBER_ACCOUNT"
            )
            with transaction.atomic(), centre_scope(self.centre_id):
                self.accounts[name] = services.open_account(self.centre_id, SUBJECTS.get(name, 201), kind, next(_owners), self.opened_on)
        return self.accounts[name]

    def go_to(self, day: date) -> None:
        with transaction.atomic(), centre_scope(self.centre_id):
            try:
                opened = queries.business_day(self.centre_id)
            except queries.NoOpenDay:
                services.open_day(self.centre_id, day)
                return
            if opened < day:
                services.close_day(self.centre_id, opened, "会计")
                services.open_day(self.centre_id, day)

    def post(
        self,
        day: date,
        why: str,
        legs: list[Leg],
        *,
        value_on: date | None = None,
        key: str | None = None,
        maker: str = "张柜员",
        **more: object,
    ) -> int:
        self.go_to(day)
        number = next(_keys)
        draft = Draft(self.centre_id, "ADJUSTMENT", "J1", day, value_on or day, "TEST", str(number), why, maker, **more)  # type: ignore[arg-type]
        with transaction.atomic(), centre_scope(self.centre_id):
            return services.post(draft, legs, key or f"test:{number}")

    def run(self, text: str) -> list[int]:
        posted = []
        for line in filter(str.strip, text.splitlines()):
            match = LINE.fullmatch(line)
            assert match, f"not a bookkeeping line: {line}"
            fen = Money.yuan(match["amount"].replace(",", "")).fen
            legs = [Leg(self.account(match["debit"]), fen), Leg(self.account(match["credit"]), -fen)]
            value = date.fromisoformat(match["value"]) if match["value"] else None
            posted.append(self.post(date.fromisoformat(match["day"]), match["why"], legs, value_on=value))
        return posted

    def balance(self, name: str) -> queries.AccountView:
        with centre_scope(self.centre_id):
            return queries.balance(self.account(name))

    def check(self, text: str) -> None:
        """Compare with lines `name  balance  [其中上年结转 amount]`."""
        for line in filter(str.strip, text.splitlines()):
            name, amount, *more = line.split()
            view = self.balance(name)
            assert view.balance.text == amount, f"{name}: {view.balance.text}, expected {amount}"
            if more:
                assert view.carried.text == more[-1], f"{name}: carried {view.carried.text}, expected {more[-1]}"

    def day_products(self, name: str) -> int:
        return self.balance(name).day_products


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]
