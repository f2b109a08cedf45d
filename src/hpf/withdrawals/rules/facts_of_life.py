# ruff: noqa: RUF009 (fact() gives a dataclass field)
"""终止类和生活困难各情形的事实: retiring, losing the capacity to work, leaving, dying, falling ill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.kernel.money import Money

from .facts import Fact, Facts, fact
from .saying import Say

RETIREMENT_KINDS = {"NORMAL": "到龄退休", "EARLY": "提前退休", "DEFERRED": "延迟退休", "VETERAN": "离休"}
HEIR_PROOFS = {"NOTARY": "继承公证", "COURT": "生效裁判", "AGREEMENT": "全体继承人具结", "NONE": "没有"}
PATIENTS = {"SELF": "本人", "SPOUSE": "配偶", "CHILD": "未成年子女", "PARENT": "父母", "OTHER": "其他人"}


@dataclass(frozen=True, slots=True)
class Heir:
    """A person who inherits `numerator`/`denominator` of what is on the account."""

    person: str
    numerator: int
    denominator: int

    def __str__(self) -> str:
        return f"{self.person}{self.numerator}/{self.denominator}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirementFacts(Facts):
    pension_drawing: Fact[bool] = fact("正在领取养老待遇", bool, "HR.retirement")
    retired_on: Fact[date | None] = fact("退休日期", date, "HR.retirement")
    retirement_kind: Fact[str | None] = fact("退休类别", str, "HR.retirement", RETIREMENT_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisabilityFacts(Facts):
    disability_total: Fact[bool] = fact("鉴定为完全丧失劳动能力", bool, "HR.disability")
    employment_ended_on: Fact[date | None] = fact("劳动关系终止日", date, "HR.employment")
    insured_now: Fact[bool] = fact("现有单位参加社会保险", bool, "HR.social_insurance")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmigrationFacts(Facts):
    emigrated_on: Fact[date | None] = fact("出境定居日", date, "POLICE.exit")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingFacts(Facts):
    employment_ended_on: Fact[date | None] = fact("劳动关系终止日", date, "HR.employment")
    insured_now: Fact[bool] = fact("现有单位参加社会保险", bool, "HR.social_insurance")
    elsewhere_account: Fact[bool] = fact("在其他城市有住房公积金账户", bool, "NATIONAL.accounts")
    elsewhere_months: Fact[int] = fact("在其他城市连续缴存月数", int, "NATIONAL.accounts")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathFacts(Facts):
    """`applicant_ref` is who applies: an heir or a legatee. Shares come from the notary, the court, or all heirs together."""

    died_on: Fact[date | None] = fact("死亡或者被宣告死亡日", date, "POLICE.death")
    applicant_ref: Fact[str] = fact("申请人", str)
    heir_proof: Fact[str] = fact("继承证明", str, "", HEIR_PROOFS)
    heirs: Fact[tuple[Heir, ...]] = fact("继承人、受遗赠人及份额", tuple, "", None, Heir)
    is_close_kin: Fact[bool] = fact("申请人是配偶、父母或者子女", bool, "POLICE.household")


@dataclass(frozen=True, slots=True, kw_only=True)
class IllnessFacts(Facts):
    patient: Fact[str] = fact("患者与申请人的关系", str, "POLICE.household", PATIENTS)
    illness_listed: Fact[bool] = fact("属于规定的重大疾病", bool, "MEDICAL.illness_cost")
    illness_self_paid_fen: Fact[Money] = fact("医保报销后的自付费用", Money, "MEDICAL.illness_cost")
    discharged_on: Fact[date | None] = fact("出院日期", date, "MEDICAL.illness_cost")
    case_no: Fact[str] = fact("住院结算编号", str, "MEDICAL.illness_cost", say=Say("出院结算单上的编号。", needed=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class HardshipFacts(Facts):
    minimum_income: Fact[bool] = fact("正在享受最低生活保障", bool, "CIVIL.minimum_income")
    case_no: Fact[str] = fact("低保、特困证编号", str, "CIVIL.minimum_income", say=Say("低保证、特困证上的编号。", needed=True))
