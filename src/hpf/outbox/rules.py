"""重试: when an undelivered message is tried again. Pure."""

from __future__ import annotations

from datetime import timedelta

FIRST_PAUSE_SECONDS = 15
LONGEST_PAUSE_SECONDS = 3600


def pause_after(attempts: int) -> timedelta:
    """The wait after the n-th failed attempt: doubling from 15 seconds, at most an hour."""
    return timedelta(seconds=min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** min(max(attempts, 1) - 1, 12)))
