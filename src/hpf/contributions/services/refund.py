"""退款: money of a unit goes back: paid wrongly for a member, or prepaid and no longer needed. One person asks, another passes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.contributions.models import Refund, RefundLine, Remittance
from hpf.contributions.rules import refusals
from hpf.contributions.rules.states import RefundKind, RefundState, RemittanceState
from hpf.contributions.services.confirmation import locked
from hpf.contributions.services.correction import TakenBack, booked_lines, check_available, write_correction
from hpf.contributions.services.facts import employer_account, prepaid_ledger
from hpf.contributions.services.numbers import take_number
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.treasury import services as treasury

SOURCE = "CONTRIBUTION_REFUND"
TO_BE_PAID = 21904
"""待退款: money of a passed refund that is not at the unit's bank yet, on an account of the refund's own."""


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """What is to go back of one person's booked month."""

    account_no: str
    month: Month
    employer: Money
    member: Money


@dataclass(frozen=True, slots=True)
class Payee:
    """The unit's own bank account."""

    name: str
    account: str
    bank: str


@dataclass(frozen=True, slots=True)
class RefundApplied:
    refund_no: str
    state: RefundState
    total: Money


@dataclass(frozen=True, slots=True)
class RefundDecided:
    """`payment_no` is empty when nothing was ordered to be paid."""

    refund_no: str
    state: RefundState
    total: Money
    payment_no: str


@command("contributions.refund")
def refund_mispayment(
    *,
    by: Actor,
    centre_id: int,
    remittance_no: str,
    lines: tuple[RefundedLine, ...],
    reason: str,
    payee: Payee,
    business_on: date,
    key: str,
    at: datetime,
    evidence_id: int | None = None,
) -> Decision[RefundApplied]:
    """错缴退款申请 against the booked lines of one list.

    Refuses  REASON_MISSING, MORE_THAN_BOOKED, BALANCE_TOO_SMALL (what is held cannot go back), REMITTANCE_WRONG_STATE
    """
    remittance = locked(centre_id, remittance_no)
    if remittance is None:
        return Decision.refused([refusals.no_such_remittance(remittance_no)])
    if remittance.state != RemittanceState.BOOKED:
        state = RemittanceState(remittance.state).label
        return Decision.refused([refusals.wrong_state(remittance_no, state, RemittanceState.BOOKED.label)])
    if remittance.employer_account_id is None:
        return Decision.refused([refusals.not_an_employers_list(remittance_no)])
    taken, reasons = booked_lines(remittance, [(line.account_no, line.month, line.employer, line.member) for line in lines])
    reasons += check_available(taken) + ([] if reason.strip() else [refusals.reason_missing("错缴退款")])
    if not lines:
        reasons.append(refusals.nothing_to_pay(remittance_no))
    if reasons:
        return Decision.refused(reasons)
    total = Money.total(each.total for each in taken)
    refund = _create(
        centre_id, RefundKind.MISPAYMENT, total, reason, payee, evidence_id, business_on, by,
        employer_id=remittance.employer_id, employer_account_id=remittance.employer_account_id,
        employer_account_no=remittance.employer_account_no,
    )  # fmt: skip
    RefundLine.objects.bulk_create(
        RefundLine(
            centre_id=centre_id, refund=refund, line=each.line, account_no=each.line.account_no, month=each.line.month,
            employer_fen=each.employer, member_fen=each.member,
        )
        for each in taken
    )  # fmt: skip
    return Decision.approved(RefundApplied(refund.refund_no, RefundState.APPLIED, total))


@command("contributions.refund")
def refund_prepaid(
    *,
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    amount: Money,
    reason: str,
    payee: Payee,
    business_on: date,
    key: str,
    at: datetime,
) -> Decision[RefundApplied]:
    """预缴退款申请: a unit asks for prepaid money back. Refuses more than is there."""
    account = employer_account(centre_id, employer_account_no)
    if account is None:
        return Decision.refused([refusals.no_such_employer_account(employer_account_no)])
    reasons = [] if reason.strip() else [refusals.reason_missing("预缴退款")]
    balance = ledger_queries.balance(prepaid_ledger(account))
    if amount <= ZERO or amount > balance.available:
        reasons.append(refusals.balance_too_small(employer_account_no, amount))
    if reasons:
        return Decision.refused(reasons)
    refund = _create(
        centre_id, RefundKind.PREPAID, amount, reason, payee, None, business_on, by, employer_id=account.employer_id,
        employer_account_id=account.employer_account_id, employer_account_no=account.account_no,
    )  # fmt: skip
    return Decision.approved(RefundApplied(refund.refund_no, RefundState.APPLIED, amount))


