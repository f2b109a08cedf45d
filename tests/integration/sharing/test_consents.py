"""授权: given with its scope and end, seen, taken back once; never somebody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hpf.sharing.rules import CATALOGUE
from tests.support.people import fresh

from .conftest import LANZHOU, RENT, World, now


def test_a_consent_is_given_seen_and_taken_back(world: World) -> None:
    from hpf.sharing import queries as sharing

    person = world.person()
    number = world.consent(person, ("CIVIL.marriage", "TITLES.title"), case_no="TQ-1")
    with world.fund.scope():
        (view,) = sharing.consents(LANZHOU, person)
    assert (view.consent_no, view.purpose, view.case_no, view.state(now())) == (number, RENT, "TQ-1", "IN_FORCE")
    assert view.scope_text() == ["民政·婚姻登记", "不动产登记·不动产权"]
    assert view.state(view.ends_at) == "ENDED"
    done = world.withdraw(number, person_id=person)
    assert done.value.consent_no == number
    with world.fund.scope():
        assert sharing.consent(LANZHOU, number).state(now()) == "WITHDRAWN"
    again = world.withdraw(number)
    assert [reason.code for reason in again.reasons] == ["CONSENT_WITHDRAWN"]


def test_nobody_takes_back_anothers_consent(world: World) -> None:
    from hpf.sharing import queries as sharing

    person, other = world.person(), world.person()
    number = world.consent(person)
    refused = world.withdraw(number, person_id=other)
    assert [reason.code for reason in refused.reasons] == ["CONSENT_UNKNOWN"]
    with world.fund.scope():
        assert sharing.consent(LANZHOU, number).withdrawn_at is None


def test_the_same_key_gives_one_consent(world: World) -> None:
    from hpf.sharing import queries as sharing
    from hpf.sharing.services import give_consent

    person, at = world.person(), now()
    given = {
        "by": world.by,
        "centre_id": LANZHOU,
        "person_id": person,
        "scope": ("CIVIL.marriage",),
        "purpose": RENT,
        "ends_at": at + timedelta(days=1),
        "at": at,
    }
    key = fresh("once")
    assert give_consent(**given, key=key) == give_consent(**given, key=key)
    with world.fund.scope():
        assert len(sharing.consents(LANZHOU, person)) == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"scope": ()}, "CONSENT_SCOPE_WRONG"),
        ({"scope": ("CIVIL.everything",)}, "CONSENT_SCOPE_WRONG"),
        ({"scope": ("months_paid",)}, "CONSENT_SCOPE_WRONG"),
        ({"purpose": "  "}, "CONSENT_PURPOSE_MISSING"),
        ({"recipient": "nobody"}, "RECIPIENT_UNKNOWN"),
        ({"person_id": None, "person_ref": "620102199003070018"}, "CONSENT_OF_NOBODY"),
    ],
)
def test_what_is_no_consent_is_not_recorded(world: World, wrong: dict[str, object], code: str) -> None:
    from hpf.sharing.models import Consent
    from hpf.sharing.services import give_consent

    at = now()
    given = {"person_id": world.person(), "scope": ("CIVIL.marriage",), "purpose": RENT, "ends_at": at + timedelta(days=1), **wrong}
    with world.fund.scope():
        before = Consent.objects.count()
    refused = give_consent(by=world.by, centre_id=LANZHOU, at=at, key=fresh("wrong"), **given)
    assert [reason.code for reason in refused.reasons] == [code]
    with world.fund.scope():
        assert Consent.objects.count() == before


def test_a_spouse_known_only_from_an_answer_may_consent_too(world: World) -> None:
    person = world.person()
    stranger = world.departments.control.person("RESIDENT_ID", "622923198512311281", homes_in_place=1)
    world.departments.control.marry(world.ref(person), stranger)
    (mine,) = world.ask(world.question("CIVIL", "marriage", person, world.consent(person)))
    assert mine.fields["spouse_ref"] == stranger
    number = world.consent(None, tuple(CATALOGUE)[:8], person_ref=stranger)
    (homes,) = world.ask(world.question("TITLES", "homes_of_person_in_place", None, number, subject=stranger))
    assert (homes.fields, homes.person_id) == ({"homes_in_place": 1}, None)
