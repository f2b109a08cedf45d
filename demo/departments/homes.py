"""住房: what a household owns, buys, rents and owes, worked out from the household alone and always the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from demo.departments.registry import Registry

BANKS = ("中国建设银行兰州分行", "中国工商银行兰州分行", "甘肃银行天水分行", "兰州银行")


@dataclass(frozen=True, slots=True)
class Home:
    """A home of a household. `titled_on` None: bought before it is built. Amounts are whole fen."""

    house_no: str
    place: str
    signed_on: date
    titled_on: date | None
    price_fen: int
    down_fen: int
    owners: tuple[str, ...]
    loan_kind: str | None

    @property
    def number(self) -> str:
        return self.house_no[2:]

    @property
    def loan_fen(self) -> int:
        return self.price_fen - self.down_fen if self.loan_kind else 0

    @property
    def instalment_fen(self) -> int:
        """Of principal, over 240 months; interest is put on top as a fifth."""
        return self.loan_fen // 240 * 6 // 5


@dataclass(frozen=True, slots=True)
class Lease:
    kind: str
    rent_fen: int
    since: date
    until: date
    contract_no: str
    place: str


class Homes:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.told: dict[str, Home] = {}

    def tell(self, owner: str, **home: Any) -> Home:
        """A home bought in the story, by its number; the spouse owns it too. Told again, the last word stands."""
        days = {name: date.fromisoformat(home[name]) if home[name] else None for name in ("signed_on", "titled_on")}
        spouse = self.registry.spouse(owner)
        told = Home(**{**home, **days}, owners=tuple(sorted((owner, *([spouse] if spouse else [])))))
        self.told[told.house_no] = told
        return told

    def of(self, ref: str, on: date) -> tuple[Home, ...]:
        """The homes the person's household had by the day, the newest first."""
        registry, household = self.registry, self.registry.household(ref)
        draw = registry.chance("homes", household)
        count = 0 if draw < 4_800 else 1 if draw < 9_000 else 2
        homes = [self._home(ref, household, rank) for rank in range(count)]
        homes += [home for home in self.told.values() if ref in home.owners]
        return tuple(sorted((home for home in homes if home.signed_on <= on), key=lambda home: home.signed_on, reverse=True))

    def known_to(self, ref: str, house_no: str, on: date) -> Home | None:
        """A home by its number, where it belongs to the person's own family: oneself, spouse, the parents of both."""
        spouse = self.registry.spouse(ref)
        family = [ref, *self.registry.parents(ref), *(self.registry.parents(spouse) if spouse else ())]
        return next((home for each in family for home in self.of(each, on) if home.house_no == house_no), None)

    def lease(self, ref: str, on: date) -> Lease | None:
        """What a household without a home rents and has filed. Who owns a home has filed none."""
        registry, household = self.registry, self.registry.household(ref)
        if self.of(ref, on) or registry.chance("rents", household) >= 6_000:
            return None
        draw = registry.chance("lease", household)
        kind = "MARKET" if draw < 8_000 else "PUBLIC" if draw < 9_300 else "AFFORDABLE"
        rent = (60_000 + draw % 24 * 10_000) if kind == "MARKET" else 25_000 + draw % 10 * 3_000
        begun = date(on.year - 1 if on.month < 7 else on.year, 7, 1) + timedelta(days=draw % 28)
        since = begun if begun <= on else date(begun.year - 1, begun.month, begun.day)
        until = date(since.year + 1, since.month, since.day)
        return Lease(kind, rent, since, until, f"ZL{since.year}{_digits(household)}", registry.person(household).place)

    def lift(self, ref: str, on: date) -> tuple[Home, date, int] | None:
        """A lift built on to the house of one's own, of one's parents or of the spouse's: the house, the day, the share."""
        registry, spouse = self.registry, self.registry.spouse(ref)
        for each in (ref, *registry.parents(ref), *(registry.parents(spouse) if spouse else ())):
            for home in self.of(each, on):
                draw = registry.chance("lift", home.house_no)
                built = date(2025, 3, 1) + timedelta(days=draw % 600)
                if home.titled_on and draw < 500 and built <= on:
                    return home, built, 3_000_000 + draw % 40 * 100_000
        return None

    def owed(self, home: Home, on: date) -> int:
        months = max(0, (on.year - home.signed_on.year) * 12 + on.month - home.signed_on.month)
        return max(0, home.loan_fen - months * (home.loan_fen // 240))

    def _home(self, ref: str, household: str, rank: int) -> Home:
        registry = self.registry
        draw = registry.chance(f"home{rank}", household)
        signed_on = date(2012, 1, 1) + timedelta(days=draw * 5_200 // 10_000 + rank * 200)
        titled_on = signed_on + timedelta(days=400 + draw % 500)
        price = 38_000_000 + draw % 120 * 1_000_000
        loan = None if draw % 10 < 3 else "COMMERCIAL" if draw % 10 < 7 else "FUND"
        spouse = registry.spouse(ref)
        return Home(
            f"FW{_digits(household)}{rank}", registry.person(household).place, signed_on, titled_on, price, price // 10 * 3,
            tuple(sorted((ref, *([spouse] if spouse else [])))), loan,
        )  # fmt: skip


def _digits(household: str) -> str:
    return f"{int(household[1:], 16) % 10**14:014d}"
