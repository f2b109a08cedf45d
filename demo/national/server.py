"""接入: the platform's door is built like the bank's: signed messages, replay refused, a control interface beside it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from http.server import ThreadingHTTPServer
from typing import Any

from demo.bank.server import Door
from demo.national.cities import Cities, PlatformFaults
from demo.national.register import PlatformBook, Register
from hpf.treasury.gateways import wire


@dataclass
class Platform:
    """Everything the running platform holds; `Door` speaks to it as to a bank."""

    book: PlatformBook
    faults: PlatformFaults
    business: Register
    cities: Cities
    key: bytes

    @classmethod
    def open(cls, path: str, *, seed: int, key: bytes, first_day: date, bank_url: str) -> Platform:
        book = PlatformBook(path, first_day=first_day)
        faults = PlatformFaults(book, seed)
        register = Register(book, faults)
        return cls(book, faults, register, Cities(book, faults, register, bank_url), key)

    def remember(self, nonce: str) -> None:
        now = int(time.time())
        with self.book.transaction():
            if self.book.row("SELECT 1 FROM nonce WHERE nonce = ?", nonce):
                raise wire.BadSignature("报文重放：随机数已用过")
            self.book.write("INSERT INTO nonce VALUES (?, ?)", nonce, now)
            self.book.write("DELETE FROM nonce WHERE epoch < ?", now - 4 * wire.CLOCK_TOLERANCE_SECONDS)

    def control(self, path: str, said: dict[str, Any]) -> Any:
        match path:
            case "state":
                return {"business_on": self.book.business_on.isoformat(), "faults": self.faults.settings()}
            case "centres":
                with self.book.transaction():
                    for each in said["centres"]:
                        self.book.write("INSERT OR REPLACE INTO centre VALUES (?, ?)", each["org"], each["unit"])
                return {}
            case "cities":
                with self.book.transaction():
                    for each in said["cities"]:
                        self.book.write("INSERT OR REPLACE INTO city VALUES (?, ?, ?)", each["org"], each["name"], each["account_no"])
                return {}
            case "member":
                return self._member(said)
            case "write":
                return {"letter_no": self.cities.write(said["city"], said["to_org"], said)}
            case "tell":
                with self.book.transaction():
                    self.business.told(
                        said["org"], {"ConNum": said["letter_no"], "ConStat": said["state"], "Remark": said.get("words", "")}
                    )
                return {}
            case "advance":
                return {"done": self.cities.advance_to(date.fromisoformat(said["to"])), "business_on": self.book.business_on.isoformat()}
            case "faults":
                self.faults.set(said["faults"])
                return {"faults": self.faults.settings()}
            case "letter":
                return dict(self.business.letter(said["no"]))
        raise KeyError(path)

    def _member(self, said: dict[str, Any]) -> dict[str, Any]:
        with self.book.transaction():
            self.book.write(
                "INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                said["id_number"], said["org"], said["name"], said["account_no"], said["principal_fen"], said.get("interest_fen", 0),
                said.get("opened", "20180701"), said.get("through", "202606"), int(said.get("six", True)), said.get("loans", 0),
                int(said.get("ended", True)), int(said.get("fraud", False)),
            )  # fmt: skip
        return {"account_no": said["account_no"]}


def serve(platform: Platform, port: int) -> ThreadingHTTPServer:
    """Listen on loopback only. Port 0 takes a free one."""
    door = type("DoorOfThisPlatform", (Door,), {"bank": platform})
    ThreadingHTTPServer.daemon_threads = True
    return ThreadingHTTPServer(("127.0.0.1", port), door)
