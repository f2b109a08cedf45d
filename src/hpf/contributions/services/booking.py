"""记账: money that has arrived, or lies prepaid, becomes entries on every member's account, all of them or none."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import OperationalError

from hpf.contributions.models import Line, Remittance
from hpf.contributions.rules import refusals
from hpf.contributions.rules.states import RemittanceState
from hpf.contributions.services.confirmation import locked
from hpf.contributions.services.facts import employer_account, prepaid_ledger
from hpf.contributions.services.posting import Booked, MoneyMoved, Occasion, book_lists, wait
from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.treasury import queries as treasury_queries
from hpf.treasury import services as treasury
from hpf.treasury.queries import ReceiptView

LISTS_AT_ONCE = 100
"""Lists booked by one command of the story: enough to share the queries, few enough to repeat cheaply."""


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
    """What became of the lists whose money was there."""

    booked: tuple[str, ...] = ()
    waiting: tuple[StillWaiting, ...] = ()
    total: Money = ZERO

    def __add__(self, other: Applied) -> Applied:
        return Applied(self.booked + other.booked, self.waiting + other.waiting, self.total + other.total)


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

    Locks    the remittance; its receipts; then the ledger rows of this list's accounts, in id order, once
    Writes   one journal with all legs, state BOOKED, the unit's paid-through month
    Refuses  MONEY_SHORT (the list goes on waiting and says why), MONTH_GAP, RECEIPT_*, REMITTANCE_WRONG_STATE, LIST_NOT_ACCEPTED
    Raises   LedgerRefusal when an account was closed since the check; MoneyMoved: nothing is booked
    Again    the first answer; two clerks at once: the second is told that it is booked
    """
    remittance = locked(centre_id, remittance_no)
    if remittance is None:
        return Decision.refused([refusals.no_such_remittance(remittance_no)])
    receipts = list(treasury_queries.receipts_of(centre_id, [remittance_no]).get(remittance_no, ()))
    if receipt_no is not None and all(receipt.receipt_no != receipt_no for receipt in receipts):
        named = _named_receipt(centre_id, receipt_no, remittance)
        if isinstance(named, Reason):
            return Decision.refused([named])
        receipts.append(named)
    prepaid = frozenset({remittance_no} if use_prepaid else ())
    return book_lists(centre_id, [remittance], {remittance_no: receipts}, prepaid, Occasion(by, business_on, at, key))[remittance_no]


def remit_from_prepaid(*, by: Actor, centre_id: int, remittance_no: str, business_on: date, key: str, at: datetime) -> Decision[Booked]:
    """预缴抵付: book a confirmed list from the unit's prepaid money (and what was received for it, if anything)."""
    return book(
        by=by, centre_id=centre_id, remittance_no=remittance_no, business_on=business_on, key=key, at=at, use_prepaid=True
    )  # fmt: skip


@command("contributions.prepay")
def prepay(
    *, by: Actor, centre_id: int, employer_account_no: str, receipt_no: str, business_on: date, key: str, at: datetime
) -> Decision[Prepaid]:
    """预缴: a receipt becomes the unit's prepaid money, to be used for a later month or returned on request.

    Locks    the receipt; its and the prepaid ledger rows, in id order
    Refuses  EMPLOYER_ACCOUNT_NOT_FOUND; a receipt that is unknown, used up, or matched with a list
    """
    account = employer_account(centre_id, employer_account_no)
    if account is None:
        return Decision.refused([refusals.no_such_employer_account(employer_account_no)])
    used = treasury.use_receipt(centre_id, receipt_no, by_kind="PREPAYMENT", by_no=account.account_no)
    if used.value is None:
        return Decision.refused(used.reasons)
    amount, prepaid_id = used.value.remaining, prepaid_ledger(account)
    draft = Draft(
        centre_id=centre_id, kind="PREPAYMENT", template="J2", business_on=business_on, value_on=business_on,
        source_kind="RECEIPT", source_no=receipt_no, summary=f"{account.account_no}单位预缴", maker=by.user_id,
    )  # fmt: skip
    journal_id = ledger.post(draft, [Leg(used.value.ledger_account_id, amount.fen), Leg(prepaid_id, -amount.fen)], f"{key}:prepay")
    return Decision.approved(Prepaid(account.account_no, amount, ledger_queries.balance(prepaid_id).balance, journal_id))


def apply_receipts(*, by: Actor, centre_id: int, business_on: date, at: datetime) -> Applied:
    """到账入账: book every confirmed list whose money is there. A story: a command for each hundred lists, safe to run again.

    Lists of one unit are taken oldest month first, so two months paid on one day are both booked. What cannot be booked
    goes on waiting with its reason and stops nobody else.
    """
    with centre_scope(centre_id):
        numbers = _with_money(centre_id)
    applied = Applied()
    for start in range(0, len(numbers), LISTS_AT_ONCE):
        some = tuple(numbers[start : start + LISTS_AT_ONCE])
        try:
            applied += _book_many(by, centre_id, some, business_on, at)
        except (ledger.LedgerRefusal, MoneyMoved, OperationalError):  # the last: a deadlock with a posting to two of its people
            for number in some:
                applied += _book_alone(by, centre_id, number, business_on, at)
    return applied


