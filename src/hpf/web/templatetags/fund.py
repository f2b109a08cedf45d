"""Money, months, days, states and icons as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from hpf.kernel.money import Money, round_half_up
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.web.menu import Entry
from hpf.web.states import state_of

register = template.Library()


@register.filter
def money(value: Money | int | None) -> str | SafeString:
    """1,234.50; a negative amount carries a sign and the warning colour."""
    if value is None:
        return "—"
    amount = value if isinstance(value, Money) else Money(int(value))
    return format_html('<span class="minus">{}</span>', amount.text) if amount.fen < 0 else amount.text


@register.filter
def signed(value: Money | None) -> str:
    """+1,234.50 or -1,234.50: a movement."""
    if value is None:
        return "—"
    return f"+{value.text}" if value.fen > 0 else value.text


@register.filter
def month(value: Month | None) -> str:
    return value.text if value is not None else "—"


@register.filter
def rate(value: Rate | None) -> str:
    return value.text if value is not None else "—"


@register.filter
def day(value: date | datetime | None) -> str:
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = localtime(value)
    return f"{value:%Y-%m-%d}"


@register.filter
def moment(value: datetime | None) -> str:
    return f"{localtime(value):%Y-%m-%d %H:%M}" if value is not None else "—"


@register.filter
def zh_day(value: date | None) -> str:
    return f"{value.year}年{value.month}月{value.day}日" if value is not None else "—"


@register.filter
def state(code: str | None, family: str = "") -> str | SafeString:
    """A state code as a coloured dot and its Chinese label."""
    if not code:
        return "—"
    label, tone = state_of(str(code), family)
    return format_html('<span class="state state-{}">{}</span>', tone, label)


@register.filter
def state_text(code: str | None, family: str = "") -> str:
    return state_of(str(code), family)[0] if code else "—"


@register.filter
def count(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str) -> SafeString:
    """A decorative icon, silent for screen readers."""
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.simple_tag
@lru_cache(maxsize=64)
def asset(path: str) -> str:
    """The address of a file that every page asks for; it is another one only after a new start."""
    return static(path)


@register.simple_tag
@lru_cache(maxsize=64)
def entrance(name: str) -> str:
    """The address of a page that is the same for everybody: home, sign-out, search."""
    return reverse(f"web:{name}")


@register.simple_tag
@lru_cache(maxsize=1024)
def menu_lines(menu: tuple[Entry, ...]) -> SafeString:
    """The lines of a menu. Every page has them, and they differ only by what a role may open and where the reader is."""
    return SafeString(render_to_string("hpf/parts/menu.html", {"menu": menu}))


@register.simple_tag
@lru_cache(maxsize=64)
def menu_links(menu: tuple[Entry, ...], icons: bool = False) -> SafeString:
    """The same few entries as links on a member's page, above by their names and below with their icons."""
    return format_html_join(
        "",
        '<a href="{}"{}>{}{}</a>',
        (
            (each.address, SafeString(' aria-current="page"') if each.current else "", icon(each.icon) if icons else "", each.label)
            for each in menu
        ),
    )


@register.filter
def attr(row: Any, name: str) -> Any:
    return getattr(row, name, None)


@register.filter
def day_before(value: date) -> str:
    """The last day of a half-open stretch."""
    return day(value - timedelta(days=1))


@register.filter
def big(value: Money | None) -> str | SafeString:
    """A large amount in the unit that reads best: 亿元, 万元 or 元, two decimals, rounded half up."""
    if value is None:
        return "—"
    for unit, fen in (("亿元", 100_000_000), ("万元", 10_000)):
        if abs(value.fen) >= fen * 100:
            return format_html("{}<small>{}</small>", Money(round_half_up(value.fen, fen)).text, unit)
    return format_html("{}<small>元</small>", value.text)


@register.filter
def earliest(days: Iterable[date]) -> date | None:
    return min(days, default=None)


@register.filter
def who(user_id: str, names: dict[str, str]) -> str:
    """The name behind a user's number, from what the page looked up."""
    return names.get(str(user_id), "") or "—"
