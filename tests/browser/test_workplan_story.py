"""一项任务的一生: the province makes a task from a clause, a centre breaks it down and proves it, the province returns and accepts."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import DESKTOP, PHONE, SCREENSHOTS, Fund, Visit, screenshot

PDF = {"name": "降逾工作台账.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 made up"}
LIST = {"name": "降逾清单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 made up too"}
TITLE = "逾期贷款逐户建账"


def test_the_life_of_a_task(fund: Fund, visit: Visit) -> None:
    office, head, clerk, director = (visit(who) for who in ("plan_office", "section_head", "clerk", "director"))
    address = _the_province_makes_a_task_from_a_clause(office, fund.plan["work_plan"])
    _the_section_breaks_it_down(head, address, fund.plan["work_plan"]["section"])
    _the_director_confirms(director)
    _a_person_brings_evidence(clerk, address, PDF, "逐户建立台账，明确责任人")
    _the_director_reports(director)
    _the_province_returns_it(office, address)
    _a_person_brings_evidence(clerk, address, LIST, "已补充逐户清单")
    _the_director_reports(director)
    _the_province_accepts_it(office, address)
    _every_step_is_in_the_history(director, address)


def _the_province_makes_a_task_from_a_clause(page: Page, plan: dict[str, Any]) -> str:
    """Two clicks from the list of plans to the clause, one more to the task."""
    page.goto("/workplan/plans/")
    page.get_by_role("link", name=re.compile("工作要点")).first.click()
    page.get_by_role("navigation", name="目录").get_by_role("link", name=re.compile("持续防范和治理逾期贷款")).click()
    clause = page.locator("section.clause", has=page.get_by_role("heading", name=re.compile("持续防范和治理逾期贷款")))
    expect(clause).to_be_in_viewport()
    screenshot(page, "workplan-document", whole=False)
    clause.get_by_role("link", name="建立任务").first.click()
    page.get_by_label("任务名称").fill(TITLE)
    page.get_by_label("期限", exact=True).select_option("FIXED")
    page.get_by_label("到期日").fill("2026-09-30")
    page.get_by_label("兰州", exact=True).check()
    screenshot(page, "workplan-task-form")
    page.get_by_role("button", name="建立任务").click()
    expect(page.get_by_role("status")).to_contain_text("交办1家中心、1个期次")
    screenshot(page, "workplan-task")
    page.get_by_role("row").filter(has_text="兰州").get_by_role("link").first.click()
    return page.url.split("//", 1)[1].split("/", 1)[1]


def _the_section_breaks_it_down(page: Page, address: str, section: str) -> None:
    page.goto(f"/{address}")
    form = page.locator("#breakdown form")
    form.get_by_label("具体措施").fill("逐户核对逾期贷款，一户一策，每周调度")
    form.get_by_label("责任科室").fill(section)
    form.get_by_label("责任人").select_option(label=f"周柜员（{section}）")
    form.get_by_role("button", name="保存分解").click()
    expect(page.get_by_role("status")).to_contain_text("分解已保存")
    page.locator("#act-step > summary").click()
    step = page.locator("#steps form").last
    step.get_by_label("措施", exact=True).fill("列出逾期清单")
    step.get_by_label("完成时限").fill("2026-09-15")
    step.get_by_role("button", name="增加").click()
    expect(page.get_by_role("status")).to_contain_text("措施已增加")
    screenshot(page, "workplan-broken-down")


def _the_director_confirms(page: Page) -> None:
    page.goto("/workplan/week/")
    expect(page.locator("main")).to_contain_text("分解待确认")
    page.get_by_role("button", name="确认勾选分解").click()
    expect(page.get_by_role("status")).to_contain_text("已确认1项分解")


def _a_person_brings_evidence(page: Page, address: str, file: Any, words: str) -> None:
    page.goto(f"/{address}")
    page.locator("#act-evidence input[type=file]").set_input_files(file)
    page.locator("#act-evidence").get_by_role("button", name="上传").click()
    expect(page.get_by_role("status")).to_contain_text("佐证已留存")
    expect(page.locator("#occurrence")).to_contain_text(file["name"])
    page.locator("#act-finish > summary").click()
    page.locator("#act-finish").get_by_label("完成情况").fill(words)
    page.locator("#act-finish").get_by_role("button", name="办结").click()
    expect(page.get_by_role("status")).to_contain_text("已办结")


def _the_director_reports(page: Page) -> None:
    page.goto("/workplan/week/")
    expect(page.locator("main")).to_contain_text(TITLE)
    screenshot(page, "workplan-week")
    page.get_by_role("button", name="上报勾选事项").click()
    expect(page.get_by_role("status")).to_contain_text("已上报1项")


def _the_province_returns_it(page: Page, address: str) -> None:
    page.goto("/workplan/week/")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    page.locator("#act-return > summary").click()
    page.locator("#act-return").get_by_label("退回原因").fill("请补充逐户清单")
    page.locator("#act-return").get_by_role("button", name="退回").click()
    expect(page.get_by_role("status")).to_contain_text("已退回")
    expect(page.locator("#occurrence")).to_contain_text("省厅退回（第1次）：请补充逐户清单")
    screenshot(page, "workplan-returned")


def _the_province_accepts_it(page: Page, address: str) -> None:
    page.goto(f"/{address}")
    page.locator("#act-accept").get_by_role("button", name="认可").click()
    expect(page.get_by_role("status")).to_contain_text("已认可")
    expect(page.locator("#act-evidence")).to_have_count(0)
    screenshot(page, "workplan-accepted")


def _every_step_is_in_the_history(page: Page, address: str) -> None:
    page.goto(f"/{address}")
    told = page.locator("#history b").all_inner_texts()[::-1]
    assert told == [
        "建立任务", "分解", "增加措施", "主任确认分解", "上传佐证", "科室办结", "上报省厅", "省厅退回", "上传佐证", "科室办结", "上报省厅", "省厅认可",
    ]  # fmt: skip
    expect(page.locator("#history")).to_contain_text("请补充逐户清单")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    screenshot(page, "workplan-accepted-phone")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["plan_office", "director"])
def test_the_wall_is_read_from_afar_and_opens(who: str, visit: Visit) -> None:
    """Every sign is large, differs by shape and word and not by colour alone, and opens the centre's page of the task."""
    page = visit(who)
    page.goto("/workplan/wall/")
    signs = page.locator(".wall td a")
    assert signs.count() > 50
    sizes = signs.evaluate_all(
        "all => all.slice(0, 300).map(a => [a.getBoundingClientRect().width, parseFloat(getComputedStyle(a).fontSize)])"
    )
    assert min(width for width, _ in sizes) >= 34 and min(size for _, size in sizes) >= 18
    shapes = page.evaluate(
        "Object.fromEntries([...'rygn'].map(c => document.querySelector('.wall .' + c + ' a')).filter(Boolean)"
        ".map(a => [a.textContent, [getComputedStyle(a).borderRadius, getComputedStyle(a).backgroundColor].join()]))"
    )
    assert len(set(shapes.values())) == len(shapes) >= 2, shapes
    screenshot(page, f"workplan-wall-{who}", whole=False)
    page.locator(".wall-frame").evaluate("frame => frame.scrollTo(0, 900)")
    expect(page.locator(".wall thead th").nth(1)).to_be_in_viewport()
    screenshot(page, f"workplan-wall-scrolled-{who}", whole=False)
    signs.first.click()
    expect(page.locator("#breakdown")).to_be_visible()


