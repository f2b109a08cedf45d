"""装修 物业费 加装电梯 其他住房消费. 条例 第二十四条（2026年文本第四、五、九项）、甘建金〔2024〕26号三（一）.

Order of checks
  装修、物业费   an own home, a genuine invoice for this, within the window, the same invoice not used; then the yearly limit and the invoice
  加装电梯       a project on the register, built, of a home of the family or of the parents of either spouse, the window, once
  其他住房消费   nothing of its own; with a fund loan unpaid the money goes to that loan
"""

from __future__ import annotations

from datetime import date

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import ZERO, Money

from .case import Case
from .entitlement import LimitKind
from .every_ground import belongs, cited, evidence_is_unused, is_married, key_of, left_of, taken, within, year_of
from .facts_of_housing import INVOICE_KINDS
from .grounds import EvidenceKind, Ground, Payee

_YEAR_LIMITS = {
    Ground.DECORATION: "withdrawal.decoration_limit_year",
    Ground.PROPERTY_FEE: "withdrawal.property_fee_limit_year",
    Ground.OTHER_HOUSING: "withdrawal.other_housing_limit_year",
}


@cites("条例/24@2026")
def home_is_own(case: Case) -> None:
    if case.know("title_no", str) is None or not belongs(case, case.must("owners", tuple)):
        message = f"没有查到本人或者配偶名下的该住房，{case.sheet.label}限自住住房，登记有误的请先到不动产登记机构更正"
        case.refuse(Reason("HOME_NOT_OWN", message, case.art24))


def invoice_is_genuine(case: Case) -> None:
    """The tax office knows the invoice, and it is for this: 装修 or 物业服务费."""
    if case.know("invoice_no", str) is None:
        message = "税务部门没有查到该发票，不能提取，请核对发票号码，或者请开票方查明后申请"
        case.refuse(Reason("INVOICE_NOT_FOUND", message, case.art24))
        return
    kind = case.must("invoice_kind", str)
    if kind != case.ground.value:
        message = f"该发票的项目是{INVOICE_KINDS.get(kind, kind)}，不能用于“{case.sheet.label}”，请使用相应项目的发票或者按相应情形申请"
        case.refuse(Reason("INVOICE_OF_ANOTHER_KIND", message, case.art24))


def invoice_is_recent(case: Case) -> None:
    invoice_on = case.must("invoice_on", date)
    if invoice_on > case.on:
        message = f"发票日期{invoice_on}晚于申请日{case.on}，请核对发票后申请"
        case.refuse(Reason("INVOICE_FROM_LATER", message, case.art24))
    elif last := within(case, "withdrawal.invoice_window_months", invoice_on):
        months = case.whole("withdrawal.invoice_window_months")
        message = f"发票须在{months}个月内申请，该发票{invoice_on}开具，截止{last}，已超过，请使用期限内的发票"
        law = cited(case, "withdrawal.invoice_window_months")
        case.refuse(Reason("INVOICE_TOO_OLD", message, law))


def _invoice(case: Case) -> str:
    return key_of(EvidenceKind.INVOICE, case.must("invoice_no", str))


def invoice_is_unused(case: Case) -> None:
    evidence_is_unused(case, _invoice(case))


def invoice_is_limit(case: Case) -> None:
    case.outcome["evidence"] = (f"{_invoice(case)}:{case.applicant.person.upper()}",)
    left_of(case, "发票金额", case.must("cost_fen", Money), _invoice(case))


@cites("兰州提取政策/其他住房消费", "省中心提取政策/其他住房消费")
def year_is_limit(case: Case) -> None:
    """每人每年: what this person drew on this ground since the year began; nothing is carried over."""
    key = _YEAR_LIMITS[case.ground]
    allowed = case.money(key)
    since, called = year_of(case, key)
    used = taken(case.priors(case.ground, since=since))
    label = f"{called}{case.sheet.label}提取限额{allowed.text}元" + (f"减去本人已提取{used.text}元后" if used else "")
    law = cited(case, key)
    case.limit(LimitKind.POLICY, label, allowed - used, *law)


