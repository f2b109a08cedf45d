"""退款: mispaid or unneeded money goes back to the unit; what the bank cannot pay, or returns, is neither lost nor doubled."""

from __future__ import annotations

import pytest

from hpf.kernel.money import ZERO, Money
from tests.support.contributions import JULY, codes
from tests.support.people import AT, fresh

MONTH = Money.yuan("1200.00")


@pytest.fixture
def payee():
    from hpf.contributions.services import Payee

    return Payee("兰州退款有限公司", "27010000000088", "105100000017")


@pytest.fixture
def right_payee():
    from hpf.contributions.services import Payee

    return Payee("兰州退款有限公司", "27010000000099", "105100000017")


def paid_wrongly(lanzhou, name, payee):
    """July is booked; all of the first of three people's month is asked back. Gives the unit, its people, the refund's number."""
    from hpf.contributions.services import RefundedLine

    unit, people = lanzhou.unit_with_people(name)
    booked = lanzhou.booked_month(unit)
    lines = (RefundedLine(people[0], JULY, Money.yuan("600.00"), Money.yuan("600.00")),)
    given = {"remittance_no": booked.remittance_no, "lines": lines, "payee": payee, "business_on": lanzhou.on}
    applied = lanzhou.call("refund_mispayment", reason="此人七月已离职", **given)
    assert applied.value is not None, applied.reasons
    return unit, people, applied.value.refund_no


def passed(lanzhou, refund_no):
    answer = lanzhou.call("approve_refund", lanzhou.checker, refund_no=refund_no, business_on=lanzhou.on)
    assert answer.value is not None, answer.reasons
    return answer.value.payment_no


def bank_says(lanzhou, payment_no, *told):
    """The payment is sent, and the bank says what became of it."""
    from hpf.treasury.rules.payments import Result
    from hpf.treasury.services import begin_sending, record_payment_result

    begun = begin_sending(by=lanzhou.by, centre_id=1, payment_no=payment_no, business_on=lanzhou.on, key=fresh())
    for word in told:
        result = Result(word, bank_reference=fresh("BK"), bank_on=lanzhou.on, code="1", message="户名不符")
        record_payment_result(
            by=lanzhou.by,
            centre_id=1,
            payment_no=payment_no,
            send_seq_no=begun.send_seq_no,
            business_on=lanzhou.on,
            key=fresh(),
            result=result,
        )
    return begun.send_seq_no


def failed(lanzhou, payment_no):
    from hpf.treasury.rules.payments import Told

    return bank_says(lanzhou, payment_no, Told.FAILED)


def done(lanzhou, payment_no):
    from hpf.treasury.rules.payments import Told

    return bank_says(lanzhou, payment_no, Told.DONE)


def returned(lanzhou, seq_no, yuan):
    """Days later the receiving bank sends the money back."""
    from hpf.treasury.rules.movements import Movement
    from hpf.treasury.services import record_movements

    movement = Movement(fresh("BK"), lanzhou.on, Money.yuan(yuan), "27010000000088", "兰州退款有限公司", "退汇", "RETURN", seq_no)
    record_movements(
        by=lanzhou.by, centre_id=1, bank_account_id=lanzhou.bank_account_id, entries=(movement,), business_on=lanzhou.on, key=fresh()
    )


def settled(lanzhou):
    from hpf.contributions.services import settle_refunds

    return {each.refund_no: each.state for each in settle_refunds(by=lanzhou.by, centre_id=1, at=AT)}


def month_of(lanzhou, account_no):
    """(balance of the member, what is booked for July)."""
    booked = lanzhou.ask_for("booked_for", lanzhou.view(account_no).member_account_id, JULY)
    return lanzhou.money(account_no).balance, booked.total


def waiting_of(lanzhou, refund_no):
    """What lies on the refund's own account."""
    from hpf.contributions.models import Refund
    from hpf.ledger import queries

    with lanzhou.scope():
        return queries.balance(Refund.objects.get(refund_no=refund_no).ledger_account_id).balance


