"""批量付款: thousands of payments ordered by a handful of statements, sent as one instruction, settled line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import connection

from hpf.db.arrays import array
from hpf.db.command import command, step
from hpf.db.crypto import encrypt_all
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft
from hpf.outbox import services as outbox
from hpf.treasury import queries
from hpf.treasury.gateways.settlement import BatchLine, BatchResult, LineResult
from hpf.treasury.models import BankAccount, BankMessage, Payment, PaymentBatch
from hpf.treasury.models.payments import PAYEE_ACCOUNT, PAYEE_NAME
from hpf.treasury.rules.numbers import PAYMENT, PAYMENT_BATCH, id_of, number, send_seq_no
from hpf.treasury.rules.payments import ImpossibleResult, Result, State, advance
from hpf.treasury.services.batch_talk import BatchKind, poll_batches, send_batches
from hpf.treasury.services.cashbook import booked_references, enter_cash
from hpf.treasury.services.payments import IN_TRANSIT, SendingBegun, Talked
from hpf.treasury.services.returns import give_back

TO_SEND_BATCH = "treasury.payment_batch"


class PayingBank(Protocol):
    """What these stories need of a bank."""

    def batch_pay(self, seq_no: str, account: str, lines: Sequence[BatchLine], summary: str, on: date) -> Result: ...
    def batch_result(self, seq_no: str, on: date) -> BatchResult: ...


@dataclass(frozen=True, slots=True)
class ToPay:
    """One payment of many: taken from one ledger account, paid to one bank account. Its number is from `take_payment_nos`."""

    payment_no: str
    source_no: str
    account_id: int
    amount: Money
    payee_account: str
    payee_name: str
    payee_bank: str
    summary: str
    maker: str


@dataclass(frozen=True, slots=True)
class BatchOrdered:
    """`refusals` by source number: the ledger's code for what could not be taken. No batch when nothing could."""

    batch_no: str | None
    refusals: dict[str, str]


@dataclass(frozen=True, slots=True)
class BatchSettled:
    batch_no: str
    state: str


@step
def take_payment_nos(centre_id: int, count: int) -> list[str]:
    """Numbers for payments that are about to be ordered, so that what is paid can name its payment before the money moves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hpf_payment_ids(%s)", [count])
        return [number(PAYMENT, centre_id, payment_id) for payment_id in cursor.fetchone()[0] or ()]


@step
def order_payments(
    *, centre_id: int, kind: str, template: str, source_kind: str, business_on: date, checker: str | None, payments: Sequence[ToPay], summary: str,
    key: str,
) -> BatchOrdered:  # fmt: skip
    """批量付款指令: the same as `order_payment` for many, all of them persons, as one batch for the bank.

    Each payment has its own journal (source -> 21904) and its own fate: one that fails later gives back its own money.
    What an account cannot give is left out and told; the others go on.

    Locks    the source accounts, in id order, once
    Writes   journals, payments READY, the batch, one outbox row: one statement each
    """
    ids = [id_of(PAYMENT, each.payment_no) for each in payments]
    posted = ledger.post_each(
        centre_id=centre_id, kind=kind, template=template, business_on=business_on, source_kind=source_kind, checker=checker,
        to_subject=IN_TRANSIT, owner_kind="PAYMENT", key=key,
        debits=[
            ledger.Debit(each.account_id, each.amount.fen, payment_id, each.source_no, each.summary, each.maker)
            for each, payment_id in zip(payments, ids, strict=True)
        ],
    )  # fmt: skip
    taken = [(each, payment_id, made) for each, payment_id, made in zip(payments, ids, posted, strict=True) if made.refusal is None]
    refusals = {each.source_no: made.refusal for each, made in zip(payments, posted, strict=True) if made.refusal is not None}
    if not taken:
        return BatchOrdered(None, refusals)
    account_id = queries.main_account(centre_id).bank_account_id
    batch = PaymentBatch.objects.create(
        centre_id=centre_id, bank_account_id=account_id, summary=summary[:120], line_count=len(taken), ordered_on=business_on,
        amount_fen=Money.total(each.amount for each, _, _ in taken),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO treasury_payment (id, centre_id, bank_account_id, source_kind, source_no, amount_fen, payee_account, payee_name,
                   payee_bank, payee_class, summary, ledger_account_id, funding_journal_id, state, send_seq_no, bank_reference, explanation,
                   ordered_on, maker, checker, batch_id, batch_line)
               SELECT u.id, %s, %s, %s, u.source_no, u.fen, u.account, u.name, u.bank, '1', u.summary, u.ledger, u.journal, 'READY', '', '', '',
                      %s, u.maker, %s, %s, u.n
               FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bytea[], %s::bytea[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
                           %s::text[]) WITH ORDINALITY AS u(id, source_no, fen, account, name, bank, summary, ledger, journal, maker, n)""",
            [
                centre_id, account_id, source_kind, business_on, checker, batch.id,
                array(payment_id for _, payment_id, _ in taken), array(each.source_no for each, _, _ in taken),
                array(each.amount.fen for each, _, _ in taken),
                array(encrypt_all([each.payee_account for each, _, _ in taken], PAYEE_ACCOUNT)),
                array(encrypt_all([each.payee_name for each, _, _ in taken], PAYEE_NAME)),
                array(each.payee_bank for each, _, _ in taken), array(each.summary[:120] for each, _, _ in taken),
                array(made.account_id for _, _, made in taken), array(made.journal_id for _, _, made in taken),
                array(each.maker for each, _, _ in taken),
            ],
        )  # fmt: skip
    batch_no = number(PAYMENT_BATCH, centre_id, batch.id)
    outbox.enqueue(centre_id, TO_SEND_BATCH, f"payments:{batch_no}", {"batch_no": batch_no})
    return BatchOrdered(batch_no, refusals)


