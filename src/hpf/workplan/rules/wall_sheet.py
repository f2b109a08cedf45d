"""大屏表: the wall as one sheet of paper, tasks down and centres across."""

from __future__ import annotations

from dataclasses import dataclass

from hpf.workplan.rules.lights import Colour


@dataclass(frozen=True, slots=True)
class WallCell:
    """One light, with the few signs that stand in it: 逾12天, 3/12."""

    colour: Colour
    text: str = ""


@dataclass(frozen=True, slots=True)
class WallRow:
    """One task; a cell is None where the task is not for that centre."""

    part: str
    task_no: int
    title: str
    deadline: str
    cells: tuple[WallCell | None, ...]


@dataclass(frozen=True, slots=True)
class WallSheet:
    title: str
    centres: tuple[str, ...]
    rows: tuple[WallRow, ...]

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.centres) for row in self.rows):
            raise ValueError("a row of the wall has another number of centres than its head")
