"""人员文件: the made-up province's people as the departments need them: document, county, whether they left their work.

`python -m demo.departments.people PATH` writes the file once; reading it takes no time, drawing the province does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

DEMO_KEY = "演示用共享密钥"
"""What the demo signs with, the same wherever it runs: references of people hang on it, and on them who fits what."""
SEED = 7
"""Of the demo's departments: with the people and the key it settles who owns, rents and owes what."""

COUPLES_EVERY = 6
"""One in so many men of a centre is married to a woman of the same centre who also has an account there."""


def rows_of_province(seed: int, scale: float) -> list[dict[str, Any]]:
    """Everybody with an account, centre by centre; couples among them name each other by row number."""
    from demo.province.province import Province

    rows: list[dict[str, Any]] = []
    known: set[tuple[str, str]] = set()
    for centre in Province(seed, scale):
        members = [m for m in map(centre.members.one, range(len(centre.members))) if (m.id_kind, m.id_number) not in known and not m.second]
        known |= {(m.id_kind, m.id_number) for m in members}
        first = len(rows)
        districts = [unit.district_code for unit in centre.employers]
        for member in members:
            place = districts[member.employer] if member.employer >= 0 else districts[0]
            left = member.sealed_on.isoformat() if member.sealed_on else None
            rows.append({"id_kind": member.id_kind, "id_number": member.id_number, "place": place, "left_on": left})
        for one, other in _couples([(m.sex, m.born_on) for m in members]):
            rows[first + one]["spouse"] = first + other
    return rows


def _couples(people: list[tuple[str, date]]) -> Iterator[tuple[int, int]]:
    """Every sixth man with the free woman nearest to him in age, within five years."""
    free = [index for index, (sex, _) in enumerate(people) if sex == "F"]
    for one in [index for index, (sex, _) in enumerate(people) if sex == "M"][::COUPLES_EVERY]:
        near = min(free, key=lambda other: abs((people[other][1] - people[one][1]).days), default=None)
        if near is not None and abs((people[near][1] - people[one][1]).days) < 5 * 365:
            free.remove(near)
            yield one, near


def write(path: Path, seed: int, scale: float) -> int:
    """Write the file of the demo's people and of those who will be hired; gives how many there are."""
    rows = rows_of_province(seed, scale)
    known = {row["id_number"] for row in rows}
    rows += [{**row, "spouse": None} for row in rows_of_province(seed + 1, 0.00018) if row["id_number"] not in known]
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return len(rows)


if __name__ == "__main__":
    from demo.province.province import DEMO_SCALE, DEMO_SEED

    print(write(Path(sys.argv[1]), DEMO_SEED, DEMO_SCALE))
