"""模拟部门: a process of its own whose answers hang together, whoever is asked and in whatever order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.departments.control import ControlRefused, RunningDepartments, start
from demo.departments.people import rows_of_province
from demo.province.province import DEMO_SCALE, DEMO_SEED
from hpf.sharing.gateways import wire
from hpf.sharing.gateways.exchange import Exchange
from hpf.sharing.rules import CATALOGUE, Department, Fact, GroundKind, Question, Status, contradictions

KEY = b"k"
ON = date(2026, 10, 9)
PLACE = "620102"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDepartments]:
    begun = time.monotonic()
    departments = start(seed=3, key="k")
    assert time.monotonic() - begun < 5
    departments.control.people(rows_of_province(DEMO_SEED, DEMO_SCALE))
    yield departments
    departments.kill()


@pytest.fixture
def departments(running: RunningDepartments) -> Iterator[RunningDepartments]:
    yield running
    running.control.no_faults()


@pytest.fixture(scope="module")
def refs() -> list[str]:
    return [wire.person_reference(KEY, row["id_kind"], row["id_number"]) for row in rows_of_province(DEMO_SEED, DEMO_SCALE)]


def question(department: str, service: str, ref: str, **terms: str) -> Question:
    at = datetime.now(UTC)
    offered = CATALOGUE[f"{department}.{service}"]
    return Question(
        f"CX{time.monotonic_ns()}", Department(department), service, ref, "WITHDRAWAL", "TQ1", "办理提取", GroundKind.LAW, "条例/24", offered.fields,
        ON, at, at + timedelta(seconds=2), tuple(terms.items()),
    )  # fmt: skip


def ask(running: RunningDepartments, department: str, service: str, ref: str, **terms: str) -> Any:
    asked = question(department, service, ref, **terms)
    return Exchange(running.url, KEY, "HPF01").ask_one(asked, asked.asked_at)


def test_every_service_of_the_catalogue_is_answered(departments: RunningDepartments, refs: list[str]) -> None:
    for service in CATALOGUE.values():
        said = {"place": PLACE, "since": "2026-01-01"}
        terms = {name: said.get(name, "X1") for name in service.terms}
        subject = "91620100MA0000001X" if service.about_unit else refs[0]
        heard = ask(departments, service.department, service.code, subject, **terms)
        assert heard.answer.status is Status.ANSWERED, (service.name, heard.answer.reason)
        assert set(heard.answer.fields) == set(service.fields)


def test_what_the_departments_say_about_a_family_hangs_together(departments: RunningDepartments, refs: list[str]) -> None:
    control, married, owners, tenants = departments.control, 0, 0, 0
    asked = (("CIVIL", "marriage"), ("CIVIL", "children"), ("TITLES", "title"), ("HOUSING", "contract"), ("HOUSING", "rental_filing"),
             ("HR", "retirement"), ("HR", "social_insurance"), ("CREDIT", "loan"), ("POLICE", "death"))  # fmt: skip
    for ref in refs[:60]:
        spouse = control.family(ref, ON)["spouse"]
        facts = [
            Fact(f"{department}.{service}:{person}", department, person, name, value)
            for person in filter(None, (ref, spouse))
            for department, service in asked
            for name, value in control.answer(department, service, person, ON).items()
        ]
        assert contradictions(facts) == ()
        own = {fact.name: fact.value for fact in facts if fact.subject == ref}
        if spouse:
            married += 1
            theirs = {fact.name: fact.value for fact in facts if fact.subject == spouse}
            for shared in ("children", "minor_children", "house_no", "owners", "rental_filed", "rent_month_fen"):
                assert own[shared] == theirs[shared], shared
        if own["owners"]:
            owners += 1
            assert ref in own["owners"].split(",") and own["rental_filed"] is False
        if own["rental_filed"]:
            tenants += 1
            assert control.answer("TITLES", "homes_of_person_in_place", ref, ON, place=PLACE)["homes_in_place"] == 0
    assert married > 20 and owners > 10 and tenants > 5


def test_children_and_parents_find_each_other(departments: RunningDepartments, refs: list[str]) -> None:
    control, seen = departments.control, 0
    for ref in refs[:40]:
        for child in control.family(ref, ON)["children"]:
            seen += 1
            assert ref in control.family(child, ON)["parents"]
        father = control.family(ref, ON)["parents"][0]
        if control.family(father, ON)["spouse"]:
            assert ref in control.family(father, ON)["children"]
    assert seen > 10


def test_couples_of_the_file_are_married_to_each_other(departments: RunningDepartments, refs: list[str]) -> None:
    pairs = [(refs[n], refs[row["spouse"]]) for n, row in enumerate(rows_of_province(DEMO_SEED, DEMO_SCALE)) if "spouse" in row]
    assert len(pairs) > 10
    for one, other in pairs:
        assert departments.control.family(one, ON)["spouse"] == other
        assert departments.control.family(other, ON)["spouse"] == one


def test_it_is_the_same_after_a_new_start(departments: RunningDepartments, refs: list[str]) -> None:
    again = start(seed=3, key="k")
    again.control.people(rows_of_province(DEMO_SEED, DEMO_SCALE))
    try:
        for ref in refs[:5]:
            assert again.control.answer("TITLES", "title", ref, ON) == departments.control.answer("TITLES", "title", ref, ON)
    finally:
        again.kill()


def test_told_facts_win_and_a_day_that_has_not_come_is_not_known(departments: RunningDepartments) -> None:
    control = departments.control
    ref = control.person(
        "RESIDENT_ID", "110101199003070011", homes_in_place=2, died_on=date(2026, 10, 10), fraud_banned_until=date(2029, 1, 1)
    )
    assert control.answer("TITLES", "homes_of_person_in_place", ref, ON, place=PLACE) == {"homes_in_place": 2}
    assert control.answer("POLICE", "death", ref, ON) == {"died_on": None}
    assert control.answer("POLICE", "death", ref, date(2026, 10, 10)) == {"died_on": "2026-10-10"}
    assert control.answer("NATIONAL", "fraud", ref, ON) == {"fraud_banned_until": "2029-01-01"}
    with pytest.raises(ControlRefused, match="没有这些项目"):
        control.facts(ref, favourite_colour="红")


def test_a_marriage_told_holds_for_both_and_leaves_the_earlier_partner(departments: RunningDepartments) -> None:
    control = departments.control
    one, two, three = (
        control.person("RESIDENT_ID", number) for number in ("321083197812162119", "620102199003070018", "622923198512311281")
    )
    control.marry(one, two)
    control.marry(two, three)
    assert [control.family(ref, ON)["spouse"] for ref in (one, two, three)] == [None, three, two]


def test_a_question_is_taken_once_and_only_with_its_signature(departments: RunningDepartments, refs: list[str]) -> None:
    body = wire.encode(
        {"question_no": "CX1", "service": "death", "subject": refs[0], "fields": ["died_on"], "terms": {}, "as_of": "2026-10-09"}
    )

    def send(key: bytes = KEY, department: str = "POLICE", late: int = 0, nonce: str = "n" * 32, content: bytes = body) -> int:
        signed = wire.sign(wire.signing_key(key, "POLICE"), body, sender="HPF01", to=department, epoch=int(time.time()) - late, nonce=nonce)
        return httpx.post(f"{departments.url}/{department}", content=content, headers=signed, trust_env=False).status_code

    assert send() == 200
    assert send() == 409
    assert send(nonce="m" * 32, key=b"other") == 401
    assert send(nonce="m" * 32, late=301) == 401
    assert send(nonce="short") == 401
    assert send(nonce="o" * 32, content=body.replace(b"CX1", b"CX2")) == 401
    assert send(nonce="p" * 32, department="CIVIL") == 401
    assert httpx.post(f"{departments.url}/WEATHER", content=body, trust_env=False).status_code == 404


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"wrong_signature": {"probability": 1}}, Status.INVALID, "SIGNATURE_WRONG"),
        ({"other_department": {"probability": 1}}, Status.INVALID, "SIGNATURE_WRONG"),
        ({"replay": {"probability": 1}}, Status.INVALID, "SIGNATURE_WRONG"),
        ({"broken": {"probability": 1}}, Status.INVALID, "NOT_A_MESSAGE"),
        ({"twice_different": {"probability": 1}}, Status.INVALID, "ANSWER_TWICE_DIFFERENT"),
        ({"other_question": {"probability": 1}}, Status.INVALID, "ANSWER_FOR_ANOTHER"),
        ({"missing_field": {"probability": 1}}, Status.INVALID, "ANSWER_FIELDS_WRONG"),
        ({"stale": {"probability": 1}}, Status.INVALID, "ANSWER_TOO_OLD"),
        ({"refuse": {"probability": 1, "reason": "系统维护"}}, Status.REFUSED, "DEPARTMENT_REFUSED"),
        ({"duplicate": {"probability": 1}}, Status.ANSWERED, ""),
        ({"chatty": {"probability": 1}}, Status.ANSWERED, ""),
        ({"server_error": {"next": 1}}, Status.ANSWERED, ""),
        ({"cut_middle": {"next": 1}}, Status.ANSWERED, ""),
        ({"silent": {"next": 1, "seconds": 3}}, Status.ANSWERED, ""),
        ({"slow": {"next": 2, "seconds": 3}}, Status.SILENT, "NO_ANSWER_IN_TIME"),
        ({"server_error": {"next": 2}}, Status.SILENT, "NO_ANSWER_IN_TIME"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_each_fault_is_what_it_says(departments: RunningDepartments, refs: list[str], fault: Any, status: Status, code: str) -> None:
    ask(departments, "CIVIL", "children", refs[1])
    departments.control.set_faults(**fault)
    begun = time.monotonic()
    heard = ask(departments, "CIVIL", "children", refs[0])
    assert (heard.answer.status, heard.answer.code) == (status, code), heard.answer.reason
    assert time.monotonic() - begun < 2.3
    if status is Status.ANSWERED:
        assert heard.answer.fields == departments.control.answer("CIVIL", "children", refs[0], ON)
    else:
        assert heard.answer.fields == {} and not heard.answer.reason.isascii()
    assert heard.attempts == 2 or next(iter(fault)) not in ("server_error", "cut_middle", "silent", "slow")


def test_a_contradiction_can_be_ordered(departments: RunningDepartments, refs: list[str]) -> None:
    married = next(ref for ref in refs if departments.control.family(ref, ON)["spouse"])
    departments.control.set_faults(contradicting={"next": 1, "departments": ["CIVIL"]})
    answer = ask(departments, "CIVIL", "marriage", married).answer
    facts = [Fact("CX1", answer.source, married, name, value) for name, value in answer.fields.items()]
    assert [found.code for found in contradictions(facts)] == ["MARRIAGE_WITHOUT_SPOUSE"]


def test_faults_by_chance_are_the_same_for_the_same_question(departments: RunningDepartments, refs: list[str]) -> None:
    departments.control.set_faults(refuse={"probability": 0.3})
    asked = [question("POLICE", "death", ref) for ref in refs[:40]]
    line = Exchange(departments.url, KEY, "HPF01")
    first, again = ([line.ask_one(q, q.asked_at).answer.status for q in asked] for _ in range(2))
    assert first == again and 3 < first.count(Status.REFUSED) < 25
    with pytest.raises(ControlRefused, match="没有这种故障"):
        departments.control.set_faults(earthquake={"next": 1})


def test_nobody_listens_is_silence(refs: list[str], tmp_path: Path) -> None:
    asked = question("POLICE", "death", refs[0])
    heard = Exchange("http://127.0.0.1:9", KEY, "HPF01").ask_one(asked, asked.asked_at)
    assert (heard.answer.status, heard.attempts, heard.reached) == (Status.SILENT, 2, False)
