"""提取申请: by the member herself or at the counter; taken back by her as long as no money is on its way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from hpf.accounts import queries as accounts
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason, cites
from hpf.kernel.money import Money
from hpf.parties import queries as parties
from hpf.policy import queries as policy
from hpf.sharing import queries as sharing
from hpf.sharing import services as sharing_services
from hpf.withdrawals import models
from hpf.withdrawals.queries.facts import PURPOSE, services_of
from hpf.withdrawals.rules import GROUNDS, Ground, Payee, sheets
from hpf.withdrawals.rules.catalogue import RULES
from hpf.withdrawals.rules.reading import NotAnApplication, read
from hpf.withdrawals.rules.saying import how_to_write, is_number
from hpf.withdrawals.rules.states import State, check_payee_account, check_payee_name, wrong_state
from hpf.withdrawals.services.filing import PROOF
from hpf.withdrawals.services.numbers import take_number
from hpf.withdrawals.services.recording import Moved, locked, moved, note, release_evidence

CONSENT_DAYS = 30
SIGN_DAYS = "withdrawal.down_payment_sign_days"


@dataclass(frozen=True, slots=True)
class Payment:
    """Where the money is to go."""

    name: str
    account: str
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    application_no: str
    state: State
    due_on: date
    consent_no: str


@command("withdrawals.apply")
@cites("条例/25@2019", "条例/25@2026", "建金〔2018〕46号/审核时限")
def apply(
    *,
    by: Actor,
    centre_id: int,
    account_no: str,
    ground: str,
    payee: Payment,
    on: date,
    at: datetime,
    key: str,
    asked: Money | None = None,
    said: tuple[tuple[str, Any], ...] = (),
    consents: bool = True,
    spouse_consent_no: str = "",
) -> Decision[Applied]:
    """受理一件提取申请. `said` are facts by name as the applicant states them; `asked` None is as much as is allowed.

    With `consents` the applicant allows, for this one case and thirty days, the departments that the ground's rule may need.
    Writes   application ACCEPTED with its legal clock (建金〔2018〕46号: working days), the consent, an event
    Refuses  WITHDRAWAL_GROUND_UNKNOWN, WITHDRAWAL_BY_HEIRS, STATEMENT_WRONG, STATEMENT_NUMBER_WRONG, WITHDRAWAL_ACCOUNT_GONE, PAYEE_NAME_DIFFERS, PAYEE_ACCOUNT_WRONG,
             WITHDRAWAL_RUNNING: one of the same ground is on its way
    """
    if ground not in RULES:
        return Decision.refused([Reason("WITHDRAWAL_GROUND_UNKNOWN", f"没有“{ground[:20]}”这一提取情形，请从列出的情形中选择")])
    if ground == Ground.DEATH:
        message = "死亡提取由继承人、受遗赠人到柜面办理，须逐人填写份额和收款账户，请按“死亡提取”受理"
        return Decision.refused([Reason("WITHDRAWAL_BY_HEIRS", message, ("条例/24@2026",))])
    account = accounts.member_account(centre_id, account_no)
    person = parties.person(account.person_id)
    reasons = _check(account, person, Ground(ground), payee, dict(said), on)
    if reasons:
        return Decision.refused(reasons)
    taken = take_in(
        by=by, account=account, ground=Ground(ground), payee=payee, said=dict(said), asked=asked, spouse_consent_no=spouse_consent_no,
        consenting=sharing.reference_of(account.person_id) if consents else "", on=on, at=at, key=key,
    )  # fmt: skip
    if isinstance(taken, tuple):
        return Decision.refused(taken)
    return Decision.approved(Applied(taken.application_no, State.ACCEPTED, taken.due_on, taken.consent_no))


@step
def take_in(
    *,
    by: Actor,
    account: accounts.MemberAccountView,
    ground: Ground,
    payee: Payment,
    said: dict[str, Any],
    asked: Money | None,
    consenting: str,
    on: date,
    at: datetime,
    key: str,
    spouse_consent_no: str = "",
) -> models.Application | tuple[Reason, ...]:
    """Number, consent, row and first event of an application that has been looked at; reasons where it cannot be taken in.

    `consenting` is the reference of who allows the departments to be asked, empty when nobody does.
    """
    centre_id, own_ref = account.centre_id, sharing.reference_of(account.person_id)
    number = take_number("TQ", centre_id, on)
    consent_no = ""
    if consenting:
        given = sharing_services.give_consent(
            by=by, centre_id=centre_id, person_id=account.person_id if consenting == own_ref else None, person_ref=consenting,
            scope=services_of(ground), purpose=PURPOSE, case_no=number, ends_at=at + timedelta(days=consent_days(ground, centre_id, on)), at=at, key=f"{key}:consent",
        )  # fmt: skip
        if given.value is None:
            return given.reasons
        consent_no = given.value.consent_no
    workdays = policy.book(centre_id, on).whole("timer.withdrawal_check_workdays")
    row = models.Application(
        centre_id=centre_id, application_no=number, ground=ground, state=State.ACCEPTED, person_id=account.person_id,
        person_ref=own_ref, account_no=account.account_no, member_account_id=account.member_account_id,
        ledger_account_id=account.ledger_account_id, asked_fen=asked, said=json.dumps(said, ensure_ascii=False), payee_name=payee.name.strip(),
        payee_account=payee.account.replace(" ", ""), payee_bank=payee.bank, consent_no=consent_no, spouse_consent_no=spouse_consent_no,
        channel=by.channel, accepted_on=on, accepted_at=at, due_on=policy.workdays().add_workdays(on, workdays), applied_by=by.user_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return (_running(centre_id, account, ground),)
    note(row, at, by, f"已受理，{row.due_on}前办结")
    return row


def consent_days(ground: Ground, centre_id: int, on: date) -> int:
    """Thirty days; where the deal is looked up again later, until it must be signed and thirty days more."""
    book = policy.book(centre_id, on)
    return CONSENT_DAYS + (book.whole(SIGN_DAYS) if ground is Ground.DOWN_PAYMENT and book.knows(SIGN_DAYS) else 0)


def _check(
    account: accounts.MemberAccountView, person: parties.PersonView, ground: Ground, payee: Payment, said: dict[str, Any], on: date
) -> list[Reason]:
    reasons = check_account(account)
    if GROUNDS[ground].payee in (Payee.APPLICANT, Payee.LENDER):
        reasons += check_payee_name(person.name, payee.name)
    if GROUNDS[ground].payee is not Payee.SUPERVISED_ACCOUNT:
        reasons += check_payee_account(payee.account)
    return reasons + check_statement(ground, said, on, account.centre_id)


def check_account(account: accounts.MemberAccountView) -> list[Reason]:
    if account.is_open:
        return []
    message = f"个人账户{account.account_no}已于{account.closed_on}销户，没有可以提取的余额，请核对账号"
    return [Reason("WITHDRAWAL_ACCOUNT_GONE", message, ("条例/13",))]


def check_statement(ground: Ground, said: dict[str, Any], on: date, centre_id: int) -> list[Reason]:
    """Whether what was said can be read as facts of the ground."""
    try:
        read(ground, {"balance": "0.00", "facts": {name: value for name, value in said.items() if name != PROOF}}, on, centre_id)
    except NotAnApplication as wrong:
        return [Reason("STATEMENT_WRONG", f"申请内容填写有误：{wrong}，请更正后重新提交")]
    return [
        Reason("STATEMENT_NUMBER_WRONG", f"{sheet.label}应为{how_to_write(sheet.say.form)}，请核对后重新提交")
        for sheet in sheets(RULES[ground].facts)
        if sheet.say is not None and isinstance(said.get(sheet.name), str) and not is_number(said[sheet.name], sheet.say.form)
    ]


def _running(centre_id: int, account: accounts.MemberAccountView, ground: Ground) -> Reason:
    running = (
        models.Application.objects.filter(
            centre_id=centre_id,
            member_account_id=account.member_account_id,
            ground=ground,
            state__in=[state.value for state in State if state.is_open],
        )
        .order_by("id")
        .first()
    )
    told = f"{running.application_no}（{State(running.state).text}）" if running else "一件"
    message = f"已有{ground.text}提取申请{told}正在办理，不能同时再办一件，请等待办结或者先撤回"
    return Reason("WITHDRAWAL_RUNNING", message)


@command("withdrawals.take_back")
def withdraw_application(*, by: Actor, centre_id: int, application_no: str, at: datetime, key: str) -> Decision[Moved]:
    """撤回申请, by the applicant, at any time before the payment has gone to the bank.

    Writes   WITHDRAWN; the evidence is free again
    Refuses  NO_SUCH_WITHDRAWAL, WITHDRAWAL_WRONG_STATE, MONEY_HAS_LEFT: it came back when the account had ended, and waits to be paid
    """
    row = locked(centre_id, application_no)
    if row is None:
        return Decision.refused([no_such(application_no)])
    if not State(row.state).before_settlement:
        return Decision.refused([wrong_state(application_no, row.state, "撤回")])
    if row.payable_id is not None:
        message = f"提取申请{application_no}的款项已从个人账户支付，账户不再接收，不能撤回，请更正收款账户后重新付款"
        return Decision.refused([Reason("MONEY_HAS_LEFT", message)])
    release_evidence(row)
    row.state = State.WITHDRAWN
    row.save(update_fields=["state", "evidence"])
    note(row, at, by, "申请人撤回")
    return Decision.approved(moved(row))


def no_such(application_no: str) -> Reason:
    return Reason("NO_SUCH_WITHDRAWAL", f"本中心没有提取申请{application_no[:30]}，请核对申请号")


check_request = _check
"""What stands against an application or an agreement at once: the account, the payee, what is stated."""
