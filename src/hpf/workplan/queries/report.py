"""进展报告的事实: how the ledger stood at the end of a day, taken from the history and not from what came after.

The province is read through the published views, a centre in its own scope through its tables; both have the same columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections

from hpf.kernel.period import Month
from hpf.parties import queries as parties
from hpf.workplan.queries.measures import is_met, measure_named
from hpf.workplan.rules.report import Facts, Item, Measured, Moved, PlannedMeasure, Report, Returned
from hpf.workplan.rules.report_text import compose
from hpf.workplan.rules.states import EventKind, OccurrenceState

LOCAL = ZoneInfo("Asia/Shanghai")


class NoSuchPlan(LookupError):
    """No plan has this number, or none is of this year."""


def monthly(plan_id: int, month: Month, centre_id: int | None, on: date, *, made_by: str = "") -> Report:
    """The report of a month, written on a day; of a month that is not over it tells up to that day.

    With a centre, in that centre's scope. Nine statements at most, however many centres.
    """
    facts = month_facts(plan_id, month, centre_id, on, made_by=made_by)
    return compose(facts)


def yearly(plan_id: int, centre_id: int | None, on: date, *, made_by: str = "") -> Report:
    """The report of the plan's whole year up to a day."""
    reading = _Reading.of(centre_id)
    plan = reading.plan(plan_id)
    since = date(plan.year, 1, 1)
    return compose(
        _facts(
            reading,
            plan,
            _Span(
                f"{plan.year}年",
                "本年",
                f"{plan.year + 1}年",
                since,
                _until(since, date(plan.year, 12, 31), on),
                date(plan.year + 1, 12, 31),
            ),
            on,
            made_by,
        )
    )


def month_facts(plan_id: int, month: Month, centre_id: int | None, on: date, *, made_by: str = "") -> Facts:
    reading = _Reading.of(centre_id)
    following = month + 1
    last = following.first_day - timedelta(days=1)
    next_period = f"{following.month}月" if following.year == month.year else following.text
    next_last = (following + 1).first_day - timedelta(days=1)
    span = _Span(month.text, "本月", next_period, month.first_day, _until(month.first_day, last, on), next_last)
    return _facts(reading, reading.plan(plan_id), span, on, made_by)


def plan_of_year(year: int) -> int:
    """The latest plan of a year. Raises NoSuchPlan."""
    with connections["observer"].cursor() as cursor:
        cursor.execute("SELECT max(id) FROM workplan_plan_v1 WHERE year = %s", [year])
        found = cursor.fetchone()[0]
    if found is None:
        raise NoSuchPlan(f"没有{year}年度的工作要点，请先载入要点文件")
    return int(found)


def _until(since: date, last: date, on: date) -> date:
    return max(since, min(last, on))


# ------------------------------------------------------------------ reading


@dataclass(frozen=True, slots=True)
class _Span:
    period: str
    this: str
    next_period: str
    since: date
    until: date
    next_until: date


@dataclass(frozen=True, slots=True)
class _Plan:
    plan_id: int
    year: int
    title: str
    number: str
    issuer: str
    warn_days: int


@dataclass(slots=True)
class _Course:
    """What became of one occurrence up to the end of a day."""

    state: OccurrenceState = OccurrenceState.OPEN
    reported_on: date | None = None
    decided_on: date | None = None
    returned_on: date | None = None
    opinion: str = ""
    said: str = ""
    returns: list[Returned] = field(default_factory=list)

    def take(self, occurrence_id: int, kind: str, at: datetime, name: str, text: str) -> None:
        on = at.astimezone(LOCAL).date()
        if kind in _STATES:
            self.state = _STATES[kind]
        if kind == EventKind.REPORTED:
            self.reported_on = on
        elif kind == EventKind.ACCEPTED:
            self.decided_on = on
        elif kind == EventKind.RETURNED:
            self.returned_on, self.opinion = on, text
            self.returns.append(Returned(occurrence_id, on, text))
        elif kind == EventKind.ANSWERED:
            self.said = text
        elif kind == EventKind.COMMENTED:
            self.said = f"{name}批注：{text}"


