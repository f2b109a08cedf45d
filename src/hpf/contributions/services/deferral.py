"""缓缴 降低缴存比例: asked for with the employees' resolution, reviewed by the centre, approved by another person, ended, paid back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.accounts.queries import EmployerAccountView
from hpf.contributions.models import Deferral, DeferredLine, Original
from hpf.contributions.rules import refusals
from hpf.contributions.rules.deferral import Application, DeferralPolicy, Standing, decide, months_to_pay_back
from hpf.contributions.rules.states import DeferralKind, DeferralState
from hpf.contributions.services.deferral_end import note_repaid
from hpf.contributions.services.facts import employer_account
from hpf.contributions.services.numbers import take_number
from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.policy import queries as policy


@dataclass(frozen=True, slots=True)
class DeferralApplied:
    """`due_on` is the last working day for the decision."""

    deferral_no: str
    state: DeferralState
    due_on: date


@dataclass(frozen=True, slots=True)
class DeferralReviewed:
    deferral_no: str
    state: DeferralState


@dataclass(frozen=True, slots=True)
class DeferralDecided:
    deferral_no: str
    state: DeferralState
    since_month: Month
    until_month: Month


@dataclass(frozen=True, slots=True)
class DeferralEnded:
    """`restored_month` is the first month remitted as before."""

    deferral_no: str
    state: DeferralState
    restored_month: Month


@dataclass(frozen=True, slots=True)
class MonthDeferred:
    deferral_no: str
    month: Month
    members: int
    due: Money


@command("contributions.apply_deferral")
def apply_deferral(
    *,
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    kind: DeferralKind,
    since_month: Month,
    until_month: Month,
    reason: str,
    resolution_no: str,
    resolution_id: int,
    business_on: date,
    key: str,
    at: datetime,
    employer_rate: Rate | None = None,
    member_rate: Rate | None = None,
) -> Decision[DeferralApplied]:
    """申请缓缴或降比, months [since, until). `resolution_id` is the kept original of the employees' resolution.

    Refuses  what could never be approved: no resolution, no reason, a term too long, overlapping or already paid, a rate not
             lower or below the minimum; see `rules.deferral.decide`
    """
    kind = DeferralKind(kind)
    account = employer_account(centre_id, employer_account_no)
    if account is None:
        return Decision.refused([refusals.no_such_employer_account(employer_account_no)])
    if not Original.objects.filter(centre_id=centre_id, id=resolution_id).exists():
        return Decision.refused([refusals.not_found("决议原件", str(resolution_id))])
    book = policy.book(centre_id, business_on)
    running = _running(account)
    asked = Application(
        kind, since_month, until_month, resolution_no, bool(reason.strip()), employer_rate, member_rate, _renews(running, since_month)
    )
    decision = decide(asked, _standing(account, running), DeferralPolicy.of(book), business_on)
    if not decision.is_approved:
        return Decision.refused(decision.reasons)
    due_on = policy.workdays().add_workdays(business_on, book.whole("contribution.deferral_decision_workdays"))
    deferral = Deferral.objects.create(
        centre_id=centre_id, deferral_no=take_number(centre_id, business_on), employer_id=account.employer_id,
        employer_account_id=account.employer_account_id, employer_account_no=account.account_no, kind=kind, state=DeferralState.APPLIED,
        since_month=since_month, until_month=until_month, employer_rate=employer_rate and employer_rate.percent,
        member_rate=member_rate and member_rate.percent, former_employer_rate=account.employer_rate.percent,
        former_member_rate=account.member_rate.percent, reason=reason, resolution_no=resolution_no, resolution_id=resolution_id,
        applied_by=by.user_id, applied_at=at, due_on=due_on,
    )  # fmt: skip
    guessed = policy.calendar_reminder(due_on)
    return Decision.approved(DeferralApplied(deferral.deferral_no, DeferralState.APPLIED, due_on), [guessed] if guessed else [])


@command("contributions.review_deferral")
def review_deferral(*, by: Actor, centre_id: int, deferral_no: str, opinion: str, key: str, at: datetime) -> Decision[DeferralReviewed]:
    """中心审核: the centre's opinion before the committee decides. Not by the person who applied."""
    deferral = _locked(centre_id, deferral_no)
    if deferral is None:
        return Decision.refused([refusals.not_found("缓缴申请", deferral_no)])
    if deferral.state != DeferralState.APPLIED:
        return Decision.refused([_wrong_state(deferral, DeferralState.APPLIED)])
    if by.user_id == deferral.applied_by:
        return Decision.refused([refusals.maker_is_checker("缓缴申请")])
    deferral.state, deferral.reviewed_by, deferral.reviewed_at, deferral.review_opinion = DeferralState.REVIEWED, by.user_id, at, opinion
    deferral.save(update_fields=["state", "reviewed_by", "reviewed_at", "review_opinion"])
    return Decision.approved(DeferralReviewed(deferral_no, DeferralState.REVIEWED))


