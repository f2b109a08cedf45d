"""人口与家庭: who is whose spouse, parent and child. Every reference is a person; nothing has to be stored to know them.

A person's natural partner differs in the last bit; parents are found by a multiplication that can be undone, so that the
parents' children are found again. Named people (a file, the control interface) come on top and win.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hpf.parties.rules.identity import check_identity
from hpf.sharing.gateways.wire import person_reference

_SPACE = 2**128
_ODD = 0x9E3779B97F4A7C15F39CC0605CEDC835
_BACK = pow(_ODD, -1, _SPACE)
PLACES = ("620102", "620103", "620104", "620105", "620502", "620503", "620602", "620702", "620802", "620902", "621002")


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the registry knows them. `place`: the county where they live; `left_on`: since when without an employer."""

    ref: str
    born_on: date
    sex: str
    place: str
    left_on: date | None = None
    named: bool = False


class Registry:
    def __init__(self, secret: bytes, seed: int) -> None:
        self.secret, self.seed = secret, seed
        self.people: dict[str, Person] = {}
        self.couples: dict[str, str | None] = {}
        self.born_to: dict[str, tuple[str, ...]] = {}
        self.offspring: dict[str, tuple[str, ...]] = {}
        self.facts: dict[str, dict[str, Any]] = {}

    # -- who is told to exist

    def reference(self, id_kind: str, id_number: str) -> str:
        return person_reference(self.secret, id_kind, check_identity(id_kind, id_number).normalised)

    def settle(self, rows: Iterable[dict[str, Any]]) -> None:
        """People of a file: id_kind, id_number, place, and for those who left their work left_on; spouse is a row's number."""
        rows = list(rows)
        refs = [self.name(**{key: value for key, value in row.items() if key != "spouse"}) for row in rows]
        for ref, row in zip(refs, rows, strict=True):
            if row.get("spouse") is not None:
                self.marry(ref, refs[row["spouse"]])

    def name(self, id_kind: str, id_number: str, place: str = "", left_on: str | None = None) -> str:
        """A person with a document: birth and sex come from its number where it has them; named again, the rest stays."""
        checked = check_identity(id_kind, id_number)
        ref = person_reference(self.secret, id_kind, checked.normalised)
        before = self.person(ref)
        self.people[ref] = Person(
            ref, checked.born_on or before.born_on, str(checked.sex or before.sex), place or before.place,
            date.fromisoformat(left_on) if left_on else before.left_on, named=True,
        )  # fmt: skip
        return ref

    def marry(self, one: str, other: str | None) -> None:
        """Make two people a couple, or one person unmarried; earlier partners are left."""
        for each in (one, other):
            if each is not None and (left := self.couples.get(each)) is not None:
                self.couples[left] = None
        self.couples[one] = other
        if other is not None:
            self.couples[other] = one

    def bear(self, child: str, parents: tuple[str, ...]) -> None:
        self.born_to[child] = parents
        for parent in parents:
            self.offspring[parent] = tuple(dict.fromkeys((*self.offspring.get(parent, ()), child)))

    # -- who is who

    def person(self, ref: str) -> Person:
        return self.people.get(ref) or self._stranger(ref)

    def spouse(self, ref: str) -> str | None:
        if ref in self.couples:
            return self.couples[ref]
        partner = _partner(ref)
        if partner in self.couples or self.chance("married", self._first(ref, partner)) >= 6_500:
            return None
        return partner

    def household(self, ref: str) -> str:
        """The same for both of a couple: what they own and rent hangs on it."""
        partner = self.spouse(ref)
        return min(ref, partner) if partner else ref

    def parents(self, ref: str) -> tuple[str, ...]:
        if ref in self.born_to:
            return self.born_to[ref]
        first = int(ref[1:], 16) * _ODD % _SPACE & ~1
        return (_ref(first), _ref(first | 1))

    def children(self, ref: str, on: date) -> tuple[tuple[str, date], ...]:
        """References and birthdays of the children born by the day."""
        partner = self.spouse(ref)
        told = tuple(dict.fromkeys((*self.offspring.get(ref, ()), *(self.offspring.get(partner, ()) if partner else ()))))
        refs = told or self._natural_children(ref, partner)
        born = [(child, self._birthday(child, ref, rank)) for rank, child in enumerate(refs)]
        return tuple((child, day) for child, day in born if day <= on)

    def chance(self, what: str, of: str) -> int:
        """A number from 0 to 9,999, always the same for the same thing."""
        return int.from_bytes(hashlib.sha256(f"{self.seed}:{what}:{of}".encode()).digest()[:8], "big") % 10_000

    def _natural_children(self, ref: str, partner: str | None) -> tuple[str, ...]:
        if partner is None or partner != _partner(ref):
            return ()
        first = int(ref[1:], 16) & ~1
        both = tuple(_ref(each * _BACK % _SPACE) for each in (first, first | 1))
        named = max((rank + 1 for rank, child in enumerate(both) if child in self.people), default=0)
        draw = self.chance("children", self._first(ref, partner))
        return both[: max(named, 0 if draw < 2_500 else 1 if draw < 7_000 else 2)]

    def _birthday(self, child: str, parent: str, rank: int) -> date:
        if child in self.people:
            return self.people[child].born_on
        older = min(self.person(each).born_on for each in (parent, self.spouse(parent) or parent))
        return older + timedelta(days=365 * (24 + 3 * rank) + self.chance("birthday", child) // 5)

    def _stranger(self, ref: str) -> Person:
        partner = self.people.get(_partner(ref))
        born = partner.born_on if partner else date(1968, 1, 1) + timedelta(days=self.chance("born", ref) * 13_000 // 10_000)
        born += timedelta(days=self.chance("apart", ref) % 1_500 - 750)
        sex = ("F" if partner.sex == "M" else "M") if partner else "MF"[int(ref[-1], 16) & 1]
        return Person(
            ref, born, sex, partner.place if partner else PLACES[self.chance("place", self._first(ref, _partner(ref))) % len(PLACES)]
        )

    @staticmethod
    def _first(ref: str, partner: str) -> str:
        return min(ref, partner)


def _partner(ref: str) -> str:
    return _ref(int(ref[1:], 16) ^ 1)


def _ref(number: int) -> str:
    return f"P{number:032x}"
