"""取得事实: ask the departments for what the rule wants to know, and for nothing else. A story: no transaction over the wire.

The rule is run on what is known; what it read and did not find is asked for, all at once; then again, because some facts
are wanted only when others turn out so (the spouse's homes of who is married). Whom our own books refuse nobody is asked about.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hpf.accounts import queries as accounts
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Outcome
from hpf.policy import queries as policy
from hpf.sharing import queries as sharing
from hpf.sharing import services as sharing_services
from hpf.sharing.gateways.exchange import Exchange
from hpf.sharing.rules import CATALOGUE, Ask
from hpf.withdrawals import models
from hpf.withdrawals.queries.facts import CASE_KIND, OF_HEIR, OF_HOUSEHOLD, OF_SPOUSE, PURPOSE, field_of, spent, spouse_of
from hpf.withdrawals.rules import FactSheet, Finding, Ground, Known, Unknown, examine, sheets
from hpf.withdrawals.rules.catalogue import RULES
from hpf.withdrawals.rules.reading import Application as Filed
from hpf.withdrawals.services.filing import case_no_of, filed, is_agreed

ROUNDS = 4
BY_LAW = "条例/25"


@dataclass(frozen=True, slots=True)
class Gathered:
    """How many questions went out in how many rounds, and how many were answered."""

    asked: int
    answered: int
    rounds: int


def gather_facts(*, by: Actor, centre_id: int, application_no: str, at: datetime, key: str, exchange: Exchange | None = None) -> Gathered:
    """取得一件申请所需的事实. Safe to run again: with another key it asks anew, with the same one only what is still open."""
    asked = answered = 0
    for number in range(ROUNDS):
        with centre_scope(centre_id):
            row = models.Application.objects.get(centre_id=centre_id, application_no=application_no)
            asks = _wanted(row, at)
        if not asks:
            return Gathered(asked, answered, number)
        more = {} if exchange is None else {"exchange": exchange}
        views = sharing_services.ask_all(by=by, centre_id=centre_id, questions=asks, at=at, key=f"{key}:{number}", **more)
        asked, answered = asked + len(views), answered + sum(view.status == "ANSWERED" for view in views)
    return Gathered(asked, answered, ROUNDS)


def _wanted(row: models.Application, at: datetime) -> tuple[Ask, ...]:
    """The questions of the next round: services behind the facts that the rule read and did not find.

    What was answered is not asked again; what was not may be, in a run of a later moment.
    """
    case = filed(row, at=at)
    finding = look(row, case)
    answers = sharing.answers(row.centre_id, CASE_KIND, case_no_of(row))
    district = accounts.employer_account_by_id(
        row.centre_id, accounts.member_account_by_id(row.centre_id, row.member_account_id).employer_account_id
    ).district
    return questions(row, case_no_of(row), case, finding, answers, district, at)


def questions(
    row: models.Application | models.Agreement,
    case_no: str,
    case: Filed,
    finding: Finding,
    answers: Sequence[sharing.AnswerView],
    district: str,
    at: datetime,
) -> tuple[Ask, ...]:
    """What to ask for so that the rule can go on: of the application, or of an agreement. An answer out of date is asked for again, and
    at a later moment one that contradicts another."""
    if finding.decision.outcome is Outcome.REFUSED:
        return ()
    ground = Ground(row.ground)
    just = {(f"{view.department}.{view.service}", view.subject) for view in answers if view.asked_at >= at}
    before = just | {
        (f"{view.department}.{view.service}", view.subject)
        for view in answers
        if view.status == "ANSWERED" and (view.good_until is None or view.good_until >= finding.on) and not spent(view, at)
    }
    spouse = spouse_of(answers, row.person_ref)
    by_name = {sheet.name: sheet for sheet in sheets(RULES[ground].facts)}
    groups: dict[tuple[str, str], list[str]] = {}
    for used in finding.facts:
        sheet = by_name.get(used.name)
        if sheet is None or not sheet.asked_of or not _lacks(getattr(case.facts, used.name), finding.on):
            continue
        known = just if _contradicts(getattr(case.facts, used.name)) else before
        for subject in _subjects(sheet, row.person_ref, spouse, json.loads(row.said)):
            if (sheet.asked_of, subject) not in known:
                groups.setdefault((sheet.asked_of, subject), []).append(field_of(sheet))
    for (service, subject), fields in groups.items():
        fields += [name for name in _same_answer(ground, service, subject != row.person_ref) if name not in fields]
    said = json.loads(row.said)
    terms = {**{name: value for name, value in said.items() if isinstance(value, str)}, "place": district}
    if ground is Ground.DEATH:
        terms["relative"] = row.person_ref
    return tuple(_ask(row, case_no, service, subject, fields, terms, finding.on) for (service, subject), fields in groups.items())


def look(row: models.Application, case: Filed) -> Finding:
    """The rule on what is known so far, as of the day of acceptance."""
    book = policy.book(row.centre_id, row.accepted_on)
    return examine(Ground(row.ground), case.applicant, case.facts, book, row.accepted_on, case.asked, is_agreed=is_agreed(row))


def _lacks(fact: object, on: date) -> bool:
    return isinstance(fact, Unknown) or (isinstance(fact, Known) and fact.good_until is not None and fact.good_until < on)


def _contradicts(fact: object) -> bool:
    return isinstance(fact, Unknown) and fact.contradicts


def _subjects(sheet: FactSheet, own: str, spouse: str | None, said: Mapping[str, Any]) -> Iterable[str]:
    if sheet.name in OF_HEIR:
        return [said["applicant_ref"]] if said.get("applicant_ref") else []
    if sheet.name in OF_SPOUSE:
        return [spouse] if spouse else []
    return [own, *([spouse] if spouse and sheet.name in OF_HOUSEHOLD else [])]


def _same_answer(ground: Ground, service: str, of_spouse: bool) -> list[str]:
    """Other facts of the ground that the same answer holds: asked for in one question rather than two."""
    return [
        field_of(sheet)
        for sheet in sheets(RULES[ground].facts)
        if sheet.asked_of == service and (sheet.name in OF_SPOUSE) == of_spouse and sheet.name not in OF_HOUSEHOLD
    ]


def _ask(
    row: models.Application | models.Agreement, case_no: str, service: str, subject: str, fields: list[str], terms: dict[str, str], on: date
) -> Ask:
    offered = CATALOGUE[service]
    department, _, code = service.partition(".")
    own = subject == row.person_ref
    consent = row.consent_no if own or row.ground == Ground.DEATH else row.spouse_consent_no
    return Ask(
        case_kind=CASE_KIND, case_no=case_no, department=department, service=code, purpose=PURPOSE,
        person_id=row.person_id if own else None, subject="" if own else subject,
        consent_no="" if offered.by_law else consent, article=BY_LAW if offered.by_law else "", fields=tuple(fields),
        terms=tuple((name, terms[name]) for name in (*offered.terms, *offered.optional) if terms.get(name)), on=on,
    )  # fmt: skip
