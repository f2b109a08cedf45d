"""月缴存额: the base between its limits, each half rounded on its own. The band of the rates is that of `accounts`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from hpf.accounts.rules.amounts import half_fen
from hpf.accounts.rules.limits import BaseLimits, RateBand, check_rates, effective_base
from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.kernel.rate import Rate
from hpf.policy.rules import Parameter, PolicyBook


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed for one person and one month."""

    employer: Money
    member: Money

    @property
    def total(self) -> Money:
        return self.employer + self.member


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one month in one centre and district, and the document behind each."""

    floor: Money
    cap: Money
    rates: RateBand
    rounding_unit_fen: int
    floor_law: str
    cap_law: str

    @classmethod
    def of(cls, book: PolicyBook, district: str | None = None) -> Self:
        """Read from the book of the month's first day. Where floors are published by district and none is named, the
        lowest holds: nobody is refused for a district he may not be in.

        Raises   MissingParameter when the centre has published no cap or no floor for the month
        """
        floor = _floor(book, district)
        return cls(
            floor=Money.yuan(floor.value),
            cap=book.money("contribution.base_cap", district),
            rates=RateBand.of(book),
            rounding_unit_fen=book.whole("contribution.rounding_unit_fen"),
            floor_law=floor.citation,
            cap_law=book.parameter("contribution.base_cap", district).citation,
        )


def _floor(book: PolicyBook, district: str | None) -> Parameter:
    key = "contribution.base_floor"
    if not book.knows(key, district) and (named := book.districts(key)):
        return min((book.parameter(key, each) for each in named), key=lambda each: Money.yuan(each.value))
    return book.parameter(key, district)


@cites("条例/16", "建金管〔2005〕5号/月缴存额取整")
def amount_due(base: Money, employer_rate: Rate, member_rate: Rate, rounding_unit_fen: int) -> Due:
    """月缴存额. Each half is rounded on its own, half up, to the centre's unit; then the halves are added.

    Rounding the sum instead loses a yuan on many bases, and some printed notices did so.

    Facts    base is already inside the limits of the month (check_base)
    Refuses  nothing: a rate outside the band is a reason of check_rates
    Example  base 1,910.00, 5 % each, unit 100 fen  ->  96.00 + 96.00 = 192.00 (rounding the sum gives 191.00)
    """
    employer, member = due_fen(base.fen, employer_rate, member_rate, rounding_unit_fen)
    return Due(Money(employer), Money(member))


def due_fen(base_fen: int, employer_rate: Rate, member_rate: Rate, rounding_unit_fen: int) -> tuple[int, int]:
    """(employer, member) in fen: `amount_due` as a list of ten thousand lines is held against it (`list_check`)."""
    return half_fen(base_fen, employer_rate, rounding_unit_fen), half_fen(base_fen, member_rate, rounding_unit_fen)


@cites("条例/49@2026")
def amount_due_flexible(base: Money, rate: Rate, rounding_unit_fen: int) -> Due:
    """灵活就业: one person bears both halves at one rate, so there is one rounding.

    Example  base 5,708.00, 20 %  ->  1,142.00 (exact 1,141.60)
    """
    return Due(ZERO, base.share(*rate.ratio, rounding_unit_fen))


@cites("建金〔2018〕45号/2")
def check_base(base: Money, limits: Limits) -> list[Reason]:
    """A base to be remitted must lie within the limits of the month it is for; both limits themselves are allowed."""
    if base < limits.floor:
        return [
            Reason(
                "BASE_BELOW_FLOOR",
                f"缴存基数{base.text}元低于当月下限{limits.floor.text}元，请按不低于下限的基数办理基数调整后重新提交",
                (limits.floor_law,),
                (("base", str(base)), ("floor", str(limits.floor))),
            )
        ]
    if base > limits.cap:
        return [
            Reason(
                "BASE_ABOVE_CAP",
                f"缴存基数{base.text}元高于当月上限{limits.cap.text}元，请按上限执行，超出部分不缴存",
                (limits.cap_law,),
                (("base", str(base)), ("cap", str(limits.cap))),
            )
        ]
    return []


@cites("条例/16", "条例/18")
def decide_amount(declared: Money, employer_rate: Rate, member_rate: Rate, limits: Limits) -> tuple[Due, list[Reason]]:
    """The due amount of a base as declared, and every reason against it. The amount is that of the effective base."""
    reasons = check_base(declared, limits) + check_rates(employer_rate, member_rate, limits.rates)
    base = effective_base(declared, BaseLimits(limits.floor, limits.cap))
    return amount_due(base, employer_rate, member_rate, limits.rounding_unit_fen), reasons
