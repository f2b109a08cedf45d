"""各地中心: how the other city behaves when something reaches it. Decided by its own members, by faults and by seed."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from demo.bank.control import BankControl
from demo.bank.faults import Faults, UnknownFault
from demo.bank.terms import fen, yuan
from demo.national.register import PlatformBook, Register

NAMES = {
    "silent": "收到联系函后不办理",
    "slow_city": "多等 days 日才办理",
    "duplicate": "来文重复一份",
    "unreadable": "来文不能识读",
    "refuses": "转出审核不通过",
    "negotiates": "要求协商",
    "wrong_name": "账户信息的姓名差一字",
    "wrong_amount": "转移金额多一分",
    "short_pay": "少付 fen",
    "never_pays": "发账户信息后不付款",
    "never_settles": "收款后不办结",
    "cut_before": "受理前断线", "cut_after": "受理后未答复即断线", "cut_middle": "答复中途断线", "bad_signature": "答复签名错误",
    "slow": "延迟 seconds 秒答复",
}  # fmt: skip


class PlatformFaults(Faults):
    """The bank's way of choosing, with the platform's own names."""

    def set(self, settings: dict[str, dict[str, Any]]) -> None:
        if unknown := sorted(settings.keys() - NAMES.keys()):
            raise UnknownFault(f"没有这种故障：{'、'.join(unknown)}；可选：{'、'.join(NAMES)}")
        with self.book.transaction():
            self._write({**self.settings(), **settings})


class Cities:
    """Does what is due. Money is paid and looked for at the simulated bank."""

    def __init__(self, book: PlatformBook, faults: Faults, register: Register, bank_url: str) -> None:
        self.book, self.faults, self.register = book, faults, register
        self.bank = BankControl(bank_url.rstrip("/"))

    def advance_to(self, day: date) -> int:
        """Live through every day up to this one; gives how many things were done."""
        done = 0
        while self.book.business_on < day:
            with self.book.transaction():
                self.book.set_fact("business_on", (self.book.business_on + timedelta(days=1)).isoformat())
            done += self.act()
        return done

    def act(self) -> int:
        """Everything due by now."""
        due = self.book.rows("SELECT * FROM task WHERE done = 0 AND due_on <= ? ORDER BY id", self.book.business_on.isoformat())
        for task in due:
            with self.book.transaction():
                self.book.write("UPDATE task SET done = 1 WHERE id = ?", task["id"])
                self._do(self.register.letter(task["letter_no"]), task["what"])
        return len(due)

    def _do(self, letter: Any, what: str) -> None:
        fields = json.loads(letter["fields"])
        match what:
            case "answer:01":
                if letter["state"] == "01":
                    self._tell(letter["giving"], fields, "02", "确认接收")
                    self.register.plan(letter["no"], "review", 1)
            case "review" | "answer:06" if letter["state"] in ("02", "06"):
                self._review(letter, fields, again=what != "review")
            case "pay" if letter["state"] == "08":
                self._pay(letter, fields)
            case "answer:08" | "look" if letter["state"] == "08":
                self._look(letter, fields)

    def _review(self, letter: Any, fields: dict[str, str], *, again: bool) -> None:
        """The giving city decides on our letter; after a negotiation without its first mistake."""
        if self.book.row("SELECT 1 FROM city WHERE org = ?", letter["giving"]) is None:
            self._tell(letter["taking"], fields, "06", "姓名已核对，请按证件办理")
            return
        number, giving = letter["no"], letter["giving"]
        member = self.book.row("SELECT * FROM member WHERE id_number = ? AND org = ?", fields["IdNum"], giving)
        if member is None:
            self._tell(giving, fields, "13", "查无此账户")
        elif not again and self.faults.strikes("refuses", number):
            self._tell(giving, fields, "13", "审核不通过")
        elif not again and (member["name"] != fields["EmpName"] or self.faults.strikes("negotiates", number)):
            self._tell(giving, fields, "06", "姓名与账户不完全一致，请核对")
        else:
            wrong_name = not again and self.faults.strikes("wrong_name", number)
            wrong_amount = not again and self.faults.strikes("wrong_amount", number)
            amount = member["principal_fen"] + member["interest_fen"] + (1 if wrong_amount else 0)
            name = member["name"][:-1] + "甡" if wrong_name else member["name"]
            self._tell(giving, fields | {
                "OrAcctName": name, "OrIdNum": member["id_number"], "TrOutAcct": member["account_no"], "TranAmt": yuan(amount),
                "OrAcctAmt": yuan(member["principal_fen"]), "Yinter": yuan(member["interest_fen"]), "OpenDate": member["opened"],
                "PayEndMonth": member["through"], "SixMconFlag": str(member["six"]), "LoanNum": str(member["loans"]),
                "LoanEndFlag": str(member["ended"]), "FrLoanFlag": str(member["fraud"]),
            }, "08", "账户信息复核通过")  # fmt: skip
            if not self.faults.strikes("never_pays", number):
                self.register.plan(number, "pay", 1)

    def _pay(self, letter: Any, fields: dict[str, str]) -> None:
        """Once for a letter, whatever is negotiated afterwards."""
        number = letter["no"]
        if self.book.fact(f"paid:{number}"):
            return
        short = self.faults.strikes("short_pay", number)
        city = self.book.row("SELECT * FROM city WHERE org = ?", letter["giving"])
        assert city is not None
        amount = fen(fields["TranAmt"]) - (int(short.get("fen", 1)) if short else 0)
        self.bank.pay(city["account_no"], fields["RecAcctNo"], amount, number, city["name"])
        self.book.set_fact(f"paid:{number}", str(amount))

    def _look(self, letter: Any, fields: dict[str, str]) -> None:
        """The taking city waits for our money, under the letter's number and to the fen."""
        city = self.book.row("SELECT * FROM city WHERE org = ?", letter["taking"])
        if city is None or self.faults.strikes("never_settles", letter["no"]):
            return
        came = [entry for entry in self.bank.entries(city["account_no"]) if letter["no"] in entry["summary"]]
        if sum(entry["fen"] for entry in came) == fen(fields["TranAmt"]):
            self._tell(letter["taking"], fields, "00", "转入资金已入账")
        else:
            self.register.plan(letter["no"], "look", 1)

    def _tell(self, org: str, fields: dict[str, str], state: str, words: str) -> None:
        self.register.told(org, {**fields, "ConStat": state, "Remark": words})

    def write(self, city: str, to_org: str, said: dict[str, str]) -> str:
        """Another city's letter that asks for an account of ours; gives its number."""
        with self.book.transaction():
            day = self.book.business_on
            sequence = int(self.book.fact(f"sequence:{city}:{day}", "0")) + 1
            self.book.set_fact(f"sequence:{city}:{day}", str(sequence))
            number = said.get("number") or f"{city[:6]}{day:%y%m%d}{sequence:04d}"
            taking = self.book.row("SELECT * FROM city WHERE org = ?", city)
            assert taking is not None
            digits = int.from_bytes(hashlib.sha256(number.encode()).digest()[:5], "big")
            self.register.told(city, {
                "ConNum": number, "ConStat": "01", "EmpName": said["name"], "IdType": said.get("id_type", "01"), "IdNum": said["id_number"],
                "TrInOrgCode": city, "TrInOrgName": taking["name"], "TrOutOrgCode": to_org, "TrOutOrgName": "", "TrInAcct": f"{digits:012d}",
                "TrOutAcct": said.get("account_no", ""), "RecAcctName": said.get("payee_name") or taking["name"],
                "RecAcctNo": taking["account_no"], "Remark": "",
            })  # fmt: skip
        return number
