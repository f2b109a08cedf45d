"""本周要办 日历 提醒: what I must do, what is due on which day, and what I was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hpf.kernel.period import Month
from hpf.workplan.queries.source import LIGHT, rows
from hpf.workplan.queries.tasks import WORKING, OccurrenceView, Wanted, occurrence_lines
from hpf.workplan.rules.lights import Colour
from hpf.workplan.rules.states import NoticeKind


@dataclass(frozen=True, slots=True)
class Week:
    """What is to be done: late first, then due in the seven days from Monday, then what the province asks; each by date."""

    monday: date
    late: tuple[OccurrenceView, ...]
    due: tuple[OccurrenceView, ...]
    asked: tuple[OccurrenceView, ...]


def week(centre_id: int, on: date, *, person_id: str | None = None, section: str | None = None, limit: int = 200) -> Week:
    """本周要办 of a person, a section or the whole centre. Three lists; nothing that is reported or accepted, or of a plan that has ended."""
    monday = on - timedelta(days=on.weekday())
    sunday = monday + timedelta(days=6)

    def lines(**given: object) -> tuple[OccurrenceView, ...]:
        wanted = Wanted(person_id=person_id, section=section, running=True, **given)  # type: ignore[arg-type]
        return occurrence_lines(wanted, on, centre_id=centre_id, limit=limit)

    open_ones = {"states": WORKING}
    return Week(monday, lines(until=on - timedelta(days=1), **open_ones), lines(since=on, until=sunday, **open_ones), lines(asked=True))


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """Occurrences of one task due on one day. In the province's calendar of several centres together."""

    due_on: date
    task_id: int
    task_no: int
    title: str
    centres: tuple[int, ...]
    occurrence_ids: tuple[int, ...]
    colour: Colour


_CALENDAR = f"""SELECT o.due_on, t.id, t.task_no, t.title, array_agg(o.centre_id ORDER BY o.centre_id), array_agg(o.id ORDER BY o.centre_id),
       (ARRAY['GREY', 'GREEN', 'YELLOW', 'RED'])[max(CASE {LIGHT} WHEN 'RED' THEN 4 WHEN 'YELLOW' THEN 3 WHEN 'GREEN' THEN 2 ELSE 1 END)]
    FROM workplan_occurrence{{v}} o JOIN workplan_task{{v}} t ON t.id = o.task_id JOIN workplan_plan{{v}} p ON p.id = o.plan_id
    WHERE o.due_on BETWEEN %(since)s AND %(until)s AND o.state <> 'WITHDRAWN' AND (o.plan_id = %(plan)s OR %(plan)s::bigint IS NULL AND p.state = 'ACTIVE')
    GROUP BY o.due_on, t.id, t.task_no, t.title ORDER BY o.due_on, t.task_no"""


def calendar(month: Month, on: date, *, centre_id: int | None, plan_id: int | None = None) -> list[CalendarLine]:
    """日历 of a month, of one plan or of all that still run: one query."""
    given = {"since": month.first_day, "until": (month + 1).first_day - timedelta(days=1), "on": on, "plan": plan_id}
    return [CalendarLine(*row[:4], tuple(row[4]), tuple(row[5]), Colour(row[6])) for row in rows(_CALENDAR, given, centre_id)]


@dataclass(frozen=True, slots=True)
class NoticeView:
    notice_id: int
    centre_id: int
    occurrence_id: int
    kind: NoticeKind
    noticed_on: date
    to_role: str
    to_section: str
    to_person_id: str
    text: str
    seen_by: str
    seen_at: datetime | None


_NOTICES = """SELECT n.id, n.centre_id, n.occurrence_id, n.kind, n.noticed_on, n.to_role, n.to_section, n.to_person_id, n.text, n.seen_by,
       n.seen_at, count(*) OVER ()
    FROM workplan_notice{v} n
    WHERE (%(kinds)s::text[] IS NULL OR n.kind = ANY(%(kinds)s)) AND (%(person)s::text IS NULL OR n.to_person_id = %(person)s)
      AND (%(section)s::text IS NULL OR n.to_section = %(section)s) AND (NOT %(unseen)s OR n.seen_at IS NULL)
      AND (%(occurrence)s::bigint IS NULL OR n.occurrence_id = %(occurrence)s)
    ORDER BY n.id DESC LIMIT %(limit)s OFFSET %(offset)s"""


def notices(
    *, centre_id: int | None, kinds: Sequence[NoticeKind] | None = None, person_id: str | None = None, section: str | None = None,
    unseen: bool = False, occurrence_id: int | None = None, limit: int = 50, offset: int = 0,
) -> tuple[list[NoticeView], int]:  # fmt: skip
    """A page of notices, newest first, and how many. The director reads DIRECTOR, the province PROVINCE."""
    given = {
        "kinds": None if kinds is None else [str(kind) for kind in kinds], "person": person_id, "section": section, "unseen": unseen,
        "occurrence": occurrence_id, "limit": limit, "offset": offset,
    }  # fmt: skip
    found = rows(_NOTICES, given, centre_id)
    return [NoticeView(*row[:3], NoticeKind(row[3]), *row[4:11]) for row in found], found[0][11] if found else 0


@dataclass(frozen=True, slots=True)
class SectionView:
    """科室 with its people as (person_id, name, is_head)."""

    section: str
    members: tuple[tuple[str, str, bool], ...]


def sections(centre_id: int) -> list[SectionView]:
    sql = """SELECT section, json_agg(json_build_array(person_id, person_name, is_head) ORDER BY is_head DESC, id)
             FROM workplan_sectionmember{v} GROUP BY section ORDER BY section"""
    return [SectionView(name, tuple(tuple(each) for each in members)) for name, members in rows(sql, {}, centre_id)]


def sections_headed_by(centre_id: int, person_id: str) -> frozenset[str]:
    sql = "SELECT section FROM workplan_sectionmember{v} WHERE person_id = %(person)s AND is_head"
    return frozenset(row[0] for row in rows(sql, {"person": person_id}, centre_id))
