"""提取的动作: apply, gather facts, decide, review, pay, settle."""

from hpf.withdrawals.services.applying import CONSENT_DAYS, Applied, Payment, apply, withdraw_application
from hpf.withdrawals.services.deciding import decide_application
from hpf.withdrawals.services.dying import DeathNoted, note_death
from hpf.withdrawals.services.gathering import Gathered, gather_facts
from hpf.withdrawals.services.paying import change_payee, pay
from hpf.withdrawals.services.proceeding import pay_once_more, proceed
from hpf.withdrawals.services.recording import Moved
from hpf.withdrawals.services.reviewing import pass_review, return_review, review
from hpf.withdrawals.services.settling import settle_withdrawal, settle_withdrawals

__all__ = [
    "CONSENT_DAYS",
    "Applied",
    "DeathNoted",
    "Gathered",
    "Moved",
    "Payment",
    "apply",
    "change_payee",
    "decide_application",
    "gather_facts",
    "note_death",
    "pass_review",
    "pay",
    "pay_once_more",
    "proceed",
    "return_review",
    "review",
    "settle_withdrawal",
    "settle_withdrawals",
    "withdraw_application",
]
