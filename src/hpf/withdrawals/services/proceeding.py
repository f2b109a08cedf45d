"""一件申请走到底: facts, decision, payment, one after the other. A story: each part is a transaction, safe to run again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision
from hpf.ledger.services import LedgerRefusal
from hpf.sharing.gateways.exchange import Exchange
from hpf.withdrawals import models
from hpf.withdrawals.rules.states import State
from hpf.withdrawals.services.deciding import decide_application
from hpf.withdrawals.services.gathering import gather_facts
from hpf.withdrawals.services.paying import pay
from hpf.withdrawals.services.recording import Moved


def proceed(
    *, by: Actor, centre_id: int, application_no: str, business_on: date, at: datetime, key: str, exchange: Exchange | None = None
) -> Decision[Moved]:
    """Gather what the rule asks for, decide, and order the payment of what is approved. The answer says where it stands now."""
    gather_facts(by=by, centre_id=centre_id, application_no=application_no, at=at, key=f"{key}:facts", exchange=exchange)
    decided = decide_application(by=by, centre_id=centre_id, application_no=application_no, at=at, key=f"{key}:decide")
    if decided.value is None or decided.value.state != State.APPROVED:
        return decided
    return pay_once_more(by=by, centre_id=centre_id, application_no=application_no, business_on=business_on, at=at, key=f"{key}:pay")


def pay_once_more(*, by: Actor, centre_id: int, application_no: str, business_on: date, at: datetime, key: str) -> Decision[Moved]:
    """Pay; when a freeze came between the look and the posting, look again: the second look sees it and says no."""
    try:
        return pay(by=by, centre_id=centre_id, application_no=application_no, business_on=business_on, at=at, key=key)
    except LedgerRefusal as refusal:
        if refusal.code != "INSUFFICIENT_BALANCE":
            raise
        return pay(by=by, centre_id=centre_id, application_no=application_no, business_on=business_on, at=at, key=f"{key}:again")


def go_on(
    *, by: Actor, centre_id: int, business_on: date, at: datetime, left_alone: timedelta, exchange: Exchange | None = None
) -> list[Moved]:
    """接续中断的申请: what was accepted and not decided, or approved and not paid, because a server stopped in between: nobody has
    worked at it for as long as `left_alone`.

    A story, safe to run again and beside the applicant's own: each part locks the application and finds it moved on. What the
    ledger will not post now (its day is closed, its year not settled) is left for the next time.
    """
    with centre_scope(centre_id):
        dropped = list(
            models.Application.objects.filter(
                centre_id=centre_id, state__in=[State.ACCEPTED, State.APPROVED], accepted_at__lt=at - left_alone
            ).exclude(decided_at__gte=at - left_alone).order_by("id").values_list("application_no", "state")
        )  # fmt: skip
    return [done for number, state in dropped if (done := _go_on(number, state, by, centre_id, business_on, at, exchange)) is not None]


def _go_on(number: str, state: str, by: Actor, centre_id: int, business_on: date, at: datetime, exchange: Exchange | None) -> Moved | None:
    key = f"withdrawal:{number}:go_on:{at.isoformat()}"
    work = pay_once_more if state == State.APPROVED else partial(proceed, exchange=exchange)
    try:
        return work(by=by, centre_id=centre_id, application_no=number, business_on=business_on, at=at, key=key).value
    except LedgerRefusal:
        return None
