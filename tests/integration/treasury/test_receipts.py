"""到账: what the bank reports is booked once, waits in 219, and is given to whom it belongs."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.treasury.rules.movements import Movement

CENTRE = 5
DAY = date(2026, 8, 3)
_refs = itertools.count(1)


def money_in(
    yuan: str, *, summary: str = "", name: str = "天水第一中学", account: str = "", ref: str | None = None, on: date = DAY, **more: str
) -> Movement:
    return Movement(ref or f"R{next(_refs):06d}", on, Money.yuan(yuan), account, name, summary, **more)


@pytest.fixture(scope="module")
def clerk() -> Actor:
    return Actor("liu", "刘会计", frozenset({CENTRE}), frozenset({"*"}))


@pytest.fixture(scope="module")
def fund(database: str, clerk: Actor) -> int:
    from tests.integration.treasury.setting import open_fund

    return open_fund(CENTRE, DAY, clerk)


@pytest.fixture
def treasury(fund: int, clerk: Actor):
    from tests.integration.treasury.setting import Treasury

    return Treasury(CENTRE, fund, clerk, DAY)


def test_money_that_arrives_is_debited_to_the_bank_and_waits_in_suspense(treasury) -> None:
    before = treasury.subjects()
    recorded = treasury.record(money_in("2320.00", summary="谁也不认识"))
    assert recorded.received == Money.yuan("2320.00")
    assert treasury.moved(before) == {10101: Money.yuan("2320.00"), 21904: Money.yuan("-2320.00")}
    receipt = treasury.receipt(recorded.receipt_nos[0])
    assert (receipt.remaining, receipt.state) == (Money.yuan("2320.00"), "SUSPENSE")


def test_the_same_statement_twice_has_no_effect(treasury) -> None:
    line = money_in("100.00")
    treasury.record(line)
    before = treasury.subjects()
    again = treasury.record(line)
    more = treasury.record(line, money_in("0.01"))
    assert again.receipt_nos == () and len(more.receipt_nos) == 1
    assert treasury.moved(before) == {10101: Money(1), 21904: Money(-1)}


def test_a_notice_before_or_after_the_statement_is_the_same_money(treasury) -> None:
    first, second = money_in("10.00"), money_in("20.00")
    before = treasury.subjects()
    treasury.record(first, source="NOTICE")
    treasury.record(first, second)
    treasury.record(second, source="NOTICE")
    assert treasury.moved(before)[10101] == Money.yuan("30.00")


def test_a_line_doubled_within_one_statement_counts_once(treasury) -> None:
    line = money_in("7.00")
    before = treasury.subjects()
    assert len(treasury.record(line, line).receipt_nos) == 1
    assert treasury.moved(before)[10101] == Money.yuan("7.00")


def test_two_hundred_receipts_take_as_many_statements_as_two(treasury, queries) -> None:
    counts = []
    for size in (2, 200):
        lines = [money_in("1.00") for _ in range(size)]
        queries.clear()
        treasury.record(*lines)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_the_reference_in_the_summary_gives_the_money_to_its_list(treasury) -> None:
    treasury.expect("HJ0500000001", "2320.00", payer_name="天水第一中学")
    no = treasury.record(money_in("2320.00", summary="公积金 ｈｊ0500000001 8月")).receipt_nos[0]
    treasury.match()
    receipt = treasury.receipt(no)
    assert (receipt.state, receipt.ground, receipt.expectation_reference) == ("MATCHED", "REFERENCE", "HJ0500000001"), receipt.explanation
    assert [m.reference for m in treasury.matched() if m.reference == "HJ0500000001"] == ["HJ0500000001"]


def test_short_money_stays_and_the_rest_completes_it(treasury) -> None:
    treasury.expect("HJ0500000002", "1000.00")
    short = treasury.record(money_in("999.99", summary="HJ0500000002")).receipt_nos[0]
    treasury.match()
    assert treasury.receipt(short).state == "SHORT"
    assert "应收1,000.00元，实到999.99元，少0.01元" in treasury.receipt(short).explanation
    assert "HJ0500000002" not in [m.reference for m in treasury.matched()]
    treasury.record(money_in("0.01", summary="补HJ0500000002"))
    treasury.match()
    whole = next(m for m in treasury.matched() if m.reference == "HJ0500000002")
    assert sum(r.amount.fen for r in whole.receipts) == 100000 and treasury.receipt(short).state == "MATCHED"


def test_long_money_is_named_and_not_booked_by_itself(treasury) -> None:
    treasury.expect("HJ0500000003", "1000.00")
    no = treasury.record(money_in("1000.01", summary="HJ0500000003")).receipt_nos[0]
    treasury.match()
    assert treasury.receipt(no).state == "LONG" and "多0.01元" in treasury.receipt(no).explanation
    assert "HJ0500000003" not in [m.reference for m in treasury.matched()]


def test_money_paid_twice_is_taken_once_and_the_second_waits(treasury) -> None:
    treasury.expect("HJ0500000004", "500.00")
    first = treasury.record(money_in("500.00", summary="HJ0500000004")).receipt_nos[0]
    treasury.match()
    treasury.use(first, "HJ0500000004")
    second = treasury.record(money_in("500.00", summary="HJ0500000004")).receipt_nos[0]
    treasury.match()
    waiting = treasury.receipt(second)
    assert (waiting.state, waiting.reason_code, waiting.remaining) == ("SUSPENSE", "ALREADY_MET", Money.yuan("500.00"))
    assert "重复付款" in waiting.explanation


def test_a_strangers_money_waits_with_its_age_and_alerts_after_three_days(treasury) -> None:
    no = treasury.record(money_in("88.88", name="过路商贸", on=date(2026, 7, 30))).receipt_nos[0]
    treasury.match()
    assert "请查明来源后认领或退款" in treasury.receipt(no).explanation
    ages = {s.receipt.receipt_no: (s.age_days, s.alert) for s in treasury.suspense(date(2026, 8, 3))}
    assert ages[no] == (4, True)
    fresh = treasury.record(money_in("88.89", name="过路商贸")).receipt_nos[0]
    assert {s.receipt.receipt_no: s.alert for s in treasury.suspense(date(2026, 8, 6))}[fresh] is False


def test_money_from_another_document_cannot_be_used(treasury) -> None:
    treasury.expect("HJ0500000005", "60.00")
    no = treasury.record(money_in("60.00", summary="HJ0500000005")).receipt_nos[0]
    treasury.match()
    refused = treasury.ask_to_use(no, "HJ0500000006")
    assert refused.reasons[0].code == "OTHER_DOCUMENT" and "已认到HJ0500000005" in refused.reasons[0].message
    assert treasury.receipt(no).remaining == Money.yuan("60.00")


def test_a_used_receipt_has_nothing_left(treasury) -> None:
    treasury.expect("HJ0500000007", "61.00")
    no = treasury.record(money_in("61.00", summary="HJ0500000007")).receipt_nos[0]
    treasury.match()
    treasury.use(no, "HJ0500000007")
    assert treasury.ask_to_use(no, "HJ0500000007").reasons[0].code == "NOTHING_LEFT"


def test_a_clerk_claims_what_the_rule_could_not(treasury) -> None:
    treasury.expect("HJ0500000008", "62.00", payer_name="天水第二中学")
    no = treasury.record(money_in("62.00", name="张三")).receipt_nos[0]
    treasury.match()
    assert treasury.receipt(no).state == "SUSPENSE"
    assert treasury.assign(no, "HJ0599999999").reasons[0].code == "NOTHING_EXPECTED"
    assert treasury.receipt(no).state == "SUSPENSE"
    assert treasury.assign(no, "HJ0500000008").is_approved
    assert (treasury.receipt(no).state, treasury.receipt(no).ground) == ("MATCHED", "CLERK")


def test_bank_interest_is_income_once(treasury) -> None:
    before = treasury.subjects()
    line = money_in("35.06", summary="存款结息", kind="INTEREST", name="本行")
    assert treasury.record(line).interest == Money.yuan("35.06")
    assert treasury.record(line).interest == Money(0)
    assert treasury.moved(before) == {10101: Money.yuan("35.06"), 40101: Money.yuan("-35.06")}


def test_accounts_of_payers_are_ciphertext_in_the_table(treasury) -> None:
    from django.db import connection

    treasury.record(money_in("5.00", account="6228480000000012345"))
    with treasury.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM treasury_receipt WHERE encode(payer_account, 'escape') LIKE '%%6228480000000012345%%'")
        assert cursor.fetchone()[0] == 0


def test_another_centre_sees_none_of_it(treasury) -> None:
    from hpf.db.scope import centre_scope
    from hpf.treasury import queries as q

    with centre_scope(6):
        assert q.bank_accounts(CENTRE) == [] and q.suspense(CENTRE, DAY) == []


def test_spent_money_leaves_the_list_at_the_reconciliation(treasury) -> None:
    from django.db import connection

    from hpf.treasury import services

    treasury.expect("HJ0500000091", "910.01")
    no = treasury.record(money_in("910.01", summary="HJ0500000091")).receipt_nos[0]
    other = treasury.record(money_in("5.01", name="过路商贸")).receipt_nos[0]
    treasury.match()
    treasury.use(no, "HJ0500000091")
    assert no not in {s.receipt.receipt_no for s in treasury.suspense(DAY)}
    services.reconcile(by=treasury.by, centre_id=treasury.centre_id, on=DAY, key="spent")
    with treasury.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT bank_reference, spent FROM treasury_receipt WHERE amount_fen IN (91001, 501)")
        assert sorted(spent for _, spent in cursor.fetchall()) == [False, True]
    assert other in {s.receipt.receipt_no for s in treasury.suspense(DAY)}
