"""首付款追回: whether the deal became final is asked again; what was paid for one that did not is demanded back to the account."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hpf.db.command import command, step
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import InterestYear
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.sharing import services as sharing
from hpf.sharing.gateways.exchange import Exchange
from hpf.sharing.rules import Ask
from hpf.treasury import queries as treasury_queries
from hpf.treasury import services as treasury
from hpf.withdrawals import models
from hpf.withdrawals.queries.facts import CASE_KIND, PURPOSE
from hpf.withdrawals.rules import Ground
from hpf.withdrawals.rules.facts_of_housing import DEAL_STATES
from hpf.withdrawals.rules.purchase import claw_back
from hpf.withdrawals.rules.states import ClaimState, State, wrong_state
from hpf.withdrawals.services.applying import no_such
from hpf.withdrawals.services.numbers import take_number
from hpf.withdrawals.services.paying import SOURCE
from hpf.withdrawals.services.recording import Moved, locked, moved, note, release_evidence

EXPECTED = "CLAW_BACK"
SIGNED = "SIGNED"
LAW = ("甘建金〔2024〕26号/三（一）",)


@dataclass(frozen=True, slots=True)
class Demanded:
    """A claim as it stands; `state` STOPPED when nothing is due any more."""

    claim_no: str
    application_no: str
    state: ClaimState
    amount: Money
    due_on: date


@command("withdrawals.claim")
def record_deal(
    *, by: Actor, centre_id: int, application_no: str, deal_state: str, source: str, on: date, at: datetime, key: str
) -> Decision[Moved]:
    """登记交易状态 of a paid down payment, as the housing department answered or a paper shows (`source`).

    Signed   the deal is final: nothing is to be paid back; an open claim stops, money that came for it waits to be sent back
    Locks    the application: of a deal that becomes final and a demand at the same moment the second sees the first
    Refuses  NO_SUCH_WITHDRAWAL, WITHDRAWAL_WRONG_STATE, DEAL_STATE_UNKNOWN, FINDING_WITHOUT_SOURCE
    """
    row = locked(centre_id, application_no)
    if row is None:
        return Decision.refused([no_such(application_no)])
    reasons = _not_claimable(row, "登记交易状态")
    if deal_state not in DEAL_STATES:
        reasons.append(Reason("DEAL_STATE_UNKNOWN", f"没有“{deal_state[:20]}”这种交易状态，请从列出的状态中选择", LAW))
    if not source.strip():
        reasons.append(Reason("FINDING_WITHOUT_SOURCE", "登记交易状态须写明依据的材料，请填写材料名称和编号"))
    if reasons:
        return Decision.refused(reasons)
    row.deal_state, row.deal_checked_on = deal_state, on
    words = f"交易状态：{DEAL_STATES[deal_state]}（{source.strip()}）"
    if deal_state == SIGNED:
        row.claw_back_by = None
        for claim in models.Claim.objects.filter(centre_id=centre_id, application=row, state__in=_open()):
            treasury.cancel_expectation(centre_id, claim.claim_no)
            claim.state, claim.ended_note = ClaimState.STOPPED, f"{on}查明已网签，停止追回"
            claim.save(update_fields=["state", "ended_note"])
            words += f"，停止追回{claim.claim_no}"
    row.save(update_fields=["deal_state", "deal_checked_on", "claw_back_by"])
    note(row, at, by, words[:300])
    return Decision.approved(moved(row))


@command("withdrawals.claim")
@cites("条例/5@2026", "甘建金〔2024〕26号/三（一）")
def demand_back(*, by: Actor, centre_id: int, application_no: str, business_on: date, at: datetime, key: str) -> Decision[Demanded]:
    """通知退回 a down payment whose deal failed or was not signed in time; the deal is looked up on the same day.

    Writes   the claim DEMANDED, the money expected under its number
    Locks    the application
    Refuses  NO_SUCH_WITHDRAWAL, WITHDRAWAL_WRONG_STATE, DEAL_NOT_CHECKED, CLAIM_NOT_DUE, CLAIM_RUNNING
    """
    row = locked(centre_id, application_no)
    if row is None:
        return Decision.refused([no_such(application_no)])
    reasons = _not_claimable(row, "追回")
    if reasons:
        return Decision.refused(reasons)
    running = models.Claim.objects.filter(centre_id=centre_id, application=row, state__in=_open()).first()
    if running is not None:
        message = f"本件已于{running.demanded_on}通知退回（{running.claim_no}），请等待款项退回，不必重复通知"
        return Decision.refused([Reason("CLAIM_RUNNING", message)])
    if row.deal_checked_on != business_on:
        last = f"最近一次核查是{row.deal_checked_on}" if row.deal_checked_on else "付款后还没有核查过"
        message = f"追回须以当日核查的交易状态为准，{last}，请先向房产管理部门核查交易"
        return Decision.refused([Reason("DEAL_NOT_CHECKED", message, LAW)])
    assert row.granted_fen is not None
    found = claw_back(row.granted_fen, ZERO, row.deal_state, row.claw_back_by, business_on)
    if found.reason is None or found.due_on is None:
        message = f"交易状态为“{DEAL_STATES[row.deal_state]}”，网签期限{row.claw_back_by}，尚不须退回，请到期后再核查"
        return Decision.refused([Reason("CLAIM_NOT_DUE", message, LAW)])
    claim = models.Claim.objects.create(
        centre_id=centre_id, claim_no=take_number("ZH", centre_id, business_on), application=row, amount_fen=found.amount, state=ClaimState.DEMANDED,
        reason_code=found.reason.code, reason=found.reason.message[:300], law="、".join(found.reason.law)[:200], demanded_on=business_on,
        due_on=found.due_on, demanded_by=by.user_id, demanded_by_name=by.name,
    )  # fmt: skip
    treasury.expect_receipt(
        centre_id, kind=EXPECTED, reference=claim.claim_no, amount=found.amount, on=business_on, payer_name=row.payee_name,
        payer_account=row.payee_account,
    )  # fmt: skip
    note(row, at, by, f"通知退回首付款{found.amount.text}元，编号{claim.claim_no}")
    return Decision.approved(_demanded(claim))


@command("withdrawals.claim")
def note_refusal(*, by: Actor, centre_id: int, claim_no: str, words: str, at: datetime, key: str) -> Decision[Demanded]:
    """登记拒不退回: the claim stays open, the application is marked; whether it was fraud is a decision of its own (限制提取).

    Refuses  NO_SUCH_CLAIM, CLAIM_NOT_OPEN, REASON_MISSING
    """
    claim, row = _claim(centre_id, claim_no)
    if claim is None or row is None:
        return Decision.refused([_no_claim(claim_no)])
    reasons = [] if claim.state == ClaimState.DEMANDED else [_not_open(claim)]
    if not words.strip():
        reasons.append(Reason("REASON_MISSING", "登记拒不退回须写明经过，请填写"))
    if reasons:
        return Decision.refused(reasons)
    claim.state, claim.ended_note = ClaimState.REFUSED, words.strip()[:300]
    claim.save(update_fields=["state", "ended_note"])
    row.flagged = f"首付款{claim.amount_fen.text}元拒不退回（{claim_no}），请依法追缴；认定骗提的，凭决定书登记限制提取"[:200]
    row.save(update_fields=["flagged"])
    note(row, at, by, f"登记拒不退回{claim_no}：{words.strip()}"[:300])
    return Decision.approved(_demanded(claim))


@command("withdrawals.settle")
@cites("财会字〔1999〕33号/提取")
def book_return(
    *, by: Actor, centre_id: int, claim_no: str, receipt_nos: tuple[str, ...], business_on: date, at: datetime, key: str
) -> Decision[Demanded]:
    """退回入账: the money that came under a claim is the member's again, in the bucket from which it had been taken.

    It bears interest from the day it reached the bank. The withdrawal no longer counts, its evidence is free.
    Locks    the application, the receipts, the ledger accounts in id order
    Writes   debit 21904, credit 201 (J3, the other way); CLAWED_BACK; the claim RETURNED
    Refuses  NO_SUCH_CLAIM, CLAIM_NOT_OPEN, CLAIM_ACCOUNT_ENDED, CLAIM_SUM_DIFFERS; what `use_receipt` refuses
    """
    claim, row = _claim(centre_id, claim_no)
    if claim is None or row is None:
        return Decision.refused([_no_claim(claim_no)])
    if not ClaimState(claim.state).is_open or row.state != State.PAID:
        return Decision.refused([_not_open(claim)])
    account = ledger_queries.balance(row.ledger_account_id)
    if account.closed_on is not None:
        message = f"个人账户已于{account.closed_on}销户，退回的款项不能入账，留在暂收款，请联系本人后由会计办理退款"
        return Decision.refused([Reason("CLAIM_ACCOUNT_ENDED", message)])
    uses = []
    for receipt_no in receipt_nos:
        used = treasury.use_receipt(centre_id, receipt_no, by_kind=EXPECTED, by_no=claim_no)
        if used.value is None:
            raise WrongReceipt("；".join(reason.message for reason in used.reasons))
        uses.append(used.value)
    if Money.total(use.remaining for use in uses) != claim.amount_fen:
        raise WrongReceipt(f"{claim_no}的到账款项与应退回的{claim.amount_fen.text}元不符")
    draft = Draft(
        centre_id, "REVERSAL", "J3", business_on, min([business_on, *(use.value_on for use in uses)]), SOURCE, row.application_no,
        f"首付款退回 {claim_no}", by.user_id,
    )  # fmt: skip
    carried, legs = _carried_of(row, account.interest_year, claim.amount_fen), []
    for use in uses:
        part, value_on = min(carried, use.remaining), min(use.value_on, business_on)
        carried -= part
        legs.append(Leg(use.ledger_account_id, use.remaining.fen, None, value_on))
        legs.append(Leg(row.ledger_account_id, -use.remaining.fen, -part.fen, value_on))
    claim.journal_id = ledger.post(draft, legs, f"{key}:J3")
    claim.state, claim.returned_on = ClaimState.RETURNED, business_on
    claim.save(update_fields=["journal_id", "state", "returned_on"])
    release_evidence(row)
    row.state, row.claw_back_by, row.flagged = State.CLAWED_BACK, None, ""
    row.save(update_fields=["state", "claw_back_by", "flagged", "evidence"])
    note(row, at, by, f"首付款{claim.amount_fen.text}元已退回个人账户（{claim_no}）")
    return Decision.approved(_demanded(claim))


class WrongReceipt(Exception):
    """A receipt matched with a claim cannot be used for it: matching does not allow it, nothing is kept."""


def _carried_of(row: models.Application, year: int | None, amount: Money) -> Money:
    """How much of it had come out of 上年结转; all of it when a 30 June has passed since."""
    paid = next(
        entry
        for entry in ledger_queries.history(row.ledger_account_id, row.accepted_on, date.max, limit=500)
        if entry.kind == "WITHDRAWAL" and entry.source_no == row.application_no
    )
    if year is not None and InterestYear.of(paid.business_on).year < year:
        return amount
    return min(amount, ZERO - paid.carried)


def _not_claimable(row: models.Application, action: str) -> list[Reason]:
    if row.ground == Ground.DOWN_PAYMENT and row.state == State.PAID and row.claw_back_by is not None:
        return []
    if row.ground == Ground.DOWN_PAYMENT and row.state == State.PAID:
        message = f"提取申请{row.application_no}付款时或者付款后交易已网签，不须退回，无需{action}"
        return [Reason("DEAL_IS_FINAL", message, LAW)]
    return [wrong_state(row.application_no, row.state, action)]


def _open() -> list[str]:
    return [state.value for state in ClaimState if state.is_open]


@step
def _claim(centre_id: int, claim_no: str) -> tuple[models.Claim | None, models.Application | None]:
    """The claim under its application's lock."""
    found = (
        models.Claim.objects.filter(centre_id=centre_id, claim_no=claim_no).values_list("application__application_no", flat=True).first()
    )
    row = locked(centre_id, found) if found else None
    return (models.Claim.objects.get(centre_id=centre_id, claim_no=claim_no), row) if row is not None else (None, None)


