"""日终步骤的登记: a command of the close writes itself down in its own transaction, and with it the stories that ran before it.

A story that is safe to repeat needs no row of its own at once: killed before the next command, it simply runs again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hpf.db.command import command, step
from hpf.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class StepDone:
    """What a step did. `state` DONE or RED; a RED step is tried again at the next run."""

    step: str
    state: str
    figures: dict[str, Any]

    @property
    def is_red(self) -> bool:
        return self.state == "RED"


@dataclass(frozen=True, slots=True)
class Recorded:
    steps: int


@step
def write(centre_id: int, business_on: date, steps: Sequence[StepDone], by: Actor, at: datetime) -> None:
    """Write the outcome of steps, in order, in one statement; a later try of a step replaces it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO closing_step (centre_id, business_on, step, state, figures, attempts, done_by, done_at)
               SELECT %s, %s, u.step, u.state, u.figures::jsonb, 1, %s, %s
               FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS u(step, state, figures, place) ORDER BY u.place
               ON CONFLICT ON CONSTRAINT closing_step_once DO UPDATE SET state = excluded.state, figures = excluded.figures,
                   attempts = closing_step.attempts + 1, done_by = excluded.done_by, done_at = excluded.done_at""",
            [centre_id, business_on, by.user_id, at, [done.step for done in steps], [done.state for done in steps],
             [json.dumps(done.figures, ensure_ascii=False) for done in steps]],
        )  # fmt: skip


@command("closing.close_day")
def record_steps(*, by: Actor, centre_id: int, business_on: date, steps: tuple[StepDone, ...], at: datetime, key: str) -> Recorded:
    """Write down steps that ended before a command of the close could take them along."""
    write(centre_id, business_on, steps, by, at)
    return Recorded(len(steps))
