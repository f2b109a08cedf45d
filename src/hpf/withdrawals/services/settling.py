"""付款结果: what the bank said becomes the application's state; what came back is on the member's account again."""

from __future__ import annotations

from datetime import date, datetime

from hpf.accounts import services as accounts
from hpf.accounts.rules.states import MemberState
from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.codec import digest
from hpf.kernel.decision import Decision, Reason
from hpf.ledger import queries as ledger
from hpf.treasury import queries as treasury
from hpf.withdrawals import models
from hpf.withdrawals.rules import Ground
from hpf.withdrawals.rules.states import State
from hpf.withdrawals.services.applying import no_such
from hpf.withdrawals.services.claiming import book_returns
from hpf.withdrawals.services.paying import SOURCE
from hpf.withdrawals.services.recording import Moved, locked, moved, note
from hpf.withdrawals.services.settling_many import settle_paid
from hpf.withdrawals.services.sharing_out import heirs_ended, settle_heir

CAME_BACK = ("FAILED", "RETURNED")
MANY = 2000
"""Payments written down in one transaction."""


@command("withdrawals.settle")
def settle_withdrawal(*, by: Actor, centre_id: int, application_no: str, business_on: date, at: datetime, key: str) -> Decision[Moved]:
    """登记付款结果. Done: PAID, and an emptied account ends. Failed or returned: FAILED, the money is on the account again, the
    closing interest is taken back; the applicant gives another account or takes the application back. Returned when the
    account had ended: FAILED, the money with its interest lies in 21904 and waits for another account to be paid to.

    Refuses  NO_SUCH_WITHDRAWAL; PAYMENT_STILL_OPEN while the bank has not said its final word
    """
    row = locked(centre_id, application_no)
    if row is None:
        return Decision.refused([no_such(application_no)])
    payment = treasury.payment(centre_id, row.payment_no)
    if payment is None or payment.state not in ("DONE", *CAME_BACK):
        message = f"提取申请{application_no}的付款银行还没有最后结果，请等待银行答复后再登记"
        return Decision.refused([Reason("PAYMENT_STILL_OPEN", message)])
    if payment.state == "DONE" and row.state == State.IN_SETTLEMENT:
        row.state, row.paid_on = State.PAID, payment.settled_on
        row.save(update_fields=["state", "paid_on"])
        if row.closes and row.payable_id is None:
            ended = accounts.end_account(
                by=by, centre_id=centre_id, account_no=row.account_no, final_state=MemberState.WITHDRAWN_OUT, reason=f"{Ground(row.ground).text}提取",
                on=business_on, at=at, key=f"{key}:end",
            )  # fmt: skip
            if ended.value is None:
                row.flagged = "；".join(reason.message for reason in ended.reasons)[:200]
                row.save(update_fields=["flagged"])
        note(row, at, by, f"银行已付款{payment.amount.text}元")
    elif payment.state in CAME_BACK and row.state in (State.IN_SETTLEMENT, State.PAID):
        _came_back(row, payment, business_on, at, by, key)
    return Decision.approved(moved(row))


def _came_back(row: models.Application, payment: treasury.PaymentView, business_on: date, at: datetime, by: Actor, key: str) -> None:
    why = "已付后被退汇" if payment.state == "RETURNED" else payment.explanation.partition("，款项已退回原处")[0]
    if row.payable_id is None and ledger.balance(row.ledger_account_id).closed_on is not None:
        row.payable_id = payment.ledger_account_id
    if row.payable_id is not None:
        row.state, row.paid_on = State.FAILED, None
        row.outcome = f"{why}，账户已销户，{payment.amount.text}元留在应付款项，请更正收款账户后从该处重新付款"[:300]
        row.save()
        note(row, at, by, row.outcome)
        return
    if row.interest_journal_id is not None:
        accounts.take_back_closing_interest(
            by=by, centre_id=row.centre_id, journal_id=row.interest_journal_id, business_on=business_on, key=f"{key}:interest"
        )
    row.interest_journal_id = row.interest_fen = None
    row.state, row.paid_on = State.FAILED, None
    row.outcome = f"{why}，{payment.amount.text}元已退回个人账户，请更正收款账户后重新付款，或者撤回申请"[:300]
    row.save()
    note(row, at, by, row.outcome)


def settle_withdrawals(*, by: Actor, centre_id: int, business_on: date, at: datetime) -> list[Moved]:
    """Every withdrawal whose payment has ended, every paid one whose money came back, and what was paid back on demand.
    A story, safe to run again."""
    with centre_scope(centre_id):
        ended, heirs = _ended(centre_id), heirs_ended(centre_id)
    settled = []
    for application_no, payment_no, state in heirs:
        paid = settle_heir(
            by=by, centre_id=centre_id, application_no=application_no, payment_no=payment_no, at=at, key=f"heir:{payment_no}:{state}"
        )
        settled += [paid.value] if paid.value is not None else []
    paid_many = _settle_paid([number for number, _, state in ended if state == "DONE"], centre_id, at, by)
    settled += [Moved(number, State.PAID) for number in paid_many]
    for application_no, payment_no, state in ended:
        if application_no in paid_many:
            continue
        answer = settle_withdrawal(
            by=by,
            centre_id=centre_id,
            application_no=application_no,
            business_on=business_on,
            at=at,
            key=f"withdrawal:{payment_no}:{state}",
        )
        if answer.value is not None:
            settled.append(answer.value)
    book_returns(by=by, centre_id=centre_id, business_on=business_on, at=at)
    return settled


def _settle_paid(numbers: list[str], centre_id: int, at: datetime, by: Actor) -> set[str]:
    """What was paid and only has to be written down, some thousands at a time."""
    paid: set[str] = set()
    for start in range(0, len(numbers), MANY):
        part = tuple(numbers[start : start + MANY])
        key = f"withdrawals:paid:{digest(part).hex()[:24]}:{at.isoformat()}"
        paid.update(settle_paid(by=by, centre_id=centre_id, application_nos=part, at=at, key=key))
    return paid


def _ended(centre_id: int) -> list[tuple[str, str, str]]:
    waiting = dict(
        models.Application.objects.filter(centre_id=centre_id, state=State.IN_SETTLEMENT).values_list("application_no", "payment_no")
    )
    payments = treasury.payments_of(centre_id, SOURCE, list(waiting)) if waiting else {}
    ended = [
        (number, each.payment_no, each.state)
        for number, found in payments.items()
        for each in found
        if each.payment_no == waiting[number] and each.state in ("DONE", *CAME_BACK)
    ]
    returned = [each.payment_no for each in treasury.returned_payments(centre_id, SOURCE)]
    if returned:
        paid = models.Application.objects.filter(centre_id=centre_id, state=State.PAID, payment_no__in=returned)
        ended += [(number, payment_no, "RETURNED") for number, payment_no in paid.values_list("application_no", "payment_no")]
    return ended
