"""A browser before a running fund. The estate lives as long as the test session, the browser as long as a module: its
event loop must not be there when tests of other folders use the database in the same process."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.estate import PROJECT, Estate

CHROMIUM = Path("/usr/bin/chromium")
SCREENSHOTS = PROJECT / ".run" / "screenshots"
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


ORDER = ("test_one_list.py", "test_bad_input.py", "test_workplan_story.py", "test_withdrawal_story.py", "test_every_page.py")
"""On one estate the list comes first, on its own day; who presses every button comes last."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = [place for place, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    ours = sorted((items[place] for place in places), key=lambda item: ORDER.index(item.path.name))
    for place, item in zip(places, ours, strict=True):
        items[place] = item


@dataclass
class Fund:
    """The estate, what was put into it, and who has signed in so far."""

    estate: Estate
    plan: dict[str, Any]
    cookies: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.estate.url


@pytest.fixture(scope="session")
def fund(template: tuple[Any, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fund]:
    if not CHROMIUM.exists():
        pytest.skip("no /usr/bin/chromium: tools/install.sh test")
    cluster, source = template
    folder = tmp_path_factory.mktemp("estate")
    (folder / "keys").mkdir()
    estate = Estate(folder, cluster, source, f"browser_{os.getpid()}", date(2026, 8, 31))
    try:
        estate.start("bank")
        plan = json.loads(estate.run("-m", "tests.browser.fund", estate.bank.url))
        estate.start("server")
        estate.start("worker")
        yield Fund(estate, plan)
    finally:
        estate.stop()


@pytest.fixture(scope="module")
def browser(fund: Fund) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-dev-shm-usage", "--lang=zh-CN", "--font-render-hinting=none"],
        )
        yield chromium
        chromium.close()


Visit = Callable[..., Page]


@contextmanager
def opened(fund: Fund, browser: Browser, who: str | None, *, phone: bool = False) -> Iterator[Page]:
    """A page of somebody who has signed in. Trouble in the browser fails whoever opened it."""
    context = browser.new_context(
        base_url=fund.url, viewport=PHONE if phone else DESKTOP, is_mobile=phone, has_touch=phone, locale="zh-CN", timezone_id="Asia/Shanghai",
        storage_state=fund.cookies.get(who or ""),
    )  # fmt: skip
    context.set_default_timeout(20_000)
    page, trouble = context.new_page(), list[str]()
    watch(page, trouble)
    try:
        if who and who not in fund.cookies:
            sign_in(page, fund, who)
            fund.cookies[who] = context.storage_state()
        yield page
    finally:
        context.close()
    assert not trouble, trouble


@pytest.fixture
def visit(fund: Fund, browser: Browser) -> Iterator[Visit]:
    """`visit("clerk")` is a page of the clerk's; `phone=True` a small one."""
    with ExitStack() as pages:
        yield lambda who, *, phone=False: pages.enter_context(opened(fund, browser, who, phone=phone))


@pytest.fixture
def page_desktop(visit: Visit) -> Page:
    """Nobody's page, 1440 wide."""
    return visit(None)


@pytest.fixture
def page_phone(visit: Visit) -> Page:
    """Nobody's page, 390 wide."""
    return visit(None, phone=True)


def watch(page: Page, trouble: list[str]) -> None:
    """Errors on the console (violations of the content security policy are among them), in scripts, from the server."""
    page.on("console", lambda said: trouble.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(f"{page.url}: {error}"))
    page.on("response", lambda got: trouble.append(f"{got.status} {got.url}") if got.status >= 400 else None)


def sign_in(page: Page, fund: Fund, who: str) -> None:
    user = fund.plan["users"][who]
    page.goto(f"/sign-in/?as={user['gate']}")
    page.get_by_label("密码").fill(fund.plan["password"])
    page.locator("input[name=login]").fill(user["login"])
    page.locator("main button[type=submit]").click()
    if user["gate"] == "staff":
        _wait_for_a_fresh_half_minute()
        page.get_by_label("动态口令").fill(pyotp.TOTP(fund.plan["secret"]).now())
        page.locator("main button[type=submit]").click()
    if "/choose/" in page.url:
        page.locator("main button").first.click()
    page.get_by_role("button", name="退出").first.wait_for()


def _wait_for_a_fresh_half_minute() -> None:
    """A code typed in its last second may be old when it arrives."""
    left = 30 - time.time() % 30
    if left < 2:
        time.sleep(left)


def screenshot(page: Page, name: str, *, whole: bool = True) -> Path:
    """Kept for looking at, under .run/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=whole, animations="disabled")
    return path
