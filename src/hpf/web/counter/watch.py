"""欠缴断缴监测与催缴: who owes, what was done about it with which evidence, what may be done next by which article."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.accounts import queries as accounts
from hpf.contributions import queries as contributions
from hpf.contributions import services
from hpf.contributions.rules.arrears import law_of_step
from hpf.contributions.rules.states import OriginalKind, UrgingState, UrgingStepKind
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.beside import say_beside
from hpf.web.counter.urging_forms import PLACES, OutcomeForm, StepForm
from hpf.web.law import law_in_force
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell

SHOWN = [
    ("", "全部欠缴单位"),
    ("lapsed", "断缴单位"),
    ("new", "尚未立案"),
    ("late", "限期已过"),
    ("running", "限期未到"),
    ("open", "催缴中"),
]


@require_GET
@needs("page.counter")
def watch(request: HttpRequest) -> HttpResponse:
    """欠缴单位, longest first: months, amount, the last step and the next one."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    shown, text = request.GET.get("show", ""), request.GET.get("text", "").strip()[:60]
    may_urge = "contributions.urge" in actor(request).permissions
    if shown not in dict(SHOWN):
        raise Http404

    counts: list[contributions.ArrearsCounts] = []

    def fetch(limit: int, offset: int) -> tuple[tuple[contributions.ArrearsView, ...], int]:
        found = contributions.arrears_page(centre, on, shown=shown, text=text, limit=limit, offset=offset)
        counts.append(found.counts)
        return found.rows, found.total

    columns = [
        Column("employer_name", "单位", lead=True, link=lambda a: reverse("web:unit", args=[a.employer_account_no])),
        Column("employer_account_no", "单位账号", "code"),
        Column("months", "欠缴年月", value=_months),
        Column("count", "月数", "count", value=lambda a: len(a.months)),
        Column("owed", "欠缴额", "money"),
        Column("days", "逾期天数", "count"),
        Column("last", "最近一步", value=_last_step),
        Column("next", "下一步", value=lambda a: _next_step(a.case, on)),
        Column(
            "case",
            "催缴案件",
            "code",
            value=lambda a: a.urging_no or ("立案" if may_urge else "未立案"),
            link=lambda a: _case_address(a, may_urge),
        ),
    ]
    filters = [Filter("show", "范围", SHOWN), Filter("text", "单位名称或账号")]
    listed = table(
        request, None, columns, title="欠缴单位", filters=filters, fetch=fetch, export=f"欠缴单位_{on}", empty="没有符合条件的欠缴单位。"
    )
    return list_page(
        request, "hpf/counter/watch.html", listed, counts=counts[-1] if counts else None, business_on=on, shown=shown,
        heading="欠缴断缴监测", law=law_in_force(law_of_step(UrgingStepKind.CALL), on),
    )  # fmt: skip


@require_GET
@needs("page.counter")
def lapsed(request: HttpRequest) -> HttpResponse:
    """断缴职工: people whose account should be paid into and has not been for the watched months."""
    centre = centre_id(request)
    on = ledger.business_day(centre)

    def fetch(limit: int, offset: int) -> tuple[list[tuple[contributions.LapsedView, str, accounts.EmployerAccountView, str]], int]:
        found = contributions.lapsed_page(centre, on, limit=limit, offset=offset)
        people = parties.persons([row.person_id for row in found.rows])
        units = accounts.employer_accounts_by_id(centre, [row.employer_account_id for row in found.rows])
        names = parties.employers_by_id(centre, [unit.employer_id for unit in units.values()])
        rows = [
            (row, people[row.person_id].name, units[row.employer_account_id], names[units[row.employer_account_id].employer_id].name)
            for row in found.rows
        ]
        return rows, found.total

    columns = [
        Column("name", "姓名", value=lambda r: r[1], lead=True, link=lambda r: reverse("web:counter_person", args=[r[0].account_no])),
        Column("account_no", "个人账号", "code", value=lambda r: r[0].account_no),
        Column("unit", "缴存单位", value=lambda r: r[3], link=lambda r: reverse("web:unit", args=[r[2].account_no])),
        Column("last_month", "最后缴存年月", "month", value=lambda r: r[0].last_month),
        Column("months", "断缴月数", "count", value=lambda r: r[0].months),
    ]
    looked_at(request, subject="查看断缴职工")
    listed = table(request, None, columns, title="断缴职工", fetch=fetch, export=f"断缴职工_{on}", empty="没有断缴职工。")
    links = [("欠缴单位", reverse("web:watch"), "building")]
    watched = contributions.lapses_watched_on(centre)
    lead = "账户正常而连续未缴达到监测月数的职工；已离职的请单位办理封存。" + (
        f"名单于{watched}日终时计算，此后缴存、封存的已不在内" if watched else "名单在每月第一个会计日的日终时计算，本中心尚未计算"
    )
    return list_page(request, "hpf/list.html", listed, heading="断缴职工", lead=lead, links=links, business_on=on)


