"""What is known of withdrawals: cases, decisions, what a person may withdraw, what a decision gives when made again."""

from hpf.withdrawals.queries.agreements import (
    AgreementView,
    InstalmentView,
    agreement,
    agreements_of_person,
    agreements_page,
    instalment_of,
    instalments,
)
from hpf.withdrawals.queries.books import bans
from hpf.withdrawals.queries.cases import (
    ApplicationLine,
    ApplicationView,
    DecisionView,
    EventView,
    application,
    applications_of_person,
    decisions,
    events,
    waiting,
    work_list,
)
from hpf.withdrawals.queries.claims import ClaimView, DealView, claim, deal, deals
from hpf.withdrawals.queries.estates import HeirView, heirs, people_of
from hpf.withdrawals.queries.menu import what_may_be_withdrawn
from hpf.withdrawals.queries.payouts import Payout, payouts, waiting_payouts
from hpf.withdrawals.queries.replaying import Replayed, decision_ids, replay

__all__ = [
    "AgreementView",
    "ApplicationLine",
    "ApplicationView",
    "ClaimView",
    "DealView",
    "DecisionView",
    "EventView",
    "HeirView",
    "InstalmentView",
    "Payout",
    "Replayed",
    "agreement",
    "agreements_of_person",
    "agreements_page",
    "application",
    "applications_of_person",
    "bans",
    "claim",
    "deal",
    "deals",
    "decision_ids",
    "decisions",
    "events",
    "heirs",
    "instalment_of",
    "instalments",
    "payouts",
    "people_of",
    "replay",
    "waiting",
    "waiting_payouts",
    "what_may_be_withdrawn",
    "work_list",
]
