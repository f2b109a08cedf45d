"""Who looks at which plan on which day, and in whose name the province acts in a centre."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString

from hpf.access import queries as access
from hpf.access.services import record
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.page import View, actor, address, centre_id, needs, now, page
from hpf.workplan.queries import plans
from hpf.workplan.queries.plans import PlanView
from hpf.workplan.queries.tasks import OccurrenceView
from hpf.workplan.rules.lights import Light, light

PROVINCE = 0


def is_province(request: HttpRequest) -> bool:
    return request.visit.audience == "SUPERVISOR"  # type: ignore[attr-defined, no-any-return]


def may(request: HttpRequest, permission: str) -> bool:
    return permission in actor(request).permissions


def today(request: HttpRequest) -> date:
    """The open business day: the centre's own, for the province the latest; without any, the calendar's."""
    if is_province(request):
        return max(ledger.open_days().values(), default=now().date())
    try:
        return ledger.business_day(centre_id(request))
    except ledger.NoOpenDay:
        return now().date()


def centres() -> dict[int, str]:
    return {view.centre_id: view.short_name for view in parties.centres()}


def own_centre(request: HttpRequest, centre: int) -> int:
    """The centre of an address, for its own staff and for the province. Anybody else is refused, and that is kept."""
    if not 1 <= centre <= 16:
        raise Http404
    if not is_province(request) and centre != centre_id(request):
        _refuse(request, "其他中心的工作台账")
    return centre


def acting_in(request: HttpRequest, centre: int) -> Actor:
    """The visitor as somebody who gives commands in this centre, or in 0, the province itself."""
    return access.actor(request.visit.user, centre)  # type: ignore[attr-defined]


def opens(view: View) -> View:
    """A page for a centre's staff who use the work plan, and for the province's; anybody else is refused, and that is kept."""
    staff, province = needs("page.workplan")(view), needs("page.workplan_province")(view)

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        visit = getattr(request, "visit", None)
        return (province if visit is not None and visit.audience == "SUPERVISOR" else staff)(request, *args, **named)

    run.permission = "page.workplan"  # type: ignore[attr-defined]
    return run


def allowed(request: HttpRequest, permission: str) -> None:
    """The permission of one act on a page that shows several; without it the visitor is refused, and that is kept."""
    if not may(request, permission):
        _refuse(request, "没有此项操作的权限")


def _refuse(request: HttpRequest, purpose: str) -> NoReturn:
    record(centre_id(request), kind="REFUSED", at=now(), by=actor(request), subject=request.path, purpose=purpose, address=address(request))
    raise PermissionDenied


@contextmanager
def in_centre(request: HttpRequest, centre: int) -> Iterator[int]:
    """Reads of one centre's rows, after `own_centre` has let the visitor in."""
    with centre_scope(own_centre(request, centre)):
        yield centre


HOME = "/workplan/"
"""Opens on the first of the tabs."""
TABS = (
    ("台账墙", "workplan_wall"),
    ("本周要办", "workplan_week"),
    ("日历", "workplan_calendar"),
    ("分类台账", "workplan_standing"),
    ("排名与进度", "workplan_ranking"),
    ("测量目标", "workplan_targets"),
    ("提醒", "workplan_notices"),
    ("科室人员", "workplan_sections"),
    ("要点文件", "workplan_plans"),
    ("报告与表格", "workplan_exchange"),
)


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the work plan under its tabs."""
    tabs = _tabs(request.path)
    return page(request, f"hpf/workplan/{template}.html", status=status, tabs=tabs, here=request.get_full_path(), **context)


def _tabs(path: str) -> SafeString:
    addresses = _addresses()
    at = 0 if path == HOME else addresses.index(path) if path in addresses else None
    return _tabs_with(at)


@functools.cache
def _addresses() -> list[str]:
    return [reverse(f"web:{name}") for _, name in TABS]


@functools.cache
def _tabs_with(current: int | None) -> SafeString:
    """The tabs with one of them marked as the page that is shown: the same HTML on every page."""
    marked = [' aria-current="page"' if at == current else "" for at in range(len(TABS))]
    lines = [f'<a href="{address}"{mark}>{label}</a>' for (label, _), address, mark in zip(TABS, _addresses(), marked, strict=True)]
    return SafeString(f'<nav class="wp-tabs no-print" aria-label="工作台账">{"".join(lines)}</nav>')


def chosen_plan(request: HttpRequest) -> tuple[PlanView | None, list[PlanView]]:
    """The plan of `?plan=`, without it the newest; and all there are."""
    every = plans.plans()
    asked = request.GET.get("plan", "")
    if not asked:
        return next(iter(every), None), every
    found = next((view for view in every if str(view.plan_id) == asked), None)
    if found is None:
        raise Http404
    return found, every


def reader(request: HttpRequest) -> int | None:
    """Whose rows a list reads: the visitor's centre, or with None every centre's as the observer."""
    return None if is_province(request) else centre_id(request)


@dataclass(frozen=True, slots=True)
class Line:
    """An occurrence with its light of the day."""

    o: OccurrenceView
    light: Light


def lit(found: Iterable[OccurrenceView], on: date, warn_days: Mapping[int, int]) -> list[Line]:
    return [Line(o, light(o.state, o.due_on, on, o.met, warn_days.get(o.plan_id, 10), starts_on=o.starts_on)) for o in found]


def back_to(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Back to the page that a small form stood on; only addresses of the work plan itself."""
    asked = request.POST.get("back", "")
    return redirect(asked if asked.startswith("/workplan/") and "\\" not in asked else otherwise)


def whole(text: str | None) -> int | None:
    """A row's number out of an address or a form."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
