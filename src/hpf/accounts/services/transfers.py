"""内部转移、集中封存: an account moves to another unit of the same centre.

The account, its number and its ledger account stay; only the unit it belongs to changes. The books keep no total by
unit (a unit's balance is the sum of its members' balances), so no journal is needed: a journal on 201 with the same
account on both sides would say nothing. The event is the record of the move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.accounts import queries
from hpf.accounts.models import EmployerAccount, MemberAccount
from hpf.accounts.rules.bases import check_base_month
from hpf.accounts.rules.limits import check_base
from hpf.accounts.rules.states import EmployerState, MemberState, check_open
from hpf.accounts.services.events import Occasion, record_events
from hpf.accounts.services.seals import MovedMember, active_unit, resume
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month


@dataclass(frozen=True, slots=True)
class CustodyLine:
    outcome: Outcome
    account_no: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenIntoCustody:
    lines: tuple[CustodyLine, ...]

    @property
    def taken(self) -> int:
        return sum(line.outcome is Outcome.APPROVED for line in self.lines)


@command("accounts.transfer_inside")
def transfer_inside(
    *,
    by: Actor,
    centre_id: int,
    account_no: str,
    to_employer_account_no: str,
    base: Money,
    from_month: Month,
    on: date,
    at: datetime,
    key: str,
) -> Decision[MovedMember]:
    """内部转移 to the unit the member works at now; the account becomes 正常 there.

    Locks    the account's row
    Refuses  a closed account; the unit it is at already; a unit that is sealed, closed or in custody; a month remitted
    """
    list(MemberAccount.objects.select_for_update().filter(centre_id=centre_id, account_no=account_no).values_list("id"))
    member = queries.member_account(centre_id, account_no)
    target = queries.employer_account(centre_id, to_employer_account_no)
    reasons = [*check_open(member.state, "内部转移"), *check_base(base), *active_unit(target)]
    if member.employer_account_id == target.employer_account_id:
        reasons.append(Reason("SAME_EMPLOYER", "账户已在该单位名下，不需要转移；封存账户请办理启封", ("条例/15",)))
    if not reasons:
        reasons += check_base_month(member.state, from_month, target.paid_through)
    if reasons:
        return Decision.refused(reasons)
    origin = queries.employer_account_by_id(centre_id, member.employer_account_id)
    facts = {"转出单位账号": origin.account_no, "转入单位账号": target.account_no}
    notes = resume(Occasion(centre_id, by, on, at, key), member, target, base, from_month, "TRANSFERRED_INSIDE", facts)
    if target.state == EmployerState.OPENED:
        EmployerAccount.objects.filter(id=target.employer_account_id, state="OPENED").update(state=EmployerState.NORMAL)
    return Decision.approved(MovedMember(member.member_account_id, account_no, target.employer_account_id, MemberState.NORMAL), notes)


@command("accounts.into_custody")
def into_custody(
    *, by: Actor, centre_id: int, custody_account_no: str, account_nos: Sequence[str], on: date, at: datetime, key: str
) -> TakenIntoCustody:
    """集中封存: accounts whose unit has ended, or that nobody contributes to, are kept by the centre itself.

    One statement for any number. Each account has its own answer.
    Refuses  a unit account that is not the centre's custody account; closed accounts; those in custody already
    """
    custody = queries.employer_account(centre_id, custody_account_no)
    members = queries.member_accounts_by_no(centre_id, account_nos)
    lines = [_custody_line(number, members.get(number), custody) for number in dict.fromkeys(account_nos)]
    taken = [members[line.account_no] for line in lines if line.outcome is Outcome.APPROVED]
    if taken:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE accounts_memberaccount SET employer_account_id = %s, kind = 'CUSTODY', state = 'SEALED',"
                " sealed_on = COALESCE(sealed_on, %s), seal_reason = CASE WHEN seal_reason = '' THEN 'CUSTODY' ELSE seal_reason END"
                " WHERE centre_id = %s AND id = ANY(%s) AND state IN ('NORMAL', 'SEALED')",
                [custody.employer_account_id, on, centre_id, [member.member_account_id for member in taken]],
            )
        origins = queries.employer_accounts_by_id(centre_id, [member.employer_account_id for member in taken])
        record_events(Occasion(centre_id, by, on, at, key), "INTO_CUSTODY", [
            (custody.employer_account_id, member.member_account_id, {
                "转出单位账号": origins[member.employer_account_id].account_no, "转入单位账号": custody.account_no,
            })
            for member in taken
        ])  # fmt: skip
    return TakenIntoCustody(tuple(lines))


def _custody_line(number: str, member: queries.MemberAccountView | None, custody: queries.EmployerAccountView) -> CustodyLine:
    if custody.kind != "CUSTODY":
        reasons = [Reason("NOT_CUSTODY", f"单位账号{custody.account_no}不是集中封存专户，请选择本中心的集中封存专户")]
    elif member is None:
        reasons = [Reason("NO_SUCH_ACCOUNT", f"本中心没有个人账号{number}，请核对")]
    elif member.employer_account_id == custody.employer_account_id:
        reasons = [Reason("IN_CUSTODY_ALREADY", f"个人账号{number}已在集中封存专户，不必重复办理")]
    else:
        reasons = check_open(member.state, "集中封存")
    return CustodyLine(Outcome.REFUSED if reasons else Outcome.APPROVED, number, tuple(reasons))
