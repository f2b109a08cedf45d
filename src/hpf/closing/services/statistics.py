"""统计: the observers count a closed day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.closing.rules.calendar import is_month_end
from hpf.closing.services.record import StepDone, write
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.statistics import services as statistics


@dataclass(frozen=True, slots=True)
class Counted:
    facts: int


@command("closing.close_day")
def count_day(*, by: Actor, centre_id: int, business_on: date, at: datetime, key: str) -> Counted:
    """统计日: the day's movements; at a month end also the month's and the year's figures."""
    facts = statistics.build_day(centre_id, business_on)
    if is_month_end(business_on):
        facts += statistics.build_month(centre_id, business_on)
    write(centre_id, business_on, [StepDone("COUNT", "DONE", {"统计数": facts})], by, at)
    return Counted(facts)
