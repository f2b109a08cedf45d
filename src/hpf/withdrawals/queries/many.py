"""许多期一起: what the rule needs of many agreements on a day, by a number of queries that does not grow with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hpf.accounts import queries as accounts
from hpf.contributions import queries as contributions
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.sharing import queries as sharing
from hpf.withdrawals import models
from hpf.withdrawals.queries import books
from hpf.withdrawals.queries.facts import CASE_KIND, gathered, spouse_of
from hpf.withdrawals.rules import Agreement, Applicant, EvidenceKind, Facts, Ground, Known, Prior, as_instalment
from hpf.withdrawals.rules.states import State

PROOF = "employer_proof"


@dataclass(frozen=True, slots=True)
class Given:
    """One instalment before the rule. `underway` is an application of the same ground that has not ended, with its state."""

    row: models.Agreement
    month: Month
    agreement: Agreement
    applicant: Applicant
    facts: Facts
    answers: Sequence[sharing.AnswerView]
    spouse: str
    district: str
    is_open: bool
    underway: tuple[str, State] | None


def as_agreement(row: models.Agreement) -> Agreement:
    """The row as the rules read it."""
    return Agreement(Ground(row.ground), row.first_month, row.last_month, row.day, row.amount_fen, row.ended_on)


def said_of(row: models.Agreement, month: Month) -> dict[str, object]:
    """What was stated at the signing, with what the agreement says of this month: the statement of the instalment's application."""
    said: dict[str, object] = dict(json.loads(row.said))
    if row.ground == Ground.RENT:
        return said | {"asked_months": [str(month)]}
    return said | {"repayment_use": "DUE", "due_month": str(month)}


def gather(centre_id: int, due: Sequence[tuple[models.Agreement, Month]], on: date) -> dict[int, Given]:
    """{agreement id: its instalment as the rule takes it}. Ten queries for any number of agreements."""
    rows = [row for row, _ in due]
    views = accounts.member_accounts(centre_id, [row.member_account_id for row in rows])
    units = accounts.employer_accounts_by_id(centre_id, sorted({view.employer_account_id for view in views.values()}))
    money = ledger.balances([row.ledger_account_id for row in rows])
    people = parties.persons([row.person_id for row in rows])
    bans = books.bans_of([row.person_id for row in rows], on)
    paid = contributions.months_paid_by(centre_id, [row.member_account_id for row in rows], on)
    answers = sharing.answers_of_cases(centre_id, CASE_KIND, [row.agreement_no for row in rows])
    underway = _underway(centre_id, rows)
    facts: dict[int, Facts] = {}
    spouses: dict[int, str] = {}
    for row, month in due:
        found = answers.get(row.agreement_no, [])
        spouses[row.id] = spouse_of(found, row.person_ref) or ""
        known = gathered(
            Ground(row.ground), centre_id=centre_id, on=on, own_ref=row.person_ref, said=json.loads(row.said), answers=found, found={}
        )
        facts[row.id] = as_instalment(known, month, on)
    withdrawn = books.withdrawn_here(centre_id, [*{row.person_ref for row in rows}, *{ref for ref in spouses.values() if ref}])
    uses = books.uses_of({thing for row in rows for thing in _things(row, facts[row.id], spouses[row.id])})
    gathered_here: dict[int, Given] = {}
    for row, month in due:
        view, spouse = views[row.member_account_id], spouses[row.id]
        district = units[view.employer_account_id].district
        applicant = books.as_applicant(
            view, row.person_ref, people[row.person_id], money[row.ledger_account_id], district,
            books.months_continuous(paid.get(row.member_account_id, ()), on), bans.get(row.person_id, ()),
            _priors(row, month, facts[row.id], spouse, withdrawn, uses), bool(json.loads(row.said).get(PROOF)),
        )  # fmt: skip
        gathered_here[row.id] = Given(
            row, month, as_agreement(row), applicant, facts[row.id], answers.get(row.agreement_no, []), spouse, district, view.is_open,
            underway.get((row.member_account_id, row.ground)),
        )  # fmt: skip
    return gathered_here


def _underway(centre_id: int, rows: Iterable[models.Agreement]) -> dict[tuple[int, str], tuple[str, State]]:
    found = models.Application.objects.filter(
        centre_id=centre_id, member_account_id__in=[row.member_account_id for row in rows], state__in=[s.value for s in State if s.is_open]
    ).values_list("member_account_id", "ground", "application_no", "state")
    return {(account, ground): (number, State(state)) for account, ground, number, state in found}


def _things(row: models.Agreement, facts: Facts, spouse: str) -> list[str]:
    """What to look for in other centres: the rent months of the household, or the loan."""
    if row.ground == Ground.RENT:
        refs = [row.person_ref, *([spouse, _couple(row, spouse)] if spouse else [])]
        return [f"{EvidenceKind.RENT_MONTH.value}:{ref.upper()}" for ref in refs]
    loan = getattr(facts, "loan_no", None)
    return [f"{EvidenceKind.LOAN_PERIOD.value}:{str(loan.value).strip().upper()}"] if isinstance(loan, Known) and loan.value else []


def _couple(row: models.Agreement, spouse: str) -> str:
    return "+".join(sorted((row.person_ref, spouse)))


def _priors(
    row: models.Agreement,
    month: Month,
    facts: Facts,
    spouse: str,
    withdrawn: Mapping[str, list[tuple[int, Prior]]],
    uses: Mapping[str, list[books.Use]],
) -> tuple[Prior, ...]:
    here = {ref: withdrawn.get(ref, []) for ref in (row.person_ref, *([spouse] if spouse else []))}
    things = _things(row, facts, spouse)
    keys = [f"{thing}:{month}" for thing in things] if row.ground == Ground.RENT else []
    if row.ground != Ground.RENT:
        keys = [f"{thing}:DUE-{month}:{row.person_ref.upper()}" for thing in things]
    elsewhere = [use for thing in things for use in uses.get(thing, ())]
    return (
        *books.by_whom(here, row.person_ref),
        *books.priors_of(elsewhere, keys, row.person_ref, spouse or None, (), "", row.centre_id),
    )
