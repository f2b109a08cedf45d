"""开通网上业务: who stands at the counter with her document gets a slip with a code, and sets a password herself."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from hpf.access import queries as access
from hpf.access.rules import ACTIVATION_TRIES, ACTIVATION_VALID
from hpf.access.services import open_online
from hpf.parties import queries as parties
from hpf.web.counter.person import member_of
from hpf.web.counter.unit import unit_of
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what reads alike on paper: 0 O, 1 I L."""
LENGTH = 8


@require_POST
@needs("access.open_online")
def member_online(request: HttpRequest, account_no: str) -> HttpResponse:
    """A member's code. Her login is her identity number."""
    member = member_of(request, account_no)
    person, code = parties.full_identity(member.person_id), _code()
    decision = open_online(
        by=actor(request), centre_id=centre_id(request), login=access.member_login(person.id_number), name=person.name, audience="MEMBER",
        person_id=member.person_id, secret=code, at=now(), key=form_key(request),
    )  # fmt: skip
    if decision.value is None:
        tell(request, decision, "")
        return redirect("web:counter_person", account_no=account_no)
    masked = parties.person(member.person_id).id_masked
    return _slip(request, "member", person.name, "证件号码", masked, code, reverse("web:counter_person", args=[account_no]))


@require_POST
@needs("access.open_online")
def unit_online(request: HttpRequest, account_no: str) -> HttpResponse:
    """The code of a unit's operator. The login is the unit's account number."""
    account, centre = unit_of(request, account_no), centre_id(request)
    employer, code = parties.employer(centre, account.employer_id), _code()
    decision = open_online(
        by=actor(request), centre_id=centre, login=account_no, name=employer.operator_name or employer.name[:60], audience="EMPLOYER",
        employer_id=account.employer_id, secret=code, at=now(), key=form_key(request),
    )  # fmt: skip
    if decision.value is None:
        tell(request, decision, "")
        return redirect("web:unit", account_no=account_no)
    return _slip(request, "employer", employer.name, "登录名（单位账号）", account_no, code, reverse("web:unit", args=[account_no]))


def _code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def _slip(request: HttpRequest, gate: str, name: str, label: str, login: str, code: str, back: str) -> HttpResponse:
    """The slip to hand over, shown this once."""
    shown = page(
        request, "hpf/counter/online.html", name=name, label=label, login=login, code=f"{code[:4]} {code[4:]}", back=back,
        until=now() + ACTIVATION_VALID, tries=ACTIVATION_TRIES,
        address=request.build_absolute_uri(f"{reverse('web:activate')}?as={gate}"),
    )  # fmt: skip
    shown["Cache-Control"] = "no-store"
    return shown
