"""供数: a bank at our door. Fields x purpose x case x time, quotas, consent; every look stands where the member reads it."""

from __future__ import annotations

import json
import time
import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.people import fresh

from .conftest import LANZHOU, World, now

KEY = "b" * 64
LOAN = "审查住房贷款"
PATH = "/api/v1/shared/records"


@pytest.fixture(scope="module")
def bank(world: World) -> str:
    """A bank with a grant for two fields and one loan purpose."""
    register(world, "bank")
    grant(world, "bank", fields=("account_state", "months_continuous"))
    return "bank"


def register(world: World, client_no: str, permissions: tuple[str, ...] = ("api.sharing",)) -> None:
    from hpf.access.services import register_client

    register_client(
        by=world.by, centre_id=LANZHOU, client_no=client_no, name=f"{client_no}银行", secret=KEY, permissions=permissions, at=now(), key=fresh("client"),
        calls_per_minute=600,
    )  # fmt: skip


def grant(world: World, client_no: str, **given: Any) -> str:
    from hpf.sharing.services import make_grant

    today = date.today()
    given = {
        "fields": ("account_state",), "purposes": (LOAN,), "case_kinds": ("LOAN",), "since": today, "until": today + timedelta(days=30),
        "calls_per_day": 1000, **given,
    }  # fmt: skip
    made = make_grant(by=world.by, centre_id=LANZHOU, client_no=client_no, at=now(), key=fresh("grant"), **given)
    assert made.value is not None, made.reasons
    return made.value.grant_no


def consent(
    world: World, person_id: int, client_no: str = "bank", scope: tuple[str, ...] = ("account_state", "months_continuous"), **given: Any
) -> str:
    return world.consent(person_id, scope, recipient=client_no, purpose=LOAN, **given)


def look(
    world: World,
    person_id: int,
    consent_no: str = "",
    client_no: str = "bank",
    *,
    nonce: str = "",
    secret: str = KEY,
    late: int = 0,
    **said: Any,
) -> Any:
    from django.test import Client

    from hpf.access.rules import call_signature

    body = json.dumps({
        "id_kind": "RESIDENT_ID", "id_number": world.number(person_id), "case_kind": "LOAN", "case_no": "DK-1", "purpose": LOAN,
        "fields": ["account_state"], "consent_no": consent_no, **said,
    }).encode()  # fmt: skip
    nonce, epoch = nonce or uuid.uuid4().hex, str(int(time.time()) - late)
    signature = call_signature(secret, client_no=client_no, epoch=epoch, nonce=nonce, method="POST", path=PATH, body=body)
    headers = {"X-HPF-Client": client_no, "X-HPF-Time": epoch, "X-HPF-Nonce": nonce, "X-HPF-Signature": signature}
    return Client().generic("POST", PATH, body, content_type="application/json", headers=headers)


def refused(answer: Any, status: int) -> list[str]:
    said = json.loads(answer.content)
    assert (answer.status_code, said["status"]) == (status, status), said
    assert not said["detail"].isascii()
    return [reason["code"] for reason in said["reasons"]]


def test_with_the_members_consent_the_bank_is_told_what_was_granted(world: World, bank: str) -> None:
    person = world.person()
    answer = look(world, person, consent(world, person), fields=["months_continuous", "account_state"])
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["fields"] == {"months_continuous": 0, "account_state": "NORMAL"}
    assert answer.json()["as_of"] == "2026-08-03"


def test_each_field_is_the_record_itself(world: World) -> None:
    from hpf.sharing.rules import OFFERS

    register(world, "all")
    grant(world, "all", fields=tuple(OFFERS), by_law="条例/31@2026")
    person = world.person()
    fields = look(world, person, client_no="all", fields=list(OFFERS)).json()["fields"]
    assert fields == {
        "has_account": True, "account_state": "NORMAL", "months_paid": 0, "months_continuous": 0, "paid_through": None, "base_fen": 500_000,
        "month_fen": 120_000, "balance_fen": 0, "opened_on": "2026-08-03",
    }  # fmt: skip


