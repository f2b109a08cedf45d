"""A centre's own spreadsheet goes in: what is clear is taken, what is not is told, and the second time nothing changes."""

from __future__ import annotations

import hashlib
import io
import time
from datetime import date

import pytest

from tests.integration.workplan.conftest import LANZHOU, TIANSHUI, fresh

HEADS = ["序号", "重点任务", "具体措施", "责任科室", "责任人", "完成时限", "进展情况"]


def book(rows, merged=(), title="2024年工作要点台账"):
    """An XLSX as a centre keeps it: a title across the sheet, headings, rows; `merged` in cells of the sheet."""
    import xlsxwriter

    file = io.BytesIO()
    written = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = written.add_worksheet("台账")
    sheet.merge_range(0, 0, 0, len(HEADS) - 1, title)
    for line, row in enumerate([HEADS, *rows], 1):
        for at, value in enumerate(row):
            if isinstance(value, str) and value.startswith("="):
                sheet.write_formula(line, at, value, value=line)
            elif value is not None:
                sheet.write(line, at, value)
    for top, left, bottom, right, value in merged:
        sheet.merge_range(top, left, bottom, right, value)
    written.close()
    return file.getvalue()


def take(plan, centre, content, dry_run=False, by=None, filename="台账.xlsx"):
    from hpf.workplan.services.imports import import_ledger

    return import_ledger(**centre.act(by or centre.director, plan_id=plan.plan_id, filename=filename, content=content, dry_run=dry_run))


def standing(plan, centre_id=LANZHOU):
    """What the centre has: assignments, measures, words, and how long the history is."""
    from django.db import connection

    from hpf.db.scope import centre_scope

    with centre_scope(centre_id), connection.cursor() as cursor:
        found = []
        for sql in (
            "SELECT task_id, measure_text, section, person_name, state FROM workplan_assignment WHERE plan_id = %s ORDER BY id",
            "SELECT m.title, m.section, m.due_on FROM workplan_measure m JOIN workplan_assignment a ON a.id = m.assignment_id WHERE a.plan_id = %s ORDER BY m.id",
            "SELECT id, words FROM workplan_occurrence WHERE plan_id = %s AND words <> '' ORDER BY id",
            "SELECT count(*) FROM workplan_event WHERE plan_id = %s AND centre_id > 0",
            "SELECT DISTINCT f.filename, f.sha256 FROM workplan_ledgerimport i JOIN workplan_ledgerfile f ON f.id = i.file_id WHERE f.plan_id = %s",
        ):
            cursor.execute(sql, [plan.plan_id])
            found.append(cursor.fetchall())
    return found


ROWS = [
    ["=ROW()-2", "开展“最美公积金人”宣传", "评选十名先进个人", "办公室", "王建国", "全年", "已印发评选方案"],
    ["=ROW()-2", None, "成立工作专班", "信息科", "李明", "2024年3月底", None],
    ["=ROW()-2", None, "制定试点实施方案", "信息科", "李明", 45382, None],
    [4, "食堂改造", "更换设备", "办公室", "王建国", "尽快", None],
    [5, "食堂改造", "更换设备", "办公室", "王建国", "6月底", None],
]
PILOT = "兰州、嘉峪关、武威、平凉、陇南、定西等公积金中心先行先试，制定实施方案并于9月底前完成试点"
LEDGER = book(ROWS, merged=[(3, 1, 4, 1, PILOT)])


def test_a_dry_run_tells_everything_and_changes_nothing(plan, lanzhou):
    before = standing(plan)
    told = take(plan, lanzhou, LEDGER, dry_run=True)
    assert told.is_approved, told.reasons
    done = told.value
    assert (done.rows, done.matched, done.tasks, done.fault_count) == (5, 3, 2, 2)
    assert [(fault.row, fault.column, fault.code) for fault in done.faults] == [
        (6, "完成时限", "DATE_UNREADABLE"),
        (7, "任务", "TASK_UNKNOWN"),
    ]
    assert standing(plan) == before
    again = take(plan, lanzhou, LEDGER, dry_run=True).value
    assert (again.file_id, again.known_file) == (done.file_id, "")


def test_what_was_tried_is_confirmed_from_the_kept_original(plan, lanzhou, tianshui):
    """The file need not be chosen again; another centre does not reach it, and an edited copy is another file."""
    from hpf.workplan.services.imports import confirm_ledger

    content = book(
        [
            ["1", "食堂改造", "更换设备", "办公室", "王建国", "6月底", None],
            [2, "开展“最美公积金人”宣传", "先试后导", "办公室", "赵敏", "全年", None],
        ]
    )
    tried = take(plan, lanzhou, content, dry_run=True, filename="先试.xlsx").value
    other = confirm_ledger(**tianshui.act(tianshui.director, file_id=tried.file_id))
    assert [reason.code for reason in other.reasons] == ["NOT_OF_CENTRE"]
    before = standing(plan)
    done = confirm_ledger(**lanzhou.act(lanzhou.director, file_id=tried.file_id)).value
    assert (done.dry_run, done.file_id, done.matched, done.sha256) == (False, tried.file_id, 1, hashlib.sha256(content).hexdigest())
    assert standing(plan) != before
    twice = confirm_ledger(**lanzhou.act(lanzhou.director, file_id=tried.file_id)).value
    assert (twice.assignments_changed, twice.unchanged) == (0, 1)
    assert twice.known_file.startswith("“先试.xlsx”，兰州主任于")


