"""排名: what the rule of ranking counts, for every centre, in one statement."""

from __future__ import annotations

from datetime import date

from hpf.workplan.queries.source import rows
from hpf.workplan.rules.ranking import Place, Tally, rank

_TALLIES = """SELECT c.centre_id, c.short_name, coalesce(o.due, 0), coalesce(o.on_time, 0), coalesce(o.accepted, 0), coalesce(o.measured, 0), coalesce(o.met, 0)
    FROM parties_centre_v1 c LEFT JOIN (
        SELECT o.centre_id, count(*) AS due, count(*) FILTER (WHERE o.state IN ('REPORTED', 'ACCEPTED') AND o.reported_on <= o.due_on) AS on_time,
               count(*) FILTER (WHERE o.state = 'ACCEPTED' AND o.decided_on <= %(on)s) AS accepted,
               count(*) FILTER (WHERE o.is_measured AND o.due_on <= %(on)s) AS measured,
               count(*) FILTER (WHERE o.is_measured AND o.is_met AND o.due_on <= %(on)s) AS met
        FROM workplan_occurrence_v1 o
        WHERE o.plan_id = %(plan)s AND o.state <> 'WITHDRAWN' AND (o.due_on <= %(on)s OR o.reported_on <= %(on)s)
        GROUP BY o.centre_id) o ON o.centre_id = c.centre_id
    ORDER BY c.centre_id"""
"""Counted by centre first: joined to every occurrence the names take longer than the counting."""


def tallies(plan_id: int, on: date) -> list[Tally]:
    """Each centre's counts up to a day: due, or reported before they were."""
    return [Tally(*row) for row in rows(_TALLIES, {"plan": plan_id, "on": on}, None)]


def ranking(plan_id: int, on: date) -> tuple[Place, ...]:
    """排名 by the rule in `hpf.workplan.rules.ranking`; `rule_text()` there says it in words."""
    return rank(tallies(plan_id, on))
