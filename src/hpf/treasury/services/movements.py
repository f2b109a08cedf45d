"""动账入账: what the bank reports is booked at once, once for each bank reference, and waits in 219."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from hpf.db.command import command, step
from hpf.db.crypto import encrypt_all
from hpf.kernel.actor import Actor
from hpf.kernel.money import ZERO, Money
from hpf.ledger.rules import Draft, Leg
from hpf.ledger.services import open_account, open_accounts, post, post_columns
from hpf.treasury.models import BankAccount
from hpf.treasury.models.receipts import RECEIPT_PAYER
from hpf.treasury.rules.movements import Movement, Sort, once_each, sort_of
from hpf.treasury.rules.numbers import RECEIPT, number
from hpf.treasury.services.cashbook import booked_references, enter_cash
from hpf.treasury.services.returns import take_back_returned

SUSPENSE = 21904
INTEREST_INCOME = {10101: (40101, "J15"), 10102: (40101, "J15"), 10201: (40102, "J16"), 10202: (40102, "J16")}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was new in a report of the bank; a repeated report has nothing new."""

    receipt_nos: tuple[str, ...] = ()
    received: Money = ZERO
    interest: Money = ZERO
    returned_payment_nos: tuple[str, ...] = ()
    lines_new: int = 0


@command("treasury.record_movements")
def record_movements(
    *,
    by: Actor,
    centre_id: int,
    bank_account_id: int,
    entries: tuple[Movement, ...],
    business_on: date,
    key: str,
    source: str = "STATEMENT",
    closing: Money | None = None,
    closing_on: date | None = None,
) -> Recorded:
    """动账入账: book money that came in, debit 银行存款, credit 暂收, one suspense account for each receipt.

    Interest of the bank goes to 业务收入 (J15, J16); a returned payment goes back to where it was taken from.
    `source` is STATEMENT (kept line by line as the bank's side of the reconciliation) or NOTICE.

    Writes   statement lines, receipts, one journal for all receipts, cash book
    Again    nothing is booked twice, whatever the key: each bank reference counts once in its account
    """
    accounts = {each.id: each for each in BankAccount.objects.filter(centre_id=centre_id)}
    account, own = accounts[bank_account_id], frozenset(each.account_no for each in accounts.values())
    lines_new = _keep_statement(account, entries, closing, closing_on) if source == "STATEMENT" else 0
    sorted_out: dict[Sort, list[Movement]] = {sort: [] for sort in Sort}
    for movement in once_each(entries):
        sorted_out[sort_of(movement, own)].append(movement)
    receipts = book_receipts(account, sorted_out[Sort.RECEIPT], business_on, maker=by.user_id, key=key)
    interest = _book_interest(account, sorted_out[Sort.INTEREST], business_on, maker=by.user_id, key=key)
    returned = tuple(
        no for movement in sorted_out[Sort.RETURN] if (no := take_back_returned(account, movement, business_on, maker=by.user_id, key=key))
    )
    return Recorded(
        tuple(number(RECEIPT, centre_id, receipt_id) for receipt_id, _ in receipts),
        Money.total(amount for _, amount in receipts),
        interest,
        returned,
        lines_new,
    )


