"""进度: the curve of a plan over time, and where it stands by part, section and person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.workplan.queries.source import LIGHT, rows


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Up to the end of a day: how many occurrences were due, reported and accepted."""

    on: date
    due: int
    reported: int
    accepted: int


_CURVE = """WITH alike AS MATERIALIZED (
        SELECT o.due_on, o.reported_on, CASE WHEN o.state = 'ACCEPTED' THEN o.decided_on END AS accepted_on, count(*) AS n
        FROM workplan_occurrence{v} o WHERE o.plan_id = %(plan)s AND o.state <> 'WITHDRAWN' GROUP BY 1, 2, 3)
    SELECT d.day, COALESCE(sum(n) FILTER (WHERE due_on <= d.day), 0)::int, COALESCE(sum(n) FILTER (WHERE reported_on <= d.day), 0)::int,
           COALESCE(sum(n) FILTER (WHERE accepted_on <= d.day), 0)::int
    FROM unnest(%(days)s::date[]) AS d(day) LEFT JOIN alike ON true GROUP BY d.day ORDER BY d.day"""
"""Occurrences with the same three days are counted once for all points of the curve."""


def curve(plan_id: int, days: list[date], *, centre_id: int | None) -> list[CurvePoint]:
    """进度曲线 at the given days, of a centre or of all: one query."""
    return [CurvePoint(*row) for row in rows(_CURVE, {"plan": plan_id, "days": days}, centre_id)]


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a breakdown: `key` and `label` are the part, the section, the person or the centre."""

    key: str
    label: str
    occurrences: int
    red: int
    yellow: int
    green: int
    grey: int
    due: int
    reported: int
    accepted: int


_BY = {
    "part": ("t.part", "max(t.part_heading)", "min(t.task_no)"), "section": ("a.section", "a.section", "a.section"),
    "person": ("a.person_id", "max(a.person_name)", "max(a.person_name)"), "centre": ("o.centre_id::text", "''", "min(o.centre_id)"),
}  # fmt: skip
_STANDING = f"""SELECT {{key}}, {{label}}, count(*), count(*) FILTER (WHERE light = 'RED'), count(*) FILTER (WHERE light = 'YELLOW'),
       count(*) FILTER (WHERE light = 'GREEN'), count(*) FILTER (WHERE light = 'GREY'), count(*) FILTER (WHERE o.due_on <= %(on)s),
       count(*) FILTER (WHERE o.state IN ('REPORTED', 'ACCEPTED')), count(*) FILTER (WHERE o.state = 'ACCEPTED')
    FROM workplan_occurrence{{v}} o JOIN workplan_assignment{{v}} a ON a.id = o.assignment_id JOIN workplan_task{{v}} t ON t.id = o.task_id
    JOIN workplan_plan{{v}} p ON p.id = o.plan_id CROSS JOIN LATERAL (SELECT {LIGHT} AS light) l
    WHERE o.plan_id = %(plan)s AND o.state <> 'WITHDRAWN' GROUP BY {{key}} ORDER BY {{order}}"""


def standing(plan_id: int, on: date, by: str, *, centre_id: int | None) -> list[Standing]:
    """Where a plan stands `by` "part", "section", "person" or "centre": one query."""
    key, label, order = _BY[by]
    sql = _STANDING.replace("{key}", key).replace("{label}", label).replace("{order}", order)
    return [Standing(*row) for row in rows(sql, {"plan": plan_id, "on": on}, centre_id)]
