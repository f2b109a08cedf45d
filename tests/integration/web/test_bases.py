"""年度基数调整 by the pages: the template, the defects by row, the preview with its limits, the confirmation; and nobody else's."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.integration.web.conftest import LANZHOU
from tests.integration.web.test_employer import worker_turn
from tests.support.lists import delimited, xlsx

HEADINGS = ["个人账号", "姓名", "缴存基数"]


def cap_and_floor(world):
    from datetime import date

    from hpf.policy import queries as policy

    with world.centre.scope():
        book = policy.book(LANZHOU, date(2027, 7, 1))
    return book.money("contribution.base_cap"), book.money("contribution.base_floor", "620102")


def send(browser, content, key, month="2027-07", address="/unit/bases/new/", name="基数.csv"):
    return browser.post(address, {"from_month": month, "file": SimpleUploadedFile(name, content), "key": key})


def proposed(browser, content, key, **more):
    """Upload, let the worker read, and give the preview's address."""
    sent = send(browser, content, key, **more)
    assert sent.status_code == 302, sent.content.decode()
    worker_turn()
    return browser.get(sent["Location"])["Location"]


def bases(world, people=None):
    return [str(world.centre.view(no).base) for no in people or world.teachers]


def test_the_month_is_refused_beside_its_field_before_anything_is_read(world):
    from hpf.contributions.models import Original

    browser = world.browser("operator")
    with world.centre.scope():
        before = Original.objects.count()
    for month, words in (("2026-09", "本中心年度基数调整自7月起执行"), ("2026-07", "单位已缴至2026年7月"), ("二月", "请填写年月")):
        answer = send(browser, b"x", f"m-{month}", month=month)
        assert answer.status_code == 200
        said = re.search(r'id="id_from_month_error">([^<]+)<', answer.content.decode())
        assert said and words in said[1]
    with world.centre.scope():
        assert Original.objects.count() == before


def test_the_template_holds_the_units_people_and_waits_for_new_bases(world):
    from openpyxl import load_workbook

    browser = world.browser("operator")
    content = browser.get("/unit/bases/template/").content
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[0] == ("个人账号", "姓名", "原缴存基数", "缴存基数")
    assert [row[0] for row in rows[1:]] == world.teachers and rows[1][2:] == (5000, None)
    page = browser.get(proposed(browser, content, "blank", name="样表.xlsx")).content.decode()
    assert page.count("没有填写缴存基数") == 6 and "确认执行</button>" not in page


def test_defects_by_row_then_the_corrected_file_then_the_preview_then_the_bases(world):
    from hpf.contributions import queries

    browser, before = world.browser("operator"), bases(world)
    cap, floor = cap_and_floor(world)
    people = world.teachers
    rows = [
        [people[0], "", "5500.00"],
        [people[1], "", "六千"],
        ["010000000000", "某人", "5000"],
        [people[2], "", "999999"],
        [people[3], "", "100"],
    ]
    first = proposed(browser, delimited(rows, HEADINGS), "first")
    content = browser.get(first).content.decode()
    defects = re.findall(r'row-no">(\d+)</td><td class="text-nowrap" data-label="列">([^<]*)</td><td data-label="内容">([^<]*)<', content)
    assert defects == [("3", "缴存基数", "六千"), ("4", "个人账号", "010000000000")]
    assert "不是本单位在册的缴存人" in content and "上传更正文件" in content and "只确认这 3 人" in content
    assert f"高于上限{cap.text}元" in content and f"低于下限{floor.text}元" in content
    csv = browser.get(f"{first}?defects=csv").content.decode("utf-8-sig")
    assert csv.splitlines()[0] == "行,列,内容,问题,更正办法,依据" and len(csv.splitlines()) == 3
    assert bases(world) == before

    rows[1][2], rows[2] = "6000", [people[4], "", "9100"]
    corrected = xlsx(rows, HEADINGS)
    second = proposed(browser, corrected, "second", name="基数更正.xlsx")
    content = browser.get(second).content.decode()
    assert "确认执行</button>" in content and "未列入或有差错的 1 人保持原基数" in content
    assert first.strip("/").rpartition("/")[2] in content
    assert "已被更正取代" in browser.get(first).content.decode()
    late = browser.post(f"{first}confirm/", {"key": "late"}, follow=True).content.decode()
    assert "已被更正取代" in late and bases(world) == before
    limited = browser.get(f"{second}?show=limited").content.decode()
    assert limited.count('data-label="个人账号"') == 2
    assert browser.get(f"{second}original/").content == corrected

    done = browser.post(f"{second}confirm/", {"key": "yes"}, follow=True).content.decode()
    assert "已为5人执行新基数" in done
    assert bases(world) == ["5500.00", "6000.00", str(cap), str(floor), "9100.00", before[5]]
    again = browser.post(f"{second}confirm/", {"key": "yes"}, follow=True).content.decode()
    assert "已为5人执行新基数" in again
    twice = browser.get(proposed(browser, delimited(rows[:1], HEADINGS), "third")).content.decode()
    assert "本年度已做过年度基数调整" in twice
    with world.centre.scope():
        found, total = queries.base_changes(LANZHOU, world.centre_account(world.school).employer_account_id)
    assert total == 4 and [str(each.state) for each in found][:2] == ["PROPOSED", "CONFIRMED"]


