"""一件申请: the facts, the day's policy, and what the checks found. Everything that is read is written down.

A check either refuses, refers, or says nothing. Asking for a fact that is unknown, out of date or in contradiction, or for
a parameter that no document gives, raises `Doubt`: the check ends and the doubt is named. Nothing is guessed.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from hpf.kernel.decision import Reason
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.policy.rules import MissingParameter, Parameter, PolicyBook

from .entitlement import Limit, LimitKind, UsedFact, UsedParameter
from .facts import Applicant, By, Facts, FactSheet, Known, Prior, Unknown, sheets
from .grounds import GROUNDS, Ground, GroundSheet

V = TypeVar("V")


class Doubt(Exception):
    """A check cannot go on. Carries the reason for which a person must look at the case."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is too short.

    Example  2026-08-31 + 6 -> 2027-02-28
    """
    month = Month.of(day) + months
    return date(month.year, month.month, min(day.day, monthrange(month.year, month.month)[1]))


def article_24(edition: str) -> str:
    """The citation of Article 24 of one edition."""
    return f"条例/24@{edition}"


@dataclass
class Case:
    """One application while it is examined."""

    ground: Ground
    applicant: Applicant
    facts: Facts
    book: PolicyBook
    on: date
    asked: Money | None = None
    is_agreed: bool = False
    refusals: list[Reason] = field(default_factory=list)
    doubts: list[Reason] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    parameters: dict[tuple[str, str | None], Parameter] = field(default_factory=dict)
    used: dict[str, UsedFact] = field(default_factory=dict)
    to_ask: dict[str, None] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)
    """What the rule of the ground sets for the entitlement beyond its amount: evidence, payee account, shares."""

    @property
    def sheet(self) -> GroundSheet:
        return GROUNDS[self.ground]

    @property
    def edition(self) -> str:
        return self.text("regulation.edition")

    @property
    def art24(self) -> str:
        """Article 24 of the edition in force on the day of acceptance."""
        return article_24(self.edition)

    # --- what the checks find ---

    def refuse(self, *reasons: Reason) -> None:
        self.refusals += reasons

    def refer(self, *reasons: Reason) -> None:
        self.doubts += reasons

    def limit(self, kind: LimitKind, label: str, amount: Money, *law: str) -> None:
        """An upper bound of the amount; below zero counts as zero."""
        self.limits.append(Limit(kind, label, max(amount, ZERO), law))

    def examine(self, checks: Iterable[Callable[[Case], None]]) -> None:
        """Run the checks in their written order; one that meets a doubt names it and the next one goes on."""
        for check in checks:
            try:
                check(self)
            except Doubt as doubt:
                if doubt.reason not in self.doubts:
                    self.doubts.append(doubt.reason)

    # --- facts ---

    def know(self, name: str, kind: type[V]) -> V | None:
        """The value of a fact; None when the answer is that there is no such thing. Raises Doubt when nobody can tell."""
        sheet, found = self._sheet(name), getattr(self.facts, name)
        if isinstance(found, Unknown):
            asked = f"（{found.source}）" if found.source else ""
            self.used[name] = UsedFact(name, sheet.label, "说法不一" if found.contradicts else "不明", found.source, found.at)
            if found.contradicts:
                message = f"“{sheet.label}”不能据以自动审批，已转人工核实，请说明情况或者更正：{found.reason.rstrip('。')}"
                raise Doubt(Reason("FACTS_CONTRADICT", message, self._art25()))
            self.to_ask[name] = None
            message = f"“{sheet.label}”{asked}不明：{found.reason}，不能自动审批，已转人工核实，请补充材料或者授权后重新查询"
            raise Doubt(Reason("FACT_UNKNOWN", message, self._art25()))
        assert isinstance(found, Known)
        self.used[name] = UsedFact(name, sheet.label, sheet.text(found.value), found.source, found.at)
        if found.differing:
            said = found.differing[0]
            message = (
                f"“{sheet.label}”说法不一：{found.source}为{sheet.text(found.value)}，{said.source}为{sheet.text(said.value)}，"
                "不能自动审批，已转人工核实，请说明情况或者更正"
            )
            raise Doubt(Reason("FACTS_CONTRADICT", message, self._art25()))
        if found.good_until is not None and found.good_until < self.on:
            self.to_ask[name] = None
            message = f"“{sheet.label}”的答复（{found.source}，{found.at}）有效到{found.good_until}，已过期，请重新查询后再审批"
            raise Doubt(Reason("ANSWER_EXPIRED", message, self._art25()))
        if found.at > self.on:
            message = f"“{sheet.label}”的答复日期{found.at}晚于受理日{self.on}，不能据以审批，请核对后重新查询"
            raise Doubt(Reason("ANSWER_FROM_LATER", message, self._art25()))
        if found.value is not None and not isinstance(found.value, kind):
            raise TypeError(f"{name} is {type(found.value).__name__}, not {kind.__name__}")
        return found.value

    def must(self, name: str, kind: type[V]) -> V:
        """The value of a fact that a decision needs; None is not good enough."""
        value = self.know(name, kind)
        if value is None:
            label = self._sheet(name).label
            message = f"查询结果没有“{label}”，不能自动审批，已转人工核实，请补充证明材料"
            raise Doubt(Reason("FACT_EMPTY", message, self._art25()))
        return value

    def flag(self, name: str) -> bool:
        return self.must(name, bool)

    def is_known(self, name: str) -> bool:
        return isinstance(getattr(self.facts, name), Known)

    def _sheet(self, name: str) -> FactSheet:
        return _sheets_by_name(type(self.facts))[name]

    def _art25(self) -> str:
        return f"条例/25@{self.book.text('regulation.edition')}" if self.book.knows("regulation.edition") else "条例/25@2019"

    # --- policy ---

    def knows(self, key: str) -> bool:
        return self.book.knows(key, self.applicant.district)

    def law(self, key: str) -> str:
        """The citation of a value in force."""
        return self._parameter(key).citation

    def money(self, key: str) -> Money:
        self._parameter(key)
        return self.book.money(key, self.applicant.district)

    def whole(self, key: str) -> int:
        self._parameter(key)
        return self.book.whole(key, self.applicant.district)

    def percent(self, key: str) -> Rate:
        self._parameter(key)
        return self.book.rate(key, self.applicant.district)

    def text(self, key: str) -> str:
        self._parameter(key)
        return self.book.text(key, self.applicant.district)

    def is_set(self, key: str) -> bool:
        """A flag of the policy; not set anywhere is no."""
        if not self.knows(key):
            return False
        self._parameter(key)
        return self.book.flag(key, self.applicant.district)

    def period(self, key: str) -> tuple[date, date | None]:
        """From when until when the value is in force."""
        found = self._parameter(key)
        return found.since, found.until

    def _parameter(self, key: str) -> Parameter:
        try:
            found = self.book.parameter(key, self.applicant.district)
        except MissingParameter:
            message = (
                f"本中心在{self.on}没有政策参数“{self.book.label(key)}”，不能自动审批，已转人工处理，请政策管理岗录入有文号依据的参数值"
            )
            raise Doubt(Reason("PARAMETER_MISSING", message)) from None
        self.parameters[key, found.district] = found
        return found

    # --- earlier withdrawals ---

    def priors(self, *grounds: Ground, by: Iterable[By] = (By.SELF,), since: date | None = None) -> list[Prior]:
        chosen = set(by)
        return [
            prior
            for prior in self.applicant.priors
            if prior.by in chosen and (not grounds or prior.ground in grounds) and (since is None or prior.on >= since)
        ]

    def parameters_used(self) -> tuple[UsedParameter, ...]:
        return tuple(
            UsedParameter(each.key, each.label, each.value, each.text, each.since, each.citation, each.confidence.value)
            for _, each in sorted(self.parameters.items(), key=lambda item: (item[0][0], item[0][1] or ""))
        )


_SHEETS: dict[type[Facts], dict[str, FactSheet]] = {}


def _sheets_by_name(kind: type[Facts]) -> dict[str, FactSheet]:
    if kind not in _SHEETS:
        _SHEETS[kind] = {sheet.name: sheet for sheet in sheets(kind)}
    return _SHEETS[kind]