# --- 加装电梯 ---


@cites("甘建金〔2024〕26号/三（一）")
def lift_is_on_register(case: Case) -> None:
    if case.know("project_no", str) is None:
        message = "该住宅不在住建部门的老旧小区加装电梯项目库内，请由实施主体办理项目登记后申请"
        case.refuse(Reason("LIFT_NOT_REGISTERED", message, "甘建金〔2024〕26号/三（一）"))


def lift_is_built(case: Case) -> None:
    built_on = case.know("lift_built_on", date)
    if built_on is None or built_on > case.on:
        message = "电梯尚未建成，费用以建成后的分摊为准，请建成并公布分摊清单后申请"
        case.refuse(Reason("LIFT_NOT_BUILT", message, "甘建金〔2024〕26号/三（一）"))
    elif case.knows("withdrawal.lift_window_months") and (last := within(case, "withdrawal.lift_window_months", built_on)):
        months = case.whole("withdrawal.lift_window_months")
        message = f"加装电梯提取须在建成后{months}个月内申请，该电梯{built_on}建成，截止{last}，已超过，不能再提取，请按其他情形申请"
        law = cited(case, "withdrawal.lift_window_months")
        case.refuse(Reason("LIFT_WINDOW_OVER", message, law))


@cites("甘建金〔2024〕26号/三（一）")
def lift_is_of_the_family(case: Case) -> None:
    """本人、配偶, and the parents of both, by the family graph; each step is asked only when the one before does not fit."""
    owners = set(case.must("owners", tuple))
    if belongs(case, owners) or owners & set(case.must("parents", tuple)):
        return
    if is_married(case) and owners & set(case.must("spouse_parents", tuple)):
        return
    message = "加装电梯的住房不是本人、配偶或者双方父母的住房，不能提取，关系登记有误的请先到民政、公安部门更正"
    case.refuse(Reason("LIFT_NOT_OF_FAMILY", message, "甘建金〔2024〕26号/三（一）"))


def _lift(case: Case) -> str:
    return key_of(EvidenceKind.LIFT, f"{case.must('project_no', str)}-{case.must('house_no', str)}")


def lift_is_unused(case: Case) -> None:
    evidence_is_unused(case, _lift(case))


@cites("兰州提取政策/加装电梯")
def lift_share_is_limit(case: Case) -> None:
    """≤ the home's share, the family together; ≤ the centre's figure for each person."""
    case.outcome["evidence"] = (f"{_lift(case)}:{case.applicant.person.upper()}",)
    left_of(case, "本户分摊金额", case.must("lift_share_fen", Money), _lift(case))
    if case.knows("withdrawal.lift_limit"):
        allowed, law = case.money("withdrawal.lift_limit"), cited(case, "withdrawal.lift_limit")
        case.limit(LimitKind.POLICY, f"加装电梯提取限额{allowed.text}元", allowed, *law)


# --- 其他住房消费 ---


@cites("兰州提取政策/其他住房消费")
def loan_comes_first(case: Case) -> None:
    """有未结清公积金贷款的只能用于还贷: the payee is the loan and the amount no more than what is owed."""
    owed = case.applicant.own_loan_unpaid
    if owed > ZERO or case.know("loan_no", str) is not None:
        case.outcome["payee"] = Payee.LENDER
    if owed > ZERO:
        law = cited(case, "withdrawal.other_housing_limit_year")
        case.limit(LimitKind.EXPENSE, f"未结清的公积金贷款本金{owed.text}元", owed, *law)


INVOICED = (home_is_own, invoice_is_genuine, invoice_is_recent, invoice_is_unused)
INVOICED_LIMITS = (invoice_is_limit, year_is_limit)
LIFT = (lift_is_on_register, lift_is_built, lift_is_of_the_family, lift_is_unused)
LIFT_LIMITS = (lift_share_is_limit,)
OTHER_LIMITS = (year_is_limit, loan_comes_first)
