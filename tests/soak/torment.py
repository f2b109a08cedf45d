"""Processes that are killed without a word, and people who go on all the same: what every torment needs."""

from __future__ import annotations

import contextlib
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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from demo.bank.control import ControlRefused
from tools import postgres

PROJECT = Path(__file__).resolve().parent.parent.parent
VICTIMS = ("server", "worker", "bank", "postgres")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Estate:
    """The four processes of a fund, and how each is started and killed. `more` is added to their environment."""

    book, seed = "bank.sqlite", 1

    def __init__(self, folder: Path, first_day: str, **more: str) -> None:
        self.folder, self.first_day = folder, first_day
        self.ports = {"server": free_port(), "bank": free_port()}
        self.bank_url = f"http://127.0.0.1:{self.ports['bank']}"
        self.url = f"http://127.0.0.1:{self.ports['server']}"
        self.cluster = postgres.start("soak")
        self.environment = {
            **os.environ, "HPF_CLUSTER": "soak", "HPF_DATABASE": f"soak_{os.getpid()}", "HPF_RUN": str(folder), "HPF_BANK_URL": f"{self.bank_url}/",
            "HPF_BANK_PORT": str(self.ports["bank"]), "HPF_BANK_KEY": "soak-key", "HPF_BANK_POLL_SECONDS": "1", "HPF_LEASE_SECONDS": "2", "HPF_LOG_LEVEL": "ERROR",
            "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}", "DJANGO_SETTINGS_MODULE": "config.settings", **more,
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
            "bank": [sys.executable, "-m", "demo.bank", "--port", str(self.ports["bank"]), "--book", str(self.folder / self.book), "--seed", str(self.seed), "--first-day", self.first_day],
        }[who]  # fmt: skip
        with (self.folder / f"{who}.log").open("ab") as log:
            self.processes[who] = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def begin(self, who: str) -> None:
        """Start it and wait until it listens."""
        self.start(who)
        wait_for(self.ports[who])

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


class Visitor(threading.Thread):
    """Somebody with a browser and patience: whatever fails is done again until it gives something, and every repeat is counted."""

    gate = ""

    def __init__(self, estate: Estate, login: str, password: str, deadline: float) -> None:
        super().__init__(daemon=True)
        self.estate, self.login, self.password, self.deadline = estate, login, password, deadline
        self.web = httpx.Client(base_url=estate.url, timeout=10, trust_env=False)
        self.repeats = 0
        self.trouble = self.last = ""

    def run(self) -> None:
        try:
            self.go()
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"

    def go(self) -> None:
        raise NotImplementedError

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
        raise TimeoutError(f"{self.login} could not {name} {given}: {self.last}")

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
        self.web.get(f"/sign-in/?as={self.gate}")
        self.post(f"/sign-in/?as={self.gate}", {"login": self.login, "password": self.password})


def torment(estate: Estate, visitors: Sequence[Visitor], *, kills: int, luck: random.Random, deadline: float) -> Counter[str]:
    """Let the visitors work and kill `kills` times at random moments, until all are done. Gives the deaths by victim."""
    deaths: Counter[str] = Counter()
    for visitor in visitors:
        visitor.start()
    while sum(deaths.values()) < kills and any(visitor.is_alive() for visitor in visitors) and time.monotonic() < deadline:
        time.sleep(luck.uniform(0.1, 1.2))
        victim = luck.choice(VICTIMS)
        estate.kill(victim)
        deaths[victim] += 1
        time.sleep(luck.uniform(0, 0.3))
        estate.start(victim)
    for visitor in visitors:
        visitor.join(timeout=max(1, deadline - time.monotonic()))
    assert not [v.trouble or "not done" for v in visitors if v.is_alive() or v.trouble], [v.trouble or v.last for v in visitors]
    estate.kill("worker")
    return deaths


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on {port}")
