"""控制: how the demo and the tests speak to the running court platform."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any


class ControlRefused(Exception):
    """The platform did not take the control message."""


@dataclass(frozen=True)
class CourtControl:
    """One platform by its address, for example "http://127.0.0.1:8921". Amounts in fen."""

    url: str

    def say(self, path: str, **said: Any) -> Any:
        asked = urllib.request.Request(
            f"{self.url}/control/{path}", data=json.dumps(said).encode(), headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(asked, timeout=120) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise ControlRefused(json.loads(error.read()).get("error", "")) from error

    def court(self, client_no: str, secret: str) -> None:
        self.say("court", client_no=client_no, secret=secret)

    def door(self, url: str) -> None:
        self.say("door", url=url)

    def order(self, client_no: str, order: dict[str, Any]) -> list[dict[str, Any]]:
        """Every reply of the fund: {status, body}."""
        replies: list[dict[str, Any]] = self.say("order", client_no=client_no, order=order)["replies"]
        return replies

    def ask(self, client_no: str, request_no: str) -> dict[str, Any]:
        reply: dict[str, Any] = self.say("ask", client_no=client_no, request_no=request_no)
        return reply

    def answers(self, request_no: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.say("answers", request_no=request_no)["answers"]
        return found

    def faults(self, **settings: dict[str, Any]) -> None:
        """For example `faults(forged={"next": 1})`; `{}` switches one off."""
        self.say("faults", faults=settings)

    @property
    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = self.say("state")["counts"]
        return counts


@dataclass(frozen=True)
class RunningCourt:
    """A platform process that somebody started and must stop."""

    process: subprocess.Popen[str]
    control: CourtControl

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


def start(door: str, *, port: int = 0) -> RunningCourt:
    """Start a court platform and wait until it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "demo.court", "--port", str(port), "--door", door], stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        process.wait()
        raise ControlRefused("模拟法院平台没有启动")
    return RunningCourt(process, CourtControl(f"http://127.0.0.1:{json.loads(line)['port']}"))
