"""The table of bad input names tests that are there: each situation has at least one."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TABLE = PROJECT / "docs" / "bad_input.md"
ISSUE = (
    "互相矛盾", "本人所说", "有效期", "授权中途撤回", "申请两次", "夫妻", "两个中心", "伪造、重放", "超过账户余额", "已销户", "两个账户", "中途到期", "报告死亡",
    "差一个字", "两人同时", "处理中",
)  # fmt: skip
"""What must be in the table."""


def rows() -> list[tuple[str, list[str]]]:
    lines = [line.split("|")[1:-1] for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [(what.strip(), re.findall(r"`([^`]+)`", proof)) for what, _, proof in lines[2:]]


@cache
def names_in(path: str) -> frozenset[str]:
    file = PROJECT / path
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else ast.Module([], [])
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def test_every_situation_is_proved_by_tests_that_are_there() -> None:
    found = rows()
    assert len(found) >= len(ISSUE) and [what for what, tests in found if not tests] == []
    missing = [name for _, tests in found for name in tests if name.partition("::")[2] not in names_in(name.partition("::")[0])]
    assert missing == []


def test_no_situation_is_left_out() -> None:
    situations = "\n".join(what for what, _ in rows())
    assert [words for words in ISSUE if words not in situations] == []
