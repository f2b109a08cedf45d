"""Raw SQL against the ledger, as the application's role, as the observer, and as the owner of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError, connection, connections, transaction

from tests.support.books import Books

DAY = date(2025, 9, 1)


@pytest.fixture(scope="module")
def books(database: str) -> Books:
    books = Books()
    books.run("2025-09-01  汇缴  银行存款 <- 张三  100.00")
    return books


def attempt(sql: str, using: str = "default", centre: int | None = 1) -> str:
    """Run the statement and give the database's refusal; fails the test when it goes through."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic(using=using), connections[using].cursor() as cursor:
        if centre is not None:
            cursor.execute("SELECT set_config('hpf.centre', %s, true)", [str(centre)])
        cursor.execute(sql)
    return str(refused.value)


APPLICATION = [
    "INSERT INTO ledger_leg (centre_id, journal_id, line_no, subject, account_id, fen, value_on, business_on) SELECT centre_id, journal_id, 3, subject, account_id, 1, value_on, business_on FROM ledger_leg LIMIT 1",
    "INSERT INTO ledger_journal (centre_id, key, kind, template, business_on, value_on, source_kind, source_no, summary, maker, lines) VALUES (1, 'x', 'x', 'x', '2025-09-01', '2025-09-01', 'x', 'x', 'x', 'x', 2)",
    "UPDATE ledger_leg SET fen = fen * 2",
    "DELETE FROM ledger_leg",
    "TRUNCATE ledger_leg",
    "UPDATE ledger_journal SET summary = ''",
    "UPDATE ledger_account SET balance_fen = balance_fen + 1",
    "UPDATE ledger_account SET held_fen = 0",
    "UPDATE ledger_business_day SET state = 'OPEN'",
    "DELETE FROM ledger_hold",
    "UPDATE db_command SET answer = '{}'",
    "DELETE FROM db_command",
    "ALTER TABLE ledger_leg DISABLE TRIGGER ALL",
    "SET ROLE hpf_owner",
]


@pytest.mark.parametrize("sql", APPLICATION)
def test_the_applications_role_writes_the_books_only_through_posting(books: Books, sql: str) -> None:
    message = attempt(sql)
    assert any(word in message for word in ("permission denied", "must be owner", "只增不改"))
    books.check("张三  100.00")


OWNER = [
    "UPDATE ledger_leg SET fen = fen * 2",
    "UPDATE ledger_leg_1 SET fen = fen * 2",
    "DELETE FROM ledger_leg_1",
    "TRUNCATE ledger_leg_1",
    "UPDATE ledger_journal SET summary = ''",
    "UPDATE db_command SET answer = '{}'",
]


@pytest.mark.parametrize("sql", OWNER)
def test_even_the_owner_cannot_change_what_is_posted(books: Books, sql: str) -> None:
    assert "只增不改" in attempt(sql, using="owner")
    books.check("张三  100.00")


def test_the_database_refuses_an_unbalanced_journal_from_anybody(books: Books) -> None:
    message = attempt(
        """WITH j AS (INSERT INTO ledger_journal (centre_id, key, kind, template, business_on, value_on, source_kind, source_no, summary, maker, lines)
               VALUES (1, 'raw', 'x', 'x', '2025-09-01', '2025-09-01', 'x', 'x', 'x', 'x', 2) RETURNING id),
                a AS (SELECT id, subject, row_number() OVER (ORDER BY id) AS n FROM ledger_account WHERE centre_id = 1 ORDER BY id LIMIT 2)
           INSERT INTO ledger_leg (centre_id, journal_id, line_no, subject, account_id, fen, value_on, business_on)
           SELECT 1, j.id, a.n, a.subject, a.id, CASE a.n WHEN 1 THEN 100 ELSE -99 END, '2025-09-01', '2025-09-01' FROM j, a""",
        using="owner",
    )
    assert "借贷不平" in message


def test_the_database_refuses_a_balance_below_what_is_held(books: Books) -> None:
    assert "ledger_balance_covers_holds" in attempt(
        "UPDATE ledger_account SET held_fen = 10001 WHERE subject = 201 AND balance_fen = 10000", using="owner"
    )


def test_a_posting_function_refuses_another_centre_than_the_sessions(books: Books) -> None:
    account = books.account("张三")
    message = attempt(
        f"SELECT hpf_post(1::smallint, 'k', 'x', 'x', 'NORMAL', '2025-09-01', '2025-09-01', 'x', 'x', 'x', 'x', NULL, NULL, ARRAY[{account}, {account}]::bigint[], ARRAY[1, -1]::bigint[], ARRAY[NULL, NULL]::bigint[], NULL, true)",
        centre=2,
    )
    assert "会话中心 2 不能为中心 1 记账" in message


def seen(table: str, centre: int | None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hpf.centre', %s, true)", ["" if centre is None else str(centre)])
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("table", ["ledger_account", "ledger_journal", "ledger_leg", "ledger_business_day"])
def test_a_centre_sees_its_own_rows_and_without_a_centre_nothing_is_seen(books: Books, table: str) -> None:
    expected = {"ledger_account": 2, "ledger_journal": 1, "ledger_leg": 2, "ledger_business_day": 1}[table]
    assert (seen(table, 1), seen(table, 2), seen(table, None)) == (expected, 0, 0)


@pytest.fixture
def business_tables(database: str) -> Iterator[list[str]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("""SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                          WHERE a.attname = 'centre_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace""")
        yield [row[0] for row in cursor.fetchall()]


def test_every_table_with_a_centre_is_separated_by_the_database(business_tables: list[str]) -> None:
    # What a session reads before it has a centre (who may sign in where), and what belongs to no centre's business:
    # the law, the list of branches, and the registry of blind indexes that finds one person in two centres.
    shared = {"policy_parameter", "parties_branch", "parties_registry", "access_appointment", "access_client"}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {row[0] for row in cursor.fetchall()}
    assert {table for table in business_tables if table not in secured} <= shared
    assert len(secured) >= 20


def test_the_observer_reads_published_views_and_no_table(business_tables: list[str]) -> None:
    with connections["observer"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_leg_v1")
        assert cursor.fetchone()[0] == 2
    for table in business_tables:
        assert "permission denied" in attempt(f"SELECT 1 FROM {table} LIMIT 1", using="observer", centre=None)
