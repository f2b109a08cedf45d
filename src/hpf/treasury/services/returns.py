"""退回: money that was on its way out goes back to where it was taken from."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from hpf.db.command import step
from hpf.ledger.rules import Draft, Leg
from hpf.ledger.services import LedgerRefusal, post, reverse
from hpf.treasury.models import BankAccount, Payment, Receipt
from hpf.treasury.rules.movements import Movement
from hpf.treasury.rules.numbers import PAYMENT, RECEIPT, id_of, number
from hpf.treasury.rules.payments import State
from hpf.treasury.services.cashbook import enter_cash


class PaymentNotFunded(Exception):
    """A payment whose money was never set aside."""


@step
def give_back(payment: Payment, business_on: date, *, maker: str, key: str) -> None:
    """The payment's own account is emptied by the opposite of the journal that filled it; the source has its money again."""
    if payment.funding_journal_id is None:
        raise PaymentNotFunded(f"付款单{number(PAYMENT, payment.centre_id, payment.id)}没有资金来源凭证，不能退回")
    reverse(
        payment.funding_journal_id,
        centre_id=payment.centre_id,
        business_on=business_on,
        maker=maker,
        checker=None,
        summary=f"付款未成退回 {number(PAYMENT, payment.centre_id, payment.id)}",
        key=key,
    )
    if payment.source_kind == "RECEIPT":
        Receipt.objects.filter(centre_id=payment.centre_id, id=id_of(RECEIPT, payment.source_no)).update(
            state="SUSPENSE",
            spent=False,
            expectation=None,
            ground="",
            reason_code="REFUND_FAILED",
            explanation="退款未成，款项仍在暂收，请核对付款账户后重新退款",
        )


@step
def take_back_returned(account: BankAccount, movement: Movement, business_on: date, *, maker: str, key: str) -> str | None:
    """付款后退汇: money of a payment that was done comes back by statement. Gives the payment's number, None when nothing is new.

    It goes back to where it was taken from. An account that was ended meanwhile takes nothing any more: then the money stays on
    the payment's own account (21904), from which it can be paid again, and the statement is not held up.
    A return that belongs to no payment done by us, or of another amount, stays with the bank's statement as a difference.
    """
    payment = (
        Payment.objects.select_for_update().filter(centre_id=account.centre_id, send_seq_no=movement.seq_no, bank_account=account).first()
    )
    if payment is None or payment.state != State.DONE or payment.amount_fen != movement.amount:
        return None
    no = number(PAYMENT, account.centre_id, payment.id)
    value_on = min(movement.bank_on, business_on)
    draft = Draft(account.centre_id, "PAYMENT", "J2", business_on, value_on, "PAYMENT", no, f"付款退汇 {no}", maker)
    legs = [Leg(account.ledger_account_id, movement.amount.fen), Leg(payment.ledger_account_id, -movement.amount.fen)]
    journal_id = post(draft, legs, f"{key}:return:{no}")
    enter_cash(
        account,
        movement.bank_reference,
        movement.amount,
        "RETURN",
        business_on=business_on,
        value_on=value_on,
        journal_id=journal_id,
        summary=f"付款退汇 {no}",
    )
    where = "款项已退回原处，请核对收款信息后重新提交"
    try:
        with transaction.atomic():
            give_back(payment, business_on, maker=maker, key=f"{key}:giveback:{no}")
    except LedgerRefusal as refusal:
        if refusal.code != "ACCOUNT_CLOSED":
            raise
        where = f"原账户已销户，款项留在付款单{no}的应付款项，请核对收款信息后从该处重新付款"
    payment.state, payment.settled_on = State.RETURNED, business_on
    payment.explanation = f"银行{movement.bank_on}退汇{movement.amount.text}元，{where}"
    payment.save(update_fields=["state", "settled_on", "explanation"])
    return no
