"""What people see when something cannot be shown: in Chinese, with what to do now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refusal_page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    context = {"status": status, "title": title, "text": text, "visit": getattr(request, "visit", None)}
    return render(request, "hpf/refusal.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refusal_page(request, 400, "请求无法读取", "提交的内容格式不正确或过大。请返回上一页核对后重新提交。")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refusal_page(
        request, 403, "没有权限", "您的岗位不能使用此页面，本次访问已记入审计日志。如工作需要，请联系本中心安全管理员任用相应岗位。"
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refusal_page(request, 404, "没有找到", "此页面不存在，或其中的记录不属于您。请核对地址，或从首页重新进入。")


def server_error(request: HttpRequest) -> HttpResponse:
    return refusal_page(
        request, 500, "系统出错", "本次操作没有完成，账务未变动。错误已记录，请稍后重试；如仍出错，请联系本中心系统管理员并说明时间。"
    )


def csrf_failure(request: HttpRequest, reason: str = "", **_: Any) -> HttpResponse:
    return refusal_page(request, 403, "页面已过期", "为防止他人冒用，本次提交未被接受，账务未变动。请返回上一页刷新后重新提交。")
