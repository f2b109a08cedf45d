"""时限用语: 3月底前, 每季度末, 审议前10个工作日, 定期: the times that a sentence names, as deadline rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from hpf.workplan.rules.deadlines import DeadlineKind, DeadlineRule, month_end
from hpf.workplan.rules.numerals import number

_K = DeadlineKind
UNTIL = "(?:持续到|截至|直至|至|到)"
"""Before a date that ends what recurs, and is no deadline of its own."""


def times_in(text: str, year: int) -> tuple[DeadlineRule, ...]:
    """All of them in the order of the sentence. `year` is the plan's. A date that does not exist is left out; so are
    words without a time (及时, 尽快). Where 定期 or 年度 stands beside a date, the date is the deadline."""
    found: list[tuple[int, DeadlineRule]] = []
    left = re.sub(r"《[^《》]*》|（[^（）]*〔\d{4}〕[^（）]*）", lambda match: "\x00" * len(match[0]), text)
    for pattern, reading in _PATTERNS:
        for match in re.finditer(pattern, left):
            rules = reading(match, year)
            found += [(match.start(), rule) for rule in rules]
            if rules:
                left = left[: match.start()] + "\x00" * len(match[0]) + left[match.end() :]
    ends = {rule.until for _, rule in found} - {None}
    found = [each for each in found if each[1].recurs or each[1].on not in ends]
    firm = [each for each in found if not each[1].assumed]
    ordered = sorted(firm or found, key=lambda each: each[0])
    return tuple(dict.fromkeys(rule for _, rule in ordered))


def _relative(match: re.Match[str], year: int) -> list[DeadlineRule]:
    event = re.sub(r"^.*(?:应在|须在|应当在|应于|应|在|自|从|于|，|、)", "", match["event"]).removesuffix("之日起").removesuffix("之日")
    side = match["side"] or "后"
    count, unit = number(match["n"]), match["unit"]
    if not event or re.fullmatch(r"[\d年月日]+", event) or event.startswith(("每", "月", "季", "年")):
        return []
    months = count if unit.endswith("月") else 0
    return [
        DeadlineRule(
            _K.RELATIVE,
            days=0 if months else count,
            months=months,
            workdays=unit == "工作日",
            before="前" in side,
            event=event,
            words=match[0][match[0].find(event) :],
        )
    ]


def _recurring(match: re.Match[str], year: int) -> list[DeadlineRule]:
    told = match.groupdict()
    kind = _K.QUARTERLY if "季" in match[0] else _K.MONTHLY
    until = _until(match.string, year)
    if told.get("n"):
        unit = told["unit"] or ""
        return [
            DeadlineRule(
                kind, days=number(told["n"]), workdays=unit == "工作日", before="前" in (told["side"] or ""), until=until, words=match[0]
            )
        ]
    if told.get("day"):
        return [DeadlineRule(kind, by_day=number(told["day"]), until=until, words=match[0])]
    return [DeadlineRule(kind, until=until, words=match[0])]


def _weekly(match: re.Match[str], year: int) -> list[DeadlineRule]:
    return [DeadlineRule(_K.MONTHLY, until=_until(match.string, year), words=match[0], assumed=f"原文为“{match[0]}”，台账按月汇总上报")]


def _half_yearly(match: re.Match[str], year: int) -> list[DeadlineRule]:
    return [DeadlineRule(_K.FIXED, on=day, words=match[0]) for day in (date(year, 6, 30), date(year, 12, 31))]


def _yearly(match: re.Match[str], year: int) -> list[DeadlineRule]:
    month, day = match["month"], match["day"]
    on = _day(year, int(month), day) if month else None
    return [DeadlineRule(_K.YEARLY, on=on, until=_until(match.string, year), words=match[0])]


def _fixed(match: re.Match[str], year: int) -> list[DeadlineRule]:
    own = int(match["year"]) if match["year"] else year + 1 if match["next"] else year
    on = _day(own, int(match["month"]), match["day"])
    return [DeadlineRule(_K.FIXED, on=on, words=match[0])] if on else []


def _before_month(match: re.Match[str], year: int) -> list[DeadlineRule]:
    """6月前 is by the last day of May; 6月份 by the last of June."""
    own, month = int(match["year"] or year), int(match["month"])
    if not 1 <= month <= 12:
        return []
    inside = "份" in match[0] or "内" in match[0] or "完成" in match[0]
    on = month_end(own, month) if inside else date(own, month, 1).replace(day=1)
    if not inside:
        on = date.fromordinal(on.toordinal() - 1)
    return [DeadlineRule(_K.FIXED, on=on, words=match[0])]


_PARTS = {"上半年": 6, "下半年": 12, "一季度": 3, "二季度": 6, "三季度": 9, "四季度": 12, "1季度": 3, "2季度": 6, "3季度": 9, "4季度": 12}


def _part_of_year(match: re.Match[str], year: int) -> list[DeadlineRule]:
    return [DeadlineRule(_K.FIXED, on=month_end(int(match["year"] or year), _PARTS[match["part"]]), words=match[0])]


def _year_end(match: re.Match[str], year: int) -> list[DeadlineRule]:
    own = int(match["year"]) if match["year"] else year
    return [DeadlineRule(_K.YEAR_END, on=date(own, 12, 31), words=match[0])]


def _regularly(match: re.Match[str], year: int) -> list[DeadlineRule]:
    until = _until(match.string, year)
    return [DeadlineRule(_K.QUARTERLY, until=until, words=match[0], assumed=f"原文为“{match[0]}”，没有写多久一次，暂按每季度")]


def _of_the_year(match: re.Match[str], year: int) -> list[DeadlineRule]:
    return [DeadlineRule(_K.YEARLY, words=match[0], assumed=f"原文为“{match[0]}”，没有写几月，暂按年底前")]


def _day(year: int, month: int, day: str) -> date | None:
    if not 1 <= month <= 12:
        return None
    if day in ("底", "末", "下旬"):
        return month_end(year, month)
    named = {"中旬": 20, "上旬": 10, "中": 15, "初": 10}
    try:
        return date(year, month, named[day] if day in named else int(day))
    except ValueError:
        return None


def _until(text: str, year: int) -> date | None:
    """持续到9月底, 至2025年底: where what recurs ends."""
    found = re.search(UNTIL + r"(?:(\d{4})年)?(?:(\d{1,2})月)?(底|末)", text)
    if not found or not (found[1] or found[2]):
        return None
    month = int(found[2] or 12)
    return month_end(int(found[1] or year), month) if 1 <= month <= 12 else None


_OWN_YEAR = r"(?:(?P<year>\d{4})年|(?P<next>次年|明年|下一?年)|当年|今年|本年)?"
_PATTERNS: tuple[tuple[str, Callable[[re.Match[str], int], list[DeadlineRule]]], ...] = (
    (
        r"每个?(?:月|季度?)度?(?:末|结束|终了)?(?P<side>前|后)(?P<n>\d+|[一二三四五六七八九十]+)个?(?P<unit>工作日|日|天)(?:之?内)?",
        _recurring,
    ),
    (
        r"(?:每个?月|逐月)(?:的)?(?P<day>\d{1,2})日(?:之?前|以前)?|每个?季度?(?:首月|末月)?(?P<day2>\d{1,2})日(?:之?前)?",
        lambda match, year: _recurring_day(match, year),
    ),
    (
        r"每个?月(?!缴存|还|应|的|冲|扣|偿|租|工资|收入|额)度?(?:末|底)?(?:前)?|逐月|按月|每个?季度?(?:末|底)?(?:前)?|逐季度?|按季度?",
        _recurring,
    ),
    (r"每半年", _half_yearly),
    (r"每周|每日|每天|逐日", _weekly),
    (r"(?:每年|逐年)(?:(?P<month>\d{1,2})月(?P<day>\d{1,2}(?=日)|底|末|上旬|中旬|下旬|初)日?)?(?:之?前)?|按年", _yearly),
    (
        r"(?P<event>[\u4e00-\u9fff]{2,14}?)(?:之日起|(?P<side>之?前|之?后|以前|以后))(?:的)?(?P<n>\d{1,3}|[一二三四五六七八九十两]{1,3})个?(?P<unit>工作日|自然日|日|天|月)(?:之?内|以内)?",
        _relative,
    ),
    (rf"{_OWN_YEAR}(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}}(?=日)|底|末|上旬|中旬|下旬|中|初))日?(?:之?前|以前)?", _fixed),
    (r"(?:(?P<year>\d{4})年|今年|本年|当年)?第?(?P<part>上半年|下半年|[一二三四1-4]季度)(?:末|底|内)?(?:之?前)?", _part_of_year),
    (r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?:份)?(?:之?前|以前|内|份完成)", _before_month),
    (r"(?:(?P<year>\d{4})年|今年|本年|当年)?(?:年底|年末|底前|年内|年终|底(?=之?前|完成))(?:之?前)?", _year_end),
    (r"(?P<year>\d{4})年度(?=[“”\u4e00-\u9fff]{0,24}(?:任务|清单|计划|目标))", _year_end),
    (r"(?<!不)定期", _regularly),
    (r"(?:本|\d{4})?年度(?=报告|计划|工作计划|归集|使用计划|考核|体检|预算|决算|年鉴|检查|评估|自评|住房公积金年鉴)", _of_the_year),
)


def _recurring_day(match: re.Match[str], year: int) -> list[DeadlineRule]:
    kind = _K.QUARTERLY if "季" in match[0] else _K.MONTHLY
    return [DeadlineRule(kind, by_day=int(match["day"] or match["day2"]), until=_until(match.string, year), words=match[0])]
