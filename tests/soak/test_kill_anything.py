"""kill -9 of server, worker, bank and PostgreSQL at random moments under load: nothing lost, nothing doubled.

Employers sign in, send lists, confirm them and pay, through the pages and the bank; whatever fails they simply do again,
with the same key. Every half second somebody dies without a word and is started again. At the end the books must say
what would have been said without a single death. The short form runs with the tests, the long one by `make soak`.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.bank.control import BankControl
from demo.departments.control import start as start_departments
from tests.soak import paying_fund
from tests.soak.fund import FIRST_MONTH, ON
from tests.soak.torment import Estate, Visitor, torment, wait_for


class Employer(Visitor):
    """A unit's clerk: one list a month, again and again until it is done."""

    gate = "employer"

    def __init__(self, estate: Estate, unit: dict[str, Any], fund_account: str, password: str, months: int, deadline: float) -> None:
        super().__init__(estate, unit["account_no"], password, deadline)
        self.unit, self.fund_account, self.months = unit, fund_account, months

    def go(self) -> None:
        for month in range(FIRST_MONTH, FIRST_MONTH + self.months):
            self.remit(f"2026-{month:02d}")

    def remit(self, month: str) -> None:
        number = self.insist("submit", self.submit, month)
        self.insist("confirm", self.confirm, number)
        self.insist("pay", self.pay, number)
        self.insist("is booked", self.is_booked, number)

    def submit(self, month: str) -> str | None:
        """The file, with a key that is the month's; then the job's page until it leads to the list."""
        self.get("/unit/lists/new/")
        content = self.unit["file"].encode()
        answer = self.post(
            "/unit/lists/new/",
            {"month": month, "kind": "REGULAR", "key": f"soak-{self.unit['account_no']}-{month}"},
            {"file": (f"{month}.csv", content, "text/csv")},
        )
        if answer is None:
            return None
        page = answer.url.path
        if not re.match(r"/work/\d+/", page) and not re.match(r"/unit/lists/R?[\w-]+/$", page):
            return None

        def read() -> str | None:
            seen = self.get(page)
            found = re.match(r"/unit/lists/([\w-]+)/$", seen.url.path) if seen else None
            return found[1] if found and found[1] != "new" else None

        return str(self.insist("read", read))

    def confirm(self, number: str) -> bool | None:
        seen = self.get(f"/unit/lists/{number}/")
        if seen is None:
            return None
        if "/confirm/" in seen.text:
            self.post(f"/unit/lists/{number}/confirm/", {"key": f"confirm-{number}"})
            return None
        return True

    def pay(self, number: str) -> bool:
        """Look before paying: the money may have left although the answer never came."""
        bank = BankControl(self.estate.bank_url)
        if not any(number in str(entry) for entry in bank.entries(self.unit["payer"])):
            bank.pay(self.unit["payer"], self.fund_account, self.unit["month_fen"], summary=number)
        return True

    def is_booked(self, number: str) -> bool | None:
        seen = self.get(f"/unit/lists/{number}/")
        return True if seen is not None and ("已入账" in seen.text or "已记账" in seen.text) else None


class Member(Visitor):
    """A tenant with a phone: asks for two months' rent, one after the other, and watches until each is on the card.

    The form is sent again only while there is no application; from then on nothing is done but to look. What a dying server left
    half done has to go on by itself.
    """

    gate = "member"
    DRAWN_FEN = {"2026-09": 30_000, "2026-08": 20_100}

    def __init__(self, estate: Estate, member: dict[str, Any], password: str, deadline: float) -> None:
        super().__init__(estate, member["login"], password, deadline)
        self.member = member

    def go(self) -> None:
        for month, fen in self.DRAWN_FEN.items():
            address = str(self.insist("apply", self.apply, month, f"{fen / 100:.2f}"))
            self.insist("is paid", self.is_paid, address)

    def apply(self, month: str, yuan: str) -> str | None:
        if self.get("/me/withdrawals/new/RENT/") is None:
            return None
        given = {"months": month, "rental_kind": "MARKET", "amount": yuan, "card": self.member["card"], "consent": "on"}
        answer = self.post("/me/withdrawals/new/RENT/", given | {"key": f"soak-{self.login}-{month}"})
        return answer.url.path if answer is not None and re.match(r"/me/withdrawals/TQ\d+/$", answer.url.path) else None

    def is_paid(self, address: str) -> bool | None:
        """A doubt is a department's: it is asked once more, as the page offers."""
        seen = self.get(address)
        if seen is None:
            return None
        if "重新核查" in seen.text:
            self.post(f"{address}again/", {"key": f"again-{self.repeats}"})
            return None
        return True if "<dd>已到账" in seen.text else None


