"""The member's and the counter's pages of withdrawals, against the running departments."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest


class Desk:
    """Lanzhou with people who may sign in."""

    def __init__(self, centre: Any) -> None:
        self.centre = centre

    def login(self, name: str, role: str, account: str | None = None) -> Any:
        """A signed-in browser for somebody new."""
        from django.contrib.sessions.backends.db import SessionStore
        from django.test import Client
        from django.utils import timezone

        from hpf.access import queries
        from hpf.access.services import register_users
        from hpf.access.services.appointments import NewUser
        from tests.support.people import fresh

        person = self.centre.view(account).person_id if account else None
        user = NewUser(fresh("u"), name, "STAFF", role, second_factor_secret="JBSWY3DPEHPK3PXP")
        if person:
            user = NewUser(fresh("u"), name, "MEMBER", role, person_id=person)
        register_users(
            by=self.centre.by,
            centre_id=self.centre.centre_id,
            users=(user,),
            password="一个够长的口令2026",
            at=timezone.now(),
            key=fresh("users"),
        )
        found = queries.user(queries.user_id_of(user.login))
        client, session, at = Client(), SessionStore(), timezone.localtime().isoformat()
        session.update({
            "user_id": found.user_id, "appointment_id": found.appointments[0].appointment_id, "centre_name": "兰州住房公积金管理中心",
            "stamp": found.stamp, "began_at": at, "seen_at": at,
        })  # fmt: skip
        session.create()
        client.cookies["sessionid"] = session.session_key
        return client


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture(scope="module")
def desk(lanzhou: Any) -> Any:
    from django.conf import settings

    from hpf.access.services import load_roles

    settings.HPF_DEPARTMENTS_URL = lanzhou.departments.url
    load_roles()
    return Desk(lanzhou)


APPLY = {"months": ["2026-09"], "rental_kind": "MARKET", "amount": "1200", "card": "6222021001112223334", "consent": "on"}


def test_a_tenant_sees_what_she_may_withdraw_and_gets_it(desk, lanzhou):
    account, _ = lanzhou.tenant("苏小雨")
    browser = desk.login("苏小雨", "MEMBER", account)
    menu = text_of(browser.get("/me/withdrawals/"))
    assert "租房 最多 3,600.00 元" in menu and "申请时经您同意向有关部门核查" in menu
    assert "离休、退休" in menu
    form = text_of(browser.get("/me/withdrawals/new/RENT/"))
    assert "不动产登记·当地住房套数" in form and "2026年9月" in form
    shown = text_of(browser.post("/me/withdrawals/new/RENT/", APPLY | {"key": "t1"}, follow=True))
    assert "1,200.00" in shown and "付款中" in shown
    assert "核查到的情况" in shown and "不动产登记·当地住房套数" in shown
    again = text_of(browser.post("/me/withdrawals/new/RENT/", APPLY | {"key": "t1"}, follow=True))
    assert "1,200.00" in again, "the same form sent twice is one application"
    assert len(lanzhou.seen("applications_of_person", lanzhou.view(account).person_id)) == 1


def test_an_owner_reads_article_and_fact(desk, lanzhou):
    account, _ = lanzhou.tenant("苏有屋", homes_in_place=2)
    browser = desk.login("苏有屋", "MEMBER", account)
    shown = text_of(browser.post("/me/withdrawals/new/RENT/", APPLY | {"key": "o1"}, follow=True))
    assert "不予提取" in shown and "自有住房2套" in shown
    assert "《住房公积金管理条例》（2026年修订）第24条" in shown and "申请复核" in shown


def test_without_consent_nothing_is_asked_and_a_person_decides(desk, lanzhou):
    account, _ = lanzhou.tenant("苏不愿")
    browser = desk.login("苏不愿", "MEMBER", account)
    given = {name: value for name, value in APPLY.items() if name != "consent"} | {"key": "c1"}
    shown = text_of(browser.post("/me/withdrawals/new/RENT/", given, follow=True))
    assert "转人工审核" in shown and "授权" in shown


def test_nobody_elses_application_is_found(desk, lanzhou):
    account, _ = lanzhou.tenant("苏一")
    number = lanzhou.applied(account, "苏一")
    other, _ = lanzhou.tenant("苏二")
    browser = desk.login("苏二", "MEMBER", other)
    assert browser.get(f"/me/withdrawals/{number}/").status_code == 404
    assert browser.post(f"/me/withdrawals/{number}/take_back/", {"key": "x"}).status_code == 404
    assert lanzhou.case(number).state == "ACCEPTED"


def test_two_people_at_the_counter_decide_what_nobody_could_tell(desk, lanzhou, departments):
    account, _ = lanzhou.tenant("苏待核")
    departments.set_faults(silent={"probability": 1.0, "departments": ["TITLES"]})
    number = lanzhou.withdrawn(account, "苏待核", said=(("rental_kind", "MARKET"),), asked=None).application_no
    departments.no_faults()
    clerk, checker = desk.login("赵柜员", "COUNTER_CLERK"), desk.login("钱复核", "CHECKER")
    assert number in text_of(clerk.get("/counter/withdrawals/"))
    page = text_of(clerk.get(f"/counter/withdrawals/{number}/"))
    assert "余 6 天" in page and "本人在缴存城市的住房套数" in page and "不明" in page
    said = {"opinion": "BY_RULE", "reason": "已查登记簿", "source": "查询结果证明第9号", "fact_homes_in_place": "0", "key": "r1"}
    empty = text_of(clerk.post(f"/counter/withdrawals/{number}/review/", said | {"reason": "", "key": "r0"}))
    assert "请填写理由" in empty
    reviewed = text_of(clerk.post(f"/counter/withdrawals/{number}/review/", said, follow=True))
    assert "待复核" in reviewed
    assert clerk.post(f"/counter/withdrawals/{number}/check/pass/", {"key": "p0"}).status_code == 403
    passed = text_of(checker.post(f"/counter/withdrawals/{number}/check/pass/", {"key": "p1"}, follow=True))
    assert "付款中" in passed and "人工核实·查询结果证明第9号" in passed
    assert lanzhou.case(number).state == "IN_SETTLEMENT"


def test_at_the_counter_for_a_member_who_came(desk, lanzhou):
    account, _ = lanzhou.tenant("苏来访")
    clerk = desk.login("孙柜员", "COUNTER_CLERK")
    menu = text_of(clerk.get(f"/counter/withdrawals/for/{account}/"))
    assert "租房 还需了解" in menu
    done = text_of(clerk.post(f"/counter/withdrawals/for/{account}/RENT/", APPLY | {"key": "v1"}, follow=True))
    assert "付款中" in done
    assert "请填写依据的材料" in text_of(clerk.post(f"/counter/withdrawals/for/{account}/death/", {"key": "d0", "died_on": "2026-09-24"}))
    dead = text_of(
        clerk.post(f"/counter/withdrawals/for/{account}/death/", {"key": "d1", "died_on": "2026-09-24", "source": "证明第3号"}, follow=True)
    )
    assert "标注待核查1件" in dead


def test_the_list_of_what_may_be_withdrawn_costs_a_handful_of_questions_to_the_database(lanzhou, queries):
    from hpf.withdrawals.queries import what_may_be_withdrawn

    account, _ = lanzhou.tenant("苏查询")
    with lanzhou.scope():
        view = lanzhou.view(account)
        what_may_be_withdrawn(1, view, lanzhou.on)
        queries.clear()
        options = what_may_be_withdrawn(1, view, lanzhou.on)
    assert len(options) == 16
    assert len(queries) <= 12, queries


def test_a_couple_withdraws_with_the_others_consent(desk, lanzhou):
    """Without the spouse's consent nobody is asked about her, and a person must decide; with its number it goes by itself."""
    husband, his = lanzhou.tenant("苏丈夫", marital_state="MARRIED")
    wife, hers = lanzhou.tenant("苏妻子", marital_state="MARRIED")
    lanzhou.departments.marry(his, hers)
    lanzhou.departments.facts(his, spouse_ref=hers)
    his_browser, her_browser = desk.login("苏丈夫", "MEMBER", husband), desk.login("苏妻子", "MEMBER", wife)
    alone = text_of(his_browser.post("/me/withdrawals/new/RENT/", APPLY | {"key": "s1"}, follow=True))
    assert "转人工审核" in alone and "配偶在缴存城市的住房套数" in alone
    number = re.search(r"TQ\d+", alone)[0]
    his_browser.post(f"/me/withdrawals/{number}/take_back/", {"key": "s2"})
    told = text_of(her_browser.post("/me/withdrawals/spouse/", {"key": "s3"}, follow=True))
    consent = re.search(r"SQ\d+", told)[0]
    together = text_of(his_browser.post("/me/withdrawals/new/RENT/", APPLY | {"key": "s4", "spouse_consent": consent}, follow=True))
    assert "付款中" in together, together
