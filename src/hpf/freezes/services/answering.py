"""答复: what the court's platform is told, when a paper is served and when its money has arrived."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.freezes import queries
from hpf.freezes.models import CourtOrder, Deduction
from hpf.freezes.rules.orders import Payee
from hpf.freezes.services import deducting
from hpf.kernel.actor import Actor
from hpf.kernel.codec import to_plain
from hpf.kernel.decision import Decision, Reason
from hpf.ledger import queries as ledger
from hpf.outbox import services as outbox
from hpf.treasury import queries as treasury

TO_SEND = "freezes.answer"


class CourtPlatform(Protocol):
    """What these stories need of a court's platform. Raises when the answer did not surely arrive."""

    def tell(self, client_no: str, answer: dict[str, Any], at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class DeductionSettled:
    deduction_no: str
    state: str


def send_answer(centre_id: int, order_no: str, platform: CourtPlatform, at: datetime) -> None:
    """Tell the platform what a paper came to, as things stand now. Told twice, it keeps the first: the order's number is in it."""
    with centre_scope(centre_id):
        order = queries.order(centre_id, order_no)
    if order is not None and order.client_no:
        platform.tell(order.client_no, queries.message_of(order), at)


@command("freezes.settle")
def settle_deduction(
    *, by: Actor, centre_id: int, deduction_no: str, state: str, explanation: str, at: datetime, key: str
) -> DeductionSettled:
    """付款结果: what the bank said about the money on its way to the court. DONE is told to the court; FAILED waits at the desk.

    Locks    the deduction
    """
    deduction = Deduction.objects.select_for_update().get(centre_id=centre_id, deduction_no=deduction_no)
    if deduction.state not in ("ORDERED", "DONE") or deduction.state == state:
        return DeductionSettled(deduction_no, deduction.state)
    on = ledger.business_day(centre_id)
    deduction.state, deduction.outcome = state, "" if state == "DONE" else explanation[:300]
    deduction.settled_on = on if state == "DONE" else None
    deduction.save(update_fields=["state", "outcome", "settled_on"])
    order = CourtOrder.objects.get(id=deduction.order_id)
    if order.client_no:
        outbox.enqueue(centre_id, TO_SEND, f"answer:{order.order_no}:{deduction.payment_no}:{state}", {"order_no": order.order_no})
    return DeductionSettled(deduction_no, state)


def settle_deductions(*, by: Actor, centre_id: int, at: datetime) -> tuple[DeductionSettled, ...]:
    """Follow every payment to a court to its end. Safe to run at any time."""
    with centre_scope(centre_id):
        open_ones = dict(Deduction.objects.filter(centre_id=centre_id, state="ORDERED").values_list("deduction_no", "payment_no"))
        payments = treasury.payments_of(centre_id, deducting.SOURCE, list(open_ones))
        for returned in treasury.returned_payments(centre_id, deducting.SOURCE):
            deduction = Deduction.objects.filter(centre_id=centre_id, payment_no=returned.payment_no, state="DONE").first()
            if deduction is not None:
                open_ones[deduction.deduction_no] = returned.payment_no
                payments[deduction.deduction_no] = [returned]
    settled = []
    for deduction_no, payment_no in open_ones.items():
        last = next((p for p in payments.get(deduction_no, ()) if p.payment_no == payment_no), None)
        state = {"DONE": "DONE", "FAILED": "FAILED", "RETURNED": "FAILED"}.get(last.state if last else "", "")
        if last is None or not state:
            continue
        settled.append(settle_deduction(
            by=by, centre_id=centre_id, deduction_no=deduction_no, state=state, explanation=last.explanation, at=at,
            key=f"settle:{deduction_no}:{payment_no}:{last.state}",
        ))  # fmt: skip
    return tuple(settled)


@command("freezes.enter")
def correct_payee(*, by: Actor, centre_id: int, deduction_no: str, payee: Payee, key: str, at: datetime) -> Decision[DeductionSettled]:
    """更正收款账户 after a payment that failed, as the court says it; another person passes it. The money lies aside meanwhile."""
    deduction = Deduction.objects.select_for_update().filter(centre_id=centre_id, deduction_no=deduction_no).first()
    if deduction is None or deduction.state not in ("FAILED", "CORRECTED"):
        message = f"支出单{deduction_no}不在付款未成的状态，不能更正收款账户，请刷新页面核对"
        return Decision.refused([Reason("DEDUCTION_NOT_FAILED", message, "查控规程/双人办理")])
    if not payee.name.strip() or not payee.account.strip():
        return Decision.refused(
            [Reason("PAYEE_MISSING", "没有写明执行款专户的户名和账号，未更正，请按法院函件填写", "民事诉讼法/协助义务")]
        )
    deduction.payee = json.dumps(to_plain(payee), ensure_ascii=False)
    deduction.state, deduction.maker, deduction.checker = "CORRECTED", by.user_id, None
    deduction.save(update_fields=["payee", "state", "maker", "checker"])
    return Decision.approved(DeductionSettled(deduction_no, "CORRECTED"))


@command("freezes.check")
def repay(*, by: Actor, centre_id: int, deduction_no: str, key: str, at: datetime) -> Decision[DeductionSettled]:
    """重新付款 to the corrected account, by another person than who corrected it.

    Locks    the deduction, then its ledger accounts
    """
    deduction = Deduction.objects.select_for_update().filter(centre_id=centre_id, deduction_no=deduction_no).first()
    law = "查控规程/双人办理"
    if deduction is None or deduction.state != "CORRECTED":
        return Decision.refused([Reason("DEDUCTION_NOT_CORRECTED", f"支出单{deduction_no}没有待复核的收款账户更正，请刷新页面核对", law)])
    if deduction.maker == by.user_id:
        return Decision.refused([Reason("CORRECTED_BY_YOU", "收款账户由您本人更正，不得自行复核，请交另一名查控人员", law)])
    on: date = ledger.business_day(centre_id)
    before = treasury.payments_of(centre_id, deducting.SOURCE, [deduction_no]).get(deduction_no, [])
    deducting.pay_again(deduction, on, checker=by.user_id, number=len(before) + 1)
    return Decision.approved(DeductionSettled(deduction_no, "ORDERED"))
