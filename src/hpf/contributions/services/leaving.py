"""单位销户: what a unit still owes is asked here, before accounts closes its account (条例 第二十条, 建金管〔2005〕5号)."""

from __future__ import annotations

from datetime import date, datetime

from hpf.accounts import services as account_services
from hpf.contributions.queries.arrears import employer_closing_facts
from hpf.contributions.queries.refunds import open_refunds
from hpf.contributions.rules import refusals
from hpf.contributions.services.facts import employer_account
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason


@command("accounts.close_employer_account")
def close_unit(
    *,
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    reason: str,
    business_on: date,
    key: str,
    at: datetime,
    arrears_decision_no: str = "",
) -> Decision[account_services.ChangedEmployerAccount]:
    """单位销户 with all that contributions knows: months owed, deferred months not paid back, lists and refunds under way.

    Refuses  EMPLOYER_ACCOUNT_NOT_FOUND, LISTS_WAITING, REFUNDS_WAITING; ARREARS_LEFT unless a written decision settles what is owed, and
             whatever else `accounts.close_employer_account` refuses
    """
    account = employer_account(centre_id, employer_account_no)
    if account is None:
        return Decision.refused([refusals.no_such_employer_account(employer_account_no)])
    facts = employer_closing_facts(centre_id, account.employer_account_id, business_on)
    if facts.open_lists:
        message = f"单位还有{len(facts.open_lists)}张清册未办结（{'、'.join(facts.open_lists[:3])}），请先缴清或撤销后再销户"
        return Decision.refused([Reason("LISTS_WAITING", message, "条例/14")])
    if refunds := open_refunds(centre_id, account.employer_account_id):
        message = f"单位还有{len(refunds)}笔退款未办结（{'、'.join(refunds[:3])}），请待款项退到单位账户或转入预缴后再销户"
        return Decision.refused([Reason("REFUNDS_WAITING", message, "条例/14")])
    return account_services.close_employer_account(
        by=by, centre_id=centre_id, employer_account_no=employer_account_no, reason=reason, arrears=facts.owed + facts.deferred_owed,
        arrears_decision_no=arrears_decision_no, on=business_on, at=at, key=f"{key}:account",
    )  # fmt: skip
