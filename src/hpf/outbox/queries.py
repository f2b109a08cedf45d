"""What waits to be delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    message_id: int
    kind: str
    key: str
    payload: dict[str, Any]
    created_at: datetime
    attempts: int
    next_try_at: datetime | None
    last_error: str


def waiting(centre_id: int, kind: str | None = None, limit: int = 200) -> list[WaitingMessage]:
    """Undelivered messages, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, key, payload::json, created_at, attempts, next_try_at, last_error FROM outbox_message"
            " WHERE centre_id = %s AND delivered_at IS NULL AND (%s::text IS NULL OR kind = %s) ORDER BY id LIMIT %s",
            [centre_id, kind, kind, limit],
        )
        return [WaitingMessage(*row) for row in cursor.fetchall()]


def due(at: datetime) -> dict[int, set[str]]:
    """{centre: kinds that have a message to deliver now}, over all centres in one query."""
    found: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT centre_id, kind FROM hpf_outbox_due(%s)", [at])
        for centre_id, kind in cursor.fetchall():
            found.setdefault(centre_id, set()).add(kind)
    return found
