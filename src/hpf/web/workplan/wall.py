"""台账墙: every task in every centre on one sheet, each cell a way to the centre's own page of that task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from html import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from hpf.web.listing import Filter
from hpf.web.templatetags.workplan import wall_legend
from hpf.web.workplan.scene import centres, chosen_plan, opens, reader, show, today
from hpf.workplan.queries import tasks
from hpf.workplan.queries.wall import Wall, WallRow
from hpf.workplan.queries.wall import wall as wall_of
from hpf.workplan.rules.lights import NOT_FOR_CENTRE, SIGNS, Colour

LIGHTS = [("", "全部"), ("R", "有逾期"), ("Y", "有待办"), ("G", "有完成"), ("-", "未到预警期")]
CELLS = {"R": ("r", SIGNS[Colour.RED]), "Y": ("y", SIGNS[Colour.YELLOW]), "G": ("g", SIGNS[Colour.GREEN]), "-": ("n", SIGNS[Colour.GREY])}
"""A letter's class and sign: colour, shape and sign say the same, so that nobody depends on colour."""
UNNUMBERED = {"通知": "印发通知", "总": "总体要求"}


@require_GET
@opens
def wall(request: HttpRequest) -> HttpResponse:
    """The wall; of a centre's staff its own column only. Filters by part and light, and what narrows cells by their dates and people."""
    plan, every = chosen_plan(request)
    on, asked = today(request), request.GET
    names = centres()
    centre = reader(request)
    shown = whole = Wall(0, on, (centre,) if centre else tuple(names), ())
    if plan is not None:
        whole = wall_of(plan.plan_id, on, tuple(names), centre_id=centre)
        shown = _narrowed(request, whole, plan.plan_id, on, centre)
    parts = dict.fromkeys((row.part, row.part_heading) for row in whole.rows)
    filters = [
        Filter("plan", "要点", [(str(view.plan_id), view.title) for view in every], value=str(plan.plan_id) if plan else ""),
        Filter(
            "part", "部分", [("", "全部"), *((part, _part(part, heading)) for part, heading in parts if part)], value=asked.get("part", "")
        ),
        Filter("light", "灯", LIGHTS, value=asked.get("light", "")),
        Filter("due", "到期不晚于", kind="date", value=asked.get("due", "")),
        Filter("section", "责任科室", value=asked.get("section", "")),
        *([Filter("person", "责任人编号", value=asked["person"])] if asked.get("person") else []),
    ]
    letters = "".join([row.lights for row in shown.rows])
    return show(
        request, "wall", plan=plan, on=on, filters=SafeString("".join(map(_field, filters))), wall=_table(shown, names),
        shown=len(shown.rows), total=len(whole.rows), legend=wall_legend(), reds=letters.count("R"), yellows=letters.count("Y"),
        greens=letters.count("G"),
    )  # fmt: skip


def _field(given: Filter) -> str:
    """One filter of the form; a choice asks by itself."""
    head = f'<div><label for="f-{given.name}">{given.label}</label>'
    if not given.choices and given.name != "plan":
        value = escape(given.value)
        return f'{head}<input class="form-control" id="f-{given.name}" type="{given.kind}" name="{given.name}" value="{value}" maxlength="60"></div>'
    options = [
        f'<option value="{escape(value)}"{" selected" if value == given.value else ""}>{escape(text)}</option>'
        for value, text in given.choices
    ]
    return (
        f'{head}<select class="form-select" id="f-{given.name}" name="{given.name}" data-submit-on-change>{"".join(options)}</select></div>'
    )


