"""文本清册: CSV as Chinese spreadsheet programs write it, in UTF-8 or GB18030, with commas, tabs or semicolons."""

from __future__ import annotations

import csv
import io

from hpf.contributions.rules.workbook import Cells, FileRefused, ReadingLimits, too_many_rows

_OTHER_FILES = {b"%PDF": "PDF", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片", b"Rar!": "压缩包", b"7z\xbc\xaf": "压缩包"}


def read_delimited(content: bytes, limits: ReadingLimits) -> Cells:
    """Rows of text. Raises FileRefused when it is no text, or more than one list can be."""
    for mark, kind in _OTHER_FILES.items():
        if content.startswith(mark):
            raise FileRefused("FILE_TYPE_UNKNOWN", f"文件是{kind}，不是清册", "请上传xlsx或csv格式的清册")
    rows = content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n")
    if rows > limits.rows + limits.heading_rows:
        raise too_many_rows(rows, limits, "文件")
    text = _decoded(content)
    if text.lstrip()[:1] == "<":
        raise FileRefused("FILE_TYPE_UNKNOWN", "文件是网页格式，不是清册", "请用“另存为”保存成xlsx或csv后重新上传")
    sample = text[:20_000]
    delimiter = max(",\t;", key=sample.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)]
    except csv.Error:
        raise FileRefused("FILE_UNREADABLE", "文件中有过长的单元格或不成对的引号", "请重新导出csv后上传") from None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise FileRefused("FILE_TYPE_UNKNOWN", "文件不是文本，也不是电子表格", "请上传xlsx或csv格式的清册")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("ENCODING_UNKNOWN", "文件的文字编码不是UTF-8或GB18030，无法读取", "请另存为xlsx，或以UTF-8编码的csv重新上传")
