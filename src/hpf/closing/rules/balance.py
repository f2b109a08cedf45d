"""三账平衡: what a check found, where it differs, and the sentence that says so."""

from __future__ import annotations

from dataclasses import dataclass

from hpf.kernel.money import Money

PLACES_SHOWN = 20
"""A red check names the places that differ, the largest first; beyond this many it says how many more."""

DAY_STAYS_OPEN = frozenset({"BAL-1", "BAL-2", "BAL-3", "BAL-4", "BAL-5", "BAL-6", "BAL-7", "BAL-10", "BAL-11", "BAL-12", "BAL-13"})
"""The checks without which a day may not close."""

PLACE_LABELS = {
    "ACCOUNT": "分户",
    "MEMBER_ACCOUNT": "个人账户",
    "EMPLOYER_ACCOUNT": "单位账户",
    "BANK_ACCOUNT": "银行账户",
    "SUBJECT": "科目",
    "KIND": "业务种类",
    "JOURNAL": "分录",
    "REMITTANCE": "汇缴书",
    "VOUCHER": "凭证",
    "CENTRE": "中心",
    "YEAR": "结息年度",
    "SEAL": "封存批次",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One row behind a difference: what kind of thing, which one, and the two figures that should be one."""

    kind: str
    reference: str
    left: Money
    right: Money

    @property
    def difference(self) -> Money:
        return self.left - self.right

    @property
    def text(self) -> str:
        label = PLACE_LABELS.get(self.kind, self.kind)
        return f"{label}{self.reference}：{self.left.text}元与{self.right.text}元，相差{self.difference.text}元"


@dataclass(frozen=True, slots=True)
class BalanceCheck:
    """One of the balances of a centre on a day. `left` and `right` must be equal to the fen."""

    check_id: str
    title: str
    left: Money
    right: Money
    where: tuple[Place, ...] = ()

    @property
    def difference(self) -> Money:
        return self.left - self.right

    @property
    def ok(self) -> bool:
        return self.left == self.right and not self.where

    @property
    def text(self) -> str:
        """What the check found, for people: what, why with the figures, what now."""
        if self.ok:
            return f"{self.check_id} {self.title}：相符，{self.left.text}元"
        shown = "；".join(place.text for place in self.where[:PLACES_SHOWN])
        more = f"；另有{len(self.where) - PLACES_SHOWN}处" if len(self.where) > PLACES_SHOWN else ""
        return (
            f"{self.check_id} {self.title}：{self.left.text}元与{self.right.text}元，相差{self.difference.text}元"
            + (f"，差在：{shown}{more}" if shown else "")
            + "。本日不得结账，请查明并以冲正或调账分录更正后再次日终"
        )


def red(checks: list[BalanceCheck]) -> tuple[BalanceCheck, ...]:
    """The checks that keep the day open."""
    return tuple(check for check in checks if not check.ok and check.check_id in DAY_STAYS_OPEN)
