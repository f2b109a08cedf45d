"""省: `Province(seed, scale)` yields its centres one by one, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from demo.province.employers import Employer, employers
from demo.province.people import Members, Mover, members, plan_movers
from demo.province.plan import CentrePlan, plans

DEMO_SEED = 20260920
DEMO_SCALE = 0.00018


@dataclass(frozen=True)
class Centre:
    """One centre with its units and the accounts of their people."""

    centre_id: int
    code: str
    short_name: str
    employers: tuple[Employer, ...]
    members: Members

    @cached_property
    def first_rows(self) -> tuple[int, ...]:
        """For each employer the first row of its contributing members; they are contiguous."""
        sizes = [employer.size for employer in self.employers]
        return tuple(int(n) for n in np.concatenate([[0], np.cumsum(sizes)])[:-1])

    def rows_of(self, employer: Employer) -> range:
        first = self.first_rows[employer.index]
        return range(first, first + employer.size)


class Province:
    """A made-up Gansu. Nothing is drawn before a centre is asked for; each centre has its own stream of chance."""

    def __init__(self, seed: int = DEMO_SEED, scale: float = 1.0, least_units: int = 2) -> None:
        if not 0 < scale <= 1:
            raise ValueError(f"the scale is a share of the province, above 0 and up to 1, not {scale}")
        self.seed = seed
        self.scale = scale
        self.least_units = least_units

    @cached_property
    def plans(self) -> tuple[CentrePlan, ...]:
        return plans(self.scale, self.least_units)

    @cached_property
    def movers(self) -> tuple[Mover, ...]:
        return plan_movers(self.plans, np.random.default_rng([self.seed, 0]))

    def centre(self, centre_id: int) -> Centre:
        position = next(i for i, plan in enumerate(self.plans) if plan.figures.centre_id == centre_id)
        plan = self.plans[position]
        rng = np.random.default_rng([self.seed, centre_id])
        first_position = sum(sum(earlier.units) for earlier in self.plans[:position])
        units = employers(plan, rng, first_position, full=self.scale >= 0.5)
        people = members(plan, units, self.movers, rng)
        return Centre(centre_id, plan.figures.code, plan.figures.short_name, tuple(units), people)

    def __iter__(self) -> Iterator[Centre]:
        return (self.centre(plan.figures.centre_id) for plan in self.plans)
