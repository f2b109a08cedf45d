"""租房提取 from the application to the money, and every way in which it ends otherwise."""

from __future__ import annotations

from datetime import date

from hpf.kernel.money import ZERO, Money


def test_a_young_tenant_gets_a_months_money_without_a_paper(lanzhou):
    from hpf.treasury.rules.payments import Told

    account, _ = lanzhou.tenant("陈晓")
    before = lanzhou.money(account).balance
    moved = lanzhou.withdrawn(account, "陈晓", said=(("rental_kind", "MARKET"),), asked=Money.yuan("1200.00"))
    assert (moved.state, moved.amount) == ("IN_SETTLEMENT", Money.yuan("1200.00")), lanzhou.words(moved.application_no)
    assert lanzhou.money(account).balance == before - Money.yuan("1200.00")
    lanzhou.bank_says(moved.application_no, Told.DONE)
    case = lanzhou.case(moved.application_no)
    assert (case.state, case.paid_on) == ("PAID", lanzhou.on)
    assert [event.state for event in lanzhou.seen("events", moved.application_no)] == ["ACCEPTED", "APPROVED", "IN_SETTLEMENT", "PAID"]
    decision = lanzhou.seen("decisions", moved.application_no)[0]
    assert decision.kind == "AUTOMATIC"
    assert {fact.source for fact in decision.facts} >= {"不动产登记·当地住房套数", "民政·婚姻登记"}


def test_who_asks_before_a_long_holiday_is_not_told_that_the_answers_are_too_old(lanzhou):
    """The day that is open in the evening is the one after the holiday; what departments answer now is good on it."""
    from tests.support.withdrawals import moment

    account, _ = lanzhou.tenant("周节前")
    eve = moment(date(2026, 9, 14), 20)
    number = lanzhou.applied(account, "周节前", said=(("rental_kind", "MARKET"),), asked=Money.yuan("1200.00"), at=eve)
    moved = lanzhou.proceed(number, at=eve)
    assert moved.state == "IN_SETTLEMENT", lanzhou.words(number)


def test_a_home_owner_is_refused_with_article_and_fact_and_nothing_moves(lanzhou):
    account, _ = lanzhou.tenant("王有房", homes_in_place=1)
    before = lanzhou.money(account).balance
    moved = lanzhou.withdrawn(account, "王有房", said=(("rental_kind", "MARKET"),))
    assert moved.state == "REFUSED"
    (reason,) = lanzhou.seen("decisions", moved.application_no)[0].reasons
    assert reason.code == "RENT_OWN_HOME" and "1套" in reason.message and "条例/24@2026" in reason.law
    assert lanzhou.money(account).balance == before
    assert lanzhou.money(account).held == ZERO
