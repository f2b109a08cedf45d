"""补贴收回: what was granted wrongly goes back from the person's account to its programme, by a red entry of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from hpf.contributions.models import Grant, Line, Remittance
from hpf.contributions.rules import refusals
from hpf.contributions.rules.states import RemittanceKind, RemittanceState
from hpf.contributions.rules.subsidy import GrantLine, check_recovery
from hpf.contributions.services.numbers import take_number
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg


@dataclass(frozen=True, slots=True)
class Recovered:
    """`recovery_no` is the list whose minus line shows the recovery in the person's history."""

    program_no: str
    remittance_no: str
    recovery_no: str
    account_no: str
    month: Month
    amount: Money
    balance: Money


@command("contributions.recover_subsidy")
def recover_subsidy(
    *,
    by: Actor,
    centre_id: int,
    remittance_no: str,
    account_no: str,
    month: Month,
    amount: Money,
    reason: str,
    maker: str,
    business_on: date,
    key: str,
    at: datetime,
) -> Decision[Recovered]:
    """收回补贴 of one person and month, all or part. `maker` prepared it, `by` checks it and it is booked.

    The red journal carries the grant's value date: no interest is earned on public money that was not due.

    Locks    the grant's list; the two ledger rows
    Writes   one red journal, a list of kind CORRECTION with the minus line; the programme has its money again
    Refuses  NOT_FOUND, MAKER_IS_CHECKER, REASON_MISSING, SUBSIDY_MORE_THAN_LEFT, SUBSIDY_MONEY_GONE
    """
    found = Grant.objects.select_related("program").filter(centre_id=centre_id, remittance__remittance_no=remittance_no).first()
    if found is None:
        return Decision.refused([refusals.not_found("补贴发放", remittance_no)])
    granted = Remittance.objects.select_for_update(of=("self",)).get(id=found.remittance_id)
    line = Line.objects.filter(remittance=granted, account_no=account_no, month=month).first()
    reasons = _check(granted, line, GrantLine(account_no, month, amount), reason, maker, by)
    if reasons or line is None:
        return Decision.refused(reasons)
    program = found.program
    draft = Draft(
        centre_id=centre_id, kind="SUBSIDY", template="J2", business_on=business_on,
        value_on=ledger_queries.journal(centre_id, granted.journal_id).value_on, source_kind="SUBSIDY_PROGRAM", source_no=program.program_no,
        summary=f"收回{program.name}：{reason}", maker=maker, checker=by.user_id, correction="RED",
    )  # fmt: skip
    legs = [Leg(line.ledger_account_id, amount.fen), Leg(program.ledger_account_id, -amount.fen)]
    journal_id = ledger.post(draft, legs, f"{key}:recover", carried_first=False)
    recovery = _remember(granted, line, amount, journal_id, business_on, reason, maker, by, at)
    balance = ledger_queries.balance(program.ledger_account_id).balance
    return Decision.approved(Recovered(program.program_no, remittance_no, recovery.remittance_no, account_no, month, amount, balance))


def _check(granted: Remittance, line: Line | None, wanted: GrantLine, reason: str, maker: str, by: Actor) -> list[Reason]:
    if maker == by.user_id:
        return [refusals.maker_is_checker("补贴收回")]
    if not reason.strip():
        return [refusals.reason_missing("收回补贴")]
    if line is None:
        return check_recovery(wanted, ZERO, ZERO)
    return check_recovery(wanted, _left(granted, line), ledger_queries.balance(line.ledger_account_id).available)


def _left(granted: Remittance, line: Line) -> Money:
    """What of the grant has not been recovered."""
    whose = {"member_account_id": line.member_account_id, "month": line.month}
    lines = Line.objects.filter(Q(remittance=granted) | Q(remittance__corrects=granted), centre_id=granted.centre_id, **whose)
    return Money.total(each.subsidy_fen for each in lines)


def _remember(
    granted: Remittance, line: Line, amount: Money, journal_id: int, business_on: date, reason: str, maker: str, by: Actor, at: datetime
) -> Remittance:
    recovery = Remittance.objects.create(
        centre_id=granted.centre_id, remittance_no=take_number(granted.centre_id, business_on), kind=RemittanceKind.CORRECTION,
        month=line.month, state=RemittanceState.BOOKED, line_count=1, employer_fen=ZERO, member_fen=ZERO, subsidy_fen=-amount,
        prepaid_planned_fen=ZERO, prepaid_used_fen=ZERO, overpaid_fen=ZERO, reason=reason, source="SYSTEM", corrects=granted,
        journal_id=journal_id, booked_on=business_on, maker=maker, received_at=at, booked_by=by.user_id, booked_at=at,
    )  # fmt: skip
    Line.objects.create(
        centre_id=granted.centre_id, remittance=recovery, row_no=1, member_account_id=line.member_account_id, account_no=line.account_no,
        ledger_account_id=line.ledger_account_id, month=line.month, base_fen=line.base_fen, employer_fen=ZERO, member_fen=ZERO,
        subsidy_fen=-amount,
    )  # fmt: skip
    return recovery
