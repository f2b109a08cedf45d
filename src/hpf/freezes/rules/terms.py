"""冻结期限: from the day of the order to its last day; renewed before it ends, or gone."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money
from hpf.ledger.rules import kept_by

LAW = "民诉法解释/485"


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(starts_on: date, months: int) -> date:
    """The last day of a term: one year from 2026-03-10 ends with 2027-03-09."""
    return months_later(starts_on, months) - timedelta(days=1)


@cites("民诉法解释/485")
def check_term(starts_on: date, ends_on: date, months_max: int) -> list[Reason]:
    """A term, and each renewal, is at most so many months and does not end before it begins."""
    latest = last_day(starts_on, months_max)
    if ends_on < starts_on:
        return [Reason("TERM_ENDED_ALREADY", f"冻结期限止于{ends_on}，早于起始日{starts_on}，未办理，请更正后重新发送", LAW)]
    if ends_on > latest:
        message = f"冻结期限自{starts_on}至{ends_on}，超过最长{months_max}个月（至{latest}），未办理，请更正后重新发送"
        return [Reason("FREEZE_TERM_TOO_LONG", message, LAW)]
    return []


@cites("民事执行查封规定/期满")
def has_ended(ends_on: date, on: date) -> bool:
    """Whether a freeze not renewed is without effect on this day."""
    return on > ends_on


@dataclass(frozen=True, slots=True)
class Term:
    """One freeze in the order of what is due: by its last day, then by its arrival."""

    freeze_id: int
    ends_on: date


def due(terms: Iterable[Term], on: date) -> list[Term]:
    """What has ended by this day, in the order of time: days that were not opened in between are caught up."""
    return sorted((term for term in terms if has_ended(term.ends_on, on)), key=lambda term: (term.ends_on, term.freeze_id))


@cites("民事执行查封规定/轮候")
def queue(free: Money, ordered: Iterable[Money | None]) -> tuple[Money, ...]:
    """What each freeze keeps now, in the order of arrival (轮候). None names the whole account with what comes later.

    Example  of 10,000 the first, 6,000, keeps all and the second, 8,000, keeps 4,000; when 3,000 come in it keeps 7,000
    """
    return kept_by(free, ordered)
