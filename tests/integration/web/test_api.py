"""Machines call in: signed, once, within their quota; errors are problem documents in Chinese."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any
from urllib.parse import quote

import pytest

from tests.integration.web.conftest import LANZHOU
from tests.integration.web.test_employer import worker_turn

KEY = "s" * 64


@pytest.fixture(scope="module")
def clients(world):
    from django.utils import timezone

    from hpf.access.services import register_client

    by, at = world.centre.by, timezone.now()
    schools = world.centre_account(world.school).employer_id
    hr = ("contributions.receive_list", "contributions.confirm")
    register_client(
        by=by,
        centre_id=LANZHOU,
        client_no="school",
        name="一中人事系统",
        secret=KEY,
        permissions=hr,
        employer_id=schools,
        at=at,
        key="c1",
        calls_per_minute=600,
    )
    offices = ("api.members", "api.balances", "api.statistics")
    register_client(
        by=by,
        centre_id=LANZHOU,
        client_no="office",
        name="政务服务局",
        secret=KEY,
        permissions=offices,
        at=at,
        key="c2",
        calls_per_minute=600,
    )
    register_client(
        by=by, centre_id=LANZHOU, client_no="slow", name="限流客户", secret=KEY, permissions=offices, at=at, key="c3", calls_per_minute=2
    )


def call(
    client_no: str, method: str, path: str, body: bytes = b"", *, nonce: str = "", secret: str = KEY, late: int = 0, **headers: str
) -> Any:
    from django.test import Client

    from hpf.access.rules import call_signature

    nonce, epoch = nonce or uuid.uuid4().hex, str(int(time.time()) - late)
    signature = call_signature(secret, client_no=client_no, epoch=epoch, nonce=nonce, method=method, path=path, body=body)
    sent = {"X-HPF-Client": client_no, "X-HPF-Time": epoch, "X-HPF-Nonce": nonce, "X-HPF-Signature": signature, **headers}
    return Client().generic(
        method, path, body, content_type="application/octet-stream" if body[:1] != b"{" else "application/json", headers=sent
    )


def problem(answer: Any) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/problem+json"
    said = json.loads(answer.content)
    assert said["status"] == answer.status_code
    assert not said["title"].isascii() and not said["detail"].isascii()
    return said


def test_a_list_goes_in_is_checked_and_confirmed(world, clients):
    content = world.centre.file(world.teachers)
    path = f"/api/v1/employers/{world.school}/lists?month=2026-08&filename=list.csv"
    first = call("school", "POST", path, content, **{"Idempotency-Key": "aug-0001"})
    assert first.status_code == 202, first.content.decode()
    again = call("school", "POST", path, content, **{"Idempotency-Key": "aug-0001"})
    assert again.json() == first.json()
    worker_turn()
    job = call("school", "GET", f"/api/v1/jobs/{first.json()['job_id']}").json()
    assert (job["state"], job["result"]["defects"]) == ("DONE", 0)
    number = job["result"]["remittance_no"]
    shown = call("school", "GET", f"/api/v1/lists/{number}").json()
    assert (shown["state"], shown["line_count"], shown["total_fen"]) == ("CHECKED", 6, 1_080_000)
    page = call("school", "GET", f"/api/v1/lists/{number}/lines?limit=4").json()
    rest = call("school", "GET", f"/api/v1/lists/{number}/lines?limit=4&after={page['next']}").json()
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (4, 2, None)
    confirmed = call("school", "POST", f"/api/v1/lists/{number}/confirm", b"{}", **{"Idempotency-Key": "aug-0002"}).json()
    assert (confirmed["state"], confirmed["expected_fen"]) == ("CONFIRMED", 1_080_000)


def test_the_same_key_with_other_content_is_a_conflict(world, clients):
    path = f"/api/v1/employers/{world.school}/lists?month=2026-09&filename=list.csv"
    call("school", "POST", path, world.centre.file(world.teachers), **{"Idempotency-Key": "sept-0001"})
    other = call("school", "POST", path, world.centre.file(world.teachers[:3]), **{"Idempotency-Key": "sept-0001"})
    assert (other.status_code, problem(other)["code"]) == (409, "KEY_CONFLICT")


def test_a_post_without_its_key_is_not_taken(world, clients):
    answer = call("school", "POST", f"/api/v1/employers/{world.school}/lists?month=2026-09&filename=x.csv", b"x")
    assert (answer.status_code, problem(answer)["code"]) == (400, "IDEMPOTENCY_KEY_MISSING")


def test_another_units_records_are_not_found(world, clients):
    assert problem(call("school", "GET", f"/api/v1/employers/{world.works}/lists"))["status"] == 404
    with world.centre.scope():
        from hpf.contributions import queries

        theirs = queries.remittances(LANZHOU, employer_account_id=world.centre_account(world.works).employer_account_id)[0]
    assert problem(call("school", "GET", f"/api/v1/lists/{theirs.remittance_no}"))["status"] == 404


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"secret": "wrong" * 10}, "SIGNATURE_WRONG"),
        ({"late": 301}, "CALL_TOO_OLD"),
        ({"nonce": "short"}, "NONCE_WRONG"),
        ({"client_no": "nobody"}, "SIGNATURE_MISSING"),
    ],
)
def test_a_call_that_does_not_hold_is_not_read(world, clients, how, code):
    answer = call(how.pop("client_no", "office"), "GET", "/api/v1/balance-checks?on=2026-08-03", **how)
    assert (answer.status_code, problem(answer)["code"]) == (401, code)


def test_a_replayed_call_is_refused(world, clients):
    nonce = uuid.uuid4().hex
    assert call("office", "GET", "/api/v1/balance-checks?on=2026-08-03", nonce=nonce).status_code == 200
    again = call("office", "GET", "/api/v1/balance-checks?on=2026-08-03", nonce=nonce)
    assert (again.status_code, problem(again)["code"]) == (401, "CALL_REPLAYED")


def test_the_quota_says_when_to_come_back(world, clients):
    answers = [call("slow", "GET", "/api/v1/balance-checks?on=2026-08-03") for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"


def test_a_members_balance_needs_a_purpose_the_member_can_see(world, clients):
    path = f"/api/v1/members/{world.teachers[0]}"
    assert problem(call("office", "GET", path))["code"] == "PURPOSE_MISSING"
    shown = call("office", "GET", path, **{"X-HPF-Purpose": quote("办理购房补贴")}).json()
    assert shown["balance_fen"] == 120_000
    assert "办理购房补贴" in world.browser(world.zhang_login).get("/me/looks/").content.decode()
    assert problem(call("office", "GET", "/api/v1/members/999999999999", **{"X-HPF-Purpose": quote("核对")}))["status"] == 404


def test_a_client_uses_only_the_services_it_was_given(world, clients):
    answer = call("school", "GET", "/api/v1/balance-checks?on=2026-08-03")
    assert (answer.status_code, problem(answer)["code"]) == (403, "NOT_PERMITTED")


def test_the_balances_are_those_last_compared_and_agree(world, clients):
    from datetime import UTC, date, datetime

    from hpf.closing.services.checks import check_day
    from hpf.kernel.actor import Actor

    assert call("office", "GET", "/api/v1/balance-checks?on=2026-08-03").json() == []
    checked = check_day(by=Actor.system(1), centre_id=1, business_on=date(2026, 8, 3), at=datetime.now(UTC), key="compare")
    assert (checked.checks, checked.red) == (12, 0)
    checks = call("office", "GET", "/api/v1/balance-checks?on=2026-08-03").json()
    assert {c["check_id"] for c in checks} >= {"BAL-1", "BAL-6", "BAL-11"}
    assert all(c["ok"] for c in checks)


def test_wrong_fields_and_unknown_addresses_are_problems_too(world, clients):
    wrong = problem(call("office", "GET", "/api/v1/balance-checks?on=yesterday"))
    assert (wrong["status"], wrong["errors"][0]["where"]) == (422, "query/on")
    assert problem(call("office", "GET", "/api/v1/nothing"))["status"] == 404
    assert problem(call("office", "GET", "/api/elsewhere"))["status"] == 404


def test_the_description_is_served_by_ourselves(world):
    from django.test import Client

    document = Client().get("/api/v1/openapi.json").json()
    assert "/api/v1/employers/{account_no}/lists" in document["paths"]
    page = Client().get("/api/v1/").content.decode()
    assert "提交缴存清册文件" in page
    assert "cdn" not in page


def test_a_banks_notice_with_a_wrong_signature_moves_nothing(world):
    from django.test import Client

    answer = Client().generic("POST", "/api/bank/notice", b"<message/>", content_type="application/xml")
    assert answer.status_code == 401
