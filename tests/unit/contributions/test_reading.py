"""清册文件: good ones are read whatever their form, bad ones are refused with a message, and nothing of them is used."""

import io
import struct
import zipfile

import pytest

from hpf.contributions.rules.lists import ReadList, read_list
from hpf.contributions.rules.workbook import ReadingLimits
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from tests.support.lists import HEADINGS, delimited, xlsx

ZHANG = ["011000000018", "张三", "620102199003070018", 2310, 5, 5, 116, 116, 232]
LI = ["011000000026", "李四", "622923198512311281", 5000.5, "5%", 0.05, "250.00", "250.00元", "５００"]


def refusal(read: ReadList) -> tuple[str, str]:
    """The one defect of a refused file; none of its lines is used."""
    assert read.lines == ()
    (defect,) = read.defects
    assert defect.remedy
    return defect.code, defect.message


@pytest.mark.parametrize(
    "content",
    [
        xlsx([ZHANG, LI]),
        delimited([ZHANG, LI]),
        delimited([ZHANG, LI], encoding="gb18030"),
        delimited([ZHANG, LI], encoding="utf-16", delimiter="\t"),
        delimited([ZHANG, LI], encoding="utf-8", delimiter=";"),
    ],
    ids=["xlsx", "utf-8", "gb18030", "utf-16", "semicolon"],
)
def test_a_list_is_read_the_same_in_every_form(content):
    read = read_list("清册", content)
    assert read.defects == ()
    zhang, li = read.lines
    assert (zhang.row, zhang.account_no, zhang.name, zhang.id_number, zhang.base_fen) == (
        2,
        "011000000018",
        "张三",
        "620102199003070018",
        231000,
    )
    assert (li.employer_rate, li.member_rate, li.employer_fen, li.member_fen, li.total_fen) == (
        Rate.of("5"),
        Rate.of("5"),
        25000,
        25000,
        50000,
    )


def test_titles_above_and_notes_below_do_not_disturb():
    rows = [["2026年8月汇缴清册"], [], HEADINGS, ZHANG, [], ["合计", "", "", "", "", "", 116, 116, 232], ["", "制表人：王五"]]
    read = read_list("清册.csv", delimited(rows, headings=["甘肃某单位"]))
    assert [line.row for line in read.lines] == [5]
    assert [(total.row, total.total_fen) for total in read.totals] == [(7, 23200)]
    assert read.defects == ()


def test_headings_are_known_by_their_usual_names_in_any_order():
    read = read_list(
        "a.csv",
        delimited(
            [["备注", "1", "620102199003070018", "张三", "2,310.00", "2026年7月", "漏缴"]],
            ["说明", "序号", "*身份证号", "职工姓名", "月缴存基数（元）", "补缴年月", "补缴原因"],
        ),
    )
    assert dict(read.columns) == {
        "remark": "说明",
        "id_number": "*身份证号",
        "name": "职工姓名",
        "base": "月缴存基数（元）",
        "month": "补缴年月",
        "reason": "补缴原因",
    }
    assert (read.lines[0].month, read.lines[0].reason, read.lines[0].base_fen) == (Month(2026, 7), "漏缴", 231000)


def test_an_account_number_that_lost_its_leading_zero_gets_it_back():
    assert read_list("a.xlsx", xlsx([[11000000018, *ZHANG[1:]]])).lines[0].account_no == "011000000018"


def test_every_unreadable_cell_is_named_by_row_and_column():
    rows = [ZHANG, [*ZHANG[:3], "两千", 5, 5, 116.005, -116, 232], ["", "赵六", "", 2310, 5, 5, 116, 116, 232]]
    read = read_list("a.xlsx", xlsx(rows))
    assert [(defect.row, defect.column, defect.value, defect.code) for defect in read.defects] == [
        (3, "缴存基数", "两千", "NOT_AN_AMOUNT"),
        (3, "单位月缴存额", "116.005", "FINER_THAN_A_FEN"),
        (3, "个人月缴存额", "-116", "NEGATIVE_AMOUNT"),
        (4, "个人账号", "赵六", "IDENTITY_MISSING"),
    ]
    assert read.defects[1].text == "金额116.005精确到分以下，金额只到分。请四舍五入到分后填写"


