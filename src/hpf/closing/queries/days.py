"""日终状态: which steps of a day are done, and what they found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of one day. `figures` are its numbers in Chinese words; for a red step, the sentences of its checks."""

    step: str
    state: str
    figures: dict[str, Any]
    attempts: int
    done_by: str
    done_at: datetime


@dataclass(frozen=True, slots=True)
class DayView:
    """A business day: OPEN or CLOSED, and whether a step of it is red."""

    business_on: date
    state: str
    steps: int
    red: int


def steps(centre_id: int, business_on: date) -> dict[str, StepView]:
    """Every step tried for the day, by code, in the centre's scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT step, state, figures, attempts, done_by, done_at FROM closing_step WHERE centre_id = %s AND business_on = %s ORDER BY id",
            [centre_id, business_on],
        )
        return {row[0]: StepView(row[0], row[1], _json(row[2]), *row[3:]) for row in cursor.fetchall()}


def _json(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else json.loads(value)


def days(centre_id: int, limit: int = 31) -> list[DayView]:
    """The latest business days, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT d.business_on, d.state, count(s.id), count(s.id) FILTER (WHERE s.state = 'RED')
               FROM ledger_business_day d LEFT JOIN closing_step s ON s.centre_id = d.centre_id AND s.business_on = d.business_on
               WHERE d.centre_id = %s GROUP BY d.business_on, d.state ORDER BY d.business_on DESC LIMIT %s""",
            [centre_id, limit],
        )
        return [DayView(*row) for row in cursor.fetchall()]
