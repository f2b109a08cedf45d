"""职工与账户: the members of one centre as columns: who they are, what they earn, what is paid for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from demo.province import numbers, published
from demo.province.employers import Employer, phones
from demo.province.people_names import ETHNICITIES, people_names
from demo.province.plan import AS_OF, CentrePlan, normal_quantile, wage_level_fen

ID_KINDS = ("RESIDENT_ID", "HMT_PERMIT", "FOREIGN_PR_CARD", "FOREIGN_PR_CARD_OLD")
SECONDS = ("", "FIFTEEN_DIGITS", "OLD_CARD", "OTHER_CENTRE")
"""Why an account is a person's second one: registered under the first-generation number, under the old card, or kept
in another centre."""

BANK_PREFIX = 629900
RETENTION = 0.2715
"""Share of what was ever paid in that is still there, so that balances meet the published total."""


@dataclass(frozen=True, slots=True)
class Members:
    """Accounts of one centre, one row each, by employer; flexible workers (employer -1) and sealed accounts at the end.

    Amounts are whole fen, rates whole per cent a side (a flexible worker pays `member_rate` alone), texts are ASCII
    bytes except `name`. `sealed_on` is NaT while contributions go on. `second` indexes SECONDS.
    """

    employer: NDArray[np.int32]
    name: NDArray[np.str_]
    male: NDArray[np.bool_]
    ethnicity: NDArray[np.int8]
    born_on: NDArray[np.datetime64]
    id_kind: NDArray[np.int8]
    id_number: NDArray[np.bytes_]
    phone: NDArray[np.bytes_]
    bank_card: NDArray[np.bytes_]
    wage_fen: NDArray[np.int64]
    base_fen: NDArray[np.int64]
    employer_rate: NDArray[np.int8]
    member_rate: NDArray[np.int8]
    employer_month_fen: NDArray[np.int64]
    member_month_fen: NDArray[np.int64]
    balance_fen: NDArray[np.int64]
    opened_on: NDArray[np.datetime64]
    sealed_on: NDArray[np.datetime64]
    second: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.employer)

    def one(self, row: int) -> Member:
        sealed_on = self.sealed_on[row]
        return Member(
            row=row,
            employer=int(self.employer[row]),
            name=str(self.name[row]),
            sex="M" if self.male[row] else "F",
            ethnicity=ETHNICITIES[self.ethnicity[row]],
            born_on=self.born_on[row].astype(date),
            id_kind=ID_KINDS[self.id_kind[row]],
            id_number=self.id_number[row].decode(),
            phone=self.phone[row].decode(),
            bank_card=self.bank_card[row].decode(),
            wage_fen=int(self.wage_fen[row]),
            base_fen=int(self.base_fen[row]),
            employer_rate=int(self.employer_rate[row]),
            member_rate=int(self.member_rate[row]),
            employer_month_fen=int(self.employer_month_fen[row]),
            member_month_fen=int(self.member_month_fen[row]),
            balance_fen=int(self.balance_fen[row]),
            opened_on=self.opened_on[row].astype(date),
            sealed_on=None if np.isnat(sealed_on) else sealed_on.astype(date),
            second=SECONDS[self.second[row]],
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One row of `Members`."""

    row: int
    employer: int
    name: str
    sex: str
    ethnicity: str
    born_on: date
    id_kind: str
    id_number: str
    phone: str
    bank_card: str
    wage_fen: int
    base_fen: int
    employer_rate: int
    member_rate: int
    employer_month_fen: int
    member_month_fen: int
    balance_fen: int
    opened_on: date
    sealed_on: date | None
    second: str


@dataclass(frozen=True, slots=True)
class Mover:
    """A person with a sealed account at home and a living one in another centre, under one resident number."""

    home: int
    now: int
    name: str
    male: bool
    born_on: date
    id_number: bytes


