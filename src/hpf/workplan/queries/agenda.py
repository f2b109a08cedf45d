"""本周要办 日历 提醒: what I must do, what is due on which day, and what I was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hpf.kernel.period import Month
from hpf.workplan.queries.source import LIGHT, asked, rows
from hpf.workplan.queries.tasks import WORKING, OccurrenceView, Wanted, occurrence_lists
from hpf.workplan.rules.lights import Colour
from hpf.workplan.rules.states import NoticeKind, OccurrenceState


@dataclass(frozen=True, slots=True)
class Week:
    """What is to be done: late first, then due from today to Sunday, then what the province asks, then what waits for somebody's word.

    Each by date. In a centre `waiting` is what its sections have finished, for the province what the centres have reported.
    """

    sunday: date
    late: tuple[OccurrenceView, ...]
    due: tuple[OccurrenceView, ...]
    asked: tuple[OccurrenceView, ...]
    waiting: tuple[OccurrenceView, ...]


def week(on: date, *, centre_id: int | None, person_id: str | None = None, section: str | None = None, limit: int = 200) -> Week:
    """本周要办 of a person, a section, a centre or, without one, the province: one query, nothing of a plan that has ended.

    What is late is red, as its light says: a measured one whose figure is met is not. `waiting` is of the whole centre.
    """
    sunday = on + timedelta(days=6 - on.weekday())
    whose: dict[str, Any] = {"person_id": person_id, "section": section, "running": True}
    waiting = OccurrenceState.REPORTED if centre_id is None else OccurrenceState.DONE_BY_SECTION
    lists = (
        Wanted(states=WORKING, colours=(Colour.RED,), **whose), Wanted(states=WORKING, since=on, until=sunday, **whose),
        Wanted(asked=True, **whose), Wanted(states=(waiting,), running=True),
    )  # fmt: skip
    return Week(sunday, *occurrence_lists(lists, on, centre_id=centre_id, limit=limit))


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
    WHERE {where}
    ORDER BY n.id DESC LIMIT %(limit)s OFFSET %(offset)s"""
_OF = {
    "kinds": "n.kind = ANY(%(kinds)s)", "person": "n.to_person_id = %(person)s", "section": "n.to_section = %(section)s",
    "unseen": "n.seen_at IS NULL", "occurrence": "n.occurrence_id = %(occurrence)s",
}  # fmt: skip


def notices(
    *, centre_id: int | None, kinds: Sequence[NoticeKind] | None = None, person_id: str | None = None, section: str | None = None,
    unseen: bool = False, occurrence_id: int | None = None, limit: int = 50, offset: int = 0,
) -> tuple[list[NoticeView], int]:  # fmt: skip
    """A page of notices, newest first, and how many. The director reads DIRECTOR, the province PROVINCE."""
    given = {
        "kinds": None if kinds is None else [str(kind) for kind in kinds], "person": person_id, "section": section, "unseen": unseen or None,
        "occurrence": occurrence_id, "limit": limit, "offset": offset,
    }  # fmt: skip
    found = rows(_NOTICES.replace("{where}", asked(_OF, given)), given, centre_id)
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
