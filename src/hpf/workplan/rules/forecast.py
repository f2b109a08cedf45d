"""预测: where a monthly figure will be if the last months go on so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from hpf.kernel.period import Month

LOOK_BACK: Final = 6
"""How many of the last figures make the line."""


def forecast(months: Sequence[tuple[Month, Decimal]], at: Month) -> Decimal | None:
    """The straight line through the last six figures (least squares), at month `at`, never below zero. None with fewer than
    two figures; the last figure itself when `at` is not later.

    Example  0.60, 0.50, 0.40 in January to March  ->  0.10 in June
    """
    known = list(months)[-LOOK_BACK:]
    if len(known) < 2:
        return None
    if at <= known[-1][0]:
        return known[-1][1]
    points = [(Decimal(month.index), value) for month, value in known]
    count = len(points)
    mean_x, mean_y = _sum(x for x, _ in points) / count, _sum(y for _, y in points) / count
    slope = _sum((x - mean_x) * (y - mean_y) for x, y in points) / _sum((x - mean_x) * (x - mean_x) for x, _ in points)
    told = mean_y + slope * (Decimal(at.index) - mean_x)
    return max(told, Decimal()).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, Decimal())
