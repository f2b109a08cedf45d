"""灵活就业: which months the next debit of a card pays for, and when debits stop by themselves. Pure."""

from __future__ import annotations

from hpf.contributions.rules.states import Frequency
from hpf.kernel.decision import cites
from hpf.kernel.period import Month

FAILURES_BEFORE_PAUSE = 3
"""扣款连续失败暂停: a term of the agreement. After so many failed debits in a row the agreement pauses and the person is asked."""


@cites("条例/49@2026")
def months_due(next_month: Month, frequency: Frequency, on: Month) -> tuple[Month, ...]:
    """The months one debit pays for, or none while the next one has not begun.

    A quarterly or yearly debit is taken in its first month for all its months.

    Example  next 2026-07, quarterly, on 2026-07  ->  2026-07, 2026-08, 2026-09
    """
    if next_month > on:
        return ()
    return tuple(next_month.through(next_month + (frequency.months - 1)))


def pauses(failures: int) -> bool:
    """Whether so many failed debits in a row pause the agreement."""
    return failures >= FAILURES_BEFORE_PAUSE
