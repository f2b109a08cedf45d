"""专户动账: what one movement on our bank account is, as far as the bank's own words tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hpf.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a statement or one notice. `amount` is positive when money came in; `seq_no` names our own instruction."""

    bank_reference: str
    bank_on: date
    amount: Money
    counter_account: str = ""
    counter_name: str = ""
    summary: str = ""
    kind: str = ""
    seq_no: str = ""


class Sort(StrEnum):
    RECEIPT = "RECEIPT"
    INTEREST = "INTEREST"
    RETURN = "RETURN"
    OWN_TRANSFER = "OWN_TRANSFER"
    OUT = "OUT"


def sort_of(movement: Movement, own_accounts: frozenset[str]) -> Sort:
    """Money in is a receipt unless the bank says interest or a returned payment, or it comes from our own account.

    Money out is never booked from a statement alone: a payment is booked by its result, a fee by a clerk.
    """
    if movement.amount.fen < 0:
        return Sort.OUT
    if movement.counter_account and movement.counter_account in own_accounts:
        return Sort.OWN_TRANSFER
    if movement.kind == "INTEREST":
        return Sort.INTEREST
    if movement.kind == "RETURN" and movement.seq_no:
        return Sort.RETURN
    return Sort.RECEIPT


def once_each(movements: Iterable[Movement]) -> list[Movement]:
    """A statement may say the same thing twice; each bank reference counts once, as first said."""
    first: dict[str, Movement] = {}
    for movement in movements:
        first.setdefault(movement.bank_reference, movement)
    return list(first.values())
