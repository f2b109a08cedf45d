"""The wall: SQL and rule agree on every light; one query; two hundred tasks by sixteen centres quickly."""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import product

from django.db import connection, connections

from hpf.workplan.rules.lights import Colour, light
from hpf.workplan.rules.states import OccurrenceState
from tests.integration.workplan.conftest import LANZHOU, by_office

DUE = date(2024, 3, 31)


def test_sql_and_rule_give_the_same_light_in_every_combination(database):
    days = [DUE + timedelta(days=left) for left in (-40, -11, -10, -9, -1, 0, 1, 30)]
    starts = [DUE - timedelta(days=60), DUE - timedelta(days=9), DUE]
    cases = list(product(OccurrenceState, starts, (None, True, False), (False, True), days, (0, 10)))
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT workplan_light(state, starts_on, %s, is_measured, is_met, today, warn) FROM unnest(%s::text[], %s::date[], %s::bool[],
               %s::bool[], %s::date[], %s::int[]) WITH ORDINALITY AS c(state, starts_on, is_met, is_measured, today, warn, place) ORDER BY place""",
            [DUE, [str(state) for state, *_ in cases], *(list(column) for column in list(zip(*cases, strict=True))[1:])],
        )
        told = [row[0] for row in cursor.fetchall()]
    for (state, since, met, measured, today, warn), colour in zip(cases, told, strict=True):
        wanted = light(state, DUE, today, bool(met) if measured else None, warn, starts_on=since)
        assert wanted.colour == colour, (state, since, met, measured, today, warn, wanted)
    assert set(told) == {colour.value for colour in Colour}


def test_the_wall_is_one_query_and_shows_the_worst_of_each_cell(plan):
    from hpf.workplan.queries.wall import wall

    sent = []
    with connections["observer"].execute_wrapper(lambda execute, sql, *rest: (sent.append(sql), execute(sql, *rest))[1]):
        seen = wall(plan.plan_id, date(2024, 4, 2))
    assert len(sent) == 1
    assert len(seen.rows) == plan.tasks and all(len(row.lights) == 16 for row in seen.rows)
    pilots = next(row for row in seen.rows if "试点" in row.title or "先行先试" in row.title)
    assert [at + 1 for at, letter in enumerate(pilots.lights) if letter != " "] == [1, 2, 6, 8, 11, 12]
    monthly = next(row for row in seen.rows if row.deadline_text.startswith("每月"))
    assert monthly.lights == "R" * 16
    own = wall(plan.plan_id, date(2024, 4, 2), centre_id=LANZHOU)
    assert own.centres == (LANZHOU,)
    assert [row.lights for row in own.rows] == [row.lights[0] for row in seen.rows if row.lights[0] != " "]
    two = wall(plan.plan_id, date(2024, 4, 2), (LANZHOU, 3))
    assert [(row.task_no, row.lights) for row in two.rows] == [
        (row.task_no, row.lights[0] + row.lights[2]) for row in seen.rows if (row.lights[0] + row.lights[2]).strip()
    ]


def test_two_hundred_tasks_by_sixteen_centres_are_quick(plan):
    from hpf.workplan import services
    from hpf.workplan.queries.wall import wall

    for number in range(200 - plan.tasks):
        services.create_task(**by_office(plan_id=plan.plan_id, title=f"任务{number}", demand=f"任务{number}"))
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE workplan_occurrence")
    took = []
    for _ in range(7):
        began = time.perf_counter()
        seen = wall(plan.plan_id, date(2024, 4, 2))
        took.append(time.perf_counter() - began)
    assert len(seen.rows) == 200
    print(f"wall {sorted(took)[3] * 1000:.1f} ms")
    assert sorted(took)[3] < 0.1


def test_lists_of_the_plan_agree_with_each_other(plan):
    from hpf.kernel.period import Month
    from hpf.workplan.queries.agenda import calendar, week
    from hpf.workplan.queries.progress import curve, standing
    from hpf.workplan.queries.ranking import ranking
    from hpf.workplan.queries.tasks import WORKING, Wanted, assignments, occurrence_page
    from hpf.workplan.queries.wall import wall

    on = date(2024, 4, 2)
    red = occurrence_page(Wanted(plan_id=plan.plan_id, colours=(Colour.RED,)), on, centre_id=None, limit=10)
    assert len(red.lines) == 10 and {line.colour for line in red.lines} == {Colour.RED}
    worked_on = occurrence_page(Wanted(plan_id=plan.plan_id, states=WORKING), on, centre_id=None, limit=10_000).lines
    late = occurrence_page(Wanted(plan_id=plan.plan_id, states=WORKING, colours=(Colour.RED,)), on, centre_id=None, limit=10_000).lines
    assert late == tuple(each for each in worked_on if each.colour is Colour.RED) and 0 < len(late) < len(worked_on)
    parts = standing(plan.plan_id, on, "part", centre_id=None)
    assert sum(part.red for part in parts) == red.total and [part.key for part in parts][:2] == ["通知", "一"]
    assert sum(each.red for each in standing(plan.plan_id, on, "centre", centre_id=None)) == red.total
    assert {each.key for each in standing(plan.plan_id, on, "section", centre_id=LANZHOU)} == {""}
    cells = wall(plan.plan_id, on)
    mine = assignments(on, centre_id=LANZHOU, plan_id=plan.plan_id, limit=500)
    assert sum(each.colour is Colour.RED for each in mine) == cells.of_centre(LANZHOU, "R")
    march = calendar(Month(2024, 3), on, centre_id=None, plan_id=plan.plan_id)
    assert {line.due_on for line in march} == {date(2024, 3, 31)}
    assert (
        sum(len(line.centres) for line in march)
        == occurrence_page(Wanted(plan_id=plan.plan_id, since=date(2024, 3, 1), until=date(2024, 3, 31)), on, centre_id=None).total
    )
    seven = week(date(2024, 3, 27), centre_id=LANZHOU)
    assert {line.due_on for line in seven.due} == {date(2024, 3, 31)} and {line.due_on for line in seven.late} == {date(2024, 2, 29)}
    assert seven.sunday == date(2024, 3, 31) and not seven.asked and not seven.waiting
    whole = week(on, centre_id=None, limit=10_000)
    assert {each.occurrence_id for each in whole.late} == {each.occurrence_id for each in late} and not whole.due
    first, last = curve(plan.plan_id, [date(2024, 2, 1), date(2024, 12, 31)], centre_id=LANZHOU)
    assert (first.due, last.reported) == (0, 0) and last.due == occurrence_page(Wanted(plan_id=plan.plan_id), on, centre_id=LANZHOU).total
    places = ranking(plan.plan_id, on)
    assert len(places) == 16 and {place.score for place in places} == {"0.00"}


def test_what_is_late_is_what_is_red_among_what_is_worked_on(plan):
    from django.db import connections

    from hpf.workplan.queries.source import LIGHT
    from hpf.workplan.queries.tasks import LATE, WORKING

    cases = """(SELECT state, starts_on, due_on, is_measured, is_met FROM unnest(%(states)s::text[]) AS s(state),
        (VALUES (NULL::date), (DATE '2024-03-01')) AS b(starts_on), (VALUES (DATE '2024-03-31'), (DATE '2024-04-01'), (DATE '2024-04-09')) AS d(due_on),
        (VALUES (true), (false)) AS m(is_measured), (VALUES (true), (false), (NULL)) AS y(is_met)) o, (SELECT 10 AS warn_days) p"""
    with connections["observer"].cursor() as cursor:
        given = {"on": date(2024, 4, 1), "states": [str(each) for each in WORKING]}
        cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {LATE}), count(*) FILTER (WHERE ({LATE}) <> ({LIGHT} = 'RED')) FROM {cases}", given
        )
        assert cursor.fetchone() == (108, 30, 0)