@require_GET
@needs("page.counter")
def cases(request: HttpRequest) -> HttpResponse:
    """催缴案件, newest first, the closed ones too."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    state = request.GET.get("state", UrgingState.OPEN.value)
    if state not in ("", *UrgingState):
        raise Http404

    def fetch(limit: int, offset: int) -> tuple[list[tuple[contributions.UrgingView, str]], int]:
        rows = contributions.urgings(centre, state=state or None, limit=limit, offset=offset)
        names = parties.employers_by_id(centre, [row.employer_id for row in rows])
        return [(row, names[row.employer_id].name) for row in rows], contributions.urging_count(centre, state=state or None)

    columns = [
        Column("employer", "单位", value=lambda r: r[1], lead=True, link=lambda r: reverse("web:urging", args=[r[0].urging_no])),
        Column("urging_no", "催缴号", "code", value=lambda r: r[0].urging_no),
        Column("opened_on", "立案日期", "date", value=lambda r: r[0].opened_on),
        Column("months", "立案时欠缴", value=lambda r: _span(r[0].first_month.text, r[0].last_month.text)),
        Column("owed", "立案时欠缴额", "money", value=lambda r: r[0].owed),
        Column("last", "最近一步", value=lambda r: _step_text(r[0].last_step)),
        Column("next", "下一步", value=lambda r: _next_step(r[0], on) if r[0].state == UrgingState.OPEN else "—"),
        Column("state", "状态", "state", value=lambda r: r[0].state, family="urging"),
    ]
    filters = [Filter("state", "状态", [("", "全部"), *((s.value, s.label) for s in UrgingState)], value=UrgingState.OPEN.value)]
    listed = table(request, None, columns, title="催缴案件", filters=filters, fetch=fetch, export="催缴案件", empty="没有催缴案件。")
    links = [("欠缴单位", reverse("web:watch"), "building")]
    return list_page(request, "hpf/list.html", listed, heading="催缴案件", links=links, business_on=on)


@require_http_methods(["GET", "POST"])
@needs("contributions.urge")
def urging_new(request: HttpRequest, account_no: str) -> HttpResponse:
    """催缴立案: what the unit owes is shown before the case is opened; a unit with an open case goes on in that one."""
    centre = centre_id(request)
    try:
        account = accounts.employer_account(centre, account_no)
    except accounts.NoSuchAccount:
        raise Http404 from None
    on = ledger.business_day(centre)
    if request.method == "POST":
        decision = services.open_urging(
            by=actor(request), centre_id=centre, employer_account_no=account.account_no, business_on=on, key=form_key(request), at=now()
        )
        if tell(request, decision, "已立案，请登记第一步催缴。") and decision.value:
            return redirect("web:urging", urging_no=decision.value.urging_no)
    running = contributions.open_urgings(centre, [account.employer_account_id]).get(account.employer_account_id)
    if running is not None:
        return redirect("web:urging", urging_no=running.urging_no)
    return page(
        request, "hpf/counter/urging_new.html", account=account, employer=parties.employer(centre, account.employer_id),
        owed=contributions.owed(centre, account.employer_account_id, on), business_on=on, law=law_in_force(law_of_step(UrgingStepKind.CALL), on),
    )  # fmt: skip


@require_GET
@needs("page.counter")
def urging(request: HttpRequest, urging_no: str) -> HttpResponse:
    """The unit's urging file: what is owed now, each step with its evidence and law, and the next step to be told."""
    found = _case(request, urging_no)
    on = ledger.business_day(centre_id(request))
    return _file(request, found, on, StepForm(initial={"kind": found.next_step.kinds[0].value, "taken_on": on}))


@require_POST
@needs("contributions.urge")
def urging_step(request: HttpRequest, urging_no: str) -> HttpResponse:
    """登记催缴步骤; what is wrong is said beside its field, and evidence already sent need not be sent again."""
    found, kept = _case(request, urging_no), _kept_before(request)
    form = StepForm(request.POST, request.FILES)
    if form.is_valid():
        kept, done = _take_step(request, urging_no, form, kept)
        if done:
            return redirect("web:urging", urging_no=urging_no)
    return _file(request, found, ledger.business_day(centre_id(request)), form, kept)


def _case(request: HttpRequest, urging_no: str) -> contributions.UrgingView:
    found = contributions.urging(centre_id(request), urging_no)
    if found is None:
        raise Http404
    return found


def _file(
    request: HttpRequest, found: contributions.UrgingView, on: date, form: StepForm, kept: contributions.OriginalNote | None = None
) -> HttpResponse:
    centre, expected = centre_id(request), found.next_step.kinds[0]
    notes = contributions.original_notes(centre, [step.evidence_id for step in found.steps if step.evidence_id])
    return page(
        request, "hpf/counter/urging.html", found=found, business_on=on, kept=kept, form=form, expected=expected,
        owed=contributions.owed(centre, found.employer_account_id, on), employer=parties.employer(centre, found.employer_id),
        counts=accounts.member_counts(centre, [found.employer_account_id])[found.employer_account_id],
        steps=[(step, notes.get(step.evidence_id or 0), law_in_force(step.law, step.taken_on)) for step in found.steps],
        next_law=law_in_force(law_of_step(expected), on), next_text=_next_step(found, on), outcome=OutcomeForm(prefix="close"),
        names=access.names([found.opened_by, *(step.taken_by for step in found.steps)]),
    )  # fmt: skip


