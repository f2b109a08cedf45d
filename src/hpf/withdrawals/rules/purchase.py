"""购房 首付 建造翻建 大修. 条例 第二十四条（2019年文本第一项，2026年文本第二项）、建金管〔2005〕5号、建金〔2018〕46号.

Order of checks
  购房      a contract or a title, a buyer of the family, the window, the same house not used by this person, the patterns of risk
  首付      a new house, a deal that has not failed, the supervised account, a buyer, the same house, the patterns of risk
  建造大修  an owner of the family, the permit, the window, the same house
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import ZERO, Money

from .case import Case, months_later
from .every_ground import belongs, cited, evidence_is_unused, key_of, left_of, priors_on, spouse, within
from .facts import By
from .facts_of_housing import DEAL_STATES
from .grounds import EvidenceKind, Payee


def _house(case: Case) -> str:
    return key_of(EvidenceKind.HOUSE, case.must("house_no", str))


# --- 购房 ---


def deal_is_on_record(case: Case) -> None:
    if _bought_on(case) is None:
        message = "没有查到该房屋的网签合同或者不动产登记，不能认定购房，请先办理网签备案或者不动产登记后申请"
        case.refuse(Reason("DEAL_NOT_FOUND", message, ("建金管〔2005〕5号/提取", case.art24)))


def _bought_on(case: Case) -> date | None:
    """The later of contract and title: the window is counted in the member's favour."""
    days = [day for day in (case.know("contract_signed_on", date), case.know("titled_on", date)) if day]
    return max(days) if days else None


def applicant_is_buyer(case: Case) -> None:
    """本人或者配偶; parents and children where the centre says so."""
    family = case.must("family_refs", tuple) if case.is_set("withdrawal.purchase_by_family") and not _is_own(case) else ()
    buyers = case.must("buyers", tuple)
    if not belongs(case, buyers, also=family):
        message = "购房人不是本人或者配偶，不符合购买自住住房的条件，登记有误的请先更正合同或者不动产登记后申请"
        case.refuse(Reason("NOT_A_BUYER", message, ("建金管〔2005〕5号/提取", case.art24)))


def _is_own(case: Case) -> bool:
    return case.applicant.person in case.must("buyers", tuple)


@cites("建金管〔2005〕5号/提取", "兰州提取政策/购房", "天水提取规程/购房", "民法典/201")
def purchase_is_recent(case: Case) -> None:
    bought_on = _bought_on(case)
    if bought_on is None:
        return
    months = case.whole("withdrawal.purchase_window_months")
    if last := within(case, "withdrawal.purchase_window_months", bought_on):
        message = f"购房提取须自合同或者产权证起{months}个月内申请，该房屋自{bought_on}起算，截止{last}，已超过，请按还贷等其他情形申请"
        law = cited(case, "withdrawal.purchase_window_months")
        case.refuse(Reason("PURCHASE_WINDOW_OVER", message, law))


def house_is_unused(case: Case) -> None:
    """Once for each person and house, or once a year until the price is reached, as the centre has it. Strangers are a pattern of risk."""
    if case.text("withdrawal.purchase_times") == "ONCE":
        evidence_is_unused(case, _house(case), by=(By.SELF,))


@cites("建金〔2018〕46号/异常提取")
def no_pattern_of_risk(case: Case) -> None:
    """异常提取 is never refused by a machine: the pattern is named and a person looks."""
    for pattern in (_married_often, _used_by_strangers, _traded_often, _bought_far_away, _bought_with_strangers):
        case.examine((pattern,))


def _married_often(case: Case) -> None:
    changes, many = case.must("marriage_changes_year", int), case.whole("withdrawal.risk_marriage_changes")
    if changes >= many:
        message = f"十二个月内婚姻变更{changes}次（达到{many}次即核查），属于短期多次变更婚姻购房的异常情形，已转人工核实，请说明情况"
        case.refer(Reason("RISK_MARRIAGE_CHANGES", message, "建金〔2018〕46号/异常提取"))


def _used_by_strangers(case: Case) -> None:
    others = priors_on(case, _house(case), (By.OTHER,))
    if others:
        last = max(others, key=lambda prior: prior.on)
        message = f"该房屋已有家庭以外的人于{last.on}提取，属于多人购买同一住房的异常情形，已转人工核实，请补充购房经过的证明"
        case.refer(Reason("RISK_SAME_HOUSE", message, "建金〔2018〕46号/异常提取"))