_STATES = {
    EventKind.FINISHED.value: OccurrenceState.DONE_BY_SECTION,
    EventKind.REOPENED.value: OccurrenceState.OPEN,
    EventKind.REPORTED.value: OccurrenceState.REPORTED,
    EventKind.RETURNED.value: OccurrenceState.RETURNED,
    EventKind.ACCEPTED.value: OccurrenceState.ACCEPTED,
}


@dataclass(frozen=True, slots=True)
class _Reading:
    """Where rows come from: the observer's views for the province, the tables for one centre in its scope."""

    centre_id: int | None
    alias: str
    suffix: str

    @classmethod
    def of(cls, centre_id: int | None) -> _Reading:
        return cls(None, "observer", "_v1") if centre_id is None else cls(centre_id, "default", "")

    def rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """`{name}` is table or view; `{own}` narrows to the centre, its parameter comes last."""
        own = "" if self.centre_id is None else "AND o.centre_id = %s"
        names = {
            name: f"workplan_{name}{self.suffix}" for name in ("plan", "task", "assignment", "occurrence", "event", "reading", "measure")
        }
        text = sql.format(own=own, moves=f"workplan_deadlinemove{self.suffix}", **names)
        with connections[self.alias].cursor() as cursor:
            cursor.execute(text, [*values, *([] if self.centre_id is None else [self.centre_id])])
            return list(cursor.fetchall())

    def plan(self, plan_id: int) -> _Plan:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(f"SELECT id, year, title, number, issuer, warn_days FROM workplan_plan{self.suffix} WHERE id = %s", [plan_id])
            found = cursor.fetchone()
        if found is None:
            raise NoSuchPlan(f"没有编号为{plan_id}的工作要点")
        return _Plan(*found)


_OCCURRENCES = """
    SELECT o.id, o.centre_id, t.task_no, t.title, t.anchor, t.part, t.part_heading, o.period, o.starts_on, o.due_on, a.section,
           a.person_name, o.words, o.is_measured, o.is_met, o.value, o.measured_on, t.operator, coalesce(a.target, t.target),
           a.measure_text, a.id, t.measure_code
    FROM {occurrence} o JOIN {task} t ON t.id = o.task_id JOIN {assignment} a ON a.id = o.assignment_id
    WHERE o.plan_id = %s AND o.state <> 'WITHDRAWN' AND t.state = 'ACTIVE' {own} ORDER BY t.task_no, o.due_on, o.centre_id"""
_EVENTS = """
    SELECT o.occurrence_id, o.kind, o.at, o.by_name, o.text FROM {event} o
    WHERE o.plan_id = %s AND o.at < %s AND o.occurrence_id IS NOT NULL
      AND o.kind IN ('FINISHED', 'REOPENED', 'REPORTED', 'RETURNED', 'ACCEPTED', 'ANSWERED', 'COMMENTED') {own} ORDER BY o.id"""
_MOVES = """
    SELECT m.occurrence_id, m.moved_at, m.from_on, m.to_on, m.reason, m.moved_by
    FROM {moves} m JOIN {occurrence} o ON o.id = m.occurrence_id
    WHERE o.plan_id = %s AND m.moved_at >= %s AND m.moved_at < %s {own} ORDER BY m.id"""
_READINGS = """
    SELECT r.assignment_id, r.month, r.value, r.source, r.entered_by_name, r.signed_by_name
    FROM {reading} r JOIN {assignment} o ON o.id = r.assignment_id
    WHERE o.plan_id = %s AND r.month <= %s AND NOT r.is_superseded AND (r.source = 'COMPUTED' OR r.signed_by <> '') {own}
    ORDER BY r.month DESC, r.source"""
_MEASURES = """
    SELECT m.centre_id, t.task_no, m.title, m.section, m.person_name, m.due_on, m.state
    FROM {measure} m JOIN {assignment} o ON o.id = m.assignment_id JOIN {task} t ON t.id = o.task_id
    WHERE o.plan_id = %s AND m.state <> 'DROPPED' {own} ORDER BY t.task_no, m.due_on NULLS LAST, m.id"""


