"""不外泄: planted marker values of a person appear in no log, no error, no message to a department, no stored plain text."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from tests.support.people import fresh

from .conftest import LANZHOU, World, now

NAME, PHONE, CARD, MARK = "泄密探针", "13987654321", "6228480999888777664", "机密证号7788"
FAULTS = (
    "silent",
    "wrong_signature",
    "broken",
    "twice_different",
    "missing_field",
    "chatty",
    "stale",
    "refuse",
    "server_error",
    "cut_middle",
)


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_nothing_personal_is_logged_or_said(world: World, caplog: pytest.LogCaptureFixture, fault: str) -> None:
    from hpf.parties.services import PersonChange, change_person
    from hpf.sharing import queries

    caplog.set_level(logging.DEBUG)
    person = world.person(NAME, case_no=MARK, minimum_income=True)
    number = world.number(person)
    change = PersonChange(phone=PHONE, bank_card=CARD)
    done = change_person(
        by=world.by, centre_id=LANZHOU, person_id=person, change=change, reason="补登", on=world.fund.on, at=now(), key=fresh("change")
    )
    assert done.is_approved, done.reasons
    world.departments.control.set_faults(**{fault: {"probability": 1, "seconds": 2}})
    consent = world.consent(person, ("CIVIL.minimum_income", "CIVIL.children"))
    views = world.ask(
        world.question("CIVIL", "minimum_income", person, consent), world.question("CIVIL", "children", person, consent), deadline_seconds=1
    )
    with world.fund.scope():
        lines = queries.who_asked(LANZHOU, person)
    said = [view.reason + view.code for view in views] + [json.dumps([str(line) for line in lines], ensure_ascii=False)]
    sent = json.dumps(world.departments.control.seen(), ensure_ascii=False)
    for secret in (NAME, number, number[6:14], PHONE, CARD, MARK):
        assert secret not in caplog.text
        assert not any(secret in text for text in said)
        assert secret not in sent
    assert not any(MARK in repr(command) for command in _commands(world))


def _commands(world: World) -> list[Any]:
    from django.db import connection

    with world.fund.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT answer::text, key FROM db_command WHERE command LIKE 'sharing.%'")
        return list(cursor.fetchall())
