"""编号: numbers run within a centre and a series, whoever else works; numbers given before stay and are never given again."""

from __future__ import annotations

import threading
from datetime import date
from importlib import import_module

import pytest

from tests.support.people import AT, ON, Fund, fresh, resident_id


@pytest.fixture
def centres(own_database):
    """Lanzhou and Tianshui, on a database in which nobody has a number yet."""
    return Fund(1), Fund(5, "620502")


def running(number):
    return int(number[3:11])


def take(centre_id, series, count=1, session=None):
    """What a session of the centre is given."""
    from django.db import connection

    from hpf.db.scope import centre_scope

    with centre_scope(session or centre_id), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM hpf_take_numbers(%s::smallint, %s, %s)", [centre_id, series, count])
        return [row[0] for row in cursor.fetchall()]


def by_the_owner(*statements):
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def sequences(centre_id):
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relname LIKE %s", [rf"parties\_number\_{centre_id}\_%"])
        return cursor.fetchone()[0]


def rows(table, column, centre_id):
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE centre_id = %s ORDER BY id", [centre_id])
        return [row[0] for row in cursor.fetchall()]


def test_each_centre_counts_its_own_units_accounts_and_people(centres):
    lanzhou, tianshui = centres
    for turn in range(2):
        for fund, name in ((lanzhou, "兰州"), (tianshui, "天水")):
            unit = fund.unit(f"{name}市第{turn}中学")
            assert running(unit) == turn + 1
            pair = [fund.new_member("张三", resident_id(10 * turn + 1)), fund.new_member("李四", resident_id(10 * turn + 3))]
            assert [running(line.account_no) for line in fund.ask(unit, *pair)] == [2 * turn + 1, 2 * turn + 2]
    for centre_id in (1, 5):
        assert [running(no) for no in rows("parties_employer", "employer_no", centre_id)] == [1, 2]
        assert [no[:3] for no in rows("accounts_memberaccount", "account_no", centre_id)] == [f"{centre_id:02d}1"] * 4


def test_papers_are_counted_within_their_centre_too(centres):
    from django.db import transaction

    from hpf.contributions.services.numbers import take_number as list_number
    from hpf.freezes.services.numbers import take_number as freeze_number
    from hpf.withdrawals.services.numbers import take_numbers as withdrawal_numbers

    for centre_id, fund in zip((1, 5), centres, strict=True):
        with fund.scope(), transaction.atomic():
            assert withdrawal_numbers("TQ", centre_id, ON, 2) == [f"TQ{centre_id:02d}26080300000001", f"TQ{centre_id:02d}26080300000002"]
            assert list_number(centre_id, ON) == f"{centre_id:02d}26080300000001"
            assert freeze_number("DJ", centre_id, ON) == f"DJ{centre_id:02d}260803000001"


def test_payments_and_receipts_have_ids_counted_within_their_centre(centres):
    """They are found by the id that their number carries, so the ids begin with the centre."""
    from django.db import DatabaseError, connection, transaction

    from hpf.treasury.rules.numbers import PAYMENT, id_of
    from hpf.treasury.services.batches import take_payment_nos

    for centre_id, fund in zip((1, 5), centres, strict=True):
        with fund.scope(), transaction.atomic():
            numbers = take_payment_nos(centre_id, 2)
        assert numbers == [f"FK0{centre_id}0{centre_id}0000000{n}" for n in (1, 2)]
        assert [id_of(PAYMENT, number) for number in numbers] == [centre_id * 100_000_000 + n for n in (1, 2)]
        for table in ("receipt", "collection", "paymentbatch"):
            with fund.scope(), connection.cursor() as cursor:
                cursor.execute("SELECT column_default FROM information_schema.columns WHERE column_name = 'id' AND table_name = %s",
                               [f"treasury_{table}"])  # fmt: skip
                cursor.execute(f"SELECT {cursor.fetchone()[0]}")
                assert cursor.fetchone()[0] == centre_id * 100_000_000 + 1
    with pytest.raises(DatabaseError, match="没有编号系列 receipts"), connection.cursor() as cursor:
        cursor.execute("SELECT hpf_id_in_centre('receipts')")