def test_a_document_number_stored_as_a_number_is_not_read_and_not_shown():
    read = read_list("a.xlsx", xlsx([[ZHANG[0], "张三", 620102199003070018, *ZHANG[3:]]]))
    (defect,) = read.defects
    assert (defect.code, defect.value) == ("DIGITS_LOST", "620***********0080")
    assert "199003" not in defect.text


def test_an_empty_file():
    assert refusal(read_list("a.xlsx", b""))[0] == "FILE_EMPTY"
    assert refusal(read_list("a.xlsx", xlsx([], headings=[])))[0] == "FILE_EMPTY"


def test_a_heading_without_people():
    assert refusal(read_list("a.xlsx", xlsx([]))) == ("NO_LINES", "表头下面没有任何人员")


def test_no_heading():
    code, message = refusal(read_list("a.csv", delimited([ZHANG], headings=["甲", "乙"])))
    assert code == "HEADING_MISSING"
    assert "须有“个人账号”或“证件号码”" in message


def test_a_heading_that_is_there_twice():
    assert refusal(read_list("a.csv", delimited([ZHANG], [*HEADINGS[:8], "个人账号"])))[0] == "HEADING_TWICE"


def test_a_file_that_is_too_large():
    code, message = refusal(read_list("a.csv", b"x" * (16 * 1024 * 1024 + 1)))
    assert (code, message) == ("FILE_TOO_LARGE", "文件16.0兆字节，超过16兆字节上限")


def test_two_million_rows_are_counted_and_not_read():
    code, message = refusal(read_list("a.csv", "个人账号,姓名\n".encode() + b"1,2\n" * 2_000_000))
    assert (code, message) == ("FILE_TOO_MANY_ROWS", "文件有2,000,001行，超过一次50,000行上限")


def test_a_spreadsheet_of_two_million_rows_is_counted_and_not_read():
    sheet = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 2_000_001, 40))
    code, message = refusal(read_list("a.xlsx", _with_sheet(sheet)))
    assert code == "FILE_TOO_MANY_ROWS"
    assert "1,999,961行" in message


def test_one_cell_in_the_farthest_corner_does_not_stop_the_machine():
    assert refusal(read_list("a.xlsx", _with_sheet(b'<row r="1"><c r="XFD1"><v>1</v></c></row>')))[0] == "FILE_TOO_MANY_COLUMNS"


def test_empty_formatted_rows_below_the_list_are_no_rows():
    original = zipfile.ZipFile(io.BytesIO(xlsx([ZHANG]))).read("xl/worksheets/sheet1.xml")
    inside = original.split(b"<sheetData>")[1].split(b"</sheetData>")[0]
    read = read_list("a.xlsx", _with_sheet(inside + b'<row r="1048576" s="1"><c r="A1048576" s="1"/></row>', like=xlsx([ZHANG])))
    assert [line.name for line in read.lines] == ["张三"]


def test_a_zip_bomb_is_refused_by_what_it_would_become():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 200_000_000)
    code, message = refusal(read_list("a.xlsx", bomb.getvalue()))
    assert code == "FILE_UNPACKS_TOO_LARGE"
    assert "约190兆字节" in message


def test_a_zip_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    content = bomb.getvalue().replace(struct.pack("<I", 50_000_000), struct.pack("<I", 1000))
    assert refusal(read_list("a.xlsx", content))[0] == "FILE_UNREADABLE"


def test_nested_entities_are_not_expanded():
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet/>'
    assert refusal(read_list("a.xlsx", _with_part("xl/worksheets/sheet1.xml", laughs)))[0] == "FILE_UNREADABLE"


def test_formulas_are_named_by_cell():
    def formula(_, sheet):
        sheet.write_formula("G2", "=D2*0.05", None, 116)
        sheet.write_formula("H2", "=D2*0.05", None, 116)

    read = read_list("a.xlsx", xlsx([ZHANG], decorate=formula))
    assert refusal(read) == ("FORMULA", "工作表“清册”单元格G2等2个单元格是公式，清册只收确定的数值")
    assert (read.defects[0].row, read.defects[0].column) == (2, "G")


def test_a_formula_as_text_is_a_defect_of_its_cell():
    read = read_list("a.csv", delimited([[ZHANG[0], '=HYPERLINK("x")', *ZHANG[2:]]]))
    assert [(defect.row, defect.column, defect.code) for defect in read.defects] == [(2, "姓名", "FORMULA")]


