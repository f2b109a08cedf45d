"""结账: the books of a day are closed and proved in one transaction, so that nothing is posted between proof and close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from hpf.closing.queries.balance import balance_check
from hpf.closing.rules.balance import BalanceCheck, red
from hpf.closing.services.checks import keep_checks
from hpf.closing.services.record import StepDone, write
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.ledger import services as ledger


@dataclass(frozen=True, slots=True)
class Books:
    """The outcome: closed, with so many vouchers; or not, with the red checks."""

    closed: bool
    vouchers: int
    red: tuple[BalanceCheck, ...]


class _StaysOpen(Exception):
    """Undo the close of the ledger's day; what was compared is kept."""

    def __init__(self, checks: tuple[BalanceCheck, ...]) -> None:
        super().__init__("; ".join(check.check_id for check in checks if not check.ok))
        self.checks = checks


@command("closing.close_day")
def close_books(
    *, by: Actor, centre_id: int, business_on: date, before: tuple[StepDone, ...], attempt: int, full: bool, at: datetime, key: str
) -> Books:
    """Number the vouchers, keep the subjects' balances, close the day, and prove it: all of it or none of it.

    Locks    the centre's day, exclusively: postings under way end first, later ones find the day closed
    Writes   snapshot, vouchers, the proved balance of each unit; this step, and the stories that ran `before` it
    Refuses  nothing; a red check undoes the close and is written down with the places that differ
    Again    a closed day stays closed; a red one is proved anew under the next attempt's key
    """
    try:
        with transaction.atomic():
            vouchers = ledger.close_day(centre_id, business_on, f"日终记账:{by.user_id}")
            checks = balance_check(centre_id, business_on, full=full)
            if red(checks):
                raise _StaysOpen(tuple(checks))
            units = _prove_units(centre_id, business_on)
    except _StaysOpen as stays:
        differing = red(list(stays.checks))
        keep_checks(centre_id, business_on, stays.checks, by, at)
        write(centre_id, business_on, [*before, StepDone("BOOKS", "RED", {"差异": [check.text for check in differing]})], by, at)
        return Books(False, 0, differing)
    keep_checks(centre_id, business_on, checks, by, at)
    figures = {"凭证": vouchers, "变动单位": units, "核对": {c.check_id: str(c.left) for c in checks}}
    write(centre_id, business_on, [*before, StepDone("BOOKS", "DONE", figures)], by, at)
    return Books(True, vouchers, ())


_PROVE_UNITS = """
    WITH now AS (
        SELECT COALESCE(m.employer_account_id, 0) AS unit, sum(a.balance_fen)::bigint AS balance, sum(a.carried_fen)::bigint AS carried
        FROM ledger_account a LEFT JOIN accounts_memberaccount m ON m.centre_id = %(centre)s AND m.ledger_account_id = a.id
        WHERE a.centre_id = %(centre)s AND a.subject = 201 GROUP BY 1
    ), every AS (
        SELECT COALESCE(now.unit, p.employer_account_id) AS unit, COALESCE(now.balance, 0) AS balance, COALESCE(now.carried, 0) AS carried
        FROM now FULL JOIN (SELECT * FROM closing_unitbalance WHERE centre_id = %(centre)s) p ON p.employer_account_id = now.unit
        WHERE p.id IS NULL OR p.balance_fen <> COALESCE(now.balance, 0) OR p.carried_fen <> COALESCE(now.carried, 0)
    )
    INSERT INTO closing_unitbalance (centre_id, employer_account_id, proved_on, balance_fen, carried_fen)
    SELECT %(centre)s, unit, %(on)s, balance, carried FROM every
    ON CONFLICT ON CONSTRAINT closing_unit_once DO UPDATE SET proved_on = excluded.proved_on, balance_fen = excluded.balance_fen,
        carried_fen = excluded.carried_fen"""


_PROVE_MEMBERS = """
    INSERT INTO closing_memberunit (centre_id, ledger_account_id, employer_account_id)
    SELECT m.centre_id, m.ledger_account_id, m.employer_account_id FROM accounts_memberaccount m
    LEFT JOIN closing_memberunit p ON p.centre_id = m.centre_id AND p.ledger_account_id = m.ledger_account_id
    WHERE m.centre_id = %(centre)s AND m.ledger_account_id IS NOT NULL AND p.employer_account_id IS DISTINCT FROM m.employer_account_id
    ON CONFLICT ON CONSTRAINT closing_memberunit_once DO UPDATE SET employer_account_id = excluded.employer_account_id"""


def _prove_units(centre_id: int, on: date) -> int:
    """Keep each unit's balance and members as proved: the next day starts from them. Only what changed is written."""
    with connection.cursor() as cursor:
        cursor.execute(_PROVE_MEMBERS, {"centre": centre_id})
        cursor.execute(_PROVE_UNITS, {"centre": centre_id, "on": on})
        return int(cursor.rowcount)
