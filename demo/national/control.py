"""控制: how the demo and the tests speak to the running platform: who takes part, what day it is, what goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

from demo.bank.control import BankControl, ControlRefused


@dataclass(frozen=True)
class NationalControl:
    """One platform by its address. Amounts in fen."""

    url: str

    def say(self, path: str, **said: Any) -> dict[str, Any]:
        return BankControl(self.url).say(path, **said)

    def centres(self, units: dict[str, str]) -> None:
        """{organisation code: number in the settlement interface} of the centres that are not simulated."""
        self.say("centres", centres=[{"org": org, "unit": unit} for org, unit in units.items()])

    def cities(self, *cities: dict[str, str]) -> None:
        """Simulated centres: org, name, account_no at the bank."""
        self.say("cities", cities=list(cities))

    def member(self, org: str, name: str, id_number: str, principal_fen: int, interest_fen: int = 0, **more: Any) -> None:
        """Somebody who has savings in a simulated city."""
        given = {"account_no": f"{org}{principal_fen % 10**8:08d}", **more}
        self.say("member", org=org, name=name, id_number=id_number, principal_fen=principal_fen, interest_fen=interest_fen, **given)

    def write(self, city: str, to_org: str, **said: str) -> str:
        """A simulated city asks for an account of ours: name, id_number, account_no. Gives the letter's number."""
        return str(self.say("write", city=city, to_org=to_org, **said)["letter_no"])

    def tell(self, org: str, letter_no: str, state: str, words: str = "") -> None:
        """A simulated city says where a letter stands, out of its turn."""
        self.say("tell", org=org, letter_no=letter_no, state=state, words=words)

    def advance_to(self, day: date) -> int:
        return int(self.say("advance", to=day.isoformat())["done"])

    def faults(self, **settings: dict[str, Any]) -> None:
        self.say("faults", faults=settings)

    def state_of(self, letter_no: str) -> str:
        return str(self.say("letter", no=letter_no)["state"])


@dataclass(frozen=True)
class RunningNational:
    """A platform process that somebody started and must stop."""

    process: subprocess.Popen[str]
    control: NationalControl

    @property
    def url(self) -> str:
        return self.control.url

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def start(
    book: str, *, bank_url: str, port: int = 0, seed: int = 1, first_day: date = date(2025, 7, 1), key: str | None = None
) -> RunningNational:
    """Start a platform process and wait until it listens."""
    environment = {**os.environ, **({"HPF_NATIONAL_KEY": key} if key is not None else {})}
    arguments = [sys.executable, "-m", "demo.national", "--port", str(port), "--book", book, "--seed", str(seed)]
    arguments += ["--first-day", first_day.isoformat(), "--bank-url", bank_url]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        process.wait()
        raise ControlRefused("模拟平台没有启动")
    return RunningNational(process, NationalControl(f"http://127.0.0.1:{json.loads(line)['port']}"))
