"""控制: how the demo and the tests speak to the running bank on behalf of payers, the calendar and bad luck."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import date
from typing import Any


class ControlRefused(Exception):
    """The bank did not take the control message."""


@dataclass(frozen=True)
class BankControl:
    """One bank by its address, for example "http://127.0.0.1:8100". Amounts in fen."""

    url: str

    def say(self, path: str, **said: Any) -> dict[str, Any]:
        asked = urllib.request.Request(
            f"{self.url}/control/{path}", data=json.dumps(said).encode(), headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(asked, timeout=120) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise ControlRefused(json.loads(error.read()).get("error", "")) from error

    def open_fund_account(self, no: str, name: str, unit: str, balance_fen: int | None = None) -> None:
        """专户 of a centre; `unit` is the centre's number in the settlement interface."""
        self.say("account", no=no, name=name, kind="FUND", unit=unit, balance_fen=balance_fen)

    def set_account(self, no: str, name: str, balance_fen: int | None = None) -> None:
        self.say("account", no=no, name=name, kind="PUBLIC", balance_fen=balance_fen)

    def set_accounts(self, accounts: list[dict[str, Any]]) -> None:
        """Many at once: no, name, kind PUBLIC or CARD, balance_fen."""
        self.say("accounts", accounts=accounts)

    def set_card(self, no: str, name: str, balance_fen: int | None = None) -> None:
        self.say("card", no=no, name=name, balance_fen=balance_fen)

    def pay(self, from_account: str, to_account: str, amount_fen: int, summary: str = "", from_name: str = "") -> list[str]:
        """A payer pays; gives the bank's references (two when the payer paid twice by fault)."""
        answer = self.say(
            "pay", from_account=from_account, to_account=to_account, amount_fen=amount_fen, summary=summary, from_name=from_name
        )
        return answer["references"]

    def pay_many(self, payments: list[dict[str, Any]]) -> list[list[str]]:
        return self.say("pay_many", payments=payments)["references"]

    def stranger(self, to_account: str, amount_fen: int) -> str:
        return self.say("stranger", to_account=to_account, amount_fen=amount_fen)["reference"]

    def fee(self, account: str, amount_fen: int, summary: str = "手续费") -> str:
        return self.say("fee", account=account, amount_fen=amount_fen, summary=summary)["reference"]

    def advance_to(self, day: date) -> dict[str, Any]:
        return self.say("advance", to=day.isoformat())

    def faults(self, **settings: dict[str, Any]) -> None:
        """For example `faults(cut_after={"next": 1, "codes": ["BDC101"]}, stranger={"probability": 0.01})`; `{}` switches one off."""
        self.say("faults", faults=settings)

    def no_faults(self) -> None:
        self.say("no_faults")

    def settings(self, **values: Any) -> None:
        """notice_url, deposit_rate_millionths."""
        self.say("settings", **values)

    def balance_fen(self, no: str) -> int:
        return self.say("balance", no=no)["balance_fen"]

    def entries(self, no: str) -> list[dict[str, Any]]:
        return self.say("entries", no=no)["entries"]

    @property
    def business_on(self) -> date:
        return date.fromisoformat(self.say("state")["business_on"])


@dataclass(frozen=True)
class RunningBank:
    """A bank process that somebody started and must stop."""

    process: subprocess.Popen[str]
    control: BankControl

    @property
    def url(self) -> str:
        return self.control.url

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


def start(book: str, *, port: int = 0, seed: int = 1, first_day: date = date(2025, 7, 1), key: str | None = None) -> RunningBank:
    """Start a bank process and wait until it listens."""
    environment = {**os.environ, **({"HPF_BANK_KEY": key} if key is not None else {})}
    arguments = [
        sys.executable,
        "-m",
        "demo.bank",
        "--port",
        str(port),
        "--book",
        book,
        "--seed",
        str(seed),
        "--first-day",
        first_day.isoformat(),
    ]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        process.wait()
        raise ControlRefused("模拟银行没有启动")
    return RunningBank(process, BankControl(f"http://127.0.0.1:{json.loads(line)['port']}"))
