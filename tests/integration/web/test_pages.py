"""Every page of every audience: it opens, in Chinese, for those who may, with the same number of queries whatever the rows."""

from __future__ import annotations

import html
import re

import pytest

MEMBER = ["/me/", "/me/entries/", "/me/interest/", "/me/data/", "/me/looks/", "/me/consents/", "/me/consents/asked/", "/account/"]
EMPLOYER = [
    "/unit/", "/unit/lists/", "/unit/lists/new/", "/unit/people/", "/unit/people/new/", "/unit/people/{teacher}/", "/unit/arrears/",
    "/unit/bases/", "/unit/bases/new/",
    "/unit/deferral/", "/unit/prepay/", "/unit/history/", "/account/",
]  # fmt: skip
COUNTER = [
    "/counter/", "/counter/search/?q=张", "/counter/person/{teacher}/", "/counter/person/new/", "/counter/unit/new/", "/counter/unit/{school}/",
    "/counter/unit/{school}/people/", "/counter/unit/{school}/lists/", "/counter/unit/{school}/lists/new/", "/counter/queue/", "/counter/suspense/",
    "/counter/suspense/{unclear}/", "/counter/payments/", "/counter/refunds/", "/counter/deferrals/", "/policy/", "/policy/unset/", "/policy/interest.method/",
    "/counter/arrears/", "/counter/arrears/people/", "/counter/arrears/cases/", "/counter/arrears/new/{works}/", "/counter/custody/",
    "/counter/unit/{works}/bases/", "/counter/unit/{works}/bases/new/", "/counter/unit/{works}/leaving/", "/counter/unit/{works}/leaving/prepaid/",
    "/coverage/", "/account/",
    "/counter/person/{teacher}/past/", "/counter/person/{teacher}/entries/", "/counter/person/{teacher}/paid/", "/counter/person/{teacher}/unmask/",
    *(f"/counter/person/{{teacher}}/{what}/" for what in ("base", "seal", "unseal", "transfer", "merge", "close")),
    "/counter/unit/{school}/past/", *(f"/counter/unit/{{school}}/{what}/" for what in ("rates", "seal", "unseal")),
]  # fmt: skip
SUPERVISOR = [
    "/supervisor/", "/supervisor/centre/1/", "/supervisor/indicators/", "/supervisor/indicators/0301007201/", "/supervisor/centre/1/0301007201/",
    "/supervisor/balances/", "/policy/?centre=5", "/policy/unset/?centre=5&on=2026-08-01", "/coverage/", "/account/",
]  # fmt: skip
PAGES = [
    *(("{zhang}", page) for page in MEMBER),
    *(("operator", page) for page in EMPLOYER),
    *(("clerk", page) for page in COUNTER),
    ("accountant", "/counter/day/"),
    ("director", "/sharing/"),
    ("director", "/sharing/grants/new/"),
    ("system", "/users/"),
    ("system", "/users/new/"),
    ("system", "/users/roles/"),
    ("auditor", "/audit/"),
    ("auditor", "/audit/commands/"),
    ("auditor", "/audit/proof/"),
    *(("province", page) for page in SUPERVISOR),
]
MAY_BE_LATIN = {"OpenHPF", "xlsx", "csv", "BAL", "JGJ"} | {
    "clerk",
    "checker",
    "accountant",
    "director",
    "system",
    "security",
    "auditor",
    "operator",
    "province",
}


def address(world, page):
    return page.format(teacher=world.teachers[0], school=world.school, works=world.works, unclear=world.unclear)


def text_of(content: str) -> str:
    body = re.sub(r"(?s)<head>.*?</head>|<script.*?</script>", " ", content)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.fixture(scope="module")
def visits(world):
    """Each page is fetched once and looked at by several tests."""
    browsers, seen = {}, {}

    def get(login, page):
        if login not in browsers:
            browsers[login] = world.browser(login.format(zhang=world.zhang_login))
        target = address(world, page)
        if (login, target) not in seen:
            seen[login, target] = browsers[login].get(target)
        return seen[login, target]

    return get


@pytest.mark.parametrize(("login", "page"), PAGES)
def test_the_page_opens_in_chinese(visits, login, page):
    response = visits(login, page)
    assert response.status_code == 200, page
    shown = set(re.findall(r"(?<![\w.*/_-])[A-Za-z_]{3,}(?![\w./@-])", text_of(response.content.decode())))
    assert shown <= MAY_BE_LATIN, f"English on {page}: {shown - MAY_BE_LATIN}"


@pytest.mark.parametrize(("login", "page"), PAGES)
def test_nothing_inline_that_the_policy_forbids(visits, login, page):
    response = visits(login, page)
    content = response.content.decode()
    assert response["Content-Security-Policy"].startswith("default-src 'self'; script-src 'self'; style-src 'self'")
    assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", content)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", content)
    assert not re.search(r"""(src|href)=["'](https?:)?//""", content)


@pytest.mark.parametrize(("login", "page"), PAGES)
def test_every_control_has_a_name_and_every_link_leads_somewhere(world, visits, login, page):
    content = visits(login, page).content.decode()
    labelled = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', content))
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", content):
        if 'type="hidden"' in tag or "aria-label=" in tag or 'type="checkbox"' in tag:
            continue
        found = re.search(r'\sid="([^"]+)"', tag)
        assert found and found[1] in labelled, f"no label for {tag}"
    ids = re.findall(r'\sid="([^"]+)"', content)
    assert sorted(ids) == sorted(set(ids))
    links = {link.split("#")[0] for link in re.findall(r'<a\b[^>]*\shref="([^"]*)"', content)}
    for link in sorted(links - {""})[:40]:
        target = link if link.startswith("/") else _joined(address(world, page), link)
        assert visits(login, target).status_code in (200, 302), f"{page} leads to {target}"


def _joined(page: str, link: str) -> str:
    from urllib.parse import urljoin

    return urljoin(page, link)


@pytest.mark.parametrize(
    ("login", "page", "count"),
    [
        ("{zhang}", "/me/", 13),
        ("{zhang}", "/me/entries/", 8),
        ("operator", "/unit/people/", 10),
        ("operator", "/unit/lists/", 8),
        ("clerk", "/counter/unit/{school}/people/", 9),
        ("clerk", "/counter/unit/{works}/people/", 9),
        ("clerk", "/counter/suspense/", 7),
        ("clerk", "/counter/person/{teacher}/", 16),
        ("clerk", "/counter/unit/{school}/", 15),
        ("clerk", "/counter/search/?q=张", 10),
    ],
)
def test_queries_do_not_grow_with_rows(world, queries, login, page, count):
    browser = world.browser(login.format(zhang=world.zhang_login))
    browser.get(address(world, page))
    queries.clear()
    browser.get(address(world, page))
    assert len(queries) == count, "\n".join(sql[:110] for sql in queries)


def test_the_provinces_pages_read_sixteen_centres_with_as_many_queries_as_one(world):
    from django.db import connections

    browser, seen = world.browser("province"), []
    with connections["observer"].execute_wrapper(lambda execute, *call: (seen.append(call[0]), execute(*call))[1]):
        counts = {}
        for page in ("/supervisor/", "/supervisor/balances/", "/supervisor/centre/1/"):
            seen.clear()
            assert browser.get(page).status_code == 200, page
            counts[page] = len(seen)
    assert counts == {"/supervisor/": 3, "/supervisor/balances/": 2, "/supervisor/centre/1/": 5}
    drilled = browser.get("/supervisor/centre/1/0301007201/?period=MONTH&on=2026-08-31").content.decode()
    assert "各行合计" in drilled
