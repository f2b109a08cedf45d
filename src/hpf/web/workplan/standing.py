"""分类台账 排名 进度: where a plan stands by part, section, person and centre, who is ahead by which rule, and how it went."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hpf.kernel.period import Month
from hpf.web.listing import Column, Filter, Table, table
from hpf.web.templatetags.workplan import light as light_mark
from hpf.web.templatetags.workplan import period as period_text
from hpf.web.templatetags.workplan import wp_state
from hpf.web.workplan.scene import centres, chosen_plan, is_province, lit, opens, reader, show, today, whole
from hpf.workplan.queries import progress, ranking, tasks
from hpf.workplan.rules.lights import Colour
from hpf.workplan.rules.ranking import Place, rule_text
from hpf.workplan.rules.report import part_text
from hpf.workplan.rules.states import OccurrenceState

BY = {"part": "部分", "section": "责任科室", "person": "责任人", "centre": "中心", "due": "期限"}


@require_GET
@opens
def standing(request: HttpRequest) -> HttpResponse:
    """分类台账: by part, section, person or centre as counts; by date as the list itself, paged in the database."""
    plan, every = chosen_plan(request)
    on, by = today(request), request.GET.get("by", "part")
    if by not in BY:
        raise Http404
    shown: Table | HttpResponse | None = None
    if plan is not None:
        shown = (
            _list(request, plan.plan_id, on, {p.plan_id: p.warn_days for p in every})
            if by == "due"
            else _counts(request, plan.plan_id, on, by)
        )
    if isinstance(shown, HttpResponse):
        return shown
    kinds = [(code, name) for code, name in BY.items() if code != "centre" or is_province(request)]
    return show(request, "standing", plan=plan, plans=[(p.plan_id, p.title) for p in every], on=on, by=by, kinds=kinds, table=shown)


def _counts(request: HttpRequest, plan_id: int, on: date, by: str) -> Table | HttpResponse:
    names = centres()

    def name(line: progress.Standing) -> str:
        if by == "centre":
            return names[int(line.key)]
        return (part_text(line.key, line.label) if by == "part" else line.label) or "未分派"

    def into(line: progress.Standing) -> str:
        return reverse("web:workplan_standing") + "?" + urlencode({"plan": plan_id, "by": "due", by: line.key or "-"})

    columns = [
        Column("name", BY[by], value=name, link=into, lead=True),
        Column("occurrences", "期次", "count", total=True),
        Column("due", "已到期", "count", total=True),
        Column("reported", "已上报", "count", total=True),
        Column("accepted", "已认可", "count", total=True),
        Column("red", "红灯", "count", total=True),
        Column("yellow", "黄灯", "count", total=True),
        Column("green", "绿灯", "count", total=True),
        Column("share", "完成率", "figure", value=lambda r: f"{r.accepted * 100 // r.occurrences}%" if r.occurrences else "—", sort=False),
    ]
    rows = progress.standing(plan_id, on, by, centre_id=reader(request))
    return table(request, rows, columns, title=f"按{BY[by]}", size=100, export=f"工作台账按{BY[by]}_{on}", empty="还没有任务。")


def _list(request: HttpRequest, plan_id: int, on: date, warn: dict[int, int]) -> Table | HttpResponse:
    asked, names = request.GET, centres()
    colour, state, text = asked.get("light", ""), asked.get("state", ""), asked.get("text", "").strip()[:60]
    if (colour and colour not in Colour._value2member_map_) or (state and state not in OccurrenceState._value2member_map_):
        raise Http404

    def one(name: str) -> str | None:
        value = asked.get(name)
        return None if value in (None, "") else "" if value == "-" else str(value)[:60]

    centre = whole(asked.get("centre"))
    wanted = tasks.Wanted(
        plan_id=plan_id, section=one("section"), person_id=one("person"), part=one("part"), text=text,
        colours=(Colour(colour),) if colour else (), states=(OccurrenceState(state),) if state else (), until=_day(asked.get("due", "")),
        centre_ids=(centre,) if centre else (),
    )  # fmt: skip

    def fetch(limit: int, offset: int) -> tuple[list[Any], int]:
        found = tasks.occurrence_page(wanted, on, centre_id=reader(request), limit=limit, offset=offset)
        return lit(found.lines, on, warn), found.total

    columns = [
        Column("title", "任务", value=lambda r: f"{r.o.task_no}. {r.o.title}", lead=True, link=lambda r: _address(r.o)),
        Column("centre", "中心", "short", value=lambda r: names[r.o.centre_id]),
        Column("period", "期次", "short", value=lambda r: period_text(r.o.period)),
        Column("due", "到期", "date", value=lambda r: r.o.due_on),
        Column("light", "灯", "short", value=lambda r: light_mark(r.light)),
        Column("why", "情况", value=lambda r: r.light.why),
        Column("state", "状态", "short", value=lambda r: wp_state(r.o.state)),
        Column("section", "责任科室", value=lambda r: r.o.section),
        Column("person", "责任人", "short", value=lambda r: r.o.person_name),
    ]
    filters = [
        Filter("light", "灯", [("", "全部"), *((c.value, c.label) for c in Colour)]),
        Filter("state", "状态", [("", "全部"), *((s.value, s.label) for s in OccurrenceState)]),
        Filter("due", "到期不晚于", kind="date"),
        Filter("text", "查找"),
    ]
    return table(request, None, columns, title="期次", filters=filters, fetch=fetch, size=50, export="", empty="没有符合条件的期次。")


def _address(o: tasks.OccurrenceView) -> str:
    return reverse("web:workplan_assignment", args=[o.task_id, o.centre_id]) + f"?o={o.occurrence_id}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Http404 from None


@require_GET
@opens
def ranked(request: HttpRequest) -> HttpResponse:
    """排名 of the sixteen centres with the rule in words, and the curve of what was due, reported and accepted."""
    plan, every = chosen_plan(request)
    on, names = today(request), centres()
    places: tuple[Place, ...] = ()
    curve = None
    if plan is not None:
        places = ranking.ranking(plan.plan_id, on)
        curve = _curve(plan.plan_id, plan.year, on, reader(request))
    bars = {
        "kind": "ranking", "unit": "分", "description": "各中心得分", "labels": [p.name for p in places if p.place],
        "series": [{"name": "得分", "data": [p.score for p in places if p.place]}],
        "links": [reverse("web:workplan_standing") + f"?by=due&plan={plan.plan_id}&centre={p.centre_id}" for p in places if p.place] if plan and is_province(request) else None,
    }  # fmt: skip
    return show(
        request, "ranking", plan=plan, plans=[(p.plan_id, p.title) for p in every], on=on, places=places, rule=rule_text(),
        bars=bars, curve=curve, names=names, own=None if is_province(request) else reader(request),
    )  # fmt: skip


def _curve(plan_id: int, year: int, on: date, centre: int | None) -> dict[str, Any]:
    """The ends of the plan's months up to today, and today."""
    ends = [(Month(year, number) + 1).first_day - timedelta(days=1) for number in range(1, 13)]
    days = [day for day in ends if day < on] + [min(on, ends[-1])]
    points = progress.curve(plan_id, days, centre_id=centre)
    return {
        "kind": "line", "unit": "项", "description": "到期、上报与认可的期次数", "labels": [f"{p.on:%m-%d}" for p in points],
        "series": [
            {"name": "已到期", "data": [str(p.due) for p in points]}, {"name": "已上报", "data": [str(p.reported) for p in points]},
            {"name": "已认可", "data": [str(p.accepted) for p in points]},
        ],
    }  # fmt: skip
