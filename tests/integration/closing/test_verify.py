"""全面核验: everything holds, and each kind of damage is found by its own check, with the row."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.days import Centre
from tests.support.people import resident_id

MONDAY, TUESDAY, WEDNESDAY = date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 5)


@pytest.fixture(scope="module")
def wuwei(database):
    centre = Centre(6, "620602", MONDAY)
    centre.open_centre(MONDAY)
    unit = centre.unit("武威第六中学", rate="12", first_month="2026-08")
    centre.zhang = centre.member(unit, "张三", resident_id(41))
    centre.li = centre.member(unit, "李四", resident_id(42))
    centre.pay_in_all({centre.zhang: "1200.00", centre.li: "800.00"}, MONDAY)
    assert centre.close(MONDAY).closed
    centre.withdraw(centre.zhang, "200.00", TUESDAY)
    assert centre.close(TUESDAY).closed
    centre.pay_in(centre.li, "50.00", WEDNESDAY)
    return centre


def proof(centre_ids=(6,)):
    from hpf.closing.queries.verify import verify

    return verify(centre_ids)


def test_everything_holds_and_says_how_much_was_looked_at(wuwei):
    checks = {check.check_id: check for check in proof()}
    assert [check.text for check in checks.values() if not check.ok] == []
    assert {check_id: checks[check_id].looked_at for check_id in ("JOURNAL_ZERO", "BUCKETS", "VOUCHERS", "CASH_BOOK", "SNAPSHOT")} == {
        "JOURNAL_ZERO": 5, "BUCKETS": 2, "VOUCHERS": 3, "CASH_BOOK": 1, "SNAPSHOT": 6,
    }  # fmt: skip
    assert checks["AUDIT_CHAIN"].looked_at > 10


def test_every_centre_is_proved_when_none_is_named(wuwei):
    checks = proof(None)
    assert len({check.centre_id for check in checks}) == 16
    assert all(check.ok for check in checks)


DAMAGE = [
    ("BALANCE", "UPDATE ledger_account SET balance_fen = balance_fen + 7 WHERE id = %(zhang)s", "zhang", 7),
    ("BUCKETS", "UPDATE ledger_account SET carried_fen = carried_fen + 7 WHERE id = %(zhang)s", "zhang", 7),
    ("DAY_PRODUCTS", "UPDATE ledger_account SET day_products = day_products - 1 WHERE id = %(li)s", "li", -1),
    ("MONTH_PRODUCTS", "UPDATE ledger_account SET month_products = month_products + 1 WHERE id = %(li)s", "li", 1),
    ("HELD", "UPDATE ledger_account SET held_fen = 3 WHERE id = %(li)s", "li", 3),
    ("FROZEN", "UPDATE ledger_account SET frozen_fen = 3 WHERE id = %(li)s", "li", 3),
    ("FREEZE_ORDERS", "INSERT INTO ledger_freeze (centre_id, account_id, fen, reference) VALUES (6, %(li)s, 5, 'x')", None, -5),
    ("INTEREST_YEAR", "UPDATE ledger_account SET interest_year = 2025 WHERE id = %(li)s", "li", -1),
    ("RUNNING_TOTAL", "UPDATE ledger_account SET balance_fen = balance_fen + 5 WHERE subject = 10101", None, 5),
    ("VOUCHER_NUMBERS", "ALTER TABLE ledger_voucher DISABLE TRIGGER USER; UPDATE ledger_voucher SET number = 9 WHERE number = 3", None, 6),
    ("SNAPSHOT", "ALTER TABLE ledger_day DISABLE TRIGGER USER; UPDATE ledger_day SET debit_fen = debit_fen + 2, credit_fen = credit_fen + 1,"
                 " closing_fen = closing_fen + 1 WHERE subject = 201 AND business_on = '2026-08-04'", None, 1),
    ("CASH_BOOK", "ALTER TABLE treasury_cashentry DISABLE TRIGGER USER; UPDATE treasury_cashentry SET amount_fen = amount_fen + 4"
                  " WHERE business_on = '2026-08-05'", None, 4),
    ("AUDIT_CHAIN", "ALTER TABLE db_command DISABLE TRIGGER USER; UPDATE db_command SET user_name = '别人' WHERE seq = 3", None, None),
    ("JOURNAL_ZERO", "ALTER TABLE ledger_leg_6 DISABLE TRIGGER USER; UPDATE ledger_leg_6 SET fen = fen + 1 WHERE journal_id = (SELECT min(journal_id)"
                     " FROM ledger_leg_6) AND line_no = 1", None, 1),
    ("JOURNAL_LINES", "ALTER TABLE ledger_journal DISABLE TRIGGER USER; UPDATE ledger_journal SET lines = lines + 1 WHERE id ="
                      " (SELECT max(id) FROM ledger_journal)", None, -1),
]  # fmt: skip


@pytest.mark.parametrize(("check_id", "sql", "whose", "fen"), DAMAGE, ids=[row[0] for row in DAMAGE])
def test_damage_is_found_with_its_row_and_its_amount(wuwei, check_id, sql, whose, fen):
    ids = {name: wuwei.view(getattr(wuwei, name)).ledger_account_id for name in ("zhang", "li")}
    broken = damaged(sql, ids)
    assert check_id in broken
    if fen is not None:
        assert [place.difference.fen for place in broken[check_id].where] == [fen]
    if whose:
        assert broken[check_id].where[0].reference == str(ids[whose])


@pytest.mark.parametrize(
    ("sql", "fallen"),
    [
        ("ALTER TABLE ledger_leg_6 DISABLE TRIGGER balanced", "触发器 ledger_leg_6.balanced"),
        ("DROP TRIGGER append_only ON ledger_journal", "触发器 ledger_journal.append_only"),
        ("ALTER TABLE ledger_account DROP CONSTRAINT ledger_balance_covers_holds", "约束 ledger_balance_covers_holds"),
        ("ALTER TABLE ledger_account DISABLE ROW LEVEL SECURITY", "行级安全 ledger_account"),
        ("GRANT UPDATE ON ledger_leg_6 TO hpf_app", "只读 ledger_leg_6"),
    ],
)
def test_a_guard_that_was_taken_down_is_found_by_name(wuwei, sql, fallen):
    broken = damaged(sql)
    assert list(broken) == ["GUARDS"]
    assert broken["GUARDS"].text.endswith(f"项中1项不符，被停用或缺失：{fallen}")


def damaged(sql, ids=None):
    """What the proof finds wrong after the owner did this, by check; then it is undone."""
    from django.db import connections, transaction

    class Undo(Exception):
        pass

    connections["owner"].close()
    with pytest.raises(Undo), transaction.atomic(using="owner"):
        owner = connections["owner"]
        with owner.cursor() as cursor:
            cursor.execute(sql, ids)
        broken = {check.check_id: check for check in seen_by(owner) if not check.ok}
        raise Undo
    return broken


def seen_by(owner):
    """The proof over the owner's open transaction, so that damage is seen and then undone."""
    from unittest.mock import patch

    from hpf.access import queries as access
    from hpf.closing.queries import verify
    from hpf.db import scope
    from hpf.ledger import queries as ledger

    with patch.object(verify, "connection", owner), patch.object(ledger, "connection", owner), patch.object(scope, "connection", owner), patch.object(access, "connection", owner), \
            patch.object(access.Seal, "objects", access.Seal.objects.using("owner")):  # fmt: skip
        return verify.verify([6])
