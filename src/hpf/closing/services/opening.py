"""开会计日: the next business day, and a centre's first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.closing.rules.calendar import next_business_day
from hpf.closing.services.record import StepDone, write
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.ledger import services as ledger
from hpf.policy import queries as policy
from hpf.policy.rules.workdays import calendar_reminder


@dataclass(frozen=True, slots=True)
class Opened:
    business_on: date


@command("closing.close_day")
def open_next_day(
    *, by: Actor, centre_id: int, business_on: date, before: tuple[StepDone, ...], every_day: bool, at: datetime, key: str
) -> Opened:
    """开会计日: open the business day after `business_on`. The database refuses a second open day and an earlier one."""
    calendar = policy.workdays()
    following = next_business_day(business_on, calendar, every_day)
    ledger.open_day(centre_id, following)
    guessed = calendar_reminder(calendar, following)
    figures = {"下一会计日": str(following)} | ({"日历": guessed.message} if guessed else {})
    write(centre_id, business_on, [*before, StepDone("NEXT", "DONE", figures)], by, at)
    return Opened(following)


@command("closing.close_day")
def open_first_day(*, by: Actor, centre_id: int, business_on: date, at: datetime, key: str) -> Opened:
    """启用: open a centre's first business day."""
    ledger.open_day(centre_id, business_on)
    return Opened(business_on)
