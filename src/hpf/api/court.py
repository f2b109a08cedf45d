"""法院来文: the door for papers of courts. Who sends is checked by signature; the answer is the reply, and is sent once more as a message.

It stands beside the published interface and not in it: what courts ask is nobody else's matter (ADR 0013).
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from hpf.access import queries as access
from hpf.api.problems import Refused, problem
from hpf.api.signed import signed_call
from hpf.db.command import KeyConflict
from hpf.db.scope import centre_scope
from hpf.freezes import queries as freezes
from hpf.freezes import services
from hpf.freezes.rules.orders import BY_CODE, DocumentKind, Officer, Payee
from hpf.freezes.rules.papers import Paper
from hpf.kernel.decision import Reason
from hpf.kernel.money import Money

PERMISSION = "api.court"
BODY_BYTES_MAX = 20_000_000
log = logging.getLogger("hpf.api.court")


class Unreadable(ValueError):
    """A field of the message is missing or wrong; the text names it."""


@csrf_exempt
@require_POST
def orders(request: HttpRequest) -> HttpResponse:
    """One paper: kept, served, answered. The same request number with the same content gives the first answer."""
    try:
        client = _court(request)
        said = _document(request)
        request_no, paper, documents = _paper(said)
        served = services.serve_message(
            by=client.actor, centre_id=client.centre_id, request_no=request_no, paper=paper, documents=documents, client_no=client.client_no,
            key=f"court:{client.client_no}:{request_no}", at=timezone.now(),
        )  # fmt: skip
        with centre_scope(client.centre_id):
            found = freezes.order(client.centre_id, served.order_no)
    except Refused as error:
        return problem(error.status, str(error), code=error.reasons[0].code, reasons=error.reasons)
    except Unreadable as error:
        return problem(422, f"查控报文{error}，未受理，请更正后以新的请求号发送", code="COURT_MESSAGE_UNREADABLE")
    except KeyConflict:
        return problem(409, "同一请求号已用于内容不同的文书，未受理；重发须与原文一致，新的文书请用新的请求号", code="COURT_REQUEST_REUSED")
    except Exception:
        log.exception("a court's paper was not served")
        return problem(500, "本件文书没有办理，账务未变动，请稍后以同一请求号重发", code="FAILED")
    assert found is not None
    return JsonResponse(freezes.message_of(found), json_dumps_params={"ensure_ascii": False})


@csrf_exempt
@require_GET
def order(request: HttpRequest, request_no: str) -> HttpResponse:
    """What became of the paper that this court sent under this number."""
    try:
        client = _court(request)
    except Refused as error:
        return problem(error.status, str(error), code=error.reasons[0].code, reasons=error.reasons)
    with centre_scope(client.centre_id):
        found = freezes.order_of_request(client.centre_id, client.client_no, request_no)
    if found is None:
        return problem(404, "没有收到过此请求号的文书，请核对请求号或重新发送", code="COURT_REQUEST_UNKNOWN")
    return JsonResponse(freezes.message_of(found), json_dumps_params={"ensure_ascii": False})


def _court(request: HttpRequest) -> access.ClientView:
    client = signed_call(request)
    if client is None:
        raise Refused(401, [Reason("SIGNATURE_MISSING", "请求须带已登记的客户编号和签名，未受理，请按接口说明签名。")])
    if not client.actor.may(PERMISSION, client.centre_id):
        raise Refused(403, [Reason("NOT_A_COURT", "此客户未登记为法院，不能送达查控文书，请与中心联系登记。")])
    return client


def _document(request: HttpRequest) -> dict[str, Any]:
    if int(request.headers.get("Content-Length") or 0) > BODY_BYTES_MAX:
        raise Unreadable(f"超过{BODY_BYTES_MAX // 1_000_000}兆")
    try:
        said = json.loads(request.body)
    except ValueError:
        raise Unreadable("不是有效的数据格式") from None
    if not isinstance(said, dict):
        raise Unreadable("不是有效的数据格式")
    return said


def _paper(said: dict[str, Any]) -> tuple[str, Paper, tuple[services.NewDocument, ...]]:
    request_no = _text(said, "request_no", "请求号", required=True)
    code = _text(said, "action", "查控事项代码", required=True)
    if code not in BY_CODE:
        raise Unreadable(f"的查控事项代码“{code[:4]}”不在{'、'.join(BY_CODE)}之内")
    person, payee = _part(said, "person"), _part(said, "payee")
    amount = said.get("amount_fen")
    if amount is not None and type(amount) is not int:
        raise Unreadable("的金额不是以分为单位的整数")
    paper = Paper(
        BY_CODE[code], _text(said, "court_name", "法院名称", required=True), _text(said, "case_no", "案号"),
        _text(person, "name", "被执行人姓名", required=True), _text(person, "id_kind", "证件种类") or "RESIDENT_ID",
        _text(person, "id_number", "证件号码", required=True), _text(said, "ruling_no", "裁定书文号"), _text(said, "notice_no", "协助通知书文号"),
        _text(said, "account_no", "个人账号"), None if amount is None else Money(amount), said.get("whole") is True, _day(said.get("ends_on")),
        _text(said, "freeze_no", "冻结号"), _text(said, "situation", "扣划情形"),
        Payee(_text(payee, "name", "收款户名"), _text(payee, "account", "收款账号"), _text(payee, "bank", "开户行行号")) if payee else None,
        tuple(
            Officer(_text(o, "name", "执行人员姓名"), _text(o, "work_id", "工作证号"), _text(o, "enforcement_id", "执行公务证号"), _text(o, "phone", "电话"))
            for o in _parts(said, "officers")
        ),
        _text(said, "contact", "联系方式"),
    )  # fmt: skip
    return request_no, paper, tuple(_attachment(each) for each in _parts(said, "documents"))


def _attachment(said: dict[str, Any]) -> services.NewDocument:
    kind = _text(said, "kind", "附件种类", required=True)
    if kind not in DocumentKind.__members__:
        raise Unreadable("的附件种类不在可选值之内")
    try:
        content = base64.b64decode(str(said.get("content", "")), validate=True)
    except (ValueError, binascii.Error):
        raise Unreadable("的附件内容无法读取") from None
    if not content:
        raise Unreadable("的附件内容为空")
    return services.NewDocument(DocumentKind(kind), _text(said, "filename", "附件文件名") or DocumentKind(kind).label, content)


def _text(said: dict[str, Any], name: str, label: str, *, required: bool = False) -> str:
    value = said.get(name)
    if value is None or value == "":
        if required:
            raise Unreadable(f"缺少{label}")
        return ""
    if not isinstance(value, str) or len(value) > 200:
        raise Unreadable(f"的{label}不是文字或过长")
    return value.strip()


def _part(said: dict[str, Any], name: str) -> dict[str, Any]:
    value = said.get(name) or {}
    if not isinstance(value, dict):
        raise Unreadable(f"的“{name}”不是一组内容")
    return value


def _parts(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = said.get(name) or []
    if not isinstance(value, list) or len(value) > 20 or not all(isinstance(each, dict) for each in value):
        raise Unreadable(f"的“{name}”不是一列内容")
    return value


def _day(value: Any) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unreadable("的日期不是2026-10-09的样式") from None
