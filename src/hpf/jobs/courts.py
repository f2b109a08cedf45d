"""法院: answers that wait to be told, payments on their way, terms that end in the morning."""

from __future__ import annotations

import functools
from datetime import date, datetime

from django.conf import settings

from hpf.freezes import services as freezes
from hpf.freezes.gateways.platform import Platform
from hpf.kernel.actor import Actor
from hpf.outbox.services import Claimed


def tell_court(message: Claimed, at: datetime) -> None:
    """答复 to the platform; not confirmed, it is tried again later."""
    freezes.send_answer(message.centre_id, message.payload["order_no"], _platform(settings.HPF_COURT_URL), at)


def follow_payments(centre_id: int, at: datetime) -> None:
    """After a talk with the bank: what became of money on its way to a court."""
    freezes.settle_deductions(by=Actor.system(centre_id, "司法查控"), centre_id=centre_id, at=at)


def end_terms(centre_id: int, on: date, at: datetime) -> int:
    """期满 on opening a day; returns how many freezes ended."""
    return sum(each.ended for each in freezes.expire_due(by=Actor.system(centre_id, "司法查控"), centre_id=centre_id, on=on, at=at))


@functools.cache
def _platform(url: str) -> Platform:
    return Platform(url)
