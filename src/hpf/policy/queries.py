"""政策参数 as the database holds it: the book of a day, working days, sources, coverage.

The tables change only by a loading, which leaves a new digest. Everything read here is kept in the process under
that digest, so a repeated call costs one small query: is it still the same law?
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from hpf.kernel.decision import Reason

from . import models
from .rules import Article, Confidence, Note, NoteKind, Parameter, PolicyBook, Source, Unit, WorkdayCalendar
from .rules import workdays as workdays_rules
from .rules.coverage import ArticleCoverage, citations_in, cover, golden_cases
from .rules.files import DEMO_CITATION


class LawNotLoaded(RuntimeError):
    """The database has no law in it yet."""

    def __init__(self) -> None:
        super().__init__("数据库中还没有法规和参数，请先运行 load_law")


def book(centre_id: int, on: date) -> PolicyBook:
    """Every value in force in the centre on the day. Cached in the process; one query."""
    return _book(load_digest(), centre_id, on)


def books_of(centre_id: int) -> Callable[[date], PolicyBook]:
    """The centre's books by day, for a reader that goes through many days; one query however many."""
    digest = load_digest()
    return lambda on: _book(digest, centre_id, on)


def books(centre_ids: Iterable[int], on: date) -> dict[int, PolicyBook]:
    """The books of many centres for one day, by centre; one query however many."""
    digest = load_digest()
    return {centre_id: _book(digest, centre_id, on) for centre_id in centre_ids}


def workdays() -> WorkdayCalendar:
    """The calendar by which days are opened and deadlines set: a year not announced yet goes by Monday to Friday."""
    return _workdays(load_digest())


def calendar_reminder(on: date) -> Reason | None:
    """What people must be told while `on` or the thirty days after it go by a guessed calendar."""
    return workdays_rules.calendar_reminder(_workdays(load_digest()), on)


def load_digest() -> str:
    """Names the law that is in the tables now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM policy_load ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    if row is None:
        raise LawNotLoaded
    return str(row[0])


def parameters(key: str | None = None) -> list[Parameter]:
    """All dated values of all scopes, or those of one key: for the policy page and the history of a value."""
    return [each for each in _parameters(load_digest()) if key is None or each.key == key]


def sources() -> list[Source]:
    """The documents with their articles, in the order of the files."""
    return list(_sources(load_digest()))


@dataclass(frozen=True, slots=True)
class LoadView:
    digest: str
    packs: tuple[str, ...]


def last_load() -> LoadView:
    row = models.Load.objects.order_by("-id").first()
    if row is None:
        raise LawNotLoaded
    return LoadView(row.digest, tuple(row.packs))


def coverage() -> list[ArticleCoverage]:
    """Article by article: which functions and parameters carry it out, which golden cases test it, or why not.

    Golden cases are those beside the code; an installation without them shows none.
    """
    return list(_coverage(load_digest()))


@lru_cache(maxsize=2)
def _coverage(digest: str) -> tuple[ArticleCoverage, ...]:
    articles = [article for source in _sources(digest) for article in source.articles]
    notes = [Note(row.citation, NoteKind(row.kind), row.text) for row in models.Note.objects.order_by("id")]
    return tuple(cover(articles, _parameters(digest), notes, _golden(), _citations()))


@lru_cache(maxsize=4096)
def _book(digest: str, centre_id: int, on: date) -> PolicyBook:
    return PolicyBook.of(_parameters(digest), centre_id, on, _labels(digest))


@lru_cache(maxsize=2)
def _labels(digest: str) -> dict[str, str]:
    return dict(models.Key.objects.order_by("key").values_list("key", "label"))


@lru_cache(maxsize=2)
def _parameters(digest: str) -> tuple[Parameter, ...]:
    rows = models.Parameter.objects.select_related("key").order_by("key__key", "scope", "key__district", "since")
    return tuple(
        Parameter(
            key=row.key.key,
            value=row.value,
            unit=Unit(row.key.unit),
            since=row.since,
            until=row.until,
            citation=row.citation,
            confidence=Confidence(row.confidence),
            centre=row.scope,
            district=row.key.district or None,
            label=row.key.label,
            note=row.note,
            pack=row.pack,
        )
        for row in rows
    )


@lru_cache(maxsize=2)
def _workdays(digest: str) -> WorkdayCalendar:
    days = list(models.ExceptionalDay.objects.values_list("day", "is_workday", "citation"))
    return WorkdayCalendar(
        holidays=frozenset(day for day, is_workday, _ in days if not is_workday),
        makeup_workdays=frozenset(day for day, is_workday, _ in days if is_workday),
        years=frozenset(models.CalendarYear.objects.values_list("year", flat=True)),
        made_up=frozenset(day.year for day, _, citation in days if citation == DEMO_CITATION),
        provisional=True,
    )


@lru_cache(maxsize=2)
def _sources(digest: str) -> tuple[Source, ...]:
    articles: dict[int, list[Article]] = {}
    for row in models.Article.objects.select_related("source").order_by("source_id", "position"):
        articles.setdefault(row.source_id, []).append(
            Article(
                source=row.source.name,
                article=row.article,
                edition=row.edition,
                restated=row.restated,
                confidence=Confidence(row.confidence),
                since=row.since,
                until=row.until,
            )
        )
    return tuple(
        Source(
            id=row.name,
            number=row.number,
            title=row.title,
            issuer=row.issuer,
            signed_on=row.signed_on,
            in_force_on=row.in_force_on,
            superseded_on=row.superseded_on,
            confidence=Confidence(row.confidence),
            note=row.note,
            articles=tuple(articles.get(row.pk, ())),
        )
        for row in models.Source.objects.order_by("id")
    )


@lru_cache(maxsize=1)
def _citations() -> dict[str, tuple[str, ...]]:
    return citations_in(Path(__file__).resolve().parent.parent)


@lru_cache(maxsize=1)
def _golden() -> dict[str, list[str]]:
    return golden_cases(Path(settings.PROJECT) / "tests" / "golden")
