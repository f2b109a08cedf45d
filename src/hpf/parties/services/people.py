"""个人信息登记与变更."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hpf.db.command import command, step
from hpf.db.crypto import blind_index, encrypt_all
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.parties.models import BANK_CARD, ID_NUMBER, ID_ORIGINAL, PHONE, Person
from hpf.parties.queries import blind_of
from hpf.parties.rules import (
    IdentityCheck,
    check_bank_card,
    check_identity,
    check_name,
    check_phone,
    mask_name,
    normalised_name,
    pinyin_initials,
    pinyin_key,
    plain,
)
from hpf.parties.services.history import record_changes


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person as written on a form or a list. `born_on` and `sex` are needed only when the document lacks them."""

    name: str
    id_kind: str
    id_number: str
    phone: str = ""
    born_on: date | None = None
    sex: str | None = None
    nationality: str = "CHN"
    bank_card: str = ""
    bank_name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one person of a list: an id, or the reasons why not. `created` is False when known before."""

    person_id: int | None
    created: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    person_id: int
    created: bool


@dataclass(frozen=True, slots=True)
class RegisteredPersons:
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class PersonChange:
    """Fields to change; None leaves one as it is."""

    name: str | None = None
    phone: str | None = None
    bank_card: str | None = None
    bank_name: str | None = None
    nationality: str | None = None
    id_kind: str | None = None
    id_number: str | None = None


@command("parties.register_person")
def register_person(*, by: Actor, centre_id: int, person: NewPerson, on: date, key: str) -> Decision[RegisteredPerson]:
    """登记个人信息. A person known by this document is given back, not written again."""
    (entry,) = enter_persons(centre_id, [person], on)
    if entry.person_id is None:
        return Decision.refused(entry.reasons)
    return Decision.approved(RegisteredPerson(entry.person_id, entry.created))


@command("parties.register_person")
def register_persons(*, by: Actor, centre_id: int, people: Sequence[NewPerson], on: date, key: str) -> RegisteredPersons:
    """登记个人信息 of many people, line by line; two statements whatever their number."""
    return RegisteredPersons(tuple(enter_persons(centre_id, people, on)))


@step
def enter_persons(centre_id: int, people: Sequence[NewPerson], on: date) -> list[Entry]:
    """Write those that are new, find those that are known; one answer for each, in order. Two statements.

    Refuses  a wrong document, name, phone or card; a document already registered under another name
    Again    the document is unique in the centre, so a repeat finds what the first wrote
    """
    checked = [check_identity(person.id_kind, person.id_number, on) for person in people]
    reasons = [_reasons(person, check) for person, check in zip(people, checked, strict=True)]
    blinds = [blind_of(check) for check in checked]
    good: dict[tuple[str, bytes | None], tuple[NewPerson, IdentityCheck]] = {}
    for person, check, found, blind in zip(people, checked, reasons, blinds, strict=True):
        if not found:
            good.setdefault((check.kind, blind), (person, check))
    created = _insert(centre_id, list(good.values()), on)
    known = _known(centre_id, [identity for identity in good if identity not in created])
    entries = []
    for person, check, found, blind in zip(people, checked, reasons, blinds, strict=True):
        identity = (check.kind, blind)
        if found:
            entries.append(Entry(None, False, found))
        elif identity in created:
            entries.append(_entry(created[identity], normalised_name(good[identity][0].name), person, created=True))
        else:
            entries.append(_entry(*known[identity], person, created=False))
    return entries


def _entry(person_id: int, registered_name: str, person: NewPerson, created: bool) -> Entry:
    name = normalised_name(person.name)
    if registered_name == name:
        return Entry(person_id, created)
    return Entry(None, False, (Reason(
        "ID_OF_ANOTHER_NAME",
        f"该证件号码已登记为“{mask_name(registered_name)}”，与本次姓名“{name}”不一致，请核对证件；确系改名的先办理个人信息变更",
        ("条例/13",),
    ),))  # fmt: skip


def _reasons(person: NewPerson, check: IdentityCheck) -> tuple[Reason, ...]:
    found = check_name(person.name)
    if not check.valid:
        found.append(Reason("ID_WRONG", check.reason, ("条例/13",)))
    return (*found, *check_phone(person.phone), *check_bank_card(person.bank_card))


_INSERT = """
    INSERT INTO parties_person (centre_id, name, name_pinyin, name_initials, id_kind, id_number, id_blind, id_original, sex,
                                born_on, nationality, phone, phone_blind, bank_card, bank_name, registered_on)
    SELECT %s, u.*, %s::date FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[], %s::bytea[],
           %s::text[], %s::date[], %s::text[], %s::bytea[], %s::bytea[], %s::bytea[], %s::text[]) AS u
    ON CONFLICT (centre_id, id_kind, id_blind) DO NOTHING RETURNING id, id_kind, id_blind"""


def _insert(centre_id: int, people: list[tuple[NewPerson, IdentityCheck]], on: date) -> dict[tuple[str, bytes | None], int]:
    """Those that were not there before: {(kind, blind index): id}. Rows go in by blind index, so that two lists never deadlock."""
    if not people:
        return {}
    people = sorted(people, key=lambda pair: blind_of(pair[1]) or b"")
    names = [normalised_name(person.name) for person, _ in people]
    pinyin = [pinyin_key(name) for name in names]
    phones = [plain(person.phone) for person, _ in people]
    columns: list[list[Any]] = [
        names,
        pinyin,
        [pinyin_initials(key) for key in pinyin],
        [str(check.kind) for _, check in people],
        encrypt_all([check.normalised for _, check in people], ID_NUMBER),
        [blind_of(check) for _, check in people],
        encrypt_all([check.original for _, check in people], ID_ORIGINAL),
        [check.sex or person.sex for person, check in people],
        [check.born_on or person.born_on for person, check in people],
        [person.nationality for person, _ in people],
        encrypt_all(phones, PHONE),
        [blind_index("phone", phone) if phone else None for phone in phones],
        encrypt_all([plain(person.bank_card) for person, _ in people], BANK_CARD),
        [person.bank_name for person, _ in people],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [centre_id, on, *columns])
        return {(kind, bytes(blind)): person_id for person_id, kind, blind in cursor.fetchall()}


def _known(centre_id: int, identities: list[tuple[str, bytes | None]]) -> dict[tuple[str, bytes | None], tuple[int, str]]:
    if not identities:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id_kind, id_blind, id, name FROM parties_person WHERE centre_id = %s"
            " AND (id_kind, id_blind) IN (SELECT * FROM unnest(%s::text[], %s::bytea[]))",
            [centre_id, [str(kind) for kind, _ in identities], [blind for _, blind in identities]],
        )
        return {(kind, bytes(blind)): (person_id, name) for kind, blind, person_id, name in cursor.fetchall()}


@command("parties.change_person")
def change_person(
    *, by: Actor, centre_id: int, person_id: int, change: PersonChange, reason: str, on: date, at: datetime, key: str
) -> Decision[RegisteredPerson]:
    """个人信息变更: each changed field is kept with its former value, sealed.

    A new document (renewed passport, 15 to 18 digits, old to new residence card) keeps the person and the account.

    Locks    the person's row
    Refuses  a wrong value; a document that belongs to another person of the centre (路由到合户); no reason given
    """
    person = Person.objects.select_for_update().filter(centre_id=centre_id, id=person_id).first()
    if person is None:
        return Decision.refused([Reason("NO_SUCH_PERSON", "本中心没有这个人，请先登记个人信息")])
    wanted = NewPerson(
        name=person.name if change.name is None else change.name,
        id_kind=person.id_kind if change.id_kind is None else change.id_kind,
        id_number=person.id_number if change.id_number is None else change.id_number,
        phone=(person.phone or "") if change.phone is None else change.phone,
        bank_card=(person.bank_card or "") if change.bank_card is None else change.bank_card,
    )
    check = check_identity(wanted.id_kind, wanted.id_number, on)
    refusals = list(_reasons(wanted, check))
    if not reason.strip():
        refusals.append(Reason("REASON_MISSING", "变更个人信息须填写变更原因，请补充"))
    blind = blind_of(check)
    if blind and Person.objects.filter(centre_id=centre_id, id_kind=check.kind, id_blind=blind).exclude(id=person_id).exists():
        refusals.append(Reason(
            "ID_OF_ANOTHER_PERSON", "该证件号码在本中心已登记为另一人；如系同一人，请办理合户，不能直接变更证件", ("条例/13",)
        ))  # fmt: skip
    if refusals:
        return Decision.refused(refusals)
    _write_change(person, wanted, change, check, blind, by=by, at=at, reason=reason)
    return Decision.approved(RegisteredPerson(person_id, False))


def _write_change(
    person: Person,
    wanted: NewPerson,
    change: PersonChange,
    check: IdentityCheck,
    blind: bytes | None,
    *,
    by: Actor,
    at: datetime,
    reason: str,
) -> None:
    name, phone, card = normalised_name(wanted.name), plain(wanted.phone), plain(wanted.bank_card)
    after: dict[str, str | None] = {
        "name": name, "id_kind": str(check.kind), "id_number": check.normalised, "phone": phone or None,
        "bank_card": card or None, "bank_name": person.bank_name if change.bank_name is None else change.bank_name,
        "nationality": person.nationality if change.nationality is None else change.nationality,
    }  # fmt: skip
    changed = {
        field: (getattr(person, field), value) for field, value in after.items() if (getattr(person, field) or None) != (value or None)
    }
    if not changed:
        return
    if "id_number" in changed or "id_kind" in changed:
        _move_registry(person, check, blind)
        person.id_blind, person.id_original = blind, check.original or None
        person.sex, person.born_on = check.sex or person.sex, check.born_on or person.born_on
    for field in changed:
        setattr(person, field, after[field])
    person.name_pinyin = pinyin_key(name)
    person.name_initials = pinyin_initials(person.name_pinyin)
    person.phone_blind = blind_index("phone", phone) if phone else None
    person.save()
    record_changes(person.centre_id, "PERSON", person.id, changed, by=by, at=at, reason=reason)


def _move_registry(person: Person, check: IdentityCheck, blind: bytes | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE parties_registry SET id_kind = %s, id_blind = %s WHERE centre_id = %s AND id_kind = %s AND id_blind = %s",
            [str(check.kind), blind, person.centre_id, person.id_kind, bytes(person.id_blind)],
        )
