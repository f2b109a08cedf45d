"""A plan is lived through its commands, and the month's report tells what happened: by the end of that month, not by today."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from hpf.kernel.period import Month
from hpf.workplan.rules.report import Report, summary
from tests.integration.workplan.conftest import LANZHOU, PDF, WP24, by_office, fresh

MARCH, APRIL = Month(2024, 3), Month(2024, 4)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)


def find(plan, words, on):
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    page = occurrence_page(Wanted(plan_id=plan.plan_id, text=words), on, centre_id=LANZHOU)
    assert page.lines, words
    return page.lines[0]


def reported(plan, centre, words, day, told="已办结"):
    """A task proved, finished and reported on a day."""
    from hpf.workplan import services

    occurrence = find(plan, words, day)
    given = {"at": at(day)}
    done = services.add_evidence(
        **centre.act(centre.director, occurrence_id=occurrence.occurrence_id, filename="佐证.pdf", content=PDF + fresh().encode()) | given
    )
    assert done.is_approved, done.reasons
    version = find(plan, words, day).version
    done = services.finish(**centre.act(centre.director, occurrence_id=occurrence.occurrence_id, version=version, words=told) | given)
    assert done.is_approved, done.reasons
    done = services.report(**centre.act(centre.director, occurrence_ids=(occurrence.occurrence_id,), on=day) | given)
    assert done.is_approved, done.reasons
    return occurrence.occurrence_id, done.value.occurrences[0].version


@pytest.fixture(scope="module")
def lived(plan, lanzhou):
    """March in Lanzhou: one report accepted, one returned, one deadline moved; 31 March passes with the rest."""
    from hpf.workplan import services

    first, version = reported(plan, lanzhou, "永久居留", date(2024, 3, 18), "改造完成并验收")
    done = services.accept(**by_office(LANZHOU, occurrence_id=first, version=version, on=date(2024, 3, 22)) | {"at": at(date(2024, 3, 22))})
    assert done.is_approved, done.reasons
    second, version = reported(plan, lanzhou, "自评报告", date(2024, 3, 20), "自评92分")
    done = services.return_(
        **by_office(LANZHOU, occurrence_id=second, version=version, reason="缺整改措施", on=date(2024, 3, 26))
        | {"at": at(date(2024, 3, 26))}
    )
    assert done.is_approved, done.reasons
    third = find(plan, "亮码可办", date(2024, 3, 20))
    done = services.move_deadline(
        **by_office(
            LANZHOU, occurrence_id=third.occurrence_id, version=third.version, to_on=date(2024, 7, 31), reason="部级接口推迟上线",
        ) | {"at": at(date(2024, 3, 27))}
    )  # fmt: skip
    assert done.is_approved, done.reasons
    return plan


def rows(report: Report, words: str):
    return next(each.table.rows for each in report.passages if words in each.heading)


def test_the_centres_march_tells_what_was_accepted_late_returned_and_moved(lived):
    from hpf.workplan.queries.report import monthly

    report = monthly(lived.plan_id, MARCH, LANZHOU, date(2024, 4, 2), made_by="李明")
    assert report.title.endswith("关于2024年3月工作要点落实情况的报告")
    assert [(row[3], row[4], row[5]) for row in rows(report, "完成情况")] == [("3月18日", "3月22日", "改造完成并验收")]
    assert [(row[2], row[3], row[4]) for row in rows(report, "退回事项")] == [("3月26日", "缺整改措施", "已退回")]
    assert [row[2:5] for row in rows(report, "期限调整")] == [("6月30日", "7月31日", "部级接口推迟上线")]
    assert any("投稿" in row[1] for row in rows(report, "逾期事项"))


def test_what_happened_in_april_is_not_in_the_report_of_march(lived, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.report import month_facts, monthly

    before = monthly(lived.plan_id, MARCH, LANZHOU, date(2024, 4, 2))
    occurrence = find(lived, "自评报告", date(2024, 4, 3))
    given = {"at": at(date(2024, 4, 3))}
    done = services.finish(
        **lanzhou.act(lanzhou.director, occurrence_id=occurrence.occurrence_id, version=occurrence.version, words=occurrence.words) | given
    )
    assert done.is_approved, done.reasons
    done = services.report(**lanzhou.act(lanzhou.director, occurrence_ids=(occurrence.occurrence_id,), on=date(2024, 4, 3)) | given)
    assert done.is_approved, done.reasons
    assert monthly(lived.plan_id, MARCH, LANZHOU, date(2024, 4, 2)) == before
    april = month_facts(lived.plan_id, APRIL, LANZHOU, date(2024, 5, 2))
    told = summary(april.items, april.until, april.next_until, april.warn_days)
    assert told.reported_late == 1


def test_the_province_agrees_with_the_ranking_and_the_wall(lived):
    from hpf.workplan.queries.ranking import tallies as by_sql
    from hpf.workplan.queries.report import month_facts, monthly
    from hpf.workplan.queries.tasks import Wanted, occurrence_page
    from hpf.workplan.rules.lights import Colour
    from hpf.workplan.rules.report import is_late, tallies

    on = date(2024, 4, 30)
    facts = month_facts(lived.plan_id, APRIL, None, on)
    assert tallies(facts.items, facts.until, facts.centres) == by_sql(lived.plan_id, on)
    red = occurrence_page(Wanted(plan_id=lived.plan_id, colours=(Colour.RED,)), on, centre_id=None, limit=1)
    assert sum(is_late(each, on, facts.warn_days) for each in facts.items) == red.total > 0
    report = monthly(lived.plan_id, APRIL, None, on)
    assert len(rows(report, "排名")) == 16


def test_the_wall_comes_on_one_kind_of_paper(lived):
    import io

    import pypdf

    from hpf.workplan.gateways.report_pdf import wall_to_pdf
    from hpf.workplan.queries.report import wall_sheet

    sheet = wall_sheet(lived.plan_id, date(2024, 4, 2))
    assert len(sheet.centres) == 16
    page = pypdf.PdfReader(io.BytesIO(wall_to_pdf(sheet))).pages[0]
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [420, 297]


@pytest.fixture
def hpf(capsys):
    def run(*arguments):
        from hpf.jobs.cli import main

        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


@pytest.mark.parametrize("kind", ["docx", "md"])
def test_the_command_line_writes_the_report(lived, hpf, tmp_path, kind):
    code, told, _ = hpf(
        "workplan", "report", "--month", "2024-03", "--centre", "lanzhou", "--format", kind, "--on", "2024-04-02", "--out", tmp_path
    )
    assert code == 0
    (file,) = tmp_path.iterdir()
    assert told["file"] == str(file) and file.suffix == f".{kind}"
    assert file.stat().st_size == told["bytes"] > 1000


def test_status_says_no_while_something_is_late(lived, hpf):
    code, told, _ = hpf("workplan", "status", "--on", "2024-04-30", "--centre", "lanzhou")
    assert code == 1
    assert told["late"] == len(told["late_items"]) > 0
    assert told["lights"]["red"] > 0
    code, told, _ = hpf("workplan", "status", "--on", "2024-02-06")
    assert (code, told["late"], len(told["ranking"])) == (0, 0, 16)


def test_the_same_document_is_not_loaded_again(lived, hpf):
    code, told, _ = hpf("workplan", "load", WP24, "--year", "2024")
    assert (code, told["outcome"]) == (1, "REFUSED")
    assert told["reasons"][0]["code"] == "PLAN_LOADED_BEFORE"


def test_coverage_reads_the_document_alone(hpf, tmp_path):
    code, told, _ = hpf("workplan", "coverage", WP24)
    assert (code, told["uncovered"], told["sentences"]) == (0, [], told["with_tasks"] + told["no_task"])
    scan = tmp_path / "扫描.doc"
    scan.write_bytes(b"x" * 100)
    code, told, _ = hpf("workplan", "coverage", scan)
    assert (code, told["reasons"][0]["code"]) == (1, "DOCUMENT_KIND_UNKNOWN")


def test_an_import_needs_its_centre_and_tells_its_faults(lived, hpf, tmp_path):
    import xlsxwriter

    path = tmp_path / "台账.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for row, texts in enumerate(
        [("任务号", "措施", "责任科室", "完成时限"), (3, "召开推进会", "办公室", "3月底"), (4, "建立清单", "办公室", "尽快")]
    ):
        sheet.write_row(row, 0, texts)
    book.close()
    code, _, err = hpf("workplan", "import-xlsx", path)
    assert code == 2 and "--centre" in err
    code, told, _ = hpf("workplan", "import-xlsx", path, "--centre", "lanzhou", "--plan", "2024", "--dry-run")
    assert (code, told["matched"], told["fault_count"]) == (1, 1, 1)
    assert told["faults"][0] | {"rule": "", "remedy": ""} == {
        "row": 3,
        "column": "完成时限",
        "value": "尽快",
        "code": "DATE_UNREADABLE",
        "rule": "",
        "remedy": "",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("report", "--month", "2024-03", "--centre", "敦煌"), "没有中心“敦煌”"),
        (("status", "--on", "2019-03-01"), "没有2019年度的工作要点"),
        (("load", "/nowhere/plan.md", "--year", "2024"), "不能读取文件"),
        (("report", "--month", "2024-13"), "不是年月"),
    ],
)
def test_wrong_use_is_one_chinese_line(lived, hpf, arguments, words):
    code, told, err = hpf("workplan", *arguments)
    assert (code, told) == (2, None)
    assert words in err and err.count("\n") == 1
