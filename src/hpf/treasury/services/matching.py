"""待到账 认款 使用: who is expected to pay, whose money a receipt is, and its use by the business."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from hpf.db.command import command, step
from hpf.db.crypto import decrypt
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.ledger import queries as ledger
from hpf.treasury import queries
from hpf.treasury.models import Expectation, Receipt
from hpf.treasury.models.receipts import EXPECTATION_PAYER, RECEIPT_PAYER
from hpf.treasury.rules.matching import LAW, ExpectationFacts, Ground, Match, ReceiptFacts, match_all, references_in
from hpf.treasury.rules.numbers import RECEIPT, NotANumber, id_of, number


class ExpectationConflict(Exception):
    """The reference is already expected with other money, or its money has been used."""


@dataclass(frozen=True, slots=True)
class Matched:
    looked_at: int
    matched: int
    short: int
    long: int
    left: int


@dataclass(frozen=True, slots=True)
class ReceiptUse:
    """What the business may debit: the suspense account of one receipt, and what is left on it."""

    receipt_id: int
    receipt_no: str
    ledger_account_id: int
    remaining: Money
    value_on: date
    payer_name: str


@step
def expect_receipt(
    centre_id: int,
    *,
    kind: str,
    reference: str,
    amount: Money,
    on: date,
    employer_account_id: int | None = None,
    payer_name: str = "",
    payer_account: str = "",
) -> int:
    """待到账: say what money should come under which reference. The same again changes nothing; gives its id.

    Raises  ExpectationConflict when the reference is expected with another amount and money has come for it
    """
    kept = Expectation.objects.select_for_update().filter(centre_id=centre_id, reference=reference).first()
    if kept is None:
        created = Expectation.objects.create(
            centre_id=centre_id,
            kind=kind,
            reference=reference,
            employer_account_id=employer_account_id,
            amount_fen=amount,
            payer_name=payer_name,
            payer_account=payer_account or None,
            expected_on=on,
        )
        return created.id
    if kept.amount_fen == amount and kept.state != "CANCELLED":
        return kept.id
    if kept.state not in ("WAITING", "CANCELLED"):
        raise ExpectationConflict(f"{reference}应收{kept.amount_fen.text}元且已有款项到账，不能改为{amount.text}元，请先处理到账款项")
    kept.amount_fen, kept.state, kept.expected_on = amount, "WAITING", on
    kept.payer_name, kept.payer_account = payer_name, payer_account or None
    kept.save()
    return kept.id


@step
def cancel_expectation(centre_id: int, reference: str) -> None:
    """No longer expected: money that came for it goes back to suspense, to be claimed or refunded by a person."""
    kept = Expectation.objects.select_for_update().filter(centre_id=centre_id, reference=reference).first()
    if kept is None or kept.state == "CANCELLED":
        return
    if kept.state == "USED":
        raise ExpectationConflict(f"{reference}的到账款项已经入账，不能取消待到账")
    Receipt.objects.filter(centre_id=centre_id, expectation=kept).exclude(state__in=["USED", "REFUNDED"]).update(
        state="SUSPENSE",
        expectation=None,
        ground="",
        reason_code="CANCELLED",
        explanation=f"{reference}已取消，款项退回暂收，请重新认领或退款",
    )
    kept.state = "CANCELLED"
    kept.save(update_fields=["state"])


@command("treasury.match_receipts")
def match_receipts(*, by: Actor, centre_id: int, business_on: date, key: str) -> Matched:
    """自动认款: every receipt in suspense against everything expected.

    Locks    the receipts in suspense (two runs at once do not match one receipt twice)
    Writes   on each receipt whom it belongs to or why not; on each expectation how far it is met
    """
    receipts = _waiting_receipts(centre_id)
    if not receipts:
        return Matched(0, 0, 0, 0, 0)
    matches = match_all(receipts, _expectations(centre_id, receipts))
    _write(centre_id, matches)
    codes = [match.reasons[0].code for match in matches if match.expectation_id is not None]
    return Matched(len(receipts), codes.count("MATCHED"), codes.count("SHORT"), codes.count("LONG"), len(receipts) - len(codes))


@command("treasury.assign_receipt")
def assign_receipt(*, by: Actor, centre_id: int, receipt_no: str, reference: str, key: str) -> Decision[Matched]:
    """人工认领: a clerk says whose money a receipt is.

    Refuses  a receipt that is used, refunded or already matched; a reference nobody expects money for, or already met
    """
    found = _locked_receipt(centre_id, receipt_no)
    if isinstance(found, Reason):
        return Decision.refused([found])
    if found.state != "SUSPENSE":
        return Decision.refused(
            [Reason("NOT_IN_SUSPENSE", f"收款单{receipt_no}状态为{_STATES[found.state]}，只有暂收中的款项可以认领", LAW)]
        )
    facts = [e for e in _expectations(centre_id, [_facts(found)]) if e.reference == reference] or _expected(centre_id, reference)
    if not facts or facts[0].outstanding.fen <= 0:
        why = "没有待到账款项" if not facts else f"应收{facts[0].expected.text}元已经到齐"
        return Decision.refused([Reason("NOTHING_EXPECTED", f"编号{reference}{why}，请核对编号", LAW)])
    expected = facts[0]
    difference = found.amount_fen - expected.outstanding
    code = "MATCHED" if not difference else "SHORT" if difference.fen < 0 else "LONG"
    words = f"{by.name}人工认领到{reference}，应收{expected.outstanding.text}元，实到{found.amount_fen.text}元"
    match = Match(found.id, expected.expectation_id, Ground.CLERK, difference, (Reason(code, words, LAW),))
    _write(centre_id, [match])
    return Decision.approved(Matched(1, int(code == "MATCHED"), int(code == "SHORT"), int(code == "LONG"), 0))


@step
def use_receipt(centre_id: int, receipt_no: str, *, by_kind: str, by_no: str) -> Decision[ReceiptUse]:
    """使用到账款项: hand the receipt's suspense account to the business, which debits it in the same command.

    Locks    the receipt's row
    Writes   who used it; its expectation is USED when it was expected under `by_no`
    Refuses  an unknown or refunded receipt; one with nothing left; one matched with another business document; one not matched yet
             whose summary names another document that still waits for money
    """
    found = _locked_receipt(centre_id, receipt_no)
    if isinstance(found, Reason):
        return Decision.refused([found])
    expected = found.expectation
    if expected is not None and expected.reference != by_no and found.state in ("MATCHED", "SHORT", "LONG"):
        return Decision.refused(
            [Reason("OTHER_DOCUMENT", f"收款单{receipt_no}已认到{expected.reference}，不能用于{by_no}，请先取消认款", LAW)]
        )
    named = queries.still_expected(centre_id, found.summary) if found.state == "SUSPENSE" else ()
    if named and by_no not in named:
        return Decision.refused([names_another(receipt_no, named[0], by_no)])
    remaining = ledger.balance(found.ledger_account_id).available
    if found.state == "REFUNDED" or remaining.fen <= 0:
        return Decision.refused(
            [Reason("NOTHING_LEFT", f"收款单{receipt_no}到账{found.amount_fen.text}元已用完或已退款，没有可用金额", LAW)]
        )
    found.state, found.used_by_kind, found.used_by_no = "USED", by_kind, by_no
    found.save(update_fields=["state", "used_by_kind", "used_by_no"])
    if expected is not None and expected.reference == by_no:
        Expectation.objects.filter(id=expected.id).update(state="USED")
    return Decision.approved(
        ReceiptUse(found.id, number(RECEIPT, centre_id, found.id), found.ledger_account_id, remaining, found.value_on, found.payer_name)
    )


def names_another(receipt_no: str, reference: str, by_no: str) -> Reason:
    message = f"收款单{receipt_no}的附言写明{reference}，该编号的款项尚未到齐，不能用于{by_no}，请先认款；附言确属写错的，请退款后由付款方重新汇款"
    return Reason("NAMES_OTHER_DOCUMENT", message, LAW)


_STATES = {"SUSPENSE": "暂收", "SHORT": "款项不足", "LONG": "款项多出", "MATCHED": "已认款", "USED": "已入账", "REFUNDED": "已退款"}


def _locked_receipt(centre_id: int, receipt_no: str) -> Receipt | Reason:
    try:
        receipt_id = id_of(RECEIPT, receipt_no)
    except NotANumber as error:
        return Reason("NO_SUCH_RECEIPT", f"{error}，请核对收款单号", LAW)
    found = Receipt.objects.select_for_update(of=("self",)).select_related("expectation").filter(centre_id=centre_id, id=receipt_id).first()
    return found or Reason("NO_SUCH_RECEIPT", f"本中心没有收款单{receipt_no}，请核对收款单号", LAW)


def _facts(receipt: Receipt) -> ReceiptFacts:
    return ReceiptFacts(receipt.id, receipt.amount_fen, receipt.payer_account or "", receipt.payer_name, receipt.summary, receipt.bank_on)


def _waiting_receipts(centre_id: int) -> list[ReceiptFacts]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, amount_fen, payer_account, payer_name, summary, bank_on FROM treasury_receipt"
            " WHERE centre_id = %s AND state = 'SUSPENSE' ORDER BY id FOR NO KEY UPDATE",
            [centre_id],
        )
        return [
            ReceiptFacts(i, Money(fen), decrypt(account, RECEIPT_PAYER) if account else "", name, summary, on)
            for i, fen, account, name, summary, on in cursor.fetchall()
        ]


def _expectations(centre_id: int, receipts: Iterable[ReceiptFacts]) -> list[ExpectationFacts]:
    """Everything still open, and what the summaries name even if it is met: a second payment must be recognised."""
    named = sorted({text for receipt in receipts for text in references_in(receipt.summary)})
    return _expectations_where(
        "e.state IN ('WAITING', 'PARTLY', 'MET', 'OVER') OR (e.state = 'USED' AND replace(upper(e.reference), '-', '') = ANY(%s))",
        centre_id,
        named,
    )


def _expected(centre_id: int, reference: str) -> list[ExpectationFacts]:
    return _expectations_where("e.reference = %s AND e.state <> 'CANCELLED'", centre_id, reference)


def _expectations_where(condition: str, centre_id: int, value: str | Sequence[str]) -> list[ExpectationFacts]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT e.id, e.reference, e.amount_fen, e.amount_fen - COALESCE(sum(r.amount_fen), 0)::bigint, e.payer_name, e.payer_account
                FROM treasury_expectation e LEFT JOIN treasury_receipt r ON r.centre_id = e.centre_id AND r.expectation_id = e.id
                WHERE e.centre_id = %s AND ({condition}) GROUP BY e.id ORDER BY e.id""",
            [centre_id, value],
        )
        return [
            ExpectationFacts(i, reference, Money(expected), Money(left), name, decrypt(account, EXPECTATION_PAYER) if account else "")
            for i, reference, expected, left, name, account in cursor.fetchall()
        ]


