"""What the treasury knows: bank accounts, receipts and their age, payments, collections, reconciliations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from hpf.kernel.money import Money
from hpf.treasury.rules.matching import references_in
from hpf.treasury.rules.numbers import COLLECTION, PAYMENT, RECEIPT, NotANumber, id_of, number

ALERT_AFTER_DAYS = 3


@dataclass(frozen=True, slots=True)
class BankAccountView:
    bank_account_id: int
    account_no: str
    name: str
    bank_name: str
    subject: int
    ledger_account_id: int
    is_main: bool
    seen_through: date | None


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """`remaining` is what still lies in suspense (219)."""

    receipt_no: str
    receipt_id: int
    bank_reference: str
    amount: Money
    remaining: Money
    payer_name: str
    summary: str
    bank_on: date
    value_on: date
    business_on: date
    state: str
    ground: str
    reason_code: str
    explanation: str
    expectation_reference: str | None
    ledger_account_id: int


@dataclass(frozen=True, slots=True)
class SuspenseView:
    """暂收款 with its age; more than three days is an alert."""

    receipt: ReceiptView
    age_days: int
    alert: bool


@dataclass(frozen=True, slots=True)
class MatchedExpectation:
    """Money that is all there for one business document: book it."""

    expectation_id: int
    kind: str
    reference: str
    employer_account_id: int | None
    expected: Money
    receipts: tuple[ReceiptView, ...]


@dataclass(frozen=True, slots=True)
class PaymentView:
    payment_no: str
    payment_id: int
    source_kind: str
    source_no: str
    amount: Money
    state: str
    summary: str
    explanation: str
    bank_reference: str
    send_seq_no: str
    ordered_on: date
    sent_on: date | None
    settled_on: date | None
    ledger_account_id: int


@dataclass(frozen=True, slots=True)
class CollectionLineView:
    line_no: int
    source_no: str
    amount: Money
    state: str
    explanation: str


@dataclass(frozen=True, slots=True)
class CollectionView:
    """`receipt_no` is the money collected, None while none came; the lines say from whom."""

    collection_no: str
    source_kind: str
    source_no: str
    amount: Money
    state: str
    receipt_no: str | None
    lines: tuple[CollectionLineView, ...]


@dataclass(frozen=True, slots=True)
class ReconciliationView:
    bank_account_id: int
    account_tail: str
    bank_name: str
    business_on: date
    bank: Money | None
    book: Money
    ledger: Money
    unexplained: Money
    agrees: bool
    differences: tuple[str, ...]


class NoSuchBankAccount(LookupError):
    """The centre has no such bank account."""


def _rows(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def bank_accounts(centre_id: int) -> list[BankAccountView]:
    """Open bank accounts, main ones first."""
    rows = _rows(
        "SELECT id, account_no, name, bank_name, subject, ledger_account_id, is_main, seen_through FROM treasury_bankaccount"
        " WHERE centre_id = %s AND closed_on IS NULL ORDER BY NOT is_main, subject, id",
        [centre_id],
    )
    return [BankAccountView(*row) for row in rows]


def banks(centre_id: int) -> list[tuple[str, str]]:
    """Code and name of every bank where the centre has an account."""
    rows = _rows("SELECT DISTINCT bank_code, bank_name FROM treasury_bankaccount WHERE centre_id = %s ORDER BY 2, 1", [centre_id])
    return [(code, name) for code, name in rows]


def main_account(centre_id: int, subject: int = 10101) -> BankAccountView:
    """The account money of a subject comes to and leaves from. Raises NoSuchBankAccount."""
    for account in bank_accounts(centre_id):
        if account.is_main and account.subject == subject:
            return account
    raise NoSuchBankAccount(f"中心{centre_id}没有登记科目{subject}的主专户，请先登记专户")


def account_by_no(centre_id: int, account_no: str) -> BankAccountView | None:
    return next((account for account in bank_accounts(centre_id) if account.account_no == account_no), None)


_RECEIPT = """SELECT r.centre_id, r.id, r.bank_reference, r.amount_fen, a.balance_fen, r.payer_name, r.summary, r.bank_on, r.value_on, r.business_on,
    r.state, r.ground, r.reason_code, r.explanation, e.reference, r.ledger_account_id
    FROM treasury_receipt r JOIN ledger_account a ON a.id = r.ledger_account_id LEFT JOIN treasury_expectation e ON e.id = r.expectation_id"""


def _receipt(row: tuple[Any, ...]) -> ReceiptView:
    centre_id, receipt_id, reference, fen, left, *rest = row
    return ReceiptView(number(RECEIPT, centre_id, receipt_id), receipt_id, reference, Money(fen), Money(left), *rest)


def receipt(centre_id: int, receipt_no: str) -> ReceiptView | None:
    try:
        receipt_id = id_of(RECEIPT, receipt_no)
    except NotANumber:
        return None
    rows = _rows(f"{_RECEIPT} WHERE r.centre_id = %s AND r.id = %s", [centre_id, receipt_id])
    return _receipt(rows[0]) if rows else None


def still_expected(centre_id: int, summary: str) -> tuple[str, ...]:
    """Of the numbers that a summary names, those for which money is still expected."""
    rows = _rows(
        "SELECT reference FROM treasury_expectation WHERE centre_id = %s AND state IN ('WAITING', 'PARTLY')"
        " AND replace(upper(reference), '-', '') = ANY(%s) ORDER BY reference",
        [centre_id, references_in(summary)],
    )
    return tuple(reference for (reference,) in rows)


def receipts(centre_id: int, *, since: date, until: date, state: str | None = None, limit: int = 200, offset: int = 0) -> list[ReceiptView]:
    """Receipts booked on days [since, until), newest first."""
    rows = _rows(
        f"{_RECEIPT} WHERE r.centre_id = %s AND r.business_on >= %s AND r.business_on < %s AND (%s::text IS NULL OR r.state = %s)"
        " ORDER BY r.id DESC LIMIT %s OFFSET %s",
        [centre_id, since, until, state, state, limit, offset],
    )
    return [_receipt(row) for row in rows]


def matched_receipts(centre_id: int, kind: str | None = None) -> list[MatchedExpectation]:
    """What is all there and not yet booked, each with its receipts (one, or several that add up)."""
    return _expectations_with_receipts(centre_id, kind, ("MET",))


def differing_receipts(centre_id: int, kind: str | None = None) -> list[MatchedExpectation]:
    """What came short or long: a person has to ask for the rest, or to decide about what is too much."""
    return _expectations_with_receipts(centre_id, kind, ("PARTLY", "OVER"))


def _expectations_with_receipts(centre_id: int, kind: str | None, states: Sequence[str]) -> list[MatchedExpectation]:
    expected = _rows(
        "SELECT id, kind, reference, employer_account_id, amount_fen FROM treasury_expectation"
        " WHERE centre_id = %s AND state = ANY(%s) AND (%s::text IS NULL OR kind = %s) ORDER BY id",
        [centre_id, list(states), kind, kind],
    )
    if not expected:
        return []
    by_reference: dict[str | None, list[ReceiptView]] = {}
    for row in _rows(
        f"{_RECEIPT} WHERE r.centre_id = %s AND r.expectation_id = ANY(%s) ORDER BY r.id", [centre_id, [e[0] for e in expected]]
    ):
        view = _receipt(row)
        by_reference.setdefault(view.expectation_reference, []).append(view)
    return [
        MatchedExpectation(i, k, reference, employer, Money(fen), tuple(by_reference.get(reference, ())))
        for i, k, reference, employer, fen in expected
    ]


def receipts_of(centre_id: int, references: Sequence[str]) -> dict[str, tuple[ReceiptView, ...]]:
    """{document: the receipts matched with it}, whether all there, short or long; for the documents named, in one query."""
    found: dict[str, list[ReceiptView]] = {}
    if not references:
        return {}
    for row in _rows(
        f"{_RECEIPT} WHERE r.centre_id = %s AND e.centre_id = %s AND e.reference = ANY(%s) AND r.state <> 'REFUNDED' ORDER BY r.id",
        [centre_id, centre_id, list(references)],
    ):
        view = _receipt(row)
        found.setdefault(view.expectation_reference or "", []).append(view)
    return {reference: tuple(views) for reference, views in found.items()}


_UNSPENT = "r.centre_id = %(centre)s AND NOT r.spent AND a.balance_fen > 0 AND r.business_on <= %(on)s"


def suspense(
    centre_id: int, on: date, *, old: bool = False, text: str = "", states: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[SuspenseView]:
    """暂收款 still there on a day, oldest first. Receipts only: prepaid money of employers is not suspense.

    `old` keeps what is older than the alert's days; `text` is part of the payer's name or of the remittance text.
    """
    kept, given = _suspense_filter(centre_id, on, old, text, states)
    rows = _rows(
        f"{_RECEIPT} WHERE {kept} ORDER BY r.bank_on, r.id LIMIT %(limit)s OFFSET %(offset)s", given | {"limit": limit, "offset": offset}
    )
    views = [_receipt(row) for row in rows]
    return [SuspenseView(view, (on - view.bank_on).days, (on - view.bank_on).days > ALERT_AFTER_DAYS) for view in views]


@dataclass(frozen=True, slots=True)
class SuspenseTotals:
    """How many receipts wait, how many of them too long, and how much money they are."""

    count: int
    old: int
    money: Money


def suspense_totals(centre_id: int, on: date, *, old: bool = False, text: str = "") -> SuspenseTotals:
    """What `suspense` lists, counted; one query."""
    kept, given = _suspense_filter(centre_id, on, old, text, ())
    rows = _rows(
        f"""SELECT count(*), count(*) FILTER (WHERE r.bank_on < %(before)s), COALESCE(sum(a.balance_fen), 0)
            FROM treasury_receipt r JOIN ledger_account a ON a.id = r.ledger_account_id WHERE {kept}""",
        given,
    )
    return SuspenseTotals(rows[0][0], rows[0][1], Money(int(rows[0][2])))


def _suspense_filter(centre_id: int, on: date, old: bool, text: str, states: Sequence[str]) -> tuple[str, dict[str, Any]]:
    kept = _UNSPENT
    if old:
        kept += " AND r.bank_on < %(before)s"
    if text:
        kept += " AND (position(%(text)s IN r.payer_name) > 0 OR position(%(text)s IN r.summary) > 0)"
    if states:
        kept += " AND r.state = ANY(%(states)s)"
    before = on - timedelta(days=ALERT_AFTER_DAYS)
    return kept, {"centre": centre_id, "on": on, "before": before, "text": text, "states": list(states)}


_PAYMENT = """SELECT centre_id, id, source_kind, source_no, amount_fen, state, summary, explanation, bank_reference, send_seq_no,
    ordered_on, sent_on, settled_on, ledger_account_id FROM treasury_payment"""


def _payment(row: tuple[Any, ...]) -> PaymentView:
    centre_id, payment_id, kind, no, fen, *rest = row
    return PaymentView(number(PAYMENT, centre_id, payment_id), payment_id, kind, no, Money(fen), *rest)


def payment(centre_id: int, payment_no: str) -> PaymentView | None:
    try:
        payment_id = id_of(PAYMENT, payment_no)
    except NotANumber:
        return None
    rows = _rows(f"{_PAYMENT} WHERE centre_id = %s AND id = %s", [centre_id, payment_id])
    return _payment(rows[0]) if rows else None


def payments_of(centre_id: int, source_kind: str, source_nos: Sequence[str]) -> dict[str, list[PaymentView]]:
    """Every payment ordered for these documents, in order."""
    found: dict[str, list[PaymentView]] = {}
    if not source_nos:
        return found
    for row in _rows(
        f"{_PAYMENT} WHERE centre_id = %s AND source_kind = %s AND source_no = ANY(%s) ORDER BY id",
        [centre_id, source_kind, list(source_nos)],
    ):
        found.setdefault(row[3], []).append(_payment(row))
    return found


def open_payments(centre_id: int, *, single: bool = False) -> list[PaymentView]:
    """Payments whose end is not known: not sent, sent, or in process at the bank. `single` leaves out what goes in a batch."""
    alone = " AND batch_id IS NULL" if single else ""
    rows = _rows(f"{_PAYMENT} WHERE centre_id = %s AND state IN ('READY', 'SENT', 'PROCESSING'){alone} ORDER BY id", [centre_id])
    return [_payment(row) for row in rows]


def returned_payments(centre_id: int, source_kind: str) -> list[PaymentView]:
    """付款退汇 of this business: paid, and the money came back later."""
    rows = _rows(f"{_PAYMENT} WHERE centre_id = %s AND source_kind = %s AND state = 'RETURNED' ORDER BY id", [centre_id, source_kind])
    return [_payment(row) for row in rows]


def payments(centre_id: int, *, since: date, until: date, limit: int = 200, offset: int = 0) -> list[PaymentView]:
    """Payments ordered on days [since, until), newest first."""
    rows = _rows(
        f"{_PAYMENT} WHERE centre_id = %s AND ordered_on >= %s AND ordered_on < %s ORDER BY id DESC LIMIT %s OFFSET %s",
        [centre_id, since, until, limit, offset],
    )
    return [_payment(row) for row in rows]


def collection(centre_id: int, source_kind: str, source_no: str) -> CollectionView | None:
    """A batch collection with what became of each line."""
    heads = _rows(
        "SELECT id, amount_fen, state, receipt_id FROM treasury_collection WHERE centre_id = %s AND source_kind = %s AND source_no = %s",
        [centre_id, source_kind, source_no],
    )
    if not heads:
        return None
    collection_id, fen, state, receipt_id = heads[0]
    lines = _rows(
        "SELECT line_no, source_no, amount_fen, state, explanation FROM treasury_collectionline WHERE centre_id = %s AND collection_id = %s ORDER BY line_no",
        [centre_id, collection_id],
    )
    return CollectionView(
        number(COLLECTION, centre_id, collection_id),
        source_kind,
        source_no,
        Money(fen),
        state,
        number(RECEIPT, centre_id, receipt_id) if receipt_id else None,
        tuple(CollectionLineView(no, source, Money(f), s, words) for no, source, f, s, words in lines),
    )


def collection_state(centre_id: int, source_kind: str, source_no: str) -> str | None:
    """How far a batch collection is, without its lines; None when none was ordered."""
    rows = _rows(
        "SELECT state FROM treasury_collection WHERE centre_id = %s AND source_kind = %s AND source_no = %s",
        [centre_id, source_kind, source_no],
    )
    return str(rows[0][0]) if rows else None


def open_collections(centre_id: int) -> list[str]:
    """Numbers of collections whose result is not known."""
    rows = _rows("SELECT id FROM treasury_collection WHERE centre_id = %s AND state IN ('SENT', 'PROCESSING') ORDER BY id", [centre_id])
    return [number(COLLECTION, centre_id, row[0]) for row in rows]


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A bank account to be listened to. `waits`: its centre has instructions under way, or money nobody tried to match."""

    centre_id: int
    account_no: str
    heard_from: date
    waits: bool


