"""Every page of every audience: follow every link, press every button, look at every page at two widths."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Fund, Visit, screenshot

LOOKS = (Path(__file__).parent / "looks.js").read_text(encoding="utf-8")
ROLES = ["member_small", "employer_small", "clerk", "checker", "accountant", "director", "sysadmin", "secadmin", "auditor", "supervisor"]
PRESSING = ["member_small", "employer_small", "clerk", "checker", "director", "auditor", "accountant", "supervisor", "sysadmin", "secadmin"]
"""Who presses buttons, in this order: what one prepares another decides; who may stop others comes last."""

# What may stand in Latin letters on a Chinese page: our name, file kinds, numbers of laws, balances and journals,
# logins, keys and parameters in their own column, and addresses.
ALLOWED = r"OpenHPF|GB|XLSX|CSV|API|xlsx|xlsm|csv|BAL-\d+|JGJ/T|GB/T|LPR|\bJ\d+\b|[\w.-]+\.(xlsx|csv|pdf|txt)|[\w-]+-lz|\b\w*\d\w*\b|supervisor|/[a-z][a-z0-9/_-]*|[a-z_]+(\.[a-z_]+)+|[a-z]+(:[\w-]+)+"

_pictured: set[str] = set()


@pytest.mark.parametrize("who", [None, *ROLES])
def test_every_page_looks_as_it_should(who: str | None, fund: Fund, visit: Visit) -> None:
    """Each kind of page once in the browser, every other address at least asked for."""
    page = visit(who)
    complaints: list[str] = []
    shown: set[str] = set()
    known: set[str] = set()
    waiting = ["/" if who else "/sign-in/"]
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in known:
            continue
        known.add(kind)
        path_kind = kind.split("?")[0]
        answer = page.request.get(address)
        if answer.status != 200:
            complaints.append(f"{address}: {answer.status}")
        if path_kind in shown or answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        page.goto(address)
        shown |= {path_kind, kind_of(page.url).split("?")[0]}
        complaints += look(page, kind_of(page.url).split("?")[0])
        waiting += list(links(page))
    assert len(shown) >= (4 if who else 1), shown
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


def links(page: Page) -> Iterator[str]:
    """Addresses of ours that the page leads to: links, and forms that only ask."""
    here = urlsplit(page.url)
    for address in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
        parts = urlsplit(address)
        if parts.netloc == here.netloc and parts.path != "/sign-out/":
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path
    for action, name, value in page.eval_on_selector_all(
        "form:not([method=post]) button[name]",
        "buttons => buttons.map(b => [new URL(b.form.action).pathname + location.search, b.name, b.value])",
    ):
        if "search" not in action:
            yield f"{action}{'&' if '?' in action else '?'}{name}={value}"


def all_pages(page: Page) -> dict[str, list[tuple[str, str]]]:
    """Two addresses of each kind that this visitor can reach, found without the browser, each with its buttons: where
    they send and what stands on them."""
    pages: dict[str, list[tuple[str, str]]] = {}
    found: dict[str, list[str]] = {}
    waiting = ["/"]
    origin = page.evaluate("location.origin")
    while waiting:
        address = waiting.pop(0).split("?")[0]
        same = found.setdefault(kind_of(address), [])
        if address in same or len(same) == 2:
            continue
        same.append(address)
        answer = page.request.get(address)
        if answer.headers["content-type"].startswith("text/html"):
            pages[address] = list(buttons(answer.text(), address))
            inside = (html.unescape(link) for link in re.findall(r'href="([^"#]+)"', answer.text()))
            waiting += [
                link
                for link in (urljoin(answer.url, each).removeprefix(origin) for each in inside)
                if link.startswith("/") and not link.startswith("/static/")
            ]
    return pages


def buttons(text: str, address: str) -> Iterator[tuple[str, str]]:
    """The buttons of a page's sending forms."""
    for opening, inside in re.findall(r"<form([^>]*method=\"post\"[^>]*)>(.*?)</form>", text, re.DOTALL):
        action = re.search(r'action="([^"]*)"', opening)
        for attributes, label in re.findall(r"<button([^>]*)>(.*?)</button>", inside, re.DOTALL):
            named = re.search(r'aria-label="([^"]*)"', attributes)
            words = html.unescape(re.sub(r"<[^>]+>", "", label)).strip() or (named[1] if named else "")
            yield (action[1] if action and action[1] else address), words


@pytest.mark.parametrize("who", PRESSING)
def test_every_button_leads_somewhere(who: str, fund: Fund, visit: Visit) -> None:
    """Press each kind of button once, with what stands in the form and something in the fields that ask for it.

    No answer may be an error, and each must say something: a message, a remark at a field, or another page.
    """
    page = visit(who)
    page.on("dialog", lambda asked: asked.accept())
    pressed: set[tuple[str, str]] = set()
    silent: list[str] = []
    for address, forms in all_pages(page).items():
        wanted = [what for what in forms if (kind_of(what[0]), what[1]) not in pressed and not what[0].endswith("/sign-out/")]
        if who != PRESSING[0]:
            wanted = [what for what in wanted if what[0] != "/account/"]
        for action, words in wanted:
            page.goto(address)
            if (kind_of(action), words) in pressed or not page.evaluate(IS_THERE, [action, words]):
                continue
            pressed.add((kind_of(action), words))
            here = page.url
            with page.expect_navigation():
                page.evaluate(PRESS, [action, words])
            said = page.locator(".alert, .invalid-feedback, [data-status]").all_inner_texts()
            if "/work/" in page.url:
                expect(page.locator("#progress")).not_to_have_attribute("hx-get", re.compile("."), timeout=60_000)
            if page.url == here and not any(re.search("[\u4e00-\u9fff]", text) for text in said):
                silent.append(f"{address}: {words}")
    assert pressed
    assert not silent, silent


FIND = """([action, words]) => {
  const button = [...document.querySelectorAll("form[method=post] button[type=submit]")].find((b) => new URL(b.form.action).pathname === action && (b.textContent.trim() || b.getAttribute("aria-label")) === words);
"""
IS_THERE = FIND + "return !!button; }"
PRESS = (
    FIND
    + """
  for (const field of button.form.querySelectorAll("input[required]:not([type=file]), textarea[required]")) {
    if (!field.value && !["date", "month", "password", "checkbox"].includes(field.type)) field.value = "测试";
  }
  button.click();
}"""
)


def kind_of(address: str) -> str:
    """Addresses that differ only in numbers and names of records show the same kind of page."""
    parts = urlsplit(address)
    path = re.sub(r"/[^/]*\d[^/]*(?=/)", "/0", parts.path)
    path = re.sub(r"/policy/[^/]+/", "/policy/0/", path)
    query = "&".join(f"{name}={value if not re.search('[0-9]', value) else '0'}" for name, value in sorted(parse_qsl(parts.query)))
    return f"{path}?{query}" if query else path


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
