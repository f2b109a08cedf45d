"""认款: which expectation a receipt belongs to, and why, or why not.

Order of evidence: the reference in the payer's summary; the paying account with the exact amount; the payer's name with the
exact amount. Two equally good candidates are no answer: a person decides. Money that matches nobody stays in 219.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import ZERO, Money

LAW = ("财会字〔2000〕12号/暂收",)


class Ground(StrEnum):
    """What the match rests on."""

    REFERENCE = "REFERENCE"
    ACCOUNT_AND_AMOUNT = "ACCOUNT_AND_AMOUNT"
    NAME_AND_AMOUNT = "NAME_AND_AMOUNT"
    CLERK = "CLERK"


GROUND_LABELS = {
    Ground.REFERENCE: "附言编号相符",
    Ground.ACCOUNT_AND_AMOUNT: "付款账号与金额相符",
    Ground.NAME_AND_AMOUNT: "付款户名与金额相符",
    Ground.CLERK: "人工认领",
}


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    receipt_id: int
    amount: Money
    payer_account: str
    payer_name: str
    summary: str
    received_on: date


@dataclass(frozen=True, slots=True)
class ExpectationFacts:
    """An expected sum; `outstanding` is what has not come yet."""

    expectation_id: int
    reference: str
    expected: Money
    outstanding: Money
    payer_name: str
    payer_account: str


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one receipt: `expectation_id` None means it stays in suspense; the reasons say why either way.

    `difference` is what came beyond (positive) or below (negative) what was outstanding.
    """

    receipt_id: int
    expectation_id: int | None
    ground: Ground | None
    difference: Money
    reasons: tuple[Reason, ...]


