"""单位账户: open, change rates, seal, close, and the month it has paid through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from hpf.accounts import queries
from hpf.accounts.models import EmployerAccount
from hpf.accounts.rules.openings import check_reopening, late_registration
from hpf.accounts.rules.states import EmployerState, check_employer_closing, check_employer_move
from hpf.accounts.services.events import BaseLine, Occasion, record_bases, record_events, set_bases
from hpf.accounts.services.limits import rate_reasons
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.ledger import queries as ledger
from hpf.ledger import services as ledger_services
from hpf.parties import queries as parties
from hpf.parties.rules import Series
from hpf.parties.services import number_rows
from hpf.policy import queries as policy

PREPAID = 21901


@dataclass(frozen=True, slots=True)
class OpenedEmployerAccount:
    employer_account_id: int
    account_no: str


@dataclass(frozen=True, slots=True)
class ChangedEmployerAccount:
    """`members` is the number of member accounts whose amounts changed with it."""

    employer_account_id: int
    account_no: str
    state: str
    members: int = 0


class PaidThroughGap(Exception):
    """Months are paid without a gap and given back in reverse; somebody tried otherwise."""


@command("accounts.open_employer_account")
def open_employer_account(
    *,
    by: Actor,
    centre_id: int,
    employer_id: int,
    employer_rate: Rate,
    member_rate: Rate,
    first_month: Month,
    kind: str = "REGULAR",
    on: date,
    at: datetime,
    key: str,
) -> Decision[OpenedEmployerAccount]:
    """单位开户: one open account a unit. Approved with reminders when the days of the law have passed.

    Refuses  rates outside the band; a unit with an open account; reopening before the centre's waiting time is over
    Writes   the account, its ledger account for prepayments (219), the event
    """
    unit = parties.employer(centre_id, employer_id)
    book = policy.book(centre_id, on)
    reasons = rate_reasons(book, kind, employer_rate, member_rate)
    former = queries.employer_account_of(centre_id, employer_id)
    if former is not None and former.state != EmployerState.CLOSED:
        reasons.append(_opened_already(former.account_no))
    elif former is not None:
        reasons += check_reopening(former.closed_on, on, book.whole("contribution.employer_reopen_wait_months"))
    if reasons:
        return Decision.refused(reasons)
    ((account_id, account_no),) = number_rows(centre_id, Series.EMPLOYER_ACCOUNT, "accounts_employeraccount")
    try:
        with transaction.atomic():
            EmployerAccount.objects.create(
                id=account_id, centre_id=centre_id, account_no=account_no, employer_id=employer_id, kind=kind,
                state=EmployerState.OPENED, district=unit.district, employer_rate=employer_rate.percent,
                member_rate=member_rate.percent, first_month=first_month, opened_on=on,
            )  # fmt: skip
    except IntegrityError:
        return Decision.refused([_opened_already("")])
    prepaid = ledger_services.open_account(centre_id, PREPAID, "EMPLOYER_ACCOUNT", account_id, on)
    EmployerAccount.objects.filter(id=account_id).update(prepaid_ledger_id=prepaid)
    facts = {"单位比例": employer_rate.text, "个人比例": member_rate.text, "起缴年月": str(first_month)}
    record_events(Occasion(centre_id, by, on, at, key), "EMPLOYER_OPENED", [(account_id, None, facts)])
    reminders = [] if kind != "REGULAR" else late_registration(
        unit.established_on, unit.registered_on, on,
        book.whole("contribution.employer_registration_days"), book.whole("contribution.account_setup_days"),
    )  # fmt: skip
    return Decision.approved(OpenedEmployerAccount(account_id, account_no), reminders)


@command("accounts.change_rates")
def change_rates(
    *,
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    employer_rate: Rate,
    member_rate: Rate,
    from_month: Month,
    approval_no: str = "",
    on: date,
    at: datetime,
    key: str,
) -> Decision[ChangedEmployerAccount]:
    """单位比例变更: the unit's rates, and every open member's with them, from a month that is not yet remitted.

    Refuses  rates outside the band, unless `approval_no` names the approval of a reduced rate (降比); a month already paid
    """
    account = queries.employer_account(centre_id, employer_account_no)
    book = policy.book(centre_id, from_month.first_day)
    reasons = rate_reasons(book, account.kind, employer_rate, member_rate)
    if approval_no:
        reasons = [reason for reason in reasons if reason.code != "RATE_BELOW_MINIMUM"]
    reasons += _month_paid(account, from_month)
    if account.state == EmployerState.CLOSED:
        reasons.append(Reason("ACCOUNT_CLOSED", "单位账户已销户，不能变更比例"))
    if reasons:
        return Decision.refused(reasons)
    EmployerAccount.objects.filter(id=account.employer_account_id).update(
        employer_rate=employer_rate.percent, member_rate=member_rate.percent
    )
    unit_fen = book.whole("contribution.rounding_unit_fen")
    lines = [
        BaseLine.of(member.member_account_id, from_month, member.declared_base, member.base, (employer_rate, member_rate), unit_fen)
        for member in queries.open_member_accounts(centre_id, account.employer_account_id)
    ]
    set_bases(lines)
    record_bases(centre_id, "RATES", lines)
    facts = {
        "原单位比例": account.employer_rate.text, "原个人比例": account.member_rate.text, "单位比例": employer_rate.text,
        "个人比例": member_rate.text, "起始年月": str(from_month), "批准文号": approval_no,
    }  # fmt: skip
    record_events(Occasion(centre_id, by, on, at, key), "EMPLOYER_RATES", [(account.employer_account_id, None, facts)])
    return Decision.approved(ChangedEmployerAccount(account.employer_account_id, account.account_no, account.state, len(lines)))


@command("accounts.seal_employer_account")
def seal_employer_account(
    *, by: Actor, centre_id: int, employer_account_no: str, reason: str, on: date, at: datetime, key: str
) -> Decision[ChangedEmployerAccount]:
    """单位封存: the unit stops paying without ending. Refuses while a member is still 正常."""
    account = queries.employer_account(centre_id, employer_account_no)
    reasons = check_employer_move(account.state, EmployerState.SEALED)
    normal = queries.member_counts(centre_id, [account.employer_account_id])[account.employer_account_id].normal
    if normal:
        reasons.append(Reason("MEMBERS_NORMAL", f"单位名下还有{normal}个正常账户，请先封存或转移后再封存单位账户", ("条例/14",)))
    if reasons:
        return Decision.refused(reasons)
    return _moved(account, EmployerState.SEALED, "EMPLOYER_SEALED", {"原因": reason}, Occasion(centre_id, by, on, at, key))


@command("accounts.seal_employer_account")
def unseal_employer_account(
    *, by: Actor, centre_id: int, employer_account_no: str, on: date, at: datetime, key: str
) -> Decision[ChangedEmployerAccount]:
    """单位启封."""
    account = queries.employer_account(centre_id, employer_account_no)
    if account.state != EmployerState.SEALED:
        return Decision.refused([Reason("STATE_NOT_ALLOWED", f"单位账户现为“{EmployerState(account.state).text}”，不需要启封")])
    return _moved(account, EmployerState.NORMAL, "EMPLOYER_UNSEALED", {}, Occasion(centre_id, by, on, at, key))


@command("accounts.close_employer_account")
def close_employer_account(
    *,
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    reason: str,
    arrears: Money = ZERO,
    arrears_decision_no: str = "",
    on: date,
    at: datetime,
    key: str,
) -> Decision[ChangedEmployerAccount]:
    """单位销户. The caller says what the unit owes (arrears are a matter of contributions).

    Refuses  open member accounts, a prepaid balance, arrears without a decision, an unnamed reason
    """
    account = queries.employer_account(centre_id, employer_account_no)
    counts = queries.member_counts(centre_id, [account.employer_account_id])[account.employer_account_id]
    prepaid = ledger.balance(account.prepaid_ledger_id).balance if account.prepaid_ledger_id else ZERO
    reasons = check_employer_closing(account.state, reason, counts.normal + counts.sealed, prepaid, arrears, arrears_decision_no)
    if reasons:
        return Decision.refused(reasons)
    EmployerAccount.objects.filter(id=account.employer_account_id).update(closed_on=on, close_reason=reason, state="CLOSED")
    if account.prepaid_ledger_id:
        ledger_services.close_account(account.prepaid_ledger_id, on)
    facts = {"原因": reason, "欠缴": arrears.text, "处理决定文号": arrears_decision_no}
    record_events(Occasion(centre_id, by, on, at, key), "EMPLOYER_CLOSED", [(account.employer_account_id, None, facts)])
    return Decision.approved(ChangedEmployerAccount(account.employer_account_id, account.account_no, EmployerState.CLOSED))


@step
def set_deferred(
    *, by: Actor, centre_id: int, employer_account_id: int, deferred: bool, source_no: str, on: date, at: datetime, key: str
) -> None:
    """缓缴 and its end: for the step that carries out an approved deferral. Does nothing when it is so already.

    Raises ValueError from a state in which no deferral can begin or end; the caller asks first.
    """
    account = queries.employer_account_by_id(centre_id, employer_account_id)
    wanted = EmployerState.DEFERRED if deferred else EmployerState.NORMAL
    if account.state == wanted:
        return
    reasons = check_employer_move(account.state, wanted)
    if reasons or (not deferred and account.state != EmployerState.DEFERRED):
        raise ValueError(reasons[0].message if reasons else "单位账户不在缓缴状态")
    kind = "EMPLOYER_DEFERRED" if deferred else "EMPLOYER_RESTORED"
    _moved(account, wanted, kind, {"批准文号": source_no}, Occasion(centre_id, by, on, at, key))


@step
def advance_paid_through(employer_account_id: int, month: Month) -> None:
    """缴至年月 moves on by exactly one month. Locks the unit's row: two remittances of one unit cannot pass each other.

    Raises PaidThroughGap for any month but the next.
    """
    row = EmployerAccount.objects.select_for_update().get(id=employer_account_id)
    expected = row.first_month if row.paid_through is None else row.paid_through + 1
    if month != expected:
        raise PaidThroughGap(f"单位账户{row.account_no}应汇缴{expected.text}，不能记为{month.text}")
    row.paid_through = month
    row.save(update_fields=["paid_through"])


@step
def withdraw_paid_through(employer_account_id: int, month: Month) -> None:
    """The last month's remittance was reversed: 缴至年月 goes back by one. Raises PaidThroughGap for any other month."""
    row = EmployerAccount.objects.select_for_update().get(id=employer_account_id)
    if row.paid_through != month:
        raise PaidThroughGap(f"单位账户{row.account_no}缴至年月不是{month.text}，不能退回")
    row.paid_through = None if month == row.first_month else month + -1
    row.save(update_fields=["paid_through"])


def _moved(
    account: queries.EmployerAccountView, state: EmployerState, kind: str, facts: dict[str, str], when: Occasion
) -> Decision[ChangedEmployerAccount]:
    EmployerAccount.objects.filter(id=account.employer_account_id).update(
        state=state, sealed_on=when.on if state == EmployerState.SEALED else None
    )
    record_events(when, kind, [(account.employer_account_id, None, facts)])
    return Decision.approved(ChangedEmployerAccount(account.employer_account_id, account.account_no, state))


def _month_paid(account: queries.EmployerAccountView, from_month: Month) -> list[Reason]:
    if account.paid_through is None or from_month > account.paid_through:
        return []
    return [Reason(
        "MONTH_REMITTED", f"单位已缴至{account.paid_through.text}，{from_month.text}的比例不能再变更，差额请办理补缴", ("条例/16",)
    )]  # fmt: skip


def _opened_already(account_no: str) -> Reason:
    return Reason("EMPLOYER_ACCOUNT_OPENED", f"该单位已有未销账户{account_no}，一个单位只开一个账户，请在原账户办理", ("条例/14",))
