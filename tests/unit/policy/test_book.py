"""The book of a day: nearest scope wins, nothing has a default, the digest names the content."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.policy.rules import Confidence, MissingParameter, Parameter, PolicyBook, Scope, Unit, WrongUnit

LANZHOU, TIANSHUI = 1, 5
DAY = date(2026, 8, 1)
LABELS = {"contribution.base_floor": "缴存基数下限", "contribution.base_cap": "缴存基数上限"}


def value(
    text: str, centre: int = Scope.NATION, district: str | None = None, key: str = "contribution.base_floor", **more: object
) -> Parameter:
    facts: dict[str, object] = {"unit": Unit.YUAN, "since": date(2026, 7, 1), "until": None} | more
    return Parameter(key, text, citation="条例/16", confidence=Confidence.VERIFIED, centre=centre, district=district, **facts)  # type: ignore[arg-type]


def test_the_nearest_scope_wins() -> None:
    everywhere = [value("1.00"), value("2.00", Scope.PROVINCE), value("3.00", LANZHOU), value("4.00", LANZHOU, "620121")]
    book = PolicyBook.of(everywhere, LANZHOU, DAY)
    assert book.money("contribution.base_floor") == Money.yuan("3.00")
    assert book.money("contribution.base_floor", "620121") == Money.yuan("4.00")
    assert book.money("contribution.base_floor", "620102") == Money.yuan("3.00")
    assert PolicyBook.of(everywhere, TIANSHUI, DAY).money("contribution.base_floor") == Money.yuan("2.00")
    assert PolicyBook.of(everywhere[:1], TIANSHUI, DAY).money("contribution.base_floor") == Money.yuan("1.00")


def test_a_value_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    values = [value("1.00", until=date(2026, 9, 20)), value("2.00", since=date(2026, 9, 20))]
    last_day, first_day = date(2026, 9, 19), date(2026, 9, 20)
    assert PolicyBook.of(values, LANZHOU, last_day).money("contribution.base_floor") == Money.yuan("1.00")
    assert PolicyBook.of(values, LANZHOU, first_day).money("contribution.base_floor") == Money.yuan("2.00")


def test_a_missing_value_stops_and_says_which() -> None:
    book = PolicyBook.of([value("1.00", LANZHOU, "620121")], LANZHOU, DAY, LABELS)
    with pytest.raises(MissingParameter, match=r"本中心（区县620102）在2026-08-01没有政策参数“缴存基数下限”，请先录入") as missing:
        book.money("contribution.base_floor", "620102")
    assert (missing.value.key, missing.value.centre) == ("contribution.base_floor", LANZHOU)
    assert not book.knows("contribution.base_floor", "620102")
    assert book.districts("contribution.base_floor") == ("620121",)


def test_what_has_no_value_is_listed_by_name_and_an_unknown_key_stays_as_it_was_asked() -> None:
    ended, elsewhere = value("1.00", until=date(2026, 7, 31)), value("6.00", TIANSHUI, key="contribution.base_cap")
    book = PolicyBook.of([ended, elsewhere, value("5", key="other")], LANZHOU, DAY, LABELS | {"other": "其他"})
    assert book.unset() == [("contribution.base_cap", "缴存基数上限"), ("contribution.base_floor", "缴存基数下限")]
    for key, name in (*book.unset(), ("contribution.base_flor", "contribution.base_flor")):
        with pytest.raises(MissingParameter, match=f"本中心在2026-08-01没有政策参数“{name}”"):
            book.money(key)


def test_a_value_is_read_in_its_own_unit_only() -> None:
    book = PolicyBook.of([value("5", unit=Unit.PERCENT), value("true", key="f", unit=Unit.FLAG),
                          value("1999-04", key="m", unit=Unit.MONTH), value("7", key="d", unit=Unit.DAYS),
                          value("X", key="t", unit=Unit.TEXT), value("2026-01-01", key="day", unit=Unit.DATE)],
                         LANZHOU, DAY)  # fmt: skip
    assert book.rate("contribution.base_floor") == Rate.of("5")
    assert (book.flag("f"), book.month("m"), book.whole("d"), book.text("t")) == (True, Month(1999, 4), 7, "X")
    assert book.day("day") == date(2026, 1, 1)
    with pytest.raises(WrongUnit):
        book.money("contribution.base_floor")
    with pytest.raises(WrongUnit):
        book.whole("contribution.base_floor")


def test_people_read_values_with_their_units() -> None:
    assert value("30090.75").text == "30,090.75元"
    assert value("5", unit=Unit.PERCENT).text == "5.00%"
    assert value("10", unit=Unit.WORKDAYS).text == "10个工作日"
    assert value("false", unit=Unit.FLAG).text == "否"
    assert value("1999-04", unit=Unit.MONTH).text == "1999年4月"


def test_the_digest_changes_with_the_content_and_not_with_the_day() -> None:
    values = [value("1.00"), value("5", key="other", unit=Unit.DAYS)]
    digest = PolicyBook.of(values, LANZHOU, DAY).digest
    assert PolicyBook.of(reversed(values), LANZHOU, DAY + timedelta(1)).digest == digest
    assert PolicyBook.of([value("1.01"), values[1]], LANZHOU, DAY).digest != digest
    assert PolicyBook.of(values, TIANSHUI, DAY).digest != digest
