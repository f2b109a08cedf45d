"""提取额度: what an approved withdrawal is, down to the fen, the account and the evidence it uses up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hpf.kernel.decision import Decision
from hpf.kernel.money import Money

from .grounds import Ground, Payee


class LimitKind(StrEnum):
    """What holds an amount down. AVAILABLE is shown to the account's holder only (暂不可用 may have any cause)."""

    AVAILABLE = "AVAILABLE"
    POLICY = "POLICY"
    EXPENSE = "EXPENSE"
    HOUSEHOLD = "HOUSEHOLD"
    RESERVE = "RESERVE"


@dataclass(frozen=True, slots=True)
class Limit:
    """One upper bound of the amount, in Chinese, with its article."""

    kind: LimitKind
    label: str
    amount: Money
    law: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """One heir's part of an estate."""

    person: str
    amount: Money


@dataclass(frozen=True, slots=True)
class UsedParameter:
    """A value of the day's policy that the rule read."""

    key: str
    label: str
    value: str
    text: str
    since: date
    citation: str
    confidence: str


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact that the rule read, as text, with its source and age."""

    name: str
    label: str
    text: str
    source: str
    at: date | None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What is to be paid. `amount` is principal; with `interest_to` the interest up to the day before it is paid too.

    `limit` is the most this application could have asked for; `limits` every bound that was computed. `payee_account` and
    `payee_name` are given where the rule fixes them (a supervised account); else the applicant chooses her own card.
    `evidence` are keys for the nationwide index. `claw_back_by` is the day on which a deal not signed must be paid back.
    `steps` tell the member in Chinese what happens next.
    """

    ground: Ground
    amount: Money
    limit: Money
    limits: tuple[Limit, ...]
    payee: Payee
    closes_account: bool
    exchange_code: str
    evidence: tuple[str, ...] = ()
    interest_to: date | None = None
    payee_account: str = ""
    payee_name: str = ""
    payee_bank: str = ""
    shares: tuple[Share, ...] = ()
    claw_back_by: date | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A decision with everything needed to make it again: facts and parameters read, the book's digest, the rule's version.

    `provisional` goes with a referral when every bound could be computed: what is to be paid if a person clears the doubts.
    `to_ask` names the facts that were needed and not known.
    """

    ground: Ground
    on: date
    decision: Decision[Entitlement]
    parameters: tuple[UsedParameter, ...] = ()
    facts: tuple[UsedFact, ...] = field(default=())
    policy_digest: str = ""
    rule_version: str = ""
    provisional: Entitlement | None = None
    to_ask: tuple[str, ...] = ()
