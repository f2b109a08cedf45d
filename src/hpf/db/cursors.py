"""How a statement goes to the database: prepared when it is said often, never when it carries many rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.backends.postgresql.base import ServerBindingCursor

MANY_VALUES, LONG_TEXT = 60, 500
"""From here on a list, or an array written as text, is many rows."""


class Cursor(ServerBindingCursor):
    """A prepared statement is soon planned once for all values, and PostgreSQL then takes any array to have ten elements.

    For ten thousand it would join them in nested loops. A statement with many rows is therefore planned for just these rows.
    """

    def execute(self, query: Any, params: Any = None, *, prepare: bool | None = None, binary: bool | None = None) -> Any:
        if prepare is None and params and carries_many(params):
            prepare = False
        return super().execute(query, params, prepare=prepare, binary=binary)


def carries_many(params: Any) -> bool:
    """Whether one of the values of a statement is a whole column of rows."""
    values = params.values() if isinstance(params, Mapping) else params
    for value in values:
        kind = type(value)
        if (kind is list and len(value) >= MANY_VALUES) or (kind is str and len(value) >= LONG_TEXT):
            return True
    return False
