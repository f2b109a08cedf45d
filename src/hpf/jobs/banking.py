"""与银行对话: everything a centre has to say to its bank and to hear from it, as one story that may run at any time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from hpf.contributions import services as contributions
from hpf.kernel.actor import Actor
from hpf.outbox.services import LEASE
from hpf.treasury import services as treasury
from hpf.treasury.gateways.settlement import BankRefused, BankUnavailable, SettlementClient
from hpf.treasury.rules.numbers import unit_no
from hpf.withdrawals import services as withdrawals


@dataclass(frozen=True, slots=True)
class Talk:
    """What a talk brought. `trouble` is empty when the bank answered every question."""

    received: int = 0
    payments_done: int = 0
    payments_failed: int = 0
    payments_open: int = 0
    collections_settled: int = 0
    trouble: tuple[str, ...] = ()


@contextmanager
def bank_of(centre_id: int) -> Iterator[SettlementClient]:
    """The centre's line to the settlement interface."""
    client = client_of(centre_id)
    try:
        yield client
    finally:
        client.close()


def client_of(centre_id: int) -> SettlementClient:
    """The same line, to be kept by a process that asks again and again."""
    return SettlementClient(settings.HPF_BANK_URL, bank_key(), unit_no(centre_id), clock=timezone.now)


def bank_key() -> bytes:
    """The key that signs messages between us and the bank."""
    return str(settings.HPF_BANK_KEY).encode()


def talk(centre_id: int, on: date, at: datetime) -> Talk:
    """Send what waits, ask after what is open, take in the statement. A silent bank stops one part, not the others."""
    by = Actor.system(centre_id, "银行接口")
    trouble: list[str] = []
    received = done = failed = waiting = settled = 0
    with bank_of(centre_id) as bank:
        try:
            received = len(treasury.poll(by=by, centre_id=centre_id, bank=bank, business_on=on).receipt_nos)
            for said in (
                treasury.send_payments(by=by, centre_id=centre_id, bank=bank, business_on=on, at=at),
                treasury.send_payment_batches(by=by, centre_id=centre_id, bank=bank, business_on=on, at=at),
            ):
                done, failed = done + said.done, failed + said.failed
                trouble.extend(said.conflicts)
            for said in (
                treasury.poll_payments(by=by, centre_id=centre_id, bank=bank, business_on=on),
                treasury.poll_payment_batches(by=by, centre_id=centre_id, bank=bank, business_on=on),
            ):
                done, failed, waiting = done + said.done, failed + said.failed, waiting + said.open
                trouble.extend(said.conflicts)
            for said in (
                treasury.send_collections(by=by, centre_id=centre_id, bank=bank, business_on=on, at=at),
                treasury.poll_collections(by=by, centre_id=centre_id, bank=bank, business_on=on),
            ):
                trouble.extend(said.conflicts)
            if done or failed:
                received += len(treasury.poll(by=by, centre_id=centre_id, bank=bank, business_on=on).receipt_nos)
        except (BankUnavailable, BankRefused) as silent:
            trouble.append(f"银行未应答：{silent}，稍后自动重试，未完成的指令不会重复发送")
    settled = len(contributions.apply_collections(by=by, centre_id=centre_id, business_on=on, at=at))
    withdrawals.go_on(by=by, centre_id=centre_id, business_on=on, at=at, left_alone=LEASE)
    withdrawals.settle_withdrawals(by=by, centre_id=centre_id, business_on=on, at=at)
    return Talk(received, done, failed, waiting, settled, tuple(trouble))
