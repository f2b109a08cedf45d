"""人工审核: one person finds out what nobody could tell or proposes to decide otherwise; another person passes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome, Reason
from hpf.kernel.money import Money
from hpf.ledger import queries as ledger
from hpf.withdrawals import models
from hpf.withdrawals.queries.books import bans
from hpf.withdrawals.rules import GROUNDS, Ban, Entitlement, Ground
from hpf.withdrawals.rules.reading import NotAnApplication, read
from hpf.withdrawals.rules.states import DecisionKind, State, wrong_state
from hpf.withdrawals.services.applying import no_such
from hpf.withdrawals.services.deciding import conclude, evidence_taken, examined, settle_decision
from hpf.withdrawals.services.filing import evidence_of
from hpf.withdrawals.services.recording import Moved, locked, moved, note, use_evidence, write_decision
from hpf.withdrawals.services.sharing_out import has_heirs

BY_RULE = "BY_RULE"
TO_REVIEW = (State.REFERRED, State.REFUSED)


@command("withdrawals.review")
def review(
    *,
    by: Actor,
    centre_id: int,
    application_no: str,
    opinion: str,
    reason: str,
    at: datetime,
    key: str,
    amount: Money | None = None,
    found: tuple[tuple[str, Any], ...] = (),
    source: str = "",
) -> Decision[Moved]:
    """审核意见 on a case that was referred, or refused and objected to. `opinion`: BY_RULE, APPROVED or REFUSED.

    `found` are facts the clerk has cleared up with the paper `source`; the rule then reads them instead of the answers.
    Writes   the findings, the opinion; REVIEWED, for a second person to pass
    Refuses  NO_SUCH_WITHDRAWAL, WITHDRAWAL_WRONG_STATE, REASON_MISSING, FINDING_WITHOUT_SOURCE, FINDING_WRONG,
             REVIEW_AMOUNT_MISSING, STILL_IN_DOUBT: by the rule, and the rule still cannot decide
    """
    row = locked(centre_id, application_no)
    if row is None:
        return Decision.refused([no_such(application_no)])
    if row.state not in TO_REVIEW:
        return Decision.refused([wrong_state(application_no, row.state, "审核", row.reviewer_name or row.decided_by_name)])
    reasons = _check(row, opinion, reason, amount, dict(found), source)
    if reasons:
        return Decision.refused(reasons)
    models.Statement.objects.bulk_create(
        models.Statement(
            centre_id=centre_id, application=row, name=name, value=json.dumps(value, ensure_ascii=False), source=f"人工核实·{source}"[:80],
            stated_on=row.accepted_on, stated_by=by.user_id,
        )
        for name, value in found
    )  # fmt: skip
    if opinion == BY_RULE:
        finding = examined(row)[1]
        if finding.decision.outcome is Outcome.REFERRED:
            doubts = "；".join(each.message for each in finding.decision.reasons)
            return Decision.refused([Reason("STILL_IN_DOUBT", f"按已核实的事实仍不能决定：{doubts}，请继续核实或者提出审核意见")])
        amount = finding.decision.value.amount if finding.decision.value is not None else None
    row.state, row.reviewer, row.reviewer_name = State.REVIEWED, by.user_id, by.name
    row.review_outcome, row.review_fen, row.review_reason = opinion, amount, reason.strip()
    row.save()
    note(row, at, by, "审核意见已提出，待另一人复核")
    return Decision.approved(moved(row))


def _check(row: models.Application, opinion: str, reason: str, amount: Money | None, found: dict[str, Any], source: str) -> list[Reason]:
    reasons = []
    if not reason.strip():
        reasons.append(Reason("REASON_MISSING", "审核意见须写明理由，请填写"))
    if found and not source.strip():
        reasons.append(Reason("FINDING_WITHOUT_SOURCE", "核实的事实须写明依据的材料，请填写材料名称和编号"))
    try:
        read(Ground(row.ground), {"balance": "0.00", "facts": found}, row.accepted_on, row.centre_id)
    except NotAnApplication as wrong:
        reasons.append(Reason("FINDING_WRONG", f"核实的事实填写有误：{wrong}，请更正"))
    if opinion == Outcome.APPROVED and (amount is None or amount.fen <= 0):
        reasons.append(Reason("REVIEW_AMOUNT_MISSING", "准予提取须写明大于零的金额，请填写"))
    if opinion == Outcome.APPROVED and amount is not None:
        reasons += not_whole(row, amount)
    if opinion not in (BY_RULE, Outcome.APPROVED, Outcome.REFUSED):
        reasons.append(Reason("OPINION_UNKNOWN", f"没有“{opinion[:20]}”这种审核意见，请选择按规则、准予或者不予"))
    return reasons


@command("withdrawals.pass_review")
def pass_review(*, by: Actor, centre_id: int, application_no: str, at: datetime, key: str) -> Decision[Moved]:
    """复核审核意见, by another person: the opinion becomes the decision.

    Locks    the application, then the evidence among all centres
    Refuses  NO_SUCH_WITHDRAWAL, WITHDRAWAL_WRONG_STATE, SAME_PERSON; WITHDRAWAL_NOT_COVERED and WITHDRAWAL_BANNED_NOW, which no
             opinion can set aside; EVIDENCE_TAKEN
    """
    row = locked(centre_id, application_no)
    if row is None:
        return Decision.refused([no_such(application_no)])
    if row.state != State.REVIEWED:
        return Decision.refused([wrong_state(application_no, row.state, "复核", row.decided_by_name)])
    if row.reviewer == by.user_id:
        return Decision.refused([_same_person(by)])
    if row.review_outcome == BY_RULE:
        return Decision.approved(conclude(row, DecisionKind.REVIEW, at=at, by=by))
    return _override(row, at, by)


@step
def _override(row: models.Application, at: datetime, by: Actor) -> Decision[Moved]:
    case, finding = examined(row)
    decided: Decision[Entitlement]
    if row.review_outcome == Outcome.APPROVED:
        assert row.review_fen is not None
        reasons = not_payable(row, row.review_fen, row.accepted_on) + not_whole(row, row.review_fen)
        named = finding.decision.value.evidence if finding.decision.value is not None else ()
        if not reasons and not use_evidence(row, evidence_of(row, named), row.review_fen):
            reasons = [evidence_taken()]
        if reasons:
            return Decision.refused(reasons)
        sheet = GROUNDS[Ground(row.ground)]
        balance = ledger.balance(row.ledger_account_id).balance
        closes = sheet.closes and row.review_fen == balance
        decided = Decision.approved(
            Entitlement(
                ground=Ground(row.ground), amount=row.review_fen, limit=row.review_fen, limits=(), payee=sheet.payee, closes_account=closes,
                exchange_code=sheet.exchange_code, evidence=tuple(named), interest_to=row.accepted_on if closes else None,
            ),
            [Reason("APPROVED_BY_REVIEW", f"经审核复核准予提取{row.review_fen.text}元，理由：{row.review_reason}", ("条例/25",))],
        )  # fmt: skip
    else:
        message = f"经审核复核不予提取，理由：{row.review_reason}，有异议的可以向中心申请复核"
        decided = Decision.refused([Reason("REFUSED_BY_REVIEW", message, ("条例/25",))])
    write_decision(row, DecisionKind.OVERRIDE, case, finding, at=at, by=by, decided=decided, reviewer_name=row.reviewer_name)
    return Decision.approved(settle_decision(row, decided, at=at, by=by))


@command("withdrawals.pass_review")
def return_review(*, by: Actor, centre_id: int, application_no: str, reason: str, at: datetime, key: str) -> Decision[Moved]:
    """退回审核意见, with a reason; the case goes back to where it was."""
    row = locked(centre_id, application_no)
    if row is None:
        return Decision.refused([no_such(application_no)])
    if row.state != State.REVIEWED:
        return Decision.refused([wrong_state(application_no, row.state, "退回", row.decided_by_name)])
    reasons = [_same_person(by)] if row.reviewer == by.user_id else []
    if not reason.strip():
        reasons.append(Reason("REASON_MISSING", "退回须写明理由，请填写"))
    if reasons:
        return Decision.refused(reasons)
    last = models.Decision.objects.filter(centre_id=centre_id, application=row).order_by("-id").first()
    row.state = State.REFUSED if last is not None and last.outcome == Outcome.REFUSED else State.REFERRED
    row.reviewer = row.reviewer_name = row.review_outcome = ""
    row.review_fen = row.review_reason = None
    row.save()
    note(row, at, by, "审核意见已退回")
    return Decision.approved(moved(row))


def _same_person(by: Actor) -> Reason:
    return Reason("SAME_PERSON", f"审核与复核不能同为{by.name}，请由他人复核")


def not_payable(row: models.Application, amount: Money, on: Any) -> list[Reason]:
    """What stops any payment, whoever decided: a ban in force on the day, or too little that may leave the account."""
    reasons = []
    running = bans(row.person_id, on)
    if running and not GROUNDS[Ground(row.ground)].closes:
        reasons.append(banned_now(running))
    if ledger.balance(row.ledger_account_id).available < amount:
        reasons.append(not_covered(amount))
    return reasons


def not_whole(row: models.Application, amount: Money) -> list[Reason]:
    """What nobody inherits goes to the surplus as a whole: a part of it would stay on the account of somebody dead."""
    balance = ledger.balance(row.ledger_account_id).balance
    if row.ground != Ground.DEATH or has_heirs(row) or amount == balance:
        return []
    message = f"没有继承人和受遗赠人的，全部余额{balance.text}元依照条例转入增值收益，不能只转{amount.text}元，请填写全部余额"
    return [Reason("ESTATE_NOT_WHOLE", message, ("条例/24",))]


def banned_now(running: Sequence[Ban]) -> Reason:
    last = max(running, key=lambda ban: ban.until)
    message = f"{last.text}，付款前核对不通过，请于到期后重新申请"
    return Reason("WITHDRAWAL_BANNED_NOW", message, ("条例/41@2026",))


def not_covered(amount: Money) -> Reason:
    message = f"提取{amount.text}元，账户可用余额不足，不能付款，请减少申请金额或者以后申请"
    return Reason("WITHDRAWAL_NOT_COVERED", message, ("条例/24",))
