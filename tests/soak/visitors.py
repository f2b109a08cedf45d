"""Who goes on while everything dies: a unit's clerk with her lists, a tenant with a phone. Both use the pages, as people do."""

from __future__ import annotations

import re
from typing import Any

from demo.bank.control import BankControl
from tests.soak.torment import Estate, Visitor


class Employer(Visitor):
    """A unit's clerk: one list a month, again and again until it is done."""

    gate = "employer"

    def __init__(self, estate: Estate, unit: dict[str, Any], password: str, deadline: float) -> None:
        super().__init__(estate, unit["account_no"], password, deadline)
        self.unit = unit

    def go(self) -> None:
        for month in self.unit["lists"]:
            self.remit(month)

    def remit(self, month: str) -> None:
        number = self.insist("submit", self.submit, month)
        self.insist("confirm", self.confirm, number)
        self.insist("pay", self.pay, number, month)
        self.insist("is booked", self.is_booked, number)

    def submit(self, month: str) -> str | None:
        """The file, with a key that is the month's; then the job's page until it leads to the list."""
        self.get("/unit/lists/new/")
        content = self.unit["lists"][month]["file"].encode()
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

    def pay(self, number: str, month: str) -> bool:
        """Look before paying: the money may have left although the answer never came."""
        bank = BankControl(self.estate.bank_url)
        if not any(number in str(entry) for entry in bank.entries(self.unit["payer"])):
            bank.pay(self.unit["payer"], self.unit["fund_account"], self.unit["lists"][month]["fen"], summary=number)
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

    def __init__(self, estate: Estate, member: dict[str, Any], drawn_fen: dict[str, int], password: str, deadline: float) -> None:
        super().__init__(estate, member["login"], password, deadline)
        self.member, self.drawn_fen = member, drawn_fen

    def go(self) -> None:
        for month, fen in self.drawn_fen.items():
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
        assert "<dd>不予提取" not in seen.text, f"{self.login} was refused: {address}"
        if "重新核查" in seen.text:
            self.post(f"{address}again/", {"key": f"again-{self.repeats}"})
            return None
        return True if "<dd>已到账" in seen.text else None
