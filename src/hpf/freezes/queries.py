"""What the court desk and a court's platform may read. Nobody else asks here (ADR 0013)."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hpf.db.paging import page_of
from hpf.freezes.models import CourtOrder, Deduction, Document, Freeze, FreezeEvent
from hpf.freezes.rules.orders import Action, DocumentKind, FreezeState, OrderState, Payee, Result
from hpf.freezes.rules.papers import Answer, Paper
from hpf.kernel.codec import from_plain, to_plain
from hpf.kernel.money import ZERO, Money
from hpf.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A paper in the desk's list."""

    order_no: str
    channel: str
    action: Action
    court_name: str
    case_no: str
    person_name: str
    state: OrderState
    result: Result
    received_at: datetime
    due_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    document_id: int
    kind: DocumentKind
    filename: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DeductionView:
    """Money on its way to a court, with the account it goes to."""

    deduction_no: str
    order_no: str
    amount: Money
    state: str
    payment_no: str
    outcome: str
    payee: Payee
    settled_on: date | None
    maker: str
    checker: str | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """One paper, opened: what it says, what it brought, what it came to."""

    order_no: str
    channel: str
    client_no: str
    request_no: str
    action: Action
    state: OrderState
    result: Result
    paper: Paper
    answer: Answer | None
    documents: tuple[DocumentView, ...]
    deduction: DeductionView | None
    received_on: date
    received_at: datetime
    due_at: datetime
    answered_at: datetime | None
    maker: str
    checker: str | None
    opinion: str


@dataclass(frozen=True, slots=True)
class FreezeView:
    """A freeze as it stands at this moment. `place` counts from 1 in the account's queue, None once it is over."""

    freeze_no: str
    order_no: str
    court_name: str
    case_no: str
    account_no: str
    ordered: Money | None
    kept: Money
    place: int | None
    starts_on: date
    ends_on: date
    state: FreezeState
    ended_on: date | None

    @property
    def effect(self) -> str:
        """全部生效, 部分生效, 轮候, or how it ended."""
        if self.state is not FreezeState.IN_FORCE:
            return self.state.label
        if self.kept == ZERO:
            return "轮候"
        return "生效" if self.ordered is None or self.kept == self.ordered else "部分生效，其余轮候"


@dataclass(frozen=True, slots=True)
class EventView:
    freeze_no: str
    kind: str
    order_no: str
    amount: Money | None
    kept: Money | None
    ends_on: date | None
    on: date
    at: datetime
    by: str

    @property
    def label(self) -> str:
        return {
            "PLACED": "冻结", "RENEWED": "续冻", "LOWERED": "部分解除", "RELEASED": "解除", "EXPIRED": "期满失效", "DEDUCTED": "扣划",
        }[self.kind]  # fmt: skip


def orders(centre_id: int, state: str = "", *, limit: int = 50, offset: int = 0) -> tuple[list[OrderLine], int]:
    """Papers of the centre, newest first, and how many there are."""
    rows = CourtOrder.objects.filter(centre_id=centre_id).order_by("-id")
    rows = rows.filter(state=state) if state else rows
    shown, total = page_of(rows, limit, offset)
    return [_line(row) for row in shown], total


def late(centre_id: int, at: datetime) -> int:
    """Papers not answered within their time."""
    return CourtOrder.objects.filter(centre_id=centre_id, state=OrderState.ENTERED, due_at__lt=at).count()


def order(centre_id: int, order_no: str) -> OrderView | None:
    """One paper with everything in it. None when the centre has none of this number."""
    row = CourtOrder.objects.filter(centre_id=centre_id, order_no=order_no).first()
    if row is None:
        return None
    documents = Document.objects.filter(centre_id=centre_id, order=row).order_by("id").defer("content")
    deduction = Deduction.objects.filter(centre_id=centre_id, order=row).select_related("order").first()
    return OrderView(
        row.order_no, row.channel, row.client_no, row.request_no, Action(row.action), OrderState(row.state), Result(row.result), _paper(row),
        from_plain(Answer, json.loads(row.answer)) if row.answer else None,
        tuple(DocumentView(d.id, DocumentKind(d.kind), d.filename, d.size_bytes, d.sha256) for d in documents),
        _deduction(deduction) if deduction else None, row.received_on, row.received_at, row.due_at, row.answered_at, row.maker, row.checker,
        row.opinion,
    )  # fmt: skip


def order_of_request(centre_id: int, client_no: str, request_no: str) -> OrderView | None:
    """The paper that a court's platform sent under its own number."""
    found = CourtOrder.objects.filter(centre_id=centre_id, client_no=client_no, request_no=request_no).values_list("order_no", flat=True)
    return order(centre_id, found[0]) if found else None


def document(centre_id: int, order_no: str, document_id: int) -> tuple[str, bytes] | None:
    """(filename, content) of an attachment of this paper."""
    row = Document.objects.filter(centre_id=centre_id, order__order_no=order_no, id=document_id).first()
    return (row.filename, base64.b64decode(row.content)) if row else None