def _book_many(by: Actor, centre_id: int, remittance_nos: tuple[str, ...], business_on: date, at: datetime) -> Applied:
    """A new key each time: new money is a new attempt, and what is booked already is found booked under its lock."""
    key = f"apply:{business_on}:{secrets.token_hex(12)}"
    return book_many(by=by, centre_id=centre_id, remittance_nos=remittance_nos, business_on=business_on, key=key, at=at)


def _book_alone(by: Actor, centre_id: int, remittance_no: str, business_on: date, at: datetime) -> Applied:
    """One list by itself, after its hundred could not go together: the one that is wrong is written down, and waits."""
    try:
        return _book_many(by, centre_id, (remittance_no,), business_on, at)
    except MoneyMoved as moved:
        return Applied(waiting=(StillWaiting(remittance_no, "MONEY_MOVED", str(moved)),))
    except ledger.LedgerRefusal as refusal:
        if refusal.code != "ACCOUNT_CLOSED":
            raise
        key = f"apply:{business_on}:{secrets.token_hex(12)}"
        return let_wait(by=by, centre_id=centre_id, remittance_no=remittance_no, closed_ledger_account_id=refusal.account_id or 0, key=key)


@command("contributions.book")
def book_many(*, by: Actor, centre_id: int, remittance_nos: tuple[str, ...], business_on: date, key: str, at: datetime) -> Applied:
    """Book many lists in one transaction, each as its own journal. What is short waits; what the ledger refuses stops all.

    Locks    the remittances in id order; then list by list as `book` does
    """
    remittances = list(
        Remittance.objects.select_for_update()
        .filter(centre_id=centre_id, remittance_no__in=remittance_nos, state__in=[RemittanceState.CONFIRMED, RemittanceState.PAID])
        .order_by("id")
    )
    remittances.sort(key=lambda each: (each.employer_account_id or 0, each.month, each.id))
    receipts = treasury_queries.receipts_of(centre_id, remittance_nos)
    answers = book_lists(centre_id, remittances, receipts, frozenset(), Occasion(by, business_on, at, key))
    booked = [answer.value for answer in answers.values() if answer.value is not None]
    waiting = [(no, answer.reasons[0]) for no, answer in answers.items() if answer.value is None]
    return Applied(
        tuple(each.remittance_no for each in booked),
        tuple(StillWaiting(no, reason.code, reason.message) for no, reason in waiting),
        Money.total(each.total for each in booked),
    )


@command("contributions.book")
def let_wait(*, by: Actor, centre_id: int, remittance_no: str, closed_ledger_account_id: int, key: str) -> Applied:
    """待记账: write down that an account of this list was closed after the list had been checked."""
    remittance = locked(centre_id, remittance_no)
    if remittance is None or remittance.state != RemittanceState.CONFIRMED:
        return Applied()
    line = Line.objects.filter(remittance_id=remittance.id, ledger_account_id=closed_ledger_account_id).first()
    reason = refusals.account_closed_since(line.account_no if line else "")
    wait(remittance, reason)
    return Applied(waiting=(StillWaiting(remittance_no, reason.code, reason.message),))


def _named_receipt(centre_id: int, receipt_no: str, remittance: Remittance) -> ReceiptView | Reason:
    named = treasury_queries.receipt(centre_id, receipt_no)
    if named is None:
        return refusals.no_such_receipt(receipt_no)
    if not named.remaining:
        return refusals.receipt_used_up(receipt_no)
    elsewhere = named.expectation_reference not in (None, remittance.remittance_no)
    if elsewhere and named.state != "USED":  # a used receipt with money on it had its booking reversed: it is free
        return refusals.receipt_of_another(receipt_no, remittance.remittance_no)
    waiting = treasury_queries.still_expected(centre_id, named.summary) if named.state == "SUSPENSE" else ()
    if waiting and remittance.remittance_no not in waiting:
        return treasury.names_another(receipt_no, waiting[0], remittance.remittance_no)
    return named


def _with_money(centre_id: int) -> list[str]:
    """Confirmed lists that have matched receipts, or planned prepaid money; units together, oldest month first."""
    rows = Remittance.objects.filter(centre_id=centre_id, state__in=[RemittanceState.CONFIRMED, RemittanceState.PAID])
    confirmed = list(rows.order_by("employer_account_id", "month", "id").values_list("remittance_no", "prepaid_planned_fen"))
    matched = treasury_queries.receipts_of(centre_id, [no for no, _ in confirmed])
    return [no for no, planned in confirmed if planned or no in matched]
