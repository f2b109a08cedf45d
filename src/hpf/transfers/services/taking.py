"""转入: the member applies, another person reviews, the letter goes out, the money that comes is credited."""

from __future__ import annotations

from datetime import date, datetime

from hpf.accounts import queries as accounts
from hpf.accounts.rules.states import check_open
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.outbox.services import next_sequence
from hpf.parties import queries as parties
from hpf.transfers.models import OPEN, Letter
from hpf.transfers.rules.letters import NotALetterNumber, letter_number
from hpf.transfers.rules.states import Direction, Side, State, check_move
from hpf.transfers.services.letters import LAW, LetterMoved, locked, move, moved, new_letter, not_found, note, own_centre, tell_platform
from hpf.treasury import queries as treasury
from hpf.treasury import services as treasury_services

EXPECTED = "TRANSFER_IN"
"""待到账种类: money that another city is to pay under a letter's number."""
_TWO = ("财会字〔1999〕33号/转移",)


@command("transfers.apply")
def apply_in(
    *,
    by: Actor,
    centre_id: int,
    account_no: str,
    other_org_code: str,
    other_org_name: str,
    other_account: str,
    business_on: date,
    at: datetime,
    key: str,
) -> Decision[LetterMoved]:
    """转入申请: the member's account here, the city she comes from, her number there if she knows it.

    Refuses  an account that is closed; a centre without six-digit code; our own centre; a second letter to the same
             centre while one is under way; a centre of ours without organisation code
    """
    account = accounts.member_account(centre_id, account_no)
    own = own_centre(centre_id, business_on)
    reasons = check_open(account.state, "转入")
    if isinstance(own, Reason):
        reasons.append(own)
    elif other_org_code[:6] == own.org_code[:6]:
        reasons.append(Reason("SAME_CENTRE", "转出地是本中心，同一中心内请办理内部转移或并户", LAW))
    if len(other_org_code) < 6 or not other_org_code.isascii() or not other_org_code.isdigit() or not other_org_name.strip():
        reasons.append(Reason("OTHER_CENTRE_WRONG", f"转出地机构代码“{other_org_code}”应为六位以上数字，并写明中心名称，请更正", LAW))
    under_way = Letter.objects.filter(
        centre_id=centre_id, account_no=account.account_no, other_org_code=other_org_code, state__in=OPEN, direction=Direction.IN.value
    ).first()
    if under_way is not None:
        reasons.append(Reason(
            "TRANSFER_UNDER_WAY", f"向{under_way.other_org_name}的转入{under_way.transfer_no}正在办理（{State(under_way.state).label}），请勿重复申请", LAW
        ))  # fmt: skip
    if reasons:
        return Decision.refused(reasons)
    person = parties.full_identity(account.person_id)
    fund = treasury.main_account(centre_id)
    letter = new_letter(Letter(
        centre_id=centre_id, direction=Direction.IN.value, state=State.APPLIED.value, state_on=business_on, name=person.name,
        id_kind=person.id_kind, id_number=person.id_number, person_id=account.person_id, account_no=account.account_no,
        other_org_code=other_org_code, other_org_name=other_org_name.strip(), other_account=other_account.strip() or None,
        payee_name=fund.name, payee_account=fund.account_no, applied_on=business_on, maker=by.user_id,
    ))  # fmt: skip
    note(letter, said_by=by.name, words="提出转入申请", on=business_on, at=at)
    return moved(letter)


@command("transfers.review")
def review_in(
    *, by: Actor, centre_id: int, transfer_no: str, agree: bool, words: str, business_on: date, at: datetime, key: str
) -> Decision[LetterMoved]:
    """复核转入申请 by another person. Passed, it gets its number and goes to the platform (01); else it ends here.

    Locks    the letter; the day's counter of letters
    Refuses  SAME_PERSON; a refusal without words; another state than 待复核
    """
    letter = locked(centre_id, transfer_no)
    if letter is None:
        return not_found(transfer_no)
    wanted = State.APPROVED if agree else State.REJECTED
    reasons = check_move(State(letter.state), wanted, Side.TAKING)
    own = own_centre(centre_id, business_on)
    if letter.maker == by.user_id:
        reasons.append(Reason("SAME_PERSON", f"转入申请的经办与复核不能同为{by.name}，请由他人复核", _TWO))
    if not agree and not words.strip():
        reasons.append(Reason("REASON_MISSING", "不予通过须写明原因，请补充", LAW))
    if isinstance(own, Reason):
        reasons.append(own)
    if reasons or isinstance(own, Reason):
        return Decision.refused(reasons)
    letter.checker = by.user_id
    if agree:
        try:
            letter.letter_no = letter_number(own.org_code, business_on, next_sequence(centre_id, "TRANSFER", business_on))
        except NotALetterNumber as error:
            return Decision.refused([Reason("NO_LETTER_NUMBER", f"{error}", ("银行结算接口标准/联系函编号",))])
    move(letter, wanted, said_by=by.name, words=words, on=business_on, at=at)
    if agree:
        tell_platform(letter, State.APPROVED, words, business_on)
    return moved(letter)


