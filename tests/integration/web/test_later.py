"""What a page leaves for later: a form or a record comes when it is opened, alone for the page and whole without scripts."""

from __future__ import annotations

import re

import pytest


@pytest.mark.parametrize(
    ("page", "what"), [("/counter/person/{teacher}/", "base"), ("/counter/person/{teacher}/", "past"), ("/counter/unit/{school}/", "rates")]
)
def test_a_part_is_named_on_the_page_and_comes_alone_or_whole(world, page, what):
    browser, address = world.browser("clerk"), page.format(teacher=world.teachers[0], school=world.school)
    assert f'hx-get="{address}{what}/"' in browser.get(address).content.decode()
    alone = browser.get(f"{address}{what}/", headers={"HX-Request": "true"}).content.decode()
    whole = browser.get(f"{address}{what}/").content.decode()
    assert "<html" not in alone and "<html" in whole
    assert _bare(alone) in _bare(whole)


def _bare(content: str) -> str:
    """Without what is new each time, and without the space between tags."""
    return re.sub(r"\s+", " ", re.sub(r'value="[0-9a-zA-Z]{32,}"', "", content)).strip()


def test_a_form_shows_what_holds_now_and_posts_to_itself(world):
    account = world.teachers[0]
    shown = world.browser("clerk").get(f"/counter/person/{account}/base/", headers={"HX-Request": "true"}).content.decode()
    assert f'action="/counter/person/{account}/base/"' in shown
    assert f'value="{world.centre.view(account).base}"' in shown


def test_what_is_refused_stays_as_it_was_typed_with_the_reason_beside_it(world):
    account, browser = world.teachers[0], world.browser("clerk")
    before = world.centre.view(account)
    unreadable = browser.post(f"/counter/person/{account}/base/", {"base-base": "九千", "base-from_month": "2026-12", "key": "n1"})
    assert unreadable.status_code == 200 and 'id="id_base-base_error"' in unreadable.content.decode()
    assert 'value="九千"' in unreadable.content.decode() and 'value="2026-12"' in unreadable.content.decode()
    past = browser.post(
        f"/counter/person/{account}/base/", {"base-base": "9000", "base-from_month": "2026-01", "key": "n2"}
    ).content.decode()
    assert 'role="alert"' in past and 'value="2026-01"' in past
    lawless = browser.post(f"/counter/person/{account}/base/", {"base-base": "9000", "base-from_month": "1999-01", "key": "n5"})
    assert lawless.status_code == 200 and 'id="id_base-from_month_error"' in lawless.content.decode()
    assert 'value="1999-01"' in lawless.content.decode()
    assert "本中心（区县620102）在1999-01-01没有政策参数“缴存基数下限”" in lawless.content.decode()
    nowhere = {"transfer-to_employer_account_no": "012999999999", "transfer-base": "9000", "transfer-from_month": "2026-12", "key": "n3"}
    stranger = browser.post(f"/counter/person/{account}/transfer/", nowhere).content.decode()
    assert 'id="id_transfer-to_employer_account_no_error"' in stranger and 'value="012999999999"' in stranger
    assert world.centre.view(account) == before


def test_a_units_form_that_is_refused_stays_as_it_was_typed(world):
    rates = {"rates-employer_rate": "十", "rates-member_rate": "8", "rates-from_month": "2026-12", "key": "n4"}
    shown = world.browser("clerk").post(f"/counter/unit/{world.school}/rates/", rates).content.decode()
    assert 'id="id_rates-employer_rate_error"' in shown and 'value="十"' in shown and 'value="8"' in shown


@pytest.mark.parametrize(("login", "what"), [("accountant", "base"), ("checker", "transfer"), ("accountant", "unmask")])
def test_a_form_comes_only_to_those_who_may_use_it(world, login, what):
    assert world.browser(login).get(f"/counter/person/{world.teachers[0]}/{what}/").status_code == 403


def test_every_entry_can_be_seen_filtered_and_taken_as_a_file(world):
    account = world.teachers[0]
    browser = world.browser("clerk")
    entries = browser.get(f"/counter/person/{account}/entries/").content.decode()
    paid = browser.get(f"/counter/person/{account}/paid/").content.decode()
    assert entries.count('data-label="余额"') == paid.count('data-label="单位"') - 1 > 0, (
        "one entry for each booked month; the sum has a line"
    )
    assert browser.get(f"/counter/person/{account}/entries/?year=1999").content.decode().count('data-label="余额"') == 0
    seen = world.browser(world.zhang_login).get("/me/looks/").content.decode()
    assert f"查看分户账{account}" in seen and f"查看缴存记录{account}" in seen
