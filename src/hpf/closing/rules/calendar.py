"""会计日历: which day follows a closed day, and what else falls due on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol


class Workdays(Protocol):
    """Anything that knows the working days: `hpf.policy.rules.WorkdayCalendar`."""

    def is_workday(self, day: date) -> bool: ...


def is_month_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def is_settlement_day(day: date) -> bool:
    """30 June: the interest year ends and its interest is credited."""
    return (day.month, day.day) == (6, 30)


def is_year_end(day: date) -> bool:
    """31 December: the accounting year ends."""
    return (day.month, day.day) == (12, 31)


def is_business_day(day: date, workdays: Workdays, every_day: bool = False) -> bool:
    """Every working day, and every last day of a month even when it is none: books end with the calendar month."""
    return every_day or is_month_end(day) or workdays.is_workday(day)


def next_business_day(day: date, workdays: Workdays, every_day: bool = False) -> date:
    """The business day opened when `day` closes. Money that arrives in between waits for it, with its own value date."""
    following = day + timedelta(days=1)
    while not is_business_day(following, workdays, every_day):
        following += timedelta(days=1)
    return following
