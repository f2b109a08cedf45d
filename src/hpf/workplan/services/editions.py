"""新版本: verdicts and tasks go over to the new edition's sentences; what changed is told in each task's history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from hpf.db.command import step
from hpf.kernel.actor import Actor
from hpf.workplan.models import Clause, Edition, Plan, Sentence, TaskSource
from hpf.workplan.rules.demands import Demand
from hpf.workplan.rules.document import ClauseText, PlanDocument
from hpf.workplan.rules.editions import Change, ChangeKind
from hpf.workplan.rules.states import EventKind, Verdict
from hpf.workplan.services.record import PROVINCE, tell

Place = tuple[str, int]


def stored_document(edition: Edition) -> PlanDocument:
    """An edition as it was read, from its own rows."""
    texts: dict[int, list[str]] = defaultdict(list)
    for clause_id, text in (
        Sentence.objects.filter(clause__edition=edition).order_by("clause__place", "place").values_list("clause_id", "text")
    ):
        texts[clause_id].append(text)
    clauses = tuple(
        ClauseText(each.anchor, each.level, each.heading, tuple(texts[each.id]))
        for each in Clause.objects.filter(edition=edition).order_by("place")
    )
    plan = edition.plan
    return PlanDocument(plan.title, plan.number, plan.issuer, plan.issued_on, clauses)


def as_rows(changes: Sequence[Change]) -> list[dict[str, str]]:
    """What differs, as it is kept with the edition and shown."""
    return [
        {"kind": each.kind.value, "old_anchor": each.old_anchor, "new_anchor": each.new_anchor, "old": each.old, "new": each.new}
        for each in changes
        if each.kind is not ChangeKind.SAME
    ]


@step
def take_over(
    plan: Plan, last: Edition, read: Sequence[tuple[Sentence, tuple[Demand, ...]]], changes: Sequence[Change], by: Actor, at: datetime
) -> list[tuple[Sentence, Demand]]:
    """Link the tasks of the last edition to the new sentences; gives what is new and needs a task of its own."""
    old = {(each.clause.anchor, each.place): each for each in Sentence.objects.filter(clause__edition=last).select_related("clause")}
    tasks: dict[int, list[int]] = defaultdict(list)
    for task_id, sentence_id in TaskSource.objects.filter(sentence__in=old.values()).order_by("id").values_list("task_id", "sentence_id"):
        tasks[sentence_id].append(task_id)
    former = {(each.new_anchor, each.new_no): each for each in changes if each.old_no and each.new_no}
    fresh: list[tuple[Sentence, Demand]] = []
    links: list[TaskSource] = []
    decided: list[Sentence] = []
    for sentence, demands in read:
        change = former.get((sentence.clause.anchor, sentence.place))
        source = old[change.old_anchor, change.old_no] if change else None
        held = tasks[source.id] if source else []
        if source is None or change is None or (not held and change.kind is ChangeKind.CHANGED):
            fresh += [(sentence, demand) for demand in demands]
            continue
        links += [TaskSource(task_id=task_id, sentence=sentence) for task_id in held]
        if change.kind is ChangeKind.CHANGED:
            _tell(plan, held, "新版本改了依据的原文，任务沿用，请核对任务要求", source.text, sentence.text, by, at)
        sentence.verdict = Verdict.DEMAND if held else source.verdict
        sentence.no_task_reason = "" if held else source.no_task_reason
        decided.append(sentence)
    TaskSource.objects.bulk_create(links)
    Sentence.objects.bulk_update(decided, ["verdict", "no_task_reason"])
    for change in changes:
        if change.kind is ChangeKind.REMOVED:
            removed = old[change.old_anchor, change.old_no]
            _tell(plan, tasks[removed.id], "新版本删去了依据的原文，任务沿用；不再需要的请撤销并写明原因", removed.text, "", by, at)
    return fresh


def _tell(plan: Plan, task_ids: Sequence[int], text: str, old: str, new: str, by: Actor, at: datetime) -> None:
    for task_id in task_ids:
        tell(
            EventKind.TASK_CHANGED, centre_id=PROVINCE, plan_id=plan.id, task_id=task_id, by=by, at=at, text=text,
            before={"原文": old}, after={"原文": new},
        )  # fmt: skip
