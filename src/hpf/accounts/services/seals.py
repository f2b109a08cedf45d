"""封存、启封 of a member's account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.accounts import queries
from hpf.accounts.models import MemberAccount
from hpf.accounts.rules.bases import check_base_month
from hpf.accounts.rules.limits import check_base, effective_base, notes_on_base
from hpf.accounts.rules.openings import late_leave
from hpf.accounts.rules.states import SEAL_REASONS, EmployerState, MemberState, check_seal, check_unseal
from hpf.accounts.services.events import BaseLine, Occasion, record_bases, record_events, set_bases
from hpf.accounts.services.limits import month_policy
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.policy import queries as policy


@dataclass(frozen=True, slots=True)
class MovedMember:
    """A member's account after a change of state or unit."""

    member_account_id: int
    account_no: str
    employer_account_id: int
    state: str


@command("accounts.seal")
def seal(
    *, by: Actor, centre_id: int, account_no: str, reason: str, left_on: date, on: date, at: datetime, key: str
) -> Decision[MovedMember]:
    """封存: no more contributions; the money stays and earns interest. A frozen account may be sealed.

    Locks    the account's row
    Refuses  an account that is not 正常; an unnamed reason; a leaving date in the future
    """
    member = _locked(centre_id, account_no)
    reasons = check_seal(member.state, reason)
    if left_on > on:
        reasons.append(Reason("LEFT_LATER", f"离职日期{left_on}晚于办理日期{on}，请核对", ("条例/15",)))
    if reasons:
        return Decision.refused(reasons)
    MemberAccount.objects.filter(id=member.member_account_id).update(state=MemberState.SEALED, sealed_on=on, seal_reason=reason)
    facts = {"原因": SEAL_REASONS[reason], "离职日期": str(left_on)}
    record_events(Occasion(centre_id, by, on, at, key), "SEALED", [(member.employer_account_id, member.member_account_id, facts)])
    days = policy.book(centre_id, on).whole("contribution.leave_registration_days")
    return Decision.approved(_moved(member, MemberState.SEALED), late_leave(left_on, on, days))


@command("accounts.unseal")
def unseal(
    *, by: Actor, centre_id: int, account_no: str, base: Money, from_month: Month, on: date, at: datetime, key: str
) -> Decision[MovedMember]:
    """启封 at the same unit, with a base and from a month not yet remitted. Somebody hired elsewhere is transferred.

    Locks    the account's row
    """
    member = _locked(centre_id, account_no)
    account = queries.employer_account_by_id(centre_id, member.employer_account_id)
    reasons = [*check_unseal(member.state), *check_base(base), *active_unit(account)]
    reasons += check_base_month(member.state, from_month, account.paid_through)
    if reasons:
        return Decision.refused(reasons)
    when = Occasion(centre_id, by, on, at, key)
    notes = resume(when, member, account, base, from_month, "UNSEALED", {"原封存原因": SEAL_REASONS.get(member.seal_reason, "")})
    return Decision.approved(_moved(member, MemberState.NORMAL), notes)


def resume(
    when: Occasion,
    member: queries.MemberAccountView,
    account: queries.EmployerAccountView,
    base: Money,
    from_month: Month,
    kind: str,
    facts: dict[str, str],
) -> list[Reason]:
    """Make the account 正常 at this unit with this base and the unit's rates; gives notes on the base."""
    asked = month_policy(when.centre_id, from_month, account.district)
    rates = (member.employer_rate, member.member_rate) if account.kind == "FLEXIBLE" else (account.employer_rate, account.member_rate)
    line = BaseLine.of(member.member_account_id, from_month, base, effective_base(base, asked.limits), rates, asked.unit_fen)
    MemberAccount.objects.filter(id=member.member_account_id).update(
        state=MemberState.NORMAL, sealed_on=None, seal_reason="", employer_account_id=account.employer_account_id, kind=account.kind
    )
    set_bases([line])
    record_bases(when.centre_id, kind, [line])
    record_events(when, kind, [(account.employer_account_id, member.member_account_id, {**facts, **line.facts})])
    return notes_on_base(base, asked.limits)


def active_unit(account: queries.EmployerAccountView) -> list[Reason]:
    """A unit that is sealed, closed, or only keeps accounts in custody takes nobody who contributes."""
    if account.kind == "CUSTODY":
        return [Reason("CUSTODY_PAYS_NOTHING", "集中封存专户不缴存，请选择职工现在的单位办理内部转移", ("条例/15",))]
    if account.state in (EmployerState.CLOSED, EmployerState.SEALED):
        return [Reason("EMPLOYER_NOT_ACTIVE", f"单位账户现为“{EmployerState(account.state).text}”，不能为职工缴存", ("条例/15",))]
    return []


def _locked(centre_id: int, account_no: str) -> queries.MemberAccountView:
    """The account as it is once nobody else can change it."""
    list(MemberAccount.objects.select_for_update().filter(centre_id=centre_id, account_no=account_no).values_list("id"))
    return queries.member_account(centre_id, account_no)


def _moved(member: queries.MemberAccountView, state: MemberState) -> MovedMember:
    return MovedMember(member.member_account_id, member.account_no, member.employer_account_id, state)
