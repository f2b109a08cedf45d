"""Where a read comes from: `centre_id` None reads every centre through published views, a number reads that centre's own rows.

SQL says `{v}` after a table's name: the view's version, or nothing. Columns have the same names in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, connections

from hpf.db.scope import centre_scope


def rows(sql: str, given: Mapping[str, Any], centre_id: int | None) -> list[tuple[Any, ...]]:
    """All rows of a statement, as the observer or in the scope of one centre."""
    if centre_id is None:
        with connections["observer"].cursor() as cursor:
            cursor.execute(sql.replace("{v}", "_v1"), given)
            return list(cursor.fetchall())
    with centre_scope(centre_id), connection.cursor() as cursor:
        cursor.execute(sql.replace("{v}", ""), given)
        return list(cursor.fetchall())


LIGHT = "workplan_light(o.state, o.starts_on, o.due_on, o.is_measured, o.is_met, %(on)s, p.warn_days)"
"""The light of occurrence `o` of plan `p` on a day."""

SHADE = """workplan_shade(o.state, o.starts_on, o.due_on, o.is_measured, o.is_met, %(on)s,
        (SELECT %(on)s::date + p.warn_days FROM workplan_plan{v} p WHERE p.id = %(plan)s))"""
"""The same as a bit, of occurrence `o` of the one plan that is asked for: red 8, yellow 4, green 2, grey 1, withdrawn 0."""
