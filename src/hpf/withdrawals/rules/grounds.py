"""提取情形: every ground on which money may leave an account, and what follows from the ground alone.

Both editions of the Regulation are here: the item of Article 24 under each, or the ministry's or the province's document
where Article 24 does not name the ground. Which grounds a centre has open on a day is data (`withdrawal.grounds` and the
`withdrawal.*_open` flags), never this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    RENT = "RENT"
    PURCHASE = "PURCHASE"
    DOWN_PAYMENT = "DOWN_PAYMENT"
    BUILD = "BUILD"
    OVERHAUL = "OVERHAUL"
    LOAN_REPAYMENT = "LOAN_REPAYMENT"
    DECORATION = "DECORATION"
    PROPERTY_FEE = "PROPERTY_FEE"
    LIFT = "LIFT"
    OTHER_HOUSING = "OTHER_HOUSING"
    RETIREMENT = "RETIREMENT"
    DISABILITY = "DISABILITY"
    EMIGRATION = "EMIGRATION"
    LEAVING = "LEAVING"
    DEATH = "DEATH"
    ILLNESS = "ILLNESS"
    HARDSHIP = "HARDSHIP"

    @property
    def text(self) -> str:
        return GROUNDS[self].label


class Payee(StrEnum):
    """Whose bank account is paid. Never cash."""

    APPLICANT = "APPLICANT"
    SUPERVISED_ACCOUNT = "SUPERVISED_ACCOUNT"
    HEIR = "HEIR"
    LENDER = "LENDER"

    @property
    def text(self) -> str:
        return {
            "APPLICANT": "本人银行账户", "SUPERVISED_ACCOUNT": "预售资金监管账户", "HEIR": "继承人、受遗赠人银行账户", "LENDER": "贷款账户",
        }[self]  # fmt: skip


class EvidenceKind(StrEnum):
    """What a withdrawal uses up, so that nobody uses it twice anywhere in the country."""

    RENT_MONTH = "RENT_MONTH"
    HOUSE = "HOUSE"
    LOAN_PERIOD = "LOAN_PERIOD"
    INVOICE = "INVOICE"
    LIFT = "LIFT"
    CASE = "CASE"
    YEAR = "YEAR"
    PERSON = "PERSON"

    @property
    def text(self) -> str:
        return {
            "RENT_MONTH": "租房月份", "HOUSE": "房屋", "LOAN_PERIOD": "贷款还款期间", "INVOICE": "发票", "LIFT": "电梯项目", "CASE": "事项",
            "YEAR": "年度额度", "PERSON": "账户",
        }[self]  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroundSheet:
    """What follows from a ground. `items` names the article by edition of the Regulation ("" where Article 24 has no item);
    `opened_by` is the flag of the policy that opens a ground which Article 24 does not name; `exchange_code` is JGJ/T 320 A.7."""

    label: str
    items: tuple[tuple[str, str], ...]
    opened_by: str
    exchange_code: str
    closes: bool
    payee: Payee
    evidence: EvidenceKind

    def item(self, edition: str) -> str:
        """For people, such as （一）; empty where the edition has no item for this ground."""
        return dict(self.items).get(edition, "")


def _keeps(
    label: str, item_2019: str, item_2026: str, code: str, evidence: EvidenceKind, payee: Payee = Payee.APPLICANT, opened_by: str = ""
) -> GroundSheet:
    return GroundSheet(label, (("2019", item_2019), ("2026", item_2026)), opened_by, code, False, payee, evidence)


def _closes(label: str, item_2019: str, item_2026: str, code: str, payee: Payee = Payee.APPLICANT, opened_by: str = "") -> GroundSheet:
    return GroundSheet(label, (("2019", item_2019), ("2026", item_2026)), opened_by, code, True, payee, EvidenceKind.PERSON)


GROUNDS: dict[Ground, GroundSheet] = {
    Ground.RENT: _keeps("租房", "（六）", "（一）", "07", EvidenceKind.RENT_MONTH),
    Ground.PURCHASE: _keeps("购买自住住房", "（一）", "（二）", "01", EvidenceKind.HOUSE),
    Ground.DOWN_PAYMENT: _keeps(
        "支付新建商品住房首付款", "（一）", "（二）", "01", EvidenceKind.HOUSE, Payee.SUPERVISED_ACCOUNT, "withdrawal.down_payment_open"
    ),
    Ground.BUILD: _keeps("建造、翻建自住住房", "（一）", "（二）", "02", EvidenceKind.HOUSE),
    Ground.OVERHAUL: _keeps("大修自住住房", "（一）", "（二）", "02", EvidenceKind.HOUSE),
    Ground.LOAN_REPAYMENT: _keeps("偿还住房贷款本息", "（五）", "（三）", "06", EvidenceKind.LOAN_PERIOD),
    Ground.DECORATION: _keeps("装修自住住房", "", "（四）", "99", EvidenceKind.INVOICE),
    Ground.PROPERTY_FEE: _keeps("支付自住住房物业费", "", "（五）", "99", EvidenceKind.INVOICE),
    Ground.LIFT: _keeps("既有住宅加装电梯", "", "", "99", EvidenceKind.LIFT, Payee.APPLICANT, "withdrawal.lift_open"),
    Ground.OTHER_HOUSING: _keeps("其他住房消费", "", "（九）", "99", EvidenceKind.YEAR, Payee.APPLICANT, "withdrawal.other_housing_open"),
    Ground.RETIREMENT: _closes("离休、退休", "（二）", "（六）", "03"),
    Ground.DISABILITY: _closes("完全丧失劳动能力并与单位终止劳动关系", "（三）", "（七）", "04"),
    Ground.EMIGRATION: _closes("出境定居", "（四）", "（八）", "05"),
    Ground.LEAVING: _closes("离职后封存满期", "", "", "99", Payee.APPLICANT, "withdrawal.leaving_open"),
    Ground.DEATH: _closes("死亡或者被宣告死亡", "", "", "08", Payee.HEIR),
    Ground.ILLNESS: _keeps("重大疾病", "", "", "09", EvidenceKind.CASE, Payee.APPLICANT, "withdrawal.illness_open"),
    Ground.HARDSHIP: _keeps("最低生活保障、生活严重困难", "", "", "99", EvidenceKind.CASE, Payee.APPLICANT, "withdrawal.hardship_open"),
}
