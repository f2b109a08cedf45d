"""期限: on the State Council's calendar of 2024, where the last of March and of June are Sundays."""

from datetime import date
from pathlib import Path

from hpf.policy.rules import LawFiles, WorkdayCalendar
from hpf.workplan.rules.deadlines import (
    DeadlineKind,
    DeadlineRule,
    Due,
    due_after_event,
    due_dates,
    in_year,
    occurrences,
    rule_from_json,
    whole_year,
)

CALENDAR: WorkdayCalendar = LawFiles.read(Path("law")).workdays
BEFORE_DELIBERATION = DeadlineRule(DeadlineKind.RELATIVE, days=10, workdays=True, before=True, event="审议")
AFTER_DELIBERATION = DeadlineRule(DeadlineKind.RELATIVE, days=3, workdays=True, event="审议通过")
MONTHLY = DeadlineRule(DeadlineKind.MONTHLY)


def by(day: date) -> Due:
    (due,) = occurrences(DeadlineRule(DeadlineKind.FIXED, on=day), 2024, CALENDAR)
    return due


def test_a_deadline_on_a_sunday_keeps_its_date_and_names_the_last_working_day() -> None:
    assert by(date(2024, 3, 31)) == Due(
        "2024-03-31", date(2024, 3, 31), date(2024, 3, 29), "2024年3月31日是星期日，此前最后一个工作日是3月29日"
    )
    assert by(date(2024, 6, 30)).last_workday_on == date(2024, 6, 28)
    assert by(date(2024, 9, 30)) == Due("2024-09-30", date(2024, 9, 30), date(2024, 9, 30))


def test_a_deadline_in_a_long_holiday_and_on_a_made_up_working_sunday() -> None:
    assert by(date(2024, 10, 4)) == Due(
        "2024-10-04", date(2024, 10, 4), date(2024, 9, 30), "2024年10月4日放假，此前最后一个工作日是9月30日"
    )
    assert by(date(2024, 2, 18)).note == "", "a Sunday on which all work"


def test_working_days_before_and_after_an_event_skip_holidays_and_count_made_up_days() -> None:
    before = due_after_event(BEFORE_DELIBERATION, date(2024, 2, 22), CALENDAR)
    assert (before.period, before.due_on) == ("2024-02-22", date(2024, 2, 4))
    assert before.note == "2024年2月22日审议，审议前10个工作日"
    assert due_after_event(AFTER_DELIBERATION, date(2024, 4, 3), CALENDAR).due_on == date(2024, 4, 9)
    calendar_days = DeadlineRule(DeadlineKind.RELATIVE, days=30, event="印发")
    assert due_after_event(calendar_days, date(2024, 2, 1), CALENDAR).due_on == date(2024, 3, 2)
    months = DeadlineRule(DeadlineKind.RELATIVE, months=1, event="印发")
    assert due_after_event(months, date(2024, 1, 31), CALENDAR).due_on == date(2024, 2, 29)


def test_a_relative_deadline_has_one_line_until_its_event_comes() -> None:
    (due,) = occurrences(BEFORE_DELIBERATION, 2024, CALENDAR)
    assert (due.period, due.due_on) == ("2024", date(2024, 12, 31))
    assert due.note == "“审议”发生时按审议前10个工作日计算期限；全年没有发生的，年末注明“未发生”"


def test_what_recurs_without_end_ends_with_the_plan_year() -> None:
    months = occurrences(MONTHLY, 2024, CALENDAR)
    assert [due.period for due in months] == [f"2024-{month:02}" for month in range(1, 13)]
    assert months[1] == Due("2024-02", date(2024, 2, 29), date(2024, 2, 29), "原文没有写何时结束，到2024年底为止")
    assert [due.due_on for due in occurrences(DeadlineRule(DeadlineKind.QUARTERLY), 2024, CALENDAR)] == [
        date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31),
    ]  # fmt: skip
    assert [due.period for due in occurrences(DeadlineRule(DeadlineKind.YEARLY), 2024, CALENDAR)] == ["2024"]


def test_what_recurs_until_a_day_stops_there_but_never_after_the_plan_year() -> None:
    until = DeadlineRule(DeadlineKind.MONTHLY, until=date(2024, 9, 30))
    assert [due.period for due in occurrences(until, 2024, CALENDAR)][-1] == "2024-09"
    assert "何时结束" not in occurrences(until, 2024, CALENDAR)[0].note
    assert len(occurrences(DeadlineRule(DeadlineKind.MONTHLY, until=date(2026, 6, 30)), 2024, CALENDAR)) == 12
    assert occurrences(DeadlineRule(DeadlineKind.MONTHLY, until=date(2023, 6, 30)), 2024, CALENDAR) == ()


def test_a_day_of_the_month_and_days_after_its_end() -> None:
    fifth = occurrences(DeadlineRule(DeadlineKind.MONTHLY, by_day=31), 2024, CALENDAR)
    assert [due.due_on.day for due in fifth[:4]] == [31, 29, 31, 30]
    after = occurrences(DeadlineRule(DeadlineKind.QUARTERLY, days=5, workdays=True), 2024, CALENDAR)
    assert [(due.period, due.due_on) for due in after[:2]] == [("2024-Q1", date(2024, 4, 8)), ("2024-Q2", date(2024, 7, 5))]


def test_no_time_named_is_the_end_of_the_plan_year_and_says_so() -> None:
    (due,) = occurrences(whole_year(2024), 2024, CALENDAR)
    assert due == Due("2024", date(2024, 12, 31), date(2024, 12, 31), "原文没有写期限，按计划年度末")


def test_two_rules_of_one_task_on_one_day_are_one_line() -> None:
    rules = (
        DeadlineRule(DeadlineKind.FIXED, on=date(2024, 12, 31)),
        whole_year(2024),
        DeadlineRule(DeadlineKind.FIXED, on=date(2024, 3, 31)),
    )
    assert [due.due_on for due in due_dates(rules, 2024, CALENDAR)] == [date(2024, 3, 31), date(2024, 12, 31)]


def test_next_years_plan_moves_the_dates_by_whole_years() -> None:
    leap = DeadlineRule(DeadlineKind.FIXED, on=date(2024, 2, 29), until=date(2024, 9, 30))
    assert (in_year(leap, 2026, from_year=2024).on, in_year(leap, 2026, from_year=2024).until) == (date(2026, 2, 28), date(2026, 9, 30))
    assert in_year(BEFORE_DELIBERATION, 2026, from_year=2024) == BEFORE_DELIBERATION


def test_a_rule_survives_being_stored() -> None:
    for rule in (BEFORE_DELIBERATION, MONTHLY, whole_year(2024), DeadlineRule(DeadlineKind.MONTHLY, until=date(2024, 9, 30), words="每月")):
        assert rule_from_json(rule.as_json()) == rule


def test_a_year_without_its_notice_goes_by_monday_to_friday_when_told_to_go_on() -> None:
    (due,) = occurrences(DeadlineRule(DeadlineKind.FIXED, on=date(2031, 3, 30)), 2031, CALENDAR.going_on())
    assert due.last_workday_on == date(2031, 3, 28)
