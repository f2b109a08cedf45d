"""接入: papers out, answers in, and the control interface of the demo and the tests."""

from __future__ import annotations

import hmac
import http.client
import json
import secrets
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from demo.court.faults import Faults, UnknownFault
from hpf.access.rules import CALL_CLOCK_TOLERANCE, call_signature

LARGEST_BODY_BYTES = 32 * 1024 * 1024


class CourtPlatform:
    """Courts by client number with their secrets, what they sent, and what they were told."""

    def __init__(self, door: str) -> None:
        self.door, self.faults = door, Faults()
        self.secrets: dict[str, str] = {}
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.nonces: set[str] = set()
        self.counts = {"sent": 0, "answers": 0, "repeated": 0, "refused": 0}
        self.lock = threading.Lock()

    # -- papers out

    def send(self, client_no: str, order: dict[str, Any]) -> list[dict[str, Any]]:
        """Send one paper; gives every reply there was: more than one when a fault made the platform send again."""
        body = json.dumps(order, ensure_ascii=False).encode()
        if self.faults.strikes("cut"):
            self._send_half(client_no, body)
        forged, stale = self.faults.strikes("forged"), self.faults.strikes("stale")
        headers = self._signed(
            client_no, body, "POST", urlsplit(self.door).path, secret="somebody else" if forged else None, late=3600 if stale else 0
        )  # fmt: skip
        replies = [self._post(body, headers)]
        if self.faults.strikes("replayed"):
            replies.append(self._post(body, headers))
        if self.faults.strikes("duplicated"):
            replies.append(self._post(body, self._signed(client_no, body, "POST", urlsplit(self.door).path)))
        with self.lock:
            self.counts["sent"] += len(replies)
        return replies

    def ask(self, client_no: str, request_no: str) -> dict[str, Any]:
        """Ask what became of a paper, by the court's own number."""
        parts = urlsplit(self.door)
        path = f"{parts.path.rstrip('/')}/{request_no}"
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        connection.request("GET", path, headers=self._signed(client_no, b"", "GET", path))
        return _reply(connection.getresponse())

    def _signed(
        self, client_no: str, body: bytes, method: str, path: str, *, secret: str | None = None, late: int = 0
    ) -> dict[str, str]:  # fmt: skip
        epoch, nonce = str(int(time.time()) - late), secrets.token_hex(16)
        key = secret or self.secrets.get(client_no, "")
        signature = call_signature(key, client_no=client_no, epoch=epoch, nonce=nonce, method=method, path=path, body=body)
        return {
            "Content-Type": "application/json; charset=utf-8", "X-HPF-Client": client_no, "X-HPF-Time": epoch, "X-HPF-Nonce": nonce,
            "X-HPF-Signature": signature,
        }  # fmt: skip

    def _post(self, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        parts = urlsplit(self.door)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        connection.request("POST", parts.path, body=body, headers=headers)
        return _reply(connection.getresponse())

    def _send_half(self, client_no: str, body: bytes) -> None:
        """A connection that ends in the middle of the message."""
        parts = urlsplit(self.door)
        headers = self._signed(client_no, body, "POST", parts.path)
        lines = [
            f"POST {parts.path} HTTP/1.1",
            f"Host: {parts.netloc}",
            f"Content-Length: {len(body)}",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10) as line:
            line.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body[: len(body) // 2])

    # -- answers in

    def take(self, headers: dict[str, str], path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """An answer of the fund: signed with the court's secret, fresh, each kept once."""
        client_no, nonce, epoch = headers.get("x-hpf-client", ""), headers.get("x-hpf-nonce", ""), headers.get("x-hpf-time", "")
        key = self.secrets.get(client_no, "")
        expected = call_signature(key, client_no=client_no, epoch=epoch, nonce=nonce, method="POST", path=path, body=body)
        fresh = epoch.isdigit() and abs(time.time() - int(epoch)) <= CALL_CLOCK_TOLERANCE.total_seconds()
        with self.lock:
            if not key or not fresh or nonce in self.nonces or not hmac.compare_digest(expected, headers.get("x-hpf-signature", "")):
                self.counts["refused"] += 1
                return 401, {"taken": False}
            self.nonces.add(nonce)
            answer = json.loads(body)
            kept = self.answers.setdefault(answer["request_no"], [])
            if answer in kept:
                self.counts["repeated"] += 1
            else:
                kept.append(answer)
                self.counts["answers"] += 1
        return 200, {"taken": True}

    # -- control

    def control(self, path: str, said: dict[str, Any]) -> Any:
        match path:
            case "state":
                return {"door": self.door, "faults": self.faults.settings(), "counts": self.counts, "courts": sorted(self.secrets)}
            case "door":
                self.door = said["url"]
                return {}
            case "court":
                self.secrets[said["client_no"]] = said["secret"]
                return {}
            case "order":
                return {"replies": self.send(said["client_no"], said["order"])}
            case "ask":
                return self.ask(said["client_no"], said["request_no"])
            case "answers":
                with self.lock:
                    return {"answers": self.answers.get(said["request_no"], [])}
            case "faults":
                self.faults.set(said["faults"])
                return {"faults": self.faults.settings()}
        raise KeyError(path)


def _reply(response: http.client.HTTPResponse) -> dict[str, Any]:
    content = response.read()
    try:
        body = json.loads(content)
    except ValueError:
        body = {}
    return {"status": response.status, "body": body}


class Door(BaseHTTPRequestHandler):
    platform: CourtPlatform
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._control(self.path.removeprefix("/control/"), b"{}")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY_BYTES:
            self._send(413, {})
            return
        content = self.rfile.read(length)
        if self.path.startswith("/control/"):
            self._control(self.path.removeprefix("/control/"), content)
            return
        if self.platform.faults.strikes("answer_refused"):
            self._send(503, {"taken": False})
            return
        status, said = self.platform.take({name.lower(): value for name, value in self.headers.items()}, self.path, content)
        if slow := self.platform.faults.strikes("slow"):
            time.sleep(float(slow.get("seconds", 1)))
        if self.platform.faults.strikes("answer_lost"):
            self.close_connection = True
            self.connection.close()
            return
        self._send(status, said)

    def _control(self, path: str, content: bytes) -> None:
        try:
            answer, status = self.platform.control(path, json.loads(content or b"{}")), 200
        except (KeyError, ValueError, TypeError, OSError, UnknownFault) as error:
            answer, status = {"error": str(error)}, 400
        self._send(status, answer)

    def _send(self, status: int, said: Any) -> None:
        body = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return


def serve(platform: CourtPlatform, port: int) -> ThreadingHTTPServer:
    """Listen on loopback only. Port 0 takes a free one."""
    ThreadingHTTPServer.daemon_threads = True
    return ThreadingHTTPServer(("127.0.0.1", port), type("DoorOfThisPlatform", (Door,), {"platform": platform}))
