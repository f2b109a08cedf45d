"""共享目录: which departments there are, which services each offers, and which fields an answer may hold.

An answer field is a yes or no, a count, a day, an amount in fen, a code, a number of a document, or references of persons.
There is no field for a name, a document number or a free text about a person: what the rule does not need cannot be asked.
Names of fields are the names of the facts in the rules that use them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Department(StrEnum):
    POLICE = "POLICE"
    CIVIL = "CIVIL"
    TITLES = "TITLES"
    HOUSING = "HOUSING"
    HR = "HR"
    MEDICAL = "MEDICAL"
    TAX = "TAX"
    CREDIT = "CREDIT"
    NATIONAL = "NATIONAL"
    MARKET = "MARKET"


DEPARTMENTS = {
    Department.POLICE: "公安",
    Department.CIVIL: "民政",
    Department.TITLES: "不动产登记",
    Department.HOUSING: "房产管理",
    Department.HR: "人社",
    Department.MEDICAL: "医保",
    Department.TAX: "税务",
    Department.CREDIT: "商业银行",
    Department.NATIONAL: "全国住房公积金公共服务平台",
    Department.MARKET: "市场监管",
}


class FieldKind(StrEnum):
    FLAG = "FLAG"
    COUNT = "COUNT"
    DAY = "DAY"
    FEN = "FEN"
    CODE = "CODE"
    NUMBER = "NUMBER"
    REFERENCE = "REFERENCE"
    REFERENCES = "REFERENCES"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an answer. A day is text like 2026-08-03; references are joined by a comma; a COUNT ends at `most`."""

    name: str
    label: str
    kind: FieldKind
    codes: tuple[tuple[str, str], ...] = ()
    most: int = 99


@dataclass(frozen=True, slots=True)
class Service:
    """One question a department answers. `days_good`: how long an answer may be used; `by_law`: may be asked without consent.

    `terms` are what must be said beside the person: the place, the contract, the time from which to count.
    `optional` terms may be left out. `sensitive` data needs a separate consent of its own (个人信息保护法第二十九条).
    """

    department: Department
    code: str
    label: str
    fields: tuple[str, ...]
    days_good: int
    by_law: bool = False
    sensitive: bool = False
    terms: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    about_unit: bool = False

    @property
    def name(self) -> str:
        """How consents and breakers name it: "POLICE.death"."""
        return f"{self.department}.{self.code}"

    @property
    def source(self) -> str:
        return f"{DEPARTMENTS[self.department]}·{self.label}"


_MARITAL = (("SINGLE", "未婚"), ("MARRIED", "已婚"), ("DIVORCED", "离异"), ("WIDOWED", "丧偶"))
_TENANT = (("LOCAL", "一般缴存人"), ("NEW_CITIZEN", "新市民"), ("MIGRANT", "农民工"))
_RELATION = (("SELF", "本人"), ("SPOUSE", "配偶"), ("CHILD", "未成年子女"), ("PARENT", "父母"), ("OTHER", "其他人"))
_RETIREMENT = (("NORMAL", "到龄退休"), ("EARLY", "提前退休"), ("DEFERRED", "延迟退休"), ("VETERAN", "离休"))
_LOAN = (("FUND", "住房公积金贷款"), ("COMMERCIAL", "商业性住房贷款"))
_RENTAL = (("MARKET", "市场租房"), ("PUBLIC", "公租房"), ("AFFORDABLE", "保障性租赁住房"))
_DEAL = (("SUBSCRIBED", "已认购未网签"), ("SIGNED", "已网签"), ("FAILED", "交易未成"))
_INVOICE = (("DECORATION", "装修"), ("PROPERTY_FEE", "物业服务费"))
_UNIT = (("OPEN", "存续"), ("REVOKED", "吊销"), ("DEREGISTERED", "注销"))

