"""约定提取 when things happen at the same moment: two runs, a run that is killed, a freeze or the member in between."""

from __future__ import annotations

import pytest

from hpf.kernel.money import Money
from tests.integration.freezes.test_races import together
from tests.integration.withdrawals.test_agreements import freeze
from tests.support.agreements import instalments, months, paid_out, run, signed, stop_all

EIGHT_HUNDRED = Money.yuan("800.00")


@pytest.fixture(autouse=True)
def nobody_else(database):
    stop_all()


@pytest.fixture
def three(lanzhou):
    """{account: (agreement, balance before)} of three people whose month is due."""
    found = {}
    for name in ("项甲", "项乙", "项丙"):
        account, _ = lanzhou.tenant(name)
        found[account] = (signed(lanzhou, account, name, amount=EIGHT_HUNDRED), lanzhou.money(account).balance)
    return found


def paid_once(lanzhou, three):
    for account, (number, before) in three.items():
        assert months(lanzhou, number) == [("2026-09", "IN_SETTLEMENT")]
        assert paid_out(lanzhou, account, before) == EIGHT_HUNDRED


def payments_of(lanzhou, three):
    from hpf.treasury import queries

    numbers = [instalments(lanzhou, number)[0].application_no for number, _ in three.values()]
    with lanzhou.scope():
        return {number: len(found) for number, found in queries.payments_of(1, "WITHDRAWAL", numbers).items()}


def test_two_runs_at_the_same_moment_pay_each_month_once(lanzhou, three):
    results = together(lambda: run(lanzhou), lambda: run(lanzhou, chunk=2), lambda: run(lanzhou))
    assert not [result for result in results if isinstance(result, Exception)], results
    paid_once(lanzhou, three)
    assert set(payments_of(lanzhou, three).values()) == {1}


def test_a_run_killed_between_decision_and_payment_has_done_nothing_and_is_done_again(lanzhou, three, monkeypatch):
    from hpf.withdrawals.services import instalments as doing

    def killed(*given, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(doing, "pay_decided", killed)
    with pytest.raises(KeyboardInterrupt):
        run(lanzhou, chunk=2)
    assert [months(lanzhou, number) for number, _ in three.values()] == [[], [], []]
    assert all(lanzhou.money(account).balance == before for account, (_, before) in three.items())
    monkeypatch.undo()
    assert run(lanzhou, chunk=2).paid == 3
    paid_once(lanzhou, three)
    assert set(payments_of(lanzhou, three).values()) == {1}


def test_a_run_killed_after_the_first_part_pays_the_rest_only(lanzhou, three, monkeypatch):
    from hpf.withdrawals.services import running

    whole, turns = running._do, []

    def second_is_killed(*given):
        turns.append(1)
        if len(turns) == 2:
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(running, "_do", second_is_killed)
    with pytest.raises(KeyboardInterrupt):
        run(lanzhou, chunk=2)
    monkeypatch.undo()
    assert run(lanzhou, chunk=2).paid == 1
    paid_once(lanzhou, three)


def test_a_freeze_between_decision_and_posting_stops_its_own_month_only(lanzhou, three, monkeypatch):
    from hpf.withdrawals.services import instalments as doing

    first, *others = three
    whole = doing.pay_decided

    def frozen_before(*given, **more):
        (frozen,) = together(lambda: freeze(lanzhou, first))
        assert not isinstance(frozen, Exception), frozen
        return whole(*given, **more)

    monkeypatch.setattr(doing, "pay_decided", frozen_before)
    done = run(lanzhou)
    assert (done.paid, done.stopped, done.refused) == (2, 1, 0) and done.amount == EIGHT_HUNDRED + EIGHT_HUNDRED
    number, before = three[first]
    (instalment,) = instalments(lanzhou, number)
    assert instalment.application_state == "REFUSED" and lanzhou.money(first).balance == before
    assert lanzhou.reasons(instalment.application_no) == ["WITHDRAWAL_NOT_COVERED"]
    assert "冻结" not in lanzhou.words(instalment.application_no)
    assert lanzhou.case(instalment.application_no).payment_no == ""
    paid_once(lanzhou, {account: three[account] for account in others})
    assert payments_of(lanzhou, {first: three[first]}) == {}


def test_the_member_ends_while_the_run_goes_either_paid_or_not_begun(lanzhou, three):
    first, *others = three
    number, before = three[first]
    ended, done = together(
        lambda: lanzhou.give("end_agreement", lanzhou.maker, agreement_no=number, reason="退租", on=lanzhou.on), lambda: run(lanzhou)
    )
    assert not isinstance(ended, Exception) and not isinstance(done, Exception), (ended, done)
    assert lanzhou.seen("agreement", number).state == "ENDED"
    assert months(lanzhou, number) in ([], [("2026-09", "IN_SETTLEMENT")])
    assert paid_out(lanzhou, first, before) == (EIGHT_HUNDRED if months(lanzhou, number) else Money(0))
    paid_once(lanzhou, {account: three[account] for account in others})


def test_the_member_ended_after_the_list_was_made_and_nothing_is_paid(lanzhou, three, monkeypatch):
    from hpf.withdrawals.services import running

    first, *others = three
    whole = running._do

    def ended_before(*given):
        lanzhou.give("end_agreement", lanzhou.maker, agreement_no=three[first][0], reason="退租", on=lanzhou.on)
        return whole(*given)

    monkeypatch.setattr(running, "_do", ended_before)
    assert run(lanzhou).paid == 2
    assert months(lanzhou, three[first][0]) == [] and lanzhou.money(first).balance == three[first][1]
    paid_once(lanzhou, {account: three[account] for account in others})
