"""查询: results, statements, balances, bank codes. Nothing is entered."""

from __future__ import annotations

from demo.bank.desk import Desk
from demo.bank.terms import DONE, OK, day_of, detail, yuan
from hpf.treasury.gateways.wire import Message

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


class Questions(Desk):
    def instruction_result(self, question: Message) -> Message:
        """BDC110: what became of an instruction, by its original SendSeqNo."""
        return self.reply(question, DONE, OK, "成功", self.state_of(self.asked(question)))

    def bank_codes(self, question: Message) -> Message:
        wanted = question.body.get("BankName", "")
        found = [{"BankCode": code, "BankName": name} for code, name in BANKS.items() if wanted in name]
        return self.reply(question, DONE, OK, "成功", {"TotalNum": str(len(found))}, {"Bank": found})

    def details(self, question: Message) -> Message:
        """BDC113: one account's entries of the days asked, page by page, with the balances around them."""
        account = self.own_account(question)
        begin, end = day_of(question.body["BeginDate"]), day_of(question.body["EndDate"])
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
            if self.faults.strikes("duplicate_lines", entry["reference"]):
                lines.append(detail(entry))
        return self.reply(
            question,
            DONE,
            OK,
            "成功",
            {
                "AcctNo": account["no"],
                "OpenBalance": yuan(self._balance_before(account["no"], begin)),
                "CloseBalance": yuan(self._balance_through(account["no"], end)),
                "TotalNum": str(total),
                "PageNo": str(page),
                "PageCount": str(-(-total // PAGE_LINES) or 1),
            },
            {"Detail": lines},
        )

    def balance(self, question: Message) -> Message:
        account = self.own_account(question)
        return self.reply(
            question, DONE, OK, "成功", {"AcctNo": account["no"], "AcctName": account["name"], "Balance": yuan(account["balance_fen"])}
        )

    def _balance_before(self, no: str, day: str) -> int:
        moved = self.book.row("SELECT coalesce(sum(fen), 0) fen FROM entry WHERE account_no = ? AND day >= ?", no, day)
        return self.book.account(no)["balance_fen"] - moved["fen"]

    def _balance_through(self, no: str, day: str) -> int:
        moved = self.book.row("SELECT coalesce(sum(fen), 0) fen FROM entry WHERE account_no = ? AND day > ?", no, day)
        return self.book.account(no)["balance_fen"] - moved["fen"]
