"""与银行谈一批: a batch is begun, sent once, and asked after by its number until the bank has said its last word. One way for all kinds."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.outbox import services as outbox
from hpf.treasury.gateways.settlement import BatchLine, BatchResult
from hpf.treasury.rules.numbers import number
from hpf.treasury.rules.payments import ImpossibleResult, Result, State, Told
from hpf.treasury.services.payments import SendingBegun, Talked

Send = Callable[[str, str, Sequence[BatchLine], str, date], Result]
"""The bank's verb: sequence number, our account, lines, summary, business day."""


class Answering(Protocol):
    """A bank that knows what became of a batch."""

    def batch_result(self, seq_no: str, on: date) -> BatchResult: ...


@dataclass(frozen=True, slots=True)
class BatchKind:
    """One kind of batch. `begin` and `record` are its commands, which take its number by the name `named`; `file` reads account,
    lines and summary; `heads` is its table."""

    named: str
    prefix: str
    to_send: str
    verb: str
    heads: Any
    begin: Callable[..., SendingBegun]
    file: Callable[[int, str], tuple[str, list[BatchLine], str]]
    record: Callable[..., Any]


def send_batches(kind: BatchKind, send: Send, *, by: Actor, centre_id: int, business_on: date, at: datetime, limit: int) -> Talked:
    """Send the batches that are ready, each once. What was sent and not answered is only asked for."""
    talked = Talked()
    for message in outbox.claim(centre_id, kind.to_send, at=at, limit=limit):
        no = message.payload[kind.named]
        given = {"by": by, "centre_id": centre_id, kind.named: no, "business_on": business_on}
        begun = kind.begin(**given, key=f"{kind.verb}:{secrets.token_hex(12)}")
        if begun.send_seq_no:
            result = send(begun.send_seq_no, *kind.file(centre_id, no), business_on)
            if result.told is Told.DONE:
                result = Result(Told.PROCESSING, code=result.code, message=result.message)
            talked = _told(kind, talked, BatchResult(result), begun.send_seq_no, given)
            if result.told is Told.NOT_SENT:
                outbox.failed(message, result.message, at=at)
                continue
        outbox.delivered(message, at=at)
    return talked


def poll_batches(kind: BatchKind, bank: Answering, *, by: Actor, centre_id: int, business_on: date) -> Talked:
    """Ask for the fate of every batch that is sent and not final, by its original sequence number."""
    with centre_scope(centre_id):
        open_ones = kind.heads.objects.filter(centre_id=centre_id, state__in=[State.SENT, State.PROCESSING])
        waiting = list(open_ones.order_by("id").values_list("id", "send_seq_no"))
    talked = Talked()
    for batch_id, seq_no in waiting:
        given = {"by": by, "centre_id": centre_id, kind.named: number(kind.prefix, centre_id, batch_id), "business_on": business_on}
        talked = _told(kind, talked, bank.batch_result(seq_no, business_on), seq_no, given)
    return talked


def _told(kind: BatchKind, talked: Talked, answer: BatchResult, seq_no: str, given: dict[str, Any]) -> Talked:
    result = answer.result
    key = f"{kind.verb}:{seq_no}:{result.told}:{result.bank_reference or result.code}:{result.bank_on or ''}:{given['business_on']}"
    try:
        state = kind.record(**given, send_seq_no=seq_no, result=result, lines=answer.lines, key=key).state
    except ImpossibleResult as conflict:
        return Talked(talked.asked + 1, talked.done, talked.failed, talked.open + 1, (*talked.conflicts, str(conflict)))
    done, failed = state == State.DONE, state == State.FAILED
    return Talked(talked.asked + 1, talked.done + done, talked.failed + failed, talked.open + (not done and not failed), talked.conflicts)