def test_a_list_of_people_takes_its_ids_and_numbers_in_one_statement(centres, queries):
    lanzhou, _ = centres
    unit = lanzhou.unit()
    queries.clear()
    lanzhou.ask(unit, *(lanzhou.new_member(f"王{name}", resident_id(100 + 2 * turn)) for turn, name in enumerate("甲乙丙丁戊")))
    assert len([sql for sql in queries if "hpf_take_numbers" in sql]) == 1
    assert [sql for sql in queries if "nextval" in sql and "hpf_take_numbers" not in sql] == []


def test_clerks_at_once_draw_different_numbers_and_none_waits_for_another(centres):
    """One clerk's opening is not yet written; the others are given the next numbers meanwhile."""
    from django.db import connection, transaction

    lanzhou, _ = centres
    units = [lanzhou.unit(f"兰州市第{turn}小学") for turn in range(4)]
    answers, failures, start = [], [], threading.Barrier(4)

    def clerk(turn):
        try:
            start.wait()
            people = [lanzhou.new_member("赵六", resident_id(200 + 20 * turn + 2 * line)) for line in range(5)]
            answers.extend(lanzhou.ask(units[turn], *people))
        except Exception as failure:  # told in the test's own thread
            failures.append(failure)
        finally:
            connection.close()

    with lanzhou.scope(), transaction.atomic():
        held = take(1, "1")
        threads = [threading.Thread(target=clerk, args=(turn,)) for turn in range(4)]
        [thread.start() for thread in threads]
        [thread.join(30) for thread in threads]
        assert not failures and not any(thread.is_alive() for thread in threads)
    assert held == [1]
    assert sorted(running(answer.account_no) for answer in answers) == list(range(2, 22))


def test_what_is_rolled_back_leaves_a_gap_and_is_not_given_again(centres):
    from django.db import transaction

    lanzhou, _ = centres
    with pytest.raises(RuntimeError), lanzhou.scope(), transaction.atomic():
        assert take(1, "1", 3) == [1, 2, 3]
        raise RuntimeError
    assert take(1, "1") == [4]


def test_a_centre_that_comes_later_begins_every_series(centres):
    lanzhou, _ = centres
    lanzhou.unit()
    by_the_owner(
        "INSERT INTO parties_centre (id, code, name, short_name, kind) VALUES (77, 'NEW', '新区住房公积金管理中心', '新区', 'CITY')"
    )
    assert sequences(77) == sequences(1) > 0
    assert take(77, "1", 2) == [1, 2] and take(77, "3") == [1] and take(1, "2") == [2]


def test_a_series_that_comes_later_begins_in_every_centre(centres):
    by_the_owner("INSERT INTO parties_series VALUES ('later', '以后的编号')")
    assert take(1, "later", 2) == [1, 2] and take(16, "later") == [1]


def test_loading_the_centres_again_takes_nothing_back(centres):
    from hpf.parties import queries
    from hpf.parties.services import load_centres

    assert take(5, "1", 3) == [1, 2, 3]
    load_centres(
        [{"id": c.centre_id, "code": c.code, "name": c.name, "short_name": c.short_name, "kind": c.kind} for c in queries.centres()]
    )
    assert take(5, "1") == [4]


@pytest.mark.parametrize(("centre_id", "series"), [(78, "1"), (1, "none")])
def test_an_unknown_centre_or_series_gets_no_number(centres, centre_id, series):
    from django.db import DatabaseError

    with pytest.raises(DatabaseError, match=f"中心 {centre_id} 没有编号系列 {series}"):
        take(centre_id, series)


