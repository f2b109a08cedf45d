"""Measured tasks: the platform decides; where it has no figure yet, one enters with evidence and another signs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connections
from django.db.utils import ProgrammingError

from hpf.kernel.period import Month
from tests.integration.workplan.conftest import LANZHOU, PDF, TIANSHUI, by_office, fresh


def codes(answer):
    return [reason.code for reason in answer.reasons]


def fact(centre_id, measure, period, on, amount):
    """A counted figure, as the statistics would leave it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO statistics_fact (centre_id, measure, period, period_on, dimension, value, amount) VALUES (%s, %s, %s, %s, '', '', %s)",
            [centre_id, measure, period, on, amount],
        )
        cursor.execute(
            "INSERT INTO statistics_counted (centre_id, counted_on, event_id, nature_id, facts) VALUES (%s, %s, 0, 0, 1) ON CONFLICT DO NOTHING",
            [centre_id, on],
        )


@pytest.fixture(scope="module")
def overdue(plan):
    """降逾: 0.2‰ for all, 0.5‰ for Lanzhou."""
    from hpf.workplan import services

    made = services.create_task(
        **by_office(
            plan_id=plan.plan_id, title="个贷逾期率持续下降", demand="逾期率降至全省平均水平", centre_ids=(1, 5, 7, 10, 12, 16),
            measure_code="overdue_rate", operator="<=", target="0.2", targets=(services.CentreTarget(LANZHOU, "0.5"),),
        )
    )  # fmt: skip
    assert made.is_approved, made.reasons
    return made.value


def occurrence_of(task_id, centre_id, on):
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    return occurrence_page(Wanted(task_id=task_id), on, centre_id=centre_id).lines[0]


def entered(centre, occurrence, month, value, by=None):
    from hpf.workplan import services

    file = services.add_evidence(
        **centre.act(centre.director, occurrence_id=occurrence.occurrence_id, filename="月报.pdf", content=PDF + fresh().encode())
    ).value
    return services.enter_reading(
        **centre.act(
            by or centre.clerk, assignment_id=occurrence.assignment_id, month=month, value=value, evidence_id=file.evidence_id,
            on=date(2024, 4, 2),
        )
    )  # fmt: skip


def hand_to_clerk(centre, occurrence):
    from hpf.workplan import services

    services.break_down(
        **centre.act(
            centre.director, assignment_id=occurrence.assignment_id, version=1, measure_text="逐户催收", section="信贷科",
            person_id=centre.clerk.user_id, person_name=centre.clerk.name,
        )
    )  # fmt: skip


def test_an_entered_figure_counts_once_another_has_signed(overdue, lanzhou):
    from dataclasses import replace

    from hpf.workplan import services
    from hpf.workplan.queries.targets import target_board

    on = date(2024, 4, 2)
    occurrence = occurrence_of(overdue.task_id, LANZHOU, on)
    hand_to_clerk(lanzhou, occurrence)
    assert codes(entered(lanzhou, occurrence, Month(2024, 3), "很低")) == ["VALUE_WRONG"]
    assert codes(entered(lanzhou, occurrence, Month(2024, 5), "0.4")) == ["MONTH_NOT_OVER"]
    kept = entered(lanzhou, occurrence, Month(2024, 3), "0.45")
    assert kept.is_approved and not kept.value.signed
    assert target_board(overdue.task_id, on, centre_id=LANZHOU).lines[0].value is None
    signs_own = replace(lanzhou.clerk, permissions=lanzhou.director.permissions)
    own = services.sign_reading(**lanzhou.act(signs_own, reading_id=kept.value.reading_id, on=on))
    assert codes(own) == ["MAKER_IS_CHECKER"]
    assert occurrence_of(overdue.task_id, LANZHOU, on).is_met is None
    assert services.sign_reading(**lanzhou.act(lanzhou.director, reading_id=kept.value.reading_id, on=on)).is_approved
    seen = occurrence_of(overdue.task_id, LANZHOU, on)
    assert (seen.is_met, seen.value, seen.colour) == (True, Decimal("0.45"), "GREEN")
    board = target_board(overdue.task_id, on, centre_id=LANZHOU)
    assert (board.entered, board.waits_for) == (True, "贷款业务")
    assert (board.lines[0].target, board.lines[0].gap, board.lines[0].met) == (Decimal("0.5"), Decimal(), True)
    twice = services.sign_reading(**lanzhou.act(lanzhou.director, reading_id=kept.value.reading_id, on=on))
    assert codes(twice) == ["READING_SETTLED"]


def test_the_figure_itself_is_never_changed(overdue, lanzhou):
    from hpf.db.scope import centre_scope

    occurrence = occurrence_of(overdue.task_id, LANZHOU, date(2024, 4, 2))
    kept = entered(lanzhou, occurrence, Month(2024, 1), "0.60").value
    with centre_scope(LANZHOU), pytest.raises(ProgrammingError, match="不得修改"), connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE workplan_reading SET value = 0.1 WHERE id = %s", [kept.reading_id])
    again = entered(lanzhou, occurrence, Month(2024, 1), "0.58").value
    from hpf.workplan.queries.targets import readings

    january = [each for each in readings(centre_id=LANZHOU, task_id=overdue.task_id) if each.month == Month(2024, 1)]
    assert [(each.value, each.is_superseded) for each in january] == [(Decimal("0.60"), True), (Decimal("0.58"), False)]
    assert again.reading_id == january[1].reading_id


