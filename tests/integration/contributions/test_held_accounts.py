"""冻结不声张: a held account is paid into like any other, nobody is told, and only what is free leaves it."""

from __future__ import annotations

from dataclasses import asdict

from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from tests.support.contributions import JULY, codes

AUGUST = Month(2026, 8)


def hold(centre, account_no: str, yuan: str) -> None:
    """What a court's order does to an account: the ledger lets nothing go below it."""
    from django.db import transaction

    from hpf.ledger.services import place_hold

    with centre.scope(), transaction.atomic():
        place_hold(centre.view(account_no).ledger_account_id, Money.yuan(yuan).fen, "COURT_FREEZE", "(2026)甘01执1号")


def money(centre, account_no: str) -> tuple[Money, Money]:
    view = centre.money(account_no)
    return view.balance, view.held


def roster(centre, unit: str) -> list[dict[str, object]]:
    from hpf.accounts import queries

    with centre.scope():
        return [asdict(line) for line in queries.roster(1, queries.employer_account(1, unit).employer_account_id)]


def test_a_held_account_is_in_the_list_like_any_other_and_its_line_is_booked(lanzhou):
    """A court holds all that the first of three people has; the unit's August comes in, and its roster tells nothing."""
    unit, people = lanzhou.unit_with_people("兰州守口如瓶有限公司")
    lanzhou.booked_month(unit)
    before = roster(lanzhou, unit)
    hold(lanzhou, people[0], "1200.00")
    assert roster(lanzhou, unit) == before

    received = lanzhou.send(unit, lanzhou.file(people), AUGUST).value
    assert (received.state, lanzhou.ask_for("defects", received.remittance_no)) == ("CHECKED", [])
    said = lanzhou.call("confirm", lanzhou.employer, remittance_no=received.remittance_no).value
    lanzhou.pay_in("4320.00", said.reference)
    assert lanzhou.book(received.remittance_no).value.members == 3
    assert money(lanzhou, people[0]) == (Money.yuan("2400.00"), Money.yuan("1200.00"))


def test_a_held_account_is_paid_back_into(lanzhou):
    from hpf.contributions.rules.states import RemittanceKind

    unit, people = lanzhou.unit_with_people("兰州补缴不问有限公司")
    lanzhou.booked_month(unit)
    hold(lanzhou, people[0], "1200.00")
    content = lanzhou.file(people[:1], {1: {"单位月缴存额": "10.00", "个人月缴存额": "5.00", "月缴存额合计": "15.00"}})
    back = lanzhou.send(unit, content, JULY, kind=RemittanceKind.BACK_FREE, reason="仲裁补缴").value
    assert lanzhou.ask_for("defects", back.remittance_no) == []
    said = lanzhou.call("confirm", lanzhou.employer, remittance_no=back.remittance_no).value
    lanzhou.pay_in("15.00", said.reference)
    assert lanzhou.book(back.remittance_no).value.total == Money.yuan("15.00")
    assert money(lanzhou, people[0]) == (Money.yuan("1215.00"), Money.yuan("1200.00"))


def test_the_list_made_from_the_roster_has_everybody(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州一个不少有限公司")
    lanzhou.pay(people[1], "100.00", lanzhou.on)
    hold(lanzhou, people[1], "100.00")
    booked = lanzhou.booked_month(unit)
    assert (booked.total, money(lanzhou, people[1])) == (Money.yuan("4320.00"), (Money.yuan("1540.00"), Money.yuan("100.00")))


def test_what_is_held_does_not_go_back_and_the_answer_does_not_say_why(lanzhou):
    from hpf.contributions.services import Payee, RefundedLine

    unit, people = lanzhou.unit_with_people("兰州多缴退回有限公司")
    booked = lanzhou.booked_month(unit)
    hold(lanzhou, people[0], "1100.00")
    before = lanzhou.totals()

    def refund(employer: str):
        line = RefundedLine(people[0], JULY, Money.yuan(employer), ZERO)
        return lanzhou.call(
            "refund_mispayment", remittance_no=booked.remittance_no, lines=(line,), reason="多缴", business_on=lanzhou.on,
            payee=Payee("兰州多缴退回有限公司", "27010000000077", "105100000017"),
        )  # fmt: skip

    refused = refund("100.01")
    assert codes(refused) == ["BALANCE_TOO_SMALL"]
    assert refused.reasons[0].message == f"账户{people[0]}可用余额不足，不能退回100.01元，请核减退款金额后重新提交，或报业务主管核实"
    assert (lanzhou.totals(), money(lanzhou, people[0])) == (before, (Money.yuan("1200.00"), Money.yuan("1100.00")))
    assert refund("100.00").value.total == Money.yuan("100.00")


def test_no_answer_that_a_unit_or_the_counter_can_get_speaks_of_a_freeze():
    from tools import messages

    modules = {"contributions", "accounts", "parties", "treasury", "access"}
    assert [each.text for each in messages.everything() if each.module in modules and ("冻结" in each.text or "止收" in each.text)] == []
