"""交办: tasks go out to their centres with every date of the plan year. Few statements, however many tasks and centres."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from hpf.db.command import step
from hpf.policy import queries as policy
from hpf.workplan.models import Plan, Task
from hpf.workplan.rules.deadlines import DeadlineRule, Due, due_dates, rule_from_json, whole_year
from hpf.workplan.rules.states import MeasureKind

CENTRES = tuple(range(1, 17))


@dataclass(frozen=True, slots=True)
class Handed:
    """A task for one centre; what a centre had said of it last year comes along."""

    task_id: int
    centre_id: int
    measure_text: str = ""
    section: str = ""
    person_id: str = ""
    person_name: str = ""
    target: str | None = None


@dataclass(frozen=True, slots=True)
class HandedOut:
    assignments: int
    occurrences: int


@step
def hand_out(plan: Plan, tasks: Sequence[Task], handed: Iterable[Handed]) -> HandedOut:
    """Assignments and occurrences for the given tasks and centres, by the province: three statements."""
    rows = list(handed)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('workplan_assignment_id_seq') FROM generate_series(1, %s)", [len(rows)])
        ids = [row[0] for row in cursor.fetchall()]
        starts = {task.id: task.starts_on.isoformat() for task in tasks}
        assignments = [
            {
                "id": number, "centre_id": row.centre_id, "plan_id": plan.id, "task_id": row.task_id, "measure_text": row.measure_text,
                "section": row.section, "person_id": row.person_id, "person_name": row.person_name, "starts_on": starts[row.task_id],
                "target": row.target,
            }
            for number, row in zip(ids, rows, strict=True)
        ]  # fmt: skip
        cursor.execute(
            """INSERT INTO workplan_assignment (id, centre_id, plan_id, task_id, measure_text, section, person_id, person_name, starts_on,
                                                target, state, confirmed_by, version)
               SELECT id, centre_id, plan_id, task_id, measure_text, section, person_id, person_name, starts_on, target, 'NEW', '', 1
               FROM json_to_recordset(%s) AS r(id bigint, centre_id smallint, plan_id bigint, task_id bigint, measure_text text,
                    section text, person_id text, person_name text, starts_on date, target numeric)""",
            [json.dumps(assignments, ensure_ascii=False)],
        )
        periods = {task.id: periods_of(plan, task) for task in tasks}
        measured = {task.id: MeasureKind(task.measure_kind).is_measured for task in tasks}
        occurrences = [
            {
                "centre_id": row.centre_id,
                "plan_id": plan.id,
                "task_id": row.task_id,
                "assignment_id": number,
                "is_measured": measured[row.task_id],
                **period,
            }
            for number, row in zip(ids, rows, strict=True)
            for period in periods[row.task_id]
        ]
        insert_occurrences(occurrences)
    return HandedOut(len(assignments), len(occurrences))


def insert_occurrences(rows: Sequence[dict[str, object]]) -> None:
    """Occurrences by one statement; the same period of an assignment twice stays one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO workplan_occurrence (centre_id, plan_id, task_id, assignment_id, period, starts_on, due_on, first_due_on,
                   last_workday_on, note, is_measured, state, is_asked, question, words, finished_by, reported_by, returns, decided_by, opinion, version)
               SELECT centre_id, plan_id, task_id, assignment_id, period, starts_on, due_on, due_on, last_workday_on, note,
                      is_measured, 'OPEN', false, '', '', '', '', 0, '', '', 1
               FROM json_to_recordset(%s) AS r(centre_id smallint, plan_id bigint, task_id bigint, assignment_id bigint, period text,
                    starts_on date, due_on date, last_workday_on date, note text, is_measured boolean)
               WHERE NOT EXISTS (SELECT FROM workplan_occurrence o WHERE o.assignment_id = r.assignment_id AND o.period = r.period)""",
            [json.dumps(rows, ensure_ascii=False)],
        )


def periods_of(plan: Plan, task: Task) -> list[dict[str, object]]:
    """The task's dates as rows. What was due before the plan was issued was never asked for."""
    calendar = policy.workdays().going_on()
    rules = tuple(rule_from_json(stored) for stored in task.deadlines) or (whole_year(plan.year),)
    dues = due_dates(rules, plan.year, calendar)
    asked = [due for due in dues if due.due_on >= task.starts_on] or list(dues[-1:])
    return [occurrence_row(due, task.starts_on) for due in _apart(asked)]


def occurrence_row(due: Due, since: date) -> dict[str, object]:
    return {
        "period": due.period, "starts_on": min(max(since, first_day(due.period) or since), due.due_on).isoformat(),
        "due_on": due.due_on.isoformat(), "last_workday_on": due.last_workday_on.isoformat(), "note": due.note,
    }  # fmt: skip


def first_day(period: str) -> date | None:
    """On which day the period of a recurring duty begins; None for a single date."""
    year, _, rest = period.partition("-")
    if rest.startswith("Q"):
        return date(int(year), int(rest[1:]) * 3 - 2, 1)
    return date(int(year), int(rest), 1) if len(rest) == 2 else None


def _apart(dues: Sequence[Due]) -> list[Due]:
    """Two rules of one task may name the same period; the date then tells them apart."""
    seen: set[str] = set()
    apart = []
    for due in dues:
        if due.period in seen:
            due = Due(due.due_on.isoformat(), due.due_on, due.last_workday_on, due.note)
        seen.add(due.period)
        apart.append(due)
    return apart


def deadline_text(rules: Iterable[DeadlineRule]) -> str:
    return "；".join(dict.fromkeys(rule.words or rule.text for rule in rules))
