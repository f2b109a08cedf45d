"""手续费 定期存款 专户间划转: what a clerk books from the bank's paper, a second person checking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.ledger.rules import Draft, Leg
from hpf.ledger.services import open_account, post
from hpf.treasury.models import BankAccount, StatementLine
from hpf.treasury.services.cashbook import booked_references, enter_cash

FEES = {"COLLECTION": (41102, "归集手续费"), "LOAN": (41103, "委托贷款手续费")}
FUND, SURPLUS = (10101, 10102), (10201, 10202)


@dataclass(frozen=True, slots=True)
class Booked:
    journal_id: int


@command("treasury.record_fee")
@cites("财会字〔1999〕33号/手续费")
def record_fee(
    *, by: Actor, centre_id: int, bank_account_id: int, bank_reference: str, kind: str, maker: str, business_on: date, key: str
) -> Decision[Booked]:
    """手续费 (J19): a fee that the bank has taken, by its line in the statement. `by` checks what `maker` prepared.

    Refuses  no such line going out; a line already booked; the same person twice
    """
    account = BankAccount.objects.get(centre_id=centre_id, id=bank_account_id)
    line = StatementLine.objects.filter(centre_id=centre_id, bank_account=account, bank_reference=bank_reference).first()
    reasons = _same_person(by, maker)
    if line is None or line.amount_fen.fen >= 0:
        reasons.append(Reason("NO_SUCH_LINE", f"对账单中没有流水号{bank_reference}的付出明细，请核对流水号"))
    if booked_references(account, [bank_reference]):
        reasons.append(Reason("ALREADY_BOOKED", f"流水号{bank_reference}已经入账，不能重复登记"))
    if kind not in FEES:
        reasons.append(Reason("NO_SUCH_FEE", f"手续费种类{kind}不在{'、'.join(FEES)}之内，请重新选择"))
    if reasons or line is None:
        return Decision.refused(reasons)
    subject, words = FEES[kind]
    expense = open_account(centre_id, subject, "CENTRE", 0, business_on)
    value_on = min(line.bank_on, business_on)
    draft = Draft(
        centre_id,
        "FEE",
        "J19",
        business_on,
        value_on,
        "BANK_ACCOUNT",
        str(account.id),
        f"{words} {bank_reference}",
        maker,
        checker=by.user_id,
    )
    amount = -line.amount_fen
    journal_id = post(draft, [Leg(expense, amount.fen), Leg(account.ledger_account_id, -amount.fen)], f"{key}:fee")
    enter_cash(account, bank_reference, -amount, "FEE", business_on=business_on, value_on=value_on, journal_id=journal_id, summary=words)
    return Decision.approved(Booked(journal_id))


@command("treasury.move_between")
@cites("财会字〔1999〕33号/存款")
def move_between(
    *,
    by: Actor,
    centre_id: int,
    from_account_id: int,
    to_account_id: int,
    amount: Money,
    out_reference: str,
    in_reference: str,
    maker: str,
    business_on: date,
    key: str,
    interest: Money = ZERO,
) -> Decision[Booked]:
    """活期转定期、定期支取 (J30), 专户间划转 (J22): from one account of the centre to another, with interest when a deposit matures.

    Interest is received on the account that gets the money. `by` checks what `maker` prepared.
    """
    accounts = {account.id: account for account in BankAccount.objects.filter(centre_id=centre_id, id__in=[from_account_id, to_account_id])}
    reasons = _same_person(by, maker)
    if len(accounts) != 2:
        reasons.append(Reason("NOT_OUR_ACCOUNTS", "转出与转入应为本中心两个不同的专户，请核对"))
    if amount.fen <= 0 or interest.fen < 0:
        reasons.append(Reason("NOT_AN_AMOUNT", f"划转金额{amount.text}元应大于零，利息{interest.text}元不能为负"))
    if reasons:
        return Decision.refused(reasons)
    source, target = accounts[from_account_id], accounts[to_account_id]
    if booked_references(source, [out_reference]) or booked_references(target, [in_reference]):
        return Decision.refused([Reason("ALREADY_BOOKED", f"流水号{out_reference}或{in_reference}已经入账，不能重复登记")])
    template = "J30" if (source.subject in FUND) == (target.subject in FUND) else "J22"
    words = f"专户划转 尾号{source.account_no[-4:]}至尾号{target.account_no[-4:]}"
    draft = Draft(
        centre_id, "OWN_TRANSFER", template, business_on, business_on, "BANK_ACCOUNT", str(source.id), words, maker, checker=by.user_id
    )
    legs = [Leg(target.ledger_account_id, amount.fen + interest.fen), Leg(source.ledger_account_id, -amount.fen)]
    if interest:
        income = open_account(centre_id, 40101 if target.subject in FUND else 40102, "CENTRE", 0, business_on)
        legs.append(Leg(income, -interest.fen))
    journal_id = post(draft, legs, f"{key}:move")
    for account, reference, moved in ((source, out_reference, -amount), (target, in_reference, amount + interest)):
        enter_cash(
            account, reference, moved, "TRANSFER", business_on=business_on, value_on=business_on, journal_id=journal_id, summary=words
        )
    return Decision.approved(Booked(journal_id))


def _same_person(by: Actor, maker: str) -> list[Reason]:
    return [Reason("SAME_PERSON", f"经办与复核不能同为{by.name}，请由他人复核")] if maker == by.user_id else []
