"""年度结息: first every account's interest is calculated and kept, then it is checked, then all of it is posted or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from hpf.accounts.queries import interest as earnings
from hpf.accounts.queries.interest import Earning
from hpf.accounts.services.closing_interest import PAYABLE
from hpf.closing.queries import interest as queries
from hpf.closing.queries.interest import SettlementView
from hpf.closing.rules.interest import SettlementFacts, check_settlement, difference_case
from hpf.closing.services.accounts import centre_accounts
from hpf.closing.services.interest import post_expense
from hpf.closing.services.record import StepDone, write
from hpf.db.command import command, step
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.treasury import queries as treasury

_CALCULATE = (Path(__file__).resolve().parent.parent / "settlement.sql").read_text(encoding="utf-8")
_LAW = ("财会字〔1999〕33号/年度结息",)


class SettlementStale(Exception):
    """Something was posted between calculation and posting: nothing is kept, and the story calculates again."""


@dataclass(frozen=True, slots=True)
class Calculated:
    """The staging of a settlement. `lines_digest` names every line: equal digests are equal settlements."""

    year: int
    accounts: int
    interest: Money
    accrued: Money
    case: str
    lines_digest: str


@dataclass(frozen=True, slots=True)
class Posted:
    """The posted settlement: one journal for each unit that has interest or moves 当年归集 to 上年结转."""

    year: int
    accounts: int
    interest: Money
    difference: Money
    case: str
    journals: int
    lines_digest: str


def settle_interest(
    *, centre_id: int, year: int, dry_run: bool, by: Actor, at: datetime, key: str
) -> Decision[Posted] | Decision[Calculated]:
    """结息: the whole of it, safe to run again wherever it stopped. With `dry_run` nothing is posted.

    Calculated again whenever something moved since; posted once, on 30 June, at the end of the interest year. A refusal
    holds for the calculation that was refused, not for the year.
    """
    for attempt in range(1, 6):
        before = _current(centre_id, year)
        if before is None or before.state != "POSTED":
            calculated = calculate(by=by, centre_id=centre_id, year=year, at=at, key=f"{key}:calculate:{_version(before)}:{attempt}")
            if dry_run or not calculated.is_approved:
                return calculated
        elif dry_run:
            return Decision.approved(_as_calculated(before))
        try:
            version = _version(_current(centre_id, year))
            return post(by=by, centre_id=centre_id, year=year, at=at, key=f"settle:{centre_id}:{year}:{version}")
        except SettlementStale:
            continue
    reason = Reason("SETTLEMENT_BUSY", f"{year}年度结息计算后仍有新的记账，已重算5次，请在停止记账后再结息", _LAW)
    return Decision.refused([reason])


def _current(centre_id: int, year: int) -> SettlementView | None:
    with centre_scope(centre_id):
        return queries.settlement(centre_id, year)


def _version(settlement: SettlementView | None) -> str:
    return "0" if settlement is None else settlement.calculated_at.isoformat()


def _as_calculated(view: SettlementView) -> Calculated:
    return Calculated(
        view.year, view.accounts, view.interest, view.accrued, difference_case(view.interest, view.accrued), view.lines_digest
    )


@command("closing.settle_interest")
def calculate(*, by: Actor, centre_id: int, year: int, at: datetime, key: str) -> Decision[Calculated]:
    """结息第一步: put every account's products, rates and interest into the staging table. Nothing moves.

    Writes   one line for every personal account that is not closed, sealed and frozen ones too; the settlement's head
    Refuses  SETTLED: the year is posted and frozen
    Again    the staging is made anew
    """
    ends_on = InterestYear(year).last_day
    settled = queries.settlement(centre_id, year)
    if settled is not None and settled.state == "POSTED":
        return Decision.refused([Reason("SETTLED", f"{year}年度已结息入账并冻结，更正请用调账", _LAW)])
    earning = earnings.earning(centre_id, ends_on)
    terms = earning.terms
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM closing_settlementline WHERE centre_id = %s AND year = %s", [centre_id, year])
        cursor.execute(_CALCULATE, _values(centre_id, earning))
        cursor.execute(_SUMMARY, {"centre": centre_id, "year": year})
        accounts, interest, accounts_digest, lines_digest = cursor.fetchone()
        accrued = queries.accrued(centre_id)
        cursor.execute(
            """INSERT INTO closing_settlement (centre_id, year, state, method, rate_carried, rate_current, accounts, accounts_digest,
                   interest_fen, accrued_fen, lines_digest, policy_digest, journals, calculated_by, calculated_at, posted_by)
               VALUES (%s, %s, 'CALCULATED', %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, %s, %s, '')
               ON CONFLICT ON CONSTRAINT closing_settlement_once DO UPDATE SET method = excluded.method, rate_carried = excluded.rate_carried,
                   rate_current = excluded.rate_current, accounts = excluded.accounts, accounts_digest = excluded.accounts_digest,
                   interest_fen = excluded.interest_fen, accrued_fen = excluded.accrued_fen, lines_digest = excluded.lines_digest,
                   policy_digest = excluded.policy_digest, calculated_by = excluded.calculated_by, calculated_at = excluded.calculated_at""",
            [centre_id, year, terms.method.value, terms.carried.percent, terms.current.percent, accounts, accounts_digest,
             interest, accrued.fen, lines_digest, terms.digest, by.user_id, at],
        )  # fmt: skip
    total = Money(int(interest))
    return Decision.approved(Calculated(year, accounts, total, accrued, difference_case(total, accrued), lines_digest))


def _values(centre_id: int, earning: Earning) -> dict[str, Any]:
    return {**earning.values, "centre": centre_id}


_SUMMARY = """
    SELECT count(*)::integer, COALESCE(sum(interest_fen), 0)::bigint,
           encode(sha256(convert_to(COALESCE(string_agg(ledger_account_id::text, ',' ORDER BY ledger_account_id), ''), 'UTF8')), 'hex'),
           encode(sha256(convert_to(COALESCE(string_agg(concat_ws(':', ledger_account_id, employer_account_id, balance_fen, carried_fen, products,
               carried_products, interest_fen), ',' ORDER BY ledger_account_id), ''), 'UTF8')), 'hex')
    FROM closing_settlementline WHERE centre_id = %(centre)s AND year = %(year)s"""


@command("closing.settle_interest")
def post(*, by: Actor, centre_id: int, year: int, at: datetime, key: str) -> Decision[Posted]:
    """结息第二步: check the staging against the ledger, book the difference to what was accrued, credit every account.

    Locks    the centre's day, exclusively: nothing is posted between check and credit
    Writes   the accrual difference 41101 <-> 21101; one journal 21101 -> 201 for each unit; balances, buckets (当年归集
             becomes 上年结转) and products of the new year; the settlement POSTED, which freezes the year
    Refuses  NOT_SETTLEMENT_DAY: another day than 30 June; accounts missing or too many; a sum other than the ledger's; money arrived and not
             booked; accounts closed without interest
    Raises   SettlementStale when a posting came after the calculation: nothing is kept
    Again    the first answer
    """
    ledger.hold_day(centre_id)
    ends_on = InterestYear(year).last_day
    settled = queries.settlement(centre_id, year)
    if settled is None:
        return Decision.refused([Reason("NOT_CALCULATED", f"{year}年度尚未计算结息，请先计算", _LAW)])
    if (open_on := ledger_queries.business_day(centre_id)) != ends_on:
        message = f"{year}年度结息须在结息年度最后一天{ends_on}记账，当前会计日为{open_on}，请在{ends_on}日终时办理"
        return Decision.refused([Reason("NOT_SETTLEMENT_DAY", message, ("条例/21", *_LAW))])
    earning = earnings.earning(centre_id, ends_on)
    if settled.state != "POSTED" and _moved_since(centre_id, earning):
        raise SettlementStale(f"centre {centre_id} year {year}")
    reasons = check_settlement(_facts(centre_id, settled, earning))
    if reasons:
        return Decision.refused(reasons)
    accrued = queries.accrued(centre_id)
    difference = settled.interest - accrued
    case = difference_case(settled.interest, accrued)
    post_expense(centre_id, difference, ends_on, by, f"{year}年度结息差额（{case}）", "J18", f"{key}:difference")
    journals = _credit(centre_id, year, ends_on, by, key)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE closing_settlement SET state = 'POSTED', accrued_fen = %s, journals = %s, posted_by = %s, posted_at = %s
               WHERE centre_id = %s AND year = %s""",
            [accrued.fen, journals, by.user_id, at, centre_id, year],
        )
    figures = {
        "年度": year,
        "户数": settled.accounts,
        "利息": str(settled.interest),
        "差额": str(difference),
        "情形": case,
        "分录": journals,
    }
    write(centre_id, ends_on, [StepDone("SETTLE", "DONE", figures)], by, at)
    return Decision.approved(Posted(year, settled.accounts, settled.interest, difference, case, journals, settled.lines_digest))


