"""The court desk on its pages, and the silence everywhere else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.integration.web.conftest import LANZHOU, PASSWORD, SECRET, World

MARKERS = ("标记区人民法院", "标记执888号", "标记执行员", "GZ-标记", "27009标记")
ELSEWHERE = ("clerk", "checker", "accountant", "director", "system", "security", "auditor", "operator")


@pytest.fixture(scope="module")
def world(database):
    from hpf.access import services
    from hpf.access.services.appointments import NewUser
    from hpf.kernel.actor import Actor

    world = World()
    officers = tuple(
        NewUser(login, f"查控{login[-1]}", "STAFF", "COURT_OFFICER", second_factor_secret=SECRET) for login in ("officer1", "officer2")
    )
    services.register_users(
        by=Actor.system(LANZHOU), centre_id=LANZHOU, users=officers, password=PASSWORD, at=datetime.now(UTC), key="officers"
    )
    return world


def scan(name):
    return SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.7 scan", content_type="application/pdf")


def filled(world, **other):
    from hpf.parties import queries as parties

    with world.centre.scope():
        identity = parties.full_identity(world.zhang.person_id)
    said = {
        "action": "FREEZE", "court_name": "标记区人民法院", "case_no": "（2026）标记执888号", "ruling_no": "标记裁1", "notice_no": "标记协1",
        "person_name": identity.name, "id_kind": "RESIDENT_ID", "id_number": identity.id_number, "amount": "700.00",
        "officer1_name": "标记执行员甲", "officer1_work": "GZ-标记1", "officer1_card": "ZX1",
        "officer2_name": "标记执行员乙", "officer2_work": "GZ-标记2", "officer2_card": "ZX2",
        "payee_name": "标记区人民法院执行款专户", "payee_account": "27009标记", "key": f"k{len(str(other))}{datetime.now(UTC).timestamp()}",
    } | other  # fmt: skip
    return said | {"ruling": scan("裁定书"), "notice": scan("通知书")}


def words(response):
    """What the page says, without what is new at every look."""
    text = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(text))


def crawl(browser, start, limit=120):
    """{address: page} of everything that can be reached by links."""
    seen, todo = {}, [start]
    while todo and len(seen) < limit:
        address = todo.pop(0)
        if address in seen or "sign-out" in address:
            continue
        response = browser.get(address, follow=True)
        seen[address] = response
        if response.get("Content-Type", "").startswith("text/html"):
            found = re.findall(r'href="(/[^"#]*)', response.content.decode())
            todo += [unescape(link) for link in found if link not in seen and not link.startswith("/static")]
    return seen


def test_a_paper_is_entered_checked_by_another_and_served(world):
    one, two = world.browser("officer1"), world.browser("officer2")
    refused = one.post("/counter/court/new/", {k: v for k, v in filled(world).items() if k not in ("ruling", "notice")})
    assert "缺少执行裁定书、协助执行通知书" in words(refused)
    entered = one.post("/counter/court/new/", filled(world), follow=True)
    address = entered.redirect_chain[-1][0]
    assert "待复核" in words(entered) and "本件由您录入" in words(entered)
    own = one.post(f"{address}pass/", {"key": "own"}, follow=True)
    assert "由您本人录入，不得自行复核" in words(own)
    done = two.post(f"{address}pass/", {"key": "two"}, follow=True)
    text = words(done)
    assert "已复核并办理" in text and "700.00" in text and "生效" in text
    document = re.search(r'href="(/counter/court/[^"]+/document/\d+/)"', done.content.decode())
    assert two.get(document[1]).content == b"%PDF-1.7 scan"
    listed = words(two.get("/counter/court/"))
    assert "标记区人民法院" in listed and "已办结" in listed
    prefilled = two.get(re.search(r'href="(/counter/court/new/\?freeze=[^"]+RELEASE)"', done.content.decode())[1].replace("&amp;", "&"))
    assert "（2026）标记执888号" in prefilled.content.decode()


def test_who_has_not_the_post_sees_no_page_and_no_menu(world):
    for login in (*ELSEWHERE, "province"):
        browser = world.browser(login)
        assert browser.get("/counter/court/").status_code == 403, login
        assert browser.get("/counter/court/CK01260803000001/").status_code == 403
        home = browser.get("/", follow=True)
        assert "/counter/court/" not in home.content.decode(), login
    assert world.browser(world.zhang_login).get("/counter/court/").status_code == 403
    assert "/counter/court/" in world.browser("officer1").get("/", follow=True).content.decode()


def test_nothing_of_an_order_is_on_any_other_page(world):
    """Every page that each post, the employer and the person can reach: no marker, and no word of a freeze."""
    counted = 0
    for login in (*ELSEWHERE, world.zhang_login):
        for address, response in crawl(world.browser(login), "/").items():
            if not response.get("Content-Type", "").startswith("text/html"):
                continue
            text = words(response)
            counted += 1
            assert not [marker for marker in MARKERS if marker in text], (login, address)
            assert "暂不可用" not in text, (login, address)
    assert counted > 100


def test_the_person_the_employer_and_the_clerk_read_the_same_words_before_and_after(world):
    from tests.support.courts import Desk

    account_no = world.zhang.account_no
    pages = {
        "clerk": [f"/counter/person/{account_no}/", f"/counter/unit/{world.school}/", f"/counter/unit/{world.school}/people/", "/counter/payments/"],
        "operator": ["/unit/people/", f"/unit/people/{account_no}/", "/unit/"],
        world.zhang_login: ["/me/", "/me/entries/", "/me/interest/", "/me/looks/", "/"],
    }  # fmt: skip

    def read():
        found = {}
        for login, addresses in pages.items():
            browser = world.browser(login)
            for address in addresses:
                text = words(browser.get(address, follow=True))
                found[login, address] = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?|\d\d:\d\d", "时刻", text)
        return found

    read()
    before = read()
    assert any("张三" in text for text in before.values())
    desk = Desk(LANZHOU)
    desk.people[account_no] = ("张三", world.zhang_number)
    order = desk.send(account_no, desk_action("FREEZE"), whole=True)
    desk.send(account_no, desk_action("QUERY"))
    world.browser("officer1").get(f"/counter/court/{order.order_no}/")
    after = read()
    for place, text in before.items():
        if place[1] != "/me/looks/":
            assert after[place] == text, place
    looks = after[world.zhang_login, "/me/looks/"]
    assert "查控" not in looks and "法院" not in looks


def desk_action(name):
    from hpf.freezes.rules.orders import Action

    return Action(name)


def test_every_look_is_in_the_audit_log_under_the_papers_number(world):
    from django.db import connections

    one = world.browser("officer1")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_audit WHERE subject LIKE '查控文书%%'")
        before = cursor.fetchone()[0]
        listed = one.get("/counter/court/")
        address = re.search(r'href="(/counter/court/CK[^"]+/)"', listed.content.decode())[1]
        one.get(address)
        cursor.execute(
            "SELECT subject, purpose, person_id, user_name FROM access_audit WHERE subject LIKE '查控文书%%' ORDER BY id OFFSET %s",
            [before],
        )
        looks = cursor.fetchall()
    assert [(purpose, person, who) for _, purpose, person, who in looks] == [("办理司法查控", None, "查控1")] * 2
    assert looks[1][0] == f"查控文书 {address.split('/')[3]}"


def test_a_refused_refund_names_no_cause(world):
    """What the counter reads when money is not there: the same words as for an account that is merely short."""
    from hpf.contributions.rules import refusals
    from hpf.kernel.money import Money

    assert "冻结" not in refusals.balance_too_small("1", Money(1)).message
