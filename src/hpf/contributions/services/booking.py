"""记账: money that has arrived, or lies prepaid, becomes entries on every member's account, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.contributions.models import Remittance
from hpf.contributions.rules import refusals
from hpf.contributions.rules.money import Split, decide_money
from hpf.contributions.rules.states import RemittanceKind, RemittanceState
from hpf.contributions.services.confirmation import locked
from hpf.contributions.services.facts import acceptance_wanted, booking_order, prepaid_account
from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.outbox import services as outbox
from hpf.treasury import queries as treasury_queries
from hpf.treasury import services as treasury
from hpf.treasury.queries import ReceiptView


@dataclass(frozen=True, slots=True)
class Booked:
    remittance_no: str
    journal_id: int
    business_on: date
    members: int
    total: Money
    from_receipts: Money
    from_prepaid: Money
    overpaid: Money


@dataclass(frozen=True, slots=True)
class Prepaid:
    """`balance` is the unit's prepaid money after this."""

    employer_account_no: str
    amount: Money
    balance: Money
    journal_id: int


@dataclass(frozen=True, slots=True)
class StillWaiting:
    remittance_no: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Applied:
    booked: tuple[str, ...]
    waiting: tuple[StillWaiting, ...]
    total: Money


@command("contributions.book")
def book(
    *,
    by: Actor,
    centre_id: int,
    remittance_no: str,
    business_on: date,
    key: str,
    at: datetime,
    receipt_no: str | None = None,
    use_prepaid: bool = False,
) -> Decision[Booked]:
    """记账: turn a confirmed list and its money into entries on every member's account.

    The money is every receipt matched with this list, and `receipt_no` when a clerk names one that is matched with
    nothing; prepaid money fills the rest when the unit planned it on confirming or `use_prepaid` says so.

    Locks    the remittance; then the ledger rows of this list's accounts, in id order, once
    Writes   one journal with all legs, state BOOKED, the unit's paid-through month, outbox contributions.booked
    Refuses  MONEY_SHORT (the list goes on waiting and says why), MONTH_GAP, RECEIPT_*, REMITTANCE_WRONG_STATE, LIST_NOT_ACCEPTED
    Raises   LedgerRefusal when an account was closed since the check: nothing is booked
    Again    the first answer; two clerks at once: the second is told that it is booked
    """
    remittance = locked(centre_id, remittance_no)
    if remittance is None:
        return Decision.refused([refusals.no_such_remittance(remittance_no)])
    reasons = _check_bookable(remittance)
    if reasons:
        return Decision.refused(reasons)
    receipts, reason = _receipts_for(remittance, receipt_no)
    if reason:
        return Decision.refused([reason])
    account = accounts.employer_account_by_id(centre_id, remittance.employer_account_id)
    prepaid_id = prepaid_account(account, business_on)
    balances = ledger_queries.balances([prepaid_id, *(receipt.ledger_account_id for receipt in receipts)])
    money = [balances[receipt.ledger_account_id].available for receipt in receipts]
    total = remittance.employer_fen + remittance.member_fen
    wants_prepaid = use_prepaid or bool(remittance.prepaid_planned_fen)
    split = decide_money(total, money, balances[prepaid_id].available, use_prepaid=wants_prepaid)
    if split.value is None:
        _wait(remittance, split.reasons[0])
        return Decision.refused(split.reasons)
    journal_id = _post(remittance, receipts, money, prepaid_id, split.value, business_on, by, key)
    _write_booked(remittance, journal_id, receipts, split.value, business_on, by, at)
    return Decision.approved(
        Booked(
            remittance_no, journal_id, business_on, remittance.line_count, total,
            split.value.from_receipts, split.value.from_prepaid, split.value.overpaid,
        )
    )  # fmt: skip


def remit_from_prepaid(
    *, by: Actor, centre_id: int, remittance_no: str, business_on: date, key: str, at: datetime
) -> Decision[Booked]:
    """预缴抵付: book a confirmed list from the unit's prepaid money (and what was received for it, if anything)."""
    return book(
        by=by, centre_id=centre_id, remittance_no=remittance_no, business_on=business_on, key=key, at=at, use_prepaid=True
    )  # fmt: skip


