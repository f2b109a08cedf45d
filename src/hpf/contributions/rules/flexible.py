"""灵活就业: which months the next debit of a card pays for, and when debits stop by themselves. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

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


def debit_day(month: Month, day_of_month: int) -> date:
    """The centre's day for debits in a month; the last day of a month that is too short.

    Example  2027-02, the 31st  ->  2027-02-28
    """
    return date(month.year, month.month, min(day_of_month, monthrange(month.year, month.month)[1]))


def next_debit_on(next_month: Month, day_of_month: int, on: date) -> date:
    """下次扣款日: the debit day of the next month to pay; when that has passed, the first debit day that has not.

    Example  next 2026-07, the 14th, on 2026-07-20  ->  2026-08-14
    """
    month = max(next_month, Month.of(on))
    planned = debit_day(month, day_of_month)
    return planned if planned >= on else debit_day(month + 1, day_of_month)
