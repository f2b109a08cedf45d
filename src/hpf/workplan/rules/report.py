"""进展报告: what a report knows, and the sheet of paper it becomes. The wording is in `report_text`; writers only draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hpf.workplan.rules.lights import is_red
from hpf.workplan.rules.ranking import Tally, percent
from hpf.workplan.rules.states import OccurrenceState

_ACCEPTED, _RETURNED = OccurrenceState.ACCEPTED, OccurrenceState.RETURNED
_STANDING = (OccurrenceState.REPORTED, OccurrenceState.ACCEPTED)

# ------------------------------------------------------------------ the facts


@dataclass(frozen=True, slots=True)
class Item:
    """One occurrence as it stood at the end of the day of the report. `met` is None where nothing is measured."""

    occurrence_id: int
    centre_id: int
    centre: str
    task_no: int
    title: str
    anchor: str
    part: str
    part_heading: str
    period: str
    starts_on: date
    due_on: date
    state: OccurrenceState
    section: str = ""
    person: str = ""
    words: str = ""
    reported_on: date | None = None
    decided_on: date | None = None
    returned_on: date | None = None
    opinion: str = ""
    said: str = ""
    met: bool | None = None
    value: Decimal | None = None
    operator: str = ""
    target: Decimal | None = None
    measure_text: str = ""

    @property
    def stands_reported(self) -> bool:
        return self.state in _STANDING

    @property
    def is_on_time(self) -> bool:
        return self.stands_reported and self.reported_on is not None and self.reported_on <= self.due_on

    @property
    def label(self) -> str:
        """12. 开展自评（3月）"""
        told = period_text(self.period)
        return f"{self.task_no}. {self.title}" + (f"（{told}）" if told else "")


@dataclass(frozen=True, slots=True)
class Returned:
    """One return by the province within the time of the report."""

    occurrence_id: int
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a deadline within the time of the report."""

    occurrence_id: int
    on: date
    from_on: date
    to_on: date
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One measured task in one centre: this month's value and the one before it; `source` says where it comes from."""

    centre_id: int
    centre: str
    task_no: int
    title: str
    operator: str
    target: Decimal | None
    value: Decimal | None
    before: Decimal | None
    source: str
    unit: str = ""

    @property
    def gap(self) -> Decimal | None:
        """How far the value is on the wrong side of the target; zero when it is met."""
        if self.value is None or self.target is None:
            return None
        if self.operator == ">=":
            return max(self.target - self.value, Decimal())
        if self.operator == "<=":
            return max(self.value - self.target, Decimal())
        return abs(self.value - self.target)


@dataclass(frozen=True, slots=True)
class PlannedMeasure:
    """措施 of a centre on one of its tasks."""

    centre_id: int
    task_no: int
    title: str
    section: str
    person: str
    due_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a report may say. `centre` is empty for the province; `since` to `until` is the time reported on, `until`
    not after the day of writing; `next_until` ends the time after it. `this` is 本月 or 本年."""

    plan_title: str
    plan_number: str
    issuer: str
    year: int
    period: str
    this: str
    next_period: str
    since: date
    until: date
    next_until: date
    made_on: date
    made_by: str
    centre_id: int | None
    centre: str
    warn_days: int
    items: tuple[Item, ...]
    returned: tuple[Returned, ...] = ()
    moved: tuple[Moved, ...] = ()
    measured: tuple[Measured, ...] = ()
    measures: tuple[PlannedMeasure, ...] = ()
    centres: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """Counted occurrences; `tasks` counts tasks. What is due is on_time + reported_late + unreported + due_today + met_alone.

    `late` is what the wall shows red: unreported, and `unmet`, which was reported while its figure misses the target.
    """

    tasks: int
    occurrences: int
    due: int
    on_time: int
    reported_late: int
    unreported: int
    due_today: int
    met_alone: int
    unmet: int
    late: int
    accepted: int
    waiting: int
    returned: int
    due_next: int


def summary(items: Iterable[Item], until: date, next_until: date, warn_days: int) -> Summary:
    """The figures of the head of the report."""
    tasks = set()
    occurrences = due = on_time = reported_late = unreported = due_today = met_alone = unmet = accepted = waiting = returned = due_next = 0
    for each in items:
        tasks.add(each.task_no)
        occurrences += 1
        stands, on, state = each.stands_reported, each.due_on, each.state
        if is_late(each, until, warn_days):
            unmet, unreported = unmet + stands, unreported + (not stands)
        if state is _RETURNED:
            returned += 1
        if stands:
            due += 1
            if each.is_on_time:
                on_time += 1
            else:
                reported_late += 1
            if state is _ACCEPTED:
                accepted += 1
            else:
                waiting += 1
        elif on > until:
            due_next += on <= next_until
        else:
            due += 1
            due_today += on == until
            met_alone += on < until and each.met is True
    return Summary(
        len(tasks), occurrences, due, on_time, reported_late, unreported, due_today, met_alone, unmet, unmet + unreported, accepted, waiting,
        returned, due_next,
    )  # fmt: skip


def is_late(item: Item, on: date, warn_days: int) -> bool:
    """What the wall shows red; of all the lights the one that no number of warning days changes."""
    return is_red(item.state, item.due_on, on, item.met)


def tallies(items: Iterable[Item], until: date, centres: Iterable[tuple[int, str]]) -> list[Tally]:
    """What the ranking counts, per centre."""
    own: dict[int, list[Item]] = {centre_id: [] for centre_id, _ in centres}
    for each in items:
        if each.due_on <= until or each.stands_reported:
            own.setdefault(each.centre_id, []).append(each)
    found = []
    for centre_id, name in centres:
        due = own[centre_id]
        measured = [each for each in due if each.met is not None and each.due_on <= until]
        found.append(
            Tally(
                centre_id, name, len(due), sum(each.is_on_time for each in due), sum(each.state is OccurrenceState.ACCEPTED for each in due),
                len(measured), sum(each.met is True for each in measured),
            )
        )  # fmt: skip
    return found


def why_late(item: Item) -> str:
    """The reason of being late: the figure where one decides, the return, what the centre said, or that nothing was said."""
    told = item.words or item.said
    if item.met is False:
        own = (
            f"测量值{figure(item.value)}，{operator_text(item.operator)}{figure(item.target)}的目标未达到"
            if item.value is not None
            else "尚无测量值"
        )
        return f"{own}；{told}" if told else own
    if item.state is OccurrenceState.RETURNED and item.returned_on:
        own = f"{item.returned_on.month}月{item.returned_on.day}日被退回：{item.opinion}"
        return f"{own}；{item.said}" if item.said else own
    return told or "中心未说明原因"


def period_text(period: str) -> str:
    """2024-03 is 3月, 2024-Q1 is 一季度; a single date and a whole year need no word."""
    _, _, rest = period.partition("-")
    if rest.startswith("Q"):
        return f"{'一二三四'[int(rest[1:]) - 1]}季度"
    return f"{int(rest)}月" if len(rest) == 2 else ""


def figure(value: Decimal | None) -> str:
    """Without the zeros that only the column's width put there."""
    if value is None:
        return "—"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def operator_text(operator: str) -> str:
    return {"<=": "不高于", ">=": "不低于", "=": "等于"}.get(operator, "")


