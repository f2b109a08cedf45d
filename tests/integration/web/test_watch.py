"""欠缴催缴 by the pages: the watch, the file with its evidence, what the unit reads of it, and what is refused where."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.integration.web.conftest import LANZHOU
from tests.support.people import AT

PDF = b"%PDF-1.7 made up"


@pytest.fixture(scope="module")
def owing(world):
    """A unit of three that has not paid July; its operator signs in as `owing`."""
    from datetime import UTC, datetime

    from hpf.access.services import register_users
    from hpf.access.services.appointments import NewUser
    from hpf.kernel.actor import Actor
    from tests.integration.web.conftest import PASSWORD

    unit, _ = world.centre.unit_with_people("兰州欠缴有限公司")
    new = (NewUser("owing", "欠缴单位经办", "EMPLOYER", "EMPLOYER_OPERATOR", employer_id=world.centre_account(unit).employer_id),)
    register_users(by=Actor.system(LANZHOU), centre_id=LANZHOU, users=new, password=PASSWORD, at=datetime.now(UTC), key="owing")
    return unit


@pytest.fixture(scope="module")
def case(world, owing):
    """The file's address."""
    opened = world.browser("clerk").post(f"/counter/arrears/new/{owing}/", {"key": "open"})
    return opened["Location"]


def step(world, case, login="clerk", **given):
    form = {"kind": "CALL", "taken_on": "2026-08-03", "note": "答复月底缴", "key": given.pop("key"), **given}
    return world.browser(login).post(f"{case}step/", form)


def fault(answer, field):
    """What is said beside a field."""
    found = re.search(rf'id="id_{field}_error">([^<]+)<', answer.content.decode())
    return found[1] if found else ""


def test_the_watch_names_the_unit_its_months_amount_and_next_step(world, owing):
    content = world.browser("clerk").get("/counter/arrears/?show=new").content.decode()
    row = re.search(rf"<tr>(?:(?!</tr>).)*{owing}.*?</tr>", content, re.DOTALL)[0]
    assert "兰州欠缴有限公司" in row and "2026年7月" in row and "4,320.00" in row and ">19<" in row
    assert f'href="/counter/arrears/new/{owing}/"' in row
    assert "第35条" in content or "第34条" in content
    assert world.school not in content


def test_a_unit_that_owes_nothing_cannot_be_urged(world):
    page = world.browser("clerk").get(f"/counter/arrears/new/{world.school}/").content.decode()
    assert "没有欠缴月份，不需要催缴" in page and "立案</button>" not in page
    answer = world.browser("clerk").post(f"/counter/arrears/new/{world.school}/", {"key": "none"})
    assert "无需催缴" in answer.content.decode()


def test_a_case_is_opened_once(world, owing, case):
    assert re.fullmatch(r"/counter/arrears/cases/\d+/", case)
    assert world.browser("clerk").post(f"/counter/arrears/new/{owing}/", {"key": "open"})["Location"] == case
    assert world.browser("clerk").get(f"/counter/arrears/new/{owing}/")["Location"] == case
    assert "还没有登记步骤" in world.browser("clerk").get(case).content.decode()


