"""来文: what the platform delivers, taken once, checked against what may be said to us, and confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Reason
from hpf.parties.rules import plain
from hpf.transfers.gateways.messages import Item, Telling
from hpf.transfers.models import Dispatch, Letter, Received
from hpf.transfers.rules.information import check_information
from hpf.transfers.rules.letters import NotALetterNumber, read_letter_number
from hpf.transfers.rules.states import Direction, Side, State, check_move
from hpf.transfers.services.giving import end_if_settled
from hpf.transfers.services.letters import PLATFORM, keep_information, move, new_letter, note, own_centre, tell_platform
from hpf.transfers.services.taking import EXPECTED
from hpf.treasury.services import ExpectationConflict, cancel_expectation, expect_receipt


class DeliveringPlatform(Protocol):
    """What this story needs of the platform."""

    def mail(self, on: date) -> list[Item]: ...
    def taken(self, item_no: str, on: date) -> None: ...


@dataclass(frozen=True, slots=True)
class ItemTaken:
    """What became of one delivery: TAKEN, SEEN before, STALE (nothing new), or UNFIT with the reason in `words`."""

    item_no: str
    outcome: str
    words: str = ""


def read_mail(*, by: Actor, centre_id: int, platform: DeliveringPlatform, business_on: date, at: datetime) -> list[ItemTaken]:
    """收来文: take every delivery, then confirm it. A crash between the two brings it again, and it is SEEN."""
    taken = []
    for item in platform.mail(business_on):
        key = f"transfer-mail:{item.item_no}:{business_on}"
        taken.append(take_item(by=by, centre_id=centre_id, item=item, business_on=business_on, at=at, key=key))
        platform.taken(item.item_no, business_on)
    return taken


@command("transfers.exchange")
def take_item(*, by: Actor, centre_id: int, item: Item, business_on: date, at: datetime, key: str) -> ItemTaken:
    """One delivery: a letter for us, or word about one of our letters. What does not fit is kept and waits for a person.

    Locks    the letter
    Writes   the delivery; the letter's state; what the state brings (a receipt to expect, an account to end, an answer to send)
    """
    if Received.objects.filter(centre_id=centre_id, item_no=item.item_no).exists():
        return ItemTaken(item.item_no, "SEEN")
    told = item.told
    outcome, words = ("UNFIT", item.problem) if told is None else _take(centre_id, told, by, business_on, at, key)
    Received.objects.create(
        centre_id=centre_id, item_no=item.item_no, letter_no=told.letter_no if told else "", letter_state=told.state.value if told else "",
        outcome=f"{outcome} {words}".strip()[:500], received_on=business_on,
    )  # fmt: skip
    return ItemTaken(item.item_no, outcome, words)


def _take(centre_id: int, told: Telling, by: Actor, on: date, at: datetime, key: str) -> tuple[str, str]:
    letter = Letter.objects.select_for_update().filter(centre_id=centre_id, letter_no=told.letter_no).first()
    if letter is None:
        return _new(centre_id, told, on, at) if told.state is State.APPROVED else ("UNFIT", f"本中心没有联系函{told.letter_no}")
    side = Side.GIVING if letter.direction == Direction.IN else Side.TAKING
    now = State(letter.state)
    if (told.state is now and told.state not in (State.INFORMED, State.NEGOTIATING)) or told.state is State.APPROVED:
        return "STALE", f"联系函{letter.letter_no}已为“{now.label}”"
    if told.state is State.CANCELLED and now is State.RECEIVED and not _platform_knows(letter, State.RECEIVED):
        now = State.APPROVED
    if reasons := check_move(now, told.state, side):
        letter.trouble = f"对方告知“{told.state.label}”，{reasons[0].message}"[:500]
        letter.save(update_fields=["trouble"])
        note(letter, said_by=PLATFORM, words=letter.trouble, on=on, at=at)
        return "UNFIT", reasons[0].message
    if letter.direction == Direction.IN:
        return _word_of_giving(letter, told, on, at)
    return _word_of_taking(letter, told, by, on, at, key)


def _platform_knows(letter: Letter, state: State) -> bool:
    return Dispatch.objects.filter(centre_id=letter.centre_id, letter=letter, letter_state=state.value, state="DONE").exists()


@step
def _new(centre_id: int, told: Telling, on: date, at: datetime) -> tuple[str, str]:
    """A letter that asks for one of our accounts: confirmed at once (02); who may leave is decided by two persons later."""
    try:
        read_letter_number(told.letter_no)
    except NotALetterNumber as error:
        return "UNFIT", str(error)
    own = own_centre(centre_id, on)
    if isinstance(own, Reason):
        return "UNFIT", own.message
    if told.giving_org_code[:6] != own.org_code[:6]:
        return "UNFIT", f"联系函{told.letter_no}的转出地机构代码{told.giving_org_code}不是本中心"
    letter = new_letter(Letter(
        centre_id=centre_id, letter_no=told.letter_no, direction=Direction.OUT.value, state=State.APPROVED.value, state_on=on, name=told.name,
        id_kind=told.id_kind, id_number=plain(told.id_number), account_no=plain(told.giving_account), other_org_code=told.taking_org_code,
        other_org_name=told.taking_org_name, other_account=told.taking_account or None, payee_name=told.payee_name,
        payee_account=told.payee_account or None, payee_bank=told.payee_bank, applied_on=on, maker=PLATFORM,
    ))  # fmt: skip
    note(letter, said_by=told.taking_org_name, words=told.words or "发来联系函", on=on, at=at)
    move(letter, State.RECEIVED, said_by="系统", words="联系函确认接收", on=on, at=at)
    tell_platform(letter, State.RECEIVED, "", on)
    return "TAKEN", ""


@step
def _word_of_giving(letter: Letter, told: Telling, on: date, at: datetime) -> tuple[str, str]:
    """The city our member comes from has answered."""
    who = letter.other_org_name
    letter.trouble = ""
    if told.state is not State.INFORMED or told.information is None:
        if told.state.is_final and (problem := _no_longer_expected(letter)):
            letter.trouble = problem
        move(letter, told.state, said_by=who, words=told.words, on=on, at=at)
        return "TAKEN", ""
    said = told.information
    doubts = check_information(said, letter.name, letter.id_kind, letter.id_number, on)
    if not doubts:
        try:
            expect_receipt(
                letter.centre_id, kind=EXPECTED, reference=letter.letter_no, amount=said.amount, on=on, payer_name=told.payee_name and who
            )
        except ExpectationConflict as conflict:
            doubts = [Reason("MONEY_HAS_COME_BEFORE", f"{conflict}", ())]
    move(letter, State.INFORMED, said_by=who, words=f"转移金额{said.amount.text}元", on=on, at=at)
    if doubts:
        words = "；".join(reason.message for reason in doubts)
        move(letter, State.NEGOTIATING, said_by="系统", words=words, on=on, at=at)
        tell_platform(letter, State.NEGOTIATING, words, on)
        return "TAKEN", words
    keep_information(letter, said)
    letter.other_account = said.account_no or letter.other_account
    letter.save()
    return "TAKEN", ""


def _no_longer_expected(letter: Letter) -> str:
    try:
        cancel_expectation(letter.centre_id, letter.letter_no)
    except ExpectationConflict as conflict:
        return str(conflict)
    return ""


@step
def _word_of_taking(letter: Letter, told: Telling, by: Actor, on: date, at: datetime, key: str) -> tuple[str, str]:
    """The city our member goes to has answered."""
    letter.trouble = ""
    if told.state is State.NEGOTIATING:
        letter.name = told.name if told.id_number == letter.id_number else letter.name
        letter.payee_name = told.payee_name or letter.payee_name
        letter.payee_account = told.payee_account or letter.payee_account
        letter.payee_bank = told.payee_bank or letter.payee_bank
    elif told.state in (State.NEGOTIATED, State.FAILED) and letter.payment_state in ("ORDERED", "DONE"):
        letter.trouble = f"对方告知“{told.state.label}”，而转移款{letter.payment_no}已付出，请与对方核对退款"
    letter.proposal = ""
    move(letter, told.state, said_by=letter.other_org_name, words=told.words, on=on, at=at)
    end_if_settled(letter, on, by, at, key)
    return "TAKEN", ""
