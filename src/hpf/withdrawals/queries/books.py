"""本中心账簿所知: what our own books say of an applicant on a day, as the rules read it. Facts of others are not here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection

from hpf.accounts import queries as accounts
from hpf.accounts.rules.states import MemberState
from hpf.contributions import queries as contributions
from hpf.db.crypto import blind_index
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.withdrawals import models
from hpf.withdrawals.rules import AccountKind, Applicant, Ban, BanKind, By, EvidenceKind, Ground, Prior
from hpf.withdrawals.rules.states import COUNTS

RECENT = 2
"""A month paid so many months ago still is the running one: the last month is often not due yet."""


def applicant(
    centre_id: int,
    account: accounts.MemberAccountView,
    person_ref: str,
    on: date,
    *,
    priors: tuple[Prior, ...],
    employer_proof: bool = False,
) -> Applicant:
    """The account's figures and its holder's marks on the day; a constant number of queries."""
    person = parties.person(account.person_id)
    money = ledger.balance(account.ledger_account_id)
    unit = accounts.employer_account_by_id(centre_id, account.employer_account_id)
    return Applicant(
        person=person_ref,
        centre=centre_id,
        balance=money.balance,
        available=money.available,
        account_state=MemberState(account.state),
        account_kind=AccountKind(account.kind),
        district=unit.district or None,
        months_continuous=months_continuous(contributions.months_paid(centre_id, account.member_account_id, on), on),
        month_amount=account.month_total,
        sealed_on=account.sealed_on,
        born_on=person.born_on,
        sex_kind={"M": "MALE", "F": "FEMALE"}.get(person.sex or "", ""),
        employer_proof=employer_proof,
        bans=bans(account.person_id, on),
        priors=priors,
    )


def months_continuous(paid: Sequence[Month], on: date) -> int:
    """Full months paid without a gap up to now; none when the last one is older than the running months."""
    if not paid or Month.of(on).index - paid[-1].index > RECENT:
        return 0
    count = 1
    for later, earlier in zip(reversed(paid), list(reversed(paid))[1:], strict=False):
        if later.index - earlier.index != 1:
            break
        count += 1
    return count


def bans(person_id: int, on: date) -> tuple[Ban, ...]:
    """限制提取 in force on the day: marks on the person, wherever they were brought from."""
    kinds = {kind.value for kind in BanKind}
    marks = parties.flags("PERSON", [person_id], on).get(person_id, [])
    return tuple(Ban(BanKind(mark.kind), mark.source_no, mark.since, mark.until or date.max) for mark in marks if mark.kind in kinds)


def priors_here(centre_id: int, refs: Sequence[str], own: str, *, but: str = "") -> list[Prior]:
    """What these people withdrew in this centre, each with its evidence; `but` leaves one application out."""
    rows = models.Application.objects.filter(centre_id=centre_id, person_ref__in=refs, state__in=COUNTS).exclude(application_no=but)
    return [
        Prior(
            Ground(row.ground),
            tuple(json.loads(row.evidence or "[]")),
            row.paid_on or row.accepted_on,
            row.granted_fen,
            By.SELF if row.person_ref == own else By.SPOUSE,
            centre_id,
        )
        for row in rows.order_by("id")
        if row.granted_fen is not None
    ]


def rent_key(person_ref: str, month: Month) -> str:
    """The key of one person's rent month; every rent withdrawal uses it up, whichever way the centre counts."""
    return f"{EvidenceKind.RENT_MONTH.value}:{person_ref.upper()}:{month}"


def subject_of(key: str) -> str:
    """What a key is about, without who used it: HOUSE:62010200123."""
    return ":".join(key.split(":")[:2])


def digest_of(key: str) -> bytes:
    return blind_index("withdrawals.evidence", key)


def used_anywhere(
    subjects: Iterable[str], keys: Iterable[str], *, own: str, spouse: str | None, family: Iterable[str], but: str, centre_id: int
) -> list[Prior]:
    """What was used up in other centres of the things named; our own centre's is in `priors_here` unless a stranger's."""
    by_subject = {digest_of(subject): subject for subject in subjects}
    by_key = {digest_of(key): key for key in keys}
    kin = set(family)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, digest, centre_id, application_no, person_ref, amount_fen, used_on FROM hpf_evidence_used(%s::bytea[])",
            [list(by_subject)],
        )
        rows = cursor.fetchall()
    found = []
    for subject, digest, centre, application_no, ref, fen, used_on in rows:
        thing = by_subject[bytes(subject)]
        if application_no == but or (centre == centre_id and ref in (own, spouse)):
            continue
        by = By.SELF if ref == own else By.SPOUSE if ref == spouse else By.FAMILY if ref in kin else By.OTHER
        key = by_key.get(bytes(digest), f"{thing}:{ref.upper()}")
        found.append(Prior(_ground_of(thing), (key,), used_on, Money(fen), by, centre))
    return found


_GROUNDS = {
    "RENT_MONTH": Ground.RENT, "HOUSE": Ground.PURCHASE, "LOAN_PERIOD": Ground.LOAN_REPAYMENT, "INVOICE": Ground.DECORATION, "LIFT": Ground.LIFT,
    "YEAR": Ground.OTHER_HOUSING, "CASE": Ground.ILLNESS, "PERSON": Ground.RETIREMENT,
}  # fmt: skip


def _ground_of(thing: str) -> Ground:
    return _GROUNDS[thing.partition(":")[0]]
