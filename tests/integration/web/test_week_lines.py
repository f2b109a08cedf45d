"""The week's lines are written by hand: what people wrote into a task stays text."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

EVIL = '<script>alert("甲&乙")</script>'


def line(**given):
    from hpf.web.workplan.scene import Line
    from hpf.workplan.rules.lights import Colour, Light

    told = {
        "task_no": 3, "title": EVIL, "period": "2026-09", "section": EVIL, "person_name": EVIL, "question": EVIL, "is_asked": True, "words": EVIL,
        "evidence": 1, "met": None, "task_id": 3, "centre_id": 1, "occurrence_id": 9, "due_on": date(2026, 9, 30), "reported_on": date(2026, 9, 29),
    }  # fmt: skip
    return Line(SimpleNamespace(**told | given), Light(Colour.RED, EVIL))


def test_nothing_that_was_written_becomes_a_tag(database):
    from hpf.web.workplan import lines

    shown = [lines.due(line()), lines.due(line(), {1: EVIL}), lines.reported(line(), EVIL, True), lines.reported(line(), EVIL, False)]
    for text in shown:
        assert "<script" not in text and "alert(" in text and '"甲' not in text
    assert lines.rows([], lines.due) == '<ul class="lj-rows"><li class="quiet">没有</li></ul>'


def test_only_what_may_be_accepted_can_be_ticked(database):
    from hpf.web.workplan import lines

    assert 'value="1-9"' in lines.reported(line(), "兰州", True)
    assert "checkbox" not in lines.reported(line(), "兰州", False)
    missed = lines.reported(line(met=False), "兰州", True)
    assert "checkbox" not in missed and "数值未达目标，不能认可" in missed


def test_a_long_report_is_cut_and_a_short_one_is_not(database):
    from hpf.web.workplan import lines

    cut = lines.reported(line(words="字" * 200), "兰州", False)
    assert 70 < cut.count("字") < 80 and "字　佐证" not in cut
    assert "字" * 80 + "　" in lines.reported(line(words="字" * 80), "兰州", False)
