"""Whose pages these are: the operator's own unit, and nothing of any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest

from hpf.accounts import queries as accounts
from hpf.contributions import queries as contributions
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.page import centre_id


@dataclass(frozen=True, slots=True)
class Unit:
    """The operator's unit with its account, on the centre's open day."""

    employer: parties.EmployerView
    account: accounts.EmployerAccountView
    on: date

    @property
    def account_no(self) -> str:
        return self.account.account_no


def own_unit(request: HttpRequest) -> Unit:
    """The unit of the signed-in operator. Without an account there is nothing to show."""
    centre = centre_id(request)
    employer_id = request.visit.employer_id  # type: ignore[attr-defined]
    account = accounts.employer_account_of(centre, employer_id) if employer_id else None
    if account is None:
        raise Http404
    return Unit(parties.employer(centre, employer_id), account, ledger.business_day(centre))


def own_list(request: HttpRequest, remittance_no: str) -> tuple[Unit, contributions.RemittanceView]:
    """A list of the operator's unit; another unit's list is not found."""
    unit = own_unit(request)
    found = contributions.remittance(centre_id(request), remittance_no)
    if found is None or found.employer_account_id != unit.account.employer_account_id:
        raise Http404
    return unit, found


def own_person(request: HttpRequest, account_no: str) -> tuple[Unit, accounts.MemberAccountView]:
    """A member account of the operator's unit; another unit's person is not found."""
    unit = own_unit(request)
    try:
        member = accounts.member_account(centre_id(request), account_no)
    except accounts.NoSuchAccount:
        raise Http404 from None
    if member.employer_account_id != unit.account.employer_account_id:
        raise Http404
    return unit, member
