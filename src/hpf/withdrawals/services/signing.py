"""签订与终止约定提取: signed like an application, looked at once, ended by word at any time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from hpf.accounts import queries as accounts
from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason, cites
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.parties import queries as parties
from hpf.policy import queries as policy
from hpf.sharing import queries as sharing
from hpf.sharing import services as sharing_services
from hpf.sharing.gateways.exchange import Exchange
from hpf.withdrawals import models
from hpf.withdrawals.queries.agreements import running_of
from hpf.withdrawals.queries.facts import PURPOSE, services_of
from hpf.withdrawals.queries.many import gather
from hpf.withdrawals.rules import MONTHLY, Agreement, Ground, check_agreement, instalment_asked
from hpf.withdrawals.rules.instalments import AgreementState, counts_couples, may_run, spouse_has_signed
from hpf.withdrawals.rules.reading import Application as Filed
from hpf.withdrawals.services import consents as consenting
from hpf.withdrawals.services.applying import Payment, check_request
from hpf.withdrawals.services.gathering import ROUNDS, questions
from hpf.withdrawals.services.numbers import take_number

_HERE = ZoneInfo("Asia/Shanghai")
CONSENT_MAX = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Signed:
    agreement_no: str
    state: AgreementState
    consent_no: str
    first: Month
    last: Month


@command("withdrawals.sign_agreement")
@cites("甘建金〔2024〕26号/三（一）", "条例/24@2026")
def sign_agreement(
    *,
    by: Actor,
    centre_id: int,
    account_no: str,
    ground: str,
    payee: Payment,
    first: Month,
    last: Month,
    day: int,
    on: date,
    at: datetime,
    key: str,
    amount: Money | None = None,
    said: tuple[tuple[str, Any], ...] = (),
    consents: bool = True,
    spouse_consent_no: str = "",
) -> Decision[Signed]:
    """签订约定提取 of months `first` to `last`, paid on `day` of each. `amount` None takes as much as the rule allows.

    With `consents` the member allows the departments that the rule may need, for this agreement and until it ends, a year at most.
    Writes   agreement SIGNED, the consent
    Refuses  AGREEMENT_*, what an application is refused for at once (payee, account, statement), AGREEMENT_RUNNING: one of the same
             ground is running
    """
    if ground not in {each.value for each in MONTHLY}:
        message = f"“{ground[:20]}”不能按月约定提取，只有租房和偿还商业性住房贷款可以，请按次申请"
        return Decision.refused([Reason("AGREEMENT_GROUND", message, ("甘建金〔2024〕26号/三（一）",))])
    agreed = Agreement(Ground(ground), first, last, day, amount)
    account = accounts.member_account(centre_id, account_no)
    person = parties.person(account.person_id)
    reasons = [
        *check_agreement(agreed, policy.book(centre_id, on), on).reasons,
        *check_request(account, person, Ground(ground), payee, dict(said), on),
    ]
    if reasons:
        return Decision.refused(reasons)
    number = take_number("YD", centre_id, on)
    consent_no = ""
    if consents:
        end = datetime.combine((last + 1).first_day + timedelta(days=31), time(), _HERE)
        given = sharing_services.give_consent(
            by=by, centre_id=centre_id, person_id=account.person_id, scope=services_of(Ground(ground)), purpose=PURPOSE, case_no=number,
            ends_at=min(end, at + CONSENT_MAX), at=at, key=f"{key}:consent",
        )  # fmt: skip
        if given.value is None:
            return Decision.refused(given.reasons)
        consent_no = given.value.consent_no
    row = models.Agreement(
        centre_id=centre_id, agreement_no=number, ground=ground, state=AgreementState.SIGNED, person_id=account.person_id,
        person_ref=sharing.reference_of(account.person_id), account_no=account.account_no, member_account_id=account.member_account_id,
        ledger_account_id=account.ledger_account_id, first_month=first, last_month=last, day=day, amount_fen=amount,
        said=json.dumps(dict(said), ensure_ascii=False), payee_name=payee.name.strip(), payee_account=payee.account.replace(" ", ""),
        payee_bank=payee.bank, consent_no=consent_no, spouse_consent_no=spouse_consent_no, channel=by.channel, signed_on=on, signed_at=at,
        signed_by=by.user_id, signed_by_name=by.name[:60],
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return Decision.refused([_running(centre_id, account, Ground(ground))])
    return Decision.approved(Signed(number, AgreementState.SIGNED, consent_no, first, last))


def _running(centre_id: int, account: accounts.MemberAccountView, ground: Ground) -> Reason:
    running = models.Agreement.objects.filter(
        centre_id=centre_id, person_id=account.person_id, ground=ground, state=AgreementState.SIGNED
    ).first()
    told = f"{running.agreement_no}（至{running.last_month.text}）" if running else "一份"
    message = f"已有{ground.text}约定提取{told}，不能再签一份，请等待到期或者先终止"
    return Reason("AGREEMENT_RUNNING", message)


def take_up(
    *, by: Actor, centre_id: int, agreement_no: str, on: date, at: datetime, key: str, exchange: Exchange | None = None
) -> Decision[Signed]:
    """签订后的首次核查: ask what the rule wants to know, then let the agreement run or end it. A story, safe to run again."""
    more = {} if exchange is None else {"exchange": exchange}
    for turn in range(ROUNDS):
        with centre_scope(centre_id):
            row = models.Agreement.objects.get(centre_id=centre_id, agreement_no=agreement_no)
            given = gather(centre_id, [(row, Month.of(on))], on)[row.id]
            finding, asked = instalment_asked(given.agreement, given.applicant, given.facts, policy.book(centre_id, on), on)
            case = Filed(given.applicant, given.facts, asked)
            asks = questions(row, agreement_no, case, finding, given.answers, given.district, at)
        if not asks:
            break
        sharing_services.ask_all(by=by, centre_id=centre_id, questions=asks, at=at, key=f"{key}:facts:{turn}", **more)
    return weigh_agreement(by=by, centre_id=centre_id, agreement_no=agreement_no, on=on, at=at, key=f"{key}:weigh")


@command("withdrawals.decide")
@cites("建金管〔2005〕5号/提取")
def weigh_agreement(*, by: Actor, centre_id: int, agreement_no: str, on: date, at: datetime, key: str) -> Decision[Signed]:
    """核查一份新签的约定: what stands against every month ends it at once; so does a spouse's running agreement for rent where the
    centre counts couples together. Elsewhere each may agree, and what both draw stays within the rent by the rule itself.

    Locks    both spouses' agreements, in id order: of two that come at once the later one ends
    Refuses  NO_SUCH_AGREEMENT, AGREEMENT_NOT_RUNNING; with the agreement ENDED: SPOUSE_HAS_AGREEMENT, the rule's own reasons, and
             where the rule asks about the spouse a consent of hers that is missing or does not last until the last instalment
    """
    row = locked_agreement(centre_id, agreement_no)
    if row is None:
        return Decision.refused([no_such_agreement(agreement_no)])
    if row.state != AgreementState.SIGNED:
        return Decision.refused([not_running(row)])
    given = gather(centre_id, [(row, Month.of(on))], on)[row.id]
    finding, _ = instalment_asked(given.agreement, given.applicant, given.facts, policy.book(centre_id, on), on)
    held = consenting.held(centre_id, [row])
    reasons = [*may_run(finding).reasons, *consenting.against(given, finding, held, at, is_signing=True)]
    row.spouse_ref = given.spouse
    if given.spouse and row.ground == Ground.RENT and counts_couples(policy.book(centre_id, on), given.district):
        refs = [row.person_ref, given.spouse]
        list(models.Agreement.objects.select_for_update().filter(centre_id=centre_id, person_ref__in=refs).order_by("id"))
        first, whose = running_of(centre_id, refs, Ground.RENT)[0]
        if whose == given.spouse:
            reasons.append(spouse_has_signed(first))
    if reasons:
        end(row, "签订时核查不符：" + "；".join(reason.message for reason in reasons), on, by)
        return Decision.refused(reasons)
    row.save(update_fields=["spouse_ref"])
    return Decision.approved(_signed(row))


@command("withdrawals.end_agreement")
@cites("个人信息保护法/15")
def end_agreement(*, by: Actor, centre_id: int, agreement_no: str, reason: str, on: date, at: datetime, key: str) -> Decision[Signed]:
    """终止约定提取, by the member or for her at the counter. Months already decided go on to their payment; no further one begins.

    Locks    the agreement: an instalment under way is finished first, and none begins after
    Refuses  NO_SUCH_AGREEMENT, AGREEMENT_NOT_RUNNING
    """
    row = locked_agreement(centre_id, agreement_no)
    if row is None:
        return Decision.refused([no_such_agreement(agreement_no)])
    if row.state != AgreementState.SIGNED:
        return Decision.refused([not_running(row)])
    end(row, reason.strip() or "本人终止", on, by)
    return Decision.approved(_signed(row))


def end(row: models.Agreement, reason: str, on: date, by: Actor) -> None:
    """The agreement is over, and why."""
    row.state, row.ended_on, row.ended_reason, row.ended_by_name = AgreementState.ENDED, on, reason[:600], by.name[:60]
    row.save(update_fields=["state", "ended_on", "ended_reason", "ended_by_name", "spouse_ref"])


def locked_agreement(centre_id: int, agreement_no: str) -> models.Agreement | None:
    return models.Agreement.objects.select_for_update().filter(centre_id=centre_id, agreement_no=agreement_no).first()


def no_such_agreement(agreement_no: str) -> Reason:
    return Reason("NO_SUCH_AGREEMENT", f"本中心没有约定提取{agreement_no[:30]}，请核对约定提取号")


def not_running(row: models.Agreement) -> Reason:
    message = f"约定提取{row.agreement_no}{AgreementState(row.state).text}（{row.ended_on}），不能再办理，需要的请重新签订"
    return Reason("AGREEMENT_NOT_RUNNING", message)


def _signed(row: models.Agreement) -> Signed:
    return Signed(row.agreement_no, AgreementState(row.state), row.consent_no, row.first_month, row.last_month)
