"""目标: measured tasks by centre and month: value, gap to the target, and what the last months say about the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from hpf.kernel.period import Month
from hpf.workplan.queries.measures import PlatformMeasure, is_met, measure_named
from hpf.workplan.queries.source import asked, rows
from hpf.workplan.rules.forecast import forecast
from hpf.workplan.rules.states import ReadingSource


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One month's figure. An entered one counts once `signed_by` is there."""

    reading_id: int
    assignment_id: int
    centre_id: int
    month: Month
    value: Decimal
    source: ReadingSource
    taken_on: date
    note: str
    evidence_id: int | None
    entered_by_id: str
    entered_by: str
    entered_at: datetime
    signed_by: str
    signed_at: datetime | None
    refused_reason: str
    is_superseded: bool

    @property
    def counts(self) -> bool:
        return not self.is_superseded and (self.source is ReadingSource.COMPUTED or bool(self.signed_by))

    @property
    def waits(self) -> bool:
        """Entered, and nobody has signed it or sent it back."""
        return self.source is ReadingSource.ENTERED and not self.signed_by and not self.is_superseded


_READINGS = """SELECT r.id, r.assignment_id, r.centre_id, r.month, r.value, r.source, r.taken_on, r.note, r.evidence_id, r.entered_by,
       r.entered_by_name, r.entered_at, r.signed_by_name, r.signed_at, r.refused_reason, r.is_superseded
    FROM workplan_reading{v} r JOIN workplan_assignment{v} a ON a.id = r.assignment_id
    WHERE {where}
    ORDER BY r.centre_id, r.month, r.id"""
_OF = {"assignment": "a.id = %(assignment)s", "task": "a.task_id = %(task)s"}


def readings(*, centre_id: int | None, assignment_id: int | None = None, task_id: int | None = None) -> list[ReadingView]:
    """Figures by centre and month, superseded ones and those that wait for a signature included."""
    given = {"assignment": assignment_id, "task": task_id}
    return [
        ReadingView(*row[:3], Month.from_index(row[3]), row[4], ReadingSource(row[5]), *row[6:])
        for row in rows(_READINGS.replace("{where}", asked(_OF, given)), given, centre_id)
    ]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One centre of a measured task. `gap` is how far the value is on the wrong side, zero when met; `forecast` the value
    at the year's end if the last months go on so, None with fewer than two."""

    assignment_id: int
    centre_id: int
    operator: str
    target: Decimal | None
    value: Decimal | None
    month: Month | None
    source: ReadingSource | None
    met: bool
    gap: Decimal | None
    forecast: Decimal | None
    months: tuple[tuple[Month, Decimal], ...]


@dataclass(frozen=True, slots=True)
class TargetBoard:
    """A measured task over its centres. `entered` says that figures are still entered by hand, and `waits_for` until what.

    `readings` are all its figures, those included that do not count.
    """

    task_id: int
    measure: PlatformMeasure | None
    entered: bool
    waits_for: str
    lines: tuple[TargetLine, ...]
    readings: tuple[ReadingView, ...]


@dataclass(frozen=True, slots=True)
class LatestFigure:
    """What one centre of a measured task has now. `unit` is the measure's."""

    operator: str
    unit: str
    month: Month | None
    value: Decimal | None


_LATEST = """SELECT DISTINCT ON (a.id) a.id, t.operator, t.measure_code, r.month, r.value
    FROM workplan_assignment{v} a JOIN workplan_task{v} t ON t.id = a.task_id
    LEFT JOIN workplan_reading{v} r ON r.assignment_id = a.id AND NOT r.is_superseded AND (r.source = 'COMPUTED' OR r.signed_by <> '') AND r.taken_on <= %(on)s
    WHERE a.plan_id = %(plan)s AND t.measure_code <> '' ORDER BY a.id, r.month DESC NULLS LAST, r.source"""


def latest_figures(plan_id: int, on: date, *, centre_id: int | None) -> dict[int, LatestFigure]:
    """The newest figure that counts of every measured task in every centre, by assignment: one query."""
    return {
        number: LatestFigure(
            operator, measure.unit if (measure := measure_named(code)) else "", None if month is None else Month.from_index(month), value
        )
        for number, operator, code, month, value in rows(_LATEST, {"plan": plan_id, "on": on}, centre_id)
    }


_LINES = """SELECT a.id, a.centre_id, t.operator, coalesce(a.target, t.target), t.measure_code, p.year FROM workplan_assignment{v} a
    JOIN workplan_task{v} t ON t.id = a.task_id JOIN workplan_plan{v} p ON p.id = t.plan_id WHERE a.task_id = %(task)s ORDER BY a.centre_id"""


def target_board(task_id: int, on: date, *, centre_id: int | None) -> TargetBoard | None:
    """Target, monthly values, gap and forecast of each centre. Two queries. A computed month goes before an entered one."""
    lines = rows(_LINES, {"task": task_id}, centre_id)
    if not lines or not lines[0][4]:
        return None
    measure = measure_named(lines[0][4])
    counted: dict[int, dict[Month, ReadingView]] = {}
    every = readings(centre_id=centre_id, task_id=task_id)
    for each in every:
        if each.counts and each.month <= Month.of(on):
            held = counted.setdefault(each.assignment_id, {})
            if each.month not in held or each.source is ReadingSource.COMPUTED:
                held[each.month] = each
    told = tuple(_line(row, counted.get(row[0], {})) for row in lines)
    entered = any(line.source is ReadingSource.ENTERED for line in told) or (
        measure is not None and measure.may_be_entered and all(line.source is None for line in told)
    )
    return TargetBoard(task_id, measure, entered, measure.waits_for if measure and entered else "", told, tuple(every))


def _line(row: tuple[int, int, str, Decimal | None, str, int], held: dict[Month, ReadingView]) -> TargetLine:
    assignment_id, centre, operator, target, _, year = row
    months = tuple((month, held[month].value) for month in sorted(held))
    last = held[months[-1][0]] if months else None
    value = last.value if last else None
    return TargetLine(
        assignment_id, centre, operator, target, value, last.month if last else None, last.source if last else None,
        is_met(value, operator, target) if operator else False, _gap(value, operator, target), forecast(months, Month(year, 12)), months,
    )  # fmt: skip


def _gap(value: Decimal | None, operator: str, target: Decimal | None) -> Decimal | None:
    if value is None or target is None:
        return None
    return {"<=": max(value - target, Decimal()), ">=": max(target - value, Decimal()), "=": abs(value - target)}[operator]
