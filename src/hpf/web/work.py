"""长作业: work that outlasts a page is left to the worker; its page asks how far it is and can be left."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hpf.accounts import queries as accounts
from hpf.db import progress
from hpf.web.page import centre_id, page


@require_GET
def work(request: HttpRequest, job_id: int) -> HttpResponse:
    """A job: a bar that moves by itself; when it is done, on to what it made."""
    visit = request.visit  # type: ignore[attr-defined]
    if visit is None:
        return redirect("web:sign_in")
    job = progress.get(centre_id(request), job_id)
    if job is None or not _may_see(visit, job):
        raise Http404
    address = _result_address(visit, job)
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "hpf/parts/progress.html", {"job": job, "address": address})
        if address:
            response["HX-Redirect"] = address
        return response
    return redirect(address) if address else page(request, "hpf/work.html", job=job, address=address)


def _may_see(visit: Any, job: progress.Progress) -> bool:
    """Staff see the centre's jobs; operators those of their own unit's account."""
    if visit.audience == "STAFF":
        return True
    account = accounts.employer_account_of(visit.centre_id, visit.employer_id) if visit.employer_id else None
    return account is not None and job.reference == account.account_no


def _result_address(visit: Any, job: progress.Progress) -> str:
    if job.state != "DONE":
        return ""
    employer = visit.audience == "EMPLOYER"
    if number := job.result.get("remittance_no"):
        return reverse("web:list" if employer else "web:counter_list", args=[number])
    if on := job.result.get("checked_on"):
        return reverse("web:day") + f"?on={on}"
    if number := job.result.get("base_change_no"):
        return reverse("web:base_change" if employer else "web:counter_base_change", args=[number])
    return ""
