"""扣款日: on the first business day that reaches the centre's debit day, the month's batch of flexible workers' debits begins.

Who signs after the day is debited with the next month, or by a clerk on the page 扣款批次; so is, again, whom the bank
could not debit.
"""

from __future__ import annotations

from datetime import date, datetime

from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.flexible import debit_day
from hpf.contributions.services.collecting import Collected
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision
from hpf.kernel.period import Month


def open_debits(centre_id: int, closed_on: date, on: date, at: datetime) -> Decision[Collected] | None:
    """The month's batch when the debit day lies after `closed_on` and not after `on`, the day that is opened; else None.

    In a month without that day it is the month's last. Nothing begins where the centre has published no day. Refuses
    NOTHING_TO_COLLECT as the command does; repeated, it gives the batch that was begun.
    """
    with centre_scope(centre_id):
        day_of_month = contributions.debit_day_of_month(centre_id, on)
    if day_of_month is None:
        return None
    month = next((month for month in (Month.of(closed_on), Month.of(on)) if closed_on < debit_day(month, day_of_month) <= on), None)
    if month is None:
        return None
    return services.collect(
        by=Actor.system(centre_id, "扣款日"), centre_id=centre_id, month=month, business_on=on, key=f"debits:{month}", at=at
    )
