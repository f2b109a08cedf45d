"""The demo's start, and what its processes keep in memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bench import place
from bench.report import Result


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children."""
    total = 0.0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines() if ":\t" in line)
            except OSError:
                continue
            if int(folder.name) == pid or int(status.get("PPid", "0")) == pid:
                total += int(status.get("VmRSS", "0 kB").split()[0]) / 1024
    return total


def measure_start() -> list[Result]:
    """Build the demo when it is not there, start it again, ask for its first page, look at its memory, stop it."""
    run = place.PROJECT / ".run"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HPF_")}
    subprocess.run([sys.executable, "-m", "demo.run", "build"], cwd=place.PROJECT, stdout=subprocess.DEVNULL, env=environment, check=True)
    built = float(json.loads((run / "demo" / "state.json").read_text(encoding="utf-8"))["build_seconds"])
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "demo.run", "serve"], cwd=place.PROJECT, stdout=subprocess.DEVNULL, env=environment)
    try:
        while time.monotonic() - begun < 120:
            try:
                with urllib.request.urlopen("http://127.0.0.1:8000/", timeout=5):
                    break
            except OSError:
                time.sleep(0.1)
        seconds = time.monotonic() - begun
        pids = json.loads((run / "demo" / "pids.json").read_text(encoding="utf-8"))
        for _ in range(20):
            urllib.request.urlopen("http://127.0.0.1:8000/", timeout=5).close()
        web, worker = memory_mb(pids["web"]), memory_mb(pids["worker"])
    finally:
        process.terminate()
        process.wait(timeout=60)
    return [
        Result("demo.cold", built, note="不含安装；含安装见 make demo 的输出"),
        Result("demo.warm", seconds),
        Result("memory.web", web),
        Result("memory.worker", worker),
    ]
