"""A tree that passed is recognised by every byte of it; what is left out of a second run is only what cannot come out otherwise."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools import suite


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text(".run/\n")
    (tmp_path / "a.py").write_text("a = 1\n")
    return tmp_path


def test_every_byte_that_is_not_ignored_counts(tree: Path) -> None:
    first = suite.digest(tree)
    assert first == suite.digest(tree)
    (tree / ".run").mkdir()
    (tree / ".run" / "log").write_text("left over")
    assert suite.digest(tree) == first
    (tree / "a.py").write_text("a = 2\n")
    second = suite.digest(tree)
    (tree / "b.py").write_text("")
    assert len({first, second, suite.digest(tree)}) == 3


def test_outside_of_git_nothing_is_recognised(tmp_path: Path) -> None:
    assert suite.digest(tmp_path) is None


@pytest.mark.parametrize(
    ("path", "text", "takes"),
    [
        ("tests/browser/test_x.py", "", True),
        ("tests/browser/test_every_page.py", "", False),
        ("tests/soak/test_x.py", "", True),
        ("tests/integration/ledger/test_x.py", "with ThreadPoolExecutor(2) as pool:", True),
        ("tests/integration/ledger/test_x.py", "import threading", True),
        ("tests/integration/jobs/test_x.py", "worker.kill()", True),
        ("tests/integration/ledger/test_x.py", "assert balance == 3  # skilled", False),
    ],
)
def test_where_chance_takes_part(path: str, text: str, takes: bool) -> None:
    assert suite.takes_chances(Path(path), text) is takes


def test_the_tours_left_out_are_there() -> None:
    assert [name for name in suite.TOURS if not (suite.PROJECT / "tests" / "browser" / name).is_file()] == []


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """`main` on a tree named by `tree`, with pytest ending in `code`; the options it was given are in `told`."""
    said = SimpleNamespace(tree="one", code=0, told=[])

    def run(command: list[str], **more: object) -> SimpleNamespace:
        said.told.append("--chance" in command)
        return SimpleNamespace(returncode=said.code)

    monkeypatch.delenv("AGAIN", raising=False)
    monkeypatch.setattr(suite, "PASSED", tmp_path / "run" / "passed.json")
    monkeypatch.setattr(suite, "digest", lambda: said.tree)
    monkeypatch.setattr(suite.subprocess, "run", run)
    return said


def test_a_second_run_of_the_same_tree_is_short_and_a_changed_one_whole(runs: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [suite.main(), suite.main(), suite.main()] == [0, 0, 0]
    runs.tree = "other"
    suite.main()
    monkeypatch.setenv("AGAIN", "1")
    suite.main()
    assert runs.told == [False, True, True, False, False]


def test_only_a_whole_run_that_passed_is_remembered(runs: SimpleNamespace) -> None:
    runs.code = 1
    assert suite.main() == 1
    runs.code = 0
    suite.main()
    assert json.loads(suite.PASSED.read_text(encoding="utf-8"))["tree"] == "one"
    runs.code = 1
    assert suite.main() == 1
    runs.code = 0
    suite.main()
    assert runs.told == [False, False, True, False]
