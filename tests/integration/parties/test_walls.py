"""各中心互不可见, and no document in clear in any table: shown by raw SQL as the application's own role."""

from __future__ import annotations

import pytest

from tests.support.people import Fund, fresh, resident_id

ZHANG_SAN, PHONE, CARD = resident_id(1), "13909310001", "4111111111111111"


@pytest.fixture(scope="module")
def lanzhou(database):
    from hpf.parties.services import NewEmployer, register_employer
    from tests.support.people import ON, uscc

    fund = Fund(1)
    unit = fund.unit("兰州市第一中学")
    fund.member(unit, "张三", ZHANG_SAN, phone=PHONE, bank_card=CARD)
    register_employer(
        by=fund.by, centre_id=1, on=ON, key=fresh(),
        employer=NewEmployer("兰州经办有限公司", uscc(91), "620102", ON, 5, legal_name="李四", legal_id=resident_id(3),
                             operator_name="王五", operator_id=resident_id(5), operator_phone="13909310005"),
    )  # fmt: skip
    return fund


def run(sql, *values, centre=None):
    """As hpf_app, in a centre or in none."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hpf.centre', %s, true)", ["" if centre is None else str(centre)])
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


TABLES = [
    "parties_employer", "parties_employeroperator", "parties_person", "accounts_employeraccount", "accounts_memberaccount",
    "accounts_base", "accounts_event",
]  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_another_centre_sees_no_row_and_a_session_without_centre_neither(lanzhou, table):
    seen = {centre: run(f"SELECT count(*) FROM {table}", centre=centre)[0][0] for centre in (1, 2, None)}
    assert seen[1] > 0
    assert (seen[2], seen[None]) == (0, 0)


@pytest.mark.parametrize("table", ["parties_person", "parties_employer", "accounts_memberaccount", "accounts_employeraccount"])
def test_another_centre_changes_nothing(lanzhou, table):
    assert run(f"UPDATE {table} SET centre_id = 1 WHERE centre_id = 1", centre=2) == 0


def test_a_row_cannot_be_given_to_another_centre(lanzhou):
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError, match="row-level security"):
        run("UPDATE parties_person SET centre_id = 2", centre=1)
    with pytest.raises(ProgrammingError, match="row-level security"):
        run("INSERT INTO parties_flag (centre_id, subject_kind, subject_id, kind, source_no, note, since, raised_by)"
            " VALUES (2, 'PERSON', 1, 'X', 'X', '', '2026-01-01', 'x')", centre=1)  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM parties_person",
        "DELETE FROM accounts_memberaccount",
        "UPDATE accounts_event SET kind = 'X'",
        "UPDATE accounts_base SET base_fen = 1",
        "DELETE FROM parties_change",
        "UPDATE parties_centre SET name = 'X'",
        "TRUNCATE parties_person",
        "SELECT * FROM pg_authid",
    ],
)
def test_what_the_application_never_needs_it_may_not_do(lanzhou, sql):
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        run(sql, centre=1)


def test_even_the_owner_does_not_rewrite_history(lanzhou):
    from django.db import ProgrammingError, connections

    for table in ("accounts_event", "accounts_base", "parties_change"):
        with pytest.raises(ProgrammingError, match="只增不改"), connections["owner"].cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET centre_id = 2")


def test_every_centre_may_ask_the_registry_and_none_may_write_for_another(lanzhou):
    from django.db import ProgrammingError

    assert run("SELECT centre_id FROM parties_registry", centre=2) == [(1,)]
    assert run("DELETE FROM parties_registry", centre=2) == 0
    with pytest.raises(ProgrammingError, match="row-level security"):
        run("INSERT INTO parties_registry (centre_id, id_kind, id_blind, since) VALUES (1, 'PASSPORT', 'x', '2026-01-01')", centre=2)


def test_the_registry_knows_no_more_than_a_kind_a_digest_and_a_centre(lanzhou):
    columns = run("SELECT string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns"
                  " WHERE table_name = 'parties_registry'")  # fmt: skip
    assert columns == [("id,centre_id,id_kind,id_blind,since",)]


def test_no_document_phone_or_card_stands_in_clear_in_any_table(lanzhou):
    from django.db import connections

    secrets = [ZHANG_SAN, resident_id(3), resident_id(5), PHONE, "13909310005", CARD]
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1"
        )
        tables = [row[0] for row in cursor.fetchall()]
        assert "parties_person" in tables
        assert "db_command" in tables
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ~ ANY(%s)", [secrets])
            assert cursor.fetchone()[0] == 0, table
            hexed = [secret.encode().hex() for secret in secrets]
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ~ ANY(%s)", [hexed])
            assert cursor.fetchone()[0] == 0, table


def test_the_observer_reads_published_views_across_centres_and_nothing_else(lanzhou):
    from django.db import ProgrammingError, connections

    with connections["observer"].cursor() as cursor:
        for view in ("parties_centre_v1", "parties_employer_v1", "accounts_employer_v1", "accounts_member_v1", "accounts_event_v1"):
            cursor.execute(f"SELECT count(*) FROM {view}")
            assert cursor.fetchone()[0] > 0, view
        cursor.execute(
            "SELECT DISTINCT column_name FROM information_schema.columns WHERE table_name ~ '^(parties|accounts)_.*_v1$'"
            " AND column_name ~ '^(name_|id_|phone|bank|born|sex|legal)'"
        )
        assert cursor.fetchall() == []
        for table in ("parties_person", "accounts_memberaccount", "parties_registry"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute(f"SELECT * FROM {table}")


def test_every_published_column_is_explained_in_chinese(lanzhou):
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c WHERE c.table_name ~ '^(parties|accounts)_.*_v1$'"
            " AND COALESCE(col_description(c.table_name::regclass, c.ordinal_position), '') !~ '[一-龥]'"
        )
        assert cursor.fetchall() == []
