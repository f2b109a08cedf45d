"""付款: ordered with the fact that causes it, sent once, settled by the bank's word."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from hpf.db.command import command, step
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.ledger import queries as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.ledger.services import open_account, post
from hpf.outbox import services as outbox
from hpf.treasury import queries
from hpf.treasury.gateways.settlement import Order
from hpf.treasury.models import BankAccount, BankMessage, Payment, Receipt
from hpf.treasury.rules.numbers import PAYMENT, RECEIPT, NotANumber, id_of, number, send_seq_no
from hpf.treasury.rules.payments import ImpossibleResult, Result, State, Told, advance
from hpf.treasury.services.cashbook import booked_references, enter_cash
from hpf.treasury.services.returns import give_back

IN_TRANSIT = 21904
TO_SEND = "treasury.payment"


class PayingBank(Protocol):
    """What these stories need of a bank."""

    def pay(self, order: Order, on: date) -> Result: ...
    def result(self, seq_no: str, on: date) -> Result: ...


class MoneyNotSetAside(Exception):
    """The legs of a payment do not sum to its amount."""


@dataclass(frozen=True, slots=True)
class PaymentOrdered:
    payment_id: int
    payment_no: str
    ledger_account_id: int
    journal_id: int


@dataclass(frozen=True, slots=True)
class SendingBegun:
    """The committed sequence number under which to send; empty when there is nothing to send."""

    send_seq_no: str = ""


@dataclass(frozen=True, slots=True)
class PaymentSettled:
    payment_no: str
    state: str


@dataclass(frozen=True, slots=True)
class Talked:
    """What a round of sending or asking came to; `conflicts` are answers a person must look at."""

    asked: int = 0
    done: int = 0
    failed: int = 0
    open: int = 0
    conflicts: tuple[str, ...] = ()


@step
def order_payment(
    draft: Draft,
    legs: Sequence[Leg],
    *,
    payee_account: str,
    payee_name: str,
    summary: str,
    key: str,
    payee_bank: str = "",
    payee_class: str = "1",
    bank_account_id: int | None = None,
) -> PaymentOrdered:
    """付款指令: set the money aside and order its payment, in the caller's transaction.

    `legs` are the debits of the source (they may include credits, their sum is the amount paid); the credit of the payment's
    own account (21904) is added here and the journal is posted under `draft`, whose source names the business document.
    `payee_class` is 1 for a person, 2 for an organisation.

    Writes   payment READY, the journal, the outbox row
    Later    DONE: debit 21904, credit 银行存款. FAILED or RETURNED: the journal is reversed, the source has its money again;
             the business sees the state by `queries.payments_of(draft.source_kind, [draft.source_no])`
    Raises   MoneyNotSetAside when the legs sum to nothing or less
    """
    centre_id, amount = draft.centre_id, Money(sum(leg.fen for leg in legs))
    if amount.fen <= 0:
        raise MoneyNotSetAside(f"付款金额{amount.text}元应大于零")
    account_id = bank_account_id or queries.main_account(centre_id).bank_account_id
    payment = Payment.objects.create(
        centre_id=centre_id,
        bank_account_id=account_id,
        source_kind=draft.source_kind,
        source_no=draft.source_no,
        amount_fen=amount,
        payee_account=payee_account,
        payee_name=payee_name,
        payee_bank=payee_bank,
        payee_class=payee_class,
        summary=summary[:120],
        ordered_on=draft.business_on,
        maker=draft.maker,
        checker=draft.checker,
    )
    payment.ledger_account_id = open_account(centre_id, IN_TRANSIT, "PAYMENT", payment.id, draft.business_on)
    payment.funding_journal_id = post(draft, [*legs, Leg(payment.ledger_account_id, -amount.fen)], f"{key}:fund")
    payment.save(update_fields=["ledger_account_id", "funding_journal_id"])
    no = number(PAYMENT, centre_id, payment.id)
    outbox.enqueue(centre_id, TO_SEND, f"payment:{no}", {"payment_no": no})
    return PaymentOrdered(payment.id, no, payment.ledger_account_id, payment.funding_journal_id)


@command("treasury.refund_receipt")
def refund_receipt(
    *, by: Actor, centre_id: int, receipt_no: str, maker: str, reason: str, business_on: date, key: str
) -> Decision[PaymentOrdered]:
    """暂收退款: what is left of a receipt goes back to the account it came from. `by` checks what `maker` prepared.

    Locks    the receipt's row, then the ledger accounts
    Refuses  maker and checker the same; nothing left; a payer whose account the bank did not tell
    """
    try:
        receipt_id = id_of(RECEIPT, receipt_no)
    except NotANumber as error:
        return Decision.refused([Reason("NO_SUCH_RECEIPT", f"{error}，请核对收款单号")])
    found = Receipt.objects.select_for_update().filter(centre_id=centre_id, id=receipt_id).first()
    if found is None:
        return Decision.refused([Reason("NO_SUCH_RECEIPT", f"本中心没有收款单{receipt_no}，请核对收款单号")])
    remaining = ledger.balance(found.ledger_account_id).available
    reasons = []
    if maker == by.user_id:
        reasons.append(Reason("SAME_PERSON", f"退款的经办与复核不能同为{by.name}，请由他人复核"))
    if remaining.fen <= 0:
        reasons.append(Reason("NOTHING_LEFT", f"收款单{receipt_no}到账{found.amount_fen.text}元已用完或已退款，没有可退金额"))
    if not found.payer_account:
        reasons.append(Reason("NO_PAYER_ACCOUNT", f"收款单{receipt_no}的付款账号银行未提供，请向银行查明后人工办理"))
    if reasons:
        return Decision.refused(reasons)
    draft = Draft(
        centre_id, "REFUND", "J2", business_on, business_on, "RECEIPT", receipt_no, f"退款：{reason}"[:200], maker, checker=by.user_id
    )
    ordered = order_payment(
        draft,
        [Leg(found.ledger_account_id, remaining.fen)],
        payee_account=found.payer_account,
        payee_name=found.payer_name,
        summary=f"退款 {receipt_no}",
        key=key,
        payee_class="2",
        bank_account_id=found.bank_account_id,
    )
    found.state, found.explanation = "REFUNDED", f"{reason}，已退款{remaining.text}元，付款单{ordered.payment_no}"[:300]
    found.save(update_fields=["state", "explanation"])
    return Decision.approved(ordered)


@command("treasury.send_payment")
def begin_sending(*, by: Actor, centre_id: int, payment_no: str, business_on: date, key: str) -> SendingBegun:
    """Draw and keep the sequence number, and mark the payment sent, before anything is sent.

    Locks    the payment's row: of two workers one finds it READY
    """
    payment = Payment.objects.select_for_update().get(centre_id=centre_id, id=id_of(PAYMENT, payment_no))
    if payment.state != State.READY:
        return SendingBegun()
    seq_no = send_seq_no(centre_id, business_on, outbox.next_sequence(centre_id, "BDC", business_on))
    BankMessage.objects.create(
        centre_id=centre_id,
        direction="OUT",
        send_seq_no=seq_no,
        tx_code="BDC101",
        business_on=business_on,
        source_kind="PAYMENT",
        source_no=payment_no,
    )
    payment.state, payment.send_seq_no, payment.sent_on = State.SENT, seq_no, business_on
    payment.explanation = "已发送，等待银行答复"
    payment.save(update_fields=["state", "send_seq_no", "sent_on", "explanation"])
    return SendingBegun(seq_no)


@command("treasury.record_payment_result")
def record_payment_result(
    *, by: Actor, centre_id: int, payment_no: str, send_seq_no: str, result: Result, business_on: date, key: str
) -> PaymentSettled:
    """付款结果: what the bank said about the instruction under this sequence number.

    Done     debit 21904 of the payment, credit 银行存款, one line of the cash book
    Failed   the journal that set the money aside is reversed
    Locks    the payment's row, then the ledger accounts
    Raises   ImpossibleResult when the bank contradicts its final word, or reuses a reference
    """
    payment = Payment.objects.select_for_update().get(centre_id=centre_id, id=id_of(PAYMENT, payment_no))
    BankMessage.objects.filter(centre_id=centre_id, direction="OUT", send_seq_no=send_seq_no).update(
        told=str(result.told), rtn_code=result.code[:12], rtn_message=result.message[:200]
    )
    if payment.send_seq_no != send_seq_no:
        return PaymentSettled(payment_no, payment.state)
    before = State(payment.state)
    after = advance(before, result.told, sent_on=payment.sent_on, asked_on=result.bank_on or business_on)
    if after is before:
        return PaymentSettled(payment_no, after)
    payment.state = after
    payment.explanation = f"银行答复{result.code} {result.message}".strip()[:300]
    if after is State.DONE:
        _settle(payment, payment_no, result, business_on, by, key)
    elif after is State.FAILED:
        payment.settled_on = business_on
        payment.explanation = f"付款未成：{result.message or '银行查无此笔指令'}，款项已退回原处，请核对后重新办理"[:300]
        give_back(payment, business_on, maker=by.user_id, key=f"{key}:giveback")
    payment.save()
    return PaymentSettled(payment_no, after)


def _settle(payment: Payment, payment_no: str, result: Result, business_on: date, by: Actor, key: str) -> None:
    account = BankAccount.objects.get(centre_id=payment.centre_id, id=payment.bank_account_id)
    if not result.bank_reference or booked_references(account, [result.bank_reference]):
        raise ImpossibleResult(f"付款单{payment_no}银行答复成功，但银行流水号“{result.bank_reference}”为空或已用于另一笔，请人工核对")
    value_on = min(result.bank_on or business_on, business_on)
    draft = Draft(
        payment.centre_id, "PAYMENT", "J2", business_on, value_on, "PAYMENT", payment_no, f"付款 {payment.summary}"[:200], by.user_id
    )
    legs = [Leg(payment.ledger_account_id, payment.amount_fen.fen), Leg(account.ledger_account_id, -payment.amount_fen.fen)]
    journal_id = post(draft, legs, f"{key}:paid")
    enter_cash(
        account,
        result.bank_reference,
        -payment.amount_fen,
        "PAYMENT",
        business_on=business_on,
        value_on=value_on,
        journal_id=journal_id,
        summary=payment_no,
    )
    payment.bank_reference, payment.settled_on = result.bank_reference, business_on


def send_payments(*, by: Actor, centre_id: int, bank: PayingBank, business_on: date, at: datetime, limit: int = 200) -> Talked:
    """Send what is ready, each once. A crash at any line leaves a payment either READY or SENT; SENT is only asked for."""
    talked = Talked()
    for message in outbox.claim(centre_id, TO_SEND, at=at, limit=limit):
        payment_no = message.payload["payment_no"]
        begun = begin_sending(
            by=by, centre_id=centre_id, payment_no=payment_no, business_on=business_on, key=f"send:{secrets.token_hex(12)}"
        )
        if begun.send_seq_no:
            result = bank.pay(_order(centre_id, payment_no), business_on)
            talked = _told(talked, by, centre_id, payment_no, begun.send_seq_no, result, business_on)
            if result.told is Told.NOT_SENT:
                outbox.failed(message, result.message, at=at)
                continue
        outbox.delivered(message, at=at)
    return talked


def poll_payments(*, by: Actor, centre_id: int, bank: PayingBank, business_on: date) -> Talked:
    """Ask for the fate of every payment that is sent and not final, by its original sequence number."""
    with centre_scope(centre_id):
        waiting = [p for p in queries.open_payments(centre_id, single=True) if p.state != State.READY]
    talked = Talked()
    for payment in waiting:
        result = bank.result(payment.send_seq_no, business_on)
        talked = _told(talked, by, centre_id, payment.payment_no, payment.send_seq_no, result, business_on)
    return talked


def _told(talked: Talked, by: Actor, centre_id: int, payment_no: str, seq_no: str, result: Result, business_on: date) -> Talked:
    key = f"result:{seq_no}:{result.told}:{result.bank_reference or result.code}:{result.bank_on or ''}:{business_on}"
    try:
        settled = record_payment_result(
            by=by, centre_id=centre_id, payment_no=payment_no, send_seq_no=seq_no, result=result, business_on=business_on, key=key
        )
    except ImpossibleResult as conflict:
        return Talked(talked.asked + 1, talked.done, talked.failed, talked.open + 1, (*talked.conflicts, str(conflict)))
    return Talked(
        talked.asked + 1,
        talked.done + (settled.state == State.DONE),
        talked.failed + (settled.state == State.FAILED),
        talked.open + (settled.state not in (State.DONE, State.FAILED)),
        talked.conflicts,
    )


def _order(centre_id: int, payment_no: str) -> Order:
    with centre_scope(centre_id):
        payment = Payment.objects.select_related("bank_account").get(centre_id=centre_id, id=id_of(PAYMENT, payment_no))
    return Order(
        send_seq_no=payment.send_seq_no,
        payer_account=payment.bank_account.account_no,
        payer_name=payment.bank_account.name,
        payee_account=payment.payee_account,
        payee_name=payment.payee_name,
        payee_bank=payment.payee_bank,
        payee_class=payment.payee_class,
        amount=payment.amount_fen,
        summary=f"{payment.summary} {payment_no}",
    )
