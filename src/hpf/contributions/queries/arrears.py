"""欠缴月份 of one unit, and what must be settled before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from hpf.accounts import queries as accounts
from hpf.contributions.queries.deferrals import deferred_months, deferred_owed
from hpf.contributions.queries.watch import SHOULD_PAY, month_amount
from hpf.contributions.rules import arrears as rules
from hpf.contributions.rules.arrears import Overdue
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.policy import queries as policy


@dataclass(frozen=True, slots=True)
class OwedView:
    """What one unit owes on a day: each month with its last day on time, and one month's amount."""

    months: tuple[Overdue, ...]
    month_amount: Money

    @property
    def total(self) -> Money:
        return self.month_amount * len(self.months)


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """What a unit must settle before its account is closed (单位销户). `deferred` names each deferral with what it still owes."""

    months_owed: tuple[Month, ...]
    owed: Money
    deferred: tuple[tuple[str, Money], ...]
    prepaid: Money
    open_lists: tuple[str, ...]
    open_refunds: tuple[str, ...]

    @property
    def deferred_owed(self) -> Money:
        return Money.total(left for _, left in self.deferred)


def owed(centre_id: int, employer_account_id: int, on: date) -> OwedView:
    """The months one unit owes on a day, oldest first, and how much each is."""
    account = accounts.employer_account_by_id(centre_id, employer_account_id)
    return owed_of(account, parties.employer(centre_id, account.employer_id).payday, on)


def owed_of(account: accounts.EmployerAccountView, payday: int, on: date) -> OwedView:
    """The same for a reader that has the unit's account and payday in hand."""
    months = overdue_months_of(account, payday, on)
    return OwedView(months, month_amount(account.centre_id, account.employer_account_id) if months else ZERO)


def overdue_months(centre_id: int, employer_account_id: int, on: date) -> tuple[Overdue, ...]:
    """The months one unit owes on a day, each with its last day on time. Only units that should pay owe."""
    account = accounts.employer_account_by_id(centre_id, employer_account_id)
    return overdue_months_of(account, parties.employer(centre_id, account.employer_id).payday, on)


def overdue_months_of(account: accounts.EmployerAccountView, payday: int, on: date) -> tuple[Overdue, ...]:
    """The same for a reader that has the unit's account and payday in hand; one query."""
    if account.kind != "REGULAR" or account.state not in SHOULD_PAY:
        return ()
    grace = policy.book(account.centre_id, on).whole("contribution.payday_grace_days")
    excused = deferred_months(account.centre_id, [account.employer_account_id])[account.employer_account_id]
    return tuple(rules.arrears(account.first_month, account.paid_through, payday, grace, on, excused))


def months_owed(centre_id: int, employer_account_id: int, on: date) -> tuple[Month, ...]:
    """The months one unit owes on a day, oldest first."""
    return tuple(each.month for each in overdue_months(centre_id, employer_account_id, on))


def employer_closing_facts(centre_id: int, employer_account_id: int, on: date) -> ClosingFacts:
    """What stands against closing this unit's account on a day."""
    account = accounts.employer_account_by_id(centre_id, employer_account_id)
    return closing_facts_of(account, parties.employer(centre_id, account.employer_id).payday, on)


def closing_facts_of(account: accounts.EmployerAccountView, payday: int, on: date) -> ClosingFacts:
    """The same for a reader that has the unit's account and payday in hand."""
    centre_id, employer_account_id = account.centre_id, account.employer_account_id
    owing = owed_of(account, payday, on)
    deferrals, lists, refunds = _unsettled(centre_id, employer_account_id)
    left = [(number, Money.total(month.left for month in deferred_owed(centre_id, number))) for number in deferrals]
    return ClosingFacts(
        tuple(each.month for each in owing.months),
        owing.total,
        tuple((number, money) for number, money in left if money),
        ledger.balance(account.prepaid_ledger_id).balance if account.prepaid_ledger_id else ZERO,
        tuple(lists),
        tuple(refunds),
    )


def _unsettled(centre_id: int, employer_account_id: int) -> tuple[list[str], list[str], list[str]]:
    """The numbers of every deferral a unit ever had, newest first, of its lists that are neither booked nor given up, and of its
    refunds whose money is not at its end; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT ARRAY(SELECT deferral_no FROM contributions_deferral
                            WHERE centre_id = %(centre)s AND employer_account_id = %(unit)s ORDER BY id DESC),
                      ARRAY(SELECT remittance_no FROM contributions_remittance WHERE centre_id = %(centre)s AND employer_account_id = %(unit)s
                            AND state IN ('RECEIVED', 'CHECKED', 'CONFIRMED', 'PAID') ORDER BY id),
                      ARRAY(SELECT refund_no FROM contributions_refund WHERE centre_id = %(centre)s AND employer_account_id = %(unit)s
                            AND state IN ('APPLIED', 'ORDERED', 'FAILED') ORDER BY id)""",
            {"centre": centre_id, "unit": employer_account_id},
        )
        deferrals, lists, refunds = cursor.fetchone()
    return deferrals, lists, refunds
