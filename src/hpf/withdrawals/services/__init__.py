"""提取的动作: apply, gather facts, decide, review, pay, settle."""

from hpf.withdrawals.services.applying import CONSENT_DAYS, Applied, Payment, apply, consent_days, withdraw_application
from hpf.withdrawals.services.banning import Banned, ban_person, lift_ban
from hpf.withdrawals.services.claiming import (
    Demanded,
    book_return,
    book_returns,
    check_deal,
    check_deals,
    demand_back,
    note_refusal,
    record_deal,
)
from hpf.withdrawals.services.deciding import decide_application
from hpf.withdrawals.services.dying import DeathNoted, note_death
from hpf.withdrawals.services.gathering import Gathered, gather_facts
from hpf.withdrawals.services.inheriting import HeirGiven, apply_for_estate, correct_heir, pass_heir
from hpf.withdrawals.services.paying import change_payee, pay
from hpf.withdrawals.services.proceeding import go_on, pay_once_more, proceed
from hpf.withdrawals.services.recording import Moved
from hpf.withdrawals.services.reviewing import pass_review, return_review, review
from hpf.withdrawals.services.running import Run, run_agreements
from hpf.withdrawals.services.settling import settle_withdrawal, settle_withdrawals
from hpf.withdrawals.services.sharing_out import pay_heirs, settle_heir
from hpf.withdrawals.services.signing import Signed, end_agreement, sign_agreement, take_up

__all__ = [
    "CONSENT_DAYS",
    "Applied",
    "Banned",
    "DeathNoted",
    "Demanded",
    "Gathered",
    "HeirGiven",
    "Moved",
    "Payment",
    "Run",
    "Signed",
    "apply",
    "apply_for_estate",
    "ban_person",
    "book_return",
    "book_returns",
    "change_payee",
    "check_deal",
    "check_deals",
    "consent_days",
    "correct_heir",
    "decide_application",
    "demand_back",
    "end_agreement",
    "gather_facts",
    "go_on",
    "lift_ban",
    "note_death",
    "note_refusal",
    "pass_heir",
    "pass_review",
    "pay",
    "pay_heirs",
    "pay_once_more",
    "proceed",
    "record_deal",
    "return_review",
    "review",
    "run_agreements",
    "settle_heir",
    "settle_withdrawal",
    "settle_withdrawals",
    "sign_agreement",
    "take_up",
    "withdraw_application",
]
