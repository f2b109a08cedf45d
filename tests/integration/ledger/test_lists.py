"""A list of many credits is posted in one statement, and is the same as if each account had been locked and looked at before."""

from __future__ import annotations

import threading
import time
from datetime import date

import pytest
from django.db import transaction

from hpf.db.scope import centre_scope
from hpf.ledger import services
from hpf.ledger.rules import Draft
from hpf.ledger.services import LedgerRefusal
from tests.support.books import Books

pytestmark = pytest.mark.usefixtures("own_database")
DAY = date(2025, 9, 1)
PEOPLE = 120


@pytest.fixture
def books(own_database: str) -> Books:
    made = Books()
    made.run("2025-09-01  汇缴  银行存款 <- 暂收  100000.00")
    return made


def post(books: Books, legs: list[tuple[str, int]], key: str, *, value_on: date = DAY, looked_at: bool = False) -> int:
    """Legs by name as columns; `looked_at` takes the way of journals whose legs have value dates of their own."""
    draft = Draft(1, "REMITTANCE", "J1", DAY, value_on, "TEST", key, "汇缴", "张柜员")
    accounts, fens = [books.account(name) for name, _ in legs], [fen for _, fen in legs]
    with transaction.atomic(), centre_scope(1):
        return services.post_columns(draft, accounts, fens, key, values=[value_on] * len(legs) if looked_at else None)


def people(of: str, count: int = PEOPLE) -> list[tuple[str, int]]:
    return [(f"{of}{number}", -(1_000 + number)) for number in range(count)]


def whole(credits: list[tuple[str, int]], debited: str = "暂收") -> list[tuple[str, int]]:
    return [*credits, (debited, -sum(fen for _, fen in credits))]


def stored(journal: int) -> list[tuple[object, ...]]:
    from django.db import connection

    with centre_scope(1), connection.cursor() as cursor:
        cursor.execute(
            "SELECT line_no, subject, fen, carried_fen, value_on, business_on FROM ledger_leg WHERE journal_id = %s ORDER BY line_no",
            [journal],
        )
        return list(cursor.fetchall())


@pytest.mark.parametrize("value_on", [DAY, date(2025, 7, 1), date(2025, 6, 30), date(2024, 12, 31)])
def test_a_list_moves_what_single_legs_would_move(books: Books, value_on: date) -> None:
    first = post(books, whole(people("甲")), "快", value_on=value_on)
    second = post(books, whole(people("乙")), "逐户", value_on=value_on, looked_at=True)
    assert stored(first) == stored(second) and len(stored(first)) == PEOPLE + 1
    for number in range(PEOPLE):
        one, other = books.balance(f"甲{number}"), books.balance(f"乙{number}")
        assert (one.balance, one.carried, one.day_products, one.month_products) == (
            other.balance, other.carried, other.day_products, other.month_products,
        )  # fmt: skip
    assert books.balance("暂收").balance.fen == 10_000_000 - 2 * sum(-fen for _, fen in people("甲"))


def test_somebody_twice_in_a_list_gets_both_amounts(books: Books) -> None:
    post(books, whole([*people("甲"), ("甲0", -5_000)]), "两行")
    assert books.balance("甲0").balance.fen == 6_000 and books.balance("甲0").day_products == 6_000 * 303


def closed(books: Books) -> None:
    with transaction.atomic(), centre_scope(1):
        services.close_account(books.account("甲7"), DAY)


def elsewhere(books: Books) -> None:
    other = Books(2)
    books.accounts["甲7"] = other.account("外地")


def short(books: Books) -> None:
    books.post(DAY, "退款", [services.Leg(books.account("暂收"), 9_999_999), services.Leg(books.account("银行存款"), -9_999_999)])


def held(books: Books) -> None:
    with transaction.atomic(), centre_scope(1):
        services.place_hold(books.account("暂收"), 9_999_999, "FREEZE", "（2025）甘0102执1号")


