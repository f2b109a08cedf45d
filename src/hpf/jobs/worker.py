"""后台: takes what commands left to do, talks to the banks now and then, and can be killed at any moment.

`python -m hpf.jobs.worker` runs until it is told to stop (SIGTERM: ends after the message in hand). Several may run:
a message is claimed by one, and a claim that died is free again when its lease ends.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

import django

log = logging.getLogger("hpf.worker")
IDLE_SECONDS = 0.4
BANK_EVERY = timedelta(seconds=int(os.environ.get("HPF_BANK_POLL_SECONDS", "15")))
Handler = Callable[["object", datetime], None]


class Worker:
    """One worker over all centres, in turn."""

    def __init__(self) -> None:
        from hpf.jobs.listening import Listening
        from hpf.jobs.tasks import HANDLERS
        from hpf.jobs.transferring import is_connected
        from hpf.parties import queries as parties
        from hpf.treasury.services import TO_BANK

        self.handlers = HANDLERS
        self.outward = TO_BANK | ({"transfers.dispatch"} if is_connected() else set())
        self.centres = [centre.centre_id for centre in parties.centres()]
        self.stopping = False
        self.listening = Listening()
        self.listened_at: datetime | None = None

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def run(self) -> None:
        from django.utils import timezone

        from hpf.outbox import queries as outbox

        while not self.stopping:
            at = timezone.now()
            due, news = outbox.due(at), self.news(at)
            worked = 0
            for centre_id in self.centres:
                if self.stopping:
                    return
                worked += self.turn(centre_id, due.get(centre_id, set()), at, talk=centre_id in news)
            if not worked:
                time.sleep(IDLE_SECONDS)

    def news(self, at: datetime) -> set[int]:
        """Every now and then, the centres whose banks, or the transfer platform, have something new to say."""
        from hpf.jobs.transferring import centres_with_mail

        if self.listened_at is not None and at - self.listened_at < BANK_EVERY:
            return set()
        self.listened_at = at
        return self.listening.news() | centres_with_mail()

    def turn(self, centre_id: int, due: set[str], at: datetime, *, talk: bool) -> int:
        """Do what is due in one centre; returns how many messages were handled."""
        from hpf.outbox import services as outbox_services

        handled = 0
        for kind in due & self.handlers.keys():
            for message in outbox_services.claim(centre_id, kind, at=at, limit=10):
                self._handle(message, at)
                handled += 1
        if talk or due & self.outward:
            self._hear_bank(centre_id, at)
        return handled

    def _handle(self, message: object, at: datetime) -> None:
        from hpf.outbox.services import delivered, failed

        try:
            self.handlers[message.kind](message, at)  # type: ignore[attr-defined]
        except Exception as error:
            log.exception("message %s of kind %s failed", message.message_id, message.kind)  # type: ignore[attr-defined]
            failed(message, type(error).__name__, at=at)  # type: ignore[arg-type]
        else:
            delivered(message, at=at)  # type: ignore[arg-type]

    def _hear_bank(self, centre_id: int, at: datetime) -> None:
        from hpf.jobs.tasks import hear_bank

        try:
            hear_bank(centre_id, at)
        except Exception:
            log.exception("talk with the bank of centre %s failed", centre_id)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import OperationalError, close_old_connections

    worker: Worker | None = None
    while worker is None or not worker.stopping:
        try:
            worker = worker or Worker()
            signal.signal(signal.SIGTERM, worker.stop)
            worker.run()
        except OperationalError:
            # The database is away (a restart, a kill): wait for it, take up the work again.
            close_old_connections()
            time.sleep(1)


if __name__ == "__main__":
    main()
