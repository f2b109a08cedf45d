"""灵活就业扣款日 and 补贴: when the next debit comes, whom public money may go to, how much of it may come back."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.contributions.rules.flexible import debit_day, next_debit_on
from hpf.contributions.rules.subsidy import GrantFacts, GrantLine, check_grant, check_recovery
from hpf.kernel.money import Money
from hpf.kernel.period import Month

JULY = Month(2026, 7)
FIFTY = Money.yuan("50.00")


@pytest.mark.parametrize(
    ("next_month", "day", "on", "expected"),
    [
        (Month(2026, 7), 14, date(2026, 7, 1), date(2026, 7, 14)),
        (Month(2026, 7), 14, date(2026, 7, 14), date(2026, 7, 14)),
        (Month(2026, 7), 14, date(2026, 7, 15), date(2026, 8, 14)),
        (Month(2026, 10), 14, date(2026, 7, 15), date(2026, 10, 14)),
        (Month(2027, 2), 31, date(2027, 2, 1), date(2027, 2, 28)),
        (Month(2026, 12), 14, date(2026, 12, 31), date(2027, 1, 14)),
    ],
)
def test_the_next_debit_is_the_first_debit_day_that_has_not_passed(next_month, day, on, expected):
    assert next_debit_on(next_month, day, on) == expected


def test_a_short_month_has_its_last_day():
    assert debit_day(Month(2028, 2), 30) == date(2028, 2, 29)


def facts(available: str = "100.00", **more):
    return GrantFacts("P1", Money.yuan(available), more.get("is_open", {"A": True}), more.get("granted", frozenset()))


def test_all_lines_or_none():
    assert check_grant([GrantLine("A", JULY, FIFTY)], facts()) == []
    assert [r.code for r in check_grant([], facts())] == ["SUBSIDY_NOT_POSITIVE"]
    twice = [GrantLine("A", JULY, FIFTY), GrantLine("A", JULY, FIFTY)]
    assert [r.code for r in check_grant(twice, facts())] == ["SUBSIDY_TWICE"]
    assert [r.code for r in check_grant([GrantLine("A", JULY, FIFTY)], facts(granted={("A", JULY)}))] == ["SUBSIDY_TWICE"]
    assert [r.code for r in check_grant([GrantLine("B", JULY, FIFTY)], facts())] == ["MEMBER_ACCOUNT_NOT_FOUND"]
    assert [r.code for r in check_grant([GrantLine("A", JULY, FIFTY)], facts(is_open={"A": False}))] == ["MEMBER_NOT_NORMAL"]
    (short,) = check_grant([GrantLine("A", JULY, FIFTY)], facts("49.99"))
    assert short.message == "本次发放50.00元，补贴项目P1可用49.99元，短缺0.01元，请待资金到账后发放"


@pytest.mark.parametrize(
    ("asked", "left", "free", "code"),
    [
        ("50.00", "50.00", "50.00", None),
        ("50.01", "50.00", "99.00", "SUBSIDY_MORE_THAN_LEFT"),
        ("0.00", "50.00", "99.00", "SUBSIDY_MORE_THAN_LEFT"),
        ("50.00", "50.00", "49.99", "SUBSIDY_MONEY_GONE"),
    ],
)
def test_no_more_comes_back_than_was_granted_and_is_there(asked, left, free, code):
    reasons = check_recovery(GrantLine("A", JULY, Money.yuan(asked)), Money.yuan(left), Money.yuan(free))
    assert [reason.code for reason in reasons] == ([code] if code else [])
    assert all("49.99" not in reason.message for reason in reasons)
