"""编号: numbers of papers, freezes and payments out; they say nothing of a person."""

from __future__ import annotations

from datetime import date

from django.db import connection

from hpf.db.command import step

ORDER, FREEZE, DEDUCTION = "CK", "DJ", "ZC"


@step
def take_number(prefix: str, centre_id: int, on: date) -> str:
    """查控文书号 CK, 冻结号 DJ, 支出单号 ZC: centre, day, and a running count that never repeats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('freezes_number')")
        return f"{prefix}{centre_id:02d}{on:%y%m%d}{cursor.fetchone()[0]:06d}"
