"""One page: its shell, its menu, its guards."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from hpf.access.services import record
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.web.menu import menu_of

View = Callable[..., HttpResponse]


def now() -> datetime:
    """The request's clock: the only place where pages read it."""
    return timezone.localtime()


def actor(request: HttpRequest) -> Actor:
    return request.visit.actor  # type: ignore[attr-defined, no-any-return]


def centre_id(request: HttpRequest) -> int:
    return request.visit.centre_id  # type: ignore[attr-defined, no-any-return]


def form_key(request: HttpRequest) -> str:
    """The idempotency key of a form: made when the form is shown, sent back with it, so that a second send does nothing."""
    sent = request.POST.get("key", "")
    return f"web:{sent}" if sent else f"web:{uuid.uuid4().hex}"


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a template in its audience's shell."""
    visit = getattr(request, "visit", None)
    context.update(
        visit=visit,
        menu=menu_of(visit, request.path) if visit else (),
        fresh_key=uuid.uuid4().hex,
        demo_clock=getattr(settings, "HPF_DEMO_CLOCK", False),
    )
    return render(request, template, context, status=status)


def later(request: HttpRequest, part: str, *, heading: str, lead: str = "", back: str = "", **context: Any) -> HttpResponse:
    """A part of another page that is read when somebody opens it there: the part alone, or a page of its own without scripts."""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, part, {**context, "visit": request.visit, "fresh_key": uuid.uuid4().hex})  # type: ignore[attr-defined]
    return page(request, "hpf/later.html", part=part, heading=heading, lead=lead, back=back, **context)


def needs(permission: str) -> Callable[[View], View]:
    """A page for those who hold the permission. Others are refused, and the refusal is logged; strangers sign in first."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def run(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            visit = getattr(request, "visit", None)
            if visit is None:
                return redirect(
                    f"{reverse('web:sign_in')}?next={request.get_full_path()}" if request.method == "GET" else reverse("web:sign_in")
                )
            if permission not in visit.actor.permissions:
                record(
                    visit.centre_id,
                    kind="REFUSED",
                    at=now(),
                    by=visit.actor,
                    subject=request.path,
                    purpose="没有此页面的权限",
                    address=address(request),
                )
                raise PermissionDenied
            return view(request, *args, **named)

        run.permission = permission  # type: ignore[attr-defined]
        return run

    return guard


def address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def looked_at(
    request: HttpRequest,
    *,
    person_id: int | None = None,
    employer_id: int | None = None,
    subject: str,
    kind: str = "VIEW",
    purpose: str = "",
) -> None:
    """Leave a mark that somebody looked at this person's or employer's data."""
    record(
        centre_id(request),
        kind=kind,
        at=now(),
        by=actor(request),
        person_id=person_id,
        employer_id=employer_id,
        subject=subject,
        purpose=purpose,
        address=address(request),
    )


def tell(request: HttpRequest, decision: Decision[Any], done: str) -> bool:
    """Say on the next page what became of a command; True when it was approved."""
    if decision.is_approved:
        messages.success(request, done)
        for reason in decision.reasons:
            messages.info(request, reason.message)
        return True
    tell_reasons(request, decision.reasons)
    return False


def tell_reasons(request: HttpRequest, reasons: tuple[Reason, ...]) -> None:
    for reason in reasons:
        messages.error(request, reason.message, extra_tags="、".join(reason.law))