@step
def _credit(centre_id: int, year: int, on: date, by: Actor, key: str) -> int:
    payable = centre_accounts(centre_id, (PAYABLE,), on)[PAYABLE]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT array_agg(l.ledger_account_id)::text, array_agg(l.employer_account_id)::text, array_agg(COALESCE(e.account_no, '0'))::text,
                      array_agg(l.interest_fen)::text
               FROM closing_settlementline l LEFT JOIN accounts_employeraccount e ON e.centre_id = l.centre_id AND e.id = l.employer_account_id
               WHERE l.centre_id = %s AND l.year = %s""",
            [centre_id, year],
        )
        accounts, groups, group_nos, interest = cursor.fetchone()
    return ledger.settle_interest(
        centre_id=centre_id, year=year, business_on=on, payable_id=payable, maker=by.user_id, checker=None,
        accounts=accounts or "{}", groups=groups or "{}", group_nos=group_nos or "{}", interest=interest or "{}", key=key,
    )  # fmt: skip


def _facts(centre_id: int, settled: SettlementView, earning: Earning) -> SettlementFacts:
    """What the staging says next to what the ledger says now."""
    year = InterestYear(settled.year)
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARY, {"centre": centre_id, "year": settled.year})
        accounts, interest, digest, _ = cursor.fetchone()
        cursor.execute(_LEDGER_SAYS, {**_values(centre_id, earning), "year_first": year.first_day})
        in_ledger, digest_in_ledger, planned, unpaid_closed = cursor.fetchone()
    unposted = sum(
        1 for matched in treasury.matched_receipts(centre_id, "REMITTANCE")
        if any(receipt.value_on <= year.last_day for receipt in matched.receipts)
    ) - _waiting(centre_id)  # fmt: skip
    return SettlementFacts(
        settled.year,
        accounts,
        in_ledger,
        digest,
        digest_in_ledger,
        Money(int(interest)),
        Money(int(planned)),
        max(0, unposted),
        unpaid_closed,
    )


_LEDGER_SAYS = """
    SELECT count(*) FILTER (WHERE open)::integer,
           encode(sha256(convert_to(COALESCE(string_agg(id::text, ',' ORDER BY id) FILTER (WHERE open), ''), 'UTF8')), 'hex'),
           COALESCE(sum(greatest(0, hpf_round_div(CASE WHEN %(by_bucket)s THEN COALESCE(c.weighted, 0) ELSE products * %(rate)s END, periods * 1000000000)
                    - COALESCE(e.fen, 0))) FILTER (WHERE open), 0)::bigint,
           count(*) FILTER (WHERE NOT open AND products > 0 AND NOT EXISTS (
               SELECT 1 FROM ledger_leg l JOIN ledger_journal j ON j.centre_id = l.centre_id AND j.id = l.journal_id
               WHERE l.centre_id = %(centre)s AND l.account_id = a.id AND l.business_on >= %(year_first)s AND j.kind IN ('INTEREST_CLOSING', 'MERGE')))::integer
    FROM (SELECT id, closed_on IS NULL AS open, (CASE WHEN %(by_months)s THEN month_products ELSE day_products END)::numeric AS products,
                 (CASE WHEN %(by_months)s THEN 12 ELSE 360 END)::numeric AS periods
          FROM ledger_account WHERE centre_id = %(centre)s AND bears_interest AND interest_year = %(year)s
            AND (closed_on IS NULL OR closed_on >= %(year_first)s)) a
    LEFT JOIN hpf_weighted_legs(%(centre)s, %(year)s, %(by_months)s, %(since)s::date[], %(until)s::date[], %(first)s::integer[], %(last)s::integer[],
                                %(carried)s::bigint[], %(current)s::bigint[], NULL, NULL) c ON %(by_bucket)s AND c.account_id = a.id
    LEFT JOIN hpf_closing_interest(%(centre)s, %(year_first)s) e ON e.account_id = a.id"""


def _waiting(centre_id: int) -> int:
    """Lists whose money is there but which cannot be booked for a reason of their own; they are written down as waiting."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM contributions_remittance WHERE centre_id = %s AND state IN ('CONFIRMED', 'PAID') AND waiting_code <> ''",
            [centre_id],
        )
        return int(cursor.fetchone()[0])


def _moved_since(centre_id: int, earning: Earning) -> bool:
    """Whether an account holds anything else than when it was calculated. The day's lock is held."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT 1 FROM closing_settlementline l JOIN ledger_account a ON a.id = l.ledger_account_id
                              WHERE l.centre_id = %(centre)s AND l.year = %(year)s AND (a.balance_fen <> l.balance_fen OR a.carried_fen <> l.carried_fen
                                OR l.products <> CASE WHEN %(by_months)s THEN a.month_products ELSE a.day_products END))""",
            _values(centre_id, earning),
        )
        return bool(cursor.fetchone()[0])
