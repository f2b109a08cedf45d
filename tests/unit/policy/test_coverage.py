"""覆盖情况 of one article: implemented, entered, later, never, or nobody has said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hpf.policy.rules import Article, Confidence, Note, NoteKind, Parameter, Unit
from hpf.policy.rules.coverage import citations_in, cover, golden_cases

ARTICLE = Article("条例", "18", "2026", "比例不低于百分之五。", Confidence.VERIFIED)
VALUE = Parameter("contribution.rate_min", "5", Unit.PERCENT, date(1999, 4, 3), None, "条例/18", Confidence.VERIFIED)


@pytest.mark.parametrize(
    ("functions", "parameters", "notes", "text"),
    [
        ({"rules.check_rates": ("条例/18",)}, [VALUE], [], "已实现"),
        ({"rules.check_rates": ("条例/18@2026",)}, [], [], "已实现"),
        ({"rules.check_rates": ("条例/18@2019",)}, [], [], "未说明"),
        ({}, [], [Note("条例/18", NoteKind.STRUCTURE, "账上自然如此")], "已实现"),
        ({}, [VALUE], [Note("条例/18", NoteKind.LATER, "还差审批")], "已录入"),
        ({}, [], [Note("条例/18", NoteKind.FILE, "chart/chart.yaml")], "已录入"),
        ({}, [], [Note("条例/18", NoteKind.LATER, "还差审批")], "后续实现"),
        ({}, [], [Note("条例/18@2026", NoteKind.NOT_MODELLED, "由政府办理")], "不实现"),
        ({}, [], [], "未说明"),
    ],
)
def test_the_state_of_an_article(functions: dict[str, tuple[str, ...]], parameters: list[Parameter], notes: list[Note], text: str) -> None:
    [row] = cover([ARTICLE], parameters, notes, {}, functions)
    assert row.text == text


def test_what_is_left_undone_shows_beside_what_is_done() -> None:
    [row] = cover([ARTICLE], [VALUE], [Note("条例/18", NoteKind.LATER, "还差审批")], {}, {"f": ("条例/18",)})
    assert row.how == "规则1条；参数1项；还差审批"


def test_golden_cases_count_for_their_articles(tmp_path: Path) -> None:
    (tmp_path / "缴存比例.yaml").write_text("law: 条例/18\ncases:\n  - {name: 下限, law: [条例/16]}\n  - {name: 上限}\n", encoding="utf-8")
    assert golden_cases(tmp_path) == {"条例/16": ["缴存比例：下限"], "条例/18": ["缴存比例：下限", "缴存比例：上限"]}
    assert golden_cases(tmp_path / "nothing") == {}


def test_citations_are_read_without_importing(tmp_path: Path) -> None:
    package = tmp_path / "fund"
    (package / "rules").mkdir(parents=True)
    (package / "rules" / "__init__.py").write_text(
        'raise RuntimeError\n@cites("条例/18", "条例/16")\ndef check(): ...\nclass A:\n    @cites("条例/19")\n    def due(self): ...\n',
        encoding="utf-8",
    )
    assert citations_in(package) == {"fund.rules.check": ("条例/18", "条例/16"), "fund.rules.A.due": ("条例/19",)}
