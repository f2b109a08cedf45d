"""销户结息: to the day before, once, equal to what the yearly computation gives; taken off the settlement, taken back when the bank fails."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from hpf.accounts.rules.interest import Entry, Method, Rates, interest
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.kernel.rate import Rate
from tests.support.days import Centre, at
from tests.support.people import fresh, resident_id

FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)
BY = Actor.system(5, "会计")


@pytest.fixture
def tianshui(own_database):
    centre = Centre(5, "620502", FIRST)
    centre.open_centre(FIRST)
    return centre


@pytest.fixture
def members(tianshui):
    unit = tianshui.unit("天水市第一中学", rate="12", first_month="2025-07")
    return [tianshui.member(unit, name, resident_id(number)) for number, name in enumerate(("张三", "李四", "王五"), 11)]


def jump(centre, day):
    """Close and open days by the ledger alone: interest does not mind."""
    centre.close_day(centre.business_day())
    centre.open_day(day)


def settle(centre):
    from hpf.closing.services.settlement import settle_interest

    return settle_interest(centre_id=5, year=2025, dry_run=False, by=BY, at=at(LAST), key=fresh("settle"))


def take_back(centre, journal_id, on):
    from django.db import transaction

    from hpf.accounts.services import take_back_closing_interest

    with centre.scope(), transaction.atomic():
        return take_back_closing_interest(by=BY, centre_id=5, journal_id=journal_id, business_on=on, key=fresh())


def reverse(centre, journal_id, on):
    from django.db import transaction

    from hpf.ledger.services import reverse as red

    with centre.scope(), transaction.atomic():
        return red(journal_id, centre_id=5, business_on=on, maker="经办", checker=None, summary="付款失败", key=fresh())


def test_it_counts_to_the_day_before_and_leaves_the_settlement_alone(tianshui, members):
    from hpf.accounts.services import close

    zhang, *_ = members
    tianshui.pay_in(zhang, "19273.67", FIRST)
    for day in (date(2025, 7, 10), date(2025, 8, 10), date(2025, 9, 10)):
        jump(tianshui, day)
        tianshui.pay_in(zhang, "2000.00", day)
    closing_on = date(2025, 10, 20)
    jump(tianshui, closing_on)
    paid = tianshui.pay_closing_interest(zhang, closing_on).value
    assert (str(paid.principal), str(paid.interest), str(paid.balance)) == ("25273.67", "106.89", "25380.56")
    again = tianshui.pay_closing_interest(zhang, closing_on)
    assert [reason.code for reason in again.reasons] == ["ALREADY_PAID"]
    assert str(tianshui.money(zhang).balance) == "25380.56"
    tianshui.withdraw(zhang, "25380.56", closing_on)
    closed = close(
        by=BY, centre_id=5, account_no=zhang, reason="RETIRED", final_state="WITHDRAWN_OUT", on=closing_on, at=at(closing_on), key=fresh()
    )
    assert closed.is_approved, closed.reasons
    assert [reason.code for reason in tianshui.pay_closing_interest(zhang, closing_on).reasons] == ["NOT_BEARING"]
    jump(tianshui, LAST)
    done = settle(tianshui)
    assert (done.value.accounts, str(done.value.interest)) == (2, "0.00")


def test_nothing_earned_is_no_journal(tianshui, members):
    paid = tianshui.pay_closing_interest(members[0], FIRST).value
    assert (paid.principal, paid.interest, paid.journal_id) == (Money(0), Money(0), None)


@pytest.mark.parametrize("method", [Method.DAY_PRODUCT_360, Method.MONTH_WEIGHTS])
@pytest.mark.parametrize("rates", [("1.50", "1.50"), ("1.10", "0.35")])
def test_it_equals_the_yearly_computation_to_that_day_on_random_books(tianshui, method, rates, monkeypatch):
    from hpf.accounts.queries import interest as queries

    agreed = Rates(Rate.of(rates[0]), Rate.of(rates[1]))
    monkeypatch.setattr(queries, "terms_of", lambda book: queries.Terms(method, agreed.carried, agreed.current, "test"))
    chance = random.Random(20251123)
    unit = tianshui.unit("天水随机有限公司", rate="12", first_month="2025-07")
    people = [tianshui.member(unit, f"职{name}", resident_id(100 + n)) for n, name in enumerate("甲乙丙丁戊己庚辛壬癸")]
    opening, moves = {}, {number: [] for number in people}
    for number in people:
        amount = chance.randrange(0, 90_000_00)
        tianshui.pay(number, str(Money(amount + 1)), FIRST, FIRST - timedelta(days=1))
        opening[number] = Entry(FIRST, amount + 1, amount + 1)
    day = FIRST
    for _ in range(6):
        day += timedelta(days=chance.randrange(15, 50))
        jump(tianshui, day)
        for number in chance.sample(people, 5):
            amount, value = chance.randrange(1, 9_000_00), day - timedelta(days=chance.choice([0, 0, 3]))
            tianshui.pay(number, str(Money(amount)), day, value)
            moves[number].append(Entry(value, amount))
    for number in people:
        day += timedelta(days=chance.randrange(1, 4))
        jump(tianshui, day)
        expected = interest(method, InterestYear(2025), opening[number], moves[number], lambda on: agreed, close_on=day)
        paid = tianshui.pay_closing_interest(number, day).value
        assert (paid.interest, paid.balance) == (expected.interest, expected.closing)


def test_a_pay_out_the_bank_still_ponders_on_30_june_is_not_given_its_interest_twice(tianshui, members):
    zhang, li, _ = members
    tianshui.pay_in_all({zhang: "10000.00", li: "10000.00"}, FIRST)
    closing_on = date(2026, 6, 26)
    jump(tianshui, closing_on)
    paid = tianshui.pay_closing_interest(zhang, closing_on).value
    assert str(paid.interest) == "150.00"  # 360 days to 25 June
    tianshui.withdraw(zhang, str(paid.balance), closing_on)
    jump(tianshui, LAST)
    done = settle(tianshui)
    assert (done.value.accounts, str(done.value.interest)) == (3, "152.08")  # 李四's alone
    assert str(tianshui.money(zhang).balance) == "0.00"


def test_what_was_paid_at_closing_is_not_accrued_again_while_the_account_waits(tianshui, members):
    from hpf.closing.services.interest import accrue

    zhang, li, _ = members
    tianshui.pay_in_all({zhang: "10000.00", li: "10000.00"}, FIRST)
    month_end = date(2026, 2, 28)
    jump(tianshui, month_end)
    assert str(accrue(by=BY, centre_id=5, business_on=month_end, at=at(month_end), key=fresh()).owed) == "202.50"  # 2 x 243 days
    closing_on = date(2026, 3, 10)
    jump(tianshui, closing_on)
    paid = tianshui.pay_closing_interest(zhang, closing_on).value
    assert (str(paid.interest), str(paid.accrued)) == ("105.00", "101.25")
    tianshui.withdraw(zhang, str(paid.balance), closing_on)
    month_end = date(2026, 3, 31)
    jump(tianshui, month_end)
    again = accrue(by=BY, centre_id=5, business_on=month_end, at=at(month_end), key=fresh())
    assert (str(again.before), str(again.owed), str(again.added)) == ("101.25", "114.17", "12.92")  # 李四's 274 days alone


def test_the_bank_fails_and_the_account_goes_on_as_if_it_had_never_closed(tianshui, members):
    zhang, li, _ = members
    tianshui.pay_in_all({zhang: "10000.00", li: "10000.00"}, FIRST)
    closing_on = date(2026, 3, 1)
    jump(tianshui, closing_on)
    paid = tianshui.pay_closing_interest(zhang, closing_on).value
    payment = tianshui.withdraw(zhang, str(paid.balance), closing_on)
    jump(tianshui, date(2026, 3, 2))
    reverse(tianshui, payment, date(2026, 3, 2))
    assert take_back(tianshui, paid.journal_id, date(2026, 3, 2)) is True
    assert str(tianshui.money(zhang).balance) == "10000.00"
    assert tianshui.money(zhang).day_products == tianshui.money(li).day_products
    jump(tianshui, date(2026, 4, 1))
    assert tianshui.pay_closing_interest(zhang, date(2026, 4, 1)).is_approved, "it may close again"


def test_it_cannot_be_taken_back_while_the_money_is_away(tianshui, members):
    from hpf.ledger.services import LedgerRefusal

    zhang, *_ = members
    tianshui.pay_in(zhang, "10000.00", FIRST)
    closing_on = date(2026, 3, 1)
    jump(tianshui, closing_on)
    paid = tianshui.pay_closing_interest(zhang, closing_on).value
    tianshui.withdraw(zhang, str(paid.balance), closing_on)
    with pytest.raises(LedgerRefusal, match="可用余额不足"):
        take_back(tianshui, paid.journal_id, closing_on)


def test_failed_after_30_june_the_interest_stays_and_the_frozen_year_is_made_whole(tianshui, members):
    from hpf.closing.services.interest import correct_frozen_years

    zhang, *_ = members
    tianshui.pay_in(zhang, "10000.00", FIRST)
    closing_on = date(2026, 6, 26)
    jump(tianshui, closing_on)
    paid = tianshui.pay_closing_interest(zhang, closing_on).value
    payment = tianshui.withdraw(zhang, str(paid.balance), closing_on)
    jump(tianshui, LAST)
    assert settle(tianshui).is_approved
    today = date(2026, 7, 2)
    jump(tianshui, today)
    reverse(tianshui, payment, today)
    assert take_back(tianshui, paid.journal_id, today) is False
    correct_frozen_years(by=BY, centre_id=5, business_on=today, at=at(today), key=fresh())
    # 10,150.00 x 5 days x 1.50 % / 360 = 2.11: with the 150.00 already there, a fen from the 152.08 of a year undisturbed
    assert str(tianshui.money(zhang).balance) == "10152.11"
