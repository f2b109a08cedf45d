"""期初移交: the balances that members bring along from the predecessor's books, on the day a centre begins.

The money comes through the bank like any other: the predecessor pays it in, it waits in suspense, and this command
gives it to the members. So the books agree with the bank from the first day on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hpf.accounts import queries as accounts
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.treasury import services as treasury

_LAW = ("条例/13",)


@dataclass(frozen=True, slots=True)
class BroughtAlong:
    """One member's balance in the predecessor's books, in both buckets."""

    account_no: str
    carried: Money
    current: Money = ZERO

    @property
    def total(self) -> Money:
        return self.carried + self.current


@dataclass(frozen=True, slots=True)
class TakenOver:
    journal_id: int
    accounts: int
    total: Money


@command("closing.take_over")
def take_over_balances(
    *,
    by: Actor,
    centre_id: int,
    document_no: str,
    receipt_no: str,
    lines: Sequence[BroughtAlong],
    business_on: date,
    at: datetime,
    key: str,
) -> Decision[TakenOver]:
    """期初移交入账: all balances of a hand-over list, by one journal (J7 转入), or none.

    Locks    the receipt; then the ledger rows of the list's accounts, in id order, once
    Writes   one journal OPENING, the receipt's use
    Refuses  a list whose sum is not the money that came, a doubled or unknown account, an amount of nothing
    Again    the first answer; another list for the same receipt finds nothing left on it
    """
    reasons = _check_lines(centre_id, lines)
    if reasons:
        return Decision.refused(reasons)
    used = treasury.use_receipt(centre_id, receipt_no, by_kind="TAKE_OVER", by_no=document_no)
    if used.value is None:
        return Decision.refused(used.reasons)
    total = Money.total(line.total for line in lines)
    if total != used.value.remaining:
        raise HandOverDiffers(receipt_no, total, used.value.remaining)
    members = accounts.member_accounts_by_no(centre_id, [line.account_no for line in lines])
    legs = [Leg(used.value.ledger_account_id, total.fen)]
    legs += [Leg(members[line.account_no].ledger_account_id, -line.total.fen, -line.carried.fen) for line in lines]
    draft = Draft(
        centre_id=centre_id, kind="OPENING", template="J7", business_on=business_on, value_on=business_on,
        source_kind="TAKE_OVER", source_no=document_no, summary=f"期初移交{len(lines)}户", maker=by.user_id,
    )  # fmt: skip
    return Decision.approved(TakenOver(ledger.post(draft, legs, f"{key}:opening"), len(lines), total))


class HandOverDiffers(Exception):
    """The list and the money differ: nothing is taken over, the receipt stays as it was."""

    def __init__(self, receipt_no: str, listed: Money, arrived: Money) -> None:
        super().__init__(f"移交清册合计{listed.text}元，收款单{receipt_no}到账{arrived.text}元，不相等，请核对后重新移交")


def _check_lines(centre_id: int, lines: Sequence[BroughtAlong]) -> list[Reason]:
    numbers = [line.account_no for line in lines]
    known = accounts.member_accounts_by_no(centre_id, numbers)
    reasons = [
        Reason("NO_SUCH_ACCOUNT", f"移交清册中的个人账号{number}不在本中心，请先开户", _LAW) for number in numbers if number not in known
    ]
    if len(set(numbers)) != len(numbers):
        doubled = next(number for number in numbers if numbers.count(number) > 1)
        reasons.append(Reason("DOUBLED_IN_LIST", f"移交清册中个人账号{doubled}出现两次，请核对", _LAW))
    if any(line.total.fen <= 0 or line.carried.fen < 0 or line.current.fen < 0 for line in lines):
        reasons.append(Reason("AMOUNT_WRONG", "移交清册中有余额为零或为负的账户，请核对后重新移交", _LAW))
    if not lines:
        reasons.append(Reason("NO_LINES", "移交清册中没有账户，请核对后重新移交", _LAW))
    return reasons
