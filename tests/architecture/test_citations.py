"""Every rule has its article, and every article its answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hpf.kernel.decision import CITATIONS
from hpf.policy.rules import LawFiles, NoteKind
from hpf.policy.rules.coverage import ArticleCoverage, citations_in, cover, golden_cases
from hpf.policy.rules.files import DEMO_CITATION, read_yaml
from tools import law_coverage

PROJECT = Path(__file__).resolve().parents[2]
KEY = re.compile(r"(contribution|interest|withdrawal|loan|recheck|timer|urging|penalty|freeze|ban)\.[a-z_0-9.]+")


@pytest.fixture(scope="module")
def law() -> LawFiles:
    return law_coverage.read_law()


def cited_in_code() -> Iterator[tuple[str, str]]:
    """Articles named by `@cites` and by a Reason anywhere in the code, also in modules that no test imports."""
    for path in sorted((PROJECT / "src" / "hpf").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                places = {"cites": node.args, "Reason": [*node.args[2:3], *(k.value for k in node.keywords if k.arg == "law")]}
                for argument in places.get(node.func.id, []):
                    for text in ast.walk(argument):
                        if isinstance(text, ast.Constant) and isinstance(text.value, str):
                            yield f"{path.relative_to(PROJECT)}:{node.lineno}", text.value


def keys_in_code() -> Iterator[tuple[str, str]]:
    """Every text in the code that is built like a parameter's key."""
    for path in sorted((PROJECT / "src" / "hpf").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                yield f"{path.relative_to(PROJECT)}:{node.lineno}", node.value


def unknown(cited: Iterator[tuple[str, str]] | list[tuple[str, str]], law: LawFiles) -> list[str]:
    known = law.citations()
    return sorted({f"{where}: {citation}" for where, citation in cited if citation not in known})


def open_articles(rows: list[ArticleCoverage]) -> list[str]:
    return [f"{row.article.citation}@{row.article.edition}" for row in rows if row.state == "OPEN"]


def test_every_article_named_in_code_is_in_law_sources(law: LawFiles) -> None:
    assert unknown(cited_in_code(), law) == []


def test_every_value_subject_journal_and_note_names_an_article_in_law_sources(law: LawFiles) -> None:
    cited = [(each.key, each.citation) for each in law.parameters if each.citation != DEMO_CITATION]
    cited += [(str(each.code), each.source) for each in law.chart]
    cited += [(each.code, each.source) for each in law.journals]
    cited += [(each.text, each.citation) for each in law.notes]
    assert unknown(cited, law) == []


def test_every_parameter_the_code_asks_for_is_in_the_law_or_the_demo_pack(law: LawFiles) -> None:
    known = {each.key for each in law.parameters}
    assert [f"{where}: {key}" for where, key in keys_in_code() if key not in known] == []


def test_demo_values_stand_only_in_the_demo_pack(law: LawFiles) -> None:
    assert {each.pack for each in law.parameters if each.citation == DEMO_CITATION} == {"demo"}
    assert {each.citation for each in law.parameters if each.pack == "demo"} == {DEMO_CITATION}


def test_every_article_is_carried_out_or_explained(law: LawFiles) -> None:
    assert open_articles(law_coverage.rows(law)) == []


def test_every_golden_case_names_an_article_in_law_sources(law: LawFiles) -> None:
    cases = golden_cases(PROJECT / "tests" / "golden")
    assert unknown([(", ".join(names), citation) for citation, names in cases.items()], law) == []


def test_what_the_structure_carries_out_can_be_opened() -> None:
    entries = read_yaml(PROJECT / "law" / "by_structure.yaml")["articles"]
    assert [path for entry in entries for path in entry["where"] if not (PROJECT / path).exists()] == []


def test_the_document_says_what_the_code_does(law: LawFiles) -> None:
    written = law_coverage.DOCUMENT.read_text(encoding="utf-8")
    assert written == law_coverage.document(law), "run: python -m tools.law_coverage"


def test_the_checks_can_fail(law: LawFiles) -> None:
    assert unknown([("here", "条例/999")], law) == ["here: 条例/999"]
    without_reasons = [each for each in law.notes if each.kind not in (NoteKind.LATER, NoteKind.NOT_MODELLED)]
    assert "条例/8@2026" in open_articles(cover(law.articles(), law.parameters, without_reasons, {}, {}))


def test_the_text_of_the_code_gives_the_same_citations_as_the_code_running() -> None:
    from hpf.policy.rules import retirement

    read = citations_in(PROJECT / "src" / "hpf")
    name = "hpf.policy.rules.retirement.statutory_retirement"
    assert read[name] == retirement.statutory_retirement.__law__ == CITATIONS[name]  # type: ignore[attr-defined]
