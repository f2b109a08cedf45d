"""签名与幂等: who calls, whether the call is fresh, and under which key it may be repeated."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest
from django.utils import timezone

from hpf.access import queries as access
from hpf.access import services
from hpf.access.rules import check_call
from hpf.api.problems import Refused
from hpf.db.scope import centre_scope
from hpf.kernel.decision import Reason


def signed_call(request: HttpRequest) -> access.ClientView | None:
    """Ninja's door: the client whose signature holds, its call taken once and within its quota.

    Headers X-HPF-Client, X-HPF-Time (seconds since 1970), X-HPF-Nonce, X-HPF-Signature.
    """
    given = request.headers
    client = access.client(given.get("X-HPF-Client", ""))
    if client is None or "X-HPF-Signature" not in given:
        return None
    at, nonce = timezone.now(), given.get("X-HPF-Nonce", "")
    reasons = check_call(
        client.secret, given["X-HPF-Signature"], client_no=client.client_no, epoch=given.get("X-HPF-Time", ""), nonce=nonce,
        method=request.method or "", path=request.get_full_path(), body=request.body, at=at,
    )  # fmt: skip
    if reasons:
        raise Refused(401, reasons)
    taken = services.accept_call(client=client, nonce=nonce, at=at)
    if not taken.is_approved:
        raise Refused(429 if taken.reasons[0].code == "QUOTA_SPENT" else 401, taken.reasons)
    return client


def for_client(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An operation for clients that hold the permission, in the row-level scope of the client's centre."""

    def make(operation: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(operation)
        def run(request: HttpRequest, *args: Any, **given: Any) -> Any:
            client: access.ClientView = request.auth  # type: ignore[attr-defined]
            if permission not in client.permissions:
                raise Refused(403, [Reason("NOT_PERMITTED", f"客户{client.client_no}没有使用此服务的权限，请联系中心系统管理员。")])
            with centre_scope(client.centre_id):
                return operation(request, *args, **given)

        return run

    return make


def idempotency_key(request: HttpRequest) -> str:
    """The call's own key; the same key with the same content gives the same answer, however often it is sent."""
    key = request.headers.get("Idempotency-Key", "")
    if not 8 <= len(key) <= 120:
        raise Refused(
            400, [Reason("IDEMPOTENCY_KEY_MISSING", "提交类请求须带 Idempotency-Key 请求头，8至120位，每笔业务一个，重试时不变。")]
        )
    return f"api:{request.auth.client_no}:{key}"  # type: ignore[attr-defined]


def purpose(request: HttpRequest) -> str:
    """What personal data is asked for; written into the audit log, which the person can read."""
    said = unquote(request.headers.get("X-HPF-Purpose", "")).strip()
    if not said:
        raise Refused(
            400, [Reason("PURPOSE_MISSING", "查询个人信息须在 X-HPF-Purpose 请求头写明用途（百分号编码的中文）。", "个人信息保护法/6")]
        )
    return said