@command("contributions.approve_deferral")
def approve_deferral(
    *, by: Actor, centre_id: int, deferral_no: str, decision_no: str, opinion: str, business_on: date, key: str, at: datetime
) -> Decision[DeferralDecided]:
    """管委会批准, by another person than applied or reviewed. A deferral makes the unit 缓缴; a reduction changes its rates.

    Refuses  MAKER_IS_CHECKER, WRONG_STATE, NUMBER_MISSING without the decision's number; what `accounts.change_rates` refuses
    """
    deferral = _locked(centre_id, deferral_no)
    if deferral is None:
        return Decision.refused([refusals.not_found("缓缴申请", deferral_no)])
    reasons = _check_decision(deferral, by)
    if not decision_no.strip():
        reasons.append(refusals.number_missing("批准文号"))
    if reasons:
        return Decision.refused(reasons)
    if deferral.kind == DeferralKind.REDUCTION:
        rates = _rate(deferral.employer_rate, deferral.former_employer_rate), _rate(deferral.member_rate, deferral.former_member_rate)
        changed = _change_rates(deferral, rates, deferral.since_month, decision_no, by, business_on, at, key)
        if not changed.is_approved:
            return Decision.refused(changed.reasons)
    elif deferral.since_month <= Month.of(business_on):
        _set_deferred(deferral, True, decision_no, by, business_on, at, key)
    _decide(deferral, DeferralState.APPROVED, by, at, decision_no, opinion)
    return Decision.approved(DeferralDecided(deferral_no, DeferralState.APPROVED, deferral.since_month, deferral.until_month))


@command("contributions.approve_deferral")
def refuse_deferral(
    *, by: Actor, centre_id: int, deferral_no: str, opinion: str, key: str, at: datetime, decision_no: str = ""
) -> Decision[DeferralDecided]:
    """不予批准, with the reason in writing."""
    deferral = _locked(centre_id, deferral_no)
    if deferral is None:
        return Decision.refused([refusals.not_found("缓缴申请", deferral_no)])
    reasons = _check_decision(deferral, by, refusing=True)
    if not opinion.strip():
        reasons.append(refusals.reason_missing("不予批准"))
    if reasons:
        return Decision.refused(reasons)
    _decide(deferral, DeferralState.REFUSED, by, at, decision_no, opinion)
    return Decision.approved(DeferralDecided(deferral_no, DeferralState.REFUSED, deferral.since_month, deferral.until_month))


