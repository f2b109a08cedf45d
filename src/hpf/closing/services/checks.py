"""核对: the balances of a day are compared and kept, by the close or because somebody asks in the middle of the day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.closing.queries.balance import balance_check
from hpf.closing.rules.balance import PLACES_SHOWN, BalanceCheck
from hpf.db.command import command, step
from hpf.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Checked:
    """How many balances were compared, and how many of them differ."""

    checks: int
    red: int

    @property
    def message(self) -> str:
        return f"{self.checks}项核对，全部相符" if not self.red else f"{self.checks}项核对中{self.red}项不符，请查看差异之处"


@step
def keep_checks(centre_id: int, business_on: date, checks: Sequence[BalanceCheck], by: Actor, at: datetime) -> None:
    """Replace what is kept of the day's balances, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO closing_daycheck (centre_id, business_on, line_no, check_id, title, left_fen, right_fen, places, differing, compared_by, compared_at)
               SELECT %s, %s, u.* , %s, %s FROM unnest(%s::smallint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::jsonb[], %s::int[]) u
               ON CONFLICT ON CONSTRAINT closing_daycheck_once DO UPDATE SET check_id = excluded.check_id, title = excluded.title, left_fen = excluded.left_fen,
                   right_fen = excluded.right_fen, places = excluded.places, differing = excluded.differing,
                   compared_by = excluded.compared_by, compared_at = excluded.compared_at""",
            [centre_id, business_on, by.name, at, list(range(1, len(checks) + 1)), [c.check_id for c in checks], [c.title for c in checks], [c.left.fen for c in checks],
             [c.right.fen for c in checks], [_places(c) for c in checks], [len(c.where) for c in checks]],
        )  # fmt: skip


def _places(check: BalanceCheck) -> str:
    return json.dumps([[p.kind, p.reference, p.left.fen, p.right.fen] for p in check.where[:PLACES_SHOWN]], ensure_ascii=False)


@command("closing.check_day")
def check_day(*, by: Actor, centre_id: int, business_on: date, at: datetime, key: str) -> Checked:
    """Compare the books of a day as they stand now and keep the outcome; nothing is posted, nothing closed.

    Reads the centre's accounts once: at a large centre some seconds, so that pages leave it to the worker.
    Again    the stored outcome; ask under a new key to compare anew
    """
    checks = balance_check(centre_id, business_on)
    keep_checks(centre_id, business_on, checks, by, at)
    return Checked(len(checks), sum(not check.ok for check in checks))
