"""年度结息: calculated and kept, checked, posted at once; killed half-way and run again it ends the same."""

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


def jump(centre, day):
    """Close and open days by the ledger alone: interest does not mind."""
    centre.close_day(centre.business_day())
    centre.open_day(day)


def three_members(centre):
    school, factory = (
        centre.unit("天水市第一中学", rate="12", first_month="2025-07"),
        centre.unit("天水星火机床有限公司", rate="8", first_month="2025-07"),
    )
    return (
        centre.member(school, "张三", resident_id(11), "5000.00"),
        centre.member(school, "李四", resident_id(12), "6000.00"),
        centre.member(factory, "王五", resident_id(13), "4000.00"),
    )


def settle(centre, **more):
    from hpf.closing.services.settlement import settle_interest

    given = {"centre_id": 5, "year": 2025, "dry_run": False, "by": BY, "at": at(LAST), "key": fresh("settle"), **more}
    return settle_interest(**given)


def lines(centre):
    from hpf.closing.queries.interest import settlement_lines

    with centre.scope():
        return settlement_lines(5, 2025)


def test_every_account_gets_its_interest_and_current_becomes_carried(tianshui):
    zhang, _, wang = three_members(tianshui)
    tianshui.pay_in(zhang, "10000.00", FIRST)
    jump(tianshui, date(2025, 12, 1))
    tianshui.pay_in(wang, "1200.00", date(2025, 12, 1))
    jump(tianshui, LAST)
    answer = settle(tianshui)
    assert answer.is_approved, answer.reasons
    # 10,000.00 x 365 days, and 1,200.00 x 212 days, at 1.5 % over 360
    assert [str(line.interest) for line in lines(tianshui)] == ["152.08", "0.00", "10.60"]
    assert (answer.value.accounts, str(answer.value.interest), answer.value.case, answer.value.journals) == (3, "162.68", "9115", 2)
    view = tianshui.money(zhang)
    assert (str(view.balance), str(view.carried), view.interest_year) == ("10152.08", "10152.08", 2026)
    assert view.day_products == 1015208 * 365
    assert view.month_products == 1015208 * 12
    with tianshui.scope():
        from hpf.ledger.queries import subject_balances

        after = subject_balances(5, LAST)
    assert (str(after[201]), str(after[41101])) == ("-11362.68", "162.68")
    assert after.get(21101, Money(0)) == Money(0)


def test_a_dry_run_shows_the_same_figures_and_moves_nothing(tianshui):
    zhang, *_ = three_members(tianshui)
    tianshui.pay_in(zhang, "10000.00", FIRST)
    jump(tianshui, LAST)
    before = tianshui.money(zhang)
    answer = settle(tianshui, dry_run=True)
    assert (answer.value.accounts, str(answer.value.interest), answer.value.case) == (3, "152.08", "9115")
    assert tianshui.money(zhang) == before
    posted = settle(tianshui)
    assert posted.value.lines_digest == answer.value.lines_digest


def test_what_was_accrued_is_used_first_and_only_the_difference_is_expense(tianshui):
    from hpf.closing.services.interest import accrue

    zhang, *_ = three_members(tianshui)
    tianshui.pay_in(zhang, "10000.00", FIRST)
    jump(tianshui, date(2026, 5, 31))
    accrued = accrue(by=BY, centre_id=5, business_on=date(2026, 5, 31), at=at(LAST), key=fresh("accrue"))
    # 335 days of 10,000.00 at 1.5 % over 360
    assert (str(accrued.owed), str(accrued.before), str(accrued.added)) == ("139.58", "0.00", "139.58")
    jump(tianshui, LAST)
    answer = settle(tianshui)
    assert (answer.value.case, str(answer.value.difference)) == ("9114", "12.50")


def test_run_twice_is_run_once(tianshui):
    zhang, *_ = three_members(tianshui)
    tianshui.pay_in(zhang, "10000.00", FIRST)
    jump(tianshui, LAST)
    first = settle(tianshui)
    assert settle(tianshui) == first
    assert str(tianshui.money(zhang).balance) == "10152.08"


