"""文件结构: the blocks of a plan document, in whatever state they arrive, become clauses with anchors and whole sentences.

Pages break in mid-sentence and mid-word, brackets are of both widths, headings carry any level or none: what counts is
the numbering, 一、 （一） 1. （1）. Anchors are 通知, 总, 一, 二(一), 二(一)1, 版记. No word is lost: what belongs to no
clause stands in 通知, 总 or 版记.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from hpf.workplan.rules.numerals import chinese, number
from hpf.workplan.rules.wording import one_line, sentences_of

NOTICE, PREAMBLE, IMPRINT = "通知", "总", "版记"
LONGEST_HEADING = 40


@dataclass(frozen=True, slots=True)
class Block:
    """One line or paragraph as a reader of files finds it; `heading_level` where the file marks it as a heading."""

    text: str
    heading_level: int | None = None


@dataclass(frozen=True, slots=True)
class ClauseText:
    """条款. Level 1 is 一、, 2 is （一）; 0 is what stands around them. A clause with nothing below its heading has the
    heading itself as its sentence."""

    anchor: str
    level: int
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """`title` is the plan's own, not the notice's. Empty strings and None where the document does not say."""

    title: str
    number: str
    issuer: str
    issued_on: date | None
    clauses: tuple[ClauseText, ...]

    def clause(self, anchor: str) -> ClauseText:
        return next(clause for clause in self.clauses if clause.anchor == anchor)

    @property
    def sentences(self) -> tuple[tuple[str, int, str], ...]:
        """(anchor, number within the clause from 1, text) of the whole document."""
        return tuple((clause.anchor, no, text) for clause in self.clauses for no, text in enumerate(clause.sentences, 1))


def outline(blocks: Sequence[Block]) -> PlanDocument:
    """The document's clauses in order. Never fails: a text without any numbering is one clause 总."""
    lines = [
        _Line(text, block.heading_level is not None)
        for block in blocks
        if not _PAGE_MARK.fullmatch(block.text.strip()) and (text := _clean(block.text))
    ]
    opening = (at for level in (1, 2, 3) for at in range(len(lines)) if _opens_plan(lines, at, level))
    start = next(opening, len(lines))
    end = next((at for at in range(start, len(lines)) if _IMPRINT.match(lines[at].text)), len(lines))
    front = _Front.of(lines[:start])
    clauses = [*front.clauses(), *_clauses(lines[start:end])]
    imprint = _sentences(lines[end:], letter=True)
    if imprint:
        clauses.append(ClauseText(IMPRINT, 0, IMPRINT, imprint))
    return PlanDocument(front.title, front.number, front.issuer, _issued_on(lines), tuple(_unique(clauses)))


_DASHES = r"[-—–－─_*=·\s]"
_PAGE_MARK = re.compile(
    rf"{_DASHES}+(?:\d{{1,4}}{_DASHES}*)?|\d{{1,4}}{_DASHES}*[-—–－─]{_DASHES}*|第\s*\d+\s*页.{{0,8}}|\d{{1,4}}\s*/\s*\d{{1,4}}"
)
_IMPRINT = re.compile(r"抄\s*送：|(?:[\u4e00-\u9fff]{4,24})?\d{4}年\d{1,2}月\d{1,2}日印发$")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_NUMBER = re.compile(r"([\u4e00-\u9fff]{2,12}〔\d{4}〕(?:第)?\d+号)")
_MARKERS = (
    re.compile(r"([一二三四五六七八九十]{1,3})、"),
    re.compile(r"（([一二三四五六七八九十]{1,3})）、?"),
    re.compile(r"(\d{1,2})(?:[.．](?!\d)|、)"),
    re.compile(r"（(\d{1,2})）"),
)
_OVER = re.compile(r".*[。！？：；…](?:[”’」』）】》])*", re.S)


@dataclass(slots=True)
class _Line:
    text: str
    is_heading: bool


