"""随手写的时限: 2024年3月底, 3月31日前, 2024.3.31, 全年, 每月, 45382 as people type them into a ledger, as one date or a plain refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hpf.workplan.rules.deadlines import month_end
from hpf.workplan.rules.times import times_in
from hpf.workplan.rules.wording import one_line

_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(36_526, 73_051)  # 2000-01-01 to 2099-12-31
_WHOLE_YEAR = re.compile(
    r"(?:(\d{4})年)?(?:全年|年度|年内|本年|当年|长期|持续|持续推进|常年|长期坚持|贯穿全年|年底|年末|年终|底|末|内)前?(?:完成|推进|坚持|开展)?"
)
_RECURRING = re.compile(r"每(?:个?月|季度?|周|半年|年|日)|按[月季年]|逐[月季]|定期|日常|常态化")
_NUMERIC = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月份?)?(?:T?\s*00:00(?::00(?:\.0+)?)?)?(?:之?前|以前|底|末)?")
_SHORT = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:之?前|以前)?")


class NotADate(Exception):
    """Nobody can tell which day is meant."""

    def __init__(self, code: str, rule: str, remedy: str) -> None:
        super().__init__(rule)
        self.code, self.rule, self.remedy = code, rule, remedy


@dataclass(frozen=True, slots=True)
class FreeDue:
    """`on` is None for what comes again and again: the plan's own rule says when."""

    on: date | None
    text: str


def read_due(value: object, *, year: int) -> FreeDue:
    """A cell of the column 完成时限. `year` is the plan's, for dates that do not name one. Raises NotADate.

    Example  3月底前 -> 31 March of the plan's year; 45382 -> 2024-03-31; 每月 -> no date; 尽快 -> NotADate
    """
    if isinstance(value, datetime):
        return FreeDue(_sane(value.date(), year), value.date().isoformat())
    if isinstance(value, date):
        return FreeDue(_sane(value, year), value.isoformat())
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _serial(value, year)
    text = one_line(str(value)).strip("。；;，")
    if re.fullmatch(r"\d{5}", text):
        return _serial(int(text), year)
    if found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text):
        return FreeDue(_day(int(found[1]), int(found[2]), int(found[3]), year), text)
    if found := _NUMERIC.fullmatch(text):
        return FreeDue(_day(int(found[1]), int(found[2]), int(found[3] or 0), year), text)
    if found := _SHORT.fullmatch(text):
        return FreeDue(_day(year, int(found[1]), int(found[2]), year), text)
    if found := _WHOLE_YEAR.fullmatch(text):
        return FreeDue(_sane(date(int(found[1] or year), 12, 31), year), text)
    if found := re.fullmatch(r"(\d{1,2})月(\d{1,2})日?(?:之?前|以前|完成)*", text):
        return FreeDue(_day(year, int(found[1]), int(found[2]), year), text)
    if found := re.fullmatch(r"(\d{1,2})月份?(?:底|末|之?前|以前|完成)*", text):
        return FreeDue(_day(year, int(found[1]), 0, year), text)
    dates = [rule.on for rule in times_in(text, year) if rule.on and not rule.recurs]
    if dates:
        return FreeDue(_sane(max(dates), year), text)
    if _RECURRING.search(text):
        return FreeDue(None, text)
    raise NotADate("DATE_UNREADABLE", "看不出是哪一天", f"请写成{year}-03-31、3月底前、全年或每月的样式")


def _serial(number: int, year: int) -> FreeDue:
    if number == year:
        return FreeDue(date(year, 12, 31), str(number))
    if number not in _SERIALS:
        raise NotADate("DATE_UNREADABLE", f"数字{number}不是日期", f"请写成{year}-03-31的样式，或把单元格格式改为日期")
    day = _SERIAL_ZERO + timedelta(days=number)
    return FreeDue(_sane(day, year), day.isoformat())


def _day(year: int, month: int, day: int, plan_year: int) -> date:
    """Day 0 is the end of the month."""
    try:
        found = date(year, month, day) if day else month_end(year, month)
    except ValueError:
        raise NotADate("DATE_IMPOSSIBLE", "日历上没有这一天", "请核对月份和日期后更正") from None
    return _sane(found, plan_year)


def _sane(found: date, year: int) -> date:
    if abs(found.year - year) > 1:
        raise NotADate("DATE_OTHER_YEAR", f"是{found.year}年，与{year}年度的工作要点不符", "请核对年份后更正")
    return found
