"""身份证件: five kinds of document, each checked by its own arithmetic.

RESIDENT_ID 居民身份证 (GB 11643; 15 digits of before 1999 are converted), HMT_PERMIT 港澳台居民居住证 (same build,
regions 81 82 83), FOREIGN_PR_CARD 外国人永久居留身份证 of 2023 (18 characters beginning with 9), FOREIGN_PR_CARD_OLD
(3 letters and 12 digits, still valid beside the new one), PASSPORT 护照.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hpf.kernel.decision import cites
from hpf.parties.rules.text import plain


class IdKind(StrEnum):
    RESIDENT_ID = "RESIDENT_ID"
    HMT_PERMIT = "HMT_PERMIT"
    FOREIGN_PR_CARD = "FOREIGN_PR_CARD"
    FOREIGN_PR_CARD_OLD = "FOREIGN_PR_CARD_OLD"
    PASSPORT = "PASSPORT"


ID_KINDS: dict[str, str] = {
    IdKind.RESIDENT_ID: "居民身份证",
    IdKind.HMT_PERMIT: "港澳台居民居住证",
    IdKind.FOREIGN_PR_CARD: "外国人永久居留身份证",
    IdKind.FOREIGN_PR_CARD_OLD: "外国人永久居留证（旧版）",
    IdKind.PASSPORT: "护照",
}


class Sex(StrEnum):
    MALE = "M"
    FEMALE = "F"


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """`reason` is Chinese and empty when valid. `original` is what was written when a 15-digit number was converted.
    `born_on` and `sex` are None when the document does not carry them."""

    kind: str
    normalised: str
    valid: bool
    reason: str = ""
    born_on: date | None = None
    sex: Sex | None = None
    original: str = ""


_PROVINCE_BLOCKS = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71))
PROVINCES = frozenset(str(code) for first, last in _PROVINCE_BLOCKS for code in range(first, last + 1))
HMT_REGIONS = {"810000": "香港", "820000": "澳门", "830000": "台湾"}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_OLD_CARD = re.compile(r"[A-Z]{3}[0-9]{12}")
_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,17}")
_EARLIEST_BIRTH = date(1880, 1, 1)


@cites("条例/13")
def check_identity(kind: str, number: str, on: date | None = None) -> IdentityCheck:
    """Is this number a possible document of this kind? With `on`, a birth date after that day is refused too.

    Whether the person exists is a question for 公安; this rule only refuses what cannot be right.
    """
    text = plain(number)
    if not text:
        return IdentityCheck(kind, text, False, f"{ID_KINDS.get(kind, '证件')}号码为空，请填写证件号码")
    match kind:
        case IdKind.RESIDENT_ID:
            return _check_resident(text, on)
        case IdKind.HMT_PERMIT:
            return _check_hmt_permit(text, on)
        case IdKind.FOREIGN_PR_CARD:
            return _check_foreign_card(text, on)
        case IdKind.FOREIGN_PR_CARD_OLD:
            return _check_shape(kind, text, _OLD_CARD, "应为3位大写字母加12位数字，共15位")
        case IdKind.PASSPORT:
            return _check_shape(kind, text, _PASSPORT, "应为5至17位字母和数字，且至少有一位数字")
        case _:
            return IdentityCheck(kind, text, False, f"不认识证件类型“{kind}”，可用：{'、'.join(ID_KINDS.values())}")


def recognise_identity(number: str, on: date | None = None) -> IdentityCheck:
    """Check a number whose kind was not said: the kind follows from its shape."""
    text = plain(number)
    if _OLD_CARD.fullmatch(text):
        kind = IdKind.FOREIGN_PR_CARD_OLD
    elif re.fullmatch(r"9[0-9]{16}[0-9X]", text):
        kind = IdKind.FOREIGN_PR_CARD
    elif len(text) == 18 and text[:6] in HMT_REGIONS:
        kind = IdKind.HMT_PERMIT
    elif _PASSPORT.fullmatch(text) and not text[:10].isdigit() and len(text) < 15:
        kind = IdKind.PASSPORT
    else:
        kind = IdKind.RESIDENT_ID
    return check_identity(kind, text, on)


_ONE_PERSON_KINDS = (
    frozenset({IdKind.FOREIGN_PR_CARD, IdKind.FOREIGN_PR_CARD_OLD, IdKind.PASSPORT}),
    frozenset({IdKind.HMT_PERMIT, IdKind.PASSPORT}),
)


def may_be_one_person(kind: str, other_kind: str) -> bool:
    """Can one person hold both kinds? Then equal name and birth date suggest one person; a clerk decides, never we.

    Two passports may follow each other; two resident numbers of one person do not exist.
    """
    if kind == other_kind:
        return kind in (IdKind.PASSPORT, IdKind.FOREIGN_PR_CARD_OLD)
    return any(kind in family and other_kind in family for family in _ONE_PERSON_KINDS)


def check_digit(first_seventeen: str) -> str:
    """The eighteenth character of GB 11643 (MOD 11-2)."""
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, first_seventeen, strict=True)) % 11]


def _check_resident(text: str, on: date | None) -> IdentityCheck:
    kind = IdKind.RESIDENT_ID
    original = ""
    if _FIFTEEN.fullmatch(text):
        original = text
        longer = text[:6] + "19" + text[6:]
        text = longer + check_digit(longer)
    if not _EIGHTEEN.fullmatch(text):
        return _wrong_eighteen(kind, text)
    if text[:6] in HMT_REGIONS:
        return IdentityCheck(
            kind,
            text,
            False,
            f"{text[:6]}是{HMT_REGIONS[text[:6]]}居民居住证的地区代码，请把证件类型改为“港澳台居民居住证”",
        )
    if text[0] == "9":
        return IdentityCheck(kind, text, False, "以9开头的18位号码是外国人永久居留身份证，请把证件类型改为“外国人永久居留身份证”")
    if text[:2] not in PROVINCES:
        return IdentityCheck(kind, text, False, f"身份证号码前两位{text[:2]}不是省级地区代码，请核对证件")
    return _check_birth_and_digit(kind, text, on, original)


def _check_hmt_permit(text: str, on: date | None) -> IdentityCheck:
    kind = IdKind.HMT_PERMIT
    if not _EIGHTEEN.fullmatch(text):
        return _wrong_eighteen(kind, text)
    if text[:6] not in HMT_REGIONS:
        return IdentityCheck(kind, text, False, f"港澳台居民居住证以810000、820000或830000开头，此号码以{text[:6]}开头，请核对证件类型")
    return _check_birth_and_digit(kind, text, on)


def _check_foreign_card(text: str, on: date | None) -> IdentityCheck:
    kind = IdKind.FOREIGN_PR_CARD
    if _OLD_CARD.fullmatch(text):
        return IdentityCheck(kind, text, False, "这是旧版永久居留证号码（3位字母加12位数字），请把证件类型改为“外国人永久居留证（旧版）”")
    if not _EIGHTEEN.fullmatch(text):
        return _wrong_eighteen(kind, text)
    if text[0] != "9":
        return IdentityCheck(kind, text, False, f"外国人永久居留身份证号码以9开头，此号码以{text[0]}开头，请核对证件类型")
    if text[1:3] not in PROVINCES:
        return IdentityCheck(kind, text, False, f"永久居留身份证第2、3位{text[1:3]}不是受理地省级代码，请核对证件")
    if text[3:6] in ("000", "156"):
        return IdentityCheck(kind, text, False, f"永久居留身份证第4至6位{text[3:6]}不是外国国籍代码，请核对证件")
    return _check_birth_and_digit(kind, text, on)


def _check_birth_and_digit(kind: IdKind, text: str, on: date | None, original: str = "") -> IdentityCheck:
    label = ID_KINDS[kind]
    written = text[6:14]
    try:
        born_on = date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return IdentityCheck(kind, text, False, f"{label}第7至14位{written}不是有效的出生日期，请核对证件")
    if born_on < _EARLIEST_BIRTH or (on is not None and born_on > on):
        return IdentityCheck(kind, text, False, f"{label}中的出生日期{born_on}不合理，请核对证件")
    expected = check_digit(text[:17])
    if text[17] != expected:
        return IdentityCheck(kind, text, False, f"{label}末位校验码应为{expected}，填写的是{text[17]}，请核对是否有一位写错")
    sex = Sex.MALE if int(text[16]) % 2 else Sex.FEMALE
    return IdentityCheck(kind, text, True, "", born_on, sex, original)


def _wrong_eighteen(kind: IdKind, text: str) -> IdentityCheck:
    label = ID_KINDS[kind]
    if len(text) != 18:
        also = "（或15位旧号码）" if kind is IdKind.RESIDENT_ID else ""
        return IdentityCheck(kind, text, False, f"{label}号码应为18位{also}，填写的是{len(text)}位，请补正")
    wrong = next((place, c) for place, c in enumerate(text, 1) if not (c.isascii() and c.isdigit()))
    return IdentityCheck(
        kind,
        text,
        False,
        f"{label}号码只含数字，仅末位可为X；第{wrong[0]}位是“{wrong[1]}”，请核对",
    )


def _check_shape(kind: str, text: str, shape: re.Pattern[str], must: str) -> IdentityCheck:
    if shape.fullmatch(text):
        return IdentityCheck(kind, text, True)
    return IdentityCheck(kind, text, False, f"{ID_KINDS[kind]}号码{must}，请核对证件")
