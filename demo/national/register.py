"""登记簿: letters, deliveries, and what a centre may do to a letter. One message in, one answer out, once per SendSeqNo."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from demo.bank.book import Book
from demo.bank.desk import Desk
from demo.bank.faults import Faults
from demo.bank.payers import Payers
from demo.bank.terms import DONE, FAILED, OK, Refused
from hpf.treasury.gateways.wire import Message

SCHEMA = """
CREATE TABLE IF NOT EXISTS centre (org TEXT PRIMARY KEY, unit TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS city (org TEXT PRIMARY KEY, name TEXT NOT NULL, account_no TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS member (
    id_number TEXT NOT NULL, org TEXT NOT NULL, name TEXT NOT NULL, account_no TEXT NOT NULL, principal_fen INTEGER NOT NULL,
    interest_fen INTEGER NOT NULL, opened TEXT NOT NULL, through TEXT NOT NULL, six INTEGER NOT NULL DEFAULT 1, loans INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 1, fraud INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id_number, org));
CREATE TABLE IF NOT EXISTS letter (
    no TEXT PRIMARY KEY, taking TEXT NOT NULL, giving TEXT NOT NULL, state TEXT NOT NULL, day TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT, org TEXT NOT NULL, letter_no TEXT NOT NULL, fields TEXT NOT NULL, not_before TEXT NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS task (
    id INTEGER PRIMARY KEY AUTOINCREMENT, due_on TEXT NOT NULL, letter_no TEXT NOT NULL, what TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0);
"""
MOVES = {
    ("01", "02"): "giving", ("01", "05"): "taking", ("02", "08"): "giving", ("02", "13"): "giving", ("02", "06"): "giving",
    ("06", "02"): "giving", ("06", "08"): "giving", ("06", "13"): "giving", ("06", "20"): "both", ("06", "40"): "both", ("06", "06"): "both",
    ("08", "06"): "both", ("08", "00"): "taking", ("08", "40"): "giving", ("08", "08"): "giving",
}  # fmt: skip


class PlatformBook(Book):
    """The platform's file; the tables of instructions and nonces are the bank's."""

    def __init__(self, path: str, *, first_day: date) -> None:
        super().__init__(path, first_day=first_day)
        self._db.executescript(SCHEMA)


class Register(Desk):
    """The platform's own rules. What a city does is told by `city` when it is one of the simulated ones."""

    def __init__(self, book: PlatformBook, faults: Faults) -> None:
        super().__init__(book, faults, Payers(book, faults))

    def answer(self, question: Message) -> Message:
        try:
            match question.code:
                case "901" | "902" | "903" | "904" | "905" | "906":
                    return self.once(question, self._accept)
                case "907":
                    return self.reply(question, DONE, OK, "成功", self.state_of(self.asked(question)))
                case "908":
                    return self._mail(question)
                case "909":
                    return self._letters(question)
                case _:
                    raise Refused("TR9001", f"不支持的交易代码{question.code}")
        except Refused as refusal:
            return self.reply(question, FAILED, refusal.code, str(refusal))

    def _accept(self, question: Message) -> None:
        code, text, state = OK, "成功", DONE
        try:
            self.told(self._org(question), dict(question.body))
        except Refused as refusal:
            code, text, state = refusal.code, str(refusal), FAILED
        self.keep(question, {"ConNum": question.body.get("ConNum", "")}, state, code, text, None, "DONE")

    def told(self, org: str, fields: dict[str, str]) -> None:
        """A centre or city says where a letter stands; kept, and delivered to the other one."""
        number, wanted = fields.get("ConNum", ""), fields.get("ConStat", "")
        if wanted == "01":
            self._open(org, number, fields)
            return
        letter = self.letter(number)
        side = "taking" if org == letter["taking"] else "giving" if org == letter["giving"] else ""
        if not side:
            raise Refused("TR2001", f"联系函{number}与机构{org}无关")
        if MOVES.get((letter["state"], wanted)) not in (side, "both"):
            raise Refused("TR2002", f"联系函{number}现状态{letter['state']}，不能改为{wanted}")
        kept = {**json.loads(letter["fields"]), **fields}
        self.book.write(
            "UPDATE letter SET state = ?, day = ?, fields = ? WHERE no = ?",
            wanted, self.book.business_on.isoformat(), json.dumps(kept, ensure_ascii=False), number,
        )  # fmt: skip
        self.deliver(letter["giving"] if side == "taking" else letter["taking"], number, {**kept, "Remark": fields.get("Remark", "")})

    def _open(self, org: str, number: str, fields: dict[str, str]) -> None:
        if fields.get("TrInOrgCode", "")[:6] != org[:6] or not number.startswith(org[:6]):
            raise Refused("TR2003", f"联系函{number}的转入地不是发函机构{org}")
        if self.book.row("SELECT 1 FROM letter WHERE no = ?", number):
            raise Refused("TR2004", f"联系函编号{number}已用过")
        giving = fields.get("TrOutOrgCode", "")
        if not self.book.row("SELECT 1 FROM city WHERE org = ? UNION SELECT 1 FROM centre WHERE org = ?", giving, giving):
            raise Refused("TR2005", f"没有机构代码{giving}")
        self.book.write(
            "INSERT INTO letter VALUES (?, ?, ?, '01', ?, ?)",
            number, fields["TrInOrgCode"], giving, self.book.business_on.isoformat(), json.dumps(fields, ensure_ascii=False),
        )  # fmt: skip
        self.deliver(giving, number, fields)

    def deliver(self, org: str, number: str, fields: dict[str, str]) -> None:
        """To one of our centres as mail; to a simulated city as something to do some days later."""
        if self.book.row("SELECT 1 FROM city WHERE org = ?", org):
            if self.faults.strikes("silent", number):
                return
            slow = self.faults.strikes("slow_city", f"{number}:{fields['ConStat']}")
            self.plan(number, f"answer:{fields['ConStat']}", 1 + (int(slow.get("days", 5)) if slow else 0))
            return
        copies = 2 if self.faults.strikes("duplicate", f"{number}:{fields['ConStat']}") else 1
        for _ in range(copies):
            self.book.write(
                "INSERT INTO mail (org, letter_no, fields, not_before) VALUES (?, ?, ?, ?)",
                org, number, json.dumps(fields, ensure_ascii=False), self.book.business_on.isoformat(),
            )  # fmt: skip

    def plan(self, number: str, what: str, days: int) -> None:
        due = self.book.business_on + timedelta(days=days)
        self.book.write("INSERT INTO task (due_on, letter_no, what) VALUES (?, ?, ?)", due.isoformat(), number, what)

    def letter(self, number: str) -> Any:
        found = self.book.row("SELECT * FROM letter WHERE no = ?", number)
        if found is None:
            raise Refused("TR2006", f"没有联系函{number}")
        return found

    def _org(self, question: Message) -> str:
        found = self.book.row("SELECT org FROM centre WHERE unit = ?", question.head.get("TxUnitNo", ""))
        if found is None:
            raise Refused("TR2007", f"单位{question.head.get('TxUnitNo', '')}没有接入转移接续平台")
        return str(found["org"])

    def _mail(self, question: Message) -> Message:
        org = self._org(question)
        if item := question.body.get("TakenItemNo"):
            with self.book.transaction():
                self.book.write("UPDATE mail SET taken = 1 WHERE id = ? AND org = ?", int(item.removeprefix("M")), org)
            return self.reply(question, DONE, OK, "成功")
        rows = self.book.rows("SELECT * FROM mail WHERE org = ? AND taken = 0 ORDER BY id LIMIT 200", org)
        records = [{"ItemNo": f"M{row['id']:012d}", **json.loads(row["fields"])} for row in rows]
        if self.faults.strikes("unreadable", question.head["SendSeqNo"]) and records:
            records[0] = {"ItemNo": records[0]["ItemNo"], "ConNum": "？"}
        return self.reply(question, DONE, OK, "成功", {"TotalNum": str(len(records))}, {"Mail": records})

    def _letters(self, question: Message) -> Message:
        org, text = self._org(question), question.body.get("SinceDate", "")
        since = date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat()
        rows = self.book.rows(
            "SELECT * FROM letter WHERE (taking = ? OR giving = ?) AND (day >= ? OR state IN ('01', '02', '06', '08')) ORDER BY no",
            org,
            org,
            since,
        )
        records = []
        for row in rows:
            amount = json.loads(row["fields"]).get("TranAmt", "")
            records.append({"ConNum": row["no"], "ConStat": row["state"], "TranAmt": amount})
        return self.reply(question, DONE, OK, "成功", {"TotalNum": str(len(records))}, {"Letter": records})
