"""缴存分录: which accounts a paid list debits and credits (J1, J2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hpf.kernel.decision import cites
from hpf.kernel.money import ZERO, Money
from hpf.ledger.rules import Leg


class BookableLine(Protocol):
    """A person's line, as checked or as stored."""

    @property
    def ledger_account_id(self) -> int: ...
    @property
    def total_fen(self) -> int: ...


@cites("财会字〔1999〕33号/归集", "财会字〔2000〕12号/暂收")
def postings_for_remittance(
    lines: Sequence[BookableLine],
    receipt_account_id: int | None,
    prepaid_account_id: int | None,
    from_prepaid: Money = ZERO,
    overpaid: Money = ZERO,
) -> list[Leg]:
    """暂收款、单位预缴 to each member's account; what is left over to 单位预缴. One leg for each person.

    Contributions are 当年归集 (no carried part). Several months of one person are one leg.

    Refuses  money from, or to, an account that is not named (ValueError)
    """
    by_account: dict[int, int] = {}
    for line in lines:
        by_account[line.ledger_account_id] = by_account.get(line.ledger_account_id, 0) + line.total_fen
    from_receipt = sum(by_account.values()) + overpaid.fen - from_prepaid.fen
    legs = [Leg(_named(receipt_account_id, "receipt"), from_receipt)] if from_receipt else []
    prepaid = from_prepaid.fen - overpaid.fen
    if prepaid:
        legs.append(Leg(_named(prepaid_account_id, "prepaid"), prepaid))
    legs += [Leg(account_id, -fen, 0) for account_id, fen in by_account.items() if fen]
    return legs


def _named(account_id: int | None, what: str) -> int:
    if account_id is None:
        raise ValueError(f"the list takes {what} money, and no {what} account is named")
    return account_id
