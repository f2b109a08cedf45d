"""约定提取: on the morning of every business day what has fallen due is decided and paid, also what fell on days without one."""

from __future__ import annotations

from datetime import date, datetime

from hpf.kernel.actor import Actor
from hpf.withdrawals import services


def pay_agreed(centre_id: int, on: date, at: datetime) -> services.Run:
    """The day's run of the centre. Run again, it goes on where it stopped."""
    return services.run_agreements(by=Actor.system(centre_id, "约定提取"), centre_id=centre_id, business_on=on, at=at)
