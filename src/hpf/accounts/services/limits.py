"""Limits and rounding of a month, taken from the policy of the centre."""

from __future__ import annotations

from dataclasses import dataclass

from hpf.accounts.rules.limits import BaseLimits, RateBand, check_flexible_rate, check_rates
from hpf.kernel.decision import Reason
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.policy import queries as policy
from hpf.policy.rules import PolicyBook


@dataclass(frozen=True, slots=True)
class MonthPolicy:
    """What one month in one district asks of a base and of the amounts."""

    limits: BaseLimits
    unit_fen: int


def month_policy(centre_id: int, month: Month, district: str) -> MonthPolicy:
    """The limits of the month itself, not of today. Raises MissingParameter where the centre has enacted none."""
    book = policy.book(centre_id, month.first_day)
    limits = BaseLimits(book.money("contribution.base_floor", district), book.money("contribution.base_cap"))
    return MonthPolicy(limits, book.whole("contribution.rounding_unit_fen"))


def rate_reasons(book: PolicyBook, kind: str, employer_rate: Rate, member_rate: Rate) -> list[Reason]:
    """REGULAR: both sides in the band. FLEXIBLE: the person's one rate in its own band. CUSTODY pays nothing."""
    if kind == "CUSTODY":
        return []
    if kind == "FLEXIBLE":
        return check_flexible_rate(member_rate, RateBand.flexible(book))
    return check_rates(employer_rate, member_rate, RateBand.of(book))
