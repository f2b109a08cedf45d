"""我的授权: what I allowed whom to learn, how to take it back, and everybody who asked about me and why."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hpf.sharing import queries as sharing
from hpf.sharing import services
from hpf.web.law import law_in_force
from hpf.web.listing import Column, Filter, list_page, table
from hpf.web.member.views import mine
from hpf.web.page import actor, centre_id, form_key, looked_at, needs, now, page, tell

LAW = ("个人信息保护法/15", "个人信息保护法/44")
DAYS = {"30": "一个月", "90": "三个月", "365": "一年"}


@require_GET
@needs("page.member")
def consents(request: HttpRequest) -> HttpResponse:
    """我的授权, those in force first; and who may be given one."""
    own = mine(request)
    looked_at(request, person_id=own.account.person_id, subject="本人查询授权")
    at = now()
    held = [(view, view.state(at)) for view in sharing.consents(centre_id(request), own.account.person_id)]
    return page(
        request, "hpf/member/consents.html", own=own, law=law_in_force(LAW, own.on), offers=sharing.offers(centre_id(request), at.date()), days=DAYS,
        in_force=[view for view, state in held if state == "IN_FORCE"], past=[pair for pair in held if pair[1] != "IN_FORCE"],
    )  # fmt: skip


@require_POST
@needs("page.member")
def consent_give(request: HttpRequest) -> HttpResponse:
    """授权一家单位 to look at just the fields of its grant, for one of its purposes, for a time of one's own choice."""
    own, at = mine(request), now()
    offer = next((each for each in sharing.offers(centre_id(request), at.date()) if each.code == request.POST.get("offer")), None)
    if offer is None or request.POST.get("days") not in DAYS:
        raise Http404
    done = services.give_consent(
        by=actor(request), centre_id=centre_id(request), person_id=own.account.person_id, recipient=offer.client_no, scope=offer.fields,
        purpose=offer.purpose, ends_at=_end_of_day(at, int(request.POST["days"])), at=at, key=form_key(request),
    )  # fmt: skip
    tell(request, done, f"已授权{offer.client_name}，授权编号{done.value.consent_no}，办理时请告知对方。" if done.value else "")
    return redirect("web:member_consents")


def _end_of_day(at: datetime, days: int) -> datetime:
    """The midnight after so many days: the same for a form sent twice."""
    return datetime.combine(at.date() + timedelta(days=days), time.min, at.tzinfo)


@require_POST
@needs("page.member")
def consent_withdraw(request: HttpRequest, consent_no: str) -> HttpResponse:
    """撤回授权, with effect from this moment; nobody else's can be named."""
    own = mine(request)
    done = services.withdraw_consent(
        by=actor(request),
        centre_id=centre_id(request),
        consent_no=consent_no,
        person_id=own.account.person_id,
        at=now(),
        key=form_key(request),
    )
    tell(request, done, f"授权{consent_no}已撤回，自现在起不再凭它查询。")
    return redirect("web:member_consents")


@require_GET
@needs("page.member")
def asked(request: HttpRequest) -> HttpResponse:
    """谁查询过我: the centre at other departments, and others at the centre."""
    own = mine(request)
    looked_at(request, person_id=own.account.person_id, subject="本人查询被查询记录")
    columns = [
        Column("at", "时间", "moment", lead=True),
        Column("who", "谁向谁查询", value=lambda line: f"{line.who}向{line.of_whom.partition('·')[0]}"),
        Column("about", "查询内容"),
        Column("purpose", "用途", value=lambda line: f"{line.purpose}（业务{line.case_no}）"),
        Column("ground", "依据"),
        Column("outcome", "结果", "short"),
    ]
    filters = [
        Filter(
            "way",
            "方向",
            [("", "全部"), ("out", "中心向部门查询"), ("in", "外单位向中心查询")],
            keep=lambda line, value: line.outward == (value == "out"),
        )
    ]
    rows = sharing.who_asked(centre_id(request), own.account.person_id)
    listed = table(request, rows, columns, filters=filters, size=30, empty="还没有人为办理业务查询过您的信息。")
    return list_page(
        request, "hpf/member/asked.html", listed, own=own, back=reverse("web:member_consents"),
        note="每次查询都会留下记录且不能删除，没有答复和被拒绝的也在其中。如有疑问，请持身份证件到缴存地中心询问。",
    )  # fmt: skip