def test_a_merged_heading_is_refused_and_a_merged_title_is_not():
    def merged_heading(_, sheet):
        sheet.merge_range("G1:H1", "月缴存额")

    code, message = refusal(read_list("a.xlsx", xlsx([ZHANG], decorate=merged_heading)))
    assert code == "HEADING_MERGED"
    assert message.startswith("单元格G1:H1是合并单元格")

    def merged_title(_, sheet):
        sheet.merge_range("A1:I1", "2026年8月汇缴清册")

    assert [line.name for line in read_list("a.xlsx", xlsx([HEADINGS, ZHANG], headings=[], decorate=merged_title)).lines] == ["张三"]


def test_two_lists_in_one_file_are_refused_and_a_page_of_instructions_is_not():
    def second_list(book, _):
        book.add_worksheet("七月").write_row(0, 0, HEADINGS)

    code, message = refusal(read_list("a.xlsx", xlsx([ZHANG], decorate=second_list)))
    assert (code, message) == ("SHEETS_SEVERAL", "文件中有2个工作表是清册：“清册”、“七月”")

    def instructions(book, _):
        book.add_worksheet("填写说明").write(0, 0, "每人一行")

    assert len(read_list("a.xlsx", xlsx([ZHANG], decorate=instructions)).lines) == 1


def test_a_password():
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    assert refusal(read_list("a.xlsx", encrypted)) == ("FILE_ENCRYPTED", "文件设有打开密码，无法读取")


def test_an_encrypted_zip():
    content = xlsx([ZHANG]).replace(b"PK\x01\x02\x2d\x00\x14\x00\x00\x00", b"PK\x01\x02\x2d\x00\x14\x00\x01\x00")
    content = content.replace(b"PK\x01\x02\x14\x00\x14\x00\x00\x00", b"PK\x01\x02\x14\x00\x14\x00\x01\x00").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    )
    assert refusal(read_list("a.xlsx", content))[0] == "FILE_ENCRYPTED"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "FILE_OLD_FORMAT"),
        (b"PK\x03\x04 this is no zip", "FILE_UNREADABLE"),
        (xlsx([ZHANG])[:-200], "FILE_UNREADABLE"),
        (b"%PDF-1.7 ...", "FILE_TYPE_UNKNOWN"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "FILE_TYPE_UNKNOWN"),
        (b"\x00\x01\x02\x03", "FILE_TYPE_UNKNOWN"),
        ("个人账号,姓名\n".encode() + b"\xff\xff\xff", "ENCODING_UNKNOWN"),
    ],
    ids=["xls", "no zip", "cut short", "pdf", "html", "binary", "encoding"],
)
def test_what_is_no_list(content, code):
    assert refusal(read_list("a.xlsx", content))[0] == code


def test_macros_are_refused():
    assert refusal(read_list("a.xlsm", _with_part("xl/vbaProject.bin", b"macro")))[0] == "FILE_HAS_MACROS"


def test_a_part_of_a_good_file_changed_at_random_never_raises():
    good = bytearray(xlsx([ZHANG, LI]))
    for place in range(0, len(good), 37):
        spoiled = bytes(good[:place]) + bytes([good[place] ^ 0xFF]) + bytes(good[place + 1 :])
        read = read_list("a.xlsx", spoiled)
        assert read.lines or read.defects


def test_ten_thousand_lines_are_read_cell_by_cell_once():
    rows = [[f"011{n:08d}0", "张三", "620102199003070018", 2310, 5, 5, 116, 116, 232] for n in range(10_000)]
    read = read_list("a.xlsx", xlsx(rows), ReadingLimits())
    assert (len(read.lines), read.lines[-1].row, len(read.defects)) == (10_000, 10_001, 0)


def _with_sheet(rows: bytes, like: bytes | None = None) -> bytes:
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + rows + b"</sheetData></worksheet>"
    return _with_part("xl/worksheets/sheet1.xml", sheet, like)


def _with_part(name: str, content: bytes, like: bytes | None = None) -> bytes:
    """A good file with one part replaced or added."""
    fresh = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(like or xlsx([ZHANG]))) as good, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in good.namelist():
            if part != name:
                archive.writestr(part, good.read(part))
        archive.writestr(name, content)
    return fresh.getvalue()
