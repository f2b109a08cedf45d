"""进度: the curve of a plan over time, and where it stands by part, section and person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from hpf.workplan.queries.source import SHADE, rows


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


@dataclass(frozen=True, slots=True)
class _By:
    """`each` is what occurrences are counted by first, `of` where its name is read, and `key`, `label`, `order` the lines of the answer."""

    each: str
    of: str
    key: str
    label: str
    order: str


_TASK = "JOIN workplan_task{v} t ON t.id = line.task_id"
_ASSIGNMENT = "JOIN workplan_assignment{v} a ON a.task_id = line.task_id AND a.centre_id = line.centre_id"
_BY = {
    "part": _By("o.task_id", _TASK, "t.part", "max(t.part_heading)", "min(t.task_no)"),
    "section": _By("o.task_id, o.centre_id", _ASSIGNMENT, "a.section", "a.section", "a.section"),
    "person": _By("o.task_id, o.centre_id", _ASSIGNMENT, "a.person_id", "max(a.person_name)", "max(a.person_name)"),
    "centre": _By("o.centre_id", "", "line.centre_id::text", "''", "min(line.centre_id)"),
}
_STANDING = f"""WITH line AS MATERIALIZED (
        SELECT {{each}}, count(*) AS n, count(*) FILTER (WHERE shade = 8) AS red, count(*) FILTER (WHERE shade = 4) AS yellow,
               count(*) FILTER (WHERE shade = 2) AS green, count(*) FILTER (WHERE shade = 1) AS grey, count(*) FILTER (WHERE o.due_on <= %(on)s) AS due,
               count(*) FILTER (WHERE o.state IN ('REPORTED', 'ACCEPTED')) AS reported, count(*) FILTER (WHERE o.state = 'ACCEPTED') AS accepted
        FROM workplan_occurrence{{v}} o CROSS JOIN LATERAL (SELECT {SHADE} AS shade) l
        WHERE o.plan_id = %(plan)s AND o.state <> 'WITHDRAWN' GROUP BY {{each}})
    SELECT {{key}}, {{label}}, sum(n)::int, sum(red)::int, sum(yellow)::int, sum(green)::int, sum(grey)::int, sum(due)::int, sum(reported)::int,
           sum(accepted)::int
    FROM line {{of}} GROUP BY {{key}} ORDER BY {{order}}"""
"""Counted in the order of the wall's index, which holds all that decides; names are joined to the counts."""


def standing(plan_id: int, on: date, by: str, *, centre_id: int | None) -> list[Standing]:
    """Where a plan stands `by` "part", "section", "person" or "centre": one query."""
    sql = _STANDING
    for name, words in asdict(_BY[by]).items():
        sql = sql.replace("{" + name + "}", words)
    return [Standing(*row) for row in rows(sql, {"plan": plan_id, "on": on}, centre_id)]
