"""What a chart's script reads: labels, exact values, a description for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hpf.kernel.money import Money, round_half_up


def chart(kind: str, unit: str, description: str, labels: Iterable[str], series: Iterable[tuple[str, list[Any]]]) -> dict[str, Any]:
    return {
        "kind": kind,
        "unit": unit,
        "description": description,
        "labels": list(labels),
        "series": [{"name": n, "data": d} for n, d in series],
    }


def drawn(value: int, unit: str) -> str:
    """A value as the chart's script reads it: exact text, money in 10,000 yuan with two decimals."""
    return str(Money(round_half_up(value, 10_000))) if unit == "万元" else str(value)
