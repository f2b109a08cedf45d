"""催缴案件查询: the cases, their steps with the evidence, and which step comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hpf.contributions.rules.arrears import NextStep, UrgingEvidence, law_of_step, next_urging_step
from hpf.contributions.rules.states import UrgingState, UrgingStepKind
from hpf.db.arrays import array
from hpf.kernel.money import Money
from hpf.kernel.period import Month


@dataclass(frozen=True, slots=True)
class UrgingStepView:
    step_no: int
    kind: UrgingStepKind
    taken_on: date
    taken_by: str
    document_no: str
    delivered_on: date | None
    delivered_to: str
    answer_by: date | None
    note: str
    evidence_id: int | None

    @property
    def law(self) -> tuple[str, ...]:
        """The articles behind the step, of every edition."""
        return law_of_step(self.kind)


@dataclass(frozen=True, slots=True)
class UrgingView:
    urging_no: str
    employer_id: int
    employer_account_id: int
    employer_account_no: str
    first_month: Month
    last_month: Month
    owed: Money
    state: UrgingState
    opened_on: date
    opened_by: str
    closed_on: date | None
    outcome: str
    steps: tuple[UrgingStepView, ...]

    @property
    def last_step(self) -> UrgingStepView | None:
        return self.steps[-1] if self.steps else None

    @property
    def next_step(self) -> NextStep:
        """What may be done next by what is proven so far."""
        return next_urging_step([UrgingEvidence(step.kind, step.taken_on, step.delivered_on, step.answer_by) for step in self.steps])

    @property
    def answer_by(self) -> date | None:
        """Until when the unit was last told to pay; None when no step named a day."""
        return next((step.answer_by for step in reversed(self.steps) if step.answer_by), None)


def urging(centre_id: int, urging_no: str) -> UrgingView | None:
    """One case with every step and its evidence."""
    return next(iter(_views("centre_id = %s AND urging_no = %s", [centre_id, urging_no])), None)


def urgings(
    centre_id: int, *, employer_account_id: int | None = None, state: UrgingState | str | None = None, limit: int = 50, offset: int = 0
) -> list[UrgingView]:
    """Newest first; two queries."""
    where, values = _wanted(centre_id, employer_account_id, state)
    return _views(f"{where} ORDER BY id DESC LIMIT {int(limit)} OFFSET {int(offset)}", values)


def urging_count(centre_id: int, *, state: UrgingState | str | None = None) -> int:
    """How many cases there are in all."""
    where, values = _wanted(centre_id, None, state)
    return int(_rows(f"SELECT count(*) FROM contributions_urging WHERE {where}", values)[0][0])


def open_urgings(centre_id: int, employer_account_ids: Sequence[int]) -> dict[int, UrgingView]:
    """The open case of each of these units that has one; two queries."""
    views = _views(
        "centre_id = %s AND employer_account_id = ANY(%s::bigint[]) AND state = 'OPEN'", [centre_id, array(employer_account_ids)]
    )
    return {view.employer_account_id: view for view in views}


def _wanted(centre_id: int, employer_account_id: int | None, state: UrgingState | str | None) -> tuple[str, list[Any]]:
    where, values = "centre_id = %s", list[Any]([centre_id])
    if employer_account_id is not None:
        where, values = f"{where} AND employer_account_id = %s", [*values, employer_account_id]
    return (f"{where} AND state = %s", [*values, str(state)]) if state else (where, values)


def _views(where: str, values: Sequence[Any]) -> list[UrgingView]:
    """The cases of a centre, and their steps where there are cases."""
    cases = _rows(
        "SELECT id, urging_no, employer_id, employer_account_id, employer_account_no, first_month, last_month, owed_fen, state, opened_on,"
        f" opened_by, closed_on, outcome FROM contributions_urging WHERE {where}",
        values,
    )
    steps: dict[int, list[UrgingStepView]] = {case[0]: [] for case in cases}
    if cases:
        for urging_id, number, kind, *rest in _rows(
            "SELECT urging_id, step_no, kind, taken_on, taken_by, document_no, delivered_on, delivered_to, answer_by, note, evidence_id"
            " FROM contributions_urgingstep WHERE urging_id = ANY(%s::bigint[]) ORDER BY step_no",
            [array(steps)],
        ):
            steps[urging_id].append(UrgingStepView(number, UrgingStepKind(kind), *rest))
    return [
        UrgingView(
            *case[1:5], Month.from_index(case[5]), Month.from_index(case[6]), Money(case[7]), UrgingState(case[8]), *case[9:], tuple(steps[case[0]])
        )
        for case in cases
    ]  # fmt: skip


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
