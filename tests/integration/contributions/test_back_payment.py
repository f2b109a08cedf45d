"""补缴: three kinds, each by the month it is for; corrections of what was booked wrongly."""

from __future__ import annotations

import pytest

from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from tests.support.contributions import JULY, codes
from tests.support.people import AT, fresh

AUGUST, JUNE = Month(2026, 8), Month(2026, 6)


def back(lanzhou, unit, kind, lines, reason="单位漏缴，现予补缴", month=JULY):
    from hpf.contributions.services import PageLine

    typed = tuple(PageLine(**line) for line in lines)
    return lanzhou.call(
        "prepare_list", lanzhou.employer, employer_account_no=unit, month=month, kind=kind, lines=typed, reason=reason
    ).value


def pay_for(lanzhou, remittance_no):
    confirmed = lanzhou.call("confirm", lanzhou.employer, remittance_no=remittance_no).value
    lanzhou.pay_in(str(confirmed.expected), confirmed.reference)
    return lanzhou.book(remittance_no).value


def listed_without(lanzhou, unit, left_out):
    """July is booked for everybody but one, who was sealed for the while."""
    from hpf.accounts.services import seal, unseal

    sealed = seal(
        by=lanzhou.by, centre_id=1, account_no=left_out, reason="UNPAID_LEAVE", left_on=lanzhou.on, on=lanzhou.on, at=AT, key=fresh()
    )
    assert sealed.value is not None, sealed.reasons
    lanzhou.booked_month(unit)
    base = lanzhou.view(left_out).base
    again = unseal(by=lanzhou.by, centre_id=1, account_no=left_out, base=base, from_month=AUGUST, on=lanzhou.on, at=AT, key=fresh())
    assert again.value is not None, again.reasons


