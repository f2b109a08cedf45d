"""编号: the numbers printed on lists, agreements, applications and refunds."""

from __future__ import annotations

from datetime import date

from hpf.db.command import step
from hpf.parties.services import take_running


@step
def take_number(centre_id: int, on: date) -> str:
    """The next number: two digits of the centre, six of the day, eight of the centre's running count."""
    (running,) = take_running(centre_id, "contributions")
    return f"{centre_id:02d}{on:%y%m%d}{running:08d}"