def _take_step(
    request: HttpRequest, urging_no: str, form: StepForm, kept: contributions.OriginalNote | None
) -> tuple[contributions.OriginalNote | None, bool]:
    """Keep the evidence, then record the step. When it is refused the file stays kept and is named in the form again."""
    by, centre, key, at, said = actor(request), centre_id(request), form_key(request), now(), form.cleaned_data
    if file := said["evidence"]:
        stored = services.keep_original(
            by=by, centre_id=centre, kind=OriginalKind.EVIDENCE, filename=file.name, content=file.read(), key=f"{key}:file", at=at
        )
        kept = contributions.original_notes(centre, [stored.original_id])[stored.original_id]
    decision = services.take_urging_step(
        by=by, centre_id=centre, urging_no=urging_no, kind=UrgingStepKind(said["kind"]), taken_on=said["taken_on"], note=said["note"],
        document_no=said["document_no"], delivered_on=said["delivered_on"], delivered_to=said["delivered_to"], answer_by=said["answer_by"],
        evidence_id=kept.original_id if kept else None, key=key, at=at,
    )  # fmt: skip
    if decision.is_approved:
        return kept, tell(request, decision, f"已登记“{UrgingStepKind(said['kind']).label}”。")
    say_beside(form, decision.reasons, PLACES)
    return kept, False


def _kept_before(request: HttpRequest) -> contributions.OriginalNote | None:
    """Evidence that an earlier, refused attempt of this user has already left here."""
    number = request.POST.get("kept", "")
    if not (number.isdigit() and len(number) < 19):
        return None
    note = contributions.original_notes(centre_id(request), [int(number)]).get(int(number))
    return note if note and note.kind == OriginalKind.EVIDENCE and note.received_by == actor(request).user_id else None


@require_POST
@needs("contributions.urge")
def urging_close(request: HttpRequest, urging_no: str) -> HttpResponse:
    """办结: when nothing is owed any more."""
    form = OutcomeForm(request.POST, prefix="close")
    if not form.is_valid():
        messages.error(request, "办结结果：请写明单位如何缴清，例如“9月5日补缴7、8两月”。")
        return redirect("web:urging", urging_no=urging_no)
    centre = centre_id(request)
    decision = services.close_urging(
        by=actor(request), centre_id=centre, urging_no=urging_no, business_on=ledger.business_day(centre), outcome=form.cleaned_data["outcome"],
        key=form_key(request), at=now(),
    )  # fmt: skip
    tell(request, decision, "案件已办结。")
    return redirect("web:urging", urging_no=urging_no)


@require_GET
@needs("page.evidence")
def evidence(request: HttpRequest, urging_no: str, step_no: int) -> HttpResponse:
    """证据原件, byte for byte as it was kept; always a download, and every download leaves a mark."""
    centre = centre_id(request)
    found = _case(request, urging_no)
    step = next((step for step in found.steps if step.step_no == step_no), None)
    original = contributions.original(centre, step.evidence_id) if step and step.evidence_id else None
    if original is None:
        raise Http404
    looked_at(request, employer_id=found.employer_id, kind="EXPORT", subject=f"下载催缴证据{urging_no}第{step_no}步")
    response = HttpResponse(original.content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(original.filename)}"
    return response


def _months(row: contributions.ArrearsView) -> object:
    text = _span(row.months[0].text, row.months[-1].text)
    return format_html('{} <span class="tag-demo">断缴</span>', text) if row.lapsed else text


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}至{last}"


def _last_step(row: contributions.ArrearsView) -> str:
    return _step_text(row.case.last_step if row.case else None)


def _step_text(step: contributions.UrgingStepView | None) -> str:
    return f"{step.taken_on} {step.kind.label}" if step else "—"


def _next_step(case: contributions.UrgingView | None, on: date) -> SafeString | str:
    """待立案, or the next step with the day from which it may be taken; a deadline that is over is said in red."""
    if case is None:
        return "待立案"
    following = case.next_step
    label = "、".join(kind.label for kind in following.kinds)
    if case.last_step and case.last_step.kind in (UrgingStepKind.COURT, UrgingStepKind.FINE):
        return "跟踪执行结果"
    from_day = following.not_before or (case.answer_by + timedelta(days=1) if case.answer_by else None)
    if from_day and on < from_day:
        return f"{label}（{from_day}起）"
    return format_html('{} <span class="minus">限期已过</span>', label) if from_day else label


def _case_address(row: contributions.ArrearsView, may_urge: bool) -> str | None:
    if row.urging_no:
        return reverse("web:urging", args=[row.urging_no])
    return reverse("web:urging_new", args=[row.employer_account_no]) if may_urge else None
