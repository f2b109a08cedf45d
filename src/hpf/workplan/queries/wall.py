"""台账墙: tasks by centres in four colours, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hpf.workplan.queries.source import SHADE, rows
from hpf.workplan.rules.lights import Colour

CENTRES = tuple(range(1, 17))
LETTERS = {"R": Colour.RED, "Y": Colour.YELLOW, "G": Colour.GREEN, "-": Colour.GREY, " ": Colour.GREY}
"""How a row writes its cells; a blank is a centre the task is not for."""


@dataclass(slots=True)
class WallRow:
    """One task. `lights` has one letter for each centre of the wall: R, Y, G, - (grey), blank (not for this centre).

    Not frozen: two hundred of these are made for each look at the wall, four times as fast.
    """

    task_id: int
    task_no: int
    title: str
    anchor: str
    part: str
    part_heading: str
    deadline_text: str
    lights: str

    def colours(self) -> tuple[Colour | None, ...]:
        """The cells; None where the task is not for the centre."""
        return tuple(None if letter == " " else LETTERS[letter] for letter in self.lights)

    def count(self, letter: str) -> int:
        return self.lights.count(letter)


@dataclass(frozen=True, slots=True)
class Wall:
    plan_id: int
    on: date
    centres: tuple[int, ...]
    rows: tuple[WallRow, ...]

    def count(self, letter: str) -> int:
        """How many cells have this letter."""
        return sum(row.count(letter) for row in self.rows)

    def of_centre(self, centre_id: int, letter: str) -> int:
        at = self.centres.index(centre_id)
        return sum(row.lights[at] == letter for row in self.rows)


_WALL = f"""WITH line AS MATERIALIZED (
        SELECT o.task_id, bit_or({SHADE} << o.centre_id * 4 - 4) AS cells
        FROM workplan_occurrence{{v}} o WHERE o.plan_id = %(plan)s AND o.state <> 'WITHDRAWN' {{some}} GROUP BY o.task_id)
    SELECT t.id, t.task_no, t.title, t.anchor, t.part, t.part_heading, t.deadline_text, line.cells
    FROM line JOIN workplan_task{{v}} t ON t.id = line.task_id
    WHERE t.plan_id = %(plan)s AND t.state = 'ACTIVE' AND (%(part)s = '' OR t.part = %(part)s) ORDER BY t.task_no"""
"""All of a plan's occurrences are read once, whatever the tables' statistics say: a young plan has none."""
_SOME = "AND o.centre_id = ANY(%(centres)s)"
"""Of the columns asked for; left out where all are, for it takes longer than reading what it would keep."""
_WORST = " -GGYYYYRRRRRRRR"
"""The letter of the lights of one cell's occurrences together: four bits, red 8, yellow 4, green 2, grey 1."""


def wall(plan_id: int, on: date, centre_ids: tuple[int, ...] | None = None, *, centre_id: int | None = None, part: str = "") -> Wall:
    """Every active task of a plan with its lights on a day: one query. Several occurrences of a cell show their worst.

    `centre_ids` chooses columns (None: all sixteen); `centre_id` reads in that centre's own scope instead of the province's.
    """
    columns = (centre_id,) if centre_id is not None else tuple(centre_ids) if centre_ids is not None else CENTRES
    shifts = [(centre - 1) * 4 for centre in columns]
    given: dict[str, Any] = {"plan": plan_id, "on": on, "part": part}
    every = set(columns) >= set(CENTRES)
    if not every:
        given["centres"] = list(columns)
    known: dict[int, str] = {}
    lines = []
    for *told, cells in rows(_WALL.replace("{some}", "" if every else _SOME), given, centre_id):
        if cells not in known:
            known[cells] = "".join([_WORST[cells >> shift & 15] for shift in shifts])
        lines.append(WallRow(*told, known[cells]))
    return Wall(plan_id, on, columns, tuple(lines))
