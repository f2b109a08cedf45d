"""日终 月结 结息 年结的动作: the day as one story, the settlement as another, and the commands they are made of."""

from hpf.closing.services.day import STEPS, Bank, Day, DayClosed, DayStep, close_day
from hpf.closing.services.interest import (
    Accrued,
    Corrected,
    accrue,
    correct_frozen_years,
)
from hpf.closing.services.opening import Opened, open_first_day, open_next_day
from hpf.closing.services.record import StepDone
from hpf.closing.services.settlement import Calculated, Posted, settle_interest
from hpf.closing.services.year import YearTurned, distribute, turn_year

__all__ = [
    "STEPS",
    "Accrued",
    "Bank",
    "Calculated",
    "Corrected",
    "Day",
    "DayClosed",
    "DayStep",
    "Opened",
    "Posted",
    "StepDone",
    "YearTurned",
    "accrue",
    "close_day",
    "correct_frozen_years",
    "distribute",
    "open_first_day",
    "open_next_day",
    "settle_interest",
    "turn_year",
]
