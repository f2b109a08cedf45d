"""读取基数调整表: what the worker does with a file of bases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hpf.contributions.services import propose_bases
from hpf.db import progress
from hpf.kernel.actor import Actor
from hpf.kernel.period import Month
from hpf.outbox.services import Claimed


def read_bases(message: Claimed, at: datetime) -> None:
    """Read a submitted file into a proposal and say on its job how it ended. A second reading gets the first's answer."""
    given, centre_id = message.payload, message.centre_id
    job_id = int(given["job_id"])
    progress.advance(centre_id, job_id, 0, "正在读取并逐行核对" if message.attempts == 1 else "上次核对中断，正在重新读取文件")
    by = Actor(given["user_id"], given["user_name"], frozenset({centre_id}), frozenset({"contributions.adjust_bases"}), given["channel"])
    proposed = propose_bases(
        by=by, centre_id=centre_id, employer_account_no=given["employer_account_no"], from_month=Month.parse(given["from_month"]),
        original_id=int(given["original_id"]), key=f"{given['key']}:read", at=datetime.fromisoformat(given["at"]),
    )  # fmt: skip
    result: dict[str, Any] = {"outcome": proposed.outcome.value, "reasons": [reason.message for reason in proposed.reasons]}
    if proposed.value is None:
        progress.finish(centre_id, job_id, "FAILED", result, "；".join(result["reasons"]))
        return
    result |= {"base_change_no": proposed.value.base_change_no, "lines": proposed.value.lines, "defects": proposed.value.defects}
    progress.finish(centre_id, job_id, "DONE", result)
