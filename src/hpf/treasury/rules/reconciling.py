"""银行对账: the bank's statement against our cash book, item by item, and the balances through what is outstanding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hpf.kernel.decision import cites
from hpf.kernel.money import Money


class Kind(StrEnum):
    """未达账项 and what must not be."""

    BANK_IN_ONLY = "BANK_IN_ONLY"
    BANK_OUT_ONLY = "BANK_OUT_ONLY"
    BOOK_IN_ONLY = "BOOK_IN_ONLY"
    BOOK_OUT_ONLY = "BOOK_OUT_ONLY"
    AMOUNT_DIFFERS = "AMOUNT_DIFFERS"


KIND_LABELS = {
    Kind.BANK_IN_ONLY: "银行已收、账上未收",
    Kind.BANK_OUT_ONLY: "银行已付、账上未付",
    Kind.BOOK_IN_ONLY: "账上已收、银行未收",
    Kind.BOOK_OUT_ONLY: "账上已付、银行未付",
    Kind.AMOUNT_DIFFERS: "同一流水金额不一致",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One movement as one side has it. `amount` is positive when money comes in."""

    item_id: int
    reference: str
    amount: Money
    on: date
    words: str


@dataclass(frozen=True, slots=True)
class DifferenceFound:
    kind: Kind
    reference: str
    amount: Money
    on: date
    line_id: int | None
    entry_id: int | None
    message: str


@cites("财会字〔1999〕33号/总说明", "银行结算接口标准/交易明细")
def compare(lines: Iterable[Item], entries: Iterable[Item]) -> list[DifferenceFound]:
    """Every movement that only one side has, or that the sides have with different amounts."""
    bank: dict[str, list[Item]] = defaultdict(list)
    for line in lines:
        bank[line.reference].append(line)
    differences = []
    for entry in entries:
        there = bank.pop(entry.reference, [])
        if not there:
            kind = Kind.BOOK_IN_ONLY if entry.amount.fen > 0 else Kind.BOOK_OUT_ONLY
            differences.append(_one(kind, entry, entry_id=entry.item_id))
        for line in there:
            if line.amount != entry.amount:
                words = f"流水{entry.reference}：银行{line.amount.text}元，账上{entry.amount.text}元，差{(line.amount - entry.amount).text}元，请向银行查证"
                differences.append(
                    DifferenceFound(
                        Kind.AMOUNT_DIFFERS, entry.reference, line.amount - entry.amount, line.on, line.item_id, entry.item_id, words
                    )
                )
    for left in bank.values():
        for line in left:
            kind = Kind.BANK_IN_ONLY if line.amount.fen > 0 else Kind.BANK_OUT_ONLY
            differences.append(_one(kind, line, line_id=line.item_id))
    return sorted(differences, key=lambda d: (d.on, d.reference, d.kind))


def unexplained(bank: Money, book: Money, differences: Iterable[DifferenceFound]) -> Money:
    """余额调节: what remains between the two balances once every outstanding item is taken into account; zero when they agree."""
    adjusted_bank, adjusted_book = bank, book
    for difference in differences:
        if difference.entry_id is not None and difference.line_id is None:
            adjusted_bank += difference.amount
        else:
            adjusted_book += difference.amount
    return adjusted_bank - adjusted_book


def _one(kind: Kind, item: Item, *, line_id: int | None = None, entry_id: int | None = None) -> DifferenceFound:
    todo = {
        Kind.BANK_IN_ONLY: "请查明款项性质后入账",
        Kind.BANK_OUT_ONLY: "请向银行索取凭证，核实后入账",
        Kind.BOOK_IN_ONLY: "请向银行查证款项是否到账",
        Kind.BOOK_OUT_ONLY: "请向银行查证款项是否付出",
    }[kind]
    words = f"{KIND_LABELS[kind]}：流水{item.reference}，{item.on}，{Money(abs(item.amount.fen)).text}元（{item.words}），{todo}"
    return DifferenceFound(kind, item.reference, item.amount, item.on, line_id, entry_id, words)
