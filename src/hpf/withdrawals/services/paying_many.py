"""约定提取付款: approved instalments leave their accounts together and go to the bank as one batch, each with its own fate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hpf.db.command import step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, cites
from hpf.treasury import services as treasury
from hpf.withdrawals import models
from hpf.withdrawals.rules import Entitlement, Finding, Ground
from hpf.withdrawals.rules.reading import Application as Filed
from hpf.withdrawals.rules.states import DecisionKind
from hpf.withdrawals.services.deciding import settle_decision
from hpf.withdrawals.services.paying import SOURCE
from hpf.withdrawals.services.recording import release_evidence, write_decision
from hpf.withdrawals.services.reviewing import not_covered


@dataclass(frozen=True, slots=True)
class Payable:
    """An approved application, written as IN_SETTLEMENT under the number of the payment to be ordered, and what it was decided on."""

    row: models.Application
    filed: Filed
    finding: Finding


@step
@cites("财会字〔1999〕33号/提取", "条例/25@2026")
def pay_decided(payables: Sequence[Payable], *, centre_id: int, business_on: date, at: datetime, by: Actor, key: str) -> tuple[str, ...]:
    """付款 of instalments approved in this transaction: J3 for each, one batch for the bank. Gives the applications not paid.

    What may leave an account is seen under the ledger's own lock, so that a freeze or a withdrawal that came after the look at the
    account stops its month and no other. What is stopped becomes a decision of its own, REFUSED, and its evidence is free.
    Locks    the ledger accounts, in id order, until the transaction ends: to be called last
    """
    if not payables:
        return ()
    ordered = treasury.order_payments(
        centre_id=centre_id, kind="WITHDRAWAL", template="J3", source_kind=SOURCE, business_on=business_on, checker=by.user_id,
        summary="约定提取", key=key, payments=[_to_pay(each.row) for each in payables],
    )  # fmt: skip
    stopped = [each for each in payables if each.row.application_no in ordered.refusals]
    for each in stopped:
        _stop(each, at, by)
    return tuple(each.row.application_no for each in stopped)


def _to_pay(row: models.Application) -> treasury.ToPay:
    assert row.granted_fen is not None
    return treasury.ToPay(
        row.payment_no, row.application_no, row.ledger_account_id, row.granted_fen, row.payee_account, row.payee_name, row.payee_bank,
        f"{Ground(row.ground).text}提取 {row.application_no}", row.applied_by,
    )  # fmt: skip


def _stop(stopped: Payable, at: datetime, by: Actor) -> None:
    """The ledger says no: a decision before payment, as for an application."""
    row = stopped.row
    assert row.granted_fen is not None
    decided: Decision[Entitlement] = Decision.refused([not_covered(row.granted_fen)])
    write_decision(row, DecisionKind.BEFORE_PAYMENT, stopped.filed, stopped.finding, at=at, by=by, decided=decided)
    release_evidence(row)
    row.payment_no = ""
    settle_decision(row, decided, at=at, by=by)
