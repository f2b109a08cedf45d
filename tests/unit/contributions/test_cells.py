"""单元格: what people type, read exactly or refused."""

from datetime import date, datetime

import pytest

from hpf.contributions.rules.cells import Wrong, fen_of, month_of, number_of, rate_of, text_of
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (2310, 231000),
        (2310.0, 231000),
        (2310.1, 231010),
        (0.1 + 0.2, 30),
        (1234567.89, 123456789),
        ("2310", 231000),
        ("2310.5", 231050),
        ("2310.100", 231010),
        ("2,310.00元", 231000),
        ("¥2,310.00", 231000),
        ("２３１０．５０", 231050),
        (" 2310.00　", 231000),
        ("'2310.00", 231000),
        ("人民币2310元", 231000),
        ("1,234,567.00", 123456700),
        ("0", 0),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_amounts_are_read_however_they_are_written(cell, fen):
    assert fen_of(cell) == fen


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        (2310.005, Wrong.FINER_THAN_A_FEN),
        ("2310.005", Wrong.FINER_THAN_A_FEN),
        (-1.0, Wrong.NEGATIVE),
        (-0.5, Wrong.NEGATIVE),
        ("-100.00", Wrong.NEGATIVE),
        ("(100.00)", Wrong.NEGATIVE),
        ("=B2*0.05", Wrong.FORMULA),
        ("两千", Wrong.NOT_AN_AMOUNT),
        ("2310.0.0", Wrong.NOT_AN_AMOUNT),
        ("23,10.00", Wrong.NOT_AN_AMOUNT),
        ("1e5", Wrong.NOT_AN_AMOUNT),
        ("#REF!", Wrong.NOT_AN_AMOUNT),
        (True, Wrong.NOT_AN_AMOUNT),
        (datetime(2026, 8, 1), Wrong.NOT_AN_AMOUNT),
        (float("inf"), Wrong.NOT_AN_AMOUNT),
        (float("nan"), Wrong.NOT_AN_AMOUNT),
        (1e17, Wrong.NOT_AN_AMOUNT),
    ],
)
def test_what_is_not_an_amount_to_the_fen_is_named(cell, wrong):
    assert fen_of(cell) is wrong


@pytest.mark.parametrize("cell", [5, 5.0, "5", "5%", "５％", "5.00 %", 0.05, "0.05"])
def test_five_per_cent_is_written_in_many_ways(cell):
    assert rate_of(cell) == Rate.of("5")


@pytest.mark.parametrize(("cell", "rate"), [(0.07, "7"), (5.5, "5.5"), ("4.99", "4.99"), (1, "1"), (0.125, "12.5")])
def test_rates_are_exact(cell, rate):
    assert rate_of(cell) == Rate.of(rate)


@pytest.mark.parametrize("cell", ["五", "-5", "5‰", True, "5%%"])
def test_what_is_no_rate_is_named(cell):
    assert rate_of(cell) is Wrong.NOT_A_RATE


@pytest.mark.parametrize(
    "cell", ["2026-08", "202608", 202608.0, "2026年8月", "2026.8", "２０２６－０８", "2026/08/01", date(2026, 8, 31), datetime(2026, 8, 1)]
)
def test_a_month_is_written_in_many_ways(cell):
    assert month_of(cell) == Month(2026, 8)


@pytest.mark.parametrize("cell", ["2026-13", "八月", "2026", "26-08"])
def test_what_is_no_month_is_named(cell):
    assert month_of(cell) is Wrong.NOT_A_MONTH


def test_a_document_number_kept_as_a_number_has_lost_digits():
    assert number_of(6.20102199003070e17) is Wrong.DIGITS_LOST
    assert number_of("6.20102E+17") is Wrong.DIGITS_LOST
    assert number_of("62010219900307001x\u200b ") == "62010219900307001X"
    assert number_of(11100000012.0) == "11100000012"


def test_text_loses_blanks_and_invisible_marks_around_it():
    assert text_of("\ufeff 张三　") == "张三"
