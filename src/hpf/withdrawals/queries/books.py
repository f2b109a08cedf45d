"""本中心账簿所知: what our own books say of an applicant on a day, as the rules read it. Facts of others are not here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from hpf.accounts import queries as accounts
from hpf.accounts.rules.states import MemberState
from hpf.contributions import queries as contributions
from hpf.db.crypto import blind_index, decrypt
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.withdrawals.models import applications as models
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
    money: ledger.AccountView | None = None,
) -> Applicant:
    """The account's figures and its holder's marks on the day; a constant number of queries, one less with the account's money in hand."""
    return as_applicant(
        account,
        person_ref,
        parties.person(account.person_id),
        money or ledger.balance(account.ledger_account_id),
        accounts.employer_account_by_id(centre_id, account.employer_account_id).district,
        months_continuous(contributions.months_paid(centre_id, account.member_account_id, on), on),
        bans(account.person_id, on),
        priors,
        employer_proof,
    )


def as_applicant(
    account: accounts.MemberAccountView,
    person_ref: str,
    person: parties.PersonView,
    money: ledger.AccountView,
    district: str,
    months: int,
    running_bans: tuple[Ban, ...],
    priors: tuple[Prior, ...],
    employer_proof: bool,
) -> Applicant:
    """What our books say, as the rules read it."""
    return Applicant(
        person=person_ref,
        centre=account.centre_id,
        balance=money.balance,
        available=money.available,
        account_state=MemberState(account.state),
        account_kind=AccountKind(account.kind),
        district=district or None,
        months_continuous=months,
        month_amount=account.month_total,
        sealed_on=account.sealed_on,
        born_on=person.born_on,
        sex_kind={"M": "MALE", "F": "FEMALE"}.get(person.sex or "", ""),
        employer_proof=employer_proof,
        bans=running_bans,
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
    return bans_of([person_id], on).get(person_id, ())


def bans_of(person_ids: Sequence[int], on: date) -> dict[int, tuple[Ban, ...]]:
    """The same for many people; who has none is not in the answer."""
    kinds = {kind.value for kind in BanKind}
    return {
        person_id: tuple(
            Ban(BanKind(mark.kind), mark.source_no, mark.since, mark.until or date.max) for mark in marks if mark.kind in kinds
        )
        for person_id, marks in parties.flags("PERSON", person_ids, on).items()
        if any(mark.kind in kinds for mark in marks)
    }


def priors_here(centre_id: int, refs: Sequence[str], own: str, *, but: str = "") -> list[Prior]:
    """What these people withdrew in this centre, each with its evidence; `but` leaves one application out."""
    return by_whom(withdrawn_here(centre_id, refs, but=but), own)


def by_whom(withdrawn: Mapping[str, list[tuple[int, Prior]]], own: str) -> list[Prior]:
    """What was withdrawn, in its order, as seen from one of these people."""
    rows = sorted(((number, ref, prior) for ref, those in withdrawn.items() for number, prior in those), key=lambda row: row[0])
    return [replace(prior, by=By.SELF if ref == own else By.SPOUSE) for _, ref, prior in rows]


def withdrawn_here(centre_id: int, refs: Sequence[str], *, but: str = "") -> dict[str, list[tuple[int, Prior]]]:
    """{person: what she withdrew in this centre, each with its running number}, as her own; one query for any number of people."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT a.id, a.person_ref, a.ground, a.evidence, COALESCE(a.paid_on, a.accepted_on), a.granted_fen, i.id IS NOT NULL
               FROM withdrawals_application a LEFT JOIN withdrawals_instalment i ON i.application_no = a.application_no AND i.application_no <> ''
               WHERE a.centre_id = %s AND a.person_ref = ANY(%s) AND a.state = ANY(%s) AND a.application_no <> %s AND a.granted_fen IS NOT NULL
               ORDER BY a.id""",
            [centre_id, list(refs), [state.value for state in COUNTS], but],
        )
        rows = cursor.fetchall()
    found: dict[str, list[tuple[int, Prior]]] = {}
    for number, ref, ground, evidence, on, fen, is_agreed in rows:
        keys = tuple(json.loads(decrypt(evidence, models.EVIDENCE))) if evidence is not None else ()
        found.setdefault(ref, []).append((number, Prior(Ground(ground), keys, on, Money(fen), By.SELF, centre_id, is_agreed)))
    return found


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
    subjects = set(subjects)
    uses = uses_of(subjects)
    return priors_of([use for subject in sorted(subjects) for use in uses.get(subject, ())], keys, own, spouse, family, but, centre_id)


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a thing, as the nationwide index tells it to whoever names the thing."""

    thing: str
    digest: bytes
    centre: int
    application_no: str
    person_ref: str
    amount: Money
    on: date


def uses_of(subjects: Iterable[str]) -> dict[str, list[Use]]:
    """{thing: its uses in all centres}; one query for any number of things."""
    by_subject = {digest_of(subject): subject for subject in subjects}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, digest, centre_id, application_no, person_ref, amount_fen, used_on FROM hpf_evidence_used(%s::bytea[])",
            [list(by_subject)],
        )
        rows = cursor.fetchall()
    found: dict[str, list[Use]] = {}
    for subject, digest, centre, application_no, ref, fen, used_on in rows:
        thing = by_subject[bytes(subject)]
        found.setdefault(thing, []).append(Use(thing, bytes(digest), centre, application_no, ref, Money(fen), used_on))
    return found


def priors_of(
    uses: Iterable[Use], keys: Iterable[str], own: str, spouse: str | None, family: Iterable[str], but: str, centre_id: int
) -> list[Prior]:
    """Uses as seen from one applicant; `keys` are names under which they may be known."""
    uses = list(uses)
    by_key = {digest_of(key): key for key in keys} if uses else {}
    kin, found = set(family), []
    for use in uses:
        if use.application_no == but or (use.centre == centre_id and use.person_ref in (own, spouse)):
            continue
        by = (
            By.SELF
            if use.person_ref == own
            else By.SPOUSE
            if use.person_ref == spouse
            else By.FAMILY
            if use.person_ref in kin
            else By.OTHER
        )
        key = by_key.get(use.digest, f"{use.thing}:{use.person_ref.upper()}")
        found.append(Prior(_ground_of(use.thing), (key,), use.on, use.amount, by, use.centre))
    return found


_GROUNDS = {
    "RENT_MONTH": Ground.RENT, "HOUSE": Ground.PURCHASE, "LOAN_PERIOD": Ground.LOAN_REPAYMENT, "INVOICE": Ground.DECORATION, "LIFT": Ground.LIFT,
    "YEAR": Ground.OTHER_HOUSING, "CASE": Ground.ILLNESS, "PERSON": Ground.RETIREMENT,
}  # fmt: skip


def _ground_of(thing: str) -> Ground:
    return _GROUNDS[thing.partition(":")[0]]
