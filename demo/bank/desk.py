"""柜台: what every message at the bank shares: one instruction for each sequence number, one form of answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from demo.bank.book import Book
from demo.bank.faults import Faults
from demo.bank.payers import Payers
from demo.bank.terms import Refused, day_of, tail
from hpf.treasury.gateways.wire import Message


class Desk:
    def __init__(self, book: Book, faults: Faults, payers: Payers) -> None:
        self.book, self.faults, self.payers = book, faults, payers

    def once(self, question: Message, accept: Callable[[Message], None]) -> Message:
        unit, seq_no = question.head["TxUnitNo"], question.head["SendSeqNo"]
        digest = hashlib.sha256(json.dumps([question.code, question.body], sort_keys=True).encode()).hexdigest()
        with self.book.transaction():
            kept = self.instruction(unit, seq_no)
            if kept is None:
                if day_of(question.head.get("SendDate", "")) < self.book.business_on.isoformat():
                    raise Refused("BDC2003", f"指令日期{question.head['SendDate']}早于本行营业日{self.book.business_on:%Y%m%d}，不予受理")
                question.head["_digest"] = digest
                accept(question)
                kept = self.instruction(unit, seq_no)
            elif kept["digest"] != digest:
                raise Refused("BDC2004", f"流水号{seq_no}已用于内容不同的指令")
        state = self.state_of(kept)
        return self.reply(question, kept["state"], kept["rtn_code"], kept["rtn_message"], state)

    def keep(self, question: Message, order: dict[str, str], state: int, code: str, text: str, due: str | None, outcome: str) -> None:
        head = question.head
        self.book.write(
            "INSERT INTO instruction (unit, seq_no, code, digest, payload, state, rtn_code, rtn_message, day, due_on, outcome)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            head["TxUnitNo"],
            head["SendSeqNo"],
            question.code,
            head["_digest"],
            json.dumps(order, ensure_ascii=False),
            state,
            code,
            text,
            self.book.business_on.isoformat(),
            due,
            outcome,
        )

    def instruction(self, unit: str, seq_no: str) -> Any:
        return self.book.row("SELECT * FROM instruction WHERE unit = ? AND seq_no = ?", unit, seq_no)

    def asked(self, question: Message) -> Any:
        found = self.instruction(question.head["TxUnitNo"], question.body.get("OrigSeqNo", ""))
        if found is None:
            raise Refused("BDC2001", f"查无流水号{question.body.get('OrigSeqNo', '')}的交易")
        return found

    def state_of(self, instruction: Any) -> dict[str, str]:
        return {
            "OrigSeqNo": instruction["seq_no"],
            "OrigTxStatus": str(instruction["state"]),
            "OrigRtnCode": instruction["rtn_code"],
            "OrigRtnMessage": instruction["rtn_message"],
            "HostSeqNo": instruction["reference"],
            "HostDate": instruction["day"].replace("-", ""),
        }

    def own_account(self, question: Message) -> Any:
        account = self.book.account(question.body.get("AcctNo", ""))
        if account is None or account["unit"] != question.head["TxUnitNo"]:
            raise Refused("BDC3001", f"账户{tail(question.body.get('AcctNo', ''))}不是本单位在本行的账户")
        return account

    def reply(
        self,
        question: Message,
        status: int,
        code: str,
        text: str,
        body: dict[str, str] | None = None,
        lists: dict[str, list[dict[str, str]]] | None = None,
    ) -> Message:
        head = {name: value for name, value in question.head.items() if not name.startswith("_")}
        day = f"{self.book.business_on:%Y%m%d}"
        return Message(
            {
                **head,
                "TxStatus": str(status),
                "RtnCode": code,
                "RtnMessage": text,
                "BDCDate": day,
                "BDCTime": "120000",
                "BDCSeqNo": f"B{head.get('SendSeqNo', '')}",
            },
            body or {},
            lists or {},
        )