@command("contributions.end_deferral")
def end_deferral(
    *, by: Actor, centre_id: int, deferral_no: str, business_on: date, key: str, at: datetime, restored_month: Month | None = None
) -> Decision[DeferralEnded]:
    """恢复缴存: at the end of the term or earlier. Deferred months are owed from now on until paid back in full.

    `restored_month` defaults to the end of the term, or to the current month when that is earlier.
    """
    deferral = _locked(centre_id, deferral_no)
    if deferral is None:
        return Decision.refused([refusals.not_found("缓缴申请", deferral_no)])
    if deferral.state != DeferralState.APPROVED:
        return Decision.refused([_wrong_state(deferral, DeferralState.APPROVED)])
    month = restored_month or max(deferral.since_month, min(deferral.until_month, Month.of(business_on)))
    if deferral.kind == DeferralKind.REDUCTION:
        rates = _rate(deferral.former_employer_rate, None), _rate(deferral.former_member_rate, None)
        changed = _change_rates(deferral, rates, month, "", by, business_on, at, key)
        if not changed.is_approved:
            return Decision.refused(changed.reasons)
    elif accounts.employer_account_by_id(centre_id, deferral.employer_account_id).state == "DEFERRED":
        _set_deferred(deferral, False, deferral.decision_no, by, business_on, at, key)
    deferral.state, deferral.restored_month, deferral.ended_on, deferral.ended_by = DeferralState.ENDED, month, business_on, by.user_id
    deferral.save(update_fields=["state", "restored_month", "ended_on", "ended_by"])
    note_repaid(centre_id, deferral.employer_account_id)
    deferral.refresh_from_db(fields=["state"])
    return Decision.approved(DeferralEnded(deferral_no, DeferralState(deferral.state), month))


@command("contributions.defer_month")
def defer_month(
    *, by: Actor, centre_id: int, deferral_no: str, month: Month, business_on: date, key: str, at: datetime
) -> Decision[MonthDeferred]:
    """记缓缴欠款: what each person of the unit would have had for this month; owed until a back payment brings it."""
    deferral = _locked(centre_id, deferral_no)
    if deferral is None:
        return Decision.refused([refusals.not_found("缓缴申请", deferral_no)])
    if deferral.kind != DeferralKind.DEFERRAL or deferral.state in (DeferralState.APPLIED, DeferralState.REVIEWED, DeferralState.REFUSED):
        return Decision.refused([_wrong_state(deferral, DeferralState.APPROVED)])
    roster = accounts.roster(centre_id, deferral.employer_account_id, month, ("NORMAL",))
    due = [line for line in roster if line.first_month <= month and line.employer_month + line.member_month]
    DeferredLine.objects.bulk_create(
        (
            DeferredLine(
                centre_id=centre_id, deferral=deferral, member_account_id=line.member_account_id, account_no=line.account_no, month=month,
                base_fen=line.base, employer_fen=line.employer_month, member_fen=line.member_month,
            )
            for line in due
        ),
        ignore_conflicts=True,
        batch_size=5000,
    )  # fmt: skip
    if deferral.state == DeferralState.APPROVED and month == deferral.since_month:
        _set_deferred(deferral, True, deferral.decision_no, by, business_on, at, key)
    return Decision.approved(
        MonthDeferred(deferral_no, month, len(due), Money.total(line.employer_month + line.member_month for line in due))
    )


def record_deferred_months(*, by: Actor, centre_id: int, business_on: date, at: datetime) -> list[MonthDeferred]:
    """Every deferred month that has begun and is not yet recorded. A story for the day's close, safe to run again."""
    with centre_scope(centre_id):
        wanted = _months_to_record(centre_id, Month.of(business_on))
    recorded = []
    for deferral_no, month in wanted:
        answer = defer_month(
            by=by,
            centre_id=centre_id,
            deferral_no=deferral_no,
            month=month,
            business_on=business_on,
            key=f"defer:{deferral_no}:{month}",
            at=at,
        )
        if answer.value is not None:
            recorded.append(answer.value)
    return recorded