@command("transfers.apply")
def cancel_in(
    *, by: Actor, centre_id: int, transfer_no: str, words: str, business_on: date, at: datetime, key: str
) -> Decision[LetterMoved]:
    """撤销转入: before the review it simply ends; at 01 the platform is asked and decides, as the other city may be faster.

    Refuses  TOO_LATE_TO_CANCEL from 02 on; a second request while one is under way
    """
    letter = locked(centre_id, transfer_no)
    if letter is None or letter.direction != Direction.IN:
        return not_found(transfer_no)
    wanted = State.WITHDRAWN if letter.state == State.APPLIED else State.CANCELLED
    reasons = check_move(State(letter.state), wanted, Side.TAKING)
    if letter.cancelling:
        reasons.append(Reason("CANCELLING", f"联系函{letter.letter_no}已请求撤销，正在等待平台答复，请勿重复办理", LAW))
    if reasons:
        return Decision.refused(reasons)
    said = words.strip() or "申请人撤销"
    if wanted is State.WITHDRAWN:
        move(letter, wanted, said_by=by.name, words=said, on=business_on, at=at)
    else:
        letter.cancelling = True
        letter.save(update_fields=["cancelling"])
        note(letter, said_by=by.name, words=f"请求撤销：{said}", on=business_on, at=at)
        tell_platform(letter, State.CANCELLED, said, business_on)
    return moved(letter)


@command("transfers.settle")
def settle_in(
    *, by: Actor, centre_id: int, transfer_no: str, state: State, words: str, business_on: date, at: datetime, key: str
) -> Decision[LetterMoved]:
    """协商、协商办结、失败办结 by a person: told to the other centre with its words.

    Refuses  what the state does not allow this side; without words; while money that came under the letter waits to be used
    """
    letter = locked(centre_id, transfer_no)
    if letter is None:
        return not_found(transfer_no)
    side = Side.TAKING if letter.direction == Direction.IN else Side.GIVING
    reasons = check_move(State(letter.state), state, side)
    if state not in (State.NEGOTIATING, State.NEGOTIATED, State.FAILED):
        reasons.append(Reason("NOT_BY_HAND", f"“{state.label}”由业务办理得出，不能直接登记", LAW))
    if not words.strip():
        reasons.append(Reason("REASON_MISSING", f"“{state.label}”须写明说明，请补充", LAW))
    if letter.payment_state in ("ORDERED", "DONE") and state is not State.NEGOTIATING:
        reasons.append(Reason("MONEY_UNDER_WAY", f"转移款{letter.payment_no}已交银行，不能以“{state.label}”办结，请待银行结果后办理", LAW))
    if reasons:
        return Decision.refused(reasons)
    if letter.direction == Direction.IN and state.is_final and letter.letter_no:
        if treasury.receipts_of(centre_id, [letter.letter_no]):
            reason = Reason("MONEY_HAS_COME", f"联系函{letter.letter_no}的转移款已经到账，请先入账或退款再办结", LAW)
            return Decision.refused([reason])
        treasury_services.cancel_expectation(centre_id, letter.letter_no)
    letter.trouble = ""
    move(letter, state, said_by=by.name, words=words.strip(), on=business_on, at=at)
    tell_platform(letter, state, words.strip(), business_on)
    return moved(letter)


@command("transfers.book")
def book_in(
    *, by: Actor, centre_id: int, transfer_no: str, receipt_no: str, business_on: date, at: datetime, key: str
) -> Decision[LetterMoved]:
    """转入入账 (J7): the receipt that was matched to the letter becomes the member's, from the day it reached the bank.

    Locks    the letter, the receipt, then the ledger accounts
    Writes   debit 21904, credit 201; the letter 正常办结, told to the platform
    Refuses  another amount than the account information says; an account that was closed meanwhile (the money stays 暂收)
    """
    letter = locked(centre_id, transfer_no)
    if letter is None:
        return not_found(transfer_no)
    account = accounts.member_account(centre_id, letter.account_no)
    reasons = check_move(State(letter.state), State.DONE, Side.TAKING) + check_open(account.state, "转入入账")
    if not reasons:
        used = treasury_services.use_receipt(centre_id, receipt_no, by_kind=EXPECTED, by_no=letter.letter_no)
        reasons = list(used.reasons) if used.value is None else []
    if reasons or used.value is None:
        letter.trouble = "；".join(reason.message for reason in reasons)[:500]
        letter.save(update_fields=["trouble"])
        return Decision.refused(reasons)
    use = used.value
    if use.remaining != letter.amount_fen:
        raise WrongReceipt(f"收款单{receipt_no}可用{use.remaining.text}元，与联系函{letter.letter_no}的转移金额不符")
    value_on = min(use.value_on, business_on)
    draft = Draft(
        centre_id, "TRANSFER_IN", "J7", business_on, value_on, EXPECTED, letter.letter_no, f"异地转入 {letter.other_org_name}"[:200], by.user_id,
        letter.checker or None,
    )  # fmt: skip
    legs = [Leg(use.ledger_account_id, use.remaining.fen), Leg(account.ledger_account_id, -use.remaining.fen)]
    letter.journal_id = ledger.post(draft, legs, f"{key}:J7")
    letter.receipt_no, letter.value_on, letter.trouble = receipt_no, value_on, ""
    words = f"转移款{use.remaining.text}元已入账，起息日{value_on}"
    move(letter, State.DONE, said_by=by.name, words=words, on=business_on, at=at)
    tell_platform(letter, State.DONE, words, business_on)
    return moved(letter)


class WrongReceipt(Exception):
    """A receipt matched with a letter holds another amount: matching does not allow it, nothing is kept."""
