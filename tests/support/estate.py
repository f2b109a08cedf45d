"""A fund that runs: server, worker and bank as processes of their own over one database, as in real life."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from demo.bank.control import BankControl
from tools import postgres

PROJECT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Estate:
    """Starts, pauses and stops the processes; each is known by its own pid only."""

    def __init__(self, folder: Path, cluster: Any, template: str, database: str, first_day: date) -> None:
        self.folder, self.cluster, self.database, self.first_day = folder, cluster, database, first_day
        self.ports = {"server": free_port(), "bank": free_port()}
        self.url = f"http://127.0.0.1:{self.ports['server']}"
        self.bank = BankControl(f"http://127.0.0.1:{self.ports['bank']}")
        self.environment = {
            **os.environ, "HPF_CLUSTER": cluster.name, "HPF_DATABASE": database, "HPF_RUN": str(folder), "HPF_BANK_URL": f"{self.bank.url}/",
            "HPF_BANK_KEY": "estate-key", "HPF_BANK_POLL_SECONDS": "1", "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        postgres.psql(cluster, "postgres", f'CREATE DATABASE "{database}" TEMPLATE "{template}" OWNER hpf_owner')
        self.run("-m", "hpf.db.crypto", "new-keys", str(folder / "keys" / "fields.json"))

    def run(self, *arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], cwd=PROJECT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def start(self, who: str) -> None:
        command = {
            "server": [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.ports["server"]), "--blocking-threads", "4", "--no-log", "config.wsgi:application"],
            "worker": [sys.executable, "-m", "hpf.jobs.worker"],
            "bank": [sys.executable, "-m", "demo.bank", "--port", str(self.ports["bank"]), "--book", str(self.folder / "bank.sqlite"), "--seed", "1", "--first-day", self.first_day.isoformat()],
        }[who]  # fmt: skip
        with (self.folder / f"{who}.log").open("ab") as log:
            self.processes[who] = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        if who in self.ports:
            self._wait_for(who)

    def _wait_for(self, who: str) -> None:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.ports[who])) == 0:
                    return
            assert self.processes[who].poll() is None, self.log(who)
            time.sleep(0.1)
        raise TimeoutError(f"{who} does not listen: {self.log(who)}")

    def log(self, who: str) -> str:
        return (self.folder / f"{who}.log").read_text(errors="replace")[-3000:]

    def pause(self, who: str) -> None:
        os.killpg(self.processes[who].pid, signal.SIGSTOP)

    def resume(self, who: str) -> None:
        os.killpg(self.processes[who].pid, signal.SIGCONT)

    def stop(self) -> None:
        for process in self.processes.values():
            os.killpg(process.pid, signal.SIGCONT)
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        postgres.psql(self.cluster, "postgres", f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
