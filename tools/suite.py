"""`make test` after `make check`: the slow tests, on real PostgreSQL and in a browser.

A tree that has passed is not tested twice for what can only come out as it did: the next run takes the tests in which chance
has a part (threads against each other, processes killed, a browser waiting for them) and says so. One changed byte, another
Python, another browser, and everything runs again; so it does with `make test AGAIN=1`, and always for `.ci/run` (ADR 0028).
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PASSED = PROJECT / ".run" / "passed.json"
QUICK = ("unit", "golden", "properties", "architecture")
"""What `make check` has run already."""
PYTEST = [
    "tests",
    *(word for name in QUICK for word in ("--ignore", f"tests/{name}")),
    "-n",
    "2",
    "--dist",
    "loadfile",
    "--no-loadscope-reorder",
]
TOURS = ("test_every_page.py",)
"""Browser tests left out though they wait for the worker too: every page and button, one after another, nothing against them. ADR 0028."""
CHANCE = re.compile(r"\b(?:threading|ThreadPoolExecutor|multiprocessing|killpg|os\.kill|\w+\.kill)\b")


def takes_chances(path: Path, text: str) -> bool:
    """Whether a test of this file may come out otherwise on the same tree: processes or threads meet in it, or a browser waits for
    them; a tour counts as coming out the same."""
    waits = path.parent.name in ("browser", "soak") and path.name not in TOURS
    return waits or CHANCE.search(text) is not None


def digest(project: Path = PROJECT) -> str | None:
    """Names everything a test can depend on: every file that is not ignored, interpreter, system, browser. None outside of git."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=project, capture_output=True)
    if listed.returncode:
        return None
    hashed = hashlib.sha256("\0".join((sys.version, platform.platform(), _browser())).encode())
    for name in sorted(filter(None, listed.stdout.split(b"\0"))):
        path = project / os.fsdecode(name)
        hashed.update(name + b"\0" + (hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"gone"))
    return hashed.hexdigest()


def _browser() -> str:
    chromium = shutil.which("chromium")
    return subprocess.run([chromium, "--version"], capture_output=True, text=True).stdout if chromium else ""


def last_passed() -> dict[str, str]:
    """The tree that passed whole, and when."""
    try:
        return dict(json.loads(PASSED.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def main() -> int:
    tree, last = digest(), last_passed()
    whole = bool(os.environ.get("AGAIN")) or tree is None or last.get("tree") != tree
    if whole:
        PASSED.unlink(missing_ok=True)
    else:
        print(f"nothing has changed since all tests passed ({last['at']}): running those in which chance takes part; AGAIN=1 runs all")
    done = subprocess.run([sys.executable, "-m", "pytest", *PYTEST, *([] if whole else ["--chance"])], cwd=PROJECT).returncode
    if done:
        PASSED.unlink(missing_ok=True)
    elif whole and tree is not None and tree == digest():
        PASSED.parent.mkdir(parents=True, exist_ok=True)
        PASSED.write_text(json.dumps({"tree": tree, "at": time.strftime("%Y-%m-%d %H:%M:%S")}), encoding="utf-8")
    return done


if __name__ == "__main__":
    raise SystemExit(main())