@command("contributions.approve_refund")
def approve_refund(
    *, by: Actor, centre_id: int, refund_no: str, business_on: date, key: str, at: datetime, opinion: str = ""
) -> Decision[RefundDecided]:
    """复核退款, by another person: the money leaves the members (or the prepaid account) and is ordered to be paid.

    It leaves them once, for the refund's own account in 21904, and is paid from there: a payment that fails comes back to
    that account and not to the members, whose month may have been remitted again in the meantime.

    Locks    the refund, the list; the ledger rows in id order
    Writes   the journal and the payment order; minus lines, so that the booked months are true again
    Refuses  MAKER_IS_CHECKER, WRONG_STATE; MORE_THAN_BOOKED or BALANCE_TOO_SMALL when something happened since it was asked for
    """
    refund = locked_refund(centre_id, refund_no)
    if refund is None:
        return Decision.refused([refusals.not_found("退款", refund_no)])
    reasons = _check_decision(refund, by)
    if not reasons and refund.journal_id is None:
        reasons = _set_aside(refund, business_on, by, key, at)
    if reasons:
        return Decision.refused(reasons)
    ordered = treasury.order_payment(
        draft_of(refund, "J2", business_on, by), [Leg(refund.ledger_account_id, refund.total_fen.fen)], payee_account=refund.payee_account,
        payee_name=refund.payee_name, payee_bank=refund.payee_bank, payee_class="2",
        summary=f"{RefundKind(refund.kind).label} {refund_no}", key=key,
    )  # fmt: skip
    refund.state, refund.checker, refund.opinion = RefundState.ORDERED, by.user_id, opinion
    refund.payment_no, refund.outcome = ordered.payment_no, ""
    refund.save()
    return Decision.approved(decided(refund))


@command("contributions.approve_refund")
def refuse_refund(*, by: Actor, centre_id: int, refund_no: str, opinion: str, key: str, at: datetime) -> Decision[RefundDecided]:
    """退款不予通过, with a reason. Nothing moves: money that was set aside by an earlier try stays where it is."""
    refund = locked_refund(centre_id, refund_no)
    if refund is None:
        return Decision.refused([refusals.not_found("退款", refund_no)])
    reasons = _check_decision(refund, by) + ([] if opinion.strip() else [refusals.reason_missing("不予通过")])
    if reasons:
        return Decision.refused(reasons)
    refund.state = RefundState.REFUSED if refund.journal_id is None else RefundState.FAILED
    refund.checker, refund.opinion = by.user_id, opinion
    refund.save(update_fields=["state", "checker", "opinion"])
    return Decision.approved(decided(refund))


@step
def locked_refund(centre_id: int, refund_no: str) -> Refund | None:
    return Refund.objects.select_for_update().filter(centre_id=centre_id, refund_no=refund_no).first()


def decided(refund: Refund) -> RefundDecided:
    return RefundDecided(refund.refund_no, RefundState(refund.state), refund.total_fen, refund.payment_no)


def draft_of(refund: Refund, template: str, business_on: date, by: Actor) -> Draft:
    """The journal of a refund, made by who asked for it and checked by `by`."""
    return Draft(
        centre_id=refund.centre_id, kind="REFUND", template=template, business_on=business_on, value_on=business_on, source_kind=SOURCE,
        source_no=refund.refund_no, summary=f"{RefundKind(refund.kind).label}：{refund.reason}"[:200], maker=refund.maker, checker=by.user_id,
    )  # fmt: skip


@step
def _set_aside(refund: Refund, business_on: date, by: Actor, key: str, at: datetime) -> list[Reason]:
    """Take the money from where it is into the refund's own account; the reasons why not, and then nothing is written."""
    remittance: Remittance | None = None
    taken: list[TakenBack] = []
    if refund.kind == RefundKind.MISPAYMENT:
        rows = list(RefundLine.objects.filter(refund=refund).select_related("line").order_by("id"))
        remittance = Remittance.objects.select_for_update().get(id=rows[0].line.remittance_id)
        taken, reasons = booked_lines(remittance, [(row.account_no, row.month, row.employer_fen, row.member_fen) for row in rows])
        reasons += check_available(taken)
        template, legs = "J1", [Leg(each.line.ledger_account_id, each.total.fen) for each in taken]
    else:
        account = employer_account(refund.centre_id, refund.employer_account_no)
        balance = ledger_queries.balance(prepaid_ledger(account)) if account else None
        if balance is None or balance.available < refund.total_fen:
            return [refusals.balance_too_small(refund.employer_account_no, refund.total_fen)]
        template, legs, reasons = "J2", [Leg(balance.account_id, refund.total_fen.fen)], []
    if reasons:
        return reasons
    own = ledger.open_account(refund.centre_id, TO_BE_PAID, "REFUND", refund.id, business_on)
    legs.append(Leg(own, -refund.total_fen.fen))
    refund.ledger_account_id = own
    refund.journal_id = ledger.post(draft_of(refund, template, business_on, by), legs, f"{key}:aside", carried_first=False)
    if remittance is not None:
        refund.remittance = write_correction(remittance, taken, refund.journal_id, business_on, refund.reason, refund.maker, at)
    return []


def _create(
    centre_id: int, kind: RefundKind, total: Money, reason: str, payee: Payee, evidence_id: int | None, on: date, by: Actor, **unit: object
) -> Refund:
    return Refund.objects.create(
        centre_id=centre_id, refund_no=take_number(centre_id, on), kind=kind, state=RefundState.APPLIED, total_fen=total, reason=reason,
        evidence_id=evidence_id, payee_name=payee.name, payee_account=payee.account, payee_bank=payee.bank, applied_on=on,
        maker=by.user_id, **unit,
    )  # fmt: skip


def _check_decision(refund: Refund, by: Actor) -> list[Reason]:
    if refund.state != RefundState.APPLIED:
        state, wanted = RefundState(refund.state).label, RefundState.APPLIED.label
        return [refusals.state_does_not_allow("退款", refund.refund_no, state, wanted)]
    if by.user_id == refund.maker:
        return [refusals.maker_is_checker("退款")]
    return []
