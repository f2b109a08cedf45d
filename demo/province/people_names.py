"""姓名: names that fit a person's people, sex and year of birth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo.province import published

ETHNICITIES = ("汉", "回", "东乡", "保安", "撒拉", "裕固", "藏")
MIDDLE = {
    "M": np.array(list("建志永文国海小晓世玉彦宏亚学俊振明东继红新成生维耀家兴")),
    "F": np.array(list("玉晓春秀雪海小红丽亚桂彩雅文惠月淑燕佳艳巧瑞婷静梦")),
}


def _weighted(text: str) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    parts = text.split()
    weights = np.array([float(part) for part in parts[1::2]])
    return np.array(parts[0::2]), np.cumsum(weights / weights.sum())


def _given(rng: np.random.Generator, source: str | dict[str, str], sex: str, count: int) -> NDArray[np.str_]:
    if isinstance(source, dict):  # 藏: two halves
        first, last = np.array(source["first"].split()), np.array(source["last"].split())
        return np.char.add(first[rng.integers(0, len(first), count)], last[rng.integers(0, len(last), count)])
    listed = np.array(source.split())
    # the names at the head of the list are the common ones
    chosen = listed[np.minimum((rng.random(count) ** 1.4 * len(listed)).astype(int), len(listed) - 1)]
    single = np.char.str_len(chosen) == 1
    joined = single & (rng.random(count) < 0.6)
    middle = np.where(joined, MIDDLE[sex][rng.integers(0, len(MIDDLE[sex]), count)], "")
    middle = np.where(middle == chosen, "", middle)
    return np.char.add(middle, chosen)


def _groups(ethnicity: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    return list(given["东乡" if ethnicity == "保安" else ethnicity])


def people_names(
    rng: np.random.Generator,
    ethnicity: NDArray[np.int8],
    male: NDArray[np.bool_],
    birth_year: NDArray[np.int64],
) -> NDArray[np.str_]:
    """One name a person. `ethnicity` indexes ETHNICITIES."""
    material = published.names()
    result = np.zeros(len(ethnicity), dtype="U12")
    for index, people in enumerate(ETHNICITIES):
        since = 0
        for group in _groups(people, material["given"]):
            until = int(group["until"])
            inside = (ethnicity == index) & (birth_year > since) & (birth_year <= until)
            since = until
            for sex, chosen in (("M", inside & male), ("F", inside & ~male)):
                places = np.flatnonzero(chosen)
                if not len(places):
                    continue
                name = _given(rng, group[sex], sex, len(places))
                if people in material["surnames"]:
                    surnames, cumulated = _weighted(material["surnames"][people])
                    name = np.char.add(surnames[np.minimum(np.searchsorted(cumulated, rng.random(len(places))), len(surnames) - 1)], name)
                result[places] = name
    return result
