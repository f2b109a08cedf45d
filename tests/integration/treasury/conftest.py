"""A real bank process and a centre that banks there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

KEY = "测试密钥"
FUND_NO = "27010000000001"


def wall_clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Any]:
    """A bank of this test's own, with the centre's fund account holding nothing."""
    from demo.bank.control import start
    from hpf.treasury.rules.numbers import unit_no

    running = start(str(tmp_path / "bank.sqlite"), first_day=date(2026, 8, 3), key=KEY)
    running.control.open_fund_account(FUND_NO, "天水市住房公积金管理中心", unit_no(5), 0)
    yield running
    running.kill()


@pytest.fixture
def line(bank: Any) -> Iterator[Any]:
    """The centre's line to that bank."""
    from hpf.treasury.gateways.settlement import SettlementClient
    from hpf.treasury.rules.numbers import unit_no

    client = SettlementClient(bank.url, KEY.encode(), unit_no(5), clock=wall_clock, timeout_seconds=5)
    yield client
    client.close()
