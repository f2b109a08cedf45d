"""要点: which plans there are, their editions, the document and its tasks side by side, and how much of it is covered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hpf.workplan.models import Edition
from hpf.workplan.rules.states import PlanState, Verdict


@dataclass(frozen=True, slots=True)
class PlanView:
    plan_id: int
    year: int
    title: str
    number: str
    issuer: str
    issued_on: date | None
    state: PlanState
    from_plan_id: int | None
    warn_days: int
    director_days: int
    province_days: int
    version: int
    loaded_by: str
    loaded_at: datetime
    editions: int
    tasks: int


_PLANS = """SELECT p.id, p.year, p.title, p.number, p.issuer, p.issued_on, p.state, p.from_plan_id, p.warn_days, p.director_days,
       p.province_days, p.version, p.loaded_by, p.loaded_at, (SELECT count(*) FROM workplan_edition e WHERE e.plan_id = p.id),
       (SELECT count(*) FROM workplan_task t WHERE t.plan_id = p.id AND t.state = 'ACTIVE')
    FROM workplan_plan p WHERE (%(plan)s::bigint IS NULL OR p.id = %(plan)s) AND (%(year)s::int IS NULL OR p.year = %(year)s)
    ORDER BY p.year DESC, p.id DESC"""


def plans() -> list[PlanView]:
    """Every plan, newest first."""
    return _plans(None, None)


def plan(plan_id: int) -> PlanView | None:
    return next(iter(_plans(plan_id, None)), None)


def plan_of_year(year: int) -> PlanView | None:
    """The year's plan; of several the newest."""
    return next(iter(_plans(None, year)), None)


def latest_plan() -> PlanView | None:
    return next(iter(plans()), None)


def _plans(plan_id: int | None, year: int | None) -> list[PlanView]:
    found = _rows(_PLANS, {"plan": plan_id, "year": year})
    return [PlanView(*row[:6], PlanState(row[6]), *row[7:]) for row in found]


@dataclass(frozen=True, slots=True)
class EditionView:
    """`differences`: kind (MOVED, CHANGED, ADDED, REMOVED), old_anchor, new_anchor, old, new of each sentence that differs."""

    edition_id: int
    edition_no: int
    filename: str
    sha256: str
    size_bytes: int
    differences: tuple[Mapping[str, str], ...]
    loaded_by: str
    loaded_at: datetime


def editions(plan_id: int) -> list[EditionView]:
    """A plan's editions, newest first."""
    found = Edition.objects.filter(plan_id=plan_id).order_by("-edition_no").values_list(
        "id", "edition_no", "filename", "sha256", "size_bytes", "differences", "loaded_by", "loaded_at"
    )  # fmt: skip
    return [EditionView(*row[:5], tuple(row[5]), *row[6:]) for row in found]


def edition_file(edition_id: int) -> tuple[str, bytes] | None:
    """Filename and bytes as they came."""
    found = Edition.objects.filter(id=edition_id).values_list("filename", "content").first()
    return (found[0], bytes(found[1])) if found else None


@dataclass(frozen=True, slots=True)
class TaskMark:
    """A task beside the sentence it comes from."""

    task_id: int
    task_no: int
    title: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class SentenceView:
    sentence_id: int
    text: str
    verdict: Verdict
    no_task_reason: str
    tasks: tuple[TaskMark, ...]


@dataclass(frozen=True, slots=True)
class ClauseView:
    clause_id: int
    anchor: str
    level: int
    heading: str
    sentences: tuple[SentenceView, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many sentences have a task, ask nothing with a reason, or are open; and the open ones as (anchor, text)."""

    sentences: int
    demands: int
    no_task: int
    uncovered: int
    open: tuple[tuple[str, str], ...]


_DOCUMENT = """SELECT c.id, c.anchor, c.level, c.heading, s.id, s.text, s.verdict, s.no_task_reason,
       (SELECT json_agg(json_build_array(t.id, t.task_no, t.title, t.state = 'ACTIVE') ORDER BY t.task_no)
        FROM workplan_tasksource x JOIN workplan_task t ON t.id = x.task_id WHERE x.sentence_id = s.id AND t.plan_id = e.plan_id)
    FROM workplan_edition e JOIN workplan_clause c ON c.edition_id = e.id LEFT JOIN workplan_sentence s ON s.clause_id = c.id
    WHERE e.plan_id = %(plan)s
      AND e.edition_no = coalesce(%(edition)s, (SELECT max(edition_no) FROM workplan_edition WHERE plan_id = %(plan)s)) {only}
    ORDER BY c.place, s.place"""


def document_side_by_side(plan_id: int, edition_no: int | None = None) -> tuple[ClauseView, ...]:
    """The document with the tasks of every sentence: one query. Without `edition_no` the newest edition; empty for a
    plan made from last year's."""
    clauses: dict[int, tuple[Any, ...]] = {}
    sentences: dict[int, list[SentenceView]] = {}
    for row in _rows(_DOCUMENT.replace("{only}", ""), {"plan": plan_id, "edition": edition_no}):
        clauses[row[0]] = row[:4]
        held = sentences.setdefault(row[0], [])
        if row[4] is not None:
            held.append(_sentence(row))
    return tuple(ClauseView(*head, tuple(sentences[key])) for key, head in clauses.items())


def sentence(plan_id: int, sentence_id: int) -> tuple[str, SentenceView] | None:
    """A sentence of the newest edition with its clause's anchor."""
    found = _rows(_DOCUMENT.replace("{only}", "AND s.id = %(sentence)s"), {"plan": plan_id, "edition": None, "sentence": sentence_id})
    return (found[0][1], _sentence(found[0])) if found else None


def _sentence(row: tuple[Any, ...]) -> SentenceView:
    return SentenceView(row[4], row[5], Verdict(row[6]), row[7], tuple(TaskMark(*mark) for mark in row[8] or ()))


def coverage(plan_id: int) -> Coverage:
    """What of the newest edition is covered. A sentence whose tasks are all withdrawn is open again."""
    counted = dict.fromkeys(Verdict, 0)
    opened = []
    for clause in document_side_by_side(plan_id):
        for sentence in clause.sentences:
            lost = sentence.verdict is Verdict.DEMAND and not any(mark.is_active for mark in sentence.tasks)
            verdict = Verdict.UNCOVERED if lost else sentence.verdict
            counted[verdict] += 1
            if verdict is Verdict.UNCOVERED:
                opened.append((clause.anchor, sentence.text))
    return Coverage(sum(counted.values()), counted[Verdict.DEMAND], counted[Verdict.NO_TASK], counted[Verdict.UNCOVERED], tuple(opened))


def _rows(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
