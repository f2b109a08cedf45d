"""银行对账 (BAL-7, BAL-8, BAL-9): statement against cash book item by item, balances through what is outstanding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.ledger import queries as ledger
from hpf.treasury import queries
from hpf.treasury.models import Difference, Reconciliation
from hpf.treasury.rules.reconciling import DifferenceFound, Item, compare, unexplained
from hpf.treasury.services.using import mark_spent

LOOK_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AccountReconciled:
    """`book` is the cash book, `ledger` the account's general ledger, `bank` the statement's balance (None: no statement of the day)."""

    bank_account_id: int
    bank: Money | None
    book: Money
    ledger: Money
    unexplained: Money
    differences: tuple[str, ...]
    agrees: bool


@dataclass(frozen=True, slots=True)
class Reconciled:
    business_on: date
    accounts: tuple[AccountReconciled, ...]

    @property
    def agrees(self) -> bool:
        return all(account.agrees for account in self.accounts)


@command("treasury.reconcile")
def reconcile(*, by: Actor, centre_id: int, on: date, key: str) -> Reconciled:
    """银行对账: every bank account of the centre at the end of a day. A new key reconciles the day again.

    Writes   one reconciliation for each account and day, with its differences as rows; an earlier one of the day is replaced;
             which receipts are spent
    """
    mark_spent(centre_id, on)
    return Reconciled(on, tuple(_account(centre_id, account, on) for account in queries.bank_accounts(centre_id)))


def _account(centre_id: int, account: queries.BankAccountView, on: date) -> AccountReconciled:
    since = _since(centre_id, account.bank_account_id, on)
    differences = compare(*_unpaired(centre_id, account.bank_account_id, since, on))
    book, later = _cash_book(centre_id, account.bank_account_id, on)
    general = ledger.balance(account.ledger_account_id).balance - later
    bank = _statement_balance(centre_id, account.bank_account_id, on)
    rest = unexplained(bank, book, differences) if bank is not None else Money(0)
    agrees = bank is not None and not rest and not differences and book == general
    words = [difference.message for difference in differences]
    if bank is None:
        words.append(f"{on}没有取得尾号{account.account_no[-4:]}的银行对账单，请先取对账单")
    _keep(centre_id, account.bank_account_id, on, bank, book, general, rest, differences, agrees)
    return AccountReconciled(account.bank_account_id, bank, book, general, rest, tuple(words), agrees)


def _since(centre_id: int, bank_account_id: int, on: date) -> date:
    """A week before the last day on which everything agreed: what is older was paired then, and its balance proves it still."""
    last = (
        Reconciliation.objects.filter(centre_id=centre_id, bank_account_id=bank_account_id, agrees=True, business_on__lt=on)
        .order_by("-business_on")
        .values_list("business_on", flat=True)
        .first()
    )
    return last - LOOK_BACK if last else date.min


def _unpaired(centre_id: int, bank_account_id: int, since: date, on: date) -> tuple[list[Item], list[Item]]:
    """Both sides of every bank reference that is not exactly one line and one entry of the same amount since then."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT reference FROM (
                   SELECT bank_reference AS reference, amount_fen AS fen, 1 AS side FROM treasury_statementline
                   WHERE centre_id = %(centre)s AND bank_account_id = %(account)s AND bank_on BETWEEN %(since)s AND %(on)s
                   UNION ALL
                   SELECT bank_reference, -amount_fen, -1 FROM treasury_cashentry
                   WHERE centre_id = %(centre)s AND bank_account_id = %(account)s AND business_on BETWEEN %(since)s AND %(on)s) both_sides
               GROUP BY reference HAVING count(*) <> 2 OR sum(side) <> 0 OR sum(fen) <> 0""",
            {"centre": centre_id, "account": bank_account_id, "since": since, "on": on},
        )
        doubtful = [row[0] for row in cursor.fetchall()]
        if not doubtful:
            return [], []
        cursor.execute(
            "SELECT id, bank_reference, amount_fen, bank_on, trim(counter_name || ' ' || summary) FROM treasury_statementline"
            " WHERE centre_id = %s AND bank_account_id = %s AND bank_reference = ANY(%s) AND bank_on <= %s",
            [centre_id, bank_account_id, doubtful, on],
        )
        lines = [Item(row[0], row[1], Money(row[2]), row[3], row[4]) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT id, bank_reference, amount_fen, value_on, summary FROM treasury_cashentry"
            " WHERE centre_id = %s AND bank_account_id = %s AND bank_reference = ANY(%s) AND business_on <= %s",
            [centre_id, bank_account_id, doubtful, on],
        )
        return lines, [Item(row[0], row[1], Money(row[2]), row[3], row[4]) for row in cursor.fetchall()]


def _cash_book(centre_id: int, bank_account_id: int, on: date) -> tuple[Money, Money]:
    """The cash book's balance at the end of the day, and what came after."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(sum(amount_fen) FILTER (WHERE business_on <= %s), 0)::bigint, COALESCE(sum(amount_fen) FILTER (WHERE business_on > %s), 0)::bigint"
            " FROM treasury_cashentry WHERE centre_id = %s AND bank_account_id = %s",
            [on, on, centre_id, bank_account_id],
        )
        through, later = cursor.fetchone()
        return Money(through), Money(later)


def _statement_balance(centre_id: int, bank_account_id: int, on: date) -> Money | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT closing_fen FROM treasury_statementday WHERE centre_id = %s AND bank_account_id = %s AND bank_on = %s",
            [centre_id, bank_account_id, on],
        )
        row = cursor.fetchone()
        return Money(row[0]) if row else None


def _keep(
    centre_id: int,
    bank_account_id: int,
    on: date,
    bank: Money | None,
    book: Money,
    general: Money,
    rest: Money,
    differences: list[DifferenceFound],
    agrees: bool,
) -> None:
    earlier = list(Reconciliation.objects.filter(centre_id=centre_id, bank_account_id=bank_account_id, business_on=on))
    if earlier:
        Difference.objects.filter(centre_id=centre_id, reconciliation__in=earlier).delete()
        Reconciliation.objects.filter(id__in=[each.id for each in earlier]).delete()
    kept = Reconciliation.objects.create(
        centre_id=centre_id,
        bank_account_id=bank_account_id,
        business_on=on,
        bank_fen=bank,
        book_fen=book,
        ledger_fen=general,
        unexplained_fen=rest,
        differences=len(differences),
        agrees=agrees,
    )
    Difference.objects.bulk_create(
        Difference(
            centre_id=centre_id,
            reconciliation=kept,
            kind=difference.kind,
            bank_reference=difference.reference,
            amount_fen=difference.amount,
            occurred_on=difference.on,
            explanation=difference.message[:400],
        )
        for difference in differences
    )
