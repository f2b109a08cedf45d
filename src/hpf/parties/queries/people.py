"""个人信息: reads, masked. `full_identity` alone gives it whole, and only the unmask story calls that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hpf.db.crypto import blind_index, decrypt
from hpf.parties.models import BANK_CARD, ID_NUMBER, ID_ORIGINAL, PHONE
from hpf.parties.queries.missing import NotFound
from hpf.parties.rules import (
    IdentityCheck,
    check_identity,
    mask_card,
    mask_id,
    mask_phone,
    may_be_one_person,
    normalised_name,
    plain,
    recognise_identity,
)


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person, masked. `sex` is M or F, None when the document does not say and nobody was asked."""

    person_id: int
    centre_id: int
    name: str
    name_pinyin: str
    id_kind: str
    id_masked: str
    id_blind: bytes
    phone_masked: str
    bank_card_masked: str
    bank_name: str
    sex: str | None
    born_on: date | None
    nationality: str
    registered_on: date


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person as a list names her: nothing of telephone and card, which would have to be deciphered."""

    person_id: int
    name: str
    name_pinyin: str
    id_kind: str
    id_masked: str
    id_blind: bytes


@dataclass(frozen=True, slots=True)
class FullIdentity:
    """Personal data in full. `original` is the 15-digit form when the number was converted."""

    person_id: int
    name: str
    id_kind: str
    id_number: str
    original: str
    phone: str
    bank_card: str


_PERSON = """SELECT id, centre_id, name, name_pinyin, id_kind, id_number, id_blind, phone, bank_card, bank_name, sex, born_on,
                    nationality, registered_on FROM parties_person """


def person(person_id: int) -> PersonView:
    found = _person_views(_PERSON + "WHERE id = %s", [person_id])
    if not found:
        raise NotFound("本中心没有这个人")
    return found[0]


def persons(person_ids: Sequence[int]) -> dict[int, PersonView]:
    """Many people in one query, masked."""
    return {view.person_id: view for view in _person_views(_PERSON + "WHERE id = ANY(%s)", [list(person_ids)])}


def person_lines(person_ids: Sequence[int]) -> dict[int, PersonLine]:
    """Many people for a list, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, name_pinyin, id_kind, id_number, id_blind FROM parties_person WHERE id = ANY(%s)", [list(person_ids)]
        )
        rows = cursor.fetchall()
    return {row[0]: PersonLine(*row[:4], mask_id(decrypt(row[4], ID_NUMBER)), bytes(row[5])) for row in rows}


def find_person(centre_id: int, id_kind: str, id_number: str) -> PersonView | None:
    """The person of this centre with this document, None when there is none or the number cannot be right."""
    return persons_by_ids(centre_id, [(id_kind, id_number)]).get((id_kind, id_number))


def persons_by_ids(centre_id: int, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], PersonView]:
    """{(kind, number as given): person} in one statement. Numbers may be written in any form, 15 digits too."""
    asked = {pair: blind_of(check_identity(*pair)) for pair in pairs}
    kinds = [pair[0] for pair, blind in asked.items() if blind]
    blinds = [blind for blind in asked.values() if blind]
    found = {
        (view.id_kind, view.id_blind): view
        for view in _person_views(
            _PERSON + "WHERE centre_id = %s AND (id_kind, id_blind) IN (SELECT * FROM unnest(%s::text[], %s::bytea[]))",
            [centre_id, kinds, blinds],
        )
    }
    answers = {pair: found.get((pair[0], blind)) for pair, blind in asked.items() if blind}
    return {pair: view for pair, view in answers.items() if view is not None}


def search(centre_id: int, text: str, limit: int = 20) -> list[PersonView]:
    """People by document number or phone (exactly), by name, pinyin or initials (from the beginning)."""
    typed = plain(text)
    if not typed:
        return []
    where, values = _search_condition(text, typed)
    return _person_views(f"{_PERSON} WHERE centre_id = %s AND ({where}) ORDER BY name_pinyin, id LIMIT %s", [centre_id, *values, limit])


