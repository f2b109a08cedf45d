"""The ledger keeps what it promises: balanced, held, bucketed, dated, once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from hpf.db.scope import centre_scope
from hpf.ledger import queries, services
from hpf.ledger.rules import Leg
from hpf.ledger.services import LedgerRefusal
from tests.support.books import Books

pytestmark = pytest.mark.usefixtures("own_database")
DAY = date(2025, 9, 1)


@pytest.fixture
def books(own_database: str) -> Books:
    return Books()


def test_a_bounced_payment_returns_the_money_to_the_member(books: Books) -> None:
    books.run("""
        2025-09-01  汇缴      银行存款 <- 暂收      2500.00
        2025-09-01  分配      暂收 <- 张三          2500.00
        2025-09-05  提取审批  张三 <- 应付提取       500.00
        2025-09-08  银行退票  应付提取 <- 张三       500.00
    """)
    books.check("""
        张三      2,500.00
        应付提取      0.00
        暂收          0.00
        银行存款  2,500.00
    """)


def test_a_journal_that_does_not_balance_is_refused_and_nothing_moves(books: Books) -> None:
    books.run("2025-09-01  汇缴  银行存款 <- 张三  100.00")
    with pytest.raises(LedgerRefusal) as refused:
        books.post(DAY, "错账", [Leg(books.account("银行存款"), 5000), Leg(books.account("张三"), -4999)])
    assert (refused.value.code, refused.value.facts["difference_fen"]) == ("UNBALANCED", 1)
    books.check("张三  100.00")


def test_an_account_pays_out_only_what_is_not_held(books: Books) -> None:
    books.run("2025-09-01  汇缴  银行存款 <- 张三  1000.00")
    with transaction.atomic(), centre_scope(1):
        hold = services.place_hold(books.account("张三"), 60_000, "FREEZE", "（2025）甘0102执1号")
    with pytest.raises(LedgerRefusal) as refused:
        books.run("2025-09-01  提取  张三 <- 银行存款  400.01")
    assert refused.value.code == "INSUFFICIENT_BALANCE"
    assert refused.value.facts == {"account_id": books.account("张三"), "balance_fen": 100_000, "held_fen": 60_000, "asked_fen": 40_001}
    books.run("2025-09-01  提取  张三 <- 银行存款  400.00")
    books.check("张三  600.00")
    with transaction.atomic(), centre_scope(1):
        assert [services.release_hold(hold), services.release_hold(hold)] == [True, False]
    books.run("2025-09-01  提取  张三 <- 银行存款  600.00")
    books.check("张三  0.00")


def test_a_hold_larger_than_what_is_free_is_refused(books: Books) -> None:
    books.run("2025-09-01  汇缴  银行存款 <- 张三  1000.00")
    with pytest.raises(LedgerRefusal, match="可用余额不足"), transaction.atomic(), centre_scope(1):
        services.place_hold(books.account("张三"), 100_001, "FREEZE", "x")
    assert books.balance("张三").held.fen == 0


def test_the_same_key_cannot_post_twice(books: Books) -> None:
    legs = [Leg(books.account("银行存款"), 100), Leg(books.account("张三"), -100)]
    books.post(DAY, "汇缴", legs, key="一次")
    with pytest.raises(IntegrityError):
        books.post(DAY, "汇缴", legs, key="一次")
    books.check("张三  1.00")


def test_maker_is_never_checker(books: Books) -> None:
    with pytest.raises(IntegrityError):
        books.post(DAY, "调账", [Leg(books.account("银行存款"), 100), Leg(books.account("张三"), -100)], maker="李四", checker="李四")
    books.check("张三  0.00")


def test_only_the_open_day_takes_postings(books: Books) -> None:
    books.run("2025-09-01  汇缴  银行存款 <- 张三  100.00")
    with transaction.atomic(), centre_scope(1):
        services.close_day(1, DAY, "会计")
    with pytest.raises(LedgerRefusal) as refused, transaction.atomic(), centre_scope(1):
        from hpf.ledger.rules import Draft

        draft = Draft(1, "ADJUSTMENT", "J1", DAY, DAY, "TEST", "1", "迟到", "张柜员")
        services.post(draft, [Leg(books.account("银行存款"), 100), Leg(books.account("张三"), -100)], "迟到")
    assert refused.value.code == "DAY_NOT_OPEN"
    assert "2025-09-01" in str(refused.value)
    books.check("张三  100.00")


def test_days_are_opened_in_order_and_one_at_a_time(books: Books) -> None:
    books.go_to(date(2025, 9, 2))
    for day in (date(2025, 9, 1), date(2025, 9, 3)):
        with pytest.raises(LedgerRefusal) as refused, transaction.atomic(), centre_scope(1):
            services.open_day(1, day)
        assert refused.value.code == "DAY_ORDER"


def test_a_debit_takes_the_carried_bucket_first_and_a_reversal_gives_it_back(books: Books) -> None:
    books.go_to(DAY)
    member, bank = books.account("张三"), books.account("银行存款")
    books.post(DAY, "上年结转", [Leg(bank, 30_000), Leg(member, -30_000, -30_000)])
    books.post(DAY, "汇缴", [Leg(bank, 20_000), Leg(member, -20_000)])
    paid = books.post(DAY, "提取", [Leg(member, 35_000), Leg(bank, -35_000)])
    books.check("张三  150.00  其中上年结转 0.00")
    with transaction.atomic(), centre_scope(1):
        services.reverse(paid, centre_id=1, business_on=DAY, maker="李四", checker=None, summary="当日冲正", key="冲正")
    books.check("张三  500.00  其中上年结转 300.00")
    with pytest.raises(IntegrityError), transaction.atomic(), centre_scope(1):
        services.reverse(paid, centre_id=1, business_on=DAY, maker="李四", checker=None, summary="再冲", key="再冲")
    with centre_scope(1):
        reversal = queries.history(member, DAY, date(2026, 1, 1))[0]
    assert (reversal.correction, reversal.amount.text, reversal.carried.text, reversal.balance_after.text) == (
        "SAME_DAY_REVERSAL",
        "350.00",
        "300.00",
        "500.00",
    )


def test_products_run_to_the_next_first_of_july_and_a_late_entry_counts_from_its_value_date(books: Books) -> None:
    books.run("""
        2025-07-01             汇缴  银行存款 <- 张三  10000.00
        2025-07-11             汇缴  银行存款 <- 张三   2000.00
        2025-09-01/2025-07-11  补记  银行存款 <- 李四   2000.00
    """)
    assert books.day_products("张三") == 1_000_000 * 365 + 200_000 * 355
    assert books.day_products("李四") == 200_000 * 355
    assert books.balance("张三").month_products == 1_200_000 * 11


def test_subjects_are_snapshot_at_the_close_and_vouchers_have_no_gap(books: Books) -> None:
    books.run("""
        2025-09-01  汇缴  银行存款 <- 暂收  300.00
        2025-09-01  分配  暂收 <- 张三      200.00
        2025-09-02  汇缴  银行存款 <- 暂收   50.00
    """)
    books.go_to(date(2025, 9, 3))
    with centre_scope(1):
        assert {s: m.fen for s, m in queries.subject_balances(1, date(2025, 9, 2)).items()} == {10101: 35_000, 201: -20_000, 21904: -15_000}
        with connection.cursor() as cursor:
            cursor.execute("SELECT number, business_on, journals, debit_fen FROM ledger_voucher WHERE centre_id = 1 ORDER BY number")
            assert cursor.fetchall() == [(1, DAY, 2, 50_000), (2, date(2025, 9, 2), 1, 5_000)]
    books.check("银行存款  350.00")


def test_a_journal_of_ten_thousand_legs_is_one_round_trip(books: Books, queries: list[str]) -> None:
    books.go_to(DAY)
    bank = books.account("银行存款")
    with transaction.atomic(), centre_scope(1):
        members = services.open_accounts(1, 201, "MEMBER_ACCOUNT", list(range(1, 10_001)), DAY)
    queries.clear()
    books.post(DAY, "汇缴", [Leg(bank, 10_000 * 150), *(Leg(account, -150) for account in members.values())])
    assert len([sql for sql in queries if "hpf_post" in sql]) == 1
    with centre_scope(1):
        from hpf.ledger.queries import balances

        assert {view.balance.fen for view in balances(list(members.values())).values()} == {150}
