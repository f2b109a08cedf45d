"""第一版接口: employers' lists, members' accounts, balances, statistics. Amounts are whole fen."""

import base64
from datetime import date, timedelta
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import NinjaAPI, Status

from hpf.access.services import record
from hpf.accounts import queries as accounts
from hpf.api.problems import Refused, speak_problems
from hpf.api.shapes import (
    CheckOut,
    Confirmed,
    ConfirmIn,
    DefectPage,
    EntryPage,
    FigureOut,
    Job,
    LinePage,
    MemberOut,
    RemittanceOut,
    RemittancePage,
    Submitted,
)
from hpf.api.sharing import router as shared
from hpf.api.signed import for_client, idempotency_key, purpose, signed_call
from hpf.closing.queries.balance import day_checked
from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.states import RemittanceKind
from hpf.db import progress
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.statistics import queries as statistics

PAGE_MAX = 200

api = NinjaAPI(
    title="陇金 OpenHPF 接口",
    version="1",
    description="缴存单位系统、部门和银行调用。每次调用须签名；提交类请求须带幂等键；错误为问题详情（RFC 9457）。金额单位为分。",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=signed_call,
    urls_namespace="api-v1",
)
speak_problems(api)
api.add_router("/shared", shared)


_FILE = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


@api.post("/employers/{account_no}/lists", response={202: Submitted}, openapi_extra=_FILE, summary="提交缴存清册文件", tags=["清册"])
@for_client("contributions.receive_list")
def submit_list(
    request: HttpRequest, account_no: str, month: str, filename: str, kind: Literal["REGULAR", "BACK_FULL", "BACK_DIFFERENCE", "BACK_FREE"] = "REGULAR",
    replaces: str = "",
) -> Any:  # fmt: skip
    """The file is the body. It is kept at once and checked by the worker: ask for the job."""
    client = request.auth  # type: ignore[attr-defined]
    _own_unit(request, account_no)
    done = services.submit_list(
        by=client.actor, centre_id=client.centre_id, employer_account_no=account_no, month=_month(month), kind=RemittanceKind(kind), filename=filename,
        content=request.body, key=idempotency_key(request), at=timezone.now(), replaces=replaces or None,
    )  # fmt: skip
    return Status(202, {"job_id": done.job_id, "original_id": done.original_id, "sha256": done.sha256, "size_bytes": done.size_bytes})


@api.get("/jobs/{job_id}", response=Job, summary="查询作业进度", tags=["清册"])
@for_client("contributions.receive_list")
def job(request: HttpRequest, job_id: int) -> Any:
    found = progress.get(request.auth.centre_id, job_id)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    if request.auth.employer_id is not None:  # type: ignore[attr-defined]
        _own_unit(request, found.reference)
    return {
        "job_id": found.job_id,
        "title": found.title,
        "state": found.state,
        "done": found.done,
        "total": found.total,
        "result": found.result,
    }


@api.get("/employers/{account_no}/lists", response=RemittancePage, summary="单位的清册", tags=["清册"])
@for_client("contributions.receive_list")
def lists(request: HttpRequest, account_no: str, after: str = "", limit: int = 50) -> Any:
    account = _own_unit(request, account_no)
    size = min(max(limit, 1), PAGE_MAX)
    rows = contributions.remittances(
        request.auth.centre_id, employer_account_id=account.employer_account_id, before=_opened(after) or None, limit=size + 1
    )  # type: ignore[attr-defined]
    more = len(rows) > size
    return {"items": [_remittance(r) for r in rows[:size]], "next": _sealed(rows[size - 1].remittance_no) if more else None}


@api.get("/lists/{remittance_no}", response=RemittanceOut, summary="一张清册", tags=["清册"])
@for_client("contributions.receive_list")
def one_list(request: HttpRequest, remittance_no: str) -> Any:
    return _remittance(_own_list(request, remittance_no))


