"""The rules as golden cases name them: facts as written in YAML in, values as text out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hpf.accounts.rules.interest import Entry, Method, Rates, amount, interest
from hpf.accounts.rules.limits import RateBand, check_flexible_rate
from hpf.contributions.rules.amounts import (
    Limits,
    amount_due,
    amount_due_flexible,
    decide_amount,
)
from hpf.kernel.decision import Reason
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear, Month
from hpf.kernel.rate import Rate
from hpf.loans.rules.schedule import (
    RepaymentMethod,
    RepricingConvention,
    due_date,
    level_instalment,
    months_to_repay,
    repriced_interest,
    schedule,
    total_interest,
)
from hpf.parties.rules import check_identity, check_uscc
from hpf.parties.rules.identity import check_digit
from hpf.policy.rules import LawFiles, Scope, statutory_retirement
from hpf.withdrawals.rules import Agreement, BanKind, Ground, check_agreement, months_due
from hpf.withdrawals.rules.bans import ban
from hpf.withdrawals.rules.purchase import claw_back
from tests.golden import freezes_named, transfers_named, withdrawals_named

LAW = LawFiles.read(Path(__file__).resolve().parents[2] / "law")
Facts = dict[str, Any]
YES, NO = "是", "否"


@dataclass(frozen=True)
class Found:
    values: dict[str, Any] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    law: tuple[str, ...] = ()


def _refused(reasons: list[Reason]) -> Found:
    return Found({}, tuple(reason.code for reason in reasons), tuple(law for reason in reasons for law in reason.law))


def monthly_amount(facts: Facts) -> Found:
    unit = LAW.book(int(Scope.NATION), date(2026, 7, 1)).whole("contribution.rounding_unit_fen")
    due = amount_due(Money.yuan(facts["基数"]), Rate.of(facts["单位比例"]), Rate.of(facts["个人比例"]), unit)
    return Found({"单位": str(due.employer), "个人": str(due.member), "合计": str(due.total)})


def flexible_amount(facts: Facts) -> Found:
    book = LAW.book(facts["中心"], Month.parse(facts["月份"]).first_day)
    rate = Rate.of(facts["比例"])
    if reasons := check_flexible_rate(rate, RateBand.flexible(book)):
        return _refused(reasons)
    due = amount_due_flexible(Money.yuan(facts["基数"]), rate, book.whole("contribution.rounding_unit_fen"))
    return Found({"合计": str(due.total)})


def base_and_rates(facts: Facts) -> Found:
    book = LAW.book(facts["中心"], Month.parse(facts["月份"]).first_day)
    limits = Limits.of(book, facts["区县"])
    due, reasons = decide_amount(Money.yuan(facts["基数"]), Rate.of(facts["单位比例"]), Rate.of(facts["个人比例"]), limits)
    return _refused(reasons) if reasons else Found({"单位": str(due.employer), "个人": str(due.member)})


def _rates_of_law(on: date) -> Rates:
    book = LAW.book(int(Scope.NATION), on)
    return Rates(book.rate("interest.rate_carried"), book.rate("interest.rate_current"))


def members_interest(facts: Facts) -> Found:
    year, method = InterestYear(facts["年度"]), Method(facts["方法"])
    opening = Money.yuan(facts["期初"]).fen
    entries = [Entry(day, Money.yuan(text).fen) for day, text in facts.get("发生", [])]
    if monthly := facts.get("每月"):
        months = Month.of(year.first_day).through(Month.of(year.last_day))
        days = [date(month.year, month.month, monthly["日"]) for month in months]
        entries += [Entry(day, Money.yuan(monthly["金额"]).fen) for day in days]
    found = interest(method, year, Entry(year.first_day, opening, opening), entries, _rates_of_law, facts.get("销户"))
    parts: list[str] = []
    for segment, products in found.products:
        if segment.rates.carried == segment.rates.current:
            parts.append(str(amount(method, [(segment, products)])))
        else:
            for bucket in ("carried", "current"):
                only = type(products)(**{bucket: getattr(products, bucket)})
                parts.append(str(amount(method, [(segment, only)])))
    return Found(
        {
            "积数": str(Money(found.product_total)),
            "利息": str(found.interest),
            "本息": str(found.closing),
            "各段积数": [[str(Money(each.carried)), str(Money(each.current))] for _, each in found.products],
            "各段利息": parts,
        }
    )


def loan_schedule(facts: Facts) -> Found:
    rows = schedule(Money.yuan(facts["本金"]), Rate.of(facts["利率"]), facts["月数"], RepaymentMethod(facts["方式"]))
    assert Money.total(row.principal for row in rows) == Money.yuan(facts["本金"])
    return Found(
        {
            "月还款额": str(rows[0].payment),
            "总利息": str(total_interest(rows)),
            "各期": _OnlyAsked({row.no: [str(row.principal), str(row.interest), str(row.payment), str(row.balance)] for row in rows}),
        }
    )


class _OnlyAsked(dict[int, list[str]]):
    """Equal to a table that shows some of the instalments."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, dict) and {no: self.get(no) for no in other} == other

    __hash__ = None  # type: ignore[assignment]


