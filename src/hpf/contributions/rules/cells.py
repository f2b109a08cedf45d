"""单元格: what people type into a list, read exactly or refused: 2,310.00元, ２３１０, 5%, 0.05, 2026年8月."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from hpf.kernel.period import Month
from hpf.kernel.rate import Rate

_PLAIN_YUAN = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|[0-9]+(\.[0-9]+)?")
_MONTH = re.compile(r"(\d{4})[-./年]?(\d{1,2})月?(?:[-./]?(\d{1,2})日?)?(?:\s+00:00:00)?")
_EXPONENT = re.compile(r"[0-9.]+E\+?[0-9]+", re.IGNORECASE)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_YUAN_MARKS = str.maketrans("", "", "¥￥元圆 \u3000\t")


class Wrong(StrEnum):
    """Why a cell cannot be read."""

    NOT_AN_AMOUNT = "NOT_AN_AMOUNT"
    FINER_THAN_A_FEN = "FINER_THAN_A_FEN"
    NEGATIVE = "NEGATIVE_AMOUNT"
    NOT_A_RATE = "NOT_A_RATE"
    NOT_A_MONTH = "NOT_A_MONTH"
    FORMULA = "FORMULA"
    DIGITS_LOST = "DIGITS_LOST"


def text_of(value: object) -> str:
    """A cell as text: no blanks around it, no invisible marks, whole numbers without a decimal point."""
    if type(value) is str:
        if not value or value.isalnum():
            return value
        return value.translate(_INVISIBLE).strip().lstrip("'").strip()
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def fen_of(value: object) -> int | Wrong | None:
    """Yuan in a cell as whole fen; None when empty. Spreadsheets keep fifteen digits, and so do we.

    Refuses  a part of a fen (trailing zeros are none), a negative amount, anything that is not one number
    Example  2310.1 -> 231000+10, "2,310.00元" -> 231000, "２３１０" -> 231000, "2310.005" -> FINER_THAN_A_FEN
    """
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 10**12:
            whole = int(value) * 100
            return whole if whole >= 0 else Wrong.NEGATIVE
        return _fen(f"{value:.15g}")
    if type(value) is int:
        return value * 100 if value >= 0 else Wrong.NEGATIVE
    if type(value) is not str:
        return None if value is None else Wrong.NOT_AN_AMOUNT
    text = text_of(value)
    if not text:
        return None
    if found := _PLAIN_YUAN.fullmatch(text):
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    if text.startswith(("=", "＝")):
        return Wrong.FORMULA
    text = unicodedata.normalize("NFKC", text).translate(_YUAN_MARKS)
    return _fen(text.removeprefix("人民币"))


def _fen(text: str) -> int | Wrong:
    if text.startswith(("-", "(", "−")):
        return Wrong.NEGATIVE if _GROUPED.fullmatch(text.strip("-()−")) else Wrong.NOT_AN_AMOUNT
    if not _GROUPED.fullmatch(text) or len(text) > 24:
        return Wrong.NOT_AN_AMOUNT
    fen = Decimal(text.replace(",", "")).scaleb(2)
    return int(fen) if fen == fen.to_integral_value() else Wrong.FINER_THAN_A_FEN


@lru_cache(maxsize=512, typed=True)
def rate_of(value: object) -> Rate | Wrong | None:
    """A rate in per cent. "5%", "5", 5 and the cell 0.05 shown as 5% are the same rate: none is below one per cent."""
    text = f"{value:.15g}" if isinstance(value, float) else text_of(value)
    if not text:
        return None
    if text.startswith(("=", "＝")):
        return Wrong.FORMULA
    text = unicodedata.normalize("NFKC", text).replace(" ", "")
    is_percent = text.endswith("%")
    text = text.removesuffix("%")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", text):
        return Wrong.NOT_A_RATE
    number = Decimal(text)
    if not is_percent and number < 1:
        number *= 100
    return Rate(number.normalize())


def month_of(value: object) -> Month | Wrong | None:
    """A month, however written: 2026-08, 202608, 2026年8月, or a date of that month."""
    if isinstance(value, (datetime, date)):
        return Month(value.year, value.month) if 1900 <= value.year <= 2199 else Wrong.NOT_A_MONTH
    text = text_of(value)
    if not text:
        return None
    if text.startswith(("=", "＝")):
        return Wrong.FORMULA
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text))
    if not found or not (1 <= int(found[2]) <= 12 and 1900 <= int(found[1]) <= 2199):
        return Wrong.NOT_A_MONTH
    return Month(int(found[1]), int(found[2]))


def number_of(value: object) -> str | Wrong:
    """An account number or document number. A spreadsheet number keeps fifteen digits: longer ones are lost, not read."""
    if isinstance(value, float) and (abs(value) >= 10**15 or not value.is_integer()):
        return Wrong.DIGITS_LOST
    text = text_of(value)
    if text.isascii() and text.isalnum():
        return text.upper()
    if text.startswith(("=", "＝")):
        return Wrong.FORMULA
    text = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return Wrong.DIGITS_LOST if _EXPONENT.fullmatch(text) and "." in text else text
