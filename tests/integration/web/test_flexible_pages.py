"""The pages of agreements, debits and subsidies with something on them: Chinese, labelled, without a dead link, with the same number of queries."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from tests.integration.web.flexible_world import Flexible
from tests.integration.web.test_pages import MAY_BE_LATIN, text_of
from tests.support.people import fresh

CLERK = [
    "/counter/agreements/", "/counter/agreements/?state=ACTIVE&due=now", "/counter/agreements/new/", "/counter/agreements/{signed}/", "/counter/agreements/sign/{unsigned}/",
    "/counter/debits/", "/counter/debits/{batch}/", "/counter/subsidies/", "/counter/subsidies/{program}/", "/counter/subsidies/{program}/grant/?account_no={account}",
    "/counter/subsidies/{program}/grant/", "/counter/subsidies/{program}/{grant}/", "/counter/subsidies/{program}/{grant}/recover/{account}/2026-07/", "/counter/person/{account}/",
    "/counter/lists/{grant}/",
]  # fmt: skip
MEMBER = ["/me/", "/me/agreement/", "/me/subsidies/"]
PAGES = [
    *(("clerk", page) for page in CLERK), *(("member", page) for page in MEMBER), ("accountant", "/counter/debits/"), ("accountant", "/counter/subsidies/{program}/"),
    ("director", "/counter/subsidies/"), ("director", "/counter/subsidies/new/"), ("checker", "/counter/agreements/{signed}/"),
]  # fmt: skip


@pytest.fixture(scope="module")
def get(world):
    """A page of somebody's, its numbers filled in."""
    from hpf.contributions.services import GrantLine
    from hpf.kernel.money import Money
    from hpf.kernel.period import Month

    flexible = Flexible(world)
    program = flexible.funded()
    line = GrantLine(flexible.accounts[0], Month(2026, 7), Money.yuan("50.00"))
    grant = world.centre.call("grant_subsidy", program_no=program, lines=(line,), business_on=world.centre.on).value.remittance_no
    batch = world.centre.call("collect", month=Month(2026, 8), business_on=world.centre.on).value.collection_no
    flexible.bank_answers(batch, {1: "余额不足"})
    world.centre.call("settle_collection", collection_no=batch, business_on=world.centre.on)
    world.centre.pay_in("77.00", "附言不清", match=False)
    known = {
        "signed": flexible.signed[0], "unsigned": flexible.accounts[-1], "account": flexible.accounts[0], "batch": batch, "program": program, "grant": grant,
    }  # fmt: skip
    browsers = {}

    def get(login, page):
        if login not in browsers:
            browsers[login] = world.browser(flexible.login if login == "member" else login)
        return browsers[login].get(page.format(**known))

    return get


@pytest.mark.parametrize(("login", "page"), PAGES)
def test_the_page_is_chinese_labelled_and_leads_on(get, login, page):
    response = get(login, page)
    assert response.status_code == 200, page
    content = response.content.decode()
    shown = set(re.findall(r"(?<![\w.*/_-])[A-Za-z_]{3,}(?![\w./@-])", text_of(content)))
    assert shown <= MAY_BE_LATIN, shown - MAY_BE_LATIN
    assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", content)
    assert "None" not in text_of(content)
    labelled = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', content))
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", content):
        if 'type="hidden"' not in tag and "aria-label=" not in tag and 'type="checkbox"' not in tag:
            found = re.search(r'\sid="([^"]+)"', tag)
            assert found and found[1] in labelled, f"no label for {tag}"
    ids = re.findall(r'\sid="([^"]+)"', content)
    assert sorted(ids) == sorted(set(ids))
    main = content[content.index("<main") :]
    for link in {link.split("#")[0] for link in re.findall(r'<a\b[^>]*\shref="([^"]*)"', main)} - {""}:
        assert get(login, urljoin(response.request["PATH_INFO"], link)).status_code in (200, 302), f"{page} leads to {link}"


@pytest.mark.parametrize(
    ("login", "page", "count"),
    [
        ("clerk", "/counter/agreements/", 10), ("clerk", "/counter/debits/", 10), ("clerk", "/counter/debits/{batch}/", 12),
        ("clerk", "/counter/subsidies/{program}/", 11), ("clerk", "/counter/subsidies/{program}/{grant}/", 10), ("member", "/me/agreement/", 12),
        ("member", "/me/subsidies/", 11),
    ],
)  # fmt: skip
def test_queries_do_not_grow_with_rows(get, queries, login, page, count):
    get(login, page)
    queries.clear()
    get(login, page)
    assert len(queries) == count, "\n".join(sql[:110] for sql in queries)


def test_keys_of_forms_on_one_page_differ(get):
    """Two forms of one page sent one after the other are two pieces of business."""
    content = get("clerk", "/counter/agreements/{signed}/").content.decode()
    keys = re.findall(r'name="key" value="([^"]+)"', content)
    assert len(keys) > 3 and len(keys) == len(set(keys))
    assert fresh() not in keys
