"""Rows of the ledger as the full province needs them, by COPY: accounts, journals, legs, the cash book, closed days."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import numpy as np
import polars as pl

FIRST_DAY = date(2025, 6, 30)
OPEN_DAY = date(2026, 6, 30)
YEAR = 2025


def copy(connection: Any, table: str, columns: dict[str, Any]) -> int:
    """COPY columns of equal length into a table."""
    frame = pl.DataFrame(columns)
    names = ", ".join(columns)
    with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv, NULL '\\N')") as sink:
        for start in range(0, len(frame), 200_000):
            chunk = io.BytesIO()
            frame[start : start + 200_000].write_csv(chunk, include_header=False, null_value="\\N", date_format="%Y-%m-%d")
            sink.write(chunk.getvalue())
    return len(frame)


def empty_accounts(connection: Any, centre_id: int, ids: np.ndarray, subject: int, owner_kind: str, owners: np.ndarray) -> None:
    count = len(ids)
    copy(connection, "ledger_account", {
        "id": ids, "centre_id": np.full(count, centre_id), "subject": np.full(count, subject), "owner_kind": [owner_kind] * count, "owner_id": owners,
        "normal_side": np.full(count, -1), "keeps_balance": np.ones(count, dtype=bool), "bears_interest": np.zeros(count, dtype=bool),
        "opened_on": np.full(count, np.datetime64(FIRST_DAY)),
    })  # fmt: skip


def ledger_accounts(connection, centre_id, ids, owners, balance, carried, days, months, opened_on) -> None:  # type: ignore[no-untyped-def]
    count = len(ids)
    copy(connection, "ledger_account", {
        "id": ids, "centre_id": np.full(count, centre_id), "subject": np.full(count, 201), "owner_kind": ["MEMBER_ACCOUNT"] * count,
        "owner_id": owners, "normal_side": np.full(count, -1), "keeps_balance": np.ones(count, dtype=bool),
        "bears_interest": np.ones(count, dtype=bool), "balance_fen": balance, "held_fen": np.zeros(count, dtype=int), "carried_fen": carried,
        "interest_year": np.full(count, YEAR), "day_products": days, "month_products": months, "opened_on": opened_on,
    })  # fmt: skip


def journals(connection, centre_id, ids, kind, template, when, numbers, summary, lines, source="TAKE_OVER") -> None:  # type: ignore[no-untyped-def]
    count = len(ids)
    when = np.array(when, dtype="datetime64[D]")
    copy(connection, "ledger_journal", {
        "id": np.array(ids), "centre_id": np.full(count, centre_id), "key": [f"bench:{kind}:{number}" for number in numbers],
        "kind": [kind] * count, "template": [template] * count, "business_on": when, "value_on": when, "source_kind": [source] * count,
        "source_no": list(numbers), "summary": [summary] * count, "maker": ["bench"] * count, "lines": np.array(lines),
    })  # fmt: skip


def legs(connection, centre_id, journal, line, subject, account, fen, carried, when) -> None:  # type: ignore[no-untyped-def]
    keep = fen != 0
    copy(connection, "ledger_leg", {
        "centre_id": np.full(int(keep.sum()), centre_id), "journal_id": journal[keep], "line_no": line[keep], "subject": subject[keep],
        "account_id": account[keep], "fen": fen[keep], "carried_fen": carried[keep], "value_on": when[keep].astype("datetime64[D]"),
        "business_on": when[keep].astype("datetime64[D]"),
    })  # fmt: skip


def cash_book(connection: Any, centre_id: int, cash: list[tuple[int, str, int, date]]) -> None:
    """The cash book, and the bank's statement that says the same."""
    count = len(cash)
    days = np.array([day for *_, day in cash], dtype="datetime64[D]")
    fens = np.array([fen for _, _, fen, _ in cash], dtype=np.int64)
    references = [reference for _, reference, _, _ in cash]
    copy(connection, "treasury_cashentry", {
        "centre_id": np.full(count, centre_id), "bank_account_id": np.full(count, centre_id), "bank_reference": references, "amount_fen": fens,
        "kind": ["RECEIPT"] * count, "business_on": days, "value_on": days, "journal_id": [journal for journal, *_ in cash], "summary": ["汇缴"] * count,
    })  # fmt: skip
    copy(connection, "treasury_statementline", {
        "centre_id": np.full(count, centre_id), "bank_account_id": np.full(count, centre_id), "bank_reference": references, "bank_on": days,
        "amount_fen": fens, "counter_name": [""] * count, "summary": ["汇缴"] * count, "kind": ["PAY"] * count, "seq_no": [""] * count,
    })  # fmt: skip
    every, inverse = np.unique(days, return_inverse=True)
    closing = np.cumsum(np.bincount(inverse, weights=fens.astype(np.float64))).astype(np.int64)
    exact = np.zeros(len(every), dtype=np.int64)
    np.add.at(exact, inverse, fens)
    closing = np.cumsum(exact)
    copy(connection, "treasury_statementday", {
        "centre_id": np.full(len(every), centre_id), "bank_account_id": np.full(len(every), centre_id), "bank_on": every, "closing_fen": closing,
    })  # fmt: skip


