"""跟踪: payments of letters that leave, receipts of letters that come, both sides' registers compared once a day."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.parties import services as parties
from hpf.transfers.gateways.messages import LetterSaid
from hpf.transfers.models import OPEN, Letter, Reconciliation
from hpf.transfers.rules.leaving import FRAUD_FLAGS
from hpf.transfers.rules.states import Direction, State
from hpf.transfers.services.giving import SOURCE, record_payment
from hpf.transfers.services.letters import LetterMoved, note
from hpf.transfers.services.taking import EXPECTED, book_in
from hpf.treasury import queries as treasury

LOOK_BACK_DAYS = 10
FRAUD_ELSEWHERE = "FRAUD_ELSEWHERE"
assert FRAUD_ELSEWHERE in FRAUD_FLAGS


class ListingPlatform(Protocol):
    """What the comparison needs of the platform."""

    def letters(self, since: date, on: date) -> list[LetterSaid]: ...


@dataclass(frozen=True, slots=True)
class Compared:
    """转移核对 of a day: how many letters each side has, and every difference in words."""

    ours: int
    theirs: int
    differences: tuple[str, ...]


def follow_payments(*, by: Actor, centre_id: int, business_on: date, at: datetime) -> list[LetterMoved]:
    """Write down what became of every letter's payment. A story, safe to run again."""
    with centre_scope(centre_id):
        returned = {payment.payment_no for payment in treasury.returned_payments(centre_id, SOURCE)}
        waiting = {
            letter.transfer_no: (letter.payment_no, letter.payment_state)
            for letter in Letter.objects.filter(centre_id=centre_id, direction=Direction.OUT.value, payment_state__in=["ORDERED", "DONE"])
            if letter.payment_state == "ORDERED" or not State(letter.state).is_final or letter.payment_no in returned
        }
        paid = treasury.payments_of(centre_id, SOURCE, list(waiting))
    moved = []
    for transfer_no, (payment_no, known) in waiting.items():
        for payment in paid.get(transfer_no, []):
            if payment.payment_no == payment_no and payment.state != known and payment.state in ("DONE", "FAILED", "RETURNED"):
                answer = record_payment(
                    by=by, centre_id=centre_id, transfer_no=transfer_no, payment_no=payment_no, business_on=business_on, at=at,
                    key=f"transfer-paid:{payment_no}:{payment.state}",
                )  # fmt: skip
                moved += [answer.value] if answer.value is not None else []
    return moved


def book_receipts(*, by: Actor, centre_id: int, business_on: date, at: datetime) -> list[LetterMoved]:
    """Credit everything that has come whole under a letter's number; then what is on the record follows the person. A story."""
    with centre_scope(centre_id):
        met = treasury.matched_receipts(centre_id, EXPECTED)
        letters = {
            letter.letter_no: letter
            for letter in Letter.objects.filter(
                centre_id=centre_id, letter_no__in=[each.reference for each in met], direction=Direction.IN.value
            )
        }
    booked = []
    for each in met:
        letter = letters.get(each.reference)
        if letter is None or len(each.receipts) != 1:
            continue
        answer = book_in(
            by=by, centre_id=centre_id, transfer_no=letter.transfer_no, receipt_no=each.receipts[0].receipt_no, business_on=business_on, at=at,
            key=f"transfer-in:{letter.letter_no}:{each.receipts[0].receipt_no}:{business_on}",
        )  # fmt: skip
        if answer.value is None:
            continue
        booked.append(answer.value)
        if letter.fraud and letter.person_id is not None:
            parties.flag(
                by=by, centre_id=centre_id, subject_kind="PERSON", subject_id=letter.person_id, kind=FRAUD_ELSEWHERE, source_no=letter.letter_no,
                since=business_on, until=None, note=f"{letter.other_org_name}随账户转来的失信记录，期限请向该中心核实",
                key=f"transfer-fraud:{letter.letter_no}",
            )  # fmt: skip
    return booked


