"""One task from the province to Lanzhou and back: broken down, proved, finished, reported, returned, accepted; all told."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.workplan.conftest import JIAYUGUAN, LANZHOU, OFFICE, PDF, TIANSHUI, by_office, fresh

ON = date(2024, 3, 20)


def find(plan, words, centre_id=LANZHOU, on=ON):
    """The first occurrence of the task whose demand has these words."""
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    page = occurrence_page(Wanted(plan_id=plan.plan_id, text=words), on, centre_id=centre_id)
    assert page.lines, words
    return page.lines[0]


def again(occurrence):
    from hpf.workplan.queries.tasks import occurrence as read

    return read(occurrence.occurrence_id, ON, centre_id=occurrence.centre_id)


def codes(answer):
    return [reason.code for reason in answer.reasons]


def given_out(plan, centre, words="自评"):
    """The occurrence, broken down to 稽核科 and its clerk, with one file."""
    from hpf.workplan import services
    from hpf.workplan.queries.tasks import assignment

    occurrence = find(plan, words, centre.centre_id)
    view = assignment(occurrence.assignment_id, ON, centre_id=centre.centre_id)
    services.break_down(
        **centre.act(
            centre.director, assignment_id=view.assignment_id, version=view.version, measure_text="按指引自评并报省厅", section="稽核科",
            person_id=centre.clerk.user_id, person_name=centre.clerk.name,
        )
    )  # fmt: skip
    kept = services.add_evidence(
        **centre.act(centre.clerk, occurrence_id=occurrence.occurrence_id, filename="自评报告.pdf", content=PDF + fresh().encode())
    )
    assert kept.is_approved, kept.reasons
    return again(occurrence), kept.value


def test_a_task_goes_down_and_comes_up(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.history import history
    from hpf.workplan.rules.states import EventKind

    seated = services.Member(lanzhou.head.user_id, lanzhou.head.name, True)
    services.seat_section(**lanzhou.act(lanzhou.director, section="稽核科", members=(seated,)))
    occurrence, _ = given_out(plan, lanzhou, "自评报告")
    assert (occurrence.due_on, occurrence.last_workday_on) == (date(2024, 3, 31), date(2024, 3, 29))

    confirmed = services.confirm_breakdown(**lanzhou.act(lanzhou.director, assignment_ids=(occurrence.assignment_id,)))
    assert confirmed.is_approved
    done = services.finish(
        **lanzhou.act(lanzhou.clerk, occurrence_id=occurrence.occurrence_id, version=occurrence.version, words="自评92分，已成稿")
    )
    assert done.value.state == "DONE_BY_SECTION"
    up = services.report(**lanzhou.act(lanzhou.director, occurrence_ids=(occurrence.occurrence_id,), on=date(2024, 3, 25)))
    assert [moved.state for moved in up.value.occurrences] == ["REPORTED"]

    back = services.return_(
        **by_office(
            LANZHOU, occurrence_id=occurrence.occurrence_id, version=up.value.occurrences[0].version, reason="缺整改措施", on=date(2024, 3, 27)
        )
    )  # fmt: skip
    assert back.value.state == "RETURNED"
    fixed = services.finish(
        **lanzhou.act(lanzhou.head, occurrence_id=occurrence.occurrence_id, version=back.value.version, words="已补整改措施")
    )
    services.report(**lanzhou.act(lanzhou.director, occurrence_ids=(occurrence.occurrence_id,), on=date(2024, 3, 29)))
    accepted = services.accept(
        **by_office(LANZHOU, occurrence_id=occurrence.occurrence_id, version=fixed.value.version + 1, on=date(2024, 4, 1), opinion="同意")
    )
    assert accepted.value.state == "ACCEPTED"

    seen = again(occurrence)
    assert (seen.returns, seen.reported_on, seen.decided_by, seen.colour) == (1, date(2024, 3, 29), OFFICE.name, "GREEN")
    lines, total = history(centre_id=LANZHOU, occurrence_id=occurrence.occurrence_id)
    assert [line.kind for line in reversed(lines)] == [
        EventKind.BROKEN_DOWN, EventKind.EVIDENCE_ADDED, EventKind.CONFIRMED, EventKind.FINISHED, EventKind.REPORTED, EventKind.RETURNED,
        EventKind.FINISHED, EventKind.REPORTED, EventKind.ACCEPTED,
    ]  # fmt: skip
    returned = lines[3]
    assert (returned.before["state"], returned.after["state"], returned.text) == ("REPORTED", "RETURNED", "缺整改措施")
    assert total == 9


def test_the_province_asks_and_the_centre_answers(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.agenda import week

    occurrence, _ = given_out(plan, lanzhou, "永久居留身份证")
    done = services.finish(**lanzhou.act(lanzhou.clerk, occurrence_id=occurrence.occurrence_id, version=occurrence.version, words="已改造"))
    early = services.ask(**by_office(LANZHOU, occurrence_id=occurrence.occurrence_id, version=done.value.version, question="测试过吗？"))
    assert codes(early) == ["NOTHING_TO_ASK"]
    assert [each.occurrence_id for each in week(ON, centre_id=LANZHOU).waiting] == [occurrence.occurrence_id]
    services.report(**lanzhou.act(lanzhou.director, occurrence_ids=(occurrence.occurrence_id,), on=ON))
    asked = services.ask(
        **by_office(LANZHOU, occurrence_id=occurrence.occurrence_id, version=done.value.version + 1, question="测试过吗？")
    )
    assert again(occurrence).is_asked and again(occurrence).state == "REPORTED"
    mine, every = week(ON, centre_id=LANZHOU), week(ON, centre_id=None)
    assert [each.occurrence_id for each in mine.asked] == [occurrence.occurrence_id] and not mine.waiting
    assert mine.asked == every.asked == every.waiting
    services.answer(
        **lanzhou.act(lanzhou.clerk, occurrence_id=occurrence.occurrence_id, version=asked.value.version, text="三种证件各测十笔")
    )
    assert not again(occurrence).is_asked


def test_nothing_is_finished_without_evidence(plan, lanzhou):
    from hpf.workplan import services

    occurrence = find(plan, "亮码可办")
    refused = services.finish(
        **lanzhou.act(lanzhou.director, occurrence_id=occurrence.occurrence_id, version=occurrence.version, words="完成了")
    )
    assert codes(refused) == ["PROOF_MISSING"]
    assert again(occurrence) == occurrence


def test_who_is_not_responsible_does_not_finish_it(plan, lanzhou):
    from dataclasses import replace

    from hpf.workplan import services

    occurrence, _ = given_out(plan, lanzhou, "信息公开规定")
    other = replace(lanzhou.clerk, user_id="199", name="信贷科经办")
    refused = services.finish(**lanzhou.act(other, occurrence_id=occurrence.occurrence_id, version=occurrence.version, words="完成"))
    assert codes(refused) == ["NOT_YOUR_TASK"]
    assert "稽核科、兰州经办" in refused.reasons[0].message
    assert again(occurrence) == occurrence


def test_a_section_head_breaks_down_only_his_own_section(plan, tianshui):
    from hpf.workplan import services
    from hpf.workplan.queries.tasks import assignment

    services.seat_section(
        **tianshui.act(tianshui.director, section="归集科", members=(services.Member(tianshui.head.user_id, tianshui.head.name, True),))
    )
    occurrence = find(plan, "每月向省住建厅", TIANSHUI)
    given = {"assignment_id": occurrence.assignment_id, "version": 1, "measure_text": "每月一篇"}
    refused = services.break_down(**tianshui.act(tianshui.head, section="信贷科", **given))
    assert codes(refused) == ["SECTION_OF_OTHERS"] * len(refused.reasons)
    assert assignment(occurrence.assignment_id, ON, centre_id=TIANSHUI).version == 1
    assert services.break_down(**tianshui.act(tianshui.head, section="归集科", **given)).is_approved


def test_a_centre_reports_only_for_itself_and_the_attempt_is_kept(plan, lanzhou, tianshui):
    from hpf.access.queries import audit
    from hpf.db.command import NotPermitted
    from hpf.db.scope import centre_scope
    from hpf.workplan import services

    occurrence, _ = given_out(plan, lanzhou, "12329热线和短信")
    services.finish(**lanzhou.act(lanzhou.clerk, occurrence_id=occurrence.occurrence_id, version=occurrence.version, words="已采购"))
    before = again(occurrence)
    refused = services.report(**tianshui.act(tianshui.director, occurrence_ids=(occurrence.occurrence_id,), on=ON))
    assert codes(refused) == ["NOT_OF_CENTRE"]
    with pytest.raises(NotPermitted):
        services.report(**{**tianshui.act(tianshui.director, occurrence_ids=(occurrence.occurrence_id,), on=ON), "centre_id": LANZHOU})
    with centre_scope(TIANSHUI):
        lines, _ = audit(TIANSHUI, kind="REFUSED")
    assert [line.user_name for line in lines] == [tianshui.director.name]
    assert again(occurrence) == before


def test_many_go_up_together_or_none(plan, lanzhou):
    from hpf.workplan import services

    ready, _ = given_out(plan, lanzhou, "个人年度账单")
    services.finish(**lanzhou.act(lanzhou.clerk, occurrence_id=ready.occurrence_id, version=ready.version, words="上线"))
    waiting = find(plan, "网络安全等级保护")
    both = (ready.occurrence_id, waiting.occurrence_id)
    refused = services.report(**lanzhou.act(lanzhou.director, occurrence_ids=both, on=ON))
    assert codes(refused) == ["OCCURRENCE_WRONG_STATE"]
    assert again(ready).state == "DONE_BY_SECTION"
    assert len(services.report(**lanzhou.act(lanzhou.director, occurrence_ids=(ready.occurrence_id,), on=ON)).value.occurrences) == 1
    assert services.report(**lanzhou.act(lanzhou.director, occurrence_ids=(ready.occurrence_id,), on=ON)).value.already == 1


def test_a_deadline_moves_with_a_reason_and_the_first_date_stays(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.history import deadline_moves

    occurrence = find(plan, "先行先试")
    assert occurrence.due_on == date(2024, 9, 30)
    given = {"occurrence_id": occurrence.occurrence_id, "version": occurrence.version, "to_on": date(2024, 10, 5)}
    assert codes(services.move_deadline(**by_office(LANZHOU, reason=" ", **given))) == ["REASON_MISSING"]
    moved = services.move_deadline(**by_office(LANZHOU, reason="系统改造延期", **given))
    assert moved.value.first_due_on == date(2024, 9, 30)
    seen = again(occurrence)
    assert (seen.due_on, seen.first_due_on, seen.last_workday_on, seen.moves) == (
        date(2024, 10, 5),
        date(2024, 9, 30),
        date(2024, 9, 30),
        1,
    )
    assert [(move.from_on, move.reason) for move in deadline_moves(occurrence.occurrence_id, centre_id=LANZHOU)] == [
        (date(2024, 9, 30), "系统改造延期")
    ]


def test_an_event_sets_the_dates_that_hang_on_it(plan, lanzhou):
    from hpf.workplan import services

    occurrence = find(plan, "审议前10个工作日")
    told = services.record_event(
        **lanzhou.act(lanzhou.director, assignment_id=occurrence.assignment_id, event_on=date(2024, 5, 10), what="管委会审议基数调整")
    )
    assert date(2024, 4, 24) in told.value.due_on
    again_ = services.record_event(
        **lanzhou.act(lanzhou.director, assignment_id=occurrence.assignment_id, event_on=date(2024, 5, 10), what="管委会审议基数调整")
    )
    assert again_.value.due_on == told.value.due_on


def test_a_command_sent_twice_is_done_once(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.history import history

    occurrence = find(plan, "12329热线和短信")
    given = lanzhou.act(lanzhou.clerk, occurrence_id=occurrence.occurrence_id, text="热线已试运行")
    assert services.comment(**given) == services.comment(**given)
    lines, _ = history(centre_id=LANZHOU, occurrence_id=occurrence.occurrence_id)
    assert sum(line.text == "热线已试运行" for line in lines) == 1


def test_other_centres_are_not_touched_by_lanzhous_work(plan):
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    page = occurrence_page(Wanted(plan_id=plan.plan_id), ON, centre_id=JIAYUGUAN, limit=500)
    assert {line.centre_id for line in page.lines} == {JIAYUGUAN}
    assert {line.state for line in page.lines} == {"OPEN"} and {line.version for line in page.lines} == {1}
    assert page.total == len(page.lines)
