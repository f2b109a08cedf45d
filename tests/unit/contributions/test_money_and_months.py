"""款项与清册、逐月、扣款: the small decisions of booking."""

from __future__ import annotations

import pytest

from hpf.contributions.rules.flexible import months_due, pauses
from hpf.contributions.rules.money import Split, decide_money
from hpf.contributions.rules.months import check_order, expected_month
from hpf.contributions.rules.states import Frequency
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month

MAY, JUNE, JULY, AUGUST, SEPTEMBER = (Month(2026, n) for n in range(5, 10))


def yuan(*amounts):
    return [Money.yuan(amount) for amount in amounts]


@pytest.mark.parametrize(
    ("receipts", "prepaid", "use_prepaid", "split"),
    [
        (["232.00"], "0.00", False, Split(*yuan("232.00", "0.00", "0.00"))),
        (["232.01"], "0.00", False, Split(*yuan("232.01", "0.00", "0.01"))),
        (["200.00", "32.00"], "500.00", True, Split(*yuan("232.00", "0.00", "0.00"))),
        (["200.00"], "32.00", True, Split(*yuan("200.00", "32.00", "0.00"))),
        ([], "232.00", True, Split(*yuan("0.00", "232.00", "0.00"))),
        (["231.99"], "0.00", True, None),
        (["231.99"], "0.01", False, None),
        ([], "231.99", True, None),
    ],
)
def test_list_and_money_must_be_equal_and_what_is_over_is_prepaid(receipts, prepaid, use_prepaid, split):
    decision = decide_money(Money.yuan("232.00"), yuan(*receipts), Money.yuan(prepaid), use_prepaid=use_prepaid)
    assert decision.value == split


def test_short_money_says_how_much_is_missing():
    (reason,) = decide_money(Money.yuan("232.00"), yuan("200.00"), Money.yuan("30.00"), use_prepaid=True).reasons
    assert (reason.code, dict(reason.facts)["short"]) == ("MONEY_SHORT", "2.00")
    assert "应缴232.00元，到账200.00元，可用预缴30.00元，短缺2.00元" in reason.message
    assert decide_money(ZERO, [], ZERO, use_prepaid=False).value == Split(ZERO, ZERO, ZERO)


@pytest.mark.parametrize(
    ("paid_through", "excused", "expected"),
    [(None, [], MAY), (MAY, [], JUNE), (MAY, [JUNE, JULY], AUGUST), (MAY, [JULY], JUNE), (None, [MAY], JUNE)],
)
def test_the_next_month_leaves_out_what_is_excused(paid_through, excused, expected):
    assert expected_month(MAY, paid_through, frozenset(excused)) == expected


def test_a_list_for_another_month_is_told_which_is_next():
    assert check_order(JULY, JULY) == []
    assert check_order(SEPTEMBER, JULY)[0].code == "MONTH_GAP" and "中间缺2个月" in check_order(SEPTEMBER, JULY)[0].message
    assert check_order(JUNE, JULY)[0].code == "MONTH_ALREADY_REMITTED"


@pytest.mark.parametrize(
    ("frequency", "on", "months"),
    [
        (Frequency.MONTHLY, JULY, (JULY,)),
        (Frequency.MONTHLY, JUNE, ()),
        (Frequency.QUARTERLY, AUGUST, (JULY, AUGUST, SEPTEMBER)),
        (Frequency.YEARLY, JULY, tuple(JULY.through(JULY + 11))),
    ],
)
def test_a_debit_pays_for_all_months_of_its_frequency(frequency, on, months):
    assert months_due(JULY, frequency, on) == months


def test_the_third_failure_pauses():
    assert [pauses(failures) for failures in (1, 2, 3)] == [False, False, True]