def repricing(facts: Facts) -> Found:
    old, new, paid = Rate.of(facts["利率"]), Rate.of(facts["新利率"]), facts["已还期数"]
    rows = schedule(Money.yuan(facts["本金"]), old, facts["月数"], RepaymentMethod.LEVEL_INSTALMENT, facts["首期"])
    last, changed = rows[paid - 1], facts["调整日"]
    due_on = due_date(facts["首期"], paid)
    assert last.due_on is not None
    values: dict[str, Any] = {
        "余额": str(last.balance),
        "上期还款日": str(last.due_on),
        "新月还款额": str(level_instalment(last.balance, new, facts["月数"] - paid)),
    }
    for convention in RepricingConvention:
        values[convention.value] = str(repriced_interest(last.balance, old, new, last.due_on, due_on, changed, convention))
    return Found(values)


def prepayment(facts: Facts) -> Found:
    rate, paid = Rate.of(facts["利率"]), facts["已还期数"]
    rows = schedule(Money.yuan(facts["本金"]), rate, facts["月数"], RepaymentMethod.LEVEL_INSTALMENT)
    left = rows[paid - 1].balance - Money.yuan(facts["提前还款"])
    return Found(
        {
            "余额": str(rows[paid - 1].balance),
            "还后余额": str(left),
            "新月还款额": str(level_instalment(left, rate, facts["月数"] - paid)),
            "原月还款额": str(rows[0].payment),
            "剩余期数": months_to_repay(left, rate, rows[0].payment),
        }
    )


def a_year_of_books(facts: Facts) -> Found:
    """Every journal is balanced and uses only the subjects of its template; then the balances are added up."""
    templates = {journal.code: journal for journal in LAW.journals}
    balances: dict[int, int] = defaultdict(int)
    for code, event, debit, credit in facts["分录"]:
        movements = templates[code].movements
        assert any(set(debit) <= set(may_debit) and set(credit) <= set(may_credit) for _, may_debit, may_credit in movements), event
        fen = {side: {subject: Money.yuan(text).fen for subject, text in legs.items()} for side, legs in (("借", debit), ("贷", credit))}
        assert sum(fen["借"].values()) == sum(fen["贷"].values()), event
        for subject, each in fen["借"].items():
            balances[LAW.subject(subject).code] += each
        for subject, each in fen["贷"].items():
            balances[LAW.subject(subject).code] -= each
    return _year_figures(facts, balances)


def _year_figures(facts: Facts, balances: dict[int, int]) -> Found:
    def of(first: int) -> int:
        return sum(fen for subject, fen in balances.items() if str(subject).startswith(str(first)))

    def moved(event: str, side: int) -> int:
        journal = next(each for each in facts["分录"] if each[1] == event)
        return sum(Money.yuan(text).fen for text in journal[side].values())

    income, expense, reserve = moved("结转收入", 2), moved("结转支出", 3), -of(301)
    assets = of(101) + of(102) + of(111) + of(121)
    assert assets + of(201) + of(211) + of(214) + of(301) + of(321) == 0
    return Found(
        {
            "余额": {first: str(Money(of(first))) for first in (101, 102, 111, 121, 201, 211, 214, 301, 311, 321, 401, 411)},
            "资产合计": str(Money(assets)),
            "收入": str(Money(income)),
            "支出": str(Money(expense)),
            "增值收益": str(Money(income - expense)),
            "风险准备占增值收益": _per_cent(reserve, income - expense),
            "个贷率": _per_cent(of(121), -of(201)),
        }
    )


