"""工作日: Monday to Friday, less the holidays and with the make-up workdays of each year's State Council notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


class CalendarNotKnown(LookupError):
    """The year's notice has not been loaded, so nobody can say which of its days are working days."""

    def __init__(self, year: int) -> None:
        super().__init__(f"尚未录入{year}年节假日安排通知，无法判断工作日，请先补充当年工作日历")
        self.year = year


@dataclass(frozen=True)
class WorkdayCalendar:
    """Known years only: outside them `CalendarNotKnown`, because a guessed deadline is worse than none."""

    holidays: frozenset[date]
    makeup_workdays: frozenset[date]
    years: frozenset[int]

    def is_workday(self, day: date) -> bool:
        if day.year not in self.years:
            raise CalendarNotKnown(day.year)
        return day in self.makeup_workdays or (day.weekday() < 5 and day not in self.holidays)

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it when n is negative). With n = 0 `day` itself,
        or the next working day when `day` is none."""
        step = -_DAY if n < 0 else _DAY
        if n == 0:
            while not self.is_workday(day):
                day += _DAY
            return day
        left = abs(n)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, since: date, until: date) -> int:
        """Working days in `[since, until)`."""
        return sum(self.is_workday(since + _DAY * offset) for offset in range((until - since).days))
