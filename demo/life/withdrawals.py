"""提取: who withdraws for what in the story's year, and what each got: the money, a no with its article, or a person to look at it.

The departments are a process of their own; here they are told what is so of the few who apply, and asked over the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.conf import settings

from demo.bank.control import BankControl
from demo.departments.control import DepartmentsControl
from demo.life.cast import Cast, moment
from demo.life.employers import Unit
from demo.life.events import Office
from demo.life.founding import agreed
from hpf.accounts import queries as accounts
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.parties import queries as parties
from hpf.withdrawals import services

Act = Callable[[date], None]
CENTRES = (1, 5, 9, 16)
TENANT: dict[str, Any] = {"homes_in_place": 0, "rental_filed": False, "rental_kind": "MARKET"}
RETIRED: dict[str, Any] = {"pension_drawing": True, "retired_on": "2026-09-01", "retirement_kind": "NORMAL"}
BUYER: dict[str, Any] = {
    "contract_signed_on": "2026-08-12", "price_fen": 82_000_000, "down_payment_fen": 82_000_000, "is_presale": False, "deal_state": "SIGNED",
    "title_no": None, "titled_on": None, "place_linked": True, "house_trades_year": 0, "marriage_changes_year": 0, "loan_no": None,
}  # fmt: skip
POOR: dict[str, Any] = {"minimum_income": True, "case_no": "DB62010200018"}
MARKET = (("rental_kind", "MARKET"),)
MONTHS_PAID = 4


@dataclass
class Applicants:
    """One centre's applicants. Without departments nobody applies."""

    cast: Cast
    units: list[Unit]
    office: Office
    bank: BankControl
    seed: int

    @property
    def centre_id(self) -> int:
        return self.cast.centre_id

    def acts(self) -> Iterator[tuple[date, Act]]:
        if not settings.HPF_DEPARTMENTS_URL or self.centre_id not in CENTRES:
            return
        self.departments = DepartmentsControl(settings.HPF_DEPARTMENTS_URL.rstrip("/"))
        self.chance = np.random.default_rng([self.seed, 31, self.centre_id])
        self.done: set[int] = set()
        yield date(2026, 3, 18), lambda day: self._apply(day, "PURCHASE", BUYER | {"contract_signed_on": "2026-02-06"}, proof=True)
        yield date(2026, 9, 22), lambda day: self._apply(day, "RENT", TENANT, said=MARKET, asked=Money(1_000_00))
        yield date(2026, 9, 22), lambda day: self._apply(day, "RENT", TENANT | {"homes_in_place": 1}, said=MARKET)
        yield date(2026, 10, 14), lambda day: self._apply(day, "RENT", TENANT, said=MARKET, asked=Money(1_500_00))
        yield date(2026, 10, 14), lambda day: self._apply(day, "PURCHASE", BUYER, asked=Money(5_000_00))
        yield date(2026, 10, 21), lambda day: self._apply(day, "RETIREMENT", RETIRED, oldest=True)
        yield date(2026, 11, 11), lambda day: self._apply(day, "RENT", TENANT, said=MARKET, asked=Money(900_00))
        yield date(2026, 11, 11), lambda day: self._apply(day, "HARDSHIP", POOR, asked=Money(2_000_00))
        yield date(2026, 11, 18), lambda day: self._apply(day, "RENT", TENANT, said=MARKET, consents=False)

    def _apply(
        self,
        day: date,
        ground: str,
        facts: dict[str, Any],
        *,
        said: tuple[tuple[str, Any], ...] = (),
        asked: Money | None = None,
        consents: bool = True,
        oldest: bool = False,
        proof: bool = False,
    ) -> None:
        """At the counter, by a clerk; from there on as the rules decide."""
        found = self._somebody(day, oldest)
        if found is None:
            return
        account, person = found
        reference = self.departments.person(person.id_kind, person.id_number, **facts)
        self.departments.marry(reference, None)
        if ground == "PURCHASE":
            number = f"{self.centre_id:02d}{person.person_id:06d}"
            self.departments.facts(reference, buyers=reference, contract_no=f"WQ{day:%Y}{number}", house_no=f"620000{number}001")
        card = person.bank_card or f"6228{person.person_id:012d}"
        self.bank.set_card(card, person.name, 0)
        key = f"demo:withdrawal:{self.centre_id}:{day}:{person.person_id}"
        applied = agreed(services.apply(
            by=self.cast.clerk, centre_id=self.centre_id, account_no=account.account_no, ground=ground, payee=services.Payment(person.name, card),
            asked=asked, said=(*said, *((("employer_proof", True),) if proof else ())), consents=consents, on=day, at=moment(day, 10), key=key,
        ))  # fmt: skip
        agreed(services.proceed(
            by=Actor.system(self.centre_id, "自动审批"), centre_id=self.centre_id, application_no=applied.application_no, business_on=day,
            at=moment(day, 10), key=f"{key}:go",
        ))  # fmt: skip
        self.office.instructed_on = day

    def _somebody(self, day: date, oldest: bool) -> tuple[accounts.MemberAccountView, parties.FullIdentity] | None:
        """A member of some unit, paid for at least four months, who has not applied before; the first unit and the first two of every unit have other stories."""
        since = Month.of(day) + -MONTHS_PAID
        for index in 1 + self.chance.permutation(len(self.units) - 1):
            lines = [
                line
                for line in self.units[int(index)].roster(Month.of(day))[2:]
                if line.person_id not in self.done and line.id_kind == "RESIDENT_ID" and line.first_month <= since
            ]
            if lines:
                chosen = min(lines, key=lambda line: parties.person(line.person_id).born_on or day) if oldest else lines[-1]
                self.done.add(chosen.person_id)
                with centre_scope(self.centre_id):
                    return accounts.member_account(self.centre_id, chosen.account_no), parties.full_identity(chosen.person_id)
        return None
