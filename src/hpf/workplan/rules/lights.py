"""灯: one colour for one occurrence, one for a cell of the wall, and in words why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hpf.workplan.rules.states import OccurrenceState


class Colour(StrEnum):
    RED = "RED"
    YELLOW = "YELLOW"
    GREEN = "GREEN"
    GREY = "GREY"

    @property
    def label(self) -> str:
        return {"RED": "红", "YELLOW": "黄", "GREEN": "绿", "GREY": "灰"}[self]


@dataclass(frozen=True, slots=True)
class Light:
    colour: Colour
    why: str


MEANINGS: tuple[tuple[Colour, str], ...] = (
    (Colour.RED, "逾期未上报，或到期测量未达标"),
    (Colour.YELLOW, "临近期限，或已上报待认可，或期限内被退回"),
    (Colour.GREEN, "已认可，或测量达标"),
    (Colour.GREY, "未到预警期，或与本中心无关"),
)
"""The legend; also the order in which a cell of several occurrences shows its worst."""

SIGNS: dict[Colour, str] = {Colour.RED: "逾", Colour.YELLOW: "办", Colour.GREEN: "✓", Colour.GREY: "·"}
NOT_FOR_CENTRE = "－"
"""What stands in a cell of the wall, on the screen and on paper: a copy without colours says the same."""


def light(
    state: OccurrenceState | str,
    due_on: date,
    today: date,
    met: bool | None,
    warn_days: int,
    *,
    starts_on: date | None = None,
    applies: bool = True,
) -> Light:
    """The light on `today`. `met` is None where nothing is measured, False also while no value is there: then the figure
    decides and no word can turn it. Due today is not late. What was reported and returned after its date is late again."""
    state = OccurrenceState(state)
    if not applies or state is OccurrenceState.WITHDRAWN:
        return Light(Colour.GREY, "与本中心无关" if not applies else "已撤销")
    left = (due_on - today).days
    if met is not None:
        return _measured(met, left, warn_days, starts_on is not None and today < starts_on)
    if state is OccurrenceState.ACCEPTED:
        return Light(Colour.GREEN, "已认可")
    if state is OccurrenceState.REPORTED:
        return Light(Colour.YELLOW, "已上报，待省厅认可")
    if left < 0:
        return Light(Colour.RED, f"逾期{-left}天，{state.label}，未上报")
    if state is OccurrenceState.RETURNED:
        return Light(Colour.YELLOW, f"被退回，距期限{left}天")
    if starts_on is not None and today < starts_on:
        return Light(Colour.GREY, "未开始")
    if left <= warn_days:
        return Light(Colour.YELLOW, f"距期限{left}天，{state.label}" if left else f"今天到期，{state.label}")
    return Light(Colour.GREY, f"距期限{left}天，未到预警期")


def is_red(state: OccurrenceState, due_on: date, today: date, met: bool | None) -> bool:
    """Whether `light` is red, without its words: a report asks it of thousands of occurrences."""
    if due_on >= today or state is _WITHDRAWN:
        return False
    return not met if met is not None else state not in _TOLD


_WITHDRAWN = OccurrenceState.WITHDRAWN
_TOLD = (OccurrenceState.REPORTED, OccurrenceState.ACCEPTED)


def worst(lights: Iterable[Light]) -> Light:
    """One cell of the wall: the worst of its occurrences, green before grey, so that a year with one month late is red
    and one with all that was due accepted is green."""
    order = [colour for colour, _ in MEANINGS]
    return min(lights, key=lambda each: order.index(each.colour), default=Light(Colour.GREY, "与本中心无关"))


def _measured(met: bool, left: int, warn_days: int, before_start: bool) -> Light:
    if met:
        return Light(Colour.GREEN, "测量达标" if left <= 0 else f"目前测量达标，期满前继续测量（距期限{left}天）")
    if left < 0:
        return Light(Colour.RED, f"逾期{-left}天，测量未达标")
    if before_start:
        return Light(Colour.GREY, "未开始")
    if left <= warn_days:
        return Light(Colour.YELLOW, f"距期限{left}天，测量未达标")
    return Light(Colour.GREY, f"测量未达标，距期限{left}天，未到预警期")
