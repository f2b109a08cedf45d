"""进展报告的事实: how the ledger stood at the end of a day, taken from the history and not from what came after.

The province reads published views, a centre its own rows; whatever came after the day of the report is not told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hpf.kernel.period import Month
from hpf.parties import queries as parties
from hpf.workplan.queries.measures import is_met, measure_named
from hpf.workplan.queries.source import rows
from hpf.workplan.queries.wall import wall
from hpf.workplan.rules.report import Facts, Item, Measured, Moved, PlannedMeasure, Report, Returned, part_text
from hpf.workplan.rules.report_text import compose
from hpf.workplan.rules.states import EventKind, OccurrenceState
from hpf.workplan.rules.wall_sheet import WallCell, WallRow, WallSheet

LOCAL = ZoneInfo("Asia/Shanghai")


class NoSuchPlan(LookupError):
    """No plan has this number."""


def monthly(plan_id: int, month: Month, centre_id: int | None, on: date, *, made_by: str = "") -> Report:
    """The report of a month, written on a day; of a month that is not over it tells up to that day.

    Eight statements, however many centres.
    """
    facts = month_facts(plan_id, month, centre_id, on, made_by=made_by)
    return compose(facts)


def yearly(plan_id: int, centre_id: int | None, on: date, *, made_by: str = "") -> Report:
    """The report of the plan's whole year up to a day."""
    plan = _plan(plan_id, centre_id)
    since, last = date(plan.year, 1, 1), date(plan.year, 12, 31)
    until = _until(since, last, on)
    coming, next_last = ("年内", last) if until < last else (f"{plan.year + 1}年", date(plan.year + 1, 12, 31))
    span = _Span(f"{plan.year}年", "本年", coming, since, until, next_last)
    return compose(_facts(plan, centre_id, span, on, made_by))


def month_facts(plan_id: int, month: Month, centre_id: int | None, on: date, *, made_by: str = "") -> Facts:
    following = month + 1
    last = following.first_day - timedelta(days=1)
    next_period = f"{following.month}月" if following.year == month.year else following.text
    next_last = (following + 1).first_day - timedelta(days=1)
    span = _Span(month.text, "本月", next_period, month.first_day, _until(month.first_day, last, on), next_last)
    return _facts(_plan(plan_id, centre_id), centre_id, span, on, made_by)


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

    def take(self, occurrence_id: int, kind: str, on: date, is_told: bool, name: str, text: str) -> None:
        """One event. `on` is the day that the event itself tells, where it tells one, otherwise the day it was made."""
        if kind in _STATES:
            self.state = _STATES[kind]
        if kind == EventKind.REPORTED:
            self.reported_on = on if is_told else self.reported_on or on
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


def _plan(plan_id: int, centre_id: int | None) -> _Plan:
    found = rows(
        "SELECT id, year, title, number, issuer, warn_days FROM workplan_plan{v} WHERE id = %(plan)s", {"plan": plan_id}, centre_id
    )
    if not found:
        raise NoSuchPlan(f"没有编号为{plan_id}的工作要点，请核对编号")
    return _Plan(*found[0])


_OCCURRENCES = """
    SELECT o.id, o.centre_id, t.task_no, t.title, t.anchor, t.part, t.part_heading, o.period, o.starts_on, o.due_on, a.section,
           a.person_name, o.words, o.is_measured, o.is_met, o.value, o.measured_on, t.operator, coalesce(a.target, t.target),
           a.measure_text, a.id, t.measure_code
    FROM workplan_occurrence{v} o JOIN workplan_task{v} t ON t.id = o.task_id JOIN workplan_assignment{v} a ON a.id = o.assignment_id
    WHERE o.plan_id = %(plan)s AND o.state <> 'WITHDRAWN' AND t.state = 'ACTIVE'
      AND (%(centre)s::int IS NULL OR o.centre_id = %(centre)s) ORDER BY t.task_no, o.due_on, o.centre_id"""
_EVENTS = """
    SELECT o.occurrence_id, o.kind, coalesce(told.day::date, (o.at AT TIME ZONE 'Asia/Shanghai')::date), told.day IS NOT NULL, o.by_name, o.text
    FROM workplan_event{v} o CROSS JOIN LATERAL (SELECT coalesce(o.after->>'reported_on', o.after->>'decided_on') AS day) told
    WHERE o.plan_id = %(plan)s AND o.at < %(end)s AND o.occurrence_id IS NOT NULL
      AND o.kind IN ('FINISHED', 'REOPENED', 'REPORTED', 'RETURNED', 'ACCEPTED', 'ANSWERED', 'COMMENTED')
      AND (%(centre)s::int IS NULL OR o.centre_id = %(centre)s) ORDER BY o.id"""
