"""号码: resident numbers, cards, unit codes and bank cards that pass their checks and belong to nobody.

Whole columns at a time: a number is a row of digits, its check one matrix product.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RESIDENT_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int32)
RESIDENT_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
UNIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
UNIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

Ints = NDArray[np.int64]
Texts = NDArray[np.bytes_]


def digits(values: Ints, width: int) -> NDArray[np.uint8]:
    """Each value as `width` digits, most significant first."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return ((values[:, None] // powers) % 10).astype(np.uint8)


def texts(characters: NDArray[np.uint8]) -> Texts:
    """Rows of ASCII codes as byte strings."""
    rows = np.ascontiguousarray(characters)
    return rows.view(f"S{rows.shape[1]}").reshape(-1)


def with_check(seventeen: NDArray[np.uint8]) -> Texts:
    """Seventeen digits and the check of GB 11643."""
    rest = (seventeen.astype(np.int32) @ RESIDENT_WEIGHTS) % 11
    return texts(np.hstack([seventeen + ord("0"), RESIDENT_CHECKS[rest][:, None]]))


def yyyymmdd(days: NDArray[np.datetime64]) -> Ints:
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]")
    return (years.astype(np.int64) + 1970) * 10000 + ((months - years).astype(np.int64) + 1) * 100 + (days - months).astype(np.int64) + 1


def resident_ids(regions: Ints, born_on: NDArray[np.datetime64], sequence: Ints) -> Texts:
    """18 characters; `sequence` is 0 to 999, odd for men."""
    return with_check(np.hstack([digits(regions, 6), digits(yyyymmdd(born_on), 8), digits(sequence, 3)]))


def fifteen(resident: Texts) -> Texts:
    """The first-generation form of a number: no century, no check. Only for those born before 2000."""
    characters = resident.view(np.uint8).reshape(len(resident), 18)
    return texts(np.hstack([characters[:, :6], characters[:, 8:17]]))


def permanent_residence_cards(regions: Ints, nationality: Ints, born_on: NDArray[np.datetime64], sequence: Ints) -> Texts:
    """Five-star card of 2023: 9, two digits of the accepting province, nationality, birth, sequence, check."""
    nine = np.full((len(regions), 1), 9, dtype=np.uint8)
    return with_check(np.hstack([nine, digits(regions, 2), digits(nationality, 3), digits(yyyymmdd(born_on), 8), digits(sequence, 3)]))


def luhn_cards(prefix: int, serial: Ints) -> Texts:
    """19-digit bank cards: six digits of the bank, twelve of the serial, the Luhn check."""
    body = np.hstack([digits(np.full(len(serial), prefix, dtype=np.int64), 6), digits(serial, 12)])
    doubled = body.astype(np.int64)
    doubled[:, ::-1][:, ::2] *= 2
    doubled = np.where(doubled > 9, doubled - 9, doubled)
    check = (10 - doubled.sum(axis=1) % 10) % 10
    return texts(np.hstack([body, check[:, None].astype(np.uint8)]) + ord("0"))


def organisation_code(body: str) -> str:
    """Eight characters and the check of GB 11714."""
    total = sum(int(character, 36) * weight for character, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return body + {10: "X", 11: "0"}.get(rest, str(rest))


def unit_code(head: str, region: str, body: str) -> str:
    """统一社会信用代码: two characters of the registering department and category, region, organisation code, check."""
    seventeen = head + region + organisation_code(body)
    total = sum(UNIT_ALPHABET.index(c) * weight for c, weight in zip(seventeen, UNIT_WEIGHTS, strict=True))
    return seventeen + UNIT_ALPHABET[(31 - total % 31) % 31]
