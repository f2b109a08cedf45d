"""An employer's work by the pages: a list with defects, the corrected one, its money; and nobody else's."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.integration.web.conftest import LANZHOU
from tests.support.contributions import JULY


def worker_turn():
    """What the worker does in one turn, without its talk with the bank."""
    from hpf.jobs.tasks import HANDLERS
    from hpf.outbox import services as outbox

    for kind, handle in HANDLERS.items():
        for message in outbox.claim(LANZHOU, kind, at=datetime.now(UTC)):
            handle(message, datetime.now(UTC))
            outbox.delivered(message, at=datetime.now(UTC))


def upload(browser, content, month, address="/unit/lists/new/", name="清册.csv", key="k1"):
    return browser.post(address, {"month": month, "kind": "REGULAR", "file": SimpleUploadedFile(name, content), "key": key})


@pytest.fixture
def balances(world):
    from hpf.ledger import queries

    def read():
        with world.centre.scope():
            return [queries.balance(world.centre.view(no).ledger_account_id).balance.text for no in world.teachers]

    return read


def test_a_list_with_defects_is_shown_by_row_corrected_confirmed_and_paid(world, balances):
    browser, before = world.browser("operator"), balances()
    spoiled = world.centre.file(world.teachers, spoil={2: {"个人月缴存额": "719.99"}, 4: {"缴存基数": "八千"}})
    sent = upload(browser, spoiled, "2026-08", key="story-1")
    waiting = browser.get(sent["Location"])
    assert 'hx-trigger="every 700ms"' in waiting.content.decode()
    worker_turn()
    moved = browser.get(sent["Location"], headers={"HX-Request": "true"})
    listed = browser.get(moved["HX-Redirect"])
    content = listed.content.decode()
    assert content.count('<td data-label="问题">') >= 2
    assert "上传更正清册" in content
    exported = browser.get(moved["HX-Redirect"] + "?defects=csv").content.decode("utf-8-sig")
    assert exported.splitlines()[0] == "行,列,内容,问题,更正办法,依据"
    number = moved["HX-Redirect"].rstrip("/").rpartition("/")[2]

    corrected = upload(browser, world.centre.file(world.teachers), "2026-08", f"/unit/lists/new/?replaces={number}", key="story-2")
    worker_turn()
    address = browser.get(corrected["Location"])["Location"]
    assert "确认清册" in browser.get(address).content.decode()
    confirmed = browser.post(address + "confirm/", {"key": "story-3"}, follow=True)
    assert "缴款通知" in confirmed.content.decode()
    assert balances() == before

    new_number = address.rstrip("/").rpartition("/")[2]
    world.centre.pay_in("10800.00", summary=new_number)
    world.centre.apply()
    assert "已记账" in browser.get(address).content.decode()
    assert balances()[0] == "2,400.00"


def test_the_same_form_sent_twice_makes_one_list(world):
    from hpf.contributions import queries

    browser = world.browser("operator")
    first = browser.post("/unit/lists/prepare/", {"key": "twice"})
    again = browser.post("/unit/lists/prepare/", {"key": "twice"})
    assert first["Location"] == again["Location"]
    with world.centre.scope():
        found = queries.remittances(LANZHOU, employer_account_id=world.centre_account(world.school).employer_account_id)
    assert len([r for r in found if r.source == "ROSTER" and r.month == JULY + 2]) == 1


def test_another_units_list_and_people_are_not_found(world):
    from hpf.contributions import queries

    browser = world.browser("operator")
    with world.centre.scope():
        theirs = queries.remittances(LANZHOU, employer_account_id=world.centre_account(world.works).employer_account_id)[0]
    assert browser.get(f"/unit/lists/{theirs.remittance_no}/").status_code == 404
    assert browser.post(f"/unit/lists/{theirs.remittance_no}/cancel/", {"reason": "x", "key": "c"}).status_code == 404
    assert browser.get(f"/unit/people/{world.workers[0]}/").status_code == 404
    sealed = browser.post(f"/unit/people/{world.workers[0]}/seal/", {"seal-reason": "LEFT", "seal-left_on": "2026-08-01", "key": "s"})
    assert sealed.status_code == 404
    with world.centre.scope():
        assert world.centre.view(world.workers[0]).state == "NORMAL"


def test_a_teacher_is_sealed_and_unsealed_by_the_page(world):
    browser, account = world.browser("operator"), world.teachers[5]
    browser.post(f"/unit/people/{account}/seal/", {"seal-reason": "LEFT", "seal-left_on": "2026-08-01", "key": "seal-5"})
    assert world.centre.view(account).state == "SEALED"
    month = str(world.centre_account(world.school).next_month)
    browser.post(f"/unit/people/{account}/unseal/", {"unseal-base": "10,000.00", "unseal-from_month": month, "key": "unseal-5"})
    assert world.centre.view(account).state == "NORMAL"


def test_a_wrong_amount_is_refused_in_words(world):
    answer = world.browser("operator").post(
        f"/unit/people/{world.teachers[0]}/base/", {"base-base": "5000.005", "base-from_month": "2026-10", "key": "b"}, follow=True
    )
    assert "新缴存基数（元）：请填写以元为单位的金额，最多两位小数" in answer.content.decode()


@pytest.mark.parametrize(("login", "page"), [("operator", "/unit/lists/new/"), ("clerk", "/counter/unit/{school}/lists/new/")])
def test_the_form_says_how_much_the_reader_takes(world, login, page):
    from hpf.contributions.rules.workbook import ReadingLimits

    assert ReadingLimits().text == "不超过16兆字节、50,000行"
    content = world.browser(login).get(page.format(school=world.school)).content.decode()
    assert f"表格文件（.xlsx）或文本文件（.csv），{ReadingLimits().text}" in content


def test_the_template_reads_back_without_a_defect(world):
    """What the page hands out is a list that the page takes."""
    from openpyxl import load_workbook

    browser = world.browser("operator")
    sheet = load_workbook(io.BytesIO(browser.get("/unit/lists/template/").content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("个人账号", "姓名", "缴存基数", "单位月缴存额", "个人月缴存额", "合计")
    assert [row[0] for row in rows[1:]] == world.teachers
    assert rows[1][2:] == (5000, 600, 600, 1200)


def test_a_spreadsheet_does_not_run_what_a_name_says(world):
    from hpf.web.listing import Column, export_file

    class Row:
        name = '=HYPERLINK("http://x")'

    csv = export_file("csv", "清单", [Column("name", "姓名")], [Row]).content.decode("utf-8-sig")
    assert csv.splitlines()[1] == '"\'=HYPERLINK(""http://x"")"'


def test_an_export_leaves_a_mark(world):
    from hpf.access import queries

    answer = world.browser("operator").get("/unit/people/?export=xlsx")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    with world.centre.scope():
        lines, _ = queries.audit(LANZHOU, kind="EXPORT")
    assert lines[0].subject == f"职工名册_{world.school} 6行"


def test_who_may_not_export_sees_the_page_and_no_file(world):
    """The system administrator reads the users' list; the right to export is not among that post's."""
    answer = world.browser("system").get("/users/?export=xlsx")
    assert answer["Content-Type"].startswith("text/html") and "export=" not in answer.content.decode()
    assert world.browser("auditor").get("/audit/?export=csv")["Content-Type"].startswith("text/csv")
