"""What the books say. Every amount is given on the account's normal side, unless a name says debit or credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, connections

from hpf.kernel.money import ZERO, Money

_GUARDS = (Path(__file__).resolve().parent / "guards.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class AccountView:
    """A ledger account. `day_products` and `month_products` run to the end of `interest_year` (fen·days, fen·months).

    `held` is what businesses set aside; `frozen` is what courts' orders name, which may exceed the balance. What of it is
    kept, and for whom, only `hpf.freezes` tells (ADR 0013); others read `available`.
    """

    account_id: int
    centre_id: int
    subject: int
    owner_kind: str
    owner_id: int
    balance: Money
    held: Money
    carried: Money
    interest_year: int | None
    day_products: int
    month_products: int
    closed_on: date | None
    frozen: Money = ZERO

    @property
    def available(self) -> Money:
        """What a debit may take now: never below zero, however much is ordered to be frozen."""
        return max(ZERO, self.balance - self.held - self.frozen)

    @property
    def is_bound(self) -> bool:
        """Whether a hold or an order stands on the account, even one that finds nothing there: it cannot be closed."""
        return bool(self.held or self.frozen)

    @property
    def current(self) -> Money:
        """当年归集余额."""
        return self.balance - self.carried


@dataclass(frozen=True, slots=True)
class FreezeView:
    """One open order on an account. `ordered` is what it still names (None: the whole account), `kept` what it keeps now."""

    freeze_id: int
    account_id: int
    reference: str
    ordered: Money | None
    taken: Money
    kept: Money


@dataclass(frozen=True, slots=True)
class EntryView:
    """One leg in an account's history; `amount` is positive when it increases the account."""

    journal_id: int
    line_no: int
    business_on: date
    value_on: date
    recorded_at: datetime
    kind: str
    correction: str
    source_kind: str
    source_no: str
    summary: str
    amount: Money
    carried: Money
    balance_after: Money


@dataclass(frozen=True, slots=True)
class LegView:
    line_no: int
    subject: int
    account_id: int
    fen: int
    carried_fen: int
    value_on: date


@dataclass(frozen=True, slots=True)
class JournalView:
    journal_id: int
    centre_id: int
    key: str
    kind: str
    template: str
    correction: str
    business_on: date
    value_on: date
    recorded_at: datetime
    source_kind: str
    source_no: str
    summary: str
    maker: str
    checker: str | None
    reverses_id: int | None
    legs: tuple[LegView, ...]


class NoSuchJournal(LookupError):
    """The centre has no journal with this id."""


