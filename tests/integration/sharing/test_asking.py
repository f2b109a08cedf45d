"""询问: over real HTTP to real departments, on real PostgreSQL. Silence, refusal and forgery are answers of their own."""

from __future__ import annotations

import json
import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest

from hpf.kernel.actor import Actor
from tests.support.people import fresh

from .conftest import LANZHOU, RENT, World, now


def test_six_departments_are_asked_at_once_and_their_answers_kept(world: World) -> None:
    person = world.person(homes_in_place=0, rental_filed=True, rental_kind="MARKET", rent_month_fen=150_000)
    consent = world.consent(person)
    world.ask(world.question("CIVIL", "children", person, consent))
    world.departments.control.delay(300)
    views = world.ask(*world.rent_questions(person, consent))
    assert [view.status for view in views] == ["ANSWERED"] * 6
    spread = max(view.answered_at for view in views) - min(view.answered_at for view in views)
    assert spread < timedelta(milliseconds=5 * 300), "one after the other, each waits for the answer before it"
    said = {name: value for view in views for name, value in view.fields.items()}
    assert (said["homes_in_place"], said["rental_filed"], said["rent_month_fen"], said["fraud_banned_until"]) == (0, True, 150_000, None)
    homes = views[2]
    assert (homes.source, homes.person_id, homes.subject) == ("不动产登记·当地住房套数", person, world.ref(person))
    assert homes.good_until == homes.asked_at.astimezone(_here()).date() + timedelta(days=7)
    assert homes.asked_at + timedelta(milliseconds=300) <= homes.answered_at and homes.attempts == 1
    assert homes.shown() == [("当地住房套数", "0")]


def test_the_answers_of_a_case_are_read_in_one_query(world: World, queries: list[str]) -> None:
    from hpf.sharing import queries as sharing

    person = world.person()
    world.ask(*world.rent_questions(person, world.consent(person), case_no="TQ-READ"))
    with world.fund.scope():
        queries.clear()
        views = sharing.answers(LANZHOU, "WITHDRAWAL", "TQ-READ")
    assert len(views) == 6 and len([sql for sql in queries if "sharing_" in sql]) == 1


def test_no_name_number_or_phone_leaves_the_house(world: World) -> None:
    person = world.person("绝密姓名")
    world.ask(*world.rent_questions(person, world.consent(person)))
    seen = json.dumps(world.departments.control.seen(), ensure_ascii=False)
    assert world.ref(person) in seen
    assert "绝密姓名" not in seen and world.number(person) not in seen and world.number(person)[6:14] not in seen


def test_terms_and_answers_lie_encrypted(world: World) -> None:
    from django.db import connection

    person = world.person(case_no="机密编号0007")
    consent = world.consent(person, ("CIVIL.minimum_income", "HOUSING.contract"))
    asked = world.question("HOUSING", "contract", person, consent, terms=(("contract_no", "机密合同0008"),))
    (poor, _) = world.ask(world.question("CIVIL", "minimum_income", person, consent), asked)
    assert poor.fields["case_no"] == "机密编号0007"
    with world.fund.scope(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(q::text, '') FROM sharing_question q), (SELECT string_agg(a::text, '') FROM sharing_answer a)"
        )
        texts = "".join(cursor.fetchone())
    for secret in ("机密编号0007", "机密合同0008"):
        assert secret not in texts and secret.encode().hex() not in texts


def test_asked_again_with_the_same_key_nothing_is_sent_twice(world: World) -> None:
    person = world.person()
    asks = world.rent_questions(person, world.consent(person))
    key, before = fresh("same"), world.departments.control.counts()
    first = world.ask(*asks, key=key)
    again = world.ask(*asks, key=key)
    assert again == first
    assert sum(world.departments.control.counts().values()) == sum(before.values()) + 6


def test_a_double_click_keeps_one_answer_for_each_question(world: World) -> None:
    from hpf.sharing.models import Answer, Question

    person = world.person()
    asks, key, at = world.rent_questions(person, world.consent(person)), fresh("double"), now()
    world.departments.control.delay(200)
    views: list[Any] = []

    def click() -> None:
        from django.db import connection

        try:
            views.append(world.ask(*asks, key=key, at=at))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(views) == 2 and views[0] == views[1]
    with world.fund.scope():
        numbers = Question.objects.filter(batch=key).values("id")
        assert len(numbers) == 6 and Answer.objects.filter(question_id__in=numbers).count() == 6


