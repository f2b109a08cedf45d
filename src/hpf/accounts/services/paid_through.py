"""缴至年月 of many units at once: what a day's bookings move on by one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from hpf.accounts.services.employers import PaidThroughGap
from hpf.db.command import step
from hpf.kernel.period import Month


@step
def advance_many_paid_through(months: Mapping[int, Sequence[Month]]) -> None:
    """Each unit's months, oldest first, each the next one of the one before. Two statements, however many units.

    Locks    the units' rows, in id order
    Raises   PaidThroughGap when a unit's first month is not its next one, or a month is left out
    """
    if not months:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, account_no, first_month, paid_through FROM accounts_employeraccount WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [list(months)],
        )
        for account_id, account_no, first_month, paid_through in cursor.fetchall():
            expected = Month.from_index(first_month if paid_through is None else paid_through + 1)
            for month in months[account_id]:
                if month != expected:
                    raise PaidThroughGap(f"单位账户{account_no}应汇缴{expected.text}，不能记为{month.text}")
                expected += 1
        cursor.execute(
            "UPDATE accounts_employeraccount a SET paid_through = u.month FROM unnest(%s::bigint[], %s::int[]) AS u(id, month) WHERE a.id = u.id",
            [list(months), [each[-1].index for each in months.values()]],
        )
