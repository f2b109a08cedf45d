"""Lines of a week as HTML: two hundred of them on a page, for each of which a template takes ten times as long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from hpf.web.templatetags.fund import day, moment, month
from hpf.web.templatetags.workplan import changes, figure, label, light, operator, period, sign, wp_state
from hpf.web.workplan.scene import Line
from hpf.workplan.queries.agenda import CalendarLine
from hpf.workplan.queries.history import EventView
from hpf.workplan.queries.targets import ReadingView, TargetLine
from hpf.workplan.queries.tasks import AssignmentView, MeasureView
from hpf.workplan.rules.states import MeasureState

WORDS_SHOWN, MEASURE_SHOWN = 80, 60
"""Characters of a report and of a measure on a line; the rest is a click away."""


@lru_cache(maxsize=10_000)
def assignment_address(task_id: int, centre_id: int) -> str:
    return reverse("web:workplan_assignment", args=[task_id, centre_id])


@lru_cache(maxsize=10_000)
def task_address(task_id: int) -> str:
    return reverse("web:workplan_task", args=[task_id])


@lru_cache(maxsize=10_000)
def measure_address(centre_id: int, measure_id: int) -> str:
    return reverse("web:workplan_measure_act", args=[centre_id, measure_id])


def cut(text: str, most: int) -> str:
    """So many characters of a text at most, escaped."""
    return escape(text if len(text) <= most else f"{text[: most - 1]}…")


def rows(lines: Iterable[Any], one: Callable[[Any], str], nothing: str = "没有") -> SafeString:
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
        f"<li><span>{named}<small>{missed}{cut(o.words, WORDS_SHOWN)}　佐证 {o.evidence} 份{asked}　{look}</small></span>"
        f"<span>{light(line.light)}<br><small>{day(o.reported_on)}报</small></span></li>"
    )


def finished(line: Line) -> str:
    """What a section has done and the director has to report, ticked."""
    o = line.o
    look = f'<a href="{assignment_address(o.task_id, o.centre_id)}?o={o.occurrence_id}">查看</a>'
    named = _ticked("occurrence", o.occurrence_id, f"{o.task_no}. {escape(o.title)}（{escape(period(o.period))}）")
    return (
        f"<li><span>{named}<small>{cut(o.words, WORDS_SHOWN)}　佐证 {o.evidence} 份　{look}</small></span>"
        f"<span>{light(line.light)}<br><small>{day(o.due_on)}</small></span></li>"
    )


def drafted(held: AssignmentView) -> str:
    """What a section means to do and the director has to confirm, ticked."""
    look = f'<a href="{assignment_address(held.task_id, held.centre_id)}">查看</a>'
    return (
        f"<li><span>{_ticked('assignment', held.assignment_id, f'{held.task_no}. {escape(held.title)}')}"
        f"<small>{cut(held.measure_text, WORDS_SHOWN)}　{look}</small></span>"
        f"<span>{escape(held.section)}<br><small>{escape(held.person_name or '未指定责任人')}</small></span></li>"
    )


def undivided(held: AssignmentView) -> str:
    """A task nobody in the centre has broken down yet."""
    return (
        f'<li><span><a href="{assignment_address(held.task_id, held.centre_id)}"><b>{held.task_no}.</b> {escape(held.title)}</a></span>'
        f"<small>{day(held.next_due_on)}</small></li>"
    )


def _ticked(name: str, value: int, text: str) -> str:
    box = f'<input class="form-check-input" type="checkbox" name="{name}" value="{value}" checked>'
    return f'<label class="form-check mb-0">{box}<span class="form-check-label">{text}</span></label>'


def measure(held: MeasureView, centre_id: int, may_move: bool) -> str:
    """One measure of a task in a centre; its buttons send the form they stand in to the measure's own address."""
    who = "　".join(filter(None, [held.section, held.person_name, f"{day(held.due_on)}前" if held.due_on else ""]))
    moves = _MOVES[held.state is MeasureState.OPEN] if may_move else ()
    address = measure_address(centre_id, held.measure_id) if moves else ""
    buttons = " ".join(
        f'<button class="btn btn-sm" name="state" value="{state}" formaction="{address}?version={held.version}" type="submit">{name}</button>'
        for state, name in moves
    )
    return (
        f"<li><span>{escape(held.title)}<br><small>{escape(who)}</small></span>"
        f'<span>{wp_state(held.state)}{f"""<span class="no-print d-block mt-1">{buttons}</span>""" if moves else ""}</span></li>'
    )


