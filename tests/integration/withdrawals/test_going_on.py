"""A server that stopped between two parts of an application: it goes on by itself, and nobody is paid twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hpf.kernel.money import Money
from hpf.withdrawals.rules.states import State


@pytest.fixture
def dropped(lanzhou):
    """(application, account, balance before) of a tenant whose application was accepted, and then the server stopped."""
    account, _ = lanzhou.tenant("项续")
    before = lanzhou.money(account).balance
    return lanzhou.applied(account, "项续", asked=Money.yuan("500.00")), account, before


def go_on(payer, minutes):
    from hpf.withdrawals import services

    at = payer.at + timedelta(minutes=minutes)
    given = {"left_alone": timedelta(minutes=5), "exchange": payer.exchange}
    return services.go_on(by=payer.auto, centre_id=payer.centre_id, business_on=payer.on, at=at, **given)


def mine(number, moved):
    return [(each.application_no, each.state) for each in moved if each.application_no == number]


def test_accepted_and_dropped_it_is_decided_and_paid_once(lanzhou, dropped):
    number, account, before = dropped
    assert mine(number, go_on(lanzhou, 10)) == [(number, State.IN_SETTLEMENT)]
    assert lanzhou.money(account).balance == before - Money.yuan("500.00")
    assert mine(number, go_on(lanzhou, 20)) == []
    assert lanzhou.money(account).balance == before - Money.yuan("500.00")


def test_approved_and_dropped_it_is_paid_once(lanzhou, dropped):
    number, account, before = dropped
    lanzhou.give("gather_facts", application_no=number, exchange=lanzhou.exchange)
    decided = lanzhou.give("decide_application", application_no=number)
    assert decided.value is not None and decided.value.state is State.APPROVED
    assert lanzhou.money(account).balance == before
    assert mine(number, go_on(lanzhou, 10)) == [(number, State.IN_SETTLEMENT)]
    assert lanzhou.money(account).balance == before - Money.yuan("500.00")


def test_somebody_may_still_be_working_at_it(lanzhou, dropped):
    number, _, _ = dropped
    assert mine(number, go_on(lanzhou, 4)) == [] and lanzhou.case(number).state is State.ACCEPTED


def test_what_the_ledger_will_not_take_now_waits_and_keeps_nobody(lanzhou, dropped, monkeypatch):
    from hpf.ledger.services import LedgerRefusal
    from hpf.withdrawals.services import proceeding

    number, account, before = dropped
    lanzhou.give("gather_facts", application_no=number, exchange=lanzhou.exchange)
    lanzhou.give("decide_application", application_no=number)

    def closed(**given):
        raise LedgerRefusal("DAY_NOT_OPEN", "会计日已结", {})

    with monkeypatch.context() as patched:
        patched.setattr(proceeding, "pay", closed)
        assert mine(number, go_on(lanzhou, 10)) == []
    assert lanzhou.case(number).state is State.APPROVED and lanzhou.money(account).balance == before
    assert mine(number, go_on(lanzhou, 20)) == [(number, State.IN_SETTLEMENT)]
