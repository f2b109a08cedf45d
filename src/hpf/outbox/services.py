"""写入 领取 投递: a message is written with its cause, claimed by one worker at a time, and done when the worker says so."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from hpf.db.command import step
from hpf.db.scope import centre_scope
from hpf.outbox.rules import pause_after

LEASE = timedelta(seconds=int(os.environ.get("HPF_LEASE_SECONDS", "300")))
"""租期: how long work belongs to whoever began it. After that he is taken for dead, and somebody else goes on."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker alone holds until its lease ends."""

    message_id: int
    centre_id: int
    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int


@step
def enqueue(centre_id: int, kind: str, key: str, payload: dict[str, Any]) -> None:
    """Write one message; the same key again changes nothing."""
    enqueue_all(centre_id, kind, [(key, payload)])


@step
def enqueue_all(centre_id: int, kind: str, messages: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Write many messages of one kind by one statement: (key, payload) each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_message (centre_id, kind, key, payload, attempts, last_error)"
            " SELECT %s::smallint, %s, m.key, m.payload::jsonb, 0, '' FROM unnest(%s::text[], %s::text[]) AS m(key, payload)"
            " ON CONFLICT (centre_id, key) DO NOTHING",
            [centre_id, kind, [key for key, _ in messages], [json.dumps(payload, ensure_ascii=False) for _, payload in messages]],
        )


def claim(centre_id: int, kind: str, *, at: datetime, limit: int = 50, lease: timedelta = LEASE) -> list[Claimed]:
    """Take due messages for one worker: others do not see them until the lease ends.

    Locks    the rows taken, skipping those another worker is taking
    """
    with centre_scope(centre_id), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_message m SET attempts = m.attempts + 1, next_try_at = %s FROM (SELECT id FROM outbox_message"
            " WHERE centre_id = %s AND kind = %s AND delivered_at IS NULL AND (next_try_at IS NULL OR next_try_at <= %s)"
            " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) due"
            " WHERE m.id = due.id RETURNING m.id, m.centre_id, m.kind, m.key, m.payload::json, m.attempts",
            [at + lease, centre_id, kind, at, limit],
        )
        return sorted((Claimed(*row) for row in cursor.fetchall()), key=lambda claimed: claimed.message_id)


def delivered(claimed: Claimed, *, at: datetime) -> None:
    """The effect has happened; the message is never claimed again."""
    with centre_scope(claimed.centre_id), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_message SET delivered_at = %s, last_error = '' WHERE id = %s AND delivered_at IS NULL", [at, claimed.message_id]
        )


def failed(claimed: Claimed, error: str, *, at: datetime) -> None:
    """The effect has surely not happened; try again after a pause that grows with every attempt."""
    with centre_scope(claimed.centre_id), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_message SET next_try_at = %s, last_error = %s WHERE id = %s AND delivered_at IS NULL",
            [at + pause_after(claimed.attempts), error[:300], claimed.message_id],
        )


@step
def next_sequence(centre_id: int, kind: str, business_on: date) -> int:
    """The next number of the centre's day, from 1. Commits with the caller, who must commit before using it outside.

    Locks    the counter's row to the end of the transaction
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_sequence AS s (centre_id, kind, business_on, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (centre_id, kind, business_on) DO UPDATE SET last = s.last + 1 RETURNING last",
            [centre_id, kind, business_on],
        )
        return int(cursor.fetchone()[0])
