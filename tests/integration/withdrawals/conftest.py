"""Lanzhou pays out: one centre for a test module, and the departments as a process of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def departments(database: str) -> Iterator[Any]:
    from demo.departments.control import start
    from hpf.sharing import queries

    running = start(key=queries.exchange_secret().decode())
    yield running.control
    running.kill()


@pytest.fixture(scope="module")
def lanzhou(database: str, departments: Any) -> Any:
    from tests.support.withdrawals import Payer

    centre = Payer(1, departments)
    centre.begin()
    return centre


@pytest.fixture(scope="module")
def tianshui(database: str, departments: Any) -> Any:
    from tests.support.withdrawals import Payer

    centre = Payer(5, departments)
    centre.begin()
    return centre


@pytest.fixture(autouse=True)
def departments_are_well(departments: Any) -> None:
    departments.no_faults()