def test_the_state_of_a_measured_task_cannot_be_typed(overdue, tianshui):
    from hpf.workplan import services

    on = date(2024, 4, 2)
    occurrence = occurrence_of(overdue.task_id, TIANSHUI, on)
    hand_to_clerk(tianshui, occurrence)
    kept = entered(tianshui, occurrence, Month(2024, 3), "0.80").value
    services.sign_reading(**tianshui.act(tianshui.director, reading_id=kept.reading_id, on=on))
    done = services.finish(
        **tianshui.act(tianshui.clerk, occurrence_id=occurrence.occurrence_id, version=occurrence.version, words="已达标")
    )
    services.report(**tianshui.act(tianshui.director, occurrence_ids=(occurrence.occurrence_id,), on=on))
    seen = occurrence_of(overdue.task_id, TIANSHUI, on)
    assert (seen.state, seen.is_met, seen.colour) == ("REPORTED", False, "GREY")
    assert occurrence_of(overdue.task_id, TIANSHUI, date(2025, 1, 2)).colour == "RED"
    refused = services.accept(**by_office(TIANSHUI, occurrence_id=occurrence.occurrence_id, version=done.value.version + 1, on=on))
    assert codes(refused) == ["TARGET_NOT_MET"] and "0.8" in refused.reasons[0].message


def test_gap_and_forecast_come_from_the_signed_months(overdue, tianshui):
    from hpf.workplan import services
    from hpf.workplan.queries.targets import target_board

    on = date(2024, 4, 2)
    occurrence = occurrence_of(overdue.task_id, TIANSHUI, on)
    for month, value in ((1, "1.00"), (2, "0.90")):
        kept = entered(tianshui, occurrence, Month(2024, month), value).value
        services.sign_reading(**tianshui.act(tianshui.director, reading_id=kept.reading_id, on=on))
    (line,) = target_board(overdue.task_id, on, centre_id=TIANSHUI).lines
    assert [value for _, value in line.months] == [Decimal("1.00"), Decimal("0.90"), Decimal("0.80")]
    assert (line.value, line.gap, line.met, line.forecast) == (Decimal("0.80"), Decimal("0.60"), False, Decimal(0))


def test_the_task_turns_to_the_computed_indicator_when_it_exists(overdue, tianshui):
    from hpf.workplan import services
    from hpf.workplan.queries.targets import target_board

    fact(TIANSHUI, "loans_overdue", "MONTH", date(2024, 4, 30), 15)
    fact(TIANSHUI, "loans_balance", "MONTH", date(2024, 4, 30), 100_000)
    on = date(2024, 5, 10)
    measured = services.measure_all(**{**tianshui.act(tianshui.director), "on": on})
    assert (measured.assignments, measured.without) == (1, 0)
    seen = occurrence_of(overdue.task_id, TIANSHUI, on)
    assert (seen.value, seen.is_met) == (Decimal("0.15"), True)
    board = target_board(overdue.task_id, on, centre_id=TIANSHUI)
    assert (board.entered, board.lines[0].source) == (False, "COMPUTED")
    refused = entered(tianshui, seen, Month(2024, 5), "0.1")
    assert "READING_COMPUTED" in codes(refused)


def test_an_indicator_decides_and_a_second_run_changes_nothing(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.history import history

    made = services.create_task(
        **by_office(
            plan_id=plan.plan_id, title="扩面", demand="新增缴存人数100人", centre_ids=(LANZHOU,), measure_code="persons_opened_year",
            operator=">=", target="100",
        )
    ).value  # fmt: skip
    fact(LANZHOU, "persons_opened", "DAY", date(2024, 3, 4), 60)
    first = services.measure_all(**{**lanzhou.act(lanzhou.director), "on": date(2024, 3, 5)})
    assert first.assignments >= 1
    assert (occurrence_of(made.task_id, LANZHOU, date(2024, 3, 5)).value, first.turned) == (Decimal(60), 1)
    again = services.measure_all(**{**lanzhou.act(lanzhou.director), "on": date(2024, 3, 5)})
    assert again.turned == 0
    fact(LANZHOU, "persons_opened", "DAY", date(2024, 3, 6), 50)
    services.measure_all(**{**lanzhou.act(lanzhou.director), "on": date(2024, 3, 6)})
    seen = occurrence_of(made.task_id, LANZHOU, date(2024, 3, 6))
    assert (seen.value, seen.is_met, seen.colour) == (Decimal(110), True, "GREEN")
    lines, _ = history(centre_id=LANZHOU, occurrence_id=seen.occurrence_id)
    assert [line.text for line in lines if line.kind == "MEASURED"] == ["达标", "未达标"]


def test_every_measure_of_the_platform_can_be_read(plan):
    from hpf.workplan.queries.measures import measures, values

    for each in measures():
        found = values(each.code, range(1, 17), date(2024, 3, 31))
        assert all(isinstance(value, Decimal) for value in found.values()), each.code
    assert set(values("red_steps_year", range(1, 17), date(2024, 3, 31))) == set(range(1, 17))


def test_a_target_must_be_one(plan):
    from hpf.workplan import services

    def made(**given):
        return codes(services.create_task(**by_office(plan_id=plan.plan_id, title="测", demand="测", **given)))

    assert made(measure_code="nonsense", operator="<=", target="1") == ["MEASURE_UNKNOWN"]
    assert made(measure_code="overdue_rate", operator="<", target="1") == ["OPERATOR_UNKNOWN"]
    assert made(measure_code="overdue_rate", operator="<=", target="低") == ["TARGET_WRONG"]
    assert made(measure_code="overdue_rate", operator="<=") == ["TARGET_WRONG"]
