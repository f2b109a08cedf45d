"""日终与核对的发起: asked for on a page and run by the worker; a day is asked for once however often one clicks."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from hpf.db import progress
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.outbox.services import enqueue

CLOSE_ASKED = "closing.close_asked"
CHECK_ASKED = "closing.check_asked"
JOB_KIND = "DAY"


def ask_close(by: Actor, centre_id: int, business_on: date) -> int:
    """Leave the close of a centre's open day to the worker; returns the job that shows how it went."""
    return _ask(CLOSE_ASKED, f"{business_on}日终", by, centre_id, business_on)


def ask_check(by: Actor, centre_id: int, business_on: date) -> int:
    """Leave the comparison of a day's balances to the worker; returns the job that shows how it went."""
    return _ask(CHECK_ASKED, f"{business_on}账务核对", by, centre_id, business_on)


def _ask(what: str, title: str, by: Actor, centre_id: int, business_on: date) -> int:
    job_id = progress.start(centre_id, JOB_KIND, title, total=0, reference=business_on.isoformat())
    with centre_scope(centre_id), transaction.atomic():
        enqueue(
            centre_id, what, f"{what}:{job_id}",
            {"job_id": job_id, "business_on": business_on.isoformat(), "user_id": by.user_id, "user_name": by.name},
        )  # fmt: skip
    return job_id
