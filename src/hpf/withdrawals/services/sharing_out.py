"""分付遗产: the estate leaves the account once, for an account of its own, and each heir is paid from there by herself.

What the bank cannot pay to one heir comes back to the estate, not to the dead member's account: it bears no interest there,
the others keep what they have, and it is ordered again with a corrected account.
"""

from __future__ import annotations

from datetime import date, datetime

from hpf.accounts import services as accounts
from hpf.accounts.rules.states import MemberState
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.treasury import queries as treasury
from hpf.treasury import services as treasury_services
from hpf.withdrawals import models
from hpf.withdrawals.rules.estates import share_out
from hpf.withdrawals.rules.facts_of_life import Heir
from hpf.withdrawals.rules.states import HeirState, State
from hpf.withdrawals.services.applying import no_such
from hpf.withdrawals.services.recording import Moved, locked, moved, note

ESTATE = "ESTATE"
TO_BE_PAID = 21904
UNINHERITED = 4010509
"""无人继承公积金转入, under 其他收入: at the end of the year it becomes part of the surplus."""
CAME_BACK = ("FAILED", "RETURNED")


@step
@cites("条例/24@2019", "条例/24@2026", "财会字〔1999〕33号/提取")
def set_aside(row: models.Application, draft: Draft, amount: Money, *, at: datetime, by: Actor, key: str) -> None:
    """The whole amount to the estate's account, an emptied account ended, one payment for each heir by her share to the fen.

    Writes   journal 201 -> 21904, a payment order for each heir
    Locks    the caller holds the application; the ledger accounts in id order
    """
    row.payable_id = ledger.open_account(row.centre_id, TO_BE_PAID, ESTATE, row.id, draft.business_on)
    ledger.post(draft, [Leg(row.ledger_account_id, amount.fen), Leg(row.payable_id, -amount.fen)], f"{key}:estate")
    _end_account(row, draft, at=at, by=by, key=key)
    heirs = list(models.Heir.objects.filter(centre_id=row.centre_id, application=row).order_by("place"))
    shares = share_out(amount, [Heir(heir.person_ref, heir.numerator, heir.denominator) for heir in heirs])
    for heir, share in zip(heirs, shares, strict=True):
        heir.amount_fen = share.amount
        _order(row, heir, draft.business_on, by)


@step
@cites("条例/24@2019", "条例/24@2026", "财会字〔1999〕33号/提取")
def turn_over(row: models.Application, draft: Draft, amount: Money, *, at: datetime, by: Actor, key: str) -> None:
    """无人继承、无人受遗赠: the whole balance becomes income of the fund (J5) and with it, at the end of the year, its surplus.

    No bank takes part, so the application is PAID at once and the account has ended.
    Locks    the caller holds the application; the ledger accounts in id order
    """
    income = ledger.open_account(row.centre_id, UNINHERITED, "CENTRE", 0, draft.business_on)
    ledger.post(draft, [Leg(row.ledger_account_id, amount.fen), Leg(income, -amount.fen)], f"{key}:surplus")
    _end_account(row, draft, at=at, by=by, key=key)
    row.state, row.paid_on = State.PAID, draft.business_on
    row.outcome = f"没有继承人和受遗赠人，{amount.text}元已依照条例转入增值收益"
    row.save()
    note(row, at, by, row.outcome)


def has_heirs(row: models.Application) -> bool:
    return models.Heir.objects.filter(centre_id=row.centre_id, application=row).exists()


def _end_account(row: models.Application, draft: Draft, *, at: datetime, by: Actor, key: str) -> None:
    if row.closes:
        ended = accounts.end_account(
            by=by, centre_id=row.centre_id, account_no=row.account_no, final_state=MemberState.WITHDRAWN_OUT, reason="死亡提取",
            on=draft.business_on, at=at, key=f"{key}:end",
        )  # fmt: skip
        if ended.value is None:
            row.flagged = "；".join(reason.message for reason in ended.reasons)[:200]


def _order(row: models.Application, heir: models.Heir, business_on: date, by: Actor) -> None:
    """One heir's payment out of the estate; a share that rounds to nothing is settled at once."""
    assert heir.amount_fen is not None and row.payable_id is not None
    if heir.amount_fen == ZERO:
        heir.state, heir.paid_on, heir.outcome = HeirState.PAID, business_on, "份额不足一分，没有款项"
        heir.save()
        return
    number = f"{row.application_no}-{heir.place}"
    tries = len(treasury.payments_of(row.centre_id, ESTATE, [number]).get(number, [])) + 1
    draft = Draft(
        row.centre_id, "PAYMENT", "J2", business_on, business_on, ESTATE, number, f"死亡提取 {number}", row.applied_by, checker=by.user_id
    )
    ordered = treasury_services.order_payment(
        draft, [Leg(row.payable_id, heir.amount_fen.fen)], payee_account=heir.payee_account, payee_name=heir.name, summary=f"死亡提取 {number}",
        key=f"{number}:{tries}",
    )  # fmt: skip
    heir.state, heir.payment_no, heir.outcome = HeirState.ORDERED, ordered.payment_no, ""
    heir.save()


