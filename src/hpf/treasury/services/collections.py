"""批量代收: debit many payers by their agreements in one batch; some lines may fail, the rest is one receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from hpf.db.command import command, step
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.outbox import services as outbox
from hpf.treasury import queries
from hpf.treasury.gateways.settlement import BatchLine, BatchResult, LineResult
from hpf.treasury.models import BankAccount, BankMessage, Collection, CollectionLine, Receipt
from hpf.treasury.rules.movements import Movement
from hpf.treasury.rules.numbers import COLLECTION, RECEIPT, id_of, number, send_seq_no
from hpf.treasury.rules.payments import ImpossibleResult, Result, State, advance
from hpf.treasury.services.batch_talk import BatchKind, poll_batches, send_batches
from hpf.treasury.services.movements import book_receipts
from hpf.treasury.services.payments import SendingBegun, Talked

TO_COLLECT = "treasury.collection"


class CollectingBank(Protocol):
    """What these stories need of a bank."""

    def batch_collect(self, seq_no: str, account: str, lines: Sequence[BatchLine], summary: str, on: date) -> Result: ...
    def batch_result(self, seq_no: str, on: date) -> BatchResult: ...


@dataclass(frozen=True, slots=True)
class LineToCollect:
    """One payer: `source_no` is the business's own number of the line (a member account)."""

    line_no: int
    source_no: str
    payer_account: str
    payer_name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CollectionSettled:
    collection_no: str
    state: str
    receipt_no: str | None = None


@step
def order_collection(
    centre_id: int,
    *,
    source_kind: str,
    source_no: str,
    lines: Sequence[LineToCollect],
    summary: str,
    on: date,
    bank_account_id: int | None = None,
) -> str:
    """代收指令: write the batch and its outbox row; gives the collection's number. Once for each source document.

    Later    `queries.collection(centre_id, source_kind, source_no)` has the state, the receipt of what came, and every line's fate
    """
    account_id = bank_account_id or queries.main_account(centre_id).bank_account_id
    batch = Collection.objects.create(
        centre_id=centre_id,
        bank_account_id=account_id,
        source_kind=source_kind,
        source_no=source_no,
        summary=summary[:120],
        line_count=len(lines),
        amount_fen=Money.total(line.amount for line in lines),
        ordered_on=on,
    )
    CollectionLine.objects.bulk_create(
        [
            CollectionLine(
                centre_id=centre_id,
                collection=batch,
                line_no=line.line_no,
                source_no=line.source_no,
                payer_account=line.payer_account,
                payer_name=line.payer_name,
                amount_fen=line.amount,
            )
            for line in lines
        ],
        batch_size=5000,
    )
    no = number(COLLECTION, centre_id, batch.id)
    outbox.enqueue(centre_id, TO_COLLECT, f"collection:{no}", {"collection_no": no})
    return no


@command("treasury.send_collection")
def begin_collecting(*, by: Actor, centre_id: int, collection_no: str, business_on: date, key: str) -> SendingBegun:
    """Draw and keep the sequence number, and mark the batch sent, before anything is sent."""
    batch = Collection.objects.select_for_update().get(centre_id=centre_id, id=id_of(COLLECTION, collection_no))
    if batch.state != State.READY:
        return SendingBegun()
    seq_no = send_seq_no(centre_id, business_on, outbox.next_sequence(centre_id, "BDC", business_on))
    BankMessage.objects.create(
        centre_id=centre_id,
        direction="OUT",
        send_seq_no=seq_no,
        tx_code="BDC104",
        business_on=business_on,
        source_kind="COLLECTION",
        source_no=collection_no,
    )
    batch.state, batch.send_seq_no, batch.sent_on = State.SENT, seq_no, business_on
    batch.save(update_fields=["state", "send_seq_no", "sent_on"])
    return SendingBegun(seq_no)


