"""资金的动作: accounts, receipts, payments, collections, talk with the bank, reconciliation."""

from hpf.treasury.services.accounts import BankAccountOpened, open_bank_account
from hpf.treasury.services.batches import (
    TO_SEND_BATCH,
    BatchOrdered,
    BatchSettled,
    ToPay,
    begin_sending_batch,
    order_payments,
    poll_payment_batches,
    record_batch_result,
    send_payment_batches,
    take_payment_nos,
)
from hpf.treasury.services.collections import (
    TO_COLLECT,
    CollectionSettled,
    LineToCollect,
    begin_collecting,
    order_collection,
    poll_collections,
    record_collection_result,
    send_collections,
)
from hpf.treasury.services.deposits import Booked, move_between, record_fee
from hpf.treasury.services.matching import (
    ExpectationConflict,
    Matched,
    ReceiptUse,
    assign_receipt,
    cancel_expectation,
    expect_receipt,
    match_receipts,
    names_another,
    use_receipt,
)
from hpf.treasury.services.movements import Recorded, record_movements
from hpf.treasury.services.payments import (
    TO_SEND,
    MoneyNotSetAside,
    PaymentOrdered,
    PaymentSettled,
    SendingBegun,
    Talked,
    begin_sending,
    order_payment,
    poll_payments,
    record_payment_result,
    refund_receipt,
    send_payments,
)
from hpf.treasury.services.reconciliation import AccountReconciled, Reconciled, reconcile
from hpf.treasury.services.talking import NoticeAnswer, Polled, poll, receive_notice
from hpf.treasury.services.using import unspend, use_receipts

TO_BANK = frozenset({TO_SEND, TO_SEND_BATCH, TO_COLLECT})
"""Kinds of messages that a talk with the bank sends; nobody else handles them."""

__all__ = [
    "TO_BANK",
    "AccountReconciled",
    "BankAccountOpened",
    "BatchOrdered",
    "BatchSettled",
    "Booked",
    "CollectionSettled",
    "ExpectationConflict",
    "LineToCollect",
    "Matched",
    "MoneyNotSetAside",
    "NoticeAnswer",
    "PaymentOrdered",
    "PaymentSettled",
    "Polled",
    "ReceiptUse",
    "Reconciled",
    "Recorded",
    "SendingBegun",
    "Talked",
    "ToPay",
    "assign_receipt",
    "begin_collecting",
    "begin_sending",
    "begin_sending_batch",
    "cancel_expectation",
    "expect_receipt",
    "match_receipts",
    "move_between",
    "names_another",
    "open_bank_account",
    "order_collection",
    "order_payment",
    "order_payments",
    "poll",
    "poll_collections",
    "poll_payment_batches",
    "poll_payments",
    "receive_notice",
    "reconcile",
    "record_batch_result",
    "record_collection_result",
    "record_fee",
    "record_movements",
    "record_payment_result",
    "refund_receipt",
    "send_collections",
    "send_payment_batches",
    "send_payments",
    "take_payment_nos",
    "unspend",
    "use_receipt",
    "use_receipts",
]