@api.get("/lists/{remittance_no}/defects", response=DefectPage, summary="清册差错", tags=["清册"])
@for_client("contributions.receive_list")
def defects(request: HttpRequest, remittance_no: str, after: str = "", limit: int = 100) -> Any:
    _own_list(request, remittance_no)
    start, size = _position(after), min(max(limit, 1), PAGE_MAX)
    rows = contributions.defects(request.auth.centre_id, remittance_no, after=start, limit=size + 1)  # type: ignore[attr-defined]
    items = [
        {
            "row": d.row_no,
            "column": d.column,
            "value": d.value,
            "code": d.code,
            "message": d.message,
            "remedy": d.remedy,
            "law": list(d.law),
        }
        for d in rows[:size]
    ]
    return {"items": items, "next": _sealed(str(start + size)) if len(rows) > size else None}


@api.get("/lists/{remittance_no}/lines", response=LinePage, summary="清册行", tags=["清册"])
@for_client("contributions.receive_list")
def lines(request: HttpRequest, remittance_no: str, after: str = "", limit: int = 100) -> Any:
    _own_list(request, remittance_no)
    start, size = _position(after), min(max(limit, 1), PAGE_MAX)
    rows = contributions.lines(request.auth.centre_id, remittance_no, after=start, limit=size + 1)  # type: ignore[attr-defined]
    items = [
        {
            "row": r.row_no,
            "account_no": r.account_no,
            "month": str(r.month),
            "base_fen": r.base.fen,
            "employer_fen": r.employer.fen,
            "member_fen": r.member.fen,
        }
        for r in rows[:size]
    ]
    return {"items": items, "next": _sealed(str(start + size)) if len(rows) > size else None}


@api.post("/lists/{remittance_no}/confirm", response=Confirmed, summary="确认清册", tags=["清册"])
@for_client("contributions.confirm")
def confirm(request: HttpRequest, remittance_no: str, said: ConfirmIn) -> Any:
    client = request.auth  # type: ignore[attr-defined]
    _own_list(request, remittance_no)
    value = _approved(
        services.confirm(
            by=client.actor,
            centre_id=client.centre_id,
            remittance_no=remittance_no,
            key=idempotency_key(request),
            at=timezone.now(),
            use_prepaid=said.use_prepaid,
        )
    )
    return {
        "remittance_no": value.remittance_no,
        "state": value.state,
        "total_fen": value.total.fen,
        "expected_fen": value.expected.fen,
        "reference": value.reference,
    }


@api.get("/members/{account_no}", response=MemberOut, summary="个人账户余额", tags=["个人账户"])
@for_client("api.members")
def member(request: HttpRequest, account_no: str) -> Any:
    """Reading a member's account needs a purpose, which the member can see."""
    account = _member(request, account_no)
    money = ledger.balance(account.ledger_account_id)
    return {
        "account_no": account.account_no, "state": account.state, "base_fen": account.base.fen, "month_fen": account.month_total.fen, "balance_fen": money.balance.fen,
        "carried_fen": money.carried.fen, "current_fen": money.current.fen, "as_of": ledger.business_day(request.auth.centre_id),  # type: ignore[attr-defined]
    }  # fmt: skip


@api.get("/members/{account_no}/entries", response=EntryPage, summary="个人账户明细", tags=["个人账户"])
@for_client("api.members")
def entries(request: HttpRequest, account_no: str, after: str = "", limit: int = 100) -> Any:
    account = _member(request, account_no)
    start, size = _position(after), min(max(limit, 1), PAGE_MAX)
    until = ledger.business_day(request.auth.centre_id) + timedelta(days=1)  # type: ignore[attr-defined]
    rows = ledger.history(account.ledger_account_id, date(1990, 1, 1), until, limit=size + 1, offset=start)
    items = [
        {
            "journal_id": e.journal_id,
            "business_on": e.business_on,
            "value_on": e.value_on,
            "kind": e.kind,
            "summary": e.summary,
            "amount_fen": e.amount.fen,
            "balance_fen": e.balance_after.fen,
        }
        for e in rows[:size]
    ]
    return {"items": items, "next": _sealed(str(start + size)) if len(rows) > size else None}