_MOVES = {True: (("DONE", "完成"), ("DROPPED", "取消")), False: (("OPEN", "重新开始"),)}
"""What may be done with a measure that is open, and with one that is not."""


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


def aims(lines: Iterable[tuple[str, TargetLine, list[Decimal | None]]], task_id: int) -> SafeString:
    """Rows of a table: each centre by name with its target, its months, how far it is off and what the year's end will be."""
    return SafeString("".join(_aim(name, line, months, task_id) for name, line, months in lines))


def _aim(name: str, line: TargetLine, months: list[Decimal | None], task_id: int) -> str:
    gap = figure(line.gap)
    met = '<span class="state state-good">达标</span>' if line.met else '<span class="state state-bad">未达标</span>'
    return (
        f'<tr><td class="lead-cell"><a href="{assignment_address(task_id, line.centre_id)}">{escape(name)}</a></td>'
        f'<td class="num text-nowrap" data-label="目标">{escape(operator(line.operator))} {figure(line.target)}</td>'
        + "".join(f'<td class="num" data-label="数值">{figure(value)}</td>' for value in months)
        + f'<td class="num" data-label="差距">{f"""<span class="minus">{gap}</span>""" if line.gap else gap}</td>'
        f'<td class="num" data-label="年末预测">{figure(line.forecast)}</td>'
        f'<td class="text-nowrap" data-label="来源">{escape(label(line.source))}</td>'
        f'<td data-label="达标">{met if line.value is not None else """<span class="state">没有数值</span>"""}</td></tr>'
    )


def figures(readings: Iterable[ReadingView], centre_names: Mapping[int, str]) -> SafeString:
    """Every figure that was taken or entered, with who entered, signed or refused it; struck through what no longer counts."""
    written = "".join(_figure(each, centre_names.get(each.centre_id, "")) for each in readings)
    return SafeString(f'<ul class="lj-rows">{written or """<li class="quiet">还没有数值</li>"""}</ul>')


def _figure(r: ReadingView, centre_name: str) -> str:
    gone = ' class="withdrawn"' if r.is_superseded else ""
    told = [
        f"{label(r.source)}　{r.entered_by}",
        f"{r.signed_by}签认" if r.signed_by else "",
        f"退回：{r.refused_reason}" if r.refused_reason else "",
    ]
    return (
        f"<li><span{gone}>{escape(centre_name)}　{month(r.month)}　<b>{figure(r.value)}</b><br>"
        f"<small>{escape('　'.join(filter(None, told)))}</small></span><small>{day(r.taken_on)}</small></li>"
    )


def held(assignments: Iterable[AssignmentView], centre_names: Mapping[int, str]) -> SafeString:
    """Rows of a table: how each centre stands with a task."""
    return SafeString("".join(_held(each, centre_names.get(each.centre_id, "")) for each in assignments))


def _held(a: AssignmentView, centre_name: str) -> str:
    state = wp_state(a.state) if a.occurrences else '<span class="state state-none">已移出</span>'
    return (
        f'<tr><td class="lead-cell"><a href="{assignment_address(a.task_id, a.centre_id)}">{escape(centre_name)}</a></td>'
        f'<td data-label="灯"><span class="light light-{a.colour}" role="img" aria-label="{a.colour.label}灯">{sign(a.colour)}</span></td>'
        f'<td class="text-nowrap" data-label="分解">{state}</td><td data-label="责任科室">{escape(a.section) or "—"}</td>'
        f'<td class="text-nowrap" data-label="责任人">{escape(a.person_name) or "—"}</td><td class="date" data-label="下一到期">{day(a.next_due_on)}</td>'
        f'<td class="num" data-label="认可 / 期次">{a.accepted} / {a.occurrences}</td>'
        f'<td data-label="措施"><small>{cut(a.measure_text, MEASURE_SHOWN) or "—"}</small></td></tr>'
    )


def day_lines(lines: Iterable[CalendarLine], centre_id: int | None) -> SafeString:
    """What is due on one day, as a centre reads it; with None as the province does, which sees of how many centres."""
    return SafeString("".join(_day_line(line, centre_id) for line in lines))


def _day_line(line: CalendarLine, centre_id: int | None) -> str:
    address = task_address(line.task_id) if centre_id is None else assignment_address(line.task_id, centre_id)
    title, many = escape(line.title), f"（{len(line.centres)}家）" if centre_id is None else ""
    return (
        f'<a href="{address}" title="{title}"><span class="light light-{line.colour}" aria-hidden="true">{sign(line.colour)}</span>'
        f"<span>{line.task_no}. {title}{many}</span></a>"
    )