def test_after_a_crash_before_the_answers_were_kept_the_same_questions_go_out_again(world: World) -> None:
    from hpf.sharing.services import put_questions

    person = world.person()
    asks, key = tuple(world.rent_questions(person, world.consent(person))), fresh("crash")
    at = now()
    put = put_questions(by=world.by, centre_id=LANZHOU, asks=asks, at=at, deadline_seconds=2, key=key)
    views = world.ask(*asks, key=key, at=at + timedelta(milliseconds=500))
    assert tuple(view.question_no for view in views) == put.question_nos
    assert {view.status for view in views} == {"ANSWERED"}


def test_after_the_deadline_nobody_is_asked_any_more(world: World) -> None:
    from hpf.sharing.services import put_questions

    person = world.person()
    asks, key = tuple(world.rent_questions(person, world.consent(person))), fresh("late")
    at = now()
    put_questions(by=world.by, centre_id=LANZHOU, asks=asks, at=at, deadline_seconds=2, key=key)
    before = world.departments.control.counts()
    views = world.ask(*asks, key=key, at=at + timedelta(seconds=2))
    assert {(view.status, view.attempts) for view in views} == {("SILENT", 0)}
    assert world.departments.control.counts() == before


def test_it_is_not_done_inside_a_transaction(world: World) -> None:
    from django.db import transaction

    from hpf.sharing.services import AskedInsideTransaction

    person = world.person()
    asks = world.rent_questions(person, world.consent(person))
    with pytest.raises(AskedInsideTransaction), transaction.atomic():
        world.ask(*asks)


