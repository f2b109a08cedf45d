"""接入: signed questions in, signed answers out, and the control interface. Questions are reads: asked twice, answered twice.

Nonces live in memory for as long as a signature may be used; the process answers nothing it would have to remember.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import deque
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from demo.departments.answers import Answers
from demo.departments.faults import Faults, UnknownFault
from demo.departments.registry import Registry
from hpf.sharing.gateways import wire
from hpf.sharing.rules import CATALOGUE, DEPARTMENTS, FIELDS, FieldKind

LARGEST_BODY_BYTES = 64 * 1024 * 1024
SEEN_KEPT = 200
TOLD = frozenset({"person", "facts", "marry", "bear", "home", "evidence", "unit"})
"""What is so because somebody said so; a later process is told it again."""


class NotTaken(Exception):
    """The question may not be answered: forged, replayed, or no question."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Departments:
    """Everything the running process holds."""

    def __init__(self, secret: bytes, *, seed: int, delay_ms: int = 0) -> None:
        self.secret, self.delay_ms = secret, delay_ms
        self.registry, self.faults = Registry(secret, seed), Faults(seed)
        self.answers = Answers(self.registry)
        self.seen: deque[dict[str, Any]] = deque(maxlen=SEEN_KEPT)
        self.counts: dict[str, int] = {}
        self.last: dict[str, tuple[dict[str, str], bytes]] = {}
        self.told: list[list[Any]] = []
        self._nonces: dict[str, float] = {}
        self._lock = threading.Lock()

    def opened(self, department: str, content: bytes, headers: dict[str, str]) -> tuple[str, dict[str, Any]]:
        """The nonce and the question, its signature checked and its nonce taken once."""
        if department not in DEPARTMENTS:
            raise NotTaken(404, "没有这个部门")
        now = time.time()
        try:
            nonce = wire.verify(wire.signing_key(self.secret, department), content, headers, to=department, epoch=int(now))
            question = wire.decode(content)
        except wire.BadSignature as error:
            raise NotTaken(401, str(error)) from error
        except wire.NotAMessage as error:
            raise NotTaken(400, str(error)) from error
        with self._lock:
            if nonce in self._nonces:
                raise NotTaken(409, "报文重放：随机数已用过")
            self._nonces[nonce] = now
            self._nonces = {kept: at for kept, at in self._nonces.items() if at > now - 3 * wire.CLOCK_TOLERANCE_SECONDS}
            self.seen.append({"department": department, **question})
            self.counts[department] = self.counts.get(department, 0) + 1
        return nonce, question

    def record(self, department: str, question: dict[str, Any]) -> dict[str, Any]:
        """What the department says to the question: as small as it was asked."""
        service, terms = f"{department}.{question.get('service')}", question.get("terms") or {}
        base = {"question_no": question.get("question_no")}
        offered = CATALOGUE.get(service)
        if offered is None or not set(question.get("fields") or ["?"]) <= set(offered.fields):
            return {**base, "status": "REFUSED", "reason": "本部门没有所问的服务或项目"}
        on = date.fromisoformat(question["as_of"])
        known = self.answers.answer(department, offered.code, question["subject"], terms, on)
        if known is None:
            return {**base, "status": "REFUSED", "reason": "本部门没有所问的服务或项目"}
        return {**base, "status": "ANSWERED", "fields": {name: known[name] for name in question["fields"]}, "as_of": on.isoformat()}

    # -- control: what the demo and the tests tell the departments

    def control(self, path: str, said: dict[str, Any]) -> Any:
        registry = self.registry
        if path in TOLD:
            self.told.append([path, said])
        match path:
            case "state":
                return {"people": len(registry.people), "faults": self.faults.settings(), "counts": self.counts}
            case "people":
                registry.settle(said["people"])
                return {"people": len(registry.people)}
            case "person":
                ref = registry.name(said["id_kind"], said["id_number"], said.get("place", ""), said.get("left_on"))
                self._tell(ref, said.get("facts", {}))
                return {"ref": ref}
            case "facts":
                self._tell(said["ref"], said["facts"])
                return {}
            case "marry":
                registry.marry(said["one"], said["other"])
                return {}
            case "home":
                return {"house_no": self.answers.homes.tell(**said).house_no}
            case "told":
                return {"told": self.told}
            case "bear":
                registry.bear(said["child"], tuple(said["parents"]))
                return {}
            case "family":
                children = registry.children(said["ref"], date.fromisoformat(said["on"]))
                return {
                    "spouse": registry.spouse(said["ref"]),
                    "parents": registry.parents(said["ref"]),
                    "children": [c for c, _ in children],
                }
            case "answer":
                on = date.fromisoformat(said["on"])
                return {"fields": self.answers.answer(said["department"], said["service"], said["ref"], said.get("terms", {}), on)}
            case "evidence":
                self.answers.evidence.add(said["evidence"])
                return {}
            case "unit":
                self.answers.units[said["uscc"]] = {"unit_state": said["unit_state"], "unit_closed_on": said.get("unit_closed_on")}
                return {}
            case "faults":
                self.faults.set(said["faults"])
                return {"faults": self.faults.settings()}
            case "no_faults":
                self.faults.clear()
                return {"faults": {}}
            case "delay":
                self.delay_ms = int(said["delay_ms"])
                return {}
            case "seen":
                return {"questions": list(self.seen)}
        raise KeyError(path)

    def _tell(self, ref: str, facts: dict[str, Any]) -> None:
        strange = sorted(facts.keys() - FIELDS.keys())
        if strange:
            raise ValueError(f"没有这些项目：{'、'.join(strange)}")
        self.registry.facts[ref] = {**self.registry.facts.get(ref, {}), **facts}


