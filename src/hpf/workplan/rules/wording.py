"""文字整理: one way of writing a line, whichever file it came from, and where its sentences end."""

from __future__ import annotations

import re
import unicodedata

_WIDE = str.maketrans(
    {"(": "（", ")": "）", ":": "：", ";": "；", "?": "？", "!": "！", "[": "〔", "]": "〕", "［": "〔", "］": "〕", "﹝": "〔", "﹞": "〕"}
)
_CJK = r"\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’…—"
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff\x00-\x08\x0b-\x1f]")


def one_line(text: str) -> str:
    """One line of Chinese: no blanks inside, punctuation of full width, compatibility signs of PDF files as ordinary ones.

    Blanks stay between Latin words. 0.2‰, 12:30 and 1,000 keep their signs.
    """
    text = _INVISIBLE.sub("", "".join(map(_ordinary, text.replace("\u2028", "\n").replace("\u3000", " ").replace("\xa0", " "))))
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(rf"(?<=[{_CJK}\d]) (?=[{_CJK}\d])|(?<=[{_CJK}]) | (?=[{_CJK}])", "", text)
    if not re.search(r"[\u4e00-\u9fff]", text):
        return text
    text = re.sub(r"(?<!\d),|,(?!\d)", "，", text)
    text = re.sub(r"(?<=\d)[:](?=\d)", "\x00", text)
    return text.translate(_WIDE).replace("\x00", ":")


def _ordinary(sign: str) -> str:
    """⼀ of a PDF font, ２０２４ and ａ are 一, 2024 and a."""
    point = ord(sign)
    if (
        0x2E80 <= point <= 0x2FDF
        or 0xF900 <= point <= 0xFAFF
        or 0xFF10 <= point <= 0xFF19
        or (0xFF21 <= point <= 0xFF5A and sign.isalpha())
    ):
        return unicodedata.normalize("NFKC", sign)
    return sign


_SENTENCE = re.compile(r"(?:《[^《》]*》|（[^（）]*）|“[^“”]*”(?<![。！？]”)|[^。！？])+[。！？]*[”’」』）]*|[。！？]+")


def sentences_of(paragraph: str) -> list[str]:
    """Sentences with their full stop; a stop inside 《》 or （） or a quotation that goes on does not end one."""
    return [found for match in _SENTENCE.finditer(paragraph) if (found := match[0].strip())]


def bare(text: str) -> str:
    """Only the words: what two editions are compared by."""
    return re.sub(r"[^\w\u3400-\u9fff‰%〔〕]", "", text)