def _search_condition(text: str, typed: str) -> tuple[str, list[Any]]:
    blinds: list[bytes] = []
    if len(typed) == 11 and typed.isdigit():
        blinds.append(blind_index("phone", typed))
    check = recognise_identity(typed)
    if check.valid:
        blinds.append(blind_index("id:" + check.kind, check.normalised))
    if blinds:
        return "phone_blind = ANY(%s) OR id_blind = ANY(%s)", [blinds, blinds]
    if typed.isascii():
        lower = _like(" ".join(text.lower().split()))
        return "name_pinyin LIKE %s OR name_initials LIKE %s", [lower, _like(typed.lower())]
    return "name LIKE %s", [_like(normalised_name(text))]


def _like(prefix: str) -> str:
    return prefix.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"


def blind_of(check: IdentityCheck) -> bytes | None:
    """The blind index of a checked document, None when it is not valid."""
    return blind_index("id:" + check.kind, check.normalised) if check.valid else None


def elsewhere(centre_id: int, id_kind: str, id_number: str) -> list[int]:
    """Other centres where this document has an open account. Says only where."""
    blind = blind_of(check_identity(id_kind, id_number))
    return elsewhere_of(centre_id, [(id_kind, blind)]).get((id_kind, blind), []) if blind else []


def elsewhere_of(centre_id: int, blinds: Sequence[tuple[str, bytes]]) -> dict[tuple[str, bytes], list[int]]:
    """The same for many documents, by blind index, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id_kind, id_blind, array_agg(centre_id ORDER BY centre_id) FROM parties_registry"
            " WHERE centre_id <> %s AND (id_blind, id_kind) IN (SELECT * FROM unnest(%s::bytea[], %s::text[])) GROUP BY 1, 2",
            [centre_id, [blind for _, blind in blinds], [kind for kind, _ in blinds]],
        )
        return {(kind, bytes(blind)): list(centre_ids) for kind, blind, centre_ids in cursor.fetchall()}


def possible_same_persons(centre_id: int, person_ids: Sequence[int]) -> dict[int, list[PersonView]]:
    """People with the same name and birth date under another document that one person may hold beside it.

    A new and an old card of a foreigner, a residence permit and a passport: a clerk decides whether it is one person.
    """
    views = _person_views(
        _PERSON + "WHERE centre_id = %s AND id_kind <> 'RESIDENT_ID' AND (name, born_on) IN"
        " (SELECT name, born_on FROM parties_person WHERE id = ANY(%s) AND id_kind <> 'RESIDENT_ID')",
        [centre_id, list(person_ids)],
    )
    by_id = {view.person_id: view for view in views}
    return {
        asked: [
            other
            for other in views
            if other.person_id != asked
            and (other.name, other.born_on) == (by_id[asked].name, by_id[asked].born_on)
            and may_be_one_person(by_id[asked].id_kind, other.id_kind)
        ]
        for asked in person_ids
        if asked in by_id
    }


def full_identity(person_id: int) -> FullIdentity:
    """Everything in full. Call `services.unmask` instead, which asks for a purpose and leaves its trace."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, id_kind, id_number, id_original, phone, bank_card FROM parties_person WHERE id = %s", [person_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("本中心没有这个人")
    name, kind, number, original, phone, card = row
    return FullIdentity(
        person_id, name, kind, decrypt(number, ID_NUMBER), _opened(original, ID_ORIGINAL), _opened(phone, PHONE), _opened(card, BANK_CARD)
    )


def _person_views(sql: str, values: Sequence[Any]) -> list[PersonView]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return [
        PersonView(
            row[0], row[1], row[2], row[3], row[4], mask_id(decrypt(row[5], ID_NUMBER)), bytes(row[6]),
            mask_phone(_opened(row[7], PHONE)), mask_card(_opened(row[8], BANK_CARD)), *row[9:],
        )
        for row in rows
    ]  # fmt: skip


def _opened(sealed: Any, context: str) -> str:
    return "" if sealed is None else decrypt(sealed, context)
