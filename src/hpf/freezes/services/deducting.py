"""扣划: money leaves the member once, for an account of the deduction's own, and is paid from there to the court.

A payment that fails comes back to that account, not to the member: what a court took is not free again because a bank
did not find the payee.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from hpf.accounts import queries as accounts
from hpf.db.command import step
from hpf.freezes.models import CourtOrder, Deduction, Freeze
from hpf.freezes.rules.orders import FreezeState, Payee, Result, check_deduction
from hpf.freezes.rules.papers import Answer, Paper
from hpf.freezes.services.freezing import Occasion, end, kept_on, note, standing
from hpf.freezes.services.numbers import DEDUCTION, take_number
from hpf.kernel.codec import from_plain, to_plain
from hpf.kernel.decision import Reason
from hpf.kernel.money import ZERO, Money
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.policy import queries as policy
from hpf.treasury import services as treasury

SOURCE = "PAYOUT"
TO_BE_PAID = 21904
SUMMARY = "其他支取"
"""The same words for every reader of books and histories: they name no court and no ground (ADR 0013)."""


def situation_reasons(paper: Paper, account: accounts.MemberAccountView, on: date) -> list[Reason]:
    """What stands against deducting from this account at all."""
    book = policy.book(account.centre_id, on)
    sealed = None
    if account.sealed_on is not None:
        sealed = (on.year - account.sealed_on.year) * 12 + on.month - account.sealed_on.month - (on.day < account.sealed_on.day)
    return check_deduction(
        paper.situation, book.text("court.deductible_situations").split(","), paper.payee, paper.court_name,
        sealed_months=sealed, sealed_needed=book.whole("court.sealed_months_for_leaving"),
    )  # fmt: skip


@step
def deduct(freezes: list[Freeze], paper: Paper, account: accounts.MemberAccountView, when: Occasion, *, up_to: bool = False) -> Answer:
    """划拨 from the first of `freezes`, then from the others of the same case, in order; each gives what it keeps, no more.

    `up_to` takes what is there when less than ordered is kept (冻结并划拨: the rest stays frozen or waits).

    Locks    the caller holds the freezes; the centre's day, shared; the ledger account
    Writes   one journal for each freeze, the deduction, its payment order
    Refuses  MORE_THAN_KEPT, with what is kept; nothing is then taken
    """
    assert when.order is not None and paper.payee is not None
    first = freezes[0]
    kept = kept_on(first.ledger_account_id)
    there = Money.total(kept.get(freeze.ledger_freeze_id, ZERO) for freeze in freezes)
    wanted = there if paper.amount is None else min(paper.amount, there) if up_to else paper.amount
    if wanted > there or not wanted:
        asked = "全部" if paper.amount is None else f"{paper.amount.text}元"
        message = f"要求扣划{asked}，本案现实际冻结{there.text}元，其余为轮候，未扣划；请按实际冻结额扣划，或待轮候生效后再扣划"
        return replace(standing(first, Result.FAILED, kept.get(first.ledger_freeze_id, ZERO)), reasons=(Reason("MORE_THAN_KEPT", message, "民事执行查封规定/轮候"),))  # fmt: skip
    deduction = _set_up(when, paper.payee, wanted)
    left = wanted
    for freeze in freezes:
        part = min(left, kept.get(freeze.ledger_freeze_id, ZERO))
        if part:
            _take(freeze, part, deduction, when, account)
            left -= part
    deduction.payment_no = _pay(deduction, paper.payee, when.on, maker=deduction.maker, checker=deduction.checker, number=1)
    deduction.save(update_fields=["payment_no"])
    now = kept_on(first.ledger_account_id).get(first.ledger_freeze_id, ZERO)
    return replace(
        standing(first, Result.DONE, now), ordered=ZERO if first.state == FreezeState.CONSUMED else first.ordered_fen,
        deduction_no=deduction.deduction_no, deducted=wanted,
    )  # fmt: skip


@step
def pay_again(deduction: Deduction, on: date, *, checker: str, number: int) -> None:
    """Order the payment anew to the payee as corrected; the money has been lying aside since the first one failed."""
    payee = from_plain(Payee, json.loads(deduction.payee))
    deduction.checker = checker
    deduction.payment_no = _pay(deduction, payee, on, maker=deduction.maker, checker=checker, number=number)
    deduction.state, deduction.outcome = "ORDERED", ""
    deduction.save()


def _set_up(when: Occasion, payee: Payee, amount: Money) -> Deduction:
    order: CourtOrder = when.order  # type: ignore[assignment]
    deduction = Deduction.objects.create(
        centre_id=order.centre_id, deduction_no=take_number(DEDUCTION, order.centre_id, when.on), order=order, amount_fen=amount,
        ledger_account_id=0, payee=json.dumps(to_plain(payee), ensure_ascii=False), payment_no="", maker=order.maker, checker=order.checker,
    )  # fmt: skip
    deduction.ledger_account_id = ledger.open_account(order.centre_id, TO_BE_PAID, "PAYOUT", deduction.id, when.on)
    deduction.save(update_fields=["ledger_account_id"])
    return deduction


def _take(freeze: Freeze, part: Money, deduction: Deduction, when: Occasion, account: accounts.MemberAccountView) -> None:
    carried_first = policy.book(freeze.centre_id, when.on).text("withdrawal.bucket_order") == "CARRIED_FIRST"
    journal_id = ledger.deduct(
        _draft(deduction, "J3", when.on, deduction.maker, deduction.checker), freeze.ledger_freeze_id, part.fen, deduction.ledger_account_id,
        f"{deduction.deduction_no}:{freeze.freeze_no}", carried_first=carried_first,
    )  # fmt: skip
    if freeze.ordered_fen is not None:
        freeze.ordered_fen = freeze.ordered_fen - part
    if freeze.ordered_fen == ZERO:
        end(freeze, FreezeState.CONSUMED, when.on)
    else:
        freeze.save(update_fields=["ordered_fen"])
    kept = kept_on(freeze.ledger_account_id).get(freeze.ledger_freeze_id, ZERO)
    note(freeze, "DEDUCTED", when, amount=part, kept=kept, journal_id=journal_id)


def _pay(deduction: Deduction, payee: Payee, on: date, *, maker: str, checker: str | None, number: int) -> str:
    ordered = treasury.order_payment(
        _draft(deduction, "J2", on, maker, checker), [Leg(deduction.ledger_account_id, deduction.amount_fen.fen)], payee_account=payee.account,
        payee_name=payee.name, payee_bank=payee.bank, payee_class="2", summary=f"{SUMMARY} {deduction.deduction_no}",
        key=f"{deduction.deduction_no}:{number}",
    )  # fmt: skip
    return ordered.payment_no


def _draft(deduction: Deduction, template: str, on: date, maker: str, checker: str | None) -> Draft:
    return Draft(
        deduction.centre_id, "WITHDRAWAL", template, on, on, SOURCE, deduction.deduction_no, SUMMARY, maker, checker=checker,
    )  # fmt: skip
