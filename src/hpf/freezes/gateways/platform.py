"""法院平台: tells a court's platform what became of its paper, signed with the secret that its own calls are signed with."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from hpf.access import queries as access
from hpf.access.rules import call_signature


class PlatformUnavailable(Exception):
    """The platform did not confirm the answer. It is sent again later; told twice, it keeps the first."""


class Platform:
    """One address for all courts; `client_no` says which court's secret signs."""

    def __init__(self, url: str, *, timeout_seconds: int = 5) -> None:
        self.url = url.rstrip("/") + "/answers"
        self.http = httpx.Client(timeout=httpx.Timeout(timeout_seconds, connect=3), trust_env=False, verify=url.startswith("https:"))

    def tell(self, client_no: str, answer: dict[str, Any], at: datetime) -> None:
        """Post one answer. Raises PlatformUnavailable unless it is confirmed; nothing of the answer is in the error."""
        client = access.client(client_no)
        if client is None:
            raise PlatformUnavailable(f"法院机器客户{client_no}已停用，答复未送达")
        body = json.dumps(answer, ensure_ascii=False).encode()
        epoch, nonce = str(int(at.timestamp())), secrets.token_hex(16)
        signature = call_signature(
            client.secret, client_no=client_no, epoch=epoch, nonce=nonce, method="POST", path=urlsplit(self.url).path, body=body
        )
        headers = {
            "Content-Type": "application/json; charset=utf-8", "X-HPF-Client": client_no, "X-HPF-Time": epoch, "X-HPF-Nonce": nonce,
            "X-HPF-Signature": signature,
        }  # fmt: skip
        try:
            reply = self.http.post(self.url, content=body, headers=headers)
            taken = reply.status_code == 200 and reply.json().get("taken") is True
        except (httpx.HTTPError, ValueError) as error:
            raise PlatformUnavailable(f"法院平台没有确认答复：{type(error).__name__}") from None
        if not taken:
            raise PlatformUnavailable(f"法院平台没有确认答复：{reply.status_code}")
