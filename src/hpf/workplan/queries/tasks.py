"""任务 责任事项 期次: one by one, and as lists that are paged in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from hpf.workplan.queries.source import LIGHT, asked, page, rows
from hpf.workplan.rules.lights import Colour
from hpf.workplan.rules.states import (
    BreakdownState,
    MeasureKind,
    MeasureState,
    OccurrenceState,
    TaskOrigin,
    TaskScope,
    TaskState,
)


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task whole. `sources` are (sentence_id, anchor, text); `cites` have title and number."""

    task_id: int
    plan_id: int
    task_no: int
    title: str
    demand: str
    anchor: str
    part: str
    part_heading: str
    scope: TaskScope
    origin: TaskOrigin
    state: TaskState
    starts_on: date
    deadlines: tuple[Mapping[str, Any], ...]
    deadline_text: str
    quota: str
    cites: tuple[Mapping[str, str], ...]
    bodies: tuple[str, ...]
    measure_kind: MeasureKind
    measure_code: str
    operator: str
    target: Decimal | None
    carried_from_id: int | None
    carried_from: str
    version: int
    sources: tuple[tuple[int, str, str], ...]


_TASK = """SELECT t.id, t.plan_id, t.task_no, t.title, t.demand, t.anchor, t.part, t.part_heading, t.scope, t.origin, t.state, t.starts_on,
       t.deadlines, t.deadline_text, t.quota, t.cites, t.bodies, t.measure_kind, t.measure_code, t.operator, t.target, t.carried_from_id,
       coalesce((SELECT p.year || '年' || f.task_no || '号' FROM workplan_task f JOIN workplan_plan p ON p.id = f.plan_id WHERE f.id = t.carried_from_id), ''),
       t.version, (SELECT json_agg(json_build_array(s.id, c.anchor, s.text) ORDER BY s.id DESC) FROM workplan_tasksource x
                   JOIN workplan_sentence s ON s.id = x.sentence_id JOIN workplan_clause c ON c.id = s.clause_id WHERE x.task_id = t.id)
    FROM workplan_task t WHERE t.id = %s"""


