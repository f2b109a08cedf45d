"""工作台 and the one search box."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from hpf.access import queries as access
from hpf.accounts import queries as accounts
from hpf.closing.queries import days as closing_days
from hpf.contributions import queries as contributions
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.treasury import queries as treasury
from hpf.web.page import centre_id, looked_at, needs, page


@require_GET
@needs("page.counter")
def home(request: HttpRequest) -> HttpResponse:
    """What waits for somebody today."""
    centre = centre_id(request)
    on = ledger.business_day(centre)
    waiting, count = access.submissions(centre, limit=8)
    suspense = treasury.suspense_totals(centre, on)
    return page(
        request, "hpf/counter/home.html", business_on=on, waiting=waiting, waiting_count=count, suspense=suspense.count,
        suspense_old=suspense.old, alarms=contributions.deferral_alarms(centre, on)[:8],
        deferrals=contributions.deferrals(centre, state="APPLIED", limit=8), days=closing_days.days(centre, limit=5),
    )  # fmt: skip


@require_GET
@needs("page.counter")
def search(request: HttpRequest) -> HttpResponse:
    """Name, document, phone, account or unit: one box. A single hit opens itself."""
    text, centre = request.GET.get("q", "").strip()[:60], centre_id(request)
    if not text:
        return redirect("web:counter_home")
    members = accounts.search(centre, text, limit=30)
    found = parties.employers(centre, text=text, limit=20).rows
    ids = [e.employer_id for e in found]
    held = accounts.employer_accounts(centre, kinds=("REGULAR", "FLEXIBLE", "CUSTODY"), employer_ids=ids).rows if ids else ()
    units = {view.employer_id: view for view in held}
    by_number = _by_account_no(centre, text)
    if by_number is not None:
        return redirect("web:unit", account_no=by_number.account_no)
    if len(members) == 1 and not units:
        return redirect("web:counter_person", account_no=members[0].account.account_no)
    if len(units) == 1 and not members:
        return redirect("web:unit", account_no=next(iter(units.values())).account_no)
    theirs = accounts.employer_accounts_by_id(centre, [m.account.employer_account_id for m in members]).values()
    names = parties.employers_by_id(centre, [u.employer_id for u in theirs])
    unit_of = {u.employer_account_id: names[u.employer_id].name for u in theirs}
    looked_at(request, subject=f"查找 {len(members)}人 {len(units)}单位")
    return page(
        request, "hpf/counter/search.html", q=text, members=[(m, unit_of.get(m.account.employer_account_id, "")) for m in members],
        units=[(e, units[e.employer_id]) for e in found if e.employer_id in units], without=[e for e in found if e.employer_id not in units],
    )  # fmt: skip


def _by_account_no(centre: int, text: str) -> accounts.EmployerAccountView | None:
    if not (text.isdigit() and len(text) == 12):
        return None
    try:
        return accounts.employer_account(centre, text)
    except accounts.NoSuchAccount:
        return None
