"""我能提取什么: every ground for one member today, from our own books and from what departments have said lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from hpf.accounts import queries as accounts
from hpf.ledger import queries as ledger
from hpf.policy import queries as policy
from hpf.sharing import queries as sharing
from hpf.withdrawals.queries import books
from hpf.withdrawals.queries.cases import ApplicationLine, applications_of_person
from hpf.withdrawals.queries.facts import CASE_KIND, gathered
from hpf.withdrawals.rules import Fact, Ground, Known, sheets
from hpf.withdrawals.rules.facts_of_housing import RentFacts
from hpf.withdrawals.rules.offering import OF_THE_PERSON, Option, what_may_i_withdraw
from hpf.withdrawals.rules.reading import STATEMENT

LATELY = 4
"""So many of the last applications are looked through for answers that may still be used."""


def what_may_be_withdrawn(
    centre_id: int,
    account: accounts.MemberAccountView,
    on: date,
    *,
    money: ledger.AccountView | None = None,
    applications: Sequence[ApplicationLine] | None = None,
) -> tuple[Option, ...]:
    """Every ground with its amount, its reasons, or what is still to be asked. Nobody is asked anything here.

    Rent is worked out for a home on the market, as the form begins with. A reader that has the account's money or the person's
    applications in hand gives them along.
    """
    if applications is None:
        applications = applications_of_person(centre_id, account.person_id, limit=LATELY)
    reference = sharing.reference_of(account.person_id)
    priors = books.priors_here(centre_id, [reference], reference)
    applicant = books.applicant(centre_id, account, reference, on, priors=tuple(priors), money=money)
    known = known_lately(centre_id, applications[:LATELY], reference, on)
    own = {name: value for name, value in known.items() if name in {sheet.name for sheet in sheets(RentFacts)}}
    rent = RentFacts(**own, rental_kind=Known("MARKET", STATEMENT, on))
    return what_may_i_withdraw(applicant, policy.book(centre_id, on), on, known, {Ground.RENT: rent})


def known_lately(centre_id: int, lately: Sequence[ApplicationLine], reference: str, on: date) -> Mapping[str, Fact[Any]]:
    """Facts of the person out of the answers to the last applications, as long as they are good."""
    found: dict[str, Fact[Any]] = {}
    told = sharing.answers_of_cases(centre_id, CASE_KIND, [each.application_no for each in lately]) if lately else {}
    for application in lately:
        answers = told.get(application.application_no, [])
        if not any(view.status == "ANSWERED" and (view.good_until is None or view.good_until >= on) for view in answers):
            continue
        facts = gathered(application.ground, centre_id=centre_id, on=on, own_ref=reference, said={}, answers=answers, found={})
        for field in fields(facts):
            value = getattr(facts, field.name)
            if field.name in OF_THE_PERSON and isinstance(value, Known) and (value.good_until is None or value.good_until >= on):
                found.setdefault(field.name, value)
    return found
