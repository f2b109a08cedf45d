"""销户结息: the interest an account has earned to the day, credited just before it is paid out and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from hpf.accounts.models import MemberAccount
from hpf.accounts.queries.interest import earned_by_bucket, earning
from hpf.accounts.rules.interest import Running, amount_accrued
from hpf.db.command import step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg

PAYABLE, EXPENSE = 21101, 41101
"""应付公积金利息 and 公积金利息支出."""
MEMBERS = 201


@dataclass(frozen=True, slots=True)
class ClosingInterest:
    """What an account is worth when it ends on a day: the principal, the interest to the day before, and what of it had been accrued.

    `journal_id` is None when nothing was earned.
    """

    ledger_account_id: int
    principal: Money
    interest: Money
    accrued: Money
    journal_id: int | None

    @property
    def balance(self) -> Money:
        """What is to be paid out."""
        return self.principal + self.interest


@step
def pay_closing_interest(
    *, by: Actor, centre_id: int, ledger_account_id: int, business_on: date, key: str, template: str = "J4"
) -> Decision[ClosingInterest]:
    """销户结息 (the interest part of J4, or of J7 when the account moves to another city): credit a member's account with its interest up to the day before `business_on`.

    The day of payment does not count (算头不算尾). What the month ends had accrued for this account comes from 应付利息,
    the rest is expense. The caller pays the whole balance out on the same day, and ends the account when the bank has
    paid; the yearly settlement takes off what was paid here. When the bank fails, `take_back_closing_interest`.

    Locks    the member account's row, then the ledger account
    Refuses  NOT_BEARING: closed, or bears no interest; ALREADY_PAID: has its closing interest of this interest year
    """
    list(MemberAccount.objects.select_for_update().filter(centre_id=centre_id, ledger_account_id=ledger_account_id).values_list("id"))
    account = ledger_queries.balance(ledger_account_id)
    if account.closed_on is not None or account.interest_year is None:
        return Decision.refused([Reason("NOT_BEARING", f"分户账{ledger_account_id}已销户或不计息，不能办理销户结息", ("条例/21",))])
    if _has_closing_interest(centre_id, ledger_account_id, account.interest_year):
        return Decision.refused([Reason("ALREADY_PAID", f"分户账{ledger_account_id}本年度已办理销户结息，请勿重复办理", ("条例/21",))])
    how = earning(centre_id, business_on, through=False)
    running = Running(InterestYear(account.interest_year), account.balance.fen, account.day_products, account.month_products)
    if how.one_rate:
        interest = running.interest(how.terms.method, how.terms.current, close_on=business_on)
    else:
        interest = earned_by_bucket(centre_id, how, account_id=ledger_account_id)
    accrued = min(_accrued_of(centre_id, ledger_account_id, running, business_on), interest)
    journal_id = None
    if interest:
        payable, expense = (ledger.open_account(centre_id, subject, "CENTRE", 0, business_on) for subject in (PAYABLE, EXPENSE))
        draft = Draft(
            centre_id=centre_id, kind="INTEREST_CLOSING", template=template, business_on=business_on, value_on=business_on,
            source_kind="LEDGER_ACCOUNT", source_no=str(ledger_account_id), summary="销户结息", maker=by.user_id,
        )  # fmt: skip
        legs = [Leg(ledger_account_id, -interest.fen, 0)]
        legs += [Leg(payable, accrued.fen)] if accrued else []
        legs += [Leg(expense, (interest - accrued).fen)] if interest - accrued else []
        journal_id = ledger.post(draft, legs, f"{key}:J4")
    return Decision.approved(ClosingInterest(ledger_account_id, account.balance, interest, accrued, journal_id))


@step
def take_back_closing_interest(*, by: Actor, centre_id: int, journal_id: int, business_on: date, key: str) -> bool:
    """冲回销户结息 after the bank failed: the account goes on as if it had never been closed. Returns whether anything was reversed.

    Call it after the payment came back to the account. Once 30 June has passed the interest stays: that year was settled
    with it, and the account earns on from there. It stays also on an account that has been ended: the money that came back
    waits, interest included, where the payment was set aside.

    Raises   LedgerRefusal when the money is not back
    """
    paid = ledger_queries.journal(centre_id, journal_id)
    member = next(leg.account_id for leg in paid.legs if leg.subject == MEMBERS)
    if InterestYear.of(paid.business_on) != InterestYear.of(business_on) or ledger_queries.balance(member).closed_on is not None:
        return False
    ledger.reverse(
        journal_id, centre_id=centre_id, business_on=business_on, maker=by.user_id, checker=None, summary="付款未成，冲回销户结息", key=f"{key}:J4-"
    )  # fmt: skip
    return True


_PAID = """SELECT 1 FROM ledger_leg l JOIN ledger_journal j ON j.centre_id = l.centre_id AND j.id = l.journal_id
    WHERE l.centre_id = %s AND l.account_id = %s AND l.business_on >= %s AND j.kind = 'INTEREST_CLOSING'
      AND NOT EXISTS (SELECT 1 FROM ledger_journal r WHERE r.centre_id = j.centre_id AND r.reverses_id = j.id) LIMIT 1"""


def _has_closing_interest(centre_id: int, account_id: int, year: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [centre_id, account_id, InterestYear(year).first_day])
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
        how = earning(centre_id, last)
        if not how.one_rate:
            return earned_by_bucket(centre_id, how, account_id=account_id, posted_through=last)
        cursor.execute(
            """SELECT COALESCE(-sum(fen), 0), COALESCE(-sum(fen * hpf_day_weight(value_on, %s)), 0), COALESCE(-sum(fen * hpf_month_weight(value_on, %s)), 0)
               FROM ledger_leg WHERE centre_id = %s AND account_id = %s AND business_on > %s""",
            [running.year.year, running.year.year, centre_id, account_id, last],
        )
        since = [int(value) for value in cursor.fetchone()]
    then = Running(running.year, running.balance_fen - since[0], running.day_products - since[1], running.month_products - since[2])
    return amount_accrued(then, how.terms.method, how.terms.current, last)