def normalise(text: str) -> str:
    """Full-width to half-width, capitals, no spaces: what payers type is compared in this form."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def references_in(summary: str) -> list[str]:
    """Everything in a summary that could be one of our numbers: runs of letters and digits, hyphens dropped."""
    spaced = unicodedata.normalize("NFKC", summary).upper()
    found: dict[str, None] = {}
    for text in (spaced, normalise(summary)):
        for run in re.findall(r"[A-Z0-9][A-Z0-9-]{5,}", text):
            found[run.replace("-", "")] = None
    return list(found)


@cites("财会字〔2000〕12号/暂收", "银行结算接口标准/到账通知")
def match_all(receipts: Iterable[ReceiptFacts], expectations: Iterable[ExpectationFacts]) -> list[Match]:
    """Match many receipts with many expectations: first those that name a reference, then the others, oldest first.

    A receipt that meets part of an expectation lowers what is outstanding for the next one. A receipt for an
    expectation already met stays in suspense: money paid twice is not taken twice.
    """
    table = _Table(expectations)
    in_order = sorted(receipts, key=lambda receipt: (not table.named(receipt), receipt.received_on, receipt.receipt_id))
    return [table.match(receipt) for receipt in in_order]


class _Table:
    def __init__(self, expectations: Iterable[ExpectationFacts]) -> None:
        self.by_id = {expected.expectation_id: expected for expected in expectations}
        self.outstanding = {key: expected.outstanding for key, expected in self.by_id.items()}
        self.by_reference = {normalise(e.reference).replace("-", ""): e for e in self.by_id.values()}
        self.by_account: dict[str, list[ExpectationFacts]] = defaultdict(list)
        self.by_name: dict[str, list[ExpectationFacts]] = defaultdict(list)
        for expected in self.by_id.values():
            if expected.payer_account:
                self.by_account[normalise(expected.payer_account)].append(expected)
            if expected.payer_name:
                self.by_name[normalise(expected.payer_name)].append(expected)

    def named(self, receipt: ReceiptFacts) -> list[ExpectationFacts]:
        return [self.by_reference[text] for text in references_in(receipt.summary) if text in self.by_reference]

    def match(self, receipt: ReceiptFacts) -> Match:
        if named := self.named(receipt):
            return self._by_reference(receipt, named)
        own_account = self.by_account.get(normalise(receipt.payer_account), []) if receipt.payer_account else []
        own_name = self.by_name.get(normalise(receipt.payer_name), []) if receipt.payer_name else []
        for ground, candidates in ((Ground.ACCOUNT_AND_AMOUNT, own_account), (Ground.NAME_AND_AMOUNT, own_name)):
            exact = [c for c in candidates if self.outstanding[c.expectation_id] == receipt.amount]
            if len(exact) == 1:
                return self._take(receipt, exact[0], ground)
            if exact:
                numbers = "、".join(sorted(c.reference for c in exact)[:3])
                return _unmatched(
                    receipt,
                    "AMBIGUOUS",
                    f"付款方有{len(exact)}笔同额待到账（{numbers}），金额均为{receipt.amount.text}元，无法判定，请人工认领",
                )
        return self._nobody(receipt, own_account or own_name)

    def _by_reference(self, receipt: ReceiptFacts, named: list[ExpectationFacts]) -> Match:
        distinct = {expected.expectation_id: expected for expected in named}
        if len(distinct) > 1:
            numbers = "、".join(sorted(expected.reference for expected in distinct.values())[:3])
            return _unmatched(receipt, "SEVERAL_REFERENCES", f"附言同时写有{numbers}，无法判定归属，请人工认领")
        expected = named[0]
        if self.outstanding[expected.expectation_id].fen <= 0:
            return _unmatched(
                receipt,
                "ALREADY_MET",
                f"{expected.reference}应收{expected.expected.text}元已经到齐，本笔{receipt.amount.text}元"
                "可能是重复付款，请核实后退款或转预缴",
            )
        return self._take(receipt, expected, Ground.REFERENCE)

    def _take(self, receipt: ReceiptFacts, expected: ExpectationFacts, ground: Ground) -> Match:
        outstanding = self.outstanding[expected.expectation_id]
        difference = receipt.amount - outstanding
        self.outstanding[expected.expectation_id] = Money(max(0, -difference.fen))
        reason = Reason("MATCHED", f"{GROUND_LABELS[ground]}：{expected.reference}，{receipt.amount.text}元", LAW)
        if difference.fen < 0:
            reason = Reason(
                "SHORT",
                f"{expected.reference}应收{outstanding.text}元，实到{receipt.amount.text}元，少{(-difference).text}元，请通知付款方补足",
                LAW,
            )
        elif difference.fen > 0:
            reason = Reason(
                "LONG",
                f"{expected.reference}应收{outstanding.text}元，实到{receipt.amount.text}元，多{difference.text}元，"
                "请核实后将多出部分退款或转预缴",
                LAW,
            )
        return Match(receipt.receipt_id, expected.expectation_id, ground, difference, (reason,))

    def _nobody(self, receipt: ReceiptFacts, own: list[ExpectationFacts]) -> Match:
        waiting = [c for c in own if self.outstanding[c.expectation_id].fen > 0]
        if not waiting:
            said = f"附言“{receipt.summary}”中没有可识别的编号" if receipt.summary else "也没有附言"
            return _unmatched(
                receipt,
                "STRANGER",
                f"付款方“{receipt.payer_name or '未注明'}”没有待到账款项，{said}，请查明来源后认领或退款",
            )
        nearest = min(waiting, key=lambda c: abs(self.outstanding[c.expectation_id].fen - receipt.amount.fen))
        short = self.outstanding[nearest.expectation_id] - receipt.amount
        word = f"少{short.text}元" if short.fen > 0 else f"多{(-short).text}元"
        return _unmatched(
            receipt,
            "AMOUNT_DIFFERS",
            f"付款方“{receipt.payer_name}”待到账{nearest.reference}为"
            f"{self.outstanding[nearest.expectation_id].text}元，实到{receipt.amount.text}元，{word}，附言未写编号，请人工认领",
        )


def _unmatched(receipt: ReceiptFacts, code: str, message: str) -> Match:
    return Match(receipt.receipt_id, None, None, ZERO, (Reason(code, message, LAW),))
