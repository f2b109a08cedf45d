"""台账行: one occurrence as a line of the ledger's own spreadsheet; its headings are those that an import reads back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.workplan.rules.lights import Colour


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """As it is printed: codes are words already. `late_days` is zero unless the light is red."""

    task_no: int
    anchor: str
    part: str
    title: str
    demand: str
    deadline_text: str
    centre: str
    period: str
    measure_text: str
    section: str
    person: str
    due_on: date
    first_due_on: date
    state: str
    colour: Colour
    late_days: int
    words: str
    reported_on: date | None
    decided_on: date | None
    returns: int
    opinion: str
    value: str
    evidence: int
