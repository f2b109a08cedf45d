"""One page of a list, and how many rows there are in all."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet


def page_of(found: QuerySet[Any, Any], limit: int, offset: int) -> tuple[list[Any], int]:
    """The rows `[offset, offset + limit)` in the order of `found`, and the number of all.

    They are counted only where the page itself does not tell: one that is not full is the last.
    """
    rows = list(found[offset : offset + limit])
    last = len(rows) < limit and (rows or not offset)
    return rows, offset + len(rows) if last else found.count()
