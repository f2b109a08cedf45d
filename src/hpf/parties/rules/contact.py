"""姓名 手机 银行卡: what a name, a phone and a card number must look like."""

import re
import unicodedata

from hpf.kernel.decision import Reason
from hpf.parties.rules.text import plain

_CHINESE = r"\u3400-\u9fff\U00020000-\U000323af"
_CHINESE_NAME = re.compile(rf"[{_CHINESE}]+(·[{_CHINESE}]+)*")
_LATIN_NAME = re.compile(r"[^\W\d_]+([ '.\-·][^\W\d_]+)*\.?")
_DOTS = str.maketrans({"•": "·", "・": "·", "‧": "·", "･": "·", "．": "·", "∙": "·"})
_PLACEHOLDERS = frozenset({"测试", "未知", "无名", "姓名", "不详", "TEST"})


def normalised_name(name: str) -> str:
    """One form of a name: blanks inside a Chinese name go, the dot of 少数民族 names is always "·"."""
    text = unicodedata.normalize("NFKC", name.translate(_DOTS)).translate(_DOTS).strip()
    if re.search(rf"[{_CHINESE}]", text):
        return re.sub(r"\s+", "", text).replace(".", "·")
    return re.sub(r"\s+", " ", text)


def check_name(name: str) -> list[Reason]:
    text = normalised_name(name)
    if not text:
        return [Reason("NAME_MISSING", "姓名为空，请按证件填写")]
    if text.upper() in _PLACEHOLDERS:
        return [Reason("NAME_PLACEHOLDER", f"“{text}”不是真实姓名，请按证件填写")]
    if len(text) < 2 or len(text) > 60:
        return [Reason("NAME_LENGTH", f"姓名有{len(text)}个字，应为2至60个字，请按证件填写")]
    if not (_CHINESE_NAME.fullmatch(text) or _LATIN_NAME.fullmatch(text)):
        return [Reason("NAME_CHARACTERS", f"姓名“{text}”含有数字或符号，请按证件填写")]
    return []


def check_phone(phone: str) -> list[Reason]:
    """An empty phone is allowed; a wrong one is not."""
    text = plain(phone)
    if text and not re.fullmatch(r"1[3-9][0-9]{9}", text):
        return [Reason("PHONE_WRONG", f"手机号码应为1开头的11位数字，填写的是{len(text)}位，请核对")]
    return []


def check_bank_card(card: str) -> list[Reason]:
    """An empty card is allowed. 16 to 19 digits with the check digit of bank cards (Luhn)."""
    text = plain(card)
    if not text:
        return []
    if not re.fullmatch(r"[0-9]{16,19}", text):
        return [Reason("CARD_WRONG", f"银行卡号应为16至19位数字，填写的是{len(text)}位，请核对")]
    total = sum(int(c) if i % 2 == 0 else sum(divmod(2 * int(c), 10)) for i, c in enumerate(reversed(text)))
    if total % 10:
        return [Reason("CARD_CHECK_DIGIT", "银行卡号校验位不符，请核对是否有一位写错")]
    return []
