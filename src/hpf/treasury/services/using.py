"""使用许多到账款项: the receipts of a day's bookings handed over by three statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection

from hpf.db.command import step
from hpf.kernel.money import Money
from hpf.treasury.rules.numbers import RECEIPT, NotANumber, id_of, number
from hpf.treasury.services.matching import ReceiptUse


@step
def use_receipts(centre_id: int, wanted: Mapping[str, str], *, by_kind: str) -> dict[str, ReceiptUse]:
    """The same as `use_receipt` for many: {receipt: document it is used for} gives {receipt: its use}.

    A receipt that cannot be used (unknown, refunded, empty, matched with another document) is not in the answer and is
    left as it was; the caller, who has decided on its money, must then stop.

    Locks    the receipts' rows, in id order
    """
    ids = {receipt_id: by_no for receipt_no, by_no in wanted.items() if (receipt_id := _id_of(receipt_no)) is not None}
    if not ids:
        return {}
    values = [list(ids), list(ids.values())]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT r.id FROM treasury_receipt r WHERE r.centre_id = %s AND r.id = ANY(%s) ORDER BY r.id FOR NO KEY UPDATE""",
            [centre_id, list(ids)],
        )
        cursor.execute(
            """UPDATE treasury_receipt r SET state = 'USED', used_by_kind = %s, used_by_no = u.no
               FROM unnest(%s::bigint[], %s::text[]) AS u(id, no), treasury_receipt f
               JOIN ledger_account a ON a.id = f.ledger_account_id
               LEFT JOIN treasury_expectation e ON e.id = f.expectation_id
               WHERE r.id = u.id AND f.id = u.id AND r.centre_id = %s AND f.state <> 'REFUNDED' AND a.balance_fen > a.held_fen
                 AND (e.id IS NULL OR e.reference = u.no OR f.state NOT IN ('MATCHED', 'SHORT', 'LONG'))
               RETURNING r.id, r.ledger_account_id, a.balance_fen - a.held_fen, r.value_on, r.payer_name""",
            [by_kind, *values, centre_id],
        )
        used = cursor.fetchall()
        cursor.execute(
            """UPDATE treasury_expectation e SET state = 'USED' FROM treasury_receipt r, unnest(%s::bigint[], %s::text[]) AS u(id, no)
               WHERE r.id = u.id AND r.id = ANY(%s) AND e.id = r.expectation_id AND e.reference = u.no AND e.centre_id = %s""",
            [*values, [row[0] for row in used], centre_id],
        )
    return {
        number(RECEIPT, centre_id, row[0]): ReceiptUse(row[0], number(RECEIPT, centre_id, row[0]), row[1], Money(row[2]), row[3], row[4])
        for row in used
    }


def _id_of(receipt_no: str) -> int | None:
    try:
        return id_of(RECEIPT, receipt_no)
    except NotANumber:
        return None


@step
def unspend(centre_id: int, journal_id: int) -> None:
    """Money that a journal gives back to receipts is to be found again at once, not only after the next 银行对账."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE treasury_receipt r SET spent = false FROM ledger_leg l
               WHERE l.centre_id = %s AND l.journal_id = %s AND l.subject = 21904 AND r.centre_id = l.centre_id
                 AND r.ledger_account_id = l.account_id AND r.spent""",
            [centre_id, journal_id],
        )


@step
def mark_spent(centre_id: int, on: date) -> None:
    """Receipts whose suspense account was emptied, or filled again, by the day's entries; one statement, as large as the day."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE treasury_receipt r SET spent = (a.balance_fen = 0)
               FROM (SELECT DISTINCT account_id FROM ledger_leg WHERE centre_id = %s AND business_on = %s AND subject = 21904) t
               JOIN ledger_account a ON a.id = t.account_id
               WHERE r.centre_id = %s AND r.ledger_account_id = t.account_id AND r.spent <> (a.balance_fen = 0)""",
            [centre_id, on, centre_id],
        )
