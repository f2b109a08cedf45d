"""基数变更: of one member, or of a whole unit once a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.accounts import queries
from hpf.accounts.rules.bases import check_base_month, check_window
from hpf.accounts.rules.limits import check_base, effective_base, notes_on_base
from hpf.accounts.services.events import BaseLine, Occasion, record_bases, record_events, set_bases
from hpf.accounts.services.limits import month_policy
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear, Month
from hpf.policy import queries as policy


@dataclass(frozen=True, slots=True)
class DeclaredBase:
    """A line of the yearly list."""

    account_no: str
    base: Money


@dataclass(frozen=True, slots=True)
class ChangedBase:
    """One line's answer: both halves of the month, and notes when the base was raised or lowered to a limit."""

    outcome: Outcome
    account_no: str
    base: Money
    employer_month: Money
    member_month: Money
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class AdjustedBases:
    lines: tuple[ChangedBase, ...]

    @property
    def changed(self) -> int:
        return sum(line.outcome is Outcome.APPROVED for line in self.lines)


@command("accounts.change_base")
def change_base(
    *, by: Actor, centre_id: int, account_no: str, base: Money, from_month: Month, on: date, at: datetime, key: str
) -> Decision[ChangedBase]:
    """单个基数变更, from a month that is not yet remitted. Clamped to the limits of that month; both values are kept."""
    member = queries.member_account(centre_id, account_no)
    account = queries.employer_account_by_id(centre_id, member.employer_account_id)
    when = Occasion(centre_id, by, on, at, key)
    (line,) = _change(when, account, {account_no: member}, [DeclaredBase(account_no, base)], from_month, "BASE", set())
    return Decision.approved(line, line.reasons) if line.outcome is Outcome.APPROVED else Decision.refused(line.reasons)


@command("accounts.adjust_bases")
def adjust_bases(
    *,
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    lines: Sequence[DeclaredBase],
    from_month: Month,
    on: date,
    at: datetime,
    key: str,
) -> AdjustedBases:
    """年度基数调整 of a unit: each line has its own answer; good lines are written by one statement each table.

    Refuses  a month outside the centre's window; a second yearly adjustment in one interest year; strangers, doubles,
             closed accounts, months already remitted
    """
    account = queries.employer_account(centre_id, employer_account_no)
    members = queries.member_accounts_by_no(centre_id, [line.account_no for line in lines])
    window = _window(centre_id, from_month)
    if window:
        return AdjustedBases(tuple(_no(line.account_no, window) for line in lines))
    adjusted = _adjusted_in(centre_id, [m.member_account_id for m in members.values()], InterestYear.of(from_month.first_day))
    when = Occasion(centre_id, by, on, at, key)
    return AdjustedBases(tuple(_change(when, account, members, lines, from_month, "BASE_YEARLY", adjusted)))


def foresee_bases(*, centre_id: int, employer_account_no: str, lines: Sequence[DeclaredBase], from_month: Month) -> AdjustedBases:
    """年度基数调整 as `adjust_bases` would answer it now, with nothing written: what a unit reads before it confirms."""
    account = queries.employer_account(centre_id, employer_account_no)
    members = queries.member_accounts_by_no(centre_id, [line.account_no for line in lines])
    window = _window(centre_id, from_month)
    if window:
        return AdjustedBases(tuple(_no(line.account_no, window) for line in lines))
    adjusted = _adjusted_in(centre_id, [m.member_account_id for m in members.values()], InterestYear.of(from_month.first_day))
    return AdjustedBases(tuple(_foresee(account, members, lines, from_month, adjusted)[0]))


def _window(centre_id: int, from_month: Month) -> list[Reason]:
    return check_window(from_month, policy.book(centre_id, from_month.first_day).text("contribution.base_adjustment_months"))


def _change(
    when: Occasion,
    account: queries.EmployerAccountView,
    members: dict[str, queries.MemberAccountView],
    lines: Sequence[DeclaredBase],
    from_month: Month,
    kind: str,
    adjusted: set[int],
) -> list[ChangedBase]:
    answers, written = _foresee(account, members, lines, from_month, adjusted)
    if written:
        changed = list(written.values())
        set_bases(changed)
        record_bases(when.centre_id, kind, changed)
        record_events(when, kind, [
            (account.employer_account_id, new.member_account_id, {"原缴存基数": members[number].base.text, **new.facts})
            for number, new in written.items()
        ])  # fmt: skip
    return answers


def _foresee(
    account: queries.EmployerAccountView,
    members: dict[str, queries.MemberAccountView],
    lines: Sequence[DeclaredBase],
    from_month: Month,
    adjusted: set[int],
) -> tuple[list[ChangedBase], dict[str, BaseLine]]:
    """Each line's answer, and the bases of the good ones by account number."""
    policy_of_month = month_policy(account.centre_id, from_month, account.district)
    answers: list[ChangedBase] = []
    written: dict[str, BaseLine] = {}
    for line in lines:
        member = members.get(line.account_no)
        reasons = _line_reasons(line, member, account, from_month, adjusted, line.account_no in written)
        if reasons or member is None:
            answers.append(_no(line.account_no, reasons))
            continue
        base = effective_base(line.base, policy_of_month.limits)
        new = BaseLine.of(
            member.member_account_id, from_month, line.base, base, (member.employer_rate, member.member_rate), policy_of_month.unit_fen
        )
        written[line.account_no] = new
        notes = tuple(notes_on_base(line.base, policy_of_month.limits))
        answers.append(ChangedBase(Outcome.APPROVED, line.account_no, base, new.employer_month, new.member_month, notes))
    return answers, written


def _line_reasons(
    line: DeclaredBase,
    member: queries.MemberAccountView | None,
    account: queries.EmployerAccountView,
    from_month: Month,
    adjusted: set[int],
    doubled: bool,
) -> list[Reason]:
    if member is None or member.employer_account_id != account.employer_account_id:
        return [Reason("NOT_OF_THIS_EMPLOYER", f"个人账号{line.account_no}不在本单位名下，请核对账号或先办理转移")]
    reasons = check_base(line.base)
    if doubled:
        reasons.append(Reason("DOUBLED_IN_LIST", f"个人账号{line.account_no}在名单中出现两次，已按第一次办理"))
    if member.member_account_id in adjusted:
        reasons.append(Reason(
            "ADJUSTED_THIS_YEAR", f"个人账号{line.account_no}本年度已做过年度基数调整，确需更正的请单独办理基数变更", ("条例/16",)
        ))  # fmt: skip
    return reasons + check_base_month(member.state, from_month, account.paid_through)


def _adjusted_in(centre_id: int, member_account_ids: list[int], year: InterestYear) -> set[int]:
    """Accounts whose base was adjusted by a yearly list in this interest year."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT member_account_id FROM accounts_base WHERE centre_id = %s AND member_account_id = ANY(%s)"
            " AND reason = 'BASE_YEARLY' AND from_month >= %s AND from_month < %s",
            [centre_id, member_account_ids, Month.of(year.first_day).index, Month.of(year.next_first_day).index],
        )
        return {row[0] for row in cursor.fetchall()}


def _no(account_no: str, reasons: Sequence[Reason]) -> ChangedBase:
    return ChangedBase(Outcome.REFUSED, account_no, Money(0), Money(0), Money(0), tuple(reasons))
