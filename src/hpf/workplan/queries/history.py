"""历史 佐证 期限调整: what happened, with before and after; the files; the moves of dates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hpf.db.scope import centre_scope
from hpf.workplan.models import Evidence
from hpf.workplan.queries.source import asked, rows
from hpf.workplan.rules.states import EventKind


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of the history. Centre 0 is the province."""

    event_id: int
    centre_id: int
    task_id: int | None
    assignment_id: int | None
    occurrence_id: int | None
    kind: EventKind
    at: datetime
    by_name: str
    text: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


_HISTORY = """SELECT id, centre_id, task_id, assignment_id, occurrence_id, kind, at, by_name, text, before, after, count(*) OVER ()
    FROM workplan_event{v}
    WHERE {where}
    ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s"""
# What is written of an assignment or an occurrence names its task as well, and is found by it.
_OF = {
    "plan": "plan_id = %(plan)s", "task": "task_id = %(task)s",
    "assignment": """(task_id = (SELECT task_id FROM workplan_assignment{v} WHERE id = %(assignment)s)
           AND (assignment_id = %(assignment)s OR assignment_id IS NULL))""",
    "occurrence": """(task_id = (SELECT task_id FROM workplan_occurrence{v} WHERE id = %(occurrence)s)
           AND (occurrence_id = %(occurrence)s OR assignment_id IS NULL
                OR (occurrence_id IS NULL AND assignment_id = (SELECT assignment_id FROM workplan_occurrence{v} WHERE id = %(occurrence)s))))""",
}  # fmt: skip


def history(
    *, centre_id: int | None, plan_id: int | None = None, task_id: int | None = None, assignment_id: int | None = None,
    occurrence_id: int | None = None, limit: int = 50, offset: int = 0,
) -> tuple[list[EventView], int]:  # fmt: skip
    """A page, newest first, and how many there are. An assignment's and an occurrence's history includes what was done to
    the task itself; a centre sees its own lines and the province's."""
    given = {"plan": plan_id, "task": task_id, "assignment": assignment_id, "occurrence": occurrence_id, "limit": limit, "offset": offset}
    found = rows(_HISTORY.replace("{where}", asked(_OF, given)), given, centre_id)
    lines = [EventView(*row[:5], EventKind(row[5]), *row[6:9], _plain(row[9]), _plain(row[10])) for row in found]
    return lines, found[0][11] if found else 0


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A file; withdrawn ones stay in the list with who withdrew them and why."""

    evidence_id: int
    centre_id: int
    occurrence_id: int
    measure_id: int | None
    filename: str
    mime: str
    sha256: str
    size_bytes: int
    uploaded_by: str
    uploaded_at: datetime
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_reason: str


def evidence(occurrence_id: int, *, centre_id: int | None) -> list[EvidenceView]:
    """The files of an occurrence in the order they came."""
    sql = """SELECT id, centre_id, occurrence_id, measure_id, filename, mime, sha256, size_bytes, uploaded_by_name, uploaded_at,
                    withdrawn_by, withdrawn_at, withdrawn_reason
             FROM workplan_evidence{v} WHERE occurrence_id = %(occurrence)s ORDER BY id"""
    return [EvidenceView(*row) for row in rows(sql, {"occurrence": occurrence_id}, centre_id)]


def evidence_file(evidence_id: int, centre_id: int) -> tuple[str, str, bytes] | None:
    """Filename, mime type and bytes, read in the scope of the centre that keeps it."""
    with centre_scope(centre_id):
        found = Evidence.objects.filter(id=evidence_id).values_list("filename", "mime", "content").first()
    return (found[0], found[1], bytes(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class MoveView:
    from_on: date
    to_on: date
    reason: str
    moved_by: str
    moved_at: datetime


def deadline_moves(occurrence_id: int, *, centre_id: int | None) -> list[MoveView]:
    """Every move of a date, first to last."""
    sql = """SELECT from_on, to_on, reason, moved_by, moved_at FROM workplan_deadlinemove{v}
             WHERE occurrence_id = %(occurrence)s ORDER BY id"""
    return [MoveView(*row) for row in rows(sql, {"occurrence": occurrence_id}, centre_id)]


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