def test_the_clear_rows_go_in_and_a_second_import_adds_nothing(plan, lanzhou):
    earlier = standing(plan)
    first = take(plan, lanzhou, LEDGER).value
    assert (first.assignments_changed, first.measures_added, first.progress_changed) == (2, 2, 1)
    assignments, measures, words, events, files = standing(plan)
    broken_down = [row[1:] for row in assignments if row[2]]
    assert ("评选十名先进个人", "办公室", "王建国", "BROKEN_DOWN") in broken_down
    assert ("成立工作专班；制定试点实施方案", "信息科", "李明", "BROKEN_DOWN") in broken_down
    assert measures == [("成立工作专班", "信息科", date(2024, 3, 31)), ("制定试点实施方案", "信息科", date(2024, 3, 31))]
    assert [text for _, text in words] == ["已印发评选方案"]
    assert sorted({*files} - {*earlier[4]}) == [("台账.xlsx", hashlib.sha256(LEDGER).hexdigest())]
    assert events[0][0] - earlier[3][0][0] == 2

    second = take(plan, lanzhou, LEDGER).value
    assert (second.assignments_changed, second.measures_added, second.measures_changed, second.progress_changed) == (0, 0, 0, 0)
    assert second.unchanged == 2
    assert second.known_file.startswith("“台账.xlsx”，兰州主任于")
    assert standing(plan) == [assignments, measures, words, events, files]


def test_what_differs_next_month_is_changed_and_nothing_is_doubled(plan, lanzhou):
    take(plan, lanzhou, LEDGER)
    rows = [[*row] for row in ROWS[:3]]
    rows[0][6], rows[1][5] = "已评出十名先进个人", "4月底"
    done = take(plan, lanzhou, book(rows, merged=[(3, 1, 4, 1, PILOT)])).value
    assert (done.assignments_changed, done.measures_added, done.measures_changed, done.progress_changed) == (0, 0, 1, 1)
    _, measures, words, _, files = standing(plan)
    assert [(title, due) for title, _, due in measures] == [("成立工作专班", date(2024, 4, 30)), ("制定试点实施方案", date(2024, 3, 31))]
    assert [text for _, text in words] == ["已评出十名先进个人"]
    assert len([name for name, _ in files if name == "台账.xlsx"]) == 2


def test_rows_of_another_centre_stay_out(plan, tianshui):
    import xlsxwriter

    file = io.BytesIO()
    written = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = written.add_worksheet()
    for at, row in enumerate([["中心", "任务号", "具体措施"], ["兰州", 1, "召开动员会"], ["天水", 1, "召开动员会"]]):
        sheet.write_row(at, 0, row)
    written.close()
    done = take(plan, tianshui, file.getvalue()).value
    assert [(fault.row, fault.code) for fault in done.faults] == [(2, "ROW_OF_OTHER_CENTRE")]
    assert done.matched == 1


def test_a_section_takes_in_only_its_own(plan, tianshui):
    from hpf.workplan import services

    seated = services.Member(tianshui.head.user_id, tianshui.head.name, True)
    services.seat_section(**tianshui.act(tianshui.director, section="信贷科", members=(seated,)))
    rows = [[1, "健全决策制度", "修订议事规则", "办公室", "", "", ""], [2, "加强贷款逾期催收", "逐户上门", "信贷科", "", "", ""]]
    done = take(plan, tianshui, book(rows), dry_run=True, by=tianshui.head).value
    assert "SECTION_OF_OTHERS" in {fault.code for fault in done.faults}
    assert all(fault.row == 3 for fault in done.faults if fault.code == "SECTION_OF_OTHERS")


@pytest.mark.parametrize(
    ("filename", "content", "code"),
    [
        ("台账.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "LEDGER_FILE_KIND_UNKNOWN"),
        ("台账.xlsx", b"", "LEDGER_FILE_EMPTY"),
        ("台账.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "FILE_OLD_FORMAT"),
        ("台账.xlsx", b"PK\x03\x04 broken", "FILE_UNREADABLE"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(plan, lanzhou, filename, content, code):
    before = standing(plan)
    refused = take(plan, lanzhou, content, filename=filename)
    assert [reason.code for reason in refused.reasons] == [code]
    assert standing(plan) == before


def test_the_exported_ledger_comes_back_unchanged(plan, lanzhou):
    from hpf.workplan.gateways.spreadsheet import ledger_workbook
    from hpf.workplan.queries.ledger_rows import ledger_rows
    from hpf.workplan.queries.tasks import Wanted

    take(plan, lanzhou, LEDGER)
    on = date(2024, 4, 10)
    rows = ledger_rows(Wanted(plan_id=plan.plan_id), on, centre_id=LANZHOU)
    assert any(row.colour.label == "红" and row.late_days > 0 for row in rows)
    before = standing(plan)
    done = take(plan, lanzhou, ledger_workbook(rows, title="兰州台账", on=on)).value
    assert (done.assignments_changed, done.measures_added, done.measures_changed, done.progress_changed) == (0, 0, 0, 0)
    assert standing(plan)[:4] == before[:4]


def test_five_thousand_rows_go_in_within_five_seconds(plan, tianshui):
    from hpf.workplan.queries.ledger_rows import ledger_rows
    from hpf.workplan.queries.tasks import Wanted

    titles = sorted({row.demand for row in ledger_rows(Wanted(plan_id=plan.plan_id), date(2024, 4, 10), centre_id=TIANSHUI)})
    rows = [[at, titles[at % len(titles)], f"措施{at}：{fresh('m')}", "综合科", f"经办{at % 30}", "9月底", ""] for at in range(5000)]
    content = book(rows)
    started = time.perf_counter()
    done = take(plan, tianshui, content).value
    seconds = time.perf_counter() - started
    assert done.matched == 5000, done.faults[:3]
    assert done.measures_added == 5000
    assert seconds < 5, seconds
    print(f"5,000 rows in {seconds:.2f} s")
    again = take(plan, tianshui, content).value
    assert (again.measures_added, again.assignments_changed) == (0, 0)
