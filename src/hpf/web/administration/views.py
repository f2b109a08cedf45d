"""The users of a centre, roles and their permissions, the audit log and its seal."""

from __future__ import annotations

import functools
import importlib
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods

from hpf.access import queries as access
from hpf.access import services
from hpf.access.rules import AUDIT_LABELS
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell


@require_GET
@needs("page.users")
def users(request: HttpRequest) -> HttpResponse:
    """Everybody who signs in for this centre, with posts."""
    columns = [
        Column("name", "姓名", lead=True, link=lambda u: f"{u.user_id}/"),
        Column("login", "登录名", "code"),
        Column("roles", "岗位", value=lambda u: u.roles or "尚未任用"),
        Column("active", "状态", value=_user_state),
        Column("second_factor", "动态口令", value=lambda u: "已启用" if u.second_factor else "未启用"),
        Column("last_login", "上次登录", "moment"),
    ]
    filters = [
        Filter("text", "查找", keep=lambda u, v: v in u.name or v in u.login),
        Filter("role", "岗位", keep=lambda u, v: v in u.roles),
    ]
    may = actor(request).permissions
    links = ([("建立用户", "new/", "user-plus")] if "access.users" in may else []) + [("岗位与权限", "roles/", "key")]
    listed = table(request, access.users(centre_id(request)), columns, title="用户", filters=filters, export="用户清单")
    return list_page(request, "hpf/list.html", listed, heading="用户与岗位", links=links)


@require_GET
@needs("page.users")
def roles(request: HttpRequest) -> HttpResponse:
    return page(request, "hpf/administration/roles.html", roles=access.roles())


@require_GET
@needs("page.audit")
def audit(request: HttpRequest) -> HttpResponse:
    """审计日志: views, exports, sign-ins, refusals of this centre."""
    kinds = [("", "全部"), *((kind.value, label) for kind, label in AUDIT_LABELS.items())]
    filters = [Filter("on", "日期", kind="date"), Filter("kind", "行为", kinds), Filter("text", "用户或对象")]
    asked = request.GET

    def fetch(limit: int, offset: int) -> tuple[list[access.AuditLine], int]:
        on = date.fromisoformat(asked["on"]) if _is_day(asked.get("on")) else None
        return access.audit(
            centre_id(request), on=on, kind=asked.get("kind", ""), text=asked.get("text", "").strip(), limit=limit, offset=offset
        )

    columns = [
        Column("seq", "序号", "code"),
        Column("at", "时刻", "moment", lead=True),
        Column("user_name", "用户"),
        Column("kind", "行为", "state", family="audit"),
        Column("subject", "对象"),
        Column("purpose", "用途"),
        Column("address", "来源地址", "code"),
    ]
    listed = table(request, None, columns, title="审计日志", filters=filters, fetch=fetch, export="审计日志", size=50)
    links = [("核验封存", "proof/", "shield-check"), ("命令记录", "commands/", "terminal")]
    return list_page(request, "hpf/list.html", listed, heading="审计日志", links=links, note="只增不改：数据库拒绝修改和删除。")


@require_GET
@needs("page.audit")
def commands(request: HttpRequest) -> HttpResponse:
    """命令记录: every command given in this centre."""
    columns = [
        Column("seq", "序号", "code"),
        Column("recorded_at", "时刻", "moment", lead=True),
        Column("user_name", "用户"),
        Column("command", "业务", value=lambda c: command_label(c.command)),
        Column("outcome", "结果", "state"),
        Column("channel", "渠道", "state"),
    ]
    listed = table(request, access.commands(centre_id(request), limit=1000), columns, title="最近一千条", export="命令记录", size=50)
    return list_page(request, "hpf/list.html", listed, heading="命令记录")


@require_http_methods(["GET", "POST"])
@needs("page.audit")
def proof(request: HttpRequest) -> HttpResponse:
    """封存与核验: recompute the chain of digests; seal what is not yet sealed."""
    if request.method == "POST":
        at = now()
        decision = services.seal_audit(by=actor(request), centre_id=centre_id(request), on=at.date(), at=at, key=form_key(request))
        if tell(request, decision, "审计日志已封存。"):
            return redirect("web:audit_proof")
    return page(request, "hpf/administration/proof.html", proof=access.verify_audit(centre_id(request)))


def command_label(command: str) -> str:
    """The Chinese label of the permission a command needs, as the roles name it."""
    return _labels().get(_permission(command), "系统业务")


@functools.cache
def _permission(command: str) -> str:
    module, _, name = command.rpartition(".")
    return str(getattr(getattr(importlib.import_module(f"hpf.{module}"), name, None), "permission", ""))


@functools.cache
def _labels() -> dict[str, str]:
    return {code: label for role in access.roles() for _, label, code in role.permissions}


def _user_state(user: access.UserLine) -> object:
    if not user.active:
        return format_html('<span class="state state-{}">{}</span>', "none", "已停用")
    if user.locked_until and user.locked_until > now():
        return format_html('<span class="state state-{}">{}</span>', "bad", "锁定中")
    return format_html('<span class="state state-{}">{}</span>', "good", "正常")


def _is_day(text: str | None) -> bool:
    try:
        date.fromisoformat(text or "")
    except ValueError:
        return False
    return True
