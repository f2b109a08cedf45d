"""付款指令的状态: where a payment stands and what may happen to it next.

A result that is not known (timeout, broken answer, "processing") is never a reason to send again: the bank is asked
for the fate of the original sequence number until it gives a final answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hpf.kernel.decision import cites


class State(StrEnum):
    READY = "READY"
    SENT = "SENT"
    PROCESSING = "PROCESSING"
    DONE = "DONE"
    FAILED = "FAILED"
    RETURNED = "RETURNED"


STATE_LABELS = {
    State.READY: "待发送",
    State.SENT: "已发送，结果未知",
    State.PROCESSING: "银行处理中",
    State.DONE: "已付款",
    State.FAILED: "付款失败，款项已退回原处",
    State.RETURNED: "已付后退汇，款项已退回原处",
}
FINAL = frozenset({State.FAILED, State.RETURNED})
IN_SETTLEMENT = frozenset({State.SENT, State.PROCESSING})


class Told(StrEnum):
    """What the bank told us, or did not."""

    DONE = "DONE"
    FAILED = "FAILED"
    PROCESSING = "PROCESSING"
    UNKNOWN = "UNKNOWN"
    NO_SUCH_INSTRUCTION = "NO_SUCH_INSTRUCTION"
    NOT_SENT = "NOT_SENT"


@dataclass(frozen=True, slots=True)
class Result:
    """The bank's word on one instruction: its reference and day when done, its code and words otherwise."""

    told: Told
    bank_reference: str = ""
    bank_on: date | None = None
    code: str = ""
    message: str = ""


class ImpossibleResult(Exception):
    """The bank's answer contradicts what it said before; nothing is booked, a person has to look."""


@cites("银行结算接口标准/结果码")
def advance(state: State, told: Told, *, sent_on: date | None, asked_on: date) -> State:
    """The payment's next state after the bank's word.

    An instruction the bank does not know may still be on its way on the day it was sent; from the next bank day on it can
    no longer be accepted (the bank refuses instructions of an earlier day), so it has failed. A connection that was
    never made leaves the payment ready.

    Raises  ImpossibleResult when a final state would change, except 付款后退汇, which comes by statement
    """
    if state in FINAL or state is State.DONE:
        same = {State.DONE: Told.DONE, State.FAILED: Told.FAILED}.get(state)
        if told in (same, Told.UNKNOWN, Told.PROCESSING):
            return state
        raise ImpossibleResult(f"付款指令已为“{STATE_LABELS[state]}”，银行又答复{told}，请人工核对")
    if state is State.READY:
        return state
    match told:
        case Told.DONE:
            return State.DONE
        case Told.FAILED:
            return State.FAILED
        case Told.PROCESSING:
            return State.PROCESSING
        case Told.NO_SUCH_INSTRUCTION:
            never_accepted = state is State.SENT and sent_on is not None and asked_on > sent_on
            return State.FAILED if never_accepted else state
        case Told.NOT_SENT:
            return State.READY if state is State.SENT else state
        case Told.UNKNOWN:
            return state
