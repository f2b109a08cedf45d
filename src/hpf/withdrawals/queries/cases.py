"""提取申请: one with its decisions and events, a person's, and the work list with its legal clock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from hpf.db.paging import page_of
from hpf.kernel.codec import from_plain
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.withdrawals import models
from hpf.withdrawals.rules import Entitlement, Ground, UsedFact
from hpf.withdrawals.rules.states import DecisionKind, State


@dataclass(frozen=True, slots=True)
class ApplicationView:
    application_no: str
    ground: Ground
    state: State
    person_id: int
    account_no: str
    member_account_id: int
    asked: Money | None
    granted: Money | None
    interest: Money | None
    closes: bool
    payee_name: str
    payee_tail: str
    consent_no: str
    channel: str
    accepted_on: date
    accepted_at: datetime
    due_on: date
    decided_at: datetime | None
    decided_by_name: str
    reviewer: str
    reviewer_name: str
    review_outcome: str
    review_amount: Money | None
    review_reason: str
    payment_no: str
    paid_on: date | None
    outcome: str
    flagged: str
    said: dict[str, Any]

    @property
    def paid_out(self) -> Money:
        """Principal and closing interest."""
        return (self.granted or ZERO) + (self.interest or ZERO)

    @property
    def can_be_taken_back(self) -> bool:
        return self.state.before_settlement

    def days_left(self, on: date) -> int:
        return (self.due_on - on).days


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision, with the facts it rested on as people read them."""

    decision_id: int
    application_no: str
    kind: DecisionKind
    outcome: str
    amount: Money | None
    rule_outcome: str
    rule_amount: Money | None
    reasons: tuple[Reason, ...]
    entitlement: Entitlement | None
    facts: tuple[UsedFact, ...]
    parameters: tuple[dict[str, Any], ...]
    decided_on: date
    decided_at: datetime
    decided_by_name: str
    reviewer_name: str
    policy_digest: str
    rule_version: str

    @property
    def rule_mark(self) -> str:
        """The rule's version without the ground's name, as pages show it."""
        return self.rule_version.partition("-")[2][:12]


@dataclass(frozen=True, slots=True)
class EventView:
    state: State
    at: datetime
    by_name: str
    note: str


def application(centre_id: int, application_no: str) -> ApplicationView | None:
    row = models.Application.objects.filter(centre_id=centre_id, application_no=application_no).first()
    return _view(row) if row else None


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """One application in a list: nothing that would have to be deciphered."""

    application_no: str
    ground: Ground
    state: State
    granted: Money | None
    interest: Money | None
    accepted_on: date

    @property
    def paid_out(self) -> Money:
        """Principal and closing interest."""
        return (self.granted or ZERO) + (self.interest or ZERO)


def applications_of_person(centre_id: int, person_id: int, *, limit: int = 50) -> list[ApplicationLine]:
    """Newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_no, ground, state, granted_fen, interest_fen, accepted_on FROM withdrawals_application"
            f" WHERE centre_id = %s AND person_id = %s ORDER BY id DESC LIMIT {int(limit)}",
            [centre_id, person_id],
        )
        return [
            ApplicationLine(number, Ground(ground), State(state), _money(granted), _money(interest), on)
            for number, ground, state, granted, interest, on in cursor.fetchall()
        ]


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)


def work_list(
    centre_id: int, states: Sequence[State], *, ground: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[ApplicationView], int]:
    """Cases in these states, the nearest legal deadline first, and how many there are."""
    rows = models.Application.objects.filter(centre_id=centre_id, state__in=states)
    if ground:
        rows = rows.filter(ground=ground)
    shown, total = page_of(rows.order_by("due_on", "id"), limit, offset)
    return [_view(row) for row in shown], total


def waiting(centre_id: int, on: date) -> tuple[int, int]:
    """How many cases wait for a person, and how many of them are over their time."""
    counts = models.Application.objects.filter(centre_id=centre_id, state__in=[State.REFERRED, State.REVIEWED]).aggregate(
        every=Count("id"), late=Count("id", filter=Q(due_on__lt=on))
    )
    return counts["every"], counts["late"]


def decisions(centre_id: int, application_no: str) -> list[DecisionView]:
    """Every decision of an application, the latest first."""
    rows = models.Decision.objects.filter(centre_id=centre_id, application__application_no=application_no).order_by("-id")
    return [_decision(row, application_no) for row in rows]


def events(centre_id: int, application_no: str) -> list[EventView]:
    rows = models.Event.objects.filter(centre_id=centre_id, application__application_no=application_no).order_by("id")
    return [EventView(State(row.state), row.happened_at, row.by_name, row.note) for row in rows]


def _view(row: models.Application) -> ApplicationView:
    return ApplicationView(
        row.application_no, Ground(row.ground), State(row.state), row.person_id, row.account_no, row.member_account_id, row.asked_fen, row.granted_fen,
        row.interest_fen, row.closes, row.payee_name, row.payee_account[-4:], row.consent_no, row.channel, row.accepted_on, row.accepted_at, row.due_on,
        row.decided_at, row.decided_by_name, row.reviewer, row.reviewer_name, row.review_outcome, row.review_fen, row.review_reason or "",
        row.payment_no, row.paid_on, row.outcome, row.flagged, json.loads(row.said),
    )  # fmt: skip


def _decision(row: models.Decision, application_no: str) -> DecisionView:
    words = json.loads(row.words)
    final: Decision[Entitlement] = from_plain(Decision[Entitlement], words["decision"])
    return DecisionView(
        row.id, application_no, DecisionKind(row.kind), row.outcome, row.amount_fen, row.rule_outcome, row.rule_amount_fen, final.reasons, final.value,
        from_plain(tuple[UsedFact, ...], words["facts"]), tuple(row.parameters), row.decided_on, row.decided_at, row.decided_by_name,
        row.reviewer_name, row.policy_digest, row.rule_version,
    )  # fmt: skip