def remit_again(lanzhou, unit, account_no):
    """The unit pays the person's July once more, by a back payment."""
    from hpf.contributions.services import PageLine

    received = lanzhou.call(
        "prepare_list", lanzhou.employer, employer_account_no=unit, month=JULY, kind="BACK_FULL", lines=(PageLine(account_no=account_no),),
        reason="七月仍在职，应予补缴",
    ).value  # fmt: skip
    if received.state != "CHECKED":
        return [each.code for each in lanzhou.ask_for("defects", received.remittance_no)]
    confirmed = lanzhou.call("confirm", lanzhou.employer, remittance_no=received.remittance_no).value
    lanzhou.pay_in(str(confirmed.expected), confirmed.reference)
    assert lanzhou.book(received.remittance_no).value is not None
    return []


def test_a_mispayment_goes_back_to_the_unit_after_a_second_person_passed_it(lanzhou, payee):
    from hpf.contributions.services import RefundedLine
    from hpf.treasury import queries as treasury

    unit, people = lanzhou.unit_with_people("兰州退款有限公司")
    booked = lanzhou.booked_month(unit)
    lines = (RefundedLine(people[0], JULY, Money.yuan("600.00"), Money.yuan("600.00")),)
    given = {"remittance_no": booked.remittance_no, "lines": lines, "payee": payee, "business_on": lanzhou.on}
    assert codes(lanzhou.call("refund_mispayment", reason=" ", **given)) == ["REASON_MISSING"]
    applied = lanzhou.call("refund_mispayment", reason="此人七月已离职", **given).value
    assert (applied.state, applied.total, lanzhou.total(*people)) == ("APPLIED", MONTH, Money.yuan("4320.00"))
    assert codes(lanzhou.call("approve_refund", refund_no=applied.refund_no, business_on=lanzhou.on)) == ["MAKER_IS_CHECKER"]
    payment_no = passed(lanzhou, applied.refund_no)
    assert lanzhou.money(people[0]).balance == ZERO
    with lanzhou.scope():
        payment = treasury.payment(1, payment_no)
    assert (payment.amount, payment.state, payment.source_no) == (MONTH, "READY", applied.refund_no)
    assert lanzhou.ask_for("months_paid", lanzhou.view(people[0]).member_account_id, lanzhou.on) == ()
    assert lanzhou.ask_for("refund", applied.refund_no).state == "ORDERED"
    again = lanzhou.call("refund_mispayment", reason="再退一次", **given)
    assert codes(again) == ["MORE_THAN_BOOKED"]
    done(lanzhou, payment_no)
    assert settled(lanzhou) == {applied.refund_no: "PAID"}
    assert settled(lanzhou) == {}


def test_money_the_bank_could_not_pay_waits_for_the_unit_and_not_on_the_member(lanzhou, payee):
    unit, people, refund_no = paid_wrongly(lanzhou, "兰州退款失败有限公司", payee)
    failed(lanzhou, passed(lanzhou, refund_no))
    assert settled(lanzhou) == {refund_no: "FAILED"}
    assert month_of(lanzhou, people[0]) == (ZERO, ZERO)
    assert (waiting_of(lanzhou, refund_no), lanzhou.prepaid(unit)) == (MONTH, ZERO)
    view = lanzhou.ask_for("refund", refund_no)
    assert view.state.label == "付款未成待重新办理"
    assert view.outcome == "付款未成：户名不符，1,200.00元在待退款，请更正收款账户后重新提交，或转入单位预缴"


@pytest.mark.parametrize("when", ["before the bank spoke", "before the day's close", "after the day's close"])
def test_a_month_remitted_again_while_its_refund_failed_is_there_once(lanzhou, payee, when):
    unit, people, refund_no = paid_wrongly(lanzhou, f"兰州{when.split()[0]}{len(when)}有限公司", payee)
    payment_no = passed(lanzhou, refund_no)
    if when == "before the bank spoke":
        assert remit_again(lanzhou, unit, people[0]) == []
    failed(lanzhou, payment_no)
    if when == "before the day's close":
        assert remit_again(lanzhou, unit, people[0]) == []
    assert settled(lanzhou)[refund_no] == "FAILED"
    if when == "after the day's close":
        assert remit_again(lanzhou, unit, people[0]) == []
    assert month_of(lanzhou, people[0]) == (MONTH, MONTH)
    assert waiting_of(lanzhou, refund_no) == MONTH
    assert remit_again(lanzhou, unit, people[0]) != []


