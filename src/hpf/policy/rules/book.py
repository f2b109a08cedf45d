"""政策参数: the values in force in one centre on one day, each with its article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import Self

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate


class Unit(StrEnum):
    """What a value is counted in. A parameter keeps its value as the text of the document."""

    YUAN = "YUAN"
    FEN = "FEN"
    PERCENT = "PERCENT"
    DAYS = "DAYS"
    WORKDAYS = "WORKDAYS"
    MONTHS = "MONTHS"
    YEARS = "YEARS"
    COUNT = "COUNT"
    TEXT = "TEXT"
    FLAG = "FLAG"
    MONTH = "MONTH"
    DATE = "DATE"

    @property
    def text(self) -> str:
        return _UNIT_TEXT[self]


_UNIT_TEXT = {
    Unit.YUAN: "元",
    Unit.FEN: "分",
    Unit.PERCENT: "%",
    Unit.DAYS: "日",
    Unit.WORKDAYS: "个工作日",
    Unit.MONTHS: "个月",
    Unit.YEARS: "年",
    Unit.COUNT: "",
    Unit.TEXT: "",
    Unit.FLAG: "",
    Unit.MONTH: "",
    Unit.DATE: "",
}

_WHOLE = frozenset({Unit.FEN, Unit.DAYS, Unit.WORKDAYS, Unit.MONTHS, Unit.YEARS, Unit.COUNT})


class Confidence(StrEnum):
    """How far a value or a restated article may be trusted. Shown wherever the value is shown."""

    VERIFIED = "VERIFIED"
    SECONDARY = "SECONDARY"
    RECALLED = "RECALLED"
    DESIGNED = "DESIGNED"
    DEMO = "DEMO"

    @property
    def text(self) -> str:
        return _CONFIDENCE_TEXT[self]


_CONFIDENCE_TEXT = {
    Confidence.VERIFIED: "已核对原文",
    Confidence.SECONDARY: "据转载资料",
    Confidence.RECALLED: "待核对原文",
    Confidence.DESIGNED: "系统设定",
    Confidence.DEMO: "演示值",
}


class Scope(IntEnum):
    """Whose rule a value is. A centre has its own number from 1; the wider scopes stand below."""

    NATION = 0
    PROVINCE = -1


class MissingParameter(LookupError):
    """No document gives this value for the centre on the day. Never replaced by a default.

    People read the parameter's name; `key` is for the program. A key that no file knows is named as it was asked.
    """

    def __init__(self, key: str, label: str, centre: int, on: date, district: str | None = None) -> None:
        where = "本中心" + (f"（区县{district}）" if district else "")
        super().__init__(f"{where}在{on.isoformat()}没有政策参数“{label}”，请先录入有文号依据的参数值")
        self.key, self.label, self.centre, self.on, self.district = key, label, centre, on, district


class WrongUnit(TypeError):
    """The program asked a parameter for another kind of value than the document gives."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated value. In force on days `[since, until)`; `centre` is a centre's id or a `Scope`."""

    key: str
    value: str
    unit: Unit
    since: date
    until: date | None
    citation: str
    confidence: Confidence
    centre: int = Scope.NATION
    district: str | None = None
    label: str = ""
    note: str = ""
    pack: str = "law"

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    @property
    def text(self) -> str:
        """The value for people: "30,090.75元", "5.00%", "5日", "是"."""
        match self.unit:
            case Unit.YUAN:
                return Money.yuan(self.value).text + "元"
            case Unit.PERCENT:
                return Rate.of(self.value).text
            case Unit.FLAG:
                return "是" if self.value == "true" else "否"
            case Unit.MONTH:
                return Month.parse(self.value).text
        return self.value + self.unit.text


@dataclass(frozen=True)
class PolicyBook:
    """Every value in force in one centre on one day.

    The nearest scope wins: district, centre, province, nation. `digest` names the content, so that a stored
    decision can say by which book it was made.
    """

    centre: int
    on: date
    entries: dict[tuple[str, str | None], Parameter] = field(repr=False)
    digest: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, parameters: Iterable[Parameter], centre: int, on: date, labels: Mapping[str, str] | None = None) -> Self:
        """`labels`: the names of all parameters there are, so that one without a value can be named too."""
        chosen: dict[tuple[str, str | None], Parameter] = {}
        for parameter in parameters:
            if parameter.centre not in (centre, Scope.PROVINCE, Scope.NATION) or not parameter.holds_on(on):
                continue
            place = (parameter.key, parameter.district)
            if place not in chosen or _nearness(parameter) > _nearness(chosen[place]):
                chosen[place] = parameter
        return cls(centre, on, chosen, _digest(centre, chosen.values()), labels or {})

    def parameter(self, key: str, district: str | None = None) -> Parameter:
        """The value with its period and citation. Without an own value a district has its centre's."""
        found = self.entries.get((key, district)) if district else None
        found = found or self.entries.get((key, None))
        if found is None:
            raise MissingParameter(key, self.label(key), self.centre, self.on, district)
        return found

    def label(self, key: str) -> str:
        """What people call it: "缴存基数下限". The key itself where no file names it."""
        return self.labels.get(key, key)

    def unset(self) -> list[tuple[str, str]]:
        """(key, name) of what neither the centre nor anybody above it has given a value for on this day, by key."""
        known = {key for key, _ in self.entries}
        return sorted((key, name) for key, name in self.labels.items() if key not in known)

    def knows(self, key: str, district: str | None = None) -> bool:
        return (district is not None and (key, district) in self.entries) or (key, None) in self.entries

    def money(self, key: str, district: str | None = None) -> Money:
        return Money.yuan(self._value(key, district, {Unit.YUAN}))

    def rate(self, key: str, district: str | None = None) -> Rate:
        return Rate.of(self._value(key, district, {Unit.PERCENT}))

    def whole(self, key: str, district: str | None = None) -> int:
        return int(self._value(key, district, _WHOLE))

    def text(self, key: str, district: str | None = None) -> str:
        return self._value(key, district, {Unit.TEXT})

    def flag(self, key: str, district: str | None = None) -> bool:
        return self._value(key, district, {Unit.FLAG}) == "true"

    def month(self, key: str, district: str | None = None) -> Month:
        return Month.parse(self._value(key, district, {Unit.MONTH}))

    def day(self, key: str, district: str | None = None) -> date:
        return date.fromisoformat(self._value(key, district, {Unit.DATE}))

    def districts(self, key: str) -> tuple[str, ...]:
        """The districts with an own value of this key."""
        return tuple(sorted(district for name, district in self.entries if name == key and district))

    def parameters(self) -> list[Parameter]:
        """All values of the book, by key and district."""
        return sorted(self.entries.values(), key=lambda each: (each.key, each.district or ""))

    def _value(self, key: str, district: str | None, units: Iterable[Unit]) -> str:
        found = self.parameter(key, district)
        if found.unit not in units:
            raise WrongUnit(f"{key} is counted in {found.unit}, not in {'/'.join(sorted(units))}")
        return found.value


def _nearness(parameter: Parameter) -> int:
    match parameter.centre:
        case Scope.NATION:
            return 0
        case Scope.PROVINCE:
            return 1
    return 2


def _digest(centre: int, parameters: Iterable[Parameter]) -> str:
    lines = sorted(
        "\t".join((each.key, each.district or "", each.value, each.unit, each.since.isoformat(), each.citation)) for each in parameters
    )
    return hashlib.sha256("\n".join([str(centre), *lines]).encode()).hexdigest()
