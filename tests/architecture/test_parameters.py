"""Every parameter the code asks for has a Chinese name in `law/params`, whether or not any document gives it a value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from hpf.policy.rules import LawFiles


@pytest.fixture(scope="module")
def named() -> frozenset[str]:
    return frozenset(LawFiles.read(Path("law")).names)


def unnamed(code: str, named: frozenset[str]) -> Iterator[str]:
    """Texts of the program that look like a parameter's key, but are none that the law names."""
    families = {key.split(".")[0] for key in named}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            family, _, rest = node.value.partition(".")
            if family in families and rest.replace(".", "_").isidentifier() and not rest.endswith("_") and node.value not in named:
                yield node.value


def test_a_key_without_a_name_is_found(named: frozenset[str]) -> None:
    assert list(unnamed('book.money("contribution.base_flor")', named)) == ["contribution.base_flor"]
    assert list(unnamed('book.money("contribution.base_floor"), log("contribution. of a month"), url("web:x")', named)) == []


def test_whatever_the_code_asks_for_can_be_named(named: frozenset[str]) -> None:
    found = {(path.name, key) for path in Path("src/hpf").rglob("*.py") for key in unnamed(path.read_text(encoding="utf-8"), named)}
    assert found == set()


def test_the_demo_pack_gives_values_only_to_parameters_that_the_law_names(named: frozenset[str]) -> None:
    assert set(LawFiles.read(Path("law"), Path("demo/law")).names) == named
