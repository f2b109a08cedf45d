"""欠缴 断缴 催缴查询, and what must be settled before a unit leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from hpf.accounts import queries as accounts
from hpf.accounts.queries import EmployerAccountView
from hpf.contributions.models import Remittance, Urging, UrgingStep
from hpf.contributions.queries.deferrals import deferrals, deferred_months, deferred_owed
from hpf.contributions.rules import arrears as rules
from hpf.contributions.rules.arrears import Overdue
from hpf.contributions.rules.states import RemittanceState, UrgingState, UrgingStepKind
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.policy import queries as policy

SHOULD_PAY = ("OPENED", "NORMAL", "DEFERRED")


@dataclass(frozen=True, slots=True)
class ArrearsView:
    """A unit in arrears on a day. `owed` counts each month at what the unit remitted last, or at its roster when it never did."""

    employer_account_id: int
    employer_account_no: str
    employer_id: int
    employer_name: str
    months: tuple[Month, ...]
    since: date
    days: int
    owed: Money
    urging_no: str | None


@dataclass(frozen=True, slots=True)
class LapsedView:
    """断缴: an open account that should contribute and has not for `months` whole months."""

    member_account_id: int
    account_no: str
    employer_account_id: int
    last_month: Month
    months: int


@dataclass(frozen=True, slots=True)
class UrgingStepView:
    step_no: int
    kind: UrgingStepKind
    taken_on: date
    taken_by: str
    document_no: str
    delivered_on: date | None
    delivered_to: str
    answer_by: date | None
    note: str
    evidence_id: int | None


@dataclass(frozen=True, slots=True)
class UrgingView:
    urging_no: str
    employer_id: int
    employer_account_id: int
    employer_account_no: str
    first_month: Month
    last_month: Month
    owed: Money
    state: UrgingState
    opened_on: date
    opened_by: str
    closed_on: date | None
    outcome: str
    steps: tuple[UrgingStepView, ...]


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """What a unit must settle before its account is closed (单位销户)."""

    months_owed: tuple[Month, ...]
    owed: Money
    deferred_owed: Money
    prepaid: Money
    open_lists: tuple[str, ...]


def arrears(centre_id: int, on: date, *, limit: int = 100, offset: int = 0) -> list[ArrearsView]:
    """欠缴单位 on a day: payday and the days of grace have passed and the month is not booked. Longest first.

    Deferred months are not owed. The number of queries does not grow with the number of units.
    """
    found = accounts.employer_accounts(centre_id, states=SHOULD_PAY, unpaid_month=Month.of(on), limit=1_000_000).rows
    units = parties.employers_by_id(centre_id, [account.employer_id for account in found])
    paydays = {employer_id: unit.payday for employer_id, unit in units.items()}
    owing = [(account, months) for account, months in _owing(centre_id, found, paydays, on) if months]
    owing.sort(key=lambda each: (-each[1][0].days, each[0].account_no))
    page = owing[offset : offset + limit]
    ids = [account.employer_account_id for account, _ in page]
    amounts = _month_amounts(centre_id, ids)
    urged = dict(Urging.objects.filter(centre_id=centre_id, employer_account_id__in=ids, state=UrgingState.OPEN)
                 .values_list("employer_account_id", "urging_no"))  # fmt: skip
    return [
        ArrearsView(
            account.employer_account_id, account.account_no, account.employer_id, units[account.employer_id].name,
            tuple(each.month for each in months), months[0].due_on, months[0].days,
            amounts[account.employer_account_id] * len(months), urged.get(account.employer_account_id),
        )
        for account, months in page
    ]  # fmt: skip


def months_owed(centre_id: int, employer_account_id: int, on: date) -> tuple[Month, ...]:
    """The months one unit owes on a day, oldest first."""
    account = accounts.employer_account_by_id(centre_id, employer_account_id)
    if account.state not in SHOULD_PAY:
        return ()
    payday = parties.employer(centre_id, account.employer_id).payday
    ((_, months),) = _owing(centre_id, [account], {account.employer_id: payday}, on)
    return tuple(each.month for each in months)


def lapsed(centre_id: int, on: date, *, limit: int = 100, offset: int = 0) -> list[LapsedView]:
    """断缴监测: open, unsealed accounts that have contributed and then nothing for the watched number of whole months."""
    watch = policy.book(centre_id, on).whole("contribution.lapse_watch_months")
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT l.member_account_id, max(l.month) FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
               WHERE l.centre_id = %s AND r.booked_on IS NOT NULL AND r.booked_on <= %s AND r.kind IN ('REGULAR', 'BACK_FULL', 'FLEXIBLE')
               GROUP BY 1 HAVING max(l.month) < %s ORDER BY 2, 1""",
            [centre_id, on, Month.of(on).index],
        )
        last = {row[0]: Month.from_index(row[1]) for row in cursor.fetchall()}
    members = accounts.member_accounts(centre_id, list(last))
    found = [
        LapsedView(each, members[each].account_no, members[each].employer_account_id, month, rules.months_unpaid(month, month, on))
        for each, month in last.items()
        if each in members and members[each].state == "NORMAL" and rules.is_lapse_watched(month, month, on, watch)
    ]
    return found[offset : offset + limit]