def members(plan: CentrePlan, units: list[Employer], movers: tuple[Mover, ...], rng: np.random.Generator) -> Members:
    """All accounts of one centre."""
    flexible = plan.members[-1]
    sizes = np.array([unit.size for unit in units])
    active = np.concatenate([np.repeat(np.arange(len(units)), sizes), np.full(flexible, -1)]).astype(np.int32)
    sealed = np.sort(rng.choice(np.arange(len(units)), size=plan.sealed, p=sizes / sizes.sum())).astype(np.int32)
    employer = np.concatenate([active, sealed])
    is_sealed = np.arange(len(employer)) >= len(active)
    total = len(employer)

    male, ethnicity, region, born_on = _persons(plan, units, employer, rng)
    born_on, sequence = _sequences(plan.figures.centre_id, region, born_on, male, rng)
    name = people_names(rng, ethnicity, male, born_on.astype("datetime64[Y]").astype(int) + 1970)
    id_number = numbers.resident_ids(region, born_on, sequence)
    opened_on, sealed_on = _dates(units, employer, born_on, is_sealed, rng)
    wage = _wages(plan, units, employer, born_on, is_sealed, rng)
    limits = published.limits(plan.figures.centre_id, AS_OF)
    floors = np.array([limits.floor_fen[unit.district_code] for unit in units] + [max(limits.floor_fen.values())])
    base = np.clip(wage, floors[employer], limits.cap_fen)
    unit_rates = np.array([unit.employer_rate for unit in units] + [0], dtype=np.int8)
    own_rates = np.array([unit.member_rate for unit in units] + [limits.flexible_rate], dtype=np.int8)
    employer_rate, member_rate = unit_rates[employer], own_rates[employer]
    employer_month, member_month = (_whole_yuan(base * rate.astype(np.int64)) for rate in (employer_rate, member_rate))
    result = Members(
        employer=employer,
        name=name,
        male=male,
        ethnicity=ethnicity,
        born_on=born_on,
        id_kind=np.zeros(total, dtype=np.int8),
        id_number=id_number,
        phone=phones(rng, total),
        bank_card=numbers.luhn_cards(BANK_PREFIX, plan.figures.centre_id * 10**10 + np.arange(total) * 37 + rng.integers(0, 37)),
        wage_fen=wage,
        base_fen=base,
        employer_rate=employer_rate,
        member_rate=member_rate,
        employer_month_fen=employer_month,
        member_month_fen=member_month,
        balance_fen=_balances(employer_month + member_month, opened_on, sealed_on, rng),
        opened_on=opened_on,
        sealed_on=sealed_on,
        second=np.zeros(total, dtype=np.int8),
    )
    _guests(plan, result, len(active), rng)
    _seconds(plan, result, len(active), rng)
    _place_movers(plan, result, movers, len(active))
    return result


def _whole_yuan(base_times_percent: NDArray[np.int64]) -> NDArray[np.int64]:
    """Base (fen) times per cent, to whole yuan, half up; in fen."""
    return (base_times_percent + 5_000) // 10_000 * 100


@cache
def _ethnic_shares(key: str) -> tuple[tuple[int, float], ...]:
    parts = published.names()["ethnicities"].get(key, "汉 100").split()
    return tuple((ETHNICITIES.index(name), float(share)) for name, share in zip(parts[::2], parts[1::2], strict=True))


def _persons(plan, units, employer, rng):  # type: ignore[no-untyped-def]
    """Sex, people, home county (six digits) and day of birth."""
    total = len(employer)
    male = rng.random(total) < 0.56
    homes = [d for d in published.districts() if d.issues_numbers and d.centre_id != 16]
    centre_id = {15: 9, 16: 1}.get(plan.figures.centre_id, plan.figures.centre_id)
    near = 0.70 if plan.figures.centre_id in (2, 15, 16) else 0.90
    weights = np.array([d.weight * (1.0 if d.centre_id == centre_id else 0.0) for d in homes])
    weights = near * weights / weights.sum()
    far = np.array([0.0 if d.centre_id == centre_id else d.weight for d in homes], dtype=float)
    weights = np.cumsum(weights + (1 - near) * far / far.sum())
    home = np.minimum(np.searchsorted(weights, rng.random(total)), len(homes) - 1)
    region = np.array([int(d.code) for d in homes])[home]
    ethnicity = np.zeros(total, dtype=np.int8)
    for index, district in enumerate(homes):
        known = published.names()["ethnicities"]
        key = district.code if district.code in known else str(district.centre_id)
        if key not in known:
            continue
        shares = _ethnic_shares(key)
        places = np.flatnonzero(home == index)
        bounds = np.cumsum([share for _, share in shares]) / sum(share for _, share in shares)
        codes = np.array([code for code, _ in shares], dtype=np.int8)
        ethnicity[places] = codes[np.minimum(np.searchsorted(bounds, rng.random(len(places))), len(codes) - 1)]
    middle = np.array([{"PRIVATE": 36.0, "FOREIGN": 37.0, "OTHER": 38.0}.get(u.kind, 41.0) for u in units] + [38.0])
    age = middle[employer] + 9.0 * rng.standard_normal(total)
    oldest = np.where(male, 59.8, 54.8)
    outside = (age < 21.5) | (age > oldest)
    age = np.where(outside, 21.5 + rng.random(total) * (oldest - 21.5), age)
    born_on = np.datetime64(AS_OF) - (age * 365.25).astype("timedelta64[D]")
    return male, ethnicity, region, born_on


