"""约定提取付款: approved instalments leave their accounts together and go to the bank as one batch, each with its own fate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.db.arrays import array
from hpf.db.command import command, step
from hpf.db.crypto import decrypt
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.treasury import services as treasury
from hpf.withdrawals import models
from hpf.withdrawals.models.applications import PAYEE_ACCOUNT, PAYEE_NAME
from hpf.withdrawals.queries.books import bans_of
from hpf.withdrawals.rules import Ban, Entitlement, Ground
from hpf.withdrawals.rules.states import DecisionKind
from hpf.withdrawals.services.deciding import examined, settle_decision
from hpf.withdrawals.services.paying import SOURCE
from hpf.withdrawals.services.recording import release_evidence, write_decision
from hpf.withdrawals.services.reviewing import banned_now, not_covered


@dataclass(frozen=True, slots=True)
class Ordered:
    """How many payments were ordered for how much in which batch; `stopped` were refused at the last look."""

    ordered: int = 0
    amount: Money = ZERO
    batch_no: str | None = None
    stopped: tuple[str, ...] = ()


@command("withdrawals.run_agreements")
@cites("财会字〔1999〕33号/提取", "条例/25@2026")
def pay_instalments(*, by: Actor, centre_id: int, application_nos: tuple[str, ...], business_on: date, at: datetime, key: str) -> Ordered:
    """付款 of instalments that were approved on this day: J3 for each, one batch for the bank.

    Bans are looked at again; what may leave an account is seen under the ledger's own lock, so that a freeze which came a
    moment ago stops its month and no other. What is stopped becomes a decision of its own, REFUSED, and its evidence is free.
    Locks    the applications, in id order, then the ledger accounts, in id order
    Again    what is not APPROVED any more is passed over
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, application_no, ground, person_id, ledger_account_id, granted_fen, payee_name, payee_account, payee_bank, applied_by
               FROM withdrawals_application WHERE centre_id = %s AND application_no = ANY(%s::text[]) AND state = 'APPROVED' ORDER BY id FOR UPDATE""",
            [centre_id, array(application_nos)],
        )
        rows = cursor.fetchall()
    if not rows:
        return Ordered()
    bans = bans_of([row[3] for row in rows], business_on)
    payable = [row for row in rows if row[3] not in bans]
    ordered = treasury.BatchOrdered(None, {}, {})
    if payable:
        ordered = treasury.order_payments(
            centre_id=centre_id, kind="WITHDRAWAL", template="J3", source_kind=SOURCE, business_on=business_on, checker=by.user_id,
            summary="约定提取", key=key,
            payments=[
                treasury.ToPay(
                    number, account_id, Money(fen), decrypt(payee_account, PAYEE_ACCOUNT), decrypt(payee_name, PAYEE_NAME), payee_bank,
                    f"{Ground(ground).text}提取 {number}", maker,
                )
                for _, number, ground, _, account_id, fen, payee_name, payee_account, payee_bank, maker in payable
            ],
        )  # fmt: skip
    gone = [(row[0], ordered.payment_nos[row[1]], row[5]) for row in payable if row[1] in ordered.payment_nos]
    _note(centre_id, gone, at, by)
    stopped = _stop(centre_id, [row[1] for row in rows if row[1] not in ordered.payment_nos], bans, business_on, at, by)
    return Ordered(len(gone), Money(sum(fen for *_, fen in gone)), ordered.batch_no, stopped)


@step
def _note(centre_id: int, gone: list[tuple[int, str, int]], at: datetime, by: Actor) -> None:
    if not gone:
        return
    ids = [application_id for application_id, _, _ in gone]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE withdrawals_application a SET state = 'IN_SETTLEMENT', payment_no = u.no, outcome = ''
               FROM unnest(%s::bigint[], %s::text[]) AS u(id, no) WHERE a.id = u.id""",
            [array(ids), array(payment_no for _, payment_no, _ in gone)],
        )
        cursor.execute(
            """INSERT INTO withdrawals_event (centre_id, application_id, state, happened_at, by_name, note)
               SELECT %s, u.id, 'IN_SETTLEMENT', %s, %s, u.note FROM unnest(%s::bigint[], %s::text[]) AS u(id, note)""",
            [centre_id, at, by.name[:60], array(ids), array(f"{Money(fen).text}元已交银行付款" for *_, fen in gone)],
        )


@step
def _stop(centre_id: int, numbers: list[str], bans: Mapping[int, tuple[Ban, ...]], on: date, at: datetime, by: Actor) -> tuple[str, ...]:
    """The last look says no: a decision before payment, as for an application."""
    for number in numbers:
        row = models.Application.objects.get(centre_id=centre_id, application_no=number)
        assert row.granted_fen is not None
        running = bans.get(row.person_id, ())
        reasons: list[Reason] = [banned_now(running)] if running else [not_covered(row.granted_fen)]
        case, finding = examined(row)
        decided: Decision[Entitlement] = Decision.refused(reasons)
        write_decision(row, DecisionKind.BEFORE_PAYMENT, case, finding, at=at, by=by, decided=decided)
        release_evidence(row)
        settle_decision(row, decided, at=at, by=by)
    return tuple(numbers)
