"""编号: the numbers printed on lists, agreements, applications and refunds."""

from __future__ import annotations

from datetime import date

from django.db import connection

from hpf.db.command import step


@step
def take_number(centre_id: int, on: date) -> str:
    """The next number: two digits of the centre, six of the day, eight of a running count that never repeats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('contributions_number')")
        return f"{centre_id:02d}{on:%y%m%d}{cursor.fetchone()[0]:08d}"
