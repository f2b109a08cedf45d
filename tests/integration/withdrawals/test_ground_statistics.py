"""按情形的提取指标: counted from the ledger's days and the published views, taken back when the bank fails, the same from nothing."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import Money
from tests.support.withdrawals import ON

MONTH_END = date(2026, 9, 30)
CODES = {
    "0301004011": "ground_withdrawals", "0301007611": "ground_principal", "0301007711": "ground_interest", "0301011002": "ground_persons_first",
}  # fmt: skip


@pytest.fixture(scope="module")
def paid(lanzhou):
    """Two rents and two accounts emptied on retirement; of each pair one is paid and one comes back from the bank."""
    from hpf.treasury.rules.payments import Told

    lanzhou.departments.no_faults()
    for name, amount, word in (("陈晓", "1200.00", Told.DONE), ("何敏", "800.00", Told.FAILED)):
        account, _ = lanzhou.tenant(name)
        moved = lanzhou.withdrawn(account, name, said=(("rental_kind", "MARKET"),), asked=Money.yuan(amount))
        assert moved.state == "IN_SETTLEMENT", lanzhou.words(moved.application_no)
        lanzhou.bank_says(moved.application_no, word)
    for name, word in (("高退休", Told.DONE), ("郭退票", Told.FAILED)):
        account, _ = retired(lanzhou, name)
        number = lanzhou.withdrawn(account, name, "RETIREMENT").application_no
        assert lanzhou.case(number).state == "IN_SETTLEMENT", lanzhou.words(number)
        lanzhou.bank_says(number, word)
        if word is Told.DONE:
            lanzhou.emptied = lanzhou.case(number)
    return lanzhou


def retired(lanzhou, name):
    """Somebody who draws a pension; money from July on, so that there is interest."""
    account, reference = lanzhou.tenant(name, born="19620105", pension_drawing=True, retired_on="2026-08-05", retirement_kind="NORMAL")
    lanzhou.pay(account, "50000.00", lanzhou.on, value_on=date(2026, 7, 31))
    return account, reference


def count(on):
    """Count a day and its month end, as the day's close does."""
    from django.db import transaction

    from hpf.db.scope import centre_scope
    from hpf.statistics.services import build_day, build_month

    with transaction.atomic(), centre_scope(1):
        build_day(1, on)
        build_month(1, MONTH_END)


def facts():
    from django.db import connection

    from hpf.db.scope import centre_scope

    with centre_scope(1), connection.cursor() as cursor:
        cursor.execute(
            "SELECT period, period_on, measure, dimension, value, amount, to_date FROM statistics_fact WHERE centre_id = 1 ORDER BY 1, 2, 3, 4, 5"
        )
        return cursor.fetchall()


def test_each_ground_has_its_principal_interest_payments_and_people(paid):
    from hpf.statistics.queries import by_value

    count(ON)
    found = {code: by_value([1], code, "DAY", ON) for code in CODES}
    principal, interest = paid.emptied.granted, paid.emptied.interest
    assert interest.fen > 0
    assert found == {
        "0301004011": {"RENT": 1, "RETIREMENT": 1},
        "0301007611": {"RENT": 120000, "RETIREMENT": principal.fen},
        "0301007711": {"RETIREMENT": interest.fen},
        "0301011002": {"RENT": 2, "RETIREMENT": 2},
    }
    assert by_value([1], "0301010711", "DAY", ON) == found["0301007611"]
    assert by_value([1], "0301003911", "MONTH", MONTH_END) == {"RENT": 1, "RETIREMENT": 1}


def test_the_figures_show_the_sum_of_the_grounds(paid):
    from hpf.statistics.queries import figures

    (shown,) = figures([1], "MONTH", MONTH_END, ["0301007611"])
    assert shown.value == 120000 + paid.emptied.granted.fen


def test_counted_from_nothing_it_is_the_same(paid):
    from django.db import connection, transaction

    from hpf.db.scope import centre_scope

    count(ON)
    before = facts()
    assert [fact for fact in before if fact[3] == "WITHDRAWAL_GROUND"]
    with transaction.atomic(), centre_scope(1), connection.cursor() as cursor:
        cursor.execute("DELETE FROM statistics_fact WHERE centre_id = 1")
        cursor.execute("DELETE FROM statistics_counted WHERE centre_id = 1")
    assert facts() == []
    count(ON)
    assert facts() == before


def test_what_comes_back_a_day_later_is_taken_off_that_day_and_counts_the_same_from_nothing(paid):
    """Counted day by day, and both days at once."""
    from django.db import connection, transaction

    from hpf.db.scope import centre_scope
    from hpf.statistics.queries import by_value
    from hpf.treasury.rules.payments import Told

    friday, numbers = date(2026, 9, 25), []
    account, _ = paid.tenant("田晚退")
    numbers.append(paid.withdrawn(account, "田晚退", said=(("rental_kind", "MARKET"),), asked=Money.yuan("300.00")).application_no)
    account, _ = retired(paid, "贺晚退")
    numbers.append(paid.withdrawn(account, "贺晚退", "RETIREMENT").application_no)
    emptied = paid.case(numbers[1])
    count(ON)
    thursday = {code: by_value([1], code, "DAY", ON) for code in CODES}
    paid.next_day(friday)
    for number in numbers:
        paid.bank_says(number, Told.FAILED)
    paid.next_day(date(2026, 9, 28))
    count(friday)
    assert {code: by_value([1], code, "DAY", ON) for code in CODES} == thursday
    assert {code: by_value([1], code, "DAY", friday) for code in CODES} == {
        "0301004011": {"RENT": -1, "RETIREMENT": -1},
        "0301007611": {"RENT": -30000, "RETIREMENT": -emptied.granted.fen},
        "0301007711": {"RETIREMENT": -emptied.interest.fen},
        "0301011002": {"RENT": 3, "RETIREMENT": 3},
    }
    before = facts()
    with transaction.atomic(), centre_scope(1), connection.cursor() as cursor:
        cursor.execute("DELETE FROM statistics_fact WHERE centre_id = 1")
        cursor.execute("DELETE FROM statistics_counted WHERE centre_id = 1")
    count(friday)
    assert facts() == before