@command("contributions.prepay")
def prepay(
    *, by: Actor, centre_id: int, employer_account_no: str, receipt_no: str, business_on: date, key: str, at: datetime
) -> Decision[Prepaid]:
    """预缴: a receipt becomes the unit's prepaid money, to be used for a later month or returned on request.

    Locks    the receipt's and the prepaid ledger rows, in id order
    Refuses  RECEIPT_NOT_FOUND, RECEIPT_USED_UP, RECEIPT_OF_ANOTHER when it is matched with another business
    """
    account = accounts.employer_account(centre_id, employer_account_no)
    if account is None:
        return Decision.refused([refusals.no_such_employer_account(employer_account_no)])
    receipt = treasury_queries.receipt(centre_id, receipt_no)
    if receipt is None:
        return Decision.refused([refusals.no_such_receipt(receipt_no)])
    amount = ledger_queries.balance(receipt.ledger_account_id).available
    if not amount:
        return Decision.refused([refusals.receipt_used_up(receipt_no)])
    if receipt.reference and not _is_own_list(centre_id, receipt.reference, account.employer_account_id):
        return Decision.refused([refusals.receipt_of_another(receipt_no, employer_account_no)])
    prepaid_id = prepaid_account(account, business_on)
    draft = Draft(
        centre_id=centre_id, kind="PREPAYMENT", template="J2", business_on=business_on, value_on=business_on,
        source_kind="RECEIPT", source_no=receipt_no, summary=f"{account.account_no}单位预缴", maker=by.user_id,
    )  # fmt: skip
    legs = [Leg(receipt.ledger_account_id, amount.fen), Leg(prepaid_id, -amount.fen)]
    journal_id = ledger.post(draft, legs, f"{key}:prepay")
    treasury.mark_applied(centre_id=centre_id, receipt_nos=[receipt_no], purpose="PREPAYMENT", business_no=employer_account_no)
    return Decision.approved(Prepaid(employer_account_no, amount, ledger_queries.balance(prepaid_id).balance, journal_id))


def apply_receipts(*, by: Actor, centre_id: int, business_on: date, at: datetime) -> Applied:
    """到账入账: book every confirmed list whose money is there. A story: one command for each list, safe to run again.

    Lists of one unit are taken oldest month first, so two months paid on one day are both booked. What cannot be booked
    goes on waiting with its reason and stops nobody else.
    """
    booked: list[str] = []
    waiting: list[StillWaiting] = []
    total = ZERO
    for remittance_no, prepaid_planned in _with_money(centre_id):
        key = f"apply:{remittance_no}:{business_on}:{_money_seen(centre_id, remittance_no)}"
        try:
            answer = book(
                by=by, centre_id=centre_id, remittance_no=remittance_no, business_on=business_on, key=key, at=at,
                use_prepaid=prepaid_planned,
            )  # fmt: skip
        except ledger.LedgerRefusal as refusal:
            if refusal.code != "ACCOUNT_CLOSED":
                raise
            answer = mark_waiting(
                by=by, centre_id=centre_id, remittance_no=remittance_no, account_id=refusal.account_id or 0, key=f"{key}:wait", at=at
            )
        if answer.value is not None:
            booked.append(remittance_no)
            total += answer.value.total
        else:
            waiting.append(StillWaiting(remittance_no, answer.reasons[0].code, answer.reasons[0].message))
    return Applied(tuple(booked), tuple(waiting), total)


@command("contributions.book")
def mark_waiting(*, by: Actor, centre_id: int, remittance_no: str, account_id: int, key: str, at: datetime) -> Decision[Booked]:
    """待记账: write down that the ledger refused a closed account in this list. Always a refusal."""
    remittance = locked(centre_id, remittance_no)
    if remittance is None:
        return Decision.refused([refusals.no_such_remittance(remittance_no)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_no FROM contributions_line WHERE remittance_id = %s AND ledger_account_id = %s LIMIT 1", [remittance.id, account_id]
        )
        row = cursor.fetchone()
    reason = refusals.account_closed_since(row[0] if row else "")
    _wait(remittance, reason)
    return Decision.refused([reason])


def _check_bookable(remittance: Remittance) -> list[Reason]:
    if remittance.state not in (RemittanceState.CONFIRMED, RemittanceState.PAID):
        state, wanted = RemittanceState(remittance.state).label, RemittanceState.CONFIRMED.label
        return [refusals.wrong_state(remittance.remittance_no, state, wanted)]
    if not remittance.accepted_by and acceptance_wanted(remittance.centre_id, remittance.month):
        return [refusals.not_accepted(remittance.remittance_no)]
    if remittance.kind == RemittanceKind.REGULAR:
        out_of_order = booking_order(remittance.centre_id, remittance.employer_account_id, remittance.month)
        if out_of_order is not None:
            return [out_of_order]
    return []


def _receipts_for(remittance: Remittance, receipt_no: str | None) -> tuple[list[ReceiptView], Reason | None]:
    receipts = treasury_queries.receipts_for(remittance.centre_id, remittance.remittance_no)
    if receipt_no is None or any(receipt.receipt_no == receipt_no for receipt in receipts):
        return receipts, None
    named = treasury_queries.receipt(remittance.centre_id, receipt_no)
    if named is None:
        return [], refusals.no_such_receipt(receipt_no)
    if named.reference:
        return [], refusals.receipt_of_another(receipt_no, remittance.remittance_no)
    if not ledger_queries.balance(named.ledger_account_id).available:
        return [], refusals.receipt_used_up(receipt_no)
    return [*receipts, named], None


def _post(
    remittance: Remittance,
    receipts: Sequence[ReceiptView],
    money: Sequence[Money],
    prepaid_id: int,
    split: Split,
    business_on: date,
    by: Actor,
    key: str,
) -> int:
    """All legs in columns: receipts and prepaid on the debit side, one credit for each line."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT array_agg(ledger_account_id ORDER BY row_no, id), array_agg(-(employer_fen + member_fen) ORDER BY row_no, id)
               FROM contributions_line WHERE remittance_id = %s AND employer_fen + member_fen <> 0""",
            [remittance.id],
        )
        account_ids, fens = cursor.fetchone()
    sources = [(receipt.ledger_account_id, amount.fen) for receipt, amount in zip(receipts, money, strict=True) if amount]
    if prepaid := split.from_prepaid.fen - split.overpaid.fen:
        sources.append((prepaid_id, prepaid))
    kind = RemittanceKind(remittance.kind)
    draft = Draft(
        centre_id=remittance.centre_id,
        kind="BACK_PAYMENT" if kind.is_back_payment else "REMITTANCE",
        template="J1",
        business_on=business_on,
        value_on=business_on,
        source_kind="REMITTANCE_LIST",
        source_no=remittance.remittance_no,
        summary=f"{remittance.employer_account_no}{remittance.month.text}{kind.label}",
        maker=by.user_id,
    )
    return ledger.post_columns(
        draft, [account for account, _ in sources] + account_ids, [fen for _, fen in sources] + fens, f"{key}:book"
    )


