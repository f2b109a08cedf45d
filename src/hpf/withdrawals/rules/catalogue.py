"""每种情形的规则: its facts, its checks in their written order, its limits. What `decide` runs is read here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from . import every_ground, rent
from .case import Case
from .facts import Facts
from .facts_of_housing import RentFacts
from .grounds import Ground

Check = Callable[[Case], None]

BEFORE: tuple[Check, ...] = (
    every_ground.account_is_open,
    every_ground.holder_is_alive,
    every_ground.ground_is_open,
    every_ground.not_banned,
    every_ground.not_banned_elsewhere,
    every_ground.employer_has_proved,
)
"""What every ground checks first."""

AFTER: tuple[Check, ...] = (every_ground.interval_is_over,)
"""What every ground checks last, before the amount."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One ground. `checks` refuse or refer; `limits` bound the amount and name the evidence and the payee."""

    facts: type[Facts]
    checks: tuple[Check, ...]
    limits: tuple[Check, ...]
    module: ModuleType

    @property
    def order(self) -> tuple[Check, ...]:
        """The written order of checks of this ground."""
        return (*BEFORE, *self.checks, *AFTER)


RULES: dict[Ground, Rule] = {
    Ground.RENT: Rule(RentFacts, rent.CHECKS, rent.LIMITS, rent),
}
