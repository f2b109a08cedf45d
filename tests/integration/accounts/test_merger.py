"""合户: to the fen, in both buckets, and for the interest to come by either method."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.support.people import AT, Fund, fresh, resident_id

OPENED, PAID_1, PAID_2, TODAY = date(2025, 7, 1), date(2025, 9, 10), date(2025, 12, 15), date(2026, 3, 20)


@pytest.fixture
def dingxi(own_database):
    fund = Fund(11, "621102", OPENED)
    fund.open_day(OPENED)
    return fund


def two_accounts(fund, number=resident_id(31)):
    """张三's own account and a second one of former years, with money that came and went on different days."""
    from hpf.accounts.services import admit_duplicate

    school, works = (
        fund.unit("定西市第一中学", rate="10", first_month="2025-07"),
        fund.unit("定西老厂有限公司", rate="10", first_month="2025-07"),
    )
    own = fund.member(school, "张三", number)
    second = admit_duplicate(
        by=fund.by, centre_id=11, account_no=own, employer_account_no=works, opened_on=date(2010, 3, 1), on=OPENED, at=AT, key=fresh()
    ).value.account_no
    fund.pay(second, "8000.00", OPENED, date(2025, 6, 30), carried="8000.00")
    fund.pay(own, "1000.00", OPENED)
    for day, one, two in ((PAID_1, "1234.56", "500.00"), (PAID_2, "-300.00", "-7600.00"), (TODAY, "0.01", "100.00")):
        last = {PAID_1: OPENED, PAID_2: PAID_1, TODAY: PAID_2}[day]
        fund.close_day(last)
        fund.open_day(day)
        fund.pay(own, one, day)
        fund.pay(second, two, day)
    return own, second


def merge(fund, *numbers, **given):
    from hpf.accounts.services import merge

    return merge(by=fund.by, centre_id=11, account_nos=numbers, business_on=TODAY, at=AT, key=given.pop("key", fresh()), **given)


def test_balance_buckets_and_interest_to_come_are_the_sum_of_both(dingxi):
    own, second = two_accounts(dingxi)
    before = [dingxi.money(number) for number in (own, second)]
    merged = merge(dingxi, own, second)
    assert merged.value.kept_account_no == second
    kept, ended = dingxi.money(second), dingxi.money(own)
    assert kept.balance == Money.total(each.balance for each in before) == Money.yuan("2934.57")
    assert kept.carried == Money.total(each.carried for each in before)
    assert kept.day_products == sum(each.day_products for each in before)
    assert kept.month_products == sum(each.month_products for each in before)
    assert (ended.balance, ended.carried, ended.day_products, ended.month_products) == (Money(0), Money(0), 0, 0)
    assert ended.closed_on == TODAY


def test_the_older_account_is_kept_and_takes_the_unit_of_the_one_in_use(dingxi):
    own, second = two_accounts(dingxi)
    in_use = dingxi.view(own)
    merge(dingxi, own, second)
    kept, ended = dingxi.view(second), dingxi.view(own)
    assert (kept.opened_on, kept.state, kept.employer_account_id, kept.base) == (
        date(2010, 3, 1), "NORMAL", in_use.employer_account_id, in_use.base,
    )  # fmt: skip
    assert (ended.state, ended.closed_on, ended.merged_into_id) == ("MERGED", TODAY, kept.member_account_id)
    assert not kept.duplicate
    from hpf.accounts import queries

    with dingxi.scope():
        assert queries.bases_of_month(11, [kept.member_account_id], Month(2026, 3))[kept.member_account_id].base == in_use.base
        labels = [e.label for e in queries.member_events(11, [kept.member_account_id, ended.member_account_id])]
    assert labels == ["合户并入", "合户并出", "个人开户", "个人开户"]


def test_money_that_is_held_stops_the_merger_and_nothing_moves(dingxi):
    from django.db import transaction

    from hpf.ledger.services import place_hold

    own, second = two_accounts(dingxi)
    with dingxi.scope(), transaction.atomic():
        place_hold(dingxi.view(own).ledger_account_id, 1, "FREEZE", "（2026）甘11执1号")
    before = [dingxi.money(number) for number in (own, second)]
    refused = merge(dingxi, own, second)
    assert [reason.code for reason in refused.reasons] == ["MERGER_BALANCE_SHORT"]
    assert refused.reasons[0].message == "并入账户可用余额不足以全部并入，暂不能合户，请报业务主管核实后再办理"
    assert [dingxi.money(number) for number in (own, second)] == before
    assert dingxi.view(own).state == "NORMAL"


def test_two_documents_merge_only_with_evidence(dingxi):
    unit = dingxi.unit("定西外语学校", rate="10", first_month="2025-07")
    old = dingxi.new_member("John Smith", "USA621185010101", kind="FOREIGN_PR_CARD_OLD", born_on=date(1985, 1, 1))
    first = dingxi.ask(unit, old)[0].account_no
    second = dingxi.member(unit, "John Smith", "96284019850101001X", kind="FOREIGN_PR_CARD", another_person=True)
    dingxi.pay(second, "50.00", OPENED)
    dingxi.close_day(OPENED)
    dingxi.open_day(TODAY)
    assert [reason.code for reason in merge(dingxi, first, second).reasons] == ["SAME_PERSON_UNPROVEN"]
    assert merge(dingxi, first, second, evidence="出入境管理局证件对应关系证明").value.amount == Money.yuan("50.00")
    assert dingxi.money(first).balance == Money.yuan("50.00")


def test_an_account_without_money_merges_without_a_journal(dingxi):
    from hpf.accounts.services import admit_duplicate

    unit = dingxi.unit("定西空户有限公司", rate="10", first_month="2025-07")
    own = dingxi.member(unit, "李四", resident_id(33))
    second = admit_duplicate(
        by=dingxi.by, centre_id=11, account_no=own, employer_account_no=unit, opened_on=OPENED, on=OPENED, at=AT, key=fresh()
    ).value.account_no
    dingxi.close_day(OPENED)
    dingxi.open_day(TODAY)
    merged = merge(dingxi, own, second)
    assert (merged.value.kept_account_no, merged.value.journal_id) == (own, None)


def test_a_merger_sent_twice_happens_once(dingxi):
    own, second = two_accounts(dingxi)
    key = fresh()
    first, again = merge(dingxi, own, second, key=key), merge(dingxi, own, second, key=key)
    assert first == again
    assert dingxi.total(own, second) == Money.yuan("2934.57")


def test_an_ended_account_takes_no_more_money(dingxi):
    from hpf.ledger.services import LedgerRefusal

    own, second = two_accounts(dingxi)
    merge(dingxi, own, second)
    with pytest.raises(LedgerRefusal, match="已销户"):
        dingxi.pay(own, "1.00", TODAY)
