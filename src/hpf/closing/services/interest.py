"""计提 跨年更正: interest between two settlements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.accounts.queries.interest import earned_by_bucket, earning, terms
from hpf.accounts.rules.interest import Rates, amount_accrued
from hpf.accounts.services.closing_interest import EXPENSE, PAYABLE
from hpf.closing.queries import interest as queries
from hpf.closing.rules.interest import interest_missed
from hpf.closing.services.accounts import centre_accounts
from hpf.closing.services.record import StepDone, write
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg


@dataclass(frozen=True, slots=True)
class Accrued:
    """计提: what is owed in the interest year so far, what was accrued before, and what this journal adds (or takes back)."""

    owed: Money
    before: Money
    added: Money
    journal_id: int | None


@command("closing.close_day")
def accrue(*, by: Actor, centre_id: int, business_on: date, at: datetime, key: str) -> Accrued:
    """月末计提 (J17): bring 应付利息 up to the interest earned through `business_on`, estimated over all accounts at once.

    Writes   at most one journal 41101 -> 21101, red when more was accrued than is owed; the step
    Again    nothing to add
    """
    how = earning(centre_id, business_on)
    if how.one_rate:
        running = queries.centre_running(centre_id, how.year)
        owed = amount_accrued(running, how.terms.method, how.terms.current, business_on)
    else:
        owed = earned_by_bucket(centre_id, how)
    owed -= queries.paid_at_closing(centre_id, how.year)
    before = queries.accrued(centre_id)
    journal = post_expense(centre_id, owed - before, business_on, by, f"计提{business_on:%Y年%m月}职工利息", "J17", f"{key}:J17")
    write(
        centre_id, business_on, [StepDone("ACCRUE", "DONE", {"应计": str(owed), "已提": str(before), "本次": str(owed - before)})], by, at
    )
    return Accrued(owed, before, owed - before, journal)


def post_expense(centre_id: int, amount: Money, on: date, by: Actor, summary: str, template: str, key: str) -> int | None:
    """利息支出 to 应付利息, or back when negative. Inside a command."""
    if not amount:
        return None
    own = centre_accounts(centre_id, (EXPENSE, PAYABLE), on)
    draft = Draft(
        centre_id=centre_id, kind="INTEREST_ACCRUAL", template=template, business_on=on, value_on=on,
        source_kind="INTEREST_YEAR", source_no=str(InterestYear.of(on).year), summary=summary, maker=by.user_id,
        correction="NORMAL" if amount.fen > 0 else "RED",
    )  # fmt: skip
    return ledger.post(draft, [Leg(own[EXPENSE], amount.fen), Leg(own[PAYABLE], -amount.fen)], key)


@dataclass(frozen=True, slots=True)
class Corrected:
    """跨年更正利息: accounts given (or taken back) interest of frozen years, and the sum."""

    accounts: int
    interest: Money
    journal_id: int | None


def late_entries(centre_id: int, business_on: date) -> list[tuple[int, int, date, int]]:
    """Entries of the day with a value date in a settled year: (account, fen plus for the member, value date, running year)."""
    with connection.cursor() as cursor:
        cursor.execute(_BACK_VALUED, [centre_id, business_on, centre_id, business_on])
        return [(row[0], int(row[1]), row[2], row[3]) for row in cursor.fetchall()]


@command("closing.close_day")
def correct_frozen_years(*, by: Actor, centre_id: int, business_on: date, at: datetime, key: str) -> Corrected:
    """调账利息: entries of the day whose value date lies in a settled year get the interest that year would have given.

    The settled year itself stays frozen; the delta is an ADJUSTMENT of today. Merges carry old dates with money that
    was there all along, and openings are states and not corrections: neither is counted.

    Writes   at most one journal 41101 <-> 201; the step
    """
    missed: dict[int, Money] = {}
    for account_id, fen, value_on, until_year in late_entries(centre_id, business_on):
        method = terms(centre_id, InterestYear.of(value_on).last_day).method
        amount = interest_missed(fen, value_on, until_year, method, lambda day: _settled_rates(centre_id, day))
        missed[account_id] = missed.get(account_id, Money(0)) + amount
    legs = [Leg(account_id, -amount.fen, -amount.fen) for account_id, amount in sorted(missed.items()) if amount]
    total = Money(-sum(leg.fen for leg in legs))
    journal_id = None
    if legs:
        own = centre_accounts(centre_id, (EXPENSE,), business_on)
        draft = Draft(
            centre_id=centre_id, kind="ADJUSTMENT", template="J18", business_on=business_on,
            value_on=date(InterestYear.of(business_on).year, 7, 1), source_kind="INTEREST_YEAR",
            source_no=f"{business_on}", summary="已冻结结息年度的利息更正", maker=by.user_id,
        )  # fmt: skip
        balance = [Leg(own[EXPENSE], total.fen)] if total else []
        journal_id = ledger.post(draft, [*legs, *balance], f"{key}:ADJUSTMENT")
    write(centre_id, business_on, [StepDone("CORRECT", "DONE", {"户数": len(legs), "利息": str(total)})], by, at)
    return Corrected(len(legs), total, journal_id)


_BACK_VALUED = """
    SELECT l.account_id, -sum(l.fen), l.value_on, a.interest_year
    FROM ledger_leg l JOIN ledger_account a ON a.id = l.account_id
    JOIN ledger_journal j ON j.centre_id = l.centre_id AND j.id = l.journal_id
    WHERE l.centre_id = %s AND l.business_on = %s AND j.centre_id = %s AND j.business_on = %s AND l.subject = 201
      AND a.closed_on IS NULL AND l.value_on < make_date(a.interest_year, 7, 1)
      AND j.kind NOT IN ('MERGE', 'OPENING', 'INTEREST_SETTLEMENT') AND NOT (j.kind = 'ADJUSTMENT' AND j.template = 'J18')
    GROUP BY l.account_id, l.value_on, a.interest_year HAVING sum(l.fen) <> 0"""


def _settled_rates(centre_id: int, day: date) -> Rates:
    """The rates a year was settled at on its 30 June; the law's of that day for a year from before the platform."""
    settled = queries.settlement(centre_id, InterestYear.of(day).year)
    if settled is not None and day == InterestYear.of(day).last_day:
        return Rates(settled.rate_carried, settled.rate_current)
    return terms(centre_id, day).rates
