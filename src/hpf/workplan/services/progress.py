"""办结 上报 认可: an occurrence goes up from the section through the director to the province, and comes back with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.workplan.models import Assignment, Evidence, Occurrence
from hpf.workplan.rules.states import MOVES, EventKind, Move, OccurrenceState, check_move
from hpf.workplan.services.record import (
    PROVINCE,
    change,
    ended,
    locked_occurrence,
    locked_task,
    may_work_on,
    not_of_centre,
    said,
    stale,
    tell,
    tell_of,
)


@dataclass(frozen=True, slots=True)
class Moved:
    """An occurrence after a move."""

    occurrence_id: int
    state: OccurrenceState
    version: int


@dataclass(frozen=True, slots=True)
class Reported:
    """How many went up together; those that were up already are counted and left as they are."""

    occurrences: tuple[Moved, ...]
    already: int


@dataclass(frozen=True, slots=True)
class Said:
    """A question, an answer or a comment is in the history."""

    occurrence_id: int | None
    version: int


@command("workplan.done")
def finish(*, by: Actor, centre_id: int, occurrence_id: int, version: int, words: str, at: datetime, key: str) -> Decision[Moved]:
    """科室办结. Needs evidence that is not withdrawn, unless the platform measures; then `words` only add to the figure.

    Refuses  NOT_OF_CENTRE, PLAN_ENDED, CHANGED_MEANWHILE, OCCURRENCE_WRONG_STATE, NOT_YOUR_TASK, PROOF_MISSING, WORDS_MISSING
    """
    occurrence = locked_occurrence(centre_id, occurrence_id)
    if occurrence is None:
        return not_of_centre(centre_id, by, at, f"期次{occurrence_id}")
    reasons = ended(occurrence.plan) + _checked(occurrence, version, Move.FINISH) + may_work_on(by, occurrence.assignment)
    reasons += said(words, "WORDS_MISSING", "完成情况")
    if not reasons and not occurrence.is_measured and not Evidence.objects.filter(occurrence=occurrence, withdrawn_at=None).exists():
        message = f"“{occurrence.task.title}”{occurrence.period}还没有佐证材料，不能办结，请先上传能说明完成情况的文件。"
        reasons.append(Reason("PROOF_MISSING", message))
    if reasons:
        return Decision.refused(reasons)
    return _move(
        occurrence, Move.FINISH, EventKind.FINISHED, by, at, words.strip(), words=words.strip(), finished_by=by.name, finished_at=at
    )


@command("workplan.report")
def reopen(*, by: Actor, centre_id: int, occurrence_id: int, version: int, reason: str, at: datetime, key: str) -> Decision[Moved]:
    """退回科室: the director is not content with what the section calls done."""
    occurrence = locked_occurrence(centre_id, occurrence_id)
    if occurrence is None:
        return not_of_centre(centre_id, by, at, f"期次{occurrence_id}")
    reasons = ended(occurrence.plan) + _checked(occurrence, version, Move.REOPEN) + said(reason, "REASON_MISSING", "退回科室的原因")
    if reasons:
        return Decision.refused(reasons)
    return _move(occurrence, Move.REOPEN, EventKind.REOPENED, by, at, reason.strip())


@command("workplan.report")
def report(*, by: Actor, centre_id: int, occurrence_ids: tuple[int, ...], on: date, at: datetime, key: str) -> Decision[Reported]:
    """上报省厅, one or many with one button. Nothing goes up when one of them cannot.

    Refuses  NOT_OF_CENTRE (kept in the audit log), PLAN_ENDED, OCCURRENCE_WRONG_STATE for each that its section has not finished
    """
    wanted = sorted(set(occurrence_ids))
    rows = list(
        Occurrence.objects.select_for_update(of=("self",))
        .select_related("task", "plan")
        .filter(centre_id=centre_id, id__in=wanted)
        .order_by("id")
    )
    if len(rows) != len(wanted) or not wanted:
        missing = sorted(set(wanted) - {row.id for row in rows})
        return not_of_centre(centre_id, by, at, f"所选期次{'、'.join(map(str, missing[:5]))}")
    up = [row for row in rows if row.state in (OccurrenceState.REPORTED, OccurrenceState.ACCEPTED)]
    going = [row for row in rows if row not in up]
    reasons = next((over for row in going if (over := ended(row.plan))), [])
    reasons += [reason for row in going if (reason := check_move(OccurrenceState(row.state), Move.REPORT, row.task.title))]
    if reasons:
        return Decision.refused(reasons)
    moved = [
        _moved(row, Move.REPORT, EventKind.REPORTED, by, at, row.words, reported_by=by.name, reported_at=at, reported_on=on, is_asked=False)
        for row in going
    ]
    return Decision.approved(Reported(tuple(moved), len(up)))


@command("workplan.decide")
def accept(
    *, by: Actor, centre_id: int, occurrence_id: int, version: int, on: date, at: datetime, key: str, opinion: str = ""
) -> Decision[Moved]:
    """认可, by the province in the centre's scope. A measured one whose target is not met cannot be accepted."""
    occurrence = locked_occurrence(centre_id, occurrence_id)
    if occurrence is None:
        return not_of_centre(centre_id, by, at, f"期次{occurrence_id}")
    reasons = _checked(occurrence, version, Move.ACCEPT) + _not_met(occurrence)
    if reasons:
        return Decision.refused(reasons)
    return _move(
        occurrence, Move.ACCEPT, EventKind.ACCEPTED, by, at, opinion.strip(), decided_by=by.name, decided_at=at, decided_on=on,
        opinion=opinion.strip(), is_asked=False,
    )  # fmt: skip


