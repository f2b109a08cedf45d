"""What has been published about the province, and what we made up to fill the gaps: `demo/data`, read once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hpf.policy.rules import LawFiles

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "demo" / "data"
FLEXIBLE_RATE = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """The province in one year, as published; amounts in yuan."""

    contributing_units: int
    contributing_members: int
    contribution_amount: int
    contribution_balance: int
    mean_month_amount: float
    accounts_total: int


@dataclass(frozen=True, slots=True)
class UnitKind:
    """One kind of unit in the published statistics, with its pay and its rates per side in per cent."""

    kind: str
    label: str
    economic_type: str
    nature: str
    member_share_ppm: int
    unit_share_ppm: int
    wage_level: float
    wage_spread: float
    rates: tuple[tuple[int, float], ...]
    uscc_head: str


@dataclass(frozen=True, slots=True)
class District:
    """A county or district under the code the platform knows it by."""

    centre_id: int
    code: str
    name: str
    weight: int

    @property
    def issues_numbers(self) -> bool:
        """Whether resident numbers begin with its code: not a new area, not the mining district."""
        return self.code.isdigit() and self.code != "620171"


@dataclass(frozen=True, slots=True)
class Limits:
    """A centre's limits on a day: bases in fen (the floor by district), the rate of flexible workers in per cent."""

    cap_fen: int
    floor_fen: dict[str, int]
    flexible_rate: int


@dataclass(frozen=True, slots=True)
class CentreFigures:
    """One centre's size and pay level."""

    centre_id: int
    code: str
    short_name: str
    member_weight: float
    unit_weight: float
    wage_level: float
    districts: tuple[District, ...]


def rows(name: str) -> list[dict[str, str]]:
    """A table of `demo/data`, every cell as text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def figures() -> Figures:
    values = {row["figure"]: row["value"] for row in rows("published_2022.csv")}
    return Figures(
        contributing_units=int(values["contributing_units"]),
        contributing_members=int(values["contributing_members"]),
        contribution_amount=int(values["contribution_amount"]),
        contribution_balance=int(values["contribution_balance"]),
        mean_month_amount=float(values["mean_month_amount"]),
        accounts_total=int(values["accounts_total"]),
    )


@cache
def unit_kinds() -> tuple[UnitKind, ...]:
    return tuple(
        UnitKind(
            kind=row["kind"],
            label=row["label"],
            economic_type=row["economic_type"],
            nature=row["nature"],
            member_share_ppm=int(row["member_share_ppm"]),
            unit_share_ppm=int(row["unit_share_ppm"]),
            wage_level=float(row["wage_level"]),
            wage_spread=float(row["wage_spread"]),
            rates=tuple((int(rate), float(share)) for rate, share in (part.split(":") for part in row["rates"].split())),
            uscc_head=row["uscc_head"],
        )
        for row in rows("unit_kinds.csv")
    )


@cache
def districts() -> tuple[District, ...]:
    return tuple(District(int(row["centre_id"]), row["code"], row["name"], int(row["weight"])) for row in rows("districts.csv"))


@cache
def centres() -> tuple[CentreFigures, ...]:
    """The sixteen centres. Lanzhou and the provincial centre publish one joint figure; the others share what is left
    of the province by population, the mining district by its own (made-up) weight."""
    table = rows("centres.csv")
    total = figures()
    by_population = [row for row in table if int(row["centre_id"]) not in (1, 15, 16)]
    own = {int(row["centre_id"]): row for row in table if int(row["centre_id"]) in (1, 15, 16)}
    people = sum(int(row["member_weight"]) for row in by_population)
    members_left = total.contributing_members - sum(int(row["member_weight"]) for row in own.values())
    units_left = total.contributing_units - sum(int(row["unit_weight"]) for row in own.values())
    result = []
    for row in table:
        centre_id = int(row["centre_id"])
        weight = int(row["member_weight"])
        result.append(
            CentreFigures(
                centre_id=centre_id,
                code=row["code"],
                short_name=row["short_name"],
                member_weight=weight if centre_id in own else members_left * weight / people,
                unit_weight=int(row["unit_weight"]) if centre_id in own else units_left * weight / people,
                wage_level=float(row["wage_level"]),
                districts=tuple(district for district in districts() if district.centre_id == centre_id),
            )
        )
    return tuple(result)


@cache
def law() -> LawFiles:
    """The law and the demo's own pack."""
    return LawFiles.read(PROJECT / "law", PROJECT / "demo" / "law")


@cache
def limits(centre_id: int, on: date) -> Limits:
    centre = next(centre for centre in centres() if centre.centre_id == centre_id)
    book = law().book(centre.code, on)
    least, most = (int(book.rate(f"contribution.flexible_rate_{end}").percent) for end in ("min", "max"))
    return Limits(
        cap_fen=book.money("contribution.base_cap").fen,
        floor_fen={d.code: book.money("contribution.base_floor", d.code).fen for d in centre.districts},
        flexible_rate=min(max(FLEXIBLE_RATE, least), most),
    )


@cache
def names() -> dict[str, Any]:
    return dict(yaml.safe_load((DATA / "names.yaml").read_text(encoding="utf-8")))


@cache
def employer_names() -> dict[str, Any]:
    return dict(yaml.safe_load((DATA / "employer_names.yaml").read_text(encoding="utf-8")))
