"""一个会计日: hear the bank out, then close. The one story behind `hpf close-day`, the worker and the demo's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hpf.closing.services.day import DayClosed, close_day
from hpf.db.scope import centre_scope
from hpf.jobs.banking import Talk, talk
from hpf.jobs.demo_clock import bank_follows
from hpf.kernel.actor import Actor
from hpf.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class DayRun:
    """What the bank said and how far the close came."""

    talk: Talk
    day: DayClosed


def run_day(centre_id: int, *, at: datetime, by: Actor | None = None, full: bool = False) -> DayRun:
    """Close the centre's open day. Safe to repeat: what is done stays done, what failed is tried again."""
    with centre_scope(centre_id):
        business_on = ledger.business_day(centre_id)
    spoken = talk(centre_id, business_on, at)
    closed = close_day(centre_id=centre_id, business_on=business_on, by=by or Actor.system(centre_id, "日终"), at=at, full=full)
    if closed.closed:
        bank_follows()
    return DayRun(spoken, closed)
