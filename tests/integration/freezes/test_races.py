"""On one row, with real connections: a court against withdrawals, transfers, refunds and closing. Nothing frozen goes out."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from tests.support.people import fresh, resident_id

pytestmark = pytest.mark.usefixtures("database")
LIMIT_SECONDS = 60


@pytest.fixture(scope="module")
def desk(database):
    from tests.support.courts import Desk

    desk = Desk()
    desk.begin()
    desk.pay(desk.person("先来", resident_id(1), "1.00"), "1.00", desk.on)
    return desk


def together(*acts):
    """Run every act in a thread and a connection of its own, at the same moment; what each gave or raised."""
    from django.db import connections

    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        barrier.wait()
        try:
            results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return results


def drawing(desk, account_no, yuan, kind="WITHDRAWAL"):
    """A withdrawal-like debit of one transaction, as its business would post it; interest may be posted before it."""
    from django.db import transaction

    from hpf.kernel.money import Money
    from hpf.ledger.rules import Draft, Leg
    from hpf.ledger.services import open_account, post

    account_id, amount, key = desk.view(account_no).ledger_account_id, Money.yuan(yuan).fen, fresh("draw")

    def act(interest=0):
        with desk.scope(), transaction.atomic():
            bank = open_account(desk.centre_id, 10101, "BANK_ACCOUNT", 1, desk.on)
            draft = Draft(desk.centre_id, kind, "J3", desk.on, desk.on, "TEST", key, "支取", "甲")
            if interest:
                post(
                    Draft(desk.centre_id, "ADJUSTMENT", "J1", desk.on, desk.on, "TEST", key, "利息", "甲"),
                    [Leg(bank, interest), Leg(account_id, -interest)],
                    f"{key}:i",
                )
            return post(draft, [Leg(account_id, amount), Leg(bank, -amount)], key)

    return act


def code_of(result):
    return getattr(result, "code", type(result).__name__) if isinstance(result, Exception) else "done"


def test_a_freeze_and_withdrawals_meet_on_one_row(desk, tell):
    """Whoever comes first: all that went out and all that is kept is never more than there was. 12 rounds of 9."""
    from hpf.freezes.rules.orders import Action

    tried, overpaid, kept_by_court = Counter(), 0, 0
    for round_number in range(12):
        member = desk.person("竞某", resident_id(100 + round_number), "100.00")
        draws = [drawing(desk, member, "40.00") for _ in range(8)]
        results = together(lambda member=member: desk.send(member, Action.FREEZE, yuan="60.00"), *draws)
        codes = Counter(map(code_of, results[1:]))
        tried += codes
        assert set(codes) <= {"done", "INSUFFICIENT_BALANCE"}, results
        kept, balance = desk.queue(member)[0][1], desk.money(member).balance.fen
        assert balance == 10_000 - 4_000 * codes["done"] >= 0
        overpaid += balance < 0
        kept_by_court += kept == "60.00"
        assert kept == ("60.00" if balance >= 6_000 else f"{balance / 100:.2f}")
        assert code_of(drawing(desk, member, "40.01") and together(drawing(desk, member, "40.01"))[0]) == "INSUFFICIENT_BALANCE"
    tell(
        f"12 orders served, {kept_by_court} kept whole; {sum(tried.values())} withdrawals tried, {tried['done']} paid, {overpaid} over-paid"
    )
    assert sum(tried.values()) == 96


def test_two_courts_deduct_at_once_and_each_gets_its_own(desk):
    from hpf.freezes.rules.orders import Action
    from tests.support.courts import CITY, OTHER

    for round_number in range(6):
        member = desk.person("两院", resident_id(200 + round_number), "100.00")
        first = desk.send(member, Action.FREEZE, yuan="70.00")
        second = desk.send(member, Action.FREEZE, court=OTHER, yuan="70.00")

        def deduct(court, freeze_no, member=member):
            return lambda: desk.send(member, Action.DEDUCT, court=court, freeze_no=freeze_no, situation="RETIREMENT")

        mine = [deduct(CITY, first.answer.freeze_no), deduct(OTHER, second.answer.freeze_no), deduct(CITY, first.answer.freeze_no)]
        results = together(*mine)
        taken = [order.answer.deducted.text for order in results]
        assert taken[1] == "30.00" and sorted([taken[0], taken[2]]) == ["0.00", "70.00"], taken
        assert desk.money(member).balance.fen == 0
        assert [state for *_, state in desk.queue(member)] == ["已扣划完毕", "轮候"]


def test_a_closing_and_a_freeze_meet(desk, tell):
    """Either the account is closed and the court is told so, or it is bound and cannot be closed. Never both."""
    from hpf.accounts.services import close
    from hpf.freezes.rules.orders import Action

    ends = Counter()
    for round_number in range(8):
        member = desk.person("销某", resident_id(300 + round_number), "0.00")

        def closing(member=member):
            return close(
                by=desk.by,
                centre_id=1,
                account_no=member,
                final_state="WITHDRAWN_OUT",
                reason="零额销户",
                on=desk.on,
                at=desk.at,
                key=fresh(),
            )

        closed, order = together(closing, lambda member=member: desk.send(member, Action.FREEZE, yuan="10.00"))
        ended = getattr(closed, "is_approved", False)
        if not ended:
            said = closed.code if isinstance(closed, Exception) else closed.reasons[0].code
            assert said in ("ACCOUNT_NOT_EMPTY", "CLOSING_TO_BE_CHECKED"), said
        if isinstance(order, Exception):  # the account closed between the look and the row: nothing is kept, the court sends again
            assert order.code == "ACCOUNT_CLOSED" and ended
            order = desk.send(member, Action.FREEZE, yuan="10.00")
        frozen = order.result.value == "3"
        assert frozen != ended
        ends["冻结" if frozen else "销户"] += 1
    tell(f"8 races of a closing and a freeze, {ends['冻结']} ended frozen, {ends['销户']} closed")


def test_withdrawals_that_post_interest_first_do_not_lock_each_other_out(desk):
    """One holds the row and wants the line, another the line and the row: the line gives way, nobody is killed."""
    member = desk.person("息某", resident_id(400), "100.00")
    plain = [drawing(desk, member, "1.00") for _ in range(6)]
    closing = [lambda act=drawing(desk, member, "1.00"): act(interest=5) for _ in range(6)]
    results = together(*plain, *closing)
    assert [code_of(result) for result in results] == ["done"] * 12
    assert desk.money(member).balance.fen == 10_000 - 12 * 100 + 6 * 5


def test_transfer_merger_and_correction_respect_a_freeze(desk):
    """Debits of every kind are refused below what is frozen, whatever the business is called."""
    from hpf.freezes.rules.orders import Action

    member = desk.person("各业", resident_id(500), "100.00")
    desk.send(member, Action.FREEZE, whole=True)
    kinds = ("WITHDRAWAL", "INTERNAL_TRANSFER", "MERGE", "REFUND", "REVERSAL", "ADJUSTMENT", "PAYMENT")
    results = together(*(drawing(desk, member, "0.01", kind) for kind in kinds))
    assert [code_of(result) for result in results] == ["INSUFFICIENT_BALANCE"] * len(kinds)
    assert desk.money(member).balance.fen == 10_000


def test_a_term_ends_while_papers_come(desk):
    """期满 in the middle of a batch: each freeze ends once, who waits takes over once."""
    from datetime import timedelta

    from hpf.freezes.rules.orders import Action
    from hpf.freezes.services import expire_due
    from tests.support.courts import OTHER

    members = [desk.person("期某", resident_id(600 + n), "100.00") for n in range(5)]
    for member in members:
        desk.send(member, Action.FREEZE, yuan="100.00", ends_on=desk.on)
        desk.send(member, Action.FREEZE, court=OTHER, yuan="80.00")
    desk.next_day(desk.on + timedelta(days=1))

    def morning():
        return sum(each.ended for each in expire_due(by=desk.by, centre_id=1, on=desk.on, at=desk.at))

    results = together(
        morning,
        morning,
        *(lambda m=member: desk.send(m, Action.DEDUCT, court=OTHER, yuan="30.00", situation="RETIREMENT") for member in members),
    )
    assert not [result for result in results if isinstance(result, Exception)], results
    for member in members:
        assert [state for *_, state in desk.queue(member)] == ["期满失效", "生效"]
        assert desk.money(member).balance.text == "70.00"
