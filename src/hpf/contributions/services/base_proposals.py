"""年度基数调整 in two steps: a file is read into a proposal that can be looked at, corrected and withdrawn; then it is confirmed.

Nothing changes in any account before the confirmation. A corrected file takes the place of the proposal before it.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime

from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.accounts.queries import EmployerAccountView
from hpf.accounts.rules.bases import check_base_month, check_window
from hpf.accounts.rules.states import EmployerState, MemberState
from hpf.accounts.services import AdjustedBases, ChangedBase, DeclaredBase
from hpf.accounts.services.bases import foresee_bases
from hpf.contributions.models import BaseChange, BaseChangeLine, Original
from hpf.contributions.rules import refusals
from hpf.contributions.rules.lists import read_list
from hpf.contributions.rules.states import BaseChangeState, OriginalKind
from hpf.contributions.services.bases import declared_bases, refused_bases
from hpf.contributions.services.facts import employer_account
from hpf.contributions.services.numbers import take_number
from hpf.contributions.services.submission import Submitted
from hpf.db import progress
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome, Reason
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.outbox import services as outbox
from hpf.policy import queries as policy

SUBMITTED = "contributions.bases_submitted"
JOB_KIND = "BASES"
_WHOLE = 5_000


@dataclass(frozen=True, slots=True)
class BasesProposed:
    """`lines` may be confirmed; what is named in `defects` is left as it is, or comes again in a corrected file."""

    base_change_no: str
    lines: int
    defects: int


@dataclass(frozen=True, slots=True)
class BasesSettled:
    """What became of a proposal; `changed` accounts have a new base."""

    base_change_no: str
    state: BaseChangeState
    changed: int = 0


@command("contributions.adjust_bases")
def submit_bases(
    *, by: Actor, centre_id: int, employer_account_no: str, from_month: Month, filename: str, content: bytes, key: str, at: datetime
) -> Decision[Submitted]:
    """提交年度基数调整表: keep the original, open a job, and leave the reading to the worker.

    Refuses  a unit that is sealed or closed; a month outside the centre's window or already remitted, before any row is read
    Writes   contributions_original, db_progress, outbox contributions.bases_submitted
    """
    account = employer_account(centre_id, employer_account_no)
    if account is None:
        return Decision.refused([refusals.no_such_employer_account(employer_account_no)])
    if reasons := _month_reasons(account, from_month):
        return Decision.refused(reasons)
    sha256 = hashlib.sha256(content).hexdigest()
    original = Original.objects.create(
        centre_id=centre_id, kind=OriginalKind.BASE_LIST, filename=filename[:255], content=content, sha256=sha256,
        size_bytes=len(content), received_by=by.user_id, received_at=at,
    )  # fmt: skip
    job_id = progress.start(centre_id, JOB_KIND, f"{from_month.text}起基数调整 {filename[:80]}", total=0, reference=account.account_no)
    outbox.enqueue(
        centre_id, SUBMITTED, f"{SUBMITTED}:{key}",
        {"job_id": job_id, "original_id": original.id, "employer_account_no": account.account_no, "from_month": str(from_month),
         "key": key, "at": at.isoformat(), "user_id": by.user_id, "user_name": by.name, "channel": by.channel},
    )  # fmt: skip
    return Decision.approved(Submitted(job_id, original.id, sha256, len(content)))


@command("contributions.adjust_bases")
def propose_bases(
    *, by: Actor, centre_id: int, employer_account_no: str, from_month: Month, original_id: int, key: str, at: datetime
) -> Decision[BasesProposed]:
    """Read a kept file of bases into a proposal: what each account has and would have, and every defect. Changes no account.

    Writes   contributions_basechange PROPOSED with its lines; an open proposal of the same unit and month becomes REPLACED
    """
    account = employer_account(centre_id, employer_account_no)
    if account is None:
        return Decision.refused([refusals.no_such_employer_account(employer_account_no)])
    original = Original.objects.get(centre_id=centre_id, id=original_id)
    read = read_list(original.filename, bytes(original.content))
    declared, defects = declared_bases(account, from_month, read)
    answered = foresee_bases(
        centre_id=centre_id, employer_account_no=account.account_no, lines=[base for _, base in declared], from_month=from_month
    )
    defects = sorted([*defects, *refused_bases(read, declared, answered)], key=lambda defect: defect.row)
    open_before = BaseChange.objects.select_for_update().filter(
        centre_id=centre_id, employer_account_id=account.employer_account_id, since_month=from_month, state=BaseChangeState.PROPOSED
    )
    former = open_before.order_by("-id").first()
    proposal = BaseChange.objects.create(
        centre_id=centre_id, base_change_no=take_number(centre_id, at.date()), employer_account_id=account.employer_account_id,
        employer_account_no=account.account_no, since_month=from_month, original=original, state=BaseChangeState.PROPOSED, replaces=former,
        line_count=answered.changed, defects=[asdict(defect) for defect in defects], maker=by.user_id, received_at=at,
    )  # fmt: skip
    open_before.exclude(id=proposal.id).update(state=BaseChangeState.REPLACED)
    _write_lines(proposal, account, from_month, declared, answered)
    return Decision.approved(BasesProposed(proposal.base_change_no, answered.changed, len(defects)))


@command("contributions.adjust_bases")
def confirm_bases(*, by: Actor, centre_id: int, base_change_no: str, key: str, at: datetime) -> Decision[BasesSettled]:
    """确认基数调整: the proposal's lines come into force, all of them or none.

    Locks    the proposal
    Refuses  a proposal that is settled or empty; one whose people or months have changed since it was read
    Writes   the bases through `accounts.adjust_bases`
    """
    proposal = _locked(centre_id, base_change_no)
    if isinstance(proposal, Reason):
        return Decision.refused([proposal])
    account = accounts.employer_account_by_id(centre_id, proposal.employer_account_id)
    lines = list(BaseChangeLine.objects.filter(base_change=proposal).order_by("row_no", "id"))
    if not lines:
        message = f"基数调整{base_change_no}没有一行可以执行，请按差错清单更正后重新上传"
        return Decision.refused([Reason("BASES_EMPTY", message, "条例/16")])
    if reasons := _month_reasons(account, proposal.since_month):
        return Decision.refused(reasons)
    declared = tuple(DeclaredBase(line.account_no, line.declared_base_fen) for line in lines)
    terms = {"centre_id": centre_id, "employer_account_no": account.account_no, "lines": declared, "from_month": proposal.since_month}
    moved = [line.account_no for line, now in zip(lines, foresee_bases(**terms).lines, strict=True) if not _same(line, now)]
    if moved:
        message = f"核对以后有{len(moved)}人（{'、'.join(moved[:3])}）的账户或限额有变化，未作任何调整，请重新上传核对"
        return Decision.refused([Reason("BASES_CHANGED_SINCE", message, "条例/16")])
    adjusted = account_services.adjust_bases(by=by, on=ledger.business_day(centre_id), at=at, key=f"{key}:bases", **terms)
    proposal.state, proposal.is_applied, proposal.confirmed_by, proposal.confirmed_at = BaseChangeState.CONFIRMED, True, by.user_id, at
    proposal.save(update_fields=["state", "is_applied", "confirmed_by", "confirmed_at"])
    return Decision.approved(BasesSettled(base_change_no, BaseChangeState.CONFIRMED, adjusted.changed))


@command("contributions.adjust_bases")
def cancel_bases(*, by: Actor, centre_id: int, base_change_no: str, key: str, at: datetime) -> Decision[BasesSettled]:
    """撤销基数调整 that is not confirmed. Nothing had changed."""
    proposal = _locked(centre_id, base_change_no)
    if isinstance(proposal, Reason):
        return Decision.refused([proposal])
    proposal.state = BaseChangeState.CANCELLED
    proposal.save(update_fields=["state"])
    return Decision.approved(BasesSettled(base_change_no, BaseChangeState.CANCELLED))


def _locked(centre_id: int, base_change_no: str) -> BaseChange | Reason:
    found = BaseChange.objects.select_for_update().filter(centre_id=centre_id, base_change_no=base_change_no).first()
    if found is None:
        return refusals.not_found("基数调整", base_change_no)
    if found.state != BaseChangeState.PROPOSED:
        state = BaseChangeState(found.state).label
        return refusals.state_does_not_allow("基数调整", base_change_no, state, BaseChangeState.PROPOSED.label)
    return found


def _month_reasons(account: EmployerAccountView, from_month: Month) -> list[Reason]:
    if account.state in (EmployerState.SEALED, EmployerState.CLOSED):
        return [refusals.employer_account_not_open(account.account_no, EmployerState(account.state).text)]
    months = policy.book(account.centre_id, from_month.first_day).text("contribution.base_adjustment_months")
    return check_window(from_month, months) or check_base_month(MemberState.NORMAL, from_month, account.paid_through)


def _same(line: BaseChangeLine, now: ChangedBase) -> bool:
    expected = (line.base_fen, line.employer_month_fen, line.member_month_fen)
    return now.outcome is Outcome.APPROVED and (now.base, now.employer_month, now.member_month) == expected


def _write_lines(
    proposal: BaseChange, account: EmployerAccountView, month: Month, declared: list[tuple[int, DeclaredBase]], answered: AdjustedBases
) -> None:
    states = [state.value for state in MemberState]
    roster = {line.account_no: line for line in accounts.roster(account.centre_id, account.employer_account_id, month, states)}
    lines = []
    for (row, base), answer in zip(declared, answered.lines, strict=True):
        if answer.outcome is not Outcome.APPROVED:
            continue
        now = roster[base.account_no]
        lines.append(BaseChangeLine(
            centre_id=account.centre_id, base_change=proposal, row_no=row, member_account_id=now.member_account_id,
            account_no=base.account_no, former_base_fen=now.base, former_employer_month_fen=now.employer_month,
            former_member_month_fen=now.member_month, declared_base_fen=base.base, base_fen=answer.base,
            employer_month_fen=answer.employer_month, member_month_fen=answer.member_month,
            limit_note="；".join(reason.message for reason in answer.reasons),
        ))  # fmt: skip
    BaseChangeLine.objects.bulk_create(lines, batch_size=_WHOLE)