def test_steps_are_refused_beside_the_field_and_evidence_need_not_be_sent_twice(world, owing, case):
    from hpf.contributions import queries

    early = step(world, case, kind="NOTICE", key="early", document_no="催字〔2026〕1号", evidence=SimpleUploadedFile("通知.pdf", PDF))
    assert "现在应办理“电话催缴”" in fault(early, "kind")
    kept = re.search(r'name="kept" value="(\d+)"', early.content.decode())[1]
    assert "“通知.pdf”已留存" in early.content.decode()
    assert step(world, case, key="call")["Location"] == case
    tomorrow = step(world, case, key="tomorrow", taken_on="2026-08-04")
    assert "晚于会计日2026-08-03" in fault(tomorrow, "taken_on")
    bare = step(world, case, kind="NOTICE", key="bare", document_no="催字〔2026〕1号")
    assert "必须登记文书号并留存文书原件" in fault(bare, "evidence")
    foreign = step(world, case, kind="NOTICE", key="exe", evidence=SimpleUploadedFile("通知.pdf", b"MZ\x90\x00"))
    assert "不是扫描件或照片" in fault(foreign, "evidence")
    late = step(world, case, kind="NOTICE", key="late", document_no="催字〔2026〕1号", kept=kept, delivered_on="2026-08-02")
    assert "送达日期2026-08-02应在" in fault(late, "delivered_on")
    sent = {"document_no": "催字〔2026〕1号", "kept": kept, "delivered_on": "2026-08-03", "delivered_to": "门卫", "answer_by": "2026-08-20"}
    assert step(world, case, kind="NOTICE", key="notice", **sent)["Location"] == case
    endless = step(world, case, kind="ORDER", key="endless", document_no="责字1号", evidence=SimpleUploadedFile("责令.pdf", PDF))
    assert "必须写明缴清的期限" in fault(endless, "answer_by")
    with world.centre.scope():
        found = queries.urging(LANZHOU, case.strip("/").rpartition("/")[2])
    assert [(str(each.kind), each.evidence_id) for each in found.steps] == [("CALL", None), ("NOTICE", int(kept))]


def test_the_same_step_sent_twice_is_recorded_once(world, case):
    assert step(world, case, key="call")["Location"] == case
    content = world.browser("clerk").get(case).content.decode()
    assert content.count(". 电话催缴") == 1


def test_evidence_comes_back_byte_for_byte_to_those_who_may_and_leaves_a_mark(world, case):
    from hpf.access import queries as access

    content = world.browser("checker").get(case).content.decode()
    assert "登记</button>" not in content
    got = world.browser("checker").get(f"{case}evidence/2/")
    assert got.content == PDF and got["Content-Disposition"].startswith("attachment;")
    assert world.browser("accountant").get(case).status_code == 200
    assert world.browser("accountant").get(f"{case}evidence/2/").status_code == 403
    assert world.browser("clerk").get(f"{case}evidence/1/").status_code == 404
    with world.centre.scope():
        lines, _ = access.audit(LANZHOU, kind="EXPORT")
    assert "下载催缴证据" in lines[0].subject


def test_only_who_may_urge_records_steps_and_opens_cases(world, owing, case):
    for login in ("checker", "accountant", "owing"):
        assert step(world, case, login, key=f"no-{login}").status_code == 403
        assert world.browser(login).post(f"/counter/arrears/new/{owing}/", {"key": f"no-{login}"}).status_code == 403
    assert world.browser("owing").get("/counter/arrears/").status_code == 403
    assert world.browser("owing").get(case).status_code == 403


def test_the_unit_reads_what_is_asked_of_it_and_until_when(world, case):
    content = world.browser("owing").get("/unit/arrears/").content.decode()
    assert "中心要求本单位不迟于 2026年8月20日缴清" in content and "4,320.00" in content
    assert "催字〔2026〕1号" in content and "还有 17 天" in content and "责令限期缴存" in content
    assert "不迟于 2026年8月20日缴清" in world.browser("owing").get("/unit/").content.decode()
    assert "没有欠缴" in world.browser("operator").get("/unit/arrears/").content.decode()


def test_a_case_is_closed_only_when_nothing_is_owed(world, owing, case):
    browser = world.browser("clerk")
    refused = browser.post(f"{case}close/", {"close-outcome": "已缴", "key": "too-soon"}, follow=True).content.decode()
    assert "仍欠缴2026年7月" in refused
    world.centre.booked_month(owing)
    assert "请写明单位如何缴清" in browser.post(f"{case}close/", {"close-outcome": "", "key": "empty"}, follow=True).content.decode()
    closed = browser.post(f"{case}close/", {"close-outcome": "8月3日缴清", "key": "done"}, follow=True).content.decode()
    assert "案件已办结" in closed and "8月3日缴清" in closed
    assert "兰州欠缴有限公司" not in browser.get("/counter/arrears/").content.decode()
    assert "兰州欠缴有限公司" in browser.get("/counter/arrears/cases/?state=CLOSED").content.decode()