def tormented(
    folder: Path, *, kills: int, units: int, seconds: int, seed: int, months: int = 5
) -> tuple[Counter[str], int, dict[str, Any]]:
    """Run the load, kill, let it end, prove. Gives deaths by victim, repeats, what was proved."""
    estate = Estate(folder, ON.isoformat())
    try:
        estate.start("bank")
        wait_for(estate.ports["bank"])
        plan = json.loads(estate.run("-m", "tests.soak.fund", "setup", estate.bank_url, str(units)))
        for who in ("server", "worker"):
            estate.start(who)
        deadline = time.monotonic() + seconds
        employers = [Employer(estate, unit, plan["fund_account"], plan["password"], months, deadline) for unit in plan["units"]]
        deaths = torment(estate, employers, kills=kills, luck=random.Random(seed), deadline=deadline)
        proved = json.loads(estate.run("-m", "tests.soak.fund", "prove", estate.bank_url, str(months), said=json.dumps(plan)))
        return deaths, sum(employer.repeats for employer in employers), proved
    finally:
        estate.stop()


def tormented_members(folder: Path, *, kills: int, people: int, seconds: int, seed: int) -> tuple[Counter[str], int, dict[str, Any]]:
    """The same for members who withdraw, with the departments beside them."""
    departments = start_departments(key="soak-departments")
    more = {"HPF_DEPARTMENTS_URL": departments.url, "HPF_DEPARTMENTS_KEY": "soak-departments"}
    estate = Estate(folder, paying_fund.ON.isoformat(), **more)
    try:
        estate.start("bank")
        wait_for(estate.ports["bank"])
        plan = json.loads(estate.run("-m", "tests.soak.paying_fund", "setup", estate.bank_url, departments.url, str(people)))
        for who in ("server", "worker"):
            estate.start(who)
        deadline = time.monotonic() + seconds
        members = [Member(estate, member, plan["password"], deadline) for member in plan["members"]]
        deaths = torment(estate, members, kills=kills, luck=random.Random(seed), deadline=deadline)
        told = {"members": [member | {"drawn_fen": list(Member.DRAWN_FEN.values())} for member in plan["members"]]}
        proved = json.loads(estate.run("-m", "tests.soak.paying_fund", "prove", estate.bank_url, said=json.dumps(told)))
        return deaths, sum(member.repeats for member in members), proved
    finally:
        estate.stop()
        departments.kill()


def test_nothing_is_lost_or_doubled_when_anything_is_killed(tmp_path: Path, tell: Callable[[str], None]) -> None:
    deaths, repeats, proved = tormented(tmp_path, kills=12, units=3, seconds=900, seed=20260920)
    tell(f"killed {dict(deaths)}, {repeats} repeats, {proved['lists']} lists booked once, {proved['fen'] / 100:,.2f} yuan proved")
    assert proved["lists"] == 15
    assert sum(deaths.values()) >= 5


def test_nobody_is_paid_twice_or_forgotten_when_anything_is_killed(tmp_path: Path, tell: Callable[[str], None]) -> None:
    deaths, repeats, proved = tormented_members(tmp_path, kills=12, people=6, seconds=900, seed=20260924)
    tell(f"killed {dict(deaths)}, {repeats} repeats, {proved['paid']} withdrawals paid once, {proved['fen'] / 100:,.2f} yuan proved")
    assert proved["paid"] == 12
    assert sum(deaths.values()) >= 5


@pytest.mark.soak
def test_fifty_deaths_and_more(tmp_path: Path, soak_hours: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Fresh seeds for as long as asked, fifty deaths each; the seed is printed, so that any run can be had again."""
    end = time.monotonic() + 3600 * float(soak_hours)
    rounds = 0
    while rounds == 0 or time.monotonic() < end:
        seed = random.SystemRandom().randrange(10**9)
        folder = tmp_path / str(seed)
        folder.mkdir()
        deaths, repeats, proved = tormented(folder, kills=50, units=12, seconds=900, seed=seed)
        out = folder / "out"
        out.mkdir()
        deaths_out, repeats_out, paid = tormented_members(out, kills=50, people=12, seconds=900, seed=seed)
        rounds += 1
        with capsys.disabled():
            print(f"\n  seed {seed}: killed {dict(deaths)}, {repeats} repeats, {proved['lists']} lists booked once")
            print(f"  seed {seed}: killed {dict(deaths_out)}, {repeats_out} repeats, {paid['paid']} withdrawals paid once")