def urging(centre_id: int, urging_no: str) -> UrgingView | None:
    """One case with every step and its evidence."""
    rows = list(Urging.objects.filter(centre_id=centre_id, urging_no=urging_no))
    return _urging_views(rows)[0] if rows else None


def urgings(
    centre_id: int, *, employer_account_id: int | None = None, state: UrgingState | str | None = None, limit: int = 50, offset: int = 0
) -> list[UrgingView]:
    """Newest first; two queries."""
    rows = Urging.objects.filter(centre_id=centre_id)
    if employer_account_id is not None:
        rows = rows.filter(employer_account_id=employer_account_id)
    if state is not None:
        rows = rows.filter(state=str(state))
    return _urging_views(list(rows.order_by("-id")[offset : offset + limit]))


def employer_closing_facts(centre_id: int, employer_account_id: int, on: date) -> ClosingFacts:
    """What stands against closing this unit's account on a day."""
    account = accounts.employer_account_by_id(centre_id, employer_account_id)
    months = months_owed(centre_id, employer_account_id, on)
    deferred = [
        owed.left
        for deferral in deferrals(centre_id, employer_account_id=employer_account_id)
        for owed in deferred_owed(centre_id, deferral.deferral_no)
    ]
    waiting = (RemittanceState.RECEIVED, RemittanceState.CHECKED, RemittanceState.CONFIRMED, RemittanceState.PAID)
    lists = Remittance.objects.filter(centre_id=centre_id, employer_account_id=employer_account_id, state__in=waiting)
    return ClosingFacts(
        months,
        _month_amounts(centre_id, [employer_account_id])[employer_account_id] * len(months) if months else ZERO,
        Money.total(deferred),
        ledger.balance(account.prepaid_ledger_id).balance if account.prepaid_ledger_id else ZERO,
        tuple(lists.order_by("id").values_list("remittance_no", flat=True)),
    )


def _owing(
    centre_id: int, found: Sequence[EmployerAccountView], paydays: dict[int, int], on: date
) -> list[tuple[EmployerAccountView, list[Overdue]]]:
    grace = policy.book(centre_id, on).whole("contribution.payday_grace_days")
    excused = deferred_months(centre_id, [account.employer_account_id for account in found])
    return [
        (
            account,
            rules.arrears(
                account.first_month, account.paid_through, paydays[account.employer_id], grace, on, excused[account.employer_account_id]
            ),
        )
        for account in found
    ]


def _month_amounts(centre_id: int, employer_account_ids: Sequence[int]) -> dict[int, Money]:
    """One month of each unit: what it remitted last, or what its roster says when it never did."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT ON (employer_account_id) employer_account_id, employer_fen + member_fen FROM contributions_remittance
               WHERE centre_id = %s AND employer_account_id = ANY(%s) AND kind = 'REGULAR' AND state = 'BOOKED'
               ORDER BY employer_account_id, month DESC""",
            [centre_id, list(employer_account_ids)],
        )
        amounts = {row[0]: Money(row[1]) for row in cursor.fetchall()}
    for each in employer_account_ids:
        if each not in amounts:
            roster = accounts.roster(centre_id, each, states=("NORMAL",))
            amounts[each] = Money.total(line.employer_month + line.member_month for line in roster)
    return amounts


def _urging_views(rows: list[Urging]) -> list[UrgingView]:
    steps: dict[int, list[UrgingStepView]] = {row.id: [] for row in rows}
    for step in UrgingStep.objects.filter(urging_id__in=list(steps)).order_by("step_no"):
        steps[step.urging_id].append(
            UrgingStepView(
                step.step_no, UrgingStepKind(step.kind), step.taken_on, step.taken_by, step.document_no, step.delivered_on,
                step.delivered_to, step.answer_by, step.note, step.evidence_id,
            )
        )  # fmt: skip
    return [
        UrgingView(
            row.urging_no, row.employer_id, row.employer_account_id, row.employer_account_no, row.first_month, row.last_month, row.owed_fen,
            UrgingState(row.state), row.opened_on, row.opened_by, row.closed_on, row.outcome, tuple(steps[row.id]),
        )
        for row in rows
    ]  # fmt: skip
