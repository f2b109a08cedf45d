"""个人销户: the last step of a closing withdrawal or of a transfer to another centre."""

from __future__ import annotations

from datetime import date, datetime

from hpf.accounts import queries
from hpf.accounts.models import MemberAccount
from hpf.accounts.rules.states import MemberState, check_open
from hpf.accounts.services.events import Occasion, record_events
from hpf.accounts.services.seals import MovedMember
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.ledger import queries as ledger
from hpf.ledger import services as ledger_services
from hpf.parties.services import strike_from_registry

_FINAL = (MemberState.WITHDRAWN_OUT, MemberState.TRANSFERRED_OUT)


@command("accounts.close")
def close(
    *, by: Actor, centre_id: int, account_no: str, final_state: str, reason: str, on: date, at: datetime, key: str
) -> Decision[MovedMember]:
    """个人销户 of an empty account. Refuses while money or a hold is on it."""
    return end_account(by=by, centre_id=centre_id, account_no=account_no, final_state=final_state, reason=reason, on=on, at=at, key=key)


@step
def end_account(
    *, by: Actor, centre_id: int, account_no: str, final_state: str, reason: str, on: date, at: datetime, key: str
) -> Decision[MovedMember]:
    """The same inside another command: what a closing withdrawal calls after it has booked the money out.

    Locks    the account's row, then its ledger account
    """
    list(MemberAccount.objects.select_for_update().filter(centre_id=centre_id, account_no=account_no).values_list("id"))
    member = queries.member_account(centre_id, account_no)
    reasons = check_open(member.state, "销户")
    if final_state not in _FINAL:
        reasons.append(Reason("FINAL_STATE_WRONG", "销户须注明提取销户或外部转出销户，请选择"))
    money = ledger.balance(member.ledger_account_id)
    if money.balance:
        reasons.append(Reason(
            "BALANCE_LEFT", f"账户余额{money.balance.text}元，须为零方可销户，请先办理提取或转出", ("条例/24",)
        ))  # fmt: skip
    elif money.is_bound:
        reasons.append(Reason("CLOSING_TO_BE_CHECKED", "账户尚有未了事项，暂不能销户，请报业务主管核实后再办理"))
    if reasons:
        return Decision.refused(reasons)
    ledger_services.close_account(member.ledger_account_id, on)
    MemberAccount.objects.filter(id=member.member_account_id).update(state=final_state, closed_on=on, close_reason=reason, duplicate=False)
    if not any(other.is_open for other in queries.accounts_of_person(centre_id, member.person_id)):
        strike_from_registry(centre_id, [member.person_id])
    facts = {"原因": reason, "状态": MemberState(final_state).text}
    record_events(Occasion(centre_id, by, on, at, key), "CLOSED", [(member.employer_account_id, member.member_account_id, facts)])
    return Decision.approved(MovedMember(member.member_account_id, account_no, member.employer_account_id, final_state))