_FIELDS = (
    Field("identity_valid", "身份有效", FieldKind.FLAG),
    Field("household_place", "户籍地", FieldKind.NUMBER),
    Field("place_linked", "户籍、居住或工作在当地", FieldKind.FLAG),
    Field("tenant_group", "缴存人类别", FieldKind.CODE, _TENANT),
    Field("is_close_kin", "是配偶、父母或者子女", FieldKind.FLAG),
    Field("patient", "与本人的关系", FieldKind.CODE, _RELATION),
    Field("parents", "父母", FieldKind.REFERENCES),
    Field("died_on", "死亡日期", FieldKind.DAY),
    Field("emigrated_on", "出境定居日期", FieldKind.DAY),
    Field("marital_state", "婚姻状况", FieldKind.CODE, _MARITAL),
    Field("spouse_ref", "配偶", FieldKind.REFERENCE),
    Field("marriage_changes_year", "十二个月内婚姻变更次数", FieldKind.COUNT, most=9),
    Field("children", "子女数", FieldKind.COUNT, most=20),
    Field("minor_children", "未成年子女数", FieldKind.COUNT, most=20),
    Field("family_refs", "父母、子女", FieldKind.REFERENCES),
    Field("minimum_income", "享受最低生活保障", FieldKind.FLAG),
    Field("case_no", "证件或结算编号", FieldKind.NUMBER),
    Field("homes_in_place", "当地住房套数", FieldKind.COUNT, most=9),
    Field("title_no", "不动产权证号", FieldKind.NUMBER),
    Field("titled_on", "不动产登记日期", FieldKind.DAY),
    Field("house_no", "房屋编号", FieldKind.NUMBER),
    Field("owners", "房屋权利人", FieldKind.REFERENCES),
    Field("house_trades_year", "十二个月内该房屋交易次数", FieldKind.COUNT, most=99),
    Field("mortgaged", "已抵押", FieldKind.FLAG),
    Field("contract_no", "合同编号", FieldKind.NUMBER),
    Field("contract_signed_on", "合同签订日期", FieldKind.DAY),
    Field("price_fen", "房屋总价", FieldKind.FEN),
    Field("down_payment_fen", "首付款", FieldKind.FEN),
    Field("buyers", "购房人", FieldKind.REFERENCES),
    Field("is_presale", "期房", FieldKind.FLAG),
    Field("deal_state", "交易状态", FieldKind.CODE, _DEAL),
    Field("permit_no", "规划许可或者鉴定文号", FieldKind.NUMBER),
    Field("permitted_on", "规划许可或者鉴定日期", FieldKind.DAY),
    Field("supervised_account", "监管账户", FieldKind.NUMBER),
    Field("supervised_name", "监管账户户名", FieldKind.NUMBER),
    Field("supervised_bank", "监管银行", FieldKind.NUMBER),
    Field("rental_filed", "租赁已备案", FieldKind.FLAG),
    Field("rental_kind", "租房种类", FieldKind.CODE, _RENTAL),
    Field("rent_month_fen", "月租金", FieldKind.FEN),
    Field("rent_since", "租期起", FieldKind.DAY),
    Field("rent_until", "租期止", FieldKind.DAY),
    Field("project_no", "加装电梯项目编号", FieldKind.NUMBER),
    Field("lift_built_on", "加装电梯竣工日期", FieldKind.DAY),
    Field("lift_share_fen", "加装电梯分摊金额", FieldKind.FEN),
    Field("green_certified", "绿色建筑", FieldKind.FLAG),
    Field("prefabricated", "装配式建筑", FieldKind.FLAG),
    Field("employment_ended_on", "解除劳动关系日期", FieldKind.DAY),
    Field("wage_month_fen", "月工资收入", FieldKind.FEN),
    Field("insured_now", "正在参保", FieldKind.FLAG),
    Field("retired_on", "退休日期", FieldKind.DAY),
    Field("retirement_kind", "退休种类", FieldKind.CODE, _RETIREMENT),
    Field("pension_drawing", "正在领取养老金", FieldKind.FLAG),
    Field("disability_total", "完全丧失劳动能力", FieldKind.FLAG),
    Field("unemployed", "登记失业", FieldKind.FLAG),
    Field("illness_self_paid_fen", "重大疾病自付金额", FieldKind.FEN),
    Field("illness_listed", "属于规定的重大疾病", FieldKind.FLAG),
    Field("discharged_on", "出院日期", FieldKind.DAY),
    Field("invoice_no", "发票号码", FieldKind.NUMBER),
    Field("invoice_kind", "发票项目", FieldKind.CODE, _INVOICE),
    Field("cost_fen", "发票金额", FieldKind.FEN),
    Field("invoice_on", "发票日期", FieldKind.DAY),
    Field("loan_no", "借款合同编号", FieldKind.NUMBER),
    Field("loan_kind", "贷款种类", FieldKind.CODE, _LOAN),
    Field("borrowers", "借款人", FieldKind.REFERENCES),
    Field("is_housing_loan", "用于购建修自住住房", FieldKind.FLAG),
    Field("loan_balance_fen", "贷款余额", FieldKind.FEN),
    Field("repaid_since_fen", "期间已还本息", FieldKind.FEN),
    Field("repaid_from", "还款期间起", FieldKind.DAY),
    Field("repaid_to", "还款期间止", FieldKind.DAY),
    Field("paid_off_on", "结清日期", FieldKind.DAY),
    Field("next_due_fen", "下期应还金额", FieldKind.FEN),
    Field("elsewhere_account", "外地有缴存账户", FieldKind.FLAG),
    Field("elsewhere_months", "外地连续缴存月数", FieldKind.COUNT, most=999),
    Field("elsewhere_loans", "外地公积金贷款次数", FieldKind.COUNT, most=9),
    Field("elsewhere_loan_unpaid", "外地公积金贷款未结清", FieldKind.FLAG),
    Field("fraud_banned_until", "骗提限制截止日期", FieldKind.DAY),
    Field("evidence_used", "凭据已在外地使用", FieldKind.FLAG),
    Field("unit_state", "企业状态", FieldKind.CODE, _UNIT),
    Field("unit_closed_on", "企业注销吊销日期", FieldKind.DAY),
)
FIELDS = {field.name: field for field in _FIELDS}