def _demanded(claim: models.Claim) -> Demanded:
    return Demanded(claim.claim_no, claim.application.application_no, ClaimState(claim.state), claim.amount_fen, claim.due_on)


def _no_claim(claim_no: str) -> Reason:
    return Reason("NO_SUCH_CLAIM", f"本中心没有追回{claim_no[:30]}，请核对追回编号")


def _not_open(claim: models.Claim) -> Reason:
    return Reason("CLAIM_NOT_OPEN", f"追回{claim.claim_no}现为“{ClaimState(claim.state).text}”，不能再办理，请刷新后按现状办理")


# --- stories ---


def check_deal(
    *, by: Actor, centre_id: int, application_no: str, business_on: date, at: datetime, key: str, exchange: Exchange | None = None
) -> Decision[Moved]:
    """核查交易: ask the housing department again, on the consent given with the application, and write down what it says.

    Refuses  DEAL_NOT_TOLD when it did not answer, or the consent no longer holds; what `record_deal` refuses
    """
    with centre_scope(centre_id):
        row = models.Application.objects.filter(centre_id=centre_id, application_no=application_no).first()
        ask = _ask(row, business_on) if row is not None else None
    if ask is None:
        return Decision.refused([no_such(application_no)])
    more = {} if exchange is None else {"exchange": exchange}
    (answer,) = sharing.ask_all(by=by, centre_id=centre_id, questions=(ask,), at=at, key=key, **more)
    state = answer.fields.get("deal_state") if answer.status == "ANSWERED" else None
    if state is None:
        why = answer.reason or "没有该合同的交易状态"
        message = f"未能取得交易状态：{why}，请稍后重新核查，或者凭纸质材料登记"
        return Decision.refused([Reason("DEAL_NOT_TOLD", message, LAW)])
    return record_deal(
        by=by, centre_id=centre_id, application_no=application_no, deal_state=str(state), source=answer.source, on=business_on, at=at, key=f"{key}:deal"
    )  # fmt: skip


