"""单位: units with names of their place and trade, valid codes, a payday, rates and habits of paying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from demo.province import numbers, published
from demo.province.people_names import people_names
from demo.province.plan import AS_OF, CentrePlan, normal_quantile, shares_to_counts

LARGEST_LIST = 10_400
"""At full scale one unit of Lanzhou has a list of more than ten thousand lines."""

HABITS = (("ARREARS", 0.05), ("DEFERRAL", 0.04), ("PREPAYING", 0.05), ("LATE", 0.09), ("SHORT", 0.03), ("PROMPT", 0.74))
SMALL_HABITS = ("ARREARS", "PROMPT", "DEFERRAL", "PREPAYING", "LATE", "PROMPT", "SHORT", "PROMPT")
"""In a province of a few dozen units chance would leave some habits out: there they go round."""
CHANNELS = (("XLSX", 0.40), ("CSV", 0.15), ("PAGE", 0.45))


@dataclass(frozen=True, slots=True)
class Employer:
    """One unit. Rates are per cent a side; `size` is its contributing members."""

    centre_id: int
    index: int
    name: str
    uscc: str
    kind: str
    economic_type: str
    nature: str
    industry: str
    district: str
    district_code: str
    address: str
    established_on: date
    registered_on: date
    payday: int
    employer_rate: int
    member_rate: int
    size: int
    operator_name: str
    operator_phone: str
    bank_account_no: str
    habit: str
    channel: str
    adjusts_in: int


def _by_turn(table: tuple[tuple[str, float], ...], position: float) -> str:
    for name, share in table:
        position -= share
        if position < 0:
            return name
    return table[-1][0]


class _Names:
    """Names nobody else in the centre has, cycling through the templates of a kind."""

    def __init__(self, plan: CentrePlan, rng: np.random.Generator) -> None:
        self.material = published.employer_names()
        self.centre = plan.figures
        self.rng = rng
        self.taken: set[str] = set()
        self.turns: dict[str, int] = dict.fromkeys(self.material, plan.figures.centre_id * 5 % 11)

    def next(self, kind: str, district: published.District) -> tuple[str, str]:
        provincial = self.centre.centre_id == 16
        templates = (self.material["provincial"].get(kind) if provincial else None) or self.material[kind]
        city = {16: "甘肃", 15: "甘肃矿区", 13: "临夏", 14: "甘南"}.get(self.centre.centre_id, self.centre.short_name)
        place = district.name
        if place.endswith("区") and self.centre.centre_id not in (15,):
            place = ("兰州市" if provincial else city + "市") + place
        for attempt in range(200):
            turn = self.turns.get(kind, 0)
            self.turns[kind] = turn + 1
            industry, template = templates[turn % len(templates)]
            name = template.format(
                c=city,
                d=place,
                t=self._pick(self.material["towns"]),
                n="一二三四五六七八九十"[turn // len(templates) % 10],
                b=self._pick(self.material["brands"]["first"]) + self._pick(self.material["brands"]["last"]),
            )
            if name not in self.taken:
                break
            if attempt > 120:
                name = f"{name}（{self._pick(self.material['towns'])}{self._pick(self.material['brands']['last'])}）"
                if name not in self.taken:
                    break
        self.taken.add(name)
        return name, industry

    def _pick(self, words: str) -> str:
        listed = words.split()
        return str(listed[int(self.rng.integers(0, len(listed)))])


def _sizes(plan: CentrePlan, rng: np.random.Generator, kind_index: int, full: bool) -> np.ndarray:
    units, members = plan.units[kind_index], plan.members[kind_index]
    spread = (0.8, 0.9, 1.5, 0.9, 1.2, 1.1, 0.7, 1.0)[kind_index]
    pull = np.exp(spread * normal_quantile((rng.permutation(units) + 0.5) / units))
    sizes = shares_to_counts(pull, members, 1)
    if full and plan.figures.centre_id == 1 and kind_index == 2:
        largest = int(np.argmax(sizes))
        rest = np.delete(pull, largest)
        sizes = np.insert(shares_to_counts(rest, members - LARGEST_LIST, 1), largest, LARGEST_LIST)
    return sizes


def _rates(kind: published.UnitKind, sizes: np.ndarray, start: int) -> list[int]:
    """Rates in the kind's proportions among units of like size, so that they hold for members, too."""
    order = np.argsort(-sizes, kind="stable")
    steps = (np.arange(len(sizes)) * 0.6180339887 + start * 0.7548776662) % 1
    bounds = np.cumsum([share for _, share in kind.rates])
    values = np.array([rate for rate, _ in kind.rates])
    chosen = values[np.minimum(np.searchsorted(bounds, steps), len(values) - 1)]
    rates = np.empty(len(sizes), dtype=int)
    rates[order] = chosen
    return [int(rate) for rate in rates]


