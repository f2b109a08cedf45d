"""联系函的状态: where a letter stands between two cities, and which of them may move it where."""

from __future__ import annotations

from enum import StrEnum

from hpf.kernel.decision import Reason, cites


class Direction(StrEnum):
    """Seen from our centre: the member comes to us, or leaves us."""

    IN = "IN"
    OUT = "OUT"

    @property
    def label(self) -> str:
        return {"IN": "转入", "OUT": "转出"}[self]


class Side(StrEnum):
    """The two centres of a letter, whoever we are."""

    TAKING = "TAKING"
    GIVING = "GIVING"

    @property
    def label(self) -> str:
        return {"TAKING": "转入地中心", "GIVING": "转出地中心"}[self]


class State(StrEnum):
    """What the platform knows, and before it three states that stay in our house."""

    APPLIED = "APPLIED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    APPROVED = "APPROVED"
    RECEIVED = "RECEIVED"
    CANCELLED = "CANCELLED"
    NEGOTIATING = "NEGOTIATING"
    INFORMED = "INFORMED"
    REFUSED = "REFUSED"
    NEGOTIATED = "NEGOTIATED"
    FAILED = "FAILED"
    DONE = "DONE"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def code(self) -> str:
        """The platform's number, empty for what never left our house."""
        return PLATFORM_CODES.get(self, "")

    @property
    def is_final(self) -> bool:
        return self in FINAL


LABELS = {
    State.APPLIED: "待复核", State.REJECTED: "申请未通过", State.WITHDRAWN: "申请已撤回", State.APPROVED: "联系函复核通过",
    State.RECEIVED: "联系函确认接收", State.CANCELLED: "转入撤销办结", State.NEGOTIATING: "协商中", State.INFORMED: "账户信息复核通过",
    State.REFUSED: "转出审核不通过", State.NEGOTIATED: "协商办结", State.FAILED: "失败办结", State.DONE: "正常办结",
}  # fmt: skip
PLATFORM_CODES = {
    State.DONE: "00", State.APPROVED: "01", State.RECEIVED: "02", State.CANCELLED: "05", State.NEGOTIATING: "06", State.INFORMED: "08",
    State.REFUSED: "13", State.NEGOTIATED: "20", State.FAILED: "40",
}  # fmt: skip
FINAL = frozenset(
    {State.REJECTED, State.WITHDRAWN, State.CANCELLED, State.REFUSED, State.NEGOTIATED, State.FAILED, State.DONE}
)  # fmt: skip
_BOTH = frozenset({Side.TAKING, Side.GIVING})
_TAKING, _GIVING = frozenset({Side.TAKING}), frozenset({Side.GIVING})
MOVES: dict[tuple[State, State], frozenset[Side]] = {
    (State.APPLIED, State.APPROVED): _TAKING,
    (State.APPLIED, State.REJECTED): _TAKING,
    (State.APPLIED, State.WITHDRAWN): _TAKING,
    (State.APPROVED, State.RECEIVED): _GIVING,
    (State.APPROVED, State.CANCELLED): _TAKING,
    (State.RECEIVED, State.INFORMED): _GIVING,
    (State.RECEIVED, State.REFUSED): _GIVING,
    (State.RECEIVED, State.NEGOTIATING): _GIVING,
    (State.NEGOTIATING, State.RECEIVED): _GIVING,
    (State.NEGOTIATING, State.INFORMED): _GIVING,
    (State.NEGOTIATING, State.REFUSED): _GIVING,
    (State.NEGOTIATING, State.NEGOTIATED): _BOTH,
    (State.NEGOTIATING, State.FAILED): _BOTH,
    (State.INFORMED, State.INFORMED): _GIVING,
    (State.NEGOTIATING, State.NEGOTIATING): _BOTH,
    (State.INFORMED, State.NEGOTIATING): _BOTH,
    (State.INFORMED, State.DONE): _TAKING,
    (State.INFORMED, State.FAILED): _GIVING,
}
"""Who may move a letter from a state to another. INFORMED again: the payment failed and goes out anew with new interest."""


class UnknownState(ValueError):
    """The platform used a number this release does not know."""


def state_of(code: str) -> State:
    """The state behind the platform's number. Raises UnknownState."""
    for state, number in PLATFORM_CODES.items():
        if number == code:
            return state
    raise UnknownState(f"平台状态“{code}”不在状态表内，请核对接口版本")


@cites("银行结算接口标准/转移接续", "建金〔2018〕46号/离职提取")
def check_move(now: State, wanted: State, side: Side) -> list[Reason]:
    """Whether this centre may move a letter so. 撤销 is possible only until the other city has confirmed the letter."""
    law = ("银行结算接口标准/转移接续",)
    if side in MOVES.get((now, wanted), frozenset()):
        return []
    if wanted is State.CANCELLED:
        return [Reason(
            "TOO_LATE_TO_CANCEL", f"联系函现为“{now.code} {now.label}”，只有“01 {State.APPROVED.label}”时可以撤销，请与转出地中心协商", law
        )]  # fmt: skip
    if now.is_final:
        return [Reason("LETTER_ENDED", f"联系函已为“{now.label}”，不能再变更，请核对；确需办理的另发联系函", law)]
    return [Reason(
        "MOVE_NOT_ALLOWED", f"联系函现为“{now.label}”，{side.label}不能改为“{wanted.label}”，请刷新后按现状态办理", law
    )]  # fmt: skip
