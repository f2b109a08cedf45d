"""The centre a session works in. Without one, row-level security shows no business row at all.

A scope of the centre that already stands says nothing to the database: pages and stories are full of such scopes. What
stands is remembered with the session it stands in, and only where no rollback can take it away unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg.pq import TransactionStatus


@contextmanager
def centre_scope(centre_id: int) -> Iterator[None]:
    """Reads and writes inside see this centre only. Nested scopes give the outer centre back at the end."""
    if stands(centre_id):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('hpf.centre', true), set_config('hpf.centre', %s, false)", [str(centre_id)])
        before = cursor.fetchone()[0] or ""
    previous = remembered()
    remember(None if connection.in_atomic_block else centre_id)
    try:
        yield
    finally:
        _remember(previous)
        # In a failed transaction nothing can be said any more, and its rollback takes the setting back by itself.
        session = connection.connection
        if session is not None and not session.closed and session.info.transaction_status != TransactionStatus.INERROR:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('hpf.centre', %s, false)", [before])


Standing = tuple[object, int] | None
"""A session and the centre that stands in it."""


def stands(centre_id: int) -> bool:
    """Whether this very session is known to work in the centre."""
    standing = remembered()
    return standing is not None and standing[0] is connection.connection and standing[1] == centre_id


def remembered() -> Standing:
    return getattr(connection, "hpf_standing", None)


def remember(centre_id: int | None) -> None:
    """Note that the centre stands in the session from here on; None when nothing certain is known."""
    _remember(None if centre_id is None else (connection.connection, centre_id))


def _remember(standing: Standing) -> None:
    connection.hpf_standing = standing  # type: ignore[attr-defined]


def take_back(previous: Standing, centre_id: int) -> None:
    """After a command in `centre_id`: what stood before it stands again, unless an open transaction still works elsewhere."""
    same = previous is not None and previous[1] == centre_id
    _remember(previous if same or not connection.in_atomic_block else None)


def current_centre() -> int | None:
    """The centre of the session, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('hpf.centre', true), '')")
        value = cursor.fetchone()[0]
    return None if value is None else int(value)
