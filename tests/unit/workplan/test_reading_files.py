"""要点文件: the same document as Markdown, text, Word and PDF; and what is refused, with the reason."""

import io

import docx
import pypdf
import pytest
import weasyprint
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from hpf.workplan.gateways.documents import LARGEST, DocumentRefused, read_document
from hpf.workplan.rules.document import outline
from tests.unit.workplan.plan_2024 import FILE, document

TEXT = FILE.read_text(encoding="utf-8")


def paragraphs() -> list[str]:
    """The document as it would be typed: whole paragraphs and headings without Markdown's marks."""
    plan = document()
    notice = plan.clause("通知")
    typed = ["甘肃省住房和城乡建设厅文件", plan.number, notice.heading, *notice.sentences, "附件", plan.title, *plan.clause("总").sentences]
    for clause in plan.clauses[2:-1]:
        if clause.level == 1:
            typed += [f"{clause.anchor}、{clause.heading}", "".join(clause.sentences)]
        else:
            typed.append(f"（{clause.anchor[2:-1]}）{clause.heading}。{''.join(clause.sentences)}")
    return [each for each in [*typed, *plan.clause("版记").sentences] if each]


def word(texts: list[str]) -> bytes:
    made = docx.Document()
    for text in texts:
        made.add_paragraph(text, style="Heading 1" if text[1:2] == "、" else None)
    return saved(made)


def saved(made) -> bytes:  # type: ignore[no-untyped-def]
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def pdf(texts: list[str]) -> bytes:
    style = (
        "@page { size: A4; margin: 3cm 2.6cm; @bottom-center { content: '— ' counter(page) ' —' } } p { margin: 0; text-indent: 2em;"
        " font: 16pt/29pt 'Noto Sans CJK SC' }"
    )
    body = "".join(f"<p>{text}</p>" for text in texts)
    made: bytes = weasyprint.HTML(string=f"<style>{style}</style><body lang=zh>{body}").write_pdf()
    return made


def refused(filename: str, content: bytes) -> tuple[str, str]:
    with pytest.raises(DocumentRefused) as told:
        read_document(filename, content)
    return told.value.reason.code, told.value.reason.message


def test_word_gives_the_same_outline_as_markdown() -> None:
    assert outline(read_document("要点.docx", word(paragraphs()))) == document()


def test_pdf_gives_the_same_outline_as_markdown() -> None:
    content = pdf(paragraphs())
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) > 8, "it does break pages in mid-sentence"
    assert outline(read_document("要点.pdf", content)) == document()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_usual_encoding(encoding: str) -> None:
    assert outline(read_document("要点.txt", TEXT.encode(encoding))) == document()


def test_word_numbers_that_stand_apart_from_the_text_are_written_out() -> None:
    made = docx.Document()
    root = made.part.numbering_part.element
    root.insert(0, parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        '<w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        '<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
    ))  # fmt: skip
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for level, text in ((0, "归集"), (1, "扩面。摸清底数。"), (1, "催缴。依法催缴。"), (0, "提取"), (1, "租房。加大力度。")):
        paragraph = made.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'))
    assert [clause.anchor for clause in outline(read_document("a.docx", saved(made))).clauses] == ["一", "一(一)", "一(二)", "二", "二(一)"]


def test_word_tables_and_insertions_are_read_and_deletions_are_not() -> None:
    made = docx.Document()
    made.add_paragraph("一、归集")
    paragraph = made.add_paragraph("扩大")
    for tag, inner, words in (("ins", "t", "制度"), ("del", "delText", "旧的")):
        paragraph._p.append(parse_xml(f'<w:{tag} {nsdecls("w")} w:id="1" w:author="a"><w:r><w:{inner}>{words}</w:{inner}></w:r></w:{tag}>'))
    paragraph.add_run("覆盖面。")
    made.add_table(1, 1).cell(0, 0).text = "每月报送进展。"
    assert outline(read_document("a.docx", saved(made))).clause("一").sentences == ("扩大制度覆盖面。", "每月报送进展。")


def test_a_scan_is_refused() -> None:
    writer = pypdf.PdfWriter()
    for _ in range(3):
        writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    assert refused("扫描件.pdf", out.getvalue()) == (
        "DOCUMENT_SCAN", "“扫描件.pdf”有3页，只读到0个汉字，是没有文字的扫描件，请载入原稿（.docx）或经文字识别的文件。",
    )  # fmt: skip


def test_a_file_behind_a_password_is_refused() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert refused("要点.pdf", out.getvalue()) == ("DOCUMENT_ENCRYPTED", "“要点.pdf”设有打开密码，无法读取，请去掉密码后重新载入。")
    assert refused("要点.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)[0] == "DOCUMENT_ENCRYPTED"


def test_what_is_too_large_empty_broken_or_of_another_kind_is_refused() -> None:
    assert refused("要点.md", b"x" * (LARGEST + 1)) == (
        "DOCUMENT_TOO_LARGE", "“要点.md”有20.1兆字节，超过20兆字节的上限，请去掉图片或另存为文本后重新载入。",
    )  # fmt: skip
    assert refused("要点.md", b" \n ") == ("DOCUMENT_EMPTY", "“要点.md”是空文件，没有可以拆解的文字，请重新选择文件。")
    assert refused("要点.txt", ("字" * 500_001).encode())[0] == "DOCUMENT_TOO_LONG"
    assert refused("要点.docx", saved(docx.Document()))[0] == "DOCUMENT_EMPTY"
    assert refused("要点.doc", b"\xd0\xcf\x11\xe0")[1] == "“要点.doc”不是能读取的文件类型，请在Word中另存为.docx后重新载入。"
    assert refused("要点.xlsx", b"PK")[0] == refused("要点", b"PK")[0] == "DOCUMENT_KIND_UNKNOWN"
    assert refused("要点.docx", b"PK not a package")[0] == refused("要点.pdf", b"%PDF-1.7 cut")[0] == "DOCUMENT_BROKEN"
    assert refused("要点.txt", b"\x00\x01\xff\x00")[0] == "DOCUMENT_ENCODING_UNKNOWN"
