"""拼音: the stored sort and search key of a name."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_SURNAMES = {
    "单": "shan", "查": "zha", "曾": "zeng", "仇": "qiu", "解": "xie", "盖": "ge", "朴": "piao", "区": "ou",
    "任": "ren", "缪": "miao", "翟": "zhai", "冼": "xian", "乐": "yue", "华": "hua", "尉": "yu", "宁": "ning",
    "折": "she", "种": "chong", "秘": "bi", "黑": "he", "燕": "yan", "覃": "qin", "员": "yun", "哈": "ha",
    "逄": "pang", "佴": "nai", "繁": "po", "撒": "sa", "卜": "bu", "晟": "cheng", "瞿": "qu", "洗": "xian",
}  # fmt: skip
_DOUBLE_SURNAMES = {"尉迟": "yuchi", "万俟": "moqi", "单于": "chanyu", "澹台": "tantai", "长孙": "zhangsun"}


def pinyin_key(name: str) -> str:
    """张三 -> "zhang san". Surnames read as surnames: 单 is shan, 仇 is qiu. Latin names in lower case."""
    if name.isascii():
        return name.lower()
    if name[:2] in _DOUBLE_SURNAMES:
        syllables = [_DOUBLE_SURNAMES[name[:2]], *(_syllable(c) for c in name[2:])]
    else:
        syllables = [_SURNAMES.get(name[0]) or _syllable(name[0]), *(_syllable(c) for c in name[1:])]
    return " ".join(s for s in syllables if s)


def pinyin_initials(key: str) -> str:
    """ "zhang san" -> "zs": what a clerk types."""
    return "".join(part[0] for part in key.split() if part)


def initials_of(text: str) -> str:
    """兰州市第一中学 -> "lzsdyzx": how a clerk finds a unit. Letters and digits stay."""
    return "".join((_syllable(c) or " ")[0] for c in text.lower() if c.isalnum())


@lru_cache(maxsize=30000)
def _syllable(character: str) -> str:
    if character in "·":
        return ""
    return "".join(lazy_pinyin(character, style=Style.NORMAL, v_to_u=False)).lower()
