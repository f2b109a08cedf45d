"""批量: files of payments or collections, line by line."""

from __future__ import annotations

import json
from typing import Any

from demo.bank.desk import Desk
from demo.bank.terms import DONE, FAILED, OK, PROCESSING, Refused, fen, tail, workdays_later, yuan
from hpf.treasury.gateways.wire import Message

SEPARATOR = "@|$"


class Batches(Desk):
    def instruct_batch(self, question: Message) -> Message:
        """BDC103 pay many, BDC104 collect from many: a file of lines `no@|$account@|$name@|$amount@|$summary`."""
        return self.once(question, self._accept_batch)

    def _accept_batch(self, question: Message) -> None:
        head, order = question.head, dict(question.body)
        lines = [line.split(SEPARATOR) for line in order.pop("BatchFile", "").splitlines() if line]
        own = self.book.account(order.get("AcctNo", ""))
        if own is None or own["unit"] != head["TxUnitNo"]:
            raise Refused("BDC3001", f"账户{tail(order.get('AcctNo', ''))}不是本单位在本行的账户")
        if not lines or any(len(line) < 4 for line in lines):
            raise Refused("BDC3006", "批量文件为空或字段不足")
        if len(lines) != int(order.get("TotalNum", "-1")) or sum(fen(line[3]) for line in lines) != fen(order.get("TotalAmt", "")):
            raise Refused("BDC3007", "批量文件笔数或金额与汇总不符")
        setting = self.faults.strikes("processing", head["SendSeqNo"], question.code) or {}
        due = workdays_later(self.book.business_on, int(setting.get("days", 0))).isoformat()
        self.keep(question, order, PROCESSING, "BDC0002", "批量处理中", due, "DONE")
        for no, account_no, name, amount, *_ in lines:
            self.book.write(
                "INSERT INTO batch_line (unit, seq_no, line_no, account_no, name, fen) VALUES (?, ?, ?, ?, ?, ?)",
                head["TxUnitNo"],
                head["SendSeqNo"],
                no,
                account_no,
                name,
                fen(amount),
            )
        if not setting:
            self.execute_batch(self.instruction(head["TxUnitNo"], head["SendSeqNo"]))

    def execute_batch(self, instruction: Any) -> None:
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
        batch = self.asked(question)
        lines = self.book.rows(
            "SELECT state, count(*) n, sum(fen) fen FROM batch_line WHERE unit = ? AND seq_no = ? GROUP BY state",
            batch["unit"],
            batch["seq_no"],
        )
        sums = {line["state"]: (line["n"], line["fen"]) for line in lines}
        done, failed = sums.get(DONE, (0, 0)), sums.get(FAILED, (0, 0))
        return self.reply(
            question,
            DONE,
            OK,
            "成功",
            {
                **self.state_of(batch),
                "SuccNum": str(done[0]),
                "SuccAmt": yuan(done[1]),
                "FailNum": str(failed[0]),
                "FailAmt": yuan(failed[1]),
            },
        )

    def batch_lines(self, question: Message) -> Message:
        batch = self.asked(question)
        if batch["state"] == PROCESSING:
            raise Refused("BDC2002", "批量尚在处理，结果文件未生成")
        lines = self.book.rows("SELECT * FROM batch_line WHERE unit = ? AND seq_no = ? ORDER BY line_no", batch["unit"], batch["seq_no"])
        text = "\n".join(SEPARATOR.join((line["line_no"], yuan(line["fen"]), str(line["state"]), line["message"])) for line in lines)
        return self.reply(question, DONE, OK, "成功", {**self.state_of(batch), "BatchFile": text})
