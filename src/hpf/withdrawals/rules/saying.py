"""申请人自己说的: which facts a form asks the applicant for although a department answers them, and how a number is written.

A register is asked about one house, one contract, one invoice: the applicant names it. What she says stands beside the
answer, and where the two differ nobody decides by it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

CODE, PAPER = "CODE", "PAPER"
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,39}")
_PAPER = re.compile(r"[0-9A-Za-z\u4e00-\u9fff（）()〔〕\[\]【】\-—号第]{4,40}")


@dataclass(frozen=True, slots=True)
class Say:
    """How the applicant is asked for a fact. `either` joins facts of which one is enough; `form` CODE is letters and digits,
    PAPER the number of a certificate as it is printed, with its brackets and characters."""

    hint: str
    needed: bool = False
    either: str = ""
    form: str = CODE


def clean_number(text: str, form: str) -> str:
    """The number as registers write it: without blanks, and a code in half-width capitals."""
    bare = "".join(mark for mark in text if not mark.isspace())
    return unicodedata.normalize("NFKC", bare).upper() if form == CODE else bare


def is_number(text: str, form: str) -> bool:
    return bool((_CODE if form == CODE else _PAPER).fullmatch(text))


def how_to_write(form: str) -> str:
    return "4至40位字母、数字或者短横" if form == CODE else "4至40个字，照证书上的文号填写"
