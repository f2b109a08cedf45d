"""Named people and units: 张三 is a teacher in 兰州. Documents are made up, with right check digits."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hpf.kernel.actor import Actor
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.parties.rules.identity import check_digit
from hpf.parties.rules.organisation import _check_character as uscc_check

_numbers = itertools.count(1)
AT = datetime(2026, 8, 3, 9, 30, tzinfo=UTC)
ON = date(2026, 8, 3)


def fresh(what: str = "k") -> str:
    """A key or number never used before in this process."""
    return f"{what}-{next(_numbers)}"


def resident_id(sequence: int, born: str = "19900307", district: str = "620102") -> str:
    """A resident number with a right check digit; odd sequences are men."""
    body = f"{district}{born}{sequence:03d}"
    return body + check_digit(body)


def uscc(sequence: int) -> str:
    """A unit's code with a right check character."""
    body = f"91620100MA{sequence:07d}"
    return body + uscc_check(body)


class Fund:
    """One centre at work: short ways to open units and members and to put money on accounts, by the platform's own commands."""

    def __init__(self, centre_id: int = 1, district: str = "620102", on: date = ON) -> None:
        self.centre_id, self.district, self.on = centre_id, district, on
        self.by = Actor.system(centre_id, "测试柜员")

    def scope(self) -> Any:
        from hpf.db.scope import centre_scope

        return centre_scope(self.centre_id)

    def open_day(self, day: date) -> None:
        from django.db import transaction

        from hpf.ledger.services import open_day

        with self.scope(), transaction.atomic():
            open_day(self.centre_id, day)

    def close_day(self, day: date) -> None:
        from django.db import transaction

        from hpf.ledger.services import close_day

        with self.scope(), transaction.atomic():
            close_day(self.centre_id, day, "测试会计")

    def unit(
        self, name: str = "兰州市第一中学", *, rate: str = "12", first_month: str = "2026-07", kind: str = "REGULAR", **given: Any
    ) -> str:
        """Register a unit and open its account; gives the account's number."""
        from hpf.accounts.services import open_employer_account
        from hpf.parties.services import NewEmployer, register_employer

        code = "" if kind != "REGULAR" else given.pop("uscc", uscc(next(_numbers)))
        new = NewEmployer(
            name=name,
            uscc=code,
            district=self.district,
            established_on=self.on - timedelta(days=20),
            payday=10,
            internal=kind != "REGULAR",
            **given,
        )
        unit = register_employer(by=self.by, centre_id=self.centre_id, employer=new, on=self.on, key=fresh())
        assert unit.value is not None, unit.reasons
        rates = {"REGULAR": (rate, rate), "FLEXIBLE": ("0", rate), "CUSTODY": ("0", "0")}[kind]
        opened = open_employer_account(
            by=self.by, centre_id=self.centre_id, employer_id=unit.value.employer_id, employer_rate=Rate.of(rates[0]),
            member_rate=Rate.of(rates[1]), first_month=Month.parse(first_month), kind=kind, on=self.on, at=AT, key=fresh(),
        )  # fmt: skip
        assert opened.value is not None, opened.reasons
        return opened.value.account_no

    def new_member(self, name: str, number: str, base: str = "5000.00", kind: str = "RESIDENT_ID", **given: Any) -> Any:
        from hpf.accounts.services import NewMember
        from hpf.parties.services import NewPerson

        person = {name: given.pop(name) for name in ("phone", "born_on", "sex", "bank_card") if name in given}
        return NewMember(
            person=NewPerson(name, kind, number, **person), base=Money.yuan(base), hired_on=self.on - timedelta(days=14), **given
        )

    def ask(self, unit: str, *people: Any, **given: Any) -> Any:
        """Open accounts; the answer of every line."""
        from hpf.accounts.services import open_member_accounts

        return open_member_accounts(
            by=self.by, centre_id=self.centre_id, employer_account_no=unit, members=people, on=given.get("on", self.on), at=AT, key=fresh()
        ).lines

    def member(self, unit: str, name: str, number: str, base: str = "5000.00", **given: Any) -> str:
        """Open one account that must succeed; gives its number."""
        on = given.pop("on", self.on)
        (line,) = self.ask(unit, self.new_member(name, number, base, **given), on=on)
        assert line.account_no, line.reasons
        return line.account_no

    def view(self, account_no: str) -> Any:
        from hpf.accounts import queries

        with self.scope():
            return queries.member_account(self.centre_id, account_no)

    def money(self, account_no: str) -> Any:
        """The ledger's view of a member's account."""
        from hpf.ledger import queries

        with self.scope():
            return queries.balance(self.view(account_no).ledger_account_id)

    def pay(self, account_no: str, yuan: str, on: date, value_on: date | None = None, carried: str | None = None) -> int:
        """Book money to (or with a minus from) a member's account against the bank, as a deposit of the day."""
        from django.db import transaction

        from hpf.ledger.rules import Draft, Leg
        from hpf.ledger.services import open_account, post

        amount = Money.yuan(yuan).fen
        part = None if carried is None else -Money.yuan(carried).fen
        with self.scope(), transaction.atomic():
            bank = open_account(self.centre_id, 10101, "BANK_ACCOUNT", 1, on)
            ledger_id = self.view(account_no).ledger_account_id
            kind = "REMITTANCE" if amount > 0 else "WITHDRAWAL"
            draft = Draft(self.centre_id, kind, "J1", on, value_on or on, "TEST", account_no, "测试记账", "测试柜员")
            return post(draft, [Leg(bank, amount), Leg(ledger_id, -amount, part)], fresh("pay"))

    def total(self, *account_nos: str) -> Money:
        return sum((self.money(number).balance for number in account_nos), ZERO)
