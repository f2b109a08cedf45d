# ruff: noqa: RUF009 (fact() gives a dataclass field)
"""事实: what a rule may know, each piece with who said it and when; and what it may not know, with the reason.

A fact is `Known` or `Unknown`. Nothing here is looked up: services gather, rules read. The names and labels are those of
the files that `hpf decide` reads and of the questions that `sharing` asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from hpf.accounts.rules.states import MemberState
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month

from .grounds import Ground
from .saying import Say

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said(Generic[T]):
    """Another voice on the same fact: the member's own statement, or a second department."""

    value: T
    source: str


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A fact with its source. `good_until` is the last day on which the answer may be used; None for ever.

    `value` None is an answer too: asked, and there is no such thing (no ban, no death, no loan).
    `others` are further voices; when one differs from `value` the fact is in contradiction and nobody decides by it.
    """

    value: T
    source: str
    at: date
    good_until: date | None = None
    others: tuple[Said[T], ...] = ()

    @property
    def differing(self) -> tuple[Said[T], ...]:
        return tuple(said for said in self.others if said.value != self.value)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody could tell: not asked, no answer in time, refused, consent withdrawn. `reason` is Chinese, for people.

    `contradicts`: it was answered, and cannot be true beside another answer; `reason` names both sides.
    """

    source: str = ""
    reason: str = "尚未取得"
    at: date | None = None
    contradicts: bool = False


Fact = Known[T] | Unknown
NOT_ASKED = Unknown()


def fact(
    label: str, kind: type, asked_of: str = "", values: Mapping[str, str] | None = None, items: type = str, say: Say | None = None
) -> Any:
    """A field of a ground's facts: its Chinese label, the type of its value, and "DEPARTMENT.service" that can answer
    ("" where only the applicant or the centre's own books know it). `values` are the codes it may have, in Chinese;
    `items` the type of what a tuple holds; `say` how a form asks the applicant for what a department answers too."""
    return field(
        default=NOT_ASKED,
        metadata={"label": label, "kind": kind, "asked_of": asked_of, "values": dict(values or {}), "items": items, "say": say},
    )


class AccountKind(StrEnum):
    REGULAR = "REGULAR"
    FLEXIBLE = "FLEXIBLE"
    CUSTODY = "CUSTODY"


class By(StrEnum):
    """Who made an earlier withdrawal, seen from the applicant."""

    SELF = "SELF"
    SPOUSE = "SPOUSE"
    FAMILY = "FAMILY"
    OTHER = "OTHER"

    @property
    def text(self) -> str:
        return {"SELF": "本人", "SPOUSE": "配偶", "FAMILY": "家庭成员", "OTHER": "他人"}[self]


class BanKind(StrEnum):
    FRAUD_WITHDRAWAL = "FRAUD_WITHDRAWAL"
    FRAUD_LOAN = "FRAUD_LOAN"
    FRAUD_ELSEWHERE = "FRAUD_ELSEWHERE"

    @property
    def text(self) -> str:
        return {"FRAUD_WITHDRAWAL": "骗提", "FRAUD_LOAN": "骗贷", "FRAUD_ELSEWHERE": "其他中心认定的骗提骗贷"}[self]


@dataclass(frozen=True, slots=True)
class Prior:
    """An earlier withdrawal that counts: the applicant's, the household's, or anybody's that used the same evidence.

    `evidence` are keys as in `Entitlement.evidence`; `on` is the day it was completed; `centre` where it was paid;
    `is_agreed` says that it was an instalment of a standing agreement (约定提取).
    """

    ground: Ground
    evidence: tuple[str, ...]
    on: date
    amount: Money
    by: By = By.SELF
    centre: int = 0
    is_agreed: bool = False


@dataclass(frozen=True, slots=True)
class Ban:
    """限制提取: days `[since, until)`; by the decision `decision_no`, wherever in the country it was made.

    FRAUD_ELSEWHERE came with an account from another city, on the letter `decision_no`; `until` is `date.max` as long as that
    centre has not said when it ends.
    """

    kind: BanKind
    decision_no: str
    since: date
    until: date

    @property
    def is_open(self) -> bool:
        """Nobody has said yet when it ends."""
        return self.until == date.max

    @property
    def text(self) -> str:
        """Why and how long, for people."""
        if self.is_open:
            return f"转入账户带有{self.kind.text}记录（联系函{self.decision_no}），{self.since}起不得提取，期限尚未查明"
        paper = "联系函" if self.kind is BanKind.FRAUD_ELSEWHERE else "决定书"
        return f"因{self.kind.text}（{paper}{self.decision_no}），{self.since}至{self.until - timedelta(days=1)}不得提取"


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the centre's own books know of the account and its holder on the day.

    `person` is an opaque reference; `available` is what may leave the account today, for whatever cause the rest may not:
    a rule never learns the cause. `months_continuous` are the full months paid without a gap up to now.
    `own_loan_unpaid` is the principal left of the fund's loan to this person, `own_loan_instalment` its monthly due.
    """

    person: str
    centre: int
    balance: Money
    available: Money
    account_state: MemberState = MemberState.NORMAL
    account_kind: AccountKind = AccountKind.REGULAR
    district: str | None = None
    months_continuous: int = 0
    month_amount: Money = ZERO
    sealed_on: date | None = None
    born_on: date | None = None
    sex_kind: str = ""
    employer_proof: bool = False
    own_loan_unpaid: Money = ZERO
    own_loan_instalment: Money = ZERO
    guarantees_unpaid: Money = ZERO
    died_on: date | None = None
    bans: tuple[Ban, ...] = ()
    priors: tuple[Prior, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What every ground needs to know beside its own facts."""

    fraud_banned_until: Fact[date | None] = fact("其他中心骗提骗贷限制截止日", date, "NATIONAL.fraud")


@dataclass(frozen=True, slots=True)
class FactSheet:
    """One fact as a form, a question or a schema shows it."""

    name: str
    label: str
    kind: type
    asked_of: str
    values: Mapping[str, str]
    items: type
    say: Say | None = None

    def text(self, value: object) -> str:
        """A value of this fact for people: a code by its Chinese name."""
        return self.values.get(value, value) if isinstance(value, str) else value_text(value)


_SHEETS: dict[type[Facts], tuple[FactSheet, ...]] = {}


def sheets(kind: type[Facts]) -> tuple[FactSheet, ...]:
    """The facts of a ground in their order."""
    if kind not in _SHEETS:
        _SHEETS[kind] = tuple(_sheet(each) for each in fields(kind) if "label" in each.metadata)
    return _SHEETS[kind]


def _sheet(each: Field[Any]) -> FactSheet:
    assert each.default is not MISSING
    return FactSheet(each.name, **each.metadata)


def value_text(value: object) -> str:
    """A value for people: money in yuan, yes and no, a list with 、."""
    match value:
        case None:
            return "无"
        case bool():
            return "是" if value else "否"
        case Money():
            return value.text + "元"
        case Month():
            return value.text
        case tuple():
            return "、".join(value_text(each) for each in value) or "无"
    return str(value)