def test_the_wall_prints_on_a3(visit: Visit) -> None:
    """Across the sheet, no column cut off, headings on every page."""
    page = visit("plan_office")
    page.goto("/workplan/wall/")
    content = page.pdf(prefer_css_page_size=True, print_background=True)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    (SCREENSHOTS / "workplan-wall-a3.pdf").write_bytes(content)
    sheets = PdfReader(io.BytesIO(content)).pages
    assert {(round(float(s.mediabox.width) / 72 * 25.4), round(float(s.mediabox.height) / 72 * 25.4)) for s in sheets} == {(420, 297)}
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1512, "height": 1047})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1512
    screenshot(page, "workplan-wall-a3", whole=False)
    for sheet in sheets[:-1]:
        text = sheet.extract_text()
        assert "兰州" in text and "省直" in text, text[:200]


def test_the_pages_fit_a_phone(visit: Visit) -> None:
    page = visit("director", phone=True)
    for name, address in (
        ("wall", "/workplan/wall/"), ("week", "/workplan/week/"), ("calendar", "/workplan/calendar/"), ("plans", "/workplan/plans/"),
        ("ranking", "/workplan/ranking/"), ("standing", "/workplan/standing/?by=due"), ("exchange", "/workplan/exchange/"),
    ):  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
        screenshot(page, f"workplan-{name}-phone", whole=False)


@pytest.mark.parametrize(
    "address",
    ["/workplan/calendar/?month=2026-09", "/workplan/ranking/", "/workplan/standing/", "/workplan/exchange/", "/workplan/notices/"],
)
def test_the_other_pages_are_pictured(address: str, visit: Visit) -> None:
    page = visit("plan_office")
    page.goto(address)
    page.wait_for_timeout(400)
    screenshot(page, "workplan-" + address.split("/")[2])
