"""付款: everything is looked at once more, then the money leaves the account and is ordered to be paid."""

from __future__ import annotations

import json
from datetime import date, datetime

from hpf.accounts import services as accounts
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome, Reason, cites
from hpf.kernel.money import Money
from hpf.ledger import queries as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.parties import queries as parties
from hpf.treasury import services as treasury
from hpf.withdrawals import models
from hpf.withdrawals.queries.agreements import instalment_of
from hpf.withdrawals.rules import GROUNDS, Entitlement, Ground, Payee
from hpf.withdrawals.rules.instalments import AgreementState
from hpf.withdrawals.rules.states import DecisionKind, State, check_payee_account, check_payee_name, wrong_state
from hpf.withdrawals.services.applying import Payment, no_such
from hpf.withdrawals.services.deciding import examined, settle_decision
from hpf.withdrawals.services.recording import Moved, locked, moved, note, release_evidence, write_decision
from hpf.withdrawals.services.reviewing import not_payable
from hpf.withdrawals.services.sharing_out import has_heirs, set_aside, turn_over

SOURCE = "WITHDRAWAL"


@command("withdrawals.pay")
@cites("财会字〔1999〕33号/提取")
def pay(*, by: Actor, centre_id: int, application_no: str, business_on: date, at: datetime, key: str) -> Decision[Moved]:
    """付款 of an approved withdrawal: J3, or J4 with the interest to the day before when the account ends.

    Bans, what may leave the account, the facts and the evidence are looked at again; what changed since the decision becomes a
    decision of its own, REFUSED or REFERRED, and nothing moves.
    Money that came back to an account that has ended is paid again from where it lies. An estate is shared out among its heirs;
    without any it goes to the fund's surplus (J5).
    Locks    the application, the evidence, the ledger accounts in id order
    Writes   the journal 201 -> 21904, the payment order
    Refuses  NO_SUCH_WITHDRAWAL, WITHDRAWAL_WRONG_STATE
    Raises   LedgerRefusal when a freeze or a deduction came between the look and the posting; nothing is written then
    """
    row = locked(centre_id, application_no)
    if row is None:
        return Decision.refused([no_such(application_no)])
    if row.state != State.APPROVED:
        return Decision.refused([wrong_state(application_no, row.state, "付款", row.decided_by_name)])
    if row.payable_id is not None:
        return Decision.approved(_pay_out_of_payable(row, business_on, at, by, key))
    stopped = _look_again(row, business_on, at, by)
    if stopped is not None:
        return Decision.approved(stopped)
    assert row.granted_fen is not None
    ground = Ground(row.ground)
    uninherited = ground is Ground.DEATH and not has_heirs(row)
    amount, template = row.granted_fen, "J3"
    if row.closes:
        paid = accounts.pay_closing_interest(
            by=by, centre_id=centre_id, ledger_account_id=row.ledger_account_id, business_on=business_on, key=f"{key}:interest",
            template="J5" if uninherited else "J4",
        )  # fmt: skip
        if paid.value is None:
            return Decision.refused(paid.reasons)
        row.interest_fen, row.interest_journal_id = paid.value.interest, paid.value.journal_id
        row.granted_fen, amount, template = paid.value.principal, paid.value.balance, "J5" if uninherited else "J4"
    draft = _draft(row, "WITHDRAWAL", template, business_on, by)
    if uninherited:
        turn_over(row, draft, amount, at=at, by=by, key=key)
        return Decision.approved(moved(row))
    if ground is Ground.DEATH:
        set_aside(row, draft, amount, at=at, by=by, key=key)
    else:
        _order(row, draft, row.ledger_account_id, amount, key)
    row.state, row.outcome = State.IN_SETTLEMENT, ""
    row.save()
    note(row, at, by, f"{amount.text}元已交银行付款")
    return Decision.approved(moved(row))


def _draft(row: models.Application, kind: str, template: str, business_on: date, by: Actor) -> Draft:
    return Draft(
        row.centre_id, kind, template, business_on, business_on, SOURCE, row.application_no, f"{Ground(row.ground).text}提取 {row.application_no}",
        row.applied_by, checker=by.user_id,
    )  # fmt: skip


def _order(row: models.Application, draft: Draft, account_id: int, amount: Money, key: str) -> None:
    payee_class = "2" if GROUNDS[Ground(row.ground)].payee is Payee.SUPERVISED_ACCOUNT else "1"
    ordered = treasury.order_payment(
        draft, [Leg(account_id, amount.fen)], payee_account=row.payee_account, payee_name=row.payee_name, payee_bank=row.payee_bank,
        payee_class=payee_class, summary=draft.summary, key=key,
    )  # fmt: skip
    row.payment_no = ordered.payment_no


