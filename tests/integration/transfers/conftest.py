"""The bank and the national platform as processes, and a centre between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

KEY = "测试密钥"


def wall_clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def tianshui(own_database: Any, tmp_path: Path) -> Iterator[Any]:
    from demo.bank import control as bank_control
    from demo.national import control as national_control
    from hpf.transfers.gateways.national import NationalClient
    from hpf.treasury.gateways.settlement import SettlementClient
    from hpf.treasury.rules.numbers import unit_no
    from tests.support.transfers import FIRST, OURS, XIAN, XIAN_ACCOUNT, XIAN_NAME, City

    bank = bank_control.start(str(tmp_path / "bank.sqlite"), first_day=FIRST, key=KEY)
    national = national_control.start(str(tmp_path / "national.sqlite"), bank_url=bank.url, first_day=FIRST, key=KEY)
    line = SettlementClient(bank.url, KEY.encode(), unit_no(5), clock=wall_clock, timeout_seconds=5)
    platform = NationalClient(national.url, KEY.encode(), unit_no(5), clock=wall_clock, timeout_seconds=2)
    centre = City(bank, national, line, platform)
    try:
        centre.open_centre(FIRST)
        bank.control.open_fund_account("27010000000005", "测试中心住房公积金专户", unit_no(5), 0)
        bank.control.set_account(XIAN_ACCOUNT, XIAN_NAME, 100_000_000_00)
        national.control.centres({OURS: unit_no(5)})
        national.control.cities({"org": XIAN, "name": XIAN_NAME, "account_no": XIAN_ACCOUNT})
        yield centre
    finally:
        line.close()
        platform.close()
        national.kill()
        bank.kill()


@pytest.fixture
def lanzhou(tianshui: Any) -> Iterator[Any]:
    """A second centre of ours at the same bank and platform."""
    from hpf.transfers.gateways.national import NationalClient
    from hpf.treasury.gateways.settlement import SettlementClient
    from hpf.treasury.rules.numbers import unit_no
    from tests.support.transfers import FIRST, City

    line = SettlementClient(tianshui.bank.url, KEY.encode(), unit_no(1), clock=wall_clock, timeout_seconds=5)
    platform = NationalClient(tianshui.national.url, KEY.encode(), unit_no(1), clock=wall_clock, timeout_seconds=2)
    centre = City(tianshui.bank, tianshui.national, line, platform, 1, "620102")
    try:
        centre.open_centre(FIRST)
        tianshui.bank.control.open_fund_account("27010000000001", "测试中心住房公积金专户", unit_no(1), 0)
        tianshui.national.control.centres({"629001": unit_no(1)})
        yield centre
    finally:
        line.close()
        platform.close()
