"""账本: the bank's accounts, entries and instructions in one SQLite file. What is committed here survives a kill."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS account (
    no TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('FUND', 'PUBLIC', 'CARD')),
    unit TEXT NOT NULL DEFAULT '', balance_fen INTEGER NOT NULL DEFAULT 0, day_products INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account_no TEXT NOT NULL, day TEXT NOT NULL, fen INTEGER NOT NULL,
    balance_fen INTEGER NOT NULL, counter_no TEXT NOT NULL, counter_name TEXT NOT NULL, summary TEXT NOT NULL,
    kind TEXT NOT NULL, seq_no TEXT NOT NULL DEFAULT '', reference TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS running (unit TEXT PRIMARY KEY, last INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS entry_of_day ON entry (account_no, day, id);
CREATE TABLE IF NOT EXISTS instruction (
    unit TEXT NOT NULL, seq_no TEXT NOT NULL, code TEXT NOT NULL, digest TEXT NOT NULL, payload TEXT NOT NULL,
    state INTEGER NOT NULL, rtn_code TEXT NOT NULL, rtn_message TEXT NOT NULL, reference TEXT NOT NULL DEFAULT '',
    day TEXT NOT NULL, due_on TEXT, outcome TEXT NOT NULL DEFAULT 'DONE', return_on TEXT, PRIMARY KEY (unit, seq_no));
CREATE INDEX IF NOT EXISTS instruction_due ON instruction (due_on) WHERE due_on IS NOT NULL;
CREATE INDEX IF NOT EXISTS instruction_return ON instruction (return_on) WHERE return_on IS NOT NULL;
CREATE TABLE IF NOT EXISTS batch_line (
    unit TEXT NOT NULL, seq_no TEXT NOT NULL, line_no TEXT NOT NULL, account_no TEXT NOT NULL, name TEXT NOT NULL,
    fen INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 2, message TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit, seq_no, line_no));
CREATE TABLE IF NOT EXISTS notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT, unit TEXT NOT NULL, entry_id INTEGER NOT NULL, not_before TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, next_epoch INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS notice_waiting ON notice (delivered, next_epoch) WHERE delivered = 0;
CREATE TABLE IF NOT EXISTS nonce (nonce TEXT PRIMARY KEY, epoch INTEGER NOT NULL);
"""

PER_CUSTOMER = 100_000_000
LAST_CUSTOMER = 90
"""References of customers' entries run from 1 00000001 to 89 99999999. Below are other accounts' entries by their id, above
what the bank says it did and has not done."""


class Book:
    """One connection, one writer at a time."""

    def __init__(self, path: str, *, first_day: date) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)
        self._number_former_entries()
        self._db.execute("INSERT OR IGNORE INTO fact VALUES ('business_on', ?)", [first_day.isoformat()])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        with self._lock:
            return self._db.execute(sql, values).fetchone()

    def write(self, sql: str, *values: Any) -> int:
        """Runs inside `transaction`. Gives the last row's id."""
        with self._lock:
            return self._db.execute(sql, values).lastrowid or 0

    def fact(self, name: str, default: str = "") -> str:
        found = self.row("SELECT value FROM fact WHERE name = ?", name)
        return found["value"] if found else default

    def set_fact(self, name: str, value: str) -> None:
        self.write("INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)

    @property
    def business_on(self) -> date:
        return date.fromisoformat(self.fact("business_on"))

    def account(self, no: str) -> sqlite3.Row | None:
        return self.row("SELECT * FROM account WHERE no = ?", no)

    def set_account(self, no: str, name: str, kind: str, *, unit: str = "", balance_fen: int | None = None) -> None:
        """Open an account or change its holder; an existing balance changes only when one is given."""
        with self.transaction():
            self.write(
                "INSERT INTO account (no, name, kind, unit, balance_fen) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (no) DO UPDATE SET name = excluded.name, kind = excluded.kind, unit = excluded.unit",
                no,
                name,
                kind,
                unit,
                balance_fen or 0,
            )
            if balance_fen is not None:
                self.write("UPDATE account SET balance_fen = ? WHERE no = ?", balance_fen, no)

    def enter(self, account_no: str, fen: int, *, counter_no: str, counter_name: str, summary: str, kind: str, seq_no: str = "") -> str:
        """One entry on one account on the bank's day. Gives the bank's reference of it, which no other entry has."""
        self.write("UPDATE account SET balance_fen = balance_fen + ? WHERE no = ?", fen, account_no)
        day = self.business_on
        entry_id = self.write(
            "INSERT INTO entry (account_no, day, fen, balance_fen, counter_no, counter_name, summary, kind, seq_no)"
            " SELECT no, ?, ?, balance_fen, ?, ?, ?, ?, ? FROM account WHERE no = ?",
            day.isoformat(),
            fen,
            counter_no,
            counter_name,
            summary,
            kind,
            seq_no,
            account_no,
        )
        given = reference(day, self._running(account_no, entry_id))
        self.write("UPDATE entry SET reference = ? WHERE id = ? AND reference = ''", given, entry_id)
        return given

    def _running(self, account_no: str, entry_id: int) -> int:
        """Entries of a customer's fund accounts are counted by customer, so that a number does not say whom else the bank served."""
        account = self.account(account_no)
        customer = account["unit"][2:] if account is not None and account["kind"] == "FUND" else ""
        if not (customer.isdecimal() and 0 < int(customer) < LAST_CUSTOMER):
            return entry_id
        counted = "INSERT INTO running VALUES (?, 1) ON CONFLICT (unit) DO UPDATE SET last = last + 1 RETURNING last"
        return int(customer) * PER_CUSTOMER + int(self.rows(counted, account["unit"])[0]["last"])

    def last_entry(self, account_no: str) -> int:
        """The id of the entry that was made last on an account that has one of today."""
        day = self.business_on.isoformat()
        return int(self.rows("SELECT max(id) AS id FROM entry WHERE account_no = ? AND day = ?", account_no, day)[0]["id"])

    def _number_former_entries(self) -> None:
        """A book kept before entries carried their reference: it was made of their id."""
        if all(column["name"] != "reference" for column in self._db.execute("PRAGMA table_info(entry)")):
            self._db.execute("ALTER TABLE entry ADD COLUMN reference TEXT NOT NULL DEFAULT ''")
            self._db.execute("UPDATE entry SET reference = replace(day, '-', '') || printf('%010d', id)")


def reference(day: date, running: int) -> str:
    """The bank's own number of an entry (HostSeqNo)."""
    return f"{day:%Y%m%d}{running:010d}"
