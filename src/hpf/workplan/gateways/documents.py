"""要点文件: Markdown, text, Word and PDF files read into blocks. Whatever cannot be read is refused with what to do instead."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from hpf.kernel.decision import Reason
from hpf.workplan.rules.document import Block
from hpf.workplan.rules.numerals import chinese

LARGEST: Final = 20 * 1024 * 1024
_UNPACKED: Final = 200 * 1024 * 1024
_PAGES: Final = 500
_SIGNS: Final = 500_000


class DocumentRefused(Exception):
    """The file as a whole cannot be read; nothing of it was used."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.reason = Reason(code, message)


def read_document(filename: str, content: bytes) -> tuple[Block, ...]:
    """The lines and paragraphs of a .md, .txt, .docx or .pdf file, in order. Raises `DocumentRefused`, in Chinese."""
    kind = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    name = f"“{filename}”"
    if not content.strip():
        raise DocumentRefused("DOCUMENT_EMPTY", f"{name}是空文件，没有可以拆解的文字，请重新选择文件。")
    if len(content) > LARGEST:
        size = -(-len(content) * 10 // (1024 * 1024))
        raise DocumentRefused(
            "DOCUMENT_TOO_LARGE", f"{name}有{size // 10}.{size % 10}兆字节，超过20兆字节的上限，请去掉图片或另存为文本后重新载入。"
        )
    readers = {"md": _text, "markdown": _text, "txt": _text, "docx": _word, "pdf": _pdf}
    if kind not in readers:
        now = "请在Word中另存为.docx后重新载入。" if kind in ("doc", "wps", "rtf") else "请载入.md、.txt、.docx或有文字的.pdf文件。"
        raise DocumentRefused("DOCUMENT_KIND_UNKNOWN", f"{name}不是能读取的文件类型，{now}")
    blocks = tuple(block for block in readers[kind](name, content) if block.text.strip())
    if not blocks:
        raise DocumentRefused("DOCUMENT_EMPTY", f"{name}里没有文字，没有可以拆解的内容，请重新选择文件。")
    signs = sum(len(block.text) for block in blocks)
    if signs > _SIGNS:
        raise DocumentRefused(
            "DOCUMENT_TOO_LONG", f"{name}有{signs}个字符，超过{_SIGNS}个字符的上限，不像是工作要点，请只载入要点文件本身。"
        )
    return blocks


# ------------------------------------------------------------------ text


def _text(name: str, content: bytes) -> Iterator[Block]:
    for line in _decoded(name, content).splitlines():
        heading = re.match(r"(#{1,6})\s+\S", line)
        yield Block(line, len(heading[1]) if heading else None)


def _decoded(name: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise DocumentRefused("DOCUMENT_ENCODING_UNKNOWN", f"{name}的文字编码不是UTF-8或GB18030，无法读取，请另存为UTF-8编码后重新载入。")


# ------------------------------------------------------------------ Word

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE_COUNTING = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographTraditional", "taiwaneseCounting"}


def _word(name: str, content: bytes) -> Iterator[Block]:
    import docx

    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentRefused("DOCUMENT_ENCRYPTED", f"{name}设有打开密码或是旧版Word格式，无法读取，请去掉密码并另存为.docx后重新载入。")
    broken = DocumentRefused("DOCUMENT_BROKEN", f"{name}不是完整的Word文件，无法读取，请重新另存为.docx后载入。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked > _UNPACKED:
            raise DocumentRefused("DOCUMENT_TOO_LARGE", f"{name}展开后超过200兆字节，可能不是普通文件，请去掉图片后重新载入。")
        document = docx.Document(io.BytesIO(content))
        numbering = _Numbering(document)
        return iter([_paragraph(each, document, numbering) for each in document.element.body.iter(f"{_W}p")])
    except DocumentRefused:
        raise
    except Exception as wrong:  # whatever a damaged package makes the reader raise, the file is what is wrong
        raise broken from wrong


def _paragraph(element: Any, document: Any, numbering: _Numbering) -> Block:
    """Text as it reads: with insertions, without deletions, a box's text only once, the automatic number written out."""
    pieces = []
    for part in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        owner = next(above for above in part.iterancestors() if above.tag == f"{_W}p")
        if owner is element and not any(above.tag.endswith("}Fallback") for above in part.iterancestors()):
            pieces.append({f"{_W}t": part.text or "", f"{_W}noBreakHyphen": "-"}.get(part.tag, "\n"))
    text = "".join(pieces)
    style_id = element.find(f"{_W}pPr/{_W}pStyle")
    level = _outline_level(element, style_id.get(f"{_W}val") if style_id is not None else None, document)
    return Block(numbering.of(element) + text if text.strip() else "", level)


def _outline_level(element: Any, style_id: str | None, document: Any) -> int | None:
    own = element.find(f"{_W}pPr/{_W}outlineLvl")
    if own is not None and int(own.get(f"{_W}val")) < 9:
        return int(own.get(f"{_W}val")) + 1
    style = next((each for each in document.styles if each.style_id == style_id), None) if style_id else None
    found = re.fullmatch(r"(?:heading|标题) ?(\d)|(title)", style.name or "", re.I) if style is not None else None
    return int(found[1] or 1) if found else None


class _Numbering:
    """自动编号: Word keeps 一、 and （一） apart from the text; here they are counted and written out."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[str, list[int]] = {}
        self._abstract: dict[str, str] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for number in root.iter(f"{_W}num"):
            self._abstract[number.get(f"{_W}numId")] = number.find(f"{_W}abstractNumId").get(f"{_W}val")
        for abstract in root.iter(f"{_W}abstractNum"):
            for level in abstract.iter(f"{_W}lvl"):
                told = [level.find(f"{_W}{tag}") for tag in ("numFmt", "lvlText", "start")]
                fmt, text, start = (each.get(f"{_W}val") if each is not None else "" for each in told)
                self._levels[abstract.get(f"{_W}abstractNumId"), int(level.get(f"{_W}ilvl"))] = (fmt, text, int(start or 1))

    def of(self, element: Any) -> str:
        told = element.find(f"{_W}pPr/{_W}numPr")
        number = told.find(f"{_W}numId") if told is not None else None
        abstract = self._abstract.get(number.get(f"{_W}val")) if number is not None else None
        if abstract is None:
            return ""
        at = told.find(f"{_W}ilvl")
        level = int(at.get(f"{_W}val")) if at is not None else 0
        fmt, text, _ = self._levels.get((abstract, level), ("bullet", "", 1))
        if fmt in ("bullet", "none", ""):
            return ""
        counts = self._counts.setdefault(abstract, [])
        while len(counts) <= level:
            counts.append(self._levels.get((abstract, len(counts)), ("", "", 1))[2] - 1)
        counts[level] += 1
        del counts[level + 1 :]

        def shown(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            value = counts[place] if place < len(counts) else 1
            style = self._levels.get((abstract, place), (fmt, "", 1))[0]
            return chinese(value) if style in _CHINESE_COUNTING and 0 < value < 100 else str(value)

        return re.sub(r"%(\d)", shown, text)


# ------------------------------------------------------------------ PDF


def _pdf(name: str, content: bytes) -> Iterator[Block]:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentRefused("DOCUMENT_ENCRYPTED", f"{name}设有打开密码，无法读取，请去掉密码后重新载入。")
        if len(reader.pages) > _PAGES:
            raise DocumentRefused("DOCUMENT_TOO_LARGE", f"{name}有{len(reader.pages)}页，超过{_PAGES}页的上限，请只载入要点文件本身。")
        pages = [[line.strip() for line in page.extract_text().splitlines() if line.strip()] for page in reader.pages]
    except DocumentRefused:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as wrong:
        raise DocumentRefused("DOCUMENT_BROKEN", f"{name}不是完整的PDF文件，无法读取，请重新导出后载入。") from wrong
    signs = sum(len(re.findall(r"[\u3400-\u9fff]", "".join(page))) for page in pages)
    if signs < 20 * max(1, len(pages) // 2):
        raise DocumentRefused(
            "DOCUMENT_SCAN", f"{name}有{len(pages)}页，只读到{signs}个汉字，是没有文字的扫描件，请载入原稿（.docx）或经文字识别的文件。"
        )
    repeated = _running_lines(pages)
    for page in pages:
        for at, line in enumerate(page):
            edge = at in (0, len(page) - 1)
            if not (edge and (line in repeated or re.fullmatch(r"\d{1,4}", line))):
                yield Block(line)


def _running_lines(pages: list[list[str]]) -> set[str]:
    """页眉页脚: the first or last line of at least three pages, and of half of them."""
    seen = Counter(line for page in pages for line in {page[0], page[-1]} if page) if all(pages) else Counter()
    return {line for line, count in seen.items() if count >= 3 and count * 2 >= len(pages)}
