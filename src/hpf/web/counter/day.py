"""日终: the steps of the day, the balances that must agree, and the close."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from hpf.closing.queries import balance
from hpf.closing.queries import days as closing_days
from hpf.closing.services.day import STEPS
from hpf.ledger import queries as ledger
from hpf.policy import queries as policy
from hpf.treasury import queries as treasury
from hpf.web.clock import ask_check, ask_close
from hpf.web.page import actor, centre_id, looked_at, needs, page


@require_GET
@needs("page.day")
def day(request: HttpRequest) -> HttpResponse:
    """One business day: what is done, what agrees, what differs by how much and where."""
    centre = centre_id(request)
    open_on = ledger.business_day(centre)
    asked = request.GET.get("on", "")
    try:
        on = date.fromisoformat(asked) if asked else open_on
    except ValueError:
        raise Http404 from None
    done = closing_days.steps(centre, on)
    steps = [
        (step, done.get(step.code), figures_in_words(done[step.code].figures) if step.code in done else "")
        for step in STEPS
        if step.code in done or step.due(on)
    ]
    return page(
        request, "hpf/counter/day.html", on=on, open_on=open_on, business_on=open_on, steps=steps, checked=balance.day_checked(centre, on),
        reconciliations=treasury.reconciliations(centre, on), days=closing_days.days(centre, limit=31),
        calendar=policy.calendar_reminder(open_on),
    )  # fmt: skip


@require_POST
@needs("closing.check_day")
def check(request: HttpRequest) -> HttpResponse:
    """核对: compares the open day's books as they stand, without closing; the worker does it."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    looked_at(request, kind="ASK", subject=f"核对账务{on}")
    return redirect("web:work", job_id=ask_check(actor(request), centre, on))


@require_POST
@needs("closing.close_day")
def close(request: HttpRequest) -> HttpResponse:
    """日终: asked for here, run by the worker, which also hears the bank out; the page watches and may be left."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    if request.POST.get("on") != on.isoformat():
        messages.warning(request, f"会计日{request.POST.get('on', '')}已经结账，当前会计日为{on}。")
        return redirect("web:day")
    looked_at(request, kind="ASK", subject=f"发起日终{on}")
    return redirect("web:work", job_id=ask_close(actor(request), centre, on))


def figures_in_words(figures: dict[str, Any]) -> str:
    """A step's figures as one line; the balances have their own table, and a digest is known by its beginning."""
    parts = []
    for name, value in figures.items():
        match value:
            case dict():
                parts += [f"{name} {len(value)}项"] if value else []
            case list():
                parts += [f"{name}：{'；'.join(str(each) for each in value)}"] if value else []
            case bool():
                parts.append(f"{name}：{'是' if value else '否'}")
            case str() if len(value) == 64 and value.isalnum():
                parts.append(f"{name} {value[:12]}")
            case _:
                parts.append(f"{name} {value}")
    return "，".join(parts)