@pytest.mark.parametrize(
    ("trouble", "code"), [(closed, "ACCOUNT_CLOSED"), (elsewhere, "NO_SUCH_ACCOUNT"), (short, "INSUFFICIENT_BALANCE"), (held, "INSUFFICIENT_BALANCE")]
)  # fmt: skip
@pytest.mark.parametrize("looked_at", [False, True])
def test_what_stops_a_list_is_said_and_nothing_moves(books: Books, trouble, code: str, looked_at: bool) -> None:
    legs = whole(people("甲"))
    for name, _ in legs:
        books.account(name)
    trouble(books)
    before = books.balance("暂收")
    with pytest.raises(LedgerRefusal) as refused:
        post(books, legs, "不成", looked_at=looked_at)
    assert refused.value.code == code
    assert books.balance("甲0").balance.fen == 0 and books.balance("暂收") == before


@pytest.mark.parametrize("looked_at", [False, True])
def test_a_list_that_does_not_balance_is_refused(books: Books, looked_at: bool) -> None:
    with pytest.raises(LedgerRefusal) as refused:
        post(books, [*people("甲"), ("暂收", 1)], "不平", looked_at=looked_at)
    assert refused.value.code == "UNBALANCED" and books.balance("甲0").balance.fen == 0


@pytest.mark.parametrize("looked_at", [False, True])
def test_a_year_that_is_not_settled_takes_no_list(books: Books, looked_at: bool) -> None:
    """Nor is it said to be short: the year is what stands against it, though all there is goes into the list."""
    rest = 10_000_000 - sum(-fen for _, fen in people("甲"))
    legs, later = whole([*people("甲"), ("乙", -rest)]), date(2026, 7, 1)
    for name, _ in legs:
        books.account(name)
    books.go_to(later)
    draft = Draft(1, "REMITTANCE", "J1", later, later, "TEST", "未结息", "汇缴", "张柜员")
    with pytest.raises(LedgerRefusal) as refused, transaction.atomic(), centre_scope(1):
        services.post_columns(
            draft,
            [books.account(name) for name, _ in legs],
            [fen for _, fen in legs],
            "未结息",
            values=[later] * len(legs) if looked_at else None,
        )
    assert refused.value.code == "INTEREST_YEAR_NOT_SETTLED"


def test_money_of_a_person_in_a_list_goes_the_way_of_withdrawals(books: Books) -> None:
    """A debited personal account has two buckets, and what is taken from which hangs on its balance: it is locked and looked at."""
    books.post(DAY, "上年结转", [services.Leg(books.account("银行存款"), 30_000), services.Leg(books.account("张三"), -30_000, -30_000)])
    books.run("2025-09-01  汇缴  银行存款 <- 张三  5000.00")
    post(books, [*people("甲"), ("张三", 400_000), ("暂收", sum(-fen for _, fen in people("甲")) - 400_000)], "并入")
    assert (books.balance("张三").balance.fen, books.balance("张三").carried.fen) == (130_000, 0)


@pytest.mark.parametrize("count", [1, PEOPLE])
def test_the_head_says_when_the_money_moved_and_not_when_somebody_began_to_wait(books: Books, count: int) -> None:
    """Whether something was drawn while a court had everything frozen is read from these moments."""
    from django.db import connection, connections

    legs, posted = whole(people("甲", count)), list[int]()
    for name, _ in legs:
        books.account(name)

    def wait_and_post() -> None:
        try:
            posted.append(post(books, legs, "等候"))
        finally:
            connections.close_all()

    clerk = threading.Thread(target=wait_and_post)
    with transaction.atomic(), centre_scope(1), connection.cursor() as cursor:
        post(books, [("银行存款", 1), ("甲0", -1)], "占住这一户")
        clerk.start()
        for _ in range(2_000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                break
            time.sleep(0.01)
        else:
            pytest.fail("nobody waits for the row")
        cursor.execute("SELECT clock_timestamp()")
        released = cursor.fetchone()[0]
    clerk.join()
    with centre_scope(1), connection.cursor() as cursor:
        cursor.execute("SELECT recorded_at FROM ledger_journal WHERE id = %s", posted)
        assert cursor.fetchone()[0] > released
