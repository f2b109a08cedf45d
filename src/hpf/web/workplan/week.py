"""本周要办 日历 提醒: what waits for whom, on which day, and what was said about it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from hpf.kernel.decision import Decision
from hpf.kernel.period import Month
from hpf.policy import queries as policy
from hpf.web.listing import Filter
from hpf.web.page import actor, centre_id, form_key, now, tell
from hpf.web.workplan.centre import NOTHING_CHOSEN
from hpf.web.workplan.lines import day_lines, drafted, due, finished, reported, rows, undivided
from hpf.web.workplan.scene import (
    Line,
    acting_in,
    allowed,
    back_to,
    centres,
    chosen_plan,
    is_province,
    lit,
    may,
    opens,
    own_centre,
    reader,
    show,
    today,
    whole,
)
from hpf.workplan import services
from hpf.workplan.queries import agenda, tasks
from hpf.workplan.rules.states import BreakdownState, NoticeKind

SHOWN = 25
"""Of each group; whoever wants all goes on to the ledger by deadline, which is paged."""


@require_GET
@opens
def week(request: HttpRequest) -> HttpResponse:
    """本周要办: of the visitor, his section or his centre; for the province what waits for its word."""
    return _province(request) if is_province(request) else _centre(request)


def _centre(request: HttpRequest) -> HttpResponse:
    centre, by, on = centre_id(request), actor(request), today(request)
    _, every = chosen_plan(request)
    warn = {plan.plan_id: plan.warn_days for plan in every}
    seats = agenda.sections(centre)
    mine = sorted(seat.section for seat in seats if any(person == by.user_id for person, _, _ in seat.members))
    whose = request.GET.get("whose", "centre" if may(request, "workplan.confirm") else "me")
    sections = {f"s{at}": seat.section for at, seat in enumerate(seats)}
    if whose not in ("me", "centre", *sections):
        raise Http404
    found = agenda.week(on, centre_id=centre, person_id=by.user_id if whose == "me" else None, section=sections.get(whose), limit=SHOWN)
    to_confirm = (
        tasks.assignments(on, centre_id=centre, state=BreakdownState.BROKEN_DOWN, limit=SHOWN) if may(request, "workplan.confirm") else []
    )
    fresh = tasks.assignments(on, centre_id=centre, state=BreakdownState.NEW, limit=SHOWN) if may(request, "workplan.break_down") else []
    done = lit(found.waiting, on, warn) if may(request, "workplan.report") else []
    choices = [
        ("me", "我的"),
        *((code, name + ("（本科室）" if name in mine else "")) for code, name in sections.items()),
        ("centre", "本中心"),
    ]
    groups = [
        (title, len(lines), rows(lit(lines, on, warn), due))
        for title, lines in (("已逾期", found.late), ("本周到期", found.due), ("省厅询问待答复", found.asked))
    ]
    return show(
        request, "week", shown=SHOWN, on=on, sunday=found.sunday, groups=groups, filter=Filter("whose", "范围", choices, value=whose),
        to_report=(len(done), rows(done, finished)), to_confirm=(len(to_confirm), rows(to_confirm, drafted)),
        to_break_down=(len(fresh), rows(fresh, undivided)), province=False,
    )  # fmt: skip


def _province(request: HttpRequest) -> HttpResponse:
    """What is due, late or waits for its word in plans that run; an ended plan is history."""
    on = today(request)
    _, every = chosen_plan(request)
    warn = {plan.plan_id: plan.warn_days for plan in every}
    names, may_accept = centres(), may(request, "workplan.decide")
    found = agenda.week(on, centre_id=None, limit=SHOWN)
    groups = [
        (title, len(lines), rows(lit(lines, on, warn), partial(due, centre_names=names)))
        for title, lines in (("本周到期", found.due), ("逾期未上报", found.late), ("已询问待答复", found.asked))
    ]
    waiting: dict[int, list[Line]] = defaultdict(list)
    for line in lit(found.waiting, on, warn):
        waiting[line.o.centre_id].append(line)
    to_accept = [
        (names[number], len(lines), rows(lines, partial(reported, centre_name=names[number], may_accept=may_accept)))
        for number, lines in sorted(waiting.items())
    ]
    return show(
        request, "week", shown=SHOWN, on=on, sunday=found.sunday, groups=groups, province=True, to_accept=to_accept,
        waiting=sum(map(len, waiting.values())), may_accept=may_accept,
    )  # fmt: skip


@require_POST
@opens
def accept(request: HttpRequest) -> HttpResponse:
    """认可 of all that is ticked, centre by centre. In a centre where one cannot be accepted none is, and why is said."""
    allowed(request, "workplan.decide")
    by_centre: dict[int, list[int]] = defaultdict(list)
    for text in request.POST.getlist("occurrence"):
        centre, _, number = text.partition("-")
        if (at := whole(centre)) is not None and (row := whole(number)) is not None:
            by_centre[own_centre(request, at)].append(row)
    if not by_centre:
        tell(request, Decision.refused([NOTHING_CHOSEN]), "")
    done, opinion = 0, request.POST.get("opinion", "").strip()[:500]
    for centre, numbers in sorted(by_centre.items()):
        decision = services.accept_many(
            by=acting_in(request, centre), centre_id=centre, occurrence_ids=tuple(sorted(set(numbers))), on=today(request), at=now(),
            key=f"{form_key(request)}:{centre}", opinion=opinion,
        )  # fmt: skip
        done += len(decision.value or ())
        if not decision.is_approved:
            tell(request, decision, "")
    if done:
        tell(request, Decision.approved(done), f"已认可{done}项，佐证就此封存。")
    return back_to(request, reverse("web:workplan_week"))


@dataclass(frozen=True, slots=True)
class Day:
    on: date | None
    rest: bool
    today: bool
    lines: SafeString


@require_GET
@opens
def calendar(request: HttpRequest) -> HttpResponse:
    """日历 of a month on the real calendar of working days."""
    on = today(request)
    try:
        month = Month.parse(request.GET["month"]) if request.GET.get("month") else Month.of(on)
    except ValueError:
        raise Http404 from None
    by_day: dict[date, list[agenda.CalendarLine]] = defaultdict(list)
    centre = reader(request)
    for line in agenda.calendar(month, on, centre_id=centre):
        by_day[line.due_on].append(line)
    workdays = policy.workdays().going_on()
    first, following = month.first_day, (month + 1).first_day
    days = [Day(None, False, False, SafeString())] * first.weekday()
    days += [
        Day(day, not workdays.is_workday(day), day == on, day_lines(by_day[day], centre))
        for n in range((following - first).days)
        if (day := first + timedelta(days=n))
    ]
    days += [Day(None, False, False, SafeString())] * (-len(days) % 7)
    return show(
        request, "calendar", month=month, before=str(month + -1), after=str(month + 1), days=days, names="一二三四五六日",
        total=sum(map(len, by_day.values())),
    )  # fmt: skip


@require_GET
@opens
def notices(request: HttpRequest) -> HttpResponse:
    """提醒, newest first, with the step of escalation each is at: the person, then the director, then the province."""
    size = 50
    number = whole(request.GET.get("page")) or 1
    kinds = [NoticeKind.PROVINCE] if is_province(request) else None
    kind = request.GET.get("kind", "")
    if kind:
        if kind not in NoticeKind._value2member_map_:
            raise Http404
        kinds = [NoticeKind(kind)]
    everybody = is_province(request) or may(request, "workplan.confirm") or request.GET.get("whose") == "centre"
    found, total = agenda.notices(
        centre_id=reader(request),
        kinds=kinds,
        person_id=None if everybody else actor(request).user_id,
        limit=size,
        offset=(number - 1) * size,
    )
    return show(
        request, "notices", notices=found, total=total, number=number, pages=max(1, -(-total // size)), centre_names=centres(),
        province=is_province(request), steps=[(k.value, k.label) for k in NoticeKind], kind=kind,
        may_see=may(request, "workplan.comment"), unseen=[n for n in found if n.seen_at is None], everybody=everybody,
    )  # fmt: skip


@require_POST
@opens
def notices_seen(request: HttpRequest) -> HttpResponse:
    """已阅: the first who looks is kept."""
    allowed(request, "workplan.comment")
    by_centre: dict[int, list[int]] = defaultdict(list)
    for text in request.POST.getlist("notice"):
        centre, _, number = text.partition("-")
        if (at := whole(centre)) is not None and (row := whole(number)) is not None:
            by_centre[own_centre(request, at)].append(row)
    for centre, numbers in by_centre.items():
        services.see_notices(
            by=acting_in(request, centre),
            centre_id=centre,
            notice_ids=tuple(sorted(numbers)),
            at=now(),
            key=f"{form_key(request)}:{centre}",
        )
    return back_to(request, reverse("web:workplan_notices"))
