"""跨年: the days go on when the notice for next year's holidays is not there, and everybody is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.support.days import Centre, at

BEFORE = date(2026, 12, 30)
GUESSED = "2027年节假日安排通知尚未录入，2027年的工作日暂按周一至周五推定；请在通知发布后补录当年工作日历并重新装载法规"


def begin(packs=()):
    from hpf.policy.services import load_law

    project = Path(__file__).resolve().parents[3]
    load_law(project / "law", [project / pack for pack in packs], at=at(BEFORE))
    centre = Centre(8, "620802", BEFORE)
    centre.open_centre(BEFORE)
    return centre


def lived(centre, days):
    closed = []
    for _ in range(days):
        closed.append(centre.close(centre.business_day()))
        assert closed[-1].closed, closed[-1].message
    return closed


@pytest.mark.usefixtures("own_database")
def test_without_the_notice_days_go_by_monday_to_friday_and_the_close_says_so():
    centre = begin()
    closed = lived(centre, 3)
    assert [each.next_business_on for each in closed] == [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4)]
    assert closed[0].message == f"2026-12-30已日终，下一会计日2026-12-31。{GUESSED}"
    assert closed[-1].steps[-1].figures == {"下一会计日": "2027-01-04", "日历": GUESSED}


@pytest.mark.usefixtures("own_database")
def test_the_demo_lives_on_by_its_own_calendar_which_is_called_made_up():
    centre = begin(["demo/law"])
    closed = lived(centre, 2)
    assert closed[-1].next_business_on == date(2027, 1, 4)
    assert closed[-1].message == (
        "2026-12-31已日终，下一会计日2027-01-04。2027年的工作日历为演示值，不是国务院办公厅的安排，不得用于真实业务"
    )


@pytest.mark.usefixtures("own_database")
def test_a_decision_is_due_after_working_days_that_nobody_has_announced_yet():
    from hpf.policy import queries

    begin()
    assert queries.workdays().add_workdays(date(2026, 12, 25), 10) == date(2027, 1, 8)
    assert queries.calendar_reminder(date(2026, 12, 1)) is None
    assert queries.calendar_reminder(date(2026, 12, 2)).message == GUESSED
