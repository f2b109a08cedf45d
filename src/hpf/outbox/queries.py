"""What waits to be delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from hpf.db.scope import centre_scope


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


def due_kinds(centre_id: int, at: datetime) -> set[str]:
    """The kinds that have a message to deliver now."""
    with centre_scope(centre_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT kind FROM outbox_message WHERE centre_id = %s AND delivered_at IS NULL"
            " AND (next_try_at IS NULL OR next_try_at <= %s)",
            [centre_id, at],
        )
        return {row[0] for row in cursor.fetchall()}