def _months_to_record(centre_id: int, today: Month) -> list[tuple[str, Month]]:
    wanted = []
    for deferral in Deferral.objects.filter(
        centre_id=centre_id, kind=DeferralKind.DEFERRAL, state__in=[DeferralState.APPROVED, DeferralState.ENDED]
    ).order_by("id"):
        ended = min(deferral.restored_month or deferral.until_month, today + 1)
        done = set(DeferredLine.objects.filter(deferral=deferral).values_list("month", flat=True).distinct())
        months = months_to_pay_back(deferral.since_month, deferral.until_month, ended, done)
        wanted += [(deferral.deferral_no, month) for month in months]
    return wanted


def _locked(centre_id: int, deferral_no: str) -> Deferral | None:
    return Deferral.objects.select_for_update().filter(centre_id=centre_id, deferral_no=deferral_no).first()


def _running(account: EmployerAccountView) -> list[Deferral]:
    rows = Deferral.objects.filter(
        centre_id=account.centre_id,
        employer_account_id=account.employer_account_id,
        state__in=[DeferralState.APPROVED, DeferralState.ENDED],
    )
    return list(rows.order_by("id"))


def _standing(account: EmployerAccountView, running: list[Deferral]) -> Standing:
    deferred = tuple(
        (each.since_month, min(each.until_month, each.restored_month or each.until_month))
        for each in running
        if each.kind == DeferralKind.DEFERRAL
    )
    reduced = any(each.kind == DeferralKind.REDUCTION and each.state == DeferralState.APPROVED for each in running)
    return Standing(account.employer_rate, account.member_rate, account.paid_through, reduced, deferred)


def _renews(running: list[Deferral], since: Month) -> Month | None:
    """The end of the running term that this application continues."""
    ends = [each.until_month for each in running if each.state == DeferralState.APPROVED and each.kind == DeferralKind.DEFERRAL]
    return next((end for end in ends if end == since), None)


def _check_decision(deferral: Deferral, by: Actor, *, refusing: bool = False) -> list[Reason]:
    states = (DeferralState.APPLIED, DeferralState.REVIEWED) if refusing else (DeferralState.REVIEWED,)
    if deferral.state not in states:
        return [_wrong_state(deferral, DeferralState.REVIEWED)]
    if by.user_id in (deferral.applied_by, deferral.reviewed_by):
        return [refusals.maker_is_checker("缓缴申请")]
    return []


def _decide(deferral: Deferral, state: DeferralState, by: Actor, at: datetime, decision_no: str, opinion: str) -> None:
    deferral.state, deferral.decided_by, deferral.decided_at = state, by.user_id, at
    deferral.decision_no, deferral.decision_opinion = decision_no, opinion
    deferral.save(update_fields=["state", "decided_by", "decided_at", "decision_no", "decision_opinion"])


def _change_rates(
    deferral: Deferral, rates: tuple[Rate, Rate], month: Month, approval_no: str, by: Actor, on: date, at: datetime, key: str
) -> Decision[account_services.ChangedEmployerAccount]:
    return account_services.change_rates(
        by=by, centre_id=deferral.centre_id, employer_account_no=deferral.employer_account_no, employer_rate=rates[0],
        member_rate=rates[1], from_month=month, approval_no=approval_no, on=on, at=at, key=f"{key}:rates",
    )  # fmt: skip


def _set_deferred(deferral: Deferral, deferred: bool, decision_no: str, by: Actor, on: date, at: datetime, key: str) -> None:
    account_services.set_deferred(
        by=by, centre_id=deferral.centre_id, employer_account_id=deferral.employer_account_id, deferred=deferred,
        source_no=decision_no, on=on, at=at, key=f"{key}:state",
    )  # fmt: skip


def _rate(percent: object, otherwise: object) -> Rate:
    chosen = percent if percent is not None else otherwise
    return Rate.of(f"{chosen:f}".rstrip("0").rstrip("."))


def _wrong_state(deferral: Deferral, wanted: DeferralState) -> Reason:
    return refusals.state_does_not_allow("缓缴申请", deferral.deferral_no, DeferralState(deferral.state).label, wanted.label)