_D = Department
_SERVICES = (
    Service(_D.POLICE, "identity", "身份核验", ("identity_valid",), 30, by_law=True),
    Service(
        _D.POLICE,
        "household",
        "户籍",
        ("household_place", "place_linked", "tenant_group", "is_close_kin", "patient"),
        30,
        optional=("place", "relative"),
    ),
    Service(_D.POLICE, "death", "死亡登记", ("died_on",), 7, by_law=True),
    Service(_D.POLICE, "exit", "出境定居", ("emigrated_on",), 30),
    Service(_D.CIVIL, "marriage", "婚姻登记", ("marital_state", "spouse_ref", "marriage_changes_year"), 7),
    Service(_D.CIVIL, "children", "子女与父母", ("children", "minor_children", "family_refs", "parents"), 30),
    Service(_D.CIVIL, "minimum_income", "最低生活保障", ("minimum_income", "case_no"), 30, sensitive=True),
    Service(_D.TITLES, "homes_of_person_in_place", "当地住房套数", ("homes_in_place",), 7, terms=("place",)),
    Service(
        _D.TITLES,
        "title",
        "不动产权",
        ("title_no", "titled_on", "house_no", "owners", "price_fen", "house_trades_year"),
        7,
        optional=("house_no", "title_no"),
    ),
    Service(_D.TITLES, "mortgage", "不动产抵押", ("mortgaged", "loan_kind"), 7, terms=("house_no",)),
    Service(
        _D.HOUSING,
        "contract",
        "网签合同",
        ("contract_no", "contract_signed_on", "price_fen", "down_payment_fen", "buyers", "house_no", "is_presale", "deal_state"),
        7,
        optional=("contract_no",),
    ),
    Service(
        _D.HOUSING,
        "rental_filing",
        "租赁备案",
        ("rental_filed", "rental_kind", "rent_month_fen", "rent_since", "rent_until", "contract_no"),
        30,
        optional=("place",),
    ),
    Service(
        _D.HOUSING,
        "presale_account",
        "预售资金监管账户",
        ("contract_no", "is_presale", "supervised_account", "supervised_name", "supervised_bank"),
        7,
        by_law=True,
        optional=("contract_no",),
    ),
    Service(
        _D.HOUSING,
        "lift_project",
        "加装电梯项目",
        ("project_no", "house_no", "lift_built_on", "lift_share_fen"),
        30,
        optional=("house_no",),
    ),
    Service(_D.HOUSING, "permit", "建房许可与房屋鉴定", ("permit_no", "permitted_on", "house_no"), 30, optional=("house_no",)),
    Service(
        _D.HOUSING,
        "green_certificate",
        "绿色建筑与装配式建筑认定",
        ("green_certified", "prefabricated"),
        90,
        by_law=True,
        terms=("house_no",),
    ),
    Service(_D.HR, "employment", "就业登记", ("employment_ended_on", "wage_month_fen"), 7),
    Service(_D.HR, "social_insurance", "社会保险参保", ("insured_now",), 7),
    Service(_D.HR, "retirement", "退休审批与养老金", ("retired_on", "retirement_kind", "pension_drawing"), 30),
    Service(_D.HR, "disability", "劳动能力鉴定", ("disability_total",), 90, sensitive=True),
    Service(_D.HR, "unemployment", "失业登记", ("unemployed",), 7),
    Service(
        _D.MEDICAL,
        "illness_cost",
        "重大疾病自付费用",
        ("illness_listed", "illness_self_paid_fen", "discharged_on", "case_no"),
        30,
        sensitive=True,
        optional=("since",),
    ),
    Service(_D.TAX, "invoice", "发票查验", ("invoice_no", "invoice_kind", "cost_fen", "invoice_on"), 30, optional=("invoice_no",)),
    Service(
        _D.CREDIT,
        "loan",
        "商业住房贷款",
        ("loan_no", "loan_kind", "borrowers", "is_housing_loan", "house_no", "loan_balance_fen", "paid_off_on", "next_due_fen"),
        7,
        sensitive=True,
        optional=("loan_no", "house_no"),
    ),
    Service(
        _D.CREDIT,
        "repayment",
        "商业住房贷款还款",
        ("loan_no", "loan_balance_fen", "repaid_since_fen", "repaid_from", "repaid_to", "next_due_fen"),
        7,
        sensitive=True,
        optional=("since", "loan_no"),
    ),
    Service(_D.NATIONAL, "accounts", "外地缴存账户", ("elsewhere_account", "elsewhere_months"), 7, by_law=True),
    Service(_D.NATIONAL, "loans", "外地公积金贷款", ("elsewhere_loans", "elsewhere_loan_unpaid", "loan_no"), 7, by_law=True),
    Service(_D.NATIONAL, "fraud", "骗提骗贷记录", ("fraud_banned_until",), 1, by_law=True),
    Service(_D.NATIONAL, "evidence", "提取凭据使用记录", ("evidence_used",), 1, by_law=True, terms=("evidence",)),
    Service(_D.MARKET, "unit", "企业登记", ("unit_state", "unit_closed_on"), 30, by_law=True, about_unit=True),
)
CATALOGUE = {service.name: service for service in _SERVICES}

