"""政策参数: bring `law/` into the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from . import models
from .rules import LawFileError, LawFiles
from .rules.files import DEMO_CITATION


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading did. `changed` is False when the same law was there already and nothing was written."""

    digest: str
    changed: bool
    sources: int
    articles: int
    parameters: int


def load_law(folder: Path | str, packs: Sequence[Path | str] = (), *, at: datetime, using: str = "owner") -> Loaded:
    """Make the tables say what the files say. Runs as the owner: the application may only read law.

    Refuses  LawFileError before anything is written: unreadable files, citations of unknown articles, two values
             for one day
    Locks    the table of loadings: two loadings run one after the other
    Again    the same files write nothing
    """
    law = LawFiles.read(folder, *packs)
    check_citations(law)
    counts = (len(law.sources), sum(1 for _ in law.articles()), len(law.parameters))
    with transaction.atomic(using=using):
        with transaction.get_connection(using).cursor() as cursor:
            cursor.execute("LOCK TABLE policy_load IN SHARE ROW EXCLUSIVE MODE")
        last = models.Load.objects.using(using).order_by("-id").first()
        if last is not None and last.digest == law.digest:
            return Loaded(law.digest, False, *counts)
        _replace_documents(law, using)
        _replace_parameters(law, using)
        _replace_calendar(law, using)
        models.Load.objects.using(using).create(digest=law.digest, loaded_at=at, packs=sorted({each.pack for each in law.parameters}))
    return Loaded(law.digest, True, *counts)


def check_citations(law: LawFiles) -> None:
    """Refuses a value, subject, journal or reason that rests on an article which `law/sources` does not have."""
    known = law.citations()
    cited = [(parameter.key, parameter.citation) for parameter in law.parameters if parameter.citation != DEMO_CITATION]
    cited += [(note.text, note.citation) for note in law.notes]
    unknown = sorted({f"{name}: {citation}" for name, citation in cited if citation not in known})
    if unknown:
        raise LawFileError("引用的条文不在 law/sources 中：" + "；".join(unknown))


def _replace_documents(law: LawFiles, using: str) -> None:
    models.Note.objects.using(using).all().delete()
    models.Article.objects.using(using).all().delete()
    models.Source.objects.using(using).all().delete()
    sources = models.Source.objects.using(using).bulk_create(
        models.Source(
            name=each.id,
            number=each.number,
            title=each.title,
            issuer=each.issuer,
            signed_on=each.signed_on,
            in_force_on=each.in_force_on,
            superseded_on=each.superseded_on,
            confidence=each.confidence.value,
            note=each.note,
        )
        for each in law.sources
    )
    numbers = {source.name: source.pk for source in sources}
    models.Article.objects.using(using).bulk_create(
        models.Article(
            source_id=numbers[each.source],
            article=each.article,
            edition=each.edition,
            since=each.since,
            until=each.until,
            restated=each.restated,
            confidence=each.confidence.value,
            position=position,
        )
        for position, each in enumerate(law.articles())
    )
    models.Note.objects.using(using).bulk_create(
        models.Note(citation=each.citation, kind=each.kind.value, text=each.text) for each in law.notes
    )


def _replace_parameters(law: LawFiles, using: str) -> None:
    """Deletes first, so that the constraint of one value for one day never sees an old row beside its successor."""
    models.Parameter.objects.using(using).all().delete()
    models.Key.objects.using(using).all().delete()
    wanted = {(key, "") for key in law.names} | {(each.key, each.district or "") for each in law.parameters}
    keys = models.Key.objects.using(using).bulk_create(
        models.Key(key=key, district=district, label=law.names[key][0], unit=law.names[key][1].value) for key, district in sorted(wanted)
    )
    numbers = {(key.key, key.district): key.pk for key in keys}
    models.Parameter.objects.using(using).bulk_create(
        models.Parameter(
            scope=each.centre,
            key_id=numbers[each.key, each.district or ""],
            value=each.value,
            since=each.since,
            until=each.until,
            citation=each.citation,
            confidence=each.confidence.value,
            note=each.note,
            pack=each.pack,
        )
        for each in law.parameters
    )


def _replace_calendar(law: LawFiles, using: str) -> None:
    tables: list[tuple[type[Model], list[Any]]] = [
        (
            models.ExceptionalDay,
            [
                models.ExceptionalDay(day=day, is_workday=day in law.workdays.makeup_workdays, festival=festival, citation=citation)
                for day, (festival, citation) in sorted(law.festivals.items())
            ],
        ),
        (models.CalendarYear, [models.CalendarYear(year=year) for year in sorted(law.workdays.years)]),
    ]
    for table, rows in tables:
        table._default_manager.using(using).all().delete()
        table._default_manager.using(using).bulk_create(rows)
