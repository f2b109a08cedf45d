"""工作日: Monday to Friday, less the holidays and with the make-up workdays of each year's State Council notice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hpf.kernel.decision import Reason, cites

_DAY = timedelta(days=1)
WARN_DAYS = 30


class CalendarNotKnown(LookupError):
    """The year's notice has not been loaded, so nobody can say which of its days are working days."""

    def __init__(self, year: int) -> None:
        super().__init__(f"尚未录入{year}年节假日安排通知，无法判断工作日，请先补充当年工作日历")
        self.year = year


@dataclass(frozen=True)
class WorkdayCalendar:
    """Known years only: outside them `CalendarNotKnown`, unless it is `provisional`.

    A fund cannot stop because next year's notice is late: its days and its deadlines then go by Monday to Friday, and
    `calendar_reminder` says so wherever they are told. Years `made_up` come from a demo's pack.
    """

    holidays: frozenset[date]
    makeup_workdays: frozenset[date]
    years: frozenset[int]
    made_up: frozenset[int] = frozenset()
    provisional: bool = False

    def going_on(self) -> WorkdayCalendar:
        """推定日历: the same, with Monday to Friday for years whose notice is not loaded."""
        return replace(self, provisional=True)

    def is_workday(self, day: date) -> bool:
        if day.year not in self.years:
            if self.provisional:
                return day.weekday() < 5
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


@cites("节假日安排通知")
def calendar_reminder(calendar: WorkdayCalendar, on: date) -> Reason | None:
    """工作日历提醒: some day of the coming thirty goes by a guessed or made-up calendar. None while every notice is loaded."""
    for year in dict.fromkeys((on.year, (on + timedelta(days=WARN_DAYS)).year)):
        if year not in calendar.years:
            return _guessed(year)
        if year in calendar.made_up:
            return Reason("CALENDAR_DEMO", f"{year}年的工作日历为演示值，不是国务院办公厅的安排，不得用于真实业务", "节假日安排通知")
    return None


def _guessed(year: int) -> Reason:
    message = f"{year}年节假日安排通知尚未录入，{year}年的工作日暂按周一至周五推定；请在通知发布后补录当年工作日历并重新装载法规"
    return Reason("CALENDAR_PROVISIONAL", message, "节假日安排通知")
