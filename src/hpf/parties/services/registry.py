"""全省开户登记: which centre holds an open account of a document, as blind indexes only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from hpf.db.command import step


@step
def list_in_registry(centre_id: int, person_ids: Sequence[int], since: date) -> None:
    """Enter the documents of these people as having an open account in this centre. One statement; repeats do nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO parties_registry (centre_id, id_kind, id_blind, since)"
            " SELECT centre_id, id_kind, id_blind, %s FROM parties_person WHERE centre_id = %s AND id = ANY(%s)"
            " ORDER BY id_blind ON CONFLICT (id_blind, id_kind, centre_id) DO NOTHING",
            [since, centre_id, list(person_ids)],
        )


@step
def strike_from_registry(centre_id: int, person_ids: Sequence[int]) -> None:
    """Remove them again when their last account in this centre closes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM parties_registry r USING parties_person p WHERE r.centre_id = %s AND p.centre_id = %s"
            " AND p.id = ANY(%s) AND r.id_kind = p.id_kind AND r.id_blind = p.id_blind",
            [centre_id, centre_id, list(person_ids)],
        )
