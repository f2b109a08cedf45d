"""报告的Word文件: set as an official paper: A4, 仿宋 for the text, 黑体 and 楷体 for headings, bordered tables, page numbers.

Fonts are named, not enclosed: an office that writes 公文 has them.
"""

from __future__ import annotations

import io
from typing import Any, Final
from xml.sax.saxutils import escape

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from hpf.workplan.rules.report import Report, Signature, Table

SONG_TITLE, SONG, FANGSONG, HEITI, KAITI = "方正小标宋简体", "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312"
_WIDTH: Final = 156
_INDENT: Final = Pt(32)


def to_docx(report: Report) -> bytes:
    document = docx.Document()
    _page(document)
    document.core_properties.title = report.title.replace("\n", "")
    document.core_properties.author = report.signature.unit
    document.core_properties.comments = ""
    for line in report.title.split("\n"):
        _line(document, line, SONG_TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER, spacing=32, keep=True)
    _line(document, "", FANGSONG, 16)
    _line(document, report.addressee, FANGSONG, 16)
    _body(document, report.opening)
    for passage in report.passages:
        _heading(document, passage.heading, passage.level)
        for at, text in enumerate(passage.paragraphs):
            _body(document, text, keep=passage.table is not None and at == len(passage.paragraphs) - 1)
        if passage.table:
            if passage.caption:
                _line(document, passage.caption, HEITI, 12, align=WD_ALIGN_PARAGRAPH.CENTER, keep=True)
            _table(document, passage.table)
    if report.closing:
        _body(document, report.closing, keep=True)
    if report.attachment:
        _body(document, f"附件：{report.attachment}", keep=True)
    _signature(document, report.signature)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    normal = document.styles["Normal"]
    _font(normal, FANGSONG, 16)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        _font(style, HEITI if level == 1 else KAITI, 16)
        style.font.bold, style.font.italic, style.font.color.rgb = False, False, None
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _text(footer, "— ", SONG, 14)
    _page_number(footer)
    _text(footer, " —", SONG, 14)


def _heading(document: Any, text: str, level: int) -> None:
    paragraph = document.add_paragraph(style=f"Heading {level}") if level else document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = _INDENT
    paragraph.paragraph_format.keep_with_next = True
    _spacing(paragraph, 28)
    _text(paragraph, text, {1: HEITI, 2: KAITI}.get(level, FANGSONG), 16)


def _body(document: Any, text: str, *, keep: bool = False) -> None:
    _line(document, text, FANGSONG, 16, indent=True, keep=keep)


def _line(
    document: Any, text: str, font: str, size: int, *, align: Any = None, indent: bool = False, spacing: int = 28, keep: bool = False
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.keep_with_next = keep
    if indent:
        paragraph.paragraph_format.first_line_indent = _INDENT
    _spacing(paragraph, spacing)
    _text(paragraph, text, font, size)
    return paragraph


def _spacing(paragraph: Any, points: int) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(points)


def _text(paragraph: Any, text: str, font: str, size: int) -> None:
    lines = text.split("\n")
    for at, line in enumerate(lines):
        run = paragraph.add_run(line)
        _font(run, font, size)
        if at < len(lines) - 1:
            run.add_break()


def _font(owner: Any, name: str, size: int) -> None:
    """Chinese signs take their font from eastAsia; digits and Latin letters take Times New Roman."""
    owner.font.size = Pt(size)
    owner.font.name = "Times New Roman"
    fonts = owner.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    fonts.set(qn("w:eastAsia"), name)


def _page_number(paragraph: Any) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        _font(run, SONG, 14)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def _table(document: Any, content: Table) -> None:
    table = document.add_table(rows=0, cols=len(content.heads))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    whole = sum(content.widths)
    widths = [Mm(_WIDTH * share / whole) for share in content.widths]
    grid = table._tbl.tblGrid
    for column, width in zip(grid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(int(width.twips)))
    every = frozenset(range(len(content.heads)))
    rows = [_row(content.heads, _cells(widths, HEITI, every), "<w:tblHeader/>")]
    cells = _cells(widths, FANGSONG, content.numbers)
    rows += [_row(row, cells) for row in content.rows]
    table._tbl.extend(list(parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(rows)}</w:tbl>")))
    _line(document, "", FANGSONG, 8, spacing=10)


def _row(texts: tuple[str, ...], cells: list[tuple[str, str, str]], head: str = "") -> str:
    """A row as text of XML: through python-docx's cells a long table takes minutes, element by element a third of a second."""
    written = [
        begin + run + _escaped(text).replace("\n", line) + "</w:t></w:r></w:p></w:tc>"
        for text, (begin, run, line) in zip(texts, cells, strict=True)
    ]
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(written)}</w:tr>"


def _cells(widths: list[Any], font: str, middle: frozenset[int]) -> list[tuple[str, str, str]]:
    """What stands around the text of each column: before it, the beginning of a run, and between two lines of it."""
    run = (
        f'<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}"/><w:sz w:val="21"/>'
        '<w:szCs w:val="21"/></w:rPr>{}<w:t xml:space="preserve">'
    )
    return [
        (
            f'<w:tc><w:tcPr><w:tcW w:w="{int(width.twips)}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            '<w:p><w:pPr><w:spacing w:line="320" w:lineRule="exact" w:before="40" w:after="40"/>'
            f'<w:jc w:val="{"center" if at in middle else "left"}"/></w:pPr>',
            run.format(""),
            f"</w:t></w:r>{run.format('<w:br/>')}",
        )
        for at, width in enumerate(widths)
    ]


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})


def _signature(document: Any, signature: Signature) -> None:
    """The lines stay together on one page: nobody signs an empty sheet."""
    _line(document, "", FANGSONG, 16, keep=True)
    lines = (
        f"{signature.unit}（单位公章）",
        f"{signature.head}：＿＿＿＿＿＿＿＿",
        f"填报人：{signature.made_by or '＿＿＿＿＿＿＿＿'}",
        f"日期：{signature.signed_on}",
    )
    for at, text in enumerate(lines):
        paragraph = _line(document, text, FANGSONG, 16, keep=at < len(lines) - 1, spacing=34)
        paragraph.paragraph_format.left_indent = Mm(66)