@api.get("/balance-checks", response=list[CheckOut], summary="账务平衡", tags=["账务"])
@for_client("api.balances")
def balances(request: HttpRequest, on: date) -> Any:
    """As last compared: by the close, or when a member of staff asked for it. An empty list: not compared yet."""
    checks = day_checked(request.auth.centre_id, on).checks  # type: ignore[attr-defined]
    return [
        {
            "check_id": c.check_id,
            "title": c.title,
            "left_fen": c.left.fen,
            "right_fen": c.right.fen,
            "difference_fen": c.difference.fen,
            "ok": c.ok,
        }
        for c in checks
    ]


@api.get("/statistics", response=list[FigureOut], summary="统计指标", tags=["统计"])
@for_client("api.statistics")
def figures(request: HttpRequest, on: date, period: Literal["DAY", "MONTH", "YEAR"] = "MONTH", code: str = "") -> Any:
    """The client's own centre; a client of the province (centre 0) reads all."""
    own = request.auth.centre_id  # type: ignore[attr-defined]
    centres = [own] if own else [g.centre_id for g in statistics.dashboard(on)]
    found = statistics.figures(centres, period, on, [code] if code else None)
    return [
        {
            "centre_id": f.centre_id,
            "code": f.indicator.code,
            "name": f.indicator.name,
            "unit": f.indicator.unit,
            "value": f.value,
            "text": f.text,
        }
        for f in found
    ]


def _own_unit(request: HttpRequest, account_no: str) -> accounts.EmployerAccountView:
    """The unit's account; a client bound to one unit finds no other."""
    client = request.auth  # type: ignore[attr-defined]
    try:
        account = accounts.employer_account(client.centre_id, account_no)
    except accounts.NoSuchAccount:
        raise Http404 from None
    if client.employer_id is not None and account.employer_id != client.employer_id:
        raise Http404
    return account


def _own_list(request: HttpRequest, remittance_no: str) -> contributions.RemittanceView:
    client = request.auth  # type: ignore[attr-defined]
    found = contributions.remittance(client.centre_id, remittance_no)
    if found is None or (client.employer_id is not None and found.employer_id != client.employer_id):
        raise Http404
    return found


def _member(request: HttpRequest, account_no: str) -> accounts.MemberAccountView:
    client = request.auth  # type: ignore[attr-defined]
    why = purpose(request)
    try:
        account = accounts.member_account(client.centre_id, account_no)
    except accounts.NoSuchAccount:
        raise Http404 from None
    if client.employer_id is not None:
        raise Http404
    record(
        client.centre_id,
        kind="VIEW",
        at=timezone.now(),
        by=client.actor,
        person_id=account.person_id,
        subject=f"接口查询个人账户{account_no}",
        purpose=why,
    )
    return account


def _remittance(r: contributions.RemittanceView) -> dict[str, Any]:
    return {
        "remittance_no": r.remittance_no, "employer_account_no": r.employer_account_no, "kind": r.kind, "month": str(r.month), "state": r.state,
        "line_count": r.line_count, "defect_count": r.defect_count, "employer_fen": r.employer.fen, "member_fen": r.member.fen, "total_fen": r.total.fen,
        "expected_fen": r.expected.fen, "booked_on": r.booked_on,
    }  # fmt: skip


def _approved(decision: Decision[Any]) -> Any:
    if decision.value is None:
        raise Refused(422, decision.reasons)
    return decision.value


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise Refused(422, [Reason("MONTH_WRONG", f"“{text[:20]}”不是年月，应为2026-08的样式。")]) from None


def _sealed(position: str) -> str:
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def _opened(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        raise Http404 from None


def _position(cursor: str) -> int:
    text = _opened(cursor)
    if text and not text.isdigit():
        raise Http404
    return int(text or 0)
