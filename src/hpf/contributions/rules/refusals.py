"""拒绝的理由: what the platform answers when a list, a payment or an application cannot go on. What, why with figures, what now."""

from __future__ import annotations

from collections.abc import Iterable

from hpf.kernel.decision import Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month


def no_such_remittance(remittance_no: str) -> Reason:
    return Reason("REMITTANCE_NOT_FOUND", f"本中心没有清册{remittance_no}，请核对清册号后重新提交")


def no_such_employer_account(account_no: str) -> Reason:
    return Reason("EMPLOYER_ACCOUNT_NOT_FOUND", f"本中心没有单位账户{account_no}，请核对单位账号后重新提交")


def employer_account_not_open(account_no: str, state: str) -> Reason:
    return Reason("EMPLOYER_ACCOUNT_NOT_OPEN", f"单位账户{account_no}当前为{state}，不能办理缴存，请先恢复单位账户为正常状态", "条例/14")


def wrong_state(remittance_no: str, state: str, wanted: str) -> Reason:
    return Reason("REMITTANCE_WRONG_STATE", f"清册{remittance_no}当前为“{state}”，此操作要求“{wanted}”，请刷新后按当前状态办理")


def has_defects(remittance_no: str, defects: int) -> Reason:
    return Reason("LIST_HAS_DEFECTS", f"清册{remittance_no}有{defects}条差错，不能确认，请按差错清单更正后重新上传")


def nothing_to_pay(remittance_no: str) -> Reason:
    return Reason("LIST_EMPTY", f"清册{remittance_no}没有可记账的行，合计0.00元，请补充人员后重新上传")


def not_the_next_month(month: Month, expected: Month) -> Reason:
    """CON-22: month by month, no gap."""
    if month < expected:
        message = f"{month.text}已汇缴、已有确认的清册或在缓缴期内，下一个应汇缴月为{expected.text}，如需补缴请选择补缴种类"
        return Reason("MONTH_ALREADY_REMITTED", message, "条例/19")
    message = (
        f"汇缴应逐月连续，下一个应汇缴月为{expected.text}，本清册为{month.text}，中间缺{month - expected}个月，请先汇缴{expected.text}"
    )
    return Reason("MONTH_GAP", message, "条例/19")


def person_has_month(names: Iterable[str], month: Month, count: int) -> Reason:
    shown = "、".join(names)
    message = f"{count}人（{shown}）在{month.text}已有另一张已确认的汇缴清册，同一人同一月不得重复汇缴，请从本清册删除后重新上传"
    return Reason("MONTH_PAID_ELSEWHERE", message, "条例/13")


def not_accepted(remittance_no: str) -> Reason:
    return Reason("LIST_NOT_ACCEPTED", f"清册{remittance_no}尚未经中心受理，本中心规定受理后才能记账，请先由柜员受理")


def maker_is_checker(what: str) -> Reason:
    return Reason("MAKER_IS_CHECKER", f"{what}的经办人与复核人不能是同一人，请换另一人复核", "财会字〔1999〕33号/总说明")


def no_such_receipt(receipt_no: str) -> Reason:
    return Reason("RECEIPT_NOT_FOUND", f"本中心没有收款{receipt_no}，请核对收款编号后重新提交")


def receipt_used_up(receipt_no: str) -> Reason:
    return Reason("RECEIPT_USED_UP", f"收款{receipt_no}已全部分配，余额0.00元，请核对是否重复记账")


def receipt_of_another(receipt_no: str, remittance_no: str) -> Reason:
    return Reason("RECEIPT_OF_ANOTHER", f"收款{receipt_no}已匹配给其他业务，不能用于清册{remittance_no}，请先解除原匹配或改用其他收款")


def money_short(total: Money, receipt: Money, prepaid: Money) -> Reason:
    short = total - receipt - prepaid
    message = (
        f"清册应缴{total.text}元，到账{receipt.text}元，可用预缴{prepaid.text}元，短缺{short.text}元，"
        "清册继续等待，请单位补足款项，或将到账款转入预缴后用预缴抵付"
    )
    return Reason(
        "MONEY_SHORT", message, "财会字〔1999〕33号/总说明",
        (("total", str(total)), ("receipt", str(receipt)), ("prepaid", str(prepaid)), ("short", str(short))),
    )  # fmt: skip


def account_closed_since(account_no: str) -> Reason:
    message = f"清册中个人账户{account_no}在核对之后已销户或合并，不能记账，请撤销本清册并更正后重新提交，款项保留在暂收款"
    return Reason("ACCOUNT_CLOSED_SINCE", message)


def not_an_employers_list(remittance_no: str) -> Reason:
    message = f"清册{remittance_no}不是单位的清册，没有可退的单位账户；补贴请在补贴发放页办理收回，灵活就业扣款有误的请办理整册冲正"
    return Reason("NOT_AN_EMPLOYERS_LIST", message)


def already_used_key(what: str) -> Reason:
    return Reason("ALREADY_DONE", f"{what}已办理，请勿重复提交")


def not_found(what: str, number: str) -> Reason:
    return Reason("NOT_FOUND", f"本中心没有{what}{number}，请核对后重新提交")


def state_does_not_allow(what: str, number: str, state: str, wanted: str) -> Reason:
    return Reason("WRONG_STATE", f"{what}{number}当前为“{state}”，此操作要求“{wanted}”，请刷新后按当前状态办理")


def reason_missing(what: str) -> Reason:
    return Reason("REASON_MISSING", f"{what}必须写明原因，请填写后重新提交")


def number_missing(what: str) -> Reason:
    return Reason("NUMBER_MISSING", f"没有填写{what}，请填写后重新提交")


def balance_too_small(account_no: str, asked: Money) -> Reason:
    """Says what was asked and not what is free: beside the balance, the figure would tell of a hold."""
    message = f"账户{account_no}可用余额不足，不能退回{asked.text}元，请核减退款金额后重新提交，或报业务主管核实"
    return Reason("BALANCE_TOO_SMALL", message)


def more_than_booked(account_no: str, month: Month, asked: Money, booked: Money) -> Reason:
    message = f"账户{account_no}{month.text}在该清册已记账{booked.text}元，要求冲减{asked.text}元，超过已记账金额，请核对后重新提交"
    return Reason("MORE_THAN_BOOKED", message)


def no_such_member(account_no: str) -> Reason:
    return Reason("MEMBER_ACCOUNT_NOT_FOUND", f"本中心没有个人账户{account_no}，请核对个人账号后重新提交")


def member_not_normal(account_no: str, state: str) -> Reason:
    return Reason("MEMBER_NOT_NORMAL", f"个人账户{account_no}当前为{state}，不能办理此业务，请先恢复为正常状态")