@command("workplan.decide")
def accept_many(
    *, by: Actor, centre_id: int, occurrence_ids: tuple[int, ...], on: date, at: datetime, key: str, opinion: str = ""
) -> Decision[tuple[Moved, ...]]:
    """认可 many of one centre at once, as they are reported. Nothing is accepted when one of them cannot be.

    Refuses  NOT_OF_CENTRE, OCCURRENCE_WRONG_STATE and TARGET_NOT_MET for each
    """
    rows = [locked_occurrence(centre_id, each) for each in sorted(set(occurrence_ids))]
    found = [row for row in rows if row is not None]
    if len(found) != len(rows) or not rows:
        return not_of_centre(centre_id, by, at, "所选期次")
    wrong = [check_move(OccurrenceState(row.state), Move.ACCEPT, row.task.title) for row in found]
    reasons = [reason for reason in wrong if reason] + [reason for row in found for reason in _not_met(row)]
    if reasons:
        return Decision.refused(reasons)
    said_of_all = {"decided_by": by.name, "decided_at": at, "decided_on": on, "opinion": opinion.strip(), "is_asked": False}
    return Decision.approved(tuple(_moved(row, Move.ACCEPT, EventKind.ACCEPTED, by, at, opinion.strip(), **said_of_all) for row in found))


@command("workplan.decide")
def return_(
    *, by: Actor, centre_id: int, occurrence_id: int, version: int, reason: str, on: date, at: datetime, key: str
) -> Decision[Moved]:
    """退回, with the reason; the centre works on it again and reports again."""
    occurrence = locked_occurrence(centre_id, occurrence_id)
    if occurrence is None:
        return not_of_centre(centre_id, by, at, f"期次{occurrence_id}")
    reasons = ended(occurrence.plan) + _checked(occurrence, version, Move.RETURN) + said(reason, "REASON_MISSING", "退回原因")
    if reasons:
        return Decision.refused(reasons)
    return _move(
        occurrence, Move.RETURN, EventKind.RETURNED, by, at, reason.strip(), decided_by=by.name, decided_at=at, decided_on=on,
        opinion=reason.strip(), returns=occurrence.returns + 1, is_asked=False,
    )  # fmt: skip


@command("workplan.decide")
def ask(*, by: Actor, centre_id: int, occurrence_id: int, version: int, question: str, at: datetime, key: str) -> Decision[Said]:
    """询问: a reported occurrence stays reported, marked 待补充 until the centre answers."""
    occurrence = locked_occurrence(centre_id, occurrence_id)
    if occurrence is None:
        return not_of_centre(centre_id, by, at, f"期次{occurrence_id}")
    reasons = ended(occurrence.plan) + _old_look(occurrence, version) + said(question, "QUESTION_MISSING", "要询问的内容")
    if occurrence.state != OccurrenceState.REPORTED:
        state = OccurrenceState(occurrence.state).label
        reasons.append(Reason("NOTHING_TO_ASK", f"“{occurrence.task.title}”现为{state}，只能询问已上报的事项，其他情况请用批注。"))
    if reasons:
        return Decision.refused(reasons)
    change(occurrence, is_asked=True, question=question.strip())
    tell_of(occurrence, EventKind.ASKED, by, at, question.strip())
    return Decision.approved(Said(occurrence.id, occurrence.version))


