"""还款计划: whatever the loan, the principal comes back to the fen and nothing is repaid twice."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.loans.rules.schedule import RepaymentMethod, due_date, level_instalment, month_interest, schedule

loans = st.tuples(
    st.integers(100_00, 2_000_000_00).map(Money),
    st.integers(0, 800).map(lambda hundredths: Rate.of(f"{hundredths // 100}.{hundredths % 100:02d}")),
    st.integers(1, 360),
    st.sampled_from(RepaymentMethod),
)


@given(loans)
@settings(max_examples=80, deadline=None)
def test_principal_adds_up_to_the_loan_and_interest_follows_the_balance(loan):
    principal, rate, months, method = loan
    rows = schedule(principal, rate, months, method)
    assert len(rows) == months
    assert Money.total(row.principal for row in rows) == principal
    assert rows[-1].balance == Money(0)
    balance = principal
    for row in rows:
        assert row.interest == month_interest(balance, rate)
        assert row.principal >= Money(0)
        balance -= row.principal
        assert row.balance == balance


@given(loans)
@settings(max_examples=60, deadline=None)
def test_the_last_level_instalment_differs_by_no_more_than_half_a_fen_a_month_grown(loan):
    principal, rate, months, _ = loan
    rows = schedule(principal, rate, months, RepaymentMethod.LEVEL_INSTALMENT)
    regular = level_instalment(principal, rate, months)
    assert all(row.payment == regular for row in rows[:-1] if row.balance.fen > 0)
    growth = (1 + float(rate.percent) / 1200) ** months
    assert abs(rows[-1].payment.fen - regular.fen) <= months * growth + 1


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 360))
@settings(max_examples=100, deadline=None)
def test_due_days_stay_in_their_month_and_as_near_to_the_contract_day_as_it_lets(first, later):
    due = due_date(first, later)
    assert Month.of(due) - Month.of(first) == later
    assert due.day == first.day or (due.day < first.day and Month.of(due) != Month.of(date.fromordinal(due.toordinal() + 1)))
