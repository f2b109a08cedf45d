"""退款结果: what became of a refund's payment, and what is done with money that could not be paid or came back."""

from __future__ import annotations

from datetime import date, datetime

from hpf.contributions.models import Refund
from hpf.contributions.rules import refusals
from hpf.contributions.rules.states import RefundState
from hpf.contributions.services.facts import employer_account, prepaid_ledger
from hpf.contributions.services.refund import SOURCE, Payee, RefundDecided, decided, draft_of, locked_refund
from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.ledger import services as ledger
from hpf.ledger.rules import Leg
from hpf.treasury import queries as treasury

CAME_BACK = ("FAILED", "RETURNED")


@command("contributions.settle_refund")
def settle_refund(*, by: Actor, centre_id: int, refund_no: str, key: str, at: datetime) -> Decision[RefundDecided]:
    """退款结果: write down what became of the payment. A paid refund whose money is returned later has failed after all.

    Treasury has put money that came back on the refund's own account. The members' months stay taken back.
    """
    refund = locked_refund(centre_id, refund_no)
    if refund is None:
        return Decision.refused([refusals.not_found("退款", refund_no)])
    payment = treasury.payment(centre_id, refund.payment_no)
    if payment is not None and payment.state in CAME_BACK and refund.state in (RefundState.ORDERED, RefundState.PAID):
        refund.state = RefundState.FAILED
        why = "已付后被退汇" if payment.state == "RETURNED" else payment.explanation.partition("，款项已退回原处")[0]
        refund.outcome = f"{why}，{refund.total_fen.text}元在待退款，请更正收款账户后重新提交，或转入单位预缴"
    elif payment is not None and payment.state == "DONE" and refund.state == RefundState.ORDERED:
        refund.state = RefundState.PAID
    refund.save(update_fields=["state", "outcome"])
    return Decision.approved(decided(refund))


def settle_refunds(*, by: Actor, centre_id: int, at: datetime) -> list[RefundDecided]:
    """Every refund whose payment has come to an end, and every paid one whose money came back since. A story for the
    day's close, safe to run again."""
    with centre_scope(centre_id):
        ended = _ended(centre_id)
    settled = []
    for refund_no, payment_no, state in ended:
        answer = settle_refund(by=by, centre_id=centre_id, refund_no=refund_no, key=f"refund:{payment_no}:{state}", at=at)
        if answer.value is not None:
            settled.append(answer.value)
    return settled


def _ended(centre_id: int) -> list[tuple[str, str, str]]:
    """(refund, payment, its state) that are not written down yet. The payments that came back are few in any year."""
    ordered = Refund.objects.filter(centre_id=centre_id, state=RefundState.ORDERED)
    waiting = dict(ordered.values_list("payment_no", "refund_no"))
    payments = [each for found in treasury.payments_of(centre_id, SOURCE, list(waiting.values())).values() for each in found]
    ended = [(waiting[each.payment_no], each.payment_no, each.state) for each in payments if _has_ended(each, waiting)]
    returned = [each.payment_no for each in treasury.returned_payments(centre_id, SOURCE)]
    paid = Refund.objects.filter(centre_id=centre_id, state=RefundState.PAID, payment_no__in=returned)
    return ended + [(refund_no, payment_no, "RETURNED") for payment_no, refund_no in paid.values_list("payment_no", "refund_no")]


def _has_ended(payment: treasury.PaymentView, waiting: dict[str, str]) -> bool:
    return payment.payment_no in waiting and payment.state in ("DONE", *CAME_BACK)


@command("contributions.refund")
def resubmit_refund(*, by: Actor, centre_id: int, refund_no: str, payee: Payee, key: str, at: datetime) -> Decision[RefundDecided]:
    """退款重新提交: the payment came back; the unit's right account is given, another person passes it anew.

    Refuses  WRONG_STATE unless the payment failed or was returned
    """
    refund = locked_refund(centre_id, refund_no)
    if refund is None:
        return Decision.refused([refusals.not_found("退款", refund_no)])
    if reasons := _not_come_back(refund):
        return Decision.refused(reasons)
    refund.payee_name, refund.payee_account, refund.payee_bank = payee.name, payee.account, payee.bank
    refund.state, refund.maker, refund.checker, refund.opinion, refund.payment_no = RefundState.APPLIED, by.user_id, "", "", ""
    refund.save()
    return Decision.approved(decided(refund))


@command("contributions.approve_refund")
def keep_refund(*, by: Actor, centre_id: int, refund_no: str, business_on: date, key: str, at: datetime) -> Decision[RefundDecided]:
    """待退款转预缴: the unit would rather pay a coming month with it. Passed by another person than who asked for the refund.

    Locks    the refund; the ledger rows
    Refuses  WRONG_STATE, MAKER_IS_CHECKER; UNIT_CLOSED, then the money can only be paid out
    """
    refund = locked_refund(centre_id, refund_no)
    if refund is None:
        return Decision.refused([refusals.not_found("退款", refund_no)])
    account = employer_account(centre_id, refund.employer_account_no)
    reasons = _not_come_back(refund)
    if by.user_id == refund.maker:
        reasons.append(refusals.maker_is_checker("待退款转预缴"))
    if account is None or account.closed_on is not None:
        message = f"单位账户{refund.employer_account_no}已销户，{refund.total_fen.text}元不能转入预缴，请更正收款账户后重新提交退款"
        reasons.append(Reason("UNIT_CLOSED", message))
    if reasons:
        return Decision.refused(reasons)
    legs = [Leg(refund.ledger_account_id, refund.total_fen.fen), Leg(prepaid_ledger(account), -refund.total_fen.fen)]
    ledger.post(draft_of(refund, "J2", business_on, by), legs, f"{key}:keep")
    refund.state, refund.checker, refund.outcome = RefundState.KEPT, by.user_id, f"{refund.total_fen.text}元已转入单位预缴"
    refund.save(update_fields=["state", "checker", "outcome"])
    return Decision.approved(decided(refund))


def _not_come_back(refund: Refund) -> list[Reason]:
    if refund.state == RefundState.FAILED:
        return []
    state, wanted = RefundState(refund.state).label, RefundState.FAILED.label
    return [refusals.state_does_not_allow("退款", refund.refund_no, state, wanted)]