def test_of_somebody_the_centre_does_not_know_it_says_only_no(world: World) -> None:
    person = world.person()
    answer = look(world, person, client_no="all", fields=["has_account", "balance_fen"], id_number="622923198512311281")
    assert answer.json()["fields"] == {"has_account": False, "balance_fen": None}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"fields": ["account_state", "balance_fen"]}, "FIELDS_NOT_GRANTED"),
        ({"purpose": "营销"}, "PURPOSE_NOT_GRANTED"),
        ({"case_kind": "CARD"}, "PURPOSE_NOT_GRANTED"),
        ({"consent_no": ""}, "CONSENT_NOT_GIVEN"),
        ({"consent_no": "SQ-nobody"}, "CONSENT_NOT_GIVEN"),
    ],
)
def test_outside_the_grant_nothing_is_told(world: World, bank: str, said: dict[str, Any], code: str) -> None:
    person = world.person()
    given = {"consent_no": consent(world, person), **said}
    answer = look(world, person, given.pop("consent_no"), **given)
    assert code in refused(answer, 403)
    assert "NORMAL" not in answer.content.decode()


def test_a_client_without_a_grant_or_without_the_permission_is_told_nothing(world: World, bank: str) -> None:
    person = world.person()
    register(world, "ungranted")
    assert refused(look(world, person, client_no="ungranted"), 403) == ["GRANT_MISSING"]
    register(world, "unpermitted", ("api.members",))
    grant(world, "unpermitted", by_law="条例/31@2026")
    assert json.loads(look(world, person, client_no="unpermitted").content)["code"] == "NOT_PERMITTED"


def test_anothers_consent_a_withdrawn_one_and_one_to_another_bank_open_nothing(world: World, bank: str) -> None:
    person, other = world.person(), world.person()
    register(world, "rival")
    assert refused(look(world, person, consent(world, other)), 403) == ["CONSENT_OF_ANOTHER"]
    assert refused(look(world, person, consent(world, person, "rival")), 403) == ["CONSENT_OF_ANOTHER"]
    assert refused(look(world, person, world.consent(person)), 403)[0] == "CONSENT_OF_ANOTHER"
    own = consent(world, person)
    assert look(world, person, own).status_code == 200
    world.withdraw(own)
    assert refused(look(world, person, own), 403) == ["CONSENT_WITHDRAWN"]


def test_a_consent_for_one_case_serves_no_other(world: World, bank: str) -> None:
    person = world.person()
    own = consent(world, person, case_no="DK-1")
    assert look(world, person, own).status_code == 200
    assert refused(look(world, person, own, case_no="DK-2"), 403) == ["CONSENT_FOR_OTHER_PURPOSE"]


def test_a_grant_that_has_ended_opens_nothing(world: World) -> None:
    from hpf.sharing.services import end_grant

    person, today = world.person(), date.today()
    register(world, "early")
    grant(world, "early", since=today + timedelta(days=1), by_law="条例/31@2026")
    assert refused(look(world, person, client_no="early"), 403) == ["GRANT_NOT_IN_FORCE"]
    register(world, "ended")
    number = grant(world, "ended", by_law="条例/31@2026")
    assert look(world, person, client_no="ended").status_code == 200
    end_grant(by=world.by, centre_id=LANZHOU, grant_no=number, on=today, key=fresh("end"))
    assert refused(look(world, person, client_no="ended"), 403) == ["GRANT_NOT_IN_FORCE"]


