"""The import contracts hold, and each was seen to fail: a copy of the tree with one wrong line is caught and named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache", "--config", "pyproject.toml"], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}", "COLUMNS": "200"},
    )  # fmt: skip


WRONG_LINES = [
    ("One way down", "ledger/rules.py", "import hpf.accounts.rules"),
    ("One way down", "policy/queries.py", "import hpf.parties.queries"),
    ("Inside a module", "accounts/queries/members.py", "import hpf.accounts.services"),
    ("Rules are pure", "ledger/rules.py", "import django.db"),
    ("A module's tables stay home", "contributions/queries/__init__.py", "import hpf.accounts.models"),
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    shutil.copytree(PROJECT / "src" / "hpf", folder / "src" / "hpf", ignore=shutil.ignore_patterns("static", "templates", "__pycache__"))
    shutil.copytree(PROJECT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    return folder


def test_the_contracts_hold(tree: Path) -> None:
    done = lint(tree)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("contract", "file", "line"), WRONG_LINES)
def test_a_wrong_import_is_caught_and_named(tree: Path, contract: str, file: str, line: str) -> None:
    path = tree / "src" / "hpf" / file
    right = path.read_text(encoding="utf-8")
    path.write_text(f"{right}\n{line}\n", encoding="utf-8")
    try:
        done = lint(tree)
    finally:
        path.write_text(right, encoding="utf-8")
    assert done.returncode == 1
    broken = [row for row in done.stdout.splitlines() if row.rstrip().endswith("BROKEN")]
    assert [row for row in broken if row.startswith(contract)], done.stdout


def test_a_folder_without_a_place_in_the_order_is_caught(tree: Path) -> None:
    stranger = tree / "src" / "hpf" / "stranger"
    stranger.mkdir()
    (stranger / "__init__.py").write_text('"""Nobody said where this belongs."""\n')
    try:
        done = lint(tree)
    finally:
        shutil.rmtree(stranger)
    assert done.returncode == 1
    assert "stranger" in done.stdout
