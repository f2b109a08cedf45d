"""业务: the settlement interface's business at the bank. One message in, one answer out; instructions once per SendSeqNo."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from demo.bank.batches import Batches
from demo.bank.book import Book, reference
from demo.bank.faults import Faults
from demo.bank.payers import Payers
from demo.bank.questions import Questions
from demo.bank.terms import DONE, FAILED, OK, PROCESSING, Refused, fen, tail, workdays_later
from hpf.treasury.gateways.wire import Message


class Business(Batches, Questions):
    def __init__(self, book: Book, faults: Faults, payers: Payers) -> None:
        super().__init__(book, faults, payers)
        self.messages: dict[str, Callable[[Message], Message]] = {
            "BDC001": self.greet,
            "BDC002": self.greet,
            "SYS600": self.greet,
            "BDC101": self.instruct,
            "BDC102": self.instruct,
            "BDC109": self.instruct,
            "BDC103": self.instruct_batch,
            "BDC104": self.instruct_batch,
            "BDC107": self.batch_result,
            "BDC108": self.batch_lines,
            "BDC110": self.instruction_result,
            "BDC112": self.bank_codes,
            "BDC113": self.details,
            "BDC123": self.balance,
        }

    def answer(self, question: Message) -> Message:
        reply = self.messages.get(question.code)
        try:
            if reply is None:
                raise Refused("BDC9001", f"不支持的交易代码{question.code}")
            if not question.head.get("TxUnitNo") or not question.head.get("SendSeqNo"):
                raise Refused("BDC9002", "报文头缺少TxUnitNo或SendSeqNo")
            return reply(question)
        except Refused as refusal:
            return self.reply(question, FAILED, refusal.code, str(refusal))

    def greet(self, question: Message) -> Message:
        return self.reply(question, DONE, OK, "成功")

    def instruct(self, question: Message) -> Message:
        """BDC101 pay, BDC102 collect, BDC109 transfer. The same SendSeqNo again gives the state of the first, and moves nothing."""
        return self.once(question, self._accept)

    def _accept(self, question: Message) -> None:
        head, order = question.head, dict(question.body)
        order["fen"] = str(fen(order.get("Amt", "")))
        subject = head["SendSeqNo"]
        state, code, text, due, outcome = DONE, OK, "成功", None, "DONE"
        try:
            self._check(question.code, head, order)
            if self.faults.strikes("wrong_name", subject, question.code):
                raise Refused("BDC3004", f"收款户名{order['CrAcctName']}与账号{tail(order['CrAcctNo'])}不符")
        except Refused as refusal:
            state, code, text = FAILED, refusal.code, str(refusal)
        else:
            if slow := self.faults.strikes("processing", subject, question.code):
                state, code, text, outcome = PROCESSING, "BDC0002", "处理中", slow.get("outcome", "DONE")
                due = workdays_later(self.book.business_on, int(slow.get("days", 1))).isoformat()
        self.keep(question, order, state, code, text, due, outcome)
        if state == DONE:
            self._execute(self.instruction(head["TxUnitNo"], subject))

    def _check(self, code: str, head: dict[str, str], order: dict[str, str]) -> None:
        own_no, other_no = (order.get("DeAcctNo", ""), order.get("CrAcctNo", ""))
        if code == "BDC102":
            own_no, other_no = other_no, own_no
        own = self.book.account(own_no)
        if own is None or own["unit"] != head["TxUnitNo"]:
            raise Refused("BDC3001", f"账户{tail(own_no)}不是本单位在本行的账户")
        if not other_no:
            raise Refused("BDC3002", "对方账号为空")
        payer = self.book.account(order.get("DeAcctNo", ""))
        if payer is None:
            raise Refused("BDC3002", f"付款账号{tail(order.get('DeAcctNo', ''))}不存在")
        if payer["balance_fen"] < int(order["fen"]):
            raise Refused("BDC3003", f"付款账户余额不足，需{order['Amt']}元")
        for no, name in ((order["CrAcctNo"], order.get("CrAcctName")), (order["DeAcctNo"], order.get("DeAcctName"))):
            account = self.book.account(no)
            if account is not None and account["name"] != name:
                raise Refused("BDC3004", f"户名{name}与账号{tail(no)}不符")
        if order.get("CurrNo", "156") != "156":
            raise Refused("BDC3005", f"币种{order['CurrNo']}不支持")

    def _execute(self, instruction: Any) -> None:
        order, seq_no, unit = json.loads(instruction["payload"]), instruction["seq_no"], instruction["unit"]
        if self.faults.strikes("lie_done", seq_no, instruction["code"]):
            ref = reference(self.book.business_on, 9_000_000_000 + int(hashlib.sha256(seq_no.encode()).hexdigest()[:7], 16))
        else:
            moved, summary = int(order["fen"]), order.get("Summary", "")
            kind = {"BDC101": "OUT", "BDC102": "COLLECTION", "BDC109": "TRANSFER"}[instruction["code"]]
            payee = self.book.account(order["CrAcctNo"])
            out = self.book.enter(
                order["DeAcctNo"],
                -moved,
                counter_no=order["CrAcctNo"],
                counter_name=order.get("CrAcctName", ""),
                summary=summary,
                kind=kind,
                seq_no=seq_no,
            )
            came = ""
            if payee is not None:
                came = self.book.enter(
                    order["CrAcctNo"],
                    moved,
                    counter_no=order["DeAcctNo"],
                    counter_name=order.get("DeAcctName", ""),
                    summary=summary,
                    kind=kind,
                    seq_no=seq_no,
                )
            ref = came if instruction["code"] == "BDC102" else out
        later = self.faults.strikes("return_later", seq_no, instruction["code"])
        return_on = (self.book.business_on + timedelta(days=int(later.get("days", 2)))).isoformat() if later else None
        self.book.write(
            "UPDATE instruction SET state = 0, rtn_code = ?, rtn_message = '成功', reference = ?, day = ?, due_on = NULL, return_on = ?"
            " WHERE unit = ? AND seq_no = ?",
            OK,
            ref,
            self.book.business_on.isoformat(),
            return_on,
            unit,
            seq_no,
        )

    def finish(self, instruction: Any) -> None:
        """What was in process ends as it was going to, unless money or name no longer allow it."""
        if instruction["code"] in ("BDC103", "BDC104"):
            self.execute_batch(instruction)
            return
        order = json.loads(instruction["payload"])
        try:
            if instruction["outcome"] != "DONE":
                raise Refused("BDC3009", "收款行退回，未入账")
            self._check(instruction["code"], {"TxUnitNo": instruction["unit"]}, order)
        except Refused as refusal:
            self.book.write(
                "UPDATE instruction SET state = 1, rtn_code = ?, rtn_message = ?, due_on = NULL WHERE unit = ? AND seq_no = ?",
                refusal.code,
                str(refusal),
                instruction["unit"],
                instruction["seq_no"],
            )
        else:
            self._execute(instruction)

    def give_back(self, instruction: Any) -> None:
        """退汇: a payment that was done comes back to the account it left."""
        order = json.loads(instruction["payload"])
        account = self.book.account(order["DeAcctNo"])
        ref = self.book.enter(
            order["DeAcctNo"],
            int(order["fen"]),
            counter_no=order["CrAcctNo"],
            counter_name=order["CrAcctName"],
            summary=f"退汇 原流水{instruction['seq_no']}",
            kind="RETURN",
            seq_no=instruction["seq_no"],
        )
        self.book.write("UPDATE instruction SET return_on = NULL WHERE unit = ? AND seq_no = ?", instruction["unit"], instruction["seq_no"])
        self.payers.announce(account, ref)
