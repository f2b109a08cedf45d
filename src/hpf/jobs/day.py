"""一个会计日: hear the bank out, then close. The one story behind `hpf close-day`, the worker and the demo's clock."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from hpf.closing.services.day import DayClosed, close_day
from hpf.db.scope import centre_scope
from hpf.jobs.agreements import pay_agreed
from hpf.jobs.banking import Talk, talk
from hpf.jobs.courts import end_terms, follow_payments
from hpf.jobs.debits import open_debits
from hpf.jobs.demo_clock import bank_follows
from hpf.jobs.transferring import compare, exchange
from hpf.jobs.work_plan import open_morning
from hpf.kernel.actor import Actor
from hpf.ledger import queries as ledger
from hpf.withdrawals.services import check_deals

log = logging.getLogger("hpf.day")


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
    exchange(centre_id, business_on, at)
    compare(centre_id, business_on, at)
    follow_payments(centre_id, at)
    closed = close_day(centre_id=centre_id, business_on=business_on, by=by or Actor.system(centre_id, "日终"), at=at, full=full)
    if closed.closed:
        bank_follows()
        _morning(centre_id, closed, at)
    return DayRun(spoken, closed)


def _morning(centre_id: int, closed: DayClosed, at: datetime) -> None:
    """What a newly opened day begins with: freezes whose term has ended, its debits, deals that should be final, a look at the work plan. What goes wrong is logged; the day stays closed."""
    if closed.next_business_on is None:
        return
    on = closed.next_business_on
    for begin in (
        lambda: end_terms(centre_id, on, at),
        lambda: open_debits(centre_id, closed.business_on, on, at),
        lambda: pay_agreed(centre_id, on, at),
        lambda: check_deals(by=Actor.system(centre_id, "交易核查"), centre_id=centre_id, business_on=on, at=at),
        lambda: open_morning(centre_id, on, at),
    ):
        try:
            begin()
        except Exception:
            log.exception("the morning of %s in centre %s", on, centre_id)
