"""接入: signed messages in and out over HTTP, the control interface, and the pushing of notices."""

from __future__ import annotations

import json
import secrets
import threading
import time
import urllib.request
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from demo.bank.book import Book
from demo.bank.business import Business
from demo.bank.days import advance_to
from demo.bank.faults import Faults, UnknownFault
from demo.bank.payers import NoSuchAccount, Payers
from demo.bank.terms import detail
from hpf.treasury.gateways import wire

LARGEST_BODY_BYTES = 64 * 1024 * 1024


@dataclass
class Bank:
    """Everything one running bank holds."""

    book: Book
    faults: Faults
    payers: Payers
    business: Business
    key: bytes

    @classmethod
    def open(cls, path: str, *, seed: int, key: bytes, first_day: date) -> Bank:
        book = Book(path, first_day=first_day)
        faults = Faults(book, seed)
        payers = Payers(book, faults)
        return cls(book, faults, payers, Business(book, faults, payers), key)

    def remember(self, nonce: str) -> None:
        """A nonce counts once within the time the signature allows."""
        now = int(time.time())
        with self.book.transaction():
            if self.book.row("SELECT 1 FROM nonce WHERE nonce = ?", nonce):
                raise wire.BadSignature("报文重放：随机数已用过")
            self.book.write("INSERT INTO nonce VALUES (?, ?)", nonce, now)
            self.book.write("DELETE FROM nonce WHERE epoch < ?", now - 4 * wire.CLOCK_TOLERANCE_SECONDS)

    # -- control: what the demo tells the bank

    def control(self, path: str, said: dict[str, Any]) -> Any:
        match path:
            case "state":
                return {"business_on": self.book.business_on.isoformat(), "faults": self.faults.settings()}
            case "account":
                self.book.set_account(
                    said["no"], said["name"], said.get("kind", "PUBLIC"), unit=said.get("unit", ""), balance_fen=said.get("balance_fen")
                )
                return {"no": said["no"]}
            case "accounts":
                with self.book.transaction():
                    for item in said["accounts"]:
                        self.control("account", item)
                return {"count": len(said["accounts"])}
            case "card":
                return self.control("account", {**said, "kind": "CARD"})
            case "pay":
                return {"references": self._pay(said)}
            case "pay_many":
                with self.book.transaction():
                    return {"references": [self._pay(item) for item in said["payments"]]}
            case "stranger":
                return {"reference": self.payers.stranger(said["to_account"], said["amount_fen"])}
            case "fee":
                with self.book.transaction():
                    return {"reference": self.payers.fee(said["account"], said["amount_fen"], said.get("summary", "手续费"))}
            case "advance":
                return {**advance_to(self.business, date.fromisoformat(said["to"])), "business_on": self.book.business_on.isoformat()}
            case "faults":
                self.faults.set(said["faults"])
                return {"faults": self.faults.settings()}
            case "no_faults":
                self.faults.clear()
                return {"faults": {}}
            case "settings":
                with self.book.transaction():
                    for name in ("notice_url", "deposit_rate_millionths"):
                        if name in said:
                            self.book.set_fact(name, str(said[name]))
                return {}
            case "balance":
                account = self.book.account(said["no"])
                if account is None:
                    raise NoSuchAccount(f"本行没有账户{said['no']}")
                return {"balance_fen": account["balance_fen"], "name": account["name"]}
            case "entries":
                return {
                    "entries": [dict(row) for row in self.book.rows("SELECT * FROM entry WHERE account_no = ? ORDER BY id", said["no"])]
                }
        raise KeyError(path)

    def _pay(self, said: dict[str, Any]) -> list[str]:
        return self.payers.pay(
            said["from_account"], said["to_account"], said["amount_fen"], said.get("summary", ""), said.get("from_name", "")
        )