def test_a_missed_month_is_made_up_in_full_and_only_once(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州全额补缴有限公司")
    listed_without(lanzhou, unit, people[0])
    received = back(lanzhou, unit, "BACK_FULL", [{"account_no": people[0]}])
    assert (received.state, received.total) == ("CHECKED", Money.yuan("1200.00")), lanzhou.ask_for("defects", received.remittance_no)
    assert pay_for(lanzhou, received.remittance_no).total == Money.yuan("1200.00")
    member = lanzhou.view(people[0]).member_account_id
    assert lanzhou.ask_for("months_paid", member, lanzhou.on) == (JULY,)
    again = back(lanzhou, unit, "BACK_FULL", [{"account_no": people[0]}])
    assert (again.state, [d.code for d in lanzhou.ask_for("defects", again.remittance_no)]) == ("RECEIVED", ["MONTH_ALREADY_PAID"])


def test_a_difference_is_what_the_right_base_gives_less_what_is_booked(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州差额补缴有限公司")
    lanzhou.booked_month(unit)
    received = back(lanzhou, unit, "BACK_DIFFERENCE", [{"account_no": people[0], "base": Money.yuan("5500.00")}])
    assert (received.state, received.employer, received.member) == ("CHECKED", Money.yuan("60.00"), Money.yuan("60.00"))
    pay_for(lanzhou, received.remittance_no)
    booked = lanzhou.ask_for("booked_for", lanzhou.view(people[0]).member_account_id, JULY)
    assert (booked.total, booked.base) == (Money.yuan("1320.00"), Money.yuan("5500.00"))


def test_a_free_amount_stays_within_the_months_limit(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州不定额补缴有限公司")
    lanzhou.booked_month(unit)
    much = back(lanzhou, unit, "BACK_FREE", [{"account_no": people[0], "employer": Money.yuan("3012.00"), "member": ZERO}])
    (defect,) = lanzhou.ask_for("defects", much.remittance_no)
    assert defect.message == "2026年7月单位部分补缴3,012.00元，该月已缴600.00元，超过当月每人最高3,611.00元"
    right = back(lanzhou, unit, "BACK_FREE", [{"account_no": people[0], "employer": Money.yuan("3011.00"), "member": ZERO}])
    assert pay_for(lanzhou, right.remittance_no).total == Money.yuan("3011.00")
    assert lanzhou.ask_for("months_paid", lanzhou.view(people[0]).member_account_id, lanzhou.on) == (JULY,)


@pytest.mark.parametrize(("month", "code"), [(AUGUST, "MONTH_IN_FUTURE"), (Month(1999, 3), "MONTH_TOO_EARLY")])
def test_a_month_not_over_or_before_the_regulation_is_refused(lanzhou, month, code):
    unit, people = lanzhou.unit_with_people(f"兰州补缴月份{month.year}有限公司")
    received = back(lanzhou, unit, "BACK_FULL", [{"account_no": people[0], "month": month}])
    assert code in [each.code for each in lanzhou.ask_for("defects", received.remittance_no)]


def test_a_back_payment_needs_a_reason(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州补缴无因有限公司")
    received = back(lanzhou, unit, "BACK_FULL", [{"account_no": people[0]}], reason="")
    assert "REASON_MISSING" in [each.code for each in lanzhou.ask_for("defects", received.remittance_no)]


def test_money_booked_to_the_wrong_person_is_moved_by_red_and_blue_with_the_first_value_date(lanzhou):
    from hpf.contributions.services import CorrectLine
    from hpf.ledger import queries as ledger

    unit, people = lanzhou.unit_with_people("兰州错账有限公司")
    booked = lanzhou.booked_month(unit)
    wrong = CorrectLine(people[0], JULY, Money.yuan("100.00"), Money.yuan("100.00"), to_account_no=people[1])
    given = {"remittance_no": booked.remittance_no, "lines": (wrong,), "reason": "张三李四串户", "business_on": lanzhou.on}
    assert codes(lanzhou.call("correct_booking", lanzhou.maker, maker="user:张柜员", **given)) == ["MAKER_IS_CHECKER"]
    before = lanzhou.totals()
    answer = lanzhou.call("correct_booking", lanzhou.checker, maker="user:张柜员", **given).value
    assert [lanzhou.money(no).balance for no in people[:2]] == [Money.yuan("1000.00"), Money.yuan("1640.00")]
    assert lanzhou.totals() == before
    with lanzhou.scope():
        red, blue = ledger.journal(1, answer.red_journal_id), ledger.journal(1, answer.blue_journal_id)
    assert (red.correction, blue.correction, red.value_on, blue.value_on) == ("RED", "BLUE", lanzhou.on, lanzhou.on)
    ids = [lanzhou.view(no).member_account_id for no in people[:2]]
    assert [lanzhou.ask_for("booked_for", each, JULY).total for each in ids] == [Money.yuan("1000.00"), Money.yuan("1640.00")]
    too_much = CorrectLine(people[0], JULY, Money.yuan("500.01"), ZERO)
    refused = lanzhou.call("correct_booking", lanzhou.checker, maker="user:张柜员", **{**given, "lines": (too_much,)})
    assert codes(refused) == ["MORE_THAN_BOOKED"]


def test_a_whole_booking_is_reversed_and_can_be_done_again(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州冲正有限公司")
    confirmed = lanzhou.confirmed(unit)
    receipt_no = lanzhou.pay_in("4320.00", confirmed.reference)
    before = lanzhou.totals()
    booked = lanzhou.book(confirmed.remittance_no).value
    given = {"remittance_no": booked.remittance_no, "reason": "清册月份选错", "maker": "user:张柜员", "business_on": lanzhou.on}
    answer = lanzhou.call("reverse_booking", lanzhou.checker, **given).value
    assert answer.total == Money.yuan("4320.00")
    assert (lanzhou.totals(), lanzhou.total(*people), lanzhou.left_of(receipt_no)) == (before, ZERO, Money.yuan("4320.00"))
    assert (lanzhou.remittance(booked.remittance_no).state, lanzhou.unit_view(unit).paid_through) == ("REVERSED", None)
    assert lanzhou.ask_for("months_paid", lanzhou.view(people[0]).member_account_id, lanzhou.on) == ()
    again = lanzhou.confirmed(unit)
    assert lanzhou.book(again.remittance_no, receipt_no=receipt_no).value.total == Money.yuan("4320.00")


def test_a_held_amount_stops_a_reversal(lanzhou):
    from django.db import transaction

    from hpf.ledger.services import place_hold

    unit, people = lanzhou.unit_with_people("兰州冻结冲正有限公司")
    booked = lanzhou.booked_month(unit)
    with lanzhou.scope(), transaction.atomic():
        place_hold(lanzhou.view(people[0]).ledger_account_id, 1, "COURT_FREEZE", "(2026)甘01执2号")
    before = lanzhou.totals()
    refused = lanzhou.call(
        "reverse_booking", lanzhou.checker, remittance_no=booked.remittance_no, reason="错", maker="user:张柜员", business_on=lanzhou.on
    )
    assert codes(refused) == ["BALANCE_TOO_SMALL"]
    assert refused.reasons[0].message == f"账户{people[0]}可用余额不足，不能退回1,200.00元，请核减退款金额后重新提交，或报业务主管核实"
    assert lanzhou.totals() == before
