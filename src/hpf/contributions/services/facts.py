"""What a command must know about a unit before it decides: its account, its prepaid money, the months that are excused."""

from __future__ import annotations

from hpf.accounts import queries as accounts
from hpf.accounts.queries import EmployerAccountView, MemberAccountView
from hpf.contributions.models import Remittance
from hpf.contributions.queries.deferrals import deferred_months
from hpf.contributions.rules.months import check_order, expected_month
from hpf.contributions.rules.states import RemittanceKind, RemittanceState
from hpf.kernel.decision import Reason
from hpf.kernel.period import Month
from hpf.policy.rules import PolicyBook

ACCEPTANCE = "contribution.list_acceptance_required"
GOOD_LINES_GO_ON = "contribution.list_good_lines_go_on"


def confirmed_months(centre_id: int, employer_account_id: int) -> frozenset[Month]:
    """Months whose regular lists are confirmed and wait for their money."""
    confirmed = Remittance.objects.filter(
        centre_id=centre_id,
        employer_account_id=employer_account_id,
        kind=RemittanceKind.REGULAR,
        state__in=[RemittanceState.CONFIRMED, RemittanceState.PAID],
    )
    return frozenset(confirmed.values_list("month", flat=True))


def confirm_order(account: EmployerAccountView, month: Month) -> list[Reason]:
    """Whether a regular list for this month may be confirmed now: every month before is booked, confirmed or deferred."""
    deferred = deferred_months(account.centre_id, [account.employer_account_id])[account.employer_account_id]
    excused = deferred | confirmed_months(account.centre_id, account.employer_account_id)
    return check_order(month, expected_month(account.first_month, account.paid_through, excused))


def last_booked_month(centre_id: int, employer_account_id: int) -> Month | None:
    """The last regular month that is booked."""
    booked = Remittance.objects.filter(
        centre_id=centre_id, employer_account_id=employer_account_id, kind=RemittanceKind.REGULAR, state=RemittanceState.BOOKED
    )
    last: Month | None = booked.order_by("-month").values_list("month", flat=True).first()
    return last


def says(book: PolicyBook, key: str) -> bool:
    """A switch that a centre may have enacted; one that never did has not switched it on."""
    return book.knows(key) and book.flag(key)


def employer_account(centre_id: int, account_no: str) -> EmployerAccountView | None:
    """The unit's account by its number, or None."""
    try:
        return accounts.employer_account(centre_id, account_no)
    except accounts.NoSuchAccount:
        return None


def member_account(centre_id: int, account_no: str) -> MemberAccountView | None:
    """The member's account by its number, or None."""
    return accounts.member_accounts_by_no(centre_id, [account_no]).get(account_no)


def prepaid_ledger(account: EmployerAccountView) -> int:
    """The ledger account of the unit's prepaid money; opened together with the unit's account."""
    if account.prepaid_ledger_id is None:
        raise NoPrepaidAccount(f"单位账户{account.account_no}没有单位预缴分户账")
    return account.prepaid_ledger_id


class NoPrepaidAccount(LookupError):
    """A unit's account without a ledger account for prepaid money: it was not opened properly."""
