"""资金的动作: accounts, receipts, payments, collections, talk with the bank, reconciliation."""

from hpf.treasury.services.accounts import BankAccountOpened, open_bank_account
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

__all__ = [
    "BankAccountOpened",
    "ExpectationConflict",
    "Matched",
    "ReceiptUse",
    "Recorded",
    "assign_receipt",
    "cancel_expectation",
    "expect_receipt",
    "match_receipts",
    "open_bank_account",
    "record_movements",
    "use_receipt",
]
