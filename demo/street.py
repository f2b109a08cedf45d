"""街上: while the demo is served, its employers and members go on with their lives on every day that is opened.

Whoever moves the clock (the supervisor's page, `hpf close-day`), this process sees the new day of a centre and does
what the units have planned for it: lists, confirmations, payments at the bank. It closes nothing.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from datetime import date
from pathlib import Path
from typing import Any

from demo.logins import run_folder

log = logging.getLogger("demo.street")
LOOK_SECONDS = 1.5
ACTED = "demo/acted.json"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    import django

    django.setup()
    lives = lives_of(json.loads((run_folder() / "demo" / "state.json").read_text(encoding="utf-8")))
    acted = _acted()
    while True:
        for centre_id, life in lives.items():
            day = _open_day(centre_id)
            if day is not None and acted.get(str(centre_id), "") < day.isoformat():
                _act(life, day)
                acted[str(centre_id)] = day.isoformat()
                _keep(acted)
        time.sleep(LOOK_SECONDS)


def lives_of(state: dict[str, Any]) -> dict[int, Any]:
    from django.conf import settings

    from demo.bank.control import BankControl
    from demo.life.cast import cast_of
    from demo.life.founding import Home
    from demo.life.story import CentreLife
    from demo.province.province import DEMO_SCALE, DEMO_SEED, Province

    province, bank = Province(DEMO_SEED, DEMO_SCALE), BankControl(settings.HPF_BANK_URL.rstrip("/"))
    return {
        int(number): CentreLife(province.centre(int(number)), cast_of(int(number)), Home.remembered(kept), bank, DEMO_SEED)
        for number, kept in state["homes"].items()
    }


def _open_day(centre_id: int) -> date | None:
    from django.db import OperationalError

    from hpf.db.scope import centre_scope
    from hpf.ledger import queries as ledger

    try:
        with centre_scope(centre_id):
            return ledger.business_day(centre_id)
    except (ledger.NoOpenDay, OperationalError):
        return None


def _act(life: Any, day: date) -> None:
    """A refusal or a silent bank spoils one act, not the street."""
    try:
        life.act(day)
    except Exception:
        log.exception("the street of centre %s stumbled on %s", life.centre.centre_id, day)


def _acted() -> dict[str, str]:
    path: Path = run_folder() / ACTED
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _keep(acted: dict[str, str]) -> None:
    path = run_folder() / ACTED
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(acted), encoding="utf-8")
    scratch.rename(path)


if __name__ == "__main__":
    main()
