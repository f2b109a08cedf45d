"""款项与清册: which money pays for a list, what is left over, and when it must wait. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hpf.contributions.rules import refusals
from hpf.kernel.decision import Decision, cites
from hpf.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Split:
    """Where the money of one booking comes from and where the rest goes."""

    from_receipts: Money
    from_prepaid: Money
    overpaid: Money


@cites("财会字〔1999〕33号/总说明")
def decide_money(total: Money, receipts: Sequence[Money], prepaid: Money, *, use_prepaid: bool) -> Decision[Split]:
    """List and money must be equal before anything is booked.

    Receipts are used whole: what they bring beyond the list becomes the unit's prepaid money (单位预缴), never a
    member's. Prepaid money is touched only when the unit or the clerk said so, and only for what receipts lack.

    Refuses  MONEY_SHORT: the list waits, nothing is booked in part
    Example  list 232.00, receipt 232.01  ->  232.01 from the receipt, 0.01 to prepaid
    """
    received = Money.total(receipts)
    if received >= total:
        return Decision.approved(Split(received, ZERO, received - total))
    usable = prepaid if use_prepaid else ZERO
    if received + usable < total:
        return Decision.refused([refusals.money_short(total, received, usable)])
    return Decision.approved(Split(received, total - received, ZERO))
