"""欠缴情况: the months the unit owes, and what the centre asked of it, until when, by which article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from hpf.contributions import queries as contributions
from hpf.contributions.rules.states import UrgingState
from hpf.web.employer.unit import own_unit
from hpf.web.law import LawText, law_in_force
from hpf.web.page import centre_id, needs, page


@dataclass(frozen=True, slots=True)
class Demand:
    """The last step of the open case: what is asked, how many days are left, and what comes when they are over."""

    step: contributions.UrgingStepView
    days: int | None
    following: str
    law: list[LawText]

    @property
    def late(self) -> bool:
        return self.days is not None and self.days < 0


@require_GET
@needs("page.employer")
def arrears(request: HttpRequest) -> HttpResponse:
    """欠缴情况."""
    unit, centre = own_unit(request), centre_id(request)
    cases = contributions.urgings(centre, employer_account_id=unit.account.employer_account_id)
    return page(
        request, "hpf/employer/arrears.html", unit=unit, owed=contributions.owed_of(unit.account, unit.employer.payday, unit.on),
        cases=cases, demand=demand_of(cases, unit.on), business_on=unit.on,
    )  # fmt: skip


def demand_of(cases: list[contributions.UrgingView], on: date) -> Demand | None:
    """What the unit is asked for now: the newest step that named a day, else the newest step, of the open case."""
    running = next((case for case in cases if case.state == UrgingState.OPEN and case.steps), None)
    if running is None:
        return None
    step = next((step for step in reversed(running.steps) if step.answer_by), running.steps[-1])
    days = (step.answer_by - on).days if step.answer_by else None
    following = "、".join(kind.label for kind in running.next_step.kinds)
    return Demand(step, days, following, law_in_force(step.law, step.taken_on))
