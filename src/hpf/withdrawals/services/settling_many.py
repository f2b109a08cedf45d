"""许多笔一起到账: what a batch has paid becomes PAID by one statement for some thousands, not by one command each."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from hpf.db.arrays import array
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.treasury import queries as treasury
from hpf.withdrawals.services.paying import SOURCE


@command("withdrawals.settle")
def settle_paid(*, by: Actor, centre_id: int, application_nos: tuple[str, ...], at: datetime, key: str) -> tuple[str, ...]:
    """登记到账 of withdrawals that leave their account open and whose payment is DONE. Gives those that are PAID now.

    What empties its account, what an estate pays and what the bank could not pay is passed over: `settle_withdrawal` looks at each.
    Locks    the applications, in id order
    Again    what is not IN_SETTLEMENT any more is passed over
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, application_no, payment_no FROM withdrawals_application
               WHERE centre_id = %s AND application_no = ANY(%s::text[]) AND state = 'IN_SETTLEMENT' AND NOT closes AND payable_id IS NULL
               ORDER BY id FOR UPDATE""",
            [centre_id, array(application_nos)],
        )
        rows = cursor.fetchall()
        payments = treasury.payments_of(centre_id, SOURCE, [number for _, number, _ in rows])
        paid = [
            (application_id, number, each.settled_on, each.amount)
            for application_id, number, payment_no in rows
            for each in payments.get(number, ())
            if each.payment_no == payment_no and each.state == "DONE"
        ]
        ids = array(application_id for application_id, *_ in paid)
        cursor.execute(
            """UPDATE withdrawals_application a SET state = 'PAID', paid_on = u.paid_on
               FROM unnest(%s::bigint[], %s::date[]) AS u(id, paid_on) WHERE a.id = u.id""",
            [ids, array(str(settled_on) for _, _, settled_on, _ in paid)],
        )
        cursor.execute(
            """INSERT INTO withdrawals_event (centre_id, application_id, state, happened_at, by_name, note)
               SELECT %s, u.id, 'PAID', %s, %s, u.note FROM unnest(%s::bigint[], %s::text[]) AS u(id, note)""",
            [centre_id, at, by.name[:60], ids, array(f"银行已付款{amount.text}元" for *_, amount in paid)],
        )
    return tuple(number for _, number, _, _ in paid)
