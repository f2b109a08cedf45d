"""账户信息: what the centre that is left says about the account, and whether the other one may believe it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.parties.rules import normalised_name

LAW = ("银行结算接口标准/账户信息",)


@dataclass(frozen=True, slots=True)
class Information:
    """One account that leaves a city. `amount` is what is paid: principal and the interest to the day of transfer.

    `six_months` the last six months were paid without a gap; `loans` loans from the fund, ever; `loans_ended` none of them
    is still owed; `fraud` a record of dishonesty, which goes with the account.
    """

    name: str
    id_kind: str
    id_number: str
    account_no: str
    principal: Money
    interest: Money
    amount: Money
    opened_on: date
    paid_through: Month | None
    six_months: bool
    loans: int
    loans_ended: bool
    fraud: bool


class NameMatch(StrEnum):
    SAME = "SAME"
    ONE_CHARACTER = "ONE_CHARACTER"
    DIFFERENT = "DIFFERENT"


def compare_names(ours: str, theirs: str) -> NameMatch:
    """Names in their normal form. One character replaced, missing or too many is a slip of the pen; more is another person."""
    a, b = normalised_name(ours), normalised_name(theirs)
    if a == b:
        return NameMatch.SAME
    return NameMatch.ONE_CHARACTER if a and b and _one_apart(a, b) else NameMatch.DIFFERENT


def _one_apart(a: str, b: str) -> bool:
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    shorter, longer = sorted((a, b), key=len)
    return len(longer) - len(shorter) == 1 and any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


@cites("银行结算接口标准/账户信息")
def check_information(said: Information, name: str, id_kind: str, id_number: str, on: date) -> list[Reason]:
    """What stands against taking the account over as described; empty when nothing does. Every doubt is negotiated (06).

    Refuses  amounts that do not add up or are nothing; another person; an account opened, or paid for, in days to come
    """
    reasons = []
    if said.principal + said.interest != said.amount:
        difference = said.amount - said.principal - said.interest
        reasons.append(Reason(
            "AMOUNTS_DISAGREE",
            f"转移金额{said.amount.text}元不等于本金{said.principal.text}元加利息{said.interest.text}元，相差{difference.text}元，请转出地中心更正",
            LAW,
        ))  # fmt: skip
    if said.principal.fen < 0 or said.interest.fen < 0 or said.amount.fen <= 0:
        reasons.append(Reason("NOTHING_TO_TRANSFER", f"转移金额{said.amount.text}元不大于零，请转出地中心核对账户余额", LAW))
    if (said.id_kind, said.id_number) != (id_kind, id_number):
        reasons.append(Reason("IDENTITY_DIFFERS", "账户信息的证件类型或号码与联系函不同，请转出地中心核对后重新发送", LAW))
    match compare_names(name, said.name):
        case NameMatch.ONE_CHARACTER:
            reasons.append(Reason("NAME_SLIP", f"账户信息的姓名“{said.name}”与联系函“{name}”相差一字，请转出地中心核对姓名", LAW))
        case NameMatch.DIFFERENT:
            reasons.append(Reason("NAME_DIFFERS", f"账户信息的姓名“{said.name}”与联系函“{name}”不是同一人，请转出地中心核对", LAW))
        case _:
            pass
    if said.opened_on > on or (said.paid_through is not None and said.paid_through > Month.of(on)):
        reasons.append(Reason("DATES_IMPOSSIBLE", f"开户日{said.opened_on}或缴至年月晚于{on}，请转出地中心核对", LAW))
    return reasons
