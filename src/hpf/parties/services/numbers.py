"""编号: the next numbers of a centre's series. One round trip, however many; nobody waits for another's number."""

from __future__ import annotations

from django.db import connection

from hpf.db.command import step
from hpf.parties.rules import Series, number_of


@step
def number_rows(centre_id: int, series: Series, table: str, count: int = 1) -> list[tuple[int, str]]:
    """Ids for rows about to be written into `table`, each with the number that will be printed for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::text::regclass), n FROM hpf_take_numbers(%s::smallint, %s, %s) AS n",
            [f"{table}_id_seq", centre_id, series.value, count],
        )
        return [(row_id, number_of(centre_id, series, running)) for row_id, running in cursor.fetchall()]


@step
def take_running(centre_id: int, series: str, count: int = 1) -> list[int]:
    """The next running counts of a series, for a number that a module makes itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM hpf_take_numbers(%s::smallint, %s, %s)", [centre_id, series, count])
        return [running for (running,) in cursor.fetchall()]
