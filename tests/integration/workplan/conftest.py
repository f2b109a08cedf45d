"""The province's officer, the people of Lanzhou and Tianshui, and the plan of 2024 loaded."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from hpf.kernel.actor import Actor

PROJECT = Path(__file__).resolve().parents[3]
WP24 = PROJECT / "demo" / "workplan" / "甘建金〔2024〕26号.md"
AT = datetime(2024, 2, 5, 2, 0, tzinfo=UTC)
ON = date(2024, 2, 5)
PROVINCE, LANZHOU, JIAYUGUAN, TIANSHUI = 0, 1, 2, 5
PDF = b"%PDF-1.7 \xe4\xbd\x90\xe8\xaf\x81"
_numbers = itertools.count(1)


def fresh(what: str = "k") -> str:
    return f"{what}-{next(_numbers)}"


def _may(*names: str) -> frozenset[str]:
    return frozenset(f"workplan.{name}" for name in names)


STAFF = ("comment", "evidence", "done", "enter_reading")
OFFICE = Actor(
    "9001", "省厅张处", frozenset(range(17)),
    _may("load", "tasks", "decide", "move_deadline", "comment", "measure", "remind"), "SUPERVISOR_WEB",
)  # fmt: skip


@dataclass(frozen=True)
class Centre:
    """The people of one centre."""

    centre_id: int
    director: Actor
    head: Actor
    clerk: Actor

    def act(self, by: Actor, **given: Any) -> dict[str, Any]:
        return {"by": by, "centre_id": self.centre_id, "at": AT, "key": fresh(), **given}


def people(centre_id: int, name: str) -> Centre:
    def who(number: int, title: str, *may: str) -> Actor:
        return Actor(f"{centre_id}{number:02}", f"{name}{title}", frozenset({centre_id}), _may(*may))

    return Centre(
        centre_id,
        who(1, "主任", "comment", "break_down", "confirm", "sections", "evidence", "done", "report", "sign_reading", "measure", "remind"),
        who(2, "科长", *STAFF, "break_down"),
        who(3, "经办", *STAFF),
    )


@pytest.fixture(scope="module")
def lanzhou() -> Centre:
    return people(LANZHOU, "兰州")


@pytest.fixture(scope="module")
def tianshui() -> Centre:
    return people(TIANSHUI, "天水")


def by_office(centre_id: int = PROVINCE, **given: Any) -> dict[str, Any]:
    return {"by": OFFICE, "centre_id": centre_id, "at": AT, "key": fresh(), **given}


@pytest.fixture(scope="module")
def plan(database: str) -> Any:
    """WP24 loaded as the plan of 2024."""
    from hpf.workplan import services

    loaded = services.load_plan(**by_office(filename=WP24.name, content=WP24.read_bytes(), year=2024))
    assert loaded.is_approved, loaded.reasons
    return loaded.value
