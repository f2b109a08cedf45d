"""A task under way gets other centres and other dates, with the reason; an event replaces what stood for it; an ended plan rests."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.workplan.rules.deadlines import DeadlineKind, DeadlineRule
from tests.integration.workplan.conftest import JIAYUGUAN, LANZHOU, PDF, TIANSHUI, by_office, fresh

ON = date(2024, 3, 20)
JUNE = DeadlineRule(DeadlineKind.FIXED, on=date(2024, 6, 30))
MONTHLY = DeadlineRule(DeadlineKind.MONTHLY)


def codes(answer):
    return [reason.code for reason in answer.reasons]


def made(plan, title, centres=(LANZHOU, TIANSHUI), deadlines=(JUNE,)):
    from hpf.workplan import services

    done = services.create_task(**by_office(plan_id=plan.plan_id, title=title, demand=title, centre_ids=centres, deadlines=deadlines))
    assert done.is_approved, done.reasons
    return done.value


def lines(task_id, centre_id=None):
    """(centre, period, due, state) of every occurrence, withdrawn ones too."""
    from hpf.workplan.queries.tasks import Wanted, occurrence_page
    from hpf.workplan.rules.states import OccurrenceState

    page = occurrence_page(Wanted(task_id=task_id, states=tuple(OccurrenceState)), ON, centre_id=centre_id, limit=500)
    return [(each.centre_id, each.period, each.due_on, each.state.value) for each in page.lines]


def version_of(task_id):
    from hpf.workplan.queries.tasks import task

    return task(task_id).version


def first_of(task_id, centre_id):
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    return occurrence_page(Wanted(task_id=task_id), ON, centre_id=centre_id).lines[0]


def accepted(task_id, centre):
    from hpf.workplan import services

    one = first_of(task_id, centre.centre_id)
    given = {"occurrence_id": one.occurrence_id}
    services.add_evidence(**centre.act(centre.director, **given, filename="佐证.pdf", content=PDF + fresh().encode()))
    services.finish(**centre.act(centre.director, **given, version=one.version, words="已完成"))
    services.report(**centre.act(centre.director, occurrence_ids=(one.occurrence_id,), on=ON))
    done = services.accept_many(**by_office(centre.centre_id, occurrence_ids=(one.occurrence_id,), on=ON))
    assert done.is_approved, done.reasons
    return one.occurrence_id


def test_a_centre_joins_and_another_leaves(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.history import history
    from hpf.workplan.queries.tasks import assignments, task
    from hpf.workplan.queries.wall import wall

    task_id = made(plan, "开展服务网点提升").task_id
    given = {"task_id": task_id, "version": version_of(task_id), "centre_ids": (LANZHOU, JIAYUGUAN)}
    assert codes(services.set_centres(**by_office(**given, reason=" "))) == ["REASON_MISSING"]
    assert codes(services.set_centres(**by_office(**given | {"centre_ids": (LANZHOU, TIANSHUI)}, reason="重复"))) == ["CENTRES_SAME"]
    assert codes(services.set_centres(**by_office(**given | {"centre_ids": (17,)}, reason="不存在")))[0] == "TASK_CENTRE_UNKNOWN"
    done = services.set_centres(**by_office(**given, reason="天水已另行安排，嘉峪关申请加入")).value
    assert (done.added, done.withdrawn) == (1, 1)
    assert codes(services.set_centres(**by_office(**given, reason="旧页面")))[0] == "CHANGED_MEANWHILE"
    assert {(centre, state) for centre, *_, state in lines(task_id)} == {(LANZHOU, "OPEN"), (JIAYUGUAN, "OPEN"), (TIANSHUI, "WITHDRAWN")}
    row = next(row for row in wall(plan.plan_id, ON).rows if row.task_id == task_id)
    assert [at + 1 for at, letter in enumerate(row.lights) if letter != " "] == [LANZHOU, JIAYUGUAN]
    assert [each.task_id for each in assignments(ON, centre_id=TIANSHUI, plan_id=plan.plan_id, limit=500) if each.task_id == task_id] == []
    told, _ = history(centre_id=None, task_id=task_id, limit=20)
    told = {line.kind.value: line for line in told}
    assert told["CENTRES_CHANGED"].text == told["PERIOD_WITHDRAWN"].text == "天水已另行安排，嘉峪关申请加入"
    assert told["CENTRES_CHANGED"].before == {"责任中心": ["兰州", "天水"]}
    back = services.set_centres(**by_office(**given | {"version": done.version, "centre_ids": (TIANSHUI,)}, reason="恢复天水"))
    assert codes(back) == ["CENTRE_LEFT_BEFORE"]
    every = services.set_centres(**by_office(**given | {"version": done.version, "centre_ids": ()}, reason="推广全省"))
    assert codes(every) == ["CENTRE_LEFT_BEFORE"]
    assert task(task_id).scope == "NAMED"


def test_what_is_accepted_stays_when_a_centre_leaves(plan, lanzhou):
    from hpf.workplan import services

    task_id = made(plan, "完成档案移交").task_id
    accepted(task_id, lanzhou)
    given = {"task_id": task_id, "version": version_of(task_id), "centre_ids": (TIANSHUI,), "reason": "兰州不再承担"}
    assert codes(services.set_centres(**by_office(**given))) == ["CENTRE_DONE"]
    assert [state for *_, state in lines(task_id, LANZHOU)] == ["ACCEPTED"]


def test_other_dates_move_withdraw_and_add(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.history import deadline_moves

    task_id = made(plan, "报送服务情况", deadlines=(MONTHLY,)).task_id
    accepted(task_id, lanzhou)
    months = [period for centre, period, *_ in lines(task_id) if centre == TIANSHUI]
    assert months == [f"2024-{month:02}" for month in range(2, 13)]
    early = DeadlineRule(DeadlineKind.MONTHLY, by_day=20, until=date(2024, 9, 30))
    given = {"task_id": task_id, "version": version_of(task_id), "deadlines": (early,)}
    assert codes(services.set_deadlines(**by_office(**given, reason=""))) == ["REASON_MISSING"]
    same = services.set_deadlines(**by_office(**given | {"deadlines": (MONTHLY,)}, reason="没有不同"))
    assert codes(same) == ["DEADLINES_SAME"]
    by_event = DeadlineRule(DeadlineKind.RELATIVE, days=10, workdays=True, before=True, event="审议")
    assert codes(services.set_deadlines(**by_office(**given | {"deadlines": (by_event,)}, reason="随事件"))) == ["DEADLINE_BY_EVENT"]
    done = services.set_deadlines(**by_office(**given, reason="省厅每月25日汇总")).value
    assert (done.added, done.withdrawn, done.moved) == (0, 6, 15)
    tianshui = {period: (due, state) for centre, period, due, state in lines(task_id) if centre == TIANSHUI}
    assert tianshui["2024-06"] == (date(2024, 6, 20), "OPEN")
    assert tianshui["2024-10"][1] == tianshui["2024-12"][1] == "WITHDRAWN"
    assert first_of(task_id, TIANSHUI).first_due_on == first_of(task_id, LANZHOU).first_due_on
    move = deadline_moves(first_of(task_id, TIANSHUI).occurrence_id, centre_id=TIANSHUI)[-1]
    assert (move.to_on.day, move.reason) == (20, "省厅每月25日汇总")
    kept = next(each for each in lines(task_id, LANZHOU) if each[3] == "ACCEPTED")
    assert kept[2] == date(2024, 2, 29)

    back = services.set_deadlines(**by_office(**given | {"version": done.version, "deadlines": (MONTHLY,)}, reason="恢复")).value
    assert (back.added, back.withdrawn) == (6, 0)
    october = [each for each in lines(task_id, TIANSHUI) if each[2] == date(2024, 10, 31)]
    assert [(each[1], each[3]) for each in sorted(october)] == [("2024-10", "WITHDRAWN"), ("2024-10-31", "OPEN")]


def test_an_event_takes_the_place_of_the_line_that_waited_for_it(plan, lanzhou):
    from hpf.workplan import services

    rule = DeadlineRule(DeadlineKind.RELATIVE, days=10, workdays=True, before=True, event="审议")
    task_id = made(plan, "政策调整报备", deadlines=(rule,)).task_id
    assert [(period, due) for _, period, due, _ in lines(task_id, LANZHOU)] == [("2024", date(2024, 12, 31))]
    one = first_of(task_id, LANZHOU)
    event = {"assignment_id": one.assignment_id, "event_on": date(2024, 6, 28), "what": "管委会第一次会议审议"}
    services.record_event(**lanzhou.act(lanzhou.director, **event))
    found = {period: state for _, period, _, state in lines(task_id, LANZHOU)}
    assert found == {"2024": "WITHDRAWN", "2024-06-28": "OPEN"}
    assert {state for *_, state in lines(task_id, TIANSHUI)} == {"OPEN"}
    services.record_event(**lanzhou.act(lanzhou.director, **event))
    assert len(lines(task_id, LANZHOU)) == 2


def test_a_line_that_another_rule_asks_for_stays(plan, lanzhou):
    from hpf.workplan import services

    rules = (
        DeadlineRule(DeadlineKind.RELATIVE, days=3, workdays=True, event="审议通过"),
        DeadlineRule(DeadlineKind.YEAR_END, on=date(2024, 12, 31)),
    )
    task_id = made(plan, "政策上传和年终总结", deadlines=rules).task_id
    one = first_of(task_id, LANZHOU)
    services.record_event(
        **lanzhou.act(lanzhou.director, assignment_id=one.assignment_id, event_on=date(2024, 6, 28), what="管委会审议通过")
    )
    assert {state for *_, state in lines(task_id, LANZHOU)} == {"OPEN"}


@pytest.fixture
def over(database, lanzhou):
    """A plan with one task that is reported, one that is open, then ended."""
    from hpf.workplan import services
    from hpf.workplan.queries.plans import plan as read

    text = f"# 2031年全省工作要点{fresh()}\n\n## 一、重点工作\n\n各中心要在6月底前完成窗口改造。\n\n各中心要在9月底前完成档案整理。\n"
    loaded = services.load_plan(**by_office(filename="2031.md", content=text.encode(), year=2031)).value
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    page = occurrence_page(Wanted(plan_id=loaded.plan_id), ON, centre_id=LANZHOU).lines
    first, second = page[0], page[1]
    services.add_evidence(**lanzhou.act(lanzhou.director, occurrence_id=first.occurrence_id, filename="佐证.pdf", content=PDF))
    services.finish(**lanzhou.act(lanzhou.director, occurrence_id=first.occurrence_id, version=first.version, words="已完成"))
    services.report(**lanzhou.act(lanzhou.director, occurrence_ids=(first.occurrence_id,), on=ON))
    ended = services.close_plan(**by_office(plan_id=loaded.plan_id, version=read(loaded.plan_id).version, reason="已由2032年要点接续"))
    assert ended.is_approved, ended.reasons
    return first, second


def test_nothing_is_worked_on_in_an_ended_plan(over, lanzhou):
    """Every verb of the centre and the province's own are refused by name, and nothing moves; what was reported may be accepted."""
    from hpf.workplan import services
    from hpf.workplan.queries.tasks import occurrence, task
    from tests.integration.workplan.test_ledger_import import book

    first, second = over
    row = {"occurrence_id": second.occurrence_id, "version": second.version}
    assignment = {"assignment_id": second.assignment_id, "version": 1}
    the_task = {"task_id": second.task_id, "version": task(second.task_id).version}
    director = lanzhou.director
    refused = [
        services.break_down(**lanzhou.act(director, **assignment, measure_text="整理", section="办公室")),
        services.assign(**lanzhou.act(director, **assignment, section="办公室")),
        services.add_measure(**lanzhou.act(director, assignment_id=second.assignment_id, title="清点")),
        services.add_evidence(**lanzhou.act(director, occurrence_id=second.occurrence_id, filename="佐证.pdf", content=PDF + b"2")),
        services.finish(**lanzhou.act(director, **row, words="已完成")),
        services.report(**lanzhou.act(director, occurrence_ids=(second.occurrence_id,), on=ON)),
        services.move_deadline(**by_office(LANZHOU, **row, to_on=date(2031, 11, 30), reason="延后")),
        services.return_(**by_office(LANZHOU, occurrence_id=first.occurrence_id, version=3, reason="补充", on=ON)),
        services.change_task(**by_office(**the_task, title="另一个名称")),
        services.set_centres(**by_office(**the_task, centre_ids=(LANZHOU,), reason="收缩")),
        services.withdraw_task(**by_office(**the_task, reason="不做了")),
        services.import_ledger(
            **lanzhou.act(director, plan_id=second.plan_id, filename="台账.xlsx", content=book([[1, second.title, "整理", "办公室", None, None, None]]), dry_run=False)
        ),
    ]  # fmt: skip
    for answer in refused:
        assert "PLAN_ENDED" in codes(answer), answer
    assert "已结束" in refused[0].reasons[0].message and "下一年要点" in refused[0].reasons[0].message
    now = occurrence(second.occurrence_id, ON, centre_id=LANZHOU)
    assert (now.state, now.version, now.evidence) == (second.state, second.version, 0)
    done = services.accept_many(**by_office(LANZHOU, occurrence_ids=(first.occurrence_id,), on=ON))
    assert done.value[0].state == "ACCEPTED"
    said = services.comment(**lanzhou.act(director, occurrence_id=second.occurrence_id, text="已移至下一年要点"))
    assert said.is_approved
