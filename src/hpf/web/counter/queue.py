"""复核队列: what makers have prepared; a checker reads the facts and approves or returns."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hpf.access import queries as access
from hpf.access.rules import SUBMISSION_LABELS, check_checker
from hpf.access.services import return_submission, settle_submission
from hpf.accounts import queries as accounts
from hpf.kernel.decision import Decision, Reason
from hpf.ledger import queries as ledger
from hpf.web.counter.actions import ACTIONS, Approval
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell, tell_reasons


@require_GET
@needs("page.queue")
def queue(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "WAITING")
    if state not in SUBMISSION_LABELS:
        raise Http404

    def fetch(limit: int, offset: int) -> tuple[list[access.SubmissionView], int]:
        return access.submissions(centre_id(request), state, limit, offset)

    columns = [
        Column("submission_no", "业务编号", "code", lead=True, link=lambda s: reverse("web:submission", args=[s.submission_no])),
        Column("title", "业务"),
        Column("subject", "对象"),
        Column("maker_name", "经办人"),
        Column("made_at", "提交时间", "moment"),
        Column("state", "状态", "state", family="queue"),
        Column("checker_name", "复核人"),
        Column("note", "意见"),
    ]
    filters = [Filter("state", "状态", [(s.value, label) for s, label in SUBMISSION_LABELS.items()], value="WAITING")]
    listed = table(request, None, columns, title="复核队列", filters=filters, fetch=fetch, export="复核队列", empty="没有待复核的业务。")
    return list_page(request, "hpf/list.html", listed, heading="复核队列", lead="经办与复核须是两个人")


@require_GET
@needs("page.queue")
def submission(request: HttpRequest, submission_no: str) -> HttpResponse:
    found = access.submission(centre_id(request), submission_no)
    if found is None:
        raise Http404
    return page(request, "hpf/counter/submission.html", found=found, own=found.maker_id == actor(request).user_id)


@require_POST
@needs("queue.check")
def approve(request: HttpRequest, submission_no: str) -> HttpResponse:
    """通过: the business is done under the submission's number, then the submission says so. Safe to send again."""
    centre, by = centre_id(request), actor(request)
    found = access.submission(centre, submission_no)
    if found is None:
        raise Http404
    if found.state != "WAITING":
        messages.warning(request, f"本笔已由{found.checker_name}处理，无需再次复核。")
        return redirect("web:submission", submission_no=submission_no)
    two = check_checker(found.maker_id, by.user_id)
    if two:
        tell_reasons(request, two)
        return redirect("web:submission", submission_no=submission_no)
    try:
        decision = ACTIONS[found.action].run(
            Approval(by, centre, found.maker_id, found.content, ledger.business_day(centre), now(), f"submission:{submission_no}")
        )
    except accounts.NoSuchAccount as missing:
        decision = Decision.refused([Reason("NO_SUCH_ACCOUNT", f"{missing}，请由经办人核对账号后重新提交")])
    refused = "；".join(reason.message for reason in decision.reasons) if not decision.is_approved else ""
    settle_submission(
        by=by, centre_id=centre, submission_no=submission_no, refused=refused[:400], at=now(), key=f"submission:{submission_no}:settled"
    )
    tell(request, decision, f"{found.title}已办理。")
    return redirect("web:submission", submission_no=submission_no)


@require_POST
@needs("queue.check")
def return_(request: HttpRequest, submission_no: str) -> HttpResponse:
    """退回: with a reason; nothing is done."""
    decision = return_submission(
        by=actor(request),
        centre_id=centre_id(request),
        submission_no=submission_no,
        note=request.POST.get("note", ""),
        at=now(),
        key=form_key(request),
    )
    tell(request, decision, "已退回经办人。")
    return redirect("web:submission", submission_no=submission_no)