def test_a_session_draws_for_its_own_centre_only(centres):
    from django.db import DatabaseError, connection

    with pytest.raises(DatabaseError, match="会话中心 5 不能取中心 1 的编号"):
        take(1, "1", session=5)
    for sql in ("SELECT nextval('parties_number_1_1')", "SELECT setval('parties_number_1_1', 1)", "SELECT hpf_go_on_after(1::smallint, '1', 9)",
                "INSERT INTO parties_series VALUES ('x', 'x')"):  # fmt: skip
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(sql)


NUMBERED = ("contributions", "withdrawals", "freezes")


def test_a_database_in_use_keeps_its_numbers_and_goes_on_after_the_highest(centres):
    """The migrations run again over numbers as they used to be: drawn from counts that all centres shared."""
    from hpf.parties.rules import Series, number_of

    lanzhou, tianshui = centres
    old = lanzhou.member(lanzhou.unit(), "张三", resident_id(1))
    tianshui.member(tianshui.unit(), "李四", resident_id(3))
    former = number_of(1, Series.MEMBER_ACCOUNT, 41_000)
    by_the_owner(
        f"UPDATE accounts_memberaccount SET account_no = '{former}' WHERE account_no = '{old}'",
        f"UPDATE parties_employer SET employer_no = '{number_of(5, Series.EMPLOYER, 700)}' WHERE centre_id = 5",
        """DO $$ DECLARE v record; BEGIN
               FOR v IN SELECT relname FROM pg_class WHERE relkind = 'S' AND relname ~ '^parties_number_' LOOP EXECUTE 'DROP SEQUENCE ' || v.relname; END LOOP;
               DROP TRIGGER begin_numbers ON parties_centre; DROP TABLE parties_series;
               DROP FUNCTION hpf_begin_numbers, hpf_take_numbers, hpf_go_on_after, hpf_sequence;
           END $$""",
        *(f"CREATE SEQUENCE {app}_number" for app in NUMBERED),
        "SELECT setval('withdrawals_number', 900)",
    )
    for app, name in (("parties", "0003"), ("accounts", "0004"), ("transfers", "0003"), ("contributions", "0006"), ("withdrawals", "0009"),
                      ("freezes", "0003")):  # fmt: skip
        (operation,) = import_module(f"hpf.{app}.migrations.{name}_numbers").Migration.operations
        by_the_owner(operation.sql)
    assert [take(centre_id, "1")[0] for centre_id in (1, 5, 16)] == [41_001, 2, 1]
    assert [take(centre_id, "3")[0] for centre_id in (1, 5, 16)] == [2, 701, 1]
    assert [take(centre_id, "withdrawals")[0] for centre_id in (1, 5, 16)] == [901] * 3
    assert [take(centre_id, "freezes")[0] for centre_id in (1, 5, 16)] == [1] * 3
    assert rows("accounts_memberaccount", "account_no", 1) == [former]
    assert running(lanzhou.member(lanzhou.unit("兰州市第二中学"), "王五", resident_id(5))) == 41_002


def test_rows_built_without_drawing_are_passed_by_and_a_count_never_goes_back(centres):
    from bench.rows import _NUMBERED

    lanzhou, _ = centres
    lanzhou.member(lanzhou.unit(), "张三", resident_id(1))
    by_the_owner("UPDATE accounts_memberaccount SET account_no = '011000050009' WHERE centre_id = 1")
    assert take(1, "2", 5) == [2, 3, 4, 5, 6]
    by_the_owner(_NUMBERED)
    assert take(1, "1") == [5001] and take(1, "2") == [7] and take(1, "3") == [2]


def test_a_second_account_from_former_records_takes_the_centres_next_number(centres):
    from hpf.accounts.services import admit_duplicate

    lanzhou, tianshui = centres
    unit = lanzhou.unit()
    own = lanzhou.member(unit, "张三", resident_id(1))
    tianshui.member(tianshui.unit(), "李四", resident_id(3))
    second = admit_duplicate(
        by=lanzhou.by, centre_id=1, account_no=own, employer_account_no=unit, opened_on=date(2020, 1, 2), on=ON, at=AT, key=fresh()
    )
    assert running(second.value.account_no) == running(own) + 1
