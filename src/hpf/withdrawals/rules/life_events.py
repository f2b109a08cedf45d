"""退休 丧失劳动能力 出境定居 离职 重大疾病 生活困难. 条例 第二十四条第（六）（七）（八）项（2026年文本）、建金〔2018〕46号、建金管〔2005〕5号.

Order of checks
  退休       the pension, else the day of retirement, else (before 2025, where the centre had it) the age; then an age below the table
  丧失劳动能力 the appraisal, the end of employment, no contradiction with the insurance
  出境定居   the day of settling abroad
  离职       sealed, long enough, employment ended, not employed again, no account elsewhere
  重大疾病   whose illness, the list, the window, the same stay not used
  生活困难   the certificate, the same certificate not used this year
"""

from __future__ import annotations

from datetime import date

from hpf.accounts.rules.states import MemberState
from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.policy.rules import SexKind, statutory_retirement

from .case import Case, months_later
from .entitlement import LimitKind
from .every_ground import cited, evidence_is_unused, key_of, left_of, taken, within, year_of
from .facts_of_life import PATIENTS, RETIREMENT_KINDS
from .grounds import EvidenceKind

# --- 离休 退休 ---


@cites("条例/24@2019", "条例/24@2026", "渐进式延迟退休决定/1")
def is_retired(case: Case) -> None:
    """社保 status decides; age alone does not prove retirement since 2025-01-01, and proves it before only where the centre had it so."""
    if _proved_by_age(case):
        return
    if case.flag("pension_drawing"):
        return
    retired_on = case.know("retired_on", date)
    if retired_on is None or retired_on > case.on:
        month = _statutory(case)
        by_table = f"，按出生年月的法定退休时间为{month.text}" if month else ""
        what = f"退休日期{retired_on}尚未到" if retired_on else "没有查到退休审批和养老待遇"
        message = f"{what}{by_table}，不能按离退休提取，请在社保经办机构办理退休后申请"
        case.refuse(Reason("NOT_RETIRED", message, (case.art24, "渐进式延迟退休决定/1")))


@cites("天水提取规程/退休年龄")
def _proved_by_age(case: Case) -> bool:
    if not case.is_set("withdrawal.retirement_by_age"):
        return False
    month = _statutory(case)
    return month is not None and Month.of(case.on) >= month and not case.is_known("pension_drawing")


def _statutory(case: Case) -> Month | None:
    """The month of the table; for a woman whose group is not known the earlier of her two; None without birthday or sex."""
    born, sex = case.applicant.born_on, case.applicant.sex_kind
    kind = SexKind.FEMALE_50 if sex == "F" else sex
    if born is None or kind not in list(SexKind):
        return None
    return statutory_retirement(SexKind(kind), Month.of(born)).month


@cites("渐进式延迟退休决定/附表", "渐进式延迟退休决定/3")
def age_fits(case: Case) -> None:
    """到龄退休 before the month of the table is a doubt; an early retirement is a decision of the insurance and stands."""
    month = _statutory(case)
    retired_on = case.know("retired_on", date) if not _proved_by_age(case) else None
    if month is None or retired_on is None or retired_on > case.on or Month.of(retired_on) >= month:
        return
    kind = case.know("retirement_kind", str)
    if kind not in ("EARLY", "VETERAN"):
        said = RETIREMENT_KINDS.get(kind or "", "没有写明类别")
        message = f"退休日期{retired_on}早于按出生年月的法定退休时间{month.text}，退休类别为“{said}”，已转人工核实，请提供提前退休审批"
        case.refer(Reason("RETIRED_TOO_EARLY", message, "渐进式延迟退休决定/附表"))


# --- 完全丧失劳动能力 ---


@cites("条例/24@2019", "条例/24@2026")
def cannot_work(case: Case) -> None:
    if not case.flag("disability_total"):
        message = "没有查到完全丧失劳动能力的鉴定结论，部分丧失的不适用，请取得鉴定结论后申请"
        case.refuse(Reason("NOT_DISABLED", message, case.art24))


def employment_has_ended(case: Case) -> None:
    ended_on = case.know("employment_ended_on", date)
    if ended_on is None or ended_on > case.on:
        when = f"劳动关系终止日为{ended_on}，尚未到" if ended_on else "没有查到与单位终止劳动关系的记录"
        message = f"{when}，不能按“{case.sheet.label}”提取，请单位办理终止劳动关系备案后申请"
        case.refuse(Reason("EMPLOYMENT_NOT_ENDED", message, case.art24))
    elif case.flag("insured_now") and not _is_leaving(case):
        message = f"劳动关系已于{ended_on}终止，但社会保险显示现有单位参保，两项记录不一致，已转人工核实，请说明情况"
        case.refer(Reason("EMPLOYMENT_UNCLEAR", message, case.art24))


def _is_leaving(case: Case) -> bool:
    return hasattr(case.facts, "elsewhere_account")


# --- 出境定居 ---


@cites("条例/24@2019", "条例/24@2026")
def has_settled_abroad(case: Case) -> None:
    emigrated_on = case.know("emigrated_on", date)
    if emigrated_on is None or emigrated_on > case.on:
        when = f"出境定居日为{emigrated_on}，尚未到" if emigrated_on else "出入境管理部门没有出境定居的记录"
        message = f"{when}，短期出境不适用，请办妥定居手续后申请"
        case.refuse(Reason("NOT_EMIGRATED", message, case.art24))


# --- 离职 ---