_MOVES = """
    SELECT m.occurrence_id, m.moved_at, m.from_on, m.to_on, m.reason, m.moved_by
    FROM workplan_deadlinemove{v} m JOIN workplan_occurrence{v} o ON o.id = m.occurrence_id
    WHERE o.plan_id = %(plan)s AND m.moved_at >= %(since)s AND m.moved_at < %(end)s
      AND (%(centre)s::int IS NULL OR o.centre_id = %(centre)s) ORDER BY m.id"""
_READINGS = """
    SELECT r.assignment_id, r.month, r.value, r.source, r.entered_by_name, r.signed_by_name
    FROM workplan_reading{v} r JOIN workplan_assignment{v} o ON o.id = r.assignment_id
    WHERE o.plan_id = %(plan)s AND r.month <= %(month)s AND NOT r.is_superseded AND (r.source = 'COMPUTED' OR r.signed_by <> '')
      AND (%(centre)s::int IS NULL OR o.centre_id = %(centre)s)
    ORDER BY r.month DESC, r.source"""
_MEASURES = """
    SELECT m.centre_id, t.task_no, m.title, m.section, m.person_name, m.due_on, m.state
    FROM workplan_measure{v} m JOIN workplan_assignment{v} o ON o.id = m.assignment_id JOIN workplan_task{v} t ON t.id = o.task_id
    WHERE o.plan_id = %(plan)s AND m.state <> 'DROPPED'
      AND (%(centre)s::int IS NULL OR o.centre_id = %(centre)s) ORDER BY t.task_no, m.due_on NULLS LAST, m.id"""


def _facts(plan: _Plan, centre_id: int | None, span: _Span, on: date, made_by: str) -> Facts:
    known = parties.centres()
    names = {each.centre_id: each.short_name for each in known}
    end = _midnight(span.until + timedelta(days=1))
    asked = {"plan": plan.plan_id, "centre": centre_id, "since": _midnight(span.since), "end": end, "month": Month.of(span.until).index}
    courses: dict[int, _Course] = defaultdict(_Course)
    for occurrence_id, *event in rows(_EVENTS, asked, centre_id):
        courses[occurrence_id].take(occurrence_id, *event)
    figures: dict[int, list[_Figure]] = defaultdict(list)
    for assignment_id, month, *told in rows(_READINGS, asked, centre_id):
        if not figures[assignment_id] or figures[assignment_id][-1].month != month:
            figures[assignment_id].append(_Figure(month, *told))
    found = rows(_OCCURRENCES, asked, centre_id)
    moved = rows(_MOVES, asked, centre_id)
    full = next((each.name for each in known if each.centre_id == centre_id), "")
    return Facts(
        plan.title, plan.number, plan.issuer, plan.year, span.period, span.this, span.next_period, span.since, span.until, span.next_until,
        on, made_by, centre_id, full, plan.warn_days,
        items=tuple(_item(row, courses[row[0]], figures, names, span.until) for row in found),
        returned=tuple(each for row in found for each in courses[row[0]].returns if each.on >= span.since),
        moved=tuple(Moved(row[0], row[1].astimezone(LOCAL).date(), *row[2:]) for row in moved),
        measured=tuple(_measured(found, figures, names)),
        measures=tuple(PlannedMeasure(*row) for row in rows(_MEASURES, asked, centre_id)),
        centres=tuple((each.centre_id, each.short_name) for each in known if centre_id in (None, each.centre_id)),
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


def _measured(found: Sequence[tuple[Any, ...]], figures: dict[int, list[_Figure]], names: dict[int, str]) -> list[Measured]:
    """One line for each measured task of each centre: the month's figure and the one of the month before."""
    seen: dict[int, Measured] = {}
    for row in found:
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


def wall_sheet(plan_id: int, on: date, *, centre_id: int | None = None, part: str = "") -> WallSheet:
    """The wall for printing on A3."""
    plan = _plan(plan_id, centre_id)
    seen = wall(plan_id, on, centre_id=centre_id, part=part)
    names = {each.centre_id: each.short_name for each in parties.centres()}
    lines = tuple(
        WallRow(
            part_text(row.part, row.part_heading),
            row.task_no, row.title, row.deadline_text, tuple(None if colour is None else WallCell(colour) for colour in row.colours()),
        )
        for row in seen.rows
    )  # fmt: skip
    title = f"{plan.title}落实情况（{on.year}年{on.month}月{on.day}日）"
    return WallSheet(title, tuple(names[each] for each in seen.centres), lines)
