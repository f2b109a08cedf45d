"""One word, one thing: what the fund's people read is a term of `docs/glossary.csv`, and a term has one identifier.

A column's name is an identifier itself, or an identifier plus one of the suffixes that say what kind of value it is
(`_id`, `_no`, `_on`, `_at`, `_fen`), or becomes one when the thing its view is about is put before it:
`state` of 单位账户 is `employer_account_state`. Views carry the suffix of their version, `_v1`.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hpf.policy.rules import LawFiles

PROJECT = Path(__file__).resolve().parents[2]
GLOSSARY = PROJECT / "docs" / "glossary.csv"
COLUMNS = ["中文", "English", "identifier", "exchange code", "source", "definition", "not to be confused with"]
OURS = "本系统"
SUFFIXES = ("_id", "_no", "_on", "_at", "_fen")
NUMBERED_BY_DJANGO = "ID"

_VIEW = re.compile(r"CREATE VIEW (\w+_v\d+) AS\s+(.*?);", re.DOTALL)
_VIEW_COMMENT = re.compile(r"COMMENT ON VIEW (\w+) IS '([^']+)'")


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the glossary."""

    chinese: str
    english: str
    identifier: str
    exchange_code: str
    source: str
    definition: str
    not_confused_with: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a published view, with what the view is about in Chinese."""

    view: str
    about: str
    name: str


def glossary() -> list[Term]:
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == COLUMNS
    return [Term(*row) for row in rows[1:]]


@pytest.fixture(scope="module")
def terms() -> list[Term]:
    return glossary()


@pytest.fixture(scope="module")
def law() -> LawFiles:
    return LawFiles.read(PROJECT / "law")


def labels_of_models() -> Iterator[tuple[str, str]]:
    """Every label of a model or of a field, with its place. The registry needs settings and no database."""
    import django
    from django.apps import apps

    django.setup()
    for model in apps.get_models():
        if not model.__module__.startswith("hpf."):
            continue
        named = str(model._meta.verbose_name)
        if not named.isascii():
            yield model._meta.label, named
        for field in model._meta.fields:
            if str(field.verbose_name) != NUMBERED_BY_DJANGO:
                yield f"{model._meta.label}.{field.name}", str(field.verbose_name)


def published_columns(sql: str) -> Iterator[Column]:
    """The columns a view gives out: the last name of each expression between SELECT and FROM."""
    about = dict(_VIEW_COMMENT.findall(sql))
    for view, query in _VIEW.findall(sql):
        chosen = re.match(r"SELECT\s+(.*?)\s+FROM\s", query, re.DOTALL)
        assert chosen, view
        for expression in _split(chosen[1]):
            yield Column(view, about.get(view, ""), re.split(r"[\s.]+", expression.strip())[-1])


def _split(expressions: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, mark in enumerate(expressions):
        depth += (mark == "(") - (mark == ")")
        if mark == "," and depth == 0:
            yield expressions[start:place]
            start = place + 1
    yield expressions[start:]


def all_published_columns() -> list[Column]:
    return [
        column
        for path in sorted((PROJECT / "src" / "hpf").glob("*/published*.sql"))
        for column in published_columns(path.read_text("utf-8"))
    ]


def missing_labels(labels: Iterable[tuple[str, str]], terms: Iterable[Term]) -> list[str]:
    known = {term.chinese for term in terms}
    return [f"{place}: “{label}” is not in docs/glossary.csv" for place, label in labels if label not in known]


def missing_columns(columns: Iterable[Column], terms: Iterable[Term]) -> list[str]:
    terms = list(terms)
    known = {term.identifier for term in terms}
    return [
        f"{column.view}.{column.name}: no identifier of docs/glossary.csv"
        for column in columns
        if not any(spelling in known for spelling in spellings(column, terms))
    ]


def spellings(column: Column, terms: Iterable[Term]) -> Iterator[str]:
    """How the glossary may spell this column, most particular first."""
    things = sorted((term for term in terms if term.chinese in column.about), key=lambda term: -len(term.chinese))
    bare = [column.name, *(column.name.removesuffix(suffix) for suffix in SUFFIXES if column.name.endswith(suffix))]
    for thing in things:
        for name in bare:
            yield _joined(thing.identifier, name)
    yield from bare


def _joined(thing: str, name: str) -> str:
    """`employer_account` and `account_no` are `employer_account_no`: a word in both is said once."""
    words, tail = thing.split("_"), name.split("_")
    return "_".join(words + tail[1:] if words[-1] == tail[0] and len(tail) > 1 else words + tail)


def twice(values: Iterable[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)


def faults(term: Term, known_terms: frozenset[str], citations: frozenset[str], codes: frozenset[str]) -> list[str]:
    """What is wrong with one row by itself."""
    found = []
    if not (term.chinese and term.english and term.definition):
        found.append(f"{term.chinese or term.identifier}: a term needs Chinese, English and a definition")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", term.identifier):
        found.append(f"{term.chinese}: “{term.identifier}” is no identifier")
    if term.definition == term.chinese or term.definition.endswith("。"):
        found.append(f"{term.chinese}: a definition says more than the term, in one sentence without a full stop")
    if term.source != OURS and term.source not in citations:
        found.append(f"{term.chinese}: source {term.source} is not in law/sources")
    if term.exchange_code and term.exchange_code not in codes:
        found.append(f"{term.chinese}: exchange code {term.exchange_code} is not in law/codes")
    if term.not_confused_with and term.not_confused_with not in known_terms - {term.chinese}:
        found.append(f"{term.chinese}: “{term.not_confused_with}” is no other term")
    return found


def test_every_label_of_every_model_is_a_term(terms: list[Term]) -> None:
    labels = list(labels_of_models())
    assert len(labels) > 400
    assert missing_labels(labels, terms) == []


def test_every_published_column_is_an_identifier(terms: list[Term]) -> None:
    columns = all_published_columns()
    assert len(columns) > 100
    assert missing_columns(columns, terms) == []


def test_a_term_has_one_identifier_and_an_identifier_one_term(terms: list[Term]) -> None:
    assert twice(term.chinese for term in terms) == []
    assert twice(term.identifier for term in terms) == []


def test_every_term_is_defined_with_its_source(terms: list[Term], law: LawFiles) -> None:
    codes = frozenset(code for table in law.codes["字段"]["tables"].values() for code in table["fields"])
    known = frozenset(term.chinese for term in terms)
    assert [fault for term in terms for fault in faults(term, known, law.citations(), codes)] == []


GOOD = Term("缴存基数", "contribution base", "base", "GRJCJS", "条例/16", "用来计算月缴存额的月平均工资", "")


def test_the_checks_can_fail() -> None:
    assert missing_labels([("accounts.Base.base_fen", "缴存基数"), ("accounts.Base.x", "缴费基数")], [GOOD]) == [
        "accounts.Base.x: “缴费基数” is not in docs/glossary.csv"
    ]
    assert twice(["base", "base", "rate"]) == ["base"]
    known, citations, codes = frozenset({"缴存基数", "工资"}), frozenset({"条例/16"}), frozenset({"GRJCJS"})
    assert faults(GOOD, known, citations, codes) == []
    for wrong in (
        {"definition": ""},
        {"definition": "缴存基数"},
        {"source": "条例/999"},
        {"exchange_code": "GRZH2"},
        {"identifier": "缴存基数"},
        {"not_confused_with": "缴存基数"},
    ):
        fields = {name: getattr(GOOD, name) for name in GOOD.__slots__} | wrong
        assert len(faults(Term(**fields), known, citations, codes)) == 1, wrong


def test_columns_are_found_by_name_suffix_and_thing() -> None:
    sql = """
        CREATE VIEW accounts_base_v1 AS
            SELECT b.base_fen, coalesce(b.x, 0) AS base_id, b.state, b.wage FROM accounts_base b;
        COMMENT ON VIEW accounts_base_v1 IS '缴存基数变更';
    """
    columns = list(published_columns(sql))
    assert [column.name for column in columns] == ["base_fen", "base_id", "state", "wage"]
    state = Term("基数状态", "state of the base", "base_state", "", OURS, "基数是否执行", "")
    assert missing_columns(columns, [GOOD, state]) == ["accounts_base_v1.wage: no identifier of docs/glossary.csv"]
    assert (
        next(spellings(Column("v", "单位账户", "account_no"), [Term("单位账户", "", "employer_account", "", "", "", "")]))
        == "employer_account_no"
    )
