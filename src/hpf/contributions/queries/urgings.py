"""催缴案件查询: the cases, their steps with the evidence, and which step comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from hpf.contributions.models import Urging, UrgingStep
from hpf.contributions.rules.arrears import NextStep, UrgingEvidence, law_of_step, next_urging_step
from hpf.contributions.rules.states import UrgingState, UrgingStepKind
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
    rows = list(Urging.objects.filter(centre_id=centre_id, urging_no=urging_no))
    return _views(rows)[0] if rows else None


def urgings(
    centre_id: int, *, employer_account_id: int | None = None, state: UrgingState | str | None = None, limit: int = 50, offset: int = 0
) -> list[UrgingView]:
    """Newest first; two queries."""
    rows = _found(centre_id, employer_account_id, state)
    return _views(list(rows.order_by("-id")[offset : offset + limit]))


def urging_count(centre_id: int, *, state: UrgingState | str | None = None) -> int:
    """How many cases there are in all."""
    return int(_found(centre_id, None, state).count())


def open_urgings(centre_id: int, employer_account_ids: Sequence[int]) -> dict[int, UrgingView]:
    """The open case of each of these units that has one; two queries."""
    rows = Urging.objects.filter(centre_id=centre_id, employer_account_id__in=list(employer_account_ids), state=UrgingState.OPEN)
    return {view.employer_account_id: view for view in _views(list(rows))}


def _found(centre_id: int, employer_account_id: int | None, state: UrgingState | str | None) -> QuerySet[Urging]:
    rows = Urging.objects.filter(centre_id=centre_id)
    if employer_account_id is not None:
        rows = rows.filter(employer_account_id=employer_account_id)
    return rows.filter(state=str(state)) if state else rows


def _views(rows: list[Urging]) -> list[UrgingView]:
    steps: dict[int, list[UrgingStepView]] = {row.id: [] for row in rows}
    for step in UrgingStep.objects.filter(urging_id__in=list(steps)).order_by("step_no"):
        steps[step.urging_id].append(
            UrgingStepView(
                step.step_no, UrgingStepKind(step.kind), step.taken_on, step.taken_by, step.document_no, step.delivered_on,
                step.delivered_to, step.answer_by, step.note, step.evidence_id,
            )
        )  # fmt: skip
    return [
        UrgingView(
            row.urging_no, row.employer_id, row.employer_account_id, row.employer_account_no, row.first_month, row.last_month, row.owed_fen,
            UrgingState(row.state), row.opened_on, row.opened_by, row.closed_on, row.outcome, tuple(steps[row.id]),
        )
        for row in rows
    ]  # fmt: skip
