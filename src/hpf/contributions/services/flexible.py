"""灵活就业缴存: the agreement, debits of the card by batch, their results line by line, pause, resumption, exit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.accounts.rules.limits import RateBand, check_flexible_rate
from hpf.contributions.models import Agreement, CollectionLine
from hpf.contributions.rules import refusals
from hpf.contributions.rules.amounts import Limits, amount_due_flexible, check_base
from hpf.contributions.rules.states import AgreementState, CollectionState, Frequency
from hpf.contributions.services.facts import member_account
from hpf.contributions.services.numbers import take_number
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.policy import queries as policy


@dataclass(frozen=True, slots=True)
class Signed:
    """`debit` is what one debit of the card takes."""

    agreement_no: str
    month_amount: Money
    debit: Money
    next_month: Month


@dataclass(frozen=True, slots=True)
class AgreementChanged:
    agreement_no: str
    state: AgreementState
    next_month: Month


@command("contributions.sign_agreement")
def sign_agreement(
    *,
    by: Actor,
    centre_id: int,
    account_no: str,
    frequency: Frequency,
    payer_name: str,
    card: str,
    bank_code: str,
    first_month: Month,
    signed_on: date,
    key: str,
    at: datetime,
) -> Decision[Signed]:
    """签订自愿缴存协议 for an open flexible account. The amount follows from the account's base and one rate.

    Refuses  MEMBER_ACCOUNT_NOT_FOUND, NOT_FLEXIBLE, MEMBER_NOT_NORMAL, CARD_MISSING, AGREEMENT_EXISTS, FIRST_MONTH_EARLY; a
             base or a rate that is outside the limits of the first month
    """
    member = member_account(centre_id, account_no)
    if member is None:
        return Decision.refused([refusals.no_such_member(account_no)])
    book = policy.book(centre_id, first_month.first_day)
    limits = Limits.of(book, accounts.employer_account_by_id(centre_id, member.employer_account_id).district)
    reasons = _check_signing(member, card, first_month)
    if not reasons:
        reasons = check_base(member.base, limits) + check_flexible_rate(member.member_rate, RateBand.flexible(book))
    if reasons:
        return Decision.refused(reasons)
    frequency = Frequency(frequency)
    amount = amount_due_flexible(member.base, member.member_rate, limits.rounding_unit_fen).total
    try:
        with transaction.atomic():
            agreement = Agreement.objects.create(
                centre_id=centre_id, agreement_no=take_number(centre_id, signed_on), member_account_id=member.member_account_id,
                account_no=member.account_no, employer_account_id=member.employer_account_id, ledger_account_id=member.ledger_account_id,
                base_fen=member.base, month_fen=amount, frequency=frequency, payer_name=payer_name, card=card,
                card_masked=f"{card[:4]}{'*' * max(0, len(card) - 8)}{card[-4:]}", bank_code=bank_code, state=AgreementState.ACTIVE,
                next_month=first_month, signed_on=signed_on, maker=by.user_id,
            )  # fmt: skip
    except IntegrityError:
        message = f"个人账户{account_no}已有未退出的缴存协议，一人只签一份，请先变更或退出原协议"
        return Decision.refused([Reason("AGREEMENT_EXISTS", message, "条例/49@2026")])
    _record(agreement, "SIGNED", by, signed_on, at, key, {
        "缴存频次": frequency.label, "月缴存额": amount.text, "首次扣款年月": first_month.text, "扣款账号": agreement.card_masked,
    })  # fmt: skip
    return Decision.approved(Signed(agreement.agreement_no, amount, amount * frequency.months, first_month))


@command("contributions.change_agreement")
def change_agreement(
    *,
    by: Actor,
    centre_id: int,
    agreement_no: str,
    on: date,
    key: str,
    at: datetime,
    frequency: Frequency | None = None,
    payer_name: str = "",
    card: str = "",
    bank_code: str = "",
) -> Decision[AgreementChanged]:
    """变更协议: another frequency, another card. Refuses a card that is none, while a debit of it is under way, and after exit."""
    agreement, reason = _open_agreement(centre_id, agreement_no)
    if agreement is None or reason:
        return Decision.refused([reason or refusals.not_found("缴存协议", agreement_no)])
    if card and (wrong := _check_card(card)):
        return Decision.refused(wrong)
    was = {"原缴存频次": Frequency(agreement.frequency).label, "原扣款账号": agreement.card_masked}
    if frequency is not None:
        agreement.frequency = Frequency(frequency)
    if card:
        agreement.card, agreement.card_masked = card, f"{card[:4]}{'*' * max(0, len(card) - 8)}{card[-4:]}"
        agreement.payer_name, agreement.bank_code = payer_name or agreement.payer_name, bank_code or agreement.bank_code
        agreement.failures = 0
    agreement.save()
    now = {"缴存频次": Frequency(agreement.frequency).label, "扣款账号": agreement.card_masked}
    _record(agreement, "CHANGED", by, on, at, key, was | now)
    return Decision.approved(_changed(agreement))


@command("contributions.pause_agreement")
def pause_agreement(
    *, by: Actor, centre_id: int, agreement_no: str, reason: str, on: date, key: str, at: datetime
) -> Decision[AgreementChanged]:
    """暂停: no debits until resumed; months in between are not made up."""
    agreement, refused = _open_agreement(centre_id, agreement_no)
    if agreement is None or refused:
        return Decision.refused([refused or refusals.not_found("缴存协议", agreement_no)])
    if agreement.state != AgreementState.ACTIVE:
        return Decision.refused([_wrong_state(agreement, AgreementState.ACTIVE)])
    agreement.state, agreement.paused_on, agreement.state_reason = AgreementState.PAUSED, on, reason
    agreement.save(update_fields=["state", "paused_on", "state_reason"])
    _record(agreement, "PAUSED", by, on, at, key, {"原因": reason})
    return Decision.approved(_changed(agreement))


@command("contributions.resume_agreement")
def resume_agreement(
    *, by: Actor, centre_id: int, agreement_no: str, from_month: Month, on: date, key: str, at: datetime
) -> Decision[AgreementChanged]:
    """恢复: debits begin again with `from_month`, not before the month that was next when it paused, and not in the past."""
    agreement, refused = _open_agreement(centre_id, agreement_no)
    if agreement is None or refused:
        return Decision.refused([refused or refusals.not_found("缴存协议", agreement_no)])
    if agreement.state != AgreementState.PAUSED:
        return Decision.refused([_wrong_state(agreement, AgreementState.PAUSED)])
    if from_month < Month.of(on):
        message = f"恢复扣款月{from_month.text}已过，暂停期间的月份不补扣，请填{Month.of(on).text}或以后的月份"
        return Decision.refused([Reason("RESUME_MONTH_PAST", message, "条例/49@2026")])
    agreement.state, agreement.paused_on, agreement.state_reason, agreement.failures = AgreementState.ACTIVE, None, "", 0
    agreement.next_month = max(agreement.next_month, from_month)
    agreement.save(update_fields=["state", "paused_on", "state_reason", "failures", "next_month"])
    _record(agreement, "RESUMED", by, on, at, key, {"恢复扣款年月": agreement.next_month.text})
    return Decision.approved(_changed(agreement))


@command("contributions.exit_agreement")
def exit_agreement(
    *, by: Actor, centre_id: int, agreement_no: str, reason: str, on: date, key: str, at: datetime
) -> Decision[AgreementChanged]:
    """退出协议. The account stays with its money; sealing or closing it is the next business, in accounts and withdrawals."""
    agreement, refused = _open_agreement(centre_id, agreement_no)
    if agreement is None or refused:
        return Decision.refused([refused or refusals.not_found("缴存协议", agreement_no)])
    if not reason.strip():
        return Decision.refused([refusals.reason_missing("退出协议")])
    agreement.state, agreement.exited_on, agreement.state_reason = AgreementState.EXITED, on, reason
    agreement.save(update_fields=["state", "exited_on", "state_reason"])
    _record(agreement, "EXITED", by, on, at, key, {"原因": reason})
    return Decision.approved(_changed(agreement))


def _check_signing(member: accounts.MemberAccountView, card: str, first_month: Month) -> list[Reason]:
    reasons = []
    if member.kind != "FLEXIBLE":
        message = f"个人账户{member.account_no}是单位职工账户，不能签订自愿缴存协议，请先办理灵活就业开户"
        reasons.append(Reason("NOT_FLEXIBLE", message, "条例/49@2026"))
    if member.state != "NORMAL":
        reasons.append(refusals.member_not_normal(member.account_no, "封存或销户"))
    reasons += _check_card(card)
    if first_month < member.first_month:
        message = f"首次扣款月{first_month.text}早于账户起缴月{member.first_month.text}，请从{member.first_month.text}起"
        reasons.append(Reason("FIRST_MONTH_EARLY", message))
    return reasons


def _check_card(card: str) -> list[Reason]:
    if card.isascii() and card.isdigit() and 12 <= len(card) <= 19:
        return []
    return [Reason("CARD_MISSING", "扣款账号应为12至19位数字，请核对银行卡号后重新填写")]


def _record(agreement: Agreement, what: str, by: Actor, on: date, at: datetime, key: str, facts: dict[str, str]) -> None:
    """The agreement's history stands among its account's events."""
    when = account_services.Occasion(agreement.centre_id, by, on, at, key)
    line = (agreement.employer_account_id, agreement.member_account_id, {"协议号": agreement.agreement_no, **facts})
    account_services.record_events(when, f"AGREEMENT_{what}", [line])


def _open_agreement(centre_id: int, agreement_no: str) -> tuple[Agreement | None, Reason | None]:
    agreement = Agreement.objects.select_for_update().filter(centre_id=centre_id, agreement_no=agreement_no).first()
    if agreement is None:
        return None, None
    if agreement.state == AgreementState.EXITED:
        return agreement, _wrong_state(agreement, AgreementState.ACTIVE)
    if CollectionLine.objects.filter(agreement=agreement, state=CollectionState.ORDERED).exists():
        return agreement, Reason("DEBIT_UNDER_WAY", f"协议{agreement_no}有一笔扣款正在银行处理，请待结果返回后再办理")
    return agreement, None


def _changed(agreement: Agreement) -> AgreementChanged:
    return AgreementChanged(agreement.agreement_no, AgreementState(agreement.state), agreement.next_month)


def _wrong_state(agreement: Agreement, wanted: AgreementState) -> Reason:
    state = AgreementState(agreement.state).label
    return refusals.state_does_not_allow("缴存协议", agreement.agreement_no, state, wanted.label)
