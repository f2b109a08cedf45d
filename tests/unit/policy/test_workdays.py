"""工作日 around the holidays of 2026."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import chinese_calendar
import pytest

from hpf.policy.rules import CalendarNotKnown, LawFiles, WorkdayCalendar


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


@pytest.mark.parametrize("year", range(2018, 2027))
def test_another_published_calendar_agrees(calendar: WorkdayCalendar, year: int) -> None:
    first = date(year, 1, 1).toordinal()
    days = [date.fromordinal(first + offset) for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert [day for day in days if calendar.is_workday(day) != chinese_calendar.is_workday(day)] == []
