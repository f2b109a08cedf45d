"""转出: two persons decide, the account earns to the day, its money is paid to the other city; what the bank says is followed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.period import Month
from hpf.ledger.rules import Draft, Leg
from hpf.ledger.services import LedgerRefusal
from hpf.transfers import queries
from hpf.transfers.models import Letter
from hpf.transfers.rules.information import Information
from hpf.transfers.rules.leaving import LOAN_UNSETTLED, Leaver, check_leaving, six_months_continuous
from hpf.transfers.rules.states import Direction, Side, State, check_move
from hpf.transfers.services.letters import LAW, LetterMoved, keep_information, locked, move, moved, not_found, note, tell_platform
from hpf.treasury import queries as treasury
from hpf.treasury.services import PaymentOrdered, order_payment

SOURCE = "TRANSFER_OUT"
CAME_BACK = ("FAILED", "RETURNED")
_TWO = ("财会字〔1999〕33号/转移",)


@command("transfers.propose")
def propose_out(
    *,
    by: Actor,
    centre_id: int,
    transfer_no: str,
    proposal: State,
    words: str,
    months_paid: tuple[Month, ...],
    business_on: date,
    at: datetime,
    key: str,
) -> Decision[LetterMoved]:
    """转出经办: one person proposes to let go (INFORMED), to refuse or to negotiate. Nothing leaves the house yet.

    `months_paid` are the months booked for the account, from contributions: they become 缴至年月 and 连续缴存标志.

    Refuses  to let go what the rules keep here, with their reasons; to refuse without words when the rules have none
    """
    letter = locked(centre_id, transfer_no)
    if letter is None or letter.direction != Direction.OUT:
        return not_found(transfer_no)
    reasons = _may_decide(letter, proposal)
    if reasons:
        return Decision.refused(reasons)
    asked = queries.asked_for(letter, months_paid, business_on)
    found = asked.leaver if asked else None
    against = check_leaving(found, letter.name)
    if proposal is State.INFORMED and against:
        return Decision.refused(against)
    if asked is not None:
        letter.person_id, letter.account_no = asked.person_id, asked.account_no
    said = words.strip() or "；".join(reason.message for reason in against)
    if proposal is not State.INFORMED and not said:
        return Decision.refused([Reason("REASON_MISSING", f"“{proposal.label}”须写明原因，请补充", LAW)])
    if found is not None and proposal is State.INFORMED:
        account = accounts.member_account(centre_id, letter.account_no)
        letter.opened_on, letter.paid_through = found.opened_on, found.paid_through
        letter.six_months = six_months_continuous(months_paid, account.sealed_on or business_on)
    letter.proposal, letter.maker, letter.checker, letter.words = proposal.value, by.user_id, "", said[:500]
    letter.save()
    note(letter, said_by=by.name, words="：".join(filter(None, (f"经办意见“{proposal.label}”", said))), on=business_on, at=at)
    return moved(letter)


@command("transfers.check")
def check_out(
    *, by: Actor, centre_id: int, transfer_no: str, agree: bool, words: str, business_on: date, at: datetime, key: str
) -> Decision[LetterMoved]:
    """转出复核 by another person. Let go: the interest to the day is credited, everything is ordered to be paid, 08 is told.

    Locks    the letter; the member account's row, then its ledger account
    Writes   closing interest (J4); the payment (J7) out of the account, which is empty and sealed until the other city has
             settled; the account information
    Refuses  SAME_PERSON; whatever the rules have against it by now: a freeze or hold that came since is told as neutrally
    """
    letter = locked(centre_id, transfer_no)
    if letter is None or letter.direction != Direction.OUT:
        return not_found(transfer_no)
    if not letter.proposal:
        return Decision.refused([Reason("NOTHING_PROPOSED", f"转移业务{transfer_no}没有待复核的经办意见，请先经办", LAW)])
    proposal = State(letter.proposal)
    reasons = _may_decide(letter, proposal)
    if letter.maker == by.user_id:
        reasons.append(Reason("SAME_PERSON", f"转出的经办与复核不能同为{by.name}，请由他人复核", _TWO))
    if not agree and not words.strip():
        reasons.append(Reason("REASON_MISSING", "退回经办须写明原因，请补充", LAW))
    if reasons:
        return Decision.refused(reasons)
    if not agree:
        letter.proposal, letter.checker = "", by.user_id
        letter.save()
        note(letter, said_by=by.name, words=f"退回经办：{words.strip()}", on=business_on, at=at)
        return moved(letter)
    said = words.strip() or letter.words
    if proposal is State.INFORMED:
        reasons = _let_go(letter, business_on, by, key)
        if reasons:
            return Decision.refused(reasons)
        said = (
            f"转移金额{letter.amount_fen.text}元，其中利息{letter.interest_fen.text}元"
            if letter.amount_fen and letter.interest_fen is not None
            else said
        )
    letter.proposal, letter.checker, letter.trouble = "", by.user_id, ""
    move(letter, proposal, said_by=by.name, words=said, on=business_on, at=at)
    tell_platform(letter, proposal, said, business_on)
    return moved(letter)


def _may_decide(letter: Letter, proposal: State) -> list[Reason]:
    now = State(letter.state)
    if now is State.INFORMED and proposal is State.INFORMED and letter.payment_state not in CAME_BACK:
        return [Reason("MONEY_UNDER_WAY", f"转移款{letter.payment_no}已交银行，结果未知时不再付款，请待银行答复", LAW)]
    if proposal not in (State.INFORMED, State.REFUSED, State.NEGOTIATING):
        return [Reason("NOT_BY_HAND", f"“{proposal.label}”由业务办理得出，不能直接登记", LAW)]
    return check_move(now, proposal, Side.GIVING)


@step
def _let_go(letter: Letter, business_on: date, by: Actor, key: str) -> list[Reason]:
    """Interest and payment, or the reasons why not and nothing written."""
    asked = queries.asked_for(letter, (letter.paid_through,) if letter.paid_through is not None else (), business_on)
    found = asked.leaver if asked else None
    against = check_leaving(found, letter.name)
    if against or found is None:
        return against
    if not letter.payee_account or not letter.payee_name:
        return [Reason("NO_PAYEE", f"联系函{letter.letter_no}没有写明收款户名和账号，请与转入地中心协商补充", LAW)]
    account = accounts.member_account(letter.centre_id, letter.account_no)
    try:
        with transaction.atomic():
            interest = account_services.pay_closing_interest(
                by=by,
                centre_id=letter.centre_id,
                ledger_account_id=account.ledger_account_id,
                business_on=business_on,
                key=key,
                template="J7",
            )
            if interest.value is None:
                return list(interest.reasons)
            worth = interest.value
            ordered = _pay(letter, account.ledger_account_id, worth.balance.fen, business_on, by, key)
    except LedgerRefusal as refusal:
        if refusal.code != "INSUFFICIENT_BALANCE":
            raise
        return check_leaving(_held(found), letter.name)
    keep_information(letter, Information(
        letter.name, letter.id_kind, letter.id_number, letter.account_no, worth.principal, worth.interest, worth.balance, account.opened_on,
        letter.paid_through, bool(letter.six_months), found.loans, LOAN_UNSETTLED not in found.flags, found.fraud,
    ))  # fmt: skip
    letter.interest_journal_id, letter.payment_no, letter.payment_state = worth.journal_id, ordered.payment_no, "ORDERED"
    return []


def _held(found: Leaver) -> Leaver:
    """The ledger itself refused: something was held in the same instant. It is told as any other hold."""
    return Leaver(
        found.name, found.state, found.balance, found.balance - found.balance, found.flags, found.opened_on, found.months_paid, found.loans
    )  # fmt: skip


def _pay(letter: Letter, ledger_account_id: int, fen: int, business_on: date, by: Actor, key: str) -> PaymentOrdered:
    draft = Draft(
        letter.centre_id, "TRANSFER_OUT", "J7", business_on, business_on, SOURCE, letter.transfer_no, f"异地转出 {letter.other_org_name}"[:200],
        letter.maker, by.user_id,
    )  # fmt: skip
    return order_payment(
        draft, [Leg(ledger_account_id, fen)], payee_account=letter.payee_account or "", payee_name=letter.payee_name, payee_bank=letter.payee_bank,
        payee_class="2", summary=letter.letter_no, key=f"{key}:J7",
    )  # fmt: skip


@command("transfers.follow")
def record_payment(
    *, by: Actor, centre_id: int, transfer_no: str, payment_no: str, business_on: date, at: datetime, key: str
) -> Decision[LetterMoved]:
    """付款结果: paid, the letter waits for the other city; failed or returned, the account goes on as if it had not left.

    Treasury has put money that came back on the account; the closing interest is taken back here. Two persons may then
    let it go anew, with the interest to that later day.
    """
    letter = locked(centre_id, transfer_no)
    if letter is None:
        return not_found(transfer_no)
    payment = treasury.payment(centre_id, payment_no)
    if payment is None or letter.payment_no != payment_no or payment.state == letter.payment_state:
        return moved(letter)
    if payment.state == "DONE":
        letter.payment_state = "DONE"
        letter.save(update_fields=["payment_state"])
        note(letter, said_by="银行", words=f"转移款{payment.amount.text}元已付出", on=business_on, at=at)
    elif payment.state in CAME_BACK:
        if letter.interest_journal_id is not None:
            account_services.take_back_closing_interest(
                by=by, centre_id=centre_id, journal_id=letter.interest_journal_id, business_on=business_on, key=key
            )
        why = "付款后被退汇" if payment.state == "RETURNED" else payment.explanation.partition("，款项已退回原处")[0]
        letter.payment_state, letter.proposal, letter.interest_journal_id = payment.state, "", None
        if accounts.member_account(centre_id, letter.account_no).is_open:
            letter.trouble = f"{why}，{payment.amount.text}元已退回个人账户，请核对收款信息后重新办理转出或与转入地中心协商"
        else:
            letter.trouble = (
                f"{why}，个人账户已销户，{payment.amount.text}元留在付款单{payment_no}的应付款项，请与对方中心核对后由会计重新付款"
            )
        letter.save()
        note(letter, said_by="银行", words=letter.trouble, on=business_on, at=at)
    end_if_settled(letter, business_on, by, at, key)
    return moved(letter)


@step
def end_if_settled(letter: Letter, on: date, by: Actor, at: datetime, key: str) -> None:
    """外部转出销户 once the bank has paid and the other city has said 正常办结; what stands against it waits for a person."""
    if letter.direction != Direction.OUT or letter.state != State.DONE or letter.payment_state != "DONE":
        return
    account = accounts.member_account(letter.centre_id, letter.account_no)
    if not account.is_open:
        return
    ended = account_services.end_account(
        by=by, centre_id=letter.centre_id, account_no=letter.account_no, final_state="TRANSFERRED_OUT", reason=f"异地转移 {letter.letter_no}",
        on=on, at=at, key=f"{key}:end",
    )  # fmt: skip
    letter.trouble = "；".join(reason.message for reason in ended.reasons)[:500]
    letter.save(update_fields=["trouble"])
    note(letter, said_by="系统", words=letter.trouble or "个人账户已外部转出销户", on=on, at=at)
