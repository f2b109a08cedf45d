"""问题详情 (RFC 9457): every error as the same small document, in Chinese, with what to do now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from hpf.db.command import KeyConflict, NotPermitted
from hpf.kernel.decision import Reason
from hpf.policy.rules import MissingParameter

TITLES = {
    400: "请求无法读取", 401: "身份未通过", 403: "没有权限", 404: "没有找到", 405: "方法不适用", 409: "与已有请求冲突",
    413: "内容过大", 422: "未获受理", 429: "调用过于频繁", 500: "系统出错",
}  # fmt: skip


class Refused(Exception):
    """A business refusal, or a call that may not pass, on its way to a problem document."""

    def __init__(self, status: int, reasons: Iterable[Reason]) -> None:
        self.status, self.reasons = status, tuple(reasons)
        super().__init__("；".join(reason.message for reason in self.reasons))


def problem(
    status: int, detail: str, *, code: str = "", reasons: Iterable[Reason] = (), errors: Iterable[dict[str, Any]] = ()
) -> HttpResponse:
    """One problem document. `type` is about:blank: the code tells kinds apart, the title says it to people."""
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES.get(status, "出错"), "status": status, "detail": detail}
    if code:
        body["code"] = code
    if reasons:
        body["reasons"] = [{"code": r.code, "message": r.message, "law": list(r.law)} for r in reasons]
    if errors:
        body["errors"] = list(errors)
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


_WRONG = {
    "missing": "缺少此项", "int_parsing": "不是整数", "date_from_datetime_parsing": "不是日期，应为2026-10-09的样式", "date_parsing": "不是日期，应为2026-10-09的样式",
    "bool_parsing": "不是真假值", "enum": "不在可选值之内", "literal_error": "不在可选值之内", "string_type": "应为文字", "greater_than_equal": "小于下限",
    "less_than_equal": "大于上限", "string_too_long": "过长", "string_pattern_mismatch": "格式不符",
}  # fmt: skip


def speak_problems(api: NinjaAPI) -> None:
    """Make every error of this API a problem document."""

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        response = problem(error.status, str(error), code=error.reasons[0].code, reasons=error.reasons)
        if error.status == 429:
            response["Retry-After"] = "60"
        return response

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(401, "请求须带签名，见接口说明的“签名”一节。", code="SIGNATURE_MISSING")

    @api.exception_handler(ValidationError)
    def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {"where": "/".join(str(part) for part in each["loc"]), "message": _WRONG.get(each["type"], "填写有误")} for each in error.errors
        ]
        return problem(422, "请求中有" + str(len(errors)) + "项填写有误，请按各项说明更正后重新提交。", code="FIELDS_WRONG", errors=errors)

    @api.exception_handler(NotPermitted)
    def not_permitted(request: HttpRequest, error: NotPermitted) -> HttpResponse:
        return problem(403, str(error), code="NOT_PERMITTED")

    @api.exception_handler(KeyConflict)
    def conflict(request: HttpRequest, error: KeyConflict) -> HttpResponse:
        return problem(409, str(error), code="KEY_CONFLICT")

    @api.exception_handler(MissingParameter)
    def no_parameter(request: HttpRequest, error: MissingParameter) -> HttpResponse:
        return problem(409, str(error), code="PARAMETER_MISSING")

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, "没有此记录，或此记录不属于您。请核对编号。", code="NOT_FOUND")

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, "请求不符合接口说明，请核对后重新提交。", code="REQUEST_WRONG")

    @api.exception_handler(Exception)
    def failed(request: HttpRequest, error: Exception) -> HttpResponse:
        import logging

        logging.getLogger("hpf.api").exception("call failed: %s %s", request.method, request.path)
        return problem(500, "本次请求没有完成，账务未变动，请稍后以同一幂等键重试。", code="FAILED")
