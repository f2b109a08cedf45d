"""年结: the worked year of a small centre, from contributions to the divided surplus, in the ledger to the fen."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.kernel.rate import Rate
from tests.support.days import at
from tests.support.people import fresh

LAST = date(2026, 12, 31)
BY, CHECKER = Actor.system(3, "会计"), Actor.system(3, "主任")


class GeneralLedger:
    """A centre of which only the general ledger is looked at: entries by subject, as the accounting rules write them."""

    def __init__(self, centre_id: int, day: date) -> None:
        from django.db import transaction

        from hpf.db.scope import centre_scope
        from hpf.ledger.services import open_day

        self.centre_id, self.day = centre_id, day
        with centre_scope(centre_id), transaction.atomic():
            open_day(centre_id, day)

    def book(self, template: str, summary: str, *entries: tuple[int, str]) -> None:
        from django.db import transaction

        from hpf.closing.services.accounts import centre_accounts
        from hpf.db.scope import centre_scope
        from hpf.ledger.rules import Draft, Leg
        from hpf.ledger.services import post

        with centre_scope(self.centre_id), transaction.atomic():
            own = centre_accounts(self.centre_id, [subject for subject, _ in entries], self.day)
            draft = Draft(self.centre_id, "ADJUSTMENT", template, self.day, self.day, "TEST", fresh("no"), summary, "张会计")
            post(draft, [Leg(own[subject], Money.yuan(amount).fen) for subject, amount in entries], fresh("j"))

    def balances(self) -> dict[int, str]:
        from hpf.db.scope import centre_scope
        from hpf.ledger.queries import subject_balances

        with centre_scope(self.centre_id):
            return {subject: str(amount) for subject, amount in subject_balances(self.centre_id, self.day).items() if amount}


@pytest.fixture
def jinchang(own_database):
    books = GeneralLedger(3, LAST)
    books.book("J1", "汇缴", (10101, "1000000.00"), (201, "-1000000.00"))
    books.book("J3", "提取", (201, "200000.00"), (10101, "-200000.00"))
    books.book("J8", "发放贷款", (12101, "500000.00"), (10101, "-500000.00"))
    books.book("J14", "应收贷款利息", (11101, "1000.00"), (4010301, "-1000.00"))
    books.book("J9", "还款", (10101, "24000.00"), (12101, "-10000.00"), (11101, "-1000.00"), (4010301, "-13000.00"))
    books.book("J13", "罚息", (10101, "50.00"), (4010501, "-50.00"))
    books.book("J15", "专户利息", (10101, "6000.00"), (40101, "-6000.00"))
    books.book("J17", "计提利息", (41101, "12000.00"), (21101, "-12000.00"))
    books.book("J18", "年度结息", (21101, "12000.00"), (41101, "300.00"), (201, "-12300.00"))
    books.book("J19", "贷款手续费", (41103, "700.00"), (10101, "-700.00"))
    books.book("J16", "增值收益利息", (10201, "20.00"), (40102, "-20.00"))
    return books


def turn(key="year"):
    from hpf.closing.services.year import turn_year

    return turn_year(by=BY, centre_id=3, business_on=LAST, at=at(LAST), key=key)


def divide(maker="张会计", fee="2000.00", by=CHECKER, key=None):
    from hpf.closing.services.year import distribute

    return distribute(
        by=by, centre_id=3, year=2026, risk_reserve_rate=Rate.of("60"), management_fee_budget=Money.yuan(fee), maker=maker,
        key=key or fresh(), at=at(LAST),
    )  # fmt: skip


def test_the_worked_year_ends_at_its_published_figures(jinchang):
    turned = turn()
    assert (str(turned.income), str(turned.expense), str(turned.surplus), str(turned.sweep)) == (
        "20070.00",
        "13000.00",
        "7070.00",
        "7050.00",
    )
    jinchang.book("J22", "收支净额划转", (10201, str(turned.sweep)), (10101, str(-turned.sweep)))
    divided = divide()
    assert (str(divided.value.risk_reserve), str(divided.value.housing_supplement)) == ("4242.00", "828.00")
    assert jinchang.balances() == {
        10101: "322300.00", 10201: "7070.00", 12101: "490000.00", 201: "-812300.00", 21401: "-2000.00", 21402: "-828.00", 30101: "-4242.00",
    }  # fmt: skip


def test_turning_the_year_again_finds_nothing_left_to_turn(jinchang):
    first = turn()
    before = jinchang.balances()
    assert turn() == first
    again = turn("another")
    assert (str(again.income), str(again.surplus)) == ("0.00", "0.00")
    assert jinchang.balances() == before
    assert str(jinchang_year().surplus) == "7070.00"


def jinchang_year():
    from hpf.closing.queries.year import year_end
    from hpf.db.scope import centre_scope

    with centre_scope(3):
        return year_end(3, 2026)


def test_a_division_is_checked_by_another_and_made_once(jinchang):
    assert [reason.code for reason in divide().reasons] == ["YEAR_OPEN"]
    turn()
    before = jinchang.balances()
    assert [reason.code for reason in divide(maker=CHECKER.user_id).reasons] == ["SAME_PERSON"]
    assert [reason.code for reason in divide(fee="2828.01").reasons] == ["FEE_ABOVE_REST"]
    assert jinchang.balances() == before
    assert divide().is_approved
    assert [reason.code for reason in divide().reasons] == ["DISTRIBUTED"]
