"""What a court froze follows from the balance and the queue; nothing below it goes out, whoever asks."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpf.db.scope import centre_scope
from hpf.kernel.money import Money
from hpf.ledger import queries, services
from hpf.ledger.rules import Draft, Leg, kept_by
from hpf.ledger.services import LedgerRefusal
from tests.support.books import Books

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2025, 9, 1)


class Desk(Books):
    """Books with a court at the door."""

    def freeze(self, name: str, yuan: str | None, reference: str = "x") -> int:
        with transaction.atomic(), centre_scope(1):
            return services.place_freeze(self.account(name), None if yuan is None else Money.yuan(yuan).fen, reference)

    def lift(self, freeze_id: int, left: str | None = None) -> bool:
        with transaction.atomic(), centre_scope(1):
            return services.lift_freeze(freeze_id, None if left is None else Money.yuan(left).fen)

    def deduct(self, freeze_id: int, yuan: str, to: str = "应付提取") -> int:
        self.go_to(DAY)
        draft = Draft(1, "WITHDRAWAL", "J31", DAY, DAY, "TEST", "1", "x", "甲", "乙")
        self.number, goal = getattr(self, "number", 0) + 1, self.account(to)
        with transaction.atomic(), centre_scope(1):
            return services.deduct(draft, freeze_id, Money.yuan(yuan).fen, goal, f"deduct:{freeze_id}:{self.number}")

    def kept(self, name: str) -> dict[str, str]:
        with centre_scope(1):
            return {view.reference: view.kept.text for view in queries.freezes_on([self.account(name)])}

    def available(self, name: str) -> str:
        return self.balance(name).available.text


@pytest.fixture
def desk(database: str) -> Desk:
    desk = Desk()
    desk.go_to(DAY)
    return desk


def test_the_case_of_two_courts(desk: Desk) -> None:
    """10,000; the first orders 6,000, the second 8,000; 3,000 come in; the first ends."""
    desk.run("2025-09-01  汇缴  银行存款 <- 甲  10000.00")
    first = desk.freeze("甲", "6000.00", "F1")
    assert desk.available("甲") == "4,000.00"
    desk.freeze("甲", "8000.00", "F2")
    assert (desk.kept("甲"), desk.available("甲")) == ({"F1": "6,000.00", "F2": "4,000.00"}, "0.00")
    desk.run("2025-09-01  汇缴  银行存款 <- 甲  3000.00")
    assert (desk.kept("甲"), desk.available("甲")) == ({"F1": "6,000.00", "F2": "7,000.00"}, "0.00")
    assert desk.lift(first)
    assert (desk.kept("甲"), desk.available("甲")) == ({"F2": "8,000.00"}, "5,000.00")
    with pytest.raises(LedgerRefusal) as refused:
        desk.run("2025-09-01  提取  甲 <- 银行存款  5000.01")
    assert refused.value.code == "INSUFFICIENT_BALANCE"
    desk.run("2025-09-01  提取  甲 <- 银行存款  5000.00")
    desk.check("甲  8,000.00")


def test_the_whole_account_includes_what_comes_later(desk: Desk) -> None:
    desk.run("2025-09-01  汇缴  银行存款 <- 乙  1000.00")
    order = desk.freeze("乙", None, "W")
    desk.freeze("乙", "10.00", "后")
    desk.run("2025-09-01  汇缴  银行存款 <- 乙  500.00")
    assert (desk.kept("乙"), desk.available("乙")) == ({"W": "1,500.00", "后": "0.00"}, "0.00")
    assert desk.lift(order, "1200.00"), "the order names less, and keeps its place"
    assert (desk.kept("乙"), desk.available("乙")) == ({"W": "1,200.00", "后": "10.00"}, "290.00")
    assert not desk.lift(order, "1200.00"), "not less than before"
    assert desk.lift(order) and not desk.lift(order)
    assert desk.available("乙") == "1,490.00"


def test_a_deduction_leaves_what_was_ordered_before_and_what_is_held(desk: Desk) -> None:
    desk.run("2025-09-01  汇缴  银行存款 <- 丙  1000.00")
    with transaction.atomic(), centre_scope(1):
        services.place_hold(desk.account("丙"), 10_000, "LOAN", "止付")
    first, second = desk.freeze("丙", "600.00", "F1"), desk.freeze("丙", "700.00", "F2")
    with pytest.raises(LedgerRefusal) as refused:
        desk.deduct(second, "300.01")
    assert (refused.value.code, refused.value.facts["kept_fen"]) == ("MORE_THAN_FROZEN", 30_000)
    desk.deduct(second, "300.00")
    assert desk.kept("丙") == {"F1": "600.00", "F2": "0.00"}
    desk.deduct(first, "600.00")
    assert desk.kept("丙") == {"F2": "0.00"}, "what is deducted whole is lifted"
    desk.check("丙  100.00")
    desk.run("2025-09-01  汇缴  银行存款 <- 丙  1000.00")
    assert (desk.kept("丙"), desk.available("丙")) == ({"F2": "400.00"}, "600.00")


def test_nothing_is_held_or_closed_against_an_order(desk: Desk) -> None:
    order = desk.freeze("丁", "50.00", "等待")
    with transaction.atomic(), centre_scope(1), pytest.raises(LedgerRefusal, match="未了事项"), transaction.atomic():
        services.close_account(desk.account("丁"), DAY)
    desk.run("2025-09-01  汇缴  银行存款 <- 丁  60.00")
    with transaction.atomic(), centre_scope(1), pytest.raises(LedgerRefusal, match="可用余额不足"), transaction.atomic():
        services.place_hold(desk.account("丁"), 1_001, "LOAN", "止付")
    desk.lift(order)
    desk.run("2025-09-01  提取  丁 <- 银行存款  60.00")
    with transaction.atomic(), centre_scope(1):
        services.close_account(desk.account("丁"), DAY)
        with pytest.raises(LedgerRefusal, match="已销户"), transaction.atomic():
            services.place_freeze(desk.account("丁"), 1, "x")


TRIES = itertools.count(1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("credit"), st.integers(1, 90)),
        st.tuples(st.just("debit"), st.integers(1, 90)),
        st.tuples(st.just("freeze"), st.one_of(st.none(), st.integers(1, 120))),
        st.tuples(st.just("lift"), st.integers(0, 5)),
        st.tuples(st.just("lower"), st.integers(0, 5), st.integers(1, 60)),
        st.tuples(st.just("deduct"), st.integers(0, 5), st.integers(1, 60)),
    ),
    min_size=3,
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_ledger_is_the_model(desk: Desk, steps: list[tuple[object, ...]]) -> None:
    """Any sequence of credits, debits, orders, releases and deductions, against a list of amounts."""
    name = f"第{next(TRIES)}户"
    balance, orders, numbers = 0, list[list[int | None]](), list[int]()
    for what, *rest in steps:
        place = int(rest[0]) % len(orders) if what in ("lift", "lower", "deduct") and orders else None  # type: ignore[call-overload]
        if what == "credit":
            desk.post(DAY, "汇缴", [Leg(desk.account("银行存款"), int(rest[0])), Leg(desk.account(name), -int(rest[0]))])
            balance += int(rest[0])
        elif what == "debit":
            fits = balance - int(rest[0]) >= sum(10**15 if order[0] is None else order[0] for order in orders)
            try:
                desk.post(DAY, "提取", [Leg(desk.account(name), int(rest[0])), Leg(desk.account("银行存款"), -int(rest[0]))])
            except LedgerRefusal as refusal:
                assert refusal.code == "INSUFFICIENT_BALANCE" and not fits
            else:
                assert fits
                balance -= int(rest[0])
        elif what == "freeze":
            numbers.append(desk.freeze(name, None if rest[0] is None else Money(int(rest[0])).text, str(len(numbers))))
            orders.append([rest[0]])
        elif place is None:
            continue
        elif what == "lift":
            assert desk.lift(numbers.pop(place))
            orders.pop(place)
        elif what == "lower":
            named = orders[place][0]
            assert desk.lift(numbers[place], Money(int(rest[1])).text) == (named is None or int(rest[1]) < named)
            orders[place][0] = int(rest[1]) if named is None else min(named, int(rest[1]))
        else:
            kept = kept_by(Money(balance), [None if o[0] is None else Money(o[0]) for o in orders])[place].fen
            try:
                desk.deduct(numbers[place], Money(int(rest[1])).text)
            except LedgerRefusal as refusal:
                assert refusal.facts["kept_fen"] == kept < int(rest[1])
            else:
                assert int(rest[1]) <= kept
                balance -= int(rest[1])
                if orders[place][0] is not None:
                    orders[place][0] -= int(rest[1])
                    if not orders[place][0]:
                        orders.pop(place), numbers.pop(place)
        view = desk.balance(name)
        with centre_scope(1):
            found = queries.freezes_on([desk.account(name)])
        expected = kept_by(Money(balance), [None if o[0] is None else Money(o[0]) for o in orders])
        assert view.balance.fen == balance
        assert [f.kept for f in found] == list(expected)
        named = sum(10**15 if o[0] is None else o[0] for o in orders)
        assert (view.frozen.fen, view.available.fen) == (named, max(0, balance - named))
