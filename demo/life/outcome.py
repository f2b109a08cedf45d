"""提取的结果对照: what was really paid in the story, kind by kind, beside the published structure.

A hundred people are few: a kind that has a ground to show takes at least one of them, so that the rare kinds come out larger
than published by as many heads as they have grounds, and the others smaller by their part. Hence the points allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from demo.province.published_withdrawals import KINDS, kind_of, shares

POINTS_ALLOWED = 4


@dataclass(frozen=True, slots=True)
class Compared:
    """One kind: people and fen paid, their parts of the whole in millionths, and the published parts."""

    kind: str
    count: int
    fen: int
    count_ppm: int
    fen_ppm: int
    published_people_ppm: int
    published_fen_ppm: int

    @property
    def agrees(self) -> bool:
        most = POINTS_ALLOWED * 10_000
        return abs(self.count_ppm - self.published_people_ppm) <= most and abs(self.fen_ppm - self.published_fen_ppm) <= most


def compared(paid: Mapping[str, tuple[int, int]]) -> list[Compared]:
    """`paid` is {ground: (people, fen)}; a down payment that came back does not count."""
    count, fen = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    for ground, (number, amount) in paid.items():
        kind = kind_of(ground)
        count[kind], fen[kind] = count[kind] + number, fen[kind] + amount
    all_count, all_fen = sum(count.values()) or 1, sum(fen.values()) or 1
    return [
        Compared(
            kind, count[kind], fen[kind], count[kind] * 10**6 // all_count, fen[kind] * 10**6 // all_fen, share.people_ppm, share.amount_ppm
        )
        for kind, share in shares().items()
    ]


def paid_in_story(last: date) -> dict[str, tuple[int, int]]:
    """What the province's own pages say was paid by ground, over the years of the story."""
    from hpf.withdrawals.queries.supervision import grounds

    paid: dict[str, tuple[int, int]] = {}
    for on in (*(date(year, 12, 31) for year in range(2025, last.year)), last):
        for each in grounds(on):
            count, fen = paid.get(each.ground, (0, 0))
            paid[each.ground] = count + each.persons, fen + each.principal.fen
    return paid


def words(found: list[Compared]) -> str:
    """One line for the end of `make demo`."""
    told = {"RENT": "租房", "BUYING": "购建修", "REPAYING": "还贷", "RENOVATION": "旧改加装电梯", "ENDING": "退休等", "OTHER": "其他"}
    parts = (
        f"{told[each.kind]}{each.fen_ppm / 10_000:.1f}%（公布{each.published_fen_ppm / 10_000:.1f}%）{'' if each.agrees else '不符'}"
        for each in found
    )
    return f"提取{sum(each.count for each in found)}笔，金额占比：" + "，".join(parts)
