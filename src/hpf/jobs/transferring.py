"""与转移接续平台对话: everything a centre has to tell it and to hear from it, as one story that may run at any time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.ledger import queries as ledger
from hpf.transfers import queries, services
from hpf.transfers.gateways.national import NationalClient, PlatformUnavailable
from hpf.treasury.rules.numbers import unit_no

log = logging.getLogger("hpf.transfers")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a talk with the platform brought. `trouble` is empty when it answered."""

    taken: int = 0
    told: int = 0
    booked: int = 0
    trouble: str = ""


def is_connected() -> bool:
    """Whether this installation has a platform to talk to."""
    return bool(settings.HPF_NATIONAL_URL)


@contextmanager
def platform_of(centre_id: int) -> Iterator[NationalClient]:
    """The centre's line to the platform."""
    key = str(settings.HPF_NATIONAL_KEY).encode()
    client = NationalClient(settings.HPF_NATIONAL_URL, key, unit_no(centre_id), clock=timezone.now)
    try:
        yield client
    finally:
        client.close()


def exchange(centre_id: int, on: date, at: datetime) -> Exchange:
    """Write down what the bank did with our letters, tell what waits, ask after what is open, take in the mail, answer it.

    A silent platform changes nothing: what was to be told waits, what was told is asked about, money goes its way.
    """
    if not is_connected():
        return Exchange()
    by = Actor.system(centre_id, "转移接续平台")
    services.follow_payments(by=by, centre_id=centre_id, business_on=on, at=at)
    booked = len(services.book_receipts(by=by, centre_id=centre_id, business_on=on, at=at))
    services.note_differences(by=by, centre_id=centre_id, business_on=on, at=at)
    with platform_of(centre_id) as platform:
        heard = services.tell_all(by=by, centre_id=centre_id, platform=platform, business_on=on, at=at)
        services.ask_all(by=by, centre_id=centre_id, platform=platform, business_on=on, at=at)
        try:
            taken = services.read_mail(by=by, centre_id=centre_id, platform=platform, business_on=on, at=at)
        except PlatformUnavailable as silent:
            return Exchange(0, heard.told, booked, f"转移接续平台未应答：{silent}")
        if taken:
            heard = services.tell_all(by=by, centre_id=centre_id, platform=platform, business_on=on, at=at)
    return Exchange(len(taken), heard.told, booked)


def centres_with_mail() -> set[int]:
    """The centres that have something to take from the platform, or wait for its word: one question for each open centre."""
    if not is_connected():
        return set()
    found = set()
    for centre_id, on in ledger.open_days().items():
        try:
            with platform_of(centre_id) as platform:
                has_mail = bool(platform.mail(on))
        except PlatformUnavailable:
            has_mail = False
        with centre_scope(centre_id):
            if has_mail or queries.has_unheard(centre_id):
                found.add(centre_id)
    return found


def compare(centre_id: int, on: date, at: datetime) -> None:
    """The day's comparison with the platform. A platform that does not answer is logged; the day does not wait for it."""
    if not is_connected():
        return
    try:
        with platform_of(centre_id) as platform:
            services.reconcile(by=Actor.system(centre_id, "转移核对"), centre_id=centre_id, platform=platform, business_on=on, at=at)
    except PlatformUnavailable as silent:
        log.warning("the transfers of centre %s were not compared on %s: %s", centre_id, on, silent)
