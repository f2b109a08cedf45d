# ruff: noqa: RUF009 (fact() gives a dataclass field)
"""住房消费各情形的事实: buying, building, renting, repaying, improving a home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.kernel.money import Money

from .facts import Fact, Facts, fact
from .saying import PAPER, Say

MARRIED = "MARRIED"
MARITAL_STATES = {"SINGLE": "未婚", "MARRIED": "已婚", "DIVORCED": "离异", "WIDOWED": "丧偶"}
RENTAL_KINDS = {"MARKET": "市场租房", "PUBLIC": "公租房", "AFFORDABLE": "保障性租赁住房"}
TENANT_GROUPS = {"LOCAL": "一般缴存人", "NEW_CITIZEN": "新市民", "MIGRANT": "农民工"}
LOAN_KINDS = {"FUND": "住房公积金贷款", "COMMERCIAL": "商业性住房贷款"}
REPAYMENT_USES = {"REPAID": "提取已偿还的本息", "PREPAY": "提前还款", "DUE": "偿还当期应还款"}
INVOICE_KINDS = {"DECORATION": "装修", "PROPERTY_FEE": "物业服务费"}
DEAL_STATES = {"SUBSCRIBED": "已认购未网签", "SIGNED": "已网签", "FAILED": "交易未成"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Household(Facts):
    marital_state: Fact[str] = fact("婚姻状况", str, "CIVIL.marriage", MARITAL_STATES)
    spouse_ref: Fact[str | None] = fact("配偶", str, "CIVIL.marriage")


@dataclass(frozen=True, slots=True, kw_only=True)
class RentFacts(Household):
    """`asked_months` are the rent months applied for ("2026-09"); the rent and the lease are those filed with the housing department."""

    homes_in_place: Fact[int] = fact("本人在缴存城市的住房套数", int, "TITLES.homes_of_person_in_place")
    spouse_homes_in_place: Fact[int] = fact("配偶在缴存城市的住房套数", int, "TITLES.homes_of_person_in_place")
    rental_kind: Fact[str] = fact("租住房屋类别", str, "HOUSING.rental_filing", RENTAL_KINDS)
    rental_filed: Fact[bool] = fact("租赁已备案", bool, "HOUSING.rental_filing")
    rent_month_fen: Fact[Money | None] = fact("备案月租金", Money, "HOUSING.rental_filing")
    rent_since: Fact[date | None] = fact("租期起", date, "HOUSING.rental_filing")
    rent_until: Fact[date | None] = fact("租期止", date, "HOUSING.rental_filing")
    contract_no: Fact[str | None] = fact("租赁合同备案号", str, "HOUSING.rental_filing", say=Say("已办理租赁备案的填写，没有备案的不填。"))
    asked_months: Fact[tuple[str, ...]] = fact("申请的租房月份", tuple)
    tenant_group: Fact[str] = fact("缴存人类别", str, "POLICE.household", TENANT_GROUPS)
    children: Fact[int] = fact("子女数", int, "CIVIL.children")
    minor_children: Fact[int] = fact("未满十八周岁子女数", int, "CIVIL.children")
    household_wage_month_fen: Fact[Money] = fact("家庭月工资收入", Money, "HR.employment")


@dataclass(frozen=True, slots=True, kw_only=True)
class DealFacts(Household):
    """What the purchase of a home shows, signed or not. `family_refs` are parents and children by the consented family graph."""

    contract_no: Fact[str | None] = fact("购房合同编号", str, "HOUSING.contract", say=Say("网签合同或者认购书上的编号。", either="DEAL"))
    house_no: Fact[str] = fact("房屋唯一编号", str, "HOUSING.contract")
    price_fen: Fact[Money] = fact("房屋总价", Money, "HOUSING.contract")
    down_payment_fen: Fact[Money | None] = fact("首付款", Money, "HOUSING.contract")
    buyers: Fact[tuple[str, ...]] = fact("购房人", tuple, "HOUSING.contract")
    family_refs: Fact[tuple[str, ...]] = fact("父母、子女", tuple, "CIVIL.children")
    place_linked: Fact[bool] = fact("购房地是户籍地、居住地或者工作地", bool, "POLICE.household")
    marriage_changes_year: Fact[int] = fact("十二个月内婚姻变更次数", int, "CIVIL.marriage")
    house_trades_year: Fact[int] = fact("十二个月内该房屋交易次数", int, "TITLES.title")


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseFacts(DealFacts):
    contract_signed_on: Fact[date | None] = fact("购房合同签订日", date, "HOUSING.contract")
    title_no: Fact[str | None] = fact(
        "不动产权证号", str, "TITLES.title", say=Say("已办理不动产登记的填写，照证书上的文号。", either="DEAL", form=PAPER)
    )
    titled_on: Fact[date | None] = fact("不动产登记日", date, "TITLES.title")
    loan_no: Fact[str | None] = fact("该房屋的购房贷款合同编号", str, "CREDIT.loan")


@dataclass(frozen=True, slots=True, kw_only=True)
class DownPaymentFacts(DealFacts):
    is_presale: Fact[bool] = fact("新建商品房预售", bool, "HOUSING.presale_account")
    deal_state: Fact[str] = fact("交易状态", str, "HOUSING.contract", DEAL_STATES)
    supervised_account: Fact[str | None] = fact("预售资金监管账号", str, "HOUSING.presale_account")
    supervised_name: Fact[str | None] = fact("预售资金监管户名", str, "HOUSING.presale_account")
    supervised_bank: Fact[str | None] = fact("预售资金监管银行", str, "HOUSING.presale_account")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFacts(Household):
    """建造 翻建 大修: the paper is the planning permission, or for an overhaul the appraisal of the house."""

    house_no: Fact[str] = fact("房屋唯一编号", str, "TITLES.title", say=Say("不动产权证上的不动产单元号或者房屋编号。", needed=True))
    owners: Fact[tuple[str, ...]] = fact("房屋权利人", tuple, "TITLES.title")
    permit_no: Fact[str | None] = fact(
        "规划许可、用地批准或者房屋鉴定文号", str, "HOUSING.permit", say=Say("照批准文件或者鉴定报告上的文号。", needed=True, form=PAPER)
    )
    permitted_on: Fact[date | None] = fact("规划许可、用地批准或者房屋鉴定日期", date, "HOUSING.permit")
    cost_fen: Fact[Money] = fact("工程费用", Money)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFacts(Household):
    """`repaid_since_fen` is principal and interest really paid since the last withdrawal for this loan, penal interest left out;
    `due_month` ("2026-10") is the month whose instalment is paid, the month of the application when not said."""

    loan_kind: Fact[str] = fact("贷款种类", str, "CREDIT.loan", LOAN_KINDS)
    loan_no: Fact[str] = fact("借款合同编号", str, "CREDIT.loan", say=Say("借款合同首页的编号。", needed=True))
    borrowers: Fact[tuple[str, ...]] = fact("借款人、共同借款人", tuple, "CREDIT.loan")
    is_housing_loan: Fact[bool] = fact("用途是购买、建造、翻建、大修自住住房", bool, "CREDIT.loan")
    loan_balance_fen: Fact[Money] = fact("贷款本金余额", Money, "CREDIT.loan")
    repaid_since_fen: Fact[Money] = fact("本期实际偿还的本息", Money, "CREDIT.repayment")
    repaid_from: Fact[date | None] = fact("本期还款起日", date, "CREDIT.repayment")
    repaid_to: Fact[date | None] = fact("本期还款止日", date, "CREDIT.repayment")
    paid_off_on: Fact[date | None] = fact("贷款结清日", date, "CREDIT.loan")
    next_due_fen: Fact[Money | None] = fact("当期应还本息", Money, "CREDIT.loan")
    repayment_use: Fact[str] = fact("还贷提取方式", str, "", REPAYMENT_USES)
    due_month: Fact[str | None] = fact("申请偿还的月份", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHomeFacts(Household):
    """装修 物业费: an own home and an invoice, as the tax office knows it."""

    house_no: Fact[str] = fact("房屋唯一编号", str, "TITLES.title", say=Say("不动产权证上的不动产单元号或者房屋编号。", either="HOME"))
    title_no: Fact[str | None] = fact("不动产权证号", str, "TITLES.title", say=Say("照证书上的文号。", either="HOME", form=PAPER))
    owners: Fact[tuple[str, ...]] = fact("房屋权利人", tuple, "TITLES.title")
    invoice_no: Fact[str | None] = fact("发票号码", str, "TAX.invoice", say=Say("发票右上角的号码。", needed=True))
    invoice_kind: Fact[str | None] = fact("发票项目", str, "TAX.invoice", INVOICE_KINDS)
    invoice_on: Fact[date | None] = fact("发票日期", date, "TAX.invoice")
    cost_fen: Fact[Money | None] = fact("发票金额", Money, "TAX.invoice")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftFacts(Household):
    """加装电梯: `parents` and `spouse_parents` by the family graph, with their consent."""

    project_no: Fact[str | None] = fact("加装电梯项目编号", str, "HOUSING.lift_project")
    lift_built_on: Fact[date | None] = fact("电梯建成日", date, "HOUSING.lift_project")
    lift_share_fen: Fact[Money] = fact("本户分摊金额", Money, "HOUSING.lift_project")
    house_no: Fact[str] = fact(
        "房屋唯一编号", str, "HOUSING.lift_project", say=Say("加装电梯的房屋，填不动产单元号或者房屋编号。", needed=True)
    )
    owners: Fact[tuple[str, ...]] = fact("房屋权利人", tuple, "TITLES.title")
    parents: Fact[tuple[str, ...]] = fact("本人父母", tuple, "CIVIL.children")
    spouse_parents: Fact[tuple[str, ...]] = fact("配偶父母", tuple, "CIVIL.children")


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherHousingFacts(Household):
    """其他住房消费: a yearly amount by local policy; with a fund loan unpaid it may only repay that loan."""

    loan_no: Fact[str | None] = fact("未结清的公积金借款合同编号", str, "NATIONAL.loans")
