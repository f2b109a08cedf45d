"""排名: centres by what was on time, accepted and measured. The rule is data, shown beside the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted of one centre up to a day. `due`: occurrences whose date has come, or that were reported before it;
    `on_time` and `accepted` of these; `measured`: measured ones due, `met` of these."""

    centre_id: int
    name: str
    due: int
    on_time: int
    accepted: int
    measured: int = 0
    met: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.on_time <= self.due and 0 <= self.accepted <= self.due and 0 <= self.met <= self.measured):
            raise ValueError(f"a part is larger than its whole: {self}")


@dataclass(frozen=True, slots=True)
class Part:
    """One share: `counted` of `whole`, both names of `Tally`, with its weight."""

    key: str
    name: str
    counted: str
    whole: str
    weight: int
    text: str


RULE: Final = (
    Part("on_time", "按时率", "on_time", "due", 50, "按时上报的期次÷已到期的期次"),
    Part("accepted", "认可率", "accepted", "due", 30, "省厅已认可的期次÷已到期的期次"),
    Part("measured", "达标率", "met", "measured", 20, "测量达标的期次÷已到期的测量期次"),
)
"""In the order in which equal scores are told apart."""


@dataclass(frozen=True, slots=True)
class Share:
    key: str
    counted: int
    whole: int

    @property
    def text(self) -> str:
        return f"{percent(Fraction(self.counted, self.whole))}%（{self.counted}/{self.whole}）" if self.whole else "无到期事项"


@dataclass(frozen=True, slots=True)
class Place:
    """One line. `place` is None for a centre with nothing due; `score` is per cent with two places; `tie` says how an equal
    score was decided, or that the place is shared."""

    place: int | None
    centre_id: int
    name: str
    score: str
    shares: tuple[Share, ...]
    tie: str = ""


def rank(tallies: Sequence[Tally], rule: Sequence[Part] = RULE) -> tuple[Place, ...]:
    """Best first; who has nothing due comes last without a place. Equal in everything is an equal place, and the next
    place is left out. A share without anything due leaves its weight to the others."""
    orders = {each.centre_id: _order(each, rule) for each in tallies if _parts(each, rule)}
    ranked = sorted((each for each in tallies if each.centre_id in orders), key=lambda each: (*orders[each.centre_id], each.centre_id))
    lines: list[Place] = []
    for at, tally in enumerate(ranked):
        shared = at > 0 and orders[ranked[at - 1].centre_id] == orders[tally.centre_id]
        place = lines[-1].place if shared else at + 1
        lines.append(Place(place, tally.centre_id, tally.name, score(tally, rule), _shares(tally, rule), _tie(ranked, at, orders, rule)))
    without = sorted((each for each in tallies if each.centre_id not in orders), key=lambda each: each.centre_id)
    told = "本期没有到期事项，不参加排名"
    return (*lines, *(Place(None, each.centre_id, each.name, "", _shares(each, rule), told) for each in without))


def score(tally: Tally, rule: Sequence[Part] = RULE) -> str:
    """The weighted mean of the shares that exist, in per cent."""
    parts = _parts(tally, rule)
    if not parts:
        return ""
    return percent(sum((share * part.weight for part, share in parts), Fraction()) / sum(part.weight for part, _ in parts))


def rule_text(rule: Sequence[Part] = RULE) -> tuple[str, ...]:
    """The rule as sentences for the page and the report."""
    weights = "、".join(f"{part.name}占{part.weight}%" for part in rule)
    return (
        f"得分＝各项比率按权重平均：{weights}。",
        *(f"{part.name}＝{part.text}。" for part in rule),
        "某项没有到期事项的，该项不计，权重由其余各项按比例分担；全部没有到期事项的不参加排名。",
        f"得分保留两位小数，相同的依次比较{'、'.join(part.name for part in rule)}；全部相同的名次并列，下一名次空出。",
    )


def percent(share: Fraction) -> str:
    """Two decimals, half up: 2/3 is 66.67."""
    hundredths = (share * 10_000 + Fraction(1, 2)).__floor__()
    return f"{hundredths // 100}.{hundredths % 100:02}"


def _parts(tally: Tally, rule: Sequence[Part]) -> list[tuple[Part, Fraction]]:
    return [(part, Fraction(getattr(tally, part.counted), whole)) for part in rule if (whole := getattr(tally, part.whole)) > 0]


def _shares(tally: Tally, rule: Sequence[Part]) -> tuple[Share, ...]:
    return tuple(Share(part.key, getattr(tally, part.counted), getattr(tally, part.whole)) for part in rule)


def _order(tally: Tally, rule: Sequence[Part]) -> tuple[Fraction, ...]:
    """Smaller is better: the score as shown, then every share; one that does not exist counts as none."""
    shares = {part.key: share for part, share in _parts(tally, rule)}
    return (-Fraction(score(tally, rule)), *(-shares.get(part.key, Fraction()) for part in rule))


NAMED = 3
"""How many equals are named before they are counted."""


def _tie(ranked: Sequence[Tally], at: int, orders: Mapping[int, tuple[Fraction, ...]], rule: Sequence[Part]) -> str:
    own = orders[ranked[at].centre_id]
    same = [each for each in ranked if each is not ranked[at] and orders[each.centre_id][0] == own[0]]
    if not same:
        return ""
    equal = [each.name for each in same if orders[each.centre_id] == own]
    if equal:
        named = "、".join(equal) if len(equal) <= NAMED else f"{'、'.join(equal[:NAMED])}等{len(equal)}个中心"
        return f"与{named}各项全部相同，名次并列"
    return f"与{'、'.join(each.name for each in same)}得分相同，按{'、'.join(part.name for part in rule)}依次比较确定名次"
