"""我的授权: a member sees, gives and takes back consents, and reads who asked about her and why. Nobody else's show."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.integration.web.conftest import LANZHOU
from tests.support.people import fresh

LOAN = "审查住房贷款"


@pytest.fixture(scope="module")
def bank(world: Any) -> str:
    """A bank that may look when the member lets it."""
    from hpf.access.services import register_client
    from hpf.sharing.services import make_grant

    by, at, today = world.centre.by, datetime.now(UTC), date.today()
    register_client(
        by=by, centre_id=LANZHOU, client_no="bank", name="甘肃银行兰州分行", secret="s" * 64, permissions=("api.sharing",), at=at, key=fresh("c"),
        calls_per_minute=60,
    )  # fmt: skip
    make_grant(
        by=by, centre_id=LANZHOU, client_no="bank", fields=("account_state", "months_paid", "months_continuous", "paid_through", "balance_fen"),
        purposes=(LOAN,), case_kinds=("LOAN",), since=today, until=today + timedelta(days=90), calls_per_day=10, at=at, key=fresh("g"),
    )  # fmt: skip
    return "bank"


def give(world: Any, person_id: int, purpose: str = "办理租房提取", scope: tuple[str, ...] = ("CIVIL.marriage",)) -> str:
    from hpf.sharing.services import give_consent

    at = datetime.now(UTC)
    done = give_consent(
        by=world.centre.by,
        centre_id=LANZHOU,
        person_id=person_id,
        scope=scope,
        purpose=purpose,
        ends_at=at + timedelta(days=30),
        at=at,
        key=fresh("s"),
    )
    return done.value.consent_no


def shown(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_a_member_sees_her_consents_and_takes_one_back(world: Any) -> None:
    number = give(world, world.zhang.person_id)
    browser = world.browser(world.zhang_login)
    text = shown(browser.get("/me/consents/"))
    assert number in text and "办理租房提取" in text and "民政·婚姻登记" in text and "本中心" in text
    done = browser.post(f"/me/consents/{number}/withdraw/", {"key": "w1"}, follow=True)
    assert f"授权{number}已撤回" in shown(done)
    assert "以前的授权" in shown(done) and "已撤回" in shown(done)
    again = browser.post(f"/me/consents/{number}/withdraw/", {"key": "w2"}, follow=True)
    assert "不必再办" in shown(again)


def test_anothers_consent_is_neither_shown_nor_taken_back(world: Any) -> None:
    from hpf.sharing import queries

    with world.centre.scope():
        other = world.centre.view(world.teachers[1]).person_id
    number = give(world, other)
    browser = world.browser(world.zhang_login)
    assert number not in shown(browser.get("/me/consents/"))
    said = shown(browser.post(f"/me/consents/{number}/withdraw/", {"key": "w3"}, follow=True))
    assert "没有编号为" in said
    with world.centre.scope():
        assert queries.consent(LANZHOU, number).withdrawn_at is None


def test_a_member_opens_her_record_to_a_bank_and_reads_what_it_looked_at(world: Any, bank: str) -> None:
    import json
    import time
    import uuid

    from django.test import Client

    from hpf.access.rules import call_signature

    browser = world.browser(world.zhang_login)
    text = shown(browser.get("/me/consents/"))
    assert "甘肃银行兰州分行，用于审查住房贷款" in text and "连续缴存月数" in text
    offer = re.search(r'name="offer" value="([^"]+)"', browser.get("/me/consents/").content.decode())[1]
    given = shown(browser.post("/me/consents/give/", {"key": "g1", "offer": offer, "days": "30"}, follow=True))
    number = re.search(r"授权编号(SQ\d+)", given)[1]
    body = json.dumps({
        "id_kind": "RESIDENT_ID", "id_number": world.zhang_number, "case_kind": "LOAN", "case_no": "DK-9", "purpose": LOAN, "consent_no": number,
        "fields": ["months_paid", "months_continuous", "paid_through", "balance_fen"],
    }).encode()  # fmt: skip
    nonce, epoch, path = uuid.uuid4().hex, str(int(time.time())), "/api/v1/shared/records"
    signature = call_signature("s" * 64, client_no=bank, epoch=epoch, nonce=nonce, method="POST", path=path, body=body)
    headers = {"X-HPF-Client": bank, "X-HPF-Time": epoch, "X-HPF-Nonce": nonce, "X-HPF-Signature": signature}
    told = Client().generic("POST", path, body, content_type="application/json", headers=headers).json()["fields"]
    with world.centre.scope():
        month = world.zhang.month_total.fen
    assert told == {"months_paid": 1, "months_continuous": 1, "paid_through": "2026-07", "balance_fen": month}
    asked = shown(browser.get("/me/consents/asked/"))
    assert all(word in asked for word in ("甘肃银行兰州分行", "账户余额", LOAN, "DK-9", f"您的授权{number}", "已提供"))
    assert "甘肃银行兰州分行" not in shown(browser.get("/me/consents/asked/?way=out"))


@pytest.mark.parametrize("said", [{"offer": "XK-nobody-0", "days": "30"}, {"offer": "", "days": "30"}, {"days": "9999"}])
def test_what_is_not_offered_cannot_be_given(world: Any, bank: str, said: dict[str, str]) -> None:
    from hpf.sharing.models import Consent

    browser = world.browser(world.zhang_login)
    offer = re.search(r'name="offer" value="([^"]+)"', browser.get("/me/consents/").content.decode())[1]
    with world.centre.scope():
        before = Consent.objects.count()
    assert browser.post("/me/consents/give/", {"key": fresh("x"), "offer": offer, **said}).status_code == 404
    with world.centre.scope():
        assert Consent.objects.count() == before


def test_the_pages_are_the_members_only(world: Any) -> None:
    number = give(world, world.zhang.person_id)
    for login in ("clerk", "operator"):
        browser = world.browser(login)
        assert browser.get("/me/consents/").status_code == 403
        assert browser.get("/me/consents/asked/").status_code == 403
        assert browser.post(f"/me/consents/{number}/withdraw/", {"key": fresh("w")}).status_code == 403


def test_a_double_click_gives_one_consent(world: Any, bank: str) -> None:
    from hpf.sharing import queries

    browser = world.browser(world.zhang_login)
    offer = re.search(r'name="offer" value="([^"]+)"', browser.get("/me/consents/").content.decode())[1]
    with world.centre.scope():
        before = len(queries.consents(LANZHOU, world.zhang.person_id))
    for _ in range(2):
        assert "已授权甘肃银行兰州分行" in shown(
            browser.post("/me/consents/give/", {"key": "one-click", "offer": offer, "days": "90"}, follow=True)
        )
    with world.centre.scope():
        assert len(queries.consents(LANZHOU, world.zhang.person_id)) == before + 1


def test_the_director_grants_and_ends_and_sees_who_may_look(world: Any, bank: str) -> None:
    browser = world.browser("director")
    text = shown(browser.get("/sharing/"))
    assert "甘肃银行兰州分行" in text and "每次须有缴存人授权" in text
    today = date.today()
    said = {
        "client_no": "bank", "purpose": "核定授信", "case_kind": "LOAN", "by_law": "", "since": today.isoformat(),
        "until": (today + timedelta(days=30)).isoformat(), "calls_per_day": "5", "fields_offered": ["months_paid"], "key": "grant-1",
    }  # fmt: skip
    for wrong, words in (({"until": today.isoformat()}, "应有明确的截止日期"), ({"fields_offered": []}, ""), ({"client_no": "nobody"}, "")):
        refused = browser.post("/sharing/grants/new/", {**said, **wrong, "key": fresh("wrong")})
        assert refused.status_code == 200 and words in refused.content.decode()
    done = shown(browser.post("/sharing/grants/new/", said, follow=True))
    assert "已许可，即刻生效" in done and "核定授信" in done and "累计缴存月数" in done
    number = re.search(r"核定授信\s*(XK\d+)", done)[1]
    ended = shown(browser.post(f"/sharing/grants/{number}/end/", {"key": "end-1"}, follow=True))
    assert "许可已终止，不再供数" in ended and "已终止" in ended
    assert "核定授信" not in shown(world.browser(world.zhang_login).get("/me/consents/"))
    assert world.browser("clerk").get("/sharing/").status_code == 403