@command("treasury.record_collection_result")
def record_collection_result(
    *,
    by: Actor,
    centre_id: int,
    collection_no: str,
    send_seq_no: str,
    result: Result,
    lines: tuple[LineResult, ...],
    business_on: date,
    key: str,
) -> CollectionSettled:
    """代收结果. The sum of the successful lines is one receipt in suspense, matched with this collection.

    Failed lines keep the bank's words; nothing was taken from them. A batch the bank never took fails as a whole.
    """
    batch = Collection.objects.select_for_update().get(centre_id=centre_id, id=id_of(COLLECTION, collection_no))
    BankMessage.objects.filter(centre_id=centre_id, direction="OUT", send_seq_no=send_seq_no).update(
        told=str(result.told), rtn_code=result.code[:12], rtn_message=result.message[:200]
    )
    before = State(batch.state)
    after = advance(before, result.told, sent_on=batch.sent_on, asked_on=result.bank_on or business_on)
    if batch.send_seq_no != send_seq_no or after is before:
        return _settled(batch, collection_no)
    batch.state = after
    if after in (State.DONE, State.FAILED):
        batch.settled_on = business_on
        _settle_lines(batch, collection_no, lines, whole_failure=result.message if after is State.FAILED else None)
    if after is State.DONE:
        _receive(batch, collection_no, result, business_on, by, key)
    batch.save()
    return _settled(batch, collection_no)


def _settle_lines(batch: Collection, collection_no: str, results: Sequence[LineResult], whole_failure: str | None) -> None:
    lines = {line.line_no: line for line in CollectionLine.objects.filter(centre_id=batch.centre_id, collection=batch)}
    if whole_failure is None and {result.line_no for result in results} != lines.keys():
        raise ImpossibleResult(f"代收批{collection_no}共{len(lines)}笔，银行结果文件{len(results)}笔，行号不一致，请人工核对")
    told = {result.line_no: result for result in results}
    for line in lines.values():
        done = whole_failure is None and told[line.line_no].done
        line.state = "DONE" if done else "FAILED"
        line.explanation = ("" if done else whole_failure if whole_failure is not None else told[line.line_no].message)[:200]
    CollectionLine.objects.bulk_update(lines.values(), ["state", "explanation"], batch_size=1000)


def _receive(batch: Collection, collection_no: str, result: Result, business_on: date, by: Actor, key: str) -> None:
    done = CollectionLine.objects.filter(centre_id=batch.centre_id, collection=batch, state="DONE").values_list("amount_fen", flat=True)
    amount = Money.total(done)
    if not amount:
        return
    account = BankAccount.objects.get(centre_id=batch.centre_id, id=batch.bank_account_id)
    movement = Movement(
        result.bank_reference,
        result.bank_on or business_on,
        amount,
        counter_name="批量代收",
        summary=collection_no,
        seq_no=batch.send_seq_no,
    )
    book_receipts(account, [movement], business_on, maker=by.user_id, key=key)
    receipt = Receipt.objects.filter(centre_id=batch.centre_id, bank_account=account, bank_reference=result.bank_reference).first()
    if receipt is None or receipt.amount_fen != amount or receipt.state in ("USED", "REFUNDED"):
        raise ImpossibleResult(
            f"代收批{collection_no}成功{amount.text}元，与银行流水{result.bank_reference}的到账金额不一致或已被使用，请人工核对"
        )
    receipt.state, receipt.reason_code, receipt.explanation = "MATCHED", "COLLECTION", f"代收批{collection_no}成功{len(done)}笔"
    receipt.save(update_fields=["state", "reason_code", "explanation"])
    batch.receipt = receipt


def _file(centre_id: int, collection_no: str) -> tuple[str, list[BatchLine], str]:
    with centre_scope(centre_id):
        batch = Collection.objects.select_related("bank_account").get(centre_id=centre_id, id=id_of(COLLECTION, collection_no))
        lines = CollectionLine.objects.filter(centre_id=centre_id, collection=batch).order_by("line_no")
        summary = f"{batch.summary} {collection_no}"
        return (
            batch.bank_account.account_no,
            [BatchLine(n.line_no, n.payer_account, n.payer_name, n.amount_fen, summary) for n in lines],
            summary,
        )


def _settled(batch: Collection, collection_no: str) -> CollectionSettled:
    return CollectionSettled(collection_no, batch.state, number(RECEIPT, batch.centre_id, batch.receipt_id) if batch.receipt_id else None)


_KIND = BatchKind("collection_no", COLLECTION, TO_COLLECT, "collected", Collection, begin_collecting, _file, record_collection_result)


def send_collections(*, by: Actor, centre_id: int, bank: CollectingBank, business_on: date, at: datetime, limit: int = 50) -> Talked:
    """Send the collections that are ready, each once."""
    return send_batches(_KIND, bank.batch_collect, by=by, centre_id=centre_id, business_on=business_on, at=at, limit=limit)


def poll_collections(*, by: Actor, centre_id: int, bank: CollectingBank, business_on: date) -> Talked:
    """Ask for the fate of every collection that is sent and not final."""
    return poll_batches(_KIND, bank, by=by, centre_id=centre_id, business_on=business_on)