TERMS = {
    "place": "区县代码",
    "since": "起算日期",
    "relative": "家庭成员",
    "house_no": "房屋编号",
    "title_no": "不动产权证号",
    "contract_no": "合同编号",
    "loan_no": "借款合同编号",
    "invoice_no": "发票号码",
    "evidence": "凭据摘要",
}


def service(department: str, code: str) -> Service | None:
    return CATALOGUE.get(f"{department}.{code}")


def fits(field: Field, value: object) -> bool:
    """Whether a value is of the field's kind. None is always right: the registry knows of no such thing."""
    if value is None:
        return True
    match field.kind:
        case FieldKind.FLAG:
            return isinstance(value, bool)
        case FieldKind.COUNT:
            return type(value) is int and 0 <= value <= field.most
        case FieldKind.FEN:
            return type(value) is int and 0 <= value < 10**13
        case FieldKind.DAY:
            return isinstance(value, str) and _is_day(value)
        case FieldKind.CODE:
            return isinstance(value, str) and value in dict(field.codes)
        case FieldKind.REFERENCES:
            return isinstance(value, str) and all(is_reference(part) for part in value.split(",")) if value != "" else True
        case FieldKind.REFERENCE:
            return isinstance(value, str) and is_reference(value)
        case _:
            return isinstance(value, str) and 0 < len(value) <= 60 and value.isprintable()


def is_reference(text: str) -> bool:
    """A person's reference: "P" and 32 hexadecimal digits, made from the document with the exchange's key."""
    return len(text) == 33 and text[0] == "P" and all(c in "0123456789abcdef" for c in text[1:])


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def field_text(name: str, value: object) -> str:
    """How a clerk and the member read a fact: 是, 2套, 2,400.00元, 已婚. References and document numbers stay short."""
    field = FIELDS[name]
    if value is None:
        return "无"
    match field.kind:
        case FieldKind.FLAG:
            return "是" if value else "否"
        case FieldKind.FEN:
            assert isinstance(value, int)
            return f"{value // 100:,}.{value % 100:02d}元"
        case FieldKind.CODE:
            return dict(field.codes).get(str(value), str(value))
        case FieldKind.REFERENCE:
            return "有"
        case FieldKind.REFERENCES:
            return f"{len(str(value).split(',')) if value else 0}人"
        case _:
            return str(value)
