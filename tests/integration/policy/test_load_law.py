"""The law in the database: loaded once, readable by the application, safe from a second value for one day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import psycopg.errors
import pytest
from django.db import connections, transaction
from django.db.utils import IntegrityError, ProgrammingError

from hpf.kernel.money import Money
from hpf.policy import models, queries
from hpf.policy.rules import LawFileError, LawFiles, MissingParameter
from hpf.policy.services import load_law

pytestmark = pytest.mark.usefixtures("database")

LAW, DEMO = Path("law"), Path("demo/law")
AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
LANZHOU, TIANSHUI, PROVINCIAL = 1, 5, 16


def test_the_database_gives_the_same_book_as_the_files() -> None:
    law = LawFiles.read(LAW, DEMO)
    for centre in (LANZHOU, TIANSHUI, PROVINCIAL):
        for on in (date(2025, 7, 1), date(2026, 9, 19), date(2026, 9, 20)):
            assert queries.book(centre, on).digest == law.book(centre, on).digest


def test_loading_the_same_law_again_writes_nothing() -> None:
    before = list(models.Parameter.objects.values_list("pk", flat=True))
    loaded = load_law(LAW, [DEMO], at=AT)
    assert not loaded.changed
    assert list(models.Parameter.objects.values_list("pk", flat=True)) == before
    assert models.Load.objects.count() == 1


def test_many_centres_cost_one_query(queries: list[str]) -> None:
    from hpf.policy.queries import books

    books(range(1, 17), date(2026, 8, 1))
    queries.clear()
    found = books(range(1, 17), date(2026, 8, 1))
    assert len(queries) == 1
    assert found[LANZHOU].money("contribution.base_cap") == Money.yuan("30090.75")


def test_working_days_are_those_of_the_files() -> None:
    assert queries.workdays() == LawFiles.read(LAW, DEMO).workdays.going_on()


def test_every_article_of_the_files_is_covered_by_a_row() -> None:
    articles = list(LawFiles.read(LAW).articles())
    assert [row.article for row in queries.coverage()] == articles


def _add(scope: int, since: str, until: str | None, citation: str | None = "条例/18") -> None:
    key = models.Key.objects.get(key="contribution.rate_min", district="").pk
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO policy_parameter (scope, key_id, value, since, until, citation, confidence, note, pack)"
            " VALUES (%s, %s, '5', %s, %s, %s, 'VERIFIED', '', 'law')",
            [scope, key, since, until, citation],
        )


def test_two_values_for_one_day_are_impossible() -> None:
    _add(7, "2030-01-01", "2031-01-01")
    _add(7, "2031-01-01", None)
    with pytest.raises(IntegrityError) as refused:
        _add(7, "2030-12-31", "2031-01-01")
    assert isinstance(refused.value.__cause__, psycopg.errors.ExclusionViolation)
    assert models.Parameter.objects.filter(scope=7, key__key="contribution.rate_min").count() == 2


@pytest.mark.parametrize("citation", [None, "", "演示值"])
def test_a_value_without_its_article_is_impossible(citation: str | None) -> None:
    with pytest.raises(IntegrityError):
        _add(8, "2030-01-01", None, citation)
    assert models.Parameter.objects.filter(scope=8, key__key="contribution.rate_min").count() == 0


@pytest.mark.parametrize("sql", ["UPDATE policy_parameter SET value = '4'", "DELETE FROM policy_article", "TRUNCATE policy_load"])
def test_the_application_cannot_change_the_law(sql: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connections["default"].cursor() as cursor:
        cursor.execute(sql)


def test_the_observer_reads_the_published_values_only() -> None:
    with connections["observer"].cursor() as cursor:
        cursor.execute("SELECT value FROM policy_parameter_v1 WHERE key = 'contribution.base_cap' AND scope = 1 AND until IS NULL")
        assert cursor.fetchall() == [("30090.75",)]
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT 1 FROM policy_parameter")


def test_a_citation_of_an_unknown_article_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "错误.yaml").write_text(
        "parameters:\n"
        "  - {key: demo.extra, label: 新增参数, unit: DAYS, values: [{scope: lanzhou, since: 2026-01-01, value: '7',"
        " citation: 条例/999, confidence: RECALLED}]}\n",
        encoding="utf-8",
    )
    digest = queries.load_digest()
    with pytest.raises(LawFileError, match="条例/999"):
        load_law(LAW, [tmp_path], at=AT)
    assert queries.load_digest() == digest


def test_changed_law_replaces_the_old_one_at_once(own_database: str, tmp_path: Path) -> None:
    pack = tmp_path / "more" / "law"
    (pack / "params").mkdir(parents=True)
    (pack / "params" / "新增.yaml").write_text(
        "parameters:\n"
        "  - {key: demo.extra, label: 新增参数, unit: DAYS, values: [{scope: lanzhou, since: 2026-01-01, value: '7',"
        " citation: 演示值, confidence: DEMO}]}\n",
        encoding="utf-8",
    )
    with pytest.raises(MissingParameter, match=r"“demo\.extra”"):
        queries.book(LANZHOU, date(2026, 8, 1)).whole("demo.extra")
    assert load_law(LAW, [DEMO, pack], at=AT).changed
    with pytest.raises(MissingParameter, match="“新增参数”"):
        queries.book(LANZHOU, date(2025, 8, 1)).whole("demo.extra")
    assert ("demo.extra", "新增参数") in queries.book(LANZHOU, date(2025, 8, 1)).unset()
    assert queries.book(LANZHOU, date(2026, 8, 1)).whole("demo.extra") == 7
    assert load_law(LAW, [DEMO], at=AT).changed
    with pytest.raises(MissingParameter):
        queries.book(LANZHOU, date(2026, 8, 1)).whole("demo.extra")
