"""经办复核: the maker prepares, somebody else checks; only then is the business done."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hpf.access.models import Submission
from hpf.access.rules import SubmissionState, check_checker
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason


@dataclass(frozen=True, slots=True)
class Submitted:
    """A piece of business waits for a checker."""

    submission_no: str


@command("queue.make")
def submit(
    *,
    by: Actor,
    centre_id: int,
    action: str,
    title: str,
    subject: str,
    content: dict[str, Any],
    shown: list[list[str]],
    at: datetime,
    key: str,
    person_id: int | None = None,
    employer_id: int | None = None,
) -> Submitted:
    """提交复核. Nothing is done yet; `content` is what will be done, `shown` what the checker reads."""
    row = Submission.objects.create(
        centre_id=centre_id,
        submission_no=uuid.uuid4().hex,
        action=action,
        title=title,
        subject=subject,
        person_id=person_id,
        employer_id=employer_id,
        content=content,
        shown=shown,
        state=SubmissionState.WAITING,
        maker_id=by.user_id,
        maker_name=by.name,
        made_at=at,
    )
    row.submission_no = f"FH{at:%Y%m%d}{row.id:07d}"
    row.save(update_fields=["submission_no"])
    return Submitted(row.submission_no)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a submission."""

    submission_no: str
    state: str


@command("queue.check")
def settle_submission(*, by: Actor, centre_id: int, submission_no: str, refused: str, at: datetime, key: str) -> Decision[Settled]:
    """复核通过: note that the business was done, or that the rules refused it (`refused` says why).

    Locks    the submission
    Refuses  MAKER_IS_CHECKER, SUBMISSION_SETTLED
    """
    row = Submission.objects.select_for_update().get(centre_id=centre_id, submission_no=submission_no)
    reasons = _check(row, by)
    if reasons:
        return Decision.refused(reasons)
    return _settle(row, SubmissionState.REFUSED if refused else SubmissionState.APPROVED, by, refused, at)


@command("queue.check")
def return_submission(*, by: Actor, centre_id: int, submission_no: str, note: str, at: datetime, key: str) -> Decision[Settled]:
    """复核退回: nothing was done; the maker reads why."""
    row = Submission.objects.select_for_update().get(centre_id=centre_id, submission_no=submission_no)
    reasons = _check(row, by)
    if not reasons and not note.strip():
        reasons = (Reason("NOTE_MISSING", "退回须写明原因，请填写复核意见。"),)
    if reasons:
        return Decision.refused(reasons)
    return _settle(row, SubmissionState.RETURNED, by, note.strip(), at)


def _check(row: Submission, by: Actor) -> tuple[Reason, ...]:
    if row.state != SubmissionState.WAITING:
        return (Reason("SUBMISSION_SETTLED", f"本笔已由{row.checker_name}处理，无需再次复核，请刷新队列。"),)
    return check_checker(row.maker_id, by.user_id)


def _settle(row: Submission, state: SubmissionState, by: Actor, note: str, at: datetime) -> Decision[Settled]:
    row.state, row.checker_id, row.checker_name, row.checked_at, row.note = state, by.user_id, by.name, at, note[:400]
    row.save(update_fields=["state", "checker_id", "checker_name", "checked_at", "note"])
    return Decision.approved(Settled(row.submission_no, state))