def task(task_id: int) -> TaskView | None:
    with connection.cursor() as cursor:
        cursor.execute(_TASK, [task_id])
        row = cursor.fetchone()
    if row is None:
        return None
    plain = _json(row[12]), _json(row[15]), _json(row[16])
    return TaskView(
        *row[:8], TaskScope(row[8]), TaskOrigin(row[9]), TaskState(row[10]), row[11], tuple(plain[0]), row[13], row[14], tuple(plain[1]),
        tuple(plain[2]), MeasureKind(row[17]), *row[18:24], tuple(tuple(each) for each in _json(row[24]) or ()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """A task in a centre with the light of its worst occurrence, and how far its occurrences are; `occurrences` is 0 where
    the task was taken back from the centre."""

    assignment_id: int
    centre_id: int
    plan_id: int
    task_id: int
    task_no: int
    title: str
    measure_text: str
    section: str
    person_id: str
    person_name: str
    starts_on: date
    target: Decimal | None
    state: BreakdownState
    confirmed_by: str
    version: int
    occurrences: int
    accepted: int
    next_due_on: date | None
    colour: Colour


_ASSIGNMENTS = """SELECT a.id, a.centre_id, a.plan_id, a.task_id, t.task_no, t.title, a.measure_text, a.section, a.person_id, a.person_name,
       a.starts_on, coalesce(a.target, t.target), a.state, a.confirmed_by, a.version, o.standing, o.accepted, o.next_due_on, o.shade
    FROM workplan_assignment{v} a JOIN workplan_task{v} t ON t.id = a.task_id JOIN workplan_plan{v} p ON p.id = a.plan_id
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE o.state <> 'WITHDRAWN') AS standing, count(*) FILTER (WHERE o.state = 'ACCEPTED') AS accepted,
               min(o.due_on) FILTER (WHERE o.state NOT IN ('ACCEPTED', 'WITHDRAWN')) AS next_due_on,
               max(workplan_shade(o.state, o.starts_on, o.due_on, o.is_measured, o.is_met, %(on)s, %(on)s::date + p.warn_days)) AS shade
        FROM workplan_occurrence{v} o WHERE o.assignment_id = a.id) o
    WHERE {where} ORDER BY t.task_no, a.centre_id {page}"""
"""Occurrences are counted for the lines that are shown, each by its index; the worst light has the highest bit."""
_WORST = {8: Colour.RED, 4: Colour.YELLOW, 2: Colour.GREEN}
_OF = {
    "task": "a.task_id = %(task)s", "assignment": "a.id = %(assignment)s", "plan": "a.plan_id = %(plan)s", "section": "a.section = %(section)s",
    "person": "a.person_id = %(person)s", "centre": "a.centre_id = %(centre)s",
    "target": "coalesce(a.target, t.target) IS NOT NULL", "running": "p.state = 'ACTIVE'",
    "standing": "o.standing > 0", "state": "a.state = '{state}'",
}  # fmt: skip


def assignments(
    on: date, *, centre_id: int | None, plan_id: int | None = None, task_id: int | None = None, section: str | None = None,
    person_id: str | None = None, state: BreakdownState | None = None, with_target: bool = False, limit: int = 50, offset: int = 0,
) -> list[AssignmentView]:  # fmt: skip
    """A page of 责任事项 by task number; `centre_id` None reads all centres. Empty `section` means not handed to any.

    `with_target` reads only what is measured against a figure.

    Unless a plan or a task is named, only plans that still run are read. What was withdrawn is listed for its task only.
    """
    given = {
        "on": on, "centre": centre_id, "plan": plan_id, "task": task_id, "section": section, "person": person_id, "state": state,
        "target": with_target or None, "running": True if plan_id is None and task_id is None else None,
        "standing": True if task_id is None else None,
    }  # fmt: skip
    return _assignments(given, centre_id, page(limit, offset))


def assignment(assignment_id: int, on: date, *, centre_id: int | None) -> AssignmentView | None:
    return next(iter(_assignments({"on": on, "assignment": assignment_id}, centre_id, page(1))), None)


def assignment_id(task_id: int, centre_id: int) -> int | None:
    """The assignment of a task to a centre, where there is one."""
    sql = "SELECT id FROM workplan_assignment{v} WHERE task_id = %(task)s AND centre_id = %(centre)s"
    return next((row[0] for row in rows(sql, {"task": task_id, "centre": centre_id}, centre_id)), None)


def _assignments(given: Mapping[str, Any], centre_id: int | None, shown: str) -> list[AssignmentView]:
    """What is `asked` of `_OF`; a state is written out, for the planner knows how rare one is."""
    sql = _ASSIGNMENTS.replace("{where}", asked(_OF, given)).replace("{page}", shown)
    if given.get("state") is not None:
        sql = sql.replace("{state}", BreakdownState(given["state"]))
    return [_assignment(row) for row in rows(sql, given, centre_id)]


def _assignment(row: tuple[Any, ...]) -> AssignmentView:
    return AssignmentView(*row[:12], BreakdownState(row[12]), *row[13:18], _WORST.get(row[18], Colour.GREY))


@dataclass(frozen=True, slots=True)
class MeasureView:
    measure_id: int
    title: str
    section: str
    person_id: str
    person_name: str
    starts_on: date | None
    due_on: date | None
    state: MeasureState
    version: int


def centre_measures(assignment_id: int, *, centre_id: int | None) -> list[MeasureView]:
    """The centre's own steps of an assignment."""
    sql = """SELECT id, title, section, person_id, person_name, starts_on, due_on, state, version FROM workplan_measure{v}
             WHERE assignment_id = %(assignment)s ORDER BY due_on NULLS LAST, id"""
    return [MeasureView(*row[:7], MeasureState(row[7]), row[8]) for row in rows(sql, {"assignment": assignment_id}, centre_id)]


@dataclass(frozen=True, slots=True)
class OccurrenceView:
    """期次 with everything a line or a page says of it. `met` is None where nothing is measured, as the light takes it."""

    occurrence_id: int
    centre_id: int
    plan_id: int
    task_id: int
    assignment_id: int
    task_no: int
    title: str
    anchor: str
    part: str
    part_heading: str
    section: str
    person_id: str
    person_name: str
    period: str
    starts_on: date
    due_on: date
    first_due_on: date
    last_workday_on: date
    note: str
    state: OccurrenceState
    is_asked: bool
    question: str
    is_measured: bool
    is_met: bool | None
    value: Decimal | None
    measured_on: date | None
    words: str
    finished_by: str
    finished_at: datetime | None
    reported_by: str
    reported_at: datetime | None
    reported_on: date | None
    returns: int
    decided_by: str
    decided_at: datetime | None
    decided_on: date | None
    opinion: str
    version: int
    evidence: int
    moves: int
    colour: Colour

    @property
    def met(self) -> bool | None:
        return bool(self.is_met) if self.is_measured else None


_COLUMNS = f"""o.id, o.centre_id, o.plan_id, o.task_id, o.assignment_id, t.task_no, t.title, t.anchor, t.part, t.part_heading, a.section,
       a.person_id, a.person_name, o.period, o.starts_on, o.due_on, o.first_due_on, o.last_workday_on, o.note, o.state, o.is_asked,
       o.question, o.is_measured, o.is_met, o.value, o.measured_on, o.words, o.finished_by, o.finished_at, o.reported_by, o.reported_at,
       o.reported_on, o.returns, o.decided_by, o.decided_at, o.decided_on, o.opinion, o.version,
       (SELECT count(*) FROM workplan_evidence{{v}} e WHERE e.occurrence_id = o.id AND e.withdrawn_at IS NULL),
       (SELECT count(*) FROM workplan_deadlinemove{{v}} m WHERE m.occurrence_id = o.id), {LIGHT}"""
_FROM = """workplan_occurrence{v} o JOIN workplan_assignment{v} a ON a.id = o.assignment_id JOIN workplan_task{v} t ON t.id = o.task_id
    JOIN workplan_plan{v} p ON p.id = o.plan_id"""


WORKING = (OccurrenceState.OPEN, OccurrenceState.DONE_BY_SECTION, OccurrenceState.RETURNED)
"""What a centre still has to do something about."""
LATE = "o.due_on < %(on)s AND (o.is_measured AND o.is_met) IS NOT TRUE"
"""When what is worked on is red: the same as its light, in words that an index by date and the tables' statistics understand."""


def occurrence(occurrence_id: int, on: date, *, centre_id: int | None) -> OccurrenceView | None:
    found = rows(f"SELECT {_COLUMNS} FROM {_FROM} WHERE o.id = %(occurrence)s", {"occurrence": occurrence_id, "on": on}, centre_id)
    return _occurrence(found[0]) if found else None


@dataclass(frozen=True, slots=True)
class OccurrencePage:
    """One page, and how many there are in all."""

    lines: tuple[OccurrenceView, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of an occurrence list; None and empty mean any. `running` leaves out plans that have ended."""

    plan_id: int | None = None
    task_id: int | None = None
    assignment_id: int | None = None
    centre_ids: tuple[int, ...] = ()
    states: tuple[OccurrenceState, ...] = ()
    colours: tuple[Colour, ...] = ()
    section: str | None = None
    person_id: str | None = None
    part: str | None = None
    since: date | None = None
    until: date | None = None
    asked: bool | None = None
    text: str = ""
    running: bool = False


def occurrence_page(wanted: Wanted, on: date, *, centre_id: int | None, limit: int = 50, offset: int = 0) -> OccurrencePage:
    """期次 by date, filtered and paged in SQL; `since` and `until` (inclusive) are dates due. Withdrawn ones only when asked for."""
    where, given = _conditions(wanted)
    sql = f"""SELECT {_COLUMNS}, (SELECT count(*) FROM {_FROM} WHERE {where}) FROM {_FROM}
              WHERE {where} ORDER BY o.due_on, t.task_no, o.centre_id, o.id LIMIT %(limit)s OFFSET %(offset)s"""
    found = rows(sql, {**given, "on": on, "limit": limit, "offset": offset}, centre_id)
    return OccurrencePage(tuple(_occurrence(row[:-1]) for row in found), found[0][-1] if found else 0)


def occurrence_lines(wanted: Wanted, on: date, *, centre_id: int | None, limit: int) -> tuple[OccurrenceView, ...]:
    """The same lines for whoever takes them all: nothing is counted beside them."""
    where, given = _conditions(wanted)
    sql = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {where} ORDER BY o.due_on, t.task_no, o.centre_id, o.id {page(limit)}"
    return tuple(_occurrence(row) for row in rows(sql, {**given, "on": on}, centre_id))


def occurrence_lists(wanted: Sequence[Wanted], on: date, *, centre_id: int | None, limit: int) -> list[tuple[OccurrenceView, ...]]:
    """Several lists in one statement, each by date and of `limit` lines at most: what is in which is found first, then read once."""
    parts, given = [], {"on": on}
    for number, one in enumerate(wanted):
        where, values = _conditions(one, str(number))
        needed = " ".join(join for alias, join in _JOINED.items() if f" {alias}." in f" {where}".replace("(", " "))
        parts.append(
            f"""(SELECT {number} AS list, o.id FROM workplan_occurrence{{v}} o {needed}
                 WHERE {where} ORDER BY o.due_on, o.id {page(limit)})"""
        )
        given |= values
    sql = f"""WITH wanted AS MATERIALIZED ({" UNION ALL ".join(parts)})
              SELECT {_COLUMNS}, w.list FROM wanted w JOIN {_FROM.replace("{v} o", "{v} o ON o.id = w.id", 1)}
              ORDER BY o.due_on, t.task_no, o.centre_id, o.id"""
    found: list[list[OccurrenceView]] = [[] for _ in wanted]
    for row in rows(sql, given, centre_id):
        found[row[-1]].append(_occurrence(row[:-1]))
    return [tuple(each) for each in found]


_JOINED = {
    "a": "JOIN workplan_assignment{v} a ON a.id = o.assignment_id", "t": "JOIN workplan_task{v} t ON t.id = o.task_id",
    "p": "JOIN workplan_plan{v} p ON p.id = o.plan_id",
}  # fmt: skip


def _conditions(wanted: Wanted, suffix: str = "") -> tuple[str, dict[str, Any]]:
    """What a list asks as SQL, and its values by the names that stand in it, told apart from another list's by a suffix.

    States are written out: only then does a statement that is planned once use the index of what is worked on.
    """
    tests = {
        "plan_id": "o.plan_id = {}", "task_id": "o.task_id = {}", "assignment_id": "o.assignment_id = {}", "centre_ids": "o.centre_id = ANY({})", "colours": f"{LIGHT} = ANY({{}})", "section": "a.section = {}", "person_id": "a.person_id = {}",
        "part": "t.part = {}", "since": "o.due_on >= {}", "until": "o.due_on <= {}", "asked": "o.is_asked = {}",
        "text": "position({} IN t.title || t.demand || t.anchor) > 0",
    }  # fmt: skip
    if wanted.colours == (Colour.RED,) and wanted.states and set(wanted.states) <= set(WORKING):
        tests["colours"] = LATE
    given = {name: getattr(wanted, name) for name in tests if getattr(wanted, name) not in (None, (), "")}
    plain = {
        name + suffix: [str(each) if name != "centre_ids" else each for each in value] if isinstance(value, tuple) else value
        for name, value in given.items()
    }
    among = ", ".join(f"'{OccurrenceState(state)}'" for state in wanted.states)
    where = (
        [tests[name].replace("{}", f"%({name}{suffix})s") for name in given]
        + (["p.state = 'ACTIVE'"] if wanted.running else [])
        + [f"o.state IN ({among})" if among else "o.state <> 'WITHDRAWN'"]
    )
    return " AND ".join(where), plain


def _occurrence(row: tuple[Any, ...]) -> OccurrenceView:
    return OccurrenceView(*row[:19], OccurrenceState(row[19]), *row[20:40], Colour(row[40]))


def _json(value: Any) -> Any:
    import json

    return json.loads(value) if isinstance(value, str) else value
