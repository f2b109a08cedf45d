"""kill -9 of server, worker, bank and PostgreSQL at random moments under load: nothing lost, nothing doubled.

Employers sign in, send lists, confirm them and pay, through the pages and the bank; whatever fails they simply do again,
with the same key. Every half second somebody dies without a word and is started again. At the end the books must say
what would have been said without a single death. The short form runs with the tests, the long one by `make soak`.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.bank.control import BankControl, ControlRefused
from tests.soak.fund import FIRST_MONTH
from tools import postgres

PROJECT = Path(__file__).resolve().parent.parent.parent
VICTIMS = ("server", "worker", "bank", "postgres")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Estate:
    """The four processes of a fund, and how each is started and killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {"server": free_port(), "bank": free_port()}
        self.bank_url = f"http://127.0.0.1:{self.ports['bank']}"
        self.url = f"http://127.0.0.1:{self.ports['server']}"
        self.cluster = postgres.start("soak")
        self.environment = {
            **os.environ, "HPF_CLUSTER": "soak", "HPF_DATABASE": f"soak_{os.getpid()}", "HPF_RUN": str(folder), "HPF_BANK_URL": f"{self.bank_url}/",
            "HPF_BANK_KEY": "soak-key", "HPF_BANK_POLL_SECONDS": "1", "HPF_LEASE_SECONDS": "2", "HPF_LOG_LEVEL": "ERROR",
            "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}", "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        postgres.ensure_database(self.cluster, self.environment["HPF_DATABASE"])
        self.run("-m", "hpf.db.crypto", "new-keys", str(folder / "keys" / "fields.json"))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *arguments: str, said: str = "") -> str:
        done = subprocess.run([sys.executable, *arguments], cwd=PROJECT, env=self.environment, input=said, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, who: str) -> None:
        if who == "postgres":
            postgres.start("soak")
            return
        command = {
            "server": [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.ports["server"]), "--blocking-threads", "4", "--no-log", "config.wsgi:application"],
            "worker": [sys.executable, "-m", "hpf.jobs.worker"],
            "bank": [sys.executable, "-m", "demo.bank", "--port", str(self.ports["bank"]), "--book", str(self.folder / "bank.sqlite"), "--seed", "1", "--first-day", "2026-11-20"],
        }[who]  # fmt: skip
        with (self.folder / f"{who}.log").open("ab") as log:
            self.processes[who] = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, who: str) -> None:
        if who == "postgres":
            number = int((self.cluster.data / "postmaster.pid").read_text().splitlines()[0])
            children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(number)], capture_output=True, text=True).stdout.split()
            for pid in [number, *map(int, children)]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.2)
            return
        process = self.processes.pop(who)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for who in list(self.processes):
            self.kill(who)
        database = self.environment["HPF_DATABASE"]
        postgres.start("soak")
        postgres.psql(self.cluster, "postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        postgres.stop("soak")


class Employer(threading.Thread):
    """A unit's clerk: one list a month, again and again until it is done. Every step may be repeated; every repeat is counted."""

    def __init__(self, estate: Estate, unit: dict[str, Any], fund_account: str, password: str, months: int, deadline: float) -> None:
        super().__init__(daemon=True)
        self.estate, self.unit, self.fund_account, self.password, self.months, self.deadline = (
            estate,
            unit,
            fund_account,
            password,
            months,
            deadline,
        )
        self.web = httpx.Client(base_url=estate.url, timeout=10, trust_env=False)
        self.repeats = 0
        self.trouble = ""
        self.last = ""

    def run(self) -> None:
        try:
            for month in range(FIRST_MONTH, FIRST_MONTH + self.months):
                self.remit(f"2026-{month:02d}")
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"

    def insist(self, name: str, what: Any, *given: str) -> Any:
        """Do it until it gives something; a broken connection, a dead bank, a page of error: again."""
        while time.monotonic() < self.deadline:
            try:
                done = what(*given)
                if done is not None:
                    return done
            except (httpx.HTTPError, OSError, ControlRefused, ValueError) as error:
                self.last = f"{type(error).__name__}: {error}"
            self.repeats += 1
            time.sleep(0.15)
        raise TimeoutError(f"{self.unit['account_no']} could not {name} {given}: {self.last}")

    def get(self, path: str) -> httpx.Response | None:
        answer = self.web.get(path, follow_redirects=True)
        self.last = f"GET {path} -> {answer.status_code} {answer.url.path}"
        if answer.status_code != 200:
            return None
        if "/sign-in/" in str(answer.url) and "sign-in" not in path:
            self.sign_in()
            return None
        return answer

    def post(self, path: str, data: dict[str, str], files: Any = None) -> httpx.Response | None:
        answer = self.web.post(
            path,
            data={"csrfmiddlewaretoken": self.web.cookies.get("csrftoken", ""), **data},
            files=files,
            headers={"Referer": self.estate.url},
            follow_redirects=True,
        )
        self.last = f"POST {path} -> {answer.status_code} {answer.url.path} {re.findall('alert[^>]*>([^<]*)', answer.text)}"
        if "/sign-in/" in str(answer.url) and "sign-in" not in path:
            self.sign_in()
            return None
        return answer if answer.status_code == 200 else None

    def sign_in(self) -> None:
        self.web.get("/sign-in/?as=employer")
        self.post("/sign-in/?as=employer", {"login": self.unit["account_no"], "password": self.password})

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


def torment(folder: Path, *, kills: int, units: int, seconds: int, seed: int, months: int = 5) -> tuple[Counter[str], int, dict[str, Any]]:
    """Run the load, kill `kills` times at random moments, let it end, prove. Gives deaths by victim, repeats, what was proved."""
    luck, estate = random.Random(seed), Estate(folder)
    deaths: Counter[str] = Counter()
    try:
        estate.start("bank")
        wait_for(estate.ports["bank"])
        plan = json.loads(estate.run("-m", "tests.soak.fund", "setup", estate.bank_url, str(units)))
        for who in ("server", "worker"):
            estate.start(who)
        deadline = time.monotonic() + seconds
        employers = [Employer(estate, unit, plan["fund_account"], plan["password"], months, deadline) for unit in plan["units"]]
        for employer in employers:
            employer.start()
        while sum(deaths.values()) < kills and any(employer.is_alive() for employer in employers) and time.monotonic() < deadline:
            time.sleep(luck.uniform(0.1, 1.2))
            victim = luck.choice(VICTIMS)
            estate.kill(victim)
            deaths[victim] += 1
            time.sleep(luck.uniform(0, 0.3))
            estate.start(victim)
        for employer in employers:
            employer.join(timeout=max(1, deadline - time.monotonic()))
        assert not [e.trouble or "not done" for e in employers if e.is_alive() or e.trouble], [e.trouble for e in employers]
        estate.kill("worker")
        return (
            deaths,
            sum(employer.repeats for employer in employers),
            json.loads(estate.run("-m", "tests.soak.fund", "prove", estate.bank_url, str(months), said=json.dumps(plan))),
        )
    finally:
        estate.stop()


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on {port}")


def test_nothing_is_lost_or_doubled_when_anything_is_killed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deaths, repeats, proved = torment(tmp_path, kills=12, units=3, seconds=900, seed=20260920)
    with capsys.disabled():
        print(f"\n  killed {dict(deaths)}, {repeats} repeats, {proved['lists']} lists booked once, {proved['fen'] / 100:,.2f} yuan proved")
    assert proved["lists"] == 15
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
        deaths, repeats, proved = torment(folder, kills=50, units=12, seconds=900, seed=seed)
        rounds += 1
        with capsys.disabled():
            print(f"\n  seed {seed}: killed {dict(deaths)}, {repeats} repeats, {proved['lists']} lists booked once")