def _ask(row: models.Application, on: date) -> Ask:
    said = json.loads(row.said)
    terms = (("contract_no", said["contract_no"]),) if said.get("contract_no") else ()
    return Ask(
        case_kind=CASE_KIND, case_no=row.application_no, department="HOUSING", service="contract", purpose=PURPOSE, person_id=row.person_id,
        consent_no=row.consent_no, fields=("deal_state",), terms=terms, on=on,
    )  # fmt: skip


def check_deals(*, by: Actor, centre_id: int, business_on: date, at: datetime, exchange: Exchange | None = None) -> list[Moved]:
    """Every deal whose day has passed and is not known to be final, once a day. A story, safe to run again."""
    with centre_scope(centre_id):
        due = list(
            models.Application.objects.filter(
                centre_id=centre_id, ground=Ground.DOWN_PAYMENT, state=State.PAID, claw_back_by__lt=business_on
            )
            .exclude(deal_checked_on=business_on)
            .order_by("id")
            .values_list("application_no", flat=True)
        )
    told = [
        check_deal(
            by=by, centre_id=centre_id, application_no=number, business_on=business_on, at=at, key=f"deal:{number}:{business_on}", exchange=exchange
        )
        for number in due
    ]  # fmt: skip
    return [each.value for each in told if each.value is not None]


def book_returns(*, by: Actor, centre_id: int, business_on: date, at: datetime) -> list[Demanded]:
    """Everything that has come whole under a claim. A story, safe to run again."""
    with centre_scope(centre_id):
        met: Sequence[treasury_queries.MatchedExpectation] = treasury_queries.matched_receipts(centre_id, EXPECTED)
    booked = []
    for each in met:
        answer = book_return(
            by=by, centre_id=centre_id, claim_no=each.reference, receipt_nos=tuple(receipt.receipt_no for receipt in each.receipts),
            business_on=business_on, at=at, key=f"claim:{each.reference}:{business_on}",
        )  # fmt: skip
        booked += [answer.value] if answer.value is not None else []
    return booked
