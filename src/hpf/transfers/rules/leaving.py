"""转出审核: whether an account may leave the city, and in which words the other centre is told when it may not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.transfers.rules.information import NameMatch, compare_names
from hpf.transfers.rules.states import State

LAW = ("建金〔2018〕46号/离职提取",)
FRAUD_FLAGS = frozenset({"FRAUD_WITHDRAWAL", "FRAUD_LOAN", "FRAUD_ELSEWHERE"})
LOAN_UNSETTLED, LOAN_SETTLED, LENT_ELSEWHERE = "LOAN_UNSETTLED", "LOAN_SETTLED", "LENT_ELSEWHERE"
"""标记: marks of a person that leave with the account, or keep it here."""


@dataclass(frozen=True, slots=True)
class Leaver:
    """What is known here about the account a letter asks for.

    `free` is what could be paid out now; less than `balance` when anything is held, for whatever cause. `state` is that of
    the account; `flags` the marks in force of its owner; `loans` how many loans of this fund there were; `leaving` another letter that is already under way.
    """

    name: str
    state: str
    balance: Money
    free: Money
    flags: frozenset[str]
    opened_on: date
    months_paid: tuple[Month, ...]
    loans: int = 0
    leaving: str = ""

    @property
    def paid_through(self) -> Month | None:
        return self.months_paid[-1] if self.months_paid else None

    @property
    def fraud(self) -> bool:
        return bool(self.flags & FRAUD_FLAGS)


@cites("建金〔2018〕46号/离职提取", "建金〔2015〕135号/异地贷款证明")
def check_leaving(leaver: Leaver | None, name: str) -> list[Reason]:
    """What keeps an account here, in the order in which it is looked at.

    Who leaves is sealed first. What is held stays, and nobody learns why: a court's order, a guarantee and a business under
    way are told in the same words. A loan from this fund is paid off first; an account marked for a loan of another city
    goes when the mark is lifted. Bans do not keep an account: they go with it.
    """
    if leaver is None:
        return [Reason("ACCOUNT_NOT_FOUND", "本中心没有与联系函姓名、证件和账号相符的个人账户，请转入地中心核对", LAW)]
    reasons = []
    match compare_names(leaver.name, name):
        case NameMatch.ONE_CHARACTER:
            reasons.append(Reason("LETTER_NAME_SLIP", f"联系函姓名“{name}”与账户姓名“{leaver.name}”相差一字，请转入地中心核对姓名", LAW))
        case NameMatch.DIFFERENT:
            return [Reason("ACCOUNT_NOT_FOUND", "本中心没有与联系函姓名、证件和账号相符的个人账户，请转入地中心核对", LAW)]
        case _:
            pass
    if leaver.leaving:
        reasons.append(Reason("ALREADY_LEAVING", f"该账户已由联系函{leaver.leaving}办理转出，不能重复办理", LAW))
    if leaver.state != "SEALED":
        reasons.append(Reason("NOT_SEALED", "账户尚未封存，请单位或本人先办理封存，封存后再发联系函", LAW))
    if LOAN_UNSETTLED in leaver.flags:
        reasons.append(Reason("LOAN_NOT_SETTLED", "本人在本中心有未结清的住房公积金贷款，请结清后再办理转出", LAW))
    if leaver.free != leaver.balance or LENT_ELSEWHERE in leaver.flags:
        reasons.append(Reason("LEAVING_TO_BE_CHECKED", "账户尚有未了事项，暂不能转出，了结后再办理", LAW))
    if not reasons and not leaver.balance:
        reasons.append(Reason("NOTHING_TO_TRANSFER_OUT", "账户余额为零，没有可转移的资金", LAW))
    return reasons


def answer_of(reasons: Iterable[Reason]) -> State:
    """Which answer these reasons are: a slip of the pen alone is negotiated, anything else is 转出审核不通过."""
    return State.NEGOTIATING if {reason.code for reason in reasons} == {"LETTER_NAME_SLIP"} else State.REFUSED


@cites("银行结算接口标准/账户信息")
def six_months_continuous(months_paid: Iterable[Month], sealed_on: date) -> bool:
    """SixMconFlag: the six months up to the last one that was due, the month of the sealing or the one before, are all paid."""
    paid = set(months_paid)
    last = Month.of(sealed_on)
    if last not in paid:
        last = last + -1
    return all(last + -back in paid for back in range(6))
