"""补缴: months made up later, at the base, the rates and the limits of the month they are for.

全额 a month that was not paid at all; 差额 the rest of a month paid on a base since corrected; 不定额 an amount that a
decision or an agreement sets. Not before April 1999, not before the unit existed, and never without a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hpf.accounts.rules.limits import check_rates
from hpf.contributions.rules.amounts import Limits, amount_due, check_base
from hpf.contributions.rules.list_check import (
    Checked,
    CheckedLine,
    RosterEntry,
    check_amounts,
    check_totals,
    match_lines,
    reasons_as_defects,
)
from hpf.contributions.rules.lists import WHOLE_LIST, Defect, ListLine, ReadList
from hpf.contributions.rules.states import RemittanceKind
from hpf.kernel.decision import cites
from hpf.kernel.money import Money
from hpf.kernel.period import Month

_OPEN = ("NORMAL", "SEALED")

Booked = Mapping[tuple[str, Month], tuple[int, int]]
"""(account number, month) -> (employer, member) in fen already booked for that month, corrections included."""


@dataclass(frozen=True, slots=True)
class BackTerms:
    """What a back-payment list is checked against besides the roster.

    `month` is meant where a line names none. `limits_of` gives the limits of any month (one book a month, asked once).
    """

    kind: RemittanceKind
    month: Month | None
    reason: str
    on: date
    established_on: date | None
    earliest: Month
    earliest_law: str
    limits_of: Callable[[Month], Limits]
    blind: Callable[[str, str], bytes]
    booked: Booked


@cites("条例/20", "条例/38@2019", "条例/40@2026", "建金管〔2005〕5号/补缴")
def check_back_payment(read: ReadList, roster: Sequence[RosterEntry], terms: BackTerms) -> Checked:
    """补缴清册核对. Some members of the unit, each for months that are over, sealed accounts included.

    Facts    terms.booked holds what is booked of every (account, month) the list can name
    Refuses  as defects: no month or reason; a month before the Regulation, before the unit, or not yet over; a full
             payment of a month already booked; a difference where nothing or everything is booked; amounts that do not
             follow from base and rates (full, difference), or exceed the limits of the month (free)
    """
    defects = list(read.defects)
    if not terms.reason and "reason" not in read.columns:
        defects.append(
            Defect(WHOLE_LIST, "补缴原因", "", "REASON_MISSING", "补缴必须写明原因", "请填写补缴原因后重新提交", "建金管〔2005〕5号/补缴")
        )
    accepted: list[CheckedLine] = []
    for line, entry in match_lines(read, roster, terms.blind, defects).found:
        before = len(defects)
        month = line.month or terms.month
        if month is None:
            defects.append(Defect(line.row, read.heading("month"), "", "MONTH_MISSING", "没有写明补缴哪个月", "请填写补缴月份"))
            continue
        _check_line(read, line, entry, month, terms, defects)
        if len(defects) == before:
            amounts = _amounts(read, line, entry, month, terms, defects)
            if amounts is not None and len(defects) == before and line.row not in read.rows_unreadable:
                accepted.append(_accepted(line, entry, month, amounts))
    check_totals(read, defects)
    return Checked(tuple(accepted), tuple(sorted(defects, key=lambda each: each.row)))


def check_back_month(month: Month, terms: BackTerms) -> tuple[str, str, str, str] | None:
    """(code, message, remedy, law) against making up this month, or None."""
    if month >= Month.of(terms.on):
        current = Month.of(terms.on)
        message = f"{month.text}尚未过去（当前为{current.text}），当月及以后的月份不是补缴"
        return "MONTH_IN_FUTURE", message, "请用汇缴清册提交", "条例/19"
    if month < terms.earliest:
        message = f"{month.text}早于{terms.earliest.text}，条例发布之前的月份不能补缴"
        return "MONTH_TOO_EARLY", message, f"请从{terms.earliest.text}起填写", terms.earliest_law
    if terms.established_on and month < Month.of(terms.established_on):
        message = f"{month.text}早于单位成立的{Month.of(terms.established_on).text}，单位成立之前的月份不能补缴"
        return "MONTH_BEFORE_EMPLOYER", message, "请核对补缴月份", terms.earliest_law
    return None


def _check_line(read: ReadList, line: ListLine, entry: RosterEntry, month: Month, terms: BackTerms, defects: list[Defect]) -> None:
    if entry.state not in _OPEN:
        message = f"{entry.name}的账户已销户，不能补缴"
        defects.append(
            Defect(line.row, read.heading("account_no"), entry.account_no, "PERSON_CLOSED", message, "请核对此人现在的账户", "条例/13")
        )
    if wrong := check_back_month(month, terms):
        code, message, remedy, law = wrong
        defects.append(Defect(line.row, read.heading("month"), str(month), code, message, remedy, law))
    if not (line.reason or terms.reason) and "reason" in read.columns:
        defects.append(
            Defect(line.row, read.heading("reason"), "", "REASON_MISSING", "补缴必须写明原因", "请填写补缴原因", "建金管〔2005〕5号/补缴")
        )


def _amounts(
    read: ReadList, line: ListLine, entry: RosterEntry, month: Month, terms: BackTerms, defects: list[Defect]
) -> tuple[int, int, int] | None:
    """(base, employer, member) in fen to be booked, or None with the defect added."""
    limits = terms.limits_of(month)
    booked = terms.booked.get((entry.account_no, month), (0, 0))
    if terms.kind is RemittanceKind.BACK_FREE:
        return _free(read, line, month, limits, booked, defects)
    base = Money(line.base_fen if line.base_fen is not None else entry.base_fen)
    rates = line.employer_rate or entry.employer_rate, line.member_rate or entry.member_rate
    before = len(defects)
    defects.extend(reasons_as_defects(line.row, read.heading("base"), str(base), check_base(base, limits)))
    defects.extend(reasons_as_defects(line.row, read.heading("employer_rate"), rates[0].text, check_rates(*rates, limits.rates)))
    due = amount_due(base, *rates, limits.rounding_unit_fen)
    if len(defects) > before:
        return None
    if terms.kind is RemittanceKind.BACK_FULL:
        expected, wrong = (due.employer.fen, due.member.fen), _full(month, booked)
    else:
        expected = due.employer.fen - booked[0], due.member.fen - booked[1]
        wrong = _difference(month, booked, due.total, expected)
    if wrong:
        code, message, remedy = wrong
        defects.append(Defect(line.row, read.heading("month"), str(month), code, message, remedy, "条例/20"))
        return None
    why = f"（{month.text}基数{base.text}元"
    less = "，减已缴{}元）" if terms.kind is RemittanceKind.BACK_DIFFERENCE else "）"
    explained = tuple(f"{why}×{rate.text}{less.format(Money(paid).text)}" for rate, paid in zip(rates, booked, strict=True))
    check_amounts(read, line, expected, lambda: (explained[0], explained[1]), defects)
    return base.fen, *expected


def _full(month: Month, booked: tuple[int, int]) -> tuple[str, str, str] | None:
    if sum(booked):
        message = f"{month.text}已缴{Money(sum(booked)).text}元，不是未缴的月份，不能全额补缴"
        return "MONTH_ALREADY_PAID", message, "少缴的部分请用差额补缴"
    return None


def _difference(month: Month, booked: tuple[int, int], due: Money, expected: tuple[int, int]) -> tuple[str, str, str] | None:
    if not sum(booked):
        return "MONTH_NOT_PAID", f"{month.text}没有缴存记录，没有差额可补", "整月未缴的请用全额补缴"
    if min(expected) < 0 or sum(expected) == 0:
        message = f"{month.text}应缴{due.text}元，已缴{Money(sum(booked)).text}元，没有少缴"
        return "NOTHING_OWED", message, "多缴的请办理错缴退款"
    return None


def _free(
    read: ReadList, line: ListLine, month: Month, limits: Limits, booked: tuple[int, int], defects: list[Defect]
) -> tuple[int, int, int] | None:
    """不定额: the stated amounts, as long as the month in all stays within cap times highest rate."""
    if line.employer_fen is None and line.member_fen is None:
        heading = read.heading("employer_amount")
        defects.append(Defect(line.row, heading, "", "AMOUNT_MISSING", "不定额补缴没有写明金额", "请填写单位和个人的补缴额"))
        return None
    employer_fen, member_fen = line.employer_fen or 0, line.member_fen or 0
    most = amount_due(limits.cap, limits.rates.highest, limits.rates.highest, limits.rounding_unit_fen)
    for column, what, stated, paid, limit in (
        ("employer_amount", "单位", employer_fen, booked[0], most.employer),
        ("member_amount", "个人", member_fen, booked[1], most.member),
    ):
        if stated + paid > limit.fen:
            already = f"，该月已缴{Money(paid).text}元" if paid else ""
            message = f"{month.text}{what}部分补缴{Money(stated).text}元{already}，超过当月每人最高{limit.text}元"
            defects.append(
                Defect(
                    line.row,
                    read.heading(column),
                    str(Money(stated)),
                    "AMOUNT_ABOVE_MAXIMUM",
                    message,
                    "请核对补缴额和所属月份",
                    limits.cap_law,
                )
            )
    if employer_fen + member_fen == 0:
        defects.append(
            Defect(line.row, read.heading("employer_amount"), "0.00", "AMOUNT_MISSING", "补缴额为0.00元", "请填写补缴额，或删除此行")
        )
    check_amounts(read, line, (employer_fen, member_fen), lambda: ("", ""), defects)
    return line.base_fen or 0, employer_fen, member_fen


def _accepted(line: ListLine, entry: RosterEntry, month: Month, amounts: tuple[int, int, int]) -> CheckedLine:
    base_fen, employer_fen, member_fen = amounts
    return CheckedLine(
        line.row, entry.account_no, entry.member_account_id, entry.ledger_account_id, entry.name, month, base_fen, employer_fen, member_fen
    )