def _clean(text: str) -> str:
    """A line without the marks of Markdown."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"^\s*(?:>\s*)*(?:#{1,6}\s+)?(?:[-*+]\s+(?=\S))?", "", text)
    return one_line(re.sub(r"\*\*|__|\\(?=[()（）.\[\]#*_-])|(?<=\s)#+\s*$", "", text))


def _marker(text: str) -> tuple[int, int, str] | None:
    """(level, number, what follows) of a line that starts with a number of a clause."""
    for level, pattern in enumerate(_MARKERS, 1):
        if found := pattern.match(text):
            return level, number(found[1]), text[found.end() :].strip()
    return None


def _opens_plan(lines: Sequence[_Line], at: int, level: int) -> bool:
    """The first 一、 (in a document without any the first （一） or 1.), not in the middle of a sentence of the notice."""
    found = _marker(lines[at].text)
    return bool(found and found[:2] == (level, 1) and (at == 0 or lines[at].is_heading or _over(lines[at - 1])))


def _over(line: _Line) -> bool:
    return line.is_heading or bool(_OVER.fullmatch(line.text)) or bool(_TITLE.search(line.text))


_TITLE = re.compile(r"(?:要点|计划|方案|安排|意见|清单|措施|办法)$")


# ------------------------------------------------------------------ what stands before 一、


@dataclass(slots=True)
class _Front:
    """The notice, the plan's title and its introduction."""

    title: str = ""
    number: str = ""
    issuer: str = ""
    heading: str = ""
    notice: list[str] = field(default_factory=list)
    preamble: list[str] = field(default_factory=list)

    def clauses(self) -> Iterator[ClauseText]:
        if self.heading or self.notice:
            yield ClauseText(NOTICE, 0, self.heading, tuple(self.notice))
        if self.preamble:
            yield ClauseText(PREAMBLE, 0, self.title, tuple(self.preamble))

    @classmethod
    def of(cls, lines: Sequence[_Line]) -> _Front:
        front = cls()
        rest: list[_Line] = []
        for line in lines:
            if not front.issuer and (found := re.fullmatch(r"([\u4e00-\u9fff（）]{3,30})文件", line.text)):
                front.issuer = found[1]
            elif not front.number and (found := re.fullmatch(_NUMBER.pattern + r"(?:签发人.*)?", line.text)):
                front.number = found[1]
            else:
                rest.append(line)
        rest = front._take_notice(rest)
        front._take_title(rest)
        front.issuer = front.issuer or (found[1] if (found := re.match(r"(.{3,30}?)关于", front.heading)) else "")
        return front

    def _take_notice(self, lines: list[_Line]) -> list[_Line]:
        """The covering notice up to the line 附件; returns what follows it."""
        joined = ""
        for taken, line in enumerate(lines, 1):
            joined = one_line(joined + line.text)
            if re.search(r"关于.*的(?:通知|函|批复)$", joined):
                self.heading = joined
                break
            if taken > 6 or _marker(line.text) or re.search(r"[。：]$", line.text):
                return lines
        if not self.heading:
            return lines
        inner = re.search(r"《([^《》]+)》", self.heading)
        self.title = inner[1] if inner else ""
        body = lines[taken:]
        cut = next(
            (at for at, line in enumerate(body) if re.fullmatch(r"附件\d*：?", line.text.replace(" ", "")) or line.text == self.title),
            None,
        )
        if cut is None:
            self.notice = list(_sentences(body, letter=True))
            return []
        self.notice = list(_sentences(body[:cut], letter=True))
        return body[cut + (body[cut].text != self.title) :]

    def _take_title(self, lines: list[_Line]) -> None:
        """The plan's title may run over several lines; the rest is the introduction."""
        joined, taken = "", 0
        for at, line in enumerate(lines[:4], 1):
            if re.search(r"[。：；，]", line.text):
                break
            joined = one_line(joined + line.text)
            if joined == self.title or line.is_heading or _TITLE.search(joined):
                self.title, taken = self.title or joined, at
                break
        self.preamble = list(_sentences(lines[taken:]))


def _issued_on(lines: Sequence[_Line]) -> date | None:
    """The imprint's date, else that of the signature: the last line that is nothing but a date."""
    whole = [line.text for line in lines]
    found = [match for text in whole if text.endswith("印发") and (match := _DATE.search(text))]
    found = found or [match for text in whole if (match := _DATE.fullmatch(text))]
    if not found:
        return None
    try:
        return date(int(found[-1][1]), int(found[-1][2]), int(found[-1][3]))
    except ValueError:
        return None


# ------------------------------------------------------------------ the clauses


@dataclass(slots=True)
class _Open:
    """A clause being read."""

    path: tuple[int, ...]
    level: int
    heading: str
    lines: list[_Line] = field(default_factory=list)