@step
def book_receipts(
    account: BankAccount, movements: Sequence[Movement], business_on: date, *, maker: str, key: str
) -> list[tuple[int, Money]]:
    """The new ones among these movements as receipts: (id, amount). Seven statements, however many there are."""
    if not movements:
        return []
    centre_id = account.centre_id
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO treasury_receipt (centre_id, bank_account_id, bank_reference, amount_fen, payer_account, payer_name, summary,
                   bank_on, value_on, business_on, state, ground, explanation, reason_code, used_by_kind, used_by_no)
               SELECT %s::smallint, %s, m.ref, m.fen, m.account, left(m.name, 100), left(m.summary, 200), m.bank_on, least(m.bank_on, %s::date), %s::date,
                   'SUSPENSE', '', '尚未认款', 'NEW', '', ''
               FROM unnest(%s::text[], %s::bigint[], %s::bytea[], %s::text[], %s::text[], %s::date[])
                    AS m(ref, fen, account, name, summary, bank_on)
               WHERE NOT EXISTS (SELECT 1 FROM treasury_cashentry c WHERE c.centre_id = %s AND c.bank_account_id = %s AND c.bank_reference = m.ref)
               ON CONFLICT (centre_id, bank_account_id, bank_reference) DO NOTHING RETURNING id, amount_fen, value_on, bank_reference""",
            [
                centre_id,
                account.id,
                business_on,
                business_on,
                [m.bank_reference for m in movements],
                [m.amount.fen for m in movements],
                encrypt_all([m.counter_account or None for m in movements], RECEIPT_PAYER),
                [m.counter_name for m in movements],
                [m.summary for m in movements],
                [m.bank_on for m in movements],
                centre_id,
                account.id,
            ],
        )
        new = sorted(cursor.fetchall())
        if not new:
            return []
        ids = [row[0] for row in new]
        suspense = open_accounts(centre_id, SUSPENSE, "RECEIPT", ids, business_on)
        accounts, fens, values = [], [], []
        for receipt_id, fen, value_on, _ in new:
            accounts += [account.ledger_account_id, suspense[receipt_id]]
            fens += [fen, -fen]
            values += [value_on, value_on]
        draft = Draft(centre_id, "RECEIPT", "J2", business_on, min(values), "BANK_ACCOUNT", str(account.id), _words(account, new), maker)
        journal_id = post_columns(draft, accounts, fens, f"{key}:receipts", values=values)
        cursor.execute(
            "UPDATE treasury_receipt r SET ledger_account_id = n.account, journal_id = %s FROM unnest(%s::bigint[], %s::bigint[]) AS n(id, account)"
            " WHERE r.id = n.id AND r.centre_id = %s",
            [journal_id, ids, [suspense[i] for i in ids], centre_id],
        )
        cursor.execute(
            "INSERT INTO treasury_cashentry (centre_id, bank_account_id, bank_reference, amount_fen, kind, business_on, value_on, journal_id, summary)"
            " SELECT centre_id, bank_account_id, bank_reference, amount_fen, 'RECEIPT', business_on, value_on, journal_id, left(payer_name || ' ' || summary, 200)"
            " FROM treasury_receipt WHERE centre_id = %s AND id = ANY(%s) ORDER BY id",
            [centre_id, ids],
        )
    return [(receipt_id, Money(fen)) for receipt_id, fen, _, _ in new]


def _keep_statement(account: BankAccount, entries: Sequence[Movement], closing: Money | None, closing_on: date | None) -> int:
    new = 0
    with connection.cursor() as cursor:
        if entries:
            cursor.execute(
                """INSERT INTO treasury_statementline (centre_id, bank_account_id, bank_reference, bank_on, amount_fen, counter_name, summary, kind, seq_no)
                   SELECT %s::smallint, %s, m.ref, m.bank_on, m.fen, left(m.name, 100), left(m.summary, 200), left(m.kind, 12), left(m.seq_no, 30)
                   FROM unnest(%s::text[], %s::date[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
                        AS m(ref, bank_on, fen, name, summary, kind, seq_no)
                   ON CONFLICT (centre_id, bank_account_id, bank_reference, amount_fen) DO NOTHING""",
                [
                    account.centre_id,
                    account.id,
                    [m.bank_reference for m in entries],
                    [m.bank_on for m in entries],
                    [m.amount.fen for m in entries],
                    [m.counter_name for m in entries],
                    [m.summary for m in entries],
                    [m.kind for m in entries],
                    [m.seq_no for m in entries],
                ],
            )
            new = cursor.rowcount
        if closing is not None and closing_on is not None:
            cursor.execute(
                "INSERT INTO treasury_statementday (centre_id, bank_account_id, bank_on, closing_fen) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (centre_id, bank_account_id, bank_on) DO UPDATE SET closing_fen = excluded.closing_fen",
                [account.centre_id, account.id, closing_on, closing.fen],
            )
            cursor.execute(
                "UPDATE treasury_bankaccount SET seen_through = greatest(seen_through, %s) WHERE centre_id = %s AND id = %s",
                [closing_on, account.centre_id, account.id],
            )
    return new


def _book_interest(account: BankAccount, movements: Sequence[Movement], business_on: date, *, maker: str, key: str) -> Money:
    """存款利息收入: J15 on the fund's deposit, J16 on the surplus deposit."""
    subject, template = INTEREST_INCOME[account.subject]
    booked = booked_references(account, [m.bank_reference for m in movements]) if movements else set()
    total = Money(0)
    for movement in movements:
        if movement.bank_reference in booked:
            continue
        value_on = min(movement.bank_on, business_on)
        income = open_account(account.centre_id, subject, "CENTRE", 0, business_on)
        draft = Draft(
            account.centre_id,
            "INTEREST_RECEIVED",
            template,
            business_on,
            value_on,
            "BANK_ACCOUNT",
            str(account.id),
            f"存款结息 {account.bank_name}",
            maker,
        )
        legs = [Leg(account.ledger_account_id, movement.amount.fen), Leg(income, -movement.amount.fen)]
        journal_id = post(draft, legs, f"{key}:interest:{movement.bank_reference}")
        enter_cash(
            account,
            movement.bank_reference,
            movement.amount,
            "INTEREST",
            business_on=business_on,
            value_on=value_on,
            journal_id=journal_id,
            summary="存款结息",
        )
        total += movement.amount
    return total


def _words(account: BankAccount, new: Sequence[tuple[int, int, date, str]]) -> str:
    return f"专户到账{len(new)}笔 {account.bank_name}"
