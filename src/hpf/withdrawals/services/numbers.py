"""编号: the numbers of applications, agreements and runs."""

from __future__ import annotations

from datetime import date

from hpf.db.command import step
from hpf.parties.services import take_running


@step
def take_number(prefix: str, centre_id: int, on: date) -> str:
    """TQ application, YD agreement, PC run: prefix, two digits of the centre, six of the day, eight of the centre's running count."""
    (number,) = take_numbers(prefix, centre_id, on, 1)
    return number


@step
def take_numbers(prefix: str, centre_id: int, on: date, count: int) -> list[str]:
    """Many of them in one round trip."""
    return [f"{prefix}{centre_id:02d}{on:%y%m%d}{running:08d}" for running in take_running(centre_id, "withdrawals", count)]
