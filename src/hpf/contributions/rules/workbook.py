"""电子表格: a spreadsheet file opened without trusting it.

A file is a zip of XML parts, and both can lie about their size. So nothing is handed to the reader before we have
unpacked the few parts it needs ourselves, within limits, and looked at them: formulas, macros, passwords, rows beyond
any list. The reader then gets a fresh zip of those parts and nothing else.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, SheetVisibleEnum

Cells = list[list[object]]
MergedRange = tuple[tuple[int, int], tuple[int, int]]

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PART = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/(_rels/)?[^/]+\.(xml|rels)|xl/worksheets/[^/]+\.xml")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,4})([0-9]{1,10})["']""")
_EMPTY_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^>]*)?(?:/>|></(?:\w+:)?c>)")
_EMPTY_ROW = re.compile(rb"<(?:\w+:)?row(?:\s[^>]*)?(?:/>|>\s*</(?:\w+:)?row>)")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CELL_BEFORE = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]+[0-9]+)["']""")
_ROW_ELEMENT = re.compile(rb"<(?:\w+:)?row[\s>]")
_MAIN = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHUNK = 1 << 18


class FileRefused(Exception):
    """The file as a whole cannot be read; nothing of it was used. `place` is (row, column letters) where known."""

    def __init__(self, code: str, message: str, remedy: str, row: int = 0, column: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.remedy, self.row, self.column = code, message, remedy, row, column


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much one list may be. Far above the largest unit, far below what would stop the machine.

    `formulas` takes a formula's saved value instead of refusing it: for files that carry no money.
    """

    file_bytes: int = 16 * 1024 * 1024
    unpacked_bytes: int = 96 * 1024 * 1024
    unpacked_ratio: int = 200
    parts: int = 500
    rows: int = 50_000
    columns: int = 100
    heading_rows: int = 20
    formulas: bool = False

    @property
    def text(self) -> str:
        """For those who are about to send a file."""
        return f"不超过{self.file_bytes // (1024 * 1024)}兆字节、{self.rows:,}行"


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    cells: Cells
    merged: tuple[MergedRange, ...]


def is_workbook(content: bytes) -> bool:
    return content.startswith((_ZIP, _COMPOUND, b"PK\x05\x06"))


def read_workbook(content: bytes, limits: ReadingLimits) -> list[Sheet]:
    """The visible sheets that hold anything, rows numbered as in the file (first row is index 0).

    Raises   FileRefused with the message for the person who sent it
    """
    if content.startswith(_COMPOUND):
        _refuse_compound(content)
    parts = _unpack(content, limits)
    names = _sheet_names(parts)
    for part, name in names.items():
        _check_sheet(parts[part], name, limits)
    return list(_sheets(_packed(parts), limits))


def _refuse_compound(content: bytes) -> NoReturn:
    if _ENCRYPTED_PACKAGE in content:
        raise FileRefused("FILE_ENCRYPTED", "文件设有打开密码，无法读取", "请取消密码后重新上传")
    raise FileRefused("FILE_OLD_FORMAT", "文件是旧版xls格式，不能读取", "请用“另存为”保存成xlsx或csv后重新上传")


def _unreadable() -> FileRefused:
    return FileRefused("FILE_UNREADABLE", "文件已损坏或不是有效的电子表格", "请用表格软件打开并重新保存为xlsx后上传")


def _unpack(content: bytes, limits: ReadingLimits) -> dict[str, bytes]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, UnicodeDecodeError):
        raise _unreadable() from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("FILE_ENCRYPTED", "文件设有打开密码，无法读取", "请取消密码后重新上传")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise FileRefused("FILE_HAS_MACROS", "文件含有宏，不予读取", "请另存为不含宏的xlsx后重新上传")
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > limits.parts or declared > limits.unpacked_bytes:
        _refuse_bomb(declared, limits)
    parts: dict[str, bytes] = {}
    left = limits.unpacked_bytes
    for entry in entries:
        if not _PART.fullmatch(entry.filename):
            continue
        if entry.file_size > max(1 << 20, entry.compress_size * limits.unpacked_ratio):
            _refuse_bomb(entry.file_size, limits)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.filename in parts:
            raise _unreadable()
        parts[entry.filename] = _bounded(archive, entry, left, limits)
        left -= len(parts[entry.filename])
    if "xl/workbook.xml" not in parts:
        raise _unreadable()
    if any(b"\0" in part[:64] or b"<!DOCTYPE" in part[:4096] or b"<!ENTITY" in part for part in parts.values()):
        raise _unreadable()
    return parts


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, limits: ReadingLimits) -> bytes:
    """One part, stopped as soon as it unpacks to more than is left, whatever its header says."""
    read: list[bytes] = []
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    _refuse_bomb(limits.unpacked_bytes, limits)
                read.append(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise _unreadable() from None
    return b"".join(read)


def _refuse_bomb(size: int, limits: ReadingLimits) -> NoReturn:
    raise FileRefused(
        "FILE_UNPACKS_TOO_LARGE",
        f"文件解压后约{size // 1048576}兆字节，压缩内容异常或超过{limits.unpacked_bytes // 1048576}兆字节上限，已停止读取",
        "请只保留清册本身，另存为新的xlsx后上传；人数多的单位请分成几个文件",
    )


def _sheet_names(parts: dict[str, bytes]) -> dict[str, str]:
    """Which part holds which sheet, as the workbook says. Parts without a DOCTYPE cannot expand."""
    try:
        book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314
        links = ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))  # noqa: S314
    except (ElementTree.ParseError, LookupError, ValueError):
        raise _unreadable() from None
    targets = {link.get("Id", ""): link.get("Target", "").removeprefix("/xl/") for link in links}
    named = {f"xl/{targets.get(each.get(_MAIN, ''), '')}": each.get("name", "") for each in book.iter() if _MAIN in each.attrib}
    return {part: named.get(part, part) for part in parts if part.startswith("xl/worksheets/")}


def _check_sheet(xml: bytes, name: str, limits: ReadingLimits) -> None:
    rows, columns = _extent(xml)
    if rows > limits.rows or columns > limits.columns:
        rows, columns = _extent(_EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", xml)))
    if rows > limits.rows:
        raise too_many_rows(rows, limits, f"工作表“{name}”")
    if columns > limits.columns:
        raise FileRefused(
            "FILE_TOO_MANY_COLUMNS",
            f"工作表“{name}”用到第{columns}列，超过{limits.columns}列上限",
            "请删除清册右侧多余的列后重新上传",
        )
    if not limits.formulas and (found := _FORMULA.search(xml)):
        _refuse_formula(xml, found.start(), name)


def too_many_rows(rows: int, limits: ReadingLimits, where: str) -> FileRefused:
    return FileRefused(
        "FILE_TOO_MANY_ROWS",
        f"{where}有{rows:,}行，超过一次{limits.rows:,}行上限",
        "请删除清册以外的行，或分成几个文件上传",
    )


def _extent(xml: bytes) -> tuple[int, int]:
    """The last row and column that any cell claims, and at least the number of row elements."""
    places = _PLACE.findall(xml)
    columns = max((_column_number(letters) for letters in {letters for letters, _ in places}), default=0)
    rows = max((int(number) for number in {number for _, number in places}), default=0)
    return max(rows, len(_ROW_ELEMENT.findall(xml))), columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_formula(xml: bytes, at: int, name: str) -> NoReturn:
    cell = ""
    for found in _CELL_BEFORE.finditer(xml, max(0, at - 2000), at):
        cell = found[1].decode()
    count = len(_FORMULA.findall(xml))
    place = f"单元格{cell}" if cell else "单元格"
    raise FileRefused(
        "FORMULA",
        f"工作表“{name}”{place}等{count}个单元格是公式，清册只收确定的数值",
        "请全选后“复制—选择性粘贴—数值”，保存后重新上传",
        int(re.sub("[A-Z]", "", cell) or 0),
        re.sub("[0-9]", "", cell),
    )


def _packed(parts: dict[str, bytes]) -> io.BytesIO:
    fresh = io.BytesIO()
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    fresh.seek(0)
    return fresh


def _sheets(file: io.BytesIO, limits: ReadingLimits) -> Iterator[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(file)
        for meta in book.sheets_metadata:
            if meta.visible != SheetVisibleEnum.Visible or "WorkSheet" not in str(meta.typ):
                continue
            sheet = book.get_sheet_by_name(meta.name)
            if not sheet.height or not sheet.width:
                continue
            if sheet.total_height > limits.rows:
                raise too_many_rows(sheet.total_height, limits, f"工作表“{meta.name}”")
            cells: Cells = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
            yield Sheet(meta.name, cells, tuple(sheet.merged_cell_ranges or ()))
    except FileRefused:
        raise
    except Exception:
        raise _unreadable() from None
