"""月缴存额: limits of the month, and whose document stands behind a no."""

from datetime import date
from pathlib import Path

import pytest

from hpf.contributions.rules.amounts import (
    Limits,
    check_base,
    decide_amount,
)
from hpf.kernel.money import Money
from hpf.kernel.rate import Rate
from hpf.policy.rules import LawFiles, MissingParameter

LAW = LawFiles.read(Path(__file__).parents[3] / "law")
FIVE, TWELVE = Rate.of("5"), Rate.of("12")


def limits(centre="lanzhou", day=date(2026, 8, 1), district="620102"):
    return Limits.of(LAW.book(centre, day), district)


@pytest.mark.parametrize(
    ("declared", "employer"), [("1000.00", "110.00"), ("2200.00", "110.00"), ("5000.50", "250.00"), ("99999.99", "1505.00")]
)
def test_the_amount_is_that_of_the_base_between_floor_and_cap(declared, employer):
    due, _ = decide_amount(Money.yuan(declared), FIVE, FIVE, limits())
    assert due.employer == Money.yuan(employer)


def test_a_base_under_the_floor_is_told_both_figures_and_the_notice():
    (reason,) = check_base(Money.yuan("2199.99"), limits())
    assert reason.message == "缴存基数2,199.99元低于当月下限2,200.00元，请按不低于下限的基数办理基数调整后重新提交"
    assert reason.law == ("兰州基数通知/2026",)


def test_where_no_district_is_named_the_lowest_floor_holds():
    assert limits(district=None).floor == Money.yuan("2130.00")


def test_without_a_published_cap_nobody_guesses():
    with pytest.raises(MissingParameter, match="没有政策参数“缴存基数下限”"):
        limits("dingxi", date(2026, 8, 1), None)


def test_a_refused_base_still_shows_the_amount_of_the_effective_one():
    due, reasons = decide_amount(Money.yuan("99999.00"), TWELVE, TWELVE, limits())
    assert (str(due.employer), str(due.total)) == ("3611.00", "7222.00")
    assert [reason.code for reason in reasons] == ["BASE_ABOVE_CAP"]
