"""导入台账: the spreadsheet of a centre becomes measures, sections, persons and progress of its tasks; twice changes nothing.

Set-based: what the plan and the centre have is read once, the difference is written by one statement for each kind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.parties import queries as parties
from hpf.workplan.gateways.spreadsheet import read_ledger_file
from hpf.workplan.models import Assignment, LedgerFile, LedgerImport, Measure, Occurrence, Plan, SectionMember, Task
from hpf.workplan.rules.ledger_file import Fault, LedgerFileRefused, LedgerLine, LedgerSheet
from hpf.workplan.rules.ledger_match import RULE, KnownTask, TaskFinder
from hpf.workplan.rules.report import period_text
from hpf.workplan.rules.states import BreakdownState, EventKind, MeasureState, OccurrenceState
from hpf.workplan.rules.wording import bare, one_line
from hpf.workplan.services.record import ended, is_director, not_of_centre, sections_of, spoken

FAULTS_KEPT = 2_000
_WRITABLE = (OccurrenceState.OPEN, OccurrenceState.RETURNED)


@dataclass(frozen=True, slots=True)
class LedgerImported:
    """What an import did, or with `dry_run` would do. `faults` are the rows left out, `notes` what was read otherwise than
    written; `columns` says which heading was taken for what. `known_file` names an import of the same bytes, `file_id` the kept
    original, by which a try is confirmed."""

    dry_run: bool
    sha256: str
    rows: int
    matched: int
    tasks: int
    assignments_changed: int
    measures_added: int
    measures_changed: int
    progress_changed: int
    unchanged: int
    fault_count: int
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    unknown_columns: tuple[str, ...]
    rule: tuple[str, ...]
    known_file: str = ""
    file_id: int = 0


@command("workplan.break_down")
def import_ledger(
    *, by: Actor, centre_id: int, plan_id: int, filename: str, content: bytes, dry_run: bool, key: str, at: datetime
) -> Decision[LedgerImported]:
    """导入台账 of this centre. Rows that cannot be used are told and left out; the others go in.

    Each row is a measure of its task; section and person of the first row are the task's own; progress goes into the words
    of the first occurrence that is not reported yet. The province's deadlines, states and evidence are never touched.
    The file is kept with the first try: `confirm_ledger` takes the very bytes that were looked at.

    Refuses  LEDGER_FILE_*, FILE_* (cannot be read), LEDGER_NO_HEADINGS, LEDGER_EMPTY, NO_SUCH_PLAN, PLAN_ENDED; SECTION_OF_OTHERS row by row
    Again    finds everything there and writes nothing
    """
    plan = Plan.objects.filter(id=plan_id).first()
    if plan is None:
        return Decision.refused([Reason("NO_SUCH_PLAN", f"没有编号为{plan_id}的工作要点，未导入任何内容，请刷新后重新选择要点。")])
    return _imported(by, centre_id, plan, filename, content, None, dry_run, at)


@command("workplan.break_down")
def confirm_ledger(*, by: Actor, centre_id: int, file_id: int, key: str, at: datetime) -> Decision[LedgerImported]:
    """正式导入 a file that was tried, from the kept original; what has changed in the plan since is compared anew.

    Refuses  NOT_OF_CENTRE, and what `import_ledger` refuses
    """
    kept = LedgerFile.objects.select_related("plan").filter(centre_id=centre_id, id=file_id).first()
    if kept is None:
        return not_of_centre(centre_id, by, at, f"台账文件{file_id}")
    return _imported(by, centre_id, kept.plan, kept.filename, bytes(kept.content), kept, False, at)


def _imported(
    by: Actor, centre_id: int, plan: Plan, filename: str, content: bytes, kept: LedgerFile | None, dry_run: bool, at: datetime
) -> Decision[LedgerImported]:
    if over := ended(plan):
        return Decision.refused(over)
    try:
        sheet = read_ledger_file(filename, content, year=plan.year)
    except LedgerFileRefused as refused:
        return Decision.refused([Reason(refused.code, refused.message)])
    sha256 = hashlib.sha256(content).hexdigest()
    kept = kept or LedgerFile.objects.filter(centre_id=centre_id, plan=plan, sha256=sha256).defer("content").first()
    before = LedgerImport.objects.select_related("file").defer("file__content").filter(file=kept).order_by("id").first() if kept else None
    work = _Work.of(centre_id, plan, by)
    for line in sheet.lines:
        work.take(line)
    work.settle()
    kept = kept or LedgerFile.objects.create(
        centre_id=centre_id, plan=plan, filename=filename[:255], content=content, sha256=sha256, size_bytes=len(content),
        rows=len(sheet.lines), faults=len(sheet.faults) + len(work.faults), uploaded_by=by.user_id, uploaded_by_name=by.name, uploaded_at=at,
    )  # fmt: skip
    if not dry_run:
        work.write(by, at, filename)
        LedgerImport.objects.create(centre_id=centre_id, file=kept, imported_by=by.user_id, imported_by_name=by.name, imported_at=at)
    known = f"“{before.file.filename}”，{before.imported_by_name}于{spoken(before.imported_at)}导入" if before else ""
    return Decision.approved(_told(sheet, work, sha256, dry_run, known, kept.id))


def _told(sheet: LedgerSheet, work: _Work, sha256: str, dry_run: bool, known: str, file_id: int) -> LedgerImported:
    faults = sorted([*sheet.faults, *work.faults], key=lambda each: each.row)
    failed = {each.row for each in sheet.faults}
    return LedgerImported(
        dry_run, sha256, len(sheet.lines) + len(failed), work.matched, len(work.lines), len(work.assignments), len(work.added),
        len(work.changed), len(work.words), work.unchanged, len(faults), tuple(faults[:FAULTS_KEPT]), tuple(work.notes[:FAULTS_KEPT]),
        sheet.columns, sheet.unknown, RULE, known, file_id,
    )  # fmt: skip


# ------------------------------------------------------------------ what differs


@dataclass(slots=True)
class _Work:
    """The centre's own rows as they are, the lines of the file by task, and what has to be written."""

    centre_id: int
    plan: Plan
    finder: TaskFinder
    own: dict[int, Assignment]
    occurrences: dict[int, list[Occurrence]]
    measures: dict[tuple[int, str], Measure]
    people: dict[str, set[str]]
    names: frozenset[str]
    seats: set[str] | None
    lines: dict[int, list[LedgerLine]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    matched: int = 0
    unchanged: int = 0
    assignments: list[dict[str, Any]] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, centre_id: int, plan: Plan, by: Actor) -> _Work:
        """The centre's assignments are locked in the order of their ids."""
        own = {each.task_id: each for each in Assignment.objects.select_for_update().filter(centre_id=centre_id, plan=plan).order_by("id")}
        tasks = Task.objects.filter(plan=plan, state="ACTIVE", id__in=own).order_by("task_no")
        occurrences: dict[int, list[Occurrence]] = {}
        for each in Occurrence.objects.select_for_update().filter(centre_id=centre_id, plan=plan).order_by("due_on", "id"):
            occurrences.setdefault(each.assignment_id, []).append(each)
        measures = Measure.objects.filter(centre_id=centre_id, assignment__plan=plan).exclude(state=MeasureState.DROPPED).order_by("-id")
        people: dict[str, set[str]] = {}
        for name, person_id in SectionMember.objects.filter(centre_id=centre_id).values_list("person_name", "person_id"):
            people.setdefault(name, set()).add(person_id)
        return cls(
            centre_id, plan, TaskFinder([KnownTask(each.id, each.task_no, each.title, each.demand, each.anchor) for each in tasks]), own,
            occurrences, {(each.assignment_id, bare(each.title)): each for each in measures}, people, _names(centre_id),
            None if is_director(by) else sections_of(centre_id, by),
        )  # fmt: skip

    def take(self, line: LedgerLine) -> None:
        if line.centre and one_line(line.centre) not in self.names:
            rule, remedy = "是其他中心的内容，只能导入本中心的台账", "请删除其他中心的行，或由该中心导入"
            self.faults.append(Fault(line.row, "中心", line.centre, "ROW_OF_OTHER_CENTRE", rule, remedy))
            return
        found = self.finder.find(line)
        if isinstance(found, Fault):
            self.faults.append(found)
            return
        assignment = self.own[found.task_id]
        if self.seats is not None and not {assignment.section or line.section, line.section or assignment.section} <= self.seats:
            rule = f"任务{found.task_no}的责任科室是{assignment.section or line.section or '未定'}，不是您负责的科室"
            self.faults.append(Fault(line.row, "责任科室", line.section, "SECTION_OF_OTHERS", rule, "请由该科室负责人或主任导入"))
            return
        self.matched += 1
        self.lines.setdefault(found.task_id, []).append(line)

    def settle(self) -> None:
        """Compare what the file says of each task with what is there."""
        for task_id, lines in self.lines.items():
            assignment = self.own[task_id]
            self._look_at_dates(assignment, lines)
            changes = [self._progress(assignment, own) for own in _by_period(lines).values()]
            changes.append(self._assignment(assignment, lines))
            changes += [self._measure(assignment, line) for line in self._own_steps(assignment, lines)]
            if not any(changes):
                self.unchanged += 1

    def _assignment(self, assignment: Assignment, lines: Sequence[LedgerLine]) -> bool:
        section = next((line.section for line in lines if line.section), assignment.section)
        person = next((line.person for line in lines if line.person), assignment.person_name)
        measures = list(dict.fromkeys(line.measure for line in lines if line.measure))
        text = (
            "；".join(each.rstrip("。；;") for each in measures)
            if len(measures) > 1
            else (measures[0] if measures else assignment.measure_text)
        )
        person_id = self._person_id(person) if person != assignment.person_name else assignment.person_id
        after = {"measure_text": text, "section": section, "person_name": person, "person_id": person_id}
        before = {name: getattr(assignment, name) for name in after}
        if before == after:
            return False
        state = BreakdownState.BROKEN_DOWN if text and section else BreakdownState(assignment.state)
        self.assignments.append(
            {"id": assignment.id, "task_id": assignment.task_id, **after, "state": state.value, "before": before, "after": after}
        )
        return True

    def _measure(self, assignment: Assignment, line: LedgerLine) -> bool:
        known = self.measures.get((assignment.id, bare(line.measure)))
        person = line.person or (known.person_name if known else "")
        person_id = known.person_id if known and known.person_name == person else self._person_id(person)
        after: dict[str, Any] = {
            "section": line.section or (known.section if known else ""), "person_name": person, "person_id": person_id,
            "due_on": line.due_on or (known.due_on if known else None),
        }  # fmt: skip
        if known is None:
            self.added.append({"assignment_id": assignment.id, "title": line.measure, **after})
            return True
        before = {name: getattr(known, name) for name in after}
        if before == after:
            return False
        self.changed.append({"id": known.id, **after})
        return True

    def _own_steps(self, assignment: Assignment, lines: Sequence[LedgerLine]) -> Iterable[LedgerLine]:
        """Rows that are steps of their own: several of a task, or one with a date of its own. One alone is the task's measure."""
        steps = {bare(line.measure): line for line in lines if bare(line.measure)}
        dates = {each.due_on for each in self.occurrences.get(assignment.id, [])}
        own = bare(assignment.measure_text)
        return [line for text, line in steps.items() if text != own and (len(steps) > 1 or line.due_on not in {None, *dates})]

    def _progress(self, assignment: Assignment, lines: Sequence[LedgerLine]) -> bool:
        said = list(dict.fromkeys(each.progress for each in lines if each.progress))
        proof = list(dict.fromkeys(each.evidence for each in lines if each.evidence and not each.evidence.isdigit()))
        if not said and not proof:
            return False
        text = "；".join(each.rstrip("。；;") for each in said) + ("。" if said else "")
        if len(said) == 1 and not proof:
            text = said[0]
        text += f"（台账所列佐证：{'、'.join(proof)}，原件须另行上传）" if proof else ""
        occurrences = self._occurrences(assignment, lines[0].period)
        if any(each.words == text for each in occurrences):
            return False
        open_ones = [each for each in occurrences if each.state in _WRITABLE]
        if not open_ones:
            self.notes.append(
                f"第{lines[0].row}行：“{lines[0].task or lines[0].task_no}”本期已办结或上报，进展情况未写入，以已上报的内容为准。"
            )
            return False
        one = open_ones[0]
        self.words.append({"id": one.id, "words": text, "assignment_id": one.assignment_id, "task_id": one.task_id, "before": one.words})
        return True

    def _occurrences(self, assignment: Assignment, period: str) -> list[Occurrence]:
        """Those of the period that the row names; all when it names none."""
        own = self.occurrences.get(assignment.id, [])
        return [each for each in own if period and period in (each.period, period_text(each.period))] or own

    def _look_at_dates(self, assignment: Assignment, lines: Sequence[LedgerLine]) -> None:
        last = max((each.due_on for each in self.occurrences.get(assignment.id, [])), default=None)
        for line in lines:
            if line.due_on and last and line.due_on > last:
                self.notes.append(
                    f"第{line.row}行：完成时限{_day(line.due_on)}晚于省厅期限{_day(last)}，任务仍按省厅期限考核，确需延期的请申请调整期限。"
                )

    def _person_id(self, name: str) -> str:
        """Only a name that one person in the centre has; otherwise the name alone is kept."""
        found = self.people.get(name, set())
        return next(iter(found)) if len(found) == 1 else ""

    # -------------------------------------------------------------- writing

    def write(self, by: Actor, at: datetime, filename: str) -> None:
        _run(
            """UPDATE workplan_assignment a SET measure_text = r.measure_text, section = r.section, person_id = r.person_id,
                   person_name = r.person_name, state = r.state, confirmed_by = '', confirmed_at = NULL, version = a.version + 1
               FROM json_to_recordset(%s) AS r(id bigint, measure_text text, section text, person_id text, person_name text, state text)
               WHERE a.id = r.id""",
            self.assignments,
        )
        _run(
            """INSERT INTO workplan_measure (centre_id, assignment_id, title, section, person_id, person_name, due_on, state, version, created_by,
                                             created_at)
               SELECT %s, r.assignment_id, r.title, r.section, r.person_id, r.person_name, r.due_on, 'OPEN', 1, %s, %s
               FROM json_to_recordset(%s) AS r(assignment_id bigint, title text, section text, person_id text, person_name text, due_on date)""",
            self.added, self.centre_id, by.name, at,
        )  # fmt: skip
        _run(
            """UPDATE workplan_measure m SET section = r.section, person_id = r.person_id, person_name = r.person_name, due_on = r.due_on,
                   version = m.version + 1
               FROM json_to_recordset(%s) AS r(id bigint, section text, person_id text, person_name text, due_on date) WHERE m.id = r.id""",
            self.changed,
        )
        _run(
            """UPDATE workplan_occurrence o SET words = r.words, version = o.version + 1
               FROM json_to_recordset(%s) AS r(id bigint, words text) WHERE o.id = r.id""",
            self.words,
        )
        _run(
            """INSERT INTO workplan_event (centre_id, plan_id, task_id, assignment_id, occurrence_id, kind, at, by_id, by_name, text, before, after)
               SELECT %s, %s, r.task_id, r.assignment_id, r.occurrence_id, %s, %s, %s, %s, r.text, r.before, r.after
               FROM json_to_recordset(%s) AS r(task_id bigint, assignment_id bigint, occurrence_id bigint, text text, before jsonb, after jsonb)""",
            list(self._events(filename)), self.centre_id, self.plan.id, EventKind.IMPORTED.value, at, by.user_id, by.name,
        )  # fmt: skip

    def _events(self, filename: str) -> Iterable[dict[str, Any]]:
        """One line of the history for each task that changed, with what it was before."""
        told: dict[int, dict[str, Any]] = {}
        tasks = {each.id: each.task_id for each in self.own.values()}

        def line(assignment_id: int) -> dict[str, Any]:
            empty = {
                "task_id": tasks[assignment_id],
                "assignment_id": assignment_id,
                "occurrence_id": None,
                "text": filename,
                "before": {},
                "after": {},
            }
            return told.setdefault(assignment_id, empty)

        for each in self.assignments:
            line(each["id"]).update(before=dict(each["before"]), after=dict(each["after"]))
        for each in self.words:
            own = line(each["assignment_id"])
            own["occurrence_id"] = each["id"]
            own["before"]["words"], own["after"]["words"] = each["before"], each["words"]
        for each in self.added:
            line(each["assignment_id"])["after"].setdefault("measures", []).append(each["title"])
        owners = {each.id: each.assignment_id for each in self.measures.values()}
        for each in self.changed:
            line(owners[each["id"]])["after"].setdefault("measures_changed", []).append(each["id"])
        return told.values()


def _names(centre_id: int) -> frozenset[str]:
    centre = parties.centre(centre_id)
    return frozenset({centre.short_name, centre.name, f"{centre.short_name}市", f"{centre.short_name}中心", f"{centre.short_name}市中心"})


def _by_period(lines: Sequence[LedgerLine]) -> dict[str, list[LedgerLine]]:
    own: dict[str, list[LedgerLine]] = {}
    for line in lines:
        own.setdefault(line.period, []).append(line)
    return own


def _run(sql: str, rows: list[dict[str, Any]], *values: Any) -> None:
    """One statement for all rows; none for none. The rows go in where the statement reads them."""
    if not rows:
        return
    plain = json.dumps(rows, ensure_ascii=False, default=lambda value: value.isoformat())
    at = sql[: sql.index("json_to_recordset")].count("%s")
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values[:at], plain, *values[at:]])


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
