"""业务: the settlement interface's business at the bank. One message in, one answer out; instructions once per SendSeqNo."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from demo.bank.book import Book, reference
from demo.bank.faults import Faults
from demo.bank.payers import Payers
from hpf.treasury.gateways.wire import Message

DONE, FAILED, PROCESSING = 0, 1, 2
OK = "00000"
SEPARATOR = "@|$"
PAGE_LINES = 1000

BANKS = {
    "105100000017": "中国建设银行",
    "102100099996": "中国工商银行",
    "103100000026": "中国农业银行",
    "104100000004": "中国银行",
    "313821001016": "甘肃银行",
    "313821050016": "兰州银行",
    "402821000015": "甘肃省农村信用社",
}


class Refused(Exception):
    """The bank says no to this message. Nothing was entered."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Business:
    def __init__(self, book: Book, faults: Faults, payers: Payers) -> None:
        self.book, self.faults, self.payers = book, faults, payers
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
            return self._reply(question, FAILED, refusal.code, str(refusal))

    def greet(self, question: Message) -> Message:
        return self._reply(question, DONE, OK, "成功")

    # -- single instructions

    def instruct(self, question: Message) -> Message:
        """BDC101 pay, BDC102 collect, BDC109 transfer. The same SendSeqNo again gives the state of the first, and moves nothing."""
        return self._once(question, self._accept)

    def _accept(self, question: Message) -> None:
        head, order = question.head, dict(question.body)
        order["fen"] = str(_fen(order.get("Amt", "")))
        subject = head["SendSeqNo"]
        state, code, text, due, outcome = DONE, OK, "成功", None, "DONE"
        try:
            self._check(question.code, head, order)
            if self.faults.strikes("wrong_name", subject, question.code):
                raise Refused("BDC3004", f"收款户名{order['CrAcctName']}与账号{_tail(order['CrAcctNo'])}不符")
        except Refused as refusal:
            state, code, text = FAILED, refusal.code, str(refusal)
        else:
            if slow := self.faults.strikes("processing", subject, question.code):
                state, code, text, outcome = PROCESSING, "BDC0002", "处理中", slow.get("outcome", "DONE")
                due = _workdays_later(self.book.business_on, int(slow.get("days", 1))).isoformat()
        self._keep(question, order, state, code, text, due, outcome)
        if state == DONE:
            self._execute(self._instruction(head["TxUnitNo"], subject))

    def _check(self, code: str, head: dict[str, str], order: dict[str, str]) -> None:
        own_no, other_no = (order.get("DeAcctNo", ""), order.get("CrAcctNo", ""))
        if code == "BDC102":
            own_no, other_no = other_no, own_no
        own = self.book.account(own_no)
        if own is None or own["unit"] != head["TxUnitNo"]:
            raise Refused("BDC3001", f"账户{_tail(own_no)}不是本单位在本行的账户")
        if not other_no:
            raise Refused("BDC3002", "对方账号为空")
        payer = self.book.account(order.get("DeAcctNo", ""))
        if payer is None:
            raise Refused("BDC3002", f"付款账号{_tail(order.get('DeAcctNo', ''))}不存在")
        if payer["balance_fen"] < int(order["fen"]):
            raise Refused("BDC3003", f"付款账户余额不足，需{order['Amt']}元")
        for no, name in ((order["CrAcctNo"], order.get("CrAcctName")), (order["DeAcctNo"], order.get("DeAcctName"))):
            account = self.book.account(no)
            if account is not None and account["name"] != name:
                raise Refused("BDC3004", f"户名{name}与账号{_tail(no)}不符")
        if order.get("CurrNo", "156") != "156":
            raise Refused("BDC3005", f"币种{order['CurrNo']}不支持")

    def _execute(self, instruction: Any) -> None:
        order, seq_no, unit = json.loads(instruction["payload"]), instruction["seq_no"], instruction["unit"]
        if self.faults.strikes("lie_done", seq_no, instruction["code"]):
            ref = reference(self.book.business_on, 9_000_000_000 + int(hashlib.sha256(seq_no.encode()).hexdigest()[:7], 16))
        else:
            fen, summary = int(order["fen"]), order.get("Summary", "")
            kind = {"BDC101": "OUT", "BDC102": "COLLECTION", "BDC109": "TRANSFER"}[instruction["code"]]
            payee = self.book.account(order["CrAcctNo"])
            out = self.book.enter(
                order["DeAcctNo"],
                -fen,
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
                    fen,
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
            self._execute_batch(instruction)
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

    # -- batches

    def instruct_batch(self, question: Message) -> Message:
        """BDC103 pay many, BDC104 collect from many: a file of lines `no@|$account@|$name@|$amount@|$summary`."""
        return self._once(question, self._accept_batch)

    def _accept_batch(self, question: Message) -> None:
        head, order = question.head, dict(question.body)
        lines = [line.split(SEPARATOR) for line in order.pop("BatchFile", "").splitlines() if line]
        own = self.book.account(order.get("AcctNo", ""))
        if own is None or own["unit"] != head["TxUnitNo"]:
            raise Refused("BDC3001", f"账户{_tail(order.get('AcctNo', ''))}不是本单位在本行的账户")
        if not lines or any(len(line) < 4 for line in lines):
            raise Refused("BDC3006", "批量文件为空或字段不足")
        if len(lines) != int(order.get("TotalNum", "-1")) or sum(_fen(line[3]) for line in lines) != _fen(order.get("TotalAmt", "")):
            raise Refused("BDC3007", "批量文件笔数或金额与汇总不符")
        setting = self.faults.strikes("processing", head["SendSeqNo"], question.code) or {}
        due = _workdays_later(self.book.business_on, int(setting.get("days", 0))).isoformat()
        self._keep(question, order, PROCESSING, "BDC0002", "批量处理中", due, "DONE")
        for no, account_no, name, amount, *_ in lines:
            self.book.write(
                "INSERT INTO batch_line (unit, seq_no, line_no, account_no, name, fen) VALUES (?, ?, ?, ?, ?, ?)",
                head["TxUnitNo"],
                head["SendSeqNo"],
                no,
                account_no,
                name,
                _fen(amount),
            )
        if not setting:
            self._execute_batch(self._instruction(head["TxUnitNo"], head["SendSeqNo"]))

    def _execute_batch(self, instruction: Any) -> None:
        unit, seq_no, order = instruction["unit"], instruction["seq_no"], json.loads(instruction["payload"])
        collects = instruction["code"] == "BDC104"
        fund, done_fen = self.book.account(order["AcctNo"]), 0
        for line in self.book.rows("SELECT * FROM batch_line WHERE unit = ? AND seq_no = ? ORDER BY line_no", unit, seq_no):
            why = self._line_refusal(line, collects, fund["balance_fen"] - done_fen)
            if not why and self.book.account(line["account_no"]) is not None:
                self.book.enter(
                    line["account_no"],
                    -line["fen"] if collects else line["fen"],
                    counter_no=order["AcctNo"],
                    counter_name=fund["name"],
                    summary=order.get("Summary", ""),
                    kind="BATCH",
                    seq_no=seq_no,
                )
            done_fen += 0 if why else line["fen"]
            self.book.write(
                "UPDATE batch_line SET state = ?, message = ? WHERE unit = ? AND seq_no = ? AND line_no = ?",
                FAILED if why else DONE,
                why or "成功",
                unit,
                seq_no,
                line["line_no"],
            )
        ref = ""
        if done_fen:
            ref = self.book.enter(
                order["AcctNo"],
                done_fen if collects else -done_fen,
                counter_no="",
                counter_name="批量代收付",
                summary=order.get("Summary", ""),
                kind="BATCH",
                seq_no=seq_no,
            )
        self.book.write(
            "UPDATE instruction SET state = 0, rtn_code = ?, rtn_message = '成功', reference = ?, day = ?, due_on = NULL"
            " WHERE unit = ? AND seq_no = ?",
            OK,
            ref,
            self.book.business_on.isoformat(),
            unit,
            seq_no,
        )

    def _line_refusal(self, line: Any, collects: bool, fund_fen: int) -> str:
        account = self.book.account(line["account_no"])
        if account is not None and account["name"] != line["name"]:
            return "户名不符"
        if collects and account is None:
            return "账号不存在"
        if collects and account["balance_fen"] < line["fen"]:
            return "余额不足"
        if not collects and fund_fen < line["fen"]:
            return "付款账户余额不足"
        if setting := self.faults.strikes("collection_line", f"{line['seq_no']}:{line['line_no']}"):
            return str(setting.get("reason", "账户状态异常"))
        return ""

    def batch_result(self, question: Message) -> Message:
        batch = self._asked(question)
        lines = self.book.rows(
            "SELECT state, count(*) n, sum(fen) fen FROM batch_line WHERE unit = ? AND seq_no = ? GROUP BY state",
            batch["unit"],
            batch["seq_no"],
        )
        sums = {line["state"]: (line["n"], line["fen"]) for line in lines}
        done, failed = sums.get(DONE, (0, 0)), sums.get(FAILED, (0, 0))
        return self._reply(
            question,
            DONE,
            OK,
            "成功",
            {
                **self._state_of(batch),
                "SuccNum": str(done[0]),
                "SuccAmt": _yuan(done[1]),
                "FailNum": str(failed[0]),
                "FailAmt": _yuan(failed[1]),
            },
        )

    def batch_lines(self, question: Message) -> Message:
        batch = self._asked(question)
        if batch["state"] == PROCESSING:
            raise Refused("BDC2002", "批量尚在处理，结果文件未生成")
        lines = self.book.rows("SELECT * FROM batch_line WHERE unit = ? AND seq_no = ? ORDER BY line_no", batch["unit"], batch["seq_no"])
        text = "\n".join(SEPARATOR.join((line["line_no"], _yuan(line["fen"]), str(line["state"]), line["message"])) for line in lines)
        return self._reply(question, DONE, OK, "成功", {**self._state_of(batch), "BatchFile": text})

    # -- questions

    def instruction_result(self, question: Message) -> Message:
        """BDC110: what became of an instruction, by its original SendSeqNo."""
        return self._reply(question, DONE, OK, "成功", self._state_of(self._asked(question)))

    def bank_codes(self, question: Message) -> Message:
        wanted = question.body.get("BankName", "")
        found = [{"BankCode": code, "BankName": name} for code, name in BANKS.items() if wanted in name]
        return self._reply(question, DONE, OK, "成功", {"TotalNum": str(len(found))}, {"Bank": found})

    def details(self, question: Message) -> Message:
        """BDC113: one account's entries of the days asked, page by page, with the balances around them."""
        account = self._own_account(question)
        begin, end = _day(question.body["BeginDate"]), _day(question.body["EndDate"])
        page = max(1, int(question.body.get("PageNo", "1")))
        where = "account_no = ? AND day BETWEEN ? AND ?"
        total = self.book.row(f"SELECT count(*) n FROM entry WHERE {where}", account["no"], begin, end)["n"]
        entries = self.book.rows(
            f"SELECT * FROM entry WHERE {where} ORDER BY id LIMIT ? OFFSET ?",
            account["no"],
            begin,
            end,
            PAGE_LINES,
            (page - 1) * PAGE_LINES,
        )
        lines = []
        for entry in entries:
            lines.append(detail(entry))
            if self.faults.strikes("duplicate_lines", str(entry["id"])):
                lines.append(detail(entry))
        return self._reply(
            question,
            DONE,
            OK,
            "成功",
            {
                "AcctNo": account["no"],
                "OpenBalance": _yuan(self._balance_before(account["no"], begin)),
                "CloseBalance": _yuan(self._balance_through(account["no"], end)),
                "TotalNum": str(total),
                "PageNo": str(page),
                "PageCount": str(-(-total // PAGE_LINES) or 1),
            },
            {"Detail": lines},
        )

    def balance(self, question: Message) -> Message:
        account = self._own_account(question)
        return self._reply(
            question, DONE, OK, "成功", {"AcctNo": account["no"], "AcctName": account["name"], "Balance": _yuan(account["balance_fen"])}
        )

    def _balance_before(self, no: str, day: str) -> int:
        moved = self.book.row("SELECT coalesce(sum(fen), 0) fen FROM entry WHERE account_no = ? AND day >= ?", no, day)
        return self.book.account(no)["balance_fen"] - moved["fen"]

    def _balance_through(self, no: str, day: str) -> int:
        moved = self.book.row("SELECT coalesce(sum(fen), 0) fen FROM entry WHERE account_no = ? AND day > ?", no, day)
        return self.book.account(no)["balance_fen"] - moved["fen"]

    # -- what every message shares

    def _once(self, question: Message, accept: Callable[[Message], None]) -> Message:
        unit, seq_no = question.head["TxUnitNo"], question.head["SendSeqNo"]
        digest = hashlib.sha256(json.dumps([question.code, question.body], sort_keys=True).encode()).hexdigest()
        with self.book.transaction():
            kept = self._instruction(unit, seq_no)
            if kept is None:
                if _day(question.head.get("SendDate", "")) < self.book.business_on.isoformat():
                    raise Refused("BDC2003", f"指令日期{question.head['SendDate']}早于本行营业日{self.book.business_on:%Y%m%d}，不予受理")
                question.head["_digest"] = digest
                accept(question)
                kept = self._instruction(unit, seq_no)
            elif kept["digest"] != digest:
                raise Refused("BDC2004", f"流水号{seq_no}已用于内容不同的指令")
        state = self._state_of(kept)
        return self._reply(question, kept["state"], kept["rtn_code"], kept["rtn_message"], state)

    def _keep(self, question: Message, order: dict[str, str], state: int, code: str, text: str, due: str | None, outcome: str) -> None:
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

    def _instruction(self, unit: str, seq_no: str) -> Any:
        return self.book.row("SELECT * FROM instruction WHERE unit = ? AND seq_no = ?", unit, seq_no)

    def _asked(self, question: Message) -> Any:
        found = self._instruction(question.head["TxUnitNo"], question.body.get("OrigSeqNo", ""))
        if found is None:
            raise Refused("BDC2001", f"查无流水号{question.body.get('OrigSeqNo', '')}的交易")
        return found

    def _state_of(self, instruction: Any) -> dict[str, str]:
        return {
            "OrigSeqNo": instruction["seq_no"],
            "OrigTxStatus": str(instruction["state"]),
            "OrigRtnCode": instruction["rtn_code"],
            "OrigRtnMessage": instruction["rtn_message"],
            "HostSeqNo": instruction["reference"],
            "HostDate": instruction["day"].replace("-", ""),
        }

    def _own_account(self, question: Message) -> Any:
        account = self.book.account(question.body.get("AcctNo", ""))
        if account is None or account["unit"] != question.head["TxUnitNo"]:
            raise Refused("BDC3001", f"账户{_tail(question.body.get('AcctNo', ''))}不是本单位在本行的账户")
        return account

    def _reply(
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


def detail(entry: Any) -> dict[str, str]:
    """One entry as the interface tells it, in a statement or a notice."""
    day = date.fromisoformat(entry["day"])
    return {
        "HostSeqNo": reference(day, entry["id"]),
        "TxDate": f"{day:%Y%m%d}",
        "CdFlag": "C" if entry["fen"] > 0 else "D",
        "TxAmt": _yuan(abs(entry["fen"])),
        "Balance": _yuan(entry["balance_fen"]),
        "OppAcctNo": entry["counter_no"],
        "OppAcctName": entry["counter_name"],
        "Summary": entry["summary"],
        "BusType": entry["kind"],
        "OrigSeqNo": entry["seq_no"],
    }


def _fen(text: str) -> int:
    whole, _, part = text.partition(".")
    if not whole.isdigit() or not (part.isdigit() or not part) or len(part) > 2:
        raise Refused("BDC3008", f"金额{text}不合规")
    fen = int(whole) * 100 + int(part.ljust(2, "0") or "0")
    if fen == 0:
        raise Refused("BDC3008", "金额为零")
    return fen


def _yuan(fen: int) -> str:
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def _day(text: str) -> str:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat()
    except ValueError as error:
        raise Refused("BDC9003", f"日期{text}不合规") from error


def _tail(no: str) -> str:
    return f"尾号{no[-4:]}" if no else "（空）"


def _workdays_later(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
