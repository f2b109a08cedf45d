"""换密钥: move ciphertexts of a centre to the current data key."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from hpf.db.command import command
from hpf.db.crypto import reencrypt
from hpf.kernel.actor import Actor
from hpf.parties.models import BANK_CARD, ID_NUMBER, ID_ORIGINAL, PHONE

_COLUMNS = {"id_number": ID_NUMBER, "id_original": ID_ORIGINAL, "phone": PHONE, "bank_card": BANK_CARD}


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """`last_id` is where the next part begins; `rows` 0 means the centre is done."""

    rows: int
    last_id: int


@command("parties.rekey")
def rekey_people(*, by: Actor, centre_id: int, after_id: int, rows: int, key: str) -> Rekeyed:
    """Re-encrypt one part of a centre's people, in id order. Safe to run again; names and indexes stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {', '.join(_COLUMNS)} FROM parties_person WHERE centre_id = %s AND id > %s ORDER BY id LIMIT %s FOR UPDATE",
            [centre_id, after_id, rows],
        )
        found = cursor.fetchall()
        if not found:
            return Rekeyed(0, after_id)
        columns = [
            [None if row[place] is None else reencrypt(row[place], context) for row in found]
            for place, context in enumerate(_COLUMNS.values(), 1)
        ]
        cursor.execute(
            f"UPDATE parties_person p SET {', '.join(f'{name} = u.{name}' for name in _COLUMNS)}"
            f" FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[]) AS u(id, {', '.join(_COLUMNS)})"
            " WHERE p.id = u.id",
            [[row[0] for row in found], *columns],
        )
    return Rekeyed(len(found), found[-1][0])
