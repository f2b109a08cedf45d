"""告知平台: each message with a number kept before it is sent, sent once, asked about until the platform is sure."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Reason
from hpf.outbox import services as outbox
from hpf.transfers.gateways.messages import Telling
from hpf.transfers.models import Dispatch, Letter
from hpf.transfers.rules.states import Direction, State
from hpf.transfers.services.letters import PLATFORM, TO_TELL, information_of, move, note, own_centre, tell_platform
from hpf.treasury.rules.numbers import send_seq_no
from hpf.treasury.rules.payments import Result, Told, advance
from hpf.treasury.rules.payments import State as Sending


class HearingPlatform(Protocol):
    """What these stories need of the platform."""

    def tell(self, told: Telling, on: date) -> Result: ...
    def fate(self, seq_no: str, on: date) -> Result: ...


@dataclass(frozen=True, slots=True)
class Begun:
    """The committed sequence number under which to send; empty when there is nothing to send."""

    send_seq_no: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a round of telling or asking came to."""

    told: int = 0
    done: int = 0
    refused: int = 0
    open: int = 0


@command("transfers.exchange")
def begin_telling(*, by: Actor, centre_id: int, dispatch_id: int, business_on: date, key: str) -> Begun:
    """Draw and keep the number before anything is sent. Locks the message: of two workers one finds it READY."""
    row = Dispatch.objects.select_for_update().get(centre_id=centre_id, id=dispatch_id)
    if row.state != Sending.READY:
        return Begun()
    row.send_seq_no = send_seq_no(centre_id, business_on, outbox.next_sequence(centre_id, "BDC", business_on))
    row.state, row.sent_on, row.explanation = Sending.SENT.value, business_on, "已发送，等待平台答复"
    row.save()
    return Begun(row.send_seq_no)


@command("transfers.exchange")
def record_telling(
    *, by: Actor, centre_id: int, dispatch_id: int, send_seq_no: str, result: Result, business_on: date, at: datetime, key: str
) -> Heard:
    """What the platform said to a message: accepted, refused with its words, or not known yet.

    Accepted   a cancellation is now true
    Refused    the letter says why and waits for a person; a cancellation came too late
    Unknown    asked about; when the platform does not know it the next day, it never arrived and is told anew
    """
    row = Dispatch.objects.select_for_update().select_related("letter").get(centre_id=centre_id, id=dispatch_id)
    if row.send_seq_no != send_seq_no:
        return Heard()
    before = Sending(row.state)
    after = advance(before, result.told, sent_on=row.sent_on, asked_on=result.bank_on or business_on)
    if after is before:
        return Heard(open=int(after in (Sending.SENT, Sending.PROCESSING)))
    row.state, row.explanation = after.value, f"平台答复{result.code} {result.message}".strip()[:300]
    if after is Sending.READY:
        row.send_seq_no, row.sent_on = "", None
    row.save()
    letter = Letter.objects.select_for_update().get(id=row.letter_id)
    if after is Sending.DONE and row.letter_state == State.CANCELLED:
        letter.cancelling = False
        move(letter, State.CANCELLED, said_by=PLATFORM, words=row.words, on=business_on, at=at)
    elif after is Sending.FAILED and result.told is Told.NO_SUCH_INSTRUCTION:
        tell_platform(letter, State(row.letter_state), row.words, business_on)
    elif after is Sending.FAILED:
        _refused(letter, State(row.letter_state), result, business_on, at)
    return Heard(done=int(after is Sending.DONE), refused=int(after is Sending.FAILED))


def _refused(letter: Letter, state: State, result: Result, on: date, at: datetime) -> None:
    if state is State.CANCELLED:
        letter.cancelling = False
        letter.words = f"撤销未成：{result.message or '对方已确认接收'}，请与转出地中心协商"
    else:
        letter.trouble = f"平台不接受“{state.label}”：{result.message}，请核对联系函状态后处理"[:500]
    letter.save()
    note(letter, said_by=PLATFORM, words=letter.trouble or letter.words, on=on, at=at)


def tell_all(*, by: Actor, centre_id: int, platform: HearingPlatform, business_on: date, at: datetime, limit: int = 200) -> Heard:
    """Send what is ready, each once. A crash at any line leaves a message READY or SENT; SENT is only asked about."""
    heard = Heard()
    for message in outbox.claim(centre_id, TO_TELL, at=at, limit=limit):
        dispatch_id = int(message.payload["dispatch_id"])
        key = f"tell:{dispatch_id}:{secrets.token_hex(8)}"
        begun = begin_telling(by=by, centre_id=centre_id, dispatch_id=dispatch_id, business_on=business_on, key=key)
        if begun.send_seq_no:
            result = platform.tell(_telling(centre_id, dispatch_id, business_on), business_on)
            heard = _hear(heard, by, centre_id, dispatch_id, begun.send_seq_no, result, business_on, at)
            if result.told is Told.NOT_SENT:
                outbox.failed(message, result.message, at=at)
                continue
        outbox.delivered(message, at=at)
    return heard


def ask_all(*, by: Actor, centre_id: int, platform: HearingPlatform, business_on: date, at: datetime) -> Heard:
    """Ask what became of everything sent and not answered, by its own number."""
    with centre_scope(centre_id):
        waiting = list(
            Dispatch.objects.filter(centre_id=centre_id, state__in=["SENT", "PROCESSING"]).order_by("id").values_list("id", "send_seq_no")
        )
    heard = Heard()
    for dispatch_id, seq_no in waiting:
        heard = _hear(heard, by, centre_id, dispatch_id, seq_no, platform.fate(seq_no, business_on), business_on, at)
    return heard


def _hear(heard: Heard, by: Actor, centre_id: int, dispatch_id: int, seq_no: str, result: Result, on: date, at: datetime) -> Heard:
    said = record_telling(
        by=by, centre_id=centre_id, dispatch_id=dispatch_id, send_seq_no=seq_no, result=result, business_on=on, at=at,
        key=f"told:{seq_no}:{result.told}:{result.code}:{on}",
    )  # fmt: skip
    return Heard(heard.told + 1, heard.done + said.done, heard.refused + said.refused, heard.open + said.open)


def _telling(centre_id: int, dispatch_id: int, on: date) -> Telling:
    """The message's content, read from the letter. What the letter says at this moment is what is true."""
    with centre_scope(centre_id):
        row = Dispatch.objects.select_related("letter").get(centre_id=centre_id, id=dispatch_id)
        own = own_centre(centre_id, on)
    letter, state = row.letter, State(row.letter_state)
    ours = ("", "") if isinstance(own, Reason) else (own.org_code, own.name)
    theirs = (letter.other_org_code, letter.other_org_name)
    taking, giving = (ours, theirs) if letter.direction == Direction.IN else (theirs, ours)
    here, there = letter.account_no, letter.other_account or ""
    accounts = (here, there) if letter.direction == Direction.IN else (there, here)
    return Telling(
        row.send_seq_no, letter.letter_no, state, letter.name, letter.id_kind, letter.id_number, *taking, *giving, *accounts, letter.payee_name,
        letter.payee_account or "", letter.payee_bank, row.words, information_of(letter) if state is State.INFORMED else None,
    )  # fmt: skip
