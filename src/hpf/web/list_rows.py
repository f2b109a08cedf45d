"""A unit's last lists as rows of a table, the same for the unit and for the counter. Written straight: a template takes ten times as long."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString

from hpf.contributions.queries import RemittanceView
from hpf.web.templatetags.fund import count, day, money, month, state


def list_rows(lists: Iterable[RemittanceView], page: str, *, booked: bool = False) -> SafeString:
    """Each list with a link to `page`, which is named by the list's number; `booked` adds the day on which it was booked."""
    return SafeString("".join(_row(each, page, booked) for each in lists))


def _row(r: RemittanceView, page: str, booked: bool) -> str:
    booked_on = f'<td class="date" data-label="记账日">{day(r.booked_on)}</td>' if booked else ""
    return (
        f'<tr><td class="lead-cell">{month(r.month)}</td><td data-label="种类">{r.kind.label}</td>'
        f'<td data-label="状态">{state(r.state, "remittance")}</td><td class="num" data-label="人数">{count(r.line_count)}</td>'
        f'<td class="num" data-label="金额">{money(r.total)}</td>{booked_on}'
        f'<td class="code" data-label="清册号"><a href="{_address(page, r.remittance_no)}">{escape(r.remittance_no)}</a></td></tr>'
    )


@lru_cache(maxsize=4096)
def _address(page: str, remittance_no: str) -> str:
    return escape(reverse(f"web:{page}", args=[remittance_no]))