def test_the_quota_of_a_day_is_kept(world: World) -> None:
    person = world.person()
    register(world, "few")
    grant(world, "few", by_law="条例/31@2026", calls_per_day=2)
    answers = [look(world, person, client_no="few") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert refused(answers[2], 429) == ["GRANT_QUOTA_SPENT"]


def test_eight_calls_at_once_do_not_overrun_the_quota(world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    person = world.person()
    register(world, "rush")
    grant(world, "rush", by_law="条例/31@2026", calls_per_day=3)

    def call(_: int) -> int:
        try:
            return int(look(world, person, client_no="rush").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(call, range(8))) == [200] * 3 + [429] * 5


@pytest.mark.parametrize(
    ("how", "code"), [({"secret": "wrong" * 10}, "SIGNATURE_WRONG"), ({"late": 301}, "CALL_TOO_OLD"), ({"nonce": "short"}, "NONCE_WRONG")]
)
def test_a_call_that_does_not_hold_is_not_read(world: World, bank: str, how: dict[str, Any], code: str) -> None:
    from hpf.sharing.models import Look

    person = world.person()
    number = consent(world, person)
    with world.fund.scope():
        before = Look.objects.count()
    assert json.loads(look(world, person, number, **how).content)["code"] == code
    with world.fund.scope():
        assert Look.objects.count() == before


def test_a_replayed_call_is_refused(world: World, bank: str) -> None:
    person, nonce = world.person(), uuid.uuid4().hex
    number = consent(world, person)
    assert look(world, person, number, nonce=nonce).status_code == 200
    again = look(world, person, number, nonce=nonce)
    assert (again.status_code, json.loads(again.content)["code"]) == (401, "CALL_REPLAYED")


def test_what_is_no_request_is_a_problem_in_chinese(world: World, bank: str) -> None:
    person = world.person()
    for wrong in ({"fields": []}, {"fields": ["x"] * 21}, {"case_no": ""}, {"id_number": "9" * 41}):
        said = json.loads(look(world, person, **wrong).content)
        assert (said["status"], said["code"]) == (422, "FIELDS_WRONG")
        assert all(not error["message"].isascii() for error in said["errors"])


def test_the_member_reads_every_look_the_refused_ones_too(world: World, bank: str) -> None:
    from hpf.sharing import queries

    person = world.person()
    number = consent(world, person)
    look(world, person, number)
    look(world, person, number, fields=["balance_fen"])
    with world.fund.scope():
        lines = queries.who_asked(LANZHOU, person)
    assert [(line.who, line.about, line.purpose, line.outcome, line.outward) for line in lines] == [
        ("bank银行", "账户余额", LOAN, "已拒绝", False),
        ("bank银行", "账户状态", LOAN, "已提供", False),
    ]
    assert lines[1].ground == f"您的授权{number}"
    from hpf.access.queries import who_looked

    with world.fund.scope():
        logged = who_looked(LANZHOU, person)
    assert [(line.kind, line.subject, line.purpose) for line in logged] == [
        ("REFUSED", "接口查询共享数据：账户余额", f"{LOAN} DK-1"),
        ("VIEW", "接口查询共享数据：账户状态", f"{LOAN} DK-1"),
    ]


def test_a_grant_is_made_only_for_a_client_of_the_centre(world: World) -> None:
    from hpf.sharing.services import end_grant, make_grant

    given = {
        "fields": ("account_state",),
        "purposes": (LOAN,),
        "case_kinds": ("LOAN",),
        "since": date.today(),
        "until": date.today() + timedelta(days=1),
    }
    unknown = make_grant(by=world.by, centre_id=LANZHOU, client_no="nobody", calls_per_day=1, at=now(), key=fresh("g"), **given)
    assert [reason.code for reason in unknown.reasons] == ["CLIENT_UNKNOWN"]
    strange = make_grant(
        by=world.by, centre_id=LANZHOU, client_no="bank", calls_per_day=1, at=now(), key=fresh("g"), **{**given, "fields": ("name",)}
    )
    assert [reason.code for reason in strange.reasons] == ["GRANT_FIELDS_WRONG"]
    nothing = end_grant(by=world.by, centre_id=LANZHOU, grant_no="XK-none", on=date.today(), key=fresh("e"))
    assert [reason.code for reason in nothing.reasons] == ["GRANT_UNKNOWN"]
