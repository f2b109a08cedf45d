"""首付款追回: paid down payments whose deal is not final, and what was demanded back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from hpf.db.paging import page_of
from hpf.kernel.money import ZERO, Money
from hpf.withdrawals import models
from hpf.withdrawals.rules import Ground
from hpf.withdrawals.rules.states import ClaimState, State


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One demand, with what its letter says."""

    claim_no: str
    application_no: str
    amount: Money
    state: ClaimState
    reason: str
    law: tuple[str, ...]
    demanded_on: date
    due_on: date
    demanded_by_name: str
    returned_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class DealView:
    """One paid down payment. `sign_by` None: the deal is final or the money is back."""

    application_no: str
    person_id: int
    account_no: str
    amount: Money
    payee_name: str
    paid_on: date | None
    sign_by: date | None
    deal_state: str
    checked_on: date | None
    claim: ClaimView | None


OPEN, OVERDUE, ALL = "OPEN", "OVERDUE", ""


def deals(centre_id: int, on: date, which: str = OPEN, *, limit: int = 50, offset: int = 0) -> tuple[list[DealView], int]:
    """Down payments that may have to come back, the earliest day first: OPEN not final, OVERDUE past their day, "" all ever claimed too."""
    rows = models.Application.objects.filter(centre_id=centre_id, ground=Ground.DOWN_PAYMENT)
    waiting = Q(state=State.PAID, claw_back_by__isnull=False)
    if which == OVERDUE:
        waiting &= Q(claw_back_by__lt=on)
    claimed = models.Claim.objects.filter(centre_id=centre_id).values("application_id")
    rows = rows.filter(waiting | Q(id__in=claimed) if which == ALL else waiting)
    shown, total = page_of(rows.order_by("claw_back_by", "id"), limit, offset)
    claims = _latest(centre_id, [row.id for row in shown])
    found = [
        DealView(
            row.application_no, row.person_id, row.account_no, row.granted_fen or ZERO, row.payee_name, row.paid_on, row.claw_back_by, row.deal_state,
            row.deal_checked_on, claims.get(row.id),
        )
        for row in shown
    ]  # fmt: skip
    return found, total


def deal(centre_id: int, application_no: str) -> DealView | None:
    """One paid down payment; None for anything else."""
    row = models.Application.objects.filter(centre_id=centre_id, application_no=application_no, ground=Ground.DOWN_PAYMENT).first()
    if row is None or row.state not in (State.PAID, State.CLAWED_BACK):
        return None
    return DealView(
        row.application_no, row.person_id, row.account_no, row.granted_fen or ZERO, row.payee_name, row.paid_on, row.claw_back_by, row.deal_state,
        row.deal_checked_on, _latest(centre_id, [row.id]).get(row.id),
    )  # fmt: skip


def claim(centre_id: int, claim_no: str) -> ClaimView | None:
    row = models.Claim.objects.select_related("application").filter(centre_id=centre_id, claim_no=claim_no).first()
    return _view(row) if row else None


def _latest(centre_id: int, application_ids: list[int]) -> dict[int, ClaimView]:
    rows = models.Claim.objects.select_related("application").filter(centre_id=centre_id, application_id__in=application_ids)
    return {row.application_id: _view(row) for row in rows.order_by("id")}


def _view(row: models.Claim) -> ClaimView:
    return ClaimView(
        row.claim_no, row.application.application_no, row.amount_fen, ClaimState(row.state), row.reason, tuple(row.law.split("、")), row.demanded_on,
        row.due_on, row.demanded_by_name, row.returned_on, row.ended_note,
    )  # fmt: skip
