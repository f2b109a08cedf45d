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


def asked(tests: Mapping[str, str], given: Mapping[str, Any]) -> str:
    """The conditions on what is asked for, put together; what is None is no condition at all.

    A statement that says `%(plan)s IS NULL OR …` is planned anew each time; one that says only what it asks is planned once.
    """
    return " AND ".join(test for name, test in tests.items() if given.get(name) is not None) or "true"


def page(limit: int, offset: int = 0) -> str:
    """LIMIT and OFFSET as they are: of a parameter the planner takes a tenth of all rows, and a page is planned anew each time."""
    return f"LIMIT {limit:d}" + (f" OFFSET {offset:d}" if offset else "")


LIGHT = "workplan_light(o.state, o.starts_on, o.due_on, o.is_measured, o.is_met, %(on)s, p.warn_days)"
"""The light of occurrence `o` of plan `p` on a day."""

SHADE = """workplan_shade(o.state, o.starts_on, o.due_on, o.is_measured, o.is_met, %(on)s,
        (SELECT %(on)s::date + p.warn_days FROM workplan_plan{v} p WHERE p.id = %(plan)s))"""
"""The same as a bit, of occurrence `o` of the one plan that is asked for: red 8, yellow 4, green 2, grey 1, withdrawn 0."""
