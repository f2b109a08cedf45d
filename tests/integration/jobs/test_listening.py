"""空闲的后台: sixteen quiet banks cost a question each and two statements; whatever is new is talked about at once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hpf.kernel.money import Money
from tests.support.days import Centre

DAY = date(2026, 8, 3)


@pytest.fixture
def banks(own_database, tmp_path, settings_of_bank):
    """Sixteen centres with their fund accounts at one bank: the bank's controls, and each centre's account number."""
    from demo.bank.control import start
    from hpf.treasury.queries import bank_accounts
    from hpf.treasury.rules.numbers import unit_no

    running = start(str(tmp_path / "bank.sqlite"), first_day=DAY, key="listening")
    settings_of_bank(running.url + "/", "listening")
    accounts = {}
    for centre_id in range(1, 17):
        centre = Centre(centre_id, "620102", DAY)
        centre.open_centre(DAY)
        with centre.scope():
            (account,) = bank_accounts(centre_id)
        running.control.open_fund_account(account.account_no, account.name, unit_no(centre_id), 0)
        accounts[centre_id] = account.account_no
    running.control.set_account("E1", "天水第一中学", 10**10)
    yield running.control, accounts
    running.kill()


@pytest.fixture
def settings_of_bank(monkeypatch):
    from django.conf import settings

    def point(url, key):
        monkeypatch.setattr(settings, "HPF_BANK_URL", url, raising=False)
        monkeypatch.setattr(settings, "HPF_BANK_KEY", key, raising=False)

    return point


@pytest.fixture
def worker(banks):
    """A worker that has listened once: everybody was talked with."""
    from hpf.jobs.worker import Worker

    worker = Worker()
    for centre_id in worker.news(datetime(2026, 8, 3, 9, tzinfo=UTC)):
        worker.turn(centre_id, set(), datetime(2026, 8, 3, 9, tzinfo=UTC), talk=True)
    worker.listening.news()
    return worker


def test_an_idle_round_over_sixteen_centres_is_two_statements(worker, queries):
    from django.db import connections

    seen = []
    with connections["observer"].execute_wrapper(lambda execute, *call: (seen.append(call[0]), execute(*call))[1]):
        queries.clear()
        assert worker.listening.news() == set()
    assert (len(queries), len(seen)) == (1, 1)


def test_money_at_the_bank_is_news_of_that_centre_only_and_only_once(worker, banks):
    control, accounts = banks
    control.pay("E1", accounts[5], 12345, "汇缴")
    assert worker.listening.news() == {5}
    worker.turn(5, set(), datetime(2026, 8, 3, 10, tzinfo=UTC), talk=True)
    from hpf.db.scope import centre_scope
    from hpf.treasury.queries import receipts

    with centre_scope(5):
        assert [each.amount for each in receipts(5, since=DAY, until=date(2026, 8, 4))] == [Money(12345)]
    worker.listening.news()
    assert worker.listening.news() == set()


def test_money_told_by_a_notice_is_matched_and_booked_in_the_next_round(worker):
    centre = Centre(5, "620502", DAY)
    centre.bank_account_id = None
    from hpf.db.scope import centre_scope
    from hpf.treasury.queries import bank_accounts

    with centre_scope(5):
        centre.bank_account_id = bank_accounts(5)[0].bank_account_id
    unit = centre.unit("天水市第三中学", rate="12", first_month="2026-08")
    from tests.support.people import resident_id

    member = centre.member(unit, "张三", resident_id(91), "5000.00")
    centre.remit(unit, "2026-08", DAY)
    assert str(centre.money(member).balance) == "0.00"
    assert worker.listening.news() == {5}
    worker.turn(5, set(), datetime(2026, 8, 3, 11, tzinfo=UTC), talk=True)
    assert str(centre.money(member).balance) == "1200.00"
    assert worker.listening.news() == set()


def test_a_centre_that_waits_for_its_bank_is_talked_with_every_round(worker):
    from django.db import transaction

    from hpf.ledger.rules import Draft, Leg
    from hpf.treasury.services import order_payment

    centre = Centre(5, "620502", DAY)
    with centre_scope_of(5):
        from hpf.treasury.queries import bank_accounts

        centre.bank_account_id = bank_accounts(5)[0].bank_account_id
    suspense = centre.arrive("100.00", DAY)
    draft = Draft(5, "REFUND", "J2", DAY, DAY, "TEST", "1", "退款", "甲", checker="乙")
    with centre.scope(), transaction.atomic():
        order_payment(draft, [Leg(suspense, 100_00)], payee_account="E1", payee_name="天水第一中学", summary="退款", key="order")
    for _ in range(3):
        assert worker.listening.news() == {5}


def test_a_bank_that_is_away_is_no_news_and_none_is_lost(worker, banks):
    control, accounts = banks
    control.pay("E1", accounts[7], 700, "汇缴")
    url = {centre_id: line.url for centre_id, line in worker.listening.lines.items()}
    for line in worker.listening.lines.values():
        line.url = "http://127.0.0.1:9"
    assert worker.listening.news() == set()
    for centre_id, line in worker.listening.lines.items():
        line.url = url[centre_id]
    assert worker.listening.news() == {7}


def centre_scope_of(centre_id):
    from hpf.db.scope import centre_scope

    return centre_scope(centre_id)
