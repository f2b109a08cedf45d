"""The families that work on the running platform: remit, close-day, settle-interest, balance-check, verify, demo, bench."""

from __future__ import annotations

from typing import Any


def add(families: Any) -> None:
    """Nothing yet."""