@command("treasury.send_payment")
def begin_sending_batch(*, by: Actor, centre_id: int, batch_no: str, business_on: date, key: str) -> SendingBegun:
    """Draw and keep the sequence number, and mark the batch and its payments sent, before anything is sent.

    Locks    the batch's row: of two workers one finds it READY
    """
    batch = PaymentBatch.objects.select_for_update().get(centre_id=centre_id, id=id_of(PAYMENT_BATCH, batch_no))
    if batch.state != State.READY:
        return SendingBegun()
    seq_no = send_seq_no(centre_id, business_on, outbox.next_sequence(centre_id, "BDC", business_on))
    BankMessage.objects.create(
        centre_id=centre_id, direction="OUT", send_seq_no=seq_no, tx_code="BDC103", business_on=business_on, source_kind="PAYMENT_BATCH",
        source_no=batch_no,
    )  # fmt: skip
    batch.state, batch.send_seq_no, batch.sent_on = State.SENT, seq_no, business_on
    batch.save(update_fields=["state", "send_seq_no", "sent_on"])
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE treasury_payment SET state = 'SENT', send_seq_no = %s || '-' || batch_line, sent_on = %s, explanation = '已随批发送，等待银行答复'
               WHERE centre_id = %s AND batch_id = %s""",
            [seq_no, business_on, centre_id, batch.id],
        )
    return SendingBegun(seq_no)


@command("treasury.record_payment_result")
def record_batch_result(
    *,
    by: Actor,
    centre_id: int,
    batch_no: str,
    send_seq_no: str,
    result: Result,
    lines: tuple[LineResult, ...],
    business_on: date,
    key: str,
) -> BatchSettled:
    """批量付款结果. Each line ends by itself.

    Done     one journal for all successful lines: debit their 21904, credit 银行存款 once; one line of the cash book
    Failed   each failed line's money goes back to where it was taken from; all of them when the bank never took the batch
    Locks    the batch's row, then the ledger accounts
    Raises   ImpossibleResult when the bank contradicts its final word, leaves out a line or reuses a reference
    """
    batch = PaymentBatch.objects.select_for_update().get(centre_id=centre_id, id=id_of(PAYMENT_BATCH, batch_no))
    BankMessage.objects.filter(centre_id=centre_id, direction="OUT", send_seq_no=send_seq_no).update(
        told=str(result.told), rtn_code=result.code[:12], rtn_message=result.message[:200]
    )
    if batch.send_seq_no != send_seq_no:
        return BatchSettled(batch_no, batch.state)
    before = State(batch.state)
    after = advance(before, result.told, sent_on=batch.sent_on, asked_on=result.bank_on or business_on)
    if after is before:
        return BatchSettled(batch_no, after)
    batch.state, batch.explanation = after, f"银行答复{result.code} {result.message}".strip()[:300]
    rows = Payment.objects.filter(centre_id=centre_id, batch_id=batch.id)
    if after is State.DONE:
        said = {line.line_no: line for line in lines}
        if set(said) != set(range(1, batch.line_count + 1)):
            raise ImpossibleResult(f"付款批{batch_no}共{batch.line_count}笔，银行答复{len(said)}笔，笔数不符，请人工核对")
        batch.settled_on = business_on
        _pay_out(batch, batch_no, [no for no, line in said.items() if line.done], result, business_on, by, key)
        _give_back(batch, {no: line.message for no, line in said.items() if not line.done}, business_on, by, key)
    elif after is State.FAILED:
        batch.settled_on = business_on
        why = result.message or "银行查无此笔指令"
        _give_back(batch, dict.fromkeys(range(1, batch.line_count + 1), why), business_on, by, key)
    elif after is State.READY:
        rows.update(state=State.READY, explanation="未能送达银行，等待重新发送")
    else:
        rows.update(state=after, explanation=batch.explanation)
    batch.save()
    return BatchSettled(batch_no, after)


def _pay_out(batch: PaymentBatch, batch_no: str, done: list[int], result: Result, business_on: date, by: Actor, key: str) -> None:
    if not done:
        return
    account = BankAccount.objects.get(centre_id=batch.centre_id, id=batch.bank_account_id)
    if not result.bank_reference or booked_references(account, [result.bank_reference]):
        raise ImpossibleResult(f"付款批{batch_no}银行答复成功，但银行流水号“{result.bank_reference}”为空或已用于另一笔，请人工核对")
    paid = Payment.objects.filter(centre_id=batch.centre_id, batch_id=batch.id, batch_line__in=done).order_by("batch_line")
    columns = list(paid.values_list("ledger_account_id", "amount_fen"))
    total = Money.total(amount for _, amount in columns)
    value_on = min(result.bank_on or business_on, business_on)
    draft = Draft(
        batch.centre_id, "PAYMENT", "J2", business_on, value_on, "PAYMENT_BATCH", batch_no, f"付款 {batch.summary}"[:200], by.user_id
    )
    journal_id = ledger.post_columns(
        draft, [*(ledger_id for ledger_id, _ in columns), account.ledger_account_id], [*(amount.fen for _, amount in columns), -total.fen],
        f"{key}:paid",
    )  # fmt: skip
    enter_cash(
        account,
        result.bank_reference,
        -total,
        "PAYMENT",
        business_on=business_on,
        value_on=value_on,
        journal_id=journal_id,
        summary=batch_no,
    )
    words = f"银行答复{result.code} {result.message}".strip()[:300]
    paid.update(state=State.DONE, bank_reference=result.bank_reference, settled_on=business_on, explanation=words)
    batch.bank_reference = result.bank_reference


def _give_back(batch: PaymentBatch, failed: dict[int, str], business_on: date, by: Actor, key: str) -> None:
    rows = Payment.objects.filter(centre_id=batch.centre_id, batch_id=batch.id, batch_line__in=list(failed)).order_by("batch_line")
    for payment in rows:
        assert payment.batch_line is not None
        payment.state, payment.settled_on = State.FAILED, business_on
        payment.explanation = f"付款未成：{failed[payment.batch_line]}，款项已退回原处，请核对后重新办理"[:300]
        give_back(payment, business_on, maker=by.user_id, key=f"{key}:giveback:{payment.batch_line}")
        payment.save(update_fields=["state", "settled_on", "explanation"])


def _file(centre_id: int, batch_no: str) -> tuple[str, list[BatchLine], str]:
    with centre_scope(centre_id):
        batch = PaymentBatch.objects.select_related("bank_account").get(centre_id=centre_id, id=id_of(PAYMENT_BATCH, batch_no))
        rows = Payment.objects.filter(centre_id=centre_id, batch_id=batch.id).order_by("batch_line")
        lines = [BatchLine(row.batch_line or 0, row.payee_account, row.payee_name, row.amount_fen, row.summary) for row in rows]
        return batch.bank_account.account_no, lines, f"{batch.summary} {batch_no}"


_KIND = BatchKind("batch_no", PAYMENT_BATCH, TO_SEND_BATCH, "paid", PaymentBatch, begin_sending_batch, _file, record_batch_result)


def send_payment_batches(*, by: Actor, centre_id: int, bank: PayingBank, business_on: date, at: datetime, limit: int = 50) -> Talked:
    """Send the payment batches that are ready, each once."""
    return send_batches(_KIND, bank.batch_pay, by=by, centre_id=centre_id, business_on=business_on, at=at, limit=limit)


def poll_payment_batches(*, by: Actor, centre_id: int, bank: PayingBank, business_on: date) -> Talked:
    """Ask for the fate of every payment batch that is sent and not final."""
    return poll_batches(_KIND, bank, by=by, centre_id=centre_id, business_on=business_on)
