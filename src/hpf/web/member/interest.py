"""利息说明: a year's interest of one account, stretch by stretch, from the same entries and rules as the settlement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hpf.accounts.rules import interest as rules
from hpf.kernel.money import Money, round_half_up
from hpf.kernel.period import InterestYear
from hpf.ledger import queries as ledger
from hpf.policy import queries as policy


@dataclass(frozen=True, slots=True)
class MonthRow:
    """MONTH_WEIGHTS: one amount and the whole months it earns."""

    value_on: date
    summary: str
    amount: Money
    months: int
    product: int


@dataclass(frozen=True, slots=True)
class Explained:
    """What the page shows. `settled` is what was really credited; None while the year runs."""

    year: InterestYear
    method: rules.Method
    until: date
    rates: rules.Rates
    days: tuple[rules.Row, ...]
    months: tuple[MonthRow, ...]
    product: int
    interest: Money
    settled: Money | None
    exact: str

    @property
    def is_running(self) -> bool:
        return self.settled is None

    @property
    def one_rate(self) -> bool:
        return self.rates.carried == self.rates.current

    @property
    def base_days(self) -> int:
        return self.method.periods_a_year

    @property
    def product_text(self) -> str:
        """The product in yuan·days (or yuan·months), as statements print it."""
        return Money(self.product).text


def explained(centre_id: int, ledger_account_id: int, year: InterestYear, on: date) -> Explained:
    """The year's interest up to `on` (to its end once it is over)."""
    entries = ledger.history(ledger_account_id, date(1990, 1, 1), on + timedelta(days=1), limit=5000)
    end = min(year.next_first_day, on + timedelta(days=1))
    terms_on = min(year.last_day, on)
    book = policy.books_of(centre_id)
    method = rules.Method(book(terms_on).text("interest.method"))
    opening = Money.total(e.amount for e in entries if _counts_from(e) < year.first_day)
    moved = sorted((e for e in entries if year.first_day <= _counts_from(e) < end), key=lambda e: (_counts_from(e), e.journal_id))
    settled = [e.amount for e in entries if e.kind == "INTEREST_SETTLEMENT" and year.last_day <= e.business_on <= year.next_first_day]
    over = on > year.last_day or bool(settled)
    if over:
        end = year.next_first_day

    def rates_on(day: date) -> rules.Rates:
        held = book(day)
        return rules.Rates(held.rate("interest.rate_carried"), held.rate("interest.rate_current"))

    start = rules.Entry(year.first_day, opening.fen, opening.fen)
    lines = [rules.Entry(_counts_from(e), e.amount.fen, e.carried.fen) for e in moved]
    rates = rates_on(terms_on)
    if method is rules.Method.DAY_PRODUCT_360:
        rows = tuple(rules.explain(year, start, lines, rates_on, end))
        exact = sum((row.interest_exact for row in rows), start=rows[0].interest_exact * 0 if rows else 0)  # type: ignore[arg-type]
        product = sum(row.product for row in rows)
        interest = Money(round_half_up(exact.numerator, exact.denominator))
        return Explained(
            year,
            method,
            end - timedelta(days=1),
            rates,
            rows,
            (),
            product,
            interest,
            _sum(settled),
            _six_decimals(exact.numerator, exact.denominator),
        )
    answer = rules.interest(method, year, start, lines, rates_on, close_on=None if end == year.next_first_day else end)
    exact = rules.exact(method, answer.products)
    months = tuple(_month_rows(year, opening, moved, end))
    return Explained(
        year, method, end - timedelta(days=1), rates, (), months, answer.product_total, answer.interest, _sum(settled),
        _six_decimals(exact.numerator, exact.denominator),
    )  # fmt: skip


def _month_rows(year: InterestYear, opening: Money, moved: Iterable[ledger.EntryView], end: date) -> Iterable[MonthRow]:
    last = 12 if end == year.next_first_day else rules.month_of_year(year, end)
    if opening:
        yield MonthRow(year.first_day, "上年结转", opening, last, opening.fen * last)
    for entry in moved:
        months = max(0, last - rules.month_of_year(year, _counts_from(entry)))
        yield MonthRow(_counts_from(entry), entry.summary, entry.amount, months, entry.amount.fen * months)


def _counts_from(entry: ledger.EntryView) -> date:
    """An entry found late earns from the first day of the year in which it was booked."""
    return max(entry.value_on, InterestYear.of(entry.business_on).first_day)


def _sum(amounts: list[Money]) -> Money | None:
    return Money.total(amounts) if amounts else None


def _six_decimals(numerator: int, denominator: int) -> str:
    """Yuan with six decimals: what stands before the one rounding."""
    millionths = round_half_up(numerator * 10_000, denominator)
    sign = "-" if millionths < 0 else ""
    return f"{sign}{abs(millionths) // 1_000_000:,}.{abs(millionths) % 1_000_000:06d}"
