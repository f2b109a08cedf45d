"""Which files may be evidence; where a monthly figure goes."""

from decimal import Decimal

import pytest

from hpf.kernel.period import Month
from hpf.workplan.rules.evidence import LARGEST, check_file, mime_of
from hpf.workplan.rules.forecast import forecast


@pytest.mark.parametrize(
    ("filename", "content", "code"),
    [
        ("报告.PDF", b"%PDF-1.4", None),
        ("照片.jpg", b"\xff\xd8\xff\xe0", None),
        ("说明.txt", "已办".encode(), None),
        ("报告.pdf", b"", "EVIDENCE_EMPTY"),
        ("报告.pdf", b"%PDF" + b"0" * LARGEST, "EVIDENCE_TOO_LARGE"),
        ("程序.exe", b"MZ", "EVIDENCE_KIND_UNKNOWN"),
        ("没有扩展名", b"x", "EVIDENCE_KIND_UNKNOWN"),
        ("改名.docx", b"%PDF-1.4", "EVIDENCE_NOT_AS_NAMED"),
    ],
)
def test_a_file_is_what_its_name_says(filename, content, code):
    assert [reason.code for reason in check_file(filename, content)] == ([code] if code else [])


def test_the_kind_follows_the_name():
    assert mime_of("报告.PDF") == "application/pdf"


def months(*values):
    return [(Month(2024, 1) + at, Decimal(value)) for at, value in enumerate(values)]


def test_a_falling_rate_goes_on_falling_and_not_below_zero():
    assert forecast(months("0.60", "0.50", "0.40"), Month(2024, 6)) == Decimal("0.100000")
    assert forecast(months("0.60", "0.50", "0.40"), Month(2024, 12)) == Decimal("0")


def test_one_figure_tells_nothing_and_the_last_one_stands_for_its_own_month():
    assert forecast(months("0.60"), Month(2024, 6)) is None
    assert forecast(months("0.60", "0.70"), Month(2024, 2)) == Decimal("0.70")


def test_only_the_last_six_count():
    assert forecast(months("9", "9", "1", "1", "1", "1", "1", "1"), Month(2024, 12)) == Decimal("1.000000")
