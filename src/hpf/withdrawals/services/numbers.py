"""编号: the numbers of applications, agreements and runs."""

from __future__ import annotations

from datetime import date

from django.db import connection

from hpf.db.command import step


@step
def take_number(prefix: str, centre_id: int, on: date) -> str:
    """TQ application, YD agreement, PC run: prefix, two digits of the centre, six of the day, eight of a running count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('withdrawals_number')")
        return f"{prefix}{centre_id:02d}{on:%y%m%d}{cursor.fetchone()[0]:08d}"


@step
def take_numbers(prefix: str, centre_id: int, on: date, count: int) -> list[str]:
    """Many of them in one round trip."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('withdrawals_number') FROM generate_series(1, %s)", [count])
        return [f"{prefix}{centre_id:02d}{on:%y%m%d}{number:08d}" for (number,) in cursor.fetchall()]
