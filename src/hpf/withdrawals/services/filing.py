"""一件申请摆在规则面前: our books, the facts gathered, and what was withdrawn before, here and elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from hpf.accounts import queries as accounts
from hpf.sharing import queries as sharing
from hpf.withdrawals import models
from hpf.withdrawals.queries import books
from hpf.withdrawals.queries.agreements import instalment_of
from hpf.withdrawals.queries.facts import CASE_KIND, found_of, gathered, spouse_of
from hpf.withdrawals.rules import Ground, Known, Prior
from hpf.withdrawals.rules.reading import Application as Filed

PROOF = "employer_proof"
"""Until 2026-09-19 the employer proves what the applicant asks for; said with the application (条例 第二十五条，2019年文本)."""


def filed(row: models.Application, keys: Iterable[str] = (), at: datetime | None = None) -> Filed:
    """The application as the rule takes it, on its day of acceptance. `keys` are evidence to be looked for in other centres too;
    `at` leaves out the answers that may not be used any more at that moment."""
    answers = sharing.answers(row.centre_id, CASE_KIND, case_no_of(row))
    facts = gathered(
        Ground(row.ground), centre_id=row.centre_id, on=row.accepted_on, own_ref=row.person_ref, said=json.loads(row.said), answers=answers,
        found=found_of(row.id), at=at,
    )  # fmt: skip
    spouse = spouse_of(answers, row.person_ref)
    kin = [ref for name in ("family_refs", "parents", "spouse_parents") for ref in _known(facts, name)]
    refs = [row.person_ref, *([spouse] if spouse else [])]
    priors = books.priors_here(row.centre_id, refs, row.person_ref, but=row.application_no)
    keys = tuple(keys)
    subjects = {books.subject_of(key) for key in keys}
    if row.ground == Ground.RENT:
        subjects |= {f"RENT_MONTH:{ref.upper()}" for ref in refs}
        keys += tuple(books.rent_key(ref, month) for ref in refs for month in _months(row))
    if subjects:
        priors += books.used_anywhere(
            subjects, keys, own=row.person_ref, spouse=spouse, family=kin, but=row.application_no, centre_id=row.centre_id
        )
    return Filed(_applicant(row, tuple(priors)), facts, row.asked_fen)


def is_agreed(row: models.Application) -> bool:
    """Whether the application is an instalment of a standing agreement."""
    return row.channel == "SYSTEM" and instalment_of(row.centre_id, row.application_no) is not None


def case_no_of(row: models.Application) -> str:
    """Under which number departments were asked: the agreement's for an instalment, for which the consent was given."""
    found = instalment_of(row.centre_id, row.application_no) if row.channel == "SYSTEM" else None
    return found[0] if found else row.application_no


def _applicant(row: models.Application, priors: tuple[Prior, ...]) -> books.Applicant:
    account = accounts.member_account_by_id(row.centre_id, row.member_account_id)
    return books.applicant(
        row.centre_id, account, row.person_ref, row.accepted_on, priors=priors, employer_proof=bool(json.loads(row.said).get(PROOF))
    )


def _known(facts: object, name: str) -> tuple[str, ...]:
    found = getattr(facts, name, None)
    return tuple(found.value or ()) if isinstance(found, Known) else ()


def _months(row: models.Application) -> list[books.Month]:
    asked = json.loads(row.said).get("asked_months") or [str(books.Month.of(row.accepted_on))]
    return [books.Month.parse(text) for text in asked]


def evidence_of(row: models.Application, named: Iterable[str]) -> tuple[str, ...]:
    """The keys a withdrawal uses up: those of the rule, and for rent always the person's own months beside the couple's."""
    keys = list(named)
    if row.ground == Ground.RENT:
        keys += [books.rent_key(row.person_ref, month) for month in _months(row)]
    return tuple(dict.fromkeys(keys))
