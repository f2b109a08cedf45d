"""Who is visiting, in which centre; the headers every answer carries; refusals as pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hpf.access import queries as access
from hpf.access.rules import session_over
from hpf.db.command import KeyConflict, NotPermitted
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.web import page as pages

Answer = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in user in one centre, for one request."""

    user: access.UserView
    actor: Actor
    centre_id: int
    centre_name: str
    employer_id: int | None
    person_id: int | None
    role_label: str

    @property
    def audience(self) -> str:
        return self.user.audience


def security_headers(get_response: Answer) -> Answer:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if getattr(request, "visit", None) is not None:
            response.setdefault("Cache-Control", "no-store")
        return response

    return answer


class VisitMiddleware:
    """Turns the session into a visit and runs the request in the centre's row-level scope."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.visit = None  # type: ignore[attr-defined]
        if request.path.startswith(("/api/", "/static/")):
            return self.get_response(request)
        visit = self._visit(request)
        if visit is None:
            return self.get_response(request)
        request.visit = visit  # type: ignore[attr-defined]
        with centre_scope(visit.centre_id):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        from hpf.accounts.queries import NoSuchAccount
        from hpf.ledger.queries import NoOpenDay
        from hpf.policy.rules import MissingParameter
        from hpf.web.errors import refusal_page

        if isinstance(exception, NotPermitted):
            return refusal_page(request, 403, "没有权限", str(exception))
        if isinstance(exception, KeyConflict):
            return refusal_page(request, 409, "重复提交", str(exception))
        if isinstance(exception, NoSuchAccount):
            return refusal_page(request, 404, "没有这个账户", f"{exception}，账务未变动。请返回上一页核对账号后重新办理。")
        if isinstance(exception, MissingParameter):
            return refusal_page(request, 409, "缺少政策参数", str(exception))
        if isinstance(exception, NoOpenDay):
            return refusal_page(
                request,
                503,
                "正在日终",
                "本中心正在日终结账，下一会计日尚未打开，账务未变动。请稍候片刻刷新本页；较长时间未开账的，请联系本中心会计。",
            )
        return None

    def _visit(self, request: HttpRequest) -> Visit | None:
        session = request.session
        user_id = session.get("user_id")
        if user_id is None:
            return None
        at = pages.now()
        user = access.user(user_id)
        seen, began = datetime.fromisoformat(session["seen_at"]), datetime.fromisoformat(session["began_at"])
        if user is None or not user.active or session.get("stamp") != user.stamp:
            session.flush()
            return None
        if session_over(user.audience, began, seen, at):
            session.flush()
            messages.warning(request, "长时间未操作或登录时间过长，已自动退出，请重新登录。")
            return None
        if (at - seen).total_seconds() > 60:
            session["seen_at"] = at.isoformat()
        held = next((a for a in user.appointments if a.appointment_id == session.get("appointment_id")), None)
        if held is None:
            session.flush()
            return None
        roles = "、".join(a.label for a in user.at_centre(held.centre_id))
        return Visit(
            user,
            access.actor(user, held.centre_id),
            held.centre_id,
            session.get("centre_name", ""),
            held.employer_id,
            held.person_id,
            roles,
        )


def begin_session(request: HttpRequest, user: access.UserView, appointment: access.AppointmentView, centre_name: str) -> None:
    """Start a fresh session for a user in one appointment."""
    at = pages.now().isoformat()
    request.session.cycle_key()
    request.session.update(
        {
            "user_id": user.user_id,
            "appointment_id": appointment.appointment_id,
            "centre_name": centre_name,
            "stamp": user.stamp,
            "began_at": at,
            "seen_at": at,
        }
    )


def end_session(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    return redirect("web:sign_in")
