"""一张清册的一天: from a file with twelve defects to a closed day, seen by everybody it concerns."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Fund, Visit, screenshot
from tests.browser.lists import TWELVE, good, spoiled

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PEOPLE, TOTAL = "9,998", "16,667,040.00"
OF_THE_MEMBER = "2,040.00"  # 12 % of 8,500 twice


def test_one_list(fund: Fund, visit: Visit) -> None:
    unit = fund.plan["big"]
    employer = visit("employer_big")

    _upload(employer, "2026年8月清册.xlsx", spoiled(unit["members"]))
    _watch_the_bar(employer)
    first_no = _number(employer)
    _see_the_twelve_defects(employer)

    employer.get_by_role("link", name="上传更正清册").click()
    _choose(employer, "2026年8月清册（更正）.xlsx", good(unit["members"]))
    expect(employer.get_by_text(f"共 {PEOPLE} 人，应缴 {TOTAL} 元")).to_be_visible(timeout=90_000)
    number = _number(employer)
    assert number != first_no
    screenshot(employer, "list-checked")

    employer.get_by_role("button", name="确认清册").click()
    expect(employer.get_by_role("status")).to_contain_text("清册已确认，请按缴款通知付款")
    expect(employer.locator("main")).to_contain_text("缴款通知")
    fund.estate.bank.pay(unit["payer"], fund.plan["fund_account"], 16_667_040_00, summary=number)
    _reload_until(employer, "已记账")
    screenshot(employer, "list-booked")

    _the_replaced_list_says_so(employer, first_no)
    _close_the_day(visit("accountant"))
    _the_member_sees_the_money(visit("member", phone=True))
    _the_supervisor_sees_the_figure(visit("supervisor"), number)


def _upload(page: Page, name: str, content: bytes) -> None:
    page.goto("/unit/")
    page.get_by_role("link", name="提交缴存清册").last.click()
    _choose(page, name, content)


def _choose(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("清册文件").set_input_files({"name": name, "mimeType": XLSX, "buffer": content})
    page.get_by_role("button", name="上传并核对").click()


def _watch_the_bar(page: Page) -> None:
    """The bar says how many lines there are and how many are done, then the page goes on by itself."""
    expect(page.locator("#progress")).to_contain_text("/ 10,000", timeout=60_000)
    expect(page.get_by_role("progressbar")).to_have_attribute("max", "10000")
    screenshot(page, "list-progress")
    expect(page).to_have_url(re.compile(r"/unit/lists/\d+/$"), timeout=90_000)


def _see_the_twelve_defects(page: Page) -> None:
    rows = [
        [cell.strip() for cell in row]
        for row in page.locator("#defects tbody tr").evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.innerText))")
    ]
    assert [(row[0], row[1]) for row in rows] == [(row, column) for row, column, _ in TWELVE]
    for shown, (_, _, words) in zip(rows, TWELVE, strict=True):
        assert words in shown[3], (words, shown)
        assert "请" in shown[3] + shown[4], f"no remedy: {shown}"
    expect(page.locator("main")).to_contain_text("清册有 12 处差错，请更正后重新上传；在此之前不会缴款，也不会记账")
    expect(page.get_by_role("button", name="确认清册")).to_have_count(0)
    screenshot(page, "list-defects")
    page.set_viewport_size({"width": 390, "height": 844})
    screenshot(page, "list-defects-phone")
    page.set_viewport_size({"width": 1440, "height": 900})


def _number(page: Page) -> str:
    return page.url.rstrip("/").rsplit("/", 1)[1]


def _reload_until(page: Page, text: str) -> None:
    for _ in range(60):
        if page.locator("main").filter(has_text=text).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"“{text}” did not come: {page.locator('main').inner_text()[:400]}")


def _the_replaced_list_says_so(page: Page, number: str) -> None:
    page.goto(f"/unit/lists/{number}/")
    expect(page.locator("main")).to_contain_text("已被更正清册取代")


def _close_the_day(page: Page) -> None:
    page.goto("/counter/day/")
    expect(page.get_by_role("heading", level=1)).to_have_text("日终 2026年8月31日")
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="日终结账").click()
    page.wait_for_url(re.compile(r"/work/\d+/"))
    expect(page.locator("#progress")).to_contain_text("已完成", timeout=120_000)
    page.goto("/counter/day/?on=2026-08-31")
    expect(page.locator("main")).to_contain_text("当前会计日 2026-09-01")
    checks = (
        page.locator("table")
        .first.locator("tbody tr")
        .evaluate_all("rows => rows.map(row => [row.cells[0].innerText, row.cells[5].innerText])")
    )
    assert [name for name, _ in checks][:3] == ["BAL-1", "BAL-2", "BAL-3"], checks
    assert {said.strip() for _, said in checks} == {"相符"}, checks
    screenshot(page, "day-closed")


def _the_member_sees_the_money(page: Page) -> None:
    page.goto("/me/")
    expect(page.get_by_label("账户余额")).to_contain_text(f"{OF_THE_MEMBER}元")
    expect(page.locator("main")).to_contain_text(f"+{OF_THE_MEMBER}")
    screenshot(page, "member-phone")


def _the_supervisor_sees_the_figure(page: Page, number: str) -> None:
    """August's figure of Lanzhou, and that the rows behind it add up to it and hold the list."""
    page.goto("/supervisor/?period=MONTH&on=2026-08-31")
    lanzhou = page.locator("tbody tr", has=page.get_by_role("link", name=re.compile("兰州"))).first
    shown = _cells(page, lanzhou)
    booked = Decimal(shown["本月缴存额"].replace(",", ""))
    screenshot(page, "supervisor")
    lanzhou.get_by_role("link").first.click()
    page.get_by_role("row").filter(has=page.get_by_text("实归集额", exact=True)).get_by_role("link", name=f"{booked:,.2f}").click()
    expect(page.locator("tbody")).to_contain_text(number)
    expect(page.locator("tbody tr", has_text=number)).to_contain_text(TOTAL)
    amounts = [Decimal(text.replace(",", "")) for text in page.locator("tbody tr td:last-child").all_inner_texts()]
    assert sum(amounts) == booked == Decimal("16667040.00") + _booked_before(page), (booked, amounts)
    screenshot(page, "supervisor-drill")


def _booked_before(page: Page) -> Decimal:
    """Two months of the small unit: six people of 20,000 to 20,005, 12 % twice of 6,000 to 6,500 yuan. And a month of one
    flexible worker: 10 % of 5,708 yuan in whole yuan."""
    return 2 * sum((Decimal(2 * 12 * base) / 100 for base in (6000, 6100, 6200, 6300, 6400, 6500)), Decimal(0)) + 571


def _cells(page: Page, row: Any) -> dict[str, str]:
    heads = page.locator("table thead th").all_inner_texts()
    return dict(zip([head.strip() for head in heads], row.locator("td").all_inner_texts(), strict=True))
