"""年结: income and expense become the surplus (增值收益), and the surplus is divided."""

from __future__ import annotations

from dataclasses import dataclass

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.kernel.rate import Rate

VALUE_ADDED_INTEREST = 40102
SURPLUS = 31101
UNDISTRIBUTED = 32104
FUND_DEPOSIT = 10101
VALUE_ADDED_DEPOSIT = 10201

Entry = tuple[int, Money]
"""A subject and an amount, debit positive."""


@dataclass(frozen=True, slots=True)
class YearResult:
    """The year's income (401) and expense (411) by subject, each on its normal side."""

    income: tuple[Entry, ...]
    expense: tuple[Entry, ...]

    @property
    def total_income(self) -> Money:
        return Money.total(amount for _, amount in self.income)

    @property
    def total_expense(self) -> Money:
        return Money.total(amount for _, amount in self.expense)

    @property
    def surplus(self) -> Money:
        return self.total_income - self.total_expense

    @property
    def sweep(self) -> Money:
        """What moves from the fund's deposit to the surplus deposit: the result without the interest already there."""
        return self.surplus - Money.total(amount for subject, amount in self.income if subject == VALUE_ADDED_INTEREST)


@cites("财会字〔1999〕33号/增值收益")
def postings_income(result: YearResult) -> list[Entry]:
    """Every income subject to zero, against 311."""
    legs = [(subject, amount) for subject, amount in result.income if amount]
    return [*legs, (SURPLUS, -result.total_income)] if legs else []


@cites("财会字〔1999〕33号/增值收益")
def postings_expense(result: YearResult) -> list[Entry]:
    """Every expense subject to zero, against 311."""
    legs = [(subject, -amount) for subject, amount in result.expense if amount]
    return [(SURPLUS, result.total_expense), *legs] if legs else []


@cites("财会字〔1999〕33号/增值收益分配")
def postings_result(surplus: Money) -> list[Entry]:
    """The year's surplus (or loss) to 待分配增值收益."""
    return [(SURPLUS, surplus), (UNDISTRIBUTED, -surplus)] if surplus else []


@cites("财会字〔1999〕33号/增值收益")
def postings_sweep(sweep: Money) -> list[Entry]:
    """The cash of the result to its own pool; a loss comes back from it."""
    return [(VALUE_ADDED_DEPOSIT, sweep), (FUND_DEPOSIT, -sweep)] if sweep else []


@dataclass(frozen=True, slots=True)
class Distribution:
    """增值收益分配: risk reserve first, then the management fee within its budget, the rest for public rental housing."""

    surplus: Money
    risk_reserve: Money
    management_fee: Money
    housing_supplement: Money

    @property
    def entries(self) -> list[Entry]:
        """Both halves: the three distributions to their funds, and 待分配 closed against them."""
        parts = [(3210101, 30101, self.risk_reserve), (32102, 21401, self.management_fee), (32103, 21402, self.housing_supplement)]
        taken = [(used, amount) for used, _, amount in parts if amount]
        given = [(fund, -amount) for _, fund, amount in parts if amount]
        return [*taken, *given]

    @property
    def closing_entries(self) -> list[Entry]:
        taken = [(3210101, self.risk_reserve), (32102, self.management_fee), (32103, self.housing_supplement)]
        legs = [(used, -amount) for used, amount in taken if amount]
        return [(UNDISTRIBUTED, self.surplus), *legs] if legs else []


@cites("财综字〔1999〕59号/分配")
def distribution(surplus: Money, risk_reserve_rate: Rate, management_fee_budget: Money) -> Distribution | Reason:
    """Divide a year's surplus in the legal order.

    Refuses  a loss (nothing to divide), and a fee larger than what the reserve leaves

    Example  surplus 7,070.00, 60 %, budget 2,000.00  ->  4,242.00, 2,000.00, 828.00
    """
    if surplus.fen <= 0:
        return Reason(
            "NO_SURPLUS",
            f"本年增值收益{surplus.text}元，没有可供分配的数额，请先核对收支后再办理分配",
            ("财综字〔1999〕59号/分配",),
        )
    reserve = surplus.share(*risk_reserve_rate.ratio)
    rest = surplus - reserve
    if management_fee_budget > rest:
        return Reason(
            "FEE_ABOVE_REST",
            f"管理费用预算{management_fee_budget.text}元，大于提取风险准备后的余额{rest.text}元，请按批准的预算更正",
            ("财综字〔1999〕59号/分配",),
        )
    fee = management_fee_budget if management_fee_budget.fen > 0 else ZERO
    return Distribution(surplus, reserve, fee, rest - fee)
