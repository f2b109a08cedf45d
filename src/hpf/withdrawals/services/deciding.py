"""审批: the rule decides on what is known; approved, its evidence is used up in the same transaction."""

from __future__ import annotations

import json
from datetime import datetime

from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome, Reason, cites
from hpf.withdrawals import models
from hpf.withdrawals.rules import Entitlement, Finding, Payee
from hpf.withdrawals.rules.reading import Application as Filed
from hpf.withdrawals.rules.states import DecisionKind, State, wrong_state
from hpf.withdrawals.services.applying import no_such
from hpf.withdrawals.services.filing import evidence_of, filed
from hpf.withdrawals.services.gathering import look
from hpf.withdrawals.services.recording import Moved, locked, moved, note, use_evidence, write_decision

TO_DECIDE = (State.ACCEPTED, State.REFERRED)


@command("withdrawals.decide")
@cites("条例/25@2019", "条例/25@2026")
def decide_application(*, by: Actor, centre_id: int, application_no: str, at: datetime, key: str) -> Decision[Moved]:
    """审批一件申请 by its ground's rule, as of its day of acceptance.

    An answer of a department that has gone out of date since, or whose consent was taken back, is not decided by.
    Approves  APPROVED with amount, evidence and payee; refuses REFUSED in writing; refers REFERRED to the work list
    Locks     the application, then the evidence among all centres
    Refuses   NO_SUCH_WITHDRAWAL, WITHDRAWAL_WRONG_STATE (somebody else has decided meanwhile)
    """
    row = locked(centre_id, application_no)
    if row is None:
        return Decision.refused([no_such(application_no)])
    if row.state not in TO_DECIDE:
        return Decision.refused([wrong_state(application_no, row.state, "审批", row.decided_by_name)])
    return Decision.approved(conclude(row, DecisionKind.AUTOMATIC, at=at, by=by))


@step
def conclude(row: models.Application, kind: DecisionKind, *, at: datetime, by: Actor) -> Moved:
    """Run the rule, use the evidence up, write the decision, move the application."""
    fresh = at if kind is DecisionKind.AUTOMATIC else None
    case, finding = examined(row, at=fresh)
    decided: Decision[Entitlement] | None = None
    value = finding.decision.value
    if value is not None:
        keys = evidence_of(row, value.evidence)
        if not use_evidence(row, keys, value.amount):
            case, finding = examined(row, keys, fresh)
            if finding.decision.outcome is Outcome.APPROVED:
                decided = Decision.refused([evidence_taken()])
    write_decision(row, kind, case, finding, at=at, by=by, decided=decided, reviewer_name=row.reviewer_name)
    return settle_decision(row, decided or finding.decision, at=at, by=by)


def examined(row: models.Application, keys: tuple[str, ...] = (), at: datetime | None = None) -> tuple[Filed, Finding]:
    """The rule's finding; approved, it is asked once more with what other centres know of the evidence."""
    case = filed(row, keys, at)
    finding = look(row, case)
    value = finding.decision.value
    if value is not None and not keys:
        case = filed(row, evidence_of(row, value.evidence), at)
        finding = look(row, case)
    return case, finding


def evidence_taken() -> Reason:
    message = "申请所凭的凭证刚刚已用于另一件提取，同一凭证只能使用一次，请改用其他凭证，有误的请到中心核对"
    return Reason("EVIDENCE_TAKEN", message, ("建金管〔2005〕5号/提取",))


@step
def settle_decision(row: models.Application, decision: Decision[Entitlement], *, at: datetime, by: Actor) -> Moved:
    """Put a decision's outcome on the application."""
    value = decision.value
    row.decided_at, row.decided_by, row.decided_by_name = at, by.user_id, by.name
    row.reviewer = row.reviewer_name = row.review_outcome = ""
    row.review_fen = row.review_reason = None
    if value is not None:
        row.state, row.granted_fen, row.closes, row.claw_back_by = State.APPROVED, value.amount, value.closes_account, value.claw_back_by
        row.evidence = json.dumps(evidence_of(row, value.evidence))
        if value.payee is Payee.SUPERVISED_ACCOUNT:
            row.payee_account, row.payee_name, row.payee_bank = value.payee_account, value.payee_name, value.payee_bank
        words = f"准予提取{value.amount.text}元"
    else:
        row.state = State.REFUSED if decision.outcome is Outcome.REFUSED else State.REFERRED
        row.granted_fen = None
        words = "不予提取，理由见决定" if row.state == State.REFUSED else f"转人工审核，{row.due_on}前答复"
    row.save()
    note(row, at, by, words)
    return moved(row, tuple(reason.code for reason in decision.reasons))
