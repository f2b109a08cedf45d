"""Lanzhou takes contributions: one centre for a test module, with its day and its bank account open."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="module")
def lanzhou(database: str) -> Any:
    from tests.support.contributions import Centre

    centre = Centre(1)
    centre.begin()
    return centre
