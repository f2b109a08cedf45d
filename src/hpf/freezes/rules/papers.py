"""文书与答复: what a paper says, and what we say back. Both are sealed before they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hpf.freezes.rules.orders import Action, Officer, Payee, Result
from hpf.kernel.decision import Reason
from hpf.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Paper:
    """One order as it was received. `amount` None with `whole` is the account with what comes later.

    `freeze_no` names the freeze that a renewal, a release or a deduction is about; `situation` is the ground of a deduction.
    """

    action: Action
    court_name: str
    case_no: str
    person_name: str
    id_kind: str
    id_number: str
    ruling_no: str = ""
    notice_no: str = ""
    account_no: str = ""
    amount: Money | None = None
    whole: bool = False
    ends_on: date | None = None
    freeze_no: str = ""
    situation: str = ""
    payee: Payee | None = None
    officers: tuple[Officer, ...] = ()
    contact: str = ""


@dataclass(frozen=True, slots=True)
class AccountFact:
    """What a query is told of one account."""

    account_no: str
    state_label: str
    opened_on: date
    balance: Money
    available: Money
    kept: Money
    freezes: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a paper. `kept` is what the freeze keeps at this moment, `waiting` what it still waits for (None: no end)."""

    result: Result
    reasons: tuple[Reason, ...] = ()
    account_no: str = ""
    freeze_no: str = ""
    ordered: Money | None = None
    whole: bool = False
    kept: Money = ZERO
    starts_on: date | None = None
    ends_on: date | None = None
    deduction_no: str = ""
    deducted: Money = ZERO
    accounts: tuple[AccountFact, ...] = ()

    @property
    def waiting(self) -> Money | None:
        return None if self.ordered is None else self.ordered - self.kept


def failed(reasons: Sequence[Reason]) -> Answer:
    return Answer(Result.FAILED, tuple(reasons))
