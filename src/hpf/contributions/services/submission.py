"""提交清册: a long list is kept at once and read by the worker; the page watches the progress and may be left."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from hpf.contributions.models import Original
from hpf.contributions.rules.states import OriginalKind, RemittanceKind
from hpf.db import progress
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.period import Month
from hpf.outbox import services as outbox

SUBMITTED = "contributions.list_submitted"
JOB_KIND = "LIST"


@dataclass(frozen=True, slots=True)
class Submitted:
    """The file is safe; `job_id` shows how far its reading is."""

    job_id: int
    original_id: int
    sha256: str
    size_bytes: int


@command("contributions.receive_list")
def submit_list(
    *, by: Actor, centre_id: int, employer_account_no: str, month: Month, kind: RemittanceKind, filename: str, content: bytes, key: str,
    at: datetime, reason: str = "", replaces: str | None = None,
) -> Submitted:  # fmt: skip
    """提交清册文件: keep the original, open a job, and leave the reading to the worker.

    `reason` is what a back-payment gives as its ground; `replaces` is the number of the list that this file corrects.
    Writes   contributions_original, db_progress, outbox contributions.list_submitted
    Again    the same key and file give the same job; the worker reads it once
    """
    sha256 = hashlib.sha256(content).hexdigest()
    original = Original.objects.create(
        centre_id=centre_id, kind=OriginalKind.REMITTANCE_LIST, filename=filename[:255], content=content, sha256=sha256,
        size_bytes=len(content), received_by=by.user_id, received_at=at,
    )  # fmt: skip
    job_id = progress.start(centre_id, JOB_KIND, f"{month.text}清册 {filename[:80]}", total=0, reference=employer_account_no)
    outbox.enqueue(
        centre_id, SUBMITTED, f"{SUBMITTED}:{key}",
        {"job_id": job_id, "original_id": original.id, "employer_account_no": employer_account_no, "month": str(month),
         "kind": kind.value, "key": key, "at": at.isoformat(), "reason": reason, "replaces": replaces or "",
         "user_id": by.user_id, "user_name": by.name, "channel": by.channel},
    )  # fmt: skip
    return Submitted(job_id, original.id, sha256, len(content))
