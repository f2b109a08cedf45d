"""偿还住房贷款本息. 条例 第二十四条（2019年文本第五项，2026年文本第三项）.

Order of checks: a housing loan, a borrower of the family, not paid off too long ago, a use that the loan allows, once a year for a
commercial loan, the same period not used before. Penal interest is never part of what was repaid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month

from .case import Case, Doubt, months_later
from .entitlement import LimitKind
from .every_ground import FAMILY, belongs, cited, evidence_is_unused, key_of, priors_on, taken, within
from .facts import Prior
from .facts_of_housing import LOAN_KINDS, REPAYMENT_USES
from .grounds import EvidenceKind, Payee


def _loan(case: Case) -> str:
    return key_of(EvidenceKind.LOAN_PERIOD, case.must("loan_no", str))


def loan_is_for_housing(case: Case) -> None:
    if not case.flag("is_housing_loan"):
        message = "该贷款的用途不是购买、建造、翻建、大修自住住房，不能提取还贷，请核对借款合同编号"
        case.refuse(Reason("LOAN_NOT_HOUSING", message, case.art24))


def applicant_is_borrower(case: Case) -> None:
    if not belongs(case, case.must("borrowers", tuple)):
        message = "借款人、共同借款人不是本人或者配偶，不能提取还贷，请由借款人或者其配偶申请"
        case.refuse(Reason("NOT_A_BORROWER", message, ("建金管〔2005〕5号/提取", case.art24)))


@cites("建金管〔2005〕5号/提取", "民法典/201")
def loan_is_current(case: Case) -> None:
    paid_off_on = case.know("paid_off_on", date)
    if paid_off_on is None:
        return
    if _use(case) != "REPAID":
        message = f"该贷款已于{paid_off_on}结清，没有应还的本息，请按“{REPAYMENT_USES['REPAID']}”申请"
        case.refuse(Reason("LOAN_PAID_OFF", message, case.art24))
    elif last := within(case, "withdrawal.loan_paid_off_window_months", paid_off_on):
        months = case.whole("withdrawal.loan_paid_off_window_months")
        message = f"贷款结清后{months}个月内可以提取，该贷款于{paid_off_on}结清，截止{last}，已超过，不能再提取，请按其他情形申请"
        law = cited(case, "withdrawal.loan_paid_off_window_months")
        case.refuse(Reason("LOAN_WINDOW_OVER", message, law))


def _use(case: Case) -> str:
    use = case.must("repayment_use", str)
    if use not in REPAYMENT_USES:
        message = f"还贷提取方式“{use}”不在{'、'.join(REPAYMENT_USES.values())}之内，已转人工处理，请重新选择"
        raise Doubt(Reason("REPAYMENT_USE_UNKNOWN", message, case.art24))
    return use


@cites("天水提取规程/还贷")
def commercial_loan_once_a_year(case: Case) -> None:
    key = "withdrawal.commercial_loan_interval_months"
    kind = case.must("loan_kind", str)
    if kind not in LOAN_KINDS:
        message = f"贷款种类“{kind}”不在{'、'.join(LOAN_KINDS.values())}之内，已转人工处理，请核对借款合同"
        raise Doubt(Reason("LOAN_KIND_UNKNOWN", message, case.art24))
    if kind != "COMMERCIAL" or case.is_agreed or not case.knows(key):
        return
    months = case.whole(key)
    last = max((prior.on for prior in priors_on(case, _loan(case), FAMILY) if not prior.is_agreed), default=None)
    if last and case.on < (free_on := months_later(last, months)):
        message = f"偿还商业性住房贷款每{months}个月提取一次，上次于{last}办结，请于{free_on}起申请"
        law = cited(case, key)
        case.refuse(Reason("LOAN_INTERVAL_NOT_OVER", message, law))


def period_is_unused(case: Case) -> None:
    evidence_is_unused(case, _key(case))


def _key(case: Case) -> str:
    """What is used up: the repayments up to a day, this month's due, or one prepayment of the balance."""
    match _use(case):
        case "REPAID":
            part = str(case.must("repaid_to", date))
        case "DUE":
            part = f"DUE-{_due_month(case)}"
        case _:
            part = f"PREPAY-{case.on}"
    return f"{_loan(case)}:{part}:{case.applicant.person.upper()}"


def _is_for(case: Case, prior: Prior) -> bool:
    """Whether an earlier withdrawal paid the same month's instalment; of another centre's the part is not known, and its day decides."""
    parts = [key.removeprefix(f"{_loan(case)}:") for key in prior.evidence]
    if any(":" in part for part in parts):
        return any(part.startswith(f"DUE-{_due_month(case)}:") for part in parts)
    return Month.of(prior.on) == Month.of(case.on)


def _due_month(case: Case) -> Month:
    said = case.know("due_month", str) if case.is_known("due_month") else None
    if not said:
        return Month.of(case.on)
    try:
        return Month.parse(said)
    except ValueError:
        message = f"申请偿还的月份“{said}”不是年月，请写成2026-10的样式后重新申请"
        raise Doubt(Reason("DUE_MONTH_UNREADABLE", message, case.art24)) from None


@cites("建金管〔2005〕5号/提取", "天水提取规程/还贷")
def repayment_is_limit(case: Case) -> None:
    case.outcome["evidence"] = (_key(case),)
    match _use(case):
        case "REPAID":
            since = case.must("repaid_from", date)
            used = taken(prior for prior in priors_on(case, _loan(case), FAMILY) if prior.on >= since)
            repaid = case.must("repaid_since_fen", Money)
            label = f"{since}至{case.must('repaid_to', date)}实际偿还的本息{repaid.text}元" + (
                f"减去家庭已提取{used.text}元后" if used else ""
            )
            case.limit(LimitKind.EXPENSE, label, repaid - used, "建金管〔2005〕5号/提取", case.art24)
        case "PREPAY":
            case.outcome["payee"] = Payee.LENDER
            balance = case.must("loan_balance_fen", Money)
            case.limit(LimitKind.EXPENSE, f"贷款本金余额{balance.text}元", balance, "建金管〔2005〕5号/提取")
        case _:
            case.outcome["payee"] = Payee.LENDER
            due = case.must("next_due_fen", Money)
            used = taken(prior for prior in priors_on(case, _loan(case), FAMILY) if _is_for(case, prior))
            label = f"当期应还本息{due.text}元" + (f"减去家庭已提取{used.text}元后" if used else "")
            case.limit(LimitKind.EXPENSE, label, due - used, "建金管〔2005〕5号/提取")


@dataclass(frozen=True, slots=True)
class OffsetPart:
    """What one account pays of an instalment."""

    person: str
    amount: Money


@cites("条例/24@2026", "建金管〔2005〕5号/提取")
def offset(due: Money, accounts: Iterable[tuple[str, Money]]) -> tuple[tuple[OffsetPart, ...], Money]:
    """冲还贷: borrower first, then co-borrowers in the agreed order, each min(due left, available); and what is still short.

    Example  due 3,000.00; (甲, 1,800.00), (乙, 5,000.00)  ->  甲 1,800.00, 乙 1,200.00, short 0.00
    """
    parts: list[OffsetPart] = []
    left = due
    for person, available in accounts:
        part = min(left, max(available, ZERO))
        if part:
            parts.append(OffsetPart(person, part))
            left -= part
    return tuple(parts), left


CHECKS = (loan_is_for_housing, applicant_is_borrower, loan_is_current, commercial_loan_once_a_year, period_is_unused)
LIMITS = (repayment_is_limit,)
