"""规模: how many units and members each centre has at a scale, and the pay level that meets the published mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from demo.province import published

AS_OF = date(2025, 8, 31)
"""The day on which the province is photographed; its life begins the day after."""

AGE_SPREAD = 0.10
"""Spread (log) that the age curve adds to pay inside a kind of unit."""


@dataclass(frozen=True, slots=True)
class CentrePlan:
    """Counts of one centre: units of each kind (in the order of `published.unit_kinds`), members of each kind."""

    figures: published.CentreFigures
    units: tuple[int, ...]
    members: tuple[int, ...]
    sealed: int


def shares_to_counts(weights: NDArray[np.float64], total: int, least: int | NDArray[np.int64] = 0) -> NDArray[np.int64]:
    """`total` split by weight into whole numbers, none below `least`; the largest remainders are rounded up."""
    floor = np.broadcast_to(np.asarray(least, dtype=np.int64), weights.shape)
    left = total - int(floor.sum())
    if left <= 0:
        return floor.copy()
    exact = weights / weights.sum() * left
    counts = np.floor(exact).astype(np.int64)
    counts[np.argsort(-(exact - counts), kind="stable")[: left - int(counts.sum())]] += 1
    return counts + floor


def plans(scale: float, least_units: int) -> tuple[CentrePlan, ...]:
    """The province at a scale. A centre too small to hold its share of every kind of unit still gets `least_units`,
    and the kinds take turns over the province so that none is missing."""
    figures, centres, kinds = published.figures(), published.centres(), published.unit_kinds()
    least = np.array([least_units + {1: 2, 16: 1}.get(c.centre_id, 0) for c in centres])
    members = shares_to_counts(np.array([c.member_weight for c in centres]), round(figures.contributing_members * scale), least_units * 4)
    units = shares_to_counts(np.array([c.unit_weight for c in centres]), round(figures.contributing_units * scale), least)
    member_shares = np.array([k.member_share_ppm for k in kinds], dtype=float)
    unit_shares = np.array([k.unit_share_ppm for k in kinds], dtype=float)
    sealed_share = figures.accounts_total / figures.contributing_members - 1
    result, turn = [], 0
    for centre, people, count in zip(centres, members, units, strict=True):
        flexible = max(1, round(int(people) * member_shares[-1] / 1e6))
        if count >= 60:
            of_kind = shares_to_counts(unit_shares[:-1], int(count), 1)
            in_kind = shares_to_counts(member_shares[:-1], int(people) - flexible)
            in_kind = np.maximum(in_kind, of_kind)
        else:
            steps = (np.arange(turn, turn + int(count)) * 0.6180339887 + 0.05) % 1
            turn += int(count)
            bounds = np.cumsum(unit_shares[:-1] ** 0.6 / (unit_shares[:-1] ** 0.6).sum())
            of_kind = np.bincount(np.minimum(np.searchsorted(bounds, steps), len(bounds) - 1), minlength=len(bounds))
            pull = of_kind * (member_shares[:-1] / unit_shares[:-1]) ** 0.5
            in_kind = shares_to_counts(pull, int(people) - flexible)
            in_kind = np.maximum(in_kind, of_kind * 2)
        result.append(
            CentrePlan(
                figures=centre,
                units=tuple(int(n) for n in of_kind),
                members=(*(int(n) for n in in_kind), flexible),
                sealed=max(1, round(int(people) * sealed_share)),
            )
        )
    return tuple(result)


def normal_quantile(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inverse of the standard normal distribution (Acklam's approximation, error below 2e-9 of the value)."""
    a = (-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.3577518672690, -30.66479806614716, 2.506628277459239)
    b = (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572)
    c = (-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783)
    d = (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416)
    low, high = u < 0.02425, u > 1 - 0.02425
    q = u - 0.5
    r = q * q
    z = np.polyval(a, r) * q / np.polyval((*b, 1.0), r)
    for tail, sign in ((low, 1.0), (high, -1.0)):
        t = np.sqrt(-2 * np.log(np.where(sign > 0, u, 1 - u)[tail]))
        z[tail] = sign * np.polyval(c, t) / np.polyval((*d, 1.0), t)
    return z


@cache
def wage_level_fen() -> float:
    """Monthly wage (fen) of level 1.0, such that limited bases times rates give the published mean amount."""
    kinds, centres = published.unit_kinds(), published.centres()
    z = normal_quantile((np.arange(2000) + 0.5) / 2000)
    weights = np.array([c.member_weight for c in centres])
    target = published.figures().mean_month_amount * 100

    def mean_amount(level: float) -> float:
        total = 0.0
        for centre, weight in zip(centres, weights / weights.sum(), strict=True):
            limits = published.limits(centre.centre_id, AS_OF)
            for kind in kinds:
                spread = float(np.hypot(kind.wage_spread, AGE_SPREAD))
                wages = level * kind.wage_level * centre.wage_level * np.exp(spread * z - spread**2 / 2)
                rate = 2 * sum(rate * share for rate, share in kind.rates) / 100
                rate = limits.flexible_rate / 100 if kind.kind == "FLEXIBLE" else rate
                base = np.clip(wages, min(limits.floor_fen.values()), limits.cap_fen).mean()
                total += weight * kind.member_share_ppm / 1e6 * base * rate
        return total

    low, high = 100_000.0, 2_000_000.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_amount(middle) < target else (low, middle)
    return low