@command("withdrawals.pay")
def pay_heirs(*, by: Actor, centre_id: int, application_no: str, business_on: date, at: datetime, key: str) -> Decision[Moved]:
    """重新分付: order what waits after a correction; the others' payments are as they were.

    Locks    the application, then the ledger accounts
    Refuses  NO_SUCH_WITHDRAWAL, NO_HEIR_WAITS
    """
    row = locked(centre_id, application_no)
    if row is None or row.payable_id is None:
        return Decision.refused([no_such(application_no)])
    waiting = models.Heir.objects.filter(centre_id=centre_id, application=row, state=HeirState.WAITING).order_by("place")
    if not waiting:
        message = f"提取申请{application_no}没有等待付款的继承人，请刷新后按现状办理"
        return Decision.refused([Reason("NO_HEIR_WAITS", message)])
    for heir in waiting:
        _order(row, heir, business_on, by)
        note(row, at, by, f"第{heir.place}名继承人应得{heir.amount_fen.text}元已重新交银行付款")
    _stand(row)
    return Decision.approved(moved(row))


@command("withdrawals.settle")
def settle_heir(*, by: Actor, centre_id: int, application_no: str, payment_no: str, at: datetime, key: str) -> Decision[Moved]:
    """登记一名继承人的付款结果. The application is PAID when all are; FAILED while one payment is.

    Refuses  NO_SUCH_WITHDRAWAL; PAYMENT_STILL_OPEN while the bank has not said its final word
    """
    row, payment = locked(centre_id, application_no), treasury.payment(centre_id, payment_no)
    heir = models.Heir.objects.filter(centre_id=centre_id, application=row, payment_no=payment_no).first() if row is not None else None
    if row is None or heir is None:
        return Decision.refused([no_such(application_no)])
    if payment is None or payment.state not in ("DONE", *CAME_BACK):
        message = f"提取申请{application_no}的付款{payment_no}银行还没有最后结果，请等待银行答复后再登记"
        return Decision.refused([Reason("PAYMENT_STILL_OPEN", message)])
    if payment.state == "DONE" and heir.state == HeirState.ORDERED:
        heir.state, heir.paid_on = HeirState.PAID, payment.settled_on
        words = f"银行已付第{heir.place}名继承人{payment.amount.text}元"
    elif payment.state in CAME_BACK and heir.state in (HeirState.ORDERED, HeirState.PAID):
        why = "已付后被退汇" if payment.state == "RETURNED" else payment.explanation.partition("，款项已退回原处")[0]
        heir.state, heir.paid_on = HeirState.FAILED, None
        heir.outcome = f"{why}，{payment.amount.text}元留在本件应付款项，请更正收款信息后重新付款"[:300]
        words = f"第{heir.place}名继承人：{heir.outcome}"
    else:
        return Decision.approved(moved(row))
    heir.save()
    _stand(row)
    note(row, at, by, words)
    return Decision.approved(moved(row))


def _stand(row: models.Application) -> None:
    """The application follows its heirs: one that failed needs a person, one under way the bank, none of either is the end."""
    heirs = list(models.Heir.objects.filter(centre_id=row.centre_id, application=row).order_by("place"))
    failed = [heir for heir in heirs if heir.state == HeirState.FAILED]
    row.outcome, row.paid_on = "", None
    if failed:
        row.state = State.FAILED
        row.outcome = f"{len(failed)}名继承人付款未成，其余不受影响，请更正收款信息后重新付款"
    elif all(heir.state == HeirState.PAID for heir in heirs):
        row.state = State.PAID
        row.paid_on = max(heir.paid_on for heir in heirs if heir.paid_on is not None)
    else:
        row.state = State.IN_SETTLEMENT
    row.save(update_fields=["state", "outcome", "paid_on"])


def heirs_ended(centre_id: int) -> list[tuple[str, str, str]]:
    """Payments of heirs that have come to an end, or came back after it: application, payment, state."""
    ordered = models.Heir.objects.filter(centre_id=centre_id, state=HeirState.ORDERED)
    waiting = {
        payment_no: (number, place)
        for number, place, payment_no in ordered.values_list("application__application_no", "place", "payment_no")
    }
    found = treasury.payments_of(centre_id, ESTATE, [f"{number}-{place}" for number, place in waiting.values()]) if waiting else {}
    ended = [
        (waiting[each.payment_no][0], each.payment_no, each.state)
        for payments in found.values()
        for each in payments
        if each.payment_no in waiting and each.state in ("DONE", *CAME_BACK)
    ]
    returned = [each.payment_no for each in treasury.returned_payments(centre_id, ESTATE)]
    if returned:
        paid = models.Heir.objects.filter(centre_id=centre_id, state=HeirState.PAID, payment_no__in=returned)
        ended += [(number, payment_no, "RETURNED") for number, payment_no in paid.values_list("application__application_no", "payment_no")]
    return ended
