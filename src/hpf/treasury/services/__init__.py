"""资金的动作: accounts, receipts, payments, collections, talk with the bank, reconciliation."""

from hpf.treasury.services.accounts import BankAccountOpened, open_bank_account
from hpf.treasury.services.collections import (
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
    use_receipt,
)
from hpf.treasury.services.movements import Recorded, record_movements
from hpf.treasury.services.payments import (
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

__all__ = [
    "AccountReconciled",
    "BankAccountOpened",
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
    "assign_receipt",
    "begin_collecting",
    "begin_sending",
    "cancel_expectation",
    "expect_receipt",
    "match_receipts",
    "move_between",
    "open_bank_account",
    "order_collection",
    "order_payment",
    "poll",
    "poll_collections",
    "poll_payments",
    "receive_notice",
    "reconcile",
    "record_collection_result",
    "record_fee",
    "record_movements",
    "record_payment_result",
    "refund_receipt",
    "send_collections",
    "send_payments",
    "unspend",
    "use_receipt",
    "use_receipts",
]
