"""逐月汇缴: whether a list is for the month that a unit must remit next. Pure."""

from __future__ import annotations

from hpf.contributions.rules import refusals
from hpf.contributions.rules.list_check import next_month
from hpf.kernel.decision import Reason, cites
from hpf.kernel.period import Month


def expected_month(first_month: Month, paid_through: Month | None, excused: frozenset[Month]) -> Month:
    """The month to be remitted next; excused are deferred months, and months whose lists wait for money.

    Example  paid through 2026-05, deferral June to August  ->  2026-09
    """
    return next_month(paid_through or first_month + -1, excused)


@cites("条例/19")
def check_order(month: Month, expected: Month) -> list[Reason]:
    """A regular list is for the next month and no other."""
    return [] if month == expected else [refusals.not_the_next_month(month, expected)]
