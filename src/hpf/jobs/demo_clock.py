"""演示时钟: the simulated bank keeps the day of the centre that is furthest behind, as it refuses orders of days gone by."""

from __future__ import annotations

import logging

import httpx
from django.conf import settings
from django.db import connections

log = logging.getLogger("hpf.demo_clock")


def bank_follows() -> None:
    """Tell the simulated bank which day it is. Nothing outside the demo; a bank that is away is told the next time."""
    if not settings.HPF_DEMO_CLOCK:
        return
    with connections["observer"].cursor() as cursor:
        cursor.execute("SELECT min(business_on) FROM ledger_business_day_v1 WHERE state = 'OPEN'")
        earliest = cursor.fetchone()[0]
    if earliest is None:
        return
    for simulated in filter(None, (settings.HPF_BANK_URL, settings.HPF_NATIONAL_URL)):
        try:
            httpx.post(f"{simulated.rstrip('/')}/control/advance", json={"to": earliest.isoformat()}, timeout=5, trust_env=False)
        except httpx.HTTPError as away:
            log.warning("the simulation at %s was not told the day: %s", simulated, type(away).__name__)
