"""指标与口径: which figures exist, how each is put together from counted measures, and what waits for its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from hpf.kernel.money import round_half_up


class Scope(StrEnum):
    """How an indicator reads its measure."""

    FLOW = "FLOW"
    STOCK = "STOCK"
    TO_DATE = "TO_DATE"
    DISTINCT = "DISTINCT"
    RATIO = "RATIO"

    @property
    def label(self) -> str:
        return {"FLOW": "本期", "STOCK": "期末", "TO_DATE": "累计", "DISTINCT": "本期", "RATIO": "比率"}[self]


ADDITIVE = frozenset({Scope.FLOW, Scope.STOCK, Scope.TO_DATE})
"""Read from the movements of days; the others are counted at month ends."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of the supervisor's indicators. `measure` None: nothing feeds it yet, and `waits_for` says what would."""

    code: str
    name: str
    group: str
    unit: str
    period: str
    dimension: str | None
    scope: Scope
    measure: str | None
    definition: str
    waits_for: str | None = None

    @property
    def is_money(self) -> bool:
        return self.unit == "元"


def read_indicators(path: Path) -> tuple[Indicator, ...]:
    """The indicators of a law file, in its order. Raises ValueError for a doubled code or one that neither counts nor waits."""
    rows: Iterable[Mapping[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["indicators"]
    indicators = tuple(
        Indicator(
            str(row["code"]), row["name"], row["group"], row["unit"], row["period"], row["dimension"], Scope(row["scope"]),
            row["measure"], row["definition"], row.get("waits_for"),
        )
        for row in rows
    )  # fmt: skip
    codes = [indicator.code for indicator in indicators]
    doubled = sorted({code for code in codes if codes.count(code) > 1})
    if doubled:
        raise ValueError(f"indicators given twice: {', '.join(doubled)}")
    silent = [i.code for i in indicators if (i.measure is None) == (i.waits_for is None)]
    if silent:
        raise ValueError(f"indicators must have a measure or say what they wait for: {', '.join(silent)}")
    return indicators


@dataclass(frozen=True, slots=True)
class Ratio:
    """A fraction kept whole: nothing is divided before it is shown, so no precision is lost on the way."""

    numerator: int
    denominator: int

    @property
    def text(self) -> str | None:
        """Per cent with two decimals, half up; None when there is nothing to divide by."""
        if self.denominator == 0:
            return None
        hundredths = round_half_up(self.numerator * 10_000, self.denominator)
        sign, whole = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
        return f"{sign}{whole // 100}.{whole % 100:02d}%"


def ratio_of(code: str, figures: Mapping[str, int]) -> Ratio | None:
    """The ratio indicators of a year (缴存率, 增长率, 提取占比) or of a month end (使用率), from named figures.

    Figures  contributed, amount_due, contributed_last_year, withdrawn, contributed_to_date, withdrawn_to_date, loans
    Example  contributed 110, last year 100  ->  020301 归集增长率 10/100
    """
    get = figures.get
    match code:
        case "0301020101":
            return Ratio(get("contributed", 0), get("amount_due", 0))
        case "0301020301":
            last = get("contributed_last_year", 0)
            return Ratio(get("contributed", 0) - last, last)
        case "0301020401":
            return Ratio(get("withdrawn", 0), get("contributed", 0))
        case "0301020501":
            return Ratio(get("withdrawn_to_date", 0) + get("loans", 0), get("contributed_to_date", 0))
    return None
