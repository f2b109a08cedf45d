"""提取监管的页面: constant queries, from the province to the rows, nobody's name, and only for whom it is meant."""

from __future__ import annotations

import re

import pytest

from hpf.kernel.money import Money
from tests.integration.web.conftest import PASSWORD, SECRET, World
from tests.support.people import fresh
from tests.support.withdrawals import ON

LATIN = re.compile(r"[A-Za-z]{3,}")
YEAR = f"?on={ON.isoformat()}"
PAGES = {
    "/supervisor/withdrawals/": 5,
    "/supervisor/withdrawals/1/": 5,
    "/supervisor/withdrawals/16/": 5,
    "/supervisor/withdrawals/1/days/": 3,
    "/supervisor/withdrawals/1/cases/": 3,
    "/supervisor/withdrawals/1/cases/?way=REFUSED&law=条例/24@2026": 3,
}


class Browsers:
    """A signed-in browser for each login."""

    def browser(self, login):
        return World.browser(self, login)


@pytest.fixture(scope="module")
def world(database):
    """Staff of two centres, a supervisor and a planner of the province."""
    from datetime import UTC, datetime

    from hpf.access import services
    from hpf.access.services.appointments import NewUser
    from hpf.kernel.actor import Actor

    for centre_id, users in {
        0: [("province", "SUPERVISOR", "SUPERVISOR"), ("planner", "SUPERVISOR", "PLAN_OFFICE")],
        1: [("director", "STAFF", "DIRECTOR"), ("clerk", "STAFF", "COUNTER_CLERK"), ("auditor", "STAFF", "AUDIT_ADMIN")],
        2: [("director2", "STAFF", "DIRECTOR")],
    }.items():
        new = tuple(NewUser(login, f"某{login}", audience, role, second_factor_secret=SECRET) for login, audience, role in users)
        services.register_users(
            by=Actor.system(centre_id), centre_id=centre_id, users=new, password=PASSWORD, at=datetime.now(UTC), key=fresh()
        )
    return Browsers()


@pytest.fixture(scope="module")
def paid(lanzhou):
    """One tenant of Lanzhou paid, one home owner refused."""
    from hpf.treasury.rules.payments import Told

    lanzhou.departments.no_faults()
    account, _ = lanzhou.tenant("陈晓晓")
    moved = lanzhou.withdrawn(account, "陈晓晓", said=(("rental_kind", "MARKET"),), asked=Money.yuan("1234.00"))
    lanzhou.bank_says(moved.application_no, Told.DONE)
    owner, _ = lanzhou.tenant("王有房", homes_in_place=1)
    lanzhou.refused = lanzhou.withdrawn(owner, "王有房", said=(("rental_kind", "MARKET"),)).application_no
    lanzhou.paid = moved.application_no
    return lanzhou


def read(browser, address: str) -> str:
    page = browser.get(address + ("&" if "?" in address else "?") + YEAR[1:])
    assert page.status_code == 200, address
    return page.content.decode()


def test_as_many_queries_for_sixteen_centres_as_for_one(world, paid):
    from django.db import connections

    browser, seen, counts = world.browser("province"), [], {}
    with connections["observer"].execute_wrapper(lambda execute, *call: (seen.append(call[0]), execute(*call))[1]):
        for page in PAGES:
            seen.clear()
            read(browser, page)
            counts[page] = len(seen)
    assert counts == PAGES


def test_from_the_province_to_a_centre_to_its_rows(world, paid):
    browser = world.browser("province")
    home = read(browser, "/supervisor/withdrawals/")
    assert f'<a href="/supervisor/withdrawals/1/{YEAR}">' in home and "1,234.00" in home and "50.00%" not in home
    assert home.count("无基数") >= 16 and "100.00%" in home
    centre = read(browser, "/supervisor/withdrawals/1/")
    assert "《住房公积金管理条例》（2026年修订）第24条" in centre and "租房" in centre
    paid_rows = read(browser, "/supervisor/withdrawals/1/cases/?way=PAID&ground=RENT")
    assert paid.paid in paid_rows and paid.refused not in paid_rows and "1,234.00" in paid_rows
    refused_rows = read(browser, "/supervisor/withdrawals/1/cases/?way=REFUSED&law=条例/24@2026")
    assert paid.refused in refused_rows and paid.paid not in refused_rows
    for page in (home, centre, paid_rows, refused_rows):
        assert not any(name in page for name in ("陈晓晓", "王有房", "6222021001112223334"))
    assert "没有这样的提取申请" in read(browser, "/supervisor/withdrawals/16/cases/")


def test_wrong_addresses_are_not_found(world, paid):
    browser = world.browser("province")
    for wrong in ("/supervisor/withdrawals/99/", "/supervisor/withdrawals/1/cases/?way=ALL", "/supervisor/withdrawals/1/cases/?ground=X",
                  "/supervisor/withdrawals/?on=2026-02-30", "/supervisor/withdrawals/?on=0001-01-01"):  # fmt: skip
        assert browser.get(wrong).status_code == 404, wrong


@pytest.mark.parametrize("login", ["director", "director2", "clerk", "auditor"])
def test_staff_of_whatever_centre_does_not_see_it(world, paid, login):
    for page in PAGES:
        assert world.browser(login).get(page).status_code == 403, page


def test_the_planner_sets_any_centres_plan_and_a_director_his_own(world, paid):
    from hpf.withdrawals.queries.supervision import rent_plans

    def said(login: str, centre: int, amount: str, **more: str):
        sent = {"of_centre": centre, "year": 2026, "plan": amount, "reason": "管委会批准的年度计划", "key": fresh("form")} | more
        return world.browser(login).post("/rent-plan/new/", sent)

    from hpf.web.page import now

    year = now().year
    assert said("planner", 1, "100,000.00", year=year).status_code == 302
    assert said("director2", 2, "5000", year=year).status_code == 302
    refused = said("director2", 1, "1.00", year=year)
    assert refused.status_code == 200 and "选择一个有效的选项" in refused.content.decode()
    wrong = said("director2", 2, "0", year=year)
    assert wrong.status_code == 200 and "请填写全年计划金额" in wrong.content.decode() and "甘建金〔2024〕26号" in wrong.content.decode()
    assert [(each.centre_id, each.plan, each.by_province) for each in rent_plans([year])] == [
        (1, Money.yuan("100000.00"), True), (2, Money.yuan("5000.00"), False),
    ]  # fmt: skip
    mine, all_ = (world.browser(login).get("/rent-plan/").content.decode() for login in ("director2", "planner"))
    assert "5,000.00" in mine and "100,000.00" not in mine
    assert "5,000.00" in all_ and "100,000.00" in all_
    assert world.browser("clerk").get("/rent-plan/").status_code == 403
    assert world.browser("province").get("/rent-plan/new/").status_code == 403
    if year == ON.year:
        home = read(world.browser("province"), "/supervisor/withdrawals/")
        assert "1.18%" in home  # 1,234 of the 105,000 of both centres


def test_the_pages_speak_chinese(world, paid):
    browser = world.browser("province")
    for page in PAGES:
        body = re.sub(r"<script.*?</script>|<[^>]+>", " ", read(browser, page).split("<main", 1)[1].partition(">")[2], flags=re.DOTALL)
        assert set(LATIN.findall(body)) <= {"nbsp", "OpenHPF"}, page
