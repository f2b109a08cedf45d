"""提取, on a phone: a young tenant gets her month's money in a few touches, an owner reads why not, a family gets what its centre gives.

An estate of its own: these people live under the Regulation of 2026-09-20, with the departments beside them.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Fund, opened, screenshot
from tests.browser.withdrawal_fund import ON
from tests.support.estate import Estate

KEY = "estate-departments"


@pytest.fixture(scope="module")
def town(template: tuple[Any, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Fund, Any]]:
    """The running fund, and the control of its departments."""
    from demo.departments.control import start

    cluster, source = template
    folder = tmp_path_factory.mktemp("withdrawals")
    (folder / "keys").mkdir()
    departments = start(key=KEY)
    estate = Estate(folder, cluster, source, f"withdrawals_{os.getpid()}", ON)
    estate.environment |= {"HPF_DEPARTMENTS_URL": departments.url, "HPF_DEPARTMENTS_KEY": KEY}
    try:
        estate.start("bank")
        plan = json.loads(estate.run("-m", "tests.browser.withdrawal_fund", estate.bank.url, departments.url))
        estate.start("server")
        estate.start("worker")
        yield Fund(estate, plan), departments.control
    finally:
        estate.stop()
        departments.kill()


def apply_for_rent(page: Page, card: str) -> None:
    """From the home page: what may I withdraw, rent, card, consent, done."""
    page.goto("/me/")
    page.get_by_role("link", name=re.compile("我能提取什么")).click()
    page.get_by_role("link", name=re.compile("^租房")).click()
    page.get_by_label("收款银行卡号").fill(card)
    page.get_by_label(re.compile("同意就本次提取查询")).check()
    page.get_by_role("button", name="提交申请").click()


def test_a_young_tenant_gets_her_months_money_from_a_phone(town: tuple[Fund, Any], browser: Browser) -> None:
    fund, _ = town
    with opened(fund, browser, "young", phone=True) as page:
        page.goto("/me/withdrawals/")
        expect(page.get_by_role("link", name=re.compile("^租房"))).to_be_visible()
        screenshot(page, "withdrawal-menu-phone")
        began = time.monotonic()
        page.get_by_role("link", name=re.compile("^租房")).click()
        page.get_by_label("提取金额（元）").fill("1200")
        page.get_by_label("收款银行卡号").fill(fund.plan["users"]["young"]["card"])
        page.get_by_label(re.compile("同意就本次提取查询")).check()
        screenshot(page, "withdrawal-apply-phone")
        page.get_by_role("button", name="提交申请").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("1,200.00")
        assert time.monotonic() - began < 60
        expect(page.locator("main")).to_contain_text("当地住房套数")
        screenshot(page, "withdrawal-approved-phone")
        _wait_until_paid(page)
        screenshot(page, "withdrawal-paid-phone")
        page.goto("/me/consents/")
        expect(page.locator("main")).to_contain_text("办理住房公积金提取")
        page.goto("/me/consents/asked/")
        expect(page.locator("main")).to_contain_text("当地住房套数")


def _wait_until_paid(page: Page) -> None:
    for _ in range(60):
        if "已到账" in page.locator("main").inner_text():
            return
        time.sleep(1)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


def test_an_owner_is_refused_with_article_and_fact(town: tuple[Fund, Any], browser: Browser) -> None:
    fund, _ = town
    with opened(fund, browser, "owner", phone=True) as page:
        apply_for_rent(page, fund.plan["users"]["owner"]["card"])
        main = page.locator("main")
        expect(page.get_by_role("heading", level=1)).to_contain_text("不予提取")
        expect(main).to_contain_text("自有住房1套")
        expect(main).to_contain_text("《住房公积金管理条例》（2026年修订）第24条")
        expect(main).to_contain_text("申请复核")
        screenshot(page, "withdrawal-refused-phone")


@pytest.mark.parametrize(("who", "amount"), [("family", "30,000.00"), ("family_provincial", "60,000.00")])
def test_a_family_with_several_children_gets_what_its_centre_gives(town: tuple[Fund, Any], browser: Browser, who: str, amount: str) -> None:
    fund, _ = town
    with opened(fund, browser, who, phone=True) as page:
        apply_for_rent(page, fund.plan["users"][who]["card"])
        expect(page.get_by_role("heading", level=1)).to_contain_text(amount)
        screenshot(page, f"withdrawal-{who}-phone")


def test_two_people_at_the_counter_decide_what_no_department_could_tell(town: tuple[Fund, Any], browser: Browser) -> None:
    fund, departments = town
    departments.set_faults(silent={"probability": 1.0, "departments": ["TITLES"]})
    with opened(fund, browser, "doubt", phone=True) as page:
        apply_for_rent(page, fund.plan["users"]["doubt"]["card"])
        expect(page.get_by_role("heading", level=1)).to_contain_text("转人工审核")
        screenshot(page, "withdrawal-referred-phone")
    departments.no_faults()
    with opened(fund, browser, "clerk") as page:
        page.goto("/counter/withdrawals/")
        screenshot(page, "withdrawal-list")
        page.get_by_role("link", name=re.compile("^TQ01")).first.click()
        expect(page.locator("main")).to_contain_text("不动产登记")
        screenshot(page, "withdrawal-case")
        page.get_by_label(re.compile("核实：本人在缴存城市的住房套数")).fill("0")
        page.get_by_label("核实所凭材料").fill("不动产查询结果第23号")
        page.get_by_label("理由").fill("已到登记窗口查询，名下没有住房")
        page.get_by_role("button", name=re.compile("由另一人复核")).click()
        expect(page.locator("main")).to_contain_text("待复核")
        address = page.url
    with opened(fund, browser, "checker") as page:
        page.goto(address)
        page.get_by_role("button", name="复核通过").click()
        expect(page.locator("main")).to_contain_text("付款中")
        expect(page.locator("main")).to_contain_text("人工核实·不动产查询结果第23号")
        screenshot(page, "withdrawal-reviewed")
