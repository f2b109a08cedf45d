"""Give and withdraw consents, ask departments, open the door to others."""

from hpf.sharing.services.asking import AskedInsideTransaction, ask_all, exchange_of, keep_answers, put_questions
from hpf.sharing.services.consenting import ConsentGiven, ConsentWithdrawn, give_consent, withdraw_consent
from hpf.sharing.services.granting import GrantEnded, GrantMade, LookPermitted, end_grant, make_grant, permit_look

__all__ = [
    "AskedInsideTransaction",
    "ConsentGiven",
    "ConsentWithdrawn",
    "GrantEnded",
    "GrantMade",
    "LookPermitted",
    "ask_all",
    "end_grant",
    "exchange_of",
    "give_consent",
    "keep_answers",
    "make_grant",
    "permit_look",
    "put_questions",
    "withdraw_consent",
]
