"""工作日 around the holidays of 2026."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import chinese_calendar
import pytest

from hpf.policy.rules import CalendarNotKnown, LawFiles, WorkdayCalendar
from hpf.policy.rules.workdays import calendar_reminder


@pytest.fixture(scope="module")
def calendar() -> WorkdayCalendar:
    return LawFiles.read(Path("law")).workdays


def test_a_sunday_of_the_notice_is_a_working_day(calendar: WorkdayCalendar) -> None:
    assert calendar.is_workday(date(2026, 9, 20))
    assert not calendar.is_workday(date(2026, 9, 25))
    assert not calendar.is_workday(date(2026, 9, 19))
    assert calendar.is_workday(date(2026, 9, 21))


def test_ten_working_days_before_and_three_after(calendar: WorkdayCalendar) -> None:
    assert calendar.add_workdays(date(2026, 9, 18), -10) == date(2026, 9, 4)
    assert calendar.add_workdays(date(2026, 9, 18), 3) == date(2026, 9, 22)
    assert calendar.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.add_workdays(date(2026, 10, 1), 0) == date(2026, 10, 8)
    assert calendar.workdays_between(date(2026, 9, 20), date(2026, 9, 28)) == 5


def test_a_year_without_its_notice_is_not_guessed(calendar: WorkdayCalendar) -> None:
    with pytest.raises(CalendarNotKnown, match="尚未录入2027年节假日安排通知"):
        calendar.add_workdays(date(2026, 12, 31), 1)


def test_a_provisional_calendar_goes_on_by_monday_to_friday(calendar: WorkdayCalendar) -> None:
    going_on = calendar.going_on()
    assert going_on.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert going_on.add_workdays(date(2026, 12, 31), 2) == date(2027, 1, 4)
    assert not going_on.is_workday(date(2026, 10, 1))


def test_people_are_told_thirty_days_before_a_year_without_its_notice(calendar: WorkdayCalendar) -> None:
    assert calendar_reminder(calendar, date(2026, 12, 1)) is None
    for on in (date(2026, 12, 2), date(2027, 3, 1)):
        told = calendar_reminder(calendar, on)
        assert told is not None and told.message == (
            "2027年节假日安排通知尚未录入，2027年的工作日暂按周一至周五推定；请在通知发布后补录当年工作日历并重新装载法规"
        )


def test_a_demos_calendar_is_called_made_up_and_gives_way_to_the_notice(calendar: WorkdayCalendar, tmp_path: Path) -> None:
    demo = LawFiles.read(Path("law"), Path("demo/law")).workdays
    assert (demo.made_up, demo.years - calendar.years) == (frozenset({2027}), frozenset({2027}))
    assert not demo.is_workday(date(2027, 2, 8))
    told = calendar_reminder(demo, date(2026, 12, 20))
    assert told is not None and told.message == "2027年的工作日历为演示值，不是国务院办公厅的安排，不得用于真实业务"
    (tmp_path / "workdays").mkdir()
    (tmp_path / "workdays" / "2026.yaml").write_text(
        "year: 2026\ncitation: 演示值\nfestivals: [{name: 某日, holidays: [2026-11-20]}]\n", encoding="utf-8"
    )
    assert LawFiles.read(Path("law"), tmp_path).workdays == calendar


@pytest.mark.parametrize("year", range(2018, 2027))
def test_another_published_calendar_agrees(calendar: WorkdayCalendar, year: int) -> None:
    first = date(year, 1, 1).toordinal()
    days = [date.fromordinal(first + offset) for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert [day for day in days if calendar.is_workday(day) != chinese_calendar.is_workday(day)] == []
