"""Lights, states, periods and changes of the work plan as people read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hpf.workplan.rules.lights import MEANINGS, NOT_FOR_CENTRE, SIGNS, Colour, Light
from hpf.workplan.rules.states import BreakdownState, MeasureState, OccurrenceState, PlanState, TaskState

register = template.Library()

_TONES = {
    "OPEN": "info", "DONE_BY_SECTION": "wait", "REPORTED": "wait", "RETURNED": "bad", "ACCEPTED": "good", "WITHDRAWN": "none",
    "NEW": "none", "BROKEN_DOWN": "wait", "CONFIRMED": "good", "DONE": "good", "DROPPED": "none", "ACTIVE": "good", "CLOSED": "none",
}  # fmt: skip
_FAMILIES: tuple[type[Enum], ...] = (OccurrenceState, BreakdownState, MeasureState, PlanState, TaskState)
_FIELDS = {
    "state": "状态", "measure_text": "具体措施", "section": "责任科室", "person_name": "责任人", "due_on": "到期日", "title": "名称", "demand": "任务要求",
    "quota": "数量要求", "starts_on": "起始日期", "words": "完成情况", "opinion": "意见", "value": "数值", "is_met": "是否达标", "target": "目标值",
    "operator": "目标方向", "sha256": "摘要", "event_on": "事项日期", "warn_days": "提前提醒天数", "director_days": "逾期报主任天数",
    "province_days": "逾期报省厅天数", "no_task_reason": "不设任务原因", "returns": "退回次数",
}  # fmt: skip
_OPERATORS = {"<=": "不高于", ">=": "不低于", "=": "等于"}


@register.filter
def label(code: Any) -> str:
    return getattr(code, "label", None) or (str(code) if code is not None else "—")


@register.filter
def wp_state(code: Any) -> str | SafeString:
    if not code:
        return "—"
    text = getattr(code, "label", "") or next((str(f(code).label) for f in _FAMILIES if code in f._value2member_map_), str(code))  # type: ignore[attr-defined]
    return format_html('<span class="state state-{}">{}</span>', _TONES.get(getattr(code, "value", str(code)), "none"), text)


def sign_of(shown: Light) -> str:
    """A colour is never alone: each light has its shape and carries its sign. 逾 临 ✓ ·, and for what waits for the province 报, for what came back 退, for a figure that misses its target 差."""
    if shown.colour is Colour.YELLOW:
        return "报" if "上报，待" in shown.why else "退" if "退回" in shown.why else "临"
    if shown.colour is Colour.RED:
        return "差" if "未达标" in shown.why else "逾"
    return SIGNS[shown.colour]


@register.filter
def sign(colour: Colour) -> str:
    """The sign of a colour where only the colour is known."""
    return SIGNS[Colour(colour)]


@register.filter
def light(shown: Light | None) -> str | SafeString:
    if shown is None:
        return "—"
    return format_html(
        '<span class="light light-{}" role="img" aria-label="{}灯" title="{}">{}</span>',
        shown.colour,
        shown.colour.label,
        shown.why,
        sign_of(shown),
    )


@cache
def wall_legend() -> SafeString:
    """What a wall shows: each sign with its colour and its meaning."""
    meanings = dict(MEANINGS)
    told = [
        *((SIGNS[each], each.value, meanings[each]) for each in (Colour.RED, Colour.YELLOW, Colour.GREEN)),
        (SIGNS[Colour.GREY], "GREY", "未到预警期"), (NOT_FOR_CENTRE, "NONE", "与该中心无关"),
    ]  # fmt: skip
    line = '<li><span class="light light-{1}" aria-hidden="true">{0}</span>{2}</li>'
    return format_html('<ul class="legend" aria-label="图例">{}</ul>', format_html_join("", line, told))


@register.filter
def period(text: str) -> str:
    """2024-03 reads 2024年3月, 2024-Q1 2024年一季度, 2024-03-31 2024年3月31日, 2024 2024年."""
    if found := re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|(\d\d)(?:-(\d\d))?))?(.*)", str(text)):
        year, quarter, month, day, rest = found.groups()
        if quarter:
            return f"{year}年{'一二三四'[int(quarter) - 1]}季度{rest}"
        return f"{year}年" + (f"{int(month)}月" if month else "") + (f"{int(day)}日" if day else "") + rest
    return str(text)


@register.filter
def figure(value: Decimal | None) -> str:
    """A figure without empty decimals, with thousands."""
    if value is None:
        return "—"
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def operator(code: str) -> str:
    return _OPERATORS.get(code, code)


@register.filter
def cited(document: Mapping[str, str]) -> str:
    """《关于…的意见》（国发〔2024〕3号）; the marks stand once, whoever wrote them."""
    title, number = str(document.get("title", "")).strip("《》"), str(document.get("number", "")).strip("（）()")
    return (f"《{title}》" if title else "") + (f"（{number}）" if number else "")


@register.filter
def clause(anchor: str) -> str:
    """五(二)1 as it is spoken of; the letter before the document and the words before its first number have none."""
    return {"通知": "印发通知", "总": "开头部分"}.get(anchor.partition("-")[0], f"第{anchor}条")


@register.filter
def fragment(anchor: str) -> str:
    """五(二)1 as the end of an address."""
    return "c-" + str(anchor).replace("(", "-").replace(")", "").replace(" ", "")


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    return mapping.get(key, "")


@register.filter
def changes(event: Any) -> list[tuple[str, str, str]]:
    """(name, before, after) of what an event changed, in words; numbers of people and rows are left out."""
    before, after = event.before or {}, event.after or {}
    lines = []
    for name in dict.fromkeys([*before, *after]):
        old, new = _said(name, before.get(name)), _said(name, after.get(name))
        if (name in _FIELDS or not str(name).isascii()) and old != new and new != (event.text or ""):
            lines.append((_FIELDS.get(name, name), old, new))
    return lines


def field_name(name: str) -> str:
    return _FIELDS.get(name, name)


def _said(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "state":
        return next((str(f(value).label) for f in _FAMILIES if value in f._value2member_map_), str(value))  # type: ignore[attr-defined]
    if name == "operator":
        return operator(str(value))
    if name in ("value", "target"):
        return figure(Decimal(str(value)))
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