def _slots(centre_id: int, region: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of the 500 sequence numbers of a county, day and sex a centre may give out: (first, how many).

    The centre of the county has most of them, the others a few each, movers the last ten: no number is given twice.
    """
    owner = np.where(region // 100 == 6229, 13, np.where(region // 100 == 6230, 14, region // 100 - 6200))
    lanzhou = owner == 1
    first = np.where(owner == centre_id, 0, 340 + (centre_id - 1) % 16 * 9)
    count = np.where(owner == centre_id, 340, 9)
    first = np.where(lanzhou, {1: 0, 16: 240}.get(centre_id, 400 + (centre_id - 2) * 6), first)
    count = np.where(lanzhou, {1: 240, 16: 160}.get(centre_id, 6), count)
    return first, count


def _sequences(centre_id, region, born_on, male, rng):  # type: ignore[no-untyped-def]
    """A sequence number for everybody; whoever finds the day full is born a day later."""
    first, count = _slots(centre_id, region)
    days = born_on.astype("datetime64[D]").astype(np.int64)
    while True:
        key = (region * 100_000 + days + 40_000) * 2 + male
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        rank = np.empty(len(key), dtype=np.int64)
        rank[order] = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
        full = rank >= count
        if not full.any():
            break
        days = days + full
    slot = first + (rank * 7 + days) % count
    return days.astype("datetime64[D]"), slot * 2 + male


def _dates(units, employer, born_on, is_sealed, rng):  # type: ignore[no-untyped-def]
    """Opening between the first job and the day of the photograph; sealing after it, within the last ten years."""
    total = len(employer)
    today = np.datetime64(AS_OF)
    registered = np.array([u.registered_on for u in units] + [date(2021, 3, 1)], dtype="datetime64[D]")[employer]
    earliest = np.maximum(born_on + np.timedelta64(int(21 * 365.25), "D"), registered)
    earliest = np.minimum(earliest, today - np.timedelta64(70, "D"))
    span = (today - np.timedelta64(35, "D") - earliest).astype(np.int64)
    opened_on = earliest + (span * rng.random(total) ** 2.2).astype("timedelta64[D]")
    gone = (today - np.maximum(opened_on, today - np.timedelta64(3650, "D"))).astype(np.int64)
    sealed_on = opened_on + np.maximum(30, (gone * rng.random(total)).astype(np.int64)).astype("timedelta64[D]")
    sealed_on = np.where(is_sealed, np.minimum(sealed_on, today), np.datetime64("NaT"))
    return opened_on, sealed_on


def _wages(plan, units, employer, born_on, is_sealed, rng):  # type: ignore[no-untyped-def]
    """Average monthly wage of last year, in fen: log-normal inside each kind of unit, rising with age to fifty.

    Quantiles are dealt out instead of drawn, so that even a small centre shows the whole distribution.
    """
    kinds = published.unit_kinds()
    index_of = {kind.kind: index for index, kind in enumerate(kinds)}
    kind_of = np.array([index_of[u.kind] for u in units] + [len(kinds) - 1])[employer]
    age = (np.datetime64(AS_OF) - born_on).astype(np.int64) / 365.25
    curve = 0.72 + 0.36 * np.clip((age - 21) / 29, 0, 1)
    wage = np.empty(len(employer))
    for index, kind in enumerate(kinds):
        for part in (~is_sealed, is_sealed):
            places = np.flatnonzero((kind_of == index) & part)
            if not len(places):
                continue
            z = normal_quantile((rng.permutation(len(places)) + 0.5) / len(places))
            pay = np.exp(kind.wage_spread * z) * curve[places] / curve[places].mean()
            wage[places] = wage_level_fen() * kind.wage_level * plan.figures.wage_level * pay / np.exp(kind.wage_spread**2 / 2)
    wage = np.where(is_sealed, wage * 0.7, wage)
    return np.maximum(np.rint(wage).astype(np.int64), 120_000)


def _balances(month_fen, opened_on, sealed_on, rng):  # type: ignore[no-untyped-def]
    """What is left on the account: months paid, at the lower amounts of earlier years, less what was withdrawn."""
    until = np.where(np.isnat(sealed_on), np.datetime64(AS_OF), sealed_on)
    months = (until - opened_on).astype(np.int64) / 30.4
    earlier = (1 - np.exp(-0.0058 * months)) / (0.0058 * np.maximum(months, 1))
    kept = np.where(rng.random(len(month_fen)) < 0.12, 0.02, rng.random(len(month_fen)) * 2)
    return np.rint(month_fen * months * earlier * kept * RETENTION * 2.1).astype(np.int64) // 10 * 10 + 7


def _guests(plan: CentrePlan, people: Members, active: int, rng: np.random.Generator) -> None:
    """Foreigners with a permanent residence card (both formats) and holders of a residence permit for 港澳台."""
    centre_id = plan.figures.centre_id
    least = 2 if centre_id in (1, 16) else 0
    count = max(least, round(active / 9_000))
    if not count:
        return
    rows = rng.choice(np.arange(active), size=2 * count, replace=False)
    foreign, neighbours = published.names()["foreign"], published.names()["neighbours"]
    for turn, row in enumerate(rows[:count]):
        name, sex, letters, number = foreign[(turn + centre_id) % len(foreign)].split()
        _put(people, int(row), name, sex == "M")
        sequence = np.array([(centre_id * 60 + turn) % 500 * 2 + (sex == "M")])
        born = people.born_on[row : row + 1]
        if turn % 2:
            people.id_kind[row] = ID_KINDS.index("FOREIGN_PR_CARD_OLD")
            people.id_number[row] = _old_card(letters, born, centre_id, turn)
        else:
            people.id_kind[row] = ID_KINDS.index("FOREIGN_PR_CARD")
            card = numbers.permanent_residence_cards(np.array([62]), np.array([int(number)]), born, sequence)
            people.id_number[row] = card[0]
    for turn, row in enumerate(rows[count:]):
        name, sex, region = neighbours[(turn + centre_id // 2) % len(neighbours)].split()
        _put(people, int(row), name, sex == "M")
        sequence = np.array([(centre_id * 30 + turn) % 500 * 2 + (sex == "M")])
        people.id_kind[row] = ID_KINDS.index("HMT_PERMIT")
        people.id_number[row] = numbers.resident_ids(np.array([int(region)]), people.born_on[row : row + 1], sequence)[0]


def _old_card(letters: str, born: NDArray[np.datetime64], centre_id: int, turn: int) -> bytes:
    """Old permanent residence card: nationality in letters and twelve digits."""
    return f"{letters}62{centre_id:02d}{int(numbers.yyyymmdd(born)[0]) % 1_000_000:06d}{turn % 100:02d}".encode()


def _put(people: Members, row: int, name: str, male: bool) -> None:
    people.name[row] = name
    people.male[row] = male
    people.ethnicity[row] = 0


def _copy_person(people: Members, source: int, target: int) -> None:
    for column in (people.name, people.male, people.ethnicity, people.born_on, people.id_kind, people.phone):
        column[target] = column[source]
    _grown_up(people, target)


def _seconds(plan: CentrePlan, people: Members, active: int, rng: np.random.Generator) -> None:
    """Sealed accounts of people who have another account here: under the 15-digit number, or under the old card."""
    centre_id = plan.figures.centre_id
    count = max(1 if centre_id in (1, 5, 13, 16) else 0, round(active / 2_000))
    sealed_rows = active + rng.permutation(len(people) - active)
    used = 0
    born_before_2000 = np.flatnonzero((people.born_on[:active] < np.datetime64("1990-01-01")) & (people.id_kind[:active] == 0))
    originals = rng.choice(born_before_2000, size=min(count, len(born_before_2000)), replace=False)
    for source in originals:
        target = int(sealed_rows[used])
        used += 1
        _copy_person(people, int(source), target)
        people.id_number[target] = numbers.fifteen(people.id_number[source : source + 1])[0]
        people.second[target] = SECONDS.index("FIFTEEN_DIGITS")
    new_cards = np.flatnonzero(people.id_kind[:active] == ID_KINDS.index("FOREIGN_PR_CARD"))
    for turn, source in enumerate(new_cards[: max(1, len(new_cards) // 5)]):
        target = int(sealed_rows[used])
        used += 1
        _copy_person(people, int(source), target)
        letters = next(line.split()[2] for line in published.names()["foreign"] if line.split()[0] == str(people.name[source]))
        people.id_kind[target] = ID_KINDS.index("FOREIGN_PR_CARD_OLD")
        people.id_number[target] = _old_card(letters, people.born_on[source : source + 1], centre_id, 50 + turn)
        people.second[target] = SECONDS.index("OLD_CARD")


def _place_movers(plan: CentrePlan, people: Members, movers: tuple[Mover, ...], active: int) -> None:
    """The last members of the largest unit are people who came from elsewhere; the last sealed ones are those who left."""
    here = [m for m in movers if m.now == plan.figures.centre_id]
    gone = [m for m in movers if m.home == plan.figures.centre_id]
    resident = np.flatnonzero((people.id_kind == 0) & (people.second == 0))
    arrivals = resident[(resident < active) & (people.employer[resident] >= 0)]
    originals = {bytes(numbers.fifteen(people.id_number[row : row + 1])[0]) for row in arrivals[-4 * len(here) - 4 :]}
    taken = {bytes(n) for n in people.id_number[people.second == SECONDS.index("FIFTEEN_DIGITS")]} & originals
    free = [row for row in arrivals[::-1] if bytes(numbers.fifteen(people.id_number[row : row + 1])[0]) not in taken]
    for person, row in zip(here, free, strict=False):
        _become(people, int(row), person)
    departures = resident[resident >= active][::-1]
    for person, row in zip(gone, departures, strict=False):
        _become(people, int(row), person)
        people.second[row] = SECONDS.index("OTHER_CENTRE")


def _become(people: Members, row: int, person: Mover) -> None:
    _put(people, row, person.name, person.male)
    people.born_on[row] = np.datetime64(person.born_on)
    people.id_number[row] = person.id_number
    _grown_up(people, row)


def _grown_up(people: Members, row: int) -> None:
    """An account is not older than its owner's working life, nor sealed before it was opened."""
    adult = people.born_on[row] + np.timedelta64(int(21 * 365.25), "D")
    people.opened_on[row] = max(people.opened_on[row], adult)
    if not np.isnat(people.sealed_on[row]):
        people.sealed_on[row] = max(people.sealed_on[row], people.opened_on[row] + np.timedelta64(30, "D"))


def plan_movers(plans: tuple[CentrePlan, ...], rng: np.random.Generator) -> tuple[Mover, ...]:
    """People with accounts in two centres, about two in a thousand; at a small scale a handful."""
    weights = np.array([sum(plan.members) for plan in plans], dtype=float)
    count = max(4, round(weights.sum() * 0.002))
    ids = np.array([plan.figures.centre_id for plan in plans])
    sources = [i for i in range(len(ids)) if ids[i] < 15]
    home_weights = weights[sources] / weights[sources].sum()
    home = ids[np.array(sources)[rng.choice(len(sources), size=count, p=home_weights)]]
    now = ids[rng.choice(len(ids), size=count, p=weights / weights.sum())]
    now = np.where(now == home, home % 16 + 1, now)
    male = rng.random(count) < 0.6
    born = np.datetime64("1976-01-01") + rng.integers(0, 7_000, count).astype("timedelta64[D]")
    regions = np.array(
        [int(next(d.code for d in published.districts() if d.centre_id == centre_id and d.issues_numbers)) for centre_id in home]
    )
    days = born.astype(np.int64)
    seen: dict[tuple[int, int, bool], int] = {}
    slots = np.empty(count, dtype=np.int64)
    for row in range(count):
        group = (int(regions[row]), int(days[row]), bool(male[row]))
        slots[row] = 490 + seen.get(group, 0)
        seen[group] = seen.get(group, 0) + 1
    numbers_of = numbers.resident_ids(regions, born, slots * 2 + male)
    names = people_names(rng, np.zeros(count, dtype=np.int8), male, born.astype("datetime64[Y]").astype(int) + 1970)
    return tuple(
        Mover(int(home[i]), int(now[i]), str(names[i]), bool(male[i]), born[i].astype(date), bytes(numbers_of[i])) for i in range(count)
    )
