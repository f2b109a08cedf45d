"""The member's own pages. Each shows only what belongs to the person who signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from hpf.access import queries as access
from hpf.accounts import queries as accounts
from hpf.contributions import queries as contributions
from hpf.kernel.period import InterestYear
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.web.listing import Column, Filter, export_file, list_page, table
from hpf.web.member.interest import explained
from hpf.web.page import centre_id, looked_at, needs, page

ENTRY_KINDS = [
    ("", "全部"), ("REMITTANCE", "汇缴"), ("BACK_PAYMENT", "补缴"), ("INTEREST_SETTLEMENT", "年度结息"), ("SUBSIDY", "缴存补贴"),
    ("WITHDRAWAL", "提取"), ("INTERNAL_TRANSFER", "转移"), ("TRANSFER_IN", "异地转入"), ("MERGE", "并户"), ("REVERSAL", "冲正"),
]  # fmt: skip
PAGE = 20


@dataclass(frozen=True, slots=True)
class Mine:
    """The member's accounts, the chosen one and its money."""

    accounts: list[accounts.MemberAccountView]
    account: accounts.MemberAccountView
    money: ledger.AccountView
    on: date


def mine(request: HttpRequest) -> Mine:
    """The chosen account of the signed-in person; somebody else's number is not found."""
    person_id = request.visit.person_id  # type: ignore[attr-defined]
    held = accounts.accounts_of_person(centre_id(request), person_id) if person_id else []
    asked = request.POST.get("account") or request.GET.get("account")
    account = next((a for a in held if a.account_no == asked), None) if asked else (held[0] if held else None)
    if account is None:
        raise Http404
    return Mine(held, account, ledger.balance(account.ledger_account_id), ledger.business_day(centre_id(request)))


@require_GET
@needs("page.member")
def home(request: HttpRequest) -> HttpResponse:
    """余额 and the latest entries."""
    own = mine(request)
    entries = ledger.history(own.account.ledger_account_id, date(1990, 1, 1), own.on + timedelta(days=1), limit=5)
    unit = accounts.employer_account_by_id(centre_id(request), own.account.employer_account_id)
    months = contributions.months_paid(centre_id(request), own.account.member_account_id, own.on)
    subsidy, subsidy_months = contributions.subsidy_total(centre_id(request), own.account.member_account_id)
    looked_at(request, person_id=own.account.person_id, subject="本人查询账户")
    return page(
        request, "hpf/member/home.html", own=own, entries=entries, months=len(months), last_month=months[-1] if months else None, subsidy=subsidy,
        subsidy_months=subsidy_months,
        employer=parties.employer(centre_id(request), unit.employer_id),
    )  # fmt: skip


@require_GET
@needs("page.member")
def entries(request: HttpRequest) -> HttpResponse:
    """明细: year, kind, page by page; to a file as well."""
    own = mine(request)
    years = list(range(own.on.year, own.account.opened_on.year - 1, -1))
    year = _choice(request, "year", years)
    kind = request.GET.get("kind", "")
    since, until = (date(year, 1, 1), date(year + 1, 1, 1)) if year else (date(1990, 1, 1), own.on + timedelta(days=366))
    found = [e for e in ledger.history(own.account.ledger_account_id, since, until, limit=5000) if not kind or e.kind == kind]
    if request.GET.get("export") in ("xlsx", "csv"):
        looked_at(request, kind="EXPORT", person_id=own.account.person_id, subject=f"本人导出明细 {len(found)}行")
        columns = [
            Column("business_on", "记账日期", "date"), Column("kind", "业务", "state"), Column("summary", "摘要"),
            Column("amount", "发生额", "money"), Column("balance_after", "余额", "money"),
        ]  # fmt: skip
        return export_file(request.GET["export"], f"公积金明细_{own.account.account_no}", columns, found)
    number = int(request.GET["page"]) if request.GET.get("page", "").isdigit() else 1
    pages = max(1, -(-len(found) // PAGE))
    window = found[(number - 1) * PAGE : number * PAGE]
    return page(
        request,
        "hpf/member/entries.html",
        own=own,
        entries=window,
        total=len(found),
        years=years,
        year=year,
        kind=kind,
        kinds=ENTRY_KINDS,
        number=number,
        pages=pages,
    )


@require_GET
@needs("page.member")
def interest(request: HttpRequest) -> HttpResponse:
    """利息: one year, stretch by stretch."""
    own = mine(request)
    running = InterestYear.of(own.on)
    first = InterestYear.of(own.account.opened_on)
    years = list(range(running.year, first.year - 1, -1))
    year = InterestYear(_choice(request, "year", years) or running.year)
    shown = explained(centre_id(request), own.account.ledger_account_id, year, own.on)
    return page(request, "hpf/member/interest.html", own=own, shown=shown, years=years)


@require_GET
@needs("page.member")
def me(request: HttpRequest) -> HttpResponse:
    """我的信息, masked."""
    own = mine(request)
    unit = accounts.employer_account_by_id(centre_id(request), own.account.employer_account_id)
    events = accounts.member_events(centre_id(request), [a.member_account_id for a in own.accounts], limit=30)
    return page(
        request, "hpf/member/me.html", own=own, person=parties.person(own.account.person_id), unit=unit,
        employer=parties.employer(centre_id(request), unit.employer_id),
        bases=accounts.base_history(centre_id(request), own.account.member_account_id),
        events=events, names=access.names(e.recorded_by for e in events),
    )  # fmt: skip


@require_GET
@needs("page.member")
def looks(request: HttpRequest) -> HttpResponse:
    """查询记录: who looked at my data, when and for what."""
    own = mine(request)
    columns = [
        Column("at", "时间", "moment", lead=True),
        Column("user_name", "查询人"),
        Column("kind", "方式", "state", family="audit"),
        Column("subject", "内容"),
        Column("purpose", "用途"),
    ]
    filters = [
        Filter(
            "kind",
            "方式",
            [("", "全部"), ("VIEW", "查看"), ("UNMASK", "查看明文"), ("EXPORT", "导出")],
            keep=lambda line, value: line.kind == value,
        )
    ]
    rows = access.who_looked(centre_id(request), own.account.person_id, limit=500)
    listed = table(request, rows, columns, title="谁查看过我的信息", filters=filters, size=30, empty="还没有人查看过您的信息。")
    return list_page(
        request, "hpf/member/looks.html", listed, own=own,
        note="每次查看都会留下记录且不能删除。如对某次查看有疑问，请持身份证件到缴存地中心询问。",
    )  # fmt: skip


def _choice(request: HttpRequest, name: str, known: list[int]) -> int | None:
    asked = request.GET.get(name, "")
    if not asked:
        return None
    if not asked.isdigit() or int(asked) not in known:
        raise Http404
    return int(asked)