@step
def _pay_out_of_payable(row: models.Application, business_on: date, at: datetime, by: Actor, key: str) -> Moved:
    """账户已销户: the money came back when the account had ended, and has lain in 21904 since; it is the payee's, nothing is looked at anew."""
    assert row.payable_id is not None
    amount = ledger.balance(row.payable_id).available
    _order(row, _draft(row, "PAYMENT", "J2", business_on, by), row.payable_id, amount, key)
    row.state, row.outcome = State.IN_SETTLEMENT, ""
    row.save()
    note(row, at, by, f"{amount.text}元已从应付款项重新交银行付款")
    return moved(row)


@step
def _look_again(row: models.Application, business_on: date, at: datetime, by: Actor) -> Moved | None:
    """WD-10 before the payment: None when all still holds, else the application as it now stands."""
    assert row.granted_fen is not None
    last = models.Decision.objects.filter(centre_id=row.centre_id, application=row).order_by("-id").first()
    decided: Decision[Entitlement] | None = None
    reasons = not_payable(row, row.granted_fen, business_on)
    case, finding = examined(row, tuple(json.loads(row.evidence or "[]")))
    if reasons:
        decided = Decision.refused(reasons)
    elif last is None or last.kind != DecisionKind.OVERRIDE:
        found = finding.decision
        if found.outcome is not Outcome.APPROVED or found.value is None or found.value.amount < row.granted_fen:
            decided = found if found.outcome is not Outcome.APPROVED else Decision.referred(_less(row, found))
    if decided is None:
        return None
    write_decision(row, DecisionKind.BEFORE_PAYMENT, case, finding, at=at, by=by, decided=decided)
    release_evidence(row)
    return settle_decision(row, decided, at=at, by=by)


def _less(row: models.Application, found: Decision[Entitlement]) -> list[Reason]:
    assert found.value is not None and row.granted_fen is not None
    message = f"付款前核对，可提取金额由{row.granted_fen.text}元减为{found.value.amount.text}元，已转人工审核，请核对后重新决定"
    return [Reason("LESS_BEFORE_PAYMENT", message, ("条例/24",))]


@command("withdrawals.apply")
def change_payee(*, by: Actor, centre_id: int, application_no: str, payee: Payment, at: datetime, key: str) -> Decision[Moved]:
    """更正收款账户 after the bank could not pay; the payment is ordered anew.

    Of an instalment the agreement's further months are paid to the new account too.
    Locks    the application, then its agreement
    Refuses  NO_SUCH_WITHDRAWAL, WITHDRAWAL_WRONG_STATE, PAYEE_NAME_DIFFERS, PAYEE_ACCOUNT_WRONG
    """
    row = locked(centre_id, application_no)
    if row is None:
        return Decision.refused([no_such(application_no)])
    if row.state != State.FAILED or row.ground == Ground.DEATH:
        return Decision.refused([wrong_state(application_no, row.state, "更正收款账户")])
    reasons = check_payee_account(payee.account)
    if GROUNDS[Ground(row.ground)].payee in (Payee.APPLICANT, Payee.LENDER):
        reasons = check_payee_name(parties.person(row.person_id).name, payee.name) + reasons
    if reasons:
        return Decision.refused(reasons)
    row.payee_name, row.payee_account, row.payee_bank = payee.name.strip(), payee.account.replace(" ", ""), payee.bank
    row.state = State.APPROVED
    row.save()
    also = "，约定提取以后各期也付到该账户" if _agreement_follows(row) else ""
    note(row, at, by, f"收款账户已更正，重新付款{also}")
    return Decision.approved(moved(row))


@step
def _agreement_follows(row: models.Application) -> bool:
    """The agreement of which this is an instalment, while it runs, pays where this one is paid now."""
    found = instalment_of(row.centre_id, row.application_no) if row.channel == "SYSTEM" else None
    agreements = models.Agreement.objects.select_for_update().filter(centre_id=row.centre_id, state=AgreementState.SIGNED)
    agreement = agreements.filter(agreement_no=found[0]).first() if found else None
    if agreement is None:
        return False
    agreement.payee_name, agreement.payee_account, agreement.payee_bank = row.payee_name, row.payee_account, row.payee_bank
    agreement.save(update_fields=["payee_name", "payee_account", "payee_bank"])
    return True