def _write_booked(
    remittance: Remittance, journal_id: int, receipts: Sequence[ReceiptView], split: Split, business_on: date, by: Actor, at: datetime
) -> None:
    remittance.state = RemittanceState.BOOKED
    remittance.journal_id, remittance.booked_on = journal_id, business_on
    remittance.receipt_no = " ".join(receipt.receipt_no for receipt in receipts)
    remittance.prepaid_used_fen, remittance.overpaid_fen = split.from_prepaid, split.overpaid
    remittance.waiting_code = remittance.waiting_message = ""
    remittance.booked_by, remittance.booked_at = by.user_id, at
    remittance.save(
        update_fields=[
            "state", "journal_id", "booked_on", "receipt_no", "prepaid_used_fen", "overpaid_fen",
            "waiting_code", "waiting_message", "booked_by", "booked_at",
        ]
    )  # fmt: skip
    centre_id, remittance_no = remittance.centre_id, remittance.remittance_no
    if receipts:
        treasury.mark_applied(
            centre_id=centre_id, receipt_nos=[receipt.receipt_no for receipt in receipts], purpose="REMITTANCE", business_no=remittance_no
        )
    if remittance.kind == RemittanceKind.REGULAR:
        account_services.advance_paid_through(remittance.employer_account_id, remittance.month)
        note_first_months(remittance)
    outbox.enqueue(centre_id, "contributions.booked", f"contributions.booked:{remittance_no}", {"remittance_no": remittance_no})


def note_first_months(remittance: Remittance) -> None:
    """首次缴存年月 of the people who contribute for the first time by this list."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(member_account_id) FROM contributions_line WHERE remittance_id = %s AND is_first", [remittance.id])
        newcomers = cursor.fetchone()[0]
    if newcomers:
        account_services.note_first_month(remittance.centre_id, newcomers, remittance.month)


def _wait(remittance: Remittance, reason: Reason) -> None:
    remittance.waiting_code, remittance.waiting_message = reason.code, reason.message
    remittance.save(update_fields=["waiting_code", "waiting_message"])


def _with_money(centre_id: int) -> list[tuple[str, bool]]:
    """Confirmed lists that have a matched receipt or planned prepaid money, oldest month first."""
    with centre_scope(centre_id):
        matched = treasury_queries.references_with_money(centre_id)
        rows = Remittance.objects.filter(centre_id=centre_id, state__in=[RemittanceState.CONFIRMED, RemittanceState.PAID])
        return [
            (row.remittance_no, bool(row.prepaid_planned_fen))
            for row in rows.order_by("employer_account_id", "month", "id").only("remittance_no", "prepaid_planned_fen")
            if row.prepaid_planned_fen or row.remittance_no in matched
        ]


def _money_seen(centre_id: int, remittance_no: str) -> str:
    """Part of the story's key: new money for a waiting list is a new attempt."""
    with centre_scope(centre_id):
        return str(len(treasury_queries.receipts_for(centre_id, remittance_no)))


def _is_own_list(centre_id: int, reference: str, employer_account_id: int) -> bool:
    return Remittance.objects.filter(centre_id=centre_id, remittance_no=reference, employer_account_id=employer_account_id).exists()
