"""载入要点: a document becomes clauses, sentences and tasks; a new edition keeps the tasks; next year's plan takes what is open."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.parties import queries as parties
from hpf.workplan.gateways.documents import DocumentRefused, read_document
from hpf.workplan.models import Clause, Edition, Plan, Sentence, Task, TaskSource
from hpf.workplan.rules.deadlines import whole_year
from hpf.workplan.rules.demands import Demand, SentenceRead, centre_names, read_plan
from hpf.workplan.rules.document import PlanDocument, outline
from hpf.workplan.rules.editions import compare
from hpf.workplan.rules.states import EventKind, TaskOrigin, TaskScope, Verdict
from hpf.workplan.services.editions import as_rows, stored_document, take_over
from hpf.workplan.services.handing_out import CENTRES, Handed, deadline_text, hand_out
from hpf.workplan.services.record import PROVINCE, change, spoken, tell


@dataclass(frozen=True, slots=True)
class PlanLoaded:
    """What became of a document. `kept` tasks stood before; `differences` sentences differ from the edition before."""

    plan_id: int
    edition_id: int | None
    edition_no: int
    title: str
    clauses: int
    sentences: int
    tasks: int
    assignments: int
    occurrences: int
    no_task: int
    uncovered: int
    kept: int = 0
    differences: int = 0


@command("workplan.load")
def load_plan(*, by: Actor, centre_id: int, filename: str, content: bytes, year: int, at: datetime, key: str) -> Decision[PlanLoaded]:
    """载入要点 (centre 0). The same number, or the same title in the same year, is a new edition of that plan.

    Refuses  DOCUMENT_* (cannot be read), PLAN_LOADED_BEFORE (the same bytes), PLAN_YEAR_WRONG
    Locks    loading: two at once go one after the other
    """
    _one_at_a_time()
    sha256 = hashlib.sha256(content).hexdigest()
    before = Edition.objects.filter(sha256=sha256).defer("content").select_related("plan").first()
    if before is not None:
        return Decision.refused([_loaded_before(before)])
    try:
        document = outline(read_document(filename, content))
    except DocumentRefused as refused:
        return Decision.refused([refused.reason])
    title = document.title or filename.rsplit(".", 1)[0]
    if document.issued_on is not None and abs(document.issued_on.year - year) > 1:
        message = f"文件印发于{document.issued_on.year}年，与所填要点年度{year}年相差过大，请核对年度后重新载入。"
        return Decision.refused([Reason("PLAN_YEAR_WRONG", message)])
    readings = read_plan(document, year=year, centres=_names())
    plan = _same_plan(document, title, year)
    if plan is not None:
        return Decision.approved(_new_edition(plan, document, readings, filename, content, sha256, by, at))
    plan = Plan.objects.create(
        year=year, title=title, number=document.number, issuer=document.issuer, issued_on=document.issued_on, loaded_by=by.name, loaded_at=at
    )  # fmt: skip
    edition = _keep(plan, 1, filename, content, sha256, [], by, at)
    read = write_sentences(edition, document, readings, by, at)
    made = [(sentence, demand) for sentence, demands in read for demand in demands]
    tasks = make_tasks(plan, document, made, by, at)
    given = hand_out(plan, tasks, _for_centres(tasks, made))
    loaded = _loaded(plan, edition, document, read, len(tasks), given.assignments, given.occurrences)
    tell(
        EventKind.PLAN_LOADED,
        centre_id=PROVINCE,
        plan_id=plan.id,
        by=by,
        at=at,
        text=f"{filename}，{len(tasks)}项任务",
        after={"sha256": sha256},
    )
    return Decision.approved(loaded)


def _new_edition(
    plan: Plan,
    document: PlanDocument,
    readings: Sequence[SentenceRead],
    filename: str,
    content: bytes,
    sha256: str,
    by: Actor,
    at: datetime,
) -> PlanLoaded:
    """Tasks stay; sentences that are new bring new tasks; every difference is kept and told."""
    last = Edition.objects.filter(plan=plan).order_by("-edition_no").defer("content").first()
    if last is None:
        raise AssertionError(f"plan {plan.id} has no edition")
    kept = Task.objects.filter(plan=plan).count()
    changes = compare(stored_document(last), document)
    differences = as_rows(changes)
    edition = _keep(plan, last.edition_no + 1, filename, content, sha256, differences, by, at)
    read = write_sentences(edition, document, readings, by, at)
    fresh = take_over(plan, last, read, changes, by, at)
    tasks = make_tasks(plan, document, fresh, by, at)
    given = hand_out(plan, tasks, _for_centres(tasks, fresh))
    text = f"第{edition.edition_no}版：{len(differences)}处不同，沿用{kept}项任务，新增{len(tasks)}项"
    tell(EventKind.EDITION_LOADED, centre_id=PROVINCE, plan_id=plan.id, by=by, at=at, text=text, after={"sha256": sha256})
    loaded = _loaded(plan, edition, document, read, len(tasks), given.assignments, given.occurrences)
    return PlanLoaded(**{**{name: getattr(loaded, name) for name in PlanLoaded.__slots__}, "kept": kept, "differences": len(differences)})


Read = list[tuple[Sentence, tuple[Demand, ...]]]


def write_sentences(edition: Edition, document: PlanDocument, readings: Sequence[SentenceRead], by: Actor, at: datetime) -> Read:
    """Clauses and sentences as rows, each sentence with its verdict and what it asks for."""
    clauses = Clause.objects.bulk_create(
        [
            Clause(edition=edition, anchor=each.anchor, level=each.level, heading=each.heading, place=place)
            for place, each in enumerate(document.clauses, 1)
        ]
    )
    by_anchor = {clause.anchor: clause for clause in clauses}
    rows, asked = [], []
    for reading in readings:
        demands = tuple(demand for demand in reading.demands if demand.asks)
        why = next((demand.why_none for demand in reading.demands if demand.why_none), "")
        verdict = Verdict.DEMAND if demands else Verdict.NO_TASK if why else Verdict.UNCOVERED
        asked.append(demands)
        rows.append(
            Sentence(
                clause=by_anchor[reading.anchor], place=reading.no, text=reading.text, digest=digest_of(reading.text), verdict=verdict,
                no_task_reason="" if demands else why, decided_by=by.name, decided_at=at,
            )
        )  # fmt: skip
    return list(zip(Sentence.objects.bulk_create(rows), asked, strict=True))


def make_tasks(plan: Plan, document: PlanDocument, made: Sequence[tuple[Sentence, Demand]], by: Actor, at: datetime) -> list[Task]:
    """Tasks in the order of the document, each on its sentence."""
    headings = {clause.anchor: clause.heading for clause in document.clauses}
    first_no = (Task.objects.filter(plan=plan).order_by("-task_no").values_list("task_no", flat=True).first() or 0) + 1
    since = plan.issued_on or date(plan.year, 1, 1)
    tasks = []
    for number, (sentence, demand) in enumerate(made, first_no):
        anchor = sentence.clause.anchor
        part = part_of(anchor)
        rules = demand.deadlines or (whole_year(plan.year),)
        tasks.append(
            Task(
                plan=plan, task_no=number, title=demand.title or sentence.text[:30], demand=demand.text or sentence.text, anchor=anchor,
                part=part, part_heading=headings.get(part, ""), scope=TaskScope.NAMED if demand.centres else TaskScope.ALL,
                origin=TaskOrigin.DOCUMENT, starts_on=since, deadlines=[rule.as_json() for rule in rules], deadline_text=deadline_text(rules),
                quota=demand.quota or "", cites=[{"title": each.title, "number": each.number} for each in demand.cites],
                bodies=list(demand.bodies), created_by=by.name, created_at=at,
            )
        )  # fmt: skip
    tasks = Task.objects.bulk_create(tasks)
    TaskSource.objects.bulk_create([TaskSource(task=task, sentence=sentence) for task, (sentence, _) in zip(tasks, made, strict=True)])
    return tasks


def part_of(anchor: str) -> str:
    """五(二)1 belongs to 五; 通知 and 总 are parts of their own."""
    return anchor.partition("(")[0]


def digest_of(text: str) -> str:
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PlanSet:
    plan_id: int
    version: int


@command("workplan.tasks")
def set_plan(
    *, by: Actor, centre_id: int, plan_id: int, version: int, warn_days: int, director_days: int, province_days: int, at: datetime, key: str
) -> Decision[PlanSet]:
    """提醒与督办的天数. Refuses PLAN_DAYS_WRONG and an old look."""
    plan = Plan.objects.select_for_update().get(id=plan_id)
    if plan.version != version:
        return Decision.refused([Reason("CHANGED_MEANWHILE", f"“{plan.title}”的设置已被他人修改；本次未保存，请刷新后重新填写。")])
    if not (0 <= warn_days <= 90 and 0 <= director_days <= province_days <= 90):
        message = (
            f"提前{warn_days}天、报主任{director_days}天、报省厅{province_days}天不合理：均须在0至90之间，且报省厅不早于报主任，请更正。"
        )
        return Decision.refused([Reason("PLAN_DAYS_WRONG", message)])
    before, after = change(plan, warn_days=warn_days, director_days=director_days, province_days=province_days)
    tell(EventKind.PLAN_SET, centre_id=PROVINCE, plan_id=plan.id, by=by, at=at, before=before, after=after)
    return Decision.approved(PlanSet(plan.id, plan.version))


def _for_centres(tasks: Sequence[Task], made: Sequence[tuple[Sentence, Demand]]) -> list[Handed]:
    return [Handed(task.id, centre) for task, (_, demand) in zip(tasks, made, strict=True) for centre in demand.centres or CENTRES]


def _same_plan(document: PlanDocument, title: str, year: int) -> Plan | None:
    if document.number and (plan := Plan.objects.filter(number=document.number).first()):
        return plan
    return Plan.objects.filter(year=year, title=title).first()


def _keep(
    plan: Plan, number: int, filename: str, content: bytes, sha256: str, differences: list[dict[str, str]], by: Actor, at: datetime
) -> Edition:
    return Edition.objects.create(
        plan=plan, edition_no=number, filename=filename[:255], content=content, sha256=sha256, size_bytes=len(content),
        differences=differences, loaded_by=by.name, loaded_at=at,
    )  # fmt: skip


def _loaded(plan: Plan, edition: Edition, document: PlanDocument, read: Read, tasks: int, assignments: int, occurrences: int) -> PlanLoaded:
    verdicts = [Verdict(sentence.verdict) for sentence, _ in read]
    return PlanLoaded(
        plan.id, edition.id, edition.edition_no, plan.title, len(document.clauses), len(read), tasks, assignments, occurrences,
        verdicts.count(Verdict.NO_TASK), verdicts.count(Verdict.UNCOVERED),
    )  # fmt: skip


def _loaded_before(edition: Edition) -> Reason:
    return Reason(
        "PLAN_LOADED_BEFORE",
        f"这份文件已于{spoken(edition.loaded_at)}由{edition.loaded_by}作为“{edition.plan.title}”第{edition.edition_no}版载入，"
        "内容完全相同，未重复载入；请直接打开该要点。",
        facts=(("plan_id", str(edition.plan_id)), ("edition_no", str(edition.edition_no))),
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('workplan.load', 20260920))")


def _names() -> dict[str, int]:
    return centre_names((each.centre_id, each.short_name, each.name) for each in parties.centres())