def _per_cent(part: int, whole: int) -> str:
    return f"{Money(part * 100).share(100, whole)}%"


def retirement(facts: Facts) -> Found:
    found = statutory_retirement(facts["性别"], Month.parse(facts["出生"]))
    return Found({"岁": found.age_years, "月": found.age_months, "年月": str(found.month)})


def identity(facts: Facts) -> Found:
    found = check_identity(facts["类型"], facts["号码"])
    return Found({"有效": YES if found.valid else NO, "校验码": check_digit(facts["号码"][:17])})


def organisation(facts: Facts) -> Found:
    return Found({"有效": YES if check_uscc(facts["代码"]).valid else NO})


def withdrawal(facts: Facts) -> Found:
    finding = withdrawals_named.examined(facts)
    reasons = finding.decision.reasons
    return Found(
        withdrawals_named.values_of(finding),
        tuple(reason.code for reason in reasons),
        tuple(law for reason in reasons for law in reason.law),
    )


def down_payment_back(facts: Facts) -> Found:
    paid, returned = Money.yuan(facts["已付"]), Money.yuan(facts["已退"])
    found = claw_back(paid, returned, facts["交易状态"], facts["网签期限"], facts["日期"])
    reasons = (found.reason,) if found.reason else ()
    return Found(
        {"应退": str(found.amount)}, tuple(reason.code for reason in reasons), tuple(law for reason in reasons for law in reason.law)
    )


def ban_from_law(facts: Facts) -> Found:
    decided_on = facts["决定日"]
    decision = ban(BanKind(facts["种类"]), facts["决定书"], decided_on, LAW.book(1, decided_on))
    if found := decision.value:
        return Found({"起": found.since, "止": found.until})
    return _refused(list(decision.reasons))


def standing_agreement(facts: Facts) -> Found:
    first, last = Month.parse(facts["起"]), Month.parse(facts["止"])
    amount = Money.yuan(facts["金额"]) if "金额" in facts else None
    agreement = Agreement(Ground(facts["情形"]), first, last, facts["付款日"], amount, facts.get("解约"))
    book = withdrawals_named.LAW_AND_DEMO.book(facts["中心"], facts["日期"])
    decision = check_agreement(agreement, book, facts["日期"])
    done = frozenset(Month.parse(text) for text in facts.get("已办", ()))
    values = {
        "结论": "准予" if decision.is_approved else "不予",
        "期满": agreement.expires_on,
        "到期": [str(month) for month in months_due(agreement, done, facts.get("到", facts["日期"]))],
    }
    reasons = decision.reasons
    return Found(values, tuple(reason.code for reason in reasons), tuple(law for reason in reasons for law in reason.law))


RULES: dict[str, Callable[[Facts], Found]] = {
    "月缴存额": monthly_amount,
    "灵活就业月缴存额": flexible_amount,
    "核对基数和比例": base_and_rates,
    "计息": members_interest,
    "还款计划": loan_schedule,
    "调息": repricing,
    "提前还款": prepayment,
    "一年的账": a_year_of_books,
    "退休年龄": retirement,
    "证件号码": identity,
    "统一社会信用代码": organisation,
    "提取": withdrawal,
    "首付款退回": down_payment_back,
    "约定提取": standing_agreement,
    "限制提取": ban_from_law,
    **{name: lambda facts, answer=answer: Found(*answer(facts)) for name, answer in transfers_named.RULES.items()},
    **{name: lambda facts, answer=answer: Found(*answer(facts)) for name, answer in freezes_named.RULES.items()},
}
