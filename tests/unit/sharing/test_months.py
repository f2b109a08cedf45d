"""连续缴存月数, as the door tells it: up to the last month paid, never across a gap."""

import pytest

from hpf.kernel.period import Month
from hpf.sharing.rules import without_gap


@pytest.mark.parametrize(
    ("months", "count"),
    [
        ([], 0),
        (["2026-08"], 1),
        (["2025-12", "2026-01", "2026-02"], 3),
        (["2026-05", "2026-07", "2026-08"], 2),
        (["2026-06", "2026-08"], 1),
    ],
)
def test_months_run_up_to_the_last_one(months: list[str], count: int) -> None:
    assert without_gap([Month.parse(month) for month in months]) == count