@cites("天水提取规程/频繁交易")
def _traded_often(case: Case) -> None:
    trades, many = case.must("house_trades_year", int), case.whole("withdrawal.risk_house_trades")
    if trades < many:
        return
    wait = "withdrawal.traded_house_wait_months"
    titled_on = case.know("titled_on", date) if hasattr(case.facts, "titled_on") else None
    if titled_on and case.knows(wait) and case.on < (free_on := months_later(titled_on, case.whole(wait))):
        message = f"该房屋十二个月内交易{trades}次，须自{titled_on}登记起满{case.whole(wait)}个月后申请，请于{free_on}起申请"
        law = cited(case, wait)
        case.refuse(Reason("HOUSE_TRADED_OFTEN", message, law))
        return
    message = f"该房屋十二个月内交易{trades}次（达到{many}次即核查），属于同一住房频繁交易的异常情形，已转人工核实，请说明情况"
    case.refer(Reason("RISK_HOUSE_TRADES", message, "建金〔2018〕46号/异常提取"))


def _bought_far_away(case: Case) -> None:
    if not case.flag("place_linked"):
        message = "购房地不是户籍地、居住地或者工作地，属于异地购房的异常情形，已转人工核实，请补充在购房地居住的证明"
        case.refer(Reason("RISK_PLACE", message, "建金〔2018〕46号/异常提取"))


def _bought_with_strangers(case: Case) -> None:
    buyers = set(case.must("buyers", tuple))
    if len(buyers) < 2:
        return
    strangers = buyers - {case.applicant.person, spouse(case)}
    if strangers and case.is_set("withdrawal.purchase_by_family"):
        strangers -= set(case.must("family_refs", tuple))
    if strangers:
        message = f"有{len(strangers)}名共同购房人不是配偶或者家庭成员，属于非配偶共同购房的异常情形，已转人工核实，请说明共同购房的原因"
        case.refer(Reason("RISK_CO_BUYERS", message, "建金〔2018〕46号/异常提取"))


@cites("建金管〔2005〕5号/提取", "兰州提取政策/购房")
def price_is_limit(case: Case) -> None:
    """The family together: never more than the price; with a loan for the house, never more than the down payment.

    Where a house serves every year the key counts the times, so that two applications at once cannot both be the second.
    """
    house = _house(case)
    before = len(priors_on(case, house, (By.SELF,)))
    again = () if case.text("withdrawal.purchase_times") == "ONCE" else (str(before + 1),)
    case.outcome["evidence"] = (":".join((house, case.applicant.person.upper(), *again)),)
    left_of(case, "房屋总价", case.must("price_fen", Money), house)
    if case.know("loan_no", str) is not None:
        left_of(case, "贷款购房的首付款", case.must("down_payment_fen", Money), house)


# --- 首付 ---


@cites("甘建金〔2024〕26号/三（一）")
def house_is_new(case: Case) -> None:
    if not case.flag("is_presale"):
        message = "支付首付款提取只适用于新建商品住房，该房屋不是预售的新建商品房，请在网签后按购房提取申请"
        case.refuse(Reason("HOUSE_NOT_NEW", message, "甘建金〔2024〕26号/三（一）"))


def deal_has_not_failed(case: Case) -> None:
    if case.must("deal_state", str) == "FAILED":
        message = f"该房屋的交易状态为“{DEAL_STATES['FAILED']}”，不能提取首付款，请重新认购或者网签后申请"
        case.refuse(Reason("DEAL_FAILED", message, "甘建金〔2024〕26号/三（一）"))


@cites("甘建金〔2024〕26号/六（一）")
def account_is_supervised(case: Case) -> None:
    """预售资金监管账户 or nowhere: account, name and bank come from the housing department, never from the applicant."""
    found = {name: case.know(name, str) for name in ("supervised_account", "supervised_name", "supervised_bank")}
    if not all(found.values()):
        message = "没有查到该楼盘的预售资金监管账户，首付款只能付到监管账户，请开发企业办理监管备案后申请"
        case.refuse(Reason("NO_SUPERVISED_ACCOUNT", message, ("甘建金〔2024〕26号/三（一）", "甘建金〔2024〕26号/六（一）")))


def house_unused_for_down_payment(case: Case) -> None:
    evidence_is_unused(case, _house(case), by=(By.SELF,))


