"""进度: long work says how far it is, outside its own transaction, so that a page can show it and be left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from hpf.db.scope import centre_scope


@dataclass(frozen=True, slots=True)
class Progress:
    """One long job. `state` RUNNING, DONE, FAILED or STOPPED; `done` of `total` rows."""

    job_id: int
    centre_id: int
    kind: str
    title: str
    reference: str
    state: str
    done: int
    total: int
    note: str
    result: dict[str, Any]
    started_at: datetime
    finished_at: datetime | None

    @property
    def percent(self) -> int:
        return 100 if self.state == "DONE" else min(99, self.done * 100 // self.total) if self.total else 0


_COLUMNS = "id, centre_id, kind, title, reference, state, done, total, note, result, started_at, finished_at"


def _run(sql: str, values: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone() if cursor.description else None


def start(centre_id: int, kind: str, title: str, total: int, reference: str = "") -> int:
    """Open a job's row; returns its id."""
    with centre_scope(centre_id):
        row = _run(
            "INSERT INTO db_progress (centre_id, kind, title, reference, total) VALUES (%s, %s, %s, %s, %s) RETURNING id",
            [centre_id, kind, title, reference, total],
        )
    return int(row[0])


def advance(centre_id: int, job_id: int, done: int, note: str = "", total: int | None = None) -> None:
    """Say how many rows are done, and of how many once that is known. Between chunks, never inside a business transaction."""
    with centre_scope(centre_id):
        _run(
            "UPDATE db_progress SET done = %s, note = %s, total = COALESCE(%s::integer, total) WHERE id = %s AND state = 'RUNNING'",
            [done, note, total, job_id],
        )


def finish(centre_id: int, job_id: int, state: str, result: dict[str, Any], note: str = "") -> None:
    """End a job as DONE, FAILED or STOPPED, with what the page shows afterwards."""
    with centre_scope(centre_id):
        _run(
            "UPDATE db_progress SET state = %s, result = %s, note = %s, finished_at = clock_timestamp(),"
            " done = CASE WHEN %s = 'DONE' THEN total ELSE done END WHERE id = %s",
            [state, json.dumps(result, ensure_ascii=False), note, state, job_id],
        )


def get(centre_id: int, job_id: int) -> Progress | None:
    """One job of this centre, or None."""
    with centre_scope(centre_id):
        row = _run(f"SELECT {_COLUMNS} FROM db_progress WHERE id = %s", [job_id])
    if row is None:
        return None
    result = row[9] if isinstance(row[9], dict) else json.loads(row[9] or "{}")
    return Progress(*row[:9], result, *row[10:])
