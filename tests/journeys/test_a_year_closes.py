"""一个中心的一年: months of lists and money, month ends, a year end, the settlement of 30 June, and the proof of it all.

天水 works on the 1st, 10th and 20th of each month and on its last day, so that a year has fifty days and not 250.
"""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.period import Month
from hpf.policy.rules.workdays import WorkdayCalendar
from tests.support.days import Centre, at
from tests.support.people import fresh, resident_id

FIRST, YEAR_END, SETTLED = date(2025, 7, 1), date(2025, 12, 31), date(2026, 6, 30)


class FewWorkdays(WorkdayCalendar):
    """Three business days a month, by notices that are loaded."""

    def __init__(self) -> None:
        super().__init__(frozenset(), frozenset(), years=frozenset({2025, 2026}))

    def is_workday(self, day: date) -> bool:
        return day.day in (1, 10, 20)


@pytest.fixture(scope="module")
def year(database):
    """Live the year once; the tests look at it from different sides."""
    from unittest.mock import patch

    from hpf.accounts.services import seal
    from hpf.policy import queries as policy

    centre = Centre(5, "620502", FIRST)
    centre.seen = {}
    with patch.object(policy, "workdays", FewWorkdays):
        centre.open_centre(FIRST)
        school = centre.unit("天水市第一中学", rate="12", first_month="2025-07", nature="PUBLIC_INSTITUTION")
        works = centre.unit("天水星火机床有限公司", rate="8", first_month="2025-07", nature="PRIVATE_ENTERPRISE")
        centre.zhang = centre.member(school, "张三", resident_id(11), "5000.00")
        centre.li = centre.member(school, "李四", resident_id(12), "6000.00")
        centre.wang = centre.member(works, "王五", resident_id(13), "4000.00")
        centre.zhao = centre.member(works, "赵六", resident_id(14), "5000.00")
        while (day := centre.business_day()) <= SETTLED:
            if day == date(2026, 2, 20):
                sealed = seal(
                    by=centre.by, centre_id=5, account_no=centre.zhao, reason="LEFT", left_on=day, on=day, at=at(day), key=fresh()
                )
                assert sealed.is_approved, sealed.reasons
            if day.day == 10:
                centre.remit(school, str(Month.of(day)), day)
                centre.remit(works, str(Month.of(day)), day)
            closed = centre.close(day)
            assert closed.closed, closed.message
            centre.seen[day] = {step.step: step.figures for step in closed.steps}
        yield centre


def test_every_day_closed_and_the_first_of_july_is_open(year):
    assert year.business_day() == date(2026, 7, 1)
    assert len(year.seen) == 12 * 4


def test_month_ends_accrue_what_the_days_have_earned(year):
    # 4,080.00 a month on the 10th: 21 days of July first
    assert year.seen[date(2025, 7, 31)]["ACCRUE"] == {"应计": "3.74", "已提": "0.00", "本次": "3.74"}
    assert year.seen[date(2025, 12, 31)]["ACCRUE"]["应计"] == "100.13"


def test_the_accounting_year_ends_with_its_loss_to_be_made_up(year):
    from hpf.closing.queries.year import year_end

    with year.scope():
        ended = year_end(5, 2025)
    assert (str(ended.income), str(ended.expense), str(ended.surplus), ended.state) == ("0.00", "100.13", "-100.13", "RESULT_POSTED")


def test_the_settlement_credits_every_account_to_the_fen(year):
    from hpf.closing.queries.interest import settlement, settlement_lines

    with year.scope():
        settled, lines = settlement(5, 2025), settlement_lines(5, 2025)
    # twelve deposits earn 2,256 days together, the eight before the seal 1,988
    assert [str(line.interest) for line in lines] == ["112.80", "135.36", "60.16", "66.27"]
    assert (settled.state, settled.accounts, str(settled.interest), settled.journals) == ("POSTED", 4, "374.59", 2)
    assert (str(settled.accrued), year.seen[SETTLED]["SETTLE"]["情形"]) == ("374.59", "9113")
    balances = {name: str(year.money(getattr(year, name)).balance) for name in ("zhang", "li", "wang", "zhao")}
    assert balances == {"zhang": "14512.80", "li": "17415.36", "wang": "7740.16", "zhao": "6466.27"}
    view = year.money(year.zhang)
    assert (str(view.carried), str(view.current), view.day_products) == ("14512.80", "0.00", 1451280 * 365)


def test_the_books_say_the_same(year):
    from hpf.ledger.queries import subject_balances

    with year.scope():
        books = {subject: str(amount) for subject, amount in subject_balances(5, SETTLED).items() if amount}
    assert books == {10101: "45760.00", 201: "-46134.59", 32104: "100.13", 41101: "274.46"}


def test_the_statistics_say_the_same(year):
    from hpf.statistics.queries import figures

    def shown(period, on, *codes):
        return [figure.text for figure in figures([5], period, on, codes)]

    assert shown("MONTH", date(2026, 1, 31), "0301007101", "0301007201", "0301003101", "0301003201", "0301003301") == [
        "4", "4", "4", "4,080.00", "4,080.00",
    ]  # fmt: skip
    assert shown("MONTH", date(2026, 3, 31), "0301003101", "0301003201", "0301005401", "0301007201") == ["3", "3", "1", "3,280.00"]
    assert shown("YEAR", date(2025, 12, 31), "0301000202", "0301010101", "0301020101") == ["2", "24,480.00", "100.00%"]
    assert shown("DAY", SETTLED, "0301008001", "0301008002", "0301008003", "0301008101") == ["374.59", "308.32", "66.27", "46,134.59"]


def test_statistics_counted_from_nothing_are_the_same_rows(year):
    from django.db import connection

    from hpf.statistics.services import rebuild

    def everything():
        with year.scope(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT period, period_on, measure, dimension, value, amount, to_date FROM statistics_fact ORDER BY 1, 2, 3, 4, 5"
            )
            return cursor.fetchall()

    before = everything()
    rebuild(5)
    assert len(before) > 300
    assert everything() == before


def test_the_whole_year_can_be_proved(year):
    from hpf.closing.queries.balance import balance_check
    from hpf.closing.queries.verify import verify

    assert [check.text for check in verify([5]) if not check.ok] == []
    with year.scope():
        for on in (SETTLED, YEAR_END, date(2025, 9, 10)):
            assert [check.text for check in balance_check(5, on, full=True) if not check.ok] == []
