"""决定: yes, no and "I cannot tell" are values; each carries its reasons with figures and articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


class Outcome(StrEnum):
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    REFERRED = "REFERRED"


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of an answer.

    `code` is stable UPPER_SNAKE; `message` is Chinese and says what, why with the figures, and what now;
    `law` names articles as in `law/sources`, for example "条例/18", and is kept as a tuple; `facts` holds the figures by name.
    """

    code: str
    message: str
    law: tuple[str, ...] | str = ()
    facts: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.law, str):
            object.__setattr__(self, "law", (self.law,))


@dataclass(frozen=True, slots=True)
class Decision(Generic[T]):
    """An answer that can be stored, shown, counted and appealed against. Refusals roll nothing back."""

    outcome: Outcome
    value: T | None = None
    reasons: tuple[Reason, ...] = field(default=())

    @classmethod
    def approved(cls, value: T, reasons: Iterable[Reason] = ()) -> Self:
        return cls(Outcome.APPROVED, value, tuple(reasons))

    @classmethod
    def refused(cls, reasons: Iterable[Reason]) -> Self:
        reasons = tuple(reasons)
        if not reasons:
            raise ValueError("a refusal needs its reason")
        return cls(Outcome.REFUSED, None, reasons)

    @classmethod
    def referred(cls, reasons: Iterable[Reason]) -> Self:
        reasons = tuple(reasons)
        if not reasons:
            raise ValueError("a referral needs its reason")
        return cls(Outcome.REFERRED, None, reasons)

    @property
    def is_approved(self) -> bool:
        return self.outcome is Outcome.APPROVED


CITATIONS: dict[str, tuple[str, ...]] = {}
"""Every function that implements an article: "module.function" -> articles. Filled by `cites`, read by the coverage page."""


def cites(*articles: str) -> Callable[[F], F]:
    """Name the articles that a function implements: `@cites("条例/18")`. A test fails on one not in `law/sources`."""

    def mark(function: F) -> F:
        CITATIONS[f"{function.__module__}.{function.__qualname__}"] = articles
        function.__law__ = articles  # type: ignore[attr-defined]
        return function

    return mark
