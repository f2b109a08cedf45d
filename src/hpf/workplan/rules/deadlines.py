"""期限: when a demand is due, on the real calendar of working days, and what the document left unsaid about it."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from hpf.workplan.rules.numerals import WEEKDAYS


class DeadlineKind(StrEnum):
    FIXED = "FIXED"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    YEARLY = "YEARLY"
    RELATIVE = "RELATIVE"
    YEAR_END = "YEAR_END"

    @property
    def label(self) -> str:
        return {
            "FIXED": "固定日期", "MONTHLY": "每月", "QUARTERLY": "每季度", "YEARLY": "每年", "RELATIVE": "随事件", "YEAR_END": "年底",
        }[self]  # fmt: skip


class Workdays(Protocol):
    """What this module needs of `hpf.policy.rules.WorkdayCalendar`; give it `.going_on()` so that no year is unknown."""

    def is_workday(self, day: date) -> bool: ...

    def add_workdays(self, day: date, n: int) -> date: ...


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One deadline as the document says it.

    FIXED and YEAR_END: `on`. MONTHLY, QUARTERLY, YEARLY: the last day of each period, or `by_day` of its last month, or
    `days` after (before) its end; YEARLY takes month and day of `on` when it has one; `until` ends it, without it the
    plan year does. RELATIVE: `days` or `months` before or after `event`. `words` are the document's own, `assumed` says
    what the document does not say and was taken here.
    """

    kind: DeadlineKind
    on: date | None = None
    days: int = 0
    workdays: bool = False
    before: bool = False
    event: str = ""
    until: date | None = None
    months: int = 0
    by_day: int = 0
    words: str = ""
    assumed: str = ""

    @property
    def recurs(self) -> bool:
        return self.kind in (DeadlineKind.MONTHLY, DeadlineKind.QUARTERLY, DeadlineKind.YEARLY)

    @property
    def text(self) -> str:
        """As a person reads it: 2024年3月31日前, 每月, 审议前10个工作日."""
        kind = self.kind
        if kind is DeadlineKind.RELATIVE:
            return f"{self.event}{'前' if self.before else '后'}{self._span()}{'' if self.before else '内'}"
        if not self.recurs:
            return f"{_chinese(self.on)}前" if self.on else "年底前"
        text = kind.label
        if kind is DeadlineKind.YEARLY and self.on:
            text += f"{self.on.month}月{self.on.day}日前"
        elif self.by_day:
            text += f"{self.by_day}日前"
        elif self.days:
            text += f"末{'前' if self.before else '后'}{self._span()}{'' if self.before else '内'}"
        return f"{text}，至{_chinese(self.until)}" if self.until else text

    def _span(self) -> str:
        return f"{self.months}个月" if self.months else f"{self.days}个工作日" if self.workdays else f"{self.days}日"

    def as_json(self) -> dict[str, Any]:
        """Only what is set: for storing, and for `rule_from_json`."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in plain.items() if value} | {
            "kind": self.kind.value
        }


def rule_from_json(stored: dict[str, Any]) -> DeadlineRule:
    dates = {name: date.fromisoformat(stored[name]) for name in ("on", "until") if stored.get(name)}
    return DeadlineRule(**{**stored, **dates, "kind": DeadlineKind(stored["kind"])})


def whole_year(year: int) -> DeadlineRule:
    """For a demand that names no time: it is the plan of that year."""
    return DeadlineRule(DeadlineKind.YEAR_END, on=date(year, 12, 31), assumed="原文没有写期限，按计划年度末")


@dataclass(frozen=True, slots=True)
class Due:
    """One 期次. `period` tells the occurrences of one rule apart; `last_workday_on` is `due_on` or the working day before
    it; `note` says in Chinese what a reader must know: a holiday, something assumed, an event that must come first."""

    period: str
    due_on: date
    last_workday_on: date
    note: str = ""


def occurrences(rule: DeadlineRule, plan_year: int, calendar: Workdays) -> tuple[Due, ...]:
    """Every date in the plan year by which something is due.

    A recurring rule without an end ends with the year. A RELATIVE one has no date until its event: it gets one line at the
    end of the year, so that a year without the event is said and not forgotten; see `due_after_event`.
    """
    kind = rule.kind
    if kind is DeadlineKind.RELATIVE:
        note = f"“{rule.event}”发生时按{rule.text}计算期限；全年没有发生的，年末注明“未发生”"
        return (_due(str(plan_year), date(plan_year, 12, 31), calendar, note),)
    if kind is DeadlineKind.MONTHLY:
        ends = [(f"{plan_year}-{month:02}", month) for month in range(1, 13)]
    elif kind is DeadlineKind.QUARTERLY:
        ends = [(f"{plan_year}-Q{quarter}", quarter * 3) for quarter in range(1, 5)]
    elif kind is DeadlineKind.YEARLY:
        ends = [(str(plan_year), rule.on.month if rule.on else 12)]
    else:
        on = rule.on or date(plan_year, 12, 31)
        period = str(on.year) if kind is DeadlineKind.YEAR_END else on.isoformat()
        return (_due(period, on, calendar, rule.assumed),)
    notes = [rule.assumed, "" if rule.until else f"原文没有写何时结束，到{plan_year}年底为止"]
    found = []
    for period, month in ends:
        if rule.until and date(plan_year, month, 1) > rule.until:
            break
        found.append(_due(period, _end_of_period(rule, plan_year, month, calendar), calendar, *notes))
    return tuple(found)


def due_after_event(rule: DeadlineRule, event_on: date, calendar: Workdays) -> Due:
    """审议前10个工作日, once the day of the event is known. Working days skip weekends and holidays and count made-up days."""
    due_on = _shifted(rule, event_on, calendar)
    return _due(event_on.isoformat(), due_on, calendar, f"{_chinese(event_on)}{rule.event}，{rule.text}")


def in_year(rule: DeadlineRule, plan_year: int, *, from_year: int) -> DeadlineRule:
    """The same rule in another year's plan: dates keep their distance in years; the end of February stays the end."""
    years = plan_year - from_year
    return replace(rule, on=_years_on(rule.on, years), until=_years_on(rule.until, years))