def test_a_failed_refund_is_paid_to_the_right_account_after_a_second_person_passed_it(lanzhou, payee, right_payee):
    from hpf.treasury import queries as treasury

    _unit, people, refund_no = paid_wrongly(lanzhou, "兰州账号更正有限公司", payee)
    first = passed(lanzhou, refund_no)
    assert codes(lanzhou.call("resubmit_refund", refund_no=refund_no, payee=right_payee)) == ["WRONG_STATE"]
    failed(lanzhou, first)
    settled(lanzhou)
    assert lanzhou.call("resubmit_refund", refund_no=refund_no, payee=right_payee).value.state == "APPLIED"
    assert codes(lanzhou.call("approve_refund", refund_no=refund_no, business_on=lanzhou.on)) == ["MAKER_IS_CHECKER"]
    second = passed(lanzhou, refund_no)
    assert second != first
    assert (waiting_of(lanzhou, refund_no), month_of(lanzhou, people[0])) == (ZERO, (ZERO, ZERO))
    done(lanzhou, second)
    assert settled(lanzhou) == {refund_no: "PAID"}
    with lanzhou.scope():
        assert [(each.payment_no, each.state) for each in treasury.payments_of(1, "CONTRIBUTION_REFUND", [refund_no])[refund_no]] == [
            (first, "FAILED"),
            (second, "DONE"),
        ]


def test_a_second_try_may_fail_too_and_a_third_be_refused_without_losing_the_money(lanzhou, payee, right_payee):
    _unit, _people, refund_no = paid_wrongly(lanzhou, "兰州屡退不成有限公司", payee)
    for _ in range(2):
        failed(lanzhou, passed(lanzhou, refund_no))
        assert settled(lanzhou) == {refund_no: "FAILED"}
        assert lanzhou.call("resubmit_refund", refund_no=refund_no, payee=right_payee).value is not None
    answer = lanzhou.call("refuse_refund", lanzhou.checker, refund_no=refund_no, opinion="户名仍有疑问").value
    assert (answer.state, waiting_of(lanzhou, refund_no)) == ("FAILED", MONTH)


def test_money_that_was_paid_and_returned_days_later_waits_as_if_it_had_never_left(lanzhou, payee, right_payee):
    _unit, people, refund_no = paid_wrongly(lanzhou, "兰州退汇有限公司", payee)
    seq_no = done(lanzhou, passed(lanzhou, refund_no))
    assert settled(lanzhou) == {refund_no: "PAID"}
    returned(lanzhou, seq_no, "1200.00")
    assert settled(lanzhou) == {refund_no: "FAILED"}
    assert settled(lanzhou) == {}
    assert (month_of(lanzhou, people[0]), waiting_of(lanzhou, refund_no)) == ((ZERO, ZERO), MONTH)
    assert lanzhou.ask_for("refund", refund_no).outcome == "已付后被退汇，1,200.00元在待退款，请更正收款账户后重新提交，或转入单位预缴"
    lanzhou.call("resubmit_refund", refund_no=refund_no, payee=right_payee)
    done(lanzhou, passed(lanzhou, refund_no))
    assert settled(lanzhou) == {refund_no: "PAID"}


def test_a_return_that_comes_before_the_days_close_saw_the_payment_done_ends_the_same(lanzhou, payee):
    _unit, people, refund_no = paid_wrongly(lanzhou, "兰州当日退汇有限公司", payee)
    seq_no = done(lanzhou, passed(lanzhou, refund_no))
    returned(lanzhou, seq_no, "1200.00")
    assert settled(lanzhou) == {refund_no: "FAILED"}
    assert (month_of(lanzhou, people[0]), waiting_of(lanzhou, refund_no)) == ((ZERO, ZERO), MONTH)


def test_money_that_came_back_can_become_prepaid_and_pays_the_month_once(lanzhou, payee):
    unit, people, refund_no = paid_wrongly(lanzhou, "兰州转作预缴有限公司", payee)
    assert codes(lanzhou.call("keep_refund", lanzhou.checker, refund_no=refund_no, business_on=lanzhou.on)) == ["WRONG_STATE"]
    failed(lanzhou, passed(lanzhou, refund_no))
    settled(lanzhou)
    before = lanzhou.totals()
    assert codes(lanzhou.call("keep_refund", refund_no=refund_no, business_on=lanzhou.on)) == ["MAKER_IS_CHECKER"]
    assert lanzhou.totals() == before
    key = fresh("keep")
    for _ in range(2):
        kept = lanzhou.call("keep_refund", lanzhou.checker, refund_no=refund_no, business_on=lanzhou.on, key=key).value
    assert (kept.state, lanzhou.prepaid(unit), waiting_of(lanzhou, refund_no)) == ("KEPT", MONTH, ZERO)
    assert codes(lanzhou.call("keep_refund", lanzhou.checker, refund_no=refund_no, business_on=lanzhou.on)) == ["WRONG_STATE"]
    assert remit_again(lanzhou, unit, people[0]) == []
    assert month_of(lanzhou, people[0]) == (MONTH, MONTH)


