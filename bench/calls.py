"""What a machine client reads: one call of every kind, each signed anew as the door wants it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bench import place

CLIENT, SECRET = "bench.client", "s" * 64
SERVICES = ("contributions.receive_list", "api.members", "api.balances", "api.statistics")
Ask = Callable[[], Any]


def reads(database: str) -> dict[str, Ask]:
    """{"API" and the address: a signed call of it}, about the largest unit of Lanzhou, its newest list and one of its people."""
    from bench.rows import OPEN_DAY
    from hpf.access.services import register_client
    from hpf.kernel.actor import Actor

    at = datetime.now(UTC)
    register_client(
        by=Actor.system(1, "量"), centre_id=1, client_no=CLIENT, name="量", secret=SECRET, permissions=SERVICES, at=at,
        key=f"bench:client:{at.timestamp()}", calls_per_minute=1_000_000,
    )  # fmt: skip
    with place.superuser(database) as connection:
        unit, person = connection.execute(
            """SELECT e.account_no, m.account_no FROM accounts_employeraccount e CROSS JOIN LATERAL (
                   SELECT min(account_no) AS account_no, count(*) AS people FROM accounts_memberaccount WHERE employer_account_id = e.id) m
               WHERE e.centre_id = 1 AND e.kind = 'REGULAR' ORDER BY m.people DESC LIMIT 1"""
        ).fetchone()
    lists = _call(f"/api/v1/employers/{unit}/lists")().json()["items"]
    addresses = [
        f"/api/v1/employers/{unit}/lists", f"/api/v1/members/{person}", f"/api/v1/members/{person}/entries",
        f"/api/v1/balance-checks?on={OPEN_DAY}", f"/api/v1/statistics?on={OPEN_DAY}&period=MONTH",
    ]  # fmt: skip
    for one in lists[:1]:
        addresses += [f"/api/v1/lists/{one['remittance_no']}{part}" for part in ("", "/lines", "/defects")]
    return {f"API {address}": _call(address) for address in addresses}


def _call(address: str) -> Ask:
    from django.test import Client

    from hpf.access.rules import call_signature

    client = Client(raise_request_exception=True)

    def ask() -> Any:
        nonce, epoch = uuid.uuid4().hex, str(int(time.time()))
        signature = call_signature(SECRET, client_no=CLIENT, epoch=epoch, nonce=nonce, method="GET", path=address, body=b"")
        return client.get(address, headers={
            "X-HPF-Client": CLIENT, "X-HPF-Time": epoch, "X-HPF-Nonce": nonce, "X-HPF-Signature": signature, "X-HPF-Purpose": quote("量"),
        })  # fmt: skip

    return ask
