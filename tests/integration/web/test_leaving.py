"""单位销户、集中封存 by the pages: each obstacle with where to settle it, the custody of its people, and two people for every step."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.integration.web.conftest import LANZHOU


def waiting(world, action):
    from hpf.access import queries

    with world.centre.scope():
        rows, _ = queries.submissions(LANZHOU)
    return [row for row in rows if row.action == action]


def approve(world, action):
    number = waiting(world, action)[-1].submission_no
    return world.browser("checker").post(f"/counter/queue/{number}/approve/", follow=True).content.decode()


def fault(answer, field):
    found = re.search(rf'id="id_{field}_error">([^<]+)<', answer.content.decode())
    return found[1] if found else ""


@pytest.fixture(scope="module")
def ending(world):
    """A unit of four that goes bankrupt: July booked, August owed from 17 August on, one person sealed, 500 yuan prepaid."""
    from hpf.accounts.services import seal
    from tests.support.people import AT, fresh

    unit, people = world.centre.unit_with_people("兰州终止有限公司", 4)
    world.centre.booked_month(unit)
    sealed = seal(
        by=world.centre.by,
        centre_id=LANZHOU,
        account_no=people[3],
        reason="LEFT",
        left_on=date(2026, 8, 1),
        on=world.centre.on,
        at=AT,
        key=fresh(),
    )
    assert sealed.value, sealed.reasons
    receipt = world.centre.pay_in("500.00", summary="预缴款")
    world.centre.call("prepay", employer_account_no=unit, receipt_no=receipt, business_on=world.centre.on)
    return unit, people


def page_of(world, unit, login="clerk"):
    return world.browser(login).get(f"/counter/unit/{unit}/leaving/").content.decode()


def test_every_obstacle_is_named_with_where_to_settle_it(world, ending):
    unit, _ = ending
    from hpf.kernel.period import Month

    waiting_list = world.centre.confirmed(unit, Month(2026, 8)).remittance_no
    content = page_of(world, unit)
    for words in ("清册未办结", f'href="/counter/lists/{waiting_list}/"', "职工未转出", "正常账户3个、封存账户1个", "预缴余额500.00元"):
        assert words in content
    assert f'href="/counter/unit/{unit}/leaving/prepaid/"' in content and "销户（须复核）" not in content
    refused = world.browser("clerk").post(f"/counter/unit/{unit}/leaving/", {"reason": "BANKRUPT", "key": "early"})
    assert "还有3项没有办结：清册未办结、职工未转出、预缴有余额" in refused.content.decode()
    assert waiting(world, "accounts.close_employer_account") == []
    world.centre.call("cancel", remittance_no=waiting_list, reason="破产")


def test_custody_needs_an_account_of_the_centre_and_says_so(world, ending):
    unit, _ = ending
    assert "还没有集中封存专户" in page_of(world, unit)
    clerk = world.browser("clerk")
    assert "开立专户</button>" in clerk.get("/counter/custody/").content.decode()
    assert "开立专户</button>" not in world.browser("checker").get("/counter/custody/").content.decode()
    assert world.browser("checker").post("/counter/custody/new/", {"name": "专户", "district": "620102", "key": "no"}).status_code == 403
    nameless = clerk.post("/counter/custody/new/", {"name": "", "district": "620102", "key": "empty"})
    assert fault(nameless, "name")
    form = {"name": "兰州中心集中封存专户", "district": "620102", "key": "open-custody"}
    for _ in "12":
        opened = clerk.post("/counter/custody/new/", form, follow=True).content.decode()
        assert opened.count("兰州中心集中封存专户") >= 1
    from hpf.accounts import queries

    with world.centre.scope():
        assert len(queries.employer_accounts(LANZHOU, kinds=("CUSTODY",)).rows) == 1


def custody_no(world):
    from hpf.accounts import queries

    with world.centre.scope():
        return queries.employer_accounts(LANZHOU, kinds=("CUSTODY",)).rows[0].account_no


def test_sealed_people_go_into_custody_by_two_people(world, ending):
    unit, people = ending
    clerk, address = world.browser("clerk"), f"/counter/unit/{unit}/leaving/custody/"
    form = {
        "custody-custody_account_no": custody_no(world),
        "custody-scope": "NAMED",
        "custody-account_nos": f"{world.teachers[0]}，{people[3]}",
        "key": "c1",
    }
    stranger = clerk.post(address, form)
    assert f"1个账号不是本单位未销户的个人账户（{world.teachers[0]}）" in fault(stranger, "custody-account_nos")
    empty = clerk.post(address, {**form, "custody-account_nos": " ", "key": "c2"})
    assert "请填写要转入的个人账号" in fault(empty, "custody-account_nos")
    assert waiting(world, "accounts.into_custody") == []
    sent = clerk.post(address, {**form, "custody-scope": "SEALED", "key": "c3"}, follow=True).content.decode()
    assert "已提交复核" in sent and "转入集中封存" in sent
    (made,) = waiting(world, "accounts.into_custody")
    assert made.content["account_nos"] == [people[3]] and ["转入账户", "1个"] in made.shown
    assert "提交复核</button>" not in page_of(world, unit)
    assert world.centre.view(people[3]).kind == "REGULAR"
    assert world.browser("clerk").post(f"/counter/queue/{made.submission_no}/approve/").status_code == 403
    assert "转入集中封存已办理" in approve(world, "accounts.into_custody")
    moved = world.centre.view(people[3])
    assert (moved.kind, moved.state, moved.employer_account_id) == (
        "CUSTODY",
        "SEALED",
        world.centre_account(custody_no(world)).employer_account_id,
    )
    assert "没有封存账户" in fault(clerk.post(address, {**form, "custody-scope": "SEALED", "key": "c4"}), "custody-scope")


def test_the_rest_goes_with_its_money_and_the_prepaid_money_is_asked_back(world, ending):
    unit, people = ending
    before = world.centre.money(people[0]).balance
    form = {"custody-custody_account_no": custody_no(world), "custody-scope": "ALL", "key": "all"}
    world.browser("clerk").post(f"/counter/unit/{unit}/leaving/custody/", form)
    assert ["其中正常", "3个，同时封存"] in waiting(world, "accounts.into_custody")[-1].shown
    approve(world, "accounts.into_custody")
    assert [world.centre.view(no).state for no in people] == ["SEALED"] * 4
    assert world.centre.money(people[0]).balance == before
    content = page_of(world, unit)
    assert "职工未转出" not in content and "预缴有余额" in content

    address = f"/counter/unit/{unit}/leaving/prepaid/"
    form = {
        "amount": "600.00",
        "payee_name": "兰州终止有限公司",
        "payee_account": "6222000011112222",
        "payee_bank": "105100000017",
        "reason": "销户",
        "key": "r1",
    }
    assert "600.00" in fault(world.browser("clerk").post(address, form), "amount")
    asked = world.browser("clerk").post(address, {**form, "amount": "500.00", "key": "r2"})
    assert asked["Location"].startswith("/counter/refunds/")
    assert world.browser("accountant").post(address, form).status_code == 403
    content = page_of(world, unit)
    assert "退款未办结" in content and asked["Location"] in content


def test_a_unit_without_obstacles_is_closed_by_two_people_and_once(world):
    unit = world.centre.unit("兰州空壳有限公司", first_month="2026-09")
    clerk, address = world.browser("clerk"), f"/counter/unit/{unit}/leaving/"
    assert "全部办结" in page_of(world, unit)
    unnamed = clerk.post(address, {"reason": "", "key": "n"})
    assert fault(unnamed, "reason") and waiting(world, "accounts.close_employer_account") == []
    assert world.browser("checker").post(address, {"reason": "DISSOLVED", "key": "n2"}).status_code == 403
    sent = clerk.post(address, {"reason": "DISSOLVED", "key": "d"}, follow=True).content.decode()
    assert "销户已提交复核" in sent and "销户（须复核）" not in sent
    again = clerk.post(address, {"reason": "DISSOLVED", "key": "d2"}, follow=True).content.decode()
    assert "已经提交复核，请等待复核" in again
    assert len(waiting(world, "accounts.close_employer_account")) == 1
    assert world.centre.unit_view(unit).state == "OPENED"
    assert "单位销户已办理" in approve(world, "accounts.close_employer_account")
    assert world.centre.unit_view(unit).state == "CLOSED"
    assert "原因：解散" in page_of(world, unit)


def test_what_is_owed_needs_a_decision_in_writing_also_when_the_people_have_left(world):
    from tests.support.people import resident_id

    unit = world.centre.unit("兰州欠缴破产厂")
    account = world.centre.member(unit, "周八", resident_id(977), another_person=True)
    clerk, address = world.browser("clerk"), f"/counter/unit/{unit}/leaving/"
    assert "2026年7月，共 1,200.00 元" in page_of(world, unit)
    clerk.post(f"{address}custody/", {"custody-custody_account_no": custody_no(world), "custody-scope": "ALL", "key": "owed-c"})
    approve(world, "accounts.into_custody")
    assert world.centre.view(account).kind == "CUSTODY"
    content = page_of(world, unit)
    assert "其余已办结" in content and "2026年7月，共 1,200.00 元" in content
    refused = clerk.post(address, {"reason": "BANKRUPT", "key": "owed-1"})
    assert "单位欠缴1,200.00元，请先补缴" in fault(refused, "arrears_decision_no")
    decided = {"reason": "BANKRUPT", "arrears_decision_no": "（2026）甘01破3号", "key": "owed-2"}
    clerk.post(address, decided)
    assert ["处理决定文号", "（2026）甘01破3号"] in waiting(world, "accounts.close_employer_account")[-1].shown
    assert "单位销户已办理" in approve(world, "accounts.close_employer_account")
    assert world.centre.unit_view(unit).state == "CLOSED"


def test_the_page_of_a_large_unit_asks_no_more_often(world, queries):
    counts = []
    for size in (3, 40):
        unit, _ = world.centre.unit_with_people(f"兰州销户{size}人厂", size, first_month="2026-09")
        browser = world.browser("clerk")
        browser.get(f"/counter/unit/{unit}/leaving/")
        queries.clear()
        browser.get(f"/counter/unit/{unit}/leaving/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 32, counts
