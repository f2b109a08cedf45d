"""确认 受理 撤销: the unit stands by its list, the centre takes it, either gives it up before money is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from hpf.accounts import queries as accounts
from hpf.accounts.queries import EmployerAccountView
from hpf.contributions.models import Line, Remittance
from hpf.contributions.rules import refusals
from hpf.contributions.rules.states import RemittanceKind, RemittanceState
from hpf.contributions.services.facts import confirm_order, prepaid_ledger
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.treasury import services as treasury

CLAIMS_ITS_MONTHS = (RemittanceKind.REGULAR, RemittanceKind.BACK_FULL)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """`expected` is what the bank must bring; `reference` is what the payer writes in the summary."""

    remittance_no: str
    state: RemittanceState
    total: Money
    prepaid_planned: Money
    expected: Money
    reference: str


@dataclass(frozen=True, slots=True)
class Accepted:
    remittance_no: str
    accepted_by: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    remittance_no: str
    state: RemittanceState


@command("contributions.confirm")
def confirm(
    *,
    by: Actor,
    centre_id: int,
    remittance_no: str,
    key: str,
    at: datetime,
    use_prepaid: bool = False,
) -> Decision[Confirmed]:
    """确认清册: from here on the list is the unit's word, and its money is expected.

    Locks    the remittance
    Writes   state CONFIRMED, the months it claims for its people, treasury's expectation
    Refuses  LIST_HAS_DEFECTS, LIST_EMPTY, REMITTANCE_WRONG_STATE, MONTH_GAP, MONTH_ALREADY_REMITTED, MONTH_PAID_ELSEWHERE
    Again    the first answer
    """
    remittance = locked(centre_id, remittance_no)
    if remittance is None:
        return Decision.refused([refusals.no_such_remittance(remittance_no)])
    account = accounts.employer_account_by_id(centre_id, remittance.employer_account_id)
    reasons = _check_confirm(remittance, account)
    if reasons:
        return Decision.refused(reasons)
    total = remittance.employer_fen + remittance.member_fen
    planned = min(ledger.balance(prepaid_ledger(account)).available, total) if use_prepaid else ZERO
    if remittance.kind in CLAIMS_ITS_MONTHS:
        Line.objects.filter(centre_id=centre_id, remittance_id=remittance.id).update(holds_month=True)
    remittance.state = RemittanceState.CONFIRMED
    remittance.prepaid_planned_fen = planned
    remittance.confirmed_by, remittance.confirmed_at = by.user_id, at
    remittance.save(update_fields=["state", "prepaid_planned_fen", "confirmed_by", "confirmed_at"])
    expected = total - planned
    if expected:
        treasury.expect_receipt(
            centre_id,
            kind="REMITTANCE",
            reference=remittance_no,
            amount=expected,
            on=ledger.business_day(centre_id),
            employer_account_id=account.employer_account_id,
            payer_name=parties.employer(centre_id, account.employer_id).name,
        )
    return Decision.approved(Confirmed(remittance_no, RemittanceState.CONFIRMED, total, planned, expected, remittance_no))


@command("contributions.accept")
def accept(*, by: Actor, centre_id: int, remittance_no: str, key: str, at: datetime) -> Decision[Accepted]:
    """中心受理: where a centre wants its own clerk to look at a confirmed list before money may be booked.

    Refuses  MAKER_IS_CHECKER when the clerk sent the list in or confirmed it; REMITTANCE_WRONG_STATE
    """
    remittance = locked(centre_id, remittance_no)
    if remittance is None:
        return Decision.refused([refusals.no_such_remittance(remittance_no)])
    if remittance.state != RemittanceState.CONFIRMED:
        return Decision.refused([_wrong_state(remittance, RemittanceState.CONFIRMED)])
    if by.user_id in (remittance.maker, remittance.confirmed_by):
        return Decision.refused([refusals.maker_is_checker(f"清册{remittance_no}")])
    remittance.accepted_by, remittance.accepted_at = by.user_id, at
    remittance.save(update_fields=["accepted_by", "accepted_at"])
    return Decision.approved(Accepted(remittance_no, by.user_id))


@command("contributions.cancel")
def cancel(*, by: Actor, centre_id: int, remittance_no: str, reason: str, key: str, at: datetime) -> Decision[Cancelled]:
    """撤销清册: before booking only. Its months are free again; money that came for it stays in suspense until used or returned.

    Refuses  REASON_MISSING; REMITTANCE_WRONG_STATE once booked, cancelled or replaced
    """
    remittance = locked(centre_id, remittance_no)
    if remittance is None:
        return Decision.refused([refusals.no_such_remittance(remittance_no)])
    if not reason.strip():
        return Decision.refused([refusals.reason_missing("撤销清册")])
    if remittance.state not in (RemittanceState.RECEIVED, RemittanceState.CHECKED, RemittanceState.CONFIRMED):
        return Decision.refused([_wrong_state(remittance, RemittanceState.CHECKED)])
    give_up(remittance, RemittanceState.CANCELLED, by.user_id, reason)
    return Decision.approved(Cancelled(remittance_no, RemittanceState.CANCELLED))


def locked(centre_id: int, remittance_no: str) -> Remittance | None:
    """The list, its row locked to the end of the transaction."""
    return Remittance.objects.select_for_update().filter(centre_id=centre_id, remittance_no=remittance_no).first()


def give_up(remittance: Remittance, state: RemittanceState, by: str, reason: str) -> None:
    """A list that will not be booked gives back its months and its expected money."""
    if remittance.state == RemittanceState.CONFIRMED:
        Line.objects.filter(centre_id=remittance.centre_id, remittance_id=remittance.id, holds_month=True).update(holds_month=False)
        treasury.cancel_expectation(remittance.centre_id, remittance.remittance_no)
    remittance.state = state
    remittance.cancelled_by, remittance.cancelled_reason = by, reason
    remittance.save(update_fields=["state", "cancelled_by", "cancelled_reason"])


def _check_confirm(remittance: Remittance, account: EmployerAccountView) -> list[Reason]:
    if remittance.state == RemittanceState.RECEIVED:
        return [refusals.has_defects(remittance.remittance_no, remittance.defect_count)]
    if remittance.state != RemittanceState.CHECKED:
        return [_wrong_state(remittance, RemittanceState.CHECKED)]
    if not remittance.line_count or not (remittance.employer_fen + remittance.member_fen):
        return [refusals.nothing_to_pay(remittance.remittance_no)]
    order = confirm_order(account, remittance.month) if remittance.kind == RemittanceKind.REGULAR else []
    return order or (_claimed_elsewhere(remittance) if remittance.kind in CLAIMS_ITS_MONTHS else [])


def _claimed_elsewhere(remittance: Remittance) -> list[Reason]:
    """DQ: nobody is remitted twice for one month. The unique index on claimed months refuses what slips past this look."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT l.account_no, count(*) OVER () FROM contributions_line l
               JOIN contributions_line o ON o.centre_id = l.centre_id AND o.member_account_id = l.member_account_id
                AND o.month = l.month AND o.holds_month
               WHERE l.remittance_id = %s ORDER BY l.row_no LIMIT 3""",
            [remittance.id],
        )
        rows = cursor.fetchall()
    return [refusals.person_has_month([row[0] for row in rows], remittance.month, rows[0][1])] if rows else []


def _wrong_state(remittance: Remittance, wanted: RemittanceState) -> Reason:
    return refusals.wrong_state(remittance.remittance_no, RemittanceState(remittance.state).label, wanted.label)