def test_a_unit_is_not_closed_while_its_refund_is_under_way(lanzhou, payee):
    unit, _people, refund_no = paid_wrongly(lanzhou, "兰州未退先销有限公司", payee)
    passed(lanzhou, refund_no)
    refused = lanzhou.call("close_unit", employer_account_no=unit, reason="单位撤销", business_on=lanzhou.on)
    assert codes(refused) == ["REFUNDS_WAITING"]
    assert refused.reasons[0].message == f"单位还有1笔退款未办结（{refund_no}），请待款项退到单位账户或转入预缴后再销户"


def test_a_refund_of_money_settled_into_the_other_bucket_takes_what_is_current_first(lanzhou, payee):
    """Half of the person's money is 上年结转: what was booked as 当年归集 is taken back from there."""
    unit, people = lanzhou.unit_with_people("兰州两种余额有限公司")
    lanzhou.pay(people[0], "500.00", lanzhou.on, carried="500.00")
    booked = lanzhou.booked_month(unit)
    from hpf.contributions.services import RefundedLine

    lines = (RefundedLine(people[0], JULY, Money.yuan("600.00"), Money.yuan("600.00")),)
    given = {"remittance_no": booked.remittance_no, "lines": lines, "payee": payee, "business_on": lanzhou.on, "reason": "多缴"}
    passed(lanzhou, lanzhou.call("refund_mispayment", **given).value.refund_no)
    assert (lanzhou.money(people[0]).balance, lanzhou.money(people[0]).carried) == (Money.yuan("500.00"), Money.yuan("500.00"))


def test_a_list_of_which_a_part_was_refunded_is_not_reversed_as_a_whole(lanzhou, payee):
    """Reversing it would take the refunded month from the member a second time."""
    _unit, people, refund_no = paid_wrongly(lanzhou, "兰州退后冲正有限公司", payee)
    lanzhou.pay(people[0], "5000.00", lanzhou.on)
    passed(lanzhou, refund_no)
    before = lanzhou.totals()
    wrong = lanzhou.ask_for("remittances", kind="REGULAR", month=JULY, limit=1)[0].remittance_no
    given = {"remittance_no": wrong, "reason": "清册选错", "maker": "user:张柜员", "business_on": lanzhou.on}
    refused = lanzhou.call("reverse_booking", lanzhou.checker, **given)
    assert codes(refused) == ["CORRECTED_BEFORE"]
    assert refused.reasons[0].message == f"清册{wrong}已有错账调整或错缴退款，整册冲正会重复扣回，请对其余各行用红蓝字逐笔调整"
    assert lanzhou.totals() == before


def test_prepaid_money_is_returned_on_request_and_no_more_than_there_is(lanzhou, payee):
    unit, _ = lanzhou.unit_with_people("兰州预缴退款有限公司")
    receipt_no = lanzhou.pay_in("800.00", "预缴")
    lanzhou.call("prepay", employer_account_no=unit, receipt_no=receipt_no, business_on=lanzhou.on)
    given = {"employer_account_no": unit, "reason": "单位撤销", "payee": payee, "business_on": lanzhou.on}
    assert codes(lanzhou.call("refund_prepaid", amount=Money.yuan("800.01"), **given)) == ["BALANCE_TOO_SMALL"]
    refund_no = lanzhou.call("refund_prepaid", amount=Money.yuan("800.00"), **given).value.refund_no
    payment_no = passed(lanzhou, refund_no)
    assert lanzhou.prepaid(unit) == ZERO
    failed(lanzhou, payment_no)
    settled(lanzhou)
    assert (lanzhou.prepaid(unit), waiting_of(lanzhou, refund_no)) == (ZERO, Money.yuan("800.00"))
