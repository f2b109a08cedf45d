"""金额: whole fen, exact, signed. Yuan exist only where people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

_YUAN = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,2})?")


class NotAnAmount(ValueError):
    """The text or number cannot be an amount of money: wrong type, or finer than a fen."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in fen. Add, subtract, compare, scale by whole numbers; everything else names its rounding."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise NotAnAmount(f"an amount is whole fen, not {type(self.fen).__name__}")

    @classmethod
    def yuan(cls, text: str) -> Self:
        """Read yuan as written on paper: "1234.50". Refuses a third decimal, signs other than "-", separators."""
        if not isinstance(text, str) or not _YUAN.fullmatch(text):
            raise NotAnAmount(f"not an amount in yuan: {text!r}")
        return cls(int(Decimal(text).scaleb(2)))

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Self:
        return cls(sum(amount.fen for amount in amounts))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            raise NotAnAmount("scale an amount by a whole number, or use share()")
        return Money(self.fen * times)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.fen != 0

    def share(self, numerator: int, denominator: int, unit_fen: int = 1) -> Money:
        """numerator/denominator of this amount, rounded once, half up, to a multiple of unit_fen.

        Multiplies first and divides last: no intermediate value is rounded.
        """
        return Money(round_half_up(self.fen * numerator, denominator * unit_fen) * unit_fen)

    def __str__(self) -> str:
        """Yuan for machines and files: "1234.50"."""
        sign, whole = ("-", -self.fen) if self.fen < 0 else ("", self.fen)
        return f"{sign}{whole // 100}.{whole % 100:02d}"

    @property
    def text(self) -> str:
        """Yuan for people: "1,234.50"."""
        sign, whole = ("-", -self.fen) if self.fen < 0 else ("", self.fen)
        return f"{sign}{whole // 100:,}.{whole % 100:02d}"


ZERO = Money(0)


def round_half_up(numerator: int, denominator: int) -> int:
    """The one rounding rule of the platform: nearest whole, a half away from zero (四舍五入).

    Every engine's form of this rule (SQL `hpf_round_div`, the columnar proof) is tested against this one.
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if denominator == 0:
        raise ZeroDivisionError("a share of nothing")
    quotient, rest = divmod(abs(numerator), denominator)
    rounded = quotient + (1 if 2 * rest >= denominator else 0)
    return rounded if numerator >= 0 else -rounded


def round_decimal(value: Decimal) -> int:
    """A decimal to the nearest whole, a half away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
