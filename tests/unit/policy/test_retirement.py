"""法定退休年龄: the table of the decision of 2024-09-13."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hpf.kernel.period import Month
from hpf.policy.rules import LawFiles, Retirement, SexKind, statutory_retirement
from hpf.policy.rules.retirement import _GROUPS


@pytest.mark.parametrize(
    ("sex_kind", "born", "age", "month"),
    [
        ("M", "1964-12", (60, 0), "2024-12"),
        ("M", "1965-01", (60, 1), "2025-02"),
        ("M", "1965-04", (60, 1), "2025-05"),
        ("M", "1965-05", (60, 2), "2025-07"),
        ("M", "1970-03", (61, 4), "2031-07"),
        ("M", "1976-08", (62, 11), "2039-07"),
        ("M", "1976-09", (63, 0), "2039-09"),
        ("M", "1999-01", (63, 0), "2062-01"),
        ("F55", "1969-12", (55, 0), "2024-12"),
        ("F55", "1970-01", (55, 1), "2025-02"),
        ("F55", "1981-08", (57, 11), "2039-07"),
        ("F55", "1981-09", (58, 0), "2039-09"),
        ("F50", "1974-12", (50, 0), "2024-12"),
        ("F50", "1975-01", (50, 1), "2025-02"),
        ("F50", "1975-03", (50, 2), "2025-05"),
        ("F50", "1984-10", (54, 11), "2039-09"),
        ("F50", "1984-11", (55, 0), "2039-11"),
    ],
)
def test_the_official_table(sex_kind: str, born: str, age: tuple[int, int], month: str) -> None:
    assert statutory_retirement(sex_kind, Month.parse(born)) == Retirement(*age, Month.parse(month))


def test_nobody_retires_before_somebody_older() -> None:
    for sex_kind in SexKind:
        months = [statutory_retirement(sex_kind, born).month for born in Month(1960, 1).through(Month(1995, 12))]
        assert months == sorted(months)


def test_the_rule_computes_with_the_figures_of_the_law() -> None:
    book = LawFiles.read(Path("law")).book("lanzhou", date(2025, 1, 1))
    names = {SexKind.MALE: "male", SexKind.FEMALE_55: "female_55", SexKind.FEMALE_50: "female_50"}
    for sex_kind, group in _GROUPS.items():
        key = f"retirement.{names[sex_kind]}"
        assert group.age_before == book.whole(f"{key}.age_before_years")
        assert group.delay_max == book.whole(f"{key}.delay_max_months")
        assert group.months_per_delay == book.whole(f"{key}.months_per_delay")
