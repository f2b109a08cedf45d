"""异地转移: letters with their age, one letter with its facts, and the decisions of the two who handle it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.accounts import queries as accounts
from hpf.contributions import queries as contributions
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.transfers import queries, services
from hpf.transfers.rules.states import Direction, State
from hpf.web.counter.flexible_forms import accepted
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell
from hpf.web.transfer_forms import PLACES, ApplyForm

SHOWN = [("OPEN", "办理中"), ("TROUBLE", "有问题待处理"), ("", "全部"), *((state.value, state.label) for state in State)]
PROPOSALS = {"let_go": State.INFORMED, "refuse": State.REFUSED, "negotiate": State.NEGOTIATING}
SETTLED = {"negotiate_in": State.NEGOTIATING, "negotiated": State.NEGOTIATED, "failed": State.FAILED}


@require_GET
@needs("page.counter")
def transfers(request: HttpRequest) -> HttpResponse:
    """异地转移: newest first; what has waited too long, and what needs a person, stands out."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    state, direction = request.GET.get("state", "OPEN"), request.GET.get("direction", "")
    if state not in dict(SHOWN) or direction not in ("", "IN", "OUT"):
        raise Http404
    text = request.GET.get("text", "").strip()[:40]

    def fetch(limit: int, offset: int) -> tuple[list[queries.LetterView], int]:
        return queries.letters(centre, direction=direction, state=state, text=text, limit=limit, offset=offset)

    columns = [
        Column("transfer_no", "业务号", "code", lead=True, link=lambda each: reverse("web:transfer", args=[each.transfer_no])),
        Column("direction", "方向", "short", value=lambda each: each.direction.label),
        Column("name", "姓名"),
        Column("other_org_name", "对方中心"),
        Column("letter_no", "联系函编号", "code"),
        Column("amount", "转移金额", "money"),
        Column("state", "状态", "state", family="transfer"),
        Column(
            "age",
            "在此状态",
            "short",
            value=lambda each: f"{each.age_days(on)} 天{'，超时' if each.is_old(on) else ''}" if each.is_open else "—",
        ),
        Column("trouble", "待处理", value=lambda each: each.trouble or ("待复核" if each.proposal else "")),
    ]
    filters = [
        Filter("state", "状态", SHOWN, value="OPEN"),
        Filter("direction", "方向", [("", "全部"), ("IN", "转入"), ("OUT", "转出")]),
        Filter("text", "姓名、账号或编号"),
    ]
    listed = table(request, None, columns, title="异地转移", filters=filters, fetch=fetch, export="异地转移", empty="没有联系函。")
    last = queries.last_comparison(centre)
    note = (
        "尚未与平台核对。"
        if last is None
        else f"{last.business_on}与平台核对：本中心{last.ours}件，平台{last.theirs}件，差异{len(last.differences)}处。"
    )
    return list_page(
        request, "hpf/list.html", listed, heading="异地转移", lead="转入由本中心发联系函；转出须先封存，经办与复核须是两个人",
        note=" ".join([note, *(last.differences[:5] if last else ())]),
    )  # fmt: skip


@require_GET
@needs("page.counter")
def transfer(request: HttpRequest, transfer_no: str) -> HttpResponse:
    """One letter: facts, what the rules say against it, what happened, what was sent."""
    centre = centre_id(request)
    letter = queries.letter(centre, transfer_no)
    if letter is None:
        raise Http404
    on = ledger.business_day(centre)
    if letter.person_id is not None:
        looked_at(request, person_id=letter.person_id, subject=f"异地转移 {transfer_no}")
    undecided = letter.direction is Direction.OUT and (
        letter.state in (State.RECEIVED, State.NEGOTIATING)
        or (letter.state is State.INFORMED and letter.payment_state in ("FAILED", "RETURNED"))
    )
    against = queries.reasons_against(centre, transfer_no, on) if undecided else []
    own = actor(request).user_id
    return page(
        request, "hpf/counter/transfer.html", letter=letter, steps=queries.steps(centre, transfer_no), dispatches=queries.dispatches(centre, transfer_no),
        age=letter.age_days(on), old=letter.is_old(on), undecided=undecided, against=against, mine=letter.maker == own,
        names=access.names([letter.maker, letter.checker]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("page.counter")
@needs("transfers.apply")
def transfer_new(request: HttpRequest, account_no: str) -> HttpResponse:
    """转入申请 at the counter, for a member who came."""
    centre = centre_id(request)
    try:
        account = accounts.member_account(centre, account_no)
    except accounts.NoSuchAccount as missing:
        raise Http404 from missing
    on = ledger.business_day(centre)
    form = ApplyForm(request.POST if request.method == "POST" else None, centres=queries.directory(centre, on))
    if request.method == "POST" and form.is_valid():
        decision = services.apply_in(
            by=actor(request), centre_id=centre, account_no=account.account_no, other_org_code=form.cleaned_data["org_code"],
            other_org_name=form.other_name, other_account=form.cleaned_data["other_account"], business_on=on, at=now(), key=form_key(request),
        )  # fmt: skip
        if accepted(form, decision, PLACES) and decision.value is not None:
            tell(request, decision, "转入申请已提交复核。")
            return redirect("web:transfer", transfer_no=decision.value.transfer_no)
    return page(
        request, "hpf/form.html", form=form, heading="异地转入申请", lead=f"个人账号 {account.account_no}", submit="提交复核",
        back=reverse("web:counter_person", args=[account.account_no]),
    )  # fmt: skip


@require_POST
@needs("page.counter")
def transfer_act(request: HttpRequest, transfer_no: str, what: str) -> HttpResponse:
    """复核转入, 撤销, 经办转出, 复核转出, 协商与协商办结."""
    centre = centre_id(request)
    letter = queries.letter(centre, transfer_no)
    if letter is None:
        raise Http404
    on, words = ledger.business_day(centre), request.POST.get("words", "").strip()[:300]
    common: dict[str, Any] = {
        "by": actor(request), "centre_id": centre, "transfer_no": transfer_no, "words": words, "business_on": on, "at": now(),
        "key": f"{form_key(request)}:{what}",
    }  # fmt: skip
    match what:
        case "pass" | "reject":
            tell(
                request,
                services.review_in(agree=what == "pass", **common),
                "已通过，联系函即将发出。" if what == "pass" else "已不予通过。",
            )
        case "cancel":
            tell(request, services.cancel_in(**common), "已请求撤销。")
        case "let_go" | "refuse" | "negotiate":
            decision = services.propose_out(proposal=PROPOSALS[what], months_paid=_months(centre, letter), **common)
            tell(request, decision, f"已提出“{PROPOSALS[what].label}”，待复核。")
        case "agree":
            decision = services.check_out(agree=True, **common)
            if tell(request, decision, "已复核。") and decision.value is not None and decision.value.payment_no:
                messages.info(request, f"付款指令{decision.value.payment_no}已生成，结果在本页查看。")
        case "return":
            tell(request, services.check_out(agree=False, **common), "已退回经办。")
        case "negotiate_in" | "negotiated" | "failed":
            tell(request, services.settle_in(state=SETTLED[what], **common), f"已登记“{SETTLED[what].label}”，将告知对方中心。")
        case _:
            raise Http404
    return redirect("web:transfer", transfer_no=transfer_no)


def _months(centre: int, letter: queries.LetterView) -> tuple[Month, ...]:
    """The months booked for the account the letter asks for."""
    on = ledger.business_day(centre)
    account_no = queries.account_asked_for(centre, letter.transfer_no, on)
    if not account_no:
        return ()
    return contributions.months_paid(centre, accounts.member_account(centre, account_no).member_account_id, on)