def _rows(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


_ACCOUNT = """SELECT a.id, a.centre_id, a.subject, a.owner_kind, a.owner_id,
    a.balance_fen + CASE WHEN a.keeps_balance THEN 0 ELSE a.normal_side * COALESCE((SELECT sum(l.fen) FROM ledger_leg l
        WHERE l.centre_id = a.centre_id AND l.account_id = a.id AND l.business_on > COALESCE(a.balance_on, DATE '1900-01-01')), 0)::bigint END,
    a.held_fen, a.carried_fen, a.interest_year, a.day_products, a.month_products, a.closed_on, a.frozen_fen FROM ledger_account a"""


def balances(account_ids: Sequence[int]) -> dict[int, AccountView]:
    """Many accounts in one query. Accounts of other centres are not there."""
    return {row[0]: _account(row) for row in _rows(f"{_ACCOUNT} WHERE a.id = ANY(%s)", [list(account_ids)])}


def balance(account_id: int) -> AccountView:
    """One account; KeyError when the centre has none with this id."""
    rows = _rows(f"{_ACCOUNT} WHERE a.id = %s", [account_id])
    if not rows:
        raise KeyError(account_id)
    return _account(rows[0])


def _account(row: tuple[Any, ...]) -> AccountView:
    return AccountView(*row[:5], Money(row[5]), Money(row[6]), Money(row[7]), *row[8:12], Money(row[12]))


def guards(centre_id: int) -> list[tuple[str, bool]]:
    """(what guards the centre's books, whether it stands): triggers, constraints, row-level security, what the application may not do.

    All of them stand unless the owner of the tables took one down. One query on the catalogue.
    """
    return [(name, stands) for name, stands in _rows(_GUARDS, {"centre": centre_id})]


def freezes_on(account_ids: Sequence[int]) -> list[FreezeView]:
    """The open orders on these accounts, in the order of their arrival, with what each keeps at this moment."""
    rows = _rows(
        """SELECT f.id, f.account_id, f.reference, f.fen - f.taken_fen, f.taken_fen,
                  greatest(0, least(hpf_ordered(f.fen, f.taken_fen), a.balance_fen - a.held_fen - COALESCE(sum(hpf_ordered(f.fen, f.taken_fen))
                      OVER (PARTITION BY f.account_id ORDER BY f.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)))::bigint
           FROM ledger_freeze f JOIN ledger_account a ON a.id = f.account_id
           WHERE f.account_id = ANY(%s) AND f.lifted_at IS NULL ORDER BY f.account_id, f.id""",
        [list(account_ids)],
    )
    return [FreezeView(*row[:3], None if row[3] is None else Money(row[3]), Money(row[4]), Money(row[5])) for row in rows]


def account_ids(centre_id: int, subject: int, owner_kind: str, owner_ids: Sequence[int]) -> dict[int, int]:
    """{owner_id: ledger account} of those owners that have one."""
    rows = _rows(
        "SELECT owner_id, id FROM ledger_account WHERE centre_id = %s AND subject = %s AND owner_kind = %s AND owner_id = ANY(%s)",
        [centre_id, subject, owner_kind, list(owner_ids)],
    )
    return dict(rows)


def history(account_id: int, since: date, until: date, limit: int = 200, offset: int = 0) -> list[EntryView]:
    """Entries with business day in [since, until), newest first, each with the balance after it.

    The running balance counts every leg of the account, in posting order, whatever the window shows.
    """
    rows = _rows(
        """SELECT h.journal_id, h.line_no, h.business_on, h.value_on, j.recorded_at, j.kind, j.correction, j.source_kind, j.source_no,
                  j.summary, h.amount, h.carried, h.after
           FROM (SELECT l.centre_id, l.journal_id, l.line_no, l.business_on, l.value_on, a.normal_side * l.fen AS amount,
                        a.normal_side * l.carried_fen AS carried,
                        (sum(a.normal_side * l.fen) OVER (ORDER BY l.journal_id, l.line_no))::bigint AS after
                 FROM ledger_leg l JOIN ledger_account a ON a.id = l.account_id
                 WHERE l.account_id = %s AND l.centre_id = a.centre_id) h
           JOIN ledger_journal j ON j.centre_id = h.centre_id AND j.id = h.journal_id
           WHERE h.business_on >= %s AND h.business_on < %s
           ORDER BY h.journal_id DESC, h.line_no DESC LIMIT %s OFFSET %s""",
        [account_id, since, until, limit, offset],
    )
    return [EntryView(*row[:10], Money(row[10]), Money(row[11]), Money(row[12])) for row in rows]


def history_count(account_id: int, since: date, until: date) -> int:
    """How many entries `history` has in the window."""
    rows = _rows(
        "SELECT count(*) FROM ledger_leg WHERE account_id = %s AND business_on >= %s AND business_on < %s", [account_id, since, until]
    )
    return int(rows[0][0])


def journal(centre_id: int, journal_id: int) -> JournalView:
    """A journal with its legs. Raises NoSuchJournal."""
    heads = _rows(
        "SELECT id, centre_id, key, kind, template, correction, business_on, value_on, recorded_at, source_kind, source_no, summary,"
        " maker, checker, reverses_id FROM ledger_journal WHERE centre_id = %s AND id = %s",
        [centre_id, journal_id],
    )
    if not heads:
        raise NoSuchJournal(f"本中心没有凭证 {journal_id}")
    legs = _rows(
        "SELECT line_no, subject, account_id, fen, carried_fen, value_on FROM ledger_leg WHERE centre_id = %s AND journal_id = %s ORDER BY line_no",
        [centre_id, journal_id],
    )
    return JournalView(*heads[0], legs=tuple(LegView(*leg) for leg in legs))


def subject_balances(centre_id: int, on: date) -> dict[int, Money]:
    """Every subject's balance at the end of `on`, debit positive: the last snapshot before plus the legs since."""
    rows = _rows(
        """WITH snapshot AS (SELECT max(business_on) AS day FROM ledger_day WHERE centre_id = %(centre)s AND business_on <= %(on)s)
           SELECT subject, sum(fen)::bigint FROM (
               SELECT d.subject, d.closing_fen AS fen FROM ledger_day d, snapshot s WHERE d.centre_id = %(centre)s AND d.business_on = s.day
               UNION ALL
               SELECT l.subject, l.fen FROM ledger_leg l, snapshot s
               WHERE l.centre_id = %(centre)s AND l.business_on <= %(on)s AND l.business_on > COALESCE(s.day, DATE '1900-01-01')
           ) t GROUP BY subject""",
        {"centre": centre_id, "on": on},  # type: ignore[arg-type]
    )
    return {subject: Money(fen) for subject, fen in rows}


class NoOpenDay(LookupError):
    """The centre has no open business day."""


def business_day(centre_id: int) -> date:
    """The open accounting day of the centre. Raises NoOpenDay before the first is opened."""
    rows = _rows("SELECT business_on FROM ledger_business_day WHERE centre_id = %s AND state = 'OPEN'", [centre_id])
    if not rows:
        raise NoOpenDay(f"中心 {centre_id} 没有打开的会计日，请先由会计打开会计日")
    day: date = rows[0][0]
    return day


def open_days() -> dict[int, date]:
    """The open accounting day of every centre that has one; one query, as the observer of all centres."""
    with connections["observer"].cursor() as cursor:
        cursor.execute("SELECT centre_id, business_on FROM ledger_business_day_v1 WHERE state = 'OPEN' ORDER BY centre_id")
        return dict(cursor.fetchall())


def last_closed_day(centre_id: int) -> date | None:
    """The last accounting day that was closed."""
    day: date | None = _rows("SELECT max(business_on) FROM ledger_business_day WHERE centre_id = %s AND state = 'CLOSED'", [centre_id])[0][
        0
    ]
    return day
