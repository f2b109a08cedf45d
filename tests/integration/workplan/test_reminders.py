"""Notices: before the date, on it, after it, to the director, to the province; each once."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.workplan.conftest import LANZHOU, by_office

DUE = date(2024, 4, 10)


@pytest.fixture(scope="module")
def task(plan):
    from hpf.workplan import services
    from hpf.workplan.rules.deadlines import DeadlineKind, DeadlineRule

    made = services.create_task(
        **by_office(
            plan_id=plan.plan_id, title="报送方案", demand="报送方案", centre_ids=(LANZHOU,),
            deadlines=(DeadlineRule(DeadlineKind.FIXED, on=DUE),),
        )
    )  # fmt: skip
    return made.value


def told(task, lanzhou, on):
    """The kinds of notices about the task that a day's run has written."""
    from hpf.workplan import services
    from hpf.workplan.queries.agenda import notices
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    occurrence = occurrence_page(Wanted(task_id=task.task_id), on, centre_id=LANZHOU).lines[0]
    before = {notice.notice_id for notice in notices(centre_id=LANZHOU, occurrence_id=occurrence.occurrence_id)[0]}
    services.remind(**{**lanzhou.act(lanzhou.director), "on": on})
    after, _ = notices(centre_id=LANZHOU, occurrence_id=occurrence.occurrence_id)
    return [notice.kind.value for notice in reversed(after) if notice.notice_id not in before]


def test_the_notices_follow_the_days_of_the_plan(task, lanzhou):
    assert told(task, lanzhou, date(2024, 3, 30)) == []
    assert told(task, lanzhou, date(2024, 3, 31)) == ["BEFORE"]
    assert told(task, lanzhou, date(2024, 3, 31)) == [] and told(task, lanzhou, date(2024, 4, 1)) == []
    assert told(task, lanzhou, DUE) == ["DUE"]
    assert told(task, lanzhou, date(2024, 4, 11)) == ["LATE"]
    assert told(task, lanzhou, date(2024, 4, 13)) == ["DIRECTOR"]
    assert told(task, lanzhou, date(2024, 4, 20)) == ["PROVINCE"]
    assert told(task, lanzhou, date(2024, 4, 21)) == []


def test_the_province_reads_what_was_escalated_and_history_has_it(task, lanzhou):
    from hpf.workplan.queries.agenda import notices
    from hpf.workplan.queries.history import history
    from hpf.workplan.rules.states import NoticeKind

    lines, _ = notices(centre_id=None, kinds=[NoticeKind.PROVINCE], limit=500)
    mine = next(line for line in lines if "报送方案" in line.text)
    assert (mine.to_role, mine.centre_id) == ("PLAN_OFFICE", LANZHOU)
    assert mine.text == "“报送方案”已逾期10天，尚未办结，请尽快办理；责任科室未分派。"
    events, _ = history(centre_id=LANZHOU, occurrence_id=mine.occurrence_id)
    assert [event.kind.value for event in events if event.kind == "ESCALATED"] == ["ESCALATED", "ESCALATED"]


def test_a_moved_deadline_is_reminded_anew_and_a_seen_notice_says_by_whom(task, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.agenda import notices
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    occurrence = occurrence_page(Wanted(task_id=task.task_id), DUE, centre_id=LANZHOU).lines[0]
    services.move_deadline(
        **by_office(
            LANZHOU, occurrence_id=occurrence.occurrence_id, version=occurrence.version, to_on=date(2024, 5, 10), reason="等部里文件"
        )
    )
    assert told(task, lanzhou, date(2024, 5, 9)) == ["BEFORE"]
    newest = notices(centre_id=LANZHOU, occurrence_id=occurrence.occurrence_id)[0][0]
    assert services.see_notices(**lanzhou.act(lanzhou.clerk, notice_ids=(newest.notice_id,))).notices == 1
    assert services.see_notices(**lanzhou.act(lanzhou.director, notice_ids=(newest.notice_id,))).notices == 0
    assert notices(centre_id=LANZHOU, occurrence_id=occurrence.occurrence_id)[0][0].seen_by == lanzhou.clerk.name


def test_the_days_are_settings_of_the_plan(plan):
    from hpf.workplan import services
    from hpf.workplan.queries.plans import plan as read

    wrong = services.set_plan(**by_office(plan_id=plan.plan_id, version=1, warn_days=5, director_days=9, province_days=3))
    assert [reason.code for reason in wrong.reasons] == ["PLAN_DAYS_WRONG"]
    assert services.set_plan(**by_office(plan_id=plan.plan_id, version=1, warn_days=15, director_days=1, province_days=5)).is_approved
    assert read(plan.plan_id).warn_days == 15
    stale = services.set_plan(**by_office(plan_id=plan.plan_id, version=1, warn_days=7, director_days=1, province_days=5))
    assert [reason.code for reason in stale.reasons] == ["CHANGED_MEANWHILE"]
