"""年结: what a year has earned and spent, and what was made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hpf.closing.rules.year import YearResult
from hpf.kernel.money import Money
from hpf.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class YearEndView:
    """A closed accounting year. The three parts of the surplus are None until it is divided."""

    year: int
    state: str
    income: Money
    expense: Money
    surplus: Money
    sweep: Money
    risk_reserve: Money | None
    management_fee: Money | None
    housing_supplement: Money | None


def year_result(centre_id: int, on: date) -> YearResult:
    """Income and expense standing in the books at the end of `on`, by subject, each on its normal side."""
    balances = ledger.subject_balances(centre_id, on)
    income = tuple((subject, -fen) for subject, fen in sorted(balances.items()) if str(subject).startswith("401") and fen)
    expense = tuple((subject, fen) for subject, fen in sorted(balances.items()) if str(subject).startswith("411") and fen)
    return YearResult(income, expense)


def year_end(centre_id: int, year: int) -> YearEndView | None:
    """The centre's closed year, or None while it runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT year, state, income_fen, expense_fen, surplus_fen, sweep_fen, reserve_fen, fee_fen, supplement_fen
               FROM closing_yearend WHERE centre_id = %s AND year = %s""",
            [centre_id, year],
        )
        row = cursor.fetchone()
    return None if row is None else _view(row)


def _view(row: tuple[Any, ...]) -> YearEndView:
    parts = [None if fen is None else Money(fen) for fen in row[6:]]
    return YearEndView(row[0], row[1], Money(row[2]), Money(row[3]), Money(row[4]), Money(row[5]), *parts)
