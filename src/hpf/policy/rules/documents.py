"""What the files of `law/` hold: documents, articles, centres, subjects, journals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .book import Confidence


@dataclass(frozen=True, slots=True)
class Article:
    """One article, restated in our own words. `edition` is empty when the document has only one."""

    source: str
    article: str
    edition: str
    restated: str
    confidence: Confidence
    since: date | None = None
    until: date | None = None

    @property
    def citation(self) -> str:
        return f"{self.source}/{self.article}"


@dataclass(frozen=True, slots=True)
class Source:
    """A document of law or policy."""

    id: str
    number: str
    title: str
    issuer: str
    signed_on: date | None
    in_force_on: date | None
    superseded_on: date | None
    confidence: Confidence
    note: str
    articles: tuple[Article, ...]


class NoteKind(StrEnum):
    """How an article is dealt with when no function of `rules` carries it out."""

    FILE = "FILE"
    STRUCTURE = "STRUCTURE"
    LATER = "LATER"
    NOT_MODELLED = "NOT_MODELLED"


@dataclass(frozen=True, slots=True)
class Note:
    """What `law/` itself says about an article: used by a file of law, carried out by the structure, or not modelled."""

    citation: str
    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class District:
    """区县, with the branch office (管理部) that serves it. `code` is GB/T 2260 where the state gave one."""

    code: str
    name: str
    branch: str


@dataclass(frozen=True, slots=True)
class Centre:
    id: int
    code: str
    name: str
    short_name: str
    kind: str
    gb2260: str | None
    mohurd_org_code: str | None
    note: str
    districts: tuple[District, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """会计科目. `normal_side` is DEBIT or CREDIT."""

    code: int
    name: str
    level: int
    category: str
    normal_side: str
    parent: int | None
    source: str
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, slots=True)
class JournalTemplate:
    """A business event and the subjects it debits and credits; several movements when it has several cases."""

    code: str
    event: str
    movements: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]
    source: str
    confidence: Confidence
    note: str = ""
