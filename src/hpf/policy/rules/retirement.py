"""法定退休年龄: the gradual raise from 2025-01-01, by month of birth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hpf.kernel.decision import cites
from hpf.kernel.period import Month


class SexKind(StrEnum):
    """The three groups of the decision: men, women who retired at 55, women who retired at 50."""

    MALE = "M"
    FEMALE_55 = "F55"
    FEMALE_50 = "F50"


@dataclass(frozen=True, slots=True)
class _Group:
    age_before: int
    delay_max: int
    months_per_delay: int

    @property
    def first_delayed(self) -> Month:
        """Who reaches the old age in January 2025 is the first to wait a month longer."""
        return Month(2025, 1) + -12 * self.age_before


_GROUPS = {
    SexKind.MALE: _Group(age_before=60, delay_max=36, months_per_delay=4),
    SexKind.FEMALE_55: _Group(age_before=55, delay_max=36, months_per_delay=4),
    SexKind.FEMALE_50: _Group(age_before=50, delay_max=60, months_per_delay=2),
}


@dataclass(frozen=True, slots=True)
class Retirement:
    age_years: int
    age_months: int
    month: Month


@cites("渐进式延迟退休决定/1", "渐进式延迟退休决定/附表")
def statutory_retirement(sex_kind: SexKind | str, born: Month) -> Retirement:
    """The statutory age and the month in which it is reached.

    One month later for every four months (two for women formerly at 50) of birth after the first group
    concerned, up to 63, 58 and 55 years.

    Facts    the month of birth on the identity document; which group a woman belongs to is the employer's finding
    Refuses  nothing: early and postponed retirement are choices, proven by the pension status and not by age
    Example  M 1976-09 -> 63 years, 2039-09; F50 1984-11 -> 55 years, 2039-11
    """
    group = _GROUPS[SexKind(sex_kind)]
    after = born - group.first_delayed
    delay = 0 if after < 0 else min(group.delay_max, after // group.months_per_delay + 1)
    months = group.age_before * 12 + delay
    return Retirement(months // 12, months % 12, born + months)
