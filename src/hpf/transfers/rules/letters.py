"""联系函编号: six digits of the sending centre's organisation code, the day, a running number of that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.kernel.decision import cites

LENGTH = 16
LARGEST_SEQUENCE = 9999


class NotALetterNumber(ValueError):
    """The text is no number of a letter, or none can be made from what is given."""


@dataclass(frozen=True, slots=True)
class LetterNumber:
    """The parts of a letter's number."""

    org_code: str
    on: date
    sequence: int

    @property
    def text(self) -> str:
        return f"{self.org_code}{self.on:%y%m%d}{self.sequence:04d}"


@cites("银行结算接口标准/联系函编号")
def letter_number(org_code: str, on: date, sequence: int) -> str:
    """联系函编号 of the day's n-th letter. A code of more than six digits gives its first six.

    Raises   NotALetterNumber: no six digits to begin with; more than 9999 letters on one day
    Example  629005, 2026-08-03, 12  ->  6290052608030012
    """
    if len(org_code) < 6 or not (org_code.isascii() and org_code[:6].isdigit()):
        raise NotALetterNumber(f"机构代码“{org_code}”前六位不是数字，不能编联系函号")
    if not 1 <= sequence <= LARGEST_SEQUENCE:
        raise NotALetterNumber(f"当日联系函序号{sequence}超出1至{LARGEST_SEQUENCE}，请次日再发")
    return LetterNumber(org_code[:6], on, sequence).text


@cites("银行结算接口标准/联系函编号")
def read_letter_number(text: str) -> LetterNumber:
    """The parts again. Raises NotALetterNumber for anything that no centre can have issued."""
    if len(text) != LENGTH or not (text.isascii() and text.isdigit()):
        raise NotALetterNumber(f"“{text}”不是联系函编号，应为16位数字")
    try:
        on = date(2000 + int(text[6:8]), int(text[8:10]), int(text[10:12]))
    except ValueError as error:
        raise NotALetterNumber(f"联系函编号“{text}”中的日期{text[6:12]}不存在") from error
    if text[12:] == "0000":
        raise NotALetterNumber(f"联系函编号“{text}”的序号为零")
    return LetterNumber(text[:6], on, int(text[12:]))
