"""What is said again and again is prepared once, on every connection."""

from __future__ import annotations

import pytest

from hpf.db.apps import STATEMENTS_KEPT


def test_a_statement_said_often_is_prepared_and_kept(database):
    from django.db import connection

    said = "SELECT business_on FROM ledger_business_day WHERE centre_id = %s AND state = %s"
    with connection.cursor() as cursor:
        for _ in range(5):
            cursor.execute(said, [1, "OPEN"])
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT business_on FROM ledger_business_day%%'")
        assert cursor.fetchone()[0] == 1
    assert connection.connection.prepared_max == STATEMENTS_KEPT


@pytest.mark.parametrize(("size", "kept"), [(3, 1), (10_000, 0)])
@pytest.mark.parametrize("as_text", [True, False])
def test_a_statement_with_many_rows_is_planned_for_them_each_time(database, size, kept, as_text):
    from django.db import connection

    from hpf.db.arrays import array

    said = f"SELECT count(*), {size}, '{as_text}' FROM unnest(%s::bigint[]) AS given(n) JOIN unnest(%s::bigint[]) AS also(n) USING (n)"
    column = list(range(size))
    with connection.cursor() as cursor:
        for _ in range(12):
            cursor.execute(said, [array(column) if as_text else column] * 2)
            assert cursor.fetchone()[0] == size
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"SELECT count(*), {size}, '{as_text}'%"])
        assert cursor.fetchone()[0] == kept
