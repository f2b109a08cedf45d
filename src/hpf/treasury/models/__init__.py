"""资金的表."""

from hpf.treasury.models.bank import BankAccount, BankMessage, CashEntry, StatementDay, StatementLine
from hpf.treasury.models.collections import Collection, CollectionLine
from hpf.treasury.models.payments import Payment, PaymentBatch
from hpf.treasury.models.receipts import Expectation, Receipt
from hpf.treasury.models.reconciliation import Difference, Reconciliation

__all__ = [
    "BankAccount",
    "BankMessage",
    "CashEntry",
    "Collection",
    "CollectionLine",
    "Difference",
    "Expectation",
    "Payment",
    "PaymentBatch",
    "Receipt",
    "Reconciliation",
    "StatementDay",
    "StatementLine",
]