@command("transfers.exchange")
def note_difference(*, by: Actor, centre_id: int, transfer_no: str, words: str, business_on: date, at: datetime, key: str) -> LetterMoved:
    """到账不符: the money under a letter's number is not what the account information says; a person asks the other centre."""
    letter = Letter.objects.select_for_update().get(centre_id=centre_id, transfer_no=transfer_no)
    letter.trouble = words
    letter.save(update_fields=["trouble"])
    note(letter, said_by="系统", words=words, on=business_on, at=at)
    return LetterMoved(letter.transfer_no, letter.letter_no, State(letter.state), words)


def note_differences(*, by: Actor, centre_id: int, business_on: date, at: datetime) -> int:
    """Every letter whose money came short or long says so. A story; the same difference is noted once."""
    with centre_scope(centre_id):
        differing = treasury.differing_receipts(centre_id, EXPECTED)
        numbers = [each.reference for each in differing]
        letters = {letter.letter_no: letter for letter in Letter.objects.filter(centre_id=centre_id, letter_no__in=numbers)}
    for each in differing:
        letter, came = letters.get(each.reference), Money.total(receipt.amount for receipt in each.receipts)
        if letter is None:
            continue
        words = f"应到{each.expected.text}元，实到{came.text}元，{came.text}元留在暂收，请与转出地中心核对"
        if letter.trouble == words:
            continue
        note_difference(
            by=by, centre_id=centre_id, transfer_no=letter.transfer_no, words=words, business_on=business_on, at=at,
            key=f"transfer-differs:{letter.letter_no}:{came.fen}:{business_on}",
        )  # fmt: skip
    return len(differing)


def reconcile(*, by: Actor, centre_id: int, platform: ListingPlatform, business_on: date, at: datetime) -> Compared:
    """每日核对: every letter open or changed in the last days, here and at the platform. Nothing is changed by it.

    Raises  PlatformUnavailable when the platform does not answer; the day has then no comparison, and says so
    """
    since = business_on - timedelta(days=LOOK_BACK_DAYS)
    theirs = platform.letters(since, business_on)
    return keep_comparison(
        by=by,
        centre_id=centre_id,
        since=since,
        theirs=tuple(theirs),
        business_on=business_on,
        at=at,
        key=f"transfer-compare:{secrets.token_hex(12)}",
    )


@command("transfers.exchange")
def keep_comparison(
    *, by: Actor, centre_id: int, since: date, theirs: tuple[LetterSaid, ...], business_on: date, at: datetime, key: str
) -> Compared:
    """Compare and keep; the day's last comparison counts. A letter whose message is still on its way is no difference."""
    known = Letter.objects.filter(centre_id=centre_id).exclude(letter_no="")
    ours = {letter.letter_no: letter for letter in known.filter(state__in=OPEN).union(known.filter(state_on__gte=since))}
    more = [said.letter_no for said in theirs if said.letter_no not in ours]
    ours |= {letter.letter_no: letter for letter in known.filter(letter_no__in=more)}
    told = {said.letter_no: said for said in theirs}
    differences = [
        text for number in sorted(ours.keys() | told.keys()) if (text := _difference(number, ours.get(number), told.get(number)))
    ]
    Reconciliation.objects.update_or_create(
        centre_id=centre_id, business_on=business_on,
        defaults={"ours": len(ours), "theirs": len(theirs), "differences": differences, "compared_at": at},
    )  # fmt: skip
    return Compared(len(ours), len(theirs), tuple(differences))


def _difference(number: str, ours: Letter | None, said: LetterSaid | None) -> str:
    if ours is None:
        return f"联系函{number}平台为“{said.state.label}”，本中心没有登记，请向平台核实" if said else ""
    state = State(ours.state)
    if said is None:
        return f"联系函{number}本中心为“{state.label}”，平台没有登记，请核对是否已发送"
    if said.state is not state:
        return f"联系函{number}本中心为“{state.label}”，平台为“{said.state.label}”，请核对未送达的报文"
    if said.amount is not None and ours.amount_fen is not None and said.amount != ours.amount_fen:
        return f"联系函{number}转移金额本中心{ours.amount_fen.text}元，平台{said.amount.text}元，请与对方中心核对"
    return ""