class Door(BaseHTTPRequestHandler):
    bank: Bank
    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._control(self.path.removeprefix("/control/"), b"{}")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY_BYTES:
            self._send(413, b"")
            return
        content = self.rfile.read(length)
        if self.path.startswith("/control/"):
            self._control(self.path.removeprefix("/control/"), content)
        else:
            self._settle(content)

    def _control(self, path: str, content: bytes) -> None:
        try:
            answer, status = self.bank.control(path, json.loads(content or b"{}")), 200
        except (KeyError, ValueError, TypeError, UnknownFault, NoSuchAccount) as error:
            answer, status = {"error": str(error)}, 400
        self._send(status, json.dumps(answer, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"})

    def _settle(self, content: bytes) -> None:
        bank = self.bank
        try:
            nonce = wire.verify(bank.key, content, dict(self.headers), epoch=int(time.time()))
            bank.remember(nonce)
            question = wire.decode(content)
            if question.head.get("TxUnitNo") != self.headers.get(wire.UNIT):
                raise wire.BadSignature("报文头单位与签名单位不符")
        except (wire.BadSignature, wire.NotAMessage) as error:
            self._send(401, str(error).encode())
            return
        subject, code = question.head.get("SendSeqNo", ""), question.code
        if bank.faults.strikes("cut_before", subject, code):
            self._cut()
            return
        reply = wire.encode(bank.business.answer(question))
        if slow := bank.faults.strikes("slow", subject, code):
            time.sleep(float(slow.get("seconds", 1)))
        if bank.faults.strikes("cut_after", subject, code):
            self._cut()
            return
        key = b"somebody else" if bank.faults.strikes("bad_signature", subject, code) else bank.key
        headers = wire.sign(key, reply, unit="BDC", epoch=int(time.time()), nonce=secrets.token_hex(16), question=nonce)
        half = bank.faults.strikes("cut_middle", subject, code)
        self._send(200, reply, {"Content-Type": "application/xml; charset=utf-8", **headers}, cut=half is not None)

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None, *, cut: bool = False) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self._cut()

    def _cut(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        return


class Pusher(threading.Thread):
    """Pushes notices (SBDC100) until the platform confirms each one, again and again with growing pauses."""

    def __init__(self, bank: Bank) -> None:
        super().__init__(daemon=True, name="notices")
        self.bank = bank

    def run(self) -> None:
        while True:
            time.sleep(0.1)
            url = self.bank.book.fact("notice_url")
            if url:
                self.push_due(url)

    def push_due(self, url: str) -> None:
        book = self.bank.book
        due = book.rows(
            "SELECT e.*, n.id AS notice_id, n.unit, n.attempts FROM notice n JOIN entry e ON e.id = n.entry_id"
            " WHERE n.delivered = 0 AND n.next_epoch <= ? AND n.not_before <= ? ORDER BY n.id LIMIT 50",
            int(time.time()),
            book.business_on.isoformat(),
        )
        for notice in due:
            confirmed = self._push(url, notice)
            with book.transaction():
                if confirmed:
                    book.write("UPDATE notice SET delivered = 1 WHERE id = ?", notice["notice_id"])
                else:
                    pause = min(300, 2 ** min(notice["attempts"], 8))
                    book.write(
                        "UPDATE notice SET attempts = attempts + 1, next_epoch = ? WHERE id = ?",
                        int(time.time()) + pause,
                        notice["notice_id"],
                    )

    def _push(self, url: str, notice: Any) -> bool:
        day = f"{self.bank.book.business_on:%Y%m%d}"
        message = wire.Message(
            {
                "SendDate": day,
                "SendTime": "120000",
                "SendSeqNo": f"N{notice['notice_id']:015d}",
                "TxUnitNo": notice["unit"],
                "SendNode": "BDC",
                "TxCode": "SBDC100",
                "ReceiveNode": notice["unit"],
                "CustNo": notice["unit"],
                "OperNo": "BDC",
            },
            {"AcctNo": notice["account_no"], **detail(notice)},
        )
        content, nonce = wire.encode(message), secrets.token_hex(16)
        headers = wire.sign(self.bank.key, content, unit="BDC", epoch=int(time.time()), nonce=nonce)
        asked = urllib.request.Request(url, data=content, headers={**headers, "Content-Type": "application/xml; charset=utf-8"})
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                body = answer.read()
                wire.verify(self.bank.key, body, dict(answer.headers), epoch=int(time.time()), question=nonce)
                return wire.decode(body).head.get("TxStatus") == "0"
        except (OSError, ValueError):
            return False


def serve(bank: Bank, port: int) -> ThreadingHTTPServer:
    """Listen on loopback only. Port 0 takes a free one."""
    door = type("DoorOfThisBank", (Door,), {"bank": bank})
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer.request_queue_size = 128
    return ThreadingHTTPServer(("127.0.0.1", port), door)
