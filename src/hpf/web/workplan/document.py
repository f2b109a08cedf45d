"""The document side by side with its tasks, clause by clause; what is not covered stands out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from hpf.web.templatetags.workplan import fragment
from hpf.web.workplan.plans import plan_of
from hpf.web.workplan.scene import may, opens, reader, show, today
from hpf.workplan.queries import plans as reads
from hpf.workplan.queries.plans import SentenceView
from hpf.workplan.queries.wall import Wall, wall
from hpf.workplan.rules.report import part_text
from hpf.workplan.rules.states import PlanState, Verdict


@dataclass(frozen=True, slots=True)
class SentenceShown:
    """A sentence beside its tasks; one whose tasks are all withdrawn is open again."""

    sentence_id: int
    text: str
    shown: str
    no_task_reason: str
    tasks: tuple[reads.TaskMark, ...]


@dataclass(frozen=True, slots=True)
class ClauseShown:
    fragment: str
    label: str
    deep: bool
    uncovered: int
    sentences: tuple[SentenceShown, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the wall says of a task: by when, and in how many centres it is late or done."""

    task_id: int
    task_no: int
    title: str
    anchor: str
    part: str
    part_heading: str
    deadline_text: str
    red: int
    green: int
    of: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a sentence, as HTML: hundreds of lines, for each of which a template takes ten times as long.

    `told` is by task; `plan_id` is that of a plan whose tasks the visitor may change, else None.
    """

    told: Mapping[int, Told]
    plan_id: int | None

    def pairs(self, clause: ClauseShown) -> SafeString:
        return SafeString("".join(map(self._pair, clause.sentences)))

    def _pair(self, s: SentenceShown) -> str:
        return (
            f'<div class="pair {s.shown}" id="s{s.sentence_id}"><div class="said">{escape(s.text)}</div>'
            f'<div class="beside">{"".join(self._beside(s))}</div></div>'
        )

    def _beside(self, s: SentenceShown) -> Iterator[str]:
        if s.tasks:
            yield f"<ul>{''.join(map(self._task, s.tasks))}</ul>"
        elif s.shown == Verdict.NO_TASK:
            yield f'<span class="verdict quiet">不设任务</span><small>{escape(s.no_task_reason)}</small>'
        else:
            yield '<span class="verdict verdict-UNCOVERED">未覆盖</span>'
        if self.plan_id is not None:
            make, leave = _sentence_addresses(self.plan_id, s.sentence_id)
            none = "修改原因" if s.shown == Verdict.NO_TASK else "不设任务"
            yield f'<div class="no-print mt-1 d-flex flex-wrap gap-2"><a href="{make}">建立任务</a>'
            yield "" if s.tasks else f'<a href="{leave}">{none}</a>'
            yield "</div>"

    def _task(self, t: reads.TaskMark) -> str:
        named = f"{t.task_no}. {escape(t.title)}"
        if not t.is_active:
            return f'<li><span class="withdrawn">{named}</span><small>已撤销</small></li>'
        row = self.told.get(t.task_id)
        late = f'<span class="minus">逾期 {row.red}</span>　' if row and row.red else ""
        stands = f"<small>{escape(row.deadline_text)}　{late}完成 {row.green} / {row.of}</small>" if row else ""
        return f'<li><a href="/workplan/tasks/{t.task_id}/"><b>{t.task_no}.</b> {escape(t.title)}</a>{stands}</li>'


@lru_cache(maxsize=10_000)
def _sentence_addresses(plan_id: int, sentence_id: int) -> tuple[str, str]:
    """Where a task is made of a sentence, and where it is said why none is."""
    return reverse("web:workplan_sentence_task", args=[plan_id, sentence_id]), reverse(
        "web:workplan_sentence_none", args=[plan_id, sentence_id]
    )


@require_GET
@opens
def document(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The document clause by clause, its tasks beside; what is not covered stands out."""
    plan = plan_of(plan_id)
    editions = reads.editions(plan_id)
    told = _told(wall(plan_id, today(request), centre_id=reader(request)))
    clauses = [
        ClauseShown(
            fragment(c.anchor), _label(c.anchor, c.heading, plan.title), "(" in c.anchor,
            sum(_shown(s) == Verdict.UNCOVERED for s in c.sentences),
            tuple(SentenceShown(s.sentence_id, s.text, _shown(s).value, s.no_task_reason, s.tasks) for s in c.sentences),
        )
        for c in reads.document_side_by_side(plan_id)
    ]  # fmt: skip
    verdicts = [s.shown for c in clauses for s in c.sentences]
    beside = {t.task_id for c in clauses for s in c.sentences for t in s.tasks}
    others = _by_part([row for row in told.values() if row.task_id not in beside], bool(editions))
    counts = {
        "sentences": len(verdicts),
        "tasks": len(told),
        "no_task": verdicts.count("NO_TASK"),
        "uncovered": verdicts.count("UNCOVERED"),
    }
    may_tasks = may(request, "workplan.tasks") and plan.state is PlanState.ACTIVE
    beside_of = Beside(told, plan_id if may_tasks else None)
    return show(
        request, "document", plan=plan, edition=editions[0] if editions else None, contents=clauses, others=others, counts=counts,
        clauses=[(c, beside_of.pairs(c)) for c in clauses if c.sentences or not c.deep],
        source=reads.plan(plan.from_plan_id) if plan.from_plan_id else None,
    )  # fmt: skip


def _shown(sentence: SentenceView) -> Verdict:
    lost = sentence.verdict is Verdict.DEMAND and not any(mark.is_active for mark in sentence.tasks)
    return Verdict.UNCOVERED if lost else sentence.verdict


def _by_part(rows: list[Told], has_document: bool) -> list[tuple[str, str, list[Told]]]:
    """Tasks that stand beside no sentence; of a plan without a document of its own under the parts they were carried from."""
    held: dict[str, list[Told]] = {}
    for row in rows:
        held.setdefault("文件以外的任务" if has_document else part_text(row.part, row.part_heading), []).append(row)
    return [(f"others-{at}", heading, lines) for at, (heading, lines) in enumerate(held.items())]


def _told(found: Wall) -> Mapping[int, Told]:
    return {
        row.task_id: Told(
            row.task_id,
            row.task_no,
            row.title,
            row.anchor,
            row.part,
            row.part_heading,
            row.deadline_text,
            row.count("R"),
            row.count("G"),
            len(row.lights.replace(" ", "")),
        )
        for row in found.rows
    }


def _label(anchor: str, heading: str, title: str) -> str:
    """五(二) 强化数据质量提升 reads （二）强化数据质量提升 under its part."""
    if anchor == "总":
        return heading or title or "总体要求"
    if anchor == "通知":
        return "印发通知"
    inner = anchor.partition("(")[2].partition(")")[0]
    own = anchor.rpartition(")")[2] if inner else ""
    return f"{own}. {heading}" if own else f"（{inner}）{heading}" if inner else f"{anchor}、{heading}"
