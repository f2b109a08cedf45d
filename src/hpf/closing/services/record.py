"""日终步骤的登记: a step is written down in the transaction of its work, or right after a story that is safe to repeat."""

from __future__ import annotations

import json
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


@step
def write(centre_id: int, business_on: date, done: StepDone, by: Actor, at: datetime) -> StepDone:
    """Write a step's outcome; a later try of a RED step replaces it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO closing_step (centre_id, business_on, step, state, figures, attempts, done_by, done_at)
               VALUES (%s, %s, %s, %s, %s, 1, %s, %s)
               ON CONFLICT ON CONSTRAINT closing_step_once DO UPDATE SET state = excluded.state, figures = excluded.figures,
                   attempts = closing_step.attempts + 1, done_by = excluded.done_by, done_at = excluded.done_at""",
            [centre_id, business_on, done.step, done.state, json.dumps(done.figures, ensure_ascii=False), by.user_id, at],
        )
    return done


@command("closing.close_day")
def record_step(
    *, by: Actor, centre_id: int, business_on: date, step_code: str, state: str, figures: dict[str, Any], at: datetime, key: str
) -> StepDone:
    """Write down a step whose work other modules' commands have done already."""
    return write(centre_id, business_on, StepDone(step_code, state, figures), by, at)
