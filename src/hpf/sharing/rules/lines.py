"""线路: when a department is no longer asked because it has stopped answering, and when it is tried again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FAILURES_MAX = 5
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Line:
    """The line to one department: failures in a row, and until when it rests."""

    department: str
    failures: int = 0
    rests_until: datetime | None = None


def is_open(line: Line, at: datetime) -> bool:
    """Whether the department may be asked now. A line whose rest is over may be tried."""
    return line.rests_until is None or at >= line.rests_until


def after(line: Line, *, reached: bool, at: datetime) -> Line:
    """The line after one talk. A word from the department, any word, heals it; five silences in a row make it rest,
    each further one twice as long, five minutes at most."""
    if reached:
        return replace(line, failures=0, rests_until=None)
    failures = line.failures + 1
    if failures < FAILURES_MAX:
        return replace(line, failures=failures)
    rest = min(FIRST_REST * 2 ** min(failures - FAILURES_MAX, 10), LONGEST_REST)
    return replace(line, failures=failures, rests_until=at + rest)
