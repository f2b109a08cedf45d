"""What is said again and again is prepared once, on every connection."""

from __future__ import annotations

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
