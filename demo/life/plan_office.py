"""省厅: the province loads the archive, makes the year's plan from it, and decides what the centres report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from demo.life.cast import PLAN_OFFICE, PROVINCE, acting, moment
from demo.life.founding import agreed
from hpf.workplan import services as workplan
from hpf.workplan.queries import plans
from hpf.workplan.queries.tasks import OccurrenceView, task
from hpf.workplan.queries.wall import wall
from hpf.workplan.rules.deadlines import DeadlineKind, DeadlineRule
from hpf.workplan.rules.states import PlanState

FOLDER = Path(__file__).resolve().parents[1] / "workplan"
ARCHIVE, ARCHIVE_YEAR, YEAR = FOLDER / "甘建金〔2024〕26号.md", 2024, 2026
WHY_ARCHIVE = "2024年度已过，仅作存档载入，当年办理情况未在本平台登记（演示）；未完成事项可结转。"


@cache
def script() -> dict[str, Any]:
    """What demo/workplan/分工.yaml says: who does what, and in which words."""
    return dict(yaml.safe_load((FOLDER / "分工.yaml").read_text(encoding="utf-8")))


def morning(day: date) -> None:
    """The first day has the archive, the first business day of the plan's year the plan; any other day nothing."""
    if plans.plan_of_year(ARCHIVE_YEAR) is None:
        load_archive(day)
    if day.year == YEAR and plans.plan_of_year(YEAR) is None:
        make_plan(day, YEAR)


def load_archive(day: date) -> int:
    """Plan 2024 as it was issued, and ended at once: the platform did not see that year and does not invent it."""
    office, at = acting(PLAN_OFFICE, PROVINCE), moment(day, 8)
    loaded = agreed(workplan.load_plan(
        by=office, centre_id=PROVINCE, filename=ARCHIVE.name, content=ARCHIVE.read_bytes(), year=ARCHIVE_YEAR, at=at, key="demo:plan:archive"
    ))  # fmt: skip
    archive = plans.plan(loaded.plan_id)
    if archive is not None and archive.state is PlanState.ACTIVE:
        agreed(workplan.close_plan(
            by=office, centre_id=PROVINCE, plan_id=archive.plan_id, version=archive.version, reason=WHY_ARCHIVE, at=at, key="demo:plan:ended"
        ))  # fmt: skip
    return int(loaded.plan_id)


def make_plan(day: date, year: int) -> int:
    """The year's plan from what the archive leaves open: renamed, some of it measured by the platform, two tasks added."""
    at, archive = moment(day, 8, 40), plans.plan_of_year(ARCHIVE_YEAR)
    if archive is None:
        raise LookupError("the archive is not loaded")
    given = {"by": acting(PLAN_OFFICE, PROVINCE), "centre_id": PROVINCE, "at": at}
    made = agreed(workplan.next_plan(
        **given, from_plan_id=archive.plan_id, year=year, title=f"{year}年全省住房公积金工作要点（演示）", key=f"demo:plan:{year}"
    ))  # fmt: skip
    _rename(made.plan_id, day, given)
    _measure(made.plan_id, day, given)
    _add(archive.plan_id, made.plan_id, given)
    return int(made.plan_id)


def _tasks(plan_id: int, day: date) -> list[Any]:
    found = [task(row.task_id) for row in wall(plan_id, day).rows]
    return [each for each in found if each is not None]


def _rename(plan_id: int, day: date, given: dict[str, Any]) -> None:
    """The titles and words that name the old year name the new one."""
    for each in _tasks(plan_id, day):
        title, demand = each.title, each.demand
        for old, new in script()["retitled"].items():
            title, demand = title.replace(old, new), demand.replace(old, new)
        if (title, demand) != (each.title, each.demand):
            agreed(workplan.change_task(
                **given, task_id=each.task_id, version=each.version, title=title, demand=demand, key=f"demo:plan:rename:{each.task_id}"
            ))  # fmt: skip


def _measure(plan_id: int, day: date, given: dict[str, Any]) -> None:
    for wanted in script()["measured"]:
        each = next(one for one in _tasks(plan_id, day) if one.anchor == wanted["anchor"] and wanted["title"] in one.title)
        agreed(workplan.add_measured(
            **given, task_id=each.task_id, version=each.version, measure_code=wanted["code"], operator=wanted["operator"],
            target=wanted["target"], key=f"demo:plan:measure:{each.task_id}",
        ))  # fmt: skip


def _add(archive_id: int, plan_id: int, given: dict[str, Any]) -> None:
    clauses = plans.document_side_by_side(archive_id)
    for number, wanted in enumerate(script()["created"]):
        sentence = next(
            one for clause in clauses if clause.anchor == wanted["anchor"] for one in clause.sentences if wanted["sentence"] in one.text
        )
        agreed(workplan.create_task(
            **given, plan_id=plan_id, title=wanted["title"], demand=sentence.text, sentence_ids=(sentence.sentence_id,),
            deadlines=(DeadlineRule(DeadlineKind.QUARTERLY),), starts_on=given["at"].date(), measure_code=wanted["code"],
            operator=wanted["operator"], target=wanted["target"], key=f"demo:plan:add:{plan_id}:{number}",
        ))  # fmt: skip


def decide(reported: Iterable[OccurrenceView], centre_id: int, day: date, chance: Any) -> None:
    """Of what a centre has reported: most is accepted together, some returned with a reason, some asked about."""
    words, at, good = script(), moment(day, 15), []
    for each in (one for one in reported if not one.is_asked):
        number = each.occurrence_id
        given = {
            "by": acting_in(centre_id), "centre_id": centre_id, "occurrence_id": number, "version": each.version, "at": at,
            "key": f"demo:plan:decide:{number}:{day}",
        }  # fmt: skip
        said = chance("decide", each.task_no, each.period)
        if said < chance.often("return") and not each.returns and not each.is_measured:
            agreed(workplan.return_(**given, reason=chance.one(words["returns"], number), on=day))
        elif said > 0.96 and not each.question:
            agreed(workplan.ask(**given, question=chance.one(words["questions"], number)))
        elif not each.is_measured or each.is_met:
            good.append(number)
    if good:
        agreed(workplan.accept_many(
            by=acting_in(centre_id), centre_id=centre_id, occurrence_ids=tuple(good), on=day, at=at,
            opinion=chance.one(words["opinions"], day), key=f"demo:plan:accept:{day}",
        ))  # fmt: skip


def move(found: Iterable[OccurrenceView], to_on: date, reason: str, at: datetime) -> None:
    """Some deadlines are moved, with the reason."""
    for each in found:
        agreed(workplan.move_deadline(
            by=acting_in(each.centre_id), centre_id=each.centre_id, occurrence_id=each.occurrence_id, version=each.version, to_on=to_on,
            reason=reason, at=at, key=f"demo:plan:move:{each.occurrence_id}:{to_on}",
        ))  # fmt: skip


def remark(each: OccurrenceView, at: datetime) -> None:
    agreed(workplan.comment(
        by=acting_in(each.centre_id), centre_id=each.centre_id, occurrence_id=each.occurrence_id, text=script()["comment"], at=at,
        key=f"demo:plan:remark:{each.occurrence_id}:{at.date()}",
    ))  # fmt: skip


@cache
def acting_in(centre_id: int) -> Any:
    """The officer in a centre's scope."""
    return acting(PLAN_OFFICE, centre_id)