def part_text(part: str, heading: str) -> str:
    """五、加快数字化发展; what stands before 一、 has a short name of its own."""
    own = {"通知": "印发通知", "总": "总体要求", "": "其他"}
    return own.get(part) or (f"{part}、{heading}" if heading and heading != part else part)


def anchor_text(anchor: str) -> str:
    return anchor.replace("(", "（").replace(")", "）")


# ------------------------------------------------------------------ the paper


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under their heads. `widths` are shares of the width; columns in `numbers` are set to the middle."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.heads) for row in self.rows) or len(self.widths) != len(self.heads):
            raise ValueError("a row of a table does not fit its heads")


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece below a heading: paragraphs, and perhaps a table with its caption. Level 1 is 一、, level 2 is （一）, 0 has none.

    `left_out` rows of the table are only in the attached ledger.
    """

    heading: str
    level: int
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    caption: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    unit: str
    head: str
    made_by: str
    signed_on: str


@dataclass(frozen=True, slots=True)
class Report:
    """公文: 标题, 主送, 正文, 附件说明, 落款. Nothing in it needs computing any more.

    `attachment` names the ledger that has to go with it, where a table leaves rows to it.
    """

    title: str
    addressee: str
    opening: str
    passages: tuple[Passage, ...]
    closing: str
    signature: Signature
    filename: str
    attachment: str = ""


# ------------------------------------------------------------------ words

LONGEST_TABLE = 60
"""Of the province's tables. A centre's own are whole: its director signs for every row."""


def listed(
    facts: Facts,
    heading: str,
    text: str | Sequence[str],
    heads: tuple[str, ...],
    widths: tuple[int, ...],
    rows: Sequence[tuple[str, ...]],
    numbers: set[int],
) -> Passage:
    """A passage with a table; the province's, where it would not end, says how many rows it leaves to the attached ledger."""
    paragraphs = [text] if isinstance(text, str) else list(text)
    left = max(0, len(rows) - LONGEST_TABLE) if facts.centre_id is None else 0
    if left:
        paragraphs.append(f"共{len(rows)}行，下表列前{LONGEST_TABLE}行，其余{left}行见附件。")
    table = Table(heads, widths, tuple(rows[: len(rows) - left]), frozenset(numbers)) if rows else None
    return Passage(heading, 1, tuple(paragraphs), table, left_out=left)


def who(item: Item) -> str:
    return "\n".join(name for name in (item.section, item.person) if name) or "未分派"


def centres_of(items: Iterable[Item]) -> list[str]:
    """Names of centres, each once."""
    return list(dict.fromkeys(each.centre for each in items))


def centres_text(items: Sequence[Item], every: Sequence[str]) -> str:
    """Names of centres; of nearly all that have the plan, those that are missing. `every` names all that have it."""
    names = centres_of(items)
    others = [name for name in every if name not in names]
    if len(names) > 5 and len(others) <= 3:
        return f"除{'、'.join(others)}外的{len(names)}个中心" if others else f"全部{len(names)}个中心"
    return "、".join(names)


def in_order(item: Item) -> tuple[int, date, int]:
    return item.task_no, item.due_on, item.centre_id


def share_text(part: int, whole: int) -> str:
    return f"{percent(Fraction(part, whole))}%"


def short_day(on: date | None, year: int) -> str:
    """In a table the year is said only where it is not the plan's."""
    if on is None:
        return "—"
    return f"{on.month}月{on.day}日" if on.year == year else day(on)


def day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