def test_a_file_that_cannot_be_read_says_so_and_is_kept(world):
    browser = world.browser("operator")
    address = proposed(browser, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old", month="2028-07", name="旧.xls")
    content = browser.get(address).content.decode()
    assert "旧版xls格式" in content and "另存为" in content and "整表" in content
    assert "撤销这次上传" in content
    assert "已撤销" in browser.post(f"{address}cancel/", {"key": "gone"}, follow=True).content.decode()
    assert browser.get(f"{address}original/").status_code == 200


def test_what_changed_after_the_preview_stops_the_whole_adjustment(world):
    clerk, before = world.browser("clerk"), bases(world, world.workers[:1])
    rows = [[no, "", "8000"] for no in world.workers[:2]]
    new = f"/counter/unit/{world.works}/bases/new/"
    address = proposed(clerk, delimited(rows, HEADINGS), "counter-1", address=new)
    assert address.startswith("/counter/bases/")
    from hpf.accounts.services import transfer_inside
    from hpf.kernel.money import Money
    from hpf.kernel.period import Month
    from tests.support.people import AT, fresh

    moved = transfer_inside(
        by=world.centre.by, centre_id=LANZHOU, account_no=world.workers[1], to_employer_account_no=world.school, base=Money.yuan("7000.00"),
        from_month=Month(2026, 12), on=world.centre.on, at=AT, key=fresh(),
    )  # fmt: skip
    assert moved.value, moved.reasons
    stopped = clerk.post(f"{address}confirm/", {"key": "stop"}, follow=True).content.decode()
    assert "有1人" in stopped and "未作任何调整" in stopped
    assert bases(world, world.workers[:1]) == before
    good = proposed(clerk, delimited(rows[:1], HEADINGS), "counter-2", address=new)
    assert "已为1人执行新基数" in clerk.post(f"{good}confirm/", {"key": "go"}, follow=True).content.decode()
    assert bases(world, world.workers[:1]) == ["8000.00"]
    assert good.strip("/").rpartition("/")[2] in clerk.get(f"/counter/unit/{world.works}/bases/").content.decode()


def test_another_units_file_is_not_found_and_others_may_not(world):
    clerk, operator = world.browser("clerk"), world.browser("operator")
    address = proposed(
        clerk, delimited([[world.workers[2], "", "8200"]], HEADINGS), "counter-3", address=f"/counter/unit/{world.works}/bases/new/"
    )
    number = address.strip("/").rpartition("/")[2]
    assert operator.get(f"/unit/bases/{number}/").status_code == 404
    assert operator.post(f"/unit/bases/{number}/confirm/", {"key": "x"}).status_code == 404
    assert operator.get(f"/unit/bases/{number}/original/").status_code == 404
    assert operator.get(address).status_code == 403
    checker = world.browser("checker")
    assert checker.get(address).status_code == 200 and "确认执行" not in re.sub(
        r"<li[^>]*>确认执行</li>", "", checker.get(address).content.decode()
    )
    assert checker.post(f"{address}confirm/", {"key": "y"}).status_code == 403
    assert checker.get(f"{address}original/").status_code == 403


@pytest.mark.parametrize(("size", "count"), [(30, 17), (90, 18)])
def test_queries_do_not_grow_with_people(world, queries, size, count):
    """One more counts the lines where they do not end on the page."""
    unit, people = world.centre.unit_with_people(f"兰州{size}人厂", size)
    clerk = world.browser("clerk")
    content = delimited([[no, "", "9000"] for no in people], HEADINGS)
    address = proposed(clerk, content, f"many-{size}", month="2026-07", address=f"/counter/unit/{unit}/bases/new/")
    clerk.get(address)
    queries.clear()
    page = clerk.get(address).content.decode()
    assert page.count('data-label="核定基数"') == min(size, 50)
    assert len(queries) == count, "\n".join(sql[:90] for sql in queries)
    queries.clear()
    clerk.post(f"{address}confirm/", {"key": f"many-{size}-k"})
    assert len(queries) <= 45, len(queries)