def _narrowed(request: HttpRequest, found: Wall, plan_id: int, on: date, centre: int | None) -> Wall:
    """Rows of the wished part and light; cells without an occurrence of the wished section, person or date are left blank."""
    asked = request.GET
    rows: Iterable[WallRow] = found.rows
    until, section, person = _day(asked.get("due", "")), asked.get("section", "").strip()[:60], asked.get("person", "").strip()[:60]
    if until or section or person:
        wanted = tasks.Wanted(plan_id=plan_id, section=section or None, person_id=person or None, until=until)
        kept = {(o.task_id, o.centre_id) for o in tasks.occurrence_lines(wanted, on, centre_id=centre, limit=50_000)}
        rows = [
            replace(row, lights="".join(c if (row.task_id, n) in kept else " " for n, c in zip(found.centres, row.lights, strict=True)))
            for row in rows
        ]
        rows = [row for row in rows if row.lights.strip()]
    if part := asked.get("part", ""):
        rows = [row for row in rows if row.part == part]
    if letter := asked.get("light", ""):
        if letter not in CELLS:
            raise Http404
        rows = [row for row in rows if letter in row.lights]
    return replace(found, rows=tuple(rows))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Http404 from None


def _part(part: str, heading: str) -> str:
    """五、加快数字化发展; the notice and the opening words have no number."""
    if part in UNNUMBERED:
        return UNNUMBERED[part]
    return f"{part}、{heading}" if heading and heading != part else part


def _table(found: Wall, names: Mapping[int, str]) -> SafeString:
    """Thousands of cells by joining strings: a template that loops over them takes many times as long. Rows with the same
    lights have the same cells but for the task's number, and days look much like the day before: both are kept."""
    if not found.rows:
        return SafeString("")
    columns = tuple([(centre, names[centre]) for centre in found.centres])
    known: dict[str, tuple[str, ...]] = {}
    lines, last = [], None
    for row in found.rows:
        if (row.part, row.part_heading) != last:
            last = (row.part, row.part_heading)
            title = escape(_part(row.part, row.part_heading) or "文件以外的任务")
            lines.append(f'<tr class="part"><th colspan="{len(columns) + 1}" scope="colgroup"><span>{title}</span></th></tr>')
        lights = row.lights
        if lights not in known:
            known[lights] = _cells(lights, columns)
        task = str(row.task_id)
        lines.append(f"{_row_head(task, row.task_no, row.title, row.deadline_text)}{task.join(known[lights])}</tr>")
    head = "".join([f'<th scope="col">{escape(name)}</th>' for _, name in columns])
    foot = "".join(map(_foot, zip(*(row.lights for row in found.rows), strict=True)))
    return SafeString(
        f'<table class="wall{"" if len(columns) > 1 else " one"}"><thead><tr><th scope="col">任务<small>期限</small></th>{head}</tr></thead>'
        f'<tbody>{"".join(lines)}</tbody><tfoot><tr><th scope="row">逾期 / 完成</th>{foot}</tr></tfoot></table>'
    )


@lru_cache(maxsize=2_000)
def _cells(lights: str, columns: tuple[tuple[int, str], ...]) -> tuple[str, ...]:
    """A row's cells in the pieces between which the task's number stands. `columns` are the centres with their names."""
    cells = []
    for letter, (centre, name) in zip(lights, columns, strict=True):
        if letter == " ":
            cells.append(f'<td><i title="与该中心无关">{NOT_FOR_CENTRE}</i></td>')
        else:
            css, sign = CELLS[letter]
            cells.append(
                f'<td class="{css}"><a href="/workplan/tasks/@/{centre}/" title="{escape(name).replace("@", "&#64;")}">{sign}</a></td>'
            )
    return tuple("".join(cells).split("@"))


@lru_cache(maxsize=5_000)
def _row_head(task: str, number: int, title: str, deadline: str) -> str:
    return f'<tr><th scope="row"><a href="/workplan/tasks/{task}/"><b>{number}</b>{escape(title)}</a><small>{escape(deadline)}</small></th>'


def _foot(column: tuple[str, ...]) -> str:
    late = column.count("R")
    return f'<td><span class="{"late" if late else ""}">{late}</span> / {column.count("G")}</td>'
