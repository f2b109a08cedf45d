"""催缴: a case against a unit in arrears, opened, taken step by step with evidence, closed (条例 第三十五条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from hpf.contributions.models import Original, Urging, UrgingStep
from hpf.contributions.queries.arrears import employer_closing_facts, months_owed
from hpf.contributions.rules import refusals
from hpf.contributions.rules.arrears import UrgingEvidence, check_urging_dates, check_urging_step
from hpf.contributions.rules.states import UrgingState, UrgingStepKind
from hpf.contributions.services.facts import employer_account
from hpf.contributions.services.numbers import take_number
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class UrgingOpened:
    urging_no: str
    months: tuple[Month, ...]
    owed: Money


@dataclass(frozen=True, slots=True)
class UrgingStepTaken:
    urging_no: str
    step_no: int
    kind: UrgingStepKind


@dataclass(frozen=True, slots=True)
class UrgingClosed:
    urging_no: str
    state: UrgingState


@command("contributions.urge")
def open_urging(
    *, by: Actor, centre_id: int, employer_account_no: str, business_on: date, key: str, at: datetime
) -> Decision[UrgingOpened]:
    """催缴立案. Refuses NOT_IN_ARREARS, and URGING_OPEN when a case is open already."""
    account = employer_account(centre_id, employer_account_no)
    if account is None:
        return Decision.refused([refusals.no_such_employer_account(employer_account_no)])
    facts = employer_closing_facts(centre_id, account.employer_account_id, business_on)
    if not facts.months_owed:
        message = f"单位账户{employer_account_no}截至{business_on}没有超过发薪日后期限的欠缴月份，无需催缴"
        return Decision.refused([Reason("NOT_IN_ARREARS", message, "条例/35@2026")])
    try:
        with transaction.atomic():
            case = Urging.objects.create(
                centre_id=centre_id, urging_no=take_number(centre_id, business_on), employer_id=account.employer_id,
                employer_account_id=account.employer_account_id, employer_account_no=account.account_no, first_month=facts.months_owed[0],
                last_month=facts.months_owed[-1], owed_fen=facts.owed, state=UrgingState.OPEN, opened_on=business_on, opened_by=by.user_id,
            )  # fmt: skip
    except IntegrityError:
        return Decision.refused([Reason("URGING_OPEN", f"单位账户{employer_account_no}已有未办结的催缴案件，请在原案件中登记新的步骤")])
    return Decision.approved(UrgingOpened(case.urging_no, facts.months_owed, facts.owed))


@command("contributions.urge")
def take_urging_step(
    *,
    by: Actor,
    centre_id: int,
    urging_no: str,
    kind: UrgingStepKind,
    taken_on: date,
    note: str,
    key: str,
    at: datetime,
    document_no: str = "",
    delivered_on: date | None = None,
    delivered_to: str = "",
    answer_by: date | None = None,
    evidence_id: int | None = None,
) -> Decision[UrgingStepTaken]:
    """登记催缴步骤: what was done, when it was delivered to whom, with what evidence. Steps are never changed, only added.

    Refuses  a step before the one that must come first, or while a deadline is running; a written step without its document;
             an order without a deadline; days that cannot be
    """
    case = Urging.objects.select_for_update().filter(centre_id=centre_id, urging_no=urging_no).first()
    if case is None:
        return Decision.refused([refusals.not_found("催缴案件", urging_no)])
    if case.state != UrgingState.OPEN:
        return Decision.refused(
            [refusals.state_does_not_allow("催缴案件", urging_no, UrgingState(case.state).label, UrgingState.OPEN.label)]
        )
    kind = UrgingStepKind(kind)
    taken = list(UrgingStep.objects.filter(urging=case).order_by("step_no"))
    evidence = [UrgingEvidence(UrgingStepKind(step.kind), step.taken_on, step.delivered_on, step.answer_by) for step in taken]
    reasons = check_urging_step(kind, evidence, taken_on)
    reasons += check_urging_dates(kind, taken_on, delivered_on, answer_by, ledger.business_day(centre_id))
    if kind is not UrgingStepKind.CALL and not (document_no.strip() and evidence_id):
        reasons.append(Reason("EVIDENCE_MISSING", f"“{kind.label}”必须登记文书号并留存文书原件，请补充后重新提交", "条例/35@2026"))
    if evidence_id and not Original.objects.filter(centre_id=centre_id, id=evidence_id).exists():
        reasons.append(refusals.not_found("证据原件", str(evidence_id)))
    if not note.strip():
        reasons.append(refusals.reason_missing("催缴步骤"))
    if reasons:
        return Decision.refused(reasons)
    step = UrgingStep.objects.create(
        centre_id=centre_id, urging=case, step_no=len(taken) + 1, kind=kind, taken_on=taken_on, taken_by=by.user_id, document_no=document_no,
        delivered_on=delivered_on, delivered_to=delivered_to, answer_by=answer_by, note=note, evidence_id=evidence_id,
    )  # fmt: skip
    return Decision.approved(UrgingStepTaken(urging_no, step.step_no, kind))


@command("contributions.urge")
def close_urging(
    *, by: Actor, centre_id: int, urging_no: str, business_on: date, outcome: str, key: str, at: datetime
) -> Decision[UrgingClosed]:
    """办结催缴: when nothing is owed any more. Refuses STILL_IN_ARREARS with the months left."""
    case = Urging.objects.select_for_update().filter(centre_id=centre_id, urging_no=urging_no).first()
    if case is None:
        return Decision.refused([refusals.not_found("催缴案件", urging_no)])
    if case.state != UrgingState.OPEN:
        return Decision.refused(
            [refusals.state_does_not_allow("催缴案件", urging_no, UrgingState(case.state).label, UrgingState.OPEN.label)]
        )
    left = months_owed(centre_id, case.employer_account_id, business_on)
    if left:
        message = f"该单位仍欠缴{left[0].text}至{left[-1].text}共{len(left)}个月，不能办结，请继续催缴"
        return Decision.refused([Reason("STILL_IN_ARREARS", message, "条例/35@2026")])
    case.state, case.closed_on, case.closed_by, case.outcome = UrgingState.CLOSED, business_on, by.user_id, outcome
    case.save(update_fields=["state", "closed_on", "closed_by", "outcome"])
    return Decision.approved(UrgingClosed(urging_no, UrgingState.CLOSED))