def _write(centre_id: int, matches: Sequence[Match]) -> None:
    states = {"MATCHED": "MATCHED", "SHORT": "SHORT", "LONG": "LONG"}
    rows = [
        (
            m.receipt_id,
            m.expectation_id,
            str(m.ground or ""),
            m.reasons[0].message[:300],
            m.reasons[0].code,
            states[m.reasons[0].code] if m.expectation_id is not None else "SUSPENSE",
        )
        for m in matches
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE treasury_receipt r SET expectation_id = m.expectation, ground = m.ground, explanation = m.words, reason_code = m.code, state = m.state
               FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS m(id, expectation, ground, words, code, state)
               WHERE r.centre_id = %s AND r.id = m.id AND (r.explanation <> m.words OR r.state <> m.state)""",
            [*(list(column) for column in zip(*rows, strict=True)), centre_id],
        )
        touched = sorted({m.expectation_id for m in matches if m.expectation_id is not None})
        if not touched:
            return
        cursor.execute(
            """UPDATE treasury_expectation e SET state = CASE WHEN s.come = e.amount_fen THEN 'MET' WHEN s.come > e.amount_fen THEN 'OVER' ELSE 'PARTLY' END
               FROM (SELECT expectation_id, sum(amount_fen) AS come FROM treasury_receipt WHERE centre_id = %s AND expectation_id = ANY(%s)
                     GROUP BY expectation_id) s
               WHERE e.id = s.expectation_id AND e.centre_id = %s AND e.state <> 'USED'""",
            [centre_id, touched, centre_id],
        )
        cursor.execute(
            "UPDATE treasury_receipt r SET state = 'MATCHED' FROM treasury_expectation e WHERE e.id = r.expectation_id AND e.state = 'MET'"
            " AND r.centre_id = %s AND e.id = ANY(%s) AND r.state IN ('SHORT', 'LONG')",
            [centre_id, touched],
        )
