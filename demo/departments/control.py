"""控制: how the demo and the tests tell the running departments who exists, what is so, and what goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


class ControlRefused(Exception):
    """The departments did not take the control message."""


@dataclass(frozen=True)
class DepartmentsControl:
    """The departments by their address, for example "http://127.0.0.1:8911". Amounts in fen, days as dates."""

    url: str

    def say(self, path: str, **said: Any) -> dict[str, Any]:
        content = json.dumps(said, default=lambda value: value.isoformat()).encode()
        asked = urllib.request.Request(f"{self.url.rstrip('/')}/control/{path}", data=content, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return dict(json.loads(answer.read()))
        except urllib.error.HTTPError as error:
            raise ControlRefused(json.loads(error.read()).get("error", "")) from error

    def person(self, id_kind: str, id_number: str, *, place: str = "", left_on: date | None = None, **facts: Any) -> str:
        """Name a person and set facts by their field names; gives the reference. What is not set is worked out."""
        return str(self.say("person", id_kind=id_kind, id_number=id_number, place=place, left_on=left_on, facts=facts)["ref"])

    def people(self, people: list[dict[str, Any]]) -> int:
        """Many at once, as in a people file."""
        return int(self.say("people", people=people)["people"])

    def facts(self, ref: str, **facts: Any) -> None:
        self.say("facts", ref=ref, facts=facts)

    def home(self, owner: str, **home: Any) -> None:
        """A home of a person and her spouse: house_no, place, signed_on, titled_on, price_fen, down_fen, loan_kind."""
        self.say("home", owner=owner, **home)

    def told(self) -> list[Any]:
        """Everything these departments were told, to tell it to the next ones."""
        return list(self.say("told")["told"])

    def marry(self, one: str, other: str | None) -> None:
        """A couple; with None the person is unmarried."""
        self.say("marry", one=one, other=other)

    def bear(self, child: str, *parents: str) -> None:
        self.say("bear", child=child, parents=parents)

    def family(self, ref: str, on: date) -> dict[str, Any]:
        """spouse, parents and children, as the registry has them."""
        return self.say("family", ref=ref, on=on)

    def answer(self, department: str, service: str, ref: str, on: date, **terms: str) -> dict[str, Any]:
        """What the department would say now, every field, without faults."""
        return dict(self.say("answer", department=department, service=service, ref=ref, on=on, terms=terms)["fields"])

    def evidence(self, evidence: str) -> None:
        """An evidence key used for a withdrawal somewhere else in the country."""
        self.say("evidence", evidence=evidence)

    def unit(self, uscc: str, unit_state: str, unit_closed_on: date | None = None) -> None:
        self.say("unit", uscc=uscc, unit_state=unit_state, unit_closed_on=unit_closed_on)

    def set_faults(self, **faults: dict[str, Any]) -> None:
        """For example set_faults(silent={"next": 2, "departments": ["CIVIL"]}, slow={"probability": 0.1, "seconds": 2})."""
        self.say("faults", faults=faults)

    def no_faults(self) -> None:
        self.say("no_faults")

    def delay(self, milliseconds: int) -> None:
        """Every answer takes at least this long."""
        self.say("delay", delay_ms=milliseconds)

    def seen(self) -> list[dict[str, Any]]:
        """The last questions that came in, as they came."""
        return list(self.say("seen")["questions"])

    def counts(self) -> dict[str, int]:
        """How many questions each department has taken."""
        return dict(self.say("state")["counts"])


@dataclass(frozen=True)
class RunningDepartments:
    """A process that somebody started and must stop."""

    process: subprocess.Popen[str]
    control: DepartmentsControl

    @property
    def url(self) -> str:
        return self.control.url

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def start(
    *, port: int = 0, seed: int = 1, delay_ms: int = 0, key: str | None = None, people: Path | None = None, told: Path | None = None
) -> RunningDepartments:
    """Start the process and wait until it listens. `people` and `told` are files: who there is, and what was told in an earlier life."""
    environment = {**os.environ, **({"HPF_DEPARTMENTS_KEY": key} if key is not None else {})}
    arguments = [sys.executable, "-m", "demo.departments", "--port", str(port), "--seed", str(seed), "--delay-ms", str(delay_ms)]
    if people is not None:
        arguments += ["--people", str(people)]
    if told is not None:
        arguments += ["--told", str(told)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        process.wait()
        raise ControlRefused("模拟部门没有启动")
    return RunningDepartments(process, DepartmentsControl(f"http://127.0.0.1:{json.loads(line)['port']}"))
