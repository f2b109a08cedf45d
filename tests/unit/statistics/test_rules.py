"""The indicators as law, and ratios kept whole until they are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from hpf.statistics.rules import Ratio, ratio_of, read_indicators

LAW = Path(__file__).resolve().parents[3] / "law" / "indicators.yaml"


def test_the_contribution_family_is_complete_and_each_counts_or_says_what_it_waits_for():
    indicators = read_indicators(LAW)
    assert len(indicators) == 87
    assert sum(1 for indicator in indicators if indicator.measure) == 73
    assert all(indicator.code.startswith("0301") and len(indicator.code) == 10 for indicator in indicators)


def test_a_doubled_code_and_a_silent_indicator_are_refused(tmp_path):
    row = '- {{code: "{0}", name: 甲, group: 乙, unit: 户, period: DAY, dimension: null, scope: FLOW, measure: {1}, definition: 丙}}\n'
    twice, silent = tmp_path / "twice.yaml", tmp_path / "silent.yaml"
    twice.write_text("indicators:\n" + row.format("1", "a") * 2, encoding="utf-8")
    silent.write_text("indicators:\n" + row.format("1", "null"), encoding="utf-8")
    with pytest.raises(ValueError, match="given twice: 1"):
        read_indicators(twice)
    with pytest.raises(ValueError, match="wait for: 1"):
        read_indicators(silent)


def test_ratios_are_rounded_once_when_shown():
    assert Ratio(2, 3).text == "66.67%"
    assert Ratio(-1, 3).text == "-33.33%"
    assert Ratio(1, 0).text is None


def test_the_ratio_indicators_use_the_figures_of_their_definition():
    figures = {"contributed": 110, "contributed_last_year": 100, "amount_due": 120, "withdrawn": 55, "contributed_to_date": 1000,
               "withdrawn_to_date": 200, "loans": 300}  # fmt: skip
    shown = {code: ratio_of(code, figures).text for code in ("0301020101", "0301020301", "0301020401", "0301020501")}
    assert shown == {"0301020101": "91.67%", "0301020301": "10.00%", "0301020401": "50.00%", "0301020501": "50.00%"}
