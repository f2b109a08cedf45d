"""数字: Chinese numerals of clauses and spans, and the days of the week."""

from __future__ import annotations

import re

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
CHINESE = "〇零一二两三四五六七八九十百"
_VALUES = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def number(text: str) -> int:
    """十二 and 12 are 12. Raises ValueError on anything else."""
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    if not text or set(text) - set(CHINESE):
        raise ValueError(f"not a number: {text!r}")
    total, digit = 0, 0
    for sign in text:
        if sign in _VALUES:
            digit = _VALUES[sign]
        else:
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
    return total + digit


def chinese(value: int) -> str:
    """12 is 十二: the numeral of a clause, below a hundred."""
    if not 0 < value < 100:
        raise ValueError(f"no clause has the number {value}")
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(value, 10)
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones or not tens else "")
