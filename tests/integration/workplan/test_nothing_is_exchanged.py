"""Evidence, history, editions and accepted occurrences against raw SQL; centres against each other; two people at once."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError

from tests.integration.workplan.conftest import JIAYUGUAN, LANZHOU, OFFICE, PDF, PROVINCE, by_office, fresh

ON = date(2024, 3, 20)


def codes(answer):
    return [reason.code for reason in answer.reasons]


def prepared(plan, centre, words):
    """An occurrence with one file, finished and reported."""
    from hpf.workplan import services
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    occurrence = occurrence_page(Wanted(plan_id=plan.plan_id, text=words), ON, centre_id=centre.centre_id).lines[0]
    kept = services.add_evidence(
        **centre.act(centre.director, occurrence_id=occurrence.occurrence_id, filename="佐证.pdf", content=PDF + fresh().encode())
    )
    services.finish(**centre.act(centre.director, occurrence_id=occurrence.occurrence_id, version=occurrence.version, words="已办"))
    services.report(**centre.act(centre.director, occurrence_ids=(occurrence.occurrence_id,), on=ON))
    return occurrence, kept.value


def refused_by_database(sql, values, centre_id=LANZHOU, alias="default"):
    """Raw SQL of the application (or of the owner of the tables) is refused, and says why."""
    from hpf.db.scope import centre_scope

    refusal, session = pytest.raises(ProgrammingError), connections[alias]
    with centre_scope(centre_id), refusal as refused, transaction.atomic(using=alias), session.cursor() as cursor:
        cursor.execute("SELECT set_config('hpf.centre', %s, true)", [str(centre_id)])
        cursor.execute(sql, values)
    return str(refused.value)


def test_evidence_is_never_exchanged_before_or_after_acceptance(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.history import evidence, evidence_file

    occurrence, kept = prepared(plan, lanzhou, "自评报告")
    other = PDF + b"other"
    exchange = "UPDATE workplan_evidence SET content = %s, sha256 = encode(sha256(%s), 'hex') WHERE id = %s"
    for alias in ("default", "owner"):
        assert "不得更换" in refused_by_database(exchange, [other, other, kept.evidence_id], alias=alias)
        assert "不得更换" in refused_by_database(
            "UPDATE workplan_evidence SET filename = 'x.pdf' WHERE id = %s", [kept.evidence_id], alias=alias
        )
    assert "不得删除" in refused_by_database("DELETE FROM workplan_evidence WHERE id = %s", [kept.evidence_id], alias="owner")
    assert services.accept(**by_office(LANZHOU, occurrence_id=occurrence.occurrence_id, version=3, on=ON)).is_approved
    for alias in ("default", "owner"):
        assert "已认可" in refused_by_database(exchange, [other, other, kept.evidence_id], alias=alias)
        withdraw = "UPDATE workplan_evidence SET withdrawn_at = now(), withdrawn_by = 'x', withdrawn_reason = 'x' WHERE id = %s"
        assert "已认可" in refused_by_database(withdraw, [kept.evidence_id], alias=alias)
        reopen = "UPDATE workplan_occurrence SET state = 'OPEN' WHERE id = %s"
        assert "不得再改" in refused_by_database(reopen, [occurrence.occurrence_id], alias=alias)
    late = services.add_evidence(
        **lanzhou.act(lanzhou.director, occurrence_id=occurrence.occurrence_id, filename="补.pdf", content=PDF + b"late")
    )
    assert codes(late) == ["EVIDENCE_SEALED"]
    assert codes(services.withdraw_evidence(**lanzhou.act(lanzhou.director, evidence_id=kept.evidence_id, reason="换"))) == [
        "EVIDENCE_SEALED"
    ]
    (only,) = evidence(occurrence.occurrence_id, centre_id=LANZHOU)
    name, _, content = evidence_file(only.evidence_id, LANZHOU)
    assert (name, content.startswith(PDF), only.withdrawn_at) == ("佐证.pdf", True, None)


def test_evidence_is_withdrawn_in_the_open_and_not_while_the_report_is_up(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.history import evidence

    occurrence, kept = prepared(plan, lanzhou, "永久居留身份证")
    assert codes(services.withdraw_evidence(**lanzhou.act(lanzhou.director, evidence_id=kept.evidence_id, reason="传错"))) == [
        "EVIDENCE_REPORTED"
    ]
    services.return_(**by_office(LANZHOU, occurrence_id=occurrence.occurrence_id, version=3, reason="文件不对", on=ON))
    assert codes(services.withdraw_evidence(**lanzhou.act(lanzhou.director, evidence_id=kept.evidence_id, reason=""))) == ["REASON_MISSING"]
    assert services.withdraw_evidence(**lanzhou.act(lanzhou.director, evidence_id=kept.evidence_id, reason="传错")).is_approved
    (shown,) = evidence(occurrence.occurrence_id, centre_id=None)
    assert (shown.withdrawn_by, shown.withdrawn_reason) == (lanzhou.director.name, "传错")
    assert "不得更换" in refused_by_database("UPDATE workplan_evidence SET withdrawn_at = NULL WHERE id = %s", [kept.evidence_id])


def test_bad_files_are_no_evidence(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.history import evidence
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    occurrence = occurrence_page(Wanted(plan_id=plan.plan_id, text="亮码可办"), ON, centre_id=LANZHOU).lines[0]

    def offered(filename, content):
        return codes(
            services.add_evidence(
                **lanzhou.act(lanzhou.director, occurrence_id=occurrence.occurrence_id, filename=filename, content=content)
            )
        )

    assert offered("空.pdf", b"") == ["EVIDENCE_EMPTY"]
    assert offered("程序.exe", b"MZ") == ["EVIDENCE_KIND_UNKNOWN"]
    assert offered("改名.pdf", b"PK\x03\x04") == ["EVIDENCE_NOT_AS_NAMED"]
    assert offered("大.pdf", PDF + b"0" * (20 * 1024 * 1024)) == ["EVIDENCE_TOO_LARGE"]
    assert evidence(occurrence.occurrence_id, centre_id=LANZHOU) == []
    assert offered("一.pdf", PDF + b"1") == [] and offered("二.pdf", PDF + b"1") == ["EVIDENCE_TWICE"]


def test_history_moves_editions_and_clauses_only_grow(plan):
    for table, change in (
        ("event", "text = ''"),
        ("deadlinemove", "reason = ''"),
        ("edition", "filename = ''"),
        ("clause", "heading = ''"),
    ):
        assert "只增不改" in refused_by_database(f"UPDATE workplan_{table} SET {change}", [], PROVINCE, "owner")
        assert "只增不改" in refused_by_database(f"DELETE FROM workplan_{table}", [], PROVINCE, "owner")
    assert "permission denied" in refused_by_database("DELETE FROM workplan_occurrence", [])


def test_a_centre_sees_and_writes_its_own_rows_only(plan, lanzhou):
    from hpf.db.scope import centre_scope

    for table in ("assignment", "occurrence", "evidence", "measure", "deadlinemove", "reading", "notice", "sectionmember"):
        with centre_scope(JIAYUGUAN), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM workplan_{table} WHERE centre_id <> %s", [JIAYUGUAN])
            assert cursor.fetchone() == (0,), table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM workplan_{table}")
            assert cursor.fetchone() == (0,), table
    with centre_scope(JIAYUGUAN), connection.cursor() as cursor:
        cursor.execute("UPDATE workplan_occurrence SET words = 'x' WHERE centre_id = %s", [LANZHOU])
        assert cursor.rowcount == 0
        cursor.execute("UPDATE workplan_task SET title = 'x'")
        assert cursor.rowcount == 0
        cursor.execute("SELECT DISTINCT centre_id FROM workplan_event WHERE centre_id <> %s", [JIAYUGUAN])
        assert cursor.fetchall() == [(PROVINCE,)]
    written = """INSERT INTO workplan_notice (centre_id, occurrence_id, kind, due_on, noticed_on, to_role, to_section, to_person_id, text, seen_by)
                 SELECT %s, 1, 'DUE', '2024-03-31', '2024-03-31', '', '', '', '', ''"""
    assert "row-level security" in refused_by_database(written, [LANZHOU], JIAYUGUAN)


def test_who_looked_before_a_change_is_told_who_changed_what(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.tasks import assignment, assignments

    seen = assignments(ON, centre_id=LANZHOU, plan_id=plan.plan_id, limit=1)[0]
    given = {"assignment_id": seen.assignment_id, "version": seen.version}
    services.break_down(**lanzhou.act(lanzhou.director, measure_text="先改的", section="办公室", **given))
    late = services.break_down(**lanzhou.act(lanzhou.director, measure_text="后改的", section="归集科", **given))
    assert codes(late) == ["CHANGED_MEANWHILE"]
    assert "兰州主任于2月5日10:00修改（分解）" in late.reasons[0].message
    assert assignment(seen.assignment_id, ON, centre_id=LANZHOU).measure_text == "先改的"

    from hpf.workplan.queries.tasks import task

    view = task(seen.task_id)
    services.change_task(**by_office(task_id=seen.task_id, version=view.version, title="新名称"))
    stale = services.change_task(**by_office(task_id=seen.task_id, version=view.version, title="另一个名称"))
    assert codes(stale) == ["CHANGED_MEANWHILE"] and task(seen.task_id).title == "新名称"


def test_two_at_the_same_moment_one_saves_and_one_is_told(plan, lanzhou):
    from hpf.workplan import services
    from hpf.workplan.queries.tasks import assignment, assignments

    seen = assignments(ON, centre_id=LANZHOU, plan_id=plan.plan_id, limit=1, offset=3)[0]
    together, answers = threading.Barrier(2), []

    def change(section):
        try:
            together.wait()
            answers.append(
                services.break_down(
                    **lanzhou.act(
                        lanzhou.director, assignment_id=seen.assignment_id, version=seen.version, measure_text=section, section=section
                    )
                )
            )  # fmt: skip
        finally:
            connections.close_all()

    threads = [threading.Thread(target=change, args=(section,)) for section in ("归集科", "信贷科")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes(answer) for answer in answers) == [[], ["CHANGED_MEANWHILE"]]
    assert assignment(seen.assignment_id, ON, centre_id=LANZHOU).version == seen.version + 1


def test_the_provinces_officer_counts_in_every_centre(plan):
    from hpf.access import queries as access
    from hpf.access.queries import AppointmentView, UserView

    office = AppointmentView(1, "PLAN_OFFICE", "省厅台账管理", "SUPERVISOR", PROVINCE, None, None, frozenset({"workplan.decide"}))
    user = UserView(9001, OFFICE.name, "SUPERVISOR", True, True, None, None, (office,))
    for centre_id in (PROVINCE, LANZHOU, 16):
        assert access.actor(user, centre_id).may("workplan.decide", centre_id)
    assert user.at_centre(LANZHOU) == ()
    staff = UserView(7, "兰州主任", "STAFF", True, True, None, None, (AppointmentView(2, "DIRECTOR", "主任", "STAFF", LANZHOU, None, None, frozenset({"workplan.report"})),))  # fmt: skip
    assert access.actor(staff, LANZHOU).may("workplan.report", LANZHOU)
    assert not access.actor(staff, JIAYUGUAN).may("workplan.report", JIAYUGUAN)
