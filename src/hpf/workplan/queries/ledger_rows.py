"""导出台账: every line of the ledger that a page's filters leave, for the spreadsheet."""

from __future__ import annotations

from datetime import date
from typing import Final

from hpf.parties import queries as parties
from hpf.workplan.queries.source import rows
from hpf.workplan.queries.tasks import Wanted, occurrence_lines
from hpf.workplan.rules.ledger_row import LedgerRow
from hpf.workplan.rules.lights import Colour
from hpf.workplan.rules.report import figure, part_text, period_text

MOST: Final = 20_000
"""More lines than a plan of 200 tasks, monthly ones among them, has in sixteen centres."""

_TEXTS = """SELECT a.id, a.measure_text, t.demand, t.deadline_text FROM workplan_assignment{v} a JOIN workplan_task{v} t ON t.id = a.task_id
    WHERE %(plan)s::bigint IS NULL OR a.plan_id = %(plan)s"""


def ledger_rows(wanted: Wanted, on: date, *, centre_id: int | None) -> tuple[LedgerRow, ...]:
    """The filters of `occurrence_page`, all lines instead of a page; two statements."""
    names = {each.centre_id: each.short_name for each in parties.centres()}
    texts = {row[0]: row[1:] for row in rows(_TEXTS, {"plan": wanted.plan_id}, centre_id)}
    found = occurrence_lines(wanted, on, centre_id=centre_id, limit=MOST)
    lines = []
    for each in sorted(found, key=lambda one: (one.task_no, one.centre_id, one.due_on)):
        measure_text, demand, deadline_text = texts.get(each.assignment_id, ("", "", ""))
        lines.append(
            LedgerRow(
                each.task_no, each.anchor, part_text(each.part, each.part_heading), each.title, demand,
                deadline_text, names.get(each.centre_id, ""), period_text(each.period) or each.period, measure_text, each.section,
                each.person_name, each.due_on, each.first_due_on, each.state.label, each.colour,
                (on - each.due_on).days if each.colour is Colour.RED else 0, each.words, each.reported_on,
                each.decided_on if each.decided_by else None, each.returns, each.opinion,
                figure(each.value) if each.is_measured else "", each.evidence,
            )
        )  # fmt: skip
    return tuple(lines)
