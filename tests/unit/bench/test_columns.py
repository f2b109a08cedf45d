"""The bench's columnar rounding is the platform's rounding; budgets read as they are written."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from bench.report import Result, budgets, table
from bench.work import half_up
from hpf.kernel.money import round_half_up


@given(some.integers(0, 2 * 10**13), some.sampled_from([1_500_000, 15_000_000, 3_500_000, 26_000_000]), some.sampled_from([12, 360]))
@settings(max_examples=200, deadline=None)
def test_the_columnar_rounding_is_the_kernels(products, rate, periods):
    denominator = periods * 1_000_000_000
    assert half_up(np.array([products]), rate, denominator)[0] == round_half_up(products * rate, denominator)


def test_a_half_is_rounded_up_in_columns():
    assert half_up(np.array([120, 119]), 1_500_000_000, 360 * 1_000_000_000).tolist() == [1, 0]


def test_budgets_know_which_side_they_limit():
    known = budgets()
    assert known["posting.rate"].met_by(Result("posting.rate", 400, 1000, 0.4))
    assert not known["posting.rate"].met_by(Result("posting.rate", 399, 1000, 0.399))
    assert known["interest.settle"].met_by(Result("interest.settle", 9.9, 4.0, 2.475))
    assert not known["interest.proof"].met_by(Result("interest.proof", 0.1, 1.0, None))


def test_the_table_says_yes_or_no_beside_every_budget():
    lines = table([Result("posting.p50", 4.2), Result("posting.p99", 30.0)]).splitlines()
    assert [line.split()[-1] for line in lines[1:]] == ["是", "否"]
