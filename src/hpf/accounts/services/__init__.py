"""Verbs of accounts: open, change, seal, transfer, keep in custody, merge, close; and the steps other businesses call."""

from hpf.accounts.services.bases import AdjustedBases, ChangedBase, DeclaredBase, adjust_bases, change_base
from hpf.accounts.services.closing_interest import ClosingInterest, pay_closing_interest, take_back_closing_interest
from hpf.accounts.services.closings import close, end_account
from hpf.accounts.services.duplicates import admit_duplicate
from hpf.accounts.services.employers import (
    ChangedEmployerAccount,
    OpenedEmployerAccount,
    PaidThroughGap,
    advance_paid_through,
    change_rates,
    close_employer_account,
    open_employer_account,
    seal_employer_account,
    set_deferred,
    unseal_employer_account,
    withdraw_paid_through,
)
from hpf.accounts.services.events import Occasion, record_events
from hpf.accounts.services.mergers import Merged, merge
from hpf.accounts.services.openings import (
    NewMember,
    OpenedMember,
    OpenedMembers,
    open_member_account,
    open_member_accounts,
)
from hpf.accounts.services.paid_through import advance_many_paid_through
from hpf.accounts.services.seals import MovedMember, seal, unseal
from hpf.accounts.services.terms import change_flexible_terms
from hpf.accounts.services.transfers import CustodyLine, TakenIntoCustody, into_custody, transfer_inside

__all__ = [
    "AdjustedBases",
    "ChangedBase",
    "ChangedEmployerAccount",
    "ClosingInterest",
    "CustodyLine",
    "DeclaredBase",
    "Merged",
    "MovedMember",
    "NewMember",
    "Occasion",
    "OpenedEmployerAccount",
    "OpenedMember",
    "OpenedMembers",
    "PaidThroughGap",
    "TakenIntoCustody",
    "adjust_bases",
    "admit_duplicate",
    "advance_many_paid_through",
    "advance_paid_through",
    "change_base",
    "change_flexible_terms",
    "change_rates",
    "close",
    "close_employer_account",
    "end_account",
    "into_custody",
    "merge",
    "open_employer_account",
    "open_member_account",
    "open_member_accounts",
    "pay_closing_interest",
    "record_events",
    "seal",
    "seal_employer_account",
    "set_deferred",
    "take_back_closing_interest",
    "transfer_inside",
    "unseal",
    "unseal_employer_account",
    "withdraw_paid_through",
]
