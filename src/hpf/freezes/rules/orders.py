"""查控文书: what a court may ask for, with the codes of the line to the courts, and what the paper must bring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import ZERO, Money

OFFICERS_NEEDED = 2


class Action(StrEnum):
    """What is ordered. 提取收入 is known and not served: what an account holds is no wage."""

    QUERY = "QUERY"
    FREEZE = "FREEZE"
    RENEW = "RENEW"
    WAIT = "WAIT"
    RELEASE = "RELEASE"
    RELEASE_WAITING = "RELEASE_WAITING"
    DEDUCT = "DEDUCT"
    TAKE_INCOME = "TAKE_INCOME"
    FREEZE_AND_DEDUCT = "FREEZE_AND_DEDUCT"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def code(self) -> str:
        return CODES[self]


_LABELS = {
    Action.QUERY: "查询", Action.FREEZE: "冻结", Action.RENEW: "继续冻结", Action.WAIT: "轮候冻结", Action.RELEASE: "解除冻结",
    Action.RELEASE_WAITING: "解除轮候", Action.DEDUCT: "划拨", Action.TAKE_INCOME: "提取收入", Action.FREEZE_AND_DEDUCT: "冻结并划拨",
}  # fmt: skip
CODES = {
    Action.QUERY: "00", Action.FREEZE: "01", Action.RENEW: "02", Action.WAIT: "03", Action.RELEASE: "04",
    Action.RELEASE_WAITING: "05", Action.DEDUCT: "06", Action.TAKE_INCOME: "07", Action.FREEZE_AND_DEDUCT: "08",
}  # fmt: skip
BY_CODE = {code: action for action, code in CODES.items()}
FREEZING = frozenset({Action.FREEZE, Action.WAIT, Action.FREEZE_AND_DEDUCT})
OF_A_FREEZE = frozenset({Action.RENEW, Action.RELEASE, Action.RELEASE_WAITING, Action.DEDUCT})
DEDUCTING = frozenset({Action.DEDUCT, Action.FREEZE_AND_DEDUCT})


class Result(StrEnum):
    """结果代码 of the line to the courts."""

    ENTERED = "0"
    DONE = "1"
    FAILED = "2"
    REGISTERED = "3"

    @property
    def label(self) -> str:
        return {"0": "录入", "1": "已处理", "2": "失败", "3": "已登记"}[self.value]


class OrderState(StrEnum):
    """Where a paper stands with us. From a counter it waits for a second person first."""

    ENTERED = "ENTERED"
    RETURNED = "RETURNED"
    ANSWERED = "ANSWERED"

    @property
    def label(self) -> str:
        return {"ENTERED": "待复核", "RETURNED": "已退回", "ANSWERED": "已办结"}[self.value]


class FreezeState(StrEnum):
    """State of a freeze. Whether it keeps all, a part or nothing now is not stored: it follows from balance and queue."""

    IN_FORCE = "IN_FORCE"
    EXPIRED = "EXPIRED"
    RELEASED = "RELEASED"
    CONSUMED = "CONSUMED"

    @property
    def label(self) -> str:
        return {"IN_FORCE": "在册", "EXPIRED": "期满失效", "RELEASED": "已解除", "CONSUMED": "已扣划完毕"}[self.value]


class DocumentKind(StrEnum):
    RULING = "RULING"
    NOTICE = "NOTICE"
    QUERY_NOTICE = "QUERY_NOTICE"
    WORK_CARD = "WORK_CARD"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        return {
            "RULING": "执行裁定书", "NOTICE": "协助执行通知书", "QUERY_NOTICE": "协助查询通知书", "WORK_CARD": "工作证和执行公务证", "OTHER": "其他",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer of the court on the case, by name, 工作证 and 执行公务证."""

    name: str
    work_id: str
    enforcement_id: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Payee:
    """The court's own account for money of executions, as the ruling names it."""

    name: str
    account: str
    bank: str = ""


@cites("民事诉讼法/协助义务", "民事执行查封规定/协助手续")
def documents_needed(action: Action) -> tuple[DocumentKind, ...]:
    """A query needs its notice; whatever moves or stops money needs the ruling and the notice of assistance."""
    if action is Action.QUERY:
        return (DocumentKind.QUERY_NOTICE,)
    return (DocumentKind.RULING, DocumentKind.NOTICE)


