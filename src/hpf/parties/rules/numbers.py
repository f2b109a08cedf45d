"""编号: numbers printed on paper. Centre (2 digits), series (1), sequence (8), check digit (GB/T 17710 MOD 11,10)."""

from __future__ import annotations

import re
from enum import StrEnum


class Series(StrEnum):
    """The third digit says what the number is of."""

    MEMBER_ACCOUNT = "1"
    EMPLOYER_ACCOUNT = "2"
    EMPLOYER = "3"


def number_of(centre_id: int, series: Series, sequence: int) -> str:
    """Twelve digits. A single wrong digit, and nearly every swap of neighbours, is noticed by `is_number`."""
    if not (0 < centre_id < 100 and 0 < sequence < 100_000_000):
        raise ValueError(f"no number for centre {centre_id}, sequence {sequence}")
    body = f"{centre_id:02d}{series}{sequence:08d}"
    return body + _check_digit(body)


def is_number(text: str, series: Series | None = None) -> bool:
    return re.fullmatch(r"[0-9]{12}", text) is not None and (series is None or text[2] == series) and _check_digit(text[:11]) == text[11]


def _check_digit(body: str) -> str:
    product = 10
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)