def month_end(year: int, month: int) -> date:
    return date(year, month, months.monthrange(year, month)[1])


def _end_of_period(rule: DeadlineRule, year: int, month: int, calendar: Workdays) -> date:
    end = month_end(year, month)
    if rule.kind is DeadlineKind.YEARLY and rule.on:
        return _years_on(rule.on, year - rule.on.year) or end
    if rule.by_day:
        return end.replace(day=min(rule.by_day, end.day))
    return _shifted(rule, end, calendar) if rule.days else end


def _shifted(rule: DeadlineRule, day: date, calendar: Workdays) -> date:
    sign = -1 if rule.before else 1
    if rule.months:
        index = day.year * 12 + day.month - 1 + sign * rule.months
        end = month_end(index // 12, index % 12 + 1)
        return end.replace(day=min(day.day, end.day))
    return calendar.add_workdays(day, sign * rule.days) if rule.workdays else day + timedelta(days=sign * rule.days)


def _due(period: str, due_on: date, calendar: Workdays, *notes: str) -> Due:
    last = due_on if calendar.is_workday(due_on) else calendar.add_workdays(due_on, -1)
    holiday = ""
    if last != due_on:
        what = f"是{WEEKDAYS[due_on.weekday()]}" if due_on.weekday() >= 5 else "放假"
        holiday = f"{_chinese(due_on)}{what}，此前最后一个工作日是{last.month}月{last.day}日"
    return Due(period, due_on, last, "；".join(note for note in (holiday, *notes) if note))


def _years_on(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    end = month_end(day.year + years, day.month)
    return end if day == month_end(day.year, day.month) else end.replace(day=day.day)


def _chinese(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def due_dates(rules: Sequence[DeadlineRule], plan_year: int, calendar: Workdays) -> tuple[Due, ...]:
    """Of several rules of one task, in order of date; the same date by two rules is one."""
    found = {due.due_on: due for rule in rules for due in occurrences(rule, plan_year, calendar)}
    return tuple(found[day] for day in sorted(found))
