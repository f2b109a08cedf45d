"""日终: step by step, repeatable, and honest about what does not agree."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.days import Centre, at
from tests.support.people import resident_id

MONDAY, TUESDAY = date(2026, 8, 3), date(2026, 8, 4)
STEPS = ["MATCH", "BOOK", "RECONCILE", "CORRECT", "BOOKS", "COUNT", "SEAL", "NEXT"]


@pytest.fixture
def pingliang(own_database):
    centre = Centre(8, "620802", MONDAY)
    centre.open_centre(MONDAY)
    unit = centre.unit("平凉市第一中学", rate="12", first_month="2026-08")
    centre.zhang = centre.member(unit, "张三", resident_id(21))
    centre.li = centre.member(unit, "李四", resident_id(22))
    centre.unit_no = unit
    return centre


def tamper(sql, values):
    """What nobody may do: change a balance behind the ledger's back, as the owner of the tables."""
    from django.db import connections

    with connections["owner"].cursor() as owner:
        owner.execute(sql, values)


def balances(centre, day, full=False):
    from hpf.closing.queries.balance import balance_check

    with centre.scope():
        return {check.check_id: check for check in balance_check(centre.centre_id, day, full=full)}


def test_a_quiet_day_closes_and_the_next_one_opens(pingliang):
    pingliang.pay_in_all({pingliang.zhang: "1200.00", pingliang.li: "800.00"}, MONDAY)
    closed = pingliang.close(MONDAY)
    assert (closed.closed, closed.message) == (True, "2026-08-03已日终，下一会计日2026-08-04")
    assert [(step.step, step.state) for step in closed.steps] == [(step, "DONE") for step in STEPS]
    assert pingliang.business_day() == TUESDAY
    checks = balances(pingliang, MONDAY)
    assert (str(checks["BAL-1"].left), str(checks["BAL-1"].right)) == ("2000.00", "2000.00")
    assert (str(checks["BAL-7"].left), str(checks["BAL-11"].right)) == ("2000.00", "2000.00")
    assert all(check.ok for check in checks.values())


def test_the_vouchers_of_a_month_have_consecutive_numbers(pingliang):
    from django.db import connection

    pingliang.pay_in(pingliang.zhang, "1200.00", MONDAY)
    assert pingliang.close(MONDAY).closed
    pingliang.pay_in(pingliang.li, "800.00", TUESDAY)
    assert pingliang.close(TUESDAY).closed
    with pingliang.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT number, kind, debit_fen, maker <> booked_by FROM ledger_voucher ORDER BY number")
        assert cursor.fetchall() == [
            (1, "RECEIPT", 120000, True),
            (2, "REMITTANCE", 120000, True),
            (3, "RECEIPT", 80000, True),
            (4, "REMITTANCE", 80000, True),
        ]


def test_closing_a_closed_day_again_changes_nothing(pingliang):
    pingliang.pay_in(pingliang.zhang, "1200.00", MONDAY)
    first = pingliang.close(MONDAY)
    again = pingliang.close(MONDAY)
    assert (again.closed, again.next_business_on) == (first.closed, first.next_business_on)
    assert pingliang.business_day() == TUESDAY


@pytest.mark.parametrize(
    "killed_at",
    ["take_receipts", "book_receipts", "reconcile", "correct_years", "close_and_prove", "count_statistics", "seal_logs", "open_next"],
)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_step_and_run_again_it_ends_the_same(pingliang, monkeypatch, killed_at, after):
    from dataclasses import replace

    from django.db import connection

    from hpf.closing.services import day as story

    pingliang.pay_in_all({pingliang.zhang: "1200.00", pingliang.li: "800.00"}, MONDAY)

    def dying(run):
        def die(day):
            if after:
                run(day)
            raise KeyboardInterrupt

        return die

    steps = tuple(replace(step, run=dying(step.run)) if step.run.__name__ == killed_at else step for step in story.STEPS)
    with monkeypatch.context() as patched:
        patched.setattr(story, "STEPS", steps)
        with pytest.raises(KeyboardInterrupt):
            pingliang.close(MONDAY)
    assert pingliang.close(MONDAY).closed
    assert pingliang.business_day() == TUESDAY
    with pingliang.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT number, kind, journals, debit_fen FROM ledger_voucher ORDER BY number")
        assert cursor.fetchall() == [(1, "RECEIPT", 1, 200000), (2, "REMITTANCE", 1, 200000)]
        cursor.execute("SELECT count(*) FROM access_seal")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT sum(amount) FROM statistics_fact WHERE measure = 'balance' AND period = 'DAY'")
        assert cursor.fetchone() == (200000,)


