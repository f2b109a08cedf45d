"""What the worker does for each kind of message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from hpf.closing.services.checks import check_day
from hpf.contributions import queries as contribution_queries
from hpf.contributions import services as contributions
from hpf.contributions.rules.lists import read_list as pure_read
from hpf.contributions.rules.states import RemittanceKind
from hpf.contributions.services.base_proposals import SUBMITTED as BASES_SUBMITTED
from hpf.contributions.services.lists import enter_list
from hpf.contributions.services.submission import SUBMITTED
from hpf.db import progress
from hpf.db.scope import centre_scope
from hpf.freezes.services import TO_SEND as TO_COURTS
from hpf.jobs.banking import talk
from hpf.jobs.bases import read_bases
from hpf.jobs.courts import follow_payments, tell_court
from hpf.jobs.day import run_day
from hpf.jobs.transferring import exchange
from hpf.kernel.actor import EVERY_PERMISSION, Actor
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.outbox.services import Claimed
from hpf.treasury import queries as treasury
from hpf.treasury import services as treasury_services


def read_list(message: Claimed, at: datetime) -> None:
    """读取清册: check a submitted file and say on its job how it ended. The key makes a second reading the first's answer."""
    given, centre_id = message.payload, message.centre_id
    job_id = int(given["job_id"])
    progress.advance(centre_id, job_id, 0, "正在读取文件" if message.attempts == 1 else "上次核对中断，正在重新读取文件")
    with centre_scope(centre_id):
        original = contribution_queries.original(centre_id, int(given["original_id"]))
    lines = len(pure_read(original.filename, original.content).lines) if original else 0
    progress.advance(centre_id, job_id, lines * 2 // 5, f"已读取{lines:,}行，正在逐行核对", total=lines)
    by = Actor(given["user_id"], given["user_name"], frozenset({centre_id}), frozenset({"contributions.receive_list"}), given["channel"])
    received = enter_list(
        by=by, centre_id=centre_id, employer_account_no=given["employer_account_no"], month=Month.parse(given["month"]),
        original_id=int(given["original_id"]), kind=RemittanceKind(given["kind"]), key=f"{given['key']}:read",
        at=datetime.fromisoformat(given["at"]), reason=given["reason"], replaces_no=given["replaces"],
    )  # fmt: skip
    result: dict[str, Any] = {"outcome": received.outcome.value, "reasons": [reason.message for reason in received.reasons]}
    if received.value is None:
        progress.finish(centre_id, job_id, "FAILED", result, "；".join(result["reasons"]))
        return
    result |= {"remittance_no": received.value.remittance_no, "lines": received.value.line_count, "defects": received.value.defect_count}
    progress.finish(centre_id, job_id, "DONE", result)


def hear_bank(centre_id: int, at: datetime) -> None:
    """Talk with the centre's bank while its day is open; lists whose money has come, also by a pushed notice, are booked at once."""
    with centre_scope(centre_id):
        if not treasury.bank_accounts(centre_id):
            return
        try:
            business_on = ledger.business_day(centre_id)
        except ledger.NoOpenDay:
            return
    spoken = talk(centre_id, business_on, at)
    with centre_scope(centre_id):
        unmatched = treasury.has_unmatched(centre_id)
    if spoken.received or unmatched:
        by = Actor.system(centre_id, "自动入账")
        stamp = at.isoformat()
        treasury_services.match_receipts(by=by, centre_id=centre_id, business_on=business_on, key=f"match:{stamp}")
        contributions.apply_receipts(by=by, centre_id=centre_id, business_on=business_on, at=at)
    exchange(centre_id, business_on, at)
    follow_payments(centre_id, at)


CLOSE_ASKED = "closing.close_asked"
CHECK_ASKED = "closing.check_asked"
"""What the pages put into the outbox; hpf.web.clock writes the same words, as pages and jobs do not know each other."""


def close_day(message: Claimed, at: datetime) -> None:
    """日终 that somebody asked for on a page, where the permission was checked. Asked twice, the second finds it done."""
    given, centre_id = message.payload, message.centre_id
    job_id, asked_on = int(given["job_id"]), date.fromisoformat(given["business_on"])
    progress.advance(centre_id, job_id, 0, f"正在日终{asked_on}")
    with centre_scope(centre_id):
        open_on = ledger.business_day(centre_id)
    if open_on != asked_on:
        progress.finish(centre_id, job_id, "DONE", {}, f"{asked_on}已经结账，当前会计日{open_on}")
        return
    by = Actor(given["user_id"], given["user_name"], frozenset({centre_id}), frozenset({EVERY_PERMISSION}))
    run = run_day(centre_id, at=at, by=by)
    progress.finish(centre_id, job_id, "DONE" if run.day.closed else "FAILED", {"closed": run.day.closed}, run.day.message)


def check_books(message: Claimed, at: datetime) -> None:
    """核对 that somebody asked for on a page, where the permission was checked."""
    given, centre_id = message.payload, message.centre_id
    job_id, on = int(given["job_id"]), date.fromisoformat(given["business_on"])
    progress.advance(centre_id, job_id, 0, f"正在核对{on}账务")
    by = Actor(given["user_id"], given["user_name"], frozenset({centre_id}), frozenset({"closing.check_day"}))
    checked = check_day(by=by, centre_id=centre_id, business_on=on, at=at, key=f"{CHECK_ASKED}:{job_id}")
    progress.finish(centre_id, job_id, "DONE", {"checked_on": on.isoformat(), "red": checked.red}, checked.message)


HANDLERS: dict[str, Callable[[Claimed, datetime], None]] = {
    SUBMITTED: read_list,
    BASES_SUBMITTED: read_bases,
    CLOSE_ASKED: close_day,
    CHECK_ASKED: check_books,
    TO_COURTS: tell_court,
}
