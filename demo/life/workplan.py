"""一个中心的台账: sections break the year's plan down, prove what they have done, the director reports month by month.

Who is prompt and who is slow comes from the demo's seed, so the sixteen centres differ and are the same in every demo.
Nothing is remembered here: on each of a few days a month people look at the ledger and do what is to be done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from demo.life import plan_office
from demo.life.cast import acting, login_of, moment
from demo.life.founding import agreed
from demo.life.papers import as_pdf, as_text
from hpf.jobs.work_plan import measure, remind
from hpf.kernel.actor import Actor
from hpf.kernel.period import Month
from hpf.workplan import services as workplan
from hpf.workplan.queries import plans
from hpf.workplan.queries.tasks import AssignmentView, OccurrenceView, Wanted, assignments, centre_measures, occurrence_lines
from hpf.workplan.rules.states import BreakdownState, MeasureState, OccurrenceState

Act = Callable[[date], None]
WORKING = (OccurrenceState.OPEN, OccurrenceState.RETURNED)
ALL = 1_000

STYLES = ("prompt", "steady", "steady", "slow")
OFTEN = {
    "prompt": {"late": 0.03, "return": 0.04, "idle": 0.00, "undone": 0.00, "bent": 1.4, "again": 1.0},
    "steady": {"late": 0.11, "return": 0.09, "idle": 0.02, "undone": 0.02, "bent": 1.0, "again": 0.9},
    "slow": {"late": 0.26, "return": 0.17, "idle": 0.06, "undone": 0.06, "bent": 0.6, "again": 0.5},
}
"""Of what is due, which part is late; of what is reported, which is returned; which tasks stay idle at first or never get done."""


@dataclass(frozen=True)
class Chance:
    """Dice that fall the same way for the same words."""

    seed: int
    centre_id: int

    def __call__(self, *words: object) -> float:
        said = ":".join(map(str, (self.seed, self.centre_id, *words)))
        return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=6).digest()) / 2**48

    def one(self, of: Sequence[str], *words: object) -> str:
        return of[int(self(*words, "one") * len(of))]

    @cached_property
    def style(self) -> str:
        return STYLES[int(self("style") * len(STYLES))]

    def often(self, what: str) -> float:
        return OFTEN[self.style][what]


class WorkPlan:
    """One centre's part in the year's plan. `later(day, n)` is the business day n calendar days after `day` or the next."""

    def __init__(self, centre_id: int, code: str, seed: int, later: Callable[[date, int], date], year: int = plan_office.YEAR) -> None:
        self.centre_id, self.code, self.later, self.year = centre_id, code, later, year
        self.chance = Chance(seed, centre_id)
        self.script = plan_office.script()
        self._plan_id: int | None = None

    # -- the calendar

    def acts(self) -> Iterator[tuple[date, Act]]:
        """Few days a month; the people of one section, the director and the province act on days of their own."""
        year, deliberation = self.year, self.script["deliberation"]
        yield self.later(date(year, 1, 1), 7 + self.centre_id % 5), self.break_down
        yield self.later(date(year, 1, 1), 13 + self.centre_id % 5), self.confirm
        yield date(year, 4, 9), self.catch_up
        yield date(year, 7, 10), self.steps_done
        yield self._day(deliberation["at"]), self.deliberate
        for wanted in self.script["moves"]:
            if self.centre_id in wanted["centres"]:
                yield self._day(wanted["at"]), lambda day, wanted=wanted: self.moved(day, wanted)
        for month in range(1, 13):
            yield date(year, month, 4), self.measure
            yield date(year, month, 6), self.decided
            yield self.section_day(month), self.prove
            yield self.director_day(month), self.report
            if self.centre_id in self.script["overdue"]:
                yield date(year, month, 11), self.read
            for tenth in (1, 11, 21):
                yield date(year, month, tenth), self.remind

    def section_day(self, month: int) -> date:
        return self.later(date(self.year, month, 17), self.centre_id % 6)

    def director_day(self, month: int) -> date:
        return self.later(self.section_day(month), 2)

    def _day(self, text: str) -> date:
        return date.fromisoformat(f"{self.year}-{text}")

    # -- who acts

    @cached_property
    def director(self) -> Actor:
        return self._who("director")

    @cached_property
    def head(self) -> Actor:
        return self._who("head")

    def _who(self, kind: str) -> Actor:
        return acting(login_of(kind, self.code), self.centre_id)

    @cached_property
    def people(self) -> dict[str, Actor]:
        """The person of each section."""
        found = {kind: self._who(kind) for kind in {given["person"] for given in self.script["sections"].values()}}
        return {section: found[given["person"]] for section, given in self.script["sections"].items()}

    def section_of(self, anchor: str) -> str:
        """The longest part of the plan that the anchor begins with says which section."""
        return str(self.script["parts"][max((part for part in self.script["parts"] if anchor.startswith(part)), key=len)])

    def given(self, by: Actor, at: datetime, what: str) -> dict[str, Any]:
        return {"by": by, "centre_id": self.centre_id, "at": at, "key": f"demo:plan:{self.year}:{what}"}

    # -- what is there

    @property
    def plan_id(self) -> int | None:
        """The year's plan, looked for until it is there."""
        if self._plan_id is None:
            plan = plans.plan_of_year(self.year)
            self._plan_id = plan.plan_id if plan else None
        return self._plan_id

    def assigned(self, day: date, state: BreakdownState | None = None) -> list[AssignmentView]:
        if self.plan_id is None:
            return []
        return assignments(day, centre_id=self.centre_id, plan_id=self.plan_id, state=state, limit=ALL)

    def occurrences(self, day: date, *states: OccurrenceState, **more: Any) -> tuple[OccurrenceView, ...]:
        if self.plan_id is None:
            return ()
        return occurrence_lines(Wanted(plan_id=self.plan_id, states=states, **more), day, centre_id=self.centre_id, limit=ALL)

    # -- January

    def break_down(self, day: date) -> None:
        """Sections are seated; each task gets a measure, a section and a person. The slow leave some lying."""
        waiting = self.assigned(day, BreakdownState.NEW)
        if not waiting:
            return
        for section, given in self.script["sections"].items():
            seated = {self.people[section].user_id: self.people[section]} | ({self.head.user_id: self.head} if given["head"] else {})
            members = tuple(workplan.Member(who.user_id, who.name, given["head"] and who is self.head) for who in seated.values())
            agreed(workplan.seat_section(**self.given(self.director, moment(day), f"seat:{section}"), section=section, members=members))
        self._hand_out(day, [each for each in waiting if self.chance("idle", each.task_no) >= self.chance.often("idle")])

    def catch_up(self, day: date) -> None:
        """What was left lying in January is broken down in April."""
        self._hand_out(day, self.assigned(day, BreakdownState.NEW))
        self.confirm(day)

    def _hand_out(self, day: date, waiting: Sequence[AssignmentView]) -> None:
        anchors = {each.assignment_id: each.anchor for each in self.occurrences(day)}
        lines: dict[bool, list[workplan.Breakdown]] = {True: [], False: []}
        stepped = []
        for each in waiting:
            section = self.section_of(anchors[each.assignment_id])
            person = self.people[section]
            text = self.chance.one(self.script["measures"][section], each.task_no).format(title=each.title.rstrip("…"))
            line = workplan.Breakdown(each.assignment_id, each.version, text, section, person.user_id, person.name)
            lines[self.script["sections"][section]["head"]].append(line)
            stepped += [line] if self.in_steps(each.task_no) else []
        for by, some in ((self.head, lines[True]), (self.director, lines[False])):
            if some:
                agreed(workplan.break_down_many(**self.given(by, moment(day, 10), f"down:{by.user_id}:{day}"), lines=tuple(some)))
        for line in stepped:
            for number, step in enumerate(self.script["steps"], 1):
                agreed(workplan.add_measure(
                    **self.given(self.director, moment(day, 11), f"step:{line.assignment_id}:{number}"), assignment_id=line.assignment_id,
                    title=step, section=line.section, person_id=line.person_id, person_name=line.person_name, starts_on=day,
                    due_on=date(self.year, 5 * number, 28),
                ))  # fmt: skip

    def in_steps(self, task_no: int) -> bool:
        return self.chance("steps", task_no) < 0.04

    def confirm(self, day: date) -> None:
        ready = tuple(each.assignment_id for each in self.assigned(day, BreakdownState.BROKEN_DOWN))
        if ready:
            agreed(workplan.confirm_breakdown(**self.given(self.director, moment(day, 16), f"confirm:{day}"), assignment_ids=ready))

    # -- every month

    def measure(self, day: date) -> None:
        if self.plan_id is not None:
            measure(self.centre_id, day, moment(day, 8))

    def remind(self, day: date) -> None:
        remind(self.centre_id, day, moment(day, 8, 30))

    def due_month(self, each: OccurrenceView) -> int:
        """In which month the section is done with it: what only the year ends is spread, half of it left for its last weeks, the rest as habits are."""
        lot = self.chance("when", each.task_no, each.period)
        if lot < self.chance.often("undone"):
            return 13
        if each.first_due_on == date(self.year, 12, 31) and each.due_on == each.first_due_on and len(each.period) == 4:
            return 3 + int(lot ** self.chance.often("bent") * 20)
        late = self.chance("late", each.task_no, each.period)
        often = self.chance.often("late")
        month = each.due_on.month
        if month > 1 and self.director_day(month) > each.due_on:
            month -= 1
        return month + (2 if late < often / 4 else 1 if late < often else 0)

    def prove(self, day: date) -> None:
        """The sections' day: answers to the province, evidence, and what is done is called done."""
        found = self.occurrences(day, OccurrenceState.REPORTED, *WORKING)
        for each in (one for one in found if one.is_asked):
            given = self.given(self._responsible(each), moment(day, 9), f"answer:{each.occurrence_id}:{day}")
            text = self.chance.one(self.script["answers"], each.task_no)
            agreed(workplan.answer(**given, occurrence_id=each.occurrence_id, version=each.version, text=text))
        for each in found:
            if each.state in WORKING and each.starts_on <= day and each.section and self._is_ready(each, day):
                self._finish(each, day)

    def _is_ready(self, each: OccurrenceView, day: date) -> bool:
        if each.state is OccurrenceState.RETURNED:
            return self.chance("again", each.task_no, each.period, day.month) < self.chance.often("again")
        if each.is_measured:
            return bool(each.is_met) and each.due_on <= day
        return self.due_month(each) <= day.month

    def _finish(self, each: OccurrenceView, day: date) -> None:
        by, number = self._responsible(each), each.occurrence_id
        words = self.chance.one(self.script["words"], each.task_no)
        if each.is_measured:
            words = f"平台测量值{each.value.normalize():f}，已达标。" if each.value is not None else words
        else:
            if each.state is OccurrenceState.RETURNED:
                words = str(self.script["done_again"])
            self._upload(each, by, day, words)
        given = self.given(by, moment(day, 14), f"done:{number}:{day}")
        agreed(workplan.finish(**given, occurrence_id=number, version=each.version, words=words))

    def _upload(self, each: OccurrenceView, by: Actor, day: date, words: str) -> int:
        paper = self.script["evidence"][int(self.chance("paper", each.task_no, each.returns) * len(self.script["evidence"]))]
        lines = [
            f"{paper['name']}（演示）", f"任务：第{each.task_no}号 {each.title}", f"期次：{each.period}",
            f"责任科室：{each.section}　责任人：{each.person_name}", f"日期：{day}", words,
        ]  # fmt: skip
        return self._keep(each, by, day, f"{paper['name']}-{each.task_no}号-{each.period}.{paper['kind']}", lines)

    def _keep(self, each: OccurrenceView, by: Actor, day: date, filename: str, lines: Sequence[str]) -> int:
        content = as_pdf(lines) if filename.endswith(".pdf") else as_text(lines)
        given = self.given(by, moment(day, 11), f"paper:{each.occurrence_id}:{day}")
        return int(agreed(workplan.add_evidence(**given, occurrence_id=each.occurrence_id, filename=filename, content=content)).evidence_id)

    def _responsible(self, each: OccurrenceView) -> Actor:
        return self.people.get(each.section, self.director)

    def report(self, day: date) -> None:
        """The director's day: everything the sections call done goes up together."""
        ready = tuple(each.occurrence_id for each in self.occurrences(day, OccurrenceState.DONE_BY_SECTION))
        if ready:
            agreed(workplan.report(**self.given(self.director, moment(day, 16), f"report:{day}"), occurrence_ids=ready, on=day))

    # -- the province, in this centre

    def decided(self, day: date) -> None:
        """The province decides last month's reports, and speaks up about what is late for more than a month."""
        plan_office.decide(self.occurrences(day, OccurrenceState.REPORTED), self.centre_id, day, self.chance)
        if day.month % 3 == 1:
            late = self.occurrences(day, *WORKING, until=day - timedelta(days=31))
            for each in [one for one in late if not one.is_measured][:1]:
                plan_office.remark(each, moment(day, 16))

    def moved(self, day: date, wanted: dict[str, Any]) -> None:
        found = [each for each in self.occurrences(day, *WORKING, text=wanted["title"]) if each.due_on > day]
        plan_office.move(found, self._day(wanted["to"]), wanted["reason"], moment(day, 15))

    # -- what hangs on events, and figures entered by hand

    def deliberate(self, day: date) -> None:
        """管委会审议: its day is known, so the ten and the three working days get their dates."""
        held, what = self._day(self.script["deliberation"]["held"]), self.script["deliberation"]["what"]
        for each in self.assigned(day):
            if each.title.startswith(("应在审议前", "审议通过后")) and each.section:
                given = self.given(self.director, moment(day), f"event:{each.assignment_id}")
                agreed(workplan.record_event(**given, assignment_id=each.assignment_id, event_on=held, what=what))

    def steps_done(self, day: date) -> None:
        for each in self.assigned(day):
            for step in centre_measures(each.assignment_id, centre_id=self.centre_id) if self.in_steps(each.task_no) else ():
                if step.state is MeasureState.OPEN and step.due_on is not None and step.due_on <= day:
                    given = self.given(self.people[step.section], moment(day), f"stepped:{step.measure_id}")
                    agreed(workplan.change_measure(**given, measure_id=step.measure_id, version=step.version, state=MeasureState.DONE))

    def read(self, day: date) -> None:
        """Last month's overdue rate, 演示值: entered by the loans section with its paper, signed by the director."""
        series, month = self.script["overdue"][self.centre_id], Month.of(day) + -1
        for each in self.occurrences(day, *WORKING, text="降逾"):
            if not (each.is_measured and each.section):
                continue
            value, refused = series[day.month - 1], self.script["refused_reading"]
            if (refused["centre"], refused["month"]) == (self.centre_id, day.month):
                self._entered(each, month, str(float(value) / 2), day, refused=refused["reason"])
            self._entered(each, month, value, day)

    def _entered(self, each: OccurrenceView, month: Month, value: str, day: date, refused: str = "") -> None:
        by, what = self._responsible(each), f"{each.assignment_id}:{month}:{value}"
        lines = [f"{month.text}逾期贷款情况表（演示值）", f"个人住房贷款逾期率：{value}‰", f"填报：{by.name}　{day}"]
        given = self.given(by, moment(day, 10), f"rate:{what}:paper")
        paper = agreed(workplan.add_evidence(
            **given, occurrence_id=each.occurrence_id, filename=f"{month}逾期贷款情况表-{value}.txt", content=as_text(lines)
        ))  # fmt: skip
        kept = agreed(workplan.enter_reading(
            **self.given(by, moment(day, 10), f"rate:{what}"), assignment_id=each.assignment_id, month=month, value=value,
            evidence_id=paper.evidence_id, on=day, note="演示值，贷款业务上线后由平台计算",
        ))  # fmt: skip
        agreed(workplan.sign_reading(
            **self.given(self.director, moment(day, 15), f"sign:{what}"), reading_id=kept.reading_id, on=day, approve=not refused, reason=refused
        ))  # fmt: skip
