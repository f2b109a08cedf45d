"""Many new rows of one table by one statement whose text does not grow with them.

Django falls back to a placeholder for every value as soon as one column is binary, as every encrypted one is; two thousand rows of
thirty columns are then sixty thousand placeholders, which costs more than the rows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, JSONField, Model
from psycopg import Binary

from hpf.db.arrays import array
from hpf.db.command import step


@step
def insert_many(rows: Sequence[Model]) -> None:
    """INSERT the rows, all of one model and new. Each gets its id, so that rows referring to it can be written next.

    Ids are drawn in the order of the rows: an INSERT takes what it selects in the order it asks for. Fields are written as
    `save()` would write them; columns of arrays are not supported. Nothing is written for no rows.
    Errors   those of the database, for all rows together
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields: list[Any] = [field for field in meta.concrete_fields if field is not meta.auto_field]
    names = ", ".join(f'"{field.column}"' for field in fields)
    arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({names}) SELECT {names} FROM unnest({arrays}) WITH ORDINALITY AS given ({names}, n)'
            f" ORDER BY n RETURNING {meta.pk.column}",
            [array([_value(field, row) for row in rows]) for field in fields],
        )
        if meta.auto_field is not None:
            for row, number in zip(rows, sorted(number for (number,) in cursor.fetchall()), strict=True):
                setattr(row, meta.auto_field.attname, number)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _type(field: Field[Any, Any]) -> str:
    """Without its length: a text that is too long is to be refused, not cut."""
    target: Field[Any, Any] = field.target_field if field.is_relation else field
    found = (target.db_type if field is target else target.rel_db_type)(connection)
    assert found is not None
    return found.partition("(")[0]


def _value(field: Any, row: Model) -> int | str | bytes | None:
    value = field.pre_save(row, add=True)
    if isinstance(field, JSONField):
        return None if value is None else json.dumps(value, ensure_ascii=False, cls=field.encoder)
    value = field.get_db_prep_save(value, connection)
    if isinstance(value, Binary):
        return bytes(value.obj)
    if value is None or isinstance(value, int | str | bytes):
        return value
    if isinstance(value, date | Decimal | UUID):
        return str(value)
    raise TypeError(f"{field.name}: {type(value).__name__} cannot be written in bulk")
