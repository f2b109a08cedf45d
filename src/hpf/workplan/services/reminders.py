"""提醒与督办: before the date, on it and after it; then to the director, then to the province. Each once for a date."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.workplan.models import Notice
from hpf.workplan.rules.states import NoticeKind

_REMIND = """
    WITH open AS (
        SELECT o.id, o.task_id, o.plan_id, o.assignment_id, o.due_on, o.last_workday_on, o.period, o.state, a.section, a.person_id,
               a.person_name, t.title, p.warn_days, p.director_days, p.province_days, o.due_on - %(on)s::date AS days_left
        FROM workplan_occurrence o JOIN workplan_assignment a ON a.id = o.assignment_id JOIN workplan_task t ON t.id = o.task_id
        JOIN workplan_plan p ON p.id = o.plan_id
        WHERE o.centre_id = %(centre)s AND p.state = 'ACTIVE' AND o.starts_on <= %(on)s
          AND (NOT o.is_measured AND o.state IN ('OPEN', 'DONE_BY_SECTION', 'RETURNED')
               OR o.is_measured AND o.state <> 'WITHDRAWN' AND o.is_met IS NOT TRUE)),
    due AS (
        SELECT open.*, k.kind, k.to_role FROM open CROSS JOIN (VALUES ('BEFORE', ''), ('DUE', ''), ('LATE', ''), ('DIRECTOR', 'DIRECTOR'), ('PROVINCE', 'PLAN_OFFICE')) AS k(kind, to_role)
        WHERE CASE k.kind WHEN 'BEFORE' THEN days_left BETWEEN 1 AND warn_days WHEN 'DUE' THEN days_left = 0 WHEN 'LATE' THEN days_left < 0
                          WHEN 'DIRECTOR' THEN days_left <= -greatest(director_days, 1) ELSE days_left <= -greatest(province_days, 1) END),
    told AS (
        INSERT INTO workplan_notice (centre_id, occurrence_id, kind, due_on, noticed_on, to_role, to_section, to_person_id, text, seen_by)
        SELECT %(centre)s, id, kind, due_on, %(on)s, to_role, section, person_id,
               '“' || title || '”' || CASE kind
                   WHEN 'BEFORE' THEN '将于' || to_char(due_on, 'FMMM"月"FMDD"日"') || '到期，还有' || days_left || '天'
                                      || CASE WHEN last_workday_on < due_on THEN '，此前最后一个工作日是' || to_char(last_workday_on, 'FMMM"月"FMDD"日"') ELSE '' END
                   WHEN 'DUE' THEN '今天到期' ELSE '已逾期' || -days_left || '天' END
               || '，尚未' || CASE WHEN state = 'DONE_BY_SECTION' THEN '上报，请主任确认后上报' ELSE '办结，请尽快办理' END
               || CASE WHEN kind IN ('DIRECTOR', 'PROVINCE') THEN '；责任科室' || CASE section WHEN '' THEN '未分派' ELSE section END
                       || CASE person_name WHEN '' THEN '' ELSE '，责任人' || person_name END ELSE '' END || '。', ''
        FROM due ON CONFLICT (occurrence_id, kind, due_on) DO NOTHING RETURNING occurrence_id, kind, text),
    escalated AS (
        INSERT INTO workplan_event (centre_id, plan_id, task_id, assignment_id, occurrence_id, kind, at, by_id, by_name, text, before, after)
        SELECT %(centre)s, o.plan_id, o.task_id, o.assignment_id, o.id, 'ESCALATED', %(at)s, %(by)s, %(name)s, told.text, '{}', '{}'
        FROM told JOIN open o ON o.id = told.occurrence_id WHERE told.kind IN ('DIRECTOR', 'PROVINCE'))
    SELECT kind, count(*) FROM told GROUP BY kind"""


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many notices were written now; those written before are not written again."""

    before: int
    due: int
    late: int
    director: int
    province: int


@dataclass(frozen=True, slots=True)
class Seen:
    notices: int


@command("workplan.remind")
def remind(*, by: Actor, centre_id: int, on: date, at: datetime, key: str) -> Reminded:
    """提醒 of one centre on one day, by one statement. The days are the plan's settings.

    Again    a notice of a kind is written once for a date; a moved deadline is a new date
    """
    with connection.cursor() as cursor:
        cursor.execute(_REMIND, {"centre": centre_id, "on": on, "at": at, "by": by.user_id, "name": by.name})
        counted = Counter({NoticeKind(kind): number for kind, number in cursor.fetchall()})
    return Reminded(*(counted[kind] for kind in NoticeKind))


@command("workplan.comment")
def see_notices(*, by: Actor, centre_id: int, notice_ids: tuple[int, ...], at: datetime, key: str) -> Seen:
    """已阅: the first who looks is kept."""
    rows = Notice.objects.filter(centre_id=centre_id, id__in=notice_ids, seen_at=None)
    return Seen(rows.update(seen_by=by.name, seen_at=at))
