"""每种情形的规则: its facts, its checks in their written order, its limits. What `decide` runs is read here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from . import estates, every_ground, improvements, life_events, loans, purchase, rent
from .case import Case
from .facts import Facts
from .facts_of_housing import (
    BuildFacts,
    DownPaymentFacts,
    LiftFacts,
    LoanFacts,
    OtherHousingFacts,
    OwnHomeFacts,
    PurchaseFacts,
    RentFacts,
)
from .facts_of_life import DeathFacts, DisabilityFacts, EmigrationFacts, HardshipFacts, IllnessFacts, LeavingFacts, RetirementFacts
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

CLOSING: tuple[Check, ...] = (every_ground.own_loan_is_settled, every_ground.closing_takes_all)
"""What every ground that may end the account checks after its own conditions."""

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
    Ground.PURCHASE: Rule(PurchaseFacts, purchase.PURCHASE, purchase.PURCHASE_LIMITS, purchase),
    Ground.DOWN_PAYMENT: Rule(DownPaymentFacts, purchase.DOWN_PAYMENT, purchase.DOWN_PAYMENT_LIMITS, purchase),
    Ground.BUILD: Rule(BuildFacts, purchase.WORK, purchase.WORK_LIMITS, purchase),
    Ground.OVERHAUL: Rule(BuildFacts, purchase.WORK, purchase.WORK_LIMITS, purchase),
    Ground.LOAN_REPAYMENT: Rule(LoanFacts, loans.CHECKS, loans.LIMITS, loans),
    Ground.DECORATION: Rule(OwnHomeFacts, improvements.INVOICED, improvements.INVOICED_LIMITS, improvements),
    Ground.PROPERTY_FEE: Rule(OwnHomeFacts, improvements.INVOICED, improvements.INVOICED_LIMITS, improvements),
    Ground.LIFT: Rule(LiftFacts, improvements.LIFT, improvements.LIFT_LIMITS, improvements),
    Ground.OTHER_HOUSING: Rule(OtherHousingFacts, (), improvements.OTHER_LIMITS, improvements),
    Ground.RETIREMENT: Rule(RetirementFacts, (*life_events.RETIREMENT, *CLOSING), (), life_events),
    Ground.DISABILITY: Rule(DisabilityFacts, (*life_events.DISABILITY, *CLOSING), (), life_events),
    Ground.EMIGRATION: Rule(EmigrationFacts, (*life_events.EMIGRATION, *CLOSING), (), life_events),
    Ground.LEAVING: Rule(LeavingFacts, (*life_events.LEAVING, *CLOSING), (), life_events),
    Ground.DEATH: Rule(DeathFacts, (*estates.CHECKS, *CLOSING), estates.LIMITS, estates),
    Ground.ILLNESS: Rule(IllnessFacts, life_events.ILLNESS, life_events.ILLNESS_LIMITS, life_events),
    Ground.HARDSHIP: Rule(HardshipFacts, life_events.HARDSHIP, life_events.HARDSHIP_LIMITS, life_events),
}
