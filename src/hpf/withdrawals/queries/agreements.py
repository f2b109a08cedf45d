"""约定提取: one with its instalments, a person's, the counter's list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from hpf.db.paging import page_of
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.withdrawals import models
from hpf.withdrawals.rules import Ground, months_later
from hpf.withdrawals.rules.instalments import AgreementState, InstalmentState
from hpf.withdrawals.rules.states import State

REMIND_MONTHS = 1


@dataclass(frozen=True, slots=True)
class AgreementView:
    agreement_no: str
    ground: Ground
    state: AgreementState
    person_id: int
    account_no: str
    first: Month
    last: Month
    day: int
    amount: Money | None
    payee_name: str
    payee_tail: str
    consent_no: str
    spouse_consent_no: str
    channel: str
    signed_on: date
    signed_at: datetime
    signed_by_name: str
    ended_on: date | None
    ended_reason: str
    ended_by_name: str
    said: dict[str, Any]

    @property
    def is_running(self) -> bool:
        return self.state is AgreementState.SIGNED

    @property
    def expires_on(self) -> date:
        """The day of the last instalment."""
        return date(self.last.year, self.last.month, self.day)

    def ends_soon(self, on: date) -> bool:
        """到期提醒: within a month of the last instalment."""
        return self.is_running and months_later(on, REMIND_MONTHS) >= self.expires_on

    def next_due(self, on: date) -> date | None:
        """The day of the next instalment from `on`; None when there is none left."""
        if not self.is_running:
            return None
        month = max(self.first, Month.of(on) if on.day <= self.day else Month.of(on) + 1)
        return date(month.year, month.month, self.day) if month <= self.last else None


@dataclass(frozen=True, slots=True)
class InstalmentView:
    """One month: waiting with its reason, or the state of its application."""

    month: Month
    state: InstalmentState
    reason: str
    tried_on: date
    application_no: str
    application_state: State | None
    amount: Money | None
    paid_on: date | None
    outcome: str

    @property
    def text(self) -> str:
        return self.application_state.text if self.application_state else self.state.text


def agreement(centre_id: int, agreement_no: str) -> AgreementView | None:
    row = models.Agreement.objects.filter(centre_id=centre_id, agreement_no=agreement_no).first()
    return _view(row) if row else None


def agreements_of_person(centre_id: int, person_id: int, *, limit: int = 20) -> list[AgreementView]:
    """Newest first."""
    return [_view(row) for row in models.Agreement.objects.filter(centre_id=centre_id, person_id=person_id).order_by("-id")[:limit]]


def agreements_page(
    centre_id: int, *, state: str = "", ground: str = "", account_no: str = "", limit: int = 25, offset: int = 0
) -> tuple[list[AgreementView], int]:
    """A page of the counter's list, newest first, and how many there are."""
    rows: QuerySet[models.Agreement] = models.Agreement.objects.filter(centre_id=centre_id)
    for name, value in (("state", state), ("ground", ground), ("account_no", account_no)):
        if value:
            rows = rows.filter(**{name: value})
    shown, total = page_of(rows.order_by("-id"), limit, offset)
    return [_view(row) for row in shown], total


def instalments(centre_id: int, agreement_no: str) -> list[InstalmentView]:
    """Newest first; two queries."""
    rows = list(models.Instalment.objects.filter(centre_id=centre_id, agreement__agreement_no=agreement_no).order_by("-month"))
    found = {
        number: rest
        for number, *rest in models.Application.objects.filter(
            centre_id=centre_id, application_no__in=[row.application_no for row in rows if row.application_no]
        ).values_list("application_no", "state", "granted_fen", "paid_on", "outcome")
    }
    return [_instalment(row, found.get(row.application_no)) for row in rows]


def instalment_of(centre_id: int, application_no: str) -> tuple[str, Month] | None:
    """The agreement and the month whose application this is; None for an application of its own."""
    found = (
        models.Instalment.objects.filter(centre_id=centre_id, application_no=application_no)
        .exclude(application_no="")
        .values_list("agreement__agreement_no", "month")
        .first()
    )
    return (found[0], found[1]) if found else None


def running_of(centre_id: int, refs: Sequence[str], ground: Ground) -> list[tuple[str, str]]:
    """(agreement, person) of the running agreements of these people for a ground, oldest first."""
    rows = models.Agreement.objects.filter(centre_id=centre_id, person_ref__in=list(refs), ground=ground, state=AgreementState.SIGNED)
    return list(rows.order_by("id").values_list("agreement_no", "person_ref"))


def _view(row: models.Agreement) -> AgreementView:
    return AgreementView(
        row.agreement_no, Ground(row.ground), AgreementState(row.state), row.person_id, row.account_no, row.first_month, row.last_month, row.day,
        row.amount_fen, row.payee_name, row.payee_account[-4:], row.consent_no, row.spouse_consent_no, row.channel, row.signed_on, row.signed_at, row.signed_by_name,
        row.ended_on, row.ended_reason or "", row.ended_by_name, json.loads(row.said),
    )  # fmt: skip


def _instalment(row: models.Instalment, application: list[Any] | None) -> InstalmentView:
    state, amount, paid_on, outcome = application or (None, None, None, "")
    return InstalmentView(
        row.month, InstalmentState(row.state), row.reason, row.tried_on, row.application_no, State(state) if state else None, amount, paid_on,
        outcome,
    )  # fmt: skip
