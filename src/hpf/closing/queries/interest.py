"""积数 结息清单: what a centre's members have earned so far, and the lists of calculated and posted settlements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from hpf.accounts.rules.interest import Running
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.kernel.rate import Rate


@dataclass(frozen=True, slots=True)
class SettlementView:
    """A settlement: CALCULATED may be calculated again; POSTED is final and the year is frozen."""

    centre_id: int
    year: int
    state: str
    method: str
    rate_carried: Rate
    rate_current: Rate
    accounts: int
    accounts_digest: str
    interest: Money
    accrued: Money
    lines_digest: str
    policy_digest: str
    journals: int
    calculated_at: datetime
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineView:
    """One account's settled interest and the figures behind it. `products` in fen·days or fen·months by the method."""

    ledger_account_id: int
    employer_account_id: int
    balance: Money
    carried: Money
    products: int
    carried_products: int
    interest: Money


def _rows(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def centre_running(centre_id: int, year: InterestYear) -> Running:
    """Every open personal account of the centre as one: the sums of balances and of products of the running year."""
    row = _rows(
        """SELECT COALESCE(sum(balance_fen), 0)::bigint, COALESCE(sum(day_products), 0)::numeric(40, 0), COALESCE(sum(month_products), 0)::numeric(40, 0)
           FROM ledger_account WHERE centre_id = %s AND bears_interest AND closed_on IS NULL AND interest_year = %s""",
        [centre_id, year.year],
    )[0]
    return Running(year, int(row[0]), int(row[1]), int(row[2]))


def paid_at_closing(centre_id: int, year: InterestYear) -> Money:
    """Closing interest of this year on accounts that are still open: paid out, and waiting for the bank or the other city."""
    row = _rows(
        """SELECT COALESCE(sum(e.fen), 0)::bigint FROM hpf_closing_interest(%s, %s) e
           JOIN ledger_account a ON a.id = e.account_id AND a.closed_on IS NULL AND a.interest_year = %s""",
        [centre_id, year.first_day, year.year],
    )[0]
    return Money(int(row[0]))


def accrued(centre_id: int) -> Money:
    """应付公积金利息 (21101) as it stands now, credit positive."""
    row = _rows(
        """SELECT -COALESCE(sum(a.balance_fen * a.normal_side) + (SELECT COALESCE(sum(l.fen), 0) FROM ledger_leg l
                   WHERE l.centre_id = %s AND l.subject = 21101 AND l.business_on > COALESCE(max(a.balance_on), DATE '0001-01-01')), 0)::bigint
           FROM ledger_account a WHERE a.centre_id = %s AND a.subject = 21101""",
        [centre_id, centre_id],
    )[0]
    return Money(int(row[0]))


_SETTLEMENT = """SELECT centre_id, year, state, method, rate_carried, rate_current, accounts, accounts_digest, interest_fen, accrued_fen,
    lines_digest, policy_digest, journals, calculated_at, posted_at FROM closing_settlement"""


def settlement(centre_id: int, year: int) -> SettlementView | None:
    """The centre's settlement of an interest year, or None before it is calculated."""
    rows = _rows(f"{_SETTLEMENT} WHERE centre_id = %s AND year = %s", [centre_id, year])
    return _settlement(rows[0]) if rows else None


def settlements(centre_id: int) -> list[SettlementView]:
    """All settlements of the centre, the latest first."""
    return [_settlement(row) for row in _rows(f"{_SETTLEMENT} WHERE centre_id = %s ORDER BY year DESC", [centre_id])]


def _settlement(row: tuple[Any, ...]) -> SettlementView:
    return SettlementView(
        *row[:4], Rate(row[4]), Rate(row[5]), row[6], row[7], Money(row[8]), Money(row[9]), *row[10:]
    )  # fmt: skip


def settlement_lines(centre_id: int, year: int, ledger_account_ids: Sequence[int] | None = None) -> list[LineView]:
    """Lines of a settlement in account order; of these accounts only when given."""
    only = "" if ledger_account_ids is None else " AND ledger_account_id = ANY(%s)"
    rows = _rows(
        f"""SELECT ledger_account_id, employer_account_id, balance_fen, carried_fen, products, carried_products, interest_fen
            FROM closing_settlementline WHERE centre_id = %s AND year = %s{only} ORDER BY ledger_account_id""",
        [centre_id, year] if ledger_account_ids is None else [centre_id, year, list(ledger_account_ids)],
    )
    return [LineView(row[0], row[1], Money(row[2]), Money(row[3]), int(row[4]), int(row[5]), Money(row[6])) for row in rows]
