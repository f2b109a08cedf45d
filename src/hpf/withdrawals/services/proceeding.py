"""一件申请走到底: facts, decision, payment, one after the other. A story: each part is a transaction, safe to run again."""

from __future__ import annotations

from datetime import date, datetime

from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision
from hpf.ledger.services import LedgerRefusal
from hpf.sharing.gateways.exchange import Exchange
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