_DAYS = """
INSERT INTO ledger_business_day (centre_id, business_on, state, closed_at)
SELECT centre_id, business_on, CASE WHEN business_on = %(open)s THEN 'OPEN' ELSE 'CLOSED' END, CASE WHEN business_on < %(open)s THEN now() END
FROM (SELECT DISTINCT centre_id, business_on FROM ledger_journal UNION SELECT id, %(open)s FROM parties_centre) d;
"""


_SNAPSHOTS = """
INSERT INTO ledger_day (centre_id, business_on, subject, opening_fen, debit_fen, credit_fen, closing_fen)
SELECT centre_id, business_on, subject, closing - debit + credit, debit, credit, closing FROM (
    SELECT d.centre_id, d.business_on, s.subject, COALESCE(m.debit, 0) AS debit, COALESCE(m.credit, 0) AS credit,
           (sum(COALESCE(m.debit, 0) - COALESCE(m.credit, 0)) OVER (PARTITION BY d.centre_id, s.subject ORDER BY d.business_on))::bigint AS closing
    FROM ledger_business_day d CROSS JOIN (VALUES (10101), (201)) s(subject)
    LEFT JOIN (SELECT centre_id, business_on, subject, COALESCE(sum(fen) FILTER (WHERE fen > 0), 0)::bigint AS debit,
                      COALESCE(-sum(fen) FILTER (WHERE fen < 0), 0)::bigint AS credit
               FROM ledger_leg GROUP BY 1, 2, 3) m USING (centre_id, business_on, subject)
    WHERE d.state = 'CLOSED') t
"""


_VOUCHERS = """
INSERT INTO ledger_voucher (centre_id, month, number, business_on, kind, template, journals, debit_fen, maker, booked_by)
SELECT centre_id, month, row_number() OVER (PARTITION BY centre_id, month ORDER BY business_on, kind), business_on, kind, template, journals, debit, 'bench', 'system:日终'
FROM (SELECT j.centre_id, extract(year FROM j.business_on)::int * 12 + extract(month FROM j.business_on)::int - 1 AS month, j.business_on, j.kind, j.template,
             count(DISTINCT j.id) AS journals, sum(l.fen) FILTER (WHERE l.fen > 0) AS debit
      FROM ledger_journal j JOIN ledger_leg l ON l.centre_id = j.centre_id AND l.journal_id = j.id
      WHERE j.business_on < %(open)s GROUP BY 1, 2, 3, 4, 5) t
"""


_PROVED = """
INSERT INTO closing_memberunit (centre_id, ledger_account_id, employer_account_id)
SELECT centre_id, ledger_account_id, employer_account_id FROM accounts_memberaccount WHERE ledger_account_id IS NOT NULL;
INSERT INTO closing_unitbalance (centre_id, employer_account_id, proved_on, balance_fen, carried_fen)
SELECT a.centre_id, m.employer_account_id, (SELECT max(business_on) FROM ledger_business_day d WHERE d.centre_id = a.centre_id AND d.state = 'CLOSED'),
       sum(a.balance_fen), sum(a.carried_fen)
FROM ledger_account a JOIN accounts_memberaccount m ON m.centre_id = a.centre_id AND m.ledger_account_id = a.id
WHERE a.subject = 201 GROUP BY 1, 2
"""


_NUMBERED = """
SELECT hpf_go_on_after(centre_id, substr(number, 3, 1), max(substr(number, 4, 8)::bigint)) FROM (
    SELECT centre_id, account_no AS number FROM accounts_memberaccount UNION ALL SELECT centre_id, account_no FROM accounts_employeraccount
    UNION ALL SELECT centre_id, employer_no FROM parties_employer) given
GROUP BY centre_id, substr(number, 3, 1)
"""


def finish(connection: Any) -> None:
    """Days, snapshots, vouchers, hot balances, sequences, statistics for the planner."""
    connection.execute("SET work_mem = '512MB'; SET session_replication_role = replica")
    connection.execute(_DAYS, {"open": OPEN_DAY})
    connection.execute(_SNAPSHOTS)
    connection.execute(_VOUCHERS, {"open": OPEN_DAY})
    connection.execute(
        """UPDATE ledger_account a SET balance_fen = d.closing_fen, balance_on = d.business_on FROM ledger_day d
           WHERE a.subject = 10101 AND d.subject = 10101 AND d.centre_id = a.centre_id
             AND d.business_on = (SELECT max(business_on) FROM ledger_day x WHERE x.centre_id = a.centre_id)"""
    )
    for statement in _PROVED.split(";"):
        connection.execute(statement)
    rows = connection.execute(
        """SELECT c.table_name, c.column_name FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.is_identity = 'YES'
           AND c.table_name ~ '^(parties|accounts|ledger|treasury|contributions|closing)_[a-z]+$'"""
    ).fetchall()
    for table, column in rows:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), COALESCE((SELECT max({column}) FROM {table}), 0) + 1)"
        )
    connection.execute(_NUMBERED)
    connection.execute("VACUUM (ANALYZE)")