@cites("建金〔2018〕46号/离职提取")
def is_sealed_long_enough(case: Case) -> None:
    sealed_on = case.applicant.sealed_on
    if case.applicant.account_state is not MemberState.SEALED or sealed_on is None:
        message = "个人账户没有封存，离职提取须先封存，请原单位办理封存，封存满规定期限后申请"
        case.refuse(Reason("LEAVING_NOT_SEALED", message, "建金〔2018〕46号/离职提取"))
        return
    months = case.whole("withdrawal.seal_wait_months")
    free_on = months_later(sealed_on, months)
    if case.on < free_on:
        message = f"账户于{sealed_on}封存，须封存满{months}个月，还差{(free_on - case.on).days}日，请于{free_on}起申请"
        law = cited(case, "withdrawal.seal_wait_months")
        case.refuse(Reason("SEAL_TOO_SHORT", message, law))


@cites("建金〔2018〕46号/离职提取")
def is_not_employed_again(case: Case) -> None:
    if case.flag("insured_now"):
        message = "社会保险显示已重新就业，封存期间重新就业的不能提取，请由新单位启封或者办理转移接续"
        case.refuse(Reason("EMPLOYED_AGAIN", message, "建金〔2018〕46号/离职提取"))


@cites("建金〔2018〕46号/离职提取")
def has_no_account_elsewhere(case: Case) -> None:
    """异地缴存满半年的办理转移接续, and who has just begun elsewhere waits for that."""
    if not case.flag("elsewhere_account"):
        return
    months, least = case.must("elsewhere_months", int), case.whole("withdrawal.elsewhere_months_for_transfer")
    law = cited(case, "withdrawal.elsewhere_months_for_transfer")
    if months >= least:
        message = f"在其他城市已连续缴存{months}个月（满{least}个月），应当办理异地转移接续而不是提取，请到新缴存地申请转移"
        case.refuse(Reason("TRANSFER_INSTEAD", message, law))
    else:
        message = f"在其他城市已开户并缴存{months}个月，不属于未继续缴存，请缴满{least}个月后到新缴存地办理异地转移接续"
        case.refuse(Reason("CONTRIBUTES_ELSEWHERE", message, law))


# --- 重大疾病 ---


@cites("建金管〔2005〕5号/提取")
def patient_is_family(case: Case) -> None:
    patient = case.must("patient", str)
    if patient not in case.text("withdrawal.illness_patients").split(","):
        message = f"患者是申请人的{PATIENTS.get(patient, patient)}，不在本中心规定的范围内，不能提取，请由患者本人或者其配偶申请"
        law = cited(case, "withdrawal.illness_patients")
        case.refuse(Reason("PATIENT_NOT_COVERED", message, law))


@cites("建金管〔2005〕5号/提取", "省中心提取政策/重大疾病")
def illness_is_listed(case: Case) -> None:
    if not case.flag("illness_listed"):
        message = "医保记录的病种不在本中心规定的重大疾病之内，不能提取，认为病种有误的请到医保部门更正"
        case.refuse(Reason("ILLNESS_NOT_LISTED", message, "建金管〔2005〕5号/提取"))


@cites("省中心提取政策/重大疾病", "民法典/201")
def illness_is_recent(case: Case) -> None:
    discharged_on = case.must("discharged_on", date)
    if last := within(case, "withdrawal.illness_window_months", discharged_on):
        months = case.whole("withdrawal.illness_window_months")
        message = f"重大疾病提取须在出院后{months}个月内申请，出院日{discharged_on}，截止{last}，已超过，不能再提取，请按其他情形申请"
        law = cited(case, "withdrawal.illness_window_months")
        case.refuse(Reason("ILLNESS_WINDOW_OVER", message, law))


def _stay(case: Case) -> str:
    return key_of(EvidenceKind.CASE, case.must("case_no", str))


def stay_is_unused(case: Case) -> None:
    evidence_is_unused(case, _stay(case))


def self_paid_is_limit(case: Case) -> None:
    case.outcome["evidence"] = (f"{_stay(case)}:{case.applicant.person.upper()}",)
    left_of(case, "医保报销后的自付费用", case.must("illness_self_paid_fen", Money), _stay(case))


# --- 低保 生活严重困难 ---


@cites("建金管〔2005〕5号/提取")
def is_on_minimum_income(case: Case) -> None:
    if not case.flag("minimum_income"):
        message = "民政部门没有正在享受最低生活保障或者特困供养的记录，不能按生活严重困难提取，请先向民政部门申请认定"
        case.refuse(Reason("NOT_ON_MINIMUM_INCOME", message, "建金管〔2005〕5号/提取"))


def _certificate(case: Case) -> str:
    """A certificate serves once a year."""
    return key_of(EvidenceKind.CASE, f"{case.must('case_no', str)}-{case.on.year}")


def certificate_is_unused(case: Case) -> None:
    evidence_is_unused(case, _certificate(case))


@cites("建金管〔2005〕5号/提取")
def hardship_is_limit(case: Case) -> None:
    case.outcome["evidence"] = (f"{_certificate(case)}:{case.applicant.person.upper()}",)
    key = "withdrawal.hardship_limit_year"
    allowed = case.money(key)
    since, called = year_of(case, key)
    used = taken(case.priors(case.ground, since=since))
    label = f"{called}生活严重困难提取限额{allowed.text}元" + (f"减去本人已提取{used.text}元后" if used else "")
    law = cited(case, key)
    case.limit(LimitKind.POLICY, label, allowed - used, *law)


RETIREMENT = (is_retired, age_fits)
DISABILITY = (cannot_work, employment_has_ended)
EMIGRATION = (has_settled_abroad,)
LEAVING = (is_sealed_long_enough, employment_has_ended, is_not_employed_again, has_no_account_elsewhere)
ILLNESS = (patient_is_family, illness_is_listed, illness_is_recent, stay_is_unused)
ILLNESS_LIMITS = (self_paid_is_limit,)
HARDSHIP = (is_on_minimum_income, certificate_is_unused)
HARDSHIP_LIMITS = (hardship_is_limit,)
