"""What the bank has paid is written down for all of a batch at once, each with its own history, and once."""

from __future__ import annotations

import pytest

from hpf.kernel.money import Money
from hpf.withdrawals.rules.states import State
from tests.support.agreements import Bank, instalments, months, run, signed, stop_all, talk


@pytest.fixture(autouse=True)
def nobody_else(database):
    stop_all()


def paid_by_bank(centre, count):
    """Agreements of so many tenants whose first month the bank has paid, and nobody has written it down yet."""
    from hpf.treasury import services

    numbers = [signed(centre, centre.tenant("温多户")[0], "温多户", amount=Money.yuan("300.00")) for _ in range(count)]
    assert run(centre).paid == count
    bank, common = Bank(), {"centre_id": centre.centre_id, "business_on": centre.on}
    services.send_payment_batches(by=centre.by, at=centre.at, bank=bank, **common)
    services.poll_payment_batches(by=centre.by, bank=bank, **common)
    return numbers


def test_many_take_as_many_queries_as_few(lanzhou, queries):
    counted = []
    for size in (2, 5):
        numbers = paid_by_bank(lanzhou, size)
        queries.clear()
        settled = lanzhou.settle()
        counted.append(len(queries))
        assert sorted(each.application_no for each in settled) == sorted(instalments(lanzhou, no)[0].application_no for no in numbers)
        assert {each.state for each in settled} == {State.PAID}
        assert [months(lanzhou, no) for no in numbers] == [[("2026-09", "PAID")]] * size
    assert counted[0] == counted[1]


def test_each_has_its_own_history_and_it_is_written_once(lanzhou):
    (number,) = paid_by_bank(lanzhou, 1)
    assert len(lanzhou.settle()) == 1 and lanzhou.settle() == []
    (instalment,) = instalments(lanzhou, number)
    history = lanzhou.seen("events", instalment.application_no)
    assert [event.state for event in history].count("PAID") == 1
    assert "银行已付款300.00元" in [event.note for event in history]
    assert lanzhou.case(instalment.application_no).paid_on == lanzhou.on


def test_what_comes_back_later_is_looked_at_by_itself(lanzhou):
    first, second = paid_by_bank(lanzhou, 2)
    lanzhou.settle()
    talk(lanzhou, Bank())
    lanzhou.comes_back(lanzhou.case(instalments(lanzhou, first)[0].application_no).payment_no)
    assert [months(lanzhou, number)[0][1] for number in (first, second)] == ["FAILED", "PAID"]
