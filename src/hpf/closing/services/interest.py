"""计提 销户结息 跨年更正: interest between two settlements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.accounts.rules.interest import Rates, Running
from hpf.closing.queries import interest as queries
from hpf.closing.rules.interest import amount_accrued, interest_missed
from hpf.closing.services.accounts import centre_accounts
from hpf.closing.services.record import StepDone, write
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg

PAYABLE, EXPENSE = 21101, 41101


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
    earning = queries.earning(centre_id, business_on)
    if earning.one_rate:
        running = queries.centre_running(centre_id, earning.year)
        owed = amount_accrued(running, earning.terms.method, earning.terms.current, business_on)
    else:
        owed = queries.earned_by_bucket(centre_id, earning)
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
class ClosingInterest:
    """销户结息: the interest credited before the account is paid out, and what of it had been accrued."""

    ledger_account_id: int
    interest: Money
    accrued: Money
    balance: Money
    journal_id: int | None


@command("closing.pay_closing_interest")
def pay_closing_interest(
    *, by: Actor, centre_id: int, ledger_account_id: int, business_on: date, at: datetime, key: str
) -> Decision[ClosingInterest]:
    """销户结息 (J4, its interest part): credit an account with its interest up to the day before `business_on`.

    The day of payment does not count (算头不算尾). What the month ends had accrued for this account comes from 应付利息,
    the rest is expense. The account must be emptied and closed on the same day; it then takes no part in the settlement.

    Locks    the account's row
    Refuses  an account that is closed, has no interest year, or was given closing interest already
    """
    account = ledger_queries.balance(ledger_account_id)
    if account.closed_on is not None or account.interest_year is None:
        return Decision.refused([Reason("NOT_BEARING", f"分户账{ledger_account_id}已销户或不计息，不能办理销户结息", ("条例/21",))])
    if _has_closing_interest(centre_id, ledger_account_id, account.interest_year):
        return Decision.refused([Reason("ALREADY_PAID", f"分户账{ledger_account_id}本年度已办理销户结息，请勿重复办理", ("条例/21",))])
    earning = queries.earning(centre_id, business_on, through=False)
    running = Running(InterestYear(account.interest_year), account.balance.fen, account.day_products, account.month_products)
    if earning.one_rate:
        interest = running.interest(earning.terms.method, earning.terms.current, close_on=business_on)
    else:
        interest = queries.earned_by_bucket(centre_id, earning, account_id=ledger_account_id)
    accrued = min(_accrued_of(centre_id, ledger_account_id, running, business_on), interest)
    journal_id = None
    if interest:
        own = centre_accounts(centre_id, (EXPENSE, PAYABLE), business_on)
        draft = Draft(
            centre_id=centre_id, kind="INTEREST_CLOSING", template="J4", business_on=business_on, value_on=business_on,
            source_kind="LEDGER_ACCOUNT", source_no=str(ledger_account_id), summary="销户结息", maker=by.user_id,
        )  # fmt: skip
        legs = [Leg(ledger_account_id, -interest.fen, 0)]
        legs += [Leg(own[PAYABLE], accrued.fen)] if accrued else []
        legs += [Leg(own[EXPENSE], (interest - accrued).fen)] if interest - accrued else []
        journal_id = ledger.post(draft, legs, f"{key}:J4")
    return Decision.approved(ClosingInterest(ledger_account_id, interest, accrued, account.balance + interest, journal_id))


def _has_closing_interest(centre_id: int, account_id: int, year: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 1 FROM ledger_leg l JOIN ledger_journal j ON j.centre_id = l.centre_id AND j.id = l.journal_id
               WHERE l.centre_id = %s AND l.account_id = %s AND l.business_on >= %s AND j.kind = 'INTEREST_CLOSING'
                 AND NOT EXISTS (SELECT 1 FROM ledger_journal r WHERE r.centre_id = j.centre_id AND r.reverses_id = j.id) LIMIT 1""",
            [centre_id, account_id, InterestYear(year).first_day],
        )
        return cursor.fetchone() is not None


def _accrued_of(centre_id: int, account_id: int, running: Running, on: date) -> Money:
    """What the last month end had accrued for this one account: its products through that day, at that day's rate."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT max(j.business_on) FROM ledger_journal j WHERE j.centre_id = %s AND j.kind = 'INTEREST_ACCRUAL'
               AND j.template = 'J17' AND j.business_on >= %s AND j.business_on < %s""",
            [centre_id, running.year.first_day, on],
        )
        last = cursor.fetchone()[0]
        if last is None:
            return Money(0)
        earning = queries.earning(centre_id, last)
        if not earning.one_rate:
            return queries.earned_by_bucket(centre_id, earning, account_id=account_id, posted_through=last)
        cursor.execute(
            """SELECT COALESCE(-sum(fen), 0), COALESCE(-sum(fen * hpf_day_weight(value_on, %s)), 0), COALESCE(-sum(fen * hpf_month_weight(value_on, %s)), 0)
               FROM ledger_leg WHERE centre_id = %s AND account_id = %s AND business_on > %s""",
            [running.year.year, running.year.year, centre_id, account_id, last],
        )
        since = [int(value) for value in cursor.fetchone()]
    then = Running(running.year, running.balance_fen - since[0], running.day_products - since[1], running.month_products - since[2])
    return amount_accrued(then, earning.terms.method, earning.terms.current, last)


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
        method = queries.terms(centre_id, InterestYear.of(value_on).last_day).method
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
    return queries.terms(centre_id, day).rates
