"""覆盖情况: article by article, what carries it out, what tests it, or why it is not modelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hpf.kernel.decision import CITATIONS

from .book import Parameter
from .documents import Article
from .files import read_yaml


@dataclass(frozen=True, slots=True)
class ArticleCoverage:
    """One article and what the platform does about it."""

    article: Article
    functions: tuple[str, ...]
    parameters: tuple[str, ...]
    golden: tuple[str, ...]
    reason: str
    later: bool

    @property
    def state(self) -> str:
        """IMPLEMENTED by functions, VALUE only as parameters, NOT_MODELLED with a reason, or OPEN: nobody has said."""
        if self.functions:
            return "IMPLEMENTED"
        if self.parameters:
            return "VALUE"
        return "NOT_MODELLED" if self.reason else "OPEN"

    @property
    def text(self) -> str:
        return {"IMPLEMENTED": "已实现", "VALUE": "已录入参数", "NOT_MODELLED": "未实现", "OPEN": "未说明"}[self.state]


def cover(
    articles: Iterable[Article],
    parameters: Iterable[Parameter],
    not_modelled: Mapping[str, tuple[str, bool]],
    golden: Mapping[str, Iterable[str]],
    citations: Mapping[str, tuple[str, ...]] = CITATIONS,
    others: Mapping[str, Iterable[str]] | None = None,
) -> list[ArticleCoverage]:
    """`not_modelled` gives reasons by citation, `golden` case names by citation, `others` what else rests on an
    article (chart, journals, calendar) by citation."""
    by_function = _turned(citations)
    by_parameter: dict[str, set[str]] = {}
    for parameter in parameters:
        by_parameter.setdefault(parameter.citation, set()).add(parameter.key)
    for citation, names in (others or {}).items():
        by_parameter.setdefault(citation, set()).update(names)
    rows = []
    for article in articles:
        names = {article.citation, f"{article.citation}@{article.edition}"}
        reason, later = next((not_modelled[name] for name in sorted(names) if name in not_modelled), ("", False))
        rows.append(
            ArticleCoverage(
                article=article,
                functions=_gathered(by_function, names),
                parameters=_gathered(by_parameter, names),
                golden=_gathered(golden, names),
                reason=reason,
                later=later,
            )
        )
    return rows


def golden_cases(folder: Path) -> dict[str, list[str]]:
    """Citation -> names of the golden cases under `folder` that name it. Empty where the cases are not installed."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.yaml")):
        for name, laws in _cases(read_yaml(path), path.stem):
            for law in laws:
                found.setdefault(law, []).append(name)
    return found


def _cases(content: Any, stem: str) -> Iterable[tuple[str, list[str]]]:
    """Cases of a file: a list, or a mapping with common `law` and `cases`."""
    common: list[str] = []
    cases: Any = content
    if isinstance(content, dict):
        common = _listed(content.get("law"))
        cases = content.get("cases", [])
    for number, case in enumerate(cases, 1):
        name = case.get("name") or case.get("名称") or f"{stem} {number}"
        yield f"{stem}：{name}", sorted({*common, *_listed(case.get("law"))})


def _listed(law: Any) -> list[str]:
    return [law] if isinstance(law, str) else [str(each) for each in law or []]


def _turned(citations: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {}
    for function, articles in citations.items():
        for article in articles:
            turned.setdefault(article, []).append(function)
    return turned


def _gathered(found: Mapping[str, Iterable[str]], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({each for name in names for each in found.get(name, ())}))
