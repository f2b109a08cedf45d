"""编号: numbers of papers, freezes and payments out; they say nothing of a person."""

from __future__ import annotations

from datetime import date

from hpf.db.command import step
from hpf.parties.services import take_running

ORDER, FREEZE, DEDUCTION = "CK", "DJ", "ZC"


@step
def take_number(prefix: str, centre_id: int, on: date) -> str:
    """查控文书号 CK, 冻结号 DJ, 支出单号 ZC: centre, day, and the centre's running count."""
    (running,) = take_running(centre_id, "freezes")
    return f"{prefix}{centre_id:02d}{on:%y%m%d}{running:06d}"
