"""Every page of every audience: follow every link, press every button, look at every page at two widths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ElementHandle, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Fund, Visit, opened, screenshot
from tests.browser.outline import Button, asked_for, kind_of, pages_of

LOOKS = (Path(__file__).parent / "looks.js").read_text(encoding="utf-8")
ROLES = [
    "member_small",
    "member_flexible",
    "employer_small",
    "clerk",
    "checker",
    "accountant",
    "director",
    "sysadmin",
    "secadmin",
    "auditor",
    "supervisor",
    "section_head",
    "plan_office",
    "court_officer",
]
PRESSING = [
    "member_small",
    "member_flexible",
    "employer_small",
    "clerk",
    "checker",
    "director",
    "auditor",
    "accountant",
    "supervisor",
    "section_head",
    "plan_office",
    "sysadmin",
    "secadmin",
]
"""Who presses buttons, in this order: what one prepares another decides; who may stop others comes last."""

# What may stand in Latin letters on a Chinese page: our name, file kinds, numbers of laws, balances and journals,
# logins, keys and parameters in their own column, and addresses.
ALLOWED = r"OpenHPF|GB|XLSX|CSV|API|PDF|Word|\.docx|\.md|\.txt|xlsx|xlsm|csv|pdf|jpg|png|BAL-\d+|JGJ/T|GB/T|LPR|\bJ\d+\b|[\w.-]+\.(xlsx|csv|pdf|txt)|[\w-]+-lz|\b\w*\d\w*\b|supervisor|/[a-z][a-z0-9/_-]*|[a-z_]+(\.[a-z_]+)+|[a-z]+(:[\w-]+)+"

_pictured: set[str] = set()
_looked_at: set[tuple[object, ...]] = set()
_sorted: set[str] = set()


@pytest.fixture(scope="module", autouse=True)
def a_closed_day(fund: Fund, browser: Browser) -> None:
    """August is over, so that every figure and drill of it has a page."""
    with opened(fund, browser, "accountant") as page:
        page.goto("/counter/day/")
        if "8月31日" not in page.locator("h1").inner_text():
            return
        page.once("dialog", lambda asked: asked.accept())
        page.get_by_role("button", name="日终结账").click()
        expect(page.locator("#progress")).to_contain_text("已完成", timeout=120_000)


@pytest.mark.parametrize("who", [None, *ROLES])
def test_every_page_looks_as_it_should(who: str | None, fund: Fund, visit: Visit) -> None:
    """Every address asked for; each kind of page looked at in the browser, unless an earlier role was offered just the same."""
    page = visit(who)
    complaints: list[str] = []
    shown: set[str] = set()
    known: set[str] = set()
    waiting = ["/" if who else "/sign-in/"]
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in known or ("sort=" in kind and kind in _sorted):
            continue
        known.add(kind)
        _sorted.add(kind)
        status, outline = asked_for(page, address)
        if status != 200:
            complaints.append(f"{address}: {status}")
        if outline is None:
            continue
        # What a sorted, filtered or later page offers with a query of its own, the plain page offers too.
        waiting += [link for link in outline.links if "?" not in address or "?" not in link]
        path = kind_of(outline.address).split("?")[0]
        if path not in shown and outline.kind not in _looked_at:
            page.goto(outline.address)
            complaints += look(page, path)
        shown.add(path)
        _looked_at.add(outline.kind)
    assert len(known) > (4 if who else 2), known
    assert not complaints, "\n" + "\n".join(sorted(complaints))


def look(page: Page, kind: str) -> list[str]:
    """Complaints about the page at both widths; a picture of each kind of page is kept for both."""
    found: dict[str, None] = {}
    fresh = kind not in _pictured
    _pictured.add(kind)
    for size, suffix in ((DESKTOP, ""), (PHONE, "-phone")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found |= dict.fromkeys(f"{page.url}: {said}" for said in page.evaluate(LOOKS, [size["width"], ALLOWED]))
        if fresh:
            page.wait_for_timeout(100)
            whole = page.evaluate("document.documentElement.scrollHeight") < 6000
            screenshot(page, f"page{kind.rstrip('/').replace('/', '_')}{suffix}", whole=whole)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    return list(found)


def test_the_slash_key_goes_to_the_search_box(visit: Visit) -> None:
    page = visit("clerk")
    page.goto("/counter/queue/")
    box = page.locator("[data-search-box]")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    page.keyboard.type("白塔山")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/counter/unit/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("白塔山")


def test_the_counter_works_without_a_mouse(visit: Visit) -> None:
    """From the address bar: skip link, then the menu, every stop with a visible ring."""
    page = visit("clerk")
    page.goto("/counter/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    for _ in range(6):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e); return [e.tagName, s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
        )
        assert ring[1] != "none" and ring[2] >= 2, ring


@pytest.mark.parametrize(
    "who, address",
    [("employer_small", "/unit/people/"), ("clerk", "/counter/queue/"), ("member_small", "/me/"), ("supervisor", "/supervisor/")],
)
def test_paper_has_no_menu(who: str, address: str, visit: Visit) -> None:
    page = visit(who)
    page.goto(address)
    page.emulate_media(media="print")
    for part in (".lj-side", ".lj-search", ".lj-tabbar", ".lj-member-top nav", "main .btn"):
        for place in page.locator(part).all():
            expect(place).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    screenshot(page, f"print_{who}")


def test_double_size_letters_still_fit(visit: Visit) -> None:
    """200 % zoom of a 1440 screen is 720 wide."""
    page = visit("clerk")
    page.set_viewport_size({"width": 720, "height": 450})
    for address in ("/counter/", "/counter/queue/", "/counter/suspense/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 720, address


@pytest.mark.parametrize(
    "spoilt, complaint",
    [
        ("document.title = 'Dashboard'", "title without Chinese"),
        ("document.querySelector('h1').insertAdjacentHTML('afterend', '<p>Please wait</p>')", "English: Please wait"),
        ("document.querySelector('main').insertAdjacentHTML('beforeend', '<a href=\"#\">点击</a>')", "dead link"),
        ("document.querySelector('main').insertAdjacentHTML('beforeend', '<button type=\"button\">办理</button>')", "dead button"),
        ("document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')", "field without a name"),
        (
            "(() => { const wide = document.createElement('div'); wide.style.width = '3000px'; wide.textContent = '宽'; document.querySelector('main').append(wide); })()",
            "scrolls sideways",
        ),
        ("document.querySelector('h1').insertAdjacentHTML('afterend', '<p>余额 None</p>')", "raw value"),
    ],
)
def test_the_look_sees_what_is_wrong(spoilt: str, complaint: str, visit: Visit) -> None:
    """The check can fail: one fault put into a good page, one complaint."""
    page = visit("clerk")
    page.goto("/counter/queue/")
    assert page.evaluate(LOOKS, [1440, ALLOWED]) == []
    page.evaluate(spoilt)
    found = page.evaluate(LOOKS, [1440, ALLOWED])
    assert any(said.startswith(complaint) for said in found), found


# The buttons come last: what they do to the fund, and to who may work in it, the tests above must not meet.
@pytest.mark.parametrize("who", PRESSING)
def test_every_button_leads_somewhere(who: str, fund: Fund, visit: Visit) -> None:
    """Press each kind of button once, with what stands in the form and something in the fields that are empty.

    No answer may be an error, not even a refusal of the role that was offered the button, and each must change what
    can be read: a message, a remark at a field, another page.
    """
    page = visit(who)
    page.on("dialog", lambda asked: asked.accept())
    pressed: set[tuple[str, str]] = set()
    silent: list[str] = []
    for outline in list(pages_of(page)):
        for offered in outline.buttons:
            if offered.kind in pressed or offered.action == "/sign-out/" or (offered.action == "/account/" and who != PRESSING[0]):
                continue
            status, _ = asked_for(page, outline.address)
            assert status in (200, 404), (outline.address, status)
            button = _found(page, outline.address, offered) if status == 200 else None
            if button is None:
                continue  # gone since: another button did it
            pressed.add(offered.kind)
            before = _shown(page)
            if _filled(button):
                with page.expect_navigation():
                    button.evaluate("button => button.click()")
                expect(page.locator("#progress[hx-get]")).to_have_count(0, timeout=60_000)
                if _shown(page) == before:
                    silent.append(f"{outline.address}: {offered.words}")
    assert pressed
    assert not silent, silent


def _found(page: Page, address: str, offered: Button) -> ElementHandle | None:
    page.goto(address)
    return page.evaluate_handle(FIND, [offered.action, offered.words]).as_element()


def _filled(button: ElementHandle) -> bool:
    """Something in every empty field of the button's form; False when the browser itself still remarks on one."""
    button.evaluate(FILL)
    for field in button.query_selector_all("xpath=ancestor::form//input[@type='file']"):
        kind = (field.get_attribute("accept") or ".pdf").split(",")[0]
        field.set_input_files({"name": f"测试{kind}", "mimeType": "application/octet-stream", "buffer": b"%PDF-1.4 made up"})
    return bool(button.evaluate("button => button.form.noValidate || button.form.checkValidity()"))


def _shown(page: Page) -> tuple[str, str]:
    """Where the visitor is and what can be read there."""
    return page.url, page.locator("main").inner_text()


FIND = """([action, words]) => [...document.querySelectorAll("form[method=post] button[type=submit]")].find(
  (b) => new URL(b.form.action).pathname === action && (b.textContent.trim() || b.getAttribute("aria-label")) === words) || null"""
FILL = """(button) => {
  const plausible = (field) =>
    field.type === "date" ? "2026-09-01" : field.type === "month" || (field.placeholder || "").includes("2026-08") ? "2026-09"
    : field.type === "password" ? "Tested-2026" : field.type === "number" || field.inputMode === "decimal" ? "8" : "测试";
  for (const field of button.form.querySelectorAll("input:not([type=file], [type=hidden], [type=checkbox], [type=radio]), textarea"))
    if (!field.value) field.value = plausible(field);
}"""
