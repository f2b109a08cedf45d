"""银行存款日记账: one line for every leg on a bank account, under the bank's own reference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from hpf.db.command import step
from hpf.kernel.money import Money
from hpf.treasury.models import BankAccount, CashEntry


@step
def enter_cash(
    account: BankAccount, reference: str, amount: Money, kind: str, *, business_on: date, value_on: date, journal_id: int, summary: str
) -> None:
    """One line of the cash book for a leg posted on the account. A bank reference used before is an IntegrityError."""
    CashEntry.objects.create(
        centre_id=account.centre_id,
        bank_account=account,
        bank_reference=reference,
        amount_fen=amount,
        kind=kind,
        business_on=business_on,
        value_on=value_on,
        journal_id=journal_id,
        summary=summary[:200],
    )


def booked_references(account: BankAccount, references: Sequence[str]) -> set[str]:
    """Which of these bank references are in the cash book."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bank_reference FROM treasury_cashentry WHERE centre_id = %s AND bank_account_id = %s AND bank_reference = ANY(%s)",
            [account.centre_id, account.id, list(references)],
        )
        return {row[0] for row in cursor.fetchall()}
