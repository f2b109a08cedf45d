"""统一社会信用代码 (GB 32100), and the nine-character organisation code (GB 11714) that came before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hpf.kernel.decision import cites
from hpf.parties.rules.text import plain

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_OLD_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_OLD = re.compile(r"[0-9A-Z]{8}-?[0-9X]")


@dataclass(frozen=True, slots=True)
class OrganisationCheck:
    """`kind` is USCC or ORG_CODE. A valid ORG_CODE still needs attention: the unit must bring its 18-character code."""

    kind: str
    normalised: str
    valid: bool
    reason: str = ""

    @property
    def outdated(self) -> bool:
        return self.kind == "ORG_CODE"


@cites("条例/14")
def check_uscc(text: str) -> OrganisationCheck:
    """Is this a possible code of a unit? Nine characters are recognised as the old code, and flagged."""
    code = plain(text)
    if not code:
        return OrganisationCheck("USCC", code, False, "统一社会信用代码为空，请填写18位代码")
    if _OLD.fullmatch(code):
        return _check_old(code.replace("-", ""))
    if len(code) != 18:
        return OrganisationCheck("USCC", code, False, f"统一社会信用代码应为18位，填写的是{len(code)}位，请补正")
    for place, c in enumerate(code, 1):
        if c not in _ALPHABET:
            return OrganisationCheck("USCC", code, False, f"统一社会信用代码不使用字符“{c}”（第{place}位），不含I、O、S、V、Z，请核对")
    if not code[2:8].isdigit():
        return OrganisationCheck("USCC", code, False, f"统一社会信用代码第3至8位{code[2:8]}应为登记机关行政区划数字，请核对")
    expected = _check_character(code[:17])
    if code[17] != expected:
        return OrganisationCheck("USCC", code, False, f"统一社会信用代码末位校验码应为{expected}，填写的是{code[17]}，请核对是否有一位写错")
    return OrganisationCheck("USCC", code, True)


def _check_character(first_seventeen: str) -> str:
    total = sum(w * _ALPHABET.index(c) for w, c in zip(_WEIGHTS, first_seventeen, strict=True))
    return _ALPHABET[(31 - total % 31) % 31]


def _check_old(code: str) -> OrganisationCheck:
    total = sum(w * int(c, 36) for w, c in zip(_OLD_WEIGHTS, code[:8], strict=True))
    expected = "0123456789X0"[11 - total % 11]
    if code[8] != expected:
        return OrganisationCheck("ORG_CODE", code, False, f"组织机构代码末位校验码应为{expected}，填写的是{code[8]}，请核对")
    return OrganisationCheck("ORG_CODE", code, True, "这是9位旧组织机构代码，请单位提供18位统一社会信用代码后更新")
