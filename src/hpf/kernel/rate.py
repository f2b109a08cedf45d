"""利率 比例: exact per cent, as written in the law."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,7})?")


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """A rate in per cent: Rate.of("2.85") is 2.85 %. Never a float; up to seven decimals (n8.7)."""

    percent: Decimal

    @classmethod
    def of(cls, text: str) -> Self:
        if not isinstance(text, str) or not _PERCENT.fullmatch(text):
            raise ValueError(f"not a rate in per cent: {text!r}")
        return cls(Decimal(text))

    @property
    def ratio(self) -> tuple[int, int]:
        """(numerator, denominator) of the rate as a fraction of one, in lowest terms."""
        exact = Fraction(self.percent) / 100
        return exact.numerator, exact.denominator

    @property
    def ppm10(self) -> int:
        """The rate in units of 10^-9 of one (1.5 % is 15,000,000): the whole number the SQL twins compute with."""
        return int(self.percent.scaleb(7))

    def __str__(self) -> str:
        return f"{self.percent.normalize():f}" if self.percent else "0"

    @property
    def text(self) -> str:
        """For people, at least two decimals: "5.00%"."""
        decimals = max(2, -int(self.percent.normalize().as_tuple().exponent))
        return f"{self.percent:.{decimals}f}%"
