"""From document to tasks: WP24 whole, the same twice, a new edition, next year's plan."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.integration.workplan.conftest import LANZHOU, WP24, by_office

PILOTS = (1, 2, 6, 8, 11, 12)
OVER_THE_LINE = (1, 5, 7, 10, 12, 16)


def codes(answer):
    return [reason.code for reason in answer.reasons]


def counts():
    from django.db import connections

    tables = ("plan", "edition", "clause", "sentence", "task", "tasksource", "assignment", "occurrence", "event")
    with connections["observer"].cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM workplan_{name}_v1)" for name in tables))
        return dict(zip(tables, cursor.fetchone(), strict=True))


def tasks_saying(plan_id, words):
    from hpf.workplan.models import Task

    return list(Task.objects.filter(plan_id=plan_id, demand__contains=words).order_by("task_no"))


def centres_of(task):
    from hpf.workplan.queries.tasks import assignments

    return tuple(each.centre_id for each in assignments(date(2024, 3, 1), centre_id=None, task_id=task.id))


def test_the_plan_of_2024_becomes_tasks_of_sixteen_centres(plan):
    from hpf.workplan.queries.plans import coverage, plan_of_year

    view = plan_of_year(2024)
    assert (view.title, view.number, view.issued_on) == ("2024年全省住房公积金工作要点", "甘建金〔2024〕26号", date(2024, 2, 1))
    covered = coverage(plan.plan_id)
    assert covered.sentences == plan.sentences and covered.uncovered == 0 and covered.open == ()
    assert counts()["assignment"] == plan.assignments and counts()["occurrence"] == plan.occurrences


def test_named_centres_dates_and_duties_are_the_documents(plan):
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    def due(words, centre_id=LANZHOU):
        page = occurrence_page(Wanted(plan_id=plan.plan_id, text=words), date(2024, 3, 1), centre_id=centre_id)
        return [line.due_on for line in page.lines]

    assert due("永久居留身份证") == [date(2024, 3, 31)]
    assert due("亮码可办") == [date(2024, 6, 30)]
    assert due("先行先试") == [date(2024, 9, 30)]
    assert due("每月向省住建厅")[:2] == [date(2024, 2, 29), date(2024, 3, 31)] and len(due("每月向省住建厅")) == 11
    assert due("先行先试", 5) == []
    assert {centres_of(task) for task in tasks_saying(plan.plan_id, "先行先试")} == {PILOTS}
    assert {centres_of(task) for task in tasks_saying(plan.plan_id, "降逾工作力度")} == {OVER_THE_LINE}


def test_document_and_tasks_stand_side_by_side_in_one_query(plan, queries):
    from hpf.workplan.queries.plans import document_side_by_side

    queries.clear()
    clauses = document_side_by_side(plan.plan_id)
    assert len(queries) == 1 and len(clauses) == plan.clauses
    asked = [sentence for clause in clauses for sentence in clause.sentences if sentence.verdict == "DEMAND"]
    assert asked and all(sentence.tasks for sentence in asked)
    silent = [sentence for clause in clauses for sentence in clause.sentences if sentence.verdict == "NO_TASK"]
    assert silent and all(sentence.no_task_reason and not sentence.tasks for sentence in silent)


def test_the_same_file_twice_is_refused_and_changes_nothing(plan):
    from hpf.workplan import services

    before = counts()
    twice = services.load_plan(**by_office(filename="另一个名字.md", content=WP24.read_bytes(), year=2024))
    assert codes(twice) == ["PLAN_LOADED_BEFORE"]
    assert plan.title in twice.reasons[0].message and "省厅张处" in twice.reasons[0].message
    assert counts() == before


def test_only_the_province_loads(plan, lanzhou):
    from hpf.db.command import NotPermitted
    from hpf.workplan import services

    with pytest.raises(NotPermitted):
        services.load_plan(**lanzhou.act(lanzhou.director, filename="x.md", content=b"x", year=2024))


def test_a_scan_is_refused_in_chinese(plan):
    from hpf.workplan import services

    refused = services.load_plan(**by_office(filename="扫描件.jpg", content=b"\xff\xd8\xff", year=2024))
    assert codes(refused) == ["DOCUMENT_KIND_UNKNOWN"]


def test_a_new_edition_keeps_the_tasks_and_shows_what_differs(plan):
    from hpf.workplan import services
    from hpf.workplan.queries.history import history
    from hpf.workplan.queries.plans import coverage, editions

    (pilot,) = tasks_saying(plan.plan_id, "先行先试")[:1]
    before = counts()
    text = WP24.read_text("utf-8")
    text = text.replace("于9月底前完成试点", "于10月底前完成试点").replace("常态化开展扫黑除恶专项斗争，", "")
    text = text.replace("热情接待来访、", "各中心要在6月底前公布信访接待电话。热情接待来访、")
    second = services.load_plan(**by_office(filename="修订.md", content=text.encode(), year=2024)).value
    assert (second.plan_id, second.edition_no, second.kept) == (plan.plan_id, 2, before["task"])
    after = counts()
    assert (after["plan"], after["edition"]) == (before["plan"], before["edition"] + 1)
    assert after["task"] - before["task"] == second.tasks and second.tasks == 1
    assert after["assignment"] - before["assignment"] == 16
    latest, first = editions(plan.plan_id)
    kinds = [each["kind"] for each in latest.differences]
    assert "CHANGED" in kinds and "ADDED" in kinds and first.differences == ()
    assert coverage(plan.plan_id).uncovered == 0
    lines, _ = history(centre_id=0, task_id=pilot.id)
    assert any("10月底前" in line.after.get("原文", "") for line in lines)
    assert tasks_saying(plan.plan_id, "6月底前公布信访接待电话")


def test_a_task_is_made_from_a_sentence_and_withdrawn_again(plan):
    from hpf.workplan import services
    from hpf.workplan.queries.plans import coverage, document_side_by_side
    from hpf.workplan.queries.wall import wall

    silent = next(s for c in document_side_by_side(plan.plan_id) for s in c.sentences if s.verdict == "NO_TASK")
    made = services.create_task(
        **by_office(
            plan_id=plan.plan_id, title="报送贯彻落实情况", demand="报送贯彻落实情况", sentence_ids=(silent.sentence_id,), centre_ids=(1, 5)
        )
    ).value  # fmt: skip
    assert (made.assignments, made.occurrences) == (2, 2)
    row = next(each for each in wall(plan.plan_id, date(2024, 3, 1)).rows if each.task_id == made.task_id)
    assert row.lights == "-   -           "
    busy = services.mark_no_task(**by_office(sentence_id=silent.sentence_id, reason="已另行部署"))
    assert codes(busy) == ["SENTENCE_HAS_TASK"]
    assert codes(services.withdraw_task(**by_office(task_id=made.task_id, version=1, reason=""))) == ["REASON_MISSING"]
    assert services.withdraw_task(**by_office(task_id=made.task_id, version=1, reason="重复交办")).is_approved
    assert coverage(plan.plan_id).uncovered == 1
    assert services.mark_no_task(**by_office(sentence_id=silent.sentence_id, reason="已另行部署")).is_approved
    assert coverage(plan.plan_id).uncovered == 0
    assert all(each.task_id != made.task_id for each in wall(plan.plan_id, date(2024, 3, 1)).rows)


def test_next_years_plan_takes_what_is_open(plan):
    from hpf.workplan import services
    from hpf.workplan.models import Task
    from hpf.workplan.queries.tasks import Wanted, occurrence_page, task

    at = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
    made = services.next_plan(**{**by_office(from_plan_id=plan.plan_id, year=2026), "at": at}).value
    assert made.title == "2026年全省住房公积金工作要点"
    new = Task.objects.get(plan_id=made.plan_id, demand__contains="永久居留身份证")
    old = Task.objects.get(plan_id=plan.plan_id, demand__contains="永久居留身份证")
    assert (new.carried_from_id, new.origin) == (old.id, "CARRIED")
    assert task(new.id).carried_from == f"2024年{old.task_no}号"
    page = occurrence_page(Wanted(task_id=new.id), date(2026, 1, 5), centre_id=LANZHOU)
    assert [line.due_on for line in page.lines] == [date(2026, 3, 31)]
    pilots = Task.objects.get(plan_id=made.plan_id, demand__contains="先行先试")
    assert centres_of(pilots) == PILOTS
    assert not Task.objects.filter(plan_id=made.plan_id, title="报送贯彻落实情况").exists()
    monthly = Task.objects.filter(plan_id=made.plan_id, demand__contains="每月向省住建厅").first()
    assert occurrence_page(Wanted(task_id=monthly.id), date(2026, 1, 5), centre_id=LANZHOU).total == 12
    again = services.next_plan(**by_office(from_plan_id=plan.plan_id, year=2026))
    assert codes(again) == ["PLAN_MADE_BEFORE"]
    assert codes(services.next_plan(**by_office(from_plan_id=plan.plan_id, year=2024))) == ["PLAN_YEAR_WRONG", "PLAN_MADE_BEFORE"]


def test_an_ended_plan_asks_nobody_for_anything(plan):
    """Last of this file: it ends the plan the others live on."""
    from hpf.kernel.period import Month
    from hpf.workplan import services
    from hpf.workplan.models import Plan, Task
    from hpf.workplan.queries.agenda import calendar
    from hpf.workplan.queries.tasks import assignments

    on, row = date(2024, 3, 1), Plan.objects.get(id=plan.plan_id)
    assert codes(services.close_plan(**by_office(plan_id=row.id, version=row.version, reason=" "))) == ["REASON_MISSING"]
    assert {each.plan_id for each in assignments(on, centre_id=LANZHOU, limit=500)} >= {row.id}
    ended = services.close_plan(**by_office(plan_id=row.id, version=row.version, reason="由2026年要点接续")).value
    assert (ended.state, codes(services.close_plan(**by_office(plan_id=row.id, version=ended.version, reason="再结束")))) == (
        "CLOSED",
        ["PLAN_ENDED"],
    )
    assert row.id not in {each.plan_id for each in assignments(on, centre_id=LANZHOU, limit=500)}
    assert calendar(Month.parse("2024-03"), on, centre_id=LANZHOU) == []
    first = Task.objects.filter(plan_id=row.id).first()
    assert assignments(on, centre_id=LANZHOU, plan_id=row.id) and assignments(on, centre_id=LANZHOU, task_id=first.id)
    assert calendar(Month.parse("2024-03"), on, centre_id=LANZHOU, plan_id=row.id)
