"""What is written as an array comes back as it was, whatever is in it."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bigint", [1, None, -9_007_199_254_740_993]),
        ("text", ["张三", "", None, 'a"b', "back\\slash", "{1,2}", "NULL", "线,逗号", "'; DROP TABLE x; --", "a\nb"]),
        ("bytea", [b"\x00\xff\\x41", None, b""]),
        ("bytea", [b"\x00\xff\\x41", b""]),
        ("bigint", [3, -1, 9_007_199_254_740_993]),
        ("text", ["张三", "", "{1,2}", "NULL", " 空 ", "线,逗号"]),
        ("text", [""]),
        ("text", []),
    ],
)
def test_every_value_comes_back(database, kind, values):
    from django.db import connection

    from hpf.db.arrays import array

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT v FROM unnest(%s::{kind}[]) WITH ORDINALITY AS u(v, n) ORDER BY n", [array(values)])
        assert [bytes(row[0]) if isinstance(row[0], memoryview) else row[0] for row in cursor.fetchall()] == values
