"""完成时限 as people type it: one day, or a refusal that says what to write."""

from datetime import date, datetime

import pytest

from hpf.workplan.rules.free_dates import NotADate, read_due


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024年3月底", date(2024, 3, 31)),
        ("2024 年 3 月底前", date(2024, 3, 31)),
        ("3月31日前", date(2024, 3, 31)),
        ("3月底前完成", date(2024, 3, 31)),
        ("9月底", date(2024, 9, 30)),
        ("6月", date(2024, 6, 30)),
        ("2月份", date(2024, 2, 29)),
        ("2024.3.31", date(2024, 3, 31)),
        ("2024/3/31", date(2024, 3, 31)),
        ("2024-03-31 00:00:00", date(2024, 3, 31)),
        ("20240331", date(2024, 3, 31)),
        ("3.31", date(2024, 3, 31)),
        ("２０２４年３月３１日", date(2024, 3, 31)),
        ("2024年12月", date(2024, 12, 31)),
        ("全年", date(2024, 12, 31)),
        ("长期坚持", date(2024, 12, 31)),
        ("年底前", date(2024, 12, 31)),
        ("上半年", date(2024, 6, 30)),
        (45382, date(2024, 3, 31)),
        (45382.0, date(2024, 3, 31)),
        ("45382", date(2024, 3, 31)),
        (date(2024, 3, 31), date(2024, 3, 31)),
        (datetime(2024, 3, 31, 0, 0), date(2024, 3, 31)),
    ],
)
def test_a_day_is_read_however_it_is_written(typed: object, day: date) -> None:
    assert read_due(typed, year=2024).on == day


@pytest.mark.parametrize("typed", ["每月", "每季度末", "按季度", "定期", "日常工作"])
def test_what_comes_again_has_no_single_day(typed: str) -> None:
    assert read_due(typed, year=2024).on is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("尽快", "DATE_UNREADABLE"),
        ("待定", "DATE_UNREADABLE"),
        ("12", "DATE_UNREADABLE"),
        (7, "DATE_UNREADABLE"),
        ("2024.2.30", "DATE_IMPOSSIBLE"),
        ("13月底", "DATE_IMPOSSIBLE"),
        ("2014年3月底", "DATE_OTHER_YEAR"),
        (41729, "DATE_OTHER_YEAR"),
    ],
)
def test_what_is_no_day_is_refused_with_what_to_write(typed: object, code: str) -> None:
    with pytest.raises(NotADate) as refused:
        read_due(typed, year=2024)
    assert refused.value.code == code
    assert "请" in refused.value.remedy