def queue_of(centre_id: int, account_no: str) -> list[FreezeView]:
    """Every freeze ever placed on an account, in the order of arrival, with what those in force keep now."""
    return _views(list(
        Freeze.objects.filter(centre_id=centre_id, account_no=account_no).select_related("order").order_by("ledger_freeze_id")
    ))  # fmt: skip


def freeze(centre_id: int, freeze_no: str) -> FreezeView | None:
    """One freeze, with its place in its account's queue."""
    row = Freeze.objects.filter(centre_id=centre_id, freeze_no=freeze_no).first()
    return next((view for view in queue_of(centre_id, row.account_no) if view.freeze_no == freeze_no), None) if row else None


def ending(centre_id: int, until: date, limit: int = 200) -> list[FreezeView]:
    """Freezes in force whose last day is not after `until`, soonest first: what the desk tells courts about."""
    rows = Freeze.objects.filter(centre_id=centre_id, state=FreezeState.IN_FORCE, ends_on__lte=until).select_related("order")
    return _views(list(rows.order_by("ends_on", "id")[:limit]))


def events(centre_id: int, freeze_nos: Sequence[str]) -> list[EventView]:
    """What happened to these freezes, in order."""
    rows = FreezeEvent.objects.filter(centre_id=centre_id, freeze__freeze_no__in=list(freeze_nos)).select_related("freeze", "order")
    return [
        EventView(
            r.freeze.freeze_no, r.kind, r.order.order_no if r.order else "", r.amount_fen, r.kept_fen, r.ends_on, r.on, r.at, r.by
        )
        for r in rows.order_by("id")
    ]  # fmt: skip


def terms_ended(centre_id: int, on: date) -> list[str]:
    """Numbers of freezes in force whose last day lies before `on`, in the order of time."""
    rows = Freeze.objects.filter(centre_id=centre_id, state=FreezeState.IN_FORCE, ends_on__lt=on)
    return list(rows.order_by("ends_on", "ledger_freeze_id").values_list("freeze_no", flat=True))


def deductions_open(centre_id: int) -> list[DeductionView]:
    """Money set aside for courts that has not arrived there."""
    rows = Deduction.objects.filter(centre_id=centre_id).exclude(state="DONE").select_related("order").order_by("id")
    return [_deduction(row) for row in rows]


def message_of(view: OrderView) -> dict[str, Any]:
    """The answer message to the court's platform: plain data, amounts in fen."""
    answer, done = view.answer, view.deduction
    said: dict[str, Any] = {
        "request_no": view.request_no, "order_no": view.order_no, "action": view.action.code, "result": view.result.value,
        "result_label": view.result.label, "answered_at": view.answered_at.isoformat() if view.answered_at else None,
    }  # fmt: skip
    if answer is not None:
        said |= {"reasons": [{"code": r.code, "message": r.message, "law": list(r.law)} for r in answer.reasons]}
        said |= {"accounts": [to_plain(fact) for fact in answer.accounts]} if answer.accounts else {}
        if answer.freeze_no:
            said["freeze"] = {
                "freeze_no": answer.freeze_no, "account_no": answer.account_no, "whole": answer.whole, "ordered_fen": to_plain(answer.ordered),
                "kept_fen": answer.kept.fen, "waiting_fen": to_plain(answer.waiting), "starts_on": to_plain(answer.starts_on),
                "ends_on": to_plain(answer.ends_on),
            }  # fmt: skip
    if done is not None:
        said["deduction"] = {"deduction_no": done.deduction_no, "amount_fen": done.amount.fen, "state": done.state, "outcome": done.outcome}
    return said


def _paper(row: CourtOrder) -> Paper:
    paper: Paper = from_plain(Paper, json.loads(row.paper))
    return paper


def _line(row: CourtOrder) -> OrderLine:
    paper = _paper(row)
    return OrderLine(
        row.order_no, row.channel, Action(row.action), paper.court_name, paper.case_no, paper.person_name, OrderState(row.state),
        Result(row.result), row.received_at, row.due_at, row.answered_at,
    )  # fmt: skip


def _deduction(row: Deduction) -> DeductionView:
    return DeductionView(
        row.deduction_no, row.order.order_no, row.amount_fen, row.state, row.payment_no, row.outcome, from_plain(Payee, json.loads(row.payee)),
        row.settled_on, row.maker, row.checker,
    )  # fmt: skip


def _views(rows: list[Freeze]) -> list[FreezeView]:
    now = ledger.freezes_on(sorted({row.ledger_account_id for row in rows}))
    kept = {view.freeze_id: view.kept for view in now}
    places: dict[int, int] = {}
    for account_id in {view.account_id for view in now}:
        own = [view.freeze_id for view in now if view.account_id == account_id]
        places |= {freeze_id: place for place, freeze_id in enumerate(own, 1)}
    views = []
    for row in rows:
        paper = _paper(row.order)
        views.append(FreezeView(
            row.freeze_no, row.order.order_no, paper.court_name, paper.case_no, row.account_no, row.ordered_fen,
            kept.get(row.ledger_freeze_id, ZERO), places.get(row.ledger_freeze_id), row.starts_on, row.ends_on, FreezeState(row.state), row.ended_on,
        ))  # fmt: skip
    return views