def test_a_changed_balance_keeps_the_day_open_and_names_the_account_and_the_fen(pingliang):
    from django.db import connection

    pingliang.pay_in_all({pingliang.zhang: "1200.00", pingliang.li: "800.00"}, MONDAY)
    ledger_id = pingliang.view(pingliang.zhang).ledger_account_id
    tamper("UPDATE ledger_account SET balance_fen = balance_fen + 1 WHERE id = %s", [ledger_id])
    answer = pingliang.close(MONDAY)
    assert not answer.closed
    first = answer.red[0]
    assert (first.check_id, str(first.difference)) == ("BAL-1", "0.01")
    assert [(place.kind, place.reference, str(place.left), str(place.right)) for place in first.where] == [
        ("MEMBER_ACCOUNT", pingliang.zhang, "1200.01", "1200.00")
    ]
    assert f"个人账户{pingliang.zhang}：1,200.01元与1,200.00元，相差0.01元" in answer.message
    assert pingliang.business_day() == MONDAY
    with pingliang.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_voucher")
        assert cursor.fetchone() == (0,)
    tamper("UPDATE ledger_account SET balance_fen = balance_fen - 1 WHERE id = %s", [ledger_id])
    pingliang.pay_in(pingliang.li, "5.00", MONDAY)
    assert pingliang.close(MONDAY).closed
    assert pingliang.business_day() == TUESDAY


def test_two_changes_that_cancel_out_are_found_by_their_units(pingliang):
    other = pingliang.unit("平凉啤酒有限公司", rate="8", first_month="2026-08")
    wang = pingliang.member(other, "王五", resident_id(23))
    pingliang.pay_in_all({pingliang.zhang: "1200.00", wang: "900.00"}, MONDAY)
    assert pingliang.close(MONDAY).closed
    for number, fen in ((pingliang.zhang, 100), (wang, -100)):
        tamper("UPDATE ledger_account SET balance_fen = balance_fen + %s WHERE id = %s", [fen, pingliang.view(number).ledger_account_id])
    answer = pingliang.close(TUESDAY)
    assert [check.check_id for check in answer.red] == ["BAL-2"]
    assert {place.reference for place in answer.red[0].where} == {pingliang.zhang, wang}


def test_money_moved_between_the_buckets_is_found(pingliang):
    pingliang.pay_in(pingliang.zhang, "1200.00", MONDAY)
    tamper("UPDATE ledger_account SET carried_fen = 500 WHERE id = %s", [pingliang.view(pingliang.zhang).ledger_account_id])
    answer = pingliang.close(MONDAY)
    assert [(check.check_id, check.where[0].reference) for check in answer.red] == [("BAL-3", pingliang.zhang)]


def test_a_cash_book_that_is_not_the_ledger_keeps_the_day_open(pingliang):
    pingliang.pay_in(pingliang.zhang, "1200.00", MONDAY)
    tamper("ALTER TABLE treasury_cashentry DISABLE TRIGGER USER", [])
    tamper("UPDATE treasury_cashentry SET amount_fen = amount_fen + 5000", [])
    answer = pingliang.close(MONDAY)
    assert [check.check_id for check in answer.red] == ["BAL-7"]
    place = answer.red[0].where[0]
    assert (place.kind, str(place.left), str(place.right)) == ("BANK_ACCOUNT", "1250.00", "1200.00")


def test_a_suspense_account_that_was_changed_is_found(pingliang):
    suspense = pingliang.arrive("300.00", MONDAY)
    tamper("UPDATE ledger_account SET balance_fen = 29999 WHERE id = %s", [suspense])
    answer = pingliang.close(MONDAY)
    assert [(check.check_id, check.where[0].reference) for check in answer.red] == [("BAL-6", str(suspense))]


def test_a_transfer_between_units_keeps_every_unit_proved(pingliang):
    from hpf.accounts.services import transfer_inside
    from hpf.kernel.money import Money
    from hpf.kernel.period import Month
    from tests.support.people import fresh

    other = pingliang.unit("平凉啤酒有限公司", rate="8", first_month="2026-08")
    pingliang.member(other, "王五", resident_id(24))
    pingliang.pay_in_all({pingliang.zhang: "1200.00", pingliang.li: "800.00"}, MONDAY)
    assert pingliang.close(MONDAY).closed
    moved = transfer_inside(
        by=pingliang.by, centre_id=8, account_no=pingliang.zhang, to_employer_account_no=other, base=Money.yuan("5000.00"),
        from_month=Month.parse("2026-09"), on=TUESDAY, at=at(TUESDAY), key=fresh(),
    )  # fmt: skip
    assert moved.is_approved, moved.reasons
    pingliang.pay_in(pingliang.zhang, "10.00", TUESDAY)
    closed = pingliang.close(TUESDAY)
    assert closed.closed, closed.message


def test_days_skip_weekends_but_not_the_end_of_a_month(pingliang):
    days = [MONDAY]
    while days[-1] < date(2026, 9, 1):
        assert pingliang.close(days[-1]).closed
        days.append(pingliang.business_day())
    assert date(2026, 8, 8) not in days
    assert days[-3:] == [date(2026, 8, 28), date(2026, 8, 31), date(2026, 9, 1)]


def test_a_small_day_costs_few_queries(pingliang, queries):
    pingliang.pay_in_all({pingliang.zhang: "1200.00", pingliang.li: "800.00"}, MONDAY)
    assert pingliang.close(MONDAY).closed
    pingliang.pay_in(pingliang.zhang, "1.00", TUESDAY)
    queries.clear()
    assert pingliang.close(TUESDAY).closed
    assert len(queries) <= 110
