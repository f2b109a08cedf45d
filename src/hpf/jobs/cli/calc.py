"""`hpf calc`: the rules themselves, on figures from the command line. No database."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hpf.accounts.rules.interest import Entry, Method, Rates, explain, interest
from hpf.contributions.rules.amounts import Limits, amount_due, decide_amount
from hpf.jobs.cli import answers, law
from hpf.jobs.cli.answers import Answer, WrongUse, cannot_tell, exact, refused
from hpf.kernel.money import Money, NotAnAmount
from hpf.kernel.period import InterestYear, Month
from hpf.kernel.rate import Rate
from hpf.loans.rules.schedule import Instalment, RepaymentMethod, schedule, total_interest
from hpf.policy.rules import CalendarNotKnown, MissingParameter, SexKind, statutory_retirement

_MONTHS_MAX = 600


def add(families: Any) -> None:
    calc = families.add_parser("calc", help="试算：月缴存额、利息、还款计划、退休年龄、工作日")
    kinds = calc.add_subparsers(title="试算", dest="kind", required=True, metavar="试算", parser_class=type(calc))
    _add_contribution(kinds)
    _add_interest(kinds)
    _add_schedule(kinds)
    retire = kinds.add_parser("retirement", help="法定退休年龄")
    retire.add_argument("--sex", required=True, choices=[kind.value for kind in SexKind], help="M男，F55原五十五岁女，F50原五十岁女")
    retire.add_argument("--born", required=True, type=answers.month, metavar="年月", help="出生年月")
    retire.set_defaults(run=_retirement)
    days = kinds.add_parser("workdays", help="推算工作日")
    days.add_argument("--from", dest="since", required=True, type=answers.day, metavar="日期", help="起算日")
    days.add_argument("--add", dest="days", required=True, type=answers.whole, metavar="天数", help="往后（负数往前）几个工作日")
    days.set_defaults(run=_workdays)


def _add_contribution(kinds: Any) -> None:
    parser = kinds.add_parser("contribution", help="月缴存额")
    parser.add_argument("--base", required=True, type=answers.positive_amount, metavar="元", help="缴存基数")
    parser.add_argument("--employer-rate", required=True, type=answers.rate, metavar="百分数", help="单位缴存比例")
    parser.add_argument("--member-rate", required=True, type=answers.rate, metavar="百分数", help="个人缴存比例")
    parser.add_argument("--centre", metavar="中心", help="按该中心当月的上下限核对")
    parser.add_argument("--month", type=answers.month, metavar="年月", help="缴存年月，默认本月")
    parser.add_argument("--district", metavar="区县", help="区县名称或代码，默认取该中心各区县下限中最低的")
    parser.set_defaults(run=_contribution)


def _contribution(options: argparse.Namespace) -> Answer:
    month: Month = options.month or Month.of(date.today())
    base, employer, member = options.base, options.employer_rate, options.member_rate
    if options.district and not options.centre:
        raise WrongUse("calc contribution：--district 须与 --centre 同时给出")
    try:
        if not options.centre:
            unit = law.national_book(month.first_day).whole("contribution.rounding_unit_fen")
            due = amount_due(base, employer, member, unit)
            return Answer(_due(due.employer, due.member))
        centre = law.centre(options.centre)
        book = law.law().book(centre.id, month.first_day)
        due, reasons = decide_amount(base, employer, member, Limits.of(book, law.district(centre, options.district)))
    except MissingParameter as missing:
        return cannot_tell("MISSING_PARAMETER", str(missing))
    shown = _due(due.employer, due.member)
    return refused(reasons, **shown) if reasons else Answer(shown)


def _due(employer: Money, member: Money) -> dict[str, str]:
    return {"employer": str(employer), "member": str(member), "total": str(employer + member)}


def _add_interest(kinds: Any) -> None:
    parser = kinds.add_parser("interest", help="住房公积金利息")
    parser.add_argument("--method", required=True, choices=[method.value for method in Method], help="计息方法")
    parser.add_argument("--year", required=True, type=_year, metavar="年度", help="2023指2023-07-01至2024-06-30")
    parser.add_argument("--events", required=True, type=Path, metavar="文件", help="CSV，列value_on,amount；7月1日的一笔是期初余额")
    parser.add_argument("--rate", type=answers.rate, metavar="百分数", help="年利率，默认按法规数据")
    parser.add_argument("--close-on", type=answers.day, metavar="日期", help="销户日，当日不计息")
    parser.add_argument("--explain", action="store_true", help="逐段列出积数（按日积数法）")
    parser.set_defaults(run=_interest)


def _interest(options: argparse.Namespace) -> Answer:
    year, method, close_on = options.year, Method(options.method), options.close_on
    if close_on and not year.first_day <= close_on < year.next_first_day:
        raise WrongUse(f"calc interest：销户日{close_on}不在{year.first_day}至{year.last_day}之间")
    opening, entries = _entries(options.events, year, close_on)
    rates_on = _rates(options.rate)
    try:
        answer = interest(method, year, opening, entries, rates_on, close_on)
        days = interest(Method.DAY_PRODUCT_360, year, opening, entries, rates_on, close_on).product_total
        content: dict[str, Any] = {"balance_days": exact(days)}
        if method is Method.MONTH_WEIGHTS:
            content["balance_months"] = exact(answer.product_total)
        content |= {"interest": str(answer.interest), "closing": str(answer.closing)}
        if options.explain:
            rows = explain(year, opening, entries, rates_on, close_on)
            content["rows"] = [
                {
                    "from": row.since,
                    "to": row.until - timedelta(days=1),
                    "days": row.days,
                    "balance": str(row.balance),
                    "balance_days": exact(row.product),
                }
                for row in rows
            ]
    except MissingParameter as missing:
        return cannot_tell("MISSING_PARAMETER", str(missing))
    return Answer(content)


def _rates(rate: Rate | None) -> Callable[[date], Rates]:
    if rate is not None:
        both = Rates(rate, rate)
        return lambda _: both

    def of_law(on: date) -> Rates:
        book = law.national_book(on)
        return Rates(book.rate("interest.rate_carried"), book.rate("interest.rate_current"))

    return of_law


def _year(text: str) -> InterestYear:
    if not (text.isascii() and text.isdigit() and 1900 <= int(text) <= 2199):
        raise argparse.ArgumentTypeError(f"“{text}”不是年度，请写四位年份")
    return InterestYear(int(text))


def _entries(path: Path, year: InterestYear, close_on: date | None) -> tuple[Entry, list[Entry]]:
    """Read the file in date order. What leaves the account takes 上年结转 first; only before 2016-02-21 it matters."""
    opening, carried, balance = 0, 0, 0
    entries: list[Entry] = []
    for line, day, fen in sorted(_rows(path), key=lambda row: row[1]):
        if not year.first_day <= day <= year.last_day:
            raise WrongUse(f"{path.name}第{line}行：{day}不在{year.first_day}至{year.last_day}之间，期初余额请写在{year.first_day}")
        if close_on and day > close_on:
            raise WrongUse(f"{path.name}第{line}行：{day}在销户日{close_on}之后")
        balance += fen
        if balance < 0:
            raise WrongUse(f"{path.name}第{line}行：{day}余额变为{Money(balance).text}元，余额不能为负")
        if day == year.first_day:
            opening, carried = opening + fen, carried + fen
            continue
        taken = -min(carried, -fen) if fen < 0 else 0
        carried += taken
        entries.append(Entry(day, fen, taken))
    return Entry(year.first_day, opening, opening), entries


def _rows(path: Path) -> list[tuple[int, date, int]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise WrongUse(f"不能读取文件{path}，须为UTF-8编码的CSV") from None
    reader = csv.DictReader(text.splitlines())
    if not {"value_on", "amount"} <= {(name or "").strip() for name in reader.fieldnames or []}:
        raise WrongUse(f"{path.name}的表头须有value_on和amount两列")
    rows = []
    for line, row in enumerate(reader, 2):
        cells = {(name or "").strip(): (value or "").strip() for name, value in row.items() if isinstance(value, str)}
        if not any(cells.values()):
            continue
        try:
            rows.append((line, date.fromisoformat(cells.get("value_on", "")), Money.yuan(cells.get("amount", "")).fen))
        except NotAnAmount:
            raise WrongUse(f"{path.name}第{line}行：“{cells.get('amount', '')}”不是金额") from None
        except ValueError:
            raise WrongUse(f"{path.name}第{line}行：“{cells.get('value_on', '')}”不是日期") from None
    return rows


def _add_schedule(kinds: Any) -> None:
    parser = kinds.add_parser("schedule", help="贷款还款计划")
    parser.add_argument("--principal", required=True, type=answers.positive_amount, metavar="元", help="贷款金额")
    parser.add_argument("--rate", required=True, type=answers.rate, metavar="百分数", help="年利率")
    parser.add_argument("--months", required=True, type=answers.whole, metavar="月数", help="期限")
    parser.add_argument("--method", required=True, choices=[method.value for method in RepaymentMethod], help="等额本息、等额本金")
    parser.add_argument("--first-due", type=answers.day, metavar="日期", help="首期还款日")
    parser.set_defaults(run=_schedule)


def _schedule(options: argparse.Namespace) -> Answer:
    if not 1 <= options.months <= _MONTHS_MAX:
        raise WrongUse(f"calc schedule：期限{options.months}个月不在1至{_MONTHS_MAX}之间")
    rows = schedule(options.principal, options.rate, options.months, RepaymentMethod(options.method), options.first_due)
    return Answer({"instalments": [_instalment(row) for row in rows], "total_interest": str(total_interest(rows))})


def _instalment(row: Instalment) -> dict[str, Any]:
    shown = {
        "no": row.no,
        "principal": str(row.principal),
        "interest": str(row.interest),
        "payment": str(row.payment),
        "balance": str(row.balance),
    }
    return {**shown, "due_on": row.due_on.isoformat()} if row.due_on else shown


def _retirement(options: argparse.Namespace) -> Answer:
    found = statutory_retirement(options.sex, options.born)
    months = f"{found.age_months}个月" if found.age_months else ""
    text = f"{found.age_years}周岁{'零' if months else ''}{months}，{found.month.text}"
    return Answer({"age_years": found.age_years, "age_months": found.age_months, "month": str(found.month), "text": text})


def _workdays(options: argparse.Namespace) -> Answer:
    try:
        found = law.law().workdays.add_workdays(options.since, options.days)
    except CalendarNotKnown as unknown:
        return cannot_tell("CALENDAR_NOT_KNOWN", str(unknown))
    return Answer({"from": options.since.isoformat(), "add": options.days, "date": found.isoformat()})