def down_payment_is_limit(case: Case) -> None:
    case.outcome |= {
        "evidence": (f"{_house(case)}:{case.applicant.person.upper()}",), "payee": Payee.SUPERVISED_ACCOUNT,
        "payee_account": case.must("supervised_account", str), "payee_name": case.must("supervised_name", str),
        "payee_bank": case.must("supervised_bank", str),
    }  # fmt: skip
    if case.must("deal_state", str) != "SIGNED":
        case.outcome["claw_back_by"] = case.on + timedelta(days=case.whole("withdrawal.down_payment_sign_days"))
    left_of(case, "首付款", case.must("down_payment_fen", Money), _house(case))


@dataclass(frozen=True, slots=True)
class ClawBack:
    """What must come back to the account of the member, and why. `amount` 0 with no reason: nothing is due."""

    amount: Money
    due_on: date | None
    reason: Reason | None


@cites("条例/5@2026", "甘建金〔2024〕26号/三（一）")
def claw_back(paid: Money, returned: Money, deal_state: str, sign_by: date | None, on: date) -> ClawBack:
    """首付款退回: money paid for a deal that failed, or was not signed in time, goes back whole to the member's account.

    `sign_by` is `Entitlement.claw_back_by`; None when the deal was signed before the payment. What has come back is counted.
    A deal that is signed owes nothing, however late; signing after the day stops the claim.
    """
    left = paid - returned
    if deal_state == "SIGNED" or left <= ZERO or sign_by is None:
        return ClawBack(ZERO, None, None)
    if deal_state == "FAILED":
        message = f"购房交易未成，已付到监管账户的{paid.text}元尚有{left.text}元没有退回，请监管银行退回本人住房公积金账户"
        return ClawBack(left, on, Reason("DEAL_FAILED_PAY_BACK", message, "甘建金〔2024〕26号/三（一）"))
    if on > sign_by:
        message = f"首付款支付后到{sign_by}仍未网签，已付的{paid.text}元尚有{left.text}元应当退回，请监管银行退回本人住房公积金账户"
        return ClawBack(left, sign_by, Reason("DEAL_NOT_SIGNED_PAY_BACK", message, "甘建金〔2024〕26号/三（一）"))
    return ClawBack(ZERO, None, None)


# --- 建造 翻建 大修 ---


def applicant_owns_house(case: Case) -> None:
    if not belongs(case, case.must("owners", tuple)):
        message = "房屋权利人不是本人或者配偶，不是自住住房，不能提取，登记有误的请先到不动产登记机构更正"
        case.refuse(Reason("NOT_AN_OWNER", message, case.art24))


@cites("建金管〔2005〕5号/提取")
def work_is_permitted(case: Case) -> None:
    if not case.know("permit_no", str) or case.know("permitted_on", date) is None:
        message = f"没有查到{case.sheet.label}的规划许可、用地批准或者房屋鉴定，请取得批准后申请"
        case.refuse(Reason("PERMIT_MISSING", message, ("建金管〔2005〕5号/提取", case.art24)))


@cites("民法典/201")
def work_is_recent(case: Case) -> None:
    permitted_on = case.know("permitted_on", date)
    if permitted_on is None:
        return
    if last := within(case, "withdrawal.build_window_months", permitted_on):
        months = case.whole("withdrawal.build_window_months")
        message = f"{case.sheet.label}提取须自批准之日起{months}个月内申请，批准日{permitted_on}，截止{last}，已超过，请按其他情形申请"
        law = cited(case, "withdrawal.build_window_months")
        case.refuse(Reason("BUILD_WINDOW_OVER", message, law))


def house_unused_for_work(case: Case) -> None:
    evidence_is_unused(case, _work(case))


def _work(case: Case) -> str:
    """One permit of one house: a house may be rebuilt once and repaired another time."""
    return key_of(EvidenceKind.HOUSE, f"{case.must('house_no', str)}-{case.must('permit_no', str)}")


def cost_is_limit(case: Case) -> None:
    case.outcome["evidence"] = (f"{_work(case)}:{case.applicant.person.upper()}",)
    left_of(case, "工程费用", case.must("cost_fen", Money), _work(case))


PURCHASE = (deal_is_on_record, applicant_is_buyer, purchase_is_recent, house_is_unused, no_pattern_of_risk)
PURCHASE_LIMITS = (price_is_limit,)
DOWN_PAYMENT = (
    house_is_new, deal_has_not_failed, account_is_supervised, applicant_is_buyer, house_unused_for_down_payment, no_pattern_of_risk,
)  # fmt: skip
DOWN_PAYMENT_LIMITS = (down_payment_is_limit,)
WORK = (applicant_owns_house, work_is_permitted, work_is_recent, house_unused_for_work)
WORK_LIMITS = (cost_is_limit,)