def test_before_its_day_it_is_refused_in_words_and_on_its_day_it_is_done(tianshui):
    from datetime import timedelta

    zhang, *_ = three_members(tianshui)
    tianshui.pay_in(zhang, "10000.00", FIRST)
    day_before = LAST - timedelta(days=1)
    jump(tianshui, day_before)
    before = tianshui.money(zhang)
    answer = settle(tianshui, at=at(day_before))
    assert [reason.code for reason in answer.reasons] == ["NOT_SETTLEMENT_DAY"]
    assert answer.reasons[0].message == "2025年度结息须在结息年度最后一天2026-06-30记账，当前会计日为2026-06-29，请在2026-06-30日终时办理"
    assert tianshui.money(zhang) == before
    jump(tianshui, LAST)
    assert settle(tianshui).is_approved
    assert str(tianshui.money(zhang).balance) == "10152.08"


def test_killed_between_and_inside_the_phases_it_ends_with_the_same_lines(tianshui, monkeypatch):
    from hpf.closing.services import settlement

    zhang, _, wang = three_members(tianshui)
    tianshui.pay_in_all({zhang: "10000.00", wang: "333.33"}, FIRST)
    jump(tianshui, LAST)
    whole = settle(tianshui, dry_run=True).value

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    for place in ("post", "_credit", "write"):
        with monkeypatch.context() as patched:
            patched.setattr(settlement, place, killed)
            with pytest.raises(KeyboardInterrupt):
                settle(tianshui)
        assert str(tianshui.money(zhang).balance) == "10000.00"
    done = settle(tianshui).value
    assert (done.lines_digest, done.interest) == (whole.lines_digest, whole.interest)
    assert str(tianshui.money(zhang).balance) == "10152.08"


def test_money_posted_after_the_calculation_makes_it_calculate_again(tianshui):
    from hpf.closing.services.settlement import SettlementStale, calculate, post

    zhang, *_ = three_members(tianshui)
    jump(tianshui, LAST)
    assert calculate(by=BY, centre_id=5, year=2025, at=at(LAST), key=fresh()).is_approved
    tianshui.pay_in(zhang, "36000.00", LAST)
    with pytest.raises(SettlementStale):
        post(by=BY, centre_id=5, year=2025, at=at(LAST), key=fresh())
    done = settle(tianshui)
    assert str(done.value.interest) == "1.50"


def test_a_settlement_that_would_skip_an_account_fails_and_nothing_moves(tianshui):
    from django.db import connections

    from hpf.closing.services.settlement import calculate, post

    zhang, li, _ = three_members(tianshui)
    tianshui.pay_in_all({zhang: "10000.00", li: "5000.00"}, FIRST)
    jump(tianshui, LAST)
    assert calculate(by=BY, centre_id=5, year=2025, at=at(LAST), key=fresh()).is_approved
    skipped = tianshui.view(li).ledger_account_id
    with connections["owner"].cursor() as owner:
        owner.execute("DELETE FROM closing_settlementline WHERE ledger_account_id = %s", [skipped])
    answer = post(by=BY, centre_id=5, year=2025, at=at(LAST), key=fresh())
    assert [reason.code for reason in answer.reasons] == ["ACCOUNTS_DIFFER", "INTEREST_DIFFERS"]
    assert "结息清单2户，应结3户" in answer.reasons[0].message
    assert str(tianshui.money(zhang).balance) == "10000.00"


def test_the_ledger_itself_refuses_a_list_with_an_account_missing(tianshui):
    from django.db import transaction

    from hpf.ledger import services as ledger
    from hpf.ledger.services import LedgerRefusal

    zhang, li, wang = three_members(tianshui)
    jump(tianshui, LAST)
    accounts = [tianshui.view(number).ledger_account_id for number in (zhang, wang)]
    with tianshui.scope(), pytest.raises(LedgerRefusal) as refused, transaction.atomic():
        payable = ledger.open_account(5, 21101, "CENTRE", 0, LAST)
        ledger.settle_interest(
            centre_id=5, year=2025, business_on=LAST, payable_id=payable, maker="a", checker=None, accounts=accounts,
            groups=[1, 1], group_nos=["1", "1"], interest=[0, 0], key=fresh(),
        )  # fmt: skip
    assert (refused.value.code, refused.value.account_id) == ("SETTLEMENT_INCOMPLETE", tianshui.view(li).ledger_account_id)