class Door(BaseHTTPRequestHandler):
    departments: Departments
    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024

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
            self._answer(self.path.strip("/"), content)

    def _control(self, path: str, content: bytes) -> None:
        try:
            answer, status = self.departments.control(path, json.loads(content or b"{}")), 200
        except (KeyError, ValueError, TypeError, UnknownFault) as error:
            answer, status = {"error": str(error)}, 400
        self._send(status, json.dumps(answer, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"})

    def _answer(self, department: str, content: bytes) -> None:
        all_ = self.departments
        try:
            nonce, question = all_.opened(department, content, dict(self.headers))
            record = all_.record(department, question)
        except NotTaken as refused:
            self._send(refused.status, str(refused).encode())
            return
        except (KeyError, TypeError, ValueError):
            self._send(400, "问题要素不全".encode())
            return
        if all_.delay_ms:
            time.sleep(all_.delay_ms / 1000)
        self._speak(department, question, nonce, record, self.headers.get(wire.FROM, ""))

    def _speak(self, department: str, question: dict[str, Any], nonce: str, record: dict[str, Any], to: str) -> None:
        """The answer, with whatever goes wrong on its way."""
        all_ = self.departments

        def strikes(name: str) -> dict[str, Any] | None:
            return all_.faults.strikes(name, str(question.get("question_no")), department, str(question.get("service")))

        if silent := strikes("silent"):
            time.sleep(float(silent.get("seconds", 30)))
            self._cut()
            return
        if strikes("server_error"):
            self._send(500, b"")
            return
        if slow := strikes("slow"):
            time.sleep(float(slow.get("seconds", 1)))
        body = b"<html>" if strikes("broken") else wire.encode({"records": _spoilt(record, strikes)})
        signer = department
        if strikes("other_department"):
            signer = "MARKET" if department != "MARKET" else "TAX"
        key = b"somebody else" if strikes("wrong_signature") else wire.signing_key(all_.secret, signer)
        headers = wire.sign(key, body, sender=department, to=to, epoch=int(time.time()), nonce=secrets.token_hex(16), question=nonce)
        if strikes("replay") and department in all_.last:
            headers, body = all_.last[department]
        else:
            all_.last[department] = headers, body
        self._send(200, body, {**headers, "Content-Type": "application/json; charset=utf-8"}, cut=strikes("cut_middle") is not None)

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


def _spoilt(record: dict[str, Any], strikes: Any) -> list[dict[str, Any]]:
    """The records to send: one, unless a fault says otherwise."""
    if refuse := strikes("refuse"):
        record = {"question_no": record["question_no"], "status": "REFUSED", "reason": refuse.get("reason", "系统维护，暂不提供查询")}
    fields = record.get("fields")
    if fields is not None:
        if strikes("contradicting"):
            record = {**record, "fields": _against(fields)}
        if strikes("missing_field"):
            record = {**record, "fields": dict(list(fields.items())[1:])}
        if strikes("chatty"):
            record = {**record, "fields": {**record["fields"], "name": "张三", "id_number": "620102199003070018", "address": "城关区"}}
        if stale := strikes("stale"):
            record = {**record, "as_of": (date.fromisoformat(record["as_of"]) - timedelta(days=int(stale.get("days", 400)))).isoformat()}
    if strikes("other_question"):
        record = {**record, "question_no": "CX000000000000000000"}
    if strikes("duplicate"):
        return [record, record]
    if strikes("twice_different") and fields is not None:
        return [record, {**record, "fields": _against(fields)}]
    return [record]


def _against(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields that say something else: a married person without a spouse, a debt that is paid off and open, one home more."""
    changed = dict(fields)
    if changed.get("spouse_ref"):
        changed["spouse_ref"] = None
    elif "spouse_ref" in changed:
        changed["marital_state"] = "MARRIED"
    elif changed.get("loan_balance_fen"):
        changed["paid_off_on"] = "2020-01-01"
    else:
        for name, value in fields.items():
            kind = FIELDS[name].kind
            if kind is FieldKind.FLAG and value is not None:
                changed[name] = not value
            elif kind in (FieldKind.COUNT, FieldKind.FEN) and value is not None:
                changed[name] = value + 1
    return changed


def serve(departments: Departments, port: int) -> ThreadingHTTPServer:
    """Listen on loopback only. Port 0 takes a free one."""
    door = type("DoorOfTheseDepartments", (Door,), {"departments": departments})
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer.request_queue_size = 128
    return ThreadingHTTPServer(("127.0.0.1", port), door)