def _facts(reading: _Reading, plan: _Plan, span: _Span, on: date, made_by: str) -> Facts:
    known = parties.centres()
    names = {each.centre_id: each.short_name for each in known}
    end = _midnight(span.until + timedelta(days=1))
    courses: dict[int, _Course] = defaultdict(_Course)
    for occurrence_id, kind, at, name, text in reading.rows(_EVENTS, [plan.plan_id, end]):
        courses[occurrence_id].take(occurrence_id, kind, at, name, text)
    figures: dict[int, list[_Figure]] = defaultdict(list)
    for assignment_id, month, *told in reading.rows(_READINGS, [plan.plan_id, Month.of(span.until).index]):
        if not figures[assignment_id] or figures[assignment_id][-1].month != month:
            figures[assignment_id].append(_Figure(month, *told))
    rows = reading.rows(_OCCURRENCES, [plan.plan_id])
    moved = reading.rows(_MOVES, [plan.plan_id, _midnight(span.since), end])
    full = next((each.name for each in known if each.centre_id == reading.centre_id), "")
    return Facts(
        plan.title, plan.number, plan.issuer, plan.year, span.period, span.this, span.next_period, span.since, span.until, span.next_until,
        on, made_by, reading.centre_id, full, plan.warn_days,
        items=tuple(_item(row, courses[row[0]], figures, names, span.until) for row in rows),
        returned=tuple(each for row in rows for each in courses[row[0]].returns if each.on >= span.since),
        moved=tuple(Moved(row[0], row[1].astimezone(LOCAL).date(), *row[2:]) for row in moved),
        measured=tuple(_measured(rows, figures, names)),
        measures=tuple(PlannedMeasure(*row) for row in reading.rows(_MEASURES, [plan.plan_id])),
        centres=tuple((each.centre_id, each.short_name) for each in known if reading.centre_id in (None, each.centre_id)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Figure:
    month: int
    value: Decimal
    source: str
    entered_by: str
    signed_by: str

    @property
    def text(self) -> str:
        return "平台计算" if self.source == "COMPUTED" else f"{self.entered_by}填报\n{self.signed_by}签认"


def _item(row: tuple[Any, ...], course: _Course, figures: dict[int, list[_Figure]], names: dict[int, str], until: date) -> Item:
    (number, centre_id, task_no, title, anchor, part, heading, period, starts_on, due_on, section, person, words, is_measured, met, value,
     measured_on, operator, target, measure_text, assignment_id, _) = row  # fmt: skip
    if not is_measured:
        met = None
    elif measured_on is None or measured_on > until:
        value = figures[assignment_id][0].value if figures.get(assignment_id) else None
        met = is_met(value, operator, target)
    else:
        met = bool(met)
    return Item(
        number, centre_id, names[centre_id], task_no, title, anchor, part, heading, period, starts_on, due_on, course.state, section, person,
        words, course.reported_on, course.decided_on, course.returned_on, course.opinion, course.said, met, value if is_measured else None,
        operator, target, measure_text,
    )  # fmt: skip


def _measured(rows: Sequence[tuple[Any, ...]], figures: dict[int, list[_Figure]], names: dict[int, str]) -> list[Measured]:
    """One line for each measured task of each centre: the month's figure and the one of the month before."""
    seen: dict[int, Measured] = {}
    for row in rows:
        assignment_id, measure = row[20], measure_named(row[21])
        if measure is None or assignment_id in seen:
            continue
        now, *earlier = figures.get(assignment_id) or [None]
        before = next((each.value for each in earlier if now and each and each.month == now.month - 1), None)
        source = now.text if now else f"待{measure.waits_for}接入，尚未填报" if measure.may_be_entered else "平台尚无数值"
        seen[assignment_id] = Measured(
            row[1], names[row[1]], row[2], row[3], row[17], row[18], now.value if now else None, before, source, measure.unit
        )
    return list(seen.values())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL)
