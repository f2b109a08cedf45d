"""Lines of a week as HTML: two hundred of them on a page, for each of which a template takes ten times as long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from hpf.web.templatetags.fund import day, moment
from hpf.web.templatetags.workplan import changes, label, light, period, wp_state
from hpf.web.workplan.scene import Line
from hpf.workplan.queries.history import EventView

WORDS_SHOWN = 80
"""Characters of a report on its line; the rest is a click away."""


@lru_cache(maxsize=10_000)
def assignment_address(task_id: int, centre_id: int) -> str:
    return reverse("web:workplan_assignment", args=[task_id, centre_id])


def rows(lines: Iterable[Line], one: Callable[[Line], str], nothing: str = "没有") -> SafeString:
    """A list of lines; one that says so when there are none."""
    return SafeString(f'<ul class="lj-rows">{"".join(map(one, lines)) or f"""<li class="quiet">{nothing}</li>"""}</ul>')


def due(line: Line, centre_names: Mapping[int, str] | None = None) -> str:
    """What is due from whom: its period, why its light is what it is, who has it. With names for a reader of all centres."""
    o = line.o
    centre = f' <span class="tag">{escape(centre_names.get(o.centre_id, ""))}</span>' if centre_names is not None else ""
    told = [period(o.period), line.light.why, o.section, o.person_name, f"省厅询问：{o.question}" if o.is_asked else ""]
    return (
        f'<li><span><a href="{assignment_address(o.task_id, o.centre_id)}?o={o.occurrence_id}#occurrence"><b>{o.task_no}.</b> {escape(o.title)}</a>'
        f"{centre}<br><small>{escape('　'.join(filter(None, told)))}</small></span><span>{light(line.light)}<br><small>{day(o.due_on)}</small></span></li>"
    )


def reported(line: Line, centre_name: str, may_accept: bool) -> str:
    """What a centre has reported and the province has to speak about; to be ticked where it may be accepted."""
    o = line.o
    named = f"{o.task_no}. {escape(o.title)}（{escape(period(o.period))}）"
    if may_accept and o.met is not False:
        box = f'<input class="form-check-input" type="checkbox" name="occurrence" value="{o.centre_id}-{o.occurrence_id}">'
        named = f'<label class="form-check mb-0">{box}<span class="form-check-label">{named}</span></label>'
    missed = '<span class="minus">数值未达目标，不能认可</span>　' if o.met is False else ""
    asked = "　已追问，待答复" if o.is_asked else ""
    look = (
        f'<a href="{assignment_address(o.task_id, o.centre_id)}?o={o.occurrence_id}#occurrence" '
        f'aria-label="查看{escape(centre_name)}：{escape(o.title)}">查看</a>'
    )
    return (
        f"<li><span>{named}<small>{missed}{escape(Truncator(o.words).chars(WORDS_SHOWN))}　佐证 {o.evidence} 份{asked}　{look}</small></span>"
        f"<span>{light(line.light)}<br><small>{day(o.reported_on)}报</small></span></li>"
    )


def course(lines: Iterable[Line], chosen_id: int | None) -> SafeString:
    """Rows of a table: every period of one task in one centre, with its day, its light and its state; the one that is looked at is marked."""
    return SafeString("".join(_period(line, line.o.occurrence_id == chosen_id) for line in lines))


def _period(line: Line, is_chosen: bool) -> str:
    o = line.o
    marked = ' class="table-active"' if is_chosen else ""
    address = f"{assignment_address(o.task_id, o.centre_id)}?o={o.occurrence_id}#occurrence"
    return (
        f'<tr{marked}><td class="lead-cell"><a href="{address}">{escape(period(o.period))}</a></td>'
        f'<td class="date" data-label="到期">{day(o.due_on)}</td><td data-label="灯">{light(line.light)}</td>'
        f'<td data-label="状态">{wp_state(o.state)}</td></tr>'
    )


def past(events: Iterable[EventView], centre_names: Mapping[int, str] | None = None) -> SafeString:
    """What happened, newest first: when, what, by whom, and what it changed. With names of centres for a reader of all of them."""
    return SafeString(
        f'<ul class="history">{"".join(_event(each, centre_names) for each in events) or """<li class="quiet">还没有记录</li>"""}</ul>'
    )


def _event(event: EventView, centre_names: Mapping[int, str] | None) -> str:
    centre = f'　<span class="tag">{escape(centre_names.get(event.centre_id, ""))}</span>' if centre_names and event.centre_id else ""
    words = f"<div>{escape(event.text)}</div>" if event.text else ""
    changed = "".join(
        f'<span class="changed">{escape(name)}：{f"<del>{escape(old)}</del> → " if old else ""}<ins>{escape(new or "（空）")}</ins></span>'
        for name, old, new in changes(event)
    )
    return f"<li><time>{moment(event.at)}</time><div><b>{escape(label(event.kind))}</b>　{escape(event.by_name)}{centre}{words}{changed}</div></li>"
