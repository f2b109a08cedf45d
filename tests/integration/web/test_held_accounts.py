"""Nobody learns of a freeze from a page: not one byte of them differs before and after a court's hold."""

from __future__ import annotations

import re

import pytest

UNIT = ("operator", ["/unit/people/", "/unit/people/?export=csv", "/unit/people/{teacher}/", "/unit/lists/", "/unit/lists/new/"])
COUNTER = ("clerk", ["/counter/person/{teacher}/", "/counter/unit/{school}/", "/counter/unit/{school}/people/", "/counter/search/?q=张"])


@pytest.fixture(scope="module")
def pages(world):
    """Every page of the unit and of the counter that shows the teacher, before the hold and after it."""
    from django.db import transaction

    from hpf.ledger.services import place_hold

    asked = [(login, page.format(teacher=world.teachers[0], school=world.school)) for login, named in (UNIT, COUNTER) for page in named]
    before = [shown(world, *each) for each in asked]
    with world.centre.scope(), transaction.atomic():
        place_hold(world.zhang.ledger_account_id, 100_000, "COURT_FREEZE", "(2026)甘01执1号")
    return [(login, page, first, shown(world, login, page)) for (login, page), first in zip(asked, before, strict=True)]


def shown(world, login: str, page: str) -> str:
    """The page without what differs at every visit: tokens, keys, the clock, the marks of looking."""
    response = world.browser(login).get(page)
    assert response.status_code == 200, page
    content = (b"".join(response.streaming_content) if response.streaming else response.content).decode()
    return re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"', "", content)


def test_no_page_changes_when_an_account_is_frozen(pages):
    assert [page for _, page, before, after in pages if before != after] == []
    assert not any("冻结" in after for _, _, _, after in pages)


def test_the_comparison_can_fail(world, pages):
    """The holder's own page shows that something is not to be drawn for now."""
    assert world.centre.money(world.teachers[0]).held.fen == 100_000
    assert "暂不可用" in shown(world, world.zhang_login, "/me/")
