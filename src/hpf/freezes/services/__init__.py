"""Papers of courts: received, served, answered; terms that end; money on its way to a court."""

from hpf.freezes.services.answering import (
    TO_SEND,
    CourtPlatform,
    DeductionSettled,
    correct_payee,
    repay,
    send_answer,
    settle_deduction,
    settle_deductions,
)
from hpf.freezes.services.expiring import Expired, expire_due, expire_freeze
from hpf.freezes.services.receiving import NewDocument, Served, enter_order, pass_order, return_order, serve_message

__all__ = [
    "TO_SEND",
    "CourtPlatform",
    "DeductionSettled",
    "Expired",
    "NewDocument",
    "Served",
    "correct_payee",
    "enter_order",
    "expire_due",
    "expire_freeze",
    "pass_order",
    "repay",
    "return_order",
    "send_answer",
    "serve_message",
    "settle_deduction",
    "settle_deductions",
]