def test_the_watch_is_filtered_paged_and_counted_by_the_database(world, queries):
    """Thirty more units, one of them under a case with a deadline gone by: no page asks more often."""
    from hpf.contributions import queries as contributions

    browser = world.browser("clerk")
    units = [world.centre.unit(f"兰州第{n}欠缴厂", first_month=f"2026-{7 - n % 3:02d}") for n in range(30)]
    opened = world.centre.call("open_urging", employer_account_no=units[0], business_on=world.centre.on).value
    given = {"urging_no": opened.urging_no, "kind": "CALL", "taken_on": world.centre.on - timedelta(days=9), "note": "七月底前缴"}
    world.centre.call("take_urging_step", **given, answer_by=date(2026, 7, 31))
    counts = {}
    for address in ("/counter/arrears/", "/counter/arrears/?page=2", "/counter/arrears/?text=第3", "/counter/arrears/cases/?state="):
        browser.get(address)
        queries.clear()
        content = browser.get(address).content.decode()
        counts[address] = (len(queries), content.count("<tr>") - 1)
    assert counts["/counter/arrears/"][1] == 25 and counts["/counter/arrears/?page=2"][1] == 5
    assert {address: count for address, (count, _) in counts.items()} == {
        "/counter/arrears/": 11, "/counter/arrears/?page=2": 10, "/counter/arrears/?text=第3": 10, "/counter/arrears/cases/?state=": 9,
    }  # fmt: skip
    late = browser.get("/counter/arrears/?show=late").content.decode()
    assert "兰州第0欠缴厂" in late and "兰州第1欠缴厂" not in late and "限期已过" in late
    with world.centre.scope():
        page = contributions.arrears_page(LANZHOU, world.centre.on, limit=100)
        past = contributions.arrears_page(LANZHOU, world.centre.on, text="第3", offset=100)
    count = page.counts
    assert (past.rows, past.total, past.counts) == ((), 0, count)
    assert (page.total, count.units, count.without_case, count.past_deadline) == (30, 30, 29, 1)
    assert [len(row.months) for row in page.rows] == sorted((len(row.months) for row in page.rows), reverse=True)


def test_the_statement_owes_what_the_rule_owes(world):
    """Every unit and many days: what the database finds is what `months_owed` says of each unit by itself."""
    from hpf.accounts import queries as accounts
    from hpf.contributions import queries as contributions

    with world.centre.scope():
        units = accounts.employer_accounts(LANZHOU, limit=1000).rows
        for on in (date(2026, 7, 15), date(2026, 7, 16), date(2026, 8, 16), date(2027, 1, 1)):
            found = {row.employer_account_id: row.months for row in contributions.arrears(LANZHOU, on, limit=1000)}
            said = {each.employer_account_id: contributions.months_owed(LANZHOU, each.employer_account_id, on) for each in units}
            assert found == {account_id: months for account_id, months in said.items() if months}


def test_lapsed_people_are_listed_with_their_unit(world, queries):
    from hpf.contributions import queries as contributions
    from hpf.contributions.services import find_lapses
    from hpf.kernel.actor import Actor

    def watch(on):
        found = find_lapses(by=Actor.system(LANZHOU), centre_id=LANZHOU, business_on=on, at=AT, key=f"lapses:{on}")
        return found.found, world.browser("clerk").get("/counter/arrears/people/").content.decode()

    assert "本中心尚未计算" in world.browser("clerk").get("/counter/arrears/people/").content.decode()
    found, page = watch(world.centre.on)
    assert found == 0 and "没有断缴职工" in page and f"名单于{world.centre.on}日终时计算" in page
    found, page = watch(date(2026, 11, 3))
    assert found == 13 and "没有断缴职工" not in page and page.count("/counter/person/") >= 13
    with world.centre.scope():
        shown = contributions.lapsed_page(LANZHOU, date(2026, 11, 3), limit=4)
    assert (len(shown.rows), shown.total) == (4, 13)