def test_no_transaction_is_open_while_departments_think(world: World) -> None:
    from django.db import connection

    person = world.person()
    asks, done = world.rent_questions(person, world.consent(person)), threading.Event()
    world.departments.control.delay(1200)

    def story() -> None:
        try:
            world.ask(*asks, deadline_seconds=5)
        finally:
            connection.close()
            done.set()

    thread = threading.Thread(target=story)
    thread.start()
    busy, looks = 0, 0
    while not done.wait(0.05):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'"
                " AND state_change < clock_timestamp() - interval '800 ms'"
            )
            busy += cursor.fetchone()[0]
            looks += 1
    thread.join()
    assert looks > 5 and busy == 0


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"silent": {"next": 2, "seconds": 3, "departments": ["CIVIL"]}}, "SILENT", "NO_ANSWER_IN_TIME"),
        ({"slow": {"next": 2, "seconds": 3, "departments": ["CIVIL"]}}, "SILENT", "NO_ANSWER_IN_TIME"),
        ({"refuse": {"probability": 1, "departments": ["CIVIL"]}}, "REFUSED", "DEPARTMENT_REFUSED"),
        ({"wrong_signature": {"probability": 1, "departments": ["CIVIL"]}}, "INVALID", "SIGNATURE_WRONG"),
        ({"replay": {"probability": 1, "departments": ["CIVIL"]}}, "INVALID", "SIGNATURE_WRONG"),
        ({"twice_different": {"probability": 1, "departments": ["CIVIL"]}}, "INVALID", "ANSWER_TWICE_DIFFERENT"),
        ({"stale": {"probability": 1, "departments": ["CIVIL"]}}, "INVALID", "ANSWER_TOO_OLD"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_one_departments_fault_is_its_own_answer_and_spoils_no_other(world: World, fault: Any, status: str, code: str) -> None:
    person = world.person()
    consent = world.consent(person)
    world.ask(world.question("CIVIL", "children", person, consent))
    world.departments.control.set_faults(**fault)
    civil, titles = world.ask(
        world.question("CIVIL", "children", person, consent), world.question("TITLES", "homes_of_person_in_place", person, consent)
    )
    assert (civil.status, civil.code, civil.fields) == (status, code, {})
    assert "民政" in civil.reason or civil.status in ("REFUSED", "INVALID")
    assert not civil.usable(now(), date(2026, 1, 1))
    assert titles.status == "ANSWERED"


def test_a_cut_line_is_tried_once_more(world: World) -> None:
    person = world.person()
    consent = world.consent(person)
    world.departments.control.set_faults(cut_middle={"next": 1})
    (view,) = world.ask(world.question("CIVIL", "children", person, consent))
    assert (view.status, view.attempts) == ("ANSWERED", 2)


def test_a_department_that_stays_silent_rests_and_is_tried_again(world: World) -> None:
    from hpf.sharing.models import Line

    person = world.person()
    consent, at = world.consent(person), now()
    asked = world.question("CIVIL", "children", person, consent)
    world.departments.control.set_faults(server_error={"probability": 1, "departments": ["CIVIL"]})
    for _ in range(5):
        (view,) = world.ask(asked, at=at)
        assert (view.status, view.code) == ("SILENT", "NO_ANSWER_IN_TIME")
    before = world.departments.control.counts()["CIVIL"]
    (resting,) = world.ask(asked, at=at + timedelta(seconds=29))
    assert (resting.status, resting.code, resting.attempts) == ("SILENT", "LINE_RESTS", 0)
    assert world.departments.control.counts()["CIVIL"] == before
    (other,) = world.ask(world.question("HR", "employment", person, consent), at=at)
    assert other.status == "ANSWERED"
    world.departments.control.no_faults()
    (tried,) = world.ask(asked, at=at + timedelta(seconds=30))
    assert tried.status == "ANSWERED"
    with world.fund.scope():
        row = Line.objects.get(department="CIVIL")
        assert (row.failures, row.rests_until) == (0, None)


def test_nothing_is_asked_without_a_ground(world: World) -> None:
    person, other = world.person(), world.person()
    theirs, before = world.consent(other), world.departments.control.counts()
    narrow = world.consent(person, ("CIVIL.marriage",))
    asks = [
        world.question("CIVIL", "children", person),
        world.question("CIVIL", "children", person, "SQ-none"),
        world.question("CIVIL", "children", person, theirs),
        world.question("CIVIL", "children", person, narrow),
        world.question("MEDICAL", "illness_cost", person, article="条例/24"),
        world.question("CIVIL", "marriage", person, narrow, purpose="营销"),
        world.question("CIVIL", "marriage", person, narrow, fields=("marital_state", "price_fen")),
    ]
    views = world.ask(*asks)
    assert [view.code for view in views] == [
        "GROUND_MISSING", "CONSENT_UNKNOWN", "CONSENT_OF_ANOTHER", "CONSENT_TOO_NARROW", "CONSENT_NEEDED", "CONSENT_FOR_OTHER_PURPOSE",
        "FIELDS_BEYOND_SERVICE",
    ]  # fmt: skip
    assert {view.status for view in views} == {"REFUSED"}
    assert world.departments.control.counts() == before


def test_a_consent_withdrawn_while_the_answer_is_on_its_way_makes_it_unusable(world: World) -> None:
    from hpf.sharing.models import Answer

    person = world.person()
    consent = world.consent(person)
    world.departments.control.delay(600)
    views: list[Any] = []

    def story() -> None:
        from django.db import connection

        try:
            views.extend(world.ask(*world.rent_questions(person, consent, case_no="TQ-HALF")))
        finally:
            connection.close()

    thread = threading.Thread(target=story)
    thread.start()
    time.sleep(0.25)
    assert world.withdraw(consent).is_approved
    thread.join()
    assert [view.code for view in views] == ["CONSENT_WITHDRAWN"] * 5 + [""]
    assert all(view.fields == {} for view in views[:5]) and views[5].status == "ANSWERED"
    with world.fund.scope():
        assert not Answer.objects.filter(code="CONSENT_WITHDRAWN", fields__isnull=False).exists()


def test_an_answer_got_before_the_withdrawal_serves_no_later_decision(world: World) -> None:
    from hpf.sharing import queries as sharing

    person = world.person()
    consent = world.consent(person)
    (view,) = world.ask(world.question("CIVIL", "children", person, consent, case_no="TQ-AFTER"))
    day = view.asked_at.astimezone(_here()).date()
    assert view.usable(now(), day) and view.usable(now(), view.good_until) and not view.usable(now(), view.good_until + timedelta(days=1))
    before = now()
    world.withdraw(consent)
    with world.fund.scope():
        (later,) = sharing.answers(LANZHOU, "WITHDRAWAL", "TQ-AFTER")
    assert later.fields == view.fields
    assert later.usable(before, day) and not later.usable(now(), day)
    assert sharing.facts([later], at=now(), on=day) == ()
    (again,) = world.ask(world.question("CIVIL", "children", person, consent))
    assert (again.status, again.code) == ("REFUSED", "CONSENT_WITHDRAWN")


def test_departments_that_contradict_each_other_are_named(world: World) -> None:
    from hpf.sharing import queries as sharing
    from hpf.sharing.rules import contradictions, unlike_stated

    wife, husband, stranger = world.person("李娜"), world.person("赵强"), world.person("孙丽")
    control = world.departments.control
    control.marry(world.ref(wife), world.ref(husband))
    control.facts(world.ref(husband), spouse_ref=world.ref(stranger))
    consent = world.consent(wife)
    theirs = world.consent(husband)
    (mine,) = world.ask(world.question("CIVIL", "marriage", wife, consent))
    (his,) = world.ask(world.question("CIVIL", "marriage", None, theirs, subject=str(mine.fields["spouse_ref"])))
    facts = sharing.facts([mine, his], at=now(), on=mine.good_until)
    assert [found.code for found in contradictions(facts)] == ["SPOUSE_OF_ANOTHER"]
    assert [found.question_nos for found in unlike_stated(facts[:1], {"marital_state": "SINGLE"})] == [(mine.question_no,)]


def test_who_may_not_ask_does_not(world: World) -> None:
    from hpf.db.command import NotPermitted
    from hpf.sharing.services import ask_all

    person = world.person()
    consent = world.consent(person)
    for actor in (
        Actor("9", "会计", frozenset({LANZHOU}), frozenset({"sharing.consent"})),
        Actor("9", "天水柜员", frozenset({5}), frozenset({"sharing.ask"})),
    ):
        with pytest.raises(NotPermitted):
            ask_all(
                by=actor, centre_id=LANZHOU, questions=[world.question("CIVIL", "children", person, consent)], at=now(), key=fresh("no")
            )


def test_another_centre_sees_nothing_of_it(world: World) -> None:
    from hpf.db.scope import centre_scope
    from hpf.sharing import models
    from hpf.sharing import queries as sharing

    person = world.person()
    consent = world.consent(person)
    world.ask(world.question("CIVIL", "children", person, consent, case_no="TQ-WALL"))
    with centre_scope(5):
        assert sharing.answers(LANZHOU, "WITHDRAWAL", "TQ-WALL") == [] and sharing.consents(LANZHOU, person) == []
        assert [table.objects.count() for table in (models.Consent, models.Question, models.Answer, models.Line)] == [0, 0, 0, 0]


def test_what_was_asked_and_answered_is_never_changed(world: World) -> None:
    from django.db import DatabaseError, connection, transaction

    person = world.person()
    consent = world.consent(person)
    world.ask(world.question("CIVIL", "children", person, consent))
    for statement in (
        "UPDATE sharing_answer SET status = 'SILENT', fields = NULL",
        "DELETE FROM sharing_question",
        "UPDATE sharing_consent SET purpose = '其他'",
        "DELETE FROM sharing_consent",
    ):
        with world.fund.scope(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    world.withdraw(consent)
    with world.fund.scope(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE sharing_consent SET withdrawn_at = NULL WHERE consent_no = %s", [consent])


def test_the_person_reads_who_asked_and_why(world: World) -> None:
    from hpf.sharing import queries as sharing

    person, wife = world.person(), world.person()
    consent = world.consent(person, case_no="TQ-WHO")
    world.ask(*world.rent_questions(person, consent, case_no="TQ-WHO"))
    world.ask(world.question("CIVIL", "children", None, world.consent(wife), subject=world.ref(wife)))
    with world.fund.scope():
        lines, hers = sharing.who_asked(LANZHOU, person), sharing.who_asked(LANZHOU, wife)
    assert len(lines) == 6 and {line.purpose for line in lines} == {RENT} and {line.case_no for line in lines} == {"TQ-WHO"}
    marriage = next(line for line in lines if line.of_whom == "民政·婚姻登记")
    assert (marriage.who, marriage.ground, marriage.outcome) == ("测试柜员", f"您的授权{consent}", "已答复")
    assert "婚姻状况" in marriage.about
    assert next(line for line in lines if line.of_whom.endswith("骗提骗贷记录")).ground == "条例/41@2026"
    assert [line.of_whom for line in hers] == ["民政·子女与父母"]


def _here() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("Asia/Shanghai")