@command("workplan.evidence")
def answer(*, by: Actor, centre_id: int, occurrence_id: int, version: int, text: str, at: datetime, key: str) -> Decision[Said]:
    """答复 the province's question."""
    occurrence = locked_occurrence(centre_id, occurrence_id)
    if occurrence is None:
        return not_of_centre(centre_id, by, at, f"期次{occurrence_id}")
    reasons = (
        ended(occurrence.plan)
        + _old_look(occurrence, version)
        + said(text, "ANSWER_MISSING", "答复内容")
        + may_work_on(by, occurrence.assignment)
    )
    if not occurrence.is_asked:
        reasons.append(Reason("NOTHING_ASKED", f"“{occurrence.task.title}”没有待答复的询问，无须答复；需要说明的请用批注。"))
    if reasons:
        return Decision.refused(reasons)
    change(occurrence, is_asked=False)
    tell_of(occurrence, EventKind.ANSWERED, by, at, text.strip())
    return Decision.approved(Said(occurrence.id, occurrence.version))


@command("workplan.comment")
def comment(
    *,
    by: Actor,
    centre_id: int,
    text: str,
    at: datetime,
    key: str,
    occurrence_id: int | None = None,
    assignment_id: int | None = None,
    task_id: int | None = None,
) -> Decision[Said]:
    """批注 on an occurrence, a centre's assignment, or (in centre 0) a task. It changes nothing else, so it needs no version."""
    reasons = said(text, "COMMENT_MISSING", "批注内容")
    if reasons:
        return Decision.refused(reasons)
    row: Occurrence | Assignment | None
    if centre_id == PROVINCE:
        task = locked_task(task_id or 0)
        if task is None:
            return Decision.refused([Reason("NO_SUCH_TASK", f"没有编号为{task_id}的任务，未保存批注，请刷新页面后重新选择。")])
        tell(EventKind.COMMENTED, centre_id=PROVINCE, plan_id=task.plan_id, task_id=task.id, by=by, at=at, text=text.strip())
        return Decision.approved(Said(None, task.version))
    if occurrence_id is not None:
        row = Occurrence.objects.filter(centre_id=centre_id, id=occurrence_id).first()
    else:
        row = Assignment.objects.filter(centre_id=centre_id, id=assignment_id or 0).first()
    if row is None:
        return not_of_centre(centre_id, by, at, f"事项{occurrence_id or assignment_id}")
    tell(
        EventKind.COMMENTED, centre_id=centre_id, plan_id=row.plan_id, task_id=row.task_id, by=by, at=at, text=text.strip(),
        assignment_id=row.assignment_id if isinstance(row, Occurrence) else row.id, occurrence_id=occurrence_id,
    )  # fmt: skip
    return Decision.approved(Said(occurrence_id, row.version))


def _checked(occurrence: Occurrence, version: int, move: Move) -> list[Reason]:
    wrong = check_move(OccurrenceState(occurrence.state), move, occurrence.task.title)
    return _old_look(occurrence, version) + ([wrong] if wrong else [])


def _not_met(occurrence: Occurrence) -> list[Reason]:
    if not occurrence.is_measured or occurrence.is_met is True:
        return []
    value = "还没有测量值" if occurrence.value is None else f"最近测量值为{occurrence.value.normalize():f}，未达目标"
    return [Reason("TARGET_NOT_MET", f"“{occurrence.task.title}”由平台测量，{value}，不能认可，请待达标后办理或退回并说明。")]


def _old_look(occurrence: Occurrence, version: int) -> list[Reason]:
    old = stale(occurrence, version, f"{occurrence.task.title}（{occurrence.period}）")
    return [old] if old else []


def _move(occurrence: Occurrence, move: Move, kind: EventKind, by: Actor, at: datetime, text: str = "", **given: object) -> Decision[Moved]:
    return Decision.approved(_moved(occurrence, move, kind, by, at, text, **given))


def _moved(occurrence: Occurrence, move: Move, kind: EventKind, by: Actor, at: datetime, text: str = "", **given: object) -> Moved:
    state = MOVES[move][1]
    before, after = change(occurrence, state=state, **given)
    tell_of(occurrence, kind, by, at, text, **{name: (before[name], after[name]) for name in after})
    return Moved(occurrence.id, state, occurrence.version)
