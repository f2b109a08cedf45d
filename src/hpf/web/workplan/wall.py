"""台账墙: every task in every centre on one sheet, each cell a way to the centre's own page of that task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from html import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
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
        Filter(
            "part", "部分", [("", "全部"), *((part, _part(part, heading)) for part, heading in parts if part)], value=asked.get("part", "")
        ),
        Filter("light", "灯", LIGHTS, value=asked.get("light", "")),
        Filter("due", "到期不晚于", kind="date", value=asked.get("due", "")),
        Filter("section", "责任科室", value=asked.get("section", "")),
        *([Filter("person", "责任人编号", value=asked["person"])] if asked.get("person") else []),
    ]
    return show(
        request, "wall", plan=plan, plans=[(view.plan_id, view.title) for view in every], on=on, filters=filters,
        wall=_table(shown, names), shown=len(shown.rows), total=len(whole.rows), legend=wall_legend(),
        reds=shown.count("R"), yellows=shown.count("Y"), greens=shown.count("G"),
    )  # fmt: skip


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
    """Thousands of cells by joining strings: a template that loops over them takes many times as long."""
    if not found.rows:
        return SafeString("")
    cell = {
        (letter, centre): f'<td class="{css}"><a href="/workplan/tasks/@/{centre}/" title="{escape(names[centre])}">{sign}</a></td>'
        for letter, (css, sign) in CELLS.items()
        for centre in found.centres
    }
    cell |= {(" ", centre): f'<td><i title="与该中心无关">{NOT_FOR_CENTRE}</i></td>' for centre in found.centres}
    head = "".join(f'<th scope="col">{escape(names[centre])}</th>' for centre in found.centres)
    known: dict[str, str] = {}
    lines, last = [], None
    for row in found.rows:
        if (row.part, row.part_heading) != last:
            last = (row.part, row.part_heading)
            title = escape(_part(row.part, row.part_heading) or "文件以外的任务")
            lines.append(f'<tr class="part"><th colspan="{len(found.centres) + 1}" scope="colgroup"><span>{title}</span></th></tr>')
        if row.lights not in known:
            known[row.lights] = "".join([cell[each] for each in zip(row.lights, found.centres, strict=True)])
        task = str(row.task_id)
        lines.append(
            f'<tr><th scope="row"><a href="/workplan/tasks/{task}/"><b>{row.task_no}</b>{escape(row.title)}</a>'
            f"<small>{escape(row.deadline_text)}</small></th>{known[row.lights].replace('@', task)}</tr>"
        )
    foot = "".join(map(_foot, zip(*(row.lights for row in found.rows), strict=True)))
    return format_html(
        '<table class="wall{}"><thead><tr><th scope="col">任务<small>期限</small></th>{}</tr></thead><tbody>{}</tbody>'
        '<tfoot><tr><th scope="row">逾期 / 完成</th>{}</tr></tfoot></table>',
        "" if len(found.centres) > 1 else " one", SafeString(head), SafeString("".join(lines)), SafeString(foot),
    )  # fmt: skip


def _foot(column: tuple[str, ...]) -> str:
    late = column.count("R")
    return f'<td><span class="{"late" if late else ""}">{late}</span> / {column.count("G")}</td>'