def _habit(kind: str, position: int, full: bool) -> str:
    """Units on the public purse neither fall into arrears nor ask for deferral."""
    habit = _by_turn(HABITS, (position * 0.6180339887 + 0.01) % 1) if full else SMALL_HABITS[(position * 3 + position // 5) % 8]
    if not full and position == 11:
        return "DEFERRAL"
    return "PROMPT" if kind in ("GOVERNMENT", "INSTITUTION") and habit in ("ARREARS", "DEFERRAL") else habit


def _established(kind: str, rng: np.random.Generator) -> date:
    first, last = {"GOVERNMENT": (1984, 2019), "INSTITUTION": (1982, 2020), "STATE_OWNED": (1985, 2021)}.get(kind, (1999, 2024))
    return date(first, 1, 4) + timedelta(days=int(rng.integers(0, (last - first) * 365)))


def employers(plan: CentrePlan, rng: np.random.Generator, first_position: int, full: bool) -> list[Employer]:
    """The units of one centre, kind by kind. `first_position` counts units over the province, so that habits take turns."""
    kinds, centre = published.unit_kinds(), plan.figures
    weights = np.array([d.weight for d in centre.districts], dtype=float)
    bounds = np.cumsum(weights / weights.sum())
    namer = _Names(plan, rng)
    total = sum(plan.units)
    male = rng.random(total) < 0.42
    operators = people_names(rng, np.zeros(total, dtype=np.int8), male, rng.integers(1972, 2000, total))
    telephones = phones(rng, total)
    result: list[Employer] = []
    for kind_index, kind in enumerate(kinds[:-1]):
        if not plan.units[kind_index]:
            continue
        sizes = _sizes(plan, rng, kind_index, full)
        for size, rate in zip(sizes, _rates(kind, sizes, centre.centre_id), strict=True):
            index = len(result)
            district = centre.districts[min(int(np.searchsorted(bounds, rng.random())), len(weights) - 1)]
            name, industry = namer.next(kind.kind, district)
            established_on = _established(kind.kind, rng)
            region = district.code if district.code.isdigit() else "620200"
            serial = f"{centre.centre_id:02d}{index:06d}"
            if kind.uscc_head == "91" and established_on.year >= 2016:
                serial = f"MA{numbers.UNIT_ALPHABET[centre.centre_id]}{index:05d}"
            registered_on = max(established_on + timedelta(days=int(rng.integers(5, 90))), date(1995, 7, 3))
            result.append(
                Employer(
                    centre_id=centre.centre_id,
                    index=index,
                    name=name,
                    uscc=numbers.unit_code(kind.uscc_head, region, serial),
                    kind=kind.kind,
                    economic_type=kind.economic_type,
                    nature=kind.nature,
                    industry=industry,
                    district=district.name,
                    district_code=district.code,
                    address=f"{district.name}{namer._pick(namer.material['towns'])}路{int(rng.integers(1, 400))}号",
                    established_on=established_on,
                    registered_on=min(registered_on, AS_OF - timedelta(days=40)),
                    payday=int(rng.choice((5, 8, 10, 12, 15, 18, 20, 25))),
                    employer_rate=rate,
                    member_rate=rate,
                    size=int(size),
                    operator_name=str(operators[index]),
                    operator_phone=telephones[index].decode(),
                    bank_account_no=f"6201{centre.centre_id:02d}{index:08d}{int(rng.integers(0, 10))}",
                    habit=_habit(kind.kind, first_position + index, full),
                    channel=_by_turn(CHANNELS, ((first_position + index) * 0.7548776662) % 1),
                    adjusts_in=1 if kind.kind == "STATE_OWNED" and index % 4 == 3 else 7,
                )
            )
    return result


PHONE_HEADS = np.array([130, 131, 133, 135, 136, 138, 139, 150, 151, 152, 153, 158, 159, 177, 180, 181, 182, 186, 187, 189, 199])


def phones(rng: np.random.Generator, count: int) -> np.ndarray:
    heads = PHONE_HEADS[rng.integers(0, len(PHONE_HEADS), count)].astype(np.int64)
    return numbers.texts(numbers.digits(heads * 10**8 + rng.integers(0, 10**8, count), 11) + ord("0"))
