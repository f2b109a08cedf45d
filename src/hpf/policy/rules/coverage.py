"""覆盖情况: article by article, what carries it out, what tests it, or why it is not modelled."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .book import Parameter
from .documents import Article, Note, NoteKind
from .files import read_yaml


@dataclass(frozen=True, slots=True)
class ArticleCoverage:
    """One article and what the platform does about it. `reason` says what is left undone, also beside an implementation."""

    article: Article
    functions: tuple[str, ...]
    structure: tuple[str, ...]
    parameters: tuple[str, ...]
    files: tuple[str, ...]
    golden: tuple[str, ...]
    reason: str
    later: bool

    @property
    def state(self) -> str:
        if self.functions or self.structure:
            return "IMPLEMENTED"
        if self.parameters or self.files:
            return "VALUE"
        return "NOT_MODELLED" if self.reason else "OPEN"

    @property
    def text(self) -> str:
        if self.state == "NOT_MODELLED":
            return "后续实现" if self.later else "不实现"
        return _STATE_TEXT[self.state]

    @property
    def how(self) -> str:
        """For people, in one line: what carries the article out, and what is left undone."""
        parts = [*self.structure]
        parts += [f"规则{len(self.functions)}条"] if self.functions else []
        parts += [f"参数{len(self.parameters)}项"] if self.parameters else []
        parts += [f"法规数据{len(self.files)}处"] if self.files else []
        return "；".join((*parts, self.reason)) if self.reason else "；".join(parts)


_STATE_TEXT = {"IMPLEMENTED": "已实现", "VALUE": "已录入", "OPEN": "未说明"}


def cover(
    articles: Iterable[Article],
    parameters: Iterable[Parameter],
    notes: Iterable[Note],
    golden: Mapping[str, Iterable[str]],
    citations: Mapping[str, tuple[str, ...]],
) -> list[ArticleCoverage]:
    """`golden` gives the names of the cases that name a citation; `citations` the articles that a function names."""
    functions = _turned((function, articles) for function, articles in citations.items())
    keys = _turned((each.key, (each.citation,)) for each in parameters)
    said: dict[NoteKind, dict[str, list[str]]] = {kind: {} for kind in NoteKind}
    for note in notes:
        said[note.kind].setdefault(note.citation, []).append(note.text)
    rows = []
    for article in articles:
        names = (article.citation, f"{article.citation}@{article.edition}")
        later, never = _gathered(said[NoteKind.LATER], names), _gathered(said[NoteKind.NOT_MODELLED], names)
        rows.append(
            ArticleCoverage(
                article=article,
                functions=_gathered(functions, names),
                structure=_gathered(said[NoteKind.STRUCTURE], names),
                parameters=_gathered(keys, names),
                files=_gathered(said[NoteKind.FILE], names),
                golden=_gathered(golden, names),
                reason="；".join((*later, *never)),
                later=bool(later),
            )
        )
    return rows


def citations_in(package: Path) -> dict[str, tuple[str, ...]]:
    """Every function under `package` that names its articles by `@cites`, read from the text: nothing is imported."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "@cites" in text:
            parts = path.relative_to(package.parent).with_suffix("").parts
            found |= _cited(ast.parse(text), ".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def _cited(tree: ast.AST, name: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "cites":
                    found[f"{name}.{node.name}"] = tuple(ast.literal_eval(argument) for argument in mark.args)
            found |= _cited(node, f"{name}.{node.name}")
    return found


def golden_cases(folder: Path) -> dict[str, list[str]]:
    """Citation -> names of the golden cases under `folder` that name it. Empty where the cases are not installed."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.yaml")):
        for name, laws in _cases(read_yaml(path), path.stem):
            for law in laws:
                found.setdefault(law, []).append(name)
    return found


def _cases(content: Any, stem: str) -> Iterable[tuple[str, list[str]]]:
    """Cases of a file: a list of cases, or a mapping of what they have in common and `cases`."""
    common, cases = [], content
    if isinstance(content, dict):
        common, cases = _laws(content), content.get("cases") or content.get("案例") or []
    for number, case in enumerate(cases, 1):
        name = case.get("name") or case.get("名称") or str(number)
        yield f"{stem}：{name}", sorted({*common, *_laws(case)})


def _laws(entry: dict[str, Any]) -> list[str]:
    law = entry.get("law") or entry.get("依据") or []
    return [law] if isinstance(law, str) else [str(each) for each in law]


def _turned(pairs: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {}
    for name, articles in pairs:
        for article in articles:
            turned.setdefault(article, []).append(name)
    return turned


def _gathered(found: Mapping[str, Iterable[str]], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({each for name in names for each in found.get(name, ())}))