def test_the_posted_year_is_frozen_for_everybody(tianshui):
    from django.db import DatabaseError, connections

    three_members(tianshui)
    jump(tianshui, LAST)
    assert settle(tianshui).is_approved
    for sql in (
        "UPDATE closing_settlementline SET interest_fen = interest_fen + 1",
        "DELETE FROM closing_settlementline",
        "UPDATE closing_settlement SET state = 'CALCULATED'",
    ):
        with pytest.raises(DatabaseError, match="冻结"), connections["owner"].cursor() as owner:
            owner.execute(sql)


@pytest.mark.parametrize("method", [Method.DAY_PRODUCT_360, Method.MONTH_WEIGHTS])
def test_the_set_based_form_equals_the_rule_on_random_books(tianshui, method, monkeypatch):
    from hpf.accounts.queries import interest as queries

    rates = Rates(Rate.of("1.50"), Rate.of("1.50"))
    monkeypatch.setattr(queries, "terms_of", lambda book: queries.Terms(method, rates.carried, rates.current, "test"))
    chance = random.Random(20260630)
    unit = tianshui.unit("天水随机有限公司", rate="12", first_month="2025-07")
    people = [tianshui.member(unit, f"职{name}", resident_id(100 + n)) for n, name in enumerate("甲乙丙丁戊己庚辛壬癸子丑")]
    moves = {number: [] for number in people}
    day = FIRST
    while True:
        for number in chance.sample(people, 5):
            amount = chance.randrange(1, 900_000_00)
            value = day - timedelta(days=chance.choice([0, 0, 0, 3])) if day > FIRST + timedelta(days=5) else day
            tianshui.pay_in(number, str(Money(amount)), day, value)
            moves[number].append(Entry(value, amount))
        if day == LAST:
            break
        following = min(LAST, day + timedelta(days=chance.randrange(20, 60)))
        jump(tianshui, following)
        day = following
    answer = settle(tianshui)
    assert answer.is_approved, answer.reasons
    staged = {line.ledger_account_id: line.interest for line in lines(tianshui)}
    for number, entries in moves.items():
        expected = interest(method, InterestYear(2025), Entry(FIRST, 0), entries, lambda on: rates)
        assert staged[tianshui.view(number).ledger_account_id] == expected.interest


def test_an_account_closed_without_its_interest_stops_the_settlement(tianshui):
    from hpf.accounts.services import close

    zhang, *_ = three_members(tianshui)
    tianshui.pay_in(zhang, "1000.00", FIRST)
    jump(tianshui, date(2025, 10, 20))
    tianshui.withdraw(zhang, "1000.00", date(2025, 10, 20))
    on = date(2025, 10, 20)
    assert close(
        by=BY, centre_id=5, account_no=zhang, reason="RETIRED", final_state="WITHDRAWN_OUT", on=on, at=at(on), key=fresh()
    ).is_approved
    jump(tianshui, LAST)
    answer = settle(tianshui)
    assert [reason.code for reason in answer.reasons] == ["CLOSED_WITHOUT_INTEREST"]


def test_a_correction_with_a_value_date_in_a_frozen_year_brings_that_years_interest(tianshui):
    from hpf.closing.services.interest import correct_frozen_years

    zhang, *_ = three_members(tianshui)
    jump(tianshui, LAST)
    assert settle(tianshui).is_approved
    today = date(2026, 7, 10)
    jump(tianshui, today)
    tianshui.pay_in(zhang, "1000.00", today, date(2026, 4, 1))
    done = correct_frozen_years(by=BY, centre_id=5, business_on=today, at=at(today), key=fresh())
    # 91 days from 1 April to 30 June 2026
    assert (done.accounts, str(done.interest)) == (1, "3.79")
    view = tianshui.money(zhang)
    assert (str(view.balance), view.day_products) == ("1003.79", (100000 + 379) * 365)
