"""The centre a session works in. Without one, row-level security shows no business row at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg.pq import TransactionStatus


@contextmanager
def centre_scope(centre_id: int) -> Iterator[None]:
    """Reads and writes inside see this centre only. Nested scopes give the outer centre back at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('hpf.centre', true), set_config('hpf.centre', %s, false)", [str(centre_id)])
        before = cursor.fetchone()[0] or ""
    try:
        yield
    finally:
        # In a failed transaction nothing can be said any more, and its rollback takes the setting back by itself.
        session = connection.connection
        if session is not None and not session.closed and session.info.transaction_status != TransactionStatus.INERROR:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('hpf.centre', %s, false)", [before])


def current_centre() -> int | None:
    """The centre of the session, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('hpf.centre', true), '')")
        value = cursor.fetchone()[0]
    return None if value is None else int(value)
