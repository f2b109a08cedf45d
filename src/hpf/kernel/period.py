"""期间 年月: half-open periods and calendar months."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

_MONTH = re.compile(r"([0-9]{4})-?([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, 年月. Months count: Month(2026, 1) + 1, and the difference of two is a number of months."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 2199):
            raise ValueError(f"not a month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-08" or "202608"."""
        match = _MONTH.fullmatch(text)
        if not match:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def from_index(cls, index: int) -> Self:
        return cls(index // 12, index % 12 + 1)

    @property
    def index(self) -> int:
        """Months since year 0: the whole number the database keeps."""
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    def __add__(self, months: int) -> Month:
        return Month.from_index(self.index + months)

    def __sub__(self, other: Month) -> int:
        return self.index - other.index

    def through(self, last: Month) -> Iterator[Month]:
        """This month and every month up to and including `last`."""
        return (Month.from_index(index) for index in range(self.index, last.index + 1))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def text(self) -> str:
        return f"{self.year}年{self.month}月"


@dataclass(frozen=True, slots=True)
class Period:
    """Days `[since, until)`; `until` None is open-ended."""

    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise ValueError(f"empty period {self.since} to {self.until}")

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, order=True)
class InterestYear:
    """住房公积金年度: 1 July to 30 June inclusive, named by the year in which it begins."""

    year: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year if day.month >= 7 else day.year - 1)

    @property
    def first_day(self) -> date:
        return date(self.year, 7, 1)

    @property
    def last_day(self) -> date:
        return date(self.year + 1, 6, 30)

    @property
    def next_first_day(self) -> date:
        return date(self.year + 1, 7, 1)

    @property
    def days(self) -> int:
        return (self.next_first_day - self.first_day).days