def agenda() -> list[AgendaLine]:
    """Every open bank account of every centre, in one query; needs no centre's scope."""
    return [AgendaLine(*row) for row in _rows("SELECT centre_id, account_no, heard_from, waits FROM hpf_bank_agenda()", [])]


def has_unmatched(centre_id: int) -> bool:
    """Whether money came in, by a pushed notice say, that has not been tried to match."""
    sql = "SELECT EXISTS (SELECT 1 FROM treasury_receipt WHERE centre_id = %s AND state = 'SUSPENSE' AND reason_code = 'NEW')"
    return bool(_rows(sql, [centre_id])[0][0])


def has_suspense(centre_id: int) -> bool:
    """Whether any receipt waits to be matched, new or old."""
    return bool(_rows("SELECT EXISTS (SELECT 1 FROM treasury_receipt WHERE centre_id = %s AND state = 'SUSPENSE')", [centre_id])[0][0])


def reconciliations(centre_id: int, on: date) -> list[ReconciliationView]:
    """The reconciliation of each bank account on a day, with every difference in words."""
    rows = _rows(
        """SELECT r.bank_account_id, right(b.account_no, 4), b.bank_name, r.business_on, r.bank_fen, r.book_fen, r.ledger_fen, r.unexplained_fen, r.agrees,
                  COALESCE((SELECT array_agg(d.explanation ORDER BY d.occurred_on, d.id) FROM treasury_difference d
                            WHERE d.centre_id = r.centre_id AND d.reconciliation_id = r.id), '{}')
           FROM treasury_reconciliation r JOIN treasury_bankaccount b ON b.id = r.bank_account_id
           WHERE r.centre_id = %s AND r.business_on = %s ORDER BY b.subject, b.id""",
        [centre_id, on],
    )
    return [
        ReconciliationView(
            *row[:4], None if row[4] is None else Money(row[4]), Money(row[5]), Money(row[6]), Money(row[7]), row[8], tuple(row[9])
        )
        for row in rows
    ]
