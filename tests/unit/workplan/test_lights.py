"""灯: one case for each colour and its border."""

from datetime import date, timedelta
from itertools import product

import pytest

from hpf.workplan.rules.lights import Colour, Light, is_red, light, worst
from hpf.workplan.rules.states import OccurrenceState as S

DUE = date(2024, 9, 30)


@pytest.mark.parametrize(("state", "today", "colour", "why"), [
    (S.OPEN, date(2024, 8, 1), Colour.GREY, "距期限60天，未到预警期"),
    (S.OPEN, date(2024, 9, 15), Colour.GREY, "距期限15天，未到预警期"),
    (S.OPEN, date(2024, 9, 16), Colour.YELLOW, "距期限14天，推进中"),
    (S.OPEN, date(2024, 9, 30), Colour.YELLOW, "今天到期，推进中"),
    (S.OPEN, date(2024, 10, 1), Colour.RED, "逾期1天，推进中，未上报"),
    (S.DONE_BY_SECTION, date(2024, 10, 3), Colour.RED, "逾期3天，科室办结，未上报"),
    (S.RETURNED, date(2024, 8, 1), Colour.YELLOW, "被退回，距期限60天"),
    (S.RETURNED, date(2024, 10, 1), Colour.RED, "逾期1天，已退回，未上报"),
    (S.REPORTED, date(2024, 10, 9), Colour.YELLOW, "已上报，待省厅认可"),
    (S.ACCEPTED, date(2024, 10, 9), Colour.GREEN, "已认可"),
    (S.WITHDRAWN, date(2024, 10, 9), Colour.GREY, "已撤销"),
])  # fmt: skip
def test_evidence(state: S, today: date, colour: Colour, why: str) -> None:
    assert light(state, DUE, today, None, 14) == Light(colour, why)


@pytest.mark.parametrize(("met", "today", "colour"), [
    (False, date(2024, 8, 1), Colour.GREY),
    (False, date(2024, 9, 20), Colour.YELLOW),
    (False, date(2024, 10, 1), Colour.RED),
    (True, date(2024, 8, 1), Colour.GREEN),
    (True, date(2024, 10, 1), Colour.GREEN),
])  # fmt: skip
def test_a_figure_decides_whatever_was_reported_or_accepted(met: bool, today: date, colour: Colour) -> None:
    for state in (S.OPEN, S.REPORTED, S.ACCEPTED, S.RETURNED):
        assert light(state, DUE, today, met, 14).colour is colour


def test_what_has_not_begun_or_is_anothers_is_grey() -> None:
    assert light(S.OPEN, DUE, date(2024, 9, 20), None, 14, starts_on=date(2024, 9, 25)) == Light(Colour.GREY, "未开始")
    assert light(S.OPEN, DUE, date(2024, 12, 1), None, 14, applies=False) == Light(Colour.GREY, "与本中心无关")


def test_a_cell_shows_the_worst_of_its_occurrences() -> None:
    red, yellow, green, grey = (Light(colour, colour.label) for colour in Colour)
    assert worst([green, grey, red, yellow]) == red
    assert worst([grey, green, grey]) == green, "all that was due is accepted"
    assert worst([]).colour is Colour.GREY


def test_red_is_asked_without_words_and_answered_the_same() -> None:
    days = [DUE + timedelta(days=left) for left in (-30, -1, 0, 1, 30)]
    for state, met, today, warn in product(S, (None, True, False), days, (0, 10)):
        assert is_red(state, DUE, today, met) == (light(state, DUE, today, met, warn).colour is Colour.RED), (state, met, today)
