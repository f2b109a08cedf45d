"""听银行说: fetch statements, receive pushed notices. Both end in `record_movements`, so neither can book the other's money again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import IntegrityError, connection, transaction

from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.codec import digest
from hpf.kernel.money import ZERO, Money
from hpf.ledger import queries as ledger
from hpf.treasury import queries
from hpf.treasury.gateways import wire
from hpf.treasury.gateways.settlement import Statement, movement
from hpf.treasury.models import BankAccount, BankMessage
from hpf.treasury.rules.movements import Movement
from hpf.treasury.rules.numbers import NotANumber, centre_of_unit
from hpf.treasury.services.movements import record_movements


class TellingBank(Protocol):
    """What these stories need of a bank."""

    def statement(self, account_no: str, begin: date, end: date) -> Statement: ...


@dataclass(frozen=True, slots=True)
class Polled:
    """What was new at the bank: numbers of new receipts, what they sum to."""

    receipt_nos: tuple[str, ...] = ()
    received: Money = ZERO
    interest: Money = ZERO
    returned_payment_nos: tuple[str, ...] = ()
    lines_new: int = 0


@dataclass(frozen=True, slots=True)
class NoticeAnswer:
    """What to send back to the bank, byte for byte."""

    status: int
    headers: dict[str, str]
    body: bytes


def poll(*, by: Actor, centre_id: int, bank: TellingBank, business_on: date) -> Polled:
    """取对账单: for each bank account the statement from the last day seen (again) to this day; what is new is booked.

    Safe to run any number of times a day. Raises BankUnavailable or BankRefused when the bank gives no statement.
    """
    with centre_scope(centre_id):
        accounts = queries.bank_accounts(centre_id)
        opened = {account.bank_account_id: account.seen_through or _opened_on(account.bank_account_id) for account in accounts}
    total = Polled()
    for account in accounts:
        begin = min(opened[account.bank_account_id], business_on)
        statement = bank.statement(account.account_no, begin, business_on)
        with centre_scope(centre_id):
            news = _news(centre_id, account.bank_account_id, statement, business_on)
        if news is None:
            continue
        kept = len(statement.movements) - len(news)
        content = digest([account.account_no, business_on, news, statement.closing, kept]).hex()
        recorded = record_movements(
            by=by,
            centre_id=centre_id,
            bank_account_id=account.bank_account_id,
            entries=news,
            business_on=business_on,
            closing=statement.closing,
            closing_on=business_on,
            key=f"statement:{account.bank_account_id}:{content}",
        )
        total = Polled(
            total.receipt_nos + recorded.receipt_nos,
            total.received + recorded.received,
            total.interest + recorded.interest,
            total.returned_payment_nos + recorded.returned_payment_nos,
            total.lines_new + recorded.lines_new,
        )
    return total


def receive_notice(headers: Mapping[str, str], body: bytes, *, key: bytes, at: datetime) -> NoticeAnswer:
    """到账通知 (SBDC100): check who says it, book what came in, confirm. The bank repeats what is not confirmed.

    Refuses  a wrong signature or time (401, nothing is read); a nonce seen before (409); an account that is not ours (200, TxStatus 1)
    """
    try:
        nonce = wire.verify(key, body, headers, epoch=int(at.timestamp()))
        notice = wire.decode(body)
        centre_id = centre_of_unit(notice.head.get("TxUnitNo", ""))
    except (wire.BadSignature, wire.NotAMessage, NotANumber) as error:
        return NoticeAnswer(401, {}, f"通知不予受理：{error}".encode())
    with centre_scope(centre_id):
        account = queries.account_by_no(centre_id, notice.body.get("AcctNo", ""))
        try:
            business_on = ledger.business_day(centre_id)
        except ledger.NoOpenDay as closed:
            return _answer(notice, key, nonce, at, "1", "HPF0003", str(closed))
        if account is None or notice.code != "SBDC100":
            return _answer(notice, key, nonce, at, "1", "HPF0001", "通知的账户或交易代码不属于本中心，请核对")
        try:
            with transaction.atomic():
                BankMessage.objects.create(
                    centre_id=centre_id, direction="IN", send_seq_no=nonce, tx_code="SBDC100", business_on=business_on, told="RECEIVED"
                )
        except IntegrityError:
            return NoticeAnswer(409, {}, "通知不予受理：随机数已用过".encode())
    try:
        told = movement(notice.body)
    except (KeyError, ValueError) as error:
        return _answer(notice, key, nonce, at, "1", "HPF0002", f"通知要素不全：{error}")
    record_movements(
        by=Actor.system(centre_id, "银行通知"),
        centre_id=centre_id,
        bank_account_id=account.bank_account_id,
        entries=(told,),
        business_on=business_on,
        source="NOTICE",
        key=f"notice:{account.bank_account_id}:{told.bank_reference}:{digest([told, business_on]).hex()[:16]}",
    )
    return _answer(notice, key, nonce, at, "0", "00000", "成功")


def _answer(notice: wire.Message, key: bytes, question: str, at: datetime, status: str, code: str, text: str) -> NoticeAnswer:
    unit = notice.head.get("TxUnitNo", "")
    content = wire.encode(wire.Message({**notice.head, "TxStatus": status, "RtnCode": code, "RtnMessage": text}))
    headers = wire.sign(key, content, unit=unit, epoch=int(at.timestamp()), nonce=secrets.token_hex(16), question=question)
    return NoticeAnswer(200, {**headers, "Content-Type": "application/xml; charset=utf-8"}, content)


def _news(centre_id: int, bank_account_id: int, statement: Statement, on: date) -> tuple[Movement, ...] | None:
    """The lines not yet kept, and kept returns of payments that have become final since; None when nothing at all is new."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT l.bank_reference, l.amount_fen, EXISTS (SELECT 1 FROM treasury_payment p
                   WHERE p.centre_id = l.centre_id AND p.send_seq_no = l.seq_no AND p.state = 'DONE' AND l.kind = 'RETURN')
               FROM treasury_statementline l WHERE l.centre_id = %s AND l.bank_account_id = %s AND l.bank_reference = ANY(%s)""",
            [centre_id, bank_account_id, [told.bank_reference for told in statement.movements]],
        )
        kept = {(reference, fen) for reference, fen, returnable in cursor.fetchall() if not returnable}
        cursor.execute(
            "SELECT closing_fen FROM treasury_statementday WHERE centre_id = %s AND bank_account_id = %s AND bank_on = %s",
            [centre_id, bank_account_id, on],
        )
        closing = cursor.fetchone()
    news = tuple(told for told in statement.movements if (told.bank_reference, told.amount.fen) not in kept)
    return None if not news and closing == (statement.closing.fen,) else news


def _opened_on(bank_account_id: int) -> date:
    return BankAccount.objects.values_list("opened_on", flat=True).get(id=bank_account_id)
