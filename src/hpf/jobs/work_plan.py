"""一天开门时的台账: when a centre's day is opened, its measured tasks are measured and its people are reminded.

Both are safe to repeat: the key is the day, and a notice of a kind is written once for a date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.kernel.actor import Actor
from hpf.workplan import services as workplan
from hpf.workplan.services import Measured, Reminded


@dataclass(frozen=True, slots=True)
class Morning:
    measured: Measured
    reminded: Reminded


def open_morning(centre_id: int, on: date, at: datetime) -> Morning:
    """Measure first, so that nobody is reminded of a target that is met."""
    measured = measure(centre_id, on, at)
    return Morning(measured, remind(centre_id, on, at))


def measure(centre_id: int, on: date, at: datetime) -> Measured:
    return workplan.measure_all(by=Actor.system(centre_id, "台账"), centre_id=centre_id, on=on, at=at, key=f"workplan:measure:{on}")


def remind(centre_id: int, on: date, at: datetime) -> Reminded:
    return workplan.remind(by=Actor.system(centre_id, "台账"), centre_id=centre_id, on=on, at=at, key=f"workplan:remind:{on}")