def _clauses(lines: Sequence[_Line]) -> Iterator[ClauseText]:
    opened: list[_Open] = []
    for at, line in enumerate(lines):
        marker = _marker(line.text)
        if marker and _starts_clause(opened, lines, at, marker):
            level, no, rest = marker
            path = _path(opened[-1].path if opened else (), level, no)
            own_line = _is_heading(line, level, rest, lines[at + 1] if at + 1 < len(lines) else None)
            opened.append(_Open(path, level, rest if own_line else "", [] if own_line else [_Line(rest, False)]))
        elif opened and not opened[-1].lines and opened[-1].heading and _continues_heading(lines, at):
            opened[-1].heading = one_line(opened[-1].heading + line.text)
        elif opened:
            opened[-1].lines.append(line)
    for at, clause in enumerate(opened):
        heading, sentences = clause.heading, list(_sentences(clause.lines))
        has_parts = at + 1 < len(opened) and len(opened[at + 1].path) > len(clause.path)
        if not heading and sentences and len(sentences[0]) <= LONGEST_HEADING and sentences[0].endswith(("。", "：")):
            heading = sentences[0].rstrip("。：")
            if len(sentences) > 1 or has_parts:
                sentences = sentences[1:]
        elif not sentences and not has_parts and heading:
            sentences = [heading]
        yield ClauseText(_anchor(clause.path), clause.level, heading, tuple(sentences))


def _path(before: tuple[int, ...], level: int, no: int) -> tuple[int, ...]:
    """Where a number of this level belongs; a skipped level is 0 and leaves no trace in the anchor."""
    return (*before[: level - 1], *([0] * (level - 1 - len(before))), no)


def _starts_clause(opened: Sequence[_Open], lines: Sequence[_Line], at: int, marker: tuple[int, int, str]) -> bool:
    """A number at the start of a line may also be a sentence cut there: the sentence before must be over, or the number be
    the next one expected and what follows look like a heading."""
    line, before = lines[at], lines[at - 1] if at else None
    if before is None or line.is_heading or _over(before):
        return True
    if opened and not opened[-1].lines and opened[-1].heading:
        return True
    level, no, rest = marker
    last = opened[-1].path if opened else ()
    expected = last[level - 1] + 1 if len(last) >= level else 1
    return no == expected and bool(rest) and len(re.split(r"[。，]", rest)[0]) <= 25 and level <= 2 and not rest.startswith(_NUMERALS)


_NUMERALS = tuple("一二三四五六七八九十")


def _is_heading(line: _Line, level: int, rest: str, following: _Line | None) -> bool:
    """Nothing but a heading on this line, so that the next line does not go on with it: below 一、 only a long line does."""
    if line.is_heading and "。" not in rest:
        return True
    if re.search(r"[。，；：]", rest) or len(rest) > LONGEST_HEADING:
        return False
    if level == 1 or len(line.text) < 20 or following is None or _marker(following.text):
        return True
    return following.text.find("。") not in range(12)


def _continues_heading(lines: Sequence[_Line], at: int) -> bool:
    """The second line of a long heading: short, not over, and a numbered clause follows."""
    following = lines[at + 1] if at + 1 < len(lines) else None
    text = lines[at].text
    return len(text) <= 14 and not re.search(r"[。，；：]", text) and following is not None and _marker(following.text) is not None


def _anchor(path: tuple[int, ...]) -> str:
    styles = ("{}", "({})", "{}", "({})")
    return "".join(styles[at].format(chinese(no) if at < 2 else no) for at, no in enumerate(path) if no)


def _unique(clauses: Sequence[ClauseText]) -> Iterator[ClauseText]:
    """A number given twice by mistake keeps both clauses: the second is 五(二)-2."""
    seen: dict[str, int] = {}
    for clause in clauses:
        seen[clause.anchor] = count = seen.get(clause.anchor, 0) + 1
        yield clause if count == 1 else ClauseText(f"{clause.anchor}-{count}", clause.level, clause.heading, clause.sentences)


def _sentences(lines: Sequence[_Line], *, letter: bool = False) -> tuple[str, ...]:
    """Whole sentences: lines are joined until one is over. In a letter the address, 附件： and the signature stand alone."""
    paragraphs: list[list[str]] = []
    for line in lines:
        if not paragraphs or (letter and _stands_alone(line.text, paragraphs[-1], first=len(paragraphs) == 1)):
            paragraphs.append([])
        paragraphs[-1].append(line.text)
    return tuple(sentence for paragraph in paragraphs for sentence in sentences_of(one_line("\n".join(paragraph))))


def _stands_alone(text: str, paragraph: Sequence[str], *, first: bool) -> bool:
    before = paragraph[-1]
    if first and before.endswith("："):
        return True
    signed = _SIGNATURE.fullmatch(before)
    if not (_OVER.fullmatch(before) or paragraph[0].startswith("附件") or signed):
        return False
    return not (signed and _DATE.match(text)) and bool(re.match(r"附件\d*：|抄送：", text) or _DATE.match(text) or _SIGNATURE.match(text))


_SIGNATURE = re.compile(r"[\u4e00-\u9fff]+(?:厅|局|委|委员会|办公室)(?=\d{4}年|$)")
