"""编号: a number made from the command's key, so that a repeat makes the same one."""

from __future__ import annotations

from datetime import datetime

from hpf.kernel.codec import digest


def number_of(prefix: str, centre_id: int, at: datetime, *parts: object) -> str:
    """Such as SQ0120261009 and ten more digits."""
    return f"{prefix}{centre_id:02d}{at:%Y%m%d}{int.from_bytes(digest([centre_id, *parts])[:8], 'big') % 10**10:010d}"
