"""What bad input and impatient people get: words in Chinese, one effect or none, and nothing lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Fund, Visit, screenshot
from tests.browser.fund import base_of, id_of, name_of
from tests.support.lists import HEADINGS, xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 480
WITH_FORMULAS = xlsx([], decorate=lambda book, sheet: sheet.write_formula(1, 3, "=1+1", None, 2))
SPOILT = {
    "乱码.xlsx": (b"PK\x03\x04 nothing of a workbook", "文件已损坏或不是有效的电子表格", "请用表格软件打开并重新保存为xlsx后上传"),
    "加密.xlsx": (ENCRYPTED, "文件设有打开密码，无法读取", "请取消密码后重新上传"),
    "公式.xlsx": (WITH_FORMULAS, "是公式，清册只收确定的数值", "请全选后“复制—选择性粘贴—数值”"),
    "空白.csv": (b"  \r\n", "文件是空的", "请检查后重新上传清册"),
    "只有表头.xlsx": (xlsx([]), "表头下面没有任何人员", "请填写人员后重新上传"),
    "通讯录.csv": ("姓名,电话\n张三,1\n".encode(), "找不到表头：清册须有“个人账号”或“证件号码”", "请下载模板"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_file_that_is_no_list_is_refused_in_words_and_moves_nothing(name: str, fund: Fund, visit: Visit) -> None:
    content, wrong, remedy = SPOILT[name]
    page = visit("employer_small")
    before = _standing(page)
    _send(page, name, content)
    page.wait_for_url(re.compile(r"/unit/lists/\d+/$"), timeout=60_000)
    defects = page.locator("#defects tbody")
    expect(defects).to_contain_text(wrong)
    expect(defects).to_contain_text(remedy)
    expect(page.locator("main")).to_contain_text("在此之前不会缴款，也不会记账")
    expect(page.get_by_role("button", name="确认清册")).to_have_count(0)
    screenshot(page, f"bad-{name}")
    assert _standing(page) == before


def test_sending_without_a_file_says_so_at_the_field(visit: Visit) -> None:
    page = visit("employer_small")
    page.goto("/unit/lists/new/")
    page.get_by_role("button", name="上传并核对").click()
    expect(page.locator("#id_file_error")).to_have_text(re.compile("[\u4e00-\u9fff]"))
    assert page.locator("#id_file").get_attribute("aria-invalid") == "true"


def test_a_form_sent_twice_from_the_keyboard_has_one_effect(fund: Fund, visit: Visit) -> None:
    """The same form in the same second, twice: past the page's own guard, as a broken network would send it."""
    page = visit("employer_small")
    _send(page, "八月.xlsx", _good(fund))
    expect(page.get_by_role("button", name="确认清册")).to_be_visible(timeout=60_000)
    number = page.url
    form = page.locator("form[action$='/confirm/']")
    fields = dict(form.locator("input").evaluate_all("inputs => inputs.map(i => [i.name, i.value])"))
    address = form.get_attribute("action") or ""
    sent = page.evaluate(
        """async ([address, fields]) => {
            const send = () => fetch(address, {method: "POST", body: new URLSearchParams(fields), redirect: "follow"}).then(got => got.status);
            return Promise.all([send(), send(), send()]);
        }""",
        [address, fields],
    )
    assert sent == [200, 200, 200]
    page.goto(number)
    expect(page.locator("main")).to_contain_text("缴款通知")
    page.goto("/unit/lists/?state=CONFIRMED")
    expect(page.locator("tbody tr")).to_have_count(1)

    page.goto(number)
    _cancel(page)


def test_a_double_click_sends_once(fund: Fund, visit: Visit) -> None:
    page = visit("employer_small")
    _send(page, "八月.xlsx", _good(fund))
    expect(page.get_by_role("button", name="确认清册")).to_be_visible(timeout=60_000)
    posts: list[str] = []
    page.on("request", lambda asked: posts.append(asked.url) if asked.method == "POST" else None)
    page.get_by_role("button", name="确认清册").dblclick()
    expect(page.get_by_role("status")).to_contain_text("清册已确认")
    assert len(posts) == 1, posts

    page.go_back()
    page.wait_for_load_state()
    if page.get_by_role("button", name="确认清册").count():
        page.get_by_role("button", name="确认清册").click()
        page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("缴款通知")
    page.goto("/unit/lists/?state=CONFIRMED")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a").first.click()
    _cancel(page)


def test_a_page_left_while_the_worker_is_busy_is_found_again(fund: Fund, visit: Visit) -> None:
    page = visit("employer_small")
    fund.estate.pause("worker")
    try:
        _send(page, "离开.xlsx", _good(fund))
        page.wait_for_url(re.compile(r"/work/\d+/$"))
        work = page.url
        expect(page.locator("#progress")).to_contain_text("排队中")
        expect(page.locator("main")).to_contain_text("可以离开本页")
        page.get_by_role("link", name="职工名册").click()
        page.wait_for_url(re.compile(r"/unit/people/"))
        page.goto(work)
        expect(page.locator("#progress")).to_contain_text("排队中")
    finally:
        fund.estate.resume("worker")
    expect(page.get_by_role("button", name="确认清册")).to_be_visible(timeout=60_000)
    number = page.url
    page.goto(work)
    assert page.url == number
    _cancel(page)


def test_somebody_else_s_list_is_not_there(fund: Fund, visit: Visit) -> None:
    """A number from another unit, typed into the address: refused in Chinese, and the browser is told 404."""
    other = fund.plan["small"]["booked"][0]
    answer = visit("employer_big").request.get(f"/unit/lists/{other}/")
    assert answer.status == 404
    assert "不属于您" in answer.text()


def _standing(page: Page) -> list[str]:
    """What a refused file must leave alone: months paid, people, prepaid money."""
    page.goto("/unit/")
    return page.locator("main .figure").all_inner_texts()


def _send(page: Page, name: str, content: bytes) -> None:
    page.goto("/unit/lists/new/")
    page.get_by_label("清册文件").set_input_files({"name": name, "mimeType": XLSX, "buffer": content})
    page.get_by_role("button", name="上传并核对").click()


def _good(fund: Fund) -> bytes:
    rows = []
    for number, account_no in enumerate(fund.plan["small"]["members"], 20_000):
        share = base_of(number) * 12 // 100
        rows.append([account_no, name_of(number), id_of(number), base_of(number), "12", "12", share, share, 2 * share])
    return xlsx(rows, HEADINGS)


def _cancel(page: Page) -> None:
    """Leave the unit as it was found: the next month is free again."""
    page.get_by_text("撤销这张清册").click()
    page.get_by_label("撤销原因").fill("测试完毕")
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("清册已撤销")
