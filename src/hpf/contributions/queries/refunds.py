"""退款查询."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from hpf.contributions.models import Refund, RefundLine
from hpf.contributions.rules.states import RefundKind, RefundState
from hpf.kernel.money import Money
from hpf.kernel.period import Month


@dataclass(frozen=True, slots=True)
class RefundView:
    refund_no: str
    kind: RefundKind
    state: RefundState
    employer_account_id: int
    employer_account_no: str
    total: Money
    reason: str
    evidence_id: int | None
    payee_name: str
    payee_account: str
    payee_bank: str
    applied_on: date
    maker: str
    checker: str
    opinion: str
    journal_id: int | None
    payment_no: str
    outcome: str


@dataclass(frozen=True, slots=True)
class RefundLineView:
    account_no: str
    month: Month
    employer: Money
    member: Money


def refund(centre_id: int, refund_no: str) -> RefundView | None:
    row = Refund.objects.filter(centre_id=centre_id, refund_no=refund_no).first()
    return _view(row) if row else None


def refunds(
    centre_id: int,
    *,
    employer_account_id: int | None = None,
    state: RefundState | str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[RefundView]:
    """Newest first."""
    rows = Refund.objects.filter(centre_id=centre_id)
    if employer_account_id is not None:
        rows = rows.filter(employer_account_id=employer_account_id)
    if state is not None:
        rows = rows.filter(state=str(state))
    return [_view(row) for row in rows.order_by("-id")[offset : offset + limit]]


def open_refunds(centre_id: int, employer_account_id: int) -> tuple[str, ...]:
    """Refunds of a unit whose money is not at its end: asked for, being paid, or come back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT refund_no FROM contributions_refund WHERE centre_id = %s AND employer_account_id = %s"
            " AND state IN ('APPLIED', 'ORDERED', 'FAILED') ORDER BY id",
            [centre_id, employer_account_id],
        )
        return tuple(number for (number,) in cursor.fetchall())


def refund_lines(centre_id: int, refund_no: str) -> list[RefundLineView]:
    rows = RefundLine.objects.filter(centre_id=centre_id, refund__refund_no=refund_no).order_by("id")
    return [RefundLineView(row.account_no, row.month, row.employer_fen, row.member_fen) for row in rows]


def _view(row: Refund) -> RefundView:
    return RefundView(
        row.refund_no, RefundKind(row.kind), RefundState(row.state), row.employer_account_id, row.employer_account_no, row.total_fen,
        row.reason, row.evidence_id, row.payee_name, row.payee_account, row.payee_bank, row.applied_on, row.maker, row.checker,
        row.opinion, row.journal_id, row.payment_no, row.outcome,
    )  # fmt: skip