@cites("查控规程/核验文书")
def check_paper(
    action: Action, *, case_no: str, ruling_no: str, notice_no: str, officers: Sequence[Officer], documents: Iterable[DocumentKind]
) -> list[Reason]:
    """Whether the paper may be acted on at all: served action, numbers, documents, two officers. In this order."""
    law, reasons = ("民事执行查封规定/协助手续", "查控规程/核验文书"), []
    if action is Action.TAKE_INCOME:
        message = "提取收入（07）针对工资等收入，不适用于住房公积金账户，未办理；需要执行账户资金的请改用划拨（06）或冻结并划拨（08）"
        reasons.append(Reason("ACTION_NOT_SERVED", message, "民事诉讼法/协助义务"))
    if not case_no.strip():
        reasons.append(Reason("CASE_NO_MISSING", "文书没有执行案号，未办理，请补正后重新发送", law))
    numbers = [("协助通知书", notice_no)] if action is Action.QUERY else [("执行裁定书", ruling_no), ("协助执行通知书", notice_no)]
    for label, number in numbers:
        if not number.strip():
            reasons.append(Reason("DOCUMENT_NO_MISSING", f"没有写明{label}文号，未办理，请补正后重新发送", law))
    brought = set(documents)
    lacking = [kind.label for kind in documents_needed(action) if kind not in brought]
    if lacking:
        reasons.append(Reason("DOCUMENT_MISSING", f"缺少{'、'.join(lacking)}，未办理，请补齐后重新发送", law))
    complete = {
        (o.work_id.strip(), o.enforcement_id.strip()) for o in officers if o.name.strip() and o.work_id.strip() and o.enforcement_id.strip()
    }
    if len(complete) < OFFICERS_NEEDED:
        message = f"姓名、工作证和执行公务证齐全的执行人员有{len(complete)}名，须有{OFFICERS_NEEDED}名，未办理，请补齐后重新发送"
        reasons.append(Reason("OFFICERS_MISSING", message, law))
    return reasons


def check_amount(action: Action, amount: Money | None, whole: bool) -> list[Reason]:
    """A freeze names an amount or the whole account, not both and not neither; a deduction without amount takes all it keeps."""
    if amount is not None and amount <= ZERO:
        return [Reason("ORDERED_AMOUNT_WRONG", f"文书金额为{amount.text}元，应大于零，未办理，请更正后重新发送", "民事诉讼法/协助义务")]
    if action in FREEZING and (amount is None) != whole:
        return [Reason(
            "AMOUNT_OR_WHOLE", "冻结须写明金额，或写明冻结全部（含后续收入），两者取其一，未办理，请更正后重新发送", "民事诉讼法/协助义务"
        )]  # fmt: skip
    return []


@cites("查控规程/可扣划情形")
def check_deduction(
    situation: str,
    allowed: Sequence[str],
    payee: Payee | None,
    court_name: str,
    *,
    sealed_months: int | None = None,
    sealed_needed: int = 0,
) -> list[Reason]:
    """Whether a deduction may be made: a situation in which the member could close the account, and the court's own account.

    `sealed_months` is how long the account has been sealed (None: it is not); it is looked at for LEAVING only.
    """
    reasons, law = [], ("查控规程/可扣划情形", "条例/24")
    names = "、".join(SITUATIONS[each] for each in allowed if each in SITUATIONS)
    if situation not in allowed:
        said = f"“{SITUATIONS.get(situation, situation)}”不在" if situation else "没有写明，须属于"
        message = (
            f"扣划情形{said}可扣划的情形（{names}）{'之内' if situation else '之一'}，未扣划；已有的冻结继续有效，待情形具备后再行扣划"
        )
        reasons.append(Reason("SITUATION_NOT_DEDUCTIBLE", message, law))
    elif situation == "LEAVING" and (sealed_months is None or sealed_months < sealed_needed):
        state = "账户尚未封存" if sealed_months is None else f"账户封存{sealed_months}个月"
        message = f"{state}，以离职为由扣划须封存满{sealed_needed}个月，未扣划；已有的冻结继续有效"
        reasons.append(Reason("NOT_SEALED_LONG_ENOUGH", message, law))
    if payee is None or not payee.name.strip() or not payee.account.strip():
        reasons.append(Reason("PAYEE_MISSING", "没有写明执行款专户的户名和账号，未扣划，请按裁定书补正", "民事诉讼法/协助义务"))
    elif court_name.strip() not in payee.name:
        message = f"收款户名“{payee.name}”不是{court_name}的执行款专户，未扣划，请按裁定书更正"
        reasons.append(Reason("PAYEE_NOT_THE_COURT", message, "民事诉讼法/协助义务"))
    return reasons


SITUATIONS = {
    "RETIREMENT": "离退休", "DISABILITY": "完全丧失劳动能力并终止劳动关系", "EMIGRATION": "出境定居", "LEAVING": "离职封存期满未再就业", "DEATH": "死亡或被宣告死亡",
}  # fmt: skip
